import BPU

/// Where the operands of one tile are on chip.
struct TileViews {
    var inputs: [MapView]
    var output: MapView
    let frames: Int

    init(_ list: StepList, _ k: Int, _ plan: SegmentPlan, _ tile: Tile) {
        let step = list.steps[k]
        func view(_ operand: Operand, key: Int) -> MapView {
            let storage = list.storages[operand.storage]
            let rows = tile.rows.map { key == TileShape.outputKey ? $0 : TileShape.inputRows(step, key, $0) }
            if let base = plan.addresses[operand.storage] {
                let start = base + (tile.frames.lowerBound - tile.chunkStart) * storage.storedFrameBytes
                return TileViews.rows(rows, of: operand.geometry.view(at: start, copies: storage.copies))
            }
            guard let address = tile.addresses[key] else { preconditionFailure("operand \(key) of \(step.name) has no staging area") }
            guard let rows else { return operand.geometry.view(at: address, copies: storage.copies) }
            return TileViews.strip(operand.geometry, rows: rows, at: address, copies: storage.copies)
        }
        inputs = step.inputs.enumerated().map { view($1, key: $0) }
        output = view(step.output, key: TileShape.outputKey)
        frames = tile.frames.count
    }

    /// Some rows of a whole map.
    private static func rows(_ rows: Range<Int>?, of whole: MapView) -> MapView {
        guard let rows else { return whole }
        var view = whole
        view.address += rows.lowerBound * whole.rowStride
        view.firstRow = rows.lowerBound
        view.rows = rows.count
        return view
    }

    /// Rows that lie alone in staging memory.
    private static func strip(_ geometry: MapGeometry, rows: Range<Int>, at address: Int, copies: Int) -> MapView {
        var view = geometry.view(at: address, copies: copies)
        view.firstRow = rows.lowerBound
        view.rows = rows.count
        if geometry.layout == .native { view.channelStride = rows.count * geometry.rowStride }
        view.copyStride = copies > 1 ? rows.count * geometry.rowStride : 0
        view.frameStride = 0
        return view
    }
}
