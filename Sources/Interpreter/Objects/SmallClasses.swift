import Bytecode

// The classes of the singletons, of modules, cells and `super`.

extension VM {
    func makeSmallClasses() {
        func singleton(_ name: String, _ tag: UInt64, _ text: String, isTrue: Bool) {
            let type = makeBuiltinClass(name, layout: tag, isBase: false) { vm, type in
                vm.define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in vm.string(text) }
                vm.define(type, "__bool__", "self, /") { (vm, a) throws(PythonError) -> Value in .bool(isTrue) }
            }
            type.info.construct = NativeFunction(name, "cls") { (vm, a) throws(PythonError) -> Value in Value(tag: tag, bits: 0) }
            classOfTag[Int(tag)] = type
        }
        singleton("NoneType", Tag.none, "None", isTrue: false)
        singleton("ellipsis", Tag.ellipsis, "Ellipsis", isTrue: true)
        singleton("NotImplementedType", Tag.notImplemented, "NotImplemented", isTrue: true)
        if let none = classOfTag[Int(Tag.none)] {
            // `None | int` in annotations.
            define(none, "__or__", "self, other, /") { (vm, a) throws(PythonError) -> Value in try vm.makeUnion(a[0], a[1]) }
        }
        let module = makeBuiltinClass("module", layout: Tag.module, isBase: false) { vm, type in
            vm.define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
                let info = vm.moduleInfo(a[0])
                if let file = info.file { return vm.string("<module '\(info.name)' from '\(file)'>") }
                return vm.string(vm.hasNativeModule(info.name) ? "<module '\(info.name)' (built-in)>" : "<module '\(info.name)'>")
            }
            vm.defineProperty(type, "__dict__") { (vm, value) throws(PythonError) -> Value in vm.globalsView(value.object(as: ModuleObject.self)) }
            vm.defineProperty(type, "__doc__") { (vm, value) throws(PythonError) -> Value in .none }
        }
        module.info.construct = NativeFunction("module", "cls, name, doc=None") { (vm, a) throws(PythonError) -> Value in
            guard a[1].tag == Tag.string else { throw vm.typeError("module() argument 'name' must be str, not \(vm.typeName(a[1]))") }
            let module = vm.makeModule(vm.text(a[1]))
            vm.setGlobal(module.object(as: ModuleObject.self), "__doc__", a[2])
            return module
        }
        classOfTag[Int(Tag.module)] = module
        let cellType = makeBuiltinClass("cell", layout: Tag.cell, isBase: false) { vm, type in
            vm.defineProperty(type, "cell_contents") { (vm, value) throws(PythonError) -> Value in
                let content = value.object(as: CellObject.self).pointee.content
                if content.isUndefined { throw vm.valueError("Cell is empty") }
                return content.retained()
            }
        }
        cellType.info.construct = nil
        classOfTag[Int(Tag.cell)] = cellType
        let superType = makeBuiltinClass("super", layout: Tag.superObject, isBase: false) { vm, type in
            vm.define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
                let record = a[0].object(as: SuperObject.self)
                return vm.string("<super: <class '\(record.pointee.owner.info.name)'>, <\(record.pointee.receiverType.info.name) object>>")
            }
        }
        superType.info.construct = NativeFunction("super", "cls, type=..., object=..., /") { (vm, a) throws(PythonError) -> Value in
            guard a.has(1) else { throw vm.runtimeError("super(): no arguments") }
            guard a.has(2) else { throw vm.typeError("super() with one argument is not supported") }
            return try vm.makeSuper(a[1], a[2])
        }
        classOfTag[Int(Tag.superObject)] = superType
        builtinClasses["super"] = superType
    }
}
