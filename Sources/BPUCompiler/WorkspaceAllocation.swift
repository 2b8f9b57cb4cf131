import BPU

/// Pass 5, workspace: places of spilled maps in DDR. Maps whose lifetimes do not meet share memory.
struct WorkspaceAllocation {
    private(set) var offsets: [Int: Int] = [:]
    private(set) var byteCount = 0

    /// Places that only tell storages apart, for estimates.
    init(estimating list: StepList) {
        for storage in list.storages.indices { offsets[storage] = 0 }
    }

    init(_ list: StepList, plans: [SegmentPlan]) {
        let uses = list.uses
        var blocks: [(offset: Int, size: Int, last: Int)] = []
        for plan in plans {
            for k in plan.steps {
                let step = list.steps[k]
                for storage in [step.output.storage, step.stage].compactMap({ $0 })
                where list.storages[storage].home == .workspace && plan.addresses[storage] == nil {
                    // Within a segment of several chunks, everything lives as long as the segment.
                    let first = plan.steps.lowerBound == k || plan.chunk >= list.frames ? k : plan.steps.lowerBound
                    let lastUse = uses[storage].last ?? k
                    let last =
                        plans.first { $0.steps.contains(lastUse) }.map { $0.chunk >= list.frames ? lastUse : $0.steps.upperBound - 1 } ?? lastUse
                    let size = (list.storages[storage].storedFrameBytes * list.frames + 511) / 512 * 512
                    var offset = 0
                    for block in blocks.filter({ $0.last >= first }).sorted(by: { $0.offset < $1.offset }) where block.offset < offset + size {
                        offset = max(offset, block.offset + block.size)
                    }
                    blocks.append((offset, size, last))
                    offsets[storage] = offset
                    byteCount = max(byteCount, offset + size)
                }
            }
        }
    }
}
