import Bytecode
import Syntax

// What the dispatch loop leaves to functions of their own: variables, attributes behind caches, arithmetic on anything
// but small numbers, displays.

extension VM {
    // MARK: registers and names

    @inline(never)
    func clearRegisters(_ first: UnsafeMutablePointer<Value>, _ count: Int) {
        for index in 0..<count { heap.replace(first + index, with: .undefined) }
    }

    @inline(never)
    func unboundLocal(_ offset: UInt16) -> PythonError {
        let name = text(frame.pointee.code.pointee.localNames[Int(offset) / 16])
        return error("UnboundLocalError", "cannot access local variable '\(name)' where it is not associated with a value")
    }

    @inline(never)
    func unboundFree(_ index: UInt16) -> PythonError {
        let code = frame.pointee.code.pointee.code.takeUnretainedValue()
        return error(
            "NameError", "cannot access free variable '\(code.freeNames[Int(index)])' where it is not associated with a value in enclosing scope")
    }

    @inline(never)
    func undefinedName(_ slot: Int) -> PythonError {
        let name = frame.pointee.module.pointee.info.takeUnretainedValue().names.names[slot]
        return undefinedName(name)
    }

    /// A name that is neither global nor built in by itself: one that the program put into module `builtins`, or that module
    /// (borrowed); NameError when it is nothing.
    @inline(never)
    func addedBuiltin(_ slot: Int) throws(PythonError) -> Value {
        let name = frame.pointee.module.pointee.info.takeUnretainedValue().names.names[slot]
        if name == "__builtins__", nativeModules["builtins"] != nil {
            heap.release(try importModule("builtins"))
            if let module = modules["builtins"] { return module }
        }
        if let module = modules["builtins"], module.tag == Tag.module {
            if let found = try attributeOrNil(module, intern(name)) {
                heap.release(found)
                return found
            }
        }
        throw undefinedName(name)
    }

    func undefinedName(_ name: String) -> PythonError {
        let error = error("NameError", "name '\(name)' is not defined")
        let value = string(name)
        setOwnAttribute(error.exception, intern("name"), value)
        heap.release(value)
        return error
    }

    @inline(never)
    func loadName(_ i: InstructionPointer, _ extra: Instruction, _ namespace: Value, _ globals: UnsafeMutablePointer<Value>) throws(PythonError) -> Value {
        let found = dictValue(namespace.dict, frame.pointee.code.pointee.names[Int(i.b)])
        if !found.isUndefined { return found.retained() }
        var value = globals[Int(extra.a)]
        if value.isUndefined, extra.b != 0 { value = builtins[Int(extra.b) - 1] }
        if value.isUndefined { value = try addedBuiltin(Int(extra.a)) }
        return value.retained()
    }

    @inline(never)
    func deleteName(_ i: InstructionPointer, _ namespace: Value) throws(PythonError) {
        let name = frame.pointee.code.pointee.names[Int(i.a)]
        let old = dictRemove(namespace.dict, name)
        if old.isUndefined { throw undefinedName(text(name)) }
        heap.release(old)
    }

    @inline(never)
    func loadFree(_ index: UInt16) throws(PythonError) -> Value {
        let closure = frame.pointee.function.unsafelyUnwrapped.pointee.closure
        let value = closure.tuple.items[Int(index)].object(as: CellObject.self).pointee.content
        if value.isUndefined { throw unboundFree(index) }
        return value.retained()
    }

    // MARK: attributes

    /// An attribute read whose cache missed; fills the cache when that is sound.
    @inline(never)
    func getAttributeCached(_ object: Value, _ site: UInt16) throws(PythonError) -> Value {
        let cache = frame.pointee.code.pointee.caches + Int(site)
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
            if cache.pointee.key == UInt64(UInt(bitPattern: shape)), let known = try cachedAttribute(object, cache) { return known }
            if learnAttribute(shape, cache), let known = try cachedAttribute(object, cache) { return known }
        default: break
        }
        return try getAttribute(object, name)
    }

    /// What the cache, whose key is the object's shape, says about the attribute; nil when it is out of date.
    private func cachedAttribute(_ object: Value, _ cache: UnsafeMutablePointer<InlineCache>) throws(PythonError) -> Value? {
        switch cache.pointee.kind {
        case .slot: return object.object(as: InstanceObject.self).pointee.slots[Int(cache.pointee.offset)].retained()
        case .method: return boundMethod(cache.pointee.value.retained(), object.retained())
        case .constant: return cache.pointee.epoch == classState.epoch ? cache.pointee.value.retained() : nil
        case .property:
            let getter = cache.pointee.value
            if getter.tag == Tag.builtin, getter.object(as: BuiltinObject.self).pointee.exactCount == 1 {
                var receiver = object
                return try getter.object(as: BuiltinObject.self).pointee.body(self, Arguments(base: &receiver, count: 1))
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
        cache.pointee.key = UInt64(UInt(bitPattern: shape))
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
            if !shape.pointee.isDictionary, hook.isUndefined || hook.bits == objectSetAttr.bits, isPlain(lookup(type, name)), type.info.hasInstanceAttributes, type.info.slotNames == nil {
                let slot = shape.slot(of: name)
                cache.pointee.key = UInt64(UInt(bitPattern: shape))
                if slot >= 0 {
                    cache.pointee.kind = .store
                    cache.pointee.offset = Int32(slot)
                } else {
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

    /// Finds the method of a `callMethod`: slot[1] holds the object. Returns true when slot[0] is a function that takes
    /// the object as first argument; otherwise slot[0] is complete and the arguments have moved down by one.
    @inline(never)
    func loadMethod(_ slot: UnsafeMutablePointer<Value>, _ site: UInt16, _ count: Int) throws(PythonError) -> Bool {
        let object = slot[1]
        let cache = frame.pointee.code.pointee.caches + Int(site)
        let name = cache.pointee.name
        switch object.tag {
        case Tag.classObject, Tag.module, Tag.superObject, Tag.function, Tag.boundMethod, Tag.builtin:
            break
        default:
            let type = typeOf(object)
            let method = lookup(type, name)
            let binds = method.tag == Tag.function || (method.tag == Tag.builtin && bindsPlainly(method))
            guard binds, special(type, .getAttribute).tag != Tag.function, ownAttribute(object, name).isUndefined else { break }
            if object.tag == Tag.instance {
                let shape = object.object(as: InstanceObject.self).pointee.shape
                if method.tag == Tag.function, !shape.pointee.isDictionary {
                    cache.pointee.key = UInt64(UInt(bitPattern: shape))
                    cache.pointee.kind = .method
                    cache.pointee.value = method
                }
            } else if method.tag == Tag.builtin, object.tag != Tag.int, object.tag <= Tag.generator, object.tag != Tag.exception {
                cache.pointee.key = object.tag
                cache.pointee.kind = object.tag == Tag.list && text(name) == "append" ? .append : .method
                cache.pointee.value = method
            }
            slot[0] = method.retained()
            return true
        }
        slot[0] = try getAttribute(object, name)
        for position in 1..<(count + 1) { slot[position] = slot[position + 1] }
        slot[count + 1] = .undefined
        heap.release(object)
        return false
    }

    private func bindsPlainly(_ method: Value) -> Bool {
        method.object(as: BuiltinObject.self).pointee.function._withUnsafeGuaranteedRef {
            $0.owner != nil && $0.bindsReceiver && !$0.isClassMethod
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

    // MARK: arithmetic

    @inline(never)
    func binarySlowly(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer, _ operation: BinaryOperator) throws(PythonError) {
        let left = register(r, i.b)
        let right = register(r, i.c).pointee
        let result: Value
        if operation == .add, left.pointee.tag == Tag.string, right.tag == Tag.string {
            if i.a == i.b || i.x & OperandFlag.consumeB != 0 {
                // The left operand's own reference goes into the result: a sole owner grows in place.
                let own = left.pointee
                left.pointee = .undefined
                result = try appendString(own, right)
            } else {
                result = try stringConcat(left.pointee.string, right.string)
            }
        } else {
            result = try binary(operation, left.pointee, right, inPlace: i.x & OperandFlag.inPlace != 0)
        }
        consumeOperands(r, i)
        heap.replace(register(r, i.a), with: result)
    }

    @inline(never)
    func binaryImmediateSlowly(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer, _ operation: BinaryOperator) throws(PythonError) {
        try binaryConstantSlowly(r, i, operation, .int(Int(Int16(bitPattern: i.c))))
    }

    @inline(never)
    func binaryConstantSlowly(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer, _ operation: BinaryOperator, _ right: Value) throws(PythonError) {
        let left = register(r, i.b)
        let result: Value
        if operation == .add, left.pointee.tag == Tag.string, right.tag == Tag.string, i.a == i.b || i.x & OperandFlag.consumeB != 0 {
            let own = left.pointee
            left.pointee = .undefined
            result = try appendString(own, right)
        } else {
            result = try binary(operation, left.pointee, right, inPlace: i.x & OperandFlag.inPlace != 0)
        }
        if i.x & OperandFlag.consumeB != 0 { consume(left) }
        heap.replace(register(r, i.a), with: result)
    }

    @inline(never)
    func unarySlowly(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer, _ operation: UnaryOperator) throws(PythonError) {
        let result = try unary(operation, register(r, i.b).pointee)
        if i.x & OperandFlag.consumeB != 0 { consume(register(r, i.b)) }
        heap.replace(register(r, i.a), with: result)
    }

    @inline(never)
    func compareSlowly(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer, _ operation: CompareOperator) throws(PythonError) -> Bool {
        let a = register(r, i.a).pointee
        let b = register(r, i.b).pointee
        let truth: Bool
        if a.tag == Tag.string, b.tag == Tag.string, operation == .equal || operation == .notEqual {
            truth = sameString(a.string, b.string) == (operation == .equal)
        } else {
            truth = try truthOfComparison(operation, a, b)
        }
        if i.x & OperandFlag.consumeA != 0 { consume(register(r, i.a)) }
        if i.x & OperandFlag.consumeB != 0 { consume(register(r, i.b)) }
        return truth
    }

    /// `a op b` as a value, `op` being the instruction's.
    @inline(never)
    func compareAny(_ i: InstructionPointer, _ a: Value, _ b: Value) throws(PythonError) -> Value {
        switch i.x & 0x0F {
        case CompareOperator.in.rawValue: return .bool(try contains(b, a))
        case CompareOperator.notIn.rawValue: return .bool(try !contains(b, a))
        case CompareOperator.is.rawValue: return .bool(a.isIdentical(to: b))
        case CompareOperator.isNot.rawValue: return .bool(!a.isIdentical(to: b))
        default: return try compare(unsafeBitCast(i.x & 0x0F, to: CompareOperator.self), a, b)
        }
    }

    @inline(never)
    func compareImmediateSlowly(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer, _ operation: CompareOperator) throws(PythonError) -> Bool {
        let truth = try truthOfComparison(operation, register(r, i.a).pointee, .int(Int(Int16(bitPattern: i.b))))
        if i.x & OperandFlag.consumeA != 0 { consume(register(r, i.a)) }
        return truth
    }

    private func truthOfComparison(_ operation: CompareOperator, _ a: Value, _ b: Value) throws(PythonError) -> Bool {
        let result = try compare(operation, a, b)
        if result.isBool { return result.asBool }
        defer { heap.release(result) }
        return try isTrue(result)
    }

    // MARK: loops

    @inline(never)
    func beginLoop(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer) throws(PythonError) {
        let source = register(r, i.b)
        let state = register(r, i.a)
        let value = source.pointee
        switch value.tag {
        case Tag.range:
            let range = value.object(as: RangeObject.self).pointee
            let count = VM.rangeCount(range.start, range.stop, range.step)
            if i.x & OperandFlag.consumeB != 0 { consume(source) }
            heap.replace(state, with: Value(tag: Tag.rangeState, bits: UInt64(bitPattern: Int64(range.start))))
            state[1] = .int(count)
            state[2] = .int(range.step)
        case Tag.list, Tag.generator:
            if i.b != i.a {
                value.retain()
                if i.x & OperandFlag.consumeB != 0 { consume(source) }
                heap.replace(state, with: value)
            }
            state[1] = .int(0)
            state[2] = .undefined
        default:
            let iterator = try makeIterator(value)
            if i.x & OperandFlag.consumeB != 0 { consume(source) }
            heap.replace(state, with: iterator)
            state[1] = .int(0)
            state[2] = .undefined
        }
    }

    /// Number of items of a range.
    static func rangeCount(_ start: Int, _ stop: Int, _ step: Int) -> Int {
        if step > 0 {
            if start >= stop { return 0 }
            return Int((UInt(bitPattern: stop &- start) &- 1) / UInt(bitPattern: step)) &+ 1
        }
        if start <= stop { return 0 }
        return Int((UInt(bitPattern: start &- stop) &- 1) / (0 &- UInt(bitPattern: step))) &+ 1
    }

    @inline(never)
    func nextInLoop(_ state: UnsafeMutablePointer<Value>) throws(PythonError) -> Value {
        let iterator = state.pointee
        return iterator.tag == Tag.iterator ? try nextBuiltin(iterator) : try next(iterator)
    }

    // MARK: unpacking

    @inline(never)
    func unpack(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer) throws(PythonError) {
        let source = register(r, i.b)
        let count = Int(i.c)
        let items = try unpackedItems(source.pointee, limit: count)
        if items.count != count {
            for item in items { heap.release(item) }
            if items.count > count { throw valueError("too many values to unpack (expected \(count))") }
            throw valueError("not enough values to unpack (expected \(count), got \(items.count))")
        }
        if i.x & OperandFlag.consumeB != 0 { consume(source) }
        let first = register(r, i.a)
        for (index, item) in items.enumerated() { heap.replace(first + index, with: item) }
    }

    /// The items of an iterable, at most one more than `limit`.
    private func unpackedItems(_ value: Value, limit: Int) throws(PythonError) -> [Value] {
        var items: [Value] = []
        let iterator: Value
        do throws(PythonError) {
            iterator = try makeIterator(value)
        } catch {
            guard matches(error, "TypeError") else { throw error }
            discard(error)
            throw typeError("cannot unpack non-iterable \(typeName(value)) object")
        }
        defer { heap.release(iterator) }
        while items.count <= limit {
            do throws(PythonError) {
                let item = try next(iterator)
                if item.isUndefined { break }
                items.append(item)
            } catch {
                for item in items { heap.release(item) }
                throw error
            }
        }
        return items
    }

    @inline(never)
    func unpackStar(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer) throws(PythonError) {
        let source = register(r, i.b)
        let before = Int(i.c)
        let after = Int(i.x & 0x1F)
        let items: [Value]
        do throws(PythonError) {
            items = try collect(source.pointee)
        } catch {
            if matches(error, "TypeError"), source.pointee.tag <= Tag.notImplemented {
                discard(error)
                throw typeError("cannot unpack non-iterable \(typeName(source.pointee)) object")
            }
            throw error
        }
        if items.count < before + after {
            for item in items { heap.release(item) }
            throw valueError("not enough values to unpack (expected at least \(before + after), got \(items.count))")
        }
        if i.x & OperandFlag.consumeB != 0 { consume(source) }
        let first = register(r, i.a)
        let middle = items.count - before - after
        for index in 0..<before { heap.replace(first + index, with: items[index]) }
        heap.replace(first + before, with: list(Array(items[before..<(before + middle)])))
        for index in 0..<after { heap.replace(first + (before + 1 + index), with: items[before + middle + index]) }
    }

    // MARK: displays

    @inline(never)
    func buildSet(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer) throws(PythonError) {
        let first = register(r, i.b)
        let value = makeSet()
        do throws(PythonError) {
            for index in 0..<Int(i.c) { try setAdd(value, first[index]) }
        } catch {
            heap.release(value)
            throw error
        }
        clearRegisters(first, Int(i.c))
        heap.replace(register(r, i.a), with: value)
    }

    @inline(never)
    func buildDict(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer) throws(PythonError) {
        let first = register(r, i.b)
        let value = dict()
        do throws(PythonError) {
            for index in 0..<Int(i.c) { try dictSet(value.dict, first[2 * index], first[2 * index + 1]) }
        } catch {
            heap.release(value)
            throw error
        }
        clearRegisters(first, 2 * Int(i.c))
        heap.replace(register(r, i.a), with: value)
    }

    @inline(never)
    func buildString(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer) throws(PythonError) {
        let first = register(r, i.b)
        let count = Int(i.c)
        var bytes = 0
        var length = 0
        var flags = HeaderFlag.ascii
        for index in 0..<count {
            let part = first[index].string
            bytes += part.pointee.byteCount
            length += part.pointee.length
            flags &= part.pointee.header.flags
        }
        try checkRoom(bytes, stride: 1)
        let value = Heap.makeString(heap, byteCount: bytes, length: length, isASCII: flags & HeaderFlag.ascii != 0)
        var target = value.string.bytes
        for index in 0..<count {
            let part = first[index].string
            target.update(from: part.bytes, count: part.pointee.byteCount)
            target += part.pointee.byteCount
        }
        clearRegisters(first, count)
        heap.replace(register(r, i.a), with: value)
    }

    @inline(never)
    func extendDisplay(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer) throws(PythonError) {
        let source = register(r, i.b).pointee
        do throws(PythonError) {
            try listExtend(register(r, i.a).pointee, source)
        } catch {
            if i.x & 1 != 0, matches(error, "TypeError"), !isIterable(source) {
                discard(error)
                throw typeError("Value after * must be an iterable, not \(typeName(source))")
            }
            throw error
        }
        if i.x & OperandFlag.consumeB != 0 { consume(register(r, i.b)) }
    }

    func isIterable(_ value: Value) -> Bool {
        switch value.tag {
        case Tag.list, Tag.tuple, Tag.string, Tag.dict, Tag.set, Tag.frozenSet, Tag.range, Tag.bytes, Tag.byteArray, Tag.iterator, Tag.generator,
            Tag.dictView:
            true
        case Tag.classObject: !special(value.object(as: ClassObject.self), .classIter).isUndefined
        default:
            !special(typeOf(value), .iter).isUndefined || !special(typeOf(value), .getItem).isUndefined
        }
    }

    @inline(never)
    func updateSetDisplay(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer) throws(PythonError) {
        let target = register(r, i.a).pointee
        try iterate(register(r, i.b).pointee) { (item) throws(PythonError) -> Bool in
            try setAdd(target, item)
            return true
        }
        if i.x & OperandFlag.consumeB != 0 { consume(register(r, i.b)) }
    }

    @inline(never)
    func updateDictDisplay(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer) throws(PythonError) {
        let source = register(r, i.b).pointee
        let plain = payload(source)
        if plain.tag != Tag.dict, lookup(typeOf(source), intern("keys")).isUndefined {
            throw typeError("'\(typeName(source))' object is not a mapping")
        }
        try dictUpdate(register(r, i.a).pointee.dict, from: source)
        if i.x & OperandFlag.consumeB != 0 { consume(register(r, i.b)) }
    }

    @inline(never)
    func mergeKeywords(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer) throws(PythonError) {
        let source = register(r, i.b).pointee
        let target = register(r, i.a).pointee.dict
        let name = callableName(register(r, i.c).pointee)
        let plain = payload(source)
        if plain.tag != Tag.dict, lookup(typeOf(source), intern("keys")).isUndefined {
            throw typeError("\(name) argument after ** must be a mapping, not \(typeName(source))")
        }
        let copy = dict()
        defer { heap.release(copy) }
        try dictUpdate(copy.dict, from: source)
        for index in 0..<copy.dict.pointee.used {
            let entry = copy.dict.pointee.entries.unsafelyUnwrapped[index]
            if entry.key.isUndefined { continue }
            guard entry.key.tag == Tag.string else { throw typeError("keywords must be strings") }
            if !dictValue(target, entry.key.string).isUndefined {
                throw typeError("\(name) got multiple values for keyword argument '\(text(entry.key))'")
            }
            dictSet(target, entry.key.string, entry.value)
        }
        if i.x & OperandFlag.consumeB != 0 { consume(register(r, i.b)) }
    }

    /// `f()` or `module.f()` as CPython's messages name a callable.
    func callableName(_ callable: Value) -> String {
        switch callable.tag {
        case Tag.function:
            let function = callable.object(as: FunctionObject.self)
            let module = function.pointee.module.pointee.info.takeUnretainedValue().name
            let name = functionName(function)
            return module == "builtins" ? "\(name)()" : "\(module).\(name)()"
        case Tag.boundMethod: return callableName(callable.object(as: BoundMethodObject.self).pointee.function)
        case Tag.builtin:
            return callable.object(as: BuiltinObject.self).pointee.function._withUnsafeGuaranteedRef {
                ($0.owner.map { "\($0)." } ?? "") + "\($0.name)()"
            }
        case Tag.classObject:
            let info = callable.object(as: ClassObject.self).info
            return info.module == "builtins" ? "\(info.name)()" : "\(info.module).\(info.qualifiedName)()"
        default: return "\(typeName(callable)) object"
        }
    }

    @inline(never)
    func formatOperand(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer) throws(PythonError) {
        let value = register(r, i.b).pointee
        let converted: Value
        switch i.x & 0x03 {
        case 1: converted = try str(value)
        case 2: converted = try repr(value)
        case 3: converted = try ascii(value)
        default: converted = value.retained()
        }
        let result: Value
        do {
            defer { heap.release(converted) }
            result = try formatValue(converted, i.x & 0x04 != 0 ? register(r, i.c).pointee.string : nil)
        }
        if i.x & OperandFlag.consumeB != 0 { consume(register(r, i.b)) }
        if i.x & 0x04 != 0, i.x & OperandFlag.consumeC != 0 { consume(register(r, i.c)) }
        heap.replace(register(r, i.a), with: result)
    }

    // MARK: functions

    @inline(never)
    func makeFunction(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer) {
        let memory = heap.allocate(MemoryLayout<FunctionObject>.stride, Tag.function)
        heap.containerGrowth &+= 1
        let function = memory.assumingMemoryBound(to: FunctionObject.self)
        function.pointee.code = frame.pointee.code.pointee.nested[Int(i.b)].unsafelyUnwrapped
        function.pointee.module = frame.pointee.module
        var next = register(r, i.c)
        func take(_ flag: UInt8) -> Value {
            guard i.x & flag != 0 else { return .undefined }
            let value = next.pointee
            next.pointee = .undefined
            next += 1
            return value
        }
        function.pointee.defaults = take(1)
        function.pointee.keywordDefaults = take(2)
        function.pointee.closure = take(4)
        function.pointee.annotations = take(8)
        function.pointee.attributes = .undefined
        heap.replace(register(r, i.a), with: Value(tag: Tag.function, pointer: memory))
    }

    /// A function around code that needs no closure: for modules and class bodies.
    func function(_ code: UnsafeMutablePointer<CodeRecord>, _ module: UnsafeMutablePointer<ModuleObject>) -> Value {
        let memory = heap.allocate(MemoryLayout<FunctionObject>.stride, Tag.function)
        heap.containerGrowth &+= 1
        let function = memory.assumingMemoryBound(to: FunctionObject.self)
        function.initialize(
            to: FunctionObject(
                header: function.pointee.header, code: code, module: module, defaults: .undefined, keywordDefaults: .undefined,
                closure: .undefined, annotations: .undefined, attributes: .undefined))
        return Value(tag: Tag.function, pointer: memory)
    }

    /// `f(*args, **kwargs)`: spreads into a window above the frame.
    @inline(never)
    func callSpread(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer) throws(PythonError) -> Bool {
        let source = register(r, i.a)
        let items: [Value]
        do throws(PythonError) {
            items = try collect(source[1])
        } catch {
            if matches(error, "TypeError"), !isIterable(source[1]) {
                discard(error)
                throw typeError("\(callableName(source[0])) argument after * must be an iterable, not \(typeName(source[1]))")
            }
            throw error
        }
        let keywords = source[2].tag == Tag.dict ? Optional(source[2].dict) : nil
        let keywordCount = keywords.map { $0.pointee.count } ?? 0
        let count = items.count + keywordCount
        let slot = stackTop
        guard slot + (count + 16) < stackLimit else {
            for item in items { heap.release(item) }
            throw recursionError("")
        }
        slot[0] = source[0].retained()
        for (position, item) in items.enumerated() { slot[1 + position] = item }
        var names: Value = .undefined
        if let keywords, keywordCount > 0 {
            var list: [Value] = []
            for index in 0..<keywords.pointee.used {
                let entry = keywords.pointee.entries.unsafelyUnwrapped[index]
                if entry.key.isUndefined { continue }
                slot[1 + items.count + list.count] = entry.value.retained()
                list.append(Value(tag: Tag.string, pointer: intern(entry.key)).retained())
            }
            names = tuple(list)
        }
        defer { heap.release(names) }
        clearRegisters(source, 3)
        stackTop = slot + (count + 3)
        do throws(PythonError) {
            let pushed = try prepareCall(slot, count, names.isUndefined ? nil : names.tuple)
            if !pushed { stackTop = slot }
            return pushed
        } catch {
            stackTop = slot
            clearWindow(slot, count)
            throw error
        }
    }
}
