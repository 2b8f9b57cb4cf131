/// What an instruction costs on a march: the one table of timing, used by compiler and simulator.
///
/// Transfers: a start for each descriptor, then bytes at the DDR bandwidth. Convolutions: a start for each frame, then multiply-accumulates with
/// columns rounded up to 4 at the effective rate; depthwise ones with rows and columns rounded up to 8. Everything else: a start for each frame,
/// then elements at the vector rate.
package struct InstructionTiming: Sendable {
    package let march: MarchDescription

    package init(_ march: MarchDescription) { self.march = march }

    /// Microseconds the instruction's engine is busy when nothing is hidden.
    package func cost(_ instruction: Instruction) -> Double {
        switch instruction {
        case .layer: march.layerLaunch
        case .load(let body), .store(let body): Double(body.descriptors) * march.descriptorStart + Double(body.byteCount) / march.bandwidth
        case .convolution(let body): convolution(body)
        case .depthwise(let body): depthwise(body)
        case .image(let body): vector(body.frames, body.output.elements(frames: body.frames))
        case .maxPool(let body), .averagePool(let body):
            vector(
                body.frames, body.output.elements(frames: body.frames) * min(body.kernelH, body.inputHeight) * min(body.kernelW, body.input.columns))
        case .add(let body), .multiply(let body): vector(body.frames, body.output.elements(frames: body.frames))
        case .move(let body), .rescale(let body), .lookup(let body), .fill(let body): vector(body.frames, body.output.elements(frames: body.frames))
        }
    }

    /// Microseconds the engine is busy within a program, where the starts of chained descriptors are hidden.
    package func duration(_ instruction: Instruction) -> Double {
        switch instruction {
        case .load(let body), .store(let body): Double(body.starts) * march.descriptorStart + Double(body.byteCount) / march.bandwidth
        case .layer, .image, .convolution, .depthwise, .maxPool, .averagePool, .add, .multiply, .move, .rescale, .lookup, .fill: cost(instruction)
        }
    }

    private func vector(_ frames: Int, _ elements: Int) -> Double { Double(frames) * march.vectorStart + Double(elements) / march.vectorRate }

    private func convolution(_ body: Convolution) -> Double {
        let columns = (body.output.columns + 3) / 4 * 4
        let multiplies =
            body.frames * body.output.rows * columns * body.output.channels * body.kernelH * body.kernelW
            * (body.input.channels / max(body.groups, 1))
        return Double(body.frames) * march.convolutionStart + Double(multiplies) / march.convolutionRate
    }

    private func depthwise(_ body: Convolution) -> Double {
        let (rows, columns) = ((body.output.rows + 7) / 8 * 8, (body.output.columns + 7) / 8 * 8)
        let multiplies = body.frames * rows * columns * body.output.channels * body.kernelH * body.kernelW
        return Double(body.frames) * march.depthwiseStart + Double(multiplies) / march.depthwiseRate
    }
}
