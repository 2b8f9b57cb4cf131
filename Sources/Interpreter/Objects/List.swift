#if canImport(Glibc)
    import Glibc
#endif

// The list's storage: growth, items, slices. What programs call is in ListMethods.

package typealias ListPointer = UnsafeMutablePointer<ListObject>

extension HeaderFlag {
    /// The container's text is being made: a second visit shows `...`.
    static let inRepr: UInt8 = 32
}

extension VM {
    // MARK: memory

    /// MemoryError when `count` items of `stride` bytes cannot sensibly be had.
    package func checkRoom(_ count: Int, stride: Int = MemoryLayout<Value>.stride) throws(PythonError) {
        if count <= Heap.uncheckedBytes / stride { return }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: stride)
        if overflow || !AvailableMemory.grants(bytes) { throw memoryError() }
    }

    package func memoryError() -> PythonError { error("MemoryError", arguments: []) }

    /// `self` of a built-in container's method: the value itself or the payload of an instance of a derived class.
    @inline(__always)
    package func containerSelf(_ value: Value, _ tag: UInt64, _ method: @autoclosure () -> String) throws(PythonError) -> Value {
        if value.tag == tag { return value }
        let inner = payload(value)
        if inner.tag == tag { return inner }
        throw wrongSelf(value, tag, method())
    }

    @inline(never)
    func wrongSelf(_ value: Value, _ tag: UInt64, _ method: String) -> PythonError {
        let expected = classOfTag[Int(tag)].map { $0.info.name } ?? "object"
        if method.hasPrefix("__") {
            return typeError("descriptor '\(method)' requires a '\(expected)' object but received a '\(typeName(value))'")
        }
        return typeError("descriptor '\(method)' for '\(expected)' objects doesn't apply to a '\(typeName(value))' object")
    }

    // MARK: growth

    /// Adds an item at the end; takes over the reference. Amortised O(1).
    @inline(__always)
    package func listAppend(_ list: ListPointer, _ value: Value) {
        let count = list.pointee.count
        if count == list.pointee.capacity { growList(list, count + 1) }
        list.pointee.items[count] = value
        list.pointee.count = count + 1
    }

    /// Room for `needed` items, an eighth more in reserve, so that a list of a million floats stays near 16 bytes an item; for
    /// short lists, which grow most often, half as many again.
    @inline(never)
    func growList(_ list: ListPointer, _ needed: Int) {
        var capacity = (needed + (needed >> (needed < 512 ? 1 : 3)) + 6) & ~3
        if needed - list.pointee.count > capacity - needed { capacity = (needed + 3) & ~3 }
        let stride = MemoryLayout<Value>.stride
        let grown = heap.resized(list.pointee.items, capacity * stride, least: needed * stride)
        list.pointee.items = grown.memory.assumingMemoryBound(to: Value.self)
        list.pointee.capacity = grown.bytes / stride
    }

    private func resizeList(_ list: ListPointer, _ capacity: Int) {
        list.pointee.items = heap.resized(list.pointee.items, capacity * MemoryLayout<Value>.stride).assumingMemoryBound(to: Value.self)
        list.pointee.capacity = capacity
    }

    /// Gives memory back when less than half is used.
    @inline(__always)
    func trimList(_ list: ListPointer) {
        let count = list.pointee.count
        if count < list.pointee.capacity >> 1, list.pointee.capacity > 16 { resizeList(list, (count + (count >> 3) + 6) & ~3) }
    }

    /// Room for `extra` more items without further growth.
    func reserveList(_ list: ListPointer, _ extra: Int) throws(PythonError) {
        let needed = list.pointee.count + extra
        if needed > list.pointee.capacity {
            try checkRoom(needed)
            growList(list, needed)
        }
    }

    /// `list.extend(iterable)`
    package func listExtend(_ target: Value, _ iterable: Value) throws(PythonError) {
        let list = target.list
        switch iterable.tag {
        case Tag.list: try appendCopies(list, count: iterable.list.pointee.count) { iterable.list.pointee.items }
        case Tag.tuple: try appendCopies(list, count: iterable.tuple.pointee.count) { iterable.tuple.items }
        case Tag.range: try appendRange(list, iterable.object(as: RangeObject.self))
        case Tag.dict:
            try reserveList(list, iterable.dict.pointee.count)
            for index in 0..<iterable.dict.pointee.used {
                let key = iterable.dict.pointee.entries.unsafelyUnwrapped[index].key
                if !key.isUndefined { listAppend(list, key.retained()) }
                try heed()
            }
        case Tag.set, Tag.frozenSet:
            let set = iterable.object(as: SetObject.self)
            guard let entries = set.pointee.entries else { return }
            try reserveList(list, set.pointee.count)
            for index in 0...set.pointee.mask where entries[index].isLive {
                listAppend(list, entries[index].key.retained())
                try heed()
            }
        default: try appendIterated(list, iterable)
        }
    }

    /// Items are read only after the list has grown: it may be the source itself.
    private func appendCopies(_ list: ListPointer, count: Int, _ items: () -> UnsafeMutablePointer<Value>) throws(PythonError) {
        try reserveList(list, count)
        let source = items()
        let target = list.pointee.items + list.pointee.count
        try copyItems(target, count) { source[$0] }
        list.pointee.count += count
    }

    /// Fills `count` places of memory that nobody reads yet, retaining the items; when an interrupt cuts it short, none are.
    @inline(__always)
    func copyItems(_ target: UnsafeMutablePointer<Value>, _ count: Int, _ item: (Int) -> Value) throws(PythonError) {
        var start = 0
        while start < count {
            let end = count - start > 0x10000 ? start + 0x10000 : count
            for index in start..<end { target[index] = item(index).retained() }
            start = end
            if _slowPath(heap.mustHurry) {
                for index in 0..<end { heap.release(target[index]) }
                try heed()
            }
        }
    }

    private func appendRange(_ list: ListPointer, _ range: UnsafeMutablePointer<RangeObject>) throws(PythonError) {
        let count = rangeLength(range)
        try reserveList(list, count)
        let target = list.pointee.items + list.pointee.count
        var value = range.pointee.start
        let step = range.pointee.step
        try inParts(count) { part in
            for index in part {
                target[index] = .int(value)
                value &+= step
            }
        }
        list.pointee.count += count
    }

    private func appendIterated(_ list: ListPointer, _ iterable: Value) throws(PythonError) {
        let iterator = try makeIterator(iterable)
        defer { heap.release(iterator) }
        if iterator.tag == Tag.iterator {
            while true {
                let item = try nextBuiltin(iterator)
                if item.isUndefined { return }
                listAppend(list, item)
                if interruptFlag.pointee != 0 { try poll() }
            }
        }
        while true {
            let item = try next(iterator)
            if item.isUndefined { return }
            listAppend(list, item)
            if interruptFlag.pointee != 0 { try poll() }
        }
    }

    /// A new list of any iterable's items.
    package func makeList(from iterable: Value) throws(PythonError) -> Value {
        let result = list()
        do {
            try listExtend(result, iterable)
        } catch {
            heap.release(result)
            throw error
        }
        return result
    }

    // MARK: items

    /// An index for an item of a sequence; IndexError beyond 64 bits, TypeError for what is no index.
    package func itemIndex(_ key: Value, _ kind: String) throws(PythonError) -> Int {
        if key.isInt { return key.asInt }
        if payload(key).tag == Tag.bigInt { throw indexError("cannot fit '\(typeName(key))' into an index-sized integer") }
        return try index(key, "\(kind) indices must be integers or slices, not \(typeName(key))")
    }

    /// `list[key]`
    @inline(__always)
    package func listItem(_ container: Value, _ key: Value) throws(PythonError) -> Value {
        if key.isInt {
            let list = container.list
            var position = key.asInt
            if position < 0 { position &+= list.pointee.count }
            if UInt(bitPattern: position) < UInt(bitPattern: list.pointee.count) { return list.pointee.items[position].retained() }
            throw indexError("list index out of range")
        }
        return try listItemSlowly(container, key)
    }

    @inline(never)
    private func listItemSlowly(_ container: Value, _ key: Value) throws(PythonError) -> Value {
        if key.tag == Tag.slice {
            let bounds = try unpackSlice(key)
            return try listSlice(container.list, bounds.adjusted(to: container.list.pointee.count))
        }
        return try listItem(container, .int(try itemIndex(key, "list")))
    }

    /// A list of `count` items, retained; MemoryError when there is no room for them.
    @inline(__always)
    func newList(_ count: Int, _ item: (Int) -> Value) throws(PythonError) -> Value {
        try checkRoom(count)
        let result = Heap.makeList(heap, capacity: count)
        do throws(PythonError) {
            try copyItems(result.list.pointee.items, count, item)
        } catch {
            heap.release(result)
            throw error
        }
        result.list.pointee.count = count
        return result
    }

    private func listSlice(_ list: ListPointer, _ bounds: SliceBounds) throws(PythonError) -> Value {
        try checkRoom(bounds.count)
        let source = list.pointee.items + bounds.start
        let step = bounds.step
        return step == 1 ? try newList(bounds.count) { source[$0] } : try newList(bounds.count) { source[$0 &* step] }
    }

    /// `list[key] = value`; retains `value`.
    @inline(__always)
    package func setListItem(_ container: Value, _ key: Value, _ value: Value) throws(PythonError) {
        if key.isInt {
            let list = container.list
            var position = key.asInt
            if position < 0 { position &+= list.pointee.count }
            if UInt(bitPattern: position) >= UInt(bitPattern: list.pointee.count) { throw indexError("list assignment index out of range") }
            value.retain()
            heap.replace(list.pointee.items + position, with: value)
            return
        }
        try setListItemSlowly(container, key, value)
    }

    @inline(never)
    private func setListItemSlowly(_ container: Value, _ key: Value, _ value: Value) throws(PythonError) {
        if key.tag == Tag.slice {
            try assignSlice(container.list, key, value)
        } else {
            try setListItem(container, .int(try itemIndex(key, "list")), value)
        }
    }

    /// `del list[key]`
    func deleteListItem(_ container: Value, _ key: Value) throws(PythonError) {
        let list = container.list
        if key.tag == Tag.slice {
            let bounds = try unpackSlice(key).adjusted(to: list.pointee.count)
            deleteSlice(list, bounds)
            return
        }
        var position = try itemIndex(key, "list")
        if position < 0 { position &+= list.pointee.count }
        guard position >= 0, position < list.pointee.count else { throw indexError("list assignment index out of range") }
        heap.release(takeListItem(list, position))
    }

    /// Removes the item at a valid position; the caller owns it.
    package func takeListItem(_ list: ListPointer, _ position: Int) -> Value {
        let items = list.pointee.items
        let value = items[position]
        let after = list.pointee.count - position - 1
        if after > 0 { memmove(items + position, items + (position + 1), after * MemoryLayout<Value>.stride) }
        list.pointee.count -= 1
        trimList(list)
        return value
    }

    /// Inserts at a position within 0…count; takes over the reference.
    package func insertListItem(_ list: ListPointer, _ position: Int, _ value: Value) {
        let count = list.pointee.count
        if count == list.pointee.capacity { growList(list, count + 1) }
        let place = list.pointee.items + position
        if position < count { memmove(place + 1, place, (count - position) * MemoryLayout<Value>.stride) }
        place.pointee = value
        list.pointee.count = count + 1
    }

    // MARK: slices

    private func deleteSlice(_ list: ListPointer, _ bounds: SliceBounds) {
        if bounds.count == 0 { return }
        if bounds.step == 1 {
            replaceItems(list, bounds.start, bounds.count, with: [])
            return
        }
        // Walk upwards: a negative step deletes the same items.
        let step = abs(bounds.step)
        let first = bounds.step > 0 ? bounds.start : bounds.start + (bounds.count - 1) * bounds.step
        let items = list.pointee.items
        var removed: [Value] = []
        removed.reserveCapacity(bounds.count)
        var target = first
        for position in first..<list.pointee.count {
            if removed.count < bounds.count, (position - first) % step == 0 {
                removed.append(items[position])
            } else {
                items[target] = items[position]
                target += 1
            }
        }
        list.pointee.count = target
        trimList(list)
        for value in removed { heap.release(value) }
    }

    /// Puts `new` (taken over) in place of `count` items from `start` on.
    func replaceItems(_ list: ListPointer, _ start: Int, _ count: Int, with new: [Value]) {
        let old = Array(UnsafeBufferPointer(start: list.pointee.items + start, count: count))
        let total = list.pointee.count
        let newTotal = total - count + new.count
        if newTotal > list.pointee.capacity { growList(list, newTotal) }
        let items = list.pointee.items
        memmove(items + (start + new.count), items + (start + count), (total - start - count) * MemoryLayout<Value>.stride)
        for (offset, value) in new.enumerated() { items[start + offset] = value }
        list.pointee.count = newTotal
        if newTotal < total { trimList(list) }
        for value in old { heap.release(value) }
    }

    private func assignSlice(_ list: ListPointer, _ key: Value, _ value: Value) throws(PythonError) {
        let unpacked = try unpackSlice(key)
        let message = unpacked.step == 1 ? "can only assign an iterable" : "must assign iterable to extended slice"
        let new = try collectOr(value, message)
        var bounds = unpacked.adjusted(to: list.pointee.count)
        if bounds.step == 1 {
            if bounds.start > bounds.stop { bounds.stop = bounds.start }
            replaceItems(list, bounds.start, bounds.stop - bounds.start, with: new)
            return
        }
        guard new.count == bounds.count else {
            for item in new { heap.release(item) }
            throw valueError("attempt to assign sequence of size \(new.count) to extended slice of size \(bounds.count)")
        }
        var old: [Value] = []
        old.reserveCapacity(new.count)
        var position = bounds.start
        for item in new {
            old.append(list.pointee.items[position])
            list.pointee.items[position] = item
            position += bounds.step
        }
        for item in old { heap.release(item) }
    }

    /// All items, or TypeError with `message` when the value is not iterable.
    package func collectOr(_ value: Value, _ message: String) throws(PythonError) -> [Value] {
        switch value.tag {
        case Tag.list, Tag.tuple: return try collect(value)
        default: break
        }
        let iterator: Value
        do {
            iterator = try makeIterator(value)
        } catch {
            guard matches(error, "TypeError") else { throw error }
            discard(error)
            throw typeError(message)
        }
        defer { heap.release(iterator) }
        return try collect(iterator)
    }

    // MARK: whole lists

    /// Empties a list.
    func clearList(_ list: ListPointer) {
        let items = list.pointee.items
        let count = list.pointee.count
        list.pointee.count = 0
        list.pointee.capacity = 0
        list.pointee.items = heap.memory(MemoryLayout<Value>.stride).assumingMemoryBound(to: Value.self)
        for index in 0..<count { heap.release(items[index]) }
        free(items)
    }

    func copyList(_ list: ListPointer) throws(PythonError) -> Value {
        let items = list.pointee.items
        return try newList(list.pointee.count) { items[$0] }
    }

    /// `list * times` as a new list.
    func repeatList(_ list: ListPointer, _ times: Int) throws(PythonError) -> Value {
        let count = list.pointee.count
        let (total, overflow) = count.multipliedReportingOverflow(by: max(0, times))
        if overflow { throw memoryError() }
        try checkRoom(total)
        return try building(Heap.makeList(heap, capacity: total)) { (result) throws(PythonError) in
            try fillRepeated(result.list.pointee.items, total, list.pointee.items, count)
            result.list.pointee.count = total
        }
    }

    /// Fills `total` places with copies of the first `count` items of `source`, counting references at the end: an interrupt
    /// leaves none counted.
    func fillRepeated(
        _ target: UnsafeMutablePointer<Value>, _ total: Int, _ source: UnsafeMutablePointer<Value>, _ count: Int
    ) throws(PythonError) {
        if total == 0 { return }
        let times = total / count
        if count == 1 {
            let item = source[0]
            try inParts(total) { (target + $0.lowerBound).update(repeating: item, count: $0.count) }
        } else {
            var position = 0
            while position < total {
                memcpy(target + position, source, count * MemoryLayout<Value>.stride)
                position += count
                try heed()
            }
        }
        for index in 0..<count where source[index].isHeap { source[index].header.pointee.references &+= UInt32(truncatingIfNeeded: times) }
    }

    /// `list *= times`
    func repeatListInPlace(_ list: ListPointer, _ times: Int) throws(PythonError) {
        if times <= 0 {
            clearList(list)
            return
        }
        let count = list.pointee.count
        if times == 1 || count == 0 { return }
        let (total, overflow) = count.multipliedReportingOverflow(by: times)
        if overflow { throw memoryError() }
        try reserveList(list, total - count)
        try fillRepeated(list.pointee.items + count, total - count, list.pointee.items, count)
        list.pointee.count = total
    }
}
