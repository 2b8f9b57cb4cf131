#if canImport(Glibc)
    import Glibc
#endif

// The table of set and frozenset: CPython's probing and growth, so that sets of numbers iterate in its order.
// `header.extra` remembers where `pop` goes on searching.

package typealias SetPointer = UnsafeMutablePointer<SetObject>

extension Value {
    /// Meaningful for sets and frozensets.
    @inline(__always) package var set: SetPointer { object(as: SetObject.self) }
    @inline(__always) var isAnySet: Bool { tag == Tag.set || tag == Tag.frozenSet }
}

extension HeaderFlag {
    /// The set holds, or held, keys that are objects: only then must they be released one by one.
    static let holdsObjects: UInt8 = 64
}

enum SetTable {
    static let smallest = 8
    /// Neighbours looked at before jumping.
    static let linearProbes = 9
}

extension Heap {
    func makeSet(_ tag: UInt64) -> Value {
        let memory = allocate(MemoryLayout<SetObject>.stride, tag)
        containerGrowth &+= 1
        let set = memory.assumingMemoryBound(to: SetObject.self)
        set.pointee.count = 0
        set.pointee.fill = 0
        set.pointee.mask = SetTable.smallest - 1
        set.pointee.entries = nil
        set.pointee.version = 0
        set.pointee.hash = 0
        return Value(tag: tag, pointer: memory)
    }

    func makeSetTable(_ size: Int) -> UnsafeMutablePointer<SetObject.Entry> {
        let entries = uninitializedSetTable(size)
        entries.initialize(repeating: .empty, count: size)
        return entries
    }

    /// The same for a table that may be huge; nil when an interrupt is due.
    func makeSetTableUnlessInterrupted(_ size: Int) -> UnsafeMutablePointer<SetObject.Entry>? {
        let entries = uninitializedSetTable(size)
        var done = 0
        while done < size {
            let count = min(size - done, 0x40000)
            (entries + done).initialize(repeating: .empty, count: count)
            done += count
            if done < size, mustHurry {
                free(entries)
                return nil
            }
        }
        return entries
    }

    func uninitializedSetTable(_ size: Int) -> UnsafeMutablePointer<SetObject.Entry> {
        memory(size * MemoryLayout<SetObject.Entry>.stride).assumingMemoryBound(to: SetObject.Entry.self)
    }

    /// The set's table, made when it has none yet.
    @inline(__always)
    func setTable(_ set: SetPointer) -> UnsafeMutablePointer<SetObject.Entry> {
        if let entries = set.pointee.entries { return entries }
        let entries = makeSetTable(set.pointee.mask + 1)
        set.pointee.entries = entries
        return entries
    }

    /// Puts a key (taken over) that is surely absent into a table without deleted places.
    @inline(__always)
    static func insertClean(_ entries: UnsafeMutablePointer<SetObject.Entry>, _ mask: Int, _ entry: SetObject.Entry) {
        let hash = entry.hash
        var perturb = UInt(bitPattern: hash)
        var slot = hash & mask
        while true {
            var position = slot
            let last = slot + SetTable.linearProbes <= mask ? slot + SetTable.linearProbes : slot
            while position <= last {
                if entries[position].isEmpty {
                    entries[position] = entry
                    return
                }
                position += 1
            }
            perturb >>= 5
            slot = Int(bitPattern: UInt(bitPattern: slot) &* 5 &+ 1 &+ perturb) & mask
        }
    }

    /// Size of a table with more than `minimum` places.
    static func setTableSize(above minimum: Int) -> Int {
        var size = SetTable.smallest
        while size <= minimum { size <<= 1 }
        return size
    }

    /// Whether insertions are still quick without growth.
    private func hasGaps(_ set: SetPointer) -> Bool { set.pointee.fill < set.pointee.mask - set.pointee.mask / 4 }

    /// Rebuilds the table with more than `minimum` places, deleted ones dropped.
    @inline(never)
    func resizeSet(_ set: SetPointer, _ minimum: Int) {
        let size = Heap.setTableSize(above: minimum)
        // A rebuild that takes long gives way to Ctrl-C: the present table serves on until its gaps are few.
        let mayStop = hasGaps(set)
        let fresh = mayStop ? makeSetTableUnlessInterrupted(size) : makeSetTable(size)
        guard let entries = fresh else { return }
        if let old = set.pointee.entries {
            for index in 0...set.pointee.mask {
                if index & 0xFFFF == 0xFFFF, mayStop, mustHurry {
                    free(entries)
                    return
                }
                if old[index].isLive { Heap.insertClean(entries, size - 1, old[index]) }
            }
            free(old)
        }
        set.pointee.entries = entries
        set.pointee.mask = size - 1
        set.pointee.fill = set.pointee.count
    }

    /// Gives an empty set a table of `size` places with the keys of `other`.
    func adoptTable(_ set: SetPointer, _ entries: UnsafeMutablePointer<SetObject.Entry>, _ size: Int, from other: SetPointer) {
        if let old = set.pointee.entries { free(old) }
        set.pointee.entries = entries
        set.pointee.mask = size - 1
        set.pointee.count = other.pointee.count
        set.pointee.fill = other.pointee.count
        set.pointee.version &+= 1
        set.pointee.header.flags |= other.pointee.header.flags & HeaderFlag.holdsObjects
    }

    /// What growth after an insertion or a clean-up aims at.
    func growSet(_ set: SetPointer) {
        // Until someone polls, every insertion asks again.
        if mustHurry, hasGaps(set) { return }
        let wanted = set.pointee.count > 50_000 ? set.pointee.count * 2 : set.pointee.count * 4
        let bytes = wanted * 2 * MemoryLayout<SetObject.Entry>.stride
        if bytes > Heap.uncheckedBytes {
            // Without memory the present table serves on while it has gaps.
            if !AvailableMemory.hasAddresses(bytes) {
                noteExhaustion()
                if set.pointee.fill < set.pointee.mask - set.pointee.mask / 16 { return }
            }
        }
        resizeSet(set, wanted)
    }

    /// Empties a set.
    func clearSet(_ set: SetPointer) {
        let entries = set.pointee.entries
        let mask = set.pointee.mask
        set.pointee.entries = nil
        set.pointee.mask = SetTable.smallest - 1
        set.pointee.count = 0
        set.pointee.fill = 0
        set.pointee.version &+= 1
        set.pointee.header.extra = 0
        guard let entries else { return }
        if set.pointee.header.flags & HeaderFlag.holdsObjects != 0 {
            for index in 0...mask where entries[index].isObject { release(entries[index].key) }
        }
        free(entries)
    }
}

extension VM {
    package func makeSet() -> Value { heap.makeSet(Tag.set) }

    package func makeFrozenSet() -> Value { heap.makeSet(Tag.frozenSet) }

    /// A frozenset of constants, which are always hashable; takes over the references of `items`.
    package func makeFrozenSet(of items: [Value]) -> Value {
        let result = makeFrozenSet()
        for item in items {
            do {
                try setAdd(result, item)
            } catch {
                preconditionFailure("a constant without hash in a frozenset: \(typeName(item))")
            }
            heap.release(item)
        }
        return result
    }

    /// Place of a key in the set's table; when it is absent the complement, negative, of the place it would take: the last
    /// deleted one on its way, as in CPython. Makes the table when there is none. May run `__eq__`.
    @inline(__always)
    func locate(_ set: SetPointer, _ sought: SetObject.Entry) throws(PythonError) -> Int {
        // Most keys are found, or found missing, at the first place.
        if let entries = set.pointee.entries {
            let slot = sought.hash & set.pointee.mask
            if entries[slot].isSame(as: sought) { return slot }
            if entries[slot].isEmpty { return ~slot }
        }
        return try probe(set, sought)
    }

    @inline(never)
    private func probe(_ set: SetPointer, _ sought: SetObject.Entry) throws(PythonError) -> Int {
        search: while true {
            let entries = heap.setTable(set)
            let mask = set.pointee.mask
            let hash = sought.hash
            var perturb = UInt(bitPattern: hash)
            var slot = hash & mask
            var deleted = -1
            while true {
                var position = slot
                let last = slot + SetTable.linearProbes <= mask ? slot + SetTable.linearProbes : slot
                while position <= last {
                    let entry = entries[position]
                    if !entry.isLive {
                        if entry.isEmpty { return ~(deleted >= 0 ? deleted : position) }
                        deleted = position
                    } else if entry.hasHash(of: sought) {
                        if entry.isSame(as: sought) { return position }
                        if !entry.areInts(with: sought) {
                            switch try matchesEntry(set, entries, position, sought.key) {
                            case true?: return position
                            case false?: break
                            case nil: continue search
                            }
                        }
                    }
                    position += 1
                }
                perturb >>= 5
                slot = Int(bitPattern: UInt(bitPattern: slot) &* 5 &+ 1 &+ perturb) & mask
            }
        }
    }

    /// Whether the key in a place equals `key`; nil when the set changed meanwhile.
    @inline(never)
    private func matchesEntry(
        _ set: SetPointer, _ entries: UnsafeMutablePointer<SetObject.Entry>, _ position: Int, _ key: Value
    ) throws(PythonError) -> Bool? {
        let candidate = entries[position].key
        if candidate.tag == Tag.string, key.tag == Tag.string { return sameString(candidate.string, key.string) }
        candidate.retain()
        defer { heap.release(candidate) }
        let same = try equals(candidate, key)
        guard set.pointee.entries == entries, entries[position].isLive, entries[position].key.isIdentical(to: candidate) else { return nil }
        return same
    }

    /// Place of a key in the set's table, negative when absent. May run `__eq__`.
    @inline(__always)
    func findInSet(_ set: SetPointer, _ sought: SetObject.Entry) throws(PythonError) -> Int {
        set.pointee.count == 0 ? -1 : try locate(set, sought)
    }

    func findInSet(_ set: SetPointer, _ key: Value, _ hash: Int) throws(PythonError) -> Int {
        try findInSet(set, SetObject.Entry(key, hash: hash))
    }

    /// Stores a new key, retained, in the place `locate` has named.
    @inline(__always)
    func fillPlace(_ set: SetPointer, _ position: Int, _ entry: SetObject.Entry) {
        let place = set.pointee.entries.unsafelyUnwrapped + position
        let wasEmpty = place.pointee.isEmpty
        if entry.isObject {
            entry.retainKey()
            set.pointee.header.flags |= HeaderFlag.holdsObjects
        }
        place.pointee = entry
        set.pointee.count += 1
        set.pointee.version &+= 1
        if wasEmpty {
            set.pointee.fill += 1
            if set.pointee.fill * 5 >= set.pointee.mask * 3 { heap.growSet(set) }
        }
    }

    /// Adds a key; retains it when it is new. Returns whether it was.
    @discardableResult @inline(__always)
    func setAdd(_ set: SetPointer, _ entry: SetObject.Entry) throws(PythonError) -> Bool {
        let place = try locate(set, entry)
        if place >= 0 { return false }
        fillPlace(set, ~place, entry)
        return true
    }

    @discardableResult
    func setAdd(_ set: SetPointer, _ key: Value, _ hash: Int) throws(PythonError) -> Bool {
        try setAdd(set, SetObject.Entry(key, hash: hash))
    }

    /// `set.add(item)`; retains `item`.
    package func setAdd(_ target: Value, _ item: Value) throws(PythonError) { try setAdd(target.set, item, hash(item)) }

    /// `item in set`. A set as item counts as the frozenset of the same items.
    package func setContains(_ target: Value, _ item: Value) throws(PythonError) -> Bool {
        try withHashable(item) { (key) throws(PythonError) -> Bool in try findInSet(target.set, key, hash(key)) >= 0 }
    }

    /// Removes a key; returns whether it was there.
    package func setDiscard(_ target: Value, _ item: Value) throws(PythonError) -> Bool {
        try withHashable(item) { (key) throws(PythonError) -> Bool in try setDiscard(target.set, key, hash(key)) }
    }

    func setDiscard(_ set: SetPointer, _ key: Value, _ hash: Int) throws(PythonError) -> Bool {
        try setDiscard(set, SetObject.Entry(key, hash: hash))
    }

    @inline(__always)
    func setDiscard(_ set: SetPointer, _ entry: SetObject.Entry) throws(PythonError) -> Bool {
        let position = try findInSet(set, entry)
        if position < 0 { return false }
        heap.release(takeEntry(set, position))
        return true
    }

    /// Empties a place of the table; the caller owns the key.
    func takeEntry(_ set: SetPointer, _ position: Int) -> Value {
        let entries = set.pointee.entries.unsafelyUnwrapped
        let key = entries[position].key
        entries[position] = .deleted
        set.pointee.count -= 1
        set.pointee.version &+= 1
        return key
    }

    /// Hands `item` to `body`, or a frozenset in its place when it is a set (which has no hash).
    private func withHashable(_ item: Value, _ body: (Value) throws(PythonError) -> Bool) throws(PythonError) -> Bool {
        let plain = payload(item)
        if plain.tag != Tag.set { return try body(item) }
        if item.tag == Tag.instance, !special(typeOf(item), .hash).isNone { return try body(item) }
        let frozen = try copySet(plain.set, Tag.frozenSet)
        defer { heap.release(frozen) }
        return try body(frozen)
    }

    /// CPython's hash of a frozenset, cached.
    func frozenSetHash(_ set: SetPointer) throws(PythonError) -> Int {
        if set.pointee.hash != 0 { return set.pointee.hash }
        func shuffle(_ bits: UInt) -> UInt { ((bits ^ 89_869_747) ^ (bits << 16)) &* 3_644_798_167 }
        var hash: UInt = 0
        if let entries = set.pointee.entries {
            for index in 0...set.pointee.mask where entries[index].isLive {
                let entry = entries[index]
                // Objects' hashes are not kept whole; those of tuples of numbers and the like are the same in every run.
                let whole = entry.isObject && entry.key.tag != Tag.instance ? try self.hash(entry.key) : entry.hash
                hash ^= shuffle(UInt(bitPattern: whole))
            }
        }
        hash ^= (UInt(bitPattern: set.pointee.count) &+ 1) &* 1_927_868_237
        hash ^= (hash >> 11) ^ (hash >> 25)
        hash = hash &* 69069 &+ 907_133_923
        if hash == UInt.max { hash = 590_923_713 }
        set.pointee.hash = Int(bitPattern: hash)
        return set.pointee.hash
    }
}
