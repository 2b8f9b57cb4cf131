/// `y = cut(round(x))·scale`; `mask`, where given, becomes 1 for elements whose gradient passes, else 0. Returns how many are blocked.
package func fakeQuantize(
    _ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, mask: UnsafeMutablePointer<UInt8>?, _ step: QuantizationStep
) -> Int {
    if count <= elementsPerPiece { return fakeQuantizePiece(count, x, y, mask, step) }
    let pieces = (count + elementsPerPiece - 1) / elementsPerPiece
    var blocked = [Int](repeating: 0, count: pieces)
    blocked.withUnsafeMutableBufferPointer { totals in
        let totals = totals.baseAddress!
        ThreadPool.shared.run(pieces) { piece in
            let start = piece * elementsPerPiece
            totals[piece] = fakeQuantizePiece(min(elementsPerPiece, count - start), x + start, y + start, mask.map { $0 + start }, step)
        }
    }
    return blocked.reduce(0, +)
}

@inline(never)
private func fakeQuantizePiece(
    _ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ mask: UnsafeMutablePointer<UInt8>?, _ step: QuantizationStep
) -> Int {
    if step.halfToEven { return quantizeLoop(count, x, y, mask, step) { $0.rounded(.toNearestOrEven) } }
    return quantizeLoop(count, x, y, mask, step) { ($0 + 0.5).rounded(.down) }
}

@inline(__always)
private func quantizeLoop(
    _ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ mask: UnsafeMutablePointer<UInt8>?, _ step: QuantizationStep,
    _ round: (Float) -> Float
) -> Int {
    let (inverse, scale, low, high, clampLow, clampHigh) = (step.inverse, step.scale, step.low, step.high, step.clampLow, step.clampHigh)
    guard let mask else {
        for i in 0..<count {
            let bounded = min(max(x[i], clampLow), clampHigh)
            y[i] = min(max(round(bounded * inverse), low), high) * scale
        }
        return 0
    }
    let (passLow, passHigh) = step.saturates ? (low, high) : (-Float.infinity, Float.infinity)
    var passed: Int32 = 0
    for i in 0..<count {
        let value = x[i]
        let rounded = round(min(max(value, clampLow), clampHigh) * inverse)
        let passes: UInt8 = (value > clampLow ? 1 : 0) & (value < clampHigh ? 1 : 0) & (rounded >= passLow ? 1 : 0) & (rounded <= passHigh ? 1 : 0)
        mask[i] = passes
        passed &+= Int32(passes)
        y[i] = min(max(rounded, low), high) * scale
    }
    return count - Int(passed)
}

/// `fakeQuantize` of `rows` of `width` elements with a scale each (no clamp): weights per output channel.
package func fakeQuantizePerChannel(
    rows: Int, width: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, mask: UnsafeMutablePointer<UInt8>?, scales: [Float],
    _ step: QuantizationStep
) -> Int {
    var blocked = [Int](repeating: 0, count: rows)
    blocked.withUnsafeMutableBufferPointer { totals in
        guard let totals = totals.baseAddress else { return }
        parallel(rows, grain: max(1, elementsPerPiece / max(1, width))) { range in
            for row in range {
                var own = step
                own.scale = scales[row]
                own.inverse = 1 / scales[row]
                totals[row] = fakeQuantizePiece(width, x + row * width, y + row * width, mask.map { $0 + row * width }, own)
            }
        }
    }
    return blocked.reduce(0, +)
}

/// `result = mask ? gradient : 0`
package func maskGradient(_ count: Int, _ gradient: UnsafePointer<Float>, _ mask: UnsafePointer<UInt8>, _ result: UnsafeMutablePointer<Float>) {
    parallel(count, grain: elementsPerPiece) { range in
        for i in range { result[i] = mask[i] != 0 ? gradient[i] : 0 }
    }
}

/// `result = g` where the quantisation of x lets the gradient pass, else 0; float32.
package func passGradient(
    _ count: Int, _ g: UnsafePointer<Float>, _ x: UnsafePointer<Float>, _ result: UnsafeMutablePointer<Float>, _ step: QuantizationStep
) {
    let (low, high) = step.passing
    parallel(count, grain: elementsPerPiece) { range in
        let first = range.lowerBound
        passingRows(g + first, x + first, 0, result + first, 0, rows: 1, width: range.count, low, high)
    }
}
