import Bytecode

// `type`, the class of classes.

extension VM {
    func makeTypeClass() {
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
}
