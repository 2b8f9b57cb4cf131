import Kernels

/// Finds the scale with which a tensor has the smallest sum of squared quantisation errors, without trying every scale on every element.
///
/// A quantiser to q·s steps up at the thresholds (j + ½)·s, and every step lowers the error of an element beyond the threshold b by 2s·(|x| − b). So the
/// error is Σ x² − 2s·Σⱼ Σ max(0, |x| − (j + ½)·s), where j counts the integers above 0 for positive x and those below for negative ones. One histogram bounds
/// these sums closely (`ExcessSums`), for all scales. Those whose least error exceeds the largest error of another scale are ruled out for certain; what
/// remains, one to four of a hundred in a trained net, is compared over all elements.
package struct ScaleSearch {
    private let scales: [Float]
    private let levels: (below: Int, above: Int)
    private let range: (least: Float, most: Float)

    /// Integers lie in `low…high`, which holds 0; `scales` are positive, and descend where the best is asked for. All elements lie in `range`.
    package init(_ scales: [Float], low: Int, high: Int, range: (least: Float, most: Float)) {
        (self.scales, levels, self.range) = (scales, (-low, high), range)
    }

    /// Of every scale the sum of squared errors over all elements.
    package func errors(_ count: Int, _ x: UnsafePointer<Float>) -> [Double] { errors(count, x, Array(scales.indices)) }

    private func errors(_ count: Int, _ x: UnsafePointer<Float>, _ indices: [Int]) -> [Double] {
        let low = range.least >= 0 ? -.infinity : -Float(levels.below)
        return quantizationErrors(count, x, scales: indices.map { scales[$0] }, low: low, high: Float(levels.above))
    }

    /// The index of the best scale, the last of equals; 0 where errors are not finite.
    package func best(_ count: Int, _ x: UnsafePointer<Float>) -> Int {
        guard let open = open(count, x) else { return 0 }
        // Then a histogram has seen that all elements are finite.
        if open.count == 1 && open.count < distinct.count { return open[0] }
        let errors = errors(count, x, open)
        guard let best = errors.min(), best.isFinite, let place = errors.lastIndex(of: best) else { return 0 }
        return errors.allSatisfy(\.isFinite) ? open[place] : 0
    }

    /// Of equal scales the last stands for all.
    private var distinct: [Int] { scales.indices.filter { $0 + 1 == scales.count || scales[$0 + 1] != scales[$0] } }

    /// The indices of the scales that must be tried on every element; nil where one is known not to be finite.
    package func open(_ count: Int, _ x: UnsafePointer<Float>) -> [Int]? {
        let distinct = distinct
        return count > ScaleSearch.least && distinct.count > 4 ? possible(distinct, count, x) : distinct
    }

    /// Fewer elements are not worth a histogram.
    private static let least = 4096
    private static let bins = 8192

    /// The scales that may be the best one; nil where an element is not finite.
    private func possible(_ candidates: [Int], _ count: Int, _ x: UnsafePointer<Float>) -> [Int]? {
        let magnitude = max(-range.least, range.most)
        guard magnitude >= 1e-30, magnitude.isFinite else { return candidates }
        guard let (positive, negative) = ExcessSums.ofSigns(count, x, range: range, bins: ScaleSearch.bins) else { return nil }
        let bin = Double(magnitude) / Double(ScaleSearch.bins)
        let known = bounds(candidates.map { Double(scales[$0]) / bin }, positive, negative)
        guard let most = known.map(\.most).min() else { return candidates }
        // Errors over all elements are added in single precision.
        return zip(candidates, known).filter { $1.least <= most + 1e-4 * most }.map { $0.0 }
    }

    /// Bounds of every scale's error, in squared bins, from a common zero; `scales` are in bins.
    private func bounds(_ scales: [Double], _ positive: ExcessSums, _ negative: ExcessSums) -> [(least: Double, most: Double)] {
        if scales.allSatisfy({ $0 >= 1 }) {
            let squares = positive.mostSquares + negative.mostSquares
            let (above, below) = (positive.totals(steps: scales, levels.above), negative.totals(steps: scales, levels.below))
            return scales.indices.map { k in
                (squares - 2 * scales[k] * (above[k].most + below[k].most), squares - 2 * scales[k] * (above[k].least + below[k].least))
            }
        }
        // Steps narrower than bins: rounding may cost anything, but what cutting costs is known.
        return scales.map { scale in
            let (above, below) = (positive.squares(beyond: scale * Double(levels.above)), negative.squares(beyond: scale * Double(levels.below)))
            return (above.least + below.least, above.most + below.most + (positive.count + negative.count) * scale * scale / 4)
        }
    }
}
