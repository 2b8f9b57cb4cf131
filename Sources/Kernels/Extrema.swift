/// The smallest and largest of `count` > 0 elements.
package func extrema(_ count: Int, _ x: UnsafePointer<Float>) -> (low: Float, high: Float) {
    let pieces = (count + elementsPerPiece - 1) / elementsPerPiece
    var lows = [Float](repeating: 0, count: pieces)
    var highs = lows
    lows.withUnsafeMutableBufferPointer { lows in
        highs.withUnsafeMutableBufferPointer { highs in
            let (lows, highs) = (lows.baseAddress!, highs.baseAddress!)
            ThreadPool.shared.run(pieces) { piece in
                let start = piece * elementsPerPiece
                (lows[piece], highs[piece]) = extremaPiece(min(elementsPerPiece, count - start), x + start)
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

/// Counts of |x| in `bins` equal bins over 0…`bound`; what exceeds it is in the last one, what is no number in none.
package func magnitudeHistogram(_ count: Int, _ x: UnsafePointer<Float>, bins: Int, bound: Float) -> [Int] {
    guard bound > 0 else { return [Int](repeating: 0, count: bins) }
    let pieces = max(1, min(ThreadPool.shared.threadCount, count / elementsPerPiece))
    return withScratch(Int.self, pieces * bins) { counts in
        ThreadPool.shared.run(pieces) { piece in
            let (start, end, own) = (count * piece / pieces, count * (piece + 1) / pieces, counts + piece * bins)
            own.update(repeating: 0, count: bins)
            let factor = Float(bins) / bound
            for i in start..<end {
                let position = abs(x[i]) * factor
                if position.isNaN { continue }
                own[position >= Float(bins) ? bins - 1 : Int(position)] += 1
            }
        }
        return (0..<bins).map { bin in (0..<pieces).reduce(0) { $0 + counts[$1 * bins + bin] } }
    }
}
