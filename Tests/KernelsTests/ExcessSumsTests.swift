import EngineTestSupport
import Kernels
import Testing

/// Bounds of sums against the sums themselves, in double precision.
@Suite(.takingTurns) struct ExcessSumsTests {
    /// Values of both signs, zeros, equal ones, the ends of the range, and numbers of them that fill no vector.
    private static func values(_ count: Int, least: Float) -> [Float] {
        var state: UInt64 = 0x2545_F491_4F6C_DD1D
        return (0..<count).map { index in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let uniform = Float(state >> 40) / Float(1 << 24)
            if index % 7 == 0 { return 0 }
            if index % 11 == 0 { return 0.125 }
            if index == 5 { return 3 }
            if index == 6 { return least }
            return least + (3 - least) * uniform * uniform * uniform
        }
    }

    private func sums(_ x: [Float], _ range: (Float, Float), bins: Int) -> (positive: ExcessSums, negative: ExcessSums)? {
        x.withUnsafeBufferPointer { buffer in buffer.baseAddress.flatMap { ExcessSums.ofSigns(x.count, $0, range: range, bins: bins) } }
    }

    @Test(arguments: [Float(-4), -0.5, 0], [8, 1003, 300_001]) func boundsHoldTheSums(_ least: Float, _ count: Int) throws {
        defer { setInt8KernelLevel(.avx512VNNI) }
        let x = Self.values(count, least: least)
        for (level, bins) in [(Int8KernelLevel.avx512VNNI, 256), (.avx2, 256), (.portable, 256), (.avx512VNNI, 8192)] {
            setInt8KernelLevel(level)
            let tails = try #require(sums(x, (least, 3), bins: bins))
            let bin = Double(max(-least, 3)) / Double(bins)
            for (sign, tail) in [(1.0, tails.positive), (-1, tails.negative)] {
                let lengths = x.map { Double($0) * sign / bin }.filter { $0 > 0 }
                let steps = [0.3, 1, 3.7, 64.25, 400]
                for (step, bounds) in zip(steps, tail.totals(steps: steps, 40)) {
                    let exact = (0..<40).reduce(0.0) { sum, j in lengths.reduce(sum) { $0 + max(0, $1 - (Double(j) + 0.5) * step) } }
                    // Places are in 2^-16 bins.
                    let rounding = Double(lengths.count) * 40 * 0x1p-15 + 1e-6 * exact
                    #expect(bounds.least - rounding <= exact && exact <= bounds.most + rounding, "\(bounds), \(exact), step \(step)")
                    // Only what lies in a threshold's own bin is not known: a quarter of a bin for each value at most.
                    let own = (0..<40).reduce(0) { number, j in
                        number + lengths.count { $0.rounded(.down) == ((Double(j) + 0.5) * step).rounded(.down) }
                    }
                    #expect(bounds.most - bounds.least <= Double(own) / 4 + rounding)
                    let (squares, beyond) = (tail.squares(beyond: step), lengths.reduce(0.0) { $0 + max(0, $1 - step) * max(0, $1 - step) })
                    #expect(
                        squares.least <= beyond * (1 + 1e-6) + rounding && beyond <= squares.most * (1 + 1e-6) + rounding, "\(squares), \(beyond)")
                }
                #expect(abs(tail.count - Double(lengths.count { $0 > 0x1p-16 })) <= 1e-4 * tail.count)
                #expect(tail.mostSquares * (1 + 1e-6) >= lengths.reduce(0) { $0 + $1 * $1 })
            }
        }
    }

    /// The same for any number of threads.
    @Test func threadsDoNotCount() throws {
        let threads = ThreadPool.shared.threadCount
        defer { ThreadPool.shared.threadCount = threads }
        let x = Self.values(400_003, least: -2)
        let results = [1, 2, 3].map { (number: Int) -> [Double] in
            ThreadPool.shared.threadCount = number
            guard let (positive, negative) = sums(x, (-2, 3), bins: 1024) else { return [] }
            return (positive.totals(steps: [3.3], 127) + negative.totals(steps: [3.3], 128)).flatMap { [$0.least, $0.most] }
        }
        #expect(results[0].count == 4)
        #expect(results[0] == results[1] && results[0] == results[2])
    }

    /// More equal ones than a counter of 24 bits holds.
    @Test func manyElementsAreCounted() throws {
        let count = 1 << 24 + 5
        let x = [Float](repeating: 1, count: count)
        let (positive, _) = try #require(sums(x, (0, 4), bins: 256))
        #expect(positive.count == Double(count))
        // One is 64 bins; the threshold lies at 32.
        let total = positive.totals(steps: [64], 1)[0]
        #expect(total.least <= Double(count) * 32 && Double(count) * 32 <= total.most && total.most - total.least <= Double(count) * 0x1p-15)
    }

    @Test func histogramsAreTheSameForAnyNumberOfThreads() {
        let threads = ThreadPool.shared.threadCount
        defer { ThreadPool.shared.threadCount = threads }
        var x = Self.values(400_003, least: -2)
        (x[7], x[399_999]) = (.nan, 50)
        let results = [1, 2, 3].map { (number: Int) -> [Int] in
            ThreadPool.shared.threadCount = number
            return x.withUnsafeBufferPointer { buffer in buffer.baseAddress.map { magnitudeHistogram(x.count, $0, bins: 500, bound: 3) } ?? [] }
        }
        #expect(results[0].reduce(0, +) == 400_002)
        #expect(results[0] == results[1] && results[0] == results[2])
    }

    /// Also where no negative ones are expected.
    @Test(arguments: [Float.nan, -.nan, .infinity, -.infinity, 3.5, -2.5], [Float(-2), 0]) func whatIsOutsideIsSeen(_ value: Float, _ least: Float) {
        defer { setInt8KernelLevel(.avx512VNNI) }
        for level in [Int8KernelLevel.portable, .avx2, .avx512VNNI] {
            setInt8KernelLevel(level)
            for place in [0, 7, 499, 1002] {
                var x = Self.values(1003, least: least)
                #expect(sums(x, (least, 3), bins: 256) != nil)
                x[place] = value
                #expect(sums(x, (least, 3), bins: 256) == nil)
            }
        }
    }
}
