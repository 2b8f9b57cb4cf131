import Kernels

/// Finds the scale with which a tensor has the smallest sum of squared quantisation errors, without trying every scale on every element.
///
/// Parts of the tensor, each larger than the one before, rule scales out whose errors exceed those of the part's best by more than chance explains:
/// six standard errors of the difference between groups of elements. Few large values decide what cutting costs, so that all elements which a scale left
/// after the first part would cut are counted before the second part. What remains is compared over all elements. A part can mislead in one way only:
/// rare large values it does not hold make small scales, which cut them, look better than they are. Then the error over all elements exceeds what the
/// part foretold, and larger scales come into question again where that is more than half the difference they were ruled out for. Those that the parts
/// do not rule out beside the best one, its large values counted, are tried on all elements.
package struct ScaleSearch {
    private let scales: [Float]
    private let low, high: Float

    /// Integers lie in `low…high`, which holds 0; `scales` are positive, and descend where the best is asked for. `least`: the smallest element.
    package init(_ scales: [Float], low: Int, high: Int, least: Float) {
        self.scales = scales
        (self.low, self.high) = (least >= 0 ? -.infinity : Float(low), Float(high))
    }

    /// Of every scale the sum of squared errors over all elements.
    package func errors(_ count: Int, _ x: UnsafePointer<Float>) -> [Double] {
        errors(count, x, Array(scales.indices))
    }

    private func errors(_ count: Int, _ x: UnsafePointer<Float>, _ indices: [Int]) -> [Double] {
        zip(errors(x, .quarter(count), indices).totals, errors(x, .rest(count), indices).totals).map { $0 + $1 }
    }

    /// The index of the best scale, the last of equals; 0 where errors are not finite.
    package func best(_ count: Int, _ x: UnsafePointer<Float>) -> Int {
        // Of equal scales the last stands for all.
        var open = scales.indices.filter { $0 + 1 == scales.count || scales[$0 + 1] != scales[$0] }
        var dropped: [Dropped] = []
        // Four scales cost no more than one.
        let samples = ScaleSearch.samples(count)
        for (k, sample) in samples.enumerated() where open.count > 4 {
            if k > 0 && narrowKnowing(&open, sample, count, x) { continue }
            narrow(&open, &dropped, errors(x, sample, open), of: count)
        }
        guard let first = smallest(&open, &dropped, count, x) else { return 0 }
        var doubtful = dropped.filter { $0.index < first.index && $0.doubt < first.error }.map(\.index)
        // Most doubts come from samples that are unlike the rest in what all scales have in common: beside the best one they are ruled out again.
        doubtful.append(first.index)
        for sample in samples where doubtful.count > 1 { _ = narrowKnowing(&doubtful, sample, count, x) }
        doubtful.removeAll { $0 == first.index }
        guard !doubtful.isEmpty else { return first.index }
        var none: [Dropped] = []
        guard let second = smallest(&doubtful, &none, count, x) else { return 0 }
        return second.error < first.error ? second.index : first.index
    }

    // MARK: Parts

    /// A scale that was ruled out, and the smallest error over all elements that casts doubt on it.
    private typealias Dropped = (index: Int, doubt: Double)

    /// Errors of some scales over groups of elements.
    private struct Errors {
        let indices: [Int]
        let groups: Int
        /// Elements of all groups, the last one taken for whole.
        let elements: Int
        /// `[groups][indices]`
        let values: [Double]

        var totals: [Double] {
            var sums = [Double](repeating: 0, count: indices.count)
            for group in 0..<groups { for k in indices.indices { sums[k] += values[group * indices.count + k] } }
            return sums
        }

        /// The standard error of the difference between the sums of two candidates.
        func uncertainty(_ k: Int, _ base: Int) -> Double {
            var (sum, squares) = (0.0, 0.0)
            for row in stride(from: 0, to: values.count, by: indices.count) {
                let difference = values[row + k] - values[row + base]
                sum += difference
                squares += difference * difference
            }
            let n = Double(groups)
            return (max(0, squares - sum * sum / n) * n / (n - 1)).squareRoot()
        }
    }

    private func errors(_ x: UnsafePointer<Float>, _ runs: ElementRuns, _ indices: [Int], limit: Float = .infinity) -> Errors {
        let weights = indices.map { Double(scales[$0]) * Double(scales[$0]) }
        let sums = quantizationErrors(x, runs, scales: indices.map { scales[$0] }, low: low, high: high, limit: limit)
        var values = [Double](repeating: 0, count: sums.count)
        for row in Swift.stride(from: 0, to: sums.count, by: max(1, weights.count)) {
            for k in weights.indices { values[row + k] = Double(sums[row + k]) * weights[k] }
        }
        return Errors(indices: indices, groups: runs.groups, elements: runs.groups * runs.elements, values: values)
    }

    /// Samples worth their cost: of a hundred groups at least, and several times smaller than what follows.
    private static func samples(_ count: Int) -> [ElementRuns] {
        let sparse = min(64, count / (64 * 128))
        return [sparse, sparse / 4].filter { $0 >= 4 }.map { .sample(count, period: 64 * $0, size: max(1, min(8, count / (64 * 128 * $0)))) }
    }

    /// Rules out what a part can rule out that has no elements which an open scale would cut: all of these are counted. False where they are too many.
    private func narrowKnowing(_ open: inout [Int], _ sample: ElementRuns, _ count: Int, _ x: UnsafePointer<Float>) -> Bool {
        let limit = high * scales[open[open.count - 1]]
        guard let large = elementsBeyond(limit, count, x) else { return false }
        let known = large.withUnsafeBufferPointer { buffer in buffer.baseAddress.map { errors(buffer.count, $0, open) } }
        var dropped: [Dropped] = []
        narrow(&open, &dropped, errors(x, sample, open, limit: limit), of: count, known: known)
        return true
    }

    /// Rules out what a part can rule out. `known`: errors of elements that count as 0 in the part, all of them. Nothing of the others is cut then, and no
    /// rare value can mislead: what is ruled out stays so.
    private func narrow(_ open: inout [Int], _ dropped: inout [Dropped], _ part: Errors, of count: Int, known: [Double]? = nil) {
        let factor = Double(count) / Double(max(1, part.elements))
        let exact = known ?? [Double](repeating: 0, count: part.indices.count)
        let totals = zip(part.totals, exact).map { factor * $0 + $1 }
        guard part.groups > 100, let least = totals.min(), let base = totals.firstIndex(of: least) else { return }
        open.removeAll()
        for (k, index) in part.indices.enumerated() {
            let excess = totals[k] - least
            // Errors that are no numbers stay, too.
            if excess > 6 * factor * part.uncertainty(k, base) {
                if known == nil { dropped.append((index, least + excess / 2)) }
            } else {
                open.append(index)
            }
        }
    }

    /// The smallest error over all elements and its index, the last of equals; nil where an error is not finite.
    private func smallest(_ open: inout [Int], _ dropped: inout [Dropped], _ count: Int, _ x: UnsafePointer<Float>) -> (index: Int, error: Double)? {
        let quarter = errors(x, .quarter(count), open)
        narrow(&open, &dropped, quarter, of: count)
        let known = Dictionary(uniqueKeysWithValues: zip(quarter.indices, quarter.totals))
        let rest = errors(x, .rest(count), open)
        var best: (index: Int, error: Double)?
        for (index, total) in zip(open, rest.totals) {
            guard let first = known[index], (first + total).isFinite else { return nil }
            if first + total <= best?.error ?? .infinity { best = (index, first + total) }
        }
        return best
    }
}
