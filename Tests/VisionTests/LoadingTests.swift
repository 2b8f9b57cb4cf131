import Kernels
import Tensors
import Testing
import Vision

/// Batches prepared ahead: the same for any number of threads, and gone when nobody wants them.
@Suite struct LoadingTests {
    private func stack(_ count: Int) throws -> ImageStack {
        let tensor = try Tensor.empty([count, 16, 16, 3], dtype: .uint8)
        for i in 0..<tensor.count {
            tensor.pointer.storeBytes(of: UInt8(truncatingIfNeeded: i &* 2_654_435_761 >> 13), toByteOffset: i, as: UInt8.self)
        }
        return try #require(ImageStack(tensor))
    }

    private static let chain = SampleChain(steps: [.horizontalFlip(probability: 0.5), .randAugment(count: 2, magnitude: 9, bins: 31, Filling())])

    private func digests(threads: Int, workers: Int = 4) throws -> [String] {
        let prefetcher = BatchPrefetcher(
            try stack(64), LoadingTests.chain, engines: (0..<workers).map { MersenneTwister(seed: UInt64($0 + 5)) }, threads: threads)
        defer { prefetcher.stop() }
        for worker in 0..<workers { prefetcher.submit(worker, (0..<16).map { ($0 * 7 + worker) % 64 }) }
        var result: [String] = []
        for turn in 0..<3 * workers {
            let worker = turn % workers
            var digest = MD5()
            for sample in try prefetcher.take(worker, poll: {}).get() {
                if case .image(let image) = sample { digest.update(image.bytes) }
            }
            result.append(digest.hexDigest())
            if turn < 2 * workers { prefetcher.submit(worker, (0..<16).map { ($0 * 5 + turn) % 64 }) }
        }
        return result
    }

    @Test func batchesDoNotDependOnThreads() throws {
        let alone = try digests(threads: 0)
        #expect(Set(alone).count == 12)
        for threads in [1, 2, 5] { #expect(try digests(threads: threads) == alone) }
    }

    @Test func stoppingLeavesNothingRunning() throws {
        for _ in 0..<20 {
            let prefetcher = BatchPrefetcher(
                try stack(64), LoadingTests.chain, engines: (0..<4).map { MersenneTwister(seed: UInt64($0)) }, threads: 2)
            for worker in 0..<4 { prefetcher.submit(worker, Array(0..<64)) }
            _ = try prefetcher.take(1, poll: {}).get()
            prefetcher.stop()
        }
    }

    @Test func anErrorReachesTheOneWhoTakes() throws {
        let prefetcher = BatchPrefetcher(try stack(4), LoadingTests.chain, engines: [MersenneTwister(seed: 0)], threads: 1)
        defer { prefetcher.stop() }
        prefetcher.submit(0, [1, 9])
        guard case .failure(let error) = prefetcher.take(0, poll: {}) else {
            Issue.record("index 9 of 4 was found")
            return
        }
        #expect("\(error)" == "IndexError: index 9 is out of bounds for axis 0 with size 4")
        prefetcher.submit(0, [1, 2])
        #expect(try prefetcher.take(0, poll: {}).get().count == 2)
    }

    @Test func tensorsHoldValuesDividedBy255ThenNormalised() throws {
        let image = try generatedImage("noise", .rgb, 5, 4)
        let tensor = try image.floatTensor(mean: [0.5, 0.25, 0.1], std: [0.2, 0.3, 0.4])
        #expect(tensor.shape == [3, 4, 5])
        let values = try tensor.doubles()
        for i in 0..<20 {
            for (b, (mean, std)) in [(Float(0.5), Float(0.2)), (0.25, 0.3), (0.1, 0.4)].enumerated() {
                #expect(Float(values[b * 20 + i]) == (Float(image.pixels[i * 3 + b]) / 255 - mean) / std)
            }
        }
        #expect(try image.byteTensor().integers() == (0..<60).map { Int(image.pixels[$0 % 20 * 3 + $0 / 20]) })
    }

    /// Every color of the cube in steps of 5, against the float formula.
    @Test(arguments: YUVSwing.allCases)
    func centeredYUVIsTheFormula(swing: YUVSwing) {
        var pixels: [UInt8] = []
        for r in stride(from: 0, through: 255, by: 5) {
            for g in stride(from: 0, through: 255, by: 5) {
                for b in stride(from: 0, through: 255, by: 5) { pixels += [UInt8(r), UInt8(g), UInt8(b)] }
            }
        }
        let count = pixels.count / 3
        var result = [Int32](repeating: 0, count: pixels.count)
        pixels.withUnsafeBufferPointer { p in
            result.withUnsafeMutableBufferPointer {
                swing.convert(
                    red: p.baseAddress!, green: p.baseAddress! + 1, blue: p.baseAddress! + 2, step: 3, count: count, centered: true,
                    to: $0.baseAddress!)
            }
        }
        var wrong = 0
        for row in 0..<3 {
            let (w, offset) = (swing.matrix[row].map { Float($0) }, Float(swing.offsets[row]))
            for i in 0..<count {
                let value = (w[0] * Float(pixels[i * 3]) + w[1] * Float(pixels[i * 3 + 1]) + w[2] * Float(pixels[i * 3 + 2]) + 128) / 256 + offset
                if result[row * count + i] != Int32(value.rounded(.towardZero)) - 128 { wrong += 1 }
            }
        }
        #expect(wrong == 0)
        #expect(result.min() == (swing == .studio ? -112 : -128) && result.max() == (swing == .studio ? 112 : 127))
    }
}
