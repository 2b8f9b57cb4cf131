import Bytecode

// Beginning a loop, the iterators the loop does not know itself, and unpacking.

extension VM {
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
        case Tag.iterator where i.b == i.a && value.header.pointee.references == 1 && takeApart(value, state): break
        default:
            let iterator = try makeIterator(value)
            if i.x & OperandFlag.consumeB != 0 { consume(source) }
            heap.replace(state, with: iterator)
            state[1] = .int(0)
            state[2] = .undefined
        }
    }

    /// Turns an iterator that only the loop itself holds, in `state`, into a loop state over what is left; false for kinds that
    /// have no such state.
    private func takeApart(_ iterator: Value, _ state: UnsafeMutablePointer<Value>) -> Bool {
        let object = iterator.object(as: IteratorObject.self)
        let source = object.pointee.source
        let index = object.pointee.index
        if object.pointee.header.extra == IteratorKind.list.rawValue, source.tag == Tag.list {
            heap.replace(state, with: source.retained())
            state[1] = .int(index)
            state[2] = .undefined
            return true
        }
        if object.pointee.header.extra == IteratorKind.range.rawValue, source.tag == Tag.range {
            let range = source.object(as: RangeObject.self).pointee
            let count = VM.rangeCount(range.start, range.stop, range.step) - index
            heap.replace(state, with: Value(tag: Tag.rangeState, bits: UInt64(bitPattern: Int64(range.start &+ index &* range.step))))
            state[1] = .int(count)
            state[2] = .int(range.step)
            return true
        }
        return false
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
}
