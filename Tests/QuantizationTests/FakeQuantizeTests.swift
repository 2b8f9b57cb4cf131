import EngineTestSupport
import Graphs
import Kernels
import NN
import Quantization
import Tensors
import Testing

@Suite(.takingTurns) struct FakeQuantizeTests {
    @Test func perTensorValuesAndGradientsArePyTorchs() throws {
        for fixture in try Fixtures.load().fake_quantize {
            let x = try tensor(fixture.x)
            try x.setRequiresGrad(true)
            let y = try x.fakeQuantized(QuantizationStep(scale: fixture.scale, low: fixture.low, high: fixture.high, halfToEven: true))
            #expect(try y.doubles() == fixture.y)
            let weight = try tensor((1...fixture.x.count).map(Double.init))
            try Autograd.backward([try y.mul(weight).sum()])
            #expect(try x.grad?.doubles() == fixture.gradient)
        }
    }

    @Test func perChannelValuesAndGradientsArePyTorchs() throws {
        for fixture in try Fixtures.load().fake_quantize_channels {
            let x = try tensor(fixture.x, fixture.shape)
            try x.setRequiresGrad(true)
            let step = QuantizationStep(scale: 1, low: -128, high: 127, halfToEven: true)
            let y = try x.transpose(0, fixture.axis).fakeQuantizedRows(fixture.scale, step).transpose(0, fixture.axis)
            #expect(try y.doubles() == fixture.y)
            let weight = try tensor((1...fixture.x.count).map(Double.init), fixture.shape)
            try Autograd.backward([try y.mul(weight).sum()])
            #expect(try x.grad?.doubles() == fixture.gradient)
        }
    }

    @Test func documentedFixedPointsOfBothRoundings() throws {
        let x = try tensor([0.25, 0.75, -0.25, -0.75, 63.9])
        let even = QuantizationStep(scale: 0.5, low: -128, high: 127, halfToEven: true)
        let up = QuantizationStep(scale: 0.5, low: -128, high: 127, halfToEven: false)
        #expect(try x.quantized(even, to: .int8).integers() == [0, 2, 0, -2, 127])
        #expect(try x.quantized(up, to: .int8).integers() == [1, 2, 0, -1, 127])
    }

    @Test func notANumberAndInfinityDoNotTrap() throws {
        let x = try tensor([.nan, .infinity, -.infinity])
        let step = QuantizationStep(scale: 0.5, low: -128, high: 127, halfToEven: false)
        #expect(try x.quantized(step, to: .int8).integers() == [127, 127, -128])
        _ = try x.fakeQuantized(step).doubles()
    }

    @Test func theClampOfAFusedActivationBlocksGradientsToo() throws {
        let x = try tensor([-1, 0, 3, 6, 7])
        try x.setRequiresGrad(true)
        var step = QuantizationStep(scale: 0.05, low: -128, high: 127, halfToEven: false)
        (step.clampLow, step.clampHigh) = (0, 6)
        let y = try x.fakeQuantized(step)
        #expect(close(try y.doubles(), [0, 0, 3, 6, 6]))
        try Autograd.backward([try y.sum()])
        #expect(try x.grad?.doubles() == [0, 0, 1, 0, 0])
    }

    @Test func theModuleObservesInTrainingAndKeepsItsScaleInEvaluation() throws {
        let quantizer = try FakeQuantizeFactory().make()
        let x = try tensor([-1, 2])
        _ = try quantizer.call([x])
        #expect(abs(try quantizer.scales()[0] - 0.01568627) < 1e-8)
        _ = try quantizer.call([try tensor([-3, 1])])
        #expect(abs(try quantizer.scales()[0] - 0.01560784) < 1e-8)
        quantizer.eval()
        _ = try quantizer.call([try tensor([-30, 10])])
        #expect(abs(try quantizer.scales()[0] - 0.01560784) < 1e-8)
    }

    @Test func stateLoadsIntoAFreshModuleWithFlagsAndRanges() throws {
        let source = try FakeQuantizeFactory(observer: .mse(stride: 1)).make()
        _ = try source.call([try tensor([-1, 2, 0.5])])
        source.setObserving(false)
        let target = try FakeQuantizeFactory().make()
        try target.loadStateDict(source.stateDict())
        #expect(!target.isObserving)
        #expect(try target.scales() == source.scales())
        #expect(try target.observer?.range?.high == source.observer?.range?.high)
        #expect(
            source.stateDict().keys == [
                "fake_quant_enabled", "observer_enabled", "scale", "zero_point", "activation_post_process.eps", "activation_post_process.min_val",
                "activation_post_process.max_val",
            ])
    }

    @Test func learntStepSizesGetTheGradientOfTheirFormula() throws {
        var factory = FakeQuantizeFactory(.lsq)
        factory.scalesGradient = false
        let quantizer = try factory.make()
        _ = try quantizer.call([try tensor([-12.7, 12.7])])
        guard let scale = quantizer.parameter("scale") else { throw TensorError.value("no scale") }
        scale.setData(try tensor([0.1]))
        scale.grad = nil
        // 1.23 / 0.1 = 12.3 → 12: slope −0.3; 20 is above: slope 127; −20 below: slope −128.
        let y = try quantizer.call([try tensor([1.23, 20, -20])])
        #expect(close(try y.doubles(), [1.2, 12.7, -12.8]))
        try Autograd.backward([try y.mul(try tensor([1, 10, 100])).sum()])
        #expect(close(try scale.grad?.doubles() ?? [], [-0.3 + 1270 - 12800], 1e-5))
    }

    @Test func parameterisedClippingLearnsItsBound() throws {
        let quantizer = try FakeQuantizeFactory(.pact).make()
        let y = try quantizer.call([try tensor([-7, 3, 8, 9])])
        #expect(close(try y.doubles(), [-6, 3, 6, 6], 0.01))
        try Autograd.backward([try y.sum()])
        // +1 for each value above alpha, −1 for each below −alpha; the top level 127.5 rounds beyond 127 and is blocked.
        #expect(quantizer.parameter("alpha")?.grad != nil)
    }
}

@Suite(.takingTurns) struct ObserverTests {
    @Test(arguments: ["min_max", "percentile", "mse", "mix", "clip_std", "kl"])
    func rangesAreThoseOfAnIndependentImplementation(_ name: String) throws {
        let fixtures = try Fixtures.load().observers
        guard let kind = ObserverKind.named.first(where: { $0.name == name })?.kind, let expected = fixtures.ranges[name] else {
            Issue.record("no fixture for \(name)")
            return
        }
        let observer = try FakeQuantizeFactory(observer: kind).makeObserver()
        for (batch, range) in zip(fixtures.batches, expected) {
            try observer.observe(try tensor(batch))
            let seen = try observer.range
            #expect(
                close([Double(seen?.low.first ?? .nan), Double(seen?.high.first ?? .nan)], range, 2e-6),
                "\(name): \(String(describing: seen)) for \(range)")
        }
    }

    @Test func channelsHaveRangesOfTheirOwn() throws {
        let observer = try FakeQuantizeFactory(axis: 1).makeObserver()
        try observer.observe(try tensor([1, 2, -3, 4, 5, 6, 7, -8], [2, 2, 2]))
        #expect(try observer.range?.low == [1, -8])
        #expect(try observer.range?.high == [6, 7])
    }

    @Test func withoutStatisticsTheScaleIsOneAndAWarningSaysSo() throws {
        var warnings: [String] = []
        QuantizationState.warn = { warnings.append($0) }
        defer { QuantizationState.warn = { _ in } }
        #expect(try FakeQuantizeFactory().makeObserver().scales() == [1])
        #expect(warnings.count == 1)
    }

    @Test func clippedRangesStayInTheirBounds() throws {
        let observer = try FakeQuantizeFactory(observer: .clip(low: -1, high: 1), averagingConstant: 1).makeObserver()
        try observer.observe(try tensor([-5, 0.5]))
        #expect(try observer.range?.low == [-1])
        #expect(try observer.range?.high == [0.5])
    }

    @Test func powersOfTwoOnTheFirstGeneration() {
        #expect(Observer.powerOfTwo(0.3) == 0.5)
        #expect(Observer.powerOfTwo(0.25) == 0.25)
        #expect(Observer.powerOfTwo(0.01) == 0.015625)
        #expect(Observer.powerOfTwo(1e-9) == Float(1) / 16384)
    }

    @Test func impossibleOptionsAreRefused() {
        #expect(throws: GraphError.self) { try ObserverOptions(minimum: 3, maximum: 3) }
        #expect(throws: GraphError.self) { try ObserverOptions(minimum: 1, maximum: 3) }
        #expect(throws: TensorError.self) { try FakeQuantizeFactory(observer: .percentile(99.9, bins: 2048), axis: 0).makeObserver() }
    }
}
