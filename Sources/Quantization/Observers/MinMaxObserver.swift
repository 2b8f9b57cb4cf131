import NN
import Tensors

/// The plain minimum and maximum, of the tensor or of each channel.
package class MinMaxObserver: Observer {
    package init(_ options: ObserverOptions) throws(TensorError) { try super.init("MinMaxObserver", options) }
    init(named name: String, _ options: ObserverOptions) throws(TensorError) { try super.init(name, options) }

    package override func currentRange(_ x: Tensor) throws(TensorError) -> (low: [Float], high: [Float])? {
        if options.axis >= 0 { return try x.valueRanges(axis: options.axis) }
        return try x.valueRange().map { ([$0.low], [$0.high]) }
    }

    package override func emptyCopy() throws(TensorError) -> Module { try MinMaxObserver(options) }
}

/// Minimum and maximum whose running values are kept within `low…high`.
package final class ClipObserver: MinMaxObserver {
    private let low, high: Float

    package init(_ options: ObserverOptions, low: Double = -1, high: Double = 1) throws(TensorError) {
        (self.low, self.high) = (Float(low), Float(high))
        try super.init(named: "ClipObserver", options)
    }

    package override func bounded(_ low: [Float], _ high: [Float]) -> (low: [Float], high: [Float]) {
        (low.map { max($0, self.low) }, high.map { min($0, self.high) })
    }
    package override func emptyCopy() throws(TensorError) -> Module { try ClipObserver(options, low: Double(low), high: Double(high)) }
}

/// The range within `factor` standard deviations (unbiased) of the mean.
package final class ClipStdObserver: Observer {
    private let factor: Double

    package init(_ options: ObserverOptions, factor: Double = 3) throws(TensorError) {
        self.factor = factor
        try super.init("ClipStdObserver", options)
    }

    package override func currentRange(_ x: Tensor) throws(TensorError) -> (low: [Float], high: [Float])? {
        guard let (low, high) = try x.valueRange() else { return nil }
        let mean = try x.mean().item().asDouble
        let deviation = x.count > 1 ? try x.std().item().asDouble : 0
        return ([max(low, Float(mean - factor * deviation))], [min(high, Float(mean + factor * deviation))])
    }

    package override func emptyCopy() throws(TensorError) -> Module { try ClipStdObserver(options, factor: factor) }
}

/// Constants instead of observation. It has no running range, but a `scale` and a `zero_point` of its own.
package final class FixedScaleObserver: Observer {
    package let fixedScale: Double

    package init(_ options: ObserverOptions, scale: Double = 1) throws(TensorError) {
        fixedScale = scale
        guard scale > 0 else { throw .value("scale must be greater than 0, but got \(scale)") }
        try super.init("FixedScaleObserver", options)
        for name in ["eps", "min_val", "max_val"] { removeEntry(name) }
        try registerBuffer("scale", try .from([scale], [1], dtype: .float32))
        try registerBuffer("zero_point", try .zeros([1], dtype: .int64))
    }

    package override func observe(_ x: Tensor) throws(TensorError) {}
    package override func scales() throws(TensorError) -> [Float] { try buffer("scale")?.doubles().map { Float($0) } ?? [Float(fixedScale)] }
    package override var hasObserved: Bool { true }
    package override func extraRepr() -> String { "scale=\(fixedScale), zero_point=0" }
    package override func emptyCopy() throws(TensorError) -> Module { try FixedScaleObserver(options, scale: fixedScale) }
}
