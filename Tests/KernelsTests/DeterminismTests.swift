import EngineTestSupport
import Kernels
import Testing

@Suite(.takingTurns) struct DeterminismTests {
    private func filled(_ count: Int, _ seed: Int) -> [Float] { (0..<count).map { Float(($0 &* 7919 &+ seed &* 104_729) % 2003) / 1001 - 1 } }

    private func withThreads<R>(_ count: Int, _ body: () -> R) -> R {
        let before = ThreadPool.shared.threadCount
        ThreadPool.shared.threadCount = count
        defer { ThreadPool.shared.threadCount = before }
        return body()
    }

    /// The same bits with one thread and with three.
    private func expectSame(_ what: String, _ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
        func run() -> [UInt32] {
            var result = [Float](repeating: 0, count: count)
            result.withUnsafeMutableBufferPointer { body($0.baseAddress!) }
            return result.map(\.bitPattern)
        }
        #expect(withThreads(1, run) == withThreads(3, run), "\(what)")
    }

    @Test func sumsDoNotDependOnThreads() {
        let x = filled(300_000, 1)
        expectSame("full sum", 1) { r in reduce(.sum, .float32, .init(outer: 1, n: x.count, inner: 1), x, r) }
        expectSame("column sums", 30) { r in reduce(.sum, .float32, .init(outer: 1, n: 10_000, inner: 30), x, r) }
    }

    @Test func productsAndConvolutionsDoNotDependOnThreads() {
        let (m, k, n) = (500, 70, 90)
        let (a, b) = (filled(m * k, 1), filled(k * n, 2))
        expectSame("product", m * n) { r in
            a.withUnsafeBytes { pa in
                b.withUnsafeBytes { pb in
                    matrixMultiply(.float32, m: m, n: n, k: k, .init(pa.baseAddress!, leading: k), .init(pb.baseAddress!, leading: n), r, ldc: n)
                }
            }
        }
        for (groups, kernel) in [(1, 1), (1, 3), (32, 3)] {
            let g = ConvolutionGeometry(
                batch: 40, inChannels: 32, outChannels: 32, groups: groups, input: [1, 9, 9], kernel: [1, kernel, kernel], stride: [1, 1, 1],
                padding: [0, kernel / 2, kernel / 2], dilation: [1, 1, 1], output: [1, 9, 9])
            let x = filled(40 * 81 * 32, 3)
            let w = filled(32 * 32 / groups * kernel * kernel, 4)
            expectSame("convolution", x.count) { r in convolution(g, .float32, input: x, weight: w, bias: nil, output: r) }
            expectSame("input gradient", x.count) { r in convolutionInputGradient(g, .float32, gradient: x, weight: w, result: r) }
            expectSame("weight gradient", w.count) { r in convolutionWeightGradient(g, .float32, input: x, gradient: x.reversed(), result: r) }
        }
    }

    @Test func convolutionsOfSmallImagesDoNotDependOnThreads() {
        for (size, stride) in [(1, 1), (2, 1), (2, 2), (4, 2)] {
            let out = (size + 2 - 3) / stride + 1
            let g = ConvolutionGeometry(
                batch: 50, inChannels: 40, outChannels: 144, groups: 1, input: [1, size, size], kernel: [1, 3, 3], stride: [1, stride, stride],
                padding: [0, 1, 1], dilation: [1, 1, 1], output: [1, out, out])
            let (x, w, y) = (filled(50 * size * size * 40, 3), filled(40 * 144 * 9, 4), filled(50 * out * out * 144, 5))
            expectSame("convolution", y.count) { r in convolution(g, .float32, input: x, weight: w, bias: nil, output: r) }
            expectSame("input gradient", x.count) { r in convolutionInputGradient(g, .float32, gradient: y, weight: w, result: r) }
            expectSame("weight gradient", w.count) { r in convolutionWeightGradient(g, .float32, input: x, gradient: y, result: r) }
        }
    }

    @Test func aProductEqualsItsDefinition() {
        for (m, n, k) in [(1, 1, 1), (7, 17, 5), (100, 33, 64), (200, 40, 30)] {
            let (a, b) = (filled(m * k, 1), filled(k * n, 2))
            var c = [Float](repeating: 0, count: m * n)
            a.withUnsafeBytes { pa in
                b.withUnsafeBytes { pb in
                    matrixMultiply(.float32, m: m, n: n, k: k, .init(pa.baseAddress!, leading: k), .init(pb.baseAddress!, leading: n), &c, ldc: n)
                }
            }
            for i in 0..<m {
                for j in 0..<n {
                    var sum = 0.0
                    for p in 0..<k { sum += Double(a[i * k + p]) * Double(b[p * n + j]) }
                    #expect(abs(Double(c[i * n + j]) - sum) <= 1e-4 + 1e-5 * abs(sum))
                }
            }
        }
    }
}
