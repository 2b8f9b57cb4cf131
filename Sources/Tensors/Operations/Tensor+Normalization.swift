import Kernels

/// Normalisation layers. Batch statistics update the running ones in place, as PyTorch does.
extension Tensor {
    package typealias ActivationRange = Tensors.ActivationRange

    /// Statistics of `self` (channels-last inside, or `[batch, channels]`) unless `moments` has them, blended into the running ones.
    func normalizationState(
        _ weight: Tensor?, _ bias: Tensor?, runningMean: Tensor?, runningVariance: Tensor?, training: Bool, momentum: Double, epsilon: Double,
        moments: (mean: [Double], variance: [Double])? = nil
    ) throws(TensorError) -> NormalizationState {
        let channels = shape[1]
        var mean = [Double](repeating: 0, count: channels)
        var variance = mean
        if training {
            let rows = count / Swift.max(channels, 1)
            if let moments {
                (mean, variance) = moments
            } else {
                mean.withUnsafeMutableBufferPointer { m in
                    variance.withUnsafeMutableBufferPointer { v in
                        Kernels.channelMoments(dtype, rows: rows, channels: channels, physicalPointer, mean: m.baseAddress!, variance: v.baseAddress!)
                    }
                }
            }
            if let runningMean, let runningVariance {
                let unbiased = Double(rows) / Double(Swift.max(rows - 1, 1))
                try runningMean.blend(mean, momentum)
                try runningVariance.blend(variance.map { $0 * unbiased }, momentum)
            }
        } else if let runningMean, let runningVariance {
            mean = try runningMean.doubles()
            variance = try runningVariance.doubles()
        }
        return NormalizationState(
            mean: mean, variance: variance, epsilon: epsilon, weight: try weight?.doubles(), bias: try bias?.doubles(), usedBatch: training)
    }

    private func blend(_ values: [Double], _ momentum: Double) throws(TensorError) {
        let fresh = try Tensor.from(values, shape, dtype: dtype)
        let blended = try detach().mul(try .wrapped(.double(1 - momentum))).add(try fresh.mul(try .wrapped(.double(momentum))))
        storage.willChange()
        try assignElements(from: blended)
        storage.bumpVersion()
    }

    /// clamp(x * scale + shift) per channel; `self` channels-last inside or `[batch, channels]`.
    func normalized(_ state: NormalizationState, _ range: ActivationRange) throws(TensorError) -> Tensor {
        let result = rank == 2 ? try Tensor.empty(shape, dtype: dtype) : try Tensor.emptyChannelsLast(shape, dtype: dtype)
        let channels = shape[1]
        if count > 0 {
            Kernels.channelAffine(
                dtype, rows: count / channels, channels: channels, physicalPointer, scale: state.scale, shift: state.shift, low: range.low,
                high: range.high, result.physicalPointer)
        }
        return result
    }

    /// `normalized`, written only when somebody reads it.
    private func pendingNormalized(_ state: NormalizationState, _ range: ActivationRange) throws(TensorError) -> Tensor {
        guard isChannelsLastInside, count > 0 else { return try normalized(state, range) }
        let form = PendingNormalization(source: storage, state: state, range: range, dtype: dtype, rows: count / shape[1])
        return Tensor(storage: Storage(.normalized(form)), layout: layout, dtype: dtype)
    }

    /// The pending normalisation of all elements that a clamp can join.
    var unclampedNormalization: PendingNormalization? {
        guard isChannelsLastInside, let form = storage.pendingNormalization, form.range == .none else { return nil }
        return form
    }

    /// The weight of the convolution that computed this tensor, if it is a leaf.
    private var convolutionWeight: Tensor? {
        guard let node, node.operation == .convolution, node.next.count > 1 else { return nil }
        return node.next[1]?.variable
    }

    /// Batch normalisation over dimension 1 of `[batch, channels, …]`.
    package func batchNorm(
        runningMean: Tensor?, runningVariance: Tensor?, weight: Tensor?, bias: Tensor?, training: Bool, momentum: Double = 0.1, epsilon: Double = 1e-5
    ) throws(TensorError) -> Tensor {
        guard rank >= 2 else { throw .value("expected at least 2D input (got \(rank)D input)") }
        let channels = shape[1]
        for (tensor, name) in [(runningMean, "running_mean"), (runningVariance, "running_var"), (weight, "weight"), (bias, "bias")] {
            if let tensor, tensor.count != channels { throw .runtime("\(name) should contain \(channels) elements not \(tensor.count)") }
        }
        guard dtype.isFloatingPoint else { throw .notImplemented("batch_norm", dtype) }
        if !training && (runningMean == nil || runningVariance == nil) {
            throw .runtime("Expected running_mean and running_var to be defined when training=False")
        }
        if training && count == channels {
            throw .value("Expected more than 1 value per channel when training, got input size torch.Size(\(bracketed(shape)))")
        }
        let x = rank == 2 ? try packed() : try channelsLastPacked()
        if training { convolutionWeight?.gathersMoments = true }
        let state = try x.normalizationState(
            weight, bias, runningMean: runningMean, runningVariance: runningVariance, training: training, momentum: momentum, epsilon: epsilon,
            moments: x.isChannelsLastInside ? x.storage.channelMoments : nil)
        let result = try x.pendingNormalized(state, .none)
        let operands = [self] + [weight, bias].compactMap { $0 }
        return result.recorded(operands) { .batchNorm(self, weight, bias, state) }
    }

    /// What `state` did to this tensor, in operations whose gradients have gradients.
    fileprivate func normalizedStepwise(_ state: NormalizationState, _ range: ActivationRange, weight: Tensor?, bias: Tensor?) throws(TensorError)
        -> Tensor
    {
        let affine = [1, -1] + [Int](repeating: 1, count: rank - 2)
        func perChannel(_ values: UnsafeMutablePointer<Double>) throws(TensorError) -> Tensor {
            try Tensor.from((0..<state.channels).map { values[$0] }, [state.channels], dtype: dtype).view(affine)
        }
        var result: Tensor
        if state.usedBatch {
            let dims = [0] + Array(2..<rank)
            let centred = try sub(try mean(dim: dims, keepdim: true))
            result = try centred.mul(try centred.mul(centred).mean(dim: dims, keepdim: true).add(try .wrapped(.double(state.epsilon))).rsqrt())
        } else {
            result = try sub(try perChannel(state.mean)).mul(try perChannel(state.inverse))
        }
        if let weight { result = try result.mul(try weight.view(affine)) }
        if let bias { result = try result.add(try bias.view(affine)) }
        if range == .none { return result }
        return range.high == .infinity ? try result.relu() : try result.hardtanh(range.low, range.high)
    }

    /// Convolution, batch normalisation and a clamping activation as one operation: the same results with fewer passes over memory.
    package func convolutionBatchNorm(
        _ weight: Tensor, _ convolutionBias: Tensor?, _ parameters: ConvolutionParameters, runningMean: Tensor?, runningVariance: Tensor?,
        scale: Tensor?, bias: Tensor?, training: Bool, momentum: Double, epsilon: Double, range: ActivationRange
    ) throws(TensorError) -> Tensor {
        let p = parameters.spread(over: rank - 2)
        try checkConvolution(weight, convolutionBias, p, dimensions: rank - 2, transposed: false)
        let sizes = try convolutionSizes(weight.shape, p)
        let operands = [self, weight] + [scale, bias, convolutionBias].compactMap { $0 }
        if !training && !(EngineState.gradEnabled && operands.contains { $0.requiresGrad }) {
            let state = try Tensor.empty([1, sizes[1]], dtype: dtype).normalizationState(
                scale, bias, runningMean: runningMean, runningVariance: runningVariance, training: false, momentum: momentum, epsilon: epsilon)
            return try Tensor.convolved(
                try channelsLastPacked(), weight, convolutionBias, Tensor.convolutionGeometry(shape, weight.shape, sizes, p), sizes, state: state,
                range: range)
        }
        var moments = (mean: [Double](repeating: 0, count: sizes[1]), variance: [Double](repeating: 0, count: sizes[1]))
        let y = try moments.mean.withUnsafeMutableBufferPointer { (mean) throws(TensorError) in
            try moments.variance.withUnsafeMutableBufferPointer { (variance) throws(TensorError) in
                try Tensor.convolved(
                    try channelsLastPacked(), weight, convolutionBias, Tensor.convolutionGeometry(shape, weight.shape, sizes, p), sizes,
                    moments: training ? ConvolutionMoments(mean: mean.baseAddress!, variance: variance.baseAddress!) : nil)
            }
        }
        if training && y.count == y.shape[1] {
            throw .value("Expected more than 1 value per channel when training, got input size torch.Size(\(bracketed(y.shape)))")
        }
        let state = try y.normalizationState(
            scale, bias, runningMean: runningMean, runningVariance: runningVariance, training: training, momentum: momentum, epsilon: epsilon,
            moments: moments)
        let result = try y.pendingNormalized(state, range)
        return result.recorded(operands) {
            .convolutionBatchNorm(self, weight, y, p, state, range, scale: scale, bias: bias, convolutionBias: convolutionBias)
        }
    }

    package func layerNorm(_ normalizedShape: [Int], weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Double = 1e-5) throws(TensorError) -> Tensor
    {
        guard !normalizedShape.isEmpty else {
            throw .runtime(
                "Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one element, but got normalized_shape = []")
        }
        guard rank >= normalizedShape.count, Array(shape.suffix(normalizedShape.count)) == normalizedShape else {
            throw .runtime(
                "Given normalized_shape=\(bracketed(normalizedShape)), expected input with shape [*, \(normalizedShape.map(String.init).joined(separator: ", "))], but got input of size\(bracketed(shape))"
            )
        }
        let n = normalizedShape.reduce(1, *)
        let normal = try rowNormalized(n, epsilon, .layerNorm)
        let scaled = try weight.map { w throws(TensorError) in try normal.mul(w) } ?? normal
        return try bias.map { b throws(TensorError) in try scaled.add(b) } ?? scaled
    }

    private func rowNormalized(_ n: Int, _ epsilon: Double, _ operation: Operation) throws(TensorError) -> Tensor {
        guard dtype.isFloatingPoint else { throw .notImplemented("LayerNormKernelImpl", dtype) }
        let x = try packed()
        let rows = n == 0 ? 0 : count / n
        let result = try Tensor.empty(shape, dtype: dtype)
        let mean = try Tensor.empty([rows], dtype: dtype)
        let inverse = try Tensor.empty([rows], dtype: dtype)
        Kernels.normalizeRows(dtype, rows: rows, n: n, epsilon: epsilon, x.pointer, result.pointer, mean: mean.pointer, inverse: inverse.pointer)
        return result.recorded([self]) { .rowNormalized(operation, self, result, inverse, rows: rows, n: n, epsilon) }
    }

    package func groupNorm(_ groups: Int, weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Double = 1e-5) throws(TensorError) -> Tensor {
        guard rank >= 2 else { throw .runtime("Expected at least 2 dimensions for input tensor but received \(rank)") }
        guard groups > 0, shape[1] % groups == 0 else {
            throw .runtime(
                "Expected number of channels in input to be divisible by num_groups, but got input of shape \(bracketed(shape)) and num_groups=\(groups)"
            )
        }
        let n = shape[1] / groups * shape[2...].reduce(1, *)
        let normal = try rowNormalized(n, epsilon, .groupNorm)
        let affine = [-1] + [Int](repeating: 1, count: rank - 2)
        let scaled = try weight.map { w throws(TensorError) in try normal.mul(try w.view(affine)) } ?? normal
        return try bias.map { b throws(TensorError) in try scaled.add(try b.view(affine)) } ?? scaled
    }
}

extension Gradient {
    /// Gradients of `forward` at `operands` as a function of them and of `gradient`: for rules that have no such form of their own.
    static func again(
        _ operands: [Tensor], _ gradient: Tensor, _ forward: ([Tensor]) throws(TensorError) -> Tensor
    ) throws(TensorError) -> [Tensor?] {
        // Aliases: operands may depend on one another, and a gradient ends at the alias.
        var aliases: [Tensor] = []
        for operand in operands { aliases.append(operand.requiresGrad ? try operand.view(operand.shape) : operand) }
        let result = try forward(aliases)
        let wanted = aliases.indices.filter { aliases[$0].requiresGrad }
        let gradients = try Autograd.grad([result], wanted.map { aliases[$0] }, gradients: [gradient], createGraph: true, allowUnused: true)
        var results = [Tensor?](repeating: nil, count: operands.count)
        for (i, value) in zip(wanted, gradients) { results[i] = value }
        return results
    }

    static func batchNorm(_ input: Tensor, _ weight: Tensor?, _ bias: Tensor?, _ state: NormalizationState) -> Gradient {
        let x = Saved(input)
        let (w, b) = (weight.map { Saved($0) }, bias.map { Saved($0) })
        let (hasWeight, hasBias, needsInput) = (weight != nil, bias != nil, input.requiresGrad)
        // A convolution's rule forms this gradient while it reads it.
        let isPending = input.node?.operation == .convolution
        return Gradient(.batchNorm, saved: [x] + [w, b].compactMap { $0 }) { g in
            if EngineState.gradEnabled {
                let operands = [try x.get()] + (try [w, b].compactMap { try $0?.get() })
                return try again(operands, g) { (t) throws(TensorError) in
                    try t[0].normalizedStepwise(state, .none, weight: hasWeight ? t[1] : nil, bias: hasBias ? t[t.count - 1] : nil)
                }
            }
            let input = try x.get()
            let values = input.rank == 2 ? try input.packed() : try input.channelsLastPacked()
            let gradient = input.rank == 2 ? try g.packed() : try g.channelsLastPacked()
            let normalized = NormalizedGradient(behindClamp: gradient, of: values, state)
            var results: [Tensor?] = [needsInput ? try normalized.tensor(isPending: isPending) : nil]
            if hasWeight { results.append(try Tensor.from(normalized.weightGradient, [state.channels], dtype: input.dtype)) }
            if hasBias { results.append(try Tensor.from(normalized.biasGradient, [state.channels], dtype: input.dtype)) }
            return results
        }
    }

    static func convolutionBatchNorm(
        _ input: Tensor, _ weight: Tensor, _ convolved: Tensor, _ p: ConvolutionParameters, _ state: NormalizationState,
        _ range: ActivationRange, scale: Tensor?, bias: Tensor?, convolutionBias: Tensor?
    ) -> Gradient {
        let (x, w, y) = (Saved(input), Saved(weight), Saved(convolved))
        let (a, b, c) = (scale.map { Saved($0) }, bias.map { Saved($0) }, convolutionBias.map { Saved($0) })
        let (hasScale, hasBias, hasConvolutionBias) = (scale != nil, bias != nil, convolutionBias != nil)
        let (needsInput, needsWeight) = (input.requiresGrad, weight.requiresGrad)
        let geometry = Tensor.convolutionGeometry(input.shape, weight.shape, convolved.shape, p)
        return Gradient(.convolutionBatchNorm, saved: [x, w, y] + [a, b, c].compactMap { $0 }) { g in
            if EngineState.gradEnabled {
                let operands = [try x.get(), try w.get()] + (try [a, b, c].compactMap { try $0?.get() })
                return try again(operands, g) { (t) throws(TensorError) in
                    let y = try t[0].convolution(t[1], hasConvolutionBias ? t[t.count - 1] : nil, p, dimensions: t[0].rank - 2)
                    return try y.normalizedStepwise(state, range, weight: hasScale ? t[2] : nil, bias: hasBias ? t[hasScale ? 3 : 2] : nil)
                }
            }
            let normalized = NormalizedGradient(try g.channelsLastPacked(), of: try y.get(), state, range)
            let (dx, dw) = try convolutionGradients(
                try normalized.tensor(isPending: true), try x.get(), try w.get(), geometry, needsInput: needsInput, needsWeight: needsWeight)
            func perChannel(_ values: [Double]) throws(TensorError) -> Tensor { try Tensor.from(values, [values.count], dtype: g.dtype) }
            var results = [dx, dw]
            if hasScale { results.append(try perChannel(normalized.weightGradient)) }
            if hasBias { results.append(try perChannel(normalized.biasGradient)) }
            if hasConvolutionBias { results.append(try perChannel(normalized.channelSums)) }
            return results
        }
    }

    /// The rule of a clamp that joined a pending normalisation. It leaves its own gradient pending: the normalisation's rule reads the mask off
    /// its operand. Where that is not possible the rule is `separate`, which masks by the saved `result`.
    static func clampedNormalization(_ result: Tensor, _ form: PendingNormalization, _ separate: Gradient) -> Gradient {
        let source = Saved(Tensor(storage: form.source, layout: result.layout.atStart, dtype: result.dtype))
        let (state, range) = (form.state, form.range)
        return Gradient(separate.operation, saved: separate.saved + [source]) { g in
            guard !EngineState.gradEnabled, source.isUnchanged, let result = try separate.saved.first?.get(), result.isChannelsLastInside else {
                return try separate.rule(g)
            }
            let gradient = try g.detach().channelsLastPacked()
            guard gradient.isChannelsLastInside, gradient.dtype == result.dtype else { return try separate.rule(g) }
            let masked = MaskedGradient(gradient: gradient, result: result, state: state, range: range)
            return [Tensor(storage: Storage(.masked(masked)), layout: result.layout, dtype: result.dtype)]
        }
    }

    static func rowNormalized(
        _ operation: Operation, _ input: Tensor, _ y: Tensor, _ inverse: Tensor, rows: Int, n: Int, _ epsilon: Double
    ) -> Gradient {
        let (x, normal, factor) = (Saved(input), Saved(output: y), Saved(inverse))
        return Gradient(operation, saved: [x, normal, factor]) { g in
            if EngineState.gradEnabled {
                return try again([try x.get()], g) { (t) throws(TensorError) in
                    let flat = try t[0].reshape([rows, n])
                    let centred = try flat.sub(try flat.mean(dim: [1], keepdim: true))
                    let spread = try centred.mul(centred).mean(dim: [1], keepdim: true).add(try .wrapped(.double(epsilon)))
                    return try centred.mul(try spread.rsqrt()).reshape(t[0].shape)
                }
            }
            let y = try normal.get()
            let result = try Tensor.empty(y.shape, dtype: y.dtype)
            let gradient = try g.packed()
            Kernels.normalizeRowsGradient(
                y.dtype, rows: rows, n: n, gradient: gradient.pointer, normalized: y.pointer, inverse: try factor.get().pointer, result.pointer)
            return [result]
        }
    }
}
