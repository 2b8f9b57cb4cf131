/// Rows `[rows, channels]` as a kernel reads them: stored, or formed from stored ones while they pass through the cache.
///
/// Forming gives the bits `channelAffine`, `normalizationGradient`, `fakeQuantize` and `passGradient` would have written.
package struct RowSource {
    package enum Form {
        case stored
        /// `clamp(v * scale + shift, low, high)` of the stored rows.
        case normalized(ChannelNormalization)
        /// `a g + b v + c` of the stored rows and a gradient `g`, zero where the clamp held the value back.
        case gradient(ChannelNormalization, of: UnsafeRawPointer, a: UnsafePointer<Double>, b: UnsafePointer<Double>, c: UnsafePointer<Double>)
        /// The simulated quantisation of the stored rows.
        case quantized(QuantizationStep)
        /// The gradient `g` of that quantisation, zero where it does not pass.
        case quantizedGradient(QuantizationStep, of: UnsafeRawPointer)
    }
    package var pointer: UnsafeRawPointer
    package var form: Form

    package init(_ pointer: UnsafeRawPointer, _ form: Form = .stored) {
        self.pointer = pointer
        self.form = form
    }
}

/// A `RowSource` in the element type of a kernel, its factors converted once.
struct FormedRows<T: FloatElement> {
    let stored: UnsafePointer<T>
    let channels: Int
    private let gradient: UnsafePointer<T>?
    /// Rows mean, scale, shift, a, b, c of `channels` factors; nil for stored rows.
    private let factors: UnsafePointer<T>?
    private let low, high: T
    private let step: QuantizationStep?

    var isStored: Bool { factors == nil && step == nil }

    private init(
        stored: UnsafePointer<T>, channels: Int, gradient: UnsafePointer<T>?, factors: UnsafePointer<T>?, low: T, high: T,
        step: QuantizationStep? = nil
    ) {
        self.stored = stored
        self.channels = channels
        self.gradient = gradient
        self.factors = factors
        self.low = low
        self.high = high
        self.step = step
    }

    /// Calls `body` with the rows of `source`.
    @inline(__always)
    static func with<R>(_ source: RowSource, channels: Int, _ body: (FormedRows<T>) -> R) -> R {
        let stored = source.pointer.assumingMemoryBound(to: T.self)
        switch source.form {
        case .stored:
            return body(FormedRows(stored: stored, channels: channels, gradient: nil, factors: nil, low: 0, high: 0))
        case .normalized(let n):
            return withScratch(T.self, 6 * channels) { factors in
                load(n, into: factors)
                return body(FormedRows(stored: stored, channels: channels, gradient: nil, factors: factors, low: T(n.low), high: T(n.high)))
            }
        case .gradient(let n, let gradient, let a, let b, let c):
            return withScratch(T.self, 6 * channels) { factors in
                load(n, into: factors)
                for k in 0..<channels {
                    factors[3 * channels + k] = T(a[k])
                    factors[4 * channels + k] = T(b[k])
                    factors[5 * channels + k] = T(c[k])
                }
                return body(
                    FormedRows(
                        stored: stored, channels: channels, gradient: gradient.assumingMemoryBound(to: T.self), factors: factors, low: T(n.low),
                        high: T(n.high)))
            }
        case .quantized(let step):
            return body(FormedRows(stored: stored, channels: channels, gradient: nil, factors: nil, low: 0, high: 0, step: step))
        case .quantizedGradient(let step, let gradient):
            let (low, high) = step.passing
            return body(
                FormedRows(
                    stored: stored, channels: channels, gradient: gradient.assumingMemoryBound(to: T.self), factors: nil, low: T(low), high: T(high),
                    step: step))
        }
    }

    private static func load(_ n: ChannelNormalization, into factors: UnsafeMutablePointer<T>) {
        for k in 0..<n.channels {
            factors[k] = T(n.mean[k])
            factors[n.channels + k] = T(n.scale[k])
            factors[2 * n.channels + k] = T(n.shift[k])
        }
    }

    /// Writes channels `from ..< from + width` of rows `first ..< first + count` with `pitch` elements between rows.
    @inline(__always)
    func form(first: Int, count: Int, from: Int, width: Int, into target: UnsafeMutablePointer<T>, pitch: Int) {
        let source = stored + first * channels + from
        if let step {
            if let gradient {
                passingRows(gradient + first * channels + from, source, channels, target, pitch, rows: count, width: width, low, high)
            } else {
                quantizedRows(source, channels, target, pitch, rows: count, width: width, step)
            }
            return
        }
        guard let factors else {
            for r in 0..<count { (target + r * pitch).update(from: source + r * channels, count: width) }
            return
        }
        let (scale, shift) = (factors + channels + from, factors + 2 * channels + from)
        if let gradient {
            gradientRows(
                gradient + first * channels + from, source, channels, target, pitch, rows: count, width: width, scale, shift,
                (factors + 3 * channels + from, factors + 4 * channels + from, factors + 5 * channels + from), low, high)
        } else {
            affineRows(source, channels, target, pitch, rows: count, width: width, scale, shift, low, high)
        }
    }

    /// Whole rows: where they are stored, or formed in `scratch`.
    @inline(__always)
    func block(first: Int, count: Int, scratch: UnsafeMutablePointer<T>) -> UnsafePointer<T> {
        if isStored { return stored + first * channels }
        form(first: first, count: count, from: 0, width: channels, into: scratch, pitch: channels)
        return UnsafePointer(scratch)
    }

    /// Adds Σ d and Σ d (v - mean) of rows `first ..< first + count` to `sums` `[2, channels]`, where `d` is the gradient
    /// of the formed rows, zero where the clamp held the value back. `scratch` holds `2 * channels` elements.
    @inline(__always)
    func addSums(_ gradient: UnsafePointer<T>, first: Int, count: Int, scratch: UnsafeMutablePointer<T>, into sums: UnsafeMutablePointer<Double>) {
        guard let factors else { return }
        var row = 0
        while row < count {
            let rows = min(momentRows, count - row)
            sumBlock(gradient + row * channels, stored + (first + row) * channels, rows, channels, factors, low, high, scratch)
            for k in 0..<2 * channels { sums[k] += Double(scratch[k]) }
            row += rows
        }
    }
}
