import Bytecode

// `object`, the root of all classes.

extension VM {
    func fillObject() {
        let type = objectClass
        define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
            let info = vm.typeOf(a[0]).info
            let name = info.module == "builtins" ? info.qualifiedName : "\(info.module).\(info.qualifiedName)"
            return vm.string("<\(name) object at 0x\(VM.hexadecimal(a[0].bits))>")
        }
        define(type, "__str__", "self, /") { (vm, a) throws(PythonError) -> Value in try vm.repr(a[0]) }
        define(type, "__eq__", "self, value, /") { (vm, a) throws(PythonError) -> Value in a[0].isIdentical(to: a[1]) ? .true : .notImplemented }
        define(type, "__ne__", "self, value, /") { (vm, a) throws(PythonError) -> Value in
            let result = try vm.call(vm.special(vm.typeOf(a[0]), .equal), a[0], a[1])
            if result.tag == Tag.notImplemented { return result }
            defer { vm.heap.release(result) }
            return .bool(try !vm.isTrue(result))
        }
        define(type, "__hash__", "self, /") { (vm, a) throws(PythonError) -> Value in .int(Int(a[0].bits >> 4)) }
        define(type, "__init__", "self, *args, **kwargs") { (vm, a) throws(PythonError) -> Value in
            if a[1].tuple.pointee.count + a[2].dict.pointee.count > 0, vm.special(vm.typeOf(a[0]), .new).bits == vm.objectNew.bits {
                throw vm.typeError("\(vm.typeName(a[0])).__init__() takes exactly one argument (the instance to initialize)")
            }
            return .none
        }
        defineStatic(type, "__new__", "cls, *args, **kwargs") { (vm, a) throws(PythonError) -> Value in
            guard a[0].tag == Tag.classObject else { throw vm.typeError("object.__new__(X): X is not a type object (\(vm.typeName(a[0])))") }
            let cls = a[0].object(as: ClassObject.self)
            guard cls.info.layout == Tag.instance else {
                if let construct = cls.info.construct, cls.info.isUserClass {
                    let function = vm.builtin(construct)
                    defer { vm.heap.release(function) }
                    return try vm.call(function, a[0])
                }
                throw vm.typeError("object.__new__(\(cls.info.name)) is not safe, use \(cls.info.name).__new__()")
            }
            if a[1].tuple.pointee.count + a[2].dict.pointee.count > 0 {
                if vm.special(cls, .new).bits != vm.objectNew.bits {
                    throw vm.typeError("object.__new__() takes exactly one argument (the type to instantiate)")
                }
                if vm.special(cls, .initialize).bits == vm.objectInit.bits { throw vm.typeError("\(cls.info.name)() takes no arguments") }
            }
            if !cls.info.abstractMethods.isEmpty {
                let names = cls.info.abstractMethods.sorted()
                throw vm.typeError(
                    "Can't instantiate abstract class \(cls.info.name) with abstract method\(names.count == 1 ? "" : "s") \(names.joined(separator: ", "))"
                )
            }
            return vm.allocateInstance(cls, Tag.instance)
        }
        define(type, "__setattr__", "self, name, value, /") { (vm, a) throws(PythonError) -> Value in
            if a[0].tag == Tag.classObject { throw vm.typeError("can't apply this __setattr__ to type object") }
            try vm.genericSetAttribute(a[0], vm.typeOf(a[0]), vm.intern(try vm.attributeName(a[1])), a[2])
            return .none
        }
        define(type, "__getattribute__", "self, name, /") { (vm, a) throws(PythonError) -> Value in
            let name = vm.intern(try vm.attributeName(a[1]))
            let found = try vm.genericAttribute(a[0], vm.typeOf(a[0]), name)
            if found.isUndefined { throw vm.missingAttribute(a[0], name) }
            return found
        }
        define(type, "__delattr__", "self, name, /") { (vm, a) throws(PythonError) -> Value in
            try vm.genericDeleteAttribute(a[0], vm.typeOf(a[0]), vm.intern(try vm.attributeName(a[1])))
            return .none
        }
        define(type, "__format__", "self, format_spec, /") { (vm, a) throws(PythonError) -> Value in
            guard a[1].tag == Tag.string else { throw vm.typeError("__format__() argument must be str, not \(vm.typeName(a[1]))") }
            if a[1].string.pointee.byteCount > 0 {
                throw vm.typeError("unsupported format string passed to \(vm.typeName(a[0])).__format__")
            }
            return try vm.str(a[0])
        }
        defineClassMethod(type, "__subclasshook__", "cls, other, /") { (vm, a) throws(PythonError) -> Value in .notImplemented }
        defineClassMethod(type, "__init_subclass__", "cls, **kwargs") { (vm, a) throws(PythonError) -> Value in
            if a[1].dict.pointee.count > 0 {
                throw vm.typeError("\(a[0].object(as: ClassObject.self).info.name).__init_subclass__() takes no keyword arguments")
            }
            return .none
        }
        defineProperty(
            type, "__class__", get: { (vm, value) throws(PythonError) -> Value in vm.typeOf(value).value.retained() },
            set: { (vm, value, new) throws(PythonError) -> Void in try vm.changeClass(value, new) })
        defineProperty(
            type, "__dict__",
            get: { (vm, value) throws(PythonError) -> Value in
                switch value.tag {
                case Tag.instance where vm.typeOf(value).info.slotNames != nil:
                    throw vm.attributeError("'\(vm.typeName(value))' object has no attribute '__dict__'")
                case Tag.instance where vm.typeOf(value).info.hasInstanceAttributes, Tag.exception where vm.typeOf(value).info.hasInstanceAttributes:
                    return Value(tag: Tag.dict, pointer: vm.instanceDict(value)).retained()
                default: throw vm.attributeError("'\(vm.typeName(value))' object has no attribute '__dict__'")
                }
            },
            set: { (vm, value, new) throws(PythonError) -> Void in
                guard value.tag == Tag.instance || value.tag == Tag.exception, new.tag == Tag.dict else {
                    throw vm.typeError("__dict__ must be set to a dictionary, not a '\(vm.typeName(new))'")
                }
                _ = vm.instanceDict(value)
                vm.heap.replace(&value.object(as: InstanceObject.self).pointee.slots[0], with: new.retained())
            })
        define(type, "__dir__", "self, /") { (vm, a) throws(PythonError) -> Value in try vm.plainDirectory(a[0]) }
        defineConstant(type, "__doc__", string("The base class of the class hierarchy."))
        objectNew = dictValue(type.info.namespace, "__new__")
        objectInit = dictValue(type.info.namespace, "__init__")
        objectStr = dictValue(type.info.namespace, "__str__")
        objectSetAttr = dictValue(type.info.namespace, "__setattr__")
    }

    package static func hexadecimal(_ value: UInt64) -> String { String(value, radix: 16) }

    /// An attribute name given as a value.
    package func attributeName(_ value: Value) throws(PythonError) -> Value {
        let plain = payload(value)
        if plain.tag == Tag.string { return plain }
        throw typeError("attribute name must be string, not '\(typeName(value))'")
    }

    private func changeClass(_ value: Value, _ new: Value) throws(PythonError) {
        guard value.tag == Tag.instance, new.tag == Tag.classObject else {
            throw typeError("__class__ must be set to a class, not '\(typeName(new))' object")
        }
        let type = new.object(as: ClassObject.self)
        guard type.info.isUserClass, type.info.layout == typeOf(value).info.layout else {
            throw typeError("__class__ assignment: '\(type.info.name)' object layout differs from '\(typeName(value))'")
        }
        let content = instanceDict(value)
        let instance = value.object(as: InstanceObject.self)
        let old = instance.pointee.shape.pointee.type
        let fresh = allocateInstance(type, Tag.instance)
        _ = instanceDict(fresh)
        _ = content
        instance.pointee.shape = fresh.object(as: InstanceObject.self).pointee.shape
        new.retain()
        heap.release(fresh)
        heap.release(old.value)
    }
}
