import EngineTestSupport
import Quantization
import Tensors
import Testing

/// The search for the best scale against trying every scale on every element.
@Suite(.takingTurns) struct ScaleSearchTests {
    enum Data: CaseIterable {
        case normal, rectified, uniform, heavyTails, outliersInEveryImage, oneOutlier, someOutliers, outlyingChannel, sparse, steps, constant, zero,
            unlikeEnd, unlikeImages, silentChannels
    }

    /// `[count / channels, channels]` floats.
    private func values(_ data: Data, _ count: Int, channels: Int) throws -> [Float] {
        EngineState.defaultGenerator.manualSeed(Int64(count + channels))
        var x = try Tensor.randn([count]).doubles().map { Float($0) }
        let image = 16 * 16 * channels
        switch data {
        case .normal: break
        case .rectified: x = x.map { min(max($0, 0), 2) }
        case .uniform: x = try Tensor.rand([count]).doubles().map { Float($0) }
        case .heavyTails: x = x.map { $0 * $0 * $0 }
        case .outliersInEveryImage: for at in stride(from: min(17 * channels + 5, count - 1), to: count, by: image) { x[at] = 60 }
        case .oneOutlier: x[count / 2] = -300
        case .someOutliers: for k in 0..<7 { x[k * count / 7] = Float(40 + k) }
        case .outlyingChannel: for at in stride(from: 3, to: count, by: channels) { x[at] *= 20 }
        case .sparse: for at in x.indices where at % 5003 != 0 { x[at] = 0 }
        case .steps: x = x.map { ($0 * 4).rounded() / 8 }
        case .constant: x = x.map { _ in 0.7 }
        case .zero: x = x.map { _ in 0 }
        case .unlikeImages: x = x.indices.map { max(x[$0], 0) * Float(1 + $0 / image * 7919 % 13) / 4 }
        case .silentChannels: x = x.indices.map { $0 / 256 % 9 == 4 ? max(x[$0], 0) * Float(1 + $0 / image % 5) : 0.01 }
        case .unlikeEnd: for at in count - count / 50..<count { x[at] *= 9 }
        }
        return x
    }

    private func scales(_ x: [Float], halfRange: Double, power: Bool = false) -> [Float] {
        let magnitude = x.map { abs($0) }.max() ?? 0
        return (0...94).map { k in
            let scale = max(1.2e-7, Float(Double(Float(1 - 0.01 * Double(k)) * magnitude) / halfRange))
            return power ? Observer.powerOfTwo(scale) : scale
        }
    }

    private func range(_ x: [Float]) -> (Float, Float) { (x.min() ?? 0, x.max() ?? 0) }

    private func check(_ x: [Float], _ scales: [Float], low: Int, high: Int, _ comment: Comment) {
        let search = ScaleSearch(scales, low: low, high: high, range: range(x))
        x.withUnsafeBufferPointer { buffer in
            guard let values = buffer.baseAddress else { return }
            let errors = search.errors(x.count, values)
            let seen = search.best(x.count, values)
            #expect(seen == errors.lastIndex(of: errors.min() ?? .nan), comment)
        }
    }

    /// Sizes on both sides of those that a histogram is worth, and of those that are shared by threads.
    @Test(arguments: Data.allCases, [1, 4095, 4099, 150_000, 1 << 20, 3_000_000]) func theResultIsThatOfTryingAll(_ data: Data, _ count: Int) throws {
        for channels in count == 1 << 20 ? [16, 24, 64] : [32] {
            let x = try values(data, count, channels: channels)
            check(x, scales(x, halfRange: 127.5), low: -128, high: 127, "\(data), \(channels) channels, int8")
            check(x, scales(x, halfRange: 127.5, power: true), low: -128, high: 127, "\(data), \(channels) channels, powers of two")
        }
    }

    @Test(arguments: Data.allCases) func otherWidthsToo(_ data: Data) throws {
        let x = try values(data, 1 << 17, channels: 32)
        check(x, scales(x, halfRange: 32767.5), low: -32768, high: 32767, "\(data), 16 bits")
        check(x, scales(x, halfRange: 7.5), low: -8, high: 7, "\(data), 4 bits")
        check(x, scales(x, halfRange: 255), low: 0, high: 255, "\(data), 8 bits without sign")
    }

    /// The errors themselves, in double precision from the definition.
    @Test(arguments: [Data.heavyTails, .rectified]) func errorsAreThoseOfTheDefinition(_ data: Data) throws {
        let x = try values(data, 10_001, channels: 1)
        let scales = Array(scales(x, halfRange: 127.5).prefix(7)) + [0.001]
        let errors = x.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { ScaleSearch(scales, low: -128, high: 127, range: range(x)).errors(x.count, $0) } ?? []
        }
        for (scale, error) in zip(scales, errors) {
            let expected = x.reduce(0.0) { sum, value in
                let difference = min(max((Double(value) / Double(scale)).rounded(), -128), 127) * Double(scale) - Double(value)
                return sum + difference * difference
            }
            #expect(abs(error - expected) <= 1e-5 * expected)
        }
    }

    /// The result would be right, but slow, if the bounds were too loose to rule scales out.
    @Test(arguments: [Data.normal, .rectified, .heavyTails, .unlikeImages]) func mostScalesAreRuledOut(_ data: Data) throws {
        let x = try values(data, 1 << 20, channels: 32)
        let search = ScaleSearch(scales(x, halfRange: 127.5), low: -128, high: 127, range: range(x))
        let open = x.withUnsafeBufferPointer { buffer in buffer.baseAddress.flatMap { search.open(x.count, $0) } }
        #expect(try (1...8).contains(#require(open).count))
    }

    /// Scales that are all at their least.
    @Test(arguments: [100, 10_000]) func equalScalesAreTriedToo(_ count: Int) {
        let scales = [Float](repeating: 1.2e-7, count: 95)
        for value in [Float(1e-9), .nan, .infinity] {
            var x = [Float](repeating: 1e-9, count: count)
            x[count / 2] = value
            x.withUnsafeBufferPointer { buffer in
                guard let values = buffer.baseAddress else { return }
                #expect(ScaleSearch(scales, low: -128, high: 127, range: (0, 1e-9)).best(count, values) == (value.isFinite ? 94 : 0))
            }
        }
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity]) func whatIsNotFiniteKeepsTheWholeRange(_ value: Float) throws {
        for count in [100, 1 << 20] {
            var x = try values(.normal, count, channels: 32)
            let scales = scales(x, halfRange: 127.5)
            x[count / 3] = value
            x.withUnsafeBufferPointer { buffer in
                guard let values = buffer.baseAddress else { return }
                #expect(ScaleSearch(scales, low: -128, high: 127, range: (-5, 5)).best(count, values) == 0)
            }
        }
    }
}
