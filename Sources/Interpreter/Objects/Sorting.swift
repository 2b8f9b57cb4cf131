import Syntax

#if canImport(Glibc)
    import Glibc
#endif

// list.sort and sorted: which kind of comparison fits the keys, then runs are sorted over compact keys.

/// A str with its first bytes as a number, which decide most comparisons. UTF-8 orders as code points do.
private struct TextKey {
    let prefix: UInt64
    let string: StringPointer

    init(_ string: StringPointer) {
        self.string = string
        var word: UInt64 = 0
        withUnsafeMutableBytes(of: &word) { target in
            target.copyMemory(from: UnsafeRawBufferPointer(start: string.bytes, count: min(8, string.pointee.byteCount)))
        }
        prefix = UInt64(bigEndian: word)
    }

    /// Whether the first of two strings comes before the second; equal ones keep their order.
    @inline(__always)
    static func precedes(_ a: TextKey, _ positionA: Int, _ b: TextKey, _ positionB: Int) -> Bool {
        if a.prefix != b.prefix { return a.prefix < b.prefix }
        let countA = a.string.pointee.byteCount
        let countB = b.string.pointee.byteCount
        let order = memcmp(a.string.bytes, b.string.bytes, min(countA, countB))
        if order != 0 { return order < 0 }
        return countA != countB ? countA < countB : positionA < positionB
    }
}

/// Thrown inside a sort by `VM.sort`, which answers for it.
private struct Interrupted: Error {}

private struct AnyOrder: SortOrder {
    unowned(unsafe) let vm: VM
    @inline(__always)
    func precedes(_ a: Value, _ b: Value) throws(PythonError) -> Bool {
        try vm.heed()
        return try vm.isLess(a, b)
    }
}

/// A key and where its item stands.
private struct Keyed<Key> {
    let key: Key
    let position: Int
}

private struct KeyedOrder<Order: SortOrder>: SortOrder {
    let order: Order
    var vm: VM { order.vm }
    @inline(__always)
    func precedes(_ a: Keyed<Order.Item>, _ b: Keyed<Order.Item>) throws(PythonError) -> Bool { try order.precedes(a.key, b.key) }
}

extension VM {
    /// `a < b` as sorting, `min` and heaps ask.
    package func isLess(_ a: Value, _ b: Value) throws(PythonError) -> Bool {
        if (a.tag | b.tag) == 0 { return a.asInt < b.asInt }
        if a.isFloat, b.isFloat { return a.asDouble < b.asDouble }
        if a.tag == Tag.tuple, b.tag == Tag.tuple { return try isLessTuple(a.tuple, b.tuple) }
        let result = try compare(.less, a, b)
        if result.isBool { return result.asBool }
        defer { heap.release(result) }
        return try isTrue(result)
    }

    private func isLessTuple(_ a: TuplePointer, _ b: TuplePointer) throws(PythonError) -> Bool {
        guard nativeDepth < nativeDepthLimit else { throw recursionError(" in comparison") }
        nativeDepth += 1
        defer { nativeDepth -= 1 }
        let count = min(a.pointee.count, b.pointee.count)
        for position in 0..<count {
            let left = a.items[position]
            let right = b.items[position]
            if try equals(left, right) { continue }
            return try isLess(left, right)
        }
        return a.pointee.count < b.pointee.count
    }

    /// `list.sort(key=…, reverse=…)`. The list is empty while program code runs; ValueError when that code changes it.
    package func sortList(_ list: ListPointer, key: Value, reverse: Bool) throws(PythonError) {
        let count = list.pointee.count
        let capacity = list.pointee.capacity
        let items = list.pointee.items
        let fresh = heap.memory(MemoryLayout<Value>.stride)
        let placeholder = fresh.assumingMemoryBound(to: Value.self)
        list.pointee.items = placeholder
        list.pointee.count = 0
        list.pointee.capacity = 0
        var failure: PythonError?
        do {
            try sortItems(items, count, key: key, reverse: reverse)
        } catch {
            failure = error
        }
        let isModified = list.pointee.count != 0 || list.pointee.items != placeholder
        let found = list.pointee.items
        let foundCount = list.pointee.count
        list.pointee.items = items
        list.pointee.count = count
        list.pointee.capacity = capacity
        for index in 0..<foundCount { heap.release(found[index]) }
        free(found)
        if let failure { throw failure }
        if isModified { throw valueError("list modified during sort") }
    }

    /// Sorts keys by a total order. An interrupt leaves them in any order.
    @inline(__always)
    private func sort<Key>(
        _ keys: UnsafeMutablePointer<Key>, _ count: Int, by precedes: (Key, Key) -> Bool
    ) throws(PythonError) {
        var buffer = UnsafeMutableBufferPointer(start: keys, count: count)
        if count < VM.briefSort {
            buffer.sort(by: precedes)
            return
        }
        do {
            try buffer.sort { (a, b) throws -> Bool in
                if heap.mustHurry { throw Interrupted() }
                return precedes(a, b)
            }
        } catch {
            try heed()
            buffer.sort(by: precedes)
        }
    }

    /// As many keys are sorted within a few milliseconds.
    private static let briefSort = 1 << 16

    /// Memory for the keys of a sort.
    private func keyMemory<Key>(_ count: Int, of type: Key.Type) throws(PythonError) -> UnsafeMutablePointer<Key> {
        try checkRoom(count, stride: MemoryLayout<Key>.stride)
        return heap.memory(count * MemoryLayout<Key>.stride).bindMemory(to: type, capacity: count)
    }

    private func sortItems(_ items: UnsafeMutablePointer<Value>, _ count: Int, key: Value, reverse: Bool) throws(PythonError) {
        var buffer = UnsafeMutableBufferPointer(start: items, count: count)
        if key.isNone {
            // Equal items keep their order in a reversed sort, too.
            if reverse { buffer.reverse() }
            defer { if reverse { buffer.reverse() } }
            try sortPlain(items, count)
            return
        }
        let keys = try keyMemory(count, of: Value.self)
        var made = 0
        defer {
            for index in 0..<made { heap.release(keys[index]) }
            free(keys)
        }
        while made < count {
            keys[made] = try call(key, items[made])
            made += 1
        }
        if reverse {
            buffer.reverse()
            var reversedKeys = UnsafeMutableBufferPointer(start: keys, count: count)
            reversedKeys.reverse()
        }
        defer { if reverse { buffer.reverse() } }
        try sortKeyed(items, keys, count)
    }

    /// The tag all values share, nil when they differ.
    private func commonTag(_ values: UnsafeMutablePointer<Value>, _ count: Int) -> UInt64? {
        if count == 0 { return nil }
        let tag = values[0].tag
        for index in 1..<max(1, count) where values[index].tag != tag { return nil }
        return tag
    }

    private func sortPlain(_ items: UnsafeMutablePointer<Value>, _ count: Int) throws(PythonError) {
        switch commonTag(items, count) {
        case Tag.int?:
            let keys = try keyMemory(count, of: Int.self)
            defer { free(keys) }
            try inParts(count) { for index in $0 { keys[index] = items[index].asInt } }
            try sort(keys, count) { $0 < $1 }
            for index in 0..<count { items[index] = .int(keys[index]) }
        case Tag.float? where !hasNaN(items, count):
            // 0.0 and -0.0 are equal but not the same: they keep their order.
            let keyed = try keyMemory(count, of: Keyed<Double>.self)
            defer { free(keyed) }
            try inParts(count) { for index in $0 { keyed[index] = Keyed(key: items[index].asDouble, position: index) } }
            try sort(keyed, count) { $0.key != $1.key ? $0.key < $1.key : $0.position < $1.position }
            for index in 0..<count { items[index] = .float(keyed[index].key) }
        case Tag.string?:
            let keyed = try keyMemory(count, of: Keyed<TextKey>.self)
            defer { free(keyed) }
            try inParts(count) { for index in $0 { keyed[index] = Keyed(key: TextKey(items[index].string), position: index) } }
            try sort(keyed, count) { TextKey.precedes($0.key, $0.position, $1.key, $1.position) }
            for index in 0..<count { items[index] = Value(tag: Tag.string, pointer: keyed[index].key.string) }
        default:
            try RunSorter.sort(items, count, by: AnyOrder(vm: self))
        }
    }

    private func sortKeyed(_ items: UnsafeMutablePointer<Value>, _ keys: UnsafeMutablePointer<Value>, _ count: Int) throws(PythonError) {
        switch commonTag(keys, count) {
        case Tag.int?:
            try permute(items, count, { keys[$0].asInt }) { $0.key != $1.key ? $0.key < $1.key : $0.position < $1.position }
        case Tag.float? where !hasNaN(keys, count):
            try permute(items, count, { keys[$0].asDouble }) { $0.key != $1.key ? $0.key < $1.key : $0.position < $1.position }
        case Tag.string?:
            try permute(items, count, { TextKey(keys[$0].string) }) { TextKey.precedes($0.key, $0.position, $1.key, $1.position) }
        default: try sortPermuting(items, count, by: AnyOrder(vm: self)) { keys[$0] }
        }
    }

    private func hasNaN(_ values: UnsafeMutablePointer<Value>, _ count: Int) -> Bool {
        for index in 0..<count where values[index].asDouble.isNaN { return true }
        return false
    }

    /// Sorts keys by a total order of keys and positions and brings the items into their order.
    private func permute<Key>(
        _ items: UnsafeMutablePointer<Value>, _ count: Int, _ key: (Int) -> Key, _ precedes: (Keyed<Key>, Keyed<Key>) -> Bool
    ) throws(PythonError) {
        let keyed = try keyMemory(count, of: Keyed<Key>.self)
        defer { free(keyed) }
        let old = try keyMemory(count, of: Value.self)
        defer { free(old) }
        try inParts(count) { for index in $0 { keyed[index] = Keyed(key: key(index), position: index) } }
        try sort(keyed, count, by: precedes)
        old.update(from: items, count: count)
        for index in 0..<count { items[index] = old[keyed[index].position] }
    }

    /// Sorts keys and brings the items into the keys' order, also after an exception.
    private func sortPermuting<Order: SortOrder>(
        _ items: UnsafeMutablePointer<Value>, _ count: Int, by order: Order, _ key: (Int) -> Order.Item
    ) throws(PythonError) {
        let keyed = try keyMemory(count, of: Keyed<Order.Item>.self)
        defer { free(keyed) }
        let old = try keyMemory(count, of: Value.self)
        defer { free(old) }
        try inParts(count) { for index in $0 { keyed[index] = Keyed(key: key(index), position: index) } }
        defer {
            old.update(from: items, count: count)
            for index in 0..<count { items[index] = old[keyed[index].position] }
        }
        try RunSorter.sort(keyed, count, by: KeyedOrder(order: order))
    }
}
