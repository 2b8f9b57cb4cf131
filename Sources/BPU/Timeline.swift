/// When every instruction of a program runs on the two engines.
///
/// Each engine takes its instructions in program order. An instruction waits for its engine, and for every earlier instruction of the other
/// engine that wrote a memory bank it touches or read one it writes.
package struct Timeline: Sendable {
    package struct Entry: Sendable {
        package var start: Double
        package var end: Double
        /// The row it is reported with.
        package var layer: Int
    }

    /// One for each instruction, in microseconds.
    package private(set) var entries: [Entry] = []
    package private(set) var latency = 0.0

    /// The instructions must be those of a verified program.
    package init(_ instructions: [Instruction], march: MarchDescription) {
        let timing = InstructionTiming(march)
        let banks = march.chipMemory / march.bankBytes + 1
        var written = [Double](repeating: 0, count: banks)
        var read = [Double](repeating: 0, count: banks)
        var free = (transfer: 0.0, compute: 0.0)
        var layer = 0
        entries.reserveCapacity(instructions.count)
        for instruction in instructions {
            let access = MemoryAccess(instruction)
            var start = access.transfers ? free.transfer : free.compute
            for range in access.reads { for bank in range.banks(march) { start = max(start, written[bank]) } }
            for range in access.writes { for bank in range.banks(march) { start = max(start, written[bank], read[bank]) } }
            let end = start + timing.duration(instruction)
            for range in access.reads { for bank in range.banks(march) { read[bank] = max(read[bank], end) } }
            for range in access.writes { for bank in range.banks(march) { written[bank] = max(written[bank], end) } }
            if access.transfers { free.transfer = end } else { free.compute = end }
            if case .layer(let body) = instruction { layer = body.layer }
            entries.append(Entry(start: start, end: end, layer: access.layer ?? layer))
            latency = max(latency, end)
        }
    }
}

/// The on-chip bytes an instruction touches, as bounding ranges.
struct MemoryAccess {
    struct Span {
        var start: Int
        var end: Int

        /// Strided planes may be bounded generously: cut at the end of memory.
        func banks(_ march: MarchDescription) -> Range<Int> {
            let last = (min(end, march.chipMemory) + march.bankBytes - 1) / march.bankBytes
            return min(start / march.bankBytes, last)..<last
        }
    }

    var transfers = false
    var layer: Int?
    var reads: [Span] = []
    var writes: [Span] = []

    init(_ instruction: Instruction) {
        func span(_ view: MapView, _ frames: Int) -> Span { Span(start: view.address, end: view.end(frames: frames)) }
        switch instruction {
        case .layer: transfers = true
        case .load(let body), .store(let body):
            transfers = true
            layer = body.layer
            let range = Span(start: body.chip, end: body.chip + (body.blocks - 1) * body.chipStride + body.bytes)
            if case .load = instruction { writes = [range] } else { reads = [range] }
        case .image(let body):
            let rows = body.output.rows
            reads = [
                Span(start: body.luma, end: body.luma + (body.frames - 1) * body.lumaFrameStride + rows * body.lumaRowStride),
                Span(start: body.chroma, end: body.chroma + (body.frames - 1) * body.chromaFrameStride + (rows + 1) / 2 * body.chromaRowStride),
            ]
            writes = [span(body.output, body.frames)]
        case .convolution(let body), .depthwise(let body):
            reads = [
                span(body.input, body.frames), Span(start: body.weights, end: body.weights + 1), Span(start: body.records, end: body.records + 1),
            ]
            if body.hasResidual == 1 { reads.append(span(body.residual, body.frames)) }
            writes = [span(body.output, body.frames)]
        case .maxPool(let body), .averagePool(let body):
            reads = [span(body.input, body.frames)]
            writes = [span(body.output, body.frames)]
        case .add(let body), .multiply(let body):
            reads = [span(body.a, body.frames), span(body.b, body.frames)]
            writes = [span(body.output, body.frames)]
        case .move(let body), .rescale(let body):
            reads = [span(body.source, body.frames)]
            writes = [span(body.output, body.frames)]
        case .lookup(let body):
            reads = [span(body.source, body.frames), Span(start: body.operand, end: body.operand + 256)]
            writes = [span(body.output, body.frames)]
        case .fill(let body): writes = [span(body.output, body.frames)]
        }
    }
}
