import Syntax

#if canImport(Glibc)
    import Glibc
#endif

// Set algebra. Each operation builds its result in CPython's order of insertions, which decides iteration order.

extension VM {
    /// A new set with the same items.
    func copySet(_ source: SetPointer, _ tag: UInt64) throws(PythonError) -> Value {
        let result = heap.makeSet(tag)
        try mergeSet(result.set, source)
        return result
    }

    /// Visits the live entries; the table may change while `body` runs.
    @inline(__always)
    func forEachEntry(_ set: SetPointer, _ body: (SetObject.Entry) throws(PythonError) -> Void) throws(PythonError) {
        var position = 0
        while position <= set.pointee.mask {
            guard let entries = set.pointee.entries else { return }
            let entry = entries[position]
            position += 1
            if position & 0xFFFF == 0, interruptFlag.pointee != 0 { try poll() }
            guard entry.isLive else { continue }
            if entry.isObject {
                let key = entry.key.retained()
                defer { heap.release(key) }
                try body(entry)
            } else {
                try body(entry)
            }
        }
    }

    /// Adds all of `other` with one resize up front.
    func mergeSet(_ set: SetPointer, _ other: SetPointer) throws(PythonError) {
        guard set != other, other.pointee.count > 0 else { return }
        let additional = other.pointee.count
        try checkRoom((set.pointee.count + additional) * 4, stride: MemoryLayout<SetObject.Entry>.stride)
        let isCrowded = (set.pointee.fill + additional) * 5 >= set.pointee.mask * 3
        if set.pointee.fill == 0 {
            let size = isCrowded ? Heap.setTableSize(above: additional * 2) : set.pointee.mask + 1
            try heap.adoptTable(set, copyTable(of: other, size), size, from: other)
            return
        }
        if isCrowded { heap.resizeSet(set, (set.pointee.count + additional) * 2) }
        try forEachEntry(other) { (entry) throws(PythonError) in try setAdd(set, entry) }
    }

    /// A table of `size` places with the keys of `other`, retained.
    private func copyTable(of other: SetPointer, _ size: Int) throws(PythonError) -> UnsafeMutablePointer<SetObject.Entry> {
        let source = other.pointee.entries.unsafelyUnwrapped
        let places = other.pointee.mask + 1
        let isImage = size == places && other.pointee.fill == other.pointee.count
        guard let entries = isImage ? heap.uninitializedSetTable(size) : heap.makeSetTableUnlessInterrupted(size) else {
            try poll()
            return try copyTable(of: other, size)
        }
        var position = 0
        while position < places {
            let end = min(places, position + 0x10000)
            if isImage {
                (entries + position).initialize(from: source + position, count: end - position)
            } else {
                for index in position..<end where source[index].isLive { Heap.insertClean(entries, size - 1, source[index]) }
            }
            position = end
            // Before the poll, which may run finalizers and so change `other`, nothing is retained: giving up is simple.
            if heap.mustHurry {
                free(entries)
                try poll()
                return try copyTable(of: other, size)
            }
        }
        if other.pointee.header.flags & HeaderFlag.holdsObjects != 0 {
            for index in 0..<size where entries[index].isObject { entries[index].retainKey() }
        }
        return entries
    }

    /// `set.update(iterable)`
    package func setUpdate(_ target: Value, _ iterable: Value) throws(PythonError) {
        let set = target.set
        let other = payload(iterable)
        if other.isAnySet {
            try mergeSet(set, other.set)
        } else if iterable.tag == Tag.dict {
            let dict = iterable.dict
            let count = dict.pointee.count
            if (set.pointee.fill + count) * 5 >= set.pointee.mask * 3 { heap.resizeSet(set, (set.pointee.count + count) * 2) }
            try forEachKey(dict) { (key, hash) throws(PythonError) in try setAdd(set, key, hash) }
        } else {
            try iterate(iterable) { (item) throws(PythonError) -> Bool in
                try setAdd(set, item, hash(item))
                return true
            }
        }
    }

    /// Visits a dict's keys; the dict may change while `body` runs.
    func forEachKey(_ dict: DictPointer, _ body: (Value, Int) throws(PythonError) -> Void) throws(PythonError) {
        var position = 0
        while position < dict.pointee.used {
            let entry = dict.pointee.entries.unsafelyUnwrapped[position]
            position += 1
            if entry.key.isUndefined { continue }
            entry.key.retain()
            defer { heap.release(entry.key) }
            try body(entry.key, entry.hash)
        }
    }

    /// A new set of an iterable's items.
    package func makeSet(from iterable: Value, _ tag: UInt64 = Tag.set) throws(PythonError) -> Value {
        try building(heap.makeSet(tag)) { (result) throws(PythonError) in try setUpdate(result, iterable) }
    }

    /// Returns `value` once `body` has filled it; releases it when `body` throws.
    package func building(_ value: Value, _ body: (Value) throws(PythonError) -> Void) throws(PythonError) -> Value {
        do {
            try body(value)
        } catch {
            heap.release(value)
            throw error
        }
        return value
    }

    // MARK: algebra

    func setUnion(_ set: Value, _ others: [Value]) throws(PythonError) -> Value {
        try building(copySet(set.set, set.tag)) { (result) throws(PythonError) in
            for other in others where !other.isIdentical(to: set) { try setUpdate(result, other) }
        }
    }

    func setIntersection(_ set: Value, _ iterable: Value) throws(PythonError) -> Value {
        if set.isIdentical(to: iterable) { return try copySet(set.set, set.tag) }
        return try building(heap.makeSet(set.tag)) { (result) throws(PythonError) in
            let other = payload(iterable)
            if other.isAnySet {
                let isSmaller = other.set.pointee.count <= set.set.pointee.count
                let base = isSmaller ? set.set : other.set
                let built = result.set
                try forEachEntry(isSmaller ? other.set : set.set) { (entry) throws(PythonError) in
                    if try findInSet(base, entry) >= 0 { try setAdd(built, entry) }
                }
            } else {
                try iterate(iterable) { (item) throws(PythonError) -> Bool in
                    let code = try hash(item)
                    if try findInSet(set.set, item, code) >= 0 { try setAdd(result.set, item, code) }
                    return true
                }
            }
        }
    }

    /// Removes from `target` all that is in `iterable`.
    func setSubtract(_ target: Value, _ iterable: Value) throws(PythonError) {
        let set = target.set
        let other = payload(iterable)
        if other.isIdentical(to: target) {
            heap.clearSet(set)
            return
        }
        if other.isAnySet {
            if other.set.pointee.count >> 3 > set.pointee.count {
                let common = try setIntersection(target, other)
                defer { heap.release(common) }
                try forEachEntry(common.set) { (entry) throws(PythonError) in _ = try setDiscard(set, entry) }
            } else {
                try forEachEntry(other.set) { (entry) throws(PythonError) in _ = try setDiscard(set, entry) }
            }
        } else {
            try iterate(iterable) { (item) throws(PythonError) -> Bool in
                _ = try setDiscard(set, item, hash(item))
                return true
            }
        }
        if set.pointee.fill - set.pointee.count > set.pointee.mask / 4 { heap.growSet(set) }
    }

    func setDifference(_ set: Value, _ iterable: Value) throws(PythonError) -> Value {
        let other = payload(iterable)
        let size: Int
        if other.isAnySet {
            size = other.set.pointee.count
        } else if iterable.tag == Tag.dict {
            size = iterable.dict.pointee.count
        } else {
            return try building(copySet(set.set, set.tag)) { (result) throws(PythonError) in try setSubtract(result, iterable) }
        }
        if set.set.pointee.count >> 2 > size {
            return try building(copySet(set.set, set.tag)) { (result) throws(PythonError) in try setSubtract(result, iterable) }
        }
        return try building(heap.makeSet(set.tag)) { (result) throws(PythonError) in
            let built = result.set
            if other.isAnySet {
                let excluded = other.set
                try forEachEntry(set.set) { (entry) throws(PythonError) in
                    if try findInSet(excluded, entry) < 0 { try setAdd(built, entry) }
                }
            } else {
                try forEachEntry(set.set) { (entry) throws(PythonError) in
                    let key = entry.key
                    if try find(iterable.dict, key, hash(key)) < 0 { try setAdd(built, entry) }
                }
            }
        }
    }

    /// Keeps in `target` what is in exactly one of it and `iterable`.
    func setExclusiveUpdate(_ target: Value, _ iterable: Value) throws(PythonError) {
        let set = target.set
        let other = payload(iterable)
        if other.isIdentical(to: target) {
            heap.clearSet(set)
            return
        }
        if other.isAnySet {
            try forEachEntry(other.set) { (entry) throws(PythonError) in try toggle(set, entry) }
        } else if iterable.tag == Tag.dict {
            try forEachKey(iterable.dict) { (key, hash) throws(PythonError) in try toggle(set, SetObject.Entry(key, hash: hash)) }
        } else {
            let items = try makeSet(from: iterable)
            defer { heap.release(items) }
            try forEachEntry(items.set) { (entry) throws(PythonError) in try toggle(set, entry) }
        }
    }

    /// Removes the key if it is there, adds it otherwise.
    @inline(__always)
    private func toggle(_ set: SetPointer, _ entry: SetObject.Entry) throws(PythonError) {
        let place = try locate(set, entry)
        if place >= 0 { heap.release(takeEntry(set, place)) } else { fillPlace(set, ~place, entry) }
    }

    /// `set ^ other`: built in a copy of the other side.
    func setExclusive(_ set: Value, _ iterable: Value) throws(PythonError) -> Value {
        try building(makeSet(from: iterable, set.tag)) { (result) throws(PythonError) in try setExclusiveUpdate(result, set) }
    }

    // MARK: comparison

    func isSubset(_ a: SetPointer, _ b: SetPointer) throws(PythonError) -> Bool {
        if a.pointee.count > b.pointee.count { return false }
        var position = 0
        while position <= a.pointee.mask {
            guard let entries = a.pointee.entries else { return true }
            let entry = entries[position]
            position += 1
            if position & 0xFFFF == 0, interruptFlag.pointee != 0 { try poll() }
            guard entry.isLive else { continue }
            let key = entry.key.retained()
            defer { heap.release(key) }
            if try findInSet(b, entry) < 0 { return false }
        }
        return true
    }

    func compareSets(_ operation: CompareOperator, _ a: SetPointer, _ b: SetPointer) throws(PythonError) -> Bool {
        switch operation {
        case .equal, .notEqual:
            let differ = a.pointee.count != b.pointee.count || (a.pointee.hash != 0 && b.pointee.hash != 0 && a.pointee.hash != b.pointee.hash)
            let same = differ ? false : try isSubset(a, b)
            return same == (operation == .equal)
        case .less: return a.pointee.count >= b.pointee.count ? false : try isSubset(a, b)
        case .lessEqual: return try isSubset(a, b)
        case .greater: return b.pointee.count >= a.pointee.count ? false : try isSubset(b, a)
        case .greaterEqual: return try isSubset(b, a)
        case .in, .notIn, .is, .isNot: return false
        }
    }

    func setIsDisjoint(_ set: Value, _ iterable: Value) throws(PythonError) -> Bool {
        let other = payload(iterable)
        if other.isIdentical(to: set) { return set.set.pointee.count == 0 }
        var result = true
        if other.isAnySet {
            let (small, large) = other.set.pointee.count > set.set.pointee.count ? (set, other) : (other, set)
            try forEachEntry(small.set) { (entry) throws(PythonError) in
                if result, try findInSet(large.set, entry) >= 0 { result = false }
            }
        } else {
            try iterate(iterable) { (item) throws(PythonError) -> Bool in
                if try findInSet(set.set, item, hash(item)) >= 0 { result = false }
                return result
            }
        }
        return result
    }
}
