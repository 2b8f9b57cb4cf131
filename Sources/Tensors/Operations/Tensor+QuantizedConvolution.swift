import Kernels

/// Pending simulated quantisation of a convolution's float32 result.
struct PendingQuantization {
    let source: Storage
    let step: QuantizationStep
    let count: Int

    var rowSource: RowSource { RowSource(source.pointer, .quantized(step)) }

    func write(to target: UnsafeMutableRawPointer) {
        _ = Kernels.fakeQuantize(
            count, source.pointer.assumingMemoryBound(to: Float.self), target.assumingMemoryBound(to: Float.self), mask: nil, step)
    }
}

/// A convolution with what follows it in quantization-aware training, as one operation.
extension Tensor {
    /// Convolution, bias and residual, then simulated quantisation with the step `choose` makes of the smallest and largest sum (the step's clamp
    /// acts first). The sums are written once; their quantisation is formed by the convolutions that read it.
    ///
    /// All operands float32; `self` `[batch, channels, …]`. Nil, before anything is computed, where the result is empty or the residual has another shape.
    package func convolutionFakeQuantized(
        _ weight: Tensor, _ bias: Tensor?, _ parameters: ConvolutionParameters, residual: Tensor?,
        choose: (Float, Float) throws(TensorError) -> QuantizationStep
    ) throws(TensorError) -> Tensor? {
        let p = parameters.spread(over: rank - 2)
        try checkConvolution(weight, bias, p, dimensions: rank - 2, transposed: false)
        let sizes = try convolutionSizes(weight.shape, p)
        let g = Tensor.convolutionGeometry(shape, weight.shape, sizes, p)
        if sizes.contains(0) || (residual.map { $0.shape != sizes } ?? false) { return nil }
        let y = try Tensor.emptyChannelsLast(sizes, dtype: .float32)
        let (x, w, b) = (try channelsLastPacked(), try weight.packed(), try bias?.packed())
        let other = try residual?.channelsLastPacked()
        let range = Kernels.convolutionWithRange(
            g, input: x.rows(for: g), weight: w.pointer, bias: b?.pointer, residual: other.map { $0.storedOrPendingRows }, output: y.physicalPointer)
        let step = try choose(range.low, range.high)
        let result = Tensor(
            storage: Storage(.quantized(PendingQuantization(source: y.storage, step: step, count: y.count))), layout: y.layout, dtype: .float32)
        return result.recorded([self, weight] + [bias, residual].compactMap { $0 }) {
            .convolutionFakeQuantized(self, weight, bias, residual, y, g, p, step)
        }
    }

    /// Convolution, bias, residual and clamp outside the graph, and the result's range found while it is written: `valueRange` then knows it.
    /// Operands and nil as for `convolutionFakeQuantized`.
    package func convolutionWithRange(
        _ weight: Tensor, _ bias: Tensor?, _ parameters: ConvolutionParameters, residual: Tensor?, range: ActivationRange
    ) throws(TensorError) -> Tensor? {
        let p = parameters.spread(over: rank - 2)
        try checkConvolution(weight, bias, p, dimensions: rank - 2, transposed: false)
        let sizes = try convolutionSizes(weight.shape, p)
        if sizes.contains(0) || (residual.map { $0.shape != sizes } ?? false) { return nil }
        let g = Tensor.convolutionGeometry(shape, weight.shape, sizes, p)
        let y = try Tensor.emptyChannelsLast(sizes, dtype: .float32)
        let (x, w, b) = (try channelsLastPacked(), try weight.packed(), try bias?.packed())
        let other = try residual?.channelsLastPacked()
        let found = Kernels.convolutionWithRange(
            g, input: x.rows(for: g), weight: w.pointer, bias: b?.pointer, residual: other.map { $0.storedOrPendingRows }, output: y.physicalPointer,
            low: Float(range.low), high: Float(range.high))
        y.storage.attachRange(found.low, found.high)
        return y
    }

    /// Whether `convolutionFakeQuantized` takes these operands.
    package func formsQuantizedConvolution(_ weight: Tensor, _ bias: Tensor?, residual: Tensor?) -> Bool {
        rank >= 3 && count > 0 && ([self, weight] + [bias, residual].compactMap { $0 }).allSatisfy { $0.dtype == .float32 }
    }

    /// Channels-last rows, not written down where they are pending. `self` channels-last packed.
    private var storedOrPendingRows: RowSource {
        if isChannelsLastInside, let rows = storage.pendingRows { return rows }
        return RowSource(physicalPointer)
    }
}

extension Gradient {
    static func convolutionFakeQuantized(
        _ input: Tensor, _ weight: Tensor, _ bias: Tensor?, _ residual: Tensor?, _ sums: Tensor, _ g: ConvolutionGeometry, _ p: ConvolutionParameters,
        _ step: QuantizationStep
    ) -> Gradient {
        let (x, w, y) = (Saved(input), Saved(weight), Saved(sums))
        // Only gradients of gradients read them.
        let (b, r) = (bias.map { Saved($0) }, residual.map { Saved($0) })
        let (needsInput, needsWeight, needsBias) = (input.requiresGrad, weight.requiresGrad, bias?.requiresGrad ?? false)
        let needsResidual = residual?.requiresGrad ?? false
        var gradient = Gradient(.custom, saved: [x, w, y] + [b, r].compactMap { $0 }) { gradient in
            if EngineState.gradEnabled {
                let operands = [try x.get(), try w.get()] + (try [b, r].compactMap { try $0?.get() })
                return try again(operands, gradient) { (t) throws(TensorError) in
                    let sum = try t[0].convolution(t[1], b == nil ? nil : t[2], p, dimensions: t[0].rank - 2)
                    return try (r == nil ? sum : try sum.add(t[t.count - 1])).fakeQuantized(step)
                }
            }
            let (input, weight, sums, dy) = (try x.get(), try w.get(), try y.get(), try gradient.channelsLastPacked())
            // Written down where someone else wants it, too.
            let passed = needsResidual || !g.formsRows ? try dy.passing(step, of: sums) : nil
            let rows =
                passed.map { RowSource($0.physicalPointer) } ?? RowSource(sums.physicalPointer, .quantizedGradient(step, of: dy.physicalPointer))
            var biasSums = [Double](repeating: 0, count: needsBias && g.formsRows ? g.outChannels : 0)
            let (dx, dw) = try biasSums.withUnsafeMutableBufferPointer { (p) throws(TensorError) in
                try convolutionGradients(
                    rows, input, weight, g, needsInput: needsInput, needsWeight: needsWeight, bias: p.isEmpty ? nil : p.baseAddress)
            }
            var results = [dx, dw]
            if b != nil {
                results.append(
                    !needsBias ? nil : biasSums.isEmpty ? try passed?.channelSum() : try .from(biasSums, [biasSums.count], dtype: .float32))
            }
            if r != nil { results.append(needsResidual ? passed : nil) }
            return results
        }
        gradient.customName = "ConvolutionFakeQuantizeBackward0"
        return gradient
    }
}

extension Tensor {
    /// This gradient where the quantisation of `values` lets it pass, else 0; both channels-last inside.
    fileprivate func passing(_ step: QuantizationStep, of values: Tensor) throws(TensorError) -> Tensor {
        let result = try Tensor.emptyChannelsLast(shape, dtype: .float32)
        Kernels.passGradient(
            count, physicalPointer.assumingMemoryBound(to: Float.self), values.physicalPointer.assumingMemoryBound(to: Float.self),
            result.physicalPointer.assumingMemoryBound(to: Float.self), step)
        return result
    }
}
