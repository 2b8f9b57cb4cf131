import Kernels

/// Stride, padding, dilation and groups of a convolution; one entry per spatial dimension.
package struct ConvolutionParameters: Equatable, Sendable {
    package var stride: [Int]
    package var padding: [Int]
    package var dilation: [Int]
    package var groups: Int
    /// Extra size of a transposed convolution's result.
    package var outputPadding: [Int]

    package init(stride: [Int], padding: [Int], dilation: [Int], groups: Int = 1, outputPadding: [Int] = []) {
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
        self.groups = groups
        self.outputPadding = outputPadding.isEmpty ? [Int](repeating: 0, count: stride.count) : outputPadding
    }

    /// A single number stands for every spatial dimension.
    package func spread(over dimensions: Int) -> ConvolutionParameters {
        func spread(_ values: [Int]) -> [Int] { values.count == 1 ? [Int](repeating: values[0], count: dimensions) : values }
        return ConvolutionParameters(
            stride: spread(stride), padding: spread(padding), dilation: spread(dilation), groups: groups, outputPadding: spread(outputPadding))
    }
}

extension Tensor {
    private static func lanes(_ values: [Int], fill: Int) -> SIMD3<Int> {
        var result = SIMD3<Int>(repeating: fill)
        for (i, value) in values.enumerated() { result[3 - values.count + i] = value }
        return result
    }

    /// Geometry of the convolution whose input, weight and output have these sizes.
    static func convolutionGeometry(_ input: [Int], _ weight: [Int], _ output: [Int], _ p: ConvolutionParameters) -> ConvolutionGeometry {
        ConvolutionGeometry(
            batch: input[0], inChannels: input[1], outChannels: output[1], groups: p.groups, input: lanes(Array(input[2...]), fill: 1),
            kernel: lanes(Array(weight[2...]), fill: 1), stride: lanes(p.stride, fill: 1), padding: lanes(p.padding, fill: 0),
            dilation: lanes(p.dilation, fill: 1), output: lanes(Array(output[2...]), fill: 1))
    }

    func checkConvolution(_ weight: Tensor, _ bias: Tensor?, _ p: ConvolutionParameters, dimensions: Int, transposed: Bool) throws(TensorError) {
        let name = "conv\(transposed ? "_transpose" : "")\(dimensions)d"
        if rank != dimensions + 2 {
            throw .runtime(
                "Expected \(dimensions + 1)D (unbatched) or \(dimensions + 2)D (batched) input to \(name), but got input of size: \(bracketed(shape))"
            )
        }
        guard weight.rank == dimensions + 2 else {
            throw .runtime("weight should have at least \(dimensions + 2) dimensions, but got \(weight.rank)")
        }
        if dtype != weight.dtype || (bias != nil && bias!.dtype != dtype) {
            if bias == nil { throw .runtime("expected scalar type \(dtype.typeName) but found \(weight.dtype.typeName)") }
            let other = bias ?? weight
            throw .runtime("Input type (\(dtype.nativeName)) and bias type (\(other.dtype.nativeName)) should be the same")
        }
        guard dtype.isFloatingPoint else { throw .notImplemented("slow_\(name)_cpu", dtype) }
        guard p.groups > 0 else { throw .runtime("non-positive groups is not supported") }
        if p.stride.contains(where: { $0 <= 0 }) { throw .runtime("non-positive stride is not supported") }
        if p.padding.contains(where: { $0 < 0 }) { throw .runtime("negative padding is not supported") }
        if p.dilation.contains(where: { $0 <= 0 }) { throw .runtime("dilation should be greater than zero") }
        let expected = transposed ? weight.shape[0] : weight.shape[1] * p.groups
        if shape[1] != expected {
            throw .runtime(
                "Given \(transposed ? "transposed=1" : "groups=\(p.groups)"), weight of size \(bracketed(weight.shape)), expected input\(bracketed(shape)) to have \(expected) channels, but got \(shape[1]) channels instead"
            )
        }
        if !transposed && weight.shape[0] % p.groups != 0 {
            throw .runtime(
                "Given groups=\(p.groups), expected weight to be divisible by \(p.groups) at dimension 0, but got weight of size \(bracketed(weight.shape)) instead"
            )
        }
        let outChannels = transposed ? weight.shape[1] * p.groups : weight.shape[0]
        if let bias, bias.shape != [outChannels] {
            throw .runtime(
                "Given weight of size \(bracketed(weight.shape)), expected bias to be 1-dimensional with \(outChannels) elements, but got bias of size \(bracketed(bias.shape)) instead"
            )
        }
    }

    /// Output sizes of a convolution of this input.
    package func convolutionSizes(_ weight: [Int], _ p: ConvolutionParameters) throws(TensorError) -> [Int] {
        var sizes = [shape[0], weight[0]]
        var padded: [Int] = []
        var kernel: [Int] = []
        var fits = true
        for d in 0..<(rank - 2) {
            let reach = p.dilation[d] * (weight[d + 2] - 1) + 1
            padded.append(shape[d + 2] + 2 * p.padding[d])
            kernel.append(reach)
            if padded[d] < reach { fits = false }
            sizes.append((padded[d] - reach) / p.stride[d] + 1)
        }
        if !fits {
            func times(_ values: [Int]) -> String { values.map(String.init).joined(separator: " x ") }
            throw .runtime(
                "Calculated padded input size per channel: (\(times(padded))). Kernel size: (\(times(kernel))). Kernel size can't be greater than actual input size"
            )
        }
        return sizes
    }

    /// Convolution over `dimensions` spatial dimensions of `[batch, channels, …]`, or of one sample `[channels, …]`.
    package func convolution(_ weight: Tensor, _ bias: Tensor? = nil, _ parameters: ConvolutionParameters, dimensions: Int) throws(TensorError)
        -> Tensor
    {
        if rank == dimensions + 1 { return try unsqueeze(0).convolution(weight, bias, parameters, dimensions: dimensions).squeeze([0]) }
        let p = parameters.spread(over: dimensions)
        try checkConvolution(weight, bias, p, dimensions: dimensions, transposed: false)
        let sizes = try convolutionSizes(weight.shape, p)
        let g = Tensor.convolutionGeometry(shape, weight.shape, sizes, p)
        let x = try channelsLastPacked()
        let gathers = weight.gathersMoments && EngineState.gradEnabled
        weight.gathersMoments = false
        let result = gathers ? try Tensor.convolvedGathering(x, weight, bias, g, sizes) : try Tensor.convolved(x, weight, bias, g, sizes)
        return result.recorded([self, weight] + (bias.map { [$0] } ?? [])) { .convolution(self, weight, bias, g, p) }
    }

    /// `convolved`, the result with the statistics of its channels.
    private static func convolvedGathering(
        _ x: Tensor, _ weight: Tensor, _ bias: Tensor?, _ g: ConvolutionGeometry, _ sizes: [Int]
    ) throws(TensorError) -> Tensor {
        var mean = [Double](repeating: 0, count: sizes[1])
        var variance = mean
        let result = try mean.withUnsafeMutableBufferPointer { (m) throws(TensorError) in
            try variance.withUnsafeMutableBufferPointer { (v) throws(TensorError) in
                guard let means = m.baseAddress, let variances = v.baseAddress else { return try convolved(x, weight, bias, g, sizes) }
                return try convolved(x, weight, bias, g, sizes, moments: ConvolutionMoments(mean: means, variance: variances))
            }
        }
        if result.count > 0 { result.storage.attach(mean, variance) }
        return result
    }

    /// Convolution with a clamp in the pass that writes the result; for callers that need no gradient.
    package func convolutionClamped(_ weight: Tensor, _ bias: Tensor?, _ parameters: ConvolutionParameters, range: ActivationRange)
        throws(TensorError) -> Tensor
    {
        let p = parameters.spread(over: rank - 2)
        try checkConvolution(weight, bias, p, dimensions: rank - 2, transposed: false)
        let sizes = try convolutionSizes(weight.shape, p)
        let channels = weight.shape[0]
        // Scale 1 and shift b: the epilogue of a normalisation that only adds the bias.
        let state = NormalizationState(
            mean: [Double](repeating: 0, count: channels), variance: [Double](repeating: 1, count: channels), epsilon: 0, weight: nil,
            bias: try bias?.doubles(), usedBatch: false)
        return try Tensor.convolved(
            try channelsLastPacked(), weight, nil, Tensor.convolutionGeometry(shape, weight.shape, sizes, p), sizes, state: state, range: range)
    }

    static func convolved(
        _ x: Tensor, _ weight: Tensor, _ bias: Tensor?, _ g: ConvolutionGeometry, _ sizes: [Int], state: NormalizationState? = nil,
        range: ActivationRange = .none, moments: ConvolutionMoments? = nil
    ) throws(TensorError) -> Tensor {
        let result = try emptyChannelsLast(sizes, dtype: x.dtype)
        let w = try weight.packed()
        let b = try bias?.packed()
        if result.count == 0 { return result }
        guard let state else {
            Kernels.convolution(
                g, x.dtype, input: x.rows(for: g), weight: w.pointer, bias: b?.pointer, output: result.physicalPointer, moments: moments)
            return result
        }
        Kernels.convolution(
            g, x.dtype, input: x.rows(for: g), weight: w.pointer, bias: b?.pointer, output: result.physicalPointer,
            epilogue: ConvolutionEpilogue(scale: state.scale, shift: state.shift, low: range.low, high: range.high))
        return result
    }

    /// The rows a convolution's kernel reads: not written down where it can form them itself. `self` channels-last packed.
    func rows(for g: ConvolutionGeometry) -> RowSource {
        if g.formsRows, isChannelsLastInside, let rows = storage.pendingRows { return rows }
        return RowSource(physicalPointer)
    }

    /// `weight` is `[in, out / groups, …]`.
    package func convolutionTransposed(_ weight: Tensor, _ bias: Tensor? = nil, _ parameters: ConvolutionParameters, dimensions: Int)
        throws(TensorError) -> Tensor
    {
        if rank == dimensions + 1 { return try unsqueeze(0).convolutionTransposed(weight, bias, parameters, dimensions: dimensions).squeeze([0]) }
        let p = parameters.spread(over: dimensions)
        try checkConvolution(weight, bias, p, dimensions: dimensions, transposed: true)
        var sizes = [shape[0], weight.shape[1] * p.groups]
        for d in 0..<dimensions {
            if p.outputPadding[d] >= Swift.max(p.stride[d], p.dilation[d]) {
                throw .runtime(
                    "output padding must be smaller than either stride or dilation, but got output_padding: \(p.outputPadding[d]), stride: \(p.stride[d]), dilation: \(p.dilation[d])"
                )
            }
            let size = (shape[d + 2] - 1) * p.stride[d] - 2 * p.padding[d] + p.dilation[d] * (weight.shape[d + 2] - 1) + p.outputPadding[d] + 1
            if size <= 0 {
                throw .runtime(
                    "Given input size per channel: \(bracketed(Array(shape[2...]))). Calculated output size per channel: \(size). Output size is too small"
                )
            }
            sizes.append(size)
        }
        // The result is the input gradient of the convolution that maps result sizes to ours.
        let g = Tensor.convolutionGeometry(sizes, weight.shape, shape, p)
        let result = try Tensor.emptyChannelsLast(sizes, dtype: dtype)
        let x = try channelsLastPacked()
        let w = try weight.packed()
        if result.count > 0 {
            Kernels.convolutionInputGradient(g, dtype, gradient: x.physicalPointer, weight: w.pointer, result: result.physicalPointer)
        }
        let biased =
            try bias.map { b throws(TensorError) in
                try Elementwise.binary(.add, result, try b.detach().view([-1] + [Int](repeating: 1, count: dimensions)), into: result)
            } ?? result
        return biased.recorded([self, weight] + (bias.map { [$0] } ?? [])) { .convolutionTransposed(self, weight, bias, g, p) }
    }

    package func conv1d(_ weight: Tensor, _ bias: Tensor? = nil, stride: [Int] = [1], padding: [Int] = [0], dilation: [Int] = [1], groups: Int = 1)
        throws(TensorError) -> Tensor
    {
        try convolution(weight, bias, .init(stride: stride, padding: padding, dilation: dilation, groups: groups), dimensions: 1)
    }

    package func conv2d(_ weight: Tensor, _ bias: Tensor? = nil, stride: [Int] = [1], padding: [Int] = [0], dilation: [Int] = [1], groups: Int = 1)
        throws(TensorError) -> Tensor
    {
        try convolution(weight, bias, .init(stride: stride, padding: padding, dilation: dilation, groups: groups), dimensions: 2)
    }

    package func conv3d(_ weight: Tensor, _ bias: Tensor? = nil, stride: [Int] = [1], padding: [Int] = [0], dilation: [Int] = [1], groups: Int = 1)
        throws(TensorError) -> Tensor
    {
        try convolution(weight, bias, .init(stride: stride, padding: padding, dilation: dilation, groups: groups), dimensions: 3)
    }

    /// Sum over every dimension but the channels (dimension 1).
    func channelSum() throws(TensorError) -> Tensor { try detach().sum(dim: [0] + Array(2..<rank)) }

    /// `channelSum` of a gradient that a normalisation's rule left pending; nil for other tensors.
    func pendingChannelSum() throws(TensorError) -> Tensor? {
        guard case .gradient(let form)? = storage.pending else { return nil }
        return try Tensor.from(form.channelSums, [shape[1]], dtype: dtype)
    }
}

extension Gradient {
    static func convolution(_ input: Tensor, _ weight: Tensor, _ bias: Tensor?, _ g: ConvolutionGeometry, _ p: ConvolutionParameters) -> Gradient {
        let (x, w) = (Saved(input), Saved(weight))
        let (needsInput, needsWeight, needsBias) = (input.requiresGrad, weight.requiresGrad, bias?.requiresGrad ?? false)
        let dimensions = input.rank - 2
        return Gradient(.convolution, saved: [x, w]) { gradient in
            let (input, weight) = (try x.get(), try w.get())
            if EngineState.gradEnabled {
                return try convolutionAgain(
                    gradient, input, weight, p, dimensions, needsInput: needsInput, needsWeight: needsWeight, needsBias: needsBias)
            }
            let dy = try gradient.channelsLastPacked()
            let biasGradient = needsBias ? try dy.pendingChannelSum() ?? dy.channelSum() : nil
            let (dx, dw) = try convolutionGradients(dy, input, weight, g, needsInput: needsInput, needsWeight: needsWeight)
            return [dx, dw, biasGradient]
        }
    }

    /// Gradients of input and weight from the output's gradient, channels-last packed: not written down where the kernels can form it.
    static func convolutionGradients(
        _ dy: Tensor, _ input: Tensor, _ weight: Tensor, _ g: ConvolutionGeometry, needsInput: Bool, needsWeight: Bool
    ) throws(TensorError) -> (dx: Tensor?, dw: Tensor?) {
        guard g.formsRows, case .gradient(let form)? = dy.storage.pending else {
            return try convolutionGradients(RowSource(dy.physicalPointer), input, weight, g, needsInput: needsInput, needsWeight: needsWeight)
        }
        return try form.withRows { (rows) throws(TensorError) in
            try convolutionGradients(rows, input, weight, g, needsInput: needsInput, needsWeight: needsWeight)
        }
    }

    /// A gradient of a pending normalisation's result carries the sums that normalisation will ask for. `bias`, where given, receives the sums of
    /// the output's gradient; only where `g.formsRows`.
    static func convolutionGradients(
        _ dy: RowSource, _ input: Tensor, _ weight: Tensor, _ g: ConvolutionGeometry, needsInput: Bool, needsWeight: Bool,
        bias: UnsafeMutablePointer<Double>? = nil
    ) throws(TensorError) -> (dx: Tensor?, dw: Tensor?) {
        let dx = needsInput ? try Tensor.emptyChannelsLast(input.shape, dtype: input.dtype) : nil
        let dw = needsWeight ? try Tensor.empty(weight.shape, dtype: weight.dtype) : nil
        if g.outputPixels == 0 || g.outChannels == 0 || input.count == 0 {
            dx?.fillElements(0)
            dw?.fillElements(0)
            return (dx, dw)
        }
        let x = needsWeight ? try input.channelsLastPacked() : input
        let w = try weight.packed()
        let pending = g.formsRows && x.isChannelsLastInside ? x.storage.pendingNormalization : nil
        var sums = [Double](repeating: 0, count: pending == nil || dx == nil ? 0 : 2 * g.inChannels)
        sums.withUnsafeMutableBufferPointer { p in
            Kernels.convolutionGradients(
                g, input.dtype, input: needsWeight || pending != nil ? x.rows(for: g) : nil, gradient: dy, weight: w.pointer,
                ConvolutionResults(input: dx?.physicalPointer, weight: dw?.pointer, normalizationSums: p.isEmpty ? nil : p.baseAddress, bias: bias))
        }
        if let pending, let dx, !sums.isEmpty { dx.storage.attach(pending.state, pending.range, sums) }
        return (dx, dw)
    }

    static func convolutionWeightGradient(_ dy: Tensor, _ input: Tensor, _ sizes: [Int], _ g: ConvolutionGeometry) throws(TensorError) -> Tensor {
        let x = try input.channelsLastPacked()
        let dw = try Tensor.empty(sizes, dtype: dy.dtype)
        if dw.count > 0 {
            if dy.count == 0 {
                dw.fillElements(0)
            } else {
                Kernels.convolutionWeightGradient(g, dy.dtype, input: x.physicalPointer, gradient: dy.physicalPointer, result: dw.pointer)
            }
        }
        return dw
    }

    /// The gradients as differentiable convolutions themselves.
    private static func convolutionAgain(
        _ gradient: Tensor, _ input: Tensor, _ weight: Tensor, _ p: ConvolutionParameters, _ dimensions: Int, needsInput: Bool, needsWeight: Bool,
        needsBias: Bool
    ) throws(TensorError) -> [Tensor?] {
        var dx: Tensor?
        if needsInput {
            var q = p
            for d in 0..<dimensions {
                let reach = p.dilation[d] * (weight.shape[d + 2] - 1) + 1
                q.outputPadding[d] = input.shape[d + 2] - ((gradient.shape[d + 2] - 1) * p.stride[d] - 2 * p.padding[d] + reach)
            }
            dx = try gradient.convolutionTransposed(weight, nil, q, dimensions: dimensions)
        }
        var dw: Tensor?
        if needsWeight {
            guard p.groups == 1 else { throw .runtime("the gradient of a grouped convolution's weight cannot be differentiated again") }
            // Batch and channels trade places: the input correlated with the gradient, stride and dilation exchanged.
            let q = ConvolutionParameters(stride: p.dilation, padding: p.padding, dilation: p.stride)
            var full = try input.transpose(0, 1).convolution(try gradient.transpose(0, 1), nil, q, dimensions: dimensions).transpose(0, 1)
            for d in 0..<dimensions { full = try full.narrow(d + 2, 0, weight.shape[d + 2]) }
            dw = full
        }
        return [dx, dw, needsBias ? try gradient.sum(dim: [0] + Array(2..<gradient.rank)) : nil]
    }

    static func convolutionTransposed(_ input: Tensor, _ weight: Tensor, _ bias: Tensor?, _ g: ConvolutionGeometry, _ p: ConvolutionParameters)
        -> Gradient
    {
        let (x, w) = (Saved(input), Saved(weight))
        let (needsInput, needsWeight, needsBias) = (input.requiresGrad, weight.requiresGrad, bias?.requiresGrad ?? false)
        let dimensions = input.rank - 2
        return Gradient(.convolution, saved: [x, w]) { gradient in
            let (input, weight) = (try x.get(), try w.get())
            if EngineState.gradEnabled {
                guard !needsWeight else {
                    throw TensorError.runtime("the gradient of a transposed convolution's weight cannot be differentiated again")
                }
                return [
                    needsInput ? try gradient.convolution(weight, nil, p, dimensions: dimensions) : nil, nil,
                    needsBias ? try gradient.sum(dim: [0] + Array(2..<gradient.rank)) : nil,
                ]
            }
            let dy = try gradient.channelsLastPacked()
            let dx = needsInput ? try Tensor.convolved(dy, weight, nil, g, input.shape) : nil
            let dw = needsWeight ? try convolutionWeightGradient(try input.channelsLastPacked(), dy, weight.shape, g) : nil
            return [dx, dw, needsBias ? try dy.channelSum() : nil]
        }
    }
}
