// Built-in functions about types and identity: isinstance, issubclass, callable, hash, id.

extension VM {
    func installTypeFunctions() {
        installFunction("isinstance", "obj, class_or_tuple, /") { (vm, a) throws(PythonError) -> Value in
            .bool(try vm.isInstance(a[0], of: a[1]))
        }
        installFunction("issubclass", "cls, class_or_tuple, /") { (vm, a) throws(PythonError) -> Value in
            .bool(try vm.isSubclass(a[0], of: a[1]))
        }
        installFunction("callable", "obj, /") { (vm, a) throws(PythonError) -> Value in .bool(vm.isCallable(a[0])) }
        installFunction("hash", "obj, /") { (vm, a) throws(PythonError) -> Value in .int(try vm.hash(a[0])) }
        installFunction("id", "obj, /") { (vm, a) throws(PythonError) -> Value in
            if a[0].isHeap { return .int(Int(truncatingIfNeeded: a[0].bits)) }
            // Immediate values are one object each: their content tells them apart.
            let mixed = (a[0].bits &* 0x9E37_79B9_7F4A_7C15) ^ (a[0].tag << 56)
            return .int(Int(truncatingIfNeeded: (mixed >> 2) | 1))
        }
    }

    package func isCallable(_ value: Value) -> Bool {
        switch value.tag {
        case Tag.function, Tag.builtin, Tag.boundMethod, Tag.classObject: true
        case Tag.descriptor: value.header.pointee.extra == DescriptorKind.staticMethod.rawValue
        default: !special(typeOf(value), .call).isUndefined
        }
    }

    /// `isinstance(value, info)`: a class, a tuple of such, or anything with `__instancecheck__`.
    package func isInstance(_ value: Value, of info: Value) throws(PythonError) -> Bool {
        switch info.tag {
        case Tag.classObject:
            let type = info.classPointer
            if isInstance(value, type) { return true }
            if !type.info.isUserClass { return false }
            let hook = special(type, .classInstancecheck)
            if hook.isUndefined { return try claimsClass(value, type) }
            return try verdict(call(unwrapStatic(hook), info, value))
        case Tag.tuple:
            for index in 0..<info.tuple.pointee.count where try isInstance(value, of: info.tuple.items[index]) { return true }
            return false
        default:
            let method = special(typeOf(info), .instancecheck)
            if method.isUndefined { throw typeError("isinstance() arg 2 must be a type, a tuple of types, or a union") }
            return try verdict(call(method, info, value))
        }
    }

    /// Whether an object's own `__class__` (a property, as proxies have) derives from the class.
    private func claimsClass(_ value: Value, _ type: ClassPointer) throws(PythonError) -> Bool {
        guard value.tag == Tag.instance else { return false }
        let name = intern("__class__")
        let own = lookup(typeOf(value), name)
        if own.isIdentical(to: lookup(objectClass, name)) { return false }
        guard let claimed = try attributeOrNil(value, name) else { return false }
        defer { heap.release(claimed) }
        return claimed.tag == Tag.classObject && isSubclass(claimed.classPointer, type)
    }

    /// `issubclass(type, info)`
    package func isSubclass(_ type: Value, of info: Value) throws(PythonError) -> Bool {
        switch info.tag {
        case Tag.classObject:
            let base = info.classPointer
            if type.tag == Tag.classObject, isSubclass(type.classPointer, base) { return true }
            let hook = base.info.isUserClass ? special(base, .classSubclasscheck) : .undefined
            if !hook.isUndefined { return try verdict(call(unwrapStatic(hook), info, type)) }
            if type.tag != Tag.classObject { throw typeError("issubclass() arg 1 must be a class") }
            return false
        case Tag.tuple:
            for index in 0..<info.tuple.pointee.count where try isSubclass(type, of: info.tuple.items[index]) { return true }
            return false
        default:
            let method = special(typeOf(info), .subclasscheck)
            if method.isUndefined { throw typeError("issubclass() arg 2 must be a class, a tuple of classes, or a union") }
            return try verdict(call(method, info, type))
        }
    }

    /// The truth of a result, which is given up.
    private func verdict(_ result: Value) throws(PythonError) -> Bool {
        defer { heap.release(result) }
        return try isTrue(result)
    }
}
