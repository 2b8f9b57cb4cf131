import Interpreter

/// A tuple class whose items have names: `time.struct_time`, `os.stat_result`, `sys.version_info`.
struct StructSequence {
    let type: ClassPointer
    private let name: String
    /// Items of the tuple.
    private let visible: [String]
    /// Attributes beyond the tuple's items.
    private let hidden: [String]

    /// - Parameters:
    ///   - name: dotted, as `repr` shows it.
    ///   - visible: names of the tuple's items.
    ///   - hidden: further attributes; one that repeats a visible name replaces that attribute.
    ///   - isConstructible: programs may call the class with a sequence.
    init(_ vm: VM, _ name: String, visible: [String], hidden: [String] = [], isConstructible: Bool = true) {
        self.name = name
        self.visible = visible
        self.hidden = hidden
        let parts = name.split(separator: ".").map(String.init)
        let short = parts.last ?? name
        let own = visible
        let extra = hidden
        let construct = NativeFunction(short, "cls, sequence, dict=None, /") { (vm, a) throws(PythonError) -> Value in
            guard isConstructible else { throw vm.typeError("cannot create '\(name)' instances") }
            return try StructSequence.make(vm, a[0].classPointer, name, a[1], own, extra)
        }
        type = vm.makeBuiltinClass(
            short, base: vm.builtinClasses["tuple"], module: parts.count > 1 ? parts[0] : "builtins", layout: Tag.tuple, isBase: false,
            construct: construct
        ) { vm, type in
            StructSequence.fill(vm, type, name, own, extra)
        }
    }

    private static func fill(_ vm: VM, _ type: ClassPointer, _ name: String, _ visible: [String], _ hidden: [String]) {
        for (index, field) in visible.enumerated() where !hidden.contains(field) {
            vm.defineProperty(type, field) { (vm, value) throws(PythonError) -> Value in
                vm.payload(value).tuple.items[index].retained()
            }
        }
        for field in hidden {
            vm.defineProperty(type, field) { (vm, value) throws(PythonError) -> Value in
                let own = vm.ownAttribute(value, vm.intern("_" + field))
                return own.isUndefined ? .none : own.retained()
            }
        }
        vm.define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
            let items = vm.payload(a[0]).tuple.items
            var parts: [String] = []
            for (index, field) in visible.enumerated() { parts.append("\(field)=\(try vm.reprText(items[index]))") }
            return vm.string("\(name)(\(parts.joined(separator: ", ")))")
        }
        let extra = hidden.filter { !visible.contains($0) }
        vm.defineConstant(type, "n_fields", .int(visible.count + extra.count))
        vm.defineConstant(type, "n_sequence_fields", .int(visible.count))
        vm.defineConstant(type, "n_unnamed_fields", .int(0))
        vm.defineConstant(type, "__match_args__", vm.tuple(visible.map { vm.string($0) }))
    }

    private static func make(
        _ vm: VM, _ type: ClassPointer, _ name: String, _ sequence: Value, _ visible: [String], _ hidden: [String]
    ) throws(PythonError) -> Value {
        let items = try vm.collect(sequence)
        let extra = hidden.filter { !visible.contains($0) }
        guard items.count >= visible.count, items.count <= visible.count + extra.count else {
            for item in items { vm.heap.release(item) }
            let wanted = items.count < visible.count ? "at least \(visible.count)" : "at most \(visible.count + extra.count)"
            throw vm.typeError("\(name)() takes an \(wanted)-sequence (\(items.count)-sequence given)")
        }
        let result = vm.instance(of: type, payload: vm.tuple(Array(items[..<visible.count])))
        for (index, item) in items[visible.count...].enumerated() {
            vm.setOwnAttribute(result, vm.intern("_" + extra[index]), item)
            vm.heap.release(item)
        }
        return result
    }

    /// An instance; takes over the references.
    func make(_ vm: VM, _ items: [Value], hidden values: [Value] = []) -> Value {
        let result = vm.instance(of: type, payload: vm.tuple(items))
        for (field, value) in zip(hidden, values) {
            vm.setOwnAttribute(result, vm.intern("_" + field), value)
            vm.heap.release(value)
        }
        return result
    }
}
