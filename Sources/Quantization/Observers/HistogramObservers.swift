import Glibc
import Kernels
import NN
import Tensors

/// Clips the range at a percentile of the magnitudes, read from a histogram of the batch.
package final class PercentileObserver: Observer {
    private let percentile: Double
    private let bins: Int

    package init(_ options: ObserverOptions, percentile: Double = 99.99, bins: Int = 2048) throws(TensorError) {
        guard bins > 0, percentile >= 0, percentile <= 100 else { throw .value("percentile must be in range [0, 100] and bins positive") }
        (self.percentile, self.bins) = (percentile, bins)
        try super.init("PercentileObserver", options)
    }

    package override func currentRange(_ x: Tensor) throws(TensorError) -> (low: [Float], high: [Float])? {
        guard let (low, high) = try x.valueRange() else { return nil }
        let bound = max(-low, high)
        let histogram = try x.withFloats { Kernels.magnitudeHistogram($0, $1, bins: bins, bound: bound) }
        let clip = binCentre(histogram, percentile / 100 * Double(x.count), bound, bins)
        return ([max(low, -clip)], [min(high, clip)])
    }

    package override func emptyCopy() throws(TensorError) -> Module { try PercentileObserver(options, percentile: percentile, bins: bins) }
}

/// The centre of the first bin whose cumulative count reaches `target`.
private func binCentre(_ histogram: [Int], _ target: Double, _ bound: Float, _ bins: Int) -> Float {
    var total = 0
    for (i, count) in histogram.enumerated() {
        total += count
        if Double(total) >= target { return (Float(i) + 0.5) * bound / Float(bins) }
    }
    return bound
}

/// The cheapest of several percentiles: the one whose quantisation error is smallest.
package final class MixObserver: Observer {
    private static let fractions = [0.999, 0.9995, 0.9999, 0.99993, 0.99995, 0.99997, 0.99999, 0.999995, 0.999999]
    private static let bins = 2048

    package init(_ options: ObserverOptions) throws(TensorError) { try super.init("MixObserver", options) }

    package override func currentRange(_ x: Tensor) throws(TensorError) -> (low: [Float], high: [Float])? {
        guard let (low, high) = try x.valueRange() else { return nil }
        let bound = max(-low, high)
        let histogram = try x.withFloats { Kernels.magnitudeHistogram($0, $1, bins: MixObserver.bins, bound: bound) }
        var clips: [Float] = []
        for fraction in MixObserver.fractions {
            let clip = binCentre(histogram, fraction * Double(x.count), bound, MixObserver.bins)
            if !clips.contains(clip) { clips.append(clip) }
        }
        let ranges = clips.map { (max(low, -$0), min(high, $0)) }
        let search = ScaleSearch(ranges.map { scale($0.0, $0.1) }, low: options.minimum, high: options.maximum, range: (low, high))
        let errors = try x.withFloats { search.errors($0, $1) }
        guard let least = errors.filter({ $0 < .infinity }).min(), let best = errors.firstIndex(of: least) else { return nil }
        return ([ranges[best].0], [ranges[best].1])
    }

    package override func emptyCopy() throws(TensorError) -> Module { try MixObserver(options) }
}

/// The clipping that loses least information: the divergence of the clipped from the quantised distribution of magnitudes.
package final class KLObserver: Observer {
    private let bins: Int
    private let interval: Int
    private var histogram: [Int] = []
    private var width: Float = 0
    private var batches = 0

    package init(_ options: ObserverOptions, bins: Int = 512, interval: Int = 1) throws(TensorError) {
        guard bins >= 256 else { throw .value("bins must be at least 256, but got \(bins)") }
        guard interval > 0 else { throw .value("update_interval must be positive, but got \(interval)") }
        (self.bins, self.interval) = (bins, interval)
        try super.init("KLObserver", options)
    }

    package override func currentRange(_ x: Tensor) throws(TensorError) -> (low: [Float], high: [Float])? {
        guard let (low, high) = try x.valueRange() else { return nil }
        let bound = max(-low, high)
        guard bound > 0 else {
            QuantizationState.warn("the input of the KL observer is all zero")
            return nil
        }
        guard bound.isFinite else { throw .value("the input of the KL observer is not finite") }
        if width == 0 { width = bound / Float(bins) }
        if histogram.isEmpty { histogram = [Int](repeating: 0, count: bins) }
        if bound > width * Float(histogram.count) {
            let needed = Int((bound / width).rounded(.up))
            // A batch far beyond the first keeps the histogram finite: the excess is counted in the last bin.
            histogram += [Int](repeating: 0, count: min(needed, 1 << 16) - min(histogram.count, 1 << 16))
        }
        let counts = try x.withFloats { Kernels.magnitudeHistogram($0, $1, bins: histogram.count, bound: width * Float(histogram.count)) }
        for i in counts.indices { histogram[i] += counts[i] }
        batches += 1
        if batches % interval != 0 { return nil }
        defer { histogram = []; width = 0 }
        let threshold = try KLObserver.threshold(histogram, groups: -options.minimum) * width
        return ([-threshold], [threshold])
    }

    /// The number of bins to keep.
    package static func threshold(_ counts: [Int], groups: Int) throws(TensorError) -> Float {
        var histogram = counts.map(Double.init)
        histogram[0] = histogram[1]
        let start = 128
        guard histogram.count > start else { return Float(histogram.count) }
        var divergences: [Double] = []
        for kept in start...histogram.count { divergences.append(divergence(histogram, kept, groups)) }
        if divergences.contains(where: \.isNaN) { throw .value("the divergence of the KL observer is NaN") }
        guard divergences.count > 9 else { return Float(histogram.count) }
        var best = (sum: Double.infinity, index: 0)
        for j in 0...(divergences.count - 10) {
            let sum = divergences[j..<(j + 9)].reduce(0, +)
            if sum <= best.sum { best = (sum, j) }
        }
        return Float(best.index + start + 4)
    }

    /// Σ P ln(P / Q): P the first `kept` bins with the tail added to the last, Q the same quantised to `groups` levels.
    private static func divergence(_ histogram: [Double], _ kept: Int, _ groups: Int) -> Double {
        var p = Array(histogram[..<kept])
        p[kept - 1] += histogram[kept...].reduce(0, +)
        var q = [Double](repeating: 0, count: kept)
        for g in 0..<groups {
            let (from, to) = (g * kept / groups, (g + 1) * kept / groups)
            if from >= to { continue }
            let filled = (from..<to).filter { histogram[$0] != 0 }
            if filled.isEmpty { continue }
            let share = filled.reduce(0) { $0 + histogram[$1] } / Double(filled.count)
            for i in filled { q[i] = share }
        }
        let (sumP, sumQ) = (p.reduce(0, +), q.reduce(0, +))
        var total = 0.0
        for i in 0..<kept where p[i] > 0 { total += p[i] / sumP * log(p[i] / sumP / (q[i] / sumQ + 1e-10)) }
        return total
    }

    package override func emptyCopy() throws(TensorError) -> Module { try KLObserver(options, bins: bins, interval: interval) }
}
