import Bytecode

// What `callMethod` calls, where its cache does not say. A cache for method calls is keyed by the shape of an instance whose class
// has the method as a function, by the tag of other built-in kinds, by the class of natives, by a module itself.

extension VM {
    /// A method as it was found, owned, and whether it takes the object as its first argument.
    private typealias FoundMethod = (callable: Value, takesReceiver: Bool)

    /// Finds the method of a `callMethod`: slot[1] holds the object, or, where `findMethod` has read the attribute, nothing.
    /// Returns the window of the call, which begins at the callable: `slot` when the object is the first argument, else `slot + 1`.
    @inline(never)
    func loadMethod(_ slot: UnsafeMutablePointer<Value>, _ site: UInt16) throws(PythonError) -> UnsafeMutablePointer<Value> {
        if slot[1].isUndefined {
            slot[1] = slot[0]
            slot[0] = .undefined
            return slot + 1
        }
        let found = try method(of: slot[1], frame.pointee.code.pointee.caches + Int(site))
        if found.takesReceiver {
            slot[0] = found.callable
            return slot
        }
        heap.replace(slot + 1, with: found.callable)
        return slot + 1
    }

    /// Looks for the method of a `callMethod` whose arguments are not evaluated yet; slot[1] holds the object.
    @inline(never)
    func findMethod(_ slot: UnsafeMutablePointer<Value>, _ site: UInt16) throws(PythonError) {
        let found = try method(of: slot[1], frame.pointee.code.pointee.caches + Int(site))
        if found.takesReceiver {
            // The call finds it again, through the cache as a rule.
            heap.release(found.callable)
        } else {
            slot[0] = found.callable
            heap.replace(slot + 1, with: .undefined)
        }
    }

    private func method(of object: Value, _ cache: UnsafeMutablePointer<InlineCache>) throws(PythonError) -> FoundMethod {
        switch object.tag {
        case Tag.module, Tag.classObject, Tag.superObject, Tag.function, Tag.boundMethod, Tag.builtin: break
        case Tag.native:
            let type = object.object(as: NativeObject.self).pointee.type
            let key = UInt64(UInt(bitPattern: type))
            if cache.pointee.key == key, cache.pointee.kind == .method, type != nil { return (cache.pointee.value.retained(), true) }
            guard let method = plainMethod(of: object, cache.pointee.name) else { break }
            if method.tag == Tag.builtin { VM.remember(method, cache, key) }
            return (method.retained(), true)
        case Tag.instance:
            guard let method = plainMethod(of: object, cache.pointee.name) else { break }
            let shape = object.object(as: InstanceObject.self).pointee.shape
            if method.tag == Tag.function, !shape.pointee.isDictionary { VM.remember(method, cache, InlineCache.key(shape)) }
            return (method.retained(), true)
        default:
            guard let method = plainMethod(of: object, cache.pointee.name) else { break }
            if method.tag == Tag.builtin, object.tag != Tag.int, object.tag <= Tag.generator, object.tag != Tag.exception {
                VM.remember(method, cache, object.tag)
                if object.tag == Tag.list, text(cache.pointee.name) == "append" { cache.pointee.kind = .append }
            }
            return (method.retained(), true)
        }
        // A module's functions are the methods called most: its cache is read here.
        if object.tag == Tag.module { return (try getAttribute(object, through: cache), false) }
        return (try getAttribute(object, cache.pointee.name), false)
    }

    private static func remember(_ method: Value, _ cache: UnsafeMutablePointer<InlineCache>, _ key: UInt64) {
        cache.pointee.key = key
        cache.pointee.kind = .method
        cache.pointee.value = method
    }

    /// The method that the class of `object` has by that name, borrowed: one that takes its receiver as first argument and that no
    /// attribute of the object itself hides.
    private func plainMethod(of object: Value, _ name: StringPointer) -> Value? {
        let type = typeOf(object)
        let method = lookup(type, name)
        let binds = method.tag == Tag.function || (method.tag == Tag.builtin && bindsPlainly(method))
        guard binds, special(type, .getAttribute).tag != Tag.function, ownAttribute(object, name).isUndefined else { return nil }
        return method
    }

    private func bindsPlainly(_ method: Value) -> Bool {
        method.object(as: BuiltinObject.self).pointee.function._withUnsafeGuaranteedRef {
            $0.owner != nil && $0.bindsReceiver && !$0.isClassMethod
        }
    }
}
