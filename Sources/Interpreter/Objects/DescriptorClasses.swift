import Bytecode

// `property`, `classmethod` and `staticmethod`.

extension VM {
    func makeDescriptorClasses() {
        let kinds: [(String, DescriptorKind)] = [("classmethod", .classMethod), ("staticmethod", .staticMethod), ("property", .property)]
        for (name, kind) in kinds {
            let type = makeBuiltinClass(name, layout: Tag.descriptor) { vm, type in vm.fillDescriptor(type, kind) }
            if kind == .property {
                type.info.construct = NativeFunction(name, "cls, fget=None, fset=None, fdel=None, doc=None") { (vm, a) throws(PythonError) -> Value in
                    let made = vm.descriptor(
                        kind, a[1].retained(), setter: a[2].retained(), deleter: a[3].retained(), documentation: a[4].retained())
                    let type = a[0].classPointer
                    return type.info.isUserClass ? vm.instance(of: type, payload: made) : made
                }
            } else {
                type.info.construct = NativeFunction(name, "cls, function, /") { (vm, a) throws(PythonError) -> Value in
                    let made = vm.descriptor(kind, a[1].retained())
                    let type = a[0].classPointer
                    return type.info.isUserClass ? vm.instance(of: type, payload: made) : made
                }
            }
            define(type, "__init__", "self, *args, **kwargs") { (vm, a) throws(PythonError) -> Value in .none }
            descriptorClasses.append(type)
            builtinClasses[name] = type
        }
    }

    private func fillDescriptor(_ type: ClassPointer, _ kind: DescriptorKind) {
        func record(_ value: Value) -> UnsafeMutablePointer<DescriptorObject> { payload(value).object(as: DescriptorObject.self) }
        define(type, "__get__", "self, instance, owner=None, /") { (vm, a) throws(PythonError) -> Value in
            if kind == .property, a[1].isNone { return a[0].retained() }
            let owner = a[2].tag == Tag.classObject ? a[2].object(as: ClassObject.self) : vm.typeOf(a[1])
            return try vm.bind(vm.payload(a[0]), a[1], owner)
        }
        if kind != .property {
            defineProperty(type, "__func__") { (vm, value) throws(PythonError) -> Value in record(value).pointee.getter.retained() }
            for name in ["__name__", "__doc__", "__qualname__", "__module__", "__isabstractmethod__"] {
                defineProperty(type, name) { (vm, value) throws(PythonError) -> Value in
                    try vm.getAttribute(record(value).pointee.getter, vm.intern(name))
                }
            }
            if kind == .staticMethod {
                define(type, "__call__", "self, *args, **kwargs") { (vm, a) throws(PythonError) -> Value in
                    try vm.callPacked(record(a[0]).pointee.getter, a[1], a[2])
                }
            }
            return
        }
        defineProperty(type, "fget") { (vm, value) throws(PythonError) -> Value in record(value).pointee.getter.retained() }
        defineProperty(type, "fset") { (vm, value) throws(PythonError) -> Value in record(value).pointee.setter.retained() }
        defineProperty(type, "fdel") { (vm, value) throws(PythonError) -> Value in record(value).pointee.deleter.retained() }
        defineProperty(type, "__doc__") { (vm, value) throws(PythonError) -> Value in
            let own = record(value).pointee.documentation
            if !own.isNone || record(value).pointee.getter.isNone { return own.retained() }
            return try vm.getAttribute(record(value).pointee.getter, "__doc__", default: .none)
        }
        defineProperty(type, "__isabstractmethod__") { (vm, value) throws(PythonError) -> Value in
            for function in [record(value).pointee.getter, record(value).pointee.setter, record(value).pointee.deleter] {
                let found = try vm.getAttribute(function, "__isabstractmethod__", default: .false)
                defer { vm.heap.release(found) }
                if try vm.isTrue(found) { return .true }
            }
            return .false
        }
        func changed(_ name: String, _ make: @escaping (VM, DescriptorObject, Value) -> Value) {
            define(type, name, "self, function, /") { (vm, a) throws(PythonError) -> Value in make(vm, record(a[0]).pointee, a[1]) }
        }
        changed("getter") { vm, old, new in
            vm.descriptor(
                .property, new.retained(), setter: old.setter.retained(), deleter: old.deleter.retained(), documentation: old.documentation.retained()
            )
        }
        changed("setter") { vm, old, new in
            vm.descriptor(
                .property, old.getter.retained(), setter: new.retained(), deleter: old.deleter.retained(), documentation: old.documentation.retained()
            )
        }
        changed("deleter") { vm, old, new in
            vm.descriptor(
                .property, old.getter.retained(), setter: old.setter.retained(), deleter: new.retained(), documentation: old.documentation.retained())
        }
        define(type, "__set__", "self, instance, value, /") { (vm, a) throws(PythonError) -> Value in
            let setter = record(a[0]).pointee.setter
            if setter.isNone { throw vm.attributeError("property of '\(vm.typeName(a[1]))' object has no setter") }
            return try vm.call(setter, a[1], a[2])
        }
        define(type, "__delete__", "self, instance, /") { (vm, a) throws(PythonError) -> Value in
            let deleter = record(a[0]).pointee.deleter
            if deleter.isNone { throw vm.attributeError("property of '\(vm.typeName(a[1]))' object has no deleter") }
            return try vm.call(deleter, a[1])
        }
    }
}
