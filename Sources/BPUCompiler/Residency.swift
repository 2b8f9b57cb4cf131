import BPU

/// Pass 4, residency: which maps of a segment stay in the feature memory, and where.
///
/// In order of the steps, a map stays if it fits beside the maps that live while it is written: the rule that explains the documented run.
/// A map that cannot be placed for fragmentation is given up as well.
enum Residency {
    static func plan(_ list: StepList, uses: [[Int]], steps: Range<Int>, chunk: Int, march: MarchDescription) -> SegmentPlan {
        var items = accepted(list, uses, steps, chunk, march)
        var placement = AddressAssignment(items: items, capacity: march.featureMemory)
        while let failed = placement.solve() {
            items.remove(at: failed)
            placement = AddressAssignment(items: items, capacity: march.featureMemory)
        }
        var plan = SegmentPlan(steps: steps, chunk: chunk)
        for (item, address) in zip(items, placement.addresses) { plan.addresses[item.storage] = address }
        return plan
    }

    private static func accepted(_ list: StepList, _ uses: [[Int]], _ steps: Range<Int>, _ chunk: Int, _ march: MarchDescription) -> [AddressAssignment.Item] {
        var items: [AddressAssignment.Item] = []
        for k in steps {
            let storage = list.steps[k].output.storage
            guard list.storages[storage].home == .workspace, let last = uses[storage].last, steps.contains(last) else { continue }
            let size = (list.storages[storage].storedFrameBytes * chunk + 63) / 64 * 64
            let live = items.filter { $0.last >= k }.reduce(0) { $0 + $1.size }
            if live + size <= march.featureMemory { items.append(AddressAssignment.Item(storage: storage, size: size, first: k, last: last)) }
        }
        return items
    }
}

/// Addresses for blocks with lifetimes, so that blocks that live at the same time do not overlap.
///
/// Depth-first over the blocks in order of birth, each at the lowest or the highest gap it fits; a bounded search, since the general problem is hard.
struct AddressAssignment {
    struct Item {
        var storage: Int
        var size: Int
        /// Steps during which it lives, inclusive.
        var first: Int
        var last: Int
    }

    let items: [Item]
    let capacity: Int
    private(set) var addresses: [Int] = []
    private var deepest = 0
    private var budget = 500

    init(items: [Item], capacity: Int) {
        self.items = items
        self.capacity = capacity
    }

    /// Fills `addresses`; returns the index of a block to give up where that fails.
    mutating func solve() -> Int? {
        addresses = []
        return place() ? nil : deepest
    }

    private mutating func place() -> Bool {
        let k = addresses.count
        if k == items.count { return true }
        deepest = max(deepest, k)
        for address in candidates(k) {
            budget -= 1
            if budget < 0 { return false }
            addresses.append(address)
            if place() { return true }
            addresses.removeLast()
        }
        return false
    }

    private func candidates(_ k: Int) -> [Int] {
        let item = items[k]
        var taken: [(start: Int, end: Int)] = []
        for other in 0..<k where items[other].last >= item.first { taken.append((addresses[other], addresses[other] + items[other].size)) }
        taken.sort { $0.start < $1.start }
        var gaps: [(start: Int, end: Int)] = []
        var at = 0
        for block in taken {
            if block.start - at >= item.size { gaps.append((at, block.start)) }
            at = max(at, block.end)
        }
        if capacity - at >= item.size { gaps.append((at, capacity)) }
        guard let lowest = gaps.first, let highest = gaps.last else { return [] }
        let (low, high) = (lowest.start, highest.end - item.size)
        return low == high ? [low] : [low, high]
    }
}
