import EngineTestSupport
import Graphs
import NN
import Quantization
import Tensors
import Testing

/// The documented flow on MobileNetV2, and the rules of preparation.
@Suite(.takingTurns) struct PreparationTests {
    init() { QuantizationState.march = .bayes }

    private func prepared(_ model: Module, _ phase: String, mode: QATMode = .fuseBN) throws -> GraphModule {
        try Preparation.prepare(try Tracer.symbolicTrace(model), PreparationOptions(mapping: documentedMapping(phase), mode: mode))
    }

    @Test func mobileNetFusesToTheDocumentedModules() throws {
        let model = try prepared(try MobileNetV2(), "qat")
        let layers = model.graph.nodes.filter { $0.opcode == .callModule }.map(\.target)
        let weighted = try layers.filter { try model.submodule($0) is WeightedLayer }
        #expect(weighted.count == 53)
        let adds = weighted.filter { $0.contains("generated_add") }
        #expect(adds == [3, 5, 6, 8, 9, 10, 12, 13, 15, 16].map { "features.\($0)_generated_add_0" })
        var expected = ["features.0.0", "features.1.conv.0.0", "features.1.conv.1"]
        for k in 2...17 {
            let shortcut = adds.contains("features.\(k)_generated_add_0")
            expected += ["features.\(k).conv.0.0", "features.\(k).conv.1.0", shortcut ? "features.\(k)_generated_add_0" : "features.\(k).conv.2"]
        }
        #expect(weighted == expected + ["features.18.0", "classifier.1"])
        #expect(try model.submodule("features.0.0").typeName == "ConvReLU62d")
        #expect(try model.submodule("features.3_generated_add_0").typeName == "ConvAdd2d")
        #expect(try model.submodule("features.4.conv.2").typeName == "Conv2d")
        #expect(try model.submodule("features.3.conv.2").typeName == "Identity")
        #expect(try model.submodule("features.3.conv.3").typeName == "Identity")
        #expect(layers.contains("_generated_adaptive_avg_pool2d_0"))
        #expect((try model.submodule("classifier.1") as? WeightedLayer)?.activationQuantizer == nil)
        #expect((try model.submodule("classifier.1") as? WeightedLayer)?.weightQuantizer != nil)
        #expect(model.typeName == "FxQATReadyMobileNetV2")
    }

    @Test func stateKeysOfCalibrationAndTrainingModelsAgreeAndLoad() throws {
        let float = try MobileNetV2.warmed()
        let calibration = try prepared(try float.deepCopy(), "calib")
        let training = try prepared(try float.deepCopy(), "qat")
        #expect(calibration.stateDict().keys == training.stateDict().keys)
        for key in [
            "features.0.0.weight", "features.0.0.bias", "features.0.0.weight_fake_quant.scale",
            "features.0.0.activation_post_process.activation_post_process.min_val", "quant.activation_post_process.scale",
        ] {
            #expect(training.stateDict().contains(key), "\(key)")
        }
        calibration.eval()
        try setFakeQuantize(calibration, .calibration)
        _ = try EngineState.noGrad { () throws(TensorError) in try calibration.call([try MobileNetV2.images(4)]) }
        try training.loadStateDict(calibration.stateDict())
        #expect(
            training.stateDict()["features.5.conv.0.0.activation_post_process.scale"].map { try! $0.doubles() }
                == calibration.stateDict()["features.5.conv.0.0.activation_post_process.scale"].map { try! $0.doubles() })
        #expect(try training.stateDict()["quant.activation_post_process.scale"]?.doubles() == [0.0078125])
    }

    @Test func withoutQuantisationThePreparedModelComputesWhatTheFloatModelDoes() throws {
        let float = try MobileNetV2.warmed()
        float.eval()
        let x = try MobileNetV2.images(1)
        let expected = try EngineState.noGrad { () throws(TensorError) in try float.call([x]).doubles() }
        for mode in QATMode.allCases {
            let model = try prepared(try float.deepCopy(), "qat", mode: mode)
            model.eval()
            try setFakeQuantize(model, .float)
            let y = try EngineState.noGrad { () throws(TensorError) in try model.call([x]).doubles() }
            #expect(close(y, expected, 2e-3), "\(mode)")
        }
    }

    @Test func theStateMachineAssertsTheDocumentedOrder() throws {
        let model = try prepared(try MobileNetV2(), "qat")
        model.train()
        #expect(throws: GraphError.self) { try setFakeQuantize(model, .calibration) }
        #expect(throws: GraphError.self) { try setFakeQuantize(model, .validation) }
        try setFakeQuantize(model, .qat)
        model.eval()
        #expect(
            performing: { try setFakeQuantize(model, .qat) },
            throws: { ($0 as? GraphError)?.message == "Call model.train() before set fake quant to QAT mode." })
        try setFakeQuantize(model, .calibration)
        #expect(throws: GraphError.self) { try setFakeQuantize(model, .calibration) }
        model.eval()
        try setFakeQuantize(model, .validation)
    }

    @Test func aMissingMarchIsAnAssertion() throws {
        let model = try Tracer.symbolicTrace(try MobileNetV2())
        QuantizationState.march = nil
        defer { QuantizationState.march = .bayes }
        #expect(
            performing: { try Preparation.prepare(model, PreparationOptions(mapping: QConfigMapping())) },
            throws: { ($0 as? GraphError)?.kind == .assertion })
    }

    @Test func keysThatMatchNothingAreReported() throws {
        var warnings: [String] = []
        QuantizationState.warn = { warnings.append($0) }
        defer { QuantizationState.warn = { _ in } }
        var mapping = documentedMapping("qat")
        mapping.byName.append(("classifer", .leaveFloat))
        _ = try Preparation.prepare(try Tracer.symbolicTrace(try MobileNetV2()), PreparationOptions(mapping: mapping))
        #expect(warnings.contains { $0.hasPrefix("The model doesn't have {'classifer'}") })
    }

    @Test func trainingWithFakeQuantisationLowersTheLoss() throws {
        EngineState.defaultGenerator.manualSeed(3)
        let model = try prepared(
            try Sequential([
                try QuantStub(scale: 1.0 / 128), try Convolution(dimensions: 2, 3, 8, kernel: [3], padding: [1]), try BatchNorm(dimensions: 2, 8),
                Layers.relu(), Layers.flatten(), try Linear(8 * 16, 4), DeQuantStub(),
            ]), "qat")
        model.train()
        try setFakeQuantize(model, .qat)
        let x = try Tensor.rand([16, 3, 4, 4])
        let target = try Tensor.randint(0, 4, [16])
        let optimizer = try SGD([ParameterGroup(model.parameters)], lr: 0.1)
        var losses: [Double] = []
        // Many small steps: with batch norm folded and ranges that follow the activations slowly, learning from scratch is slow.
        for _ in 0..<400 {
            let loss = try model.call([x]).crossEntropy(target)
            losses.append(try loss.item().asDouble)
            try optimizer.zeroGrad()
            try Autograd.backward([loss])
            try optimizer.step()
        }
        #expect(losses[399] < losses[0] * 0.6, "\(losses[0]) to \(losses[399])")
    }
}
