import Bytecode

// Attributes behind inline caches, and what fills the caches.

extension VM {
    /// An attribute read whose cache missed; fills the cache when that is sound.
    @inline(never)
    func getAttributeCached(_ object: Value, _ site: UInt16) throws(PythonError) -> Value {
        try getAttribute(object, through: frame.pointee.code.pointee.caches + Int(site))
    }

    func getAttribute(_ object: Value, through cache: UnsafeMutablePointer<InlineCache>) throws(PythonError) -> Value {
        let name = cache.pointee.name
        switch object.tag {
        case Tag.module:
            let module = object.object(as: ModuleObject.self)
            let key = UInt64(UInt(bitPattern: module))
            if cache.pointee.key == key, cache.pointee.kind == .global {
                let value = module.pointee.globals[Int(cache.pointee.offset)]
                if !value.isUndefined { return value.retained() }
            }
            let info = module.pointee.info.takeUnretainedValue()
            if let slot = info.names.existingSlot(of: text(name)), slot < info.initialised, !module.pointee.globals[slot].isUndefined {
                cache.pointee.key = key
                cache.pointee.kind = .global
                cache.pointee.offset = Int32(slot)
                return module.pointee.globals[slot].retained()
            }
        case Tag.instance, Tag.exception:
            let shape = object.object(as: InstanceObject.self).pointee.shape
            let isKnown = cache.pointee.key == InlineCache.key(shape) || cache.pointee.key == InlineCache.otherKey(shape)
            if isKnown, let known = try cachedAttribute(object, cache) { return known }
            if learnAttribute(shape, cache), let known = try cachedAttribute(object, cache) { return known }
        default: break
        }
        return try getAttribute(object, name)
    }

    /// What the cache, whose key is of the object's shape, says about the attribute; nil when it is out of date.
    private func cachedAttribute(_ object: Value, _ cache: UnsafeMutablePointer<InlineCache>) throws(PythonError) -> Value? {
        switch cache.pointee.kind {
        case .slot: return object.object(as: InstanceObject.self).pointee.slots[Int(cache.pointee.offset)].retained()
        case .method: return boundMethod(cache.pointee.value.retained(), object.retained())
        case .constant: return cache.pointee.epoch == classState.epoch ? cache.pointee.value.retained() : nil
        case .property:
            let getter = cache.pointee.value
            if getter.tag == Tag.builtin, getter.object(as: BuiltinObject.self).pointee.exactCount == 1 {
                var receiver = object
                return try getter.object(as: BuiltinObject.self).invoke(self, Arguments(base: &receiver, count: 1))
            }
            return try call(getter, object)
        case .empty, .global, .store, .add, .append: return nil
        }
    }

    /// Fills the cache for reading its attribute of instances of a shape. Returns false where all the rules must be gone through.
    private func learnAttribute(_ shape: UnsafeMutablePointer<Shape>, _ cache: UnsafeMutablePointer<InlineCache>) -> Bool {
        let name = cache.pointee.name
        let type = shape.pointee.type
        if special(type, .getAttribute).tag == Tag.function || shape.pointee.isDictionary { return false }
        let inClass = lookup(type, name)
        let slot = shape.slot(of: name)
        switch inClass.tag {
        case Tag.descriptor where inClass.header.pointee.extra == DescriptorKind.property.rawValue:
            // Errors of getters go through `__getattr__`.
            let getter = inClass.object(as: DescriptorObject.self).pointee.getter
            guard !getter.isNone, special(type, .getAttr).isUndefined else { return false }
            cache.pointee.kind = .property
            cache.pointee.value = getter
        case _ where slot >= 0:
            if isDataDescriptor(inClass) { return false }
            cache.pointee.kind = .slot
            cache.pointee.offset = Int32(slot)
        case Tag.function:
            cache.pointee.kind = .method
            cache.pointee.value = inClass
        case Tag.int, Tag.float, Tag.none, Tag.bool, Tag.string, Tag.list, Tag.tuple, Tag.dict, Tag.set, Tag.frozenSet, Tag.classObject:
            cache.pointee.kind = .constant
            cache.pointee.value = inClass
            cache.pointee.epoch = classState.epoch
        default: return false
        }
        cache.pointee.key = cache.pointee.kind == .slot ? InlineCache.key(shape) : InlineCache.otherKey(shape)
        return true
    }

    @inline(never)
    func setAttributeCached(_ object: Value, _ site: UInt16, _ value: Value) throws(PythonError) {
        let cache = frame.pointee.code.pointee.caches + Int(site)
        let name = cache.pointee.name
        if object.tag == Tag.instance {
            let shape = object.object(as: InstanceObject.self).pointee.shape
            let type = shape.pointee.type
            let hook = special(type, .setAttr)
            if !shape.pointee.isDictionary, hook.isUndefined || hook.bits == objectSetAttr.bits, isPlain(lookup(type, name)),
                type.info.hasInstanceAttributes, type.info.slotNames == nil
            {
                let slot = shape.slot(of: name)
                if slot >= 0 {
                    cache.pointee.key = InlineCache.key(shape)
                    cache.pointee.kind = .store
                    cache.pointee.offset = Int32(slot)
                } else {
                    cache.pointee.key = InlineCache.otherKey(shape)
                    cache.pointee.kind = .add
                    cache.pointee.offset = shape.pointee.count
                    cache.pointee.next = shape.adding(name)
                }
                setOwnAttribute(object, name, value)
                return
            }
        }
        try setAttribute(object, name, value)
    }

    /// Whether a class attribute of this kind never takes part in storing to an instance.
    private func isPlain(_ value: Value) -> Bool {
        switch value.tag {
        case Tag.descriptor: value.header.pointee.extra != DescriptorKind.property.rawValue
        case Tag.instance, Tag.native: special(typeOf(value), .set).isUndefined
        default: true
        }
    }

    @inline(never)
    func makeSuper(_ owner: Value, _ receiver: Value) throws(PythonError) -> Value {
        guard owner.tag == Tag.classObject else { throw typeError("super() argument 1 must be a type, not \(typeName(owner))") }
        let type = owner.object(as: ClassObject.self)
        let receiverType: ClassPointer
        if receiver.tag == Tag.classObject, isSubclass(receiver.object(as: ClassObject.self), type) {
            receiverType = receiver.object(as: ClassObject.self)
        } else if isInstance(receiver, type) {
            receiverType = typeOf(receiver)
        } else {
            throw typeError("super(type, obj): obj must be an instance or subtype of type")
        }
        let memory = heap.allocate(MemoryLayout<SuperObject>.stride, Tag.superObject)
        heap.containerGrowth &+= 1
        let object = memory.assumingMemoryBound(to: SuperObject.self)
        object.pointee.owner = type
        object.pointee.receiver = receiver.retained()
        object.pointee.receiverType = receiverType
        owner.retain()
        receiverType.value.retain()
        return Value(tag: Tag.superObject, pointer: memory)
    }
}
