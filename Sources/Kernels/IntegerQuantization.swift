/// Integers of a float array: `cut(round(x * inverse))`. NaN becomes `high`.
package func quantize(_ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Int8>, _ step: QuantizationStep) {
    parallel(count, grain: elementsPerPiece) { quantizePiece($0.count, x + $0.lowerBound, y + $0.lowerBound, step) }
}

package func quantize(_ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Int16>, _ step: QuantizationStep) {
    parallel(count, grain: elementsPerPiece) { quantizePiece($0.count, x + $0.lowerBound, y + $0.lowerBound, step) }
}

/// `quantize` on the calling thread.
@inline(__always)
func quantizePiece<T: FixedWidthInteger>(_ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<T>, _ step: QuantizationStep) {
    if step.halfToEven {
        for i in 0..<count { y[i] = T(truncatingIfNeeded: Int32(max(min(step.high, (x[i] * step.inverse).rounded(.toNearestOrEven)), step.low))) }
    } else {
        for i in 0..<count { y[i] = T(truncatingIfNeeded: Int32(max(min(step.high, (x[i] * step.inverse + 0.5).rounded(.down)), step.low))) }
    }
}
