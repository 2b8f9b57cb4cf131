import Interpreter

/// A plain object with attributes, as `sys.implementation` is one.
enum SimpleNamespace {
    /// A namespace with attributes, whose references are taken over.
    static func make(_ vm: VM, _ attributes: [(String, Value)]) -> Value {
        let construct = NativeFunction("SimpleNamespace", "cls, **kwargs") { (vm, a) throws(PythonError) -> Value in
            let made = vm.instance(of: a[0].classPointer, payload: .undefined)
            set(vm, made, a[1].dict)
            return made
        }
        let type = vm.makeBuiltinClass(
            "SimpleNamespace", module: "types", layout: Tag.instance, hasInstanceAttributes: true, construct: construct,
            populate: { vm, type in fill(vm, type) })
        let value = vm.instance(of: type, payload: .undefined)
        for (name, attribute) in attributes {
            vm.setOwnAttribute(value, vm.intern(name), attribute)
            vm.heap.release(attribute)
        }
        return value
    }

    private static func set(_ vm: VM, _ object: Value, _ attributes: DictPointer) {
        for index in 0..<attributes.pointee.used {
            let entry = attributes.pointee.entries.unsafelyUnwrapped[index]
            if !entry.key.isUndefined { vm.setOwnAttribute(object, vm.intern(entry.key), entry.value) }
        }
    }

    private static func fill(_ vm: VM, _ type: ClassPointer) {
        vm.define(type, "__init__", "self, **kwargs") { (vm, a) throws(PythonError) -> Value in
            set(vm, a[0], a[1].dict)
            return .none
        }
        vm.define(type, "__eq__", "self, value, /") { (vm, a) throws(PythonError) -> Value in
            guard vm.isInstance(a[0], type), vm.isInstance(a[1], type) else { return .notImplemented }
            let own = Value(tag: Tag.dict, pointer: vm.instanceDict(a[0]))
            return .bool(try vm.equals(own, Value(tag: Tag.dict, pointer: vm.instanceDict(a[1]))))
        }
        vm.defineConstant(type, "__hash__", .none)
        vm.define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
            let own = vm.instanceDict(a[0])
            var parts: [String] = []
            for index in 0..<own.pointee.used {
                let entry = own.pointee.entries.unsafelyUnwrapped[index]
                if !entry.key.isUndefined { parts.append("\(try vm.strText(entry.key))=\(try vm.reprText(entry.value))") }
            }
            let name = vm.typeOf(a[0]) == type ? "namespace" : vm.typeName(a[0])
            return vm.string("\(name)(\(parts.joined(separator: ", ")))")
        }
    }
}
