import Diagnostics

#if canImport(Glibc)
    import Glibc
#endif

// Attribute access: Python's rules, slow paths. The run loop's inline caches go through `cacheable…` below.

extension VM {
    package func getAttribute(_ object: Value, _ name: String) throws(PythonError) -> Value { try getAttribute(object, intern(name)) }

    /// `object.name`; AttributeError when there is none.
    package func getAttribute(_ object: Value, _ name: StringPointer) throws(PythonError) -> Value {
        let found = try findAttribute(object, name)
        if found.isUndefined { throw missingAttribute(object, name) }
        return found
    }

    package func getAttribute(_ object: Value, _ name: String, default fallback: Value) throws(PythonError) -> Value {
        let found = try findAttribute(object, intern(name))
        return found.isUndefined ? fallback.retained() : found
    }

    /// `object.name`, undefined when there is none (an AttributeError raised by `__getattr__` counts as none).
    package func findAttribute(_ object: Value, _ name: StringPointer) throws(PythonError) -> Value {
        switch object.tag {
        case Tag.classObject: return try classAttribute(object.object(as: ClassObject.self), name)
        case Tag.module: return try moduleAttribute(object, name)
        case Tag.superObject: return try superAttribute(object, name)
        default: break
        }
        let type = typeOf(object)
        let hook = special(type, .getAttribute)
        if hook.tag == Tag.function {
            do throws(PythonError) {
                return try call(hook, object, Value(tag: Tag.string, pointer: name))
            } catch {
                guard matches(error, "AttributeError") else { throw error }
                let fallback = try callGetAttr(object, type, name, error)
                return fallback
            }
        }
        let getAttr = special(type, .getAttr)
        if getAttr.isUndefined { return try genericAttribute(object, type, name) }
        do throws(PythonError) {
            let found = try genericAttribute(object, type, name)
            if !found.isUndefined { return found }
        } catch {
            guard matches(error, "AttributeError") else { throw error }
            discard(error)
        }
        return try call(getAttr, object, Value(tag: Tag.string, pointer: name))
    }

    private func callGetAttr(_ object: Value, _ type: ClassPointer, _ name: StringPointer, _ error: PythonError) throws(PythonError) -> Value {
        let getAttr = special(type, .getAttr)
        if getAttr.isUndefined { throw error }
        discard(error)
        return try call(getAttr, object, Value(tag: Tag.string, pointer: name))
    }

    /// `object.__getattribute__`: data descriptors, then the instance, then the rest of the class; undefined when absent.
    package func genericAttribute(_ object: Value, _ type: ClassPointer, _ name: StringPointer) throws(PythonError) -> Value {
        let inClass = lookup(type, name)
        if isDataDescriptor(inClass) { return try bind(inClass, object, type) }
        let own = ownAttribute(object, name)
        if !own.isUndefined { return own.retained() }
        if inClass.isUndefined { return .undefined }
        return try bind(inClass, object, type)
    }

    /// An attribute stored in the object itself, borrowed; undefined when absent.
    package func ownAttribute(_ object: Value, _ name: StringPointer) -> Value {
        switch object.tag {
        case Tag.instance, Tag.exception:
            let instance = object.object(as: InstanceObject.self)
            let shape = instance.pointee.shape
            if shape.pointee.isDictionary {
                let found = dictValue(instance.pointee.slots[0].dict, name)
                return found.isUndefined && shape.pointee.count == 2 ? dictValue(instance.pointee.slots[1].dict, name) : found
            }
            let slot = shape.slot(of: name)
            return slot < 0 ? .undefined : instance.pointee.slots[slot]
        case Tag.function:
            let attributes = object.object(as: FunctionObject.self).pointee.attributes
            return attributes.isUndefined ? .undefined : dictValue(attributes.dict, name)
        case Tag.boundMethod:
            return ownAttribute(object.object(as: BoundMethodObject.self).pointee.function, name)
        default:
            return .undefined
        }
    }

    func isDataDescriptor(_ value: Value) -> Bool {
        switch value.tag {
        case Tag.descriptor: value.header.pointee.extra == DescriptorKind.property.rawValue
        case Tag.instance, Tag.native: !special(typeOf(value), .set).isUndefined || !special(typeOf(value), .delete).isUndefined
        default: false
        }
    }

    /// What a class attribute becomes when read through an instance.
    package func bind(_ attribute: Value, _ object: Value, _ type: ClassPointer) throws(PythonError) -> Value {
        switch attribute.tag {
        case Tag.function:
            return boundMethod(attribute.retained(), object.retained())
        case Tag.builtin:
            let (binds, isClassMethod) = attribute.object(as: BuiltinObject.self).pointee.function._withUnsafeGuaranteedRef {
                ($0.bindsReceiver && $0.owner != nil, $0.isClassMethod)
            }
            if !binds { return attribute.retained() }
            return boundMethod(attribute.retained(), isClassMethod ? type.value.retained() : object.retained())
        case Tag.descriptor:
            let descriptor = attribute.object(as: DescriptorObject.self)
            switch DescriptorKind(rawValue: attribute.header.pointee.extra).unsafelyUnwrapped {
            case .classMethod: return try bindClassMethod(descriptor.pointee.getter, type)
            case .staticMethod: return descriptor.pointee.getter.retained()
            case .property:
                if descriptor.pointee.getter.isNone {
                    let name = nameOfProperty(attribute, type).map { " '\($0)'" } ?? ""
                    throw attributeError("property\(name) of '\(type.info.name)' object has no getter")
                }
                return try call(descriptor.pointee.getter, object)
            }
        case Tag.instance, Tag.native:
            let get = special(typeOf(attribute), .get)
            if get.isUndefined { return attribute.retained() }
            return try call(get, attribute, object, type.value)
        default:
            return attribute.retained()
        }
    }

    /// Under which name a property stands in its class.
    private func nameOfProperty(_ property: Value, _ type: ClassPointer) -> String? {
        for ancestor in type.info.order {
            let namespace = ancestor.info.namespace
            for index in 0..<namespace.pointee.used {
                let entry = namespace.pointee.entries.unsafelyUnwrapped[index]
                if entry.value.isIdentical(to: property), entry.key.tag == Tag.string { return text(entry.key) }
            }
        }
        return nil
    }

    private func bindClassMethod(_ function: Value, _ type: ClassPointer) throws(PythonError) -> Value {
        if function.tag == Tag.function || function.tag == Tag.builtin { return boundMethod(function.retained(), type.value.retained()) }
        return try bind(function, type.value, type)
    }

    /// `Class.name`.
    private func classAttribute(_ type: ClassPointer, _ name: StringPointer) throws(PythonError) -> Value {
        let meta = lookup(typeClass, name)
        if isDataDescriptor(meta) { return try bind(meta, type.value, typeClass) }
        let own = lookup(type, name)
        if !own.isUndefined { return try bindToClass(own, type) }
        if !meta.isUndefined { return try bind(meta, type.value, typeClass) }
        let hook = special(type, .classGetattr)
        if !hook.isUndefined { return try call(unwrapStatic(hook), type.value, Value(tag: Tag.string, pointer: name)) }
        return .undefined
    }

    /// The plain function inside a staticmethod or classmethod.
    func unwrapStatic(_ value: Value) -> Value {
        value.tag == Tag.descriptor ? value.object(as: DescriptorObject.self).pointee.getter : value
    }

    /// What a class attribute becomes when read through the class.
    private func bindToClass(_ attribute: Value, _ type: ClassPointer) throws(PythonError) -> Value {
        switch attribute.tag {
        case Tag.builtin:
            let isClassMethod = attribute.object(as: BuiltinObject.self).pointee.function._withUnsafeGuaranteedRef { $0.isClassMethod }
            return isClassMethod ? boundMethod(attribute.retained(), type.value.retained()) : attribute.retained()
        case Tag.descriptor:
            let getter = attribute.object(as: DescriptorObject.self).pointee.getter
            switch DescriptorKind(rawValue: attribute.header.pointee.extra).unsafelyUnwrapped {
            case .classMethod: return try bindClassMethod(getter, type)
            case .staticMethod: return getter.retained()
            case .property: return attribute.retained()
            }
        case Tag.instance, Tag.native:
            let get = special(typeOf(attribute), .get)
            if get.isUndefined { return attribute.retained() }
            return try call(get, attribute, .none, type.value)
        default:
            return attribute.retained()
        }
    }

    private func moduleAttribute(_ object: Value, _ name: StringPointer) throws(PythonError) -> Value {
        let info = object.object(as: ModuleObject.self).pointee.info.takeUnretainedValue()
        let text = text(name)
        if let value = info.value(of: text) { return value.retained() }
        let meta = lookup(typeOf(object), name)
        if !meta.isUndefined { return try bind(meta, object, typeOf(object)) }
        if let missing = info.missing, let value = try missing(self, text) { return value }
        if let hook = info.value(of: "__getattr__") { return try call(hook, Value(tag: Tag.string, pointer: name)) }
        return .undefined
    }

    private func superAttribute(_ object: Value, _ name: StringPointer) throws(PythonError) -> Value {
        let record = object.object(as: SuperObject.self)
        let order = record.pointee.receiverType.info.order
        let start = (order.firstIndex(of: record.pointee.owner) ?? -1) + 1
        for type in order[start...] {
            populate(type)
            let found = dictValue(type.info.namespace, name)
            if found.isUndefined { continue }
            let receiver = record.pointee.receiver
            if receiver.tag == Tag.classObject, receiver.pointer == UnsafeMutableRawPointer(record.pointee.receiverType) {
                return try bindToClass(found, record.pointee.receiverType)
            }
            return try bind(found, receiver, record.pointee.receiverType)
        }
        let own = lookup(typeOf(object), name)
        return own.isUndefined ? .undefined : try bind(own, object, typeOf(object))
    }

    // MARK: errors

    /// AttributeError in CPython's words, with a suggestion computed when it is shown.
    package func missingAttribute(_ object: Value, _ name: StringPointer) -> PythonError {
        let text = text(name)
        let message =
            switch object.tag {
            case Tag.classObject: "type object '\(object.object(as: ClassObject.self).info.name)' has no attribute '\(text)'"
            case Tag.module: missingInModule(moduleInfo(object), text)
            default: "'\(fullTypeName(object))' object has no attribute '\(text)'"
            }
        let error = attributeError(message)
        setOwnAttribute(error.exception, intern("name"), Value(tag: Tag.string, pointer: name))
        setOwnAttribute(error.exception, intern("obj"), object)
        return error
    }

    private func missingInModule(_ info: ModuleInfo, _ name: String) -> String {
        info.isLoading
            ? "partially initialized module '\(info.name)' has no attribute '\(name)' (most likely due to a circular import)"
            : "module '\(info.name)' has no attribute '\(name)'"
    }

    // MARK: storing

    package func setAttribute(_ object: Value, _ name: String, _ value: Value) throws(PythonError) {
        try setAttribute(object, intern(name), value)
    }

    /// `object.name = value`
    package func setAttribute(_ object: Value, _ name: StringPointer, _ value: Value) throws(PythonError) {
        switch object.tag {
        case Tag.classObject:
            try setClassAttribute(object.object(as: ClassObject.self), name, value)
        case Tag.module:
            setGlobal(object.object(as: ModuleObject.self), text(name), value)
        default:
            let type = typeOf(object)
            let hook = special(type, .setAttr)
            if !hook.isUndefined, hook.tag != Tag.builtin || hook.bits != objectSetAttr.bits {
                heap.release(try call(hook, object, Value(tag: Tag.string, pointer: name), value))
                return
            }
            try genericSetAttribute(object, type, name, value)
        }
    }

    /// `object.__setattr__`
    package func genericSetAttribute(_ object: Value, _ type: ClassPointer, _ name: StringPointer, _ value: Value) throws(PythonError) {
        let inClass = lookup(type, name)
        if try storeThroughDescriptor(inClass, object, name, value) { return }
        switch object.tag {
        case Tag.instance where type.info.hasInstanceAttributes, Tag.exception where type.info.hasInstanceAttributes:
            if let allowed = type.info.slotNames, !allowed.contains(name) { throw missingAttribute(object, name) }
            setOwnAttribute(object, name, value)
        case Tag.function:
            setFunctionAttribute(object, name, value)
        default:
            if inClass.isUndefined { throw missingAttribute(object, name) }
            throw attributeError("'\(type.info.name)' object attribute '\(text(name))' is read-only")
        }
    }

    /// Stores through a data descriptor of the class; false when there is none.
    private func storeThroughDescriptor(_ inClass: Value, _ object: Value, _ name: StringPointer, _ value: Value) throws(PythonError) -> Bool {
        switch inClass.tag {
        case Tag.descriptor where inClass.header.pointee.extra == DescriptorKind.property.rawValue:
            let setter = inClass.object(as: DescriptorObject.self).pointee.setter
            if setter.isNone {
                throw attributeError("property '\(text(name))' of '\(typeName(object))' object has no setter")
            }
            heap.release(try call(setter, object, value))
            return true
        case Tag.instance, Tag.native:
            let set = special(typeOf(inClass), .set)
            if set.isUndefined { return false }
            heap.release(try call(set, inClass, object, value))
            return true
        default:
            return false
        }
    }

    /// Stores in the instance itself. Retains `value`.
    package func setOwnAttribute(_ object: Value, _ name: StringPointer, _ value: Value) {
        let instance = object.object(as: InstanceObject.self)
        let shape = instance.pointee.shape
        if shape.pointee.isDictionary {
            let isHidden = shape.pointee.count == 2 && shape.pointee.type.info.hiddenNames.contains(name)
            dictSet(instance.pointee.slots[isHidden ? 1 : 0].dict, name, value)
            return
        }
        value.retain()
        let slot = shape.slot(of: name)
        if slot >= 0 {
            heap.replace(instance.pointee.slots + slot, with: value)
            return
        }
        appendSlot(object, shape.adding(name), value)
    }

    /// Moves an instance to a shape with one more slot, which takes over `value`.
    func appendSlot(_ object: Value, _ next: UnsafeMutablePointer<Shape>, _ value: Value) {
        let instance = object.object(as: InstanceObject.self)
        let count = Int(next.pointee.count) - 1
        if count == instance.pointee.slotCapacity { growSlots(object) }
        instance.pointee.slots[count] = value
        instance.pointee.shape = next
    }

    @inline(never)
    private func growSlots(_ object: Value) {
        let instance = object.object(as: InstanceObject.self)
        let old = instance.pointee.slots
        let oldCapacity = instance.pointee.slotCapacity
        let capacity = max(4, oldCapacity * 2)
        let slots = UnsafeMutableRawPointer(malloc(capacity * MemoryLayout<Value>.stride)).unsafelyUnwrapped.assumingMemoryBound(to: Value.self)
        memcpy(slots, old, oldCapacity * MemoryLayout<Value>.stride)
        if old != heap.firstSlot(of: object) { free(old) }
        instance.pointee.slots = slots
        instance.pointee.slotCapacity = capacity
        let info = instance.pointee.shape.pointee.type.info
        if info.slotHint < min(capacity, 24) { info.slotHint = min(capacity, 24) }
    }

    func setFunctionAttribute(_ object: Value, _ name: StringPointer, _ value: Value) {
        let function = object.object(as: FunctionObject.self)
        if function.pointee.attributes.isUndefined { function.pointee.attributes = dict() }
        dictSet(function.pointee.attributes.dict, name, value)
    }

    func setClassAttribute(_ type: ClassPointer, _ name: StringPointer, _ value: Value) throws(PythonError) {
        guard type.info.isUserClass else {
            throw typeError("cannot set '\(text(name))' attribute of immutable type '\(type.info.name)'")
        }
        let hook = special(type, .classSetattr)
        if !hook.isUndefined {
            heap.release(try call(unwrapStatic(hook), type.value, Value(tag: Tag.string, pointer: name), value))
            return
        }
        try genericSetClassAttribute(type, name, value)
    }

    /// `type.__setattr__`: past the class's own hook.
    func genericSetClassAttribute(_ type: ClassPointer, _ name: StringPointer, _ value: Value) throws(PythonError) {
        guard type.info.isUserClass else {
            throw typeError("cannot set '\(text(name))' attribute of immutable type '\(type.info.name)'")
        }
        let meta = lookup(typeClass, name)
        if try storeThroughDescriptor(meta, type.value, name, value) { return }
        storeInClass(type, name, value)
    }

    /// Stores in the class's own namespace.
    package func storeInClass(_ type: ClassPointer, _ name: StringPointer, _ value: Value) {
        classWillChange(type, name, from: lookup(type, name), to: value)
        dictSet(type.info.namespace, name, value)
        classState.epoch &+= 1
        if name == specialNames[Special.del.rawValue] { markFinalizers(type) }
    }

    private func markFinalizers(_ type: ClassPointer) {
        if let root = type.pointee.rootShape {
            var work = [root]
            while let shape = work.popLast() {
                shape.pointee.hasFinalizer = true
                work.append(contentsOf: shape.pointee.links.takeUnretainedValue().next.values)
            }
        }
        for subclass in type.info.subclasses { markFinalizers(subclass) }
    }

    // MARK: deleting

    /// `del object.name`
    package func deleteAttribute(_ object: Value, _ name: StringPointer) throws(PythonError) {
        switch object.tag {
        case Tag.classObject:
            let type = object.classPointer
            let hook = special(type, .classDelattr)
            if !hook.isUndefined {
                heap.release(try call(unwrapStatic(hook), object, Value(tag: Tag.string, pointer: name)))
                return
            }
            try genericDeleteClassAttribute(type, name)
        case Tag.module:
            let module = object.object(as: ModuleObject.self)
            let info = module.pointee.info.takeUnretainedValue()
            guard info.value(of: text(name)) != nil else { throw missingAttribute(object, name) }
            releaseGlobal(module.pointee.globals + info.slot(of: text(name)), with: .undefined)
        default:
            let type = typeOf(object)
            let hook = special(type, .delAttr)
            if !hook.isUndefined, !isObjectDelAttr(hook) {
                heap.release(try call(hook, object, Value(tag: Tag.string, pointer: name)))
                return
            }
            try genericDeleteAttribute(object, type, name)
        }
    }

    private func isObjectDelAttr(_ hook: Value) -> Bool {
        guard hook.tag == Tag.builtin else { return false }
        return hook.object(as: BuiltinObject.self).pointee.function._withUnsafeGuaranteedRef { $0.owner == "object" || $0.owner == "type" }
    }

    /// `type.__delattr__`: past the class's own hook.
    func genericDeleteClassAttribute(_ type: ClassPointer, _ name: StringPointer) throws(PythonError) {
        guard type.info.isUserClass else {
            throw typeError("cannot set '\(text(name))' attribute of immutable type '\(type.info.name)'")
        }
        classWillChange(type, name, from: lookup(type, name), to: .undefined)
        let old = dictRemove(type.info.namespace, name)
        classState.epoch &+= 1
        if old.isUndefined { throw attributeError("type object '\(type.info.name)' has no attribute '\(text(name))'") }
        heap.release(old)
    }

    /// `object.__delattr__`
    package func genericDeleteAttribute(_ object: Value, _ type: ClassPointer, _ name: StringPointer) throws(PythonError) {
        let inClass = lookup(type, name)
        switch inClass.tag {
        case Tag.descriptor where inClass.header.pointee.extra == DescriptorKind.property.rawValue:
            let deleter = inClass.object(as: DescriptorObject.self).pointee.deleter
            if deleter.isNone { throw attributeError("property '\(text(name))' of '\(type.info.name)' object has no deleter") }
            heap.release(try call(deleter, object))
            return
        case Tag.instance, Tag.native:
            let delete = special(typeOf(inClass), .delete)
            if !delete.isUndefined {
                heap.release(try call(delete, inClass, object))
                return
            }
        default: break
        }
        if object.tag == Tag.function {
            let attributes = object.object(as: FunctionObject.self).pointee.attributes
            let old = attributes.isUndefined ? Value.undefined : dictRemove(attributes.dict, name)
            if old.isUndefined { throw missingAttribute(object, name) }
            heap.release(old)
            return
        }
        guard object.tag == Tag.instance || object.tag == Tag.exception, !ownAttribute(object, name).isUndefined else {
            throw missingAttribute(object, name)
        }
        // Deleting is rare: the instance goes over to a dictionary, which keeps the order of what is left.
        let removed = dictRemove(instanceDict(object), name)
        let instance = object.object(as: InstanceObject.self)
        heap.release(removed.isUndefined && instance.pointee.shape.pointee.count == 2 ? dictRemove(instance.pointee.slots[1].dict, name) : removed)
    }

    /// `instance.__dict__`: from now on the instance keeps its attributes in this live dict, and those that `__slots__` keep
    /// out of it in a second one. Borrowed.
    package func instanceDict(_ object: Value) -> DictPointer {
        let instance = object.object(as: InstanceObject.self)
        let shape = instance.pointee.shape
        if shape.pointee.isDictionary { return instance.pointee.slots[0].dict }
        let content = dict()
        let hiddenNames = shape.pointee.type.info.hiddenNames
        let hidden = hiddenNames.isEmpty ? Value.undefined : dict()
        let count = Int(shape.pointee.count)
        for slot in 0..<count {
            let name = shape.pointee.names[slot]
            dictSet(hiddenNames.contains(name) ? hidden.dict : content.dict, name, instance.pointee.slots[slot])
            heap.release(instance.pointee.slots[slot])
        }
        while instance.pointee.slotCapacity < (hidden.isUndefined ? 1 : 2) { growSlots(object) }
        instance.pointee.slots[0] = content
        if !hidden.isUndefined { instance.pointee.slots[1] = hidden }
        instance.pointee.shape = dictionaryShape(shape.pointee.type)
        return content.dict
    }

    private func dictionaryShape(_ type: ClassPointer) -> UnsafeMutablePointer<Shape> {
        let root = rootShape(type)
        let links = root.pointee.links.takeUnretainedValue()
        let key = intern("__dict__")
        if let shape = links.next[key] { return shape }
        let shape = Shape.make(
            type: type, names: type.info.hiddenNames.isEmpty ? [key] : [key, intern("__slots__")], hasFinalizer: root.pointee.hasFinalizer,
            isDictionary: true)
        links.next[key] = shape
        return shape
    }

    // MARK: globals

    /// Binds a global of a module. Retains `value`.
    package func setGlobal(_ module: UnsafeMutablePointer<ModuleObject>, _ name: String, _ value: Value) {
        let slot = module.pointee.info.takeUnretainedValue().slot(of: name)
        value.retain()
        releaseGlobal(module.pointee.globals + slot, with: value)
    }

    /// Stores in a global's slot. A function that goes out of its slot while frames run may be running itself, called
    /// without a reference of its own: it is kept until no frame runs.
    @inline(__always)
    func releaseGlobal(_ slot: UnsafeMutablePointer<Value>, with value: Value) {
        let old = slot.pointee
        slot.pointee = value
        if old.isHeap { releaseGlobalContent(old) }
    }

    @inline(never)
    private func releaseGlobalContent(_ old: Value) {
        if old.tag == Tag.function, old.header.pointee.references == 1, frame > frames + 1 {
            retiredFunctions.append(old)
        } else {
            heap.release(old)
        }
    }
}
