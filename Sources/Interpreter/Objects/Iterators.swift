import Syntax

// What each kind of built-in iterator does next. An exhausted iterator has given up its source (none) and stays exhausted.

extension VM {
    /// The next item of a built-in iterator; undefined at the end.
    package func nextBuiltin(_ iterator: Value) throws(PythonError) -> Value {
        let state = iterator.object(as: IteratorObject.self)
        if state.pointee.header.extra == IteratorKind.string.rawValue, state.pointee.source.isString {
            let text = state.pointee.source.string
            let index = state.pointee.index
            if index < text.pointee.byteCount, text.bytes[index] < 0x80 {
                state.pointee.index = index + 1
                return latinStrings[Int(text.bytes[index])].retained()
            }
        }
        switch IteratorKind(rawValue: state.pointee.header.extra).unsafelyUnwrapped {
        case .list:
            if state.pointee.source.isNone { return .undefined }
            let list = state.pointee.source.list
            let index = state.pointee.index
            if index < list.pointee.count {
                state.pointee.index = index + 1
                return list.pointee.items[index].retained()
            }
            return exhaust(state)
        case .tuple:
            if state.pointee.source.isNone { return .undefined }
            let tuple = state.pointee.source.tuple
            let index = state.pointee.index
            if index < tuple.pointee.count {
                state.pointee.index = index + 1
                return tuple.items[index].retained()
            }
            return exhaust(state)
        case .range: return nextOfRange(state)
        case .dictKeys, .dictValues, .dictItems: return try nextOfDict(state)
        case .dictKeysReversed, .dictValuesReversed, .dictItemsReversed: return try nextOfReversedDict(state)
        case .set: return try nextOfSet(state)
        case .enumerate: return try nextOfEnumerate(iterator, state)
        case .zip: return try nextOfZip(iterator, state)
        case .map: return try nextOfMap(iterator, state)
        case .filter: return try nextOfFilter(iterator, state)
        default: return try nextOfOther(iterator, state)
        }
    }

    /// Drops the source; the iterator's end.
    @inline(never)
    private func exhaust(_ state: UnsafeMutablePointer<IteratorObject>) -> Value {
        heap.replace(&state.pointee.source, with: .none)
        return .undefined
    }

    @inline(__always)
    private func nextOfRange(_ state: UnsafeMutablePointer<IteratorObject>) -> Value {
        if state.pointee.source.isNone { return .undefined }
        let range = state.pointee.source.object(as: RangeObject.self)
        let index = state.pointee.index
        // The length is computed once.
        if index == 0 { state.pointee.limit = rangeLength(range) }
        if index >= state.pointee.limit { return exhaust(state) }
        state.pointee.index = index + 1
        return .int(range.pointee.start &+ index &* range.pointee.step)
    }

    // MARK: dicts and sets

    private func nextOfDict(_ state: UnsafeMutablePointer<IteratorObject>) throws(PythonError) -> Value {
        if state.pointee.source.isNone { return .undefined }
        let dict = state.pointee.source.dict
        if Int(truncatingIfNeeded: state.pointee.version) != dict.pointee.count {
            // From now on no size fits: the error stays.
            state.pointee.version = UInt64.max
            throw runtimeError("dictionary changed size during iteration")
        }
        var index = state.pointee.index
        if index == 0 { index = Int(dict.pointee.header.extra) }
        let used = dict.pointee.used
        guard let entries = dict.pointee.entries else { return exhaust(state) }
        while index < used, entries[index].key.isUndefined { index += 1 }
        if index >= used { return exhaust(state) }
        if state.pointee.limit == dict.pointee.count {
            _ = exhaust(state)
            throw runtimeError("dictionary keys changed during iteration")
        }
        state.pointee.limit += 1
        state.pointee.index = index + 1
        switch state.pointee.header.extra {
        case IteratorKind.dictKeys.rawValue: return entries[index].key.retained()
        case IteratorKind.dictValues.rawValue: return entries[index].value.retained()
        default: return pair(entries[index].key.retained(), entries[index].value.retained())
        }
    }

    private func nextOfReversedDict(_ state: UnsafeMutablePointer<IteratorObject>) throws(PythonError) -> Value {
        if state.pointee.source.isNone { return .undefined }
        let dict = state.pointee.source.dict
        if Int(truncatingIfNeeded: state.pointee.version) != dict.pointee.count {
            state.pointee.version = UInt64.max
            throw runtimeError("dictionary changed size during iteration")
        }
        guard let entries = dict.pointee.entries else { return exhaust(state) }
        var index = min(state.pointee.index, dict.pointee.used - 1)
        while index >= 0, entries[index].key.isUndefined { index -= 1 }
        if index < 0 { return exhaust(state) }
        state.pointee.index = index - 1
        switch state.pointee.header.extra {
        case IteratorKind.dictKeysReversed.rawValue: return entries[index].key.retained()
        case IteratorKind.dictValuesReversed.rawValue: return entries[index].value.retained()
        default: return pair(entries[index].key.retained(), entries[index].value.retained())
        }
    }

    private func nextOfSet(_ state: UnsafeMutablePointer<IteratorObject>) throws(PythonError) -> Value {
        if state.pointee.source.isNone { return .undefined }
        let set = state.pointee.source.set
        if state.pointee.limit != set.pointee.count {
            state.pointee.limit = -1
            throw runtimeError("Set changed size during iteration")
        }
        guard let entries = set.pointee.entries else { return exhaust(state) }
        var index = state.pointee.index
        let mask = set.pointee.mask
        while index <= mask, !entries[index].isLive { index += 1 }
        if index > mask { return exhaust(state) }
        state.pointee.index = index + 1
        return entries[index].key.retained()
    }

    // MARK: adaptors

    private func nextOfEnumerate(_ iterator: Value, _ state: UnsafeMutablePointer<IteratorObject>) throws(PythonError) -> Value {
        let item = try next(state.pointee.source)
        if item.isUndefined { return .undefined }
        if state.pointee.second.isUndefined {
            let index = state.pointee.index
            if index != Int.max {
                state.pointee.index = index + 1
                return pair(.int(index), item)
            }
            state.pointee.second = .int(index)
        }
        // Counting beyond 64 bits.
        let count = state.pointee.second
        state.pointee.second = int(bigInt(count) + 1)
        return pair(count, item)
    }

    private func nextOfZip(_ iterator: Value, _ state: UnsafeMutablePointer<IteratorObject>) throws(PythonError) -> Value {
        if state.pointee.source.isNone { return .undefined }
        let sources = state.pointee.source.tuple
        let count = sources.pointee.count
        if count == 0 { return .undefined }
        let result = Heap.makeTuple(heap, count)
        let items = result.tuple.items
        result.tuple.pointee.count = 0
        for position in 0..<count {
            let item: Value
            do {
                item = try next(sources.items[position])
            } catch {
                heap.release(result)
                throw error
            }
            if item.isUndefined {
                heap.release(result)
                if state.pointee.limit != 0 { try checkStrict(sources, endedAt: position) }
                return .undefined
            }
            items[position] = item
            result.tuple.pointee.count = position + 1
        }
        return result
    }

    /// `zip(strict=True)`: all arguments must end together.
    private func checkStrict(_ sources: TuplePointer, endedAt position: Int) throws(PythonError) {
        if position > 0 {
            let others = position == 1 ? " " : "s 1-"
            throw valueError("zip() argument \(position + 1) is shorter than argument\(others)\(position)")
        }
        for index in 1..<max(1, sources.pointee.count) {
            let item = try next(sources.items[index])
            if item.isUndefined { continue }
            heap.release(item)
            let others = index == 1 ? " " : "s 1-"
            throw valueError("zip() argument \(index + 1) is longer than argument\(others)\(index)")
        }
    }

    private func nextOfMap(_ iterator: Value, _ state: UnsafeMutablePointer<IteratorObject>) throws(PythonError) -> Value {
        let sources = state.pointee.second.tuple
        let function = state.pointee.source
        if sources.pointee.count == 1 {
            let item = try next(sources.items[0])
            if item.isUndefined { return .undefined }
            defer { heap.release(item) }
            return try call(function, item)
        }
        var items: [Value] = []
        defer { for item in items { heap.release(item) } }
        for position in 0..<sources.pointee.count {
            let item = try next(sources.items[position])
            if item.isUndefined { return .undefined }
            items.append(item)
        }
        return items.count == 2 ? try call(function, items[0], items[1]) : try call(function, arguments: items)
    }

    private func nextOfFilter(_ iterator: Value, _ state: UnsafeMutablePointer<IteratorObject>) throws(PythonError) -> Value {
        let function = state.pointee.source
        let isPlain = function.isNone || (function.tag == Tag.classObject && function.object(as: ClassObject.self) == classOfTag[Int(Tag.bool)])
        while true {
            let item = try next(state.pointee.second)
            if item.isUndefined { return .undefined }
            do {
                if isPlain {
                    if try isTrue(item) { return item }
                } else {
                    let verdict = try call(function, item)
                    defer { heap.release(verdict) }
                    if try isTrue(verdict) { return item }
                }
            } catch {
                heap.release(item)
                throw error
            }
            heap.release(item)
            if interruptFlag.pointee != 0 { try poll() }
        }
    }

    // MARK: the rest

    private func nextOfOther(_ iterator: Value, _ state: UnsafeMutablePointer<IteratorObject>) throws(PythonError) -> Value {
        let source = state.pointee.source
        if source.isNone { return .undefined }
        let index = state.pointee.index
        switch IteratorKind(rawValue: state.pointee.header.extra).unsafelyUnwrapped {
        case .string:
            let text = source.string
            if index >= text.pointee.byteCount { return exhaust(state) }
            let size = utf8Length(text.bytes[index])
            state.pointee.index = index + size
            return string(UnsafeBufferPointer(start: text.bytes + index, count: size))
        case .reversedString:
            if index <= 0 { return exhaust(state) }
            let text = source.string
            var first = index - 1
            while text.bytes[first] & 0xC0 == 0x80 { first -= 1 }
            state.pointee.index = first
            return string(UnsafeBufferPointer(start: text.bytes + first, count: index - first))
        case .bytes, .byteArray:
            let object = source.object(as: BytesObject.self)
            if index >= object.pointee.count { return exhaust(state) }
            state.pointee.index = index + 1
            return .int(Int(object.pointee.bytes[index]))
        case .reversedList:
            if index < 0 || index >= source.list.pointee.count { return exhaust(state) }
            state.pointee.index = index - 1
            return source.list.pointee.items[index].retained()
        case .reversedTuple:
            if index < 0 { return exhaust(state) }
            state.pointee.index = index - 1
            return source.tuple.items[index].retained()
        case .reversedRange: return nextOfRange(state)
        case .sequence:
            state.pointee.index = index + 1
            return try itemOrEnd(state, source, index)
        case .reversedSequence:
            if index < 0 { return exhaust(state) }
            state.pointee.index = index - 1
            return try itemOrEnd(state, source, index)
        case .sentinel: return try nextOfSentinel(state, source)
        default: return .undefined
        }
    }

    /// Bytes of the UTF-8 sequence that begins with `byte`.
    @inline(__always)
    private func utf8Length(_ byte: UInt8) -> Int { byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4 }

    /// `source[index]`; IndexError and StopIteration are the end.
    private func itemOrEnd(_ state: UnsafeMutablePointer<IteratorObject>, _ source: Value, _ index: Int) throws(PythonError) -> Value {
        do {
            return try getItem(source, .int(index))
        } catch {
            guard matches(error, "IndexError") || matches(error, "StopIteration") else { throw error }
            discard(error)
            return exhaust(state)
        }
    }

    private func nextOfSentinel(_ state: UnsafeMutablePointer<IteratorObject>, _ callable: Value) throws(PythonError) -> Value {
        let result: Value
        do {
            result = try call(callable)
        } catch {
            guard matches(error, "StopIteration") else { throw error }
            discard(error)
            return exhaust(state)
        }
        do {
            if try !equals(state.pointee.second, result) { return result }
        } catch {
            heap.release(result)
            throw error
        }
        heap.release(result)
        return exhaust(state)
    }
}
