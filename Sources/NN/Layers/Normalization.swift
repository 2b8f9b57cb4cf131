import Tensors

/// `nn.BatchNorm1d/2d/3d` over dimension 1.
package final class BatchNorm: Module {
    package let dimensions: Int
    package private(set) var channels: Int
    package private(set) var epsilon: Double
    /// Nil: the cumulative average.
    package private(set) var momentum: Double?
    package private(set) var affine, tracksRunningStatistics: Bool

    package init(
        dimensions: Int, _ channels: Int, epsilon: Double = 1e-5, momentum: Double? = 0.1, affine: Bool = true, tracksRunningStatistics: Bool = true,
        dtype: DType? = nil
    ) throws(TensorError) {
        self.dimensions = dimensions
        self.channels = channels
        self.epsilon = epsilon
        self.momentum = momentum
        self.affine = affine
        self.tracksRunningStatistics = tracksRunningStatistics
        super.init(typeName: "BatchNorm\(dimensions)d")
        try registerParameter("weight", affine ? try .parameter(try .ones([channels], dtype: dtype)) : nil)
        try registerParameter("bias", affine ? try .parameter(try .zeros([channels], dtype: dtype)) : nil)
        try registerBuffer("running_mean", tracksRunningStatistics ? try .zeros([channels], dtype: dtype) : nil)
        try registerBuffer("running_var", tracksRunningStatistics ? try .ones([channels], dtype: dtype) : nil)
        try registerBuffer("num_batches_tracked", tracksRunningStatistics ? try .scalar(0, dtype: .int64) : nil)
    }

    var canFuse: Bool { !hasHooks && languageForward == nil }

    /// Counts the batch and gives the weight of its statistics.
    private func averageFactor() throws(TensorError) -> Double {
        guard training, tracksRunningStatistics, let counter = buffer("num_batches_tracked") else { return momentum ?? 0 }
        _ = try counter.add_(try .wrapped(1))
        if let momentum { return momentum }
        return 1 / (try counter.item().asDouble)
    }

    private var usesBatch: Bool { training || (buffer("running_mean") == nil && buffer("running_var") == nil) }

    package override func adoptSettings(of other: Module) {
        guard let other = other as? BatchNorm else { return }
        (channels, epsilon, momentum) = (other.channels, other.epsilon, other.momentum)
        (affine, tracksRunningStatistics) = (other.affine, other.tracksRunningStatistics)
    }

    package override func emptyCopy() throws(TensorError) -> Module {
        try BatchNorm(
            dimensions: dimensions, channels, epsilon: epsilon, momentum: momentum, affine: affine, tracksRunningStatistics: tracksRunningStatistics)
    }

    package override func forward(_ inputs: [Tensor]) throws(TensorError) -> Tensor {
        if languageForward != nil { return try super.forward(inputs) }
        guard let input = inputs.first else { throw .type("forward() missing 1 required positional argument: 'input'") }
        let allowed = dimensions == 1 ? [2, 3] : [dimensions + 2]
        guard allowed.contains(input.rank) else {
            throw .value("expected \(allowed.map { "\($0)D" }.joined(separator: " or ")) input (got \(input.rank)D input)")
        }
        let factor = try averageFactor()
        let keeps = !training || tracksRunningStatistics
        return try input.batchNorm(
            runningMean: keeps ? buffer("running_mean") : nil, runningVariance: keeps ? buffer("running_var") : nil, weight: parameter("weight"),
            bias: parameter("bias"), training: usesBatch, momentum: factor, epsilon: epsilon)
    }

    /// The fused form of convolution, this, and an activation.
    func normalize(after convolution: Convolution, _ input: Tensor, _ range: Tensor.ActivationRange) throws(TensorError) -> Tensor {
        guard let weight = convolution.parameter("weight") else { throw .type("the convolution has no weight") }
        let factor = try averageFactor()
        let keeps = !training || tracksRunningStatistics
        return try input.convolutionBatchNorm(
            weight, convolution.parameter("bias"), convolution.parameters_, runningMean: keeps ? buffer("running_mean") : nil,
            runningVariance: keeps ? buffer("running_var") : nil, scale: parameter("weight"), bias: parameter("bias"), training: usesBatch,
            momentum: factor, epsilon: epsilon, range: range)
    }

    package override func extraRepr() -> String {
        "\(channels), eps=\(python(epsilon)), momentum=\(momentum.map(python) ?? "None"), affine=\(python(affine)), bias=\(python(parameter("bias") != nil)), track_running_stats=\(python(tracksRunningStatistics))"
    }
}

package final class LayerNorm: Module {
    package private(set) var normalizedShape: [Int]
    package private(set) var epsilon: Double
    package private(set) var affine: Bool

    package init(_ normalizedShape: [Int], epsilon: Double = 1e-5, affine: Bool = true, bias: Bool = true, dtype: DType? = nil) throws(TensorError) {
        self.normalizedShape = normalizedShape
        self.epsilon = epsilon
        self.affine = affine
        super.init(typeName: "LayerNorm")
        try registerParameter("weight", affine ? try .parameter(try .ones(normalizedShape, dtype: dtype)) : nil)
        try registerParameter("bias", affine && bias ? try .parameter(try .zeros(normalizedShape, dtype: dtype)) : nil)
    }

    package override func adoptSettings(of other: Module) {
        guard let other = other as? LayerNorm else { return }
        (normalizedShape, epsilon, affine) = (other.normalizedShape, other.epsilon, other.affine)
    }

    package override func emptyCopy() throws(TensorError) -> Module {
        try LayerNorm(normalizedShape, epsilon: epsilon, affine: affine)
    }

    package override func forward(_ inputs: [Tensor]) throws(TensorError) -> Tensor {
        guard languageForward == nil, let input = inputs.first else { return try super.forward(inputs) }
        return try input.layerNorm(normalizedShape, weight: parameter("weight"), bias: parameter("bias"), epsilon: epsilon)
    }

    package override func extraRepr() -> String {
        "\(TensorPrinter.tuple(normalizedShape)), eps=\(python(epsilon)), elementwise_affine=\(python(affine)), bias=\(python(parameter("bias") != nil))"
    }
}

package final class GroupNorm: Module {
    package private(set) var groups, channels: Int
    package private(set) var epsilon: Double
    package private(set) var affine: Bool

    package init(_ groups: Int, _ channels: Int, epsilon: Double = 1e-5, affine: Bool = true, dtype: DType? = nil) throws(TensorError) {
        if groups <= 0 { throw .value("num_groups must be positive, got \(groups)") }
        if channels % groups != 0 { throw .value("num_channels (\(channels)) must be divisible by num_groups (\(groups))") }
        self.groups = groups
        self.channels = channels
        self.epsilon = epsilon
        self.affine = affine
        super.init(typeName: "GroupNorm")
        try registerParameter("weight", affine ? try .parameter(try .ones([channels], dtype: dtype)) : nil)
        try registerParameter("bias", affine ? try .parameter(try .zeros([channels], dtype: dtype)) : nil)
    }

    package override func adoptSettings(of other: Module) {
        guard let other = other as? GroupNorm else { return }
        (groups, channels, epsilon, affine) = (other.groups, other.channels, other.epsilon, other.affine)
    }

    package override func emptyCopy() throws(TensorError) -> Module {
        try GroupNorm(groups, channels, epsilon: epsilon, affine: affine)
    }

    package override func forward(_ inputs: [Tensor]) throws(TensorError) -> Tensor {
        guard languageForward == nil, let input = inputs.first else { return try super.forward(inputs) }
        return try input.groupNorm(groups, weight: parameter("weight"), bias: parameter("bias"), epsilon: epsilon)
    }

    package override func extraRepr() -> String {
        "\(groups), \(channels), eps=\(python(epsilon)), affine=\(python(affine)), bias=\(python(parameter("bias") != nil))"
    }
}
