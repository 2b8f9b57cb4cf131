import Bytecode

// Built-ins that belong to the machine itself.

extension VM {
    /// Fills the table of built-ins; called once.
    func installBuiltins() {
        func set(_ name: String, _ value: Value) {
            guard let index = BuiltinNames.index(of: name) else { preconditionFailure("built-in \(name) is not in the table") }
            builtins[index] = value
        }
        for name in BuiltinNames.types + BuiltinNames.exceptions {
            if let type = builtinClasses[name] { set(name, type.value) }
        }
        set("Ellipsis", .ellipsis)
        set("NotImplemented", .notImplemented)
        set("__debug__", .true)
        set(
            "__build_class__",
            builtin("__build_class__", "func, name, /, *bases, **kwargs") { (vm, a) throws(PythonError) -> Value in
                if !vm.dictValue(a[3].dict, "metaclass").isUndefined { throw vm.typeError("metaclasses are not available in qnb") }
                return try vm.buildClassFromBody(
                    a[0], vm.text(a[1]), bases: (0..<a[2].tuple.pointee.count).map { a[2].tuple.items[$0] }, keywords: a[3].dict)
            })
        set(
            "__import__",
            builtin("__import__", "name, globals=None, locals=None, fromlist=None, level=0") { (vm, a) throws(PythonError) -> Value in
                guard a[0].tag == Tag.string else { throw vm.typeError("__import__() argument 1 must be str, not \(vm.typeName(a[0]))") }
                let name = vm.text(a[0])
                let module = try vm.importModule(name)
                if a[3].isNone, let dot = name.firstIndex(of: ".") {
                    vm.heap.release(module)
                    return try vm.importModule(String(name[..<dot]))
                }
                return module
            })
        set(
            "globals",
            builtin("globals", "") { (vm, a) throws(PythonError) -> Value in
                guard vm.frame > vm.frames else { return vm.dict() }
                return vm.globalsView(vm.frame.pointee.module)
            })
        set("locals", builtin("locals", "") { (vm, a) throws(PythonError) -> Value in vm.currentLocals() })
        installBuiltinFunctions()
    }

    /// The variables of the running frame, as a new dict.
    package func currentLocals() -> Value {
        let result = dict()
        guard frame > frames else { return result }
        let code = frame.pointee.code
        let info = code.pointee.code.takeUnretainedValue()
        if info.flags.contains(.module) {
            heap.release(result)
            return globalsDict(frame.pointee.module)
        }
        if info.flags.contains(.classBody) { return frame.pointee.base.pointee.retained() }
        let cells = Set(info.cellRegisters)
        for index in 0..<code.pointee.localCount {
            var value = frame.pointee.base[index]
            if cells.contains(index), value.tag == Tag.cell { value = value.object(as: CellObject.self).pointee.content }
            if !value.isUndefined, !info.localNames[index].hasPrefix(".") { dictSet(result.dict, code.pointee.localNames[index], value) }
        }
        if let function = frame.pointee.function, function.pointee.closure.tag == Tag.tuple {
            for (index, name) in info.freeNames.enumerated() {
                let value = function.pointee.closure.tuple.items[index].object(as: CellObject.self).pointee.content
                if !value.isUndefined { dictSet(result.dict, name, value) }
            }
        }
        return result
    }

    /// The module whose code is running, nil outside programs.
    package var currentModule: UnsafeMutablePointer<ModuleObject>? { frame > frames ? frame.pointee.module : nil }

    // MARK: globals()

    /// A live mapping over a module's variables.
    func globalsView(_ module: UnsafeMutablePointer<ModuleObject>) -> Value { native(GlobalsView(module, self), globalsClass()) }

    /// The class of `globals()`: a live mapping over a module's variables.
    func globalsClass() -> ClassPointer {
        if let type = builtinClasses["globals"] { return type }
        let type = makeBuiltinClass("dict", layout: Tag.native, isBase: false) { vm, type in vm.fillGlobals(type) }
        type.info.construct = nil
        builtinClasses["globals"] = type
        return type
    }

    private func fillGlobals(_ type: ClassPointer) {
        func view(_ vm: VM, _ value: Value) throws(PythonError) -> UnsafeMutablePointer<ModuleObject> {
            guard let view = vm.nativeObject(value, as: GlobalsView.self) else { throw vm.typeError("globals() expected") }
            return view.module.value.object(as: ModuleObject.self)
        }
        func lookup(_ vm: VM, _ value: Value, _ key: Value) throws(PythonError) -> Value? {
            guard key.tag == Tag.string else { return nil }
            return try view(vm, value).pointee.info.takeUnretainedValue().value(of: vm.text(key))
        }
        define(type, "__getitem__", "self, key, /") { (vm, a) throws(PythonError) -> Value in
            guard let found = try lookup(vm, a[0], a[1]) else { throw vm.keyError(a[1]) }
            return found.retained()
        }
        define(type, "__setitem__", "self, key, value, /") { (vm, a) throws(PythonError) -> Value in
            guard a[1].tag == Tag.string else { throw vm.typeError("globals() keys must be str in qnb, not \(vm.typeName(a[1]))") }
            vm.setGlobal(try view(vm, a[0]), vm.text(a[1]), a[2])
            return .none
        }
        define(type, "__delitem__", "self, key, /") { (vm, a) throws(PythonError) -> Value in
            guard try lookup(vm, a[0], a[1]) != nil else { throw vm.keyError(a[1]) }
            try vm.deleteAttribute(Value(tag: Tag.module, pointer: try view(vm, a[0])), vm.intern(a[1]))
            return .none
        }
        define(type, "__contains__", "self, key, /") { (vm, a) throws(PythonError) -> Value in .bool(try lookup(vm, a[0], a[1]) != nil) }
        define(type, "get", "self, key, default=None, /") { (vm, a) throws(PythonError) -> Value in
            try lookup(vm, a[0], a[1])?.retained() ?? a[2].retained()
        }
        define(type, "setdefault", "self, key, default=None, /") { (vm, a) throws(PythonError) -> Value in
            if let found = try lookup(vm, a[0], a[1]) { return found.retained() }
            guard a[1].tag == Tag.string else { throw vm.typeError("globals() keys must be str in qnb, not \(vm.typeName(a[1]))") }
            vm.setGlobal(try view(vm, a[0]), vm.text(a[1]), a[2])
            return a[2].retained()
        }
        define(type, "pop", "self, key, default=..., /") { (vm, a) throws(PythonError) -> Value in
            guard let found = try lookup(vm, a[0], a[1])?.retained() else {
                if a.has(2) { return a[2].retained() }
                throw vm.keyError(a[1])
            }
            try vm.deleteAttribute(Value(tag: Tag.module, pointer: try view(vm, a[0])), vm.intern(a[1]))
            return found
        }
        define(type, "setdefault", "self, key, default=None, /") { (vm, a) throws(PythonError) -> Value in
            if let found = try lookup(vm, a[0], a[1]) { return found.retained() }
            try vm.setItem(a[0], a[1], a[2])
            return a[2].retained()
        }
        define(type, "pop", "self, key, default=..., /") { (vm, a) throws(PythonError) -> Value in
            guard let found = try lookup(vm, a[0], a[1])?.retained() else {
                guard a.has(2) else { throw vm.keyError(a[1]) }
                return a[2].retained()
            }
            try vm.deleteItem(a[0], a[1])
            return found
        }
        for name in ["__len__", "__iter__", "__repr__", "keys", "values", "items", "copy"] {
            define(type, name, "self, /") { (vm, a) throws(PythonError) -> Value in
                let snapshot = vm.globalsDict(try view(vm, a[0]))
                defer { vm.heap.release(snapshot) }
                switch name {
                case "copy": return snapshot.retained()
                case "__len__": return .int(snapshot.dict.pointee.count)
                case "__iter__": return try vm.makeIterator(snapshot)
                case "__repr__": return try vm.repr(snapshot)
                default: return try vm.callMethod(snapshot, name)
                }
            }
        }
        define(type, "update", "self, other, /") { (vm, a) throws(PythonError) -> Value in
            let pairs = vm.dict()
            defer { vm.heap.release(pairs) }
            try vm.dictUpdate(pairs.dict, from: a[1])
            for index in 0..<pairs.dict.pointee.used {
                let entry = pairs.dict.pointee.entries.unsafelyUnwrapped[index]
                if entry.key.tag == Tag.string { vm.setGlobal(try view(vm, a[0]), vm.text(entry.key), entry.value) }
            }
            return .none
        }
    }

    // MARK: display

    /// Hands a value to the display hook; without one it is printed as an interactive Python prints it.
    @inline(never)
    func displayValue(_ value: Value) throws(PythonError) {
        if let displayHook {
            try displayHook(self, value)
            return
        }
        if value.isNone { return }
        var text = try reprText(value) + "\n"
        text.withUTF8 { output.write($0, toError: false) }
    }
}

/// What `globals()` returns.
final class GlobalsView: ReferenceHolder {
    let module: Reference
    init(_ module: UnsafeMutablePointer<ModuleObject>, _ vm: VM) {
        self.module = Reference(Value(tag: Tag.module, pointer: module), vm.heap)
    }
    func visitReferences(_ visit: (Value) -> Void) { visit(module.value) }
    func dropReferences() {}
}

extension VM {
    /// The built-ins by name; values borrowed.
    package var builtinValues: [(String, Value)] {
        BuiltinNames.all.enumerated().compactMap { index, name in builtins[index].isUndefined ? nil : (name, builtins[index]) }
    }
}
