/// Checks everything about a program that needs no execution; a verified program cannot address memory it does not have.
package struct ProgramVerifier {
    private let program: Program
    private let march: MarchDescription
    private var index: Int?

    /// Throws the first violation. Returns the description of the program's march.
    @discardableResult
    package static func verify(_ program: Program) throws(ProgramError) -> MarchDescription {
        guard let march = MarchDescription.named(program.header.march) else {
            throw .invalid(instruction: nil, "unknown march '\(program.header.march)'")
        }
        var verifier = ProgramVerifier(program: program, march: march, index: nil)
        try verifier.checkHeader()
        for (k, instruction) in program.instructions.enumerated() {
            verifier.index = k
            try verifier.check(instruction)
            try verifier.checkUnusedFields(instruction)
        }
        return march
    }

    private func fail(_ what: String) -> ProgramError { .invalid(instruction: index, what) }

    private func require(_ condition: Bool, _ what: @autoclosure () -> String) throws(ProgramError) {
        if !condition { throw fail(what()) }
    }

    /// Fields an instruction shares with its kin and does not use have their defaults, so that no change of a program goes unnoticed.
    private func checkUnusedFields(_ instruction: Instruction) throws(ProgramError) {
        let isDefault: Bool =
            switch instruction {
            case .maxPool(let body): body.multiplier == 0
            case .multiply(let body): body.multiplierA == 1 && body.multiplierB == 1
            case .move(let body): body.operand == 0 && body.multiplier == 0
            case .rescale(let body): body.operand == 0
            case .lookup(let body), .fill(let body): body.multiplier == 0
            case .layer, .load, .store, .image, .convolution, .depthwise, .averagePool, .add: true
            }
        try require(isDefault, "'\(instruction.format.mnemonic)' has a value in a field it does not use")
    }

    private func checkHeader() throws(ProgramError) {
        let header = program.header
        try require(header.frames >= 1 && header.frames <= 1 << 20, "\(header.frames) frames")
        try require(
            header.segments.first?.kind == .constants && header.segments[0].bytes == program.constants.count, "segment 0 must be the constants")
        try require(header.segments.count <= 1 << 16, "too many segments")
        var total = 0
        for segment in header.segments {
            try require(segment.bytes >= 0 && segment.bytes <= 1 << 36, "a segment of \(segment.bytes) bytes")
            total += segment.bytes
        }
        try require(total <= 1 << 36, "segments of \(total) bytes in all, more than 64 GiB")
        for (k, segment) in header.segments.enumerated() {
            try require(k == 0 || segment.kind != .constants, "segment \(k) is a second segment of constants")
        }
        for input in header.inputs {
            try require(
                header.segments.indices.contains(input.segment) && header.segments[input.segment].kind == .input,
                "input '\(input.name)' has no segment")
            try checkTensor(input.shape, what: "input '\(input.name)'")
            if input.source == .ddr {
                let needed = MapGeometry(shape: input.shape, element: input.element, layout: input.layout).frameBytes * input.shape[0]
                try require(header.segments[input.segment].bytes == needed, "input '\(input.name)' does not fit its segment")
            } else {
                let even = input.shape.count == 4 && input.shape[1] == 3 && input.shape[2] % 2 == 0 && input.shape[3] % 2 == 0
                try require(even && input.element == .int8, "input '\(input.name)' cannot be an image of shape \(input.shape)")
                try require(
                    input.lumaStride >= input.shape[3] && input.lumaStride <= 1 << 20,
                    "input '\(input.name)' has a line stride of \(input.lumaStride)")
                try require(
                    header.segments[input.segment].bytes == input.shape[0] * input.shape[2] * 3 / 2 * input.lumaStride,
                    "input '\(input.name)' does not fit its segment")
            }
        }
        for (k, output) in header.outputs.enumerated() {
            try require(
                header.segments.indices.contains(output.segment) && header.segments[output.segment].kind == .output, "output \(k) has no segment")
            try checkTensor(output.shape, what: "output \(k)")
            let needed = MapGeometry(shape: output.shape, element: output.element, layout: output.layout).frameBytes * output.shape[0]
            try require(header.segments[output.segment].bytes == needed, "output \(k) does not fit its segment")
            let channels = output.shape.count > 1 ? output.shape[1] : 1
            try require(output.scales.count == 1 || output.scales.count == channels, "output \(k) has \(output.scales.count) scales")
        }
    }

    private func checkTensor(_ shape: [Int], what: String) throws(ProgramError) {
        try require(!shape.isEmpty && shape.count <= 8 && shape.allSatisfy { $0 >= 1 && $0 <= 1 << 20 }, "\(what) has the shape \(shape)")
        var count = 1
        for extent in shape {
            count *= extent
            try require(count <= 1 << 36, "\(what) has the shape \(shape)")
        }
    }

    private func check(_ instruction: Instruction) throws(ProgramError) {
        let format = instruction.format
        for (k, value) in instruction.fieldValues.enumerated() where !format.ranges[k].contains(value) {
            throw fail(
                "\(format.mnemonic): \(format.names[k]) is \(value), which is outside \(format.ranges[k].lowerBound)…\(format.ranges[k].upperBound)")
        }
        switch instruction {
        case .layer(let body): try require(body.layer < program.header.layers.count, "layer \(body.layer) does not exist")
        case .load(let body): try check(body, stores: false)
        case .store(let body): try check(body, stores: true)
        case .image(let body): try check(body)
        case .convolution(let body): try check(body, depthwise: false)
        case .depthwise(let body): try check(body, depthwise: true)
        case .maxPool(let body), .averagePool(let body): try check(body)
        case .add(let body), .multiply(let body): try check(body)
        case .move(let body), .rescale(let body): try check(body, sourced: true)
        case .lookup(let body):
            try check(body, sourced: true)
            try require(body.source.element == 1 && body.output.element == 1, "a lookup of other than int8")
            try require(body.operand >= 0 && body.operand + 256 <= march.chipMemory, "the table lies outside on-chip memory")
        case .fill(let body): try check(body, sourced: false)
        }
    }

    private func check(_ body: Transfer, stores: Bool) throws(ProgramError) {
        try require(body.segment < program.header.segments.count, "segment \(body.segment) does not exist")
        let segment = program.header.segments[body.segment]
        if stores { try require(segment.kind == .output || segment.kind == .workspace, "a store into a segment of kind \(segment.kind.rawValue)") }
        try require(body.blocks >= 1 && body.bytes >= 1 && body.byteCount <= march.chipMemory, "\(body.blocks) blocks of \(body.bytes) bytes")
        try require(body.descriptors >= 1 || body.segment == 0, "no descriptors")
        try require(body.starts <= body.descriptors, "\(body.starts) starts of \(body.descriptors) descriptors")
        try require(
            body.offset + (body.blocks - 1) * body.segmentStride + body.bytes <= segment.bytes, "the transfer runs past segment \(body.segment)")
        try require(body.chip + (body.blocks - 1) * body.chipStride + body.bytes <= march.chipMemory, "the transfer runs past on-chip memory")
        try require(body.blocks == 1 || body.chipStride >= body.bytes && body.segmentStride >= body.bytes, "blocks overlap")
        try require(body.layer < program.header.layers.count, "layer \(body.layer) does not exist")
    }

    private func check(_ view: MapView, _ name: String, frames: Int) throws(ProgramError) {
        try require(frames >= 1 && view.rows >= 1 && view.columns >= 1 && view.channels >= 1, "\(name) is empty")
        try require(Element(rawValue: view.element) != nil, "\(name) has elements of \(view.element) bytes")
        try require(view.end(frames: frames) <= march.chipMemory, "\(name) runs past on-chip memory")
        var elements = view.element
        for extent in [frames, view.copies, view.rows, view.columns, view.channels] {
            elements *= extent
            try require(elements <= march.chipMemory, "\(name) is larger than on-chip memory")
        }
    }

    private func checkDense(_ view: MapView, _ name: String, frames: Int) throws(ProgramError) {
        try check(view, name, frames: frames)
        try require(view.channelStride == view.element || view.channels == 1, "\(name) has channels apart")
    }

    private func checkBounds(low: Int, high: Int, multiplier: Int, output: MapView) throws(ProgramError) {
        guard let element = Element(rawValue: output.element) else { throw fail("elements of \(output.element) bytes") }
        try require(low <= high && low >= element.minimum && high <= element.maximum, "results of \(low)…\(high) in \(output.element) bytes")
        try require(multiplier >= -32768 && multiplier <= 32767, "a multiplier of \(multiplier)")
    }

    /// That the window rows of every output row are inside the strip, or padding.
    private func checkWindows(_ input: MapView, _ output: MapView, height: Int, kernel: Int, stride: Int, pad: Int, dilation: Int)
        throws(ProgramError)
    {
        let first = max(0, output.firstRow * stride - pad)
        let last = min(height - 1, (output.firstRow + output.rows - 1) * stride - pad + (kernel - 1) * dilation)
        guard first <= last else { return }
        try require(
            input.firstRow <= first && last < input.firstRow + input.rows,
            "windows of rows \(first)…\(last), but the strip has \(input.firstRow)…\(input.firstRow + input.rows - 1)")
    }

    private func same(_ a: MapView, _ b: MapView) -> Bool { a.rows == b.rows && a.columns == b.columns && a.channels == b.channels }

    private func check(_ body: ImageConversion) throws(ProgramError) {
        try check(body.output, "the map", frames: body.frames)
        try require(body.output.channels == 3 && body.output.element == 1 && body.output.copies == 1, "an image has three int8 channels")
        try require(body.output.firstRow % 2 == 0, "a strip of an image starts at an odd row")
        let luma = body.luma + (body.frames - 1) * body.lumaFrameStride + (body.output.rows - 1) * body.lumaRowStride + body.output.columns
        let chroma =
            body.chroma + (body.frames - 1) * body.chromaFrameStride + (body.output.rows - 1) / 2 * body.chromaRowStride + (body.output.columns + 1)
            / 2 * 2
        try require(max(luma, chroma) <= march.chipMemory, "the planes run past on-chip memory")
    }

    private func check(_ body: Convolution, depthwise: Bool) throws(ProgramError) {
        try checkDense(body.input, "the input", frames: body.frames)
        try checkDense(body.output, "the output", frames: body.frames)
        try require(body.input.element <= 2, "an input of int32")
        if body.hasResidual == 1 {
            try checkDense(body.residual, "the residual", frames: body.frames)
            try require(same(body.residual, body.output), "the residual has another shape than the output")
        }
        try require(body.rescales == 1 || body.output.element == 4, "accumulators need an int32 output")
        let (inChannels, outChannels) = (body.input.channels, body.output.channels)
        try require(
            inChannels % body.groups == 0 && outChannels % body.groups == 0, "\(inChannels) → \(outChannels) channels in \(body.groups) groups")
        if depthwise {
            try require(
                body.groups == inChannels && inChannels == outChannels, "a depthwise convolution with \(body.groups) groups of \(inChannels) channels"
            )
        }
        let filter = depthwise ? body.depthwiseTapStride : body.kernelH * body.kernelW * (inChannels / body.groups)
        try require(body.weights + outChannels * filter <= march.chipMemory, "the weights run past on-chip memory")
        try require(body.records + outChannels * body.recordBytes <= march.chipMemory, "the records run past on-chip memory")
        try checkBounds(low: body.low, high: body.high, multiplier: 0, output: body.output)
        try checkWindows(
            body.input, body.output, height: body.inputHeight, kernel: body.kernelH, stride: body.strideH, pad: body.padH, dilation: body.dilationH)
    }

    private func check(_ body: Pooling) throws(ProgramError) {
        try checkDense(body.input, "the input", frames: body.frames)
        try checkDense(body.output, "the output", frames: body.frames)
        try require(body.input.channels == body.output.channels, "pooling changes the number of channels")
        try require(body.rescales == 1 || body.output.element >= body.input.element, "the output is narrower than the input")
        try require(
            body.kernelH <= body.inputHeight + 2 * body.padH && body.kernelW <= body.input.columns + 2 * body.padW,
            "the window is larger than the map")
        try checkBounds(low: body.low, high: body.high, multiplier: body.multiplier, output: body.output)
        try checkWindows(
            body.input, body.output, height: body.inputHeight, kernel: body.kernelH, stride: body.strideH, pad: body.padH, dilation: body.dilationH)
    }

    private func check(_ body: Elementwise) throws(ProgramError) {
        try checkDense(body.a, "operand a", frames: body.frames)
        try checkDense(body.b, "operand b", frames: body.frames)
        try checkDense(body.output, "the output", frames: body.frames)
        try require(same(body.a, body.output) && same(body.b, body.output), "the operands have different shapes")
        try checkBounds(low: body.low, high: body.high, multiplier: body.multiplier, output: body.output)
    }

    private func check(_ body: Move, sourced: Bool) throws(ProgramError) {
        try check(body.output, "the output", frames: body.frames)
        if sourced {
            try check(body.source, "the source", frames: body.frames)
            try require(same(body.source, body.output), "source and output have different shapes")
        } else {
            try require(body.low <= body.operand && body.operand <= body.high, "the constant \(body.operand) is outside its bounds")
        }
        try checkBounds(low: body.low, high: body.high, multiplier: body.multiplier, output: body.output)
    }
}
