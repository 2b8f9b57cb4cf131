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

/// Elements one thread treats at a time: large enough to hide the cost of a piece, small enough to balance.
private let grain = 65_536

/// `y = cut(round(x))·scale`; `mask`, where given, becomes 1 for elements whose gradient passes, else 0. Returns how many are blocked.
package func fakeQuantize(
    _ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, mask: UnsafeMutablePointer<UInt8>?, _ step: QuantizationStep
) -> Int {
    if count <= grain { return fakeQuantizePiece(count, x, y, mask, step) }
    let pieces = (count + grain - 1) / grain
    var blocked = [Int](repeating: 0, count: pieces)
    blocked.withUnsafeMutableBufferPointer { totals in
        let totals = totals.baseAddress!
        ThreadPool.shared.run(pieces) { piece in
            let start = piece * grain
            totals[piece] = fakeQuantizePiece(min(grain, count - start), x + start, y + start, mask.map { $0 + start }, step)
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

/// The same for `rows` of `width` elements with a scale each (no clamp); weights per output channel.
package func fakeQuantizeRows(
    rows: Int, width: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, mask: UnsafeMutablePointer<UInt8>?, scales: [Float], _ step: QuantizationStep
) -> Int {
    var blocked = [Int](repeating: 0, count: rows)
    blocked.withUnsafeMutableBufferPointer { totals in
        guard let totals = totals.baseAddress else { return }
        parallel(rows, grain: max(1, grain / max(1, width))) { range in
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
    parallel(count, grain: grain) { range in
        for i in range { result[i] = mask[i] != 0 ? gradient[i] : 0 }
    }
}

/// The smallest and largest of `count` > 0 elements.
package func extrema(_ count: Int, _ x: UnsafePointer<Float>) -> (low: Float, high: Float) {
    let pieces = (count + grain - 1) / grain
    var lows = [Float](repeating: 0, count: pieces)
    var highs = lows
    lows.withUnsafeMutableBufferPointer { lows in
        highs.withUnsafeMutableBufferPointer { highs in
            let (lows, highs) = (lows.baseAddress!, highs.baseAddress!)
            ThreadPool.shared.run(pieces) { piece in
                let start = piece * grain
                (lows[piece], highs[piece]) = extremaPiece(min(grain, count - start), x + start)
            }
        }
    }
    return (lows.min()!, highs.max()!)
}

@inline(never)
private func extremaPiece(_ count: Int, _ x: UnsafePointer<Float>) -> (Float, Float) {
    var lows = SIMD16<Float>(repeating: x[0])
    var highs = lows
    var i = 0
    while i + 16 <= count {
        let lanes = UnsafeRawPointer(x + i).loadUnaligned(as: SIMD16<Float>.self)
        lows = lows.replacing(with: lanes, where: lanes .< lows)
        highs = highs.replacing(with: lanes, where: lanes .> highs)
        i += 16
    }
    var (low, high) = (lows.min(), highs.max())
    while i < count {
        low = min(low, x[i])
        high = max(high, x[i])
        i += 1
    }
    return (low, high)
}

/// Extrema of each of `rows` of `width` > 0 elements.
package func rowExtrema(rows: Int, width: Int, _ x: UnsafePointer<Float>) -> (low: [Float], high: [Float]) {
    var lows = [Float](repeating: 0, count: rows)
    var highs = lows
    for row in 0..<rows { (lows[row], highs[row]) = extremaPiece(width, x + row * width) }
    return (lows, highs)
}

/// The sums of squared differences between x and each of several quantisations of it.
///
/// Every block of x is read once for all of them: what counts is arithmetic, not memory.
package func quantizationErrors(_ count: Int, _ x: UnsafePointer<Float>, _ steps: [QuantizationStep]) -> [Double] {
    let block = 16_384
    let pieces = (count + block - 1) / block
    if pieces == 0 { return [Double](repeating: 0, count: steps.count) }
    var sums = [Double](repeating: 0, count: pieces * steps.count)
    sums.withUnsafeMutableBufferPointer { sums in
        guard let sums = sums.baseAddress else { return }
        ThreadPool.shared.run(pieces) { piece in
            let start = piece * block
            for (k, step) in steps.enumerated() { sums[piece * steps.count + k] = quantizationErrorPiece(min(block, count - start), x + start, step) }
        }
    }
    return steps.indices.map { k in (0..<pieces).reduce(0) { $0 + sums[$1 * steps.count + k] } }
}

package func quantizationError(_ count: Int, _ x: UnsafePointer<Float>, _ step: QuantizationStep) -> Double { quantizationErrors(count, x, [step])[0] }

/// A sample of runs of 64 elements, one for every 1088: enough to rule out steps that are far from the best.
package func sampledRuns(_ count: Int, _ x: UnsafePointer<Float>) -> [Float] {
    let runs = count / 1088
    return [Float](unsafeUninitializedCapacity: runs * 64) { target, filled in
        for run in 0..<runs { (target.baseAddress! + run * 64).update(from: x + run * 1088, count: 64) }
        filled = runs * 64
    }
}

private func quantizationErrorPiece(_ count: Int, _ x: UnsafePointer<Float>, _ step: QuantizationStep) -> Double {
    var total = 0.0
    var at = 0
    // Short float runs keep the partial sums exact enough for candidates to be compared.
    while at < count {
        let end = min(at + 1024, count)
        var sums = SIMD16<Float>(repeating: 0)
        var i = at
        while i + 16 <= end {
            let lanes = UnsafeRawPointer(x + i).loadUnaligned(as: SIMD16<Float>.self)
            let scaled = lanes * step.inverse
            var rounded = step.halfToEven ? scaled.rounded(.toNearestOrEven) : (scaled + 0.5).rounded(.down)
            rounded = rounded.replacing(with: step.low, where: rounded .< step.low)
            rounded = rounded.replacing(with: step.high, where: rounded .> step.high)
            let difference = rounded * step.scale - lanes
            sums += difference * difference
            i += 16
        }
        var partial = sums.sum()
        while i < end {
            let scaled = x[i] * step.inverse
            let rounded = step.halfToEven ? scaled.rounded(.toNearestOrEven) : (scaled + 0.5).rounded(.down)
            let difference = min(max(rounded, step.low), step.high) * step.scale - x[i]
            partial += difference * difference
            i += 1
        }
        total += Double(partial)
        at = end
    }
    return total
}

/// Integers of a float array: `cut(round(x * inverse))`. NaN becomes `high`.
package func quantize<T: FixedWidthInteger>(_ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<T>, _ step: QuantizationStep) {
    parallel(count, grain: grain) { range in
        if step.halfToEven {
            for i in range { y[i] = T(max(min(step.high, (x[i] * step.inverse).rounded(.toNearestOrEven)), step.low)) }
        } else {
            for i in range { y[i] = T(max(min(step.high, (x[i] * step.inverse + 0.5).rounded(.down)), step.low)) }
        }
    }
}

/// Counts of |x| in `bins` equal bins over 0…`bound`.
package func magnitudeHistogram(_ count: Int, _ x: UnsafePointer<Float>, bins: Int, bound: Float) -> [Int] {
    var counts = [Int](repeating: 0, count: bins)
    guard bound > 0 else { return counts }
    let factor = Float(bins) / bound
    for i in 0..<count {
        let position = abs(x[i]) * factor
        if position.isNaN { continue }
        counts[position >= Float(bins) ? bins - 1 : Int(position)] += 1
    }
    return counts
}
