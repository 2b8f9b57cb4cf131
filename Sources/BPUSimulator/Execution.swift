import BPU

/// The state of a running program: on-chip memory and DDR segments.
final class Execution {
    let chip: ByteMemory
    let rounds: Bool
    private let segments: [ByteMemory]
    private var index = 0

    init(march: MarchDescription, segments: [ByteMemory]) throws(ProgramError) {
        chip = try ByteMemory(count: march.chipMemory)
        rounds = march.roundsShifts
        self.segments = segments
    }

    func step(_ instruction: Instruction, _ index: Int) throws(ProgramError) {
        self.index = index
        switch instruction {
        case .layer: break
        case .load(let body):
            for block in 0..<body.blocks {
                chip.copy(body.chip + block * body.chipStride, from: segments[body.segment], body.offset + block * body.segmentStride, body.bytes)
            }
        case .store(let body):
            for block in 0..<body.blocks {
                segments[body.segment].copy(body.offset + block * body.segmentStride, from: chip, body.chip + block * body.chipStride, body.bytes)
            }
        case .image(let body): try image(body)
        case .convolution(let body): try convolution(body, depthwise: false)
        case .depthwise(let body): try convolution(body, depthwise: true)
        case .maxPool(let body): try pool(body, maximum: true)
        case .averagePool(let body): try pool(body, maximum: false)
        case .add(let body): try elementwise(body, adds: true)
        case .multiply(let body): try elementwise(body, adds: false)
        case .move(let body): try move(body) { value in value }
        case .rescale(let body):
            let rounds = rounds
            try move(body) { value in Arithmetic.rescale(value, body.multiplier, body.preShift, body.postShift, rounds) }
        case .lookup(let body):
            try requireDefined(body.operand, 256, "the table")
            try move(body) { value in self.chip.read(body.operand + value + 128, 1) }
        case .fill(let body):
            forEachElement(body.output, body.output, body.frames) { _, target in self.chip.write(body.operand, target, body.output.element) }
            define(body.output, frames: body.frames)
        }
    }

    /// Whether every element of an output was written.
    func isWritten(_ output: ProgramOutput) -> Bool {
        let view = MapGeometry(shape: output.shape, element: output.element, layout: output.layout).view(at: 0)
        return Execution.isDefined(segments[output.segment], view, frames: output.shape[0], rows: 0..<view.rows)
    }

    // MARK: definedness

    func requireDefined(_ start: Int, _ count: Int, _ what: String) throws(ProgramError) {
        if !chip.isDefined(start, count) { throw .undefinedRead(instruction: index, what: what) }
    }

    /// Rows are counted from the view's first.
    func requireDefined(_ view: MapView, frames: Int, rows: Range<Int>, _ what: String) throws(ProgramError) {
        if !Execution.isDefined(chip, view, frames: frames, rows: rows) { throw .undefinedRead(instruction: index, what: what) }
    }

    func requireDefined(_ view: MapView, frames: Int, _ what: String) throws(ProgramError) {
        try requireDefined(view, frames: frames, rows: 0..<view.rows, what)
    }

    private static func isDefined(_ memory: ByteMemory, _ view: MapView, frames: Int, rows: Range<Int>) -> Bool {
        spans(view, frames: frames, rows: rows) { memory.isDefined($0, $1) }
    }

    func define(_ view: MapView, frames: Int) {
        _ = Execution.spans(view, frames: frames, rows: 0..<view.rows) { start, count in
            chip.define(start, count)
            return true
        }
    }

    /// Calls `body` with start and length of the contiguous runs of a view, until it answers false.
    private static func spans(_ view: MapView, frames: Int, rows: Range<Int>, _ body: (Int, Int) -> Bool) -> Bool {
        let pixel = view.channels * view.element
        let densePixel = view.channelStride == view.element || view.channels == 1
        let denseRow = densePixel && (view.columnStride == pixel || view.columns == 1)
        for frame in 0..<frames {
            for copy in 0..<view.copies {
                for row in rows {
                    let start = view.address + frame * view.frameStride + copy * view.copyStride + row * view.rowStride
                    if denseRow {
                        if !body(start, view.columns * pixel) { return false }
                        continue
                    }
                    for column in 0..<view.columns {
                        let at = start + column * view.columnStride
                        if densePixel {
                            if !body(at, pixel) { return false }
                            continue
                        }
                        for channel in 0..<view.channels where !body(at + channel * view.channelStride, view.element) { return false }
                    }
                }
            }
        }
        return true
    }

    // MARK: moves and images

    private func forEachElement(_ source: MapView, _ output: MapView, _ frames: Int, _ body: (Int, Int) -> Void) {
        for frame in 0..<frames {
            for copy in 0..<output.copies {
                for row in 0..<output.rows {
                    for column in 0..<output.columns {
                        let from = source.address + frame * source.frameStride + row * source.rowStride + column * source.columnStride
                        let to =
                            output.address + frame * output.frameStride + copy * output.copyStride + row * output.rowStride + column
                            * output.columnStride
                        for channel in 0..<output.channels { body(from + channel * source.channelStride, to + channel * output.channelStride) }
                    }
                }
            }
        }
    }

    private func move(_ body: Move, _ function: (Int) -> Int) throws(ProgramError) {
        var source = body.source
        source.copies = 1
        try requireDefined(source, frames: body.frames, "its source")
        forEachElement(source, body.output, body.frames) { from, to in
            chip.write(Arithmetic.clamp(function(chip.read(from, source.element)), body.low, body.high), to, body.output.element)
        }
        define(body.output, frames: body.frames)
    }

    private func image(_ body: ImageConversion) throws(ProgramError) {
        let output = body.output
        for frame in 0..<body.frames {
            let luma = body.luma + frame * body.lumaFrameStride
            let chroma = body.chroma + frame * body.chromaFrameStride
            for row in 0..<output.rows {
                try requireDefined(luma + row * body.lumaRowStride, output.columns, "luma")
                try requireDefined(chroma + row / 2 * body.chromaRowStride, (output.columns + 1) / 2 * 2, "chroma")
                for column in 0..<output.columns {
                    let at = output.address + frame * output.frameStride + row * output.rowStride + column * output.columnStride
                    let pair = chroma + row / 2 * body.chromaRowStride + column / 2 * 2
                    chip.write(Int(chip.bytes[luma + row * body.lumaRowStride + column]) - 128, at, 1)
                    chip.write(Int(chip.bytes[pair]) - 128, at + output.channelStride, 1)
                    chip.write(Int(chip.bytes[pair + 1]) - 128, at + 2 * output.channelStride, 1)
                }
            }
        }
        define(output, frames: body.frames)
    }
}
