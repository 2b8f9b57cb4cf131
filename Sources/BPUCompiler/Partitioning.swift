import BPU

/// Latency and traffic of a program or a part of one.
struct Cost {
    var latency: Double
    var bytes: Int

    init(_ instructions: [Instruction], march: MarchDescription) {
        latency = Timeline(instructions, march: march).latency
        bytes = instructions.reduce(0) { total, instruction in
            switch instruction {
            case .load(let body), .store(let body): total + body.byteCount
            default: total
            }
        }
    }
}

/// What a search makes small: a sum of both, so that costs of parts add up.
struct Objective {
    var latencyWeight: Double
    var bytesWeight: Double

    init(_ options: CompilerOptions, march: MarchDescription) {
        switch options.optimization {
        case .o0, .o1, .o2, .o3, .fast: (latencyWeight, bytesWeight) = (1, 0)
        case .ddr: (latencyWeight, bytesWeight) = (0, 1)
        // A byte counts as the time it takes to move.
        case .balance: (latencyWeight, bytesWeight) = (1, options.balanceFactor / march.bandwidth)
        }
    }

    func value(_ cost: Cost) -> Double { latencyWeight * cost.latency + bytesWeight * Double(cost.bytes) }
}

/// Pass 4b, partition: chunks of the batch, and groups of layers with chunks of their own.
///
/// A part is measured by making its instructions for one chunk and running them through the timing model.
struct Partitioning {
    let list: StepList
    let march: MarchDescription
    let strategy: Strategy
    let objective: Objective
    let segments: SegmentTable
    let constants: ConstantPacking
    private let context: TilingContext
    private let uses: [[Int]]
    /// Most places where the search may cut the model.
    private static let mostCuts = 10

    init(_ list: StepList, march: MarchDescription, strategy: Strategy, objective: Objective, segments: SegmentTable, constants: ConstantPacking) {
        (self.list, self.march, self.strategy, self.objective, self.segments, self.constants) = (list, march, strategy, objective, segments, constants)
        context = TilingContext(list, march: march, strategy: strategy, workspace: WorkspaceAllocation(estimating: list), segments: segments)
        uses = list.uses
    }

    /// One plan for all steps, for every size of chunk.
    func uniform() -> [[SegmentPlan]] {
        guard strategy.chunksBatch else { return [[plan(list.steps.indices, list.frames)]] }
        return plans(list.steps.indices).map { [$0] }
    }

    /// The best uniform plan, by estimate, and the plan as it would be without chunks.
    func best() throws(CompilerError) -> [[SegmentPlan]] {
        let plans = uniform()
        guard plans.count > 1 else { return plans }
        var found = (plans[0], Double.infinity)
        for candidate in plans {
            let value = try estimate(candidate[0])
            if value < found.1 { found = (candidate, value) }
        }
        var result = [plans[0]]
        if found.0[0].chunk != list.frames { result.append(found.0) }
        if strategy.splitsModel { result.append(try split()) }
        return result
    }

    private var chunkSizes: [Int] {
        var sizes = [list.frames]
        while let last = sizes.last, last > 1, sizes.count < 7 { sizes.append((last + 1) / 2) }
        return sizes
    }

    /// Plans from large chunks to small ones, up to the first that keeps every map: smaller ones would only load constants more often.
    private func plans(_ steps: Range<Int>) -> [SegmentPlan] {
        var result: [SegmentPlan] = []
        for chunk in chunkSizes {
            let made = plan(steps, chunk)
            result.append(made)
            let spills = steps.contains { k in
                let storage = list.steps[k].output.storage
                guard list.storages[storage].home == .workspace, let last = uses[storage].last, steps.contains(last) else { return false }
                return made.addresses[storage] == nil
            }
            if !spills { break }
        }
        return result
    }

    private func plan(_ steps: Range<Int>, _ chunk: Int) -> SegmentPlan {
        if strategy.keepsMaps { return Residency.plan(list, uses: uses, steps: steps, chunk: chunk, march: march) }
        return SegmentPlan(steps: steps, chunk: chunk)
    }

    private func estimate(_ plan: SegmentPlan) throws(CompilerError) -> Double {
        var tiling = Tiling(context, plans: [plan], constants: constants)
        try tiling.run(plan, frames: plan.chunk)
        let cost = Cost(Scheduling.order(tiling.jobs, strategy: strategy), march: march)
        return objective.value(cost) * Double(list.frames) / Double(plan.chunk)
    }

    /// Dynamic programming over the cuts: the cheapest sequence of segments, each with its best chunk.
    private func split() throws(CompilerError) -> [SegmentPlan] {
        let ends = [0] + cuts() + [list.steps.count]
        var best: [(cost: Double, plans: [SegmentPlan])] = [(0, [])]
        for end in 1..<ends.count {
            var found: (cost: Double, plans: [SegmentPlan]) = (.infinity, [])
            for start in 0..<end {
                for candidate in plans(ends[start]..<ends[end]) {
                    let cost = best[start].cost + (try estimate(candidate))
                    if cost < found.cost { found = (cost, best[start].plans + [candidate]) }
                }
            }
            best.append(found)
        }
        return best[ends.count - 1].plans
    }

    /// The boundaries that fewest bytes cross.
    private func cuts() -> [Int] {
        let producers = list.producers
        var crossing: [(bytes: Int, at: Int)] = []
        for at in list.steps.indices.dropFirst() {
            var bytes = 0
            for storage in list.storages.indices {
                guard let producer = producers[storage], let last = uses[storage].last, producer < at, last >= at else { continue }
                bytes += list.storages[storage].storedFrameBytes
            }
            crossing.append((bytes, at))
        }
        return crossing.sorted { ($0.bytes, $0.at) < ($1.bytes, $1.at) }.prefix(Partitioning.mostCuts).map(\.at).sorted()
    }
}
