import Bytecode

// The import statement.

extension VM {
    @inline(never)
    func importName(_ i: InstructionPointer) throws(PythonError) -> Value {
        let code = frame.pointee.code
        let constant = code.pointee.constants[Int(i.b)]
        let name = constant.tag == Tag.string ? text(constant) : ""
        let level = Int(i.x)
        let full = level == 0 ? name : try absoluteName(name, level)
        let module = try importModule(full)
        if i.c == 0xFFFF {
            if let dot = name.firstIndex(of: "."), level == 0 {
                heap.release(module)
                return try importModule(String(name[..<dot]))
            }
            return module
        }
        return module
    }

    /// The full name of a relative import.
    private func absoluteName(_ name: String, _ level: Int) throws(PythonError) -> String {
        let info = frame.pointee.module.pointee.info.takeUnretainedValue()
        var parts = info.name.split(separator: ".").map(String.init)
        if info.searchPath == nil { parts = parts.dropLast() }
        if parts.isEmpty || info.name == "__main__" { throw error("ImportError", "attempted relative import with no known parent package") }
        let drop = level - 1
        if drop >= parts.count { throw error("ImportError", "attempted relative import beyond top-level package") }
        let base = parts.dropLast(drop).joined(separator: ".")
        return name.isEmpty ? base : "\(base).\(name)"
    }

    /// The module of a dotted name, its parents loaded first. ModuleNotFoundError when there is none.
    package func importModule(_ name: String) throws(PythonError) -> Value {
        if let loaded = modules[name] { return loaded.retained() }
        var parent: Value?
        defer { if let parent { heap.release(parent) } }
        if let dot = name.lastIndex(of: ".") {
            let parentName = String(name[..<dot])
            parent = try importModule(parentName)
            if let loaded = modules[name] { return loaded.retained() }
            if let parent, moduleInfo(parent).searchPath == nil, moduleInfo(parent).missing == nil, !hasNativeChild(name) {
                throw moduleNotFound(name, "No module named '\(name)'; '\(parentName)' is not a package")
            }
        }
        guard let module = try loader.load(self, name) else { throw moduleNotFound(name, "No module named '\(name)'") }
        if let parent, let dot = name.lastIndex(of: ".") {
            setGlobal(parent.object(as: ModuleObject.self), String(name[name.index(after: dot)...]), module)
        }
        return module
    }

    private func hasNativeChild(_ name: String) -> Bool { nativeModules[name] != nil }

    private func moduleNotFound(_ name: String, _ message: String) -> PythonError {
        let error = error("ModuleNotFoundError", message)
        let value = string(name)
        setOwnAttribute(error.exception, intern("name"), value)
        heap.release(value)
        return error
    }

    @inline(never)
    func importFrom(_ module: Value, _ name: StringPointer) throws(PythonError) -> Value {
        if let found = try attributeOrNil(module, name) { return found }
        guard module.tag == Tag.module else { throw missingAttribute(module, name) }
        let info = moduleInfo(module)
        let full = "\(info.name).\(text(name))"
        if let loaded = modules[full] { return loaded.retained() }
        if info.searchPath != nil || nativeModules[full] != nil, let loaded = try loader.load(self, full) {
            setGlobal(module.object(as: ModuleObject.self), text(name), loaded)
            return loaded
        }
        let from = info.isLoading ? "partially initialized module '\(info.name)' (most likely due to a circular import)" : "'\(info.name)'"
        let error = error("ImportError", "cannot import name '\(text(name))' from \(from) (\(info.file ?? "unknown location"))")
        let value = string(info.name)
        setOwnAttribute(error.exception, intern("name"), value)
        heap.release(value)
        setOwnAttribute(error.exception, intern("name_from"), Value(tag: Tag.string, pointer: name))
        throw error
    }

    @inline(never)
    func importStar(_ module: Value) throws(PythonError) {
        guard module.tag == Tag.module else { throw typeError("from-import-* object is not a module") }
        let info = moduleInfo(module)
        let target = frame.pointee.module
        if let all = info.value(of: "__all__") {
            for item in try collect(all) {
                defer { heap.release(item) }
                let value = try getAttribute(module, intern(item))
                defer { heap.release(value) }
                setGlobal(target, text(item), value)
            }
            return
        }
        for name in info.names.names where !name.hasPrefix("_") {
            if let value = info.value(of: name) { setGlobal(target, name, value) }
        }
    }

    // MARK: native modules

    /// Declares a module written in Swift; `fill` runs on first import.
    package func registerNativeModule(_ name: String, _ fill: @escaping (VM, NativeModule) throws(PythonError) -> Void) {
        nativeModules[name] = fill
    }

    func hasNativeModule(_ name: String) -> Bool { nativeModules[name] != nil }

    /// Names of the modules written in Swift.
    package var nativeModuleNames: [String] { Array(nativeModules.keys) }

    /// Loads a module declared with `registerNativeModule`; nil when there is none of that name.
    package func loadNativeModule(_ name: String) throws(PythonError) -> Value? {
        guard let fill = nativeModules[name] else { return nil }
        let module = makeModule(name)
        modules[name] = module.retained()
        do throws(PythonError) {
            try fill(self, NativeModule(vm: self, module: module.object(as: ModuleObject.self)))
        } catch {
            if let entered = modules.removeValue(forKey: name) { heap.release(entered) }
            heap.release(module)
            throw error
        }
        return module
    }
}

/// A module written in Swift while it is being filled.
package struct NativeModule {
    package let vm: VM
    package let module: UnsafeMutablePointer<ModuleObject>

    package var name: String { module.pointee.info.takeUnretainedValue().name }

    /// Binds a name; takes over the reference.
    package func set(_ name: String, _ value: Value) {
        vm.setGlobal(module, name, value)
        vm.heap.release(value)
    }

    /// - Parameter pythonName: set where errors about arguments speak as for a function written in Python.
    package func function(
        _ name: String, _ signature: String, documentation: String? = nil, pythonName: String? = nil, _ body: @escaping NativeBody
    ) {
        let function = NativeFunction(name, signature, documentation: documentation, body: body)
        function.pythonName = pythonName
        function.module = self.name
        set(name, vm.builtin(function))
    }

    /// A class whose instances are Swift objects, bound in the module under its name.
    @discardableResult
    package func nativeClass(
        _ name: String, base: ClassPointer? = nil, construct: NativeFunction? = nil, populate: ((VM, ClassPointer) -> Void)? = nil
    ) -> ClassPointer {
        let type = vm.makeBuiltinClass(name, base: base, module: self.name, layout: Tag.native, construct: construct, populate: populate)
        set(name, type.value.retained())
        return type
    }
}
