import Interpreter

/// A plain object with attributes, as `sys.implementation` is one.
enum SimpleNamespace {
    /// Takes over the references.
    static func make(_ vm: VM, _ attributes: [(String, Value)]) -> Value {
        let type = vm.makeBuiltinClass("SimpleNamespace", module: "types", layout: Tag.instance, isBase: false, hasInstanceAttributes: true) { vm, type in
            vm.define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
                let own = vm.instanceDict(a[0])
                var parts: [String] = []
                for index in 0..<own.pointee.used {
                    let entry = own.pointee.entries.unsafelyUnwrapped[index]
                    if !entry.key.isUndefined { parts.append("\(try vm.strText(entry.key))=\(try vm.reprText(entry.value))") }
                }
                return vm.string("namespace(\(parts.joined(separator: ", ")))")
            }
        }
        let value = vm.instance(of: type, payload: .undefined)
        for (name, attribute) in attributes {
            vm.setOwnAttribute(value, vm.intern(name), attribute)
            vm.heap.release(attribute)
        }
        return value
    }
}
