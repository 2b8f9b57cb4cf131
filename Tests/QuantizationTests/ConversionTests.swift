import EngineTestSupport
import Graphs
import NN
import Quantization
import Tensors
import Testing

@Suite(.takingTurns) struct ConversionTests {
    init() { QuantizationState.march = .bayes }

    private func calibrated(_ model: Module, _ x: Tensor, march: March = .bayes) throws -> GraphModule {
        QuantizationState.march = march
        let prepared = try Preparation.prepare(try Tracer.symbolicTrace(model), PreparationOptions(mapping: documentedMapping("qat")))
        prepared.eval()
        try setFakeQuantize(prepared, .calibration)
        _ = try EngineState.noGrad { () throws(TensorError) in try prepared.call([x]) }
        prepared.eval()
        try setFakeQuantize(prepared, .validation)
        return prepared
    }

    @Test(arguments: [March.bayes, .bernoulli2])
    func mobileNetIntegersFollowTheFakeQuantisedModel(_ march: March) throws {
        defer { QuantizationState.march = .bayes }
        let model = try calibrated(try MobileNetV2.warmed(), try MobileNetV2.images(8), march: march)
        var warnings: [String] = []
        QuantizationState.warn = { warnings.append($0) }
        defer { QuantizationState.warn = { _ in } }
        let quantized = try Conversion.convert(model)
        #expect(
            warnings == [
                "AdaptiveAvgPool2d has not collected any statistics of activations and its scale is 1, please check whether this is intended!"
            ])
        let x = try MobileNetV2.images(2)
        try EngineState.noGrad { () throws(TensorError) in
            let expected = try model.call([x]).doubles()
            let y = try quantized.call([x]).doubles()
            let range = expected.max()! - expected.min()!
            let worst = zip(y, expected).map { abs($0 - $1) }.max()!
            #expect(worst < range * (march == .bayes ? 0.1 : 0.4), "\(worst) of \(range)")
        }
    }

    @Test func theTracedGraphHasTheDocumentedLayers() throws {
        let quantized = try Conversion.convert(try calibrated(try MobileNetV2.warmed(), try MobileNetV2.images(2)))
        let graph = try IntegerLowering.trace(quantized, [[256, 3, 32, 32]], march: .bayes)
        #expect(graph.name == "FxQATReadyMobileNetV2")
        let weighted = graph.layers.filter { graph.multiplyAccumulates($0) > 0 }
        #expect(weighted.count == 53)
        #expect(weighted.first?.name == "_features_0_0_hz_conv2d")
        #expect(weighted.contains { $0.name == "_features_3_generated_add_0_hz_conv2d" })
        #expect(weighted.last?.name == "_classifier_1_hz_linear_torch_native")
        #expect(weighted.reduce(0) { $0 + 2 * graph.multiplyAccumulates($1) } == 3_135_963_136)
        #expect(graph.values[graph.outputs[0].value].type == .int32)
        #expect(graph.outputs[0].dequantizes)
    }

    @Test func nodeByNodeAndAsAPlanTheModelGivesTheSameIntegers() throws {
        let quantized = try Conversion.convert(try calibrated(try MobileNetV2.warmed(), try MobileNetV2.images(2)))
        let x = try MobileNetV2.images(2)
        let plan = try quantized.call([x]).doubles()
        quantized.fastForward = nil
        #expect(try quantized.call([x]).doubles() == plan)
    }

    /// Weight decay leaves channels without weights, whose scale is tiny: their bias and residual still pass, and the layer stays on the kernels.
    @Test(arguments: [false, true]) func channelsWithoutWeightsKeepBiasAndResidual(_ adds: Bool) throws {
        EngineState.defaultGenerator.manualSeed(3)
        let weight = try Tensor.randn([16, 8, 1, 1]).mul(try .wrapped(0.2))
        let alive = try Tensor.from((0..<16).map { $0 % 2 == 0 ? 1 : 1e-12 }, [16, 1, 1, 1], dtype: .float32)
        let bias = try Tensor.randn([16])
        let scales = try weight.mul(alive).abs().reshape([16, 8]).amax(dim: [1]).doubles().map { max(Float($0 / 127.5), 1.1920929e-07) }
        let layer = try QuantizedWeightedLayer(
            "Conv2d", base: .convolution(ConvolutionParameters(stride: [1, 1], padding: [0, 0], dilation: [1, 1]), dimensions: 2),
            weight: try weight.mul(alive), bias: bias,
            weightScales: scales, outScale: 0.05, outType: .int8, addsResidual: adds, rectifies: false, march: .bayes, description: "")
        let values = [
            IntegerValue(shape: [2, 8, 5, 5], type: .int8, scales: [1e-4]), IntegerValue(shape: [2, 16, 5, 5], type: .int8, scales: [0.03]),
        ]
        let lowered = try layer.lower(Array(values.prefix(adds ? 2 : 1)))
        let (operation, result) = try #require(lowered)
        var graph = IntegerGraph(name: "layer", march: .bayes)
        let ids = values.prefix(adds ? 2 : 1).map { graph.addInput($0, quantizes: false) }
        graph.outputs = [IntegerOutput(value: graph.addLayer("layer", operation, Array(ids), result), dequantizes: true)]
        let executor = try IntegerExecutor(graph)
        #expect(executor.referenceLayers.isEmpty)
        let inputs = try values.prefix(ids.count).map { try Tensor.randint(-128, 128, $0.shape).to(.int8) }
        let y = try executor.run(Array(inputs))[0]
        var expected = try inputs[0].to(.float32).mul(try .wrapped(1e-4)).convolution(
            try weight.mul(alive), bias, ConvolutionParameters(stride: [1, 1], padding: [0, 0], dilation: [1, 1]), dimensions: 2)
        if adds { expected = try expected.add(try inputs[1].to(.float32).mul(try .wrapped(0.03))) }
        let worst = zip(try y.doubles(), try expected.clamp(min: .double(-6.4), max: .double(6.35)).doubles()).map { abs($0 - $1) }.max() ?? .nan
        #expect(worst < 0.04, "off by \(worst)")
    }

    @Test func operationsFollowTheirFakeQuantisedForm() throws {
        EngineState.defaultGenerator.manualSeed(5)
        let model = try Sequential([
            try QuantStub(scale: nil), try Convolution(dimensions: 2, 4, 8, kernel: [3], stride: [2], padding: [1], groups: 2), Layers.relu(),
            Layers.maxPool(.init(kernel: [2], stride: [1])),
            Layers.sigmoid(), Layers.avgPool(.init(kernel: [2], stride: [2])), Layers.upsample(scale: [2]),
            try Convolution(dimensions: 2, 8, 4, kernel: [1]), Layers.adaptiveAvgPool([1, 1]), Layers.flatten(), DeQuantStub(),
        ])
        let prepared = try calibrated(model, try Tensor.randn([8, 4, 12, 12]))
        let quantized = try Conversion.convert(prepared)
        let x = try Tensor.randn([2, 4, 12, 12])
        try EngineState.noGrad { () throws(TensorError) in
            let expected = try prepared.call([x]).doubles()
            let y = try quantized.call([x]).doubles()
            let scale = expected.map(abs).max()!
            #expect(zip(y, expected).allSatisfy { abs($0 - $1) < 0.05 * scale }, "\(y) for \(expected)")
        }
        _ = try IntegerLowering.trace(quantized, [[2, 4, 12, 12]], march: .bayes)
    }

    @Test func aMissingQuantStubIsNamed() throws {
        let prepared = try calibrated(try Sequential([try Convolution(dimensions: 2, 3, 4, kernel: [1])]), try Tensor.rand([1, 3, 4, 4]))
        let quantized = try Conversion.convert(prepared)
        #expect(performing: { try quantized.call([try Tensor.rand([1, 3, 4, 4])]) }, throws: { "\($0)".contains("Is a QuantStub missing?") })
        #expect(
            performing: { try IntegerLowering.trace(quantized, [[1, 3, 4, 4]], march: .bayes) }, throws: { "\($0)".contains("QuantStub missing") })
    }
}
