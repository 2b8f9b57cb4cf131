// Simulated quantisation and its gradient over parts of rows, as kernels form them while they read.

/// `fakeQuantize` without a mask, over some rows of `width` elements.
@inline(__always)
func quantizedRows<T: FloatElement>(
    _ x: UnsafePointer<T>, _ xPitch: Int, _ y: UnsafeMutablePointer<T>, _ yPitch: Int, rows: Int, width: Int, _ step: QuantizationStep
) {
    let (inverse, scale, low, high) = (T(step.inverse), T(step.scale), T(step.low), T(step.high))
    let (clampLow, clampHigh) = (T(step.clampLow), T(step.clampHigh))
    for r in 0..<rows {
        let (from, to) = (x + r * xPitch, y + r * yPitch)
        if step.halfToEven {
            for c in 0..<width { to[c] = min(max((min(max(from[c], clampLow), clampHigh) * inverse).rounded(.toNearestOrEven), low), high) * scale }
        } else {
            for c in 0..<width { to[c] = min(max((min(max(from[c], clampLow), clampHigh) * inverse + 0.5).rounded(.down), low), high) * scale }
        }
    }
}

/// `y = g` where x lies in `low…high`, else 0, over some rows of `width` elements.
@inline(__always)
func passingRows<T: FloatElement>(
    _ g: UnsafePointer<T>, _ x: UnsafePointer<T>, _ pitch: Int, _ y: UnsafeMutablePointer<T>, _ yPitch: Int, rows: Int, width: Int, _ low: T,
    _ high: T
) {
    for r in 0..<rows {
        let (gradient, from, to) = (g + r * pitch, x + r * pitch, y + r * yPitch)
        for c in 0..<width {
            let v = from[c]
            to[c] = v >= low && v <= high ? gradient[c] : 0
        }
    }
}
