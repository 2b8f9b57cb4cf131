import Syntax

// Set algebra. Each operation builds its result in CPython's order of insertions, which decides iteration order.

extension VM {
    /// A new set with the same items.
    func copySet(_ source: SetPointer, _ tag: UInt64) throws(PythonError) -> Value {
        let result = heap.makeSet(tag)
        try mergeSet(result.set, source)
        return result
    }

    /// Visits the live entries; the table may change while `body` runs.
    func forEachEntry(_ set: SetPointer, _ body: (Value, Int) throws(PythonError) -> Void) throws(PythonError) {
        var position = 0
        while position <= set.pointee.mask {
            guard let entries = set.pointee.entries else { return }
            let entry = entries[position]
            position += 1
            guard entry.isLive else { continue }
            entry.key.retain()
            defer { heap.release(entry.key) }
            try body(entry.key, entry.hash)
        }
    }

    /// Adds all of `other` with one resize up front.
    func mergeSet(_ set: SetPointer, _ other: SetPointer) throws(PythonError) {
        guard set != other, other.pointee.count > 0, let source = other.pointee.entries else { return }
        let additional = other.pointee.count
        try checkRoom((set.pointee.count + additional) * 4, stride: MemoryLayout<SetObject.Entry>.stride)
        if (set.pointee.fill + additional) * 5 >= set.pointee.mask * 3 { heap.resizeSet(set, (set.pointee.count + additional) * 2) }
        guard set.pointee.fill == 0 else {
            try forEachEntry(other) { (key, hash) throws(PythonError) in try setAdd(set, key, hash) }
            return
        }
        let entries = heap.setTable(set)
        set.pointee.header.flags |= other.pointee.header.flags & HeaderFlag.holdsObjects
        let sameLayout = set.pointee.mask == other.pointee.mask && other.pointee.fill == other.pointee.count
        for index in 0...other.pointee.mask where source[index].isLive {
            let entry = source[index]
            entry.key.retain()
            if sameLayout { entries[index] = entry } else { Heap.insertClean(entries, set.pointee.mask, entry.key, entry.hash) }
        }
        set.pointee.count = additional
        set.pointee.fill = additional
        set.pointee.version &+= 1
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
                var base = set.set
                var visited = other.set
                if visited.pointee.count > base.pointee.count { swap(&base, &visited) }
                try forEachEntry(visited) { (key, hash) throws(PythonError) in
                    if try findInSet(base, key, hash) >= 0 { try setAdd(result.set, key, hash) }
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
                try forEachEntry(common.set) { (key, hash) throws(PythonError) in _ = try setDiscard(set, key, hash) }
            } else {
                try forEachEntry(other.set) { (key, hash) throws(PythonError) in _ = try setDiscard(set, key, hash) }
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
            try forEachEntry(set.set) { (key, hash) throws(PythonError) in
                let isThere = other.isAnySet ? try findInSet(other.set, key, hash) >= 0 : try find(other.dict, key, hash) >= 0
                if !isThere { try setAdd(result.set, key, hash) }
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
        let toggle: (Value, Int) throws(PythonError) -> Void = { (key, hash) throws(PythonError) in
            if try !self.setDiscard(set, key, hash) { try self.setAdd(set, key, hash) }
        }
        if other.isAnySet {
            try forEachEntry(other.set, toggle)
        } else if iterable.tag == Tag.dict {
            try forEachKey(iterable.dict, toggle)
        } else {
            let items = try makeSet(from: iterable)
            defer { heap.release(items) }
            try forEachEntry(items.set, toggle)
        }
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
            guard entry.isLive else { continue }
            entry.key.retain()
            defer { heap.release(entry.key) }
            if try findInSet(b, entry.key, entry.hash) < 0 { return false }
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
            try forEachEntry(small.set) { (key, hash) throws(PythonError) in
                if result, try findInSet(large.set, key, hash) >= 0 { result = false }
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
