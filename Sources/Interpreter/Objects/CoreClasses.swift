import Bytecode
import Diagnostics

// The classes at the root of everything: object, type, functions, modules, descriptors, generators.

extension VM {
    /// Makes all built-in classes; called once.
    func makeCoreClasses() {
        objectClass = makeClass(name: "object", bases: [], order: [], layout: Tag.instance)
        typeClass = makeClass(name: "type", bases: [objectClass], layout: Tag.classObject)
        for type in [objectClass, typeClass] { builtinClasses[type.info.name] = type }
        classOfTag[Int(Tag.classObject)] = typeClass
        objectClass.info.construct = NativeFunction("object", "cls") { (vm, a) throws(PythonError) -> Value in
            vm.allocateInstance(a[0].object(as: ClassObject.self), Tag.instance)
        }
        fillObject()
        makeTypeClass()
        makeCallableClasses()
        makeDescriptorClasses()
        makeSmallClasses()
        makeMappingProxyClass()
        makeIntClass()
        makeBoolClass()
        makeFloatClass()
        makeStrClass()
        makeBytesClass()
        makeByteArrayClass()
        makeListClass()
        makeTupleClass()
        makeDictClass()
        makeSetClasses()
        makeRangeClass()
        makeSliceClass()
        makeIteratorClasses()
        makeExceptionClasses()
    }

    private func fillObject() {
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
                    "Can't instantiate abstract class \(cls.info.name) with abstract method\(names.count == 1 ? "" : "s") \(names.joined(separator: ", "))")
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

    // MARK: type

    private func makeTypeClass() {
        let type = typeClass
        type.info.construct = NativeFunction("type", "cls, object=..., bases=..., dict=..., /, **kwargs") { (vm, a) throws(PythonError) -> Value in
            guard a.has(1), a.has(2) == a.has(3) else { throw vm.typeError("type() takes 1 or 3 arguments") }
            if !a.has(2) { return vm.typeOf(a[1]).value.retained() }
            for (index, (tag, name)) in [(Tag.string, "str"), (Tag.tuple, "tuple"), (Tag.dict, "dict")].enumerated() where a[index + 1].tag != tag {
                throw vm.typeError("type.__new__() argument \(index + 1) must be \(name), not \(vm.typeName(a[index + 1]))")
            }
            let namespace = vm.dict()
            try vm.dictUpdate(namespace.dict, from: a[3])
            var bases: [Value] = []
            for index in 0..<a[2].tuple.pointee.count { bases.append(a[2].tuple.items[index]) }
            return try vm.buildClass(name: vm.text(a[1]), bases: bases, namespace: namespace, keywords: a[4].dict, module: "__main__")
        }
        type.info.isBase = false
        define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
            let info = a[0].object(as: ClassObject.self).info
            return vm.string(info.module == "builtins" ? "<class '\(info.qualifiedName)'>" : "<class '\(info.module).\(info.qualifiedName)'>")
        }
        define(type, "__hash__", "self, /") { (vm, a) throws(PythonError) -> Value in .int(Int(a[0].bits >> 4)) }
        define(type, "mro", "self, /") { (vm, a) throws(PythonError) -> Value in
            vm.list(a[0].object(as: ClassObject.self).info.order.map { $0.value.retained() })
        }
        define(type, "__subclasses__", "self, /") { (vm, a) throws(PythonError) -> Value in
            vm.list(a[0].object(as: ClassObject.self).info.subclasses.map { $0.value.retained() })
        }
        define(type, "__or__", "self, other, /") { (vm, a) throws(PythonError) -> Value in try vm.makeUnion(a[0], a[1]) }
        define(type, "__ror__", "self, other, /") { (vm, a) throws(PythonError) -> Value in try vm.makeUnion(a[1], a[0]) }
        func text(_ name: String, _ get: @escaping (ClassInfo) -> String, _ set: ((ClassInfo, String) -> Void)? = nil) {
            func store(_ vm: VM, _ value: Value, _ new: Value) throws(PythonError) {
                let info = value.object(as: ClassObject.self).info
                guard info.isUserClass, let set else { throw vm.typeError("cannot set '\(name)' attribute of immutable type '\(info.name)'") }
                guard new.tag == Tag.string else {
                    throw vm.typeError("can only assign string to \(info.name).\(name), not '\(vm.typeName(new))'")
                }
                set(info, vm.text(new))
            }
            defineProperty(
                type, name, get: { (vm, value) throws(PythonError) -> Value in vm.string(get(value.object(as: ClassObject.self).info)) }, set: store)
        }
        text("__name__", { $0.name }, { $0.name = $1 })
        text("__qualname__", { $0.qualifiedName }, { $0.qualifiedName = $1 })
        text("__module__", { $0.module }, { $0.module = $1 })
        defineProperty(type, "__bases__") { (vm, value) throws(PythonError) -> Value in
            vm.tuple(value.object(as: ClassObject.self).info.bases.map { $0.value.retained() })
        }
        defineProperty(type, "__base__") { (vm, value) throws(PythonError) -> Value in
            value.object(as: ClassObject.self).info.bases.first.map { $0.value.retained() } ?? .none
        }
        define(type, "__setattr__", "self, name, value, /") { (vm, a) throws(PythonError) -> Value in
            guard a[0].tag == Tag.classObject else {
                throw vm.typeError("descriptor '__setattr__' requires a 'type' object but received a '\(vm.typeName(a[0]))'")
            }
            try vm.genericSetClassAttribute(a[0].classPointer, vm.intern(try vm.attributeName(a[1])), a[2])
            return .none
        }
        define(type, "__delattr__", "self, name, /") { (vm, a) throws(PythonError) -> Value in
            guard a[0].tag == Tag.classObject else {
                throw vm.typeError("descriptor '__delattr__' requires a 'type' object but received a '\(vm.typeName(a[0]))'")
            }
            try vm.genericDeleteClassAttribute(a[0].classPointer, vm.intern(try vm.attributeName(a[1])))
            return .none
        }
        defineProperty(type, "__mro__") { (vm, value) throws(PythonError) -> Value in
            vm.tuple(value.object(as: ClassObject.self).info.order.map { $0.value.retained() })
        }
        defineProperty(type, "__dict__") { (vm, value) throws(PythonError) -> Value in
            vm.populate(value.object(as: ClassObject.self))
            return vm.mappingProxy(Value(tag: Tag.dict, pointer: value.object(as: ClassObject.self).info.namespace))
        }
        defineProperty(
            type, "__doc__",
            get: { (vm, value) throws(PythonError) -> Value in
                vm.populate(value.object(as: ClassObject.self))
                let own = vm.dictValue(value.object(as: ClassObject.self).info.namespace, "__doc__")
                return own.isUndefined ? .none : own.retained()
            },
            set: { (vm, value, new) throws(PythonError) -> Void in
                vm.storeInClass(value.object(as: ClassObject.self), vm.intern("__doc__"), new)
            })
        defineProperty(
            type, "__annotations__",
            get: { (vm, value) throws(PythonError) -> Value in
                let space = value.object(as: ClassObject.self).info.namespace
                let own = vm.dictValue(space, "__annotations__")
                if !own.isUndefined { return own.retained() }
                let made = vm.dict()
                vm.dictSet(space, "__annotations__", made)
                return made
            },
            set: { (vm, value, new) throws(PythonError) -> Void in
                vm.storeInClass(value.object(as: ClassObject.self), vm.intern("__annotations__"), new)
            })
        defineProperty(
            type, "__abstractmethods__",
            get: { (vm, value) throws(PythonError) -> Value in
                let own = vm.dictValue(value.object(as: ClassObject.self).info.namespace, "__abstractmethods__")
                if own.isUndefined { throw vm.attributeError("__abstractmethods__") }
                return own.retained()
            },
            set: { (vm, value, new) throws(PythonError) -> Void in
                var names: [String] = []
                try vm.iterate(new) { (item) throws(PythonError) -> Bool in
                    names.append(try vm.strText(item))
                    return true
                }
                value.object(as: ClassObject.self).info.abstractMethods = names
                vm.storeInClass(value.object(as: ClassObject.self), vm.intern("__abstractmethods__"), new)
            })
        define(type, "__instancecheck__", "self, instance, /") { (vm, a) throws(PythonError) -> Value in
            .bool(vm.isInstance(a[1], a[0].object(as: ClassObject.self)))
        }
        define(type, "__subclasscheck__", "self, subclass, /") { (vm, a) throws(PythonError) -> Value in
            guard a[1].tag == Tag.classObject else { throw vm.typeError("issubclass() arg 1 must be a class") }
            return .bool(vm.isSubclass(a[1].object(as: ClassObject.self), a[0].object(as: ClassObject.self)))
        }
    }

    // MARK: functions and methods

    private func makeCallableClasses() {
        let function = makeBuiltinClass("function", layout: Tag.function, isBase: false, construct: nil) { vm, type in vm.fillFunction(type) }
        function.info.construct = nil
        classOfTag[Int(Tag.function)] = function
        let method = makeBuiltinClass("method", layout: Tag.boundMethod, isBase: false) { vm, type in vm.fillMethod(type) }
        method.info.construct = NativeFunction("method", "cls, function, instance, /") { (vm, a) throws(PythonError) -> Value in
            vm.boundMethod(a[1].retained(), a[2].retained())
        }
        classOfTag[Int(Tag.boundMethod)] = method
        let builtin = makeBuiltinClass("builtin_function_or_method", layout: Tag.builtin, isBase: false) { vm, type in vm.fillBuiltin(type) }
        builtin.info.construct = nil
        classOfTag[Int(Tag.builtin)] = builtin
        let generator = makeBuiltinClass("generator", layout: Tag.generator, isBase: false) { vm, type in vm.fillGenerator(type) }
        generator.info.construct = nil
        classOfTag[Int(Tag.generator)] = generator
    }

    private func fillFunction(_ type: ClassPointer) {
        define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
            vm.string("<function \(vm.functionName(a[0].object(as: FunctionObject.self))) at 0x\(VM.hexadecimal(a[0].bits))>")
        }
        define(type, "__call__", "self, *args, **kwargs") { (vm, a) throws(PythonError) -> Value in try vm.callPacked(a[0], a[1], a[2]) }
        define(type, "__get__", "self, instance, owner=None, /") { (vm, a) throws(PythonError) -> Value in
            a[1].isNone ? a[0].retained() : vm.boundMethod(a[0].retained(), a[1].retained())
        }
        func attribute(_ name: String, _ compute: @escaping (VM, UnsafeMutablePointer<FunctionObject>) throws(PythonError) -> Value) {
            defineProperty(
                type, name,
                get: { (vm, value) throws(PythonError) -> Value in
                    let own = vm.ownAttribute(value, vm.intern(name))
                    return own.isUndefined ? try compute(vm, value.object(as: FunctionObject.self)) : own.retained()
                },
                set: { (vm, value, new) throws(PythonError) -> Void in vm.setFunctionAttribute(value, vm.intern(name), new) })
        }
        attribute("__name__") { (vm, f) throws(PythonError) -> Value in vm.string(f.pointee.code.pointee.code.takeUnretainedValue().name) }
        attribute("__qualname__") { (vm, f) throws(PythonError) -> Value in
            vm.string(f.pointee.code.pointee.code.takeUnretainedValue().qualifiedName)
        }
        attribute("__doc__") { (vm, f) throws(PythonError) -> Value in
            f.pointee.code.pointee.code.takeUnretainedValue().documentation.map { vm.string($0) } ?? .none
        }
        attribute("__module__") { (vm, f) throws(PythonError) -> Value in vm.string(f.pointee.module.pointee.info.takeUnretainedValue().name) }
        defineProperty(
            type, "__defaults__",
            get: { (vm, value) throws(PythonError) -> Value in
                let defaults = value.object(as: FunctionObject.self).pointee.defaults
                return defaults.isUndefined ? .none : defaults.retained()
            },
            set: { (vm, value, new) throws(PythonError) -> Void in
                guard new.isNone || new.tag == Tag.tuple else { throw vm.typeError("__defaults__ must be set to a tuple object") }
                vm.heap.replace(&value.object(as: FunctionObject.self).pointee.defaults, with: new.isNone ? .undefined : new.retained())
            })
        defineProperty(
            type, "__kwdefaults__",
            get: { (vm, value) throws(PythonError) -> Value in
                let defaults = value.object(as: FunctionObject.self).pointee.keywordDefaults
                return defaults.isUndefined ? .none : defaults.retained()
            },
            set: { (vm, value, new) throws(PythonError) -> Void in
                guard new.isNone || new.tag == Tag.dict else { throw vm.typeError("__kwdefaults__ must be set to a dict object") }
                vm.heap.replace(&value.object(as: FunctionObject.self).pointee.keywordDefaults, with: new.isNone ? .undefined : new.retained())
            })
        defineProperty(
            type, "__annotations__",
            get: { (vm, value) throws(PythonError) -> Value in
                let function = value.object(as: FunctionObject.self)
                if function.pointee.annotations.tag == Tag.function {
                    let made = try vm.call(function.pointee.annotations)
                    vm.heap.replace(&function.pointee.annotations, with: made)
                }
                if function.pointee.annotations.isUndefined { function.pointee.annotations = vm.dict() }
                return function.pointee.annotations.retained()
            },
            set: { (vm, value, new) throws(PythonError) -> Void in
                vm.heap.replace(&value.object(as: FunctionObject.self).pointee.annotations, with: new.isNone ? .undefined : new.retained())
            })
        defineProperty(
            type, "__dict__",
            get: { (vm, value) throws(PythonError) -> Value in
                let function = value.object(as: FunctionObject.self)
                if function.pointee.attributes.isUndefined { function.pointee.attributes = vm.dict() }
                return function.pointee.attributes.retained()
            },
            set: { (vm, value, new) throws(PythonError) -> Void in
                vm.heap.replace(&value.object(as: FunctionObject.self).pointee.attributes, with: new.retained())
            })
        defineProperty(type, "__closure__") { (vm, value) throws(PythonError) -> Value in
            let closure = value.object(as: FunctionObject.self).pointee.closure
            return closure.isUndefined ? .none : closure.retained()
        }
        defineProperty(type, "__globals__") { (vm, value) throws(PythonError) -> Value in
            vm.globalsView(value.object(as: FunctionObject.self).pointee.module)
        }
        defineProperty(type, "__code__") { (vm, value) throws(PythonError) -> Value in
            vm.native(CodeView(value.object(as: FunctionObject.self).pointee.code), vm.codeClass())
        }
    }

    /// Calls with a tuple of positional and a dict of keyword arguments.
    package func callPacked(_ callable: Value, _ positional: Value, _ keywords: Value) throws(PythonError) -> Value {
        var arguments: [Value] = []
        for index in 0..<positional.tuple.pointee.count { arguments.append(positional.tuple.items[index]) }
        var named: [(String, Value)] = []
        for index in 0..<keywords.dict.pointee.used {
            let entry = keywords.dict.pointee.entries.unsafelyUnwrapped[index]
            if !entry.key.isUndefined { named.append((text(entry.key), entry.value)) }
        }
        return try call(callable, arguments: arguments, keywords: named)
    }

    private func codeClass() -> ClassPointer {
        if let type = builtinClasses["code"] { return type }
        let type = makeBuiltinClass("code", layout: Tag.native, isBase: false) { vm, type in
            func field(_ name: String, _ get: @escaping (VM, Code) -> Value) {
                vm.defineProperty(type, name) { (vm, value) throws(PythonError) -> Value in
                    guard let view = vm.nativeObject(value, as: CodeView.self) else { return .none }
                    return get(vm, view.record.pointee.code.takeUnretainedValue())
                }
            }
            field("co_name") { $0.string($1.name) }
            field("co_qualname") { $0.string($1.qualifiedName) }
            field("co_filename") { $0.string($1.source.name) }
            field("co_firstlineno") { .int($1.firstLine) }
            field("co_argcount") { .int($1.positionalCount) }
            field("co_posonlyargcount") { .int($1.positionalOnlyCount) }
            field("co_kwonlyargcount") { .int($1.keywordOnlyCount) }
            field("co_nlocals") { .int($1.localNames.count) }
            field("co_flags") { .int(($1.flags.contains(.variadic) ? 4 : 0) | ($1.flags.contains(.keywordVariadic) ? 8 : 0) | ($1.flags.contains(.generator) ? 32 : 0)) }
            field("co_varnames") { vm, code in vm.tuple(code.localNames.map { vm.string($0) }) }
            field("co_freevars") { vm, code in vm.tuple(code.freeNames.map { vm.string($0) }) }
        }
        builtinClasses["code"] = type
        return type
    }

    private func fillMethod(_ type: ClassPointer) {
        define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
            let method = a[0].object(as: BoundMethodObject.self)
            let name: String
            switch method.pointee.function.tag {
            case Tag.function: name = vm.functionName(method.pointee.function.object(as: FunctionObject.self))
            case Tag.builtin:
                let native = method.pointee.function.object(as: BuiltinObject.self).pointee.function.takeUnretainedValue()
                return vm.string(
                    "<built-in method \(native.name) of \(vm.typeName(method.pointee.receiver)) object at 0x\(VM.hexadecimal(method.pointee.receiver.bits))>")
            default: name = "?"
            }
            return vm.string("<bound method \(name) of \(try vm.reprText(method.pointee.receiver))>")
        }
        define(type, "__call__", "self, *args, **kwargs") { (vm, a) throws(PythonError) -> Value in try vm.callPacked(a[0], a[1], a[2]) }
        define(type, "__eq__", "self, value, /") { (vm, a) throws(PythonError) -> Value in
            guard a[1].tag == Tag.boundMethod else { return .notImplemented }
            let one = a[0].object(as: BoundMethodObject.self)
            let two = a[1].object(as: BoundMethodObject.self)
            return .bool(
                one.pointee.function.isIdentical(to: two.pointee.function) && one.pointee.receiver.isIdentical(to: two.pointee.receiver))
        }
        define(type, "__hash__", "self, /") { (vm, a) throws(PythonError) -> Value in
            let method = a[0].object(as: BoundMethodObject.self)
            return .int(Int((method.pointee.function.bits ^ method.pointee.receiver.bits &* 31) >> 4))
        }
        defineProperty(type, "__func__") { (vm, value) throws(PythonError) -> Value in
            value.object(as: BoundMethodObject.self).pointee.function.retained()
        }
        defineProperty(type, "__self__") { (vm, value) throws(PythonError) -> Value in
            value.object(as: BoundMethodObject.self).pointee.receiver.retained()
        }
        for name in ["__name__", "__qualname__", "__doc__", "__module__", "__defaults__", "__annotations__", "__code__", "__wrapped__"] {
            defineProperty(type, name) { (vm, value) throws(PythonError) -> Value in
                try vm.getAttribute(value.object(as: BoundMethodObject.self).pointee.function, name)
            }
        }
    }

    private func fillBuiltin(_ type: ClassPointer) {
        // A native function bound to its receiver is of this class too.
        func native(_ value: Value) -> NativeFunction {
            let function = value.tag == Tag.boundMethod ? value.object(as: BoundMethodObject.self).pointee.function : value
            return function.object(as: BuiltinObject.self).pointee.function.takeUnretainedValue()
        }
        define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
            let function = native(a[0])
            if a[0].tag == Tag.boundMethod {
                let receiver = a[0].object(as: BoundMethodObject.self).pointee.receiver
                return vm.string("<built-in method \(function.name) of \(vm.typeName(receiver)) object at 0x\(VM.hexadecimal(receiver.bits))>")
            }
            if let owner = function.owner, function.bindsReceiver {
                return vm.string(
                    function.name.hasPrefix("__") ? "<slot wrapper '\(function.name)' of '\(owner)' objects>" : "<method '\(function.name)' of '\(owner)' objects>")
            }
            return vm.string("<built-in function \(function.name)>")
        }
        define(type, "__call__", "self, *args, **kwargs") { (vm, a) throws(PythonError) -> Value in try vm.callPacked(a[0], a[1], a[2]) }
        defineProperty(type, "__name__") { (vm, value) throws(PythonError) -> Value in vm.string(native(value).name) }
        defineProperty(type, "__qualname__") { (vm, value) throws(PythonError) -> Value in
            vm.string((native(value).owner.map { "\($0)." } ?? "") + native(value).name)
        }
        defineProperty(type, "__doc__") { (vm, value) throws(PythonError) -> Value in native(value).documentation.map { vm.string($0) } ?? .none }
        defineProperty(type, "__module__") { (vm, value) throws(PythonError) -> Value in vm.string("builtins") }
        defineProperty(type, "__self__") { (vm, value) throws(PythonError) -> Value in
            value.tag == Tag.boundMethod ? value.object(as: BoundMethodObject.self).pointee.receiver.retained() : .none
        }
        define(type, "__eq__", "self, value, /") { (vm, a) throws(PythonError) -> Value in
            guard a[0].tag == Tag.boundMethod, a[1].tag == Tag.boundMethod else { return a[0].isIdentical(to: a[1]) ? .true : .notImplemented }
            let one = a[0].object(as: BoundMethodObject.self)
            let two = a[1].object(as: BoundMethodObject.self)
            return .bool(
                one.pointee.function.isIdentical(to: two.pointee.function) && one.pointee.receiver.isIdentical(to: two.pointee.receiver))
        }
        define(type, "__hash__", "self, /") { (vm, a) throws(PythonError) -> Value in
            guard a[0].tag == Tag.boundMethod else { return .int(Int(a[0].bits >> 4)) }
            let method = a[0].object(as: BoundMethodObject.self)
            return .int(Int((method.pointee.function.bits ^ method.pointee.receiver.bits &* 31) >> 4))
        }
        defineProperty(type, "__text_signature__") { (vm, value) throws(PythonError) -> Value in vm.string("(\(native(value).signature))") }
        define(type, "__get__", "self, instance, owner=None, /") { (vm, a) throws(PythonError) -> Value in
            a[1].isNone || native(a[0]).owner == nil ? a[0].retained() : vm.boundMethod(a[0].retained(), a[1].retained())
        }
    }

    private func fillGenerator(_ type: ClassPointer) {
        define(type, "__iter__", "self, /") { (vm, a) throws(PythonError) -> Value in a[0].retained() }
        define(type, "__next__", "self, /") { (vm, a) throws(PythonError) -> Value in try vm.finishedOr(try vm.resume(a[0], sending: .none)) }
        define(type, "send", "self, arg, /") { (vm, a) throws(PythonError) -> Value in try vm.finishedOr(try vm.resume(a[0], sending: a[1])) }
        define(type, "throw", "self, type, value=None, traceback=None, /") { (vm, a) throws(PythonError) -> Value in
            let exception: Value
            if a[1].tag == Tag.classObject, a[2].tag == Tag.exception {
                exception = a[2].retained()
            } else if a[1].tag == Tag.classObject, !a[2].isNone {
                exception = try vm.call(a[1], a[2])
            } else {
                exception = try vm.makeRaised(a[1], "exceptions must be classes or instances deriving from BaseException, not \(vm.typeName(a[1]))")
            }
            return try vm.finishedOr(try vm.resume(a[0], throwing: exception))
        }
        define(type, "close", "self, /") { (vm, a) throws(PythonError) -> Value in
            try vm.close(a[0])
            return .none
        }
        define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
            let code = a[0].object(as: GeneratorObject.self).pointee.code.pointee.code.takeUnretainedValue()
            return vm.string("<generator object \(code.qualifiedName) at 0x\(VM.hexadecimal(a[0].bits))>")
        }
        defineProperty(type, "__name__") { (vm, value) throws(PythonError) -> Value in
            vm.string(value.object(as: GeneratorObject.self).pointee.code.pointee.code.takeUnretainedValue().name)
        }
        defineProperty(type, "__qualname__") { (vm, value) throws(PythonError) -> Value in
            vm.string(value.object(as: GeneratorObject.self).pointee.code.pointee.code.takeUnretainedValue().qualifiedName)
        }
        defineProperty(type, "gi_running") { (vm, value) throws(PythonError) -> Value in
            .bool(value.object(as: GeneratorObject.self).pointee.state == .running)
        }
        defineProperty(type, "gi_frame") { (vm, value) throws(PythonError) -> Value in
            value.object(as: GeneratorObject.self).pointee.state == .finished ? .none : .true
        }
    }

    /// A generator's value, or StopIteration with what it returned.
    private func finishedOr(_ value: Value) throws(PythonError) -> Value {
        if !value.isUndefined { return value }
        let result = generatorReturn
        generatorReturn = .none
        defer { heap.release(result) }
        throw stopIteration(result)
    }

    // MARK: descriptors

    private func makeDescriptorClasses() {
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
            vm.descriptor(.property, new.retained(), setter: old.setter.retained(), deleter: old.deleter.retained(), documentation: old.documentation.retained())
        }
        changed("setter") { vm, old, new in
            vm.descriptor(.property, old.getter.retained(), setter: new.retained(), deleter: old.deleter.retained(), documentation: old.documentation.retained())
        }
        changed("deleter") { vm, old, new in
            vm.descriptor(.property, old.getter.retained(), setter: old.setter.retained(), deleter: new.retained(), documentation: old.documentation.retained())
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

    // MARK: small classes

    private func makeSmallClasses() {
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

/// What `function.__code__` shows.
final class CodeView {
    let record: UnsafeMutablePointer<CodeRecord>
    init(_ record: UnsafeMutablePointer<CodeRecord>) { self.record = record }
}
