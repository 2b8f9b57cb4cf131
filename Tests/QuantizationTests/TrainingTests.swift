import EngineTestSupport
import NN
import Quantization
import Tensors
import Testing

/// Quantization-aware training against PyTorch: the same weights, batches, observers and optimizer give the same losses.
///
/// The network has three layers. In deep ones rounding is chaotic: a change of 1e-6 in PyTorch's own weights changes single gradients by half.
@Suite(.takingTurns) struct TrainingTests {
    private let fixture: Fixtures.Training
    private let layers: [WeightedLayer]
    private let image: FakeQuantize

    init() throws {
        let fixture = try Fixtures.load().training
        self.fixture = fixture
        let parameters = ConvolutionParameters(stride: [2, 2], padding: [1, 1], dilation: [1, 1])
        let point = ConvolutionParameters(stride: [1, 1], padding: [0, 0], dilation: [1, 1])
        func layer(
            _ name: String, _ base: WeightedLayer.Base, _ shape: [Int], adds: Bool = false, _ range: Tensor.ActivationRange = .none,
            output: Bool = true
        ) throws -> WeightedLayer {
            let weight = try Tensor.parameter(try tensor(try #require(fixture.weights[name]), shape))
            let bias = try Tensor.parameter(try tensor(try #require(fixture.biases[name])))
            let made = try WeightedLayer(base, weight: weight, bias: bias, addsResidual: adds, range: range)
            try made.attach(qconfig("default_qat_8bit_\(output ? "" : "weight_32bit_out_")fake_quant_qconfig"))
            return made
        }
        layers = [
            try layer("stem", .convolution(parameters, dimensions: 2), [8, 3, 3, 3], .relu6),
            try layer("point", .convolution(point, dimensions: 2), [8, 8, 1, 1], adds: true),
            try layer("linear", .linear, [4, 128], output: false),
        ]
        image = try FakeQuantizeFactory().make()
    }

    private func loss(_ step: Int) throws -> Tensor {
        let all = try tensor(fixture.images, [6, 8, 3, 8, 8])
        let labels = try tensor(fixture.labels, [6, 8]).to(.int64)
        let x = try layers[0].call([try image.call([try all.select(0, step % 6)])])
        let y = try layers[1].call([x, x])
        return try layers[2].call([try y.flatten(1)]).crossEntropy(try labels.select(0, step % 6))
    }

    @Test func lossesFollowPyTorchs() throws {
        let (rounding, enabled) = (QuantizationState.rounding, QuantizationState.fakeQuantizationEnabled)
        QuantizationState.rounding = .halfToEven
        QuantizationState.fakeQuantizationEnabled = true
        defer { (QuantizationState.rounding, QuantizationState.fakeQuantizationEnabled) = (rounding, enabled) }
        let optimizer = try Adam([ParameterGroup(layers.flatMap(\.parameters))], lr: 1e-3, weightDecay: 1e-4)
        for (step, expected) in fixture.losses.enumerated() {
            try optimizer.zeroGrad()
            let value = try loss(step)
            try value.backward()
            try optimizer.step()
            let seen = try value.item().asDouble
            #expect(abs(seen - expected) < 2e-3 * expected, "step \(step): \(seen), PyTorch's \(expected)")
        }
        #expect(fixture.losses[18] < 0.8 * fixture.losses[0])
    }
}
