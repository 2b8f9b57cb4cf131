import CInt8Kernels
import Synchronization

/// How far the values of one sign exceed any threshold b, Σ max(0, |x| − b), known from one pass over the elements: exactly at the edges of equal
/// bins, between them within bounds.
///
/// The sum is convex in b: inside a bin it lies below the chord and above the tangents at both edges. Lengths are in bins.
package struct ExcessSums: Sendable {
    /// At the lower edge of every bin, and at the end of the last: how many values lie beyond, and Σ (|x| − edge) over them.
    private let edges: [SIMD2<Double>]
    /// Σ x², at most.
    package let mostSquares: Double

    /// Values of at least 2⁻¹⁶ bins: smaller ones count as 0.
    package var count: Double { edges[0].x }

    /// Of `count` elements in `range`, for the positive and the negative ones: `bins`, a power of two up to 2¹⁴, up to the largest magnitude, which is at
    /// least 10⁻³⁰. nil where an element is outside, or no number.
    package static func ofSigns(_ count: Int, _ x: UnsafePointer<Float>, range: (least: Float, most: Float), bins: Int) -> (
        positive: ExcessSums, negative: ExcessSums
    )? {
        let (least, most) = (min(range.least, 0), max(range.most, 0))
        let factor = Float(bins << partBits) / max(-least, most)
        let threads = ThreadPool.shared.isBusy ? 1 : ThreadPool.shared.threadCount
        let pieces = max(min(threads, count / elementsPerPiece), (count + largestPiece - 1) / largestPiece, 1)
        // An element outside may have a sign that is not asked for.
        let (step, signs) = (2 * bins, least < 0 ? 2 : 1)
        return withScratch(UInt64.self, pieces * step) { sums in
            let outside = Atomic(false)
            ThreadPool.shared.run(pieces) { piece in
                let (start, end, own) = (count * piece / pieces, count * (piece + 1) / pieces, sums + piece * step)
                own.update(repeating: 0, count: signs * bins)
                if magnitude_sums(x + start, end - start, factor, Int32(bins), least, most, own) != 0 { outside.store(true, ordering: .relaxed) }
            }
            if outside.load(ordering: .relaxed) { return nil }
            let tails = (0..<signs).map { ExcessSums(sums + $0 * bins, pieces: pieces, step: step, bins: bins) }
            return (tails[0], signs == 2 ? tails[1] : ExcessSums(sums, pieces: 0, step: 0, bins: 0))
        }
    }

    private static let partBits = 16
    private static let numberBit = 40
    /// A number of elements fits in the 24 bits above a bin's sum of parts.
    private static let largestPiece = 1 << 23

    private init(_ sums: UnsafePointer<UInt64>, pieces: Int, step: Int, bins: Int) {
        var squares = 0.0
        edges = [SIMD2<Double>](unsafeUninitializedCapacity: bins + 1) { edges, filled in
            filled = bins + 1
            guard let edges = edges.baseAddress else { return }
            // Sums of integers: the same for any cut into pieces.
            var (number, excess): (UInt64, UInt64) = (0, 0)
            edges[bins] = .zero
            for bin in stride(from: bins - 1, through: 0, by: -1) {
                var (here, parts): (UInt64, UInt64) = (0, 0)
                for piece in 0..<pieces {
                    let word = sums[piece * step + bin]
                    here &+= word >> ExcessSums.numberBit
                    parts &+= word & (1 << ExcessSums.numberBit - 1)
                }
                excess &+= number << ExcessSums.partBits &+ parts
                number &+= here
                edges[bin] = SIMD2(Double(number), Double(excess) / Double(1 << ExcessSums.partBits))
                // Twice the integral of a convex function, which the chords exceed.
                squares += edges[bin].y + edges[bin + 1].y
            }
        }
        mostSquares = squares
    }

    /// For every step bounds of the sum of the excesses over `number` thresholds at ½, 1½, 2½, … steps.
    package func totals(steps: [Double], _ number: Int) -> [(least: Double, most: Double)] {
        [(least: Double, most: Double)](unsafeUninitializedCapacity: steps.count) { result, filled in
            filled = steps.count
            guard let result = result.baseAddress else { return }
            parallel(steps.count, grain: 16) { range in for k in range { (result + k).initialize(to: total(step: steps[k], number)) } }
        }
    }

    private func total(step: Double, _ number: Int) -> (least: Double, most: Double) {
        edges.withUnsafeBufferPointer { edges in
            let bins = Double(edges.count - 1)
            var (least, most) = (0.0, 0.0)
            for index in 0..<number {
                let threshold = (Double(index) + 0.5) * step
                if threshold >= bins { break }
                let bin = Int(threshold)
                let part = threshold - Double(bin)
                let (lower, upper) = (edges[bin], edges[bin + 1])
                most += lower.y + part * (upper.y - lower.y)
                least += max(lower.y - part * lower.x, upper.y + (1 - part) * upper.x)
            }
            return (least, most)
        }
    }

    /// Bounds of Σ max(0, |x| − b)².
    package func squares(beyond threshold: Double) -> (least: Double, most: Double) {
        var (least, most) = (0.0, 0.0)
        for bin in stride(from: edges.count - 2, through: 0, by: -1) where Double(bin + 1) > threshold {
            let (lower, upper) = (edges[bin], edges[bin + 1])
            let (here, parts) = (lower.x - upper.x, lower.y - upper.y - upper.x)
            let beyond = 2 * upper.y + upper.x
            most += beyond + parts
            // In the threshold's own bin only what exceeds its end is certain.
            if Double(bin) >= threshold { least += beyond + (here > 0 ? parts * parts / here : 0) }
        }
        return (least, most)
    }
}
