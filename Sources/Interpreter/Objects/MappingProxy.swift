import Syntax

// mappingproxy: a read-only window on a dict, as a class's `__dict__` is one.

/// The mapping behind a proxy.
final class MappingProxy: ReferenceHolder {
    private(set) var mapping: Reference?

    init(_ mapping: Value, _ heap: Heap) { self.mapping = Reference(mapping, heap) }

    func visitReferences(_ visit: (Value) -> Void) { if let mapping { visit(mapping.value) } }
    func dropReferences() { mapping = nil }
}

extension VM {
    /// A proxy over `mapping`, borrowed.
    package func mappingProxy(_ mapping: Value) -> Value {
        native(MappingProxy(mapping, heap), builtinClasses["mappingproxy"].unsafelyUnwrapped)
    }

    func makeMappingProxyClass() {
        let type = makeBuiltinClass("mappingproxy", layout: Tag.native, isBase: false) { vm, type in
            vm.fillProxyAccess(type)
            vm.fillProxyOperators(type)
        }
        type.info.construct = NativeFunction("mappingproxy", "cls, mapping") { (vm, a) throws(PythonError) -> Value in
            let plain = vm.payload(a[1])
            if plain.tag == Tag.list || plain.tag == Tag.tuple || vm.special(vm.typeOf(a[1]), .getItem).isUndefined {
                throw vm.typeError("mappingproxy() argument must be a mapping, not \(vm.typeName(a[1]))")
            }
            return vm.mappingProxy(a[1])
        }
        builtinClasses["mappingproxy"] = type
    }

    private func proxied(_ value: Value) throws(PythonError) -> Value {
        guard let mapping = nativeObject(value, as: MappingProxy.self)?.mapping else {
            throw typeError("descriptor requires a 'mappingproxy' object but received a '\(typeName(value))'")
        }
        return mapping.value
    }

    private func fillProxyAccess(_ type: ClassPointer) {
        define(type, "__getitem__", "self, key, /") { (vm, a) throws(PythonError) -> Value in try vm.getItem(vm.proxied(a[0]), a[1]) }
        define(type, "__contains__", "self, key, /") { (vm, a) throws(PythonError) -> Value in .bool(try vm.contains(vm.proxied(a[0]), a[1])) }
        define(type, "__len__", "self, /") { (vm, a) throws(PythonError) -> Value in .int(try vm.length(vm.proxied(a[0]))) }
        define(type, "__iter__", "self, /") { (vm, a) throws(PythonError) -> Value in try vm.makeIterator(vm.proxied(a[0])) }
        define(type, "get", "self, key, default=None, /") { (vm, a) throws(PythonError) -> Value in
            try vm.callMethod(vm.proxied(a[0]), "get", a[1], a[2])
        }
        for name in ["keys", "values", "items", "copy", "__reversed__"] {
            define(type, name, "self, /") { (vm, a) throws(PythonError) -> Value in try vm.callMethod(vm.proxied(a[0]), name) }
        }
    }

    private func fillProxyOperators(_ type: ClassPointer) {
        define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
            vm.string("mappingproxy(\(try vm.reprText(vm.proxied(a[0]))))")
        }
        define(type, "__str__", "self, /") { (vm, a) throws(PythonError) -> Value in try vm.str(vm.proxied(a[0])) }
        define(type, "__hash__", "self, /") { (vm, a) throws(PythonError) -> Value in .int(try vm.hash(vm.proxied(a[0]))) }
        /// The other operand with a proxy taken off.
        func plain(_ vm: VM, _ value: Value) -> Value { vm.nativeObject(value, as: MappingProxy.self)?.mapping?.value ?? value }
        define(type, "__eq__", "self, value, /") { (vm, a) throws(PythonError) -> Value in
            try vm.compare(.equal, vm.proxied(a[0]), plain(vm, a[1]))
        }
        define(type, "__or__", "self, value, /") { (vm, a) throws(PythonError) -> Value in
            try vm.binary(.or, vm.proxied(a[0]), plain(vm, a[1]))
        }
        define(type, "__ror__", "self, value, /") { (vm, a) throws(PythonError) -> Value in
            try vm.binary(.or, plain(vm, a[1]), vm.proxied(a[0]))
        }
        define(type, "__ior__", "self, value, /") { (vm, a) throws(PythonError) -> Value in
            throw vm.typeError("'|=' is not supported by mappingproxy; use '|' instead")
        }
    }
}
