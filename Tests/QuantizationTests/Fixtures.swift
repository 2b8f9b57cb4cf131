import Foundation
import Tensors

/// Values written by `Fixtures/quantization/generate.py`.
struct Fixtures: Decodable {
    struct FakeQuantize: Decodable { var x: [Double]; var scale: Float; var low, high: Int; var y, gradient: [Double] }
    struct Channels: Decodable { var x: [Double]; var shape: [Int]; var axis: Int; var scale: [Float]; var y, gradient: [Double] }
    struct Observers: Decodable { var batches: [[Double]]; var ranges: [String: [[Double]]] }
    struct Training: Decodable { var weights, biases: [String: [Double]]; var images: [Double]; var labels: [Double]; var losses: [Double] }
    var training: Training
    var fake_quantize: [FakeQuantize]
    var fake_quantize_channels: [Channels]
    var observers: Observers

    static func load() throws -> Fixtures {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(
            "Fixtures/quantization/fixtures.json")
        return try JSONDecoder().decode(Fixtures.self, from: try Data(contentsOf: url))
    }
}

func tensor(_ values: [Double], _ shape: [Int]? = nil) throws -> Tensor { try .from(values, shape ?? [values.count], dtype: .float32) }

/// Whether all elements agree within absolute + relative tolerance.
func close(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-6) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * (1 + abs($1)) }
}
