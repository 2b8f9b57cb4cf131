#if canImport(Glibc)
    import Glibc
#endif

/// Which of two items comes first.
protocol SortOrder {
    associatedtype Item
    var vm: VM { get }
    /// `a < b`
    func precedes(_ a: Item, _ b: Item) throws(PythonError) -> Bool
}

/// Timsort with CPython's choices (run detection, binary insertion of short runs, galloping, powersort's merge order), so
/// that even inconsistent orders (NaN) come out as they do there. Works on plain memory; stable. After an exception the
/// items are still a permutation.
struct RunSorter<Order: SortOrder> {
    typealias Items = UnsafeMutablePointer<Order.Item>

    private struct Run {
        var base: Int
        var count: Int
        var power: Int
    }

    private let order: Order
    private let items: Items
    private let count: Int
    private var runs: [Run] = []
    private var minimumGallop = 7
    private var scratch: Items?
    private var scratchCapacity = 0

    private init(_ items: Items, _ count: Int, _ order: Order) {
        self.items = items
        self.count = count
        self.order = order
    }

    static func sort(_ items: Items, _ count: Int, by order: Order) throws(PythonError) {
        if count < 2 { return }
        var sorter = RunSorter(items, count, order)
        defer { free(sorter.scratch) }
        try sorter.sortRuns()
    }

    private mutating func sortRuns() throws(PythonError) {
        var low = 0
        var remaining = count
        let minimum = RunSorter.minimumRun(count)
        while remaining > 0 {
            var length = try countRun(low, low + remaining)
            if length < minimum {
                let forced = min(remaining, minimum)
                try insertBinary(low, low + forced, sorted: low + length)
                length = forced
            }
            try foundRun(low, length)
            runs.append(Run(base: low, count: length, power: 0))
            low += length
            remaining -= length
        }
        while runs.count > 1 {
            var position = runs.count - 2
            if position > 0, runs[position - 1].count < runs[position + 1].count { position -= 1 }
            try merge(at: position)
        }
    }

    private static func minimumRun(_ count: Int) -> Int {
        var count = count
        var rest = 0
        while count >= 64 {
            rest |= count & 1
            count >>= 1
        }
        return count + rest
    }

    /// Length of the run at `low`; a strictly descending one is reversed.
    private func countRun(_ low: Int, _ high: Int) throws(PythonError) -> Int {
        if low + 1 == high { return 1 }
        var position = low + 2
        if try order.precedes(items[low + 1], items[low]) {
            while position < high, try order.precedes(items[position], items[position - 1]) { position += 1 }
            reverse(low, position)
        } else {
            while position < high, try !order.precedes(items[position], items[position - 1]) { position += 1 }
        }
        return position - low
    }

    private func reverse(_ low: Int, _ high: Int) {
        var left = low
        var right = high - 1
        while left < right {
            let item = items[left]
            items[left] = items[right]
            items[right] = item
            left += 1
            right -= 1
        }
    }

    private func insertBinary(_ low: Int, _ high: Int, sorted: Int) throws(PythonError) {
        var start = sorted == low ? low + 1 : sorted
        while start < high {
            let pivot = items[start]
            var left = low
            var right = start
            while left < right {
                let middle = left + (right - left) >> 1
                if try order.precedes(pivot, items[middle]) { right = middle } else { left = middle + 1 }
            }
            var position = start
            while position > left {
                items[position] = items[position - 1]
                position -= 1
            }
            items[left] = pivot
            start += 1
        }
    }

    /// Powersort's rule: merges what should be merged before a run at `base` of `length` is pushed.
    private mutating func foundRun(_ base: Int, _ length: Int) throws(PythonError) {
        guard let last = runs.last else { return }
        let power = RunSorter.power(last.base, last.count, length, count)
        while runs.count > 1, runs[runs.count - 2].power > power { try merge(at: runs.count - 2) }
        runs[runs.count - 1].power = power
    }

    private static func power(_ start: Int, _ first: Int, _ second: Int, _ total: Int) -> Int {
        var result = 0
        var a = 2 * start + first
        var b = a + first + second
        while true {
            result += 1
            if a >= total {
                a -= total
                b -= total
            } else if b >= total {
                return result
            }
            a <<= 1
            b <<= 1
        }
    }

    private mutating func merge(at position: Int) throws(PythonError) {
        var baseA = runs[position].base
        var countA = runs[position].count
        let baseB = runs[position + 1].base
        var countB = runs[position + 1].count
        runs[position].count = countA + countB
        runs.remove(at: position + 1)
        let skipped = try gallopRight(items[baseB], items + baseA, countA, hint: 0)
        baseA += skipped
        countA -= skipped
        if countA == 0 { return }
        countB = try gallopLeft(items[baseA + countA - 1], items + baseB, countB, hint: countB - 1)
        if countB == 0 { return }
        if countA <= countB {
            try mergeLow(items + baseA, countA, items + baseB, countB)
        } else {
            try mergeHigh(items + baseA, countA, items + baseB, countB)
        }
    }

    private mutating func reserve(_ needed: Int) throws(PythonError) -> Items {
        if let scratch, scratchCapacity >= needed { return scratch }
        let stride = MemoryLayout<Order.Item>.stride
        try order.vm.checkRoom(needed, stride: stride)
        free(scratch)
        scratch = nil
        let fresh = order.vm.heap.memory(needed * stride).bindMemory(to: Order.Item.self, capacity: needed)
        scratch = fresh
        scratchCapacity = needed
        return fresh
    }

    // MARK: galloping

    /// Where `key` belongs in sorted `items`, before equal ones.
    private func gallopLeft(_ key: Order.Item, _ items: Items, _ count: Int, hint: Int) throws(PythonError) -> Int {
        var offset = 1
        var last = 0
        if try order.precedes(items[hint], key) {
            let most = count - hint
            while offset < most, try order.precedes(items[hint + offset], key) {
                last = offset
                offset = offset << 1 + 1
            }
            offset = min(offset, most)
            last += hint
            offset += hint
        } else {
            let most = hint + 1
            while offset < most, try !order.precedes(items[hint - offset], key) {
                last = offset
                offset = offset << 1 + 1
            }
            offset = min(offset, most)
            (last, offset) = (hint - offset, hint - last)
        }
        last += 1
        while last < offset {
            let middle = last + (offset - last) >> 1
            if try order.precedes(items[middle], key) { last = middle + 1 } else { offset = middle }
        }
        return offset
    }

    /// Where `key` belongs in sorted `items`, behind equal ones.
    private func gallopRight(_ key: Order.Item, _ items: Items, _ count: Int, hint: Int) throws(PythonError) -> Int {
        var offset = 1
        var last = 0
        if try order.precedes(key, items[hint]) {
            let most = hint + 1
            while offset < most, try order.precedes(key, items[hint - offset]) {
                last = offset
                offset = offset << 1 + 1
            }
            offset = min(offset, most)
            (last, offset) = (hint - offset, hint - last)
        } else {
            let most = count - hint
            while offset < most, try !order.precedes(key, items[hint + offset]) {
                last = offset
                offset = offset << 1 + 1
            }
            offset = min(offset, most)
            last += hint
            offset += hint
        }
        last += 1
        while last < offset {
            let middle = last + (offset - last) >> 1
            if try order.precedes(key, items[middle]) { offset = middle } else { last = middle + 1 }
        }
        return offset
    }

    // MARK: merging

    /// Merges neighbours with the shorter run A in scratch memory, from the front.
    private mutating func mergeLow(_ a: Items, _ countA: Int, _ b: Items, _ countB: Int) throws(PythonError) {
        let left = try reserve(countA)
        left.update(from: a, count: countA)
        var target = a
        var from = left
        var other = b
        var restA = countA
        var restB = countB
        // Whatever happens, what is left of A fills the gap before what is left of B.
        defer { target.update(from: from, count: restA) }
        target.pointee = other.pointee
        target += 1
        other += 1
        restB -= 1
        if restB == 0 { return }
        /// The last item of A goes behind all of B.
        func finishWithB() {
            target.update(from: other, count: restB)
            target += restB
        }
        if restA == 1 { return finishWithB() }
        while true {
            var winsA = 0
            var winsB = 0
            repeat {
                if try order.precedes(other.pointee, from.pointee) {
                    target.pointee = other.pointee
                    target += 1
                    other += 1
                    restB -= 1
                    winsB += 1
                    winsA = 0
                    if restB == 0 { return }
                    if winsB >= minimumGallop { break }
                } else {
                    target.pointee = from.pointee
                    target += 1
                    from += 1
                    restA -= 1
                    winsA += 1
                    winsB = 0
                    if restA == 1 { return finishWithB() }
                    if winsA >= minimumGallop { break }
                }
            } while true
            minimumGallop += 1
            repeat {
                if minimumGallop > 1 { minimumGallop -= 1 }
                winsA = try gallopRight(other.pointee, from, restA, hint: 0)
                if winsA > 0 {
                    target.update(from: from, count: winsA)
                    target += winsA
                    from += winsA
                    restA -= winsA
                    if restA == 1 { return finishWithB() }
                    // Only an inconsistent order gets here.
                    if restA == 0 { return }
                }
                target.pointee = other.pointee
                target += 1
                other += 1
                restB -= 1
                if restB == 0 { return }
                winsB = try gallopLeft(from.pointee, other, restB, hint: 0)
                if winsB > 0 {
                    target.update(from: other, count: winsB)
                    target += winsB
                    other += winsB
                    restB -= winsB
                    if restB == 0 { return }
                }
                target.pointee = from.pointee
                target += 1
                from += 1
                restA -= 1
                if restA == 1 { return finishWithB() }
            } while winsA >= 7 || winsB >= 7
            minimumGallop += 1
        }
    }

    /// Merges neighbours with the shorter run B in scratch memory, from the back.
    private mutating func mergeHigh(_ a: Items, _ countA: Int, _ b: Items, _ countB: Int) throws(PythonError) {
        let right = try reserve(countB)
        right.update(from: b, count: countB)
        var target = b + (countB - 1)
        var from = a + (countA - 1)
        var other = right + (countB - 1)
        var restA = countA
        var restB = countB
        // Whatever happens, what is left of B fills the gap behind what is left of A.
        defer { if restB > 0 { (target - (restB - 1)).update(from: right, count: restB) } }
        target.pointee = from.pointee
        target -= 1
        from -= 1
        restA -= 1
        if restA == 0 { return }
        /// The first item of B goes before all of A.
        func finishWithA() {
            target -= restA
            from -= restA
            (target + 1).update(from: from + 1, count: restA)
        }
        if restB == 1 { return finishWithA() }
        while true {
            var winsA = 0
            var winsB = 0
            repeat {
                if try order.precedes(other.pointee, from.pointee) {
                    target.pointee = from.pointee
                    target -= 1
                    from -= 1
                    restA -= 1
                    winsA += 1
                    winsB = 0
                    if restA == 0 { return }
                    if winsA >= minimumGallop { break }
                } else {
                    target.pointee = other.pointee
                    target -= 1
                    other -= 1
                    restB -= 1
                    winsB += 1
                    winsA = 0
                    if restB == 1 { return finishWithA() }
                    if winsB >= minimumGallop { break }
                }
            } while true
            minimumGallop += 1
            repeat {
                if minimumGallop > 1 { minimumGallop -= 1 }
                winsA = restA - (try gallopRight(other.pointee, a, restA, hint: restA - 1))
                if winsA > 0 {
                    target -= winsA
                    from -= winsA
                    (target + 1).update(from: from + 1, count: winsA)
                    restA -= winsA
                    if restA == 0 { return }
                }
                target.pointee = other.pointee
                target -= 1
                other -= 1
                restB -= 1
                if restB == 1 { return finishWithA() }
                winsB = restB - (try gallopLeft(from.pointee, right, restB, hint: restB - 1))
                if winsB > 0 {
                    target -= winsB
                    other -= winsB
                    (target + 1).update(from: other + 1, count: winsB)
                    restB -= winsB
                    if restB == 1 { return finishWithA() }
                    // Only an inconsistent order gets here.
                    if restB == 0 { return }
                }
                target.pointee = from.pointee
                target -= 1
                from -= 1
                restA -= 1
                if restA == 0 { return }
            } while winsA >= 7 || winsB >= 7
            minimumGallop += 1
        }
    }
}
