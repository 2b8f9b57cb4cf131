import EngineTestSupport
import Kernels
import Testing

/// The convolution kernels against their definition in double precision, one loop nest without any of their tricks.
@Suite(.takingTurns) struct ConvolutionTests {
    private static func geometry(
        _ batch: Int, _ size: (Int, Int), _ channels: (Int, Int), groups: Int = 1, kernel: (Int, Int), stride: (Int, Int) = (1, 1),
        padding: (Int, Int) = (0, 0), dilation: (Int, Int) = (1, 1)
    ) -> ConvolutionGeometry {
        func extent(_ n: Int, _ k: Int, _ s: Int, _ p: Int, _ d: Int) -> Int { (n + 2 * p - d * (k - 1) - 1) / s + 1 }
        return ConvolutionGeometry(
            batch: batch, inChannels: channels.0, outChannels: channels.1, groups: groups, input: [1, size.0, size.1],
            kernel: [1, kernel.0, kernel.1],
            stride: [1, stride.0, stride.1], padding: [0, padding.0, padding.1], dilation: [1, dilation.0, dilation.1],
            output: [
                1, extent(size.0, kernel.0, stride.0, padding.0, dilation.0), extent(size.1, kernel.1, stride.1, padding.1, dilation.1),
            ])
    }

    private static let geometries: [ConvolutionGeometry] = [
        // Depthwise: vectors of 16, of 8, both; strides, even and large kernels, images of one pixel, taps that never meet the image.
        geometry(3, (7, 9), (32, 32), groups: 32, kernel: (3, 3), padding: (1, 1)),
        geometry(2, (8, 8), (24, 24), groups: 24, kernel: (3, 3), stride: (2, 2), padding: (1, 1)),
        geometry(2, (9, 6), (8, 8), groups: 8, kernel: (5, 5), stride: (2, 1), padding: (2, 2)),
        geometry(2, (6, 7), (40, 40), groups: 40, kernel: (2, 4), stride: (3, 2), padding: (1, 0)),
        geometry(17, (1, 1), (16, 16), groups: 16, kernel: (3, 3), padding: (1, 1)),
        geometry(5, (2, 2), (48, 48), groups: 48, kernel: (3, 3), stride: (2, 2), padding: (1, 1)),
        geometry(2, (5, 5), (8, 8), groups: 8, kernel: (1, 7), stride: (1, 3), padding: (0, 3)),
        geometry(1, (30, 30), (64, 64), groups: 64, kernel: (3, 3), padding: (1, 1)),
        // Pointwise: few and many rows; channels that fill no vector, half of one, several.
        geometry(2, (5, 5), (20, 12), kernel: (1, 1)),
        geometry(7, (15, 16), (16, 24), kernel: (1, 1)),
        geometry(7, (15, 16), (24, 40), kernel: (1, 1)),
        geometry(7, (15, 16), (37, 50), kernel: (1, 1)),
        // General: three channels, groups, dilation, strides.
        geometry(3, (11, 10), (3, 32), kernel: (3, 3), stride: (2, 2), padding: (1, 1)),
        geometry(2, (7, 8), (6, 9), groups: 3, kernel: (3, 2), padding: (1, 1)),
        geometry(2, (9, 9), (4, 5), kernel: (3, 3), padding: (2, 2), dilation: (2, 2)),
        geometry(2, (4, 4), (5, 18), kernel: (7, 7), padding: (3, 3)),
        geometry(2, (6, 6), (8, 8), kernel: (1, 1), stride: (2, 2)),
        // Small images: taps that only see padding, samples that share blocks, channels that tasks share.
        geometry(70, (1, 1), (48, 200), kernel: (3, 3), padding: (1, 1)),
        geometry(100, (2, 2), (33, 120), kernel: (3, 3), stride: (2, 2), padding: (1, 1)),
        geometry(37, (2, 3), (24, 130), groups: 2, kernel: (5, 3), padding: (2, 1)),
        geometry(9, (2, 2), (6, 10), kernel: (3, 3), padding: (2, 2), dilation: (2, 2)),
        geometry(2, (1, 1), (3, 4), kernel: (2, 2), stride: (3, 3), padding: (2, 2)),
    ]

    private func filled(_ count: Int, _ seed: Int) -> [Float] { (0..<count).map { Float(($0 &* 7919 &+ seed &* 104_729) % 2003) / 1001 - 1 } }

    private func inputCount(_ g: ConvolutionGeometry) -> Int { g.batch * g.input[1] * g.input[2] * g.inChannels }
    private func weightCount(_ g: ConvolutionGeometry) -> Int { g.outChannels * g.inChannels / g.groups * g.kernel[1] * g.kernel[2] }
    private func outputCount(_ g: ConvolutionGeometry) -> Int { g.outputPixels * g.outChannels }

    /// Calls `body(output, input, weight)` with the positions of every product in the sums.
    private func forEachProduct(_ g: ConvolutionGeometry, _ body: (Int, Int, Int) -> Void) {
        let (groupIn, groupOut) = (g.inChannels / g.groups, g.outChannels / g.groups)
        for n in 0..<g.batch {
            for oy in 0..<g.output[1] {
                for ox in 0..<g.output[2] {
                    for ky in 0..<g.kernel[1] {
                        for kx in 0..<g.kernel[2] {
                            let y = oy * g.stride[1] - g.padding[1] + ky * g.dilation[1]
                            let x = ox * g.stride[2] - g.padding[2] + kx * g.dilation[2]
                            if y < 0 || y >= g.input[1] || x < 0 || x >= g.input[2] { continue }
                            for o in 0..<g.outChannels {
                                for c in 0..<groupIn {
                                    let input = ((n * g.input[1] + y) * g.input[2] + x) * g.inChannels + o / groupOut * groupIn + c
                                    body(
                                        ((n * g.output[1] + oy) * g.output[2] + ox) * g.outChannels + o, input,
                                        ((o * groupIn + c) * g.kernel[1] + ky) * g.kernel[2] + kx)
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    private func expect(_ actual: [Float], _ expected: [Double], _ terms: Int, _ what: String) {
        let tolerance = 1e-6 * Double(max(16, terms))
        let worst = actual.indices.first { !(abs(Double(actual[$0]) - expected[$0]) <= tolerance) }
        #expect(worst == nil, "\(what): element \(worst ?? 0) is \(actual[worst ?? 0]), expected \(expected[worst ?? 0])")
    }

    @Test(arguments: geometries.indices) func aConvolutionAndItsGradientsEqualTheirDefinition(_ index: Int) {
        let g = ConvolutionTests.geometries[index]
        let (x, w, dy) = (filled(inputCount(g), 1), filled(weightCount(g), 2), filled(outputCount(g), 3))
        let bias = filled(g.outChannels, 4)
        var (y, dx, dw) = ([Float](repeating: 9, count: dy.count), [Float](repeating: 9, count: x.count), [Float](repeating: 9, count: w.count))
        convolution(g, .float32, input: x, weight: w, bias: bias, output: &y)
        convolutionInputGradient(g, .float32, gradient: dy, weight: w, result: &dx)
        convolutionWeightGradient(g, .float32, input: x, gradient: dy, result: &dw)
        var ey = (0..<dy.count).map { Double(bias[$0 % g.outChannels]) }
        var (edx, edw) = ([Double](repeating: 0, count: x.count), [Double](repeating: 0, count: w.count))
        forEachProduct(g) { o, i, k in
            ey[o] += Double(x[i]) * Double(w[k])
            edx[i] += Double(dy[o]) * Double(w[k])
            edw[k] += Double(dy[o]) * Double(x[i])
        }
        let taps = g.kernel[1] * g.kernel[2]
        expect(y, ey, taps * g.inChannels / g.groups, "output of case \(index)")
        expect(dx, edx, taps * g.outChannels / g.groups, "input gradient of case \(index)")
        expect(dw, edw, g.outputPixels, "weight gradient of case \(index)")
    }

    /// Per-channel factors of a normalisation followed by a rectifier.
    private struct Factors {
        let mean, scale, shift: [Double]
        init(_ channels: Int) {
            mean = (0..<channels).map { 0.05 * Double($0 % 7) - 0.1 }
            scale = (0..<channels).map { 0.5 + 0.25 * Double($0 % 5) }
            shift = (0..<channels).map { 0.2 - 0.1 * Double($0 % 4) }
        }
        func with<R>(_ rows: Int, _ body: (ChannelNormalization) -> R) -> R {
            mean.withUnsafeBufferPointer { m in
                scale.withUnsafeBufferPointer { s in
                    shift.withUnsafeBufferPointer { t in
                        body(
                            ChannelNormalization(
                                rows: rows, channels: m.count, mean: m.baseAddress!, scale: s.baseAddress!, shift: t.baseAddress!, low: 0, high: 0.75)
                        )
                    }
                }
            }
        }
    }

    @Test(arguments: geometries.indices.filter { geometries[$0].formsRows }) func rowsFormedWhileTheyAreReadGiveTheSameBits(_ index: Int) {
        let g = ConvolutionTests.geometries[index]
        let (v, w) = (filled(inputCount(g), 1), filled(weightCount(g), 2))
        let rows = v.count / g.inChannels
        let factors = Factors(g.inChannels)
        var z = v
        channelAffine(.float32, rows: rows, channels: g.inChannels, v, scale: factors.scale, shift: factors.shift, low: 0, high: 0.75, &z)
        var (expected, actual) = ([Float](repeating: 0, count: outputCount(g)), [Float](repeating: 1, count: outputCount(g)))
        convolution(g, .float32, input: z, weight: w, bias: nil, output: &expected)
        v.withUnsafeBytes { p in
            factors.with(rows) { n in
                convolution(g, .float32, input: RowSource(p.baseAddress!, .normalized(n)), weight: w, bias: nil, output: &actual)
            }
        }
        #expect(expected.map(\.bitPattern) == actual.map(\.bitPattern))
    }

    @Test(arguments: geometries.indices.filter { geometries[$0].formsRows }) func gradientsOfFormedRowsEqualThoseOfWrittenOnes(_ index: Int) {
        let g = ConvolutionTests.geometries[index]
        let (v, w, y, dz) = (filled(inputCount(g), 1), filled(weightCount(g), 2), filled(outputCount(g), 3), filled(outputCount(g), 4))
        let (rows, outRows) = (v.count / g.inChannels, y.count / g.outChannels)
        let (before, after) = (Factors(g.inChannels), Factors(g.outChannels))
        let (a, b, c) = (after.scale, after.mean, after.shift)
        var (z, dy) = (v, dz)
        channelAffine(.float32, rows: rows, channels: g.inChannels, v, scale: before.scale, shift: before.shift, low: 0, high: 0.75, &z)
        after.with(outRows) { normalizationGradient($0, .float32, gradient: dz, source: y, a: a, b: b, c: c, &dy) }
        var (dx, dw) = ([Float](repeating: 0, count: v.count), [Float](repeating: 0, count: w.count))
        convolutionInputGradient(g, .float32, gradient: dy, weight: w, result: &dx)
        convolutionWeightGradient(g, .float32, input: z, gradient: dy, result: &dw)
        var sums = [Double](repeating: 0, count: 2 * g.inChannels)
        before.with(rows) { n in
            sums.withUnsafeMutableBufferPointer { s in
                normalizationSums(n, .float32, gradient: dx, source: v, sum: s.baseAddress!, product: s.baseAddress! + g.inChannels)
            }
        }
        var (formedX, formedW) = ([Float](repeating: 1, count: v.count), [Float](repeating: 1, count: w.count))
        var formedSums = [Double](repeating: 0, count: sums.count)
        v.withUnsafeBytes { pv in
            y.withUnsafeBytes { py in
                dz.withUnsafeBytes { pz in
                    before.with(rows) { n in
                        after.with(outRows) { m in
                            a.withUnsafeBufferPointer { a in
                                b.withUnsafeBufferPointer { b in
                                    c.withUnsafeBufferPointer { c in
                                        formedX.withUnsafeMutableBytes { px in
                                            formedW.withUnsafeMutableBytes { pw in
                                                formedSums.withUnsafeMutableBufferPointer { s in
                                                    let gradient = RowSource(
                                                        py.baseAddress!,
                                                        .gradient(m, of: pz.baseAddress!, a: a.baseAddress!, b: b.baseAddress!, c: c.baseAddress!))
                                                    convolutionGradients(
                                                        g, .float32, input: RowSource(pv.baseAddress!, .normalized(n)), gradient: gradient, weight: w,
                                                        ConvolutionResults(
                                                            input: px.baseAddress!, weight: pw.baseAddress!, normalizationSums: s.baseAddress!))
                                                }
                                            }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        #expect(dx.map(\.bitPattern) == formedX.map(\.bitPattern))
        #expect(dw.map(\.bitPattern) == formedW.map(\.bitPattern))
        for (actual, expected) in zip(formedSums, sums) { #expect(abs(actual - expected) <= 1e-5 * Double(rows), "sums of case \(index)") }
    }

    /// Statistics gathered while a convolution writes are the bits a pass of their own gives.
    @Test(arguments: geometries.indices) func momentsGatheredWhileWritingEqualThoseOfAPass(_ index: Int) {
        let g = ConvolutionTests.geometries[index]
        let (x, w) = (filled(inputCount(g), 1), filled(weightCount(g), 2))
        var y = [Float](repeating: 0, count: outputCount(g))
        var gathered = [Double](repeating: 0, count: 2 * g.outChannels)
        var passed = gathered
        gathered.withUnsafeMutableBufferPointer { m in
            convolution(
                g, .float32, input: x, weight: w, bias: nil, output: &y,
                moments: ConvolutionMoments(mean: m.baseAddress!, variance: m.baseAddress! + g.outChannels))
        }
        passed.withUnsafeMutableBufferPointer { m in
            channelMoments(.float32, rows: g.outputPixels, channels: g.outChannels, y, mean: m.baseAddress!, variance: m.baseAddress! + g.outChannels)
        }
        #expect(gathered == passed)
    }
}
