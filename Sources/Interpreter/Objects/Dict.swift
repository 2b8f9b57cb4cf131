#if canImport(Glibc)
    import Glibc
#endif

// The dict's table: lookups, insertion, deletion. What programs see of dicts (methods, views) is in DictMethods.

public typealias DictPointer = UnsafeMutablePointer<DictObject>

extension Value {
    /// Meaningful for dicts.
    @inlinable @inline(__always) public var dict: DictPointer { pointer.assumingMemoryBound(to: DictObject.self) }
    /// Meaningful for lists.
    @inlinable @inline(__always) public var list: UnsafeMutablePointer<ListObject> { pointer.assumingMemoryBound(to: ListObject.self) }
    /// Meaningful for tuples.
    @inlinable @inline(__always) public var tuple: UnsafeMutablePointer<TupleObject> { pointer.assumingMemoryBound(to: TupleObject.self) }
    /// Meaningful for strings.
    @inlinable @inline(__always) public var string: StringPointer { pointer.assumingMemoryBound(to: StringObject.self) }
}

extension VM {
    /// Hash of a str, cached in it.
    @inline(__always)
    package func stringHash(_ string: StringPointer) -> Int {
        if string.pointee.header.flags & HeaderFlag.hashed != 0 { return string.pointee.hash }
        return computeStringHash(string)
    }

    @inline(never)
    private func computeStringHash(_ string: StringPointer) -> Int {
        keepHash(VM.stringHash(string.bytes, string.pointee.byteCount), of: string)
    }

    private func keepHash(_ hash: Int, of string: StringPointer) -> Int {
        string.pointee.hash = hash
        string.pointee.header.flags |= HeaderFlag.hashed
        return hash
    }

    /// `stringHash` where Ctrl-C must be answered: of a str that may be long.
    @inline(__always)
    func textHash(_ string: StringPointer) throws(PythonError) -> Int {
        if string.pointee.header.flags & HeaderFlag.hashed != 0 { return string.pointee.hash }
        return string.pointee.byteCount <= VM.copyPart ? computeStringHash(string) : try longTextHash(string)
    }

    @inline(never)
    private func longTextHash(_ string: StringPointer) throws(PythonError) -> Int {
        var hash = VM.hashSeed
        // Parts of whole words: the hash is the one of all at once.
        try inParts(string.pointee.byteCount, of: VM.copyPart) { hash = VM.hashed(hash, string.bytes + $0.lowerBound, $0.count) }
        return keepHash(VM.finishedHash(hash), of: string)
    }

    /// Hash of a str with this content.
    static func stringHash(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int { finishedHash(hashed(hashSeed, bytes, count)) }

    private static var hashSeed: UInt64 { 0xcbf2_9ce4_8422_2325 }

    /// FNV-1a over 8-byte words, and a final mix: fast, well spread; not meant to resist chosen collisions.
    @inline(__always)
    private static func hashed(_ start: UInt64, _ bytes: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
        var hash = start
        let raw = UnsafeRawPointer(bytes)
        var offset = 0
        while offset + 8 <= count {
            hash = (hash ^ raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 32
            offset += 8
        }
        while offset < count {
            hash = (hash ^ UInt64(raw.load(fromByteOffset: offset, as: UInt8.self))) &* 0x100_0000_01b3
            offset += 1
        }
        return hash
    }

    private static func finishedHash(_ hash: UInt64) -> Int {
        let result = Int(Int64(bitPattern: hash ^ hash >> 29))
        return result == -1 ? -2 : result
    }

    /// Same content.
    @inline(__always)
    func sameString(_ a: StringPointer, _ b: StringPointer) -> Bool {
        if a == b { return true }
        if a.pointee.byteCount != b.pointee.byteCount { return false }
        if a.pointee.header.flags & b.pointee.header.flags & HeaderFlag.interned != 0 { return false }
        return memcmp(a.bytes, b.bytes, a.pointee.byteCount) == 0
    }

    /// `sameString` where Ctrl-C must be answered: of strings that may be long.
    @inline(__always)
    func sameText(_ a: StringPointer, _ b: StringPointer) throws(PythonError) -> Bool {
        if a.pointee.byteCount <= VM.copyPart || a == b || a.pointee.byteCount != b.pointee.byteCount { return sameString(a, b) }
        return try compareBytes(a.bytes, b.bytes, a.pointee.byteCount) == 0
    }

    // MARK: string keys, which never run program code

    /// Entry index of a str key, −1 when absent.
    @inline(__always)
    func findString(_ dict: DictPointer, _ key: StringPointer) -> Int {
        guard let table = dict.pointee.table else { return -1 }
        let entries = dict.pointee.entries.unsafelyUnwrapped
        let hash = stringHash(key)
        let mask = dict.pointee.mask
        var slot = hash & mask
        var perturb = UInt(bitPattern: hash)
        while true {
            let index = Int(table[slot])
            if index == -1 { return -1 }
            if index >= 0, entries[index].hash == hash {
                let candidate = entries[index].key
                if candidate.tag == Tag.string {
                    if sameString(candidate.string, key) { return index }
                } else if case let inner = payload(candidate), inner.tag == Tag.string, sameString(inner.string, key) {
                    return index
                }
            }
            perturb >>= 5
            slot = Int(truncatingIfNeeded: UInt(bitPattern: slot) &* 5 &+ perturb &+ 1) & mask
        }
    }

    /// Value of a str key, borrowed; undefined when absent.
    @inline(__always)
    package func dictValue(_ dict: DictPointer, _ key: StringPointer) -> Value {
        let index = findString(dict, key)
        return index < 0 ? .undefined : dict.pointee.entries.unsafelyUnwrapped[index].value
    }

    package func dictValue(_ dict: DictPointer, _ key: String) -> Value { dictValue(dict, intern(key)) }

    /// Binds a str key; retains key and value.
    package func dictSet(_ dict: DictPointer, _ key: StringPointer, _ value: Value) {
        value.retain()
        let index = findString(dict, key)
        if index >= 0 {
            heap.replace(&dict.pointee.entries.unsafelyUnwrapped[index].value, with: value)
            return
        }
        let keyValue = Value(tag: Tag.string, pointer: key)
        keyValue.retain()
        heap.insertNew(dict, stringHash(key), keyValue, value)
    }

    package func dictSet(_ dict: DictPointer, _ key: String, _ value: Value) { dictSet(dict, intern(key), value) }

    /// Removes a str key; returns its value (owned), undefined when absent.
    package func dictRemove(_ dict: DictPointer, _ key: StringPointer) -> Value {
        let index = findString(dict, key)
        return index < 0 ? .undefined : heap.removeEntry(dict, index)
    }

    // MARK: any key

    /// Entry index of a key, −1 when absent. May run `__eq__`.
    package func find(_ dict: DictPointer, _ key: Value, _ hash: Int) throws(PythonError) -> Int {
        if key.tag == Tag.string { return findString(dict, key.string) }
        search: while true {
            guard let table = dict.pointee.table else { return -1 }
            let mask = dict.pointee.mask
            var slot = hash & mask
            var perturb = UInt(bitPattern: hash)
            while true {
                let index = Int(table[slot])
                if index == -1 { return -1 }
                if index >= 0 {
                    let entry = dict.pointee.entries.unsafelyUnwrapped[index]
                    if entry.hash == hash {
                        if entry.key.isIdentical(to: key) { return index }
                        if (entry.key.tag | key.tag) != 0 {
                            let version = dict.pointee.version
                            entry.key.retain()
                            defer { heap.release(entry.key) }
                            let same = try equals(entry.key, key)
                            if dict.pointee.version != version || dict.pointee.table != table { continue search }
                            if same { return index }
                        }
                    }
                }
                perturb >>= 5
                slot = Int(truncatingIfNeeded: UInt(bitPattern: slot) &* 5 &+ perturb &+ 1) & mask
            }
        }
    }

    /// Value of a key, borrowed; undefined when absent. TypeError for unhashable keys.
    package func dictGet(_ dict: DictPointer, _ key: Value) throws(PythonError) -> Value {
        if key.tag == Tag.string { return dictValue(dict, key.string) }
        let index = try find(dict, key, hash(key))
        return index < 0 ? .undefined : dict.pointee.entries.unsafelyUnwrapped[index].value
    }

    /// Binds a key; retains key and value.
    package func dictSet(_ dict: DictPointer, _ key: Value, _ value: Value) throws(PythonError) {
        let code = try hash(key)
        let index = try find(dict, key, code)
        value.retain()
        if index >= 0 {
            heap.replace(&dict.pointee.entries.unsafelyUnwrapped[index].value, with: value)
        } else {
            key.retain()
            heap.insertNew(dict, code, key, value)
        }
    }

    /// Removes a key; returns its value (owned), undefined when absent.
    package func dictRemove(_ dict: DictPointer, _ key: Value) throws(PythonError) -> Value {
        let index = try find(dict, key, hash(key))
        return index < 0 ? .undefined : heap.removeEntry(dict, index)
    }
}

extension Heap {
    /// Adds an entry whose key is known to be absent. Takes over both references. Amortised O(1).
    package func insertNew(_ dict: DictPointer, _ hash: Int, _ key: Value, _ value: Value) {
        if dict.pointee.used == dict.pointee.entryCapacity { growDict(dict) }
        let index = dict.pointee.used
        dict.pointee.entries.unsafelyUnwrapped[index] = DictObject.Entry(hash: hash, key: key, value: value)
        dict.pointee.used = index + 1
        dict.pointee.count += 1
        dict.pointee.version &+= 1
        Heap.place(dict.pointee.table.unsafelyUnwrapped, dict.pointee.mask, hash, Int32(truncatingIfNeeded: index))
    }

    @inline(__always)
    private static func place(_ table: UnsafeMutablePointer<Int32>, _ mask: Int, _ hash: Int, _ index: Int32) {
        var slot = hash & mask
        var perturb = UInt(bitPattern: hash)
        while table[slot] >= 0 {
            perturb >>= 5
            slot = Int(truncatingIfNeeded: UInt(bitPattern: slot) &* 5 &+ perturb &+ 1) & mask
        }
        table[slot] = index
    }

    /// Compacts deleted entries and makes room for more.
    @inline(never)
    private func growDict(_ dict: DictPointer) {
        let wanted = max(5, dict.pointee.count * 2)
        if wanted * MemoryLayout<DictObject.Entry>.stride > Heap.uncheckedBytes, !canRebuild(wanted) {
            noteExhaustion()
            if stretchDict(dict) { return }
        }
        if !rebuildDict(dict, entryCapacity: wanted, mayStop: canStretch(dict)) { _ = stretchDict(dict) }
    }

    /// Whether the memory for a table of that size can be had now.
    private func canRebuild(_ entryCapacity: Int) -> Bool {
        AvailableMemory.hasAddresses(entryCapacity * 3 * MemoryLayout<DictObject.Entry>.stride)
    }

    /// Entries added to a dict that cannot be rebuilt now.
    private static let stretch = 4096

    /// Whether the table still has gaps for more entries.
    private func canStretch(_ dict: DictPointer) -> Bool {
        dict.pointee.entryCapacity + Heap.stretch < dict.pointee.mask - dict.pointee.mask / 16
    }

    /// Room for a few more entries in the present table: what is left when memory runs out, or no time is to be lost.
    private func stretchDict(_ dict: DictPointer) -> Bool {
        let capacity = dict.pointee.entryCapacity + Heap.stretch
        guard canStretch(dict), let old = dict.pointee.entries else { return false }
        dict.pointee.entries = resized(old, capacity * MemoryLayout<DictObject.Entry>.stride).assumingMemoryBound(to: DictObject.Entry.self)
        dict.pointee.entryCapacity = capacity
        return true
    }

    /// Rebuilds with room for `entryCapacity` entries, deleted ones dropped.
    func resizeDict(_ dict: DictPointer, entryCapacity: Int) {
        _ = rebuildDict(dict, entryCapacity: entryCapacity, mayStop: false)
    }

    /// Returns false, the dict being as before, when it was allowed to stop and an interrupt is due.
    private func rebuildDict(_ dict: DictPointer, entryCapacity: Int, mayStop: Bool) -> Bool {
        var size = 8
        while size * 2 / 3 < entryCapacity { size *= 2 }
        let capacity = size * 2 / 3
        let entries = memory(capacity * MemoryLayout<DictObject.Entry>.stride).assumingMemoryBound(to: DictObject.Entry.self)
        let table = memory(size * MemoryLayout<Int32>.stride).assumingMemoryBound(to: Int32.self)
        var cleared = 0
        while cleared < size {
            let count = min(size - cleared, 0x100000)
            memset(table + cleared, 0xFF, count * MemoryLayout<Int32>.stride)
            cleared += count
            if mayStop, cleared < size, mustHurry {
                free(entries)
                free(table)
                return false
            }
        }
        var used = 0
        if let old = dict.pointee.entries {
            for index in 0..<dict.pointee.used {
                if mayStop, index & 0xFFFF == 0xFFFF, mustHurry {
                    free(entries)
                    free(table)
                    return false
                }
                if old[index].key.isUndefined { continue }
                entries[used] = old[index]
                Heap.place(table, size - 1, old[index].hash, Int32(truncatingIfNeeded: used))
                used += 1
            }
            free(old)
        }
        if let old = dict.pointee.table { free(old) }
        dict.pointee.table = table
        dict.pointee.mask = size - 1
        dict.pointee.entries = entries
        dict.pointee.entryCapacity = capacity
        dict.pointee.used = used
        dict.pointee.header.extra = 0
        return true
    }

    /// Removes an entry; returns its value (owned); the key is released.
    package func removeEntry(_ dict: DictPointer, _ index: Int) -> Value {
        let table = dict.pointee.table.unsafelyUnwrapped
        let entries = dict.pointee.entries.unsafelyUnwrapped
        let hash = entries[index].hash
        let mask = dict.pointee.mask
        var slot = hash & mask
        var perturb = UInt(bitPattern: hash)
        while Int(table[slot]) != index {
            perturb >>= 5
            slot = Int(truncatingIfNeeded: UInt(bitPattern: slot) &* 5 &+ perturb &+ 1) & mask
        }
        table[slot] = -2
        let key = entries[index].key
        let value = entries[index].value
        entries[index].key = .undefined
        entries[index].value = .undefined
        dict.pointee.count -= 1
        dict.pointee.version &+= 1
        if dict.pointee.count == 0 {
            // Nothing but holes: start over, so that fill-and-drain patterns stay small.
            dict.pointee.used = 0
            dict.pointee.header.extra = 0
            memset(table, 0xFF, (mask + 1) * MemoryLayout<Int32>.stride)
        }
        release(key)
        return value
    }

    /// Empties a dict.
    package func clearDict(_ dict: DictPointer) {
        let entries = dict.pointee.entries
        let used = dict.pointee.used
        if let table = dict.pointee.table { free(table) }
        dict.pointee.table = nil
        dict.pointee.entries = nil
        dict.pointee.mask = -1
        dict.pointee.used = 0
        dict.pointee.count = 0
        dict.pointee.entryCapacity = 0
        dict.pointee.header.extra = 0
        dict.pointee.version &+= 1
        guard let entries else { return }
        for index in 0..<used where !entries[index].key.isUndefined {
            release(entries[index].key)
            release(entries[index].value)
        }
        free(entries)
    }
}
