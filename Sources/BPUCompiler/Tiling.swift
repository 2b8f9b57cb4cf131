import BPU
import Quantization

/// Pass 7, tile: the steps of a plan as jobs whose maps fit on chip.
///
/// A step whose maps all stay on chip is one job for each tile of constants. Otherwise frames are streamed through the staging memory in
/// groups, two slots taking turns; a frame that does not fit is cut into strips of rows.
struct Tiling {
    let context: TilingContext
    let plans: [SegmentPlan]
    private let constants: ConstantPacking
    private(set) var jobs: [Job] = []
    private var constantTurn = 0
    private var stagingTurn = 0
    /// The step and chunk whose only piece of constants is in its slot.
    private var resident: (step: Int, first: Int)?

    private var list: StepList { context.list }
    private var march: MarchDescription { context.march }
    private var strategy: Strategy { context.strategy }

    init(_ context: TilingContext, plans: [SegmentPlan], constants: ConstantPacking) {
        self.context = context
        self.plans = plans
        self.constants = constants
    }

    mutating func run() throws(CompilerError) {
        for plan in plans { try run(plan, frames: list.frames) }
    }

    /// Jobs of the plan for its first `frames` frames.
    mutating func run(_ plan: SegmentPlan, frames: Int) throws(CompilerError) {
        for first in stride(from: 0, to: frames, by: plan.chunk) {
            for k in plan.steps { try tile(k, plan, first..<min(first + plan.chunk, frames)) }
        }
    }

    // MARK: one step

    private mutating func tile(_ k: Int, _ plan: SegmentPlan, _ frames: Range<Int>) throws(CompilerError) {
        let start = jobs.count
        let shape = TileShape(list, k, plan)
        let pieces = constants.tiles[k]
        if shape.areas.isEmpty {
            appendJobs(k, plan, Tile(frames: frames, rows: nil, addresses: [:], chunkStart: frames.lowerBound), pieces, staging: 0..<0)
        } else if let slot = slotBytes(shape.bytes(frames: 1)) {
            // About sixteen tiles keep both engines busy; more only add descriptors.
            var group = max(1, min(frames.count, (frames.count + 15) / 16))
            while group > 1, shape.bytes(frames: group) > slot { group -= 1 }
            for first in stride(from: frames.lowerBound, to: frames.upperBound, by: group) {
                let part = first..<min(first + group, frames.upperBound)
                let base = turn(slot)
                appendJobs(
                    k, plan, Tile(frames: part, rows: nil, addresses: shape.addresses(base, frames: part.count), chunkStart: frames.lowerBound),
                    pieces, staging: base..<base + slot)
            }
        } else {
            try tileRows(k, plan, frames, shape, pieces)
        }
        if start < jobs.count { jobs[start].launch = .layer(launch(list.steps[k].row)) }
    }

    private func launch(_ row: Int) -> LayerStart {
        var body = LayerStart()
        body.layer = row
        return body
    }

    /// Half of the staging memory, or all of it, whichever holds `needed`.
    private func slotBytes(_ needed: Int) -> Int? {
        let half = march.stagingMemory / 2
        return needed <= half ? half : needed <= march.stagingMemory ? march.stagingMemory : nil
    }

    private mutating func turn(_ slot: Int) -> Int {
        if slot > march.stagingMemory / 2 || !strategy.doubleBuffers { return march.stagingBase }
        stagingTurn += 1
        return march.stagingBase + stagingTurn % 2 * slot
    }

    private mutating func tileRows(_ k: Int, _ plan: SegmentPlan, _ frames: Range<Int>, _ shape: TileShape, _ pieces: [ConstantTile])
        throws(CompilerError)
    {
        let step = list.steps[k]
        let height = step.output.geometry.height
        let slot = march.stagingMemory / 2
        guard step.operation.worksOnStrips, height > 1 else {
            throw .capacity(layer: step.name, needed: shape.bytes(frames: 1), available: march.stagingMemory)
        }
        let unit = step.operation.stripUnit
        var rows = height / unit * unit
        while rows > unit, shape.bytes(largestStripOf: rows) > slot { rows = max(unit, rows / 2 / unit * unit) }
        while rows + unit <= height, shape.bytes(largestStripOf: rows + unit) <= slot { rows += unit }
        guard shape.bytes(largestStripOf: rows) <= slot else {
            throw .capacity(layer: step.name, needed: shape.bytes(largestStripOf: unit), available: slot)
        }
        for frame in frames {
            for first in stride(from: 0, to: height, by: rows) {
                let strip = first..<min(first + rows, height)
                let base = turn(slot)
                let tile = Tile(frames: frame..<frame + 1, rows: strip, addresses: shape.addresses(base, strip: strip), chunkStart: frames.lowerBound)
                appendJobs(k, plan, tile, pieces, staging: base..<base + slot)
            }
        }
    }

    private mutating func appendJobs(_ k: Int, _ plan: SegmentPlan, _ tile: Tile, _ pieces: [ConstantTile], staging: Range<Int>) {
        let views = TileViews(list, k, plan, tile)
        let transfers = TileTransfers(context, step: k, plan: plan, tile: tile)
        let staged = StagedInput(list, k, tile, transfers)
        var first = Job(staging: staging)
        (first.loads, first.reads) = transfers.loads()
        if pieces.isEmpty {
            first.computes = ComputeEmission.instructions(list.steps[k], views, nil, at: 0)
            (first.stores, first.writes) = transfers.stores()
            jobs.append(first)
            return
        }
        for (index, piece) in pieces.enumerated() {
            var job = index == 0 ? first : Job(staging: staging)
            let address = place(k, piece, index, of: pieces.count, tile, &job)
            job.computes = (index == 0 ? staged.prelude : []) + ComputeEmission.instructions(list.steps[k], staged.apply(views), piece, at: address)
            if index == pieces.count - 1 { (job.stores, job.writes) = transfers.stores() }
            jobs.append(job)
        }
    }

    /// Where the constants of a piece are; adds their load unless the previous job of this step left them there.
    private mutating func place(_ k: Int, _ piece: ConstantTile, _ index: Int, of count: Int, _ tile: Tile, _ job: inout Job) -> Int {
        let slot = march.weightMemory / 2
        let isKnown = count == 1 && resident?.step == k && resident?.first == tile.chunkStart
        if !isKnown {
            if strategy.doubleBuffers { constantTurn += 1 }
            var load = Transfer()
            load.offset = piece.offset
            load.chip = march.weightBase + constantTurn % 2 * slot
            load.bytes = piece.byteCount
            load.layer = list.steps[k].row
            load.descriptors = 0
            load.starts = 0
            job.constants = .load(load)
        }
        let base = march.weightBase + constantTurn % 2 * slot
        job.constantSlot = base..<base + slot
        resident = count == 1 ? (k, tile.chunkStart) : nil
        return base
    }
}

/// Some frames, or some rows of one frame, and the staging addresses of their streamed operands.
struct Tile {
    var frames: Range<Int>
    /// Output rows; nil for whole frames.
    var rows: Range<Int>?
    /// By operand: inputs from 0, `TileShape.outputKey`, `TileShape.stageKey`.
    var addresses: [Int: Int]
    /// The first frame of the chunk, which is at the start of maps that stay on chip.
    var chunkStart: Int
}
