import Kernels

/// Bounds of the activation that follows a normalisation.
package struct ActivationRange: Equatable, Sendable {
    package var low, high: Double
    package static let none = ActivationRange(low: -.infinity, high: .infinity)
    package static let relu = ActivationRange(low: 0, high: .infinity)
    package static let relu6 = ActivationRange(low: 0, high: 6)
}

/// Per-channel factors a normalisation applied, kept for its gradient: `x * scale + shift`.
final class NormalizationState {
    let channels: Int
    /// Whether mean and variance are those of the batch.
    let usedBatch: Bool
    let epsilon: Double
    private let table: UnsafeMutablePointer<Double>

    var mean: UnsafeMutablePointer<Double> { table }
    /// 1 / √(variance + ε)
    var inverse: UnsafeMutablePointer<Double> { table + channels }
    var scale: UnsafeMutablePointer<Double> { table + 2 * channels }
    var shift: UnsafeMutablePointer<Double> { table + 3 * channels }

    init(mean: [Double], variance: [Double], epsilon: Double, weight: [Double]?, bias: [Double]?, usedBatch: Bool) {
        channels = mean.count
        self.usedBatch = usedBatch
        self.epsilon = epsilon
        table = .allocate(capacity: 4 * max(1, channels))
        for c in 0..<channels {
            table[c] = mean[c]
            inverse[c] = 1 / (variance[c] + epsilon).squareRoot()
            scale[c] = inverse[c] * (weight?[c] ?? 1)
            shift[c] = (bias?[c] ?? 0) - mean[c] * scale[c]
        }
    }

    deinit { table.deallocate() }

    func kernel(rows: Int, _ range: ActivationRange) -> ChannelNormalization {
        ChannelNormalization(rows: rows, channels: channels, mean: mean, scale: scale, shift: shift, low: range.low, high: range.high)
    }
}

/// What a kernel that computed a gradient already found for the normalisation it belongs to.
struct NormalizationSums {
    let state: NormalizationState
    let range: ActivationRange
    /// The version of the gradient's storage they hold for.
    let version: Int
    /// Σ d, then Σ d (v - mean), per channel.
    let values: [Double]
}

/// The gradient of a normalisation's operand, `a g + b x + c` per channel, formed when it is read.
struct NormalizedGradient {
    let gradient, source: Tensor
    private let state: NormalizationState
    private let range: ActivationRange
    private let sums: [Double]
    /// Rows a, b, c.
    private let coefficients: [Double]

    private var channels: Int { state.channels }
    private var rows: Int { source.count / max(channels, 1) }

    /// `gradient` and `source` channels-last inside, or both `[batch, channels]`.
    init(_ gradient: Tensor, of source: Tensor, _ state: NormalizationState, _ range: ActivationRange) {
        self.gradient = gradient
        self.source = source
        self.state = state
        self.range = range
        let channels = state.channels
        let rows = source.count / max(channels, 1)
        var sums = gradient.storage.normalizationSums(state, range) ?? []
        if sums.isEmpty {
            sums = [Double](repeating: 0, count: 2 * channels)
            sums.withUnsafeMutableBufferPointer { p in
                guard let base = p.baseAddress else { return }
                Kernels.normalizationSums(
                    state.kernel(rows: rows, range), source.dtype, gradient: gradient.physicalPointer, source: source.physicalPointer, sum: base,
                    product: base + channels)
            }
        }
        self.sums = sums
        var table = [Double](repeating: 0, count: 3 * channels)
        for k in 0..<channels {
            table[k] = state.scale[k]
            guard state.usedBatch else { continue }
            let b = -state.scale[k] * state.inverse[k] * state.inverse[k] * sums[channels + k] / Double(rows)
            table[channels + k] = b
            table[2 * channels + k] = -state.scale[k] * sums[k] / Double(rows) - b * state.mean[k]
        }
        coefficients = table
    }

    /// `gradient` may still be masked by the clamp of this normalisation's result: the mask is then applied on the way.
    init(behindClamp gradient: Tensor, of source: Tensor, _ state: NormalizationState) {
        if case .masked(let form)? = gradient.storage.pending, form.state === state {
            self.init(form.gradient, of: source, state, form.range)
        } else {
            self.init(gradient, of: source, state, .none)
        }
    }

    var weightGradient: [Double] { (0..<channels).map { sums[channels + $0] * state.inverse[$0] } }
    var biasGradient: [Double] { Array(sums[0..<channels]) }
    /// Σ of the formed gradient: zero up to rounding where batch statistics were used.
    var channelSums: [Double] {
        (0..<channels).map {
            coefficients[$0] * sums[$0] + (coefficients[channels + $0] * state.mean[$0] + coefficients[2 * channels + $0]) * Double(rows)
        }
    }

    /// Calls `body` with the rows, formed while they are read.
    func withRows<R>(_ body: (RowSource) throws(TensorError) -> R) throws(TensorError) -> R {
        try coefficients.withUnsafeBufferPointer { (p) throws(TensorError) -> R in
            guard let base = p.baseAddress else { return try body(RowSource(source.physicalPointer)) }
            return try body(
                RowSource(
                    source.physicalPointer,
                    .gradient(state.kernel(rows: rows, range), of: gradient.physicalPointer, a: base, b: base + channels, c: base + 2 * channels)))
        }
    }

    /// The gradient, written when somebody reads it if `isPending`.
    func tensor(isPending: Bool = false) throws(TensorError) -> Tensor {
        if isPending, gradient.isChannelsLastInside, source.isChannelsLastInside {
            return Tensor(storage: Storage(.gradient(self)), layout: Layout(contiguous: source.shape), dtype: source.dtype)
        }
        let result =
            source.rank == 2 ? try Tensor.empty(source.shape, dtype: source.dtype) : try Tensor.emptyChannelsLast(source.shape, dtype: source.dtype)
        if result.count > 0 { write(to: result.physicalPointer) }
        return result
    }

    func write(to target: UnsafeMutableRawPointer) {
        coefficients.withUnsafeBufferPointer { p in
            guard let base = p.baseAddress else { return }
            Kernels.normalizationGradient(
                state.kernel(rows: rows, range), source.dtype, gradient: gradient.physicalPointer, source: source.physicalPointer, a: base,
                b: base + channels, c: base + 2 * channels, target)
        }
    }
}
