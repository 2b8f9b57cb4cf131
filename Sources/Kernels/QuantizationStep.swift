/// A symmetric quantisation of floats: `round(x * inverse)` cut to `low…high`, times `scale`; `clampLow…clampHigh` bounds x before.
package struct QuantizationStep: Sendable {
    package var scale, inverse: Float
    package var low, high: Float
    /// Ties to even as PyTorch rounds, else half up as the accelerator does: floor(v + 0.5).
    package var halfToEven: Bool
    /// The activation that precedes the quantisation.
    package var clampLow: Float = -.infinity
    package var clampHigh: Float = .infinity
    /// Whether values that leave the range block the gradient.
    package var saturates = true

    package init(scale: Float, low: Int, high: Int, halfToEven: Bool) {
        self.scale = scale
        inverse = 1 / scale
        self.low = Float(low)
        self.high = Float(high)
        self.halfToEven = halfToEven
    }
}

extension QuantizationStep {
    /// The smallest and largest value whose gradient passes; low > high where none does. Between them all do: every step to the integer is monotone.
    var passing: (low: Float, high: Float) {
        func passes(_ value: Float) -> (above: Bool, below: Bool) {
            let scaled = min(max(value, clampLow), clampHigh) * inverse
            let rounded = halfToEven ? scaled.rounded(.toNearestOrEven) : (scaled + 0.5).rounded(.down)
            return (value > clampLow && (!saturates || rounded >= low), value < clampHigh && (!saturates || rounded <= high))
        }
        // Floats in order of value, as integers.
        func float(_ index: Int64) -> Float { index >= 0 ? Float(bitPattern: UInt32(index)) : -Float(bitPattern: UInt32(-index)) }
        let bound = Int64(Float.infinity.bitPattern)
        /// The first index that fulfils a condition which holds from some index on; `bound + 1` where none does.
        func firstIndex(_ holds: (Float) -> Bool) -> Int64 {
            var (from, to) = (-bound, bound + 1)
            while from < to {
                let middle = (from + to) >> 1
                if holds(float(middle)) { to = middle } else { from = middle + 1 }
            }
            return from
        }
        let first = firstIndex { passes($0).above }
        let last = firstIndex { !passes($0).below } - 1
        return first > last ? (1, 0) : (float(first), float(last))
    }
}
