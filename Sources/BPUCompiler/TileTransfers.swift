import BPU

/// The transfers between DDR and the staging areas of one tile.
struct TileTransfers {
    private let context: TilingContext
    private let k: Int
    private let plan: SegmentPlan
    private let tile: Tile

    init(_ context: TilingContext, step: Int, plan: SegmentPlan, tile: Tile) {
        (self.context, self.k, self.plan, self.tile) = (context, step, plan, tile)
    }

    private var step: Step { context.list.steps[k] }

    func loads() -> ([Instruction], Set<Int>) {
        var result: [Instruction] = []
        var storages: Set<Int> = []
        for (index, input) in step.inputs.enumerated() where plan.addresses[input.storage] == nil {
            guard let address = tile.addresses[index] else { continue }
            storages.insert(input.storage)
            let row = context.loadRow(k, input.storage)
            let rows = tile.rows.map { TileShape.inputRows(step, index, $0) }
            if case .image = step.operation {
                result += planes(input, rows, address, row).map { .load($0) }
            } else {
                result.append(.load(transfer(input, rows, address, row)))
            }
        }
        return (result, storages)
    }

    func stores() -> ([Instruction], Set<Int>) {
        let output = step.output
        guard plan.addresses[output.storage] == nil, let address = tile.addresses[TileShape.outputKey] else { return ([], []) }
        return ([.store(transfer(output, tile.rows, address, context.storeRow(k)))], [output.storage])
    }

    /// Whole frames, or rows of one frame in every copy.
    func transfer(_ operand: Operand, _ rows: Range<Int>?, _ address: Int, _ row: Int) -> Transfer {
        let storage = context.list.storages[operand.storage]
        let place = context.place(operand.storage)
        let geometry = operand.geometry
        var body = Transfer()
        body.segment = place.segment
        body.offset = place.offset + tile.frames.lowerBound * storage.storedFrameBytes
        body.chip = address
        body.layer = row
        if let rows, geometry.layout == .native {
            body.offset += rows.lowerBound * geometry.rowStride
            body.blocks = geometry.channels
            body.bytes = rows.count * geometry.rowStride
            body.segmentStride = geometry.channelStride
            body.chipStride = body.bytes
            body.descriptors = 1
        } else if let rows {
            body.offset += rows.lowerBound * geometry.rowStride
            body.blocks = storage.copies
            body.bytes = rows.count * geometry.rowStride
            body.segmentStride = storage.frameBytes
            body.chipStride = body.bytes
            body.descriptors = context.march.descriptors(copies: storage.copies)
        } else {
            body.blocks = tile.frames.count
            body.bytes = storage.storedFrameBytes
            body.segmentStride = storage.storedFrameBytes
            body.chipStride = storage.storedFrameBytes
            // Frames without padding are one run of memory.
            let runs = geometry.layout == .raw ? tile.frames.count : 1
            body.starts = runs
            body.descriptors = runs * context.march.descriptors(copies: storage.copies)
        }
        return body
    }

    /// Luma and chroma apart: the documented run reads an image in two transfers.
    private func planes(_ operand: Operand, _ rows: Range<Int>?, _ address: Int, _ row: Int) -> [Transfer] {
        let stride = operand.geometry.rowStride
        let height = operand.geometry.height * 2 / 3
        let rows = rows ?? 0..<height
        var luma = transfer(operand, nil, address, row)
        let start = luma.offset
        luma.descriptors = tile.frames.count
        luma.starts = tile.frames.count
        luma.bytes = rows.count * stride
        luma.offset = start + rows.lowerBound * stride
        luma.chipStride = rows.count * stride * 3 / 2
        var chroma = luma
        chroma.bytes = rows.count / 2 * stride
        chroma.offset = start + height * stride + rows.lowerBound / 2 * stride
        chroma.chip = address + luma.bytes
        return [luma, chroma]
    }
}

/// The detour of a depthwise input through DDR in two copies.
struct StagedInput {
    private(set) var prelude: [Instruction] = []
    private var view: MapView?

    init(_ list: StepList, _ k: Int, _ tile: Tile, _ transfers: TileTransfers) {
        guard let stage = list.steps[k].stage, tile.rows == nil, let loaded = tile.addresses[0], let area = tile.addresses[TileShape.stageKey] else { return }
        let geometry = list.steps[k].inputs[0].geometry
        var move = Move()
        move.frames = tile.frames.count
        move.source = geometry.view(at: loaded)
        move.output = geometry.view(at: area, copies: list.storages[stage].copies)
        (move.low, move.high) = (geometry.element.minimum, geometry.element.maximum)
        let transfer = transfers.transfer(Operand(storage: stage, geometry: geometry), nil, area, list.steps[k].row)
        prelude = [.move(move), .store(transfer), .load(transfer)]
        view = move.output
    }

    func apply(_ views: TileViews) -> TileViews {
        guard let view else { return views }
        var views = views
        views.inputs[0] = view
        return views
    }
}
