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

/// The same without a mask, over some rows of `width` elements.
@inline(__always)
func fakeQuantizeRows<T: FloatElement>(
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
    _ g: UnsafePointer<T>, _ x: UnsafePointer<T>, _ pitch: Int, _ y: UnsafeMutablePointer<T>, _ yPitch: Int, rows: Int, width: Int, _ low: T, _ high: T
) {
    for r in 0..<rows {
        let (gradient, from, to) = (g + r * pitch, x + r * pitch, y + r * yPitch)
        for c in 0..<width {
            let v = from[c]
            to[c] = v >= low && v <= high ? gradient[c] : 0
        }
    }
}

/// `result = g` where the quantisation of x lets the gradient pass, else 0; float32.
package func passGradient(_ count: Int, _ g: UnsafePointer<Float>, _ x: UnsafePointer<Float>, _ result: UnsafeMutablePointer<Float>, _ step: QuantizationStep) {
    let (low, high) = step.passing
    parallel(count, grain: grain) { range in
        let first = range.lowerBound
        passingRows(g + first, x + first, 0, result + first, 0, rows: 1, width: range.count, low, high)
    }
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
func extremaPiece(_ count: Int, _ x: UnsafePointer<Float>) -> (Float, Float) {
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

/// A sample of runs of 64 elements, one in every `period` ≥ 64: enough to rule out steps that are far from the best. Where in its period a run lies
/// changes from run to run, or a period that divides the tensor's sizes would show the same channels of the same pixels again and again.
package func sampledRuns(_ count: Int, _ x: UnsafePointer<Float>, period: Int) -> [Float] {
    let runs = count / period
    return [Float](unsafeUninitializedCapacity: runs * 64) { target, filled in
        for run in 0..<runs {
            let place = Int((UInt64(run) &* 0x9E37_79B9_7F4A_7C15) >> 33) % (period - 63)
            (target.baseAddress! + run * 64).update(from: x + run * period + place, count: 64)
        }
        filled = runs * 64
    }
}

@inline(never)
private func quantizationErrorPiece(_ count: Int, _ x: UnsafePointer<Float>, _ step: QuantizationStep) -> Double {
    var total = 0.0
    var at = 0
    // Short float runs keep the partial sums exact enough for candidates to be compared.
    let run = 1024
    withUnsafeTemporaryAllocation(of: Float.self, capacity: run) { buffer in
        guard let differences = buffer.baseAddress else { return }
        while at < count {
            let size = min(run, count - at)
            if step.halfToEven {
                quantizationDifferences(size, x + at, differences, step) { $0.rounded(.toNearestOrEven) }
            } else {
                quantizationDifferences(size, x + at, differences, step) { ($0 + 0.5).rounded(.down) }
            }
            var sums = SIMD16<Float>(repeating: 0)
            var i = 0
            while i + 16 <= size {
                let lanes = load16(differences + i)
                sums += lanes * lanes
                i += 16
            }
            var partial = sums.sum()
            while i < size {
                partial += differences[i] * differences[i]
                i += 1
            }
            total += Double(partial)
            at += size
        }
    }
    return total
}

/// A loop of its own: the compiler vectorises rounding and cutting here, but not in explicit vectors.
@inline(__always)
private func quantizationDifferences(
    _ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ step: QuantizationStep, _ round: (Float) -> Float
) {
    let (inverse, scale, low, high) = (step.inverse, step.scale, step.low, step.high)
    for i in 0..<count {
        let rounded = round(x[i] * inverse)
        let raised = rounded < low ? low : rounded
        y[i] = (raised > high ? high : raised) * scale - x[i]
    }
}

/// Integers of a float array: `cut(round(x * inverse))`. NaN becomes `high`.
package func quantize(_ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Int8>, _ step: QuantizationStep) {
    quantizeAll(count, x, y, step) { Int8(truncatingIfNeeded: Int32($0)) }
}

package func quantize(_ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Int16>, _ step: QuantizationStep) {
    quantizeAll(count, x, y, step) { Int16(truncatingIfNeeded: Int32($0)) }
}

@inline(__always)
private func quantizeAll<T>(_ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<T>, _ step: QuantizationStep, _ convert: (Float) -> T) {
    parallel(count, grain: grain) { range in
        if step.halfToEven {
            for i in range { y[i] = convert(max(min(step.high, (x[i] * step.inverse).rounded(.toNearestOrEven)), step.low)) }
        } else {
            for i in range { y[i] = convert(max(min(step.high, (x[i] * step.inverse + 0.5).rounded(.down)), step.low)) }
        }
    }
}

/// One piece of `quantize`, on the calling thread.
func quantizePiece(_ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Int8>, _ step: QuantizationStep) {
    if step.halfToEven {
        for i in 0..<count { y[i] = Int8(truncatingIfNeeded: Int32(max(min(step.high, (x[i] * step.inverse).rounded(.toNearestOrEven)), step.low))) }
    } else {
        for i in 0..<count { y[i] = Int8(truncatingIfNeeded: Int32(max(min(step.high, (x[i] * step.inverse + 0.5).rounded(.down)), step.low))) }
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
