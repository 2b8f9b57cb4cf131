import BPU

/// The unit of scheduling: what is loaded, computed and stored for one tile.
struct Job {
    /// Constants that must be in their slot before the job computes.
    var constants: Instruction?
    var constantSlot: Range<Int> = 0..<0
    /// Launches a layer.
    var launch: Instruction?
    var loads: [Instruction] = []
    var computes: [Instruction] = []
    var stores: [Instruction] = []
    /// Staging memory the job uses.
    var staging: Range<Int> = 0..<0
    /// Storages read from and written to DDR.
    var reads: Set<Int> = []
    var writes: Set<Int> = []
}

/// Pass 8, schedule: jobs in order, with the loads of the next job before the computation of this one where nothing forbids it.
enum Scheduling {
    static func order(_ jobs: [Job], strategy: Strategy) -> [Instruction] {
        var result: [Instruction] = []
        var pending: Job?
        for job in jobs {
            let job = chained(job, strategy)
            var (constants, loads) = (job.constants.map { [$0] } ?? [], job.loads)
            if strategy.doubleBuffers, let before = pending {
                if !job.constantSlot.overlaps(before.constantSlot) {
                    result += constants
                    constants = []
                }
                if !job.staging.overlaps(before.staging), job.reads.isDisjoint(with: before.writes) {
                    result += loads
                    loads = []
                }
            }
            if let before = pending { finish(before, &result) }
            result += constants + loads
            pending = job
        }
        if let last = pending { finish(last, &result) }
        return result
    }

    private static func finish(_ job: Job, _ result: inout [Instruction]) {
        if let launch = job.launch { result.append(launch) }
        result += job.computes + job.stores
    }

    /// Where descriptors chain, all transfers of a job but the first hide their starts; elsewhere every descriptor starts by itself.
    private static func chained(_ job: Job, _ strategy: Strategy) -> Job {
        var job = job
        var isFirst = true
        func link(_ instructions: inout [Instruction]) {
            for k in instructions.indices {
                switch instructions[k] {
                case .load(var body):
                    body.starts = strategy.chains ? (isFirst ? body.starts : 0) : body.descriptors
                    instructions[k] = .load(body)
                    isFirst = false
                case .store(var body):
                    body.starts = strategy.chains ? (isFirst ? body.starts : 0) : body.descriptors
                    instructions[k] = .store(body)
                    isFirst = false
                case .layer, .image, .convolution, .depthwise, .maxPool, .averagePool, .add, .multiply, .move, .rescale, .lookup, .fill: break
                }
            }
        }
        link(&job.loads)
        link(&job.computes)
        link(&job.stores)
        return job
    }
}
