/// `list[int]`: a class with the arguments it was subscripted with.
final class GenericAlias: ReferenceHolder {
    private let heap: Heap
    private(set) var origin: Value
    /// tuple
    private(set) var arguments: Value

    /// Retains both.
    init(_ origin: Value, _ arguments: Value, _ heap: Heap) {
        self.heap = heap
        self.origin = origin.retained()
        self.arguments = arguments.retained()
    }

    deinit { dropReferences() }

    func visitReferences(_ visit: (Value) -> Void) {
        visit(origin)
        visit(arguments)
    }

    func dropReferences() {
        heap.replace(&origin, with: .none)
        heap.replace(&arguments, with: .none)
    }
}

extension VM {
    /// `origin[arguments]`; an argument that is no tuple stands alone.
    package func genericAlias(_ origin: Value, _ arguments: Value) -> Value {
        let tuple = arguments.tag == Tag.tuple ? arguments.retained() : self.tuple([arguments.retained()])
        defer { heap.release(tuple) }
        return native(GenericAlias(origin, tuple, heap), genericAliasClass())
    }

    /// Lets a class be subscripted with types.
    package func defineClassGetItem(_ type: ClassPointer) {
        defineClassMethod(type, "__class_getitem__", "cls, item, /") { (vm, a) throws(PythonError) -> Value in vm.genericAlias(a[0], a[1]) }
    }

    func isGenericAlias(_ value: Value) -> Bool { value.tag == Tag.native && nativeObject(value, as: GenericAlias.self) != nil }

    private func genericAliasClass() -> ClassPointer {
        if let type = builtinClasses["GenericAlias"] { return type }
        let construct = NativeFunction("GenericAlias", "cls, origin, args, /") { (vm, a) throws(PythonError) -> Value in vm.genericAlias(a[1], a[2]) }
        let type = makeBuiltinClass("GenericAlias", module: "types", layout: Tag.native, construct: construct) { (vm, type) in
            vm.fillGenericAlias(type)
            vm.fillGenericAliasUse(type)
        }
        builtinClasses["GenericAlias"] = type
        return type
    }

    private func alias(_ value: Value) throws(PythonError) -> GenericAlias {
        guard let alias = nativeObject(value, as: GenericAlias.self), alias.arguments.tag == Tag.tuple else {
            throw typeError("expected GenericAlias, got \(typeName(value))")
        }
        return alias
    }

    private func fillGenericAlias(_ type: ClassPointer) {
        defineProperty(type, "__origin__", get: { (vm, value) throws(PythonError) -> Value in try vm.alias(value).origin.retained() })
        defineProperty(type, "__args__", get: { (vm, value) throws(PythonError) -> Value in try vm.alias(value).arguments.retained() })
        defineProperty(
            type, "__parameters__",
            get: { (vm, value) throws(PythonError) -> Value in
                vm.tuple(try vm.parameters(vm.alias(value).arguments).map { $0.retained() })
            })
        defineProperty(type, "__unpacked__", get: { (vm, value) throws(PythonError) -> Value in .false })
        define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in vm.string(try vm.typeText(a[0])) }
        define(type, "__hash__", "self, /") { (vm, a) throws(PythonError) -> Value in
            let alias = try vm.alias(a[0])
            return .int(try vm.hash(alias.origin) ^ vm.hash(alias.arguments))
        }
        define(type, "__eq__", "self, value, /") { (vm, a) throws(PythonError) -> Value in
            guard let other = vm.nativeObject(a[1], as: GenericAlias.self) else { return .notImplemented }
            let own = try vm.alias(a[0])
            if try !vm.equals(own.origin, other.origin) { return .false }
            return .bool(try vm.equals(own.arguments, other.arguments))
        }
    }

    private func fillGenericAliasUse(_ type: ClassPointer) {
        define(type, "__call__", "self, /, *args, **kwargs") { (vm, a) throws(PythonError) -> Value in
            try vm.callPacked(vm.alias(a[0]).origin, a[1], a[2])
        }
        define(type, "__getattr__", "self, name, /") { (vm, a) throws(PythonError) -> Value in
            try vm.getAttribute(vm.alias(a[0]).origin, vm.intern(a[1]))
        }
        define(type, "__mro_entries__", "self, bases, /") { (vm, a) throws(PythonError) -> Value in
            vm.tuple([try vm.alias(a[0]).origin.retained()])
        }
        define(type, "__getitem__", "self, item, /") { (vm, a) throws(PythonError) -> Value in try vm.substitute(vm.alias(a[0]), a[0], a[1]) }
        define(type, "__instancecheck__", "self, instance, /") { (vm, a) throws(PythonError) -> Value in
            throw vm.typeError("isinstance() argument 2 cannot be a parameterized generic")
        }
        define(type, "__subclasscheck__", "self, subclass, /") { (vm, a) throws(PythonError) -> Value in
            throw vm.typeError("issubclass() argument 2 cannot be a parameterized generic")
        }
        define(type, "__or__", "self, value, /") { (vm, a) throws(PythonError) -> Value in try vm.makeUnion(a[0], a[1]) }
        define(type, "__ror__", "self, value, /") { (vm, a) throws(PythonError) -> Value in try vm.makeUnion(a[1], a[0]) }
    }

    // MARK: type variables

    /// Whether a value stands for a type still to be chosen.
    private func isTypeVariable(_ value: Value) throws(PythonError) -> Bool {
        guard value.tag == Tag.instance || value.tag == Tag.native else { return false }
        return ["TypeVar", "ParamSpec", "TypeVarTuple"].contains(typeName(value))
    }

    /// Type variables among arguments, each once, borrowed.
    private func parameters(_ arguments: Value) throws(PythonError) -> [Value] {
        var found: [Value] = []
        func add(_ value: Value) { if !found.contains(where: { $0.isIdentical(to: value) }) { found.append(value) } }
        for argument in borrowedItems(arguments) {
            if try isTypeVariable(argument) {
                add(argument)
            } else if let inner = nativeObject(argument, as: GenericAlias.self), inner.arguments.tag == Tag.tuple {
                for value in try parameters(inner.arguments) { add(value) }
            }
        }
        return found
    }

    /// `alias[item]`: type variables replaced by what was given for them.
    private func substitute(_ alias: GenericAlias, _ value: Value, _ item: Value) throws(PythonError) -> Value {
        let names = try parameters(alias.arguments)
        if names.isEmpty { throw typeError("\(try typeText(value)) is not a generic class") }
        let given = item.tag == Tag.tuple ? borrowedItems(item) : [item]
        guard given.count == names.count else {
            let word = given.count > names.count ? "many" : "few"
            throw typeError("Too \(word) arguments for \(try typeText(value)); actual \(given.count), expected \(names.count)")
        }
        func replaced(_ argument: Value) throws(PythonError) -> Value {
            if let position = names.firstIndex(where: { $0.isIdentical(to: argument) }) { return given[position].retained() }
            guard let inner = nativeObject(argument, as: GenericAlias.self), inner.arguments.tag == Tag.tuple else { return argument.retained() }
            var parts: [Value] = []
            for part in borrowedItems(inner.arguments) { parts.append(try replaced(part)) }
            let arguments = tuple(parts)
            defer { heap.release(arguments) }
            return genericAlias(inner.origin, arguments)
        }
        var parts: [Value] = []
        for argument in borrowedItems(alias.arguments) { parts.append(try replaced(argument)) }
        let arguments = tuple(parts)
        defer { heap.release(arguments) }
        return genericAlias(alias.origin, arguments)
    }

    // MARK: text

    /// A type as annotations show it.
    func typeText(_ value: Value) throws(PythonError) -> String {
        if value.tag == Tag.ellipsis { return "..." }
        if value.tag == Tag.classObject {
            let info = value.classPointer.info
            if info.name == "NoneType" { return "None" }
            return info.module == "builtins" ? info.qualifiedName : "\(info.module).\(info.qualifiedName)"
        }
        guard let alias = nativeObject(value, as: GenericAlias.self), alias.arguments.tag == Tag.tuple else {
            if value.tag == Tag.list {
                var parts: [String] = []
                for index in 0..<value.list.pointee.count { parts.append(try typeText(value.list.pointee.items[index])) }
                return "[\(parts.joined(separator: ", "))]"
            }
            return try reprText(value)
        }
        var parts: [String] = []
        for argument in borrowedItems(alias.arguments) { parts.append(try typeText(argument)) }
        return "\(try typeText(alias.origin))[\(parts.isEmpty ? "()" : parts.joined(separator: ", "))]"
    }
}
