import EngineTestSupport
import Foundation
import NN
import Tensors
import Testing

@Suite(.takingTurns) struct ModuleTests {
    private func fixtures(_ name: String) throws -> [String: Any] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Fixtures/torch")
        return try JSONSerialization.jsonObject(with: try Data(contentsOf: folder.appendingPathComponent(name))) as? [String: Any] ?? [:]
    }

    @Test func modulesPrintAsPyTorchPrintsThem() throws {
        let modules: [Module] = [
            try Linear(3, 4), try Convolution(dimensions: 2, 3, 8, kernel: [3], padding: [1], bias: false),
            try Convolution(dimensions: 2, 4, 8, kernel: [3, 5], stride: [2], dilation: [2], groups: 4), try BatchNorm(dimensions: 2, 8),
            Layers.relu(), Layers.relu6(inPlace: true),
            try Sequential([try Linear(2, 3), Layers.relu(), try Sequential([try Layers.dropout(0.2)])]),
            try ModuleList([try Linear(2, 2), try Linear(2, 2), Layers.relu()]),
            Layers.maxPool(.init(kernel: [2])), Layers.avgPool(.init(kernel: [3], stride: [2])), Layers.adaptiveAvgPool([1, 1]),
            Layers.adaptiveAvgPool([1]), try Embedding(4, 3),
            try LayerNorm([5]), try GroupNorm(2, 4), Layers.softmax(1), Layers.leakyReLU(0.1), try Layers.gelu(), Layers.flatten(), Layers.identity(),
            Layers.upsample(scale: [2], mode: "nearest"), try Layers.crossEntropyLoss(),
            try Convolution(dimensions: 2, 3, 2, kernel: [3], stride: [2], transposed: true, outputPadding: [1]),
            try ModuleDict([("a", Layers.tanh())]), Layers.hardswish(), Layers.pad("ZeroPad2d", [1, 1, 1, 1], mode: .constant), try Layers.mseLoss(),
            try BatchNorm(dimensions: 1, 3, affine: false), try PReLU(), Layers.elu(), Layers.hardtanh(),
        ]
        let expected = try fixtures("printing.json")["modules"] as? [String] ?? []
        #expect(expected.count == modules.count)
        for (module, text) in zip(modules, expected) { #expect(try module.repr() == text) }
    }

    @Test func initialWeightsEqualPyTorchBitForBit() throws {
        let recorded = try fixtures("random.json")
        let makers: [String: () throws -> [Tensor]] = [
            "linear": { try Linear(7, 5).parameters }, "conv2d": { try Convolution(dimensions: 2, 3, 6, kernel: [3]).parameters },
            "conv_transpose2d": { try Convolution(dimensions: 2, 3, 6, kernel: [3], transposed: true).parameters },
            "embedding": { try Embedding(5, 4).parameters },
            "kaiming_uniform_": { [try Initializers.kaimingUniform(try .empty([6, 5]))] },
            "kaiming_normal_": { [try Initializers.kaimingNormal(try .empty([6, 5]))] },
            "xavier_uniform_": { [try Initializers.xavierUniform(try .empty([6, 5]))] },
            "xavier_normal_": { [try Initializers.xavierNormal(try .empty([6, 5]))] },
        ]
        for (name, make) in makers {
            let values = (recorded[name] as? [String: Any])?["values"] as? [[String: Any]] ?? []
            #expect(!values.isEmpty)
            EngineState.defaultGenerator.manualSeed(0)
            for (tensor, value) in zip(try make(), values) {
                let expected = (value["bits"] as? [NSNumber] ?? []).map { Float(bitPattern: UInt32(truncatingIfNeeded: $0.int64Value)) }
                #expect(try tensor.doubles().map(Float.init) == expected, "\(name)")
            }
        }
    }

    @Test func loadingNamesWhatIsMissingUnexpectedAndOfAnotherSize() throws {
        let net = try Sequential([try Linear(2, 3)])
        var state = net.stateDict()
        state["0.bias"] = nil
        state["extra"] = try .zeros([1])
        state["0.weight"] = try .zeros([2, 2])
        do {
            try net.loadStateDict(state)
            Issue.record("no error")
        } catch {
            #expect(
                error.message == """
                    Error(s) in loading state_dict for Sequential:
                    \tMissing key(s) in state_dict: "0.bias".\u{20}
                    \tUnexpected key(s) in state_dict: "extra".\u{20}
                    \tsize mismatch for 0.weight: copying a param with shape torch.Size([2, 2]) from checkpoint, the shape in current model is torch.Size([3, 2]).
                    """)
        }
    }

    @Test func hooksSeeForwardAndBackward() throws {
        let layer = try Linear(2, 2)
        var seen: [String] = []
        layer.forwardPreHooks.append(
            .init { _, _ in
                seen.append("pre"); return nil
            })
        layer.forwardHooks.append(
            .init { _, _, y in
                seen.append("forward"); return try y.mul(try .wrapped(2))
            })
        layer.backwardHooks.append(
            .init { _, _, g in
                seen.append("backward \(g[0]?.shape ?? [])"); return nil
            })
        let x = try Tensor.ones([1, 2])
        try x.setRequiresGrad(true)
        try layer(x).sum().backward()
        #expect(seen == ["pre", "forward", "backward [1, 2]"])
    }

    @Test func aDeepCopyIsIndependentAndDrawsNoRandomNumbers() throws {
        let net = try Sequential([
            try Convolution(dimensions: 2, 1, 2, kernel: [3]), try BatchNorm(dimensions: 2, 2), Layers.relu6(), Layers.flatten(), try Linear(2, 2),
        ])
        EngineState.defaultGenerator.manualSeed(5)
        let copy = try net.deepCopy()
        let next = try Tensor.rand([1]).item()
        EngineState.defaultGenerator.manualSeed(5)
        #expect(try Tensor.rand([1]).item() == next)
        #expect(try copy.repr() == (try net.repr()))
        for (a, b) in zip(net.parameters, copy.parameters) {
            #expect(try a !== b && a.storage !== b.storage && a.equal(b) && b.isParameter && b.requiresGrad)
        }
        let x = try Tensor.ones([2, 1, 3, 3])
        net.eval()
        copy.eval()
        #expect(try net(x).equal(try copy(x)))
        try EngineState.noGrad { () throws(TensorError) in _ = try copy.parameters[0].zero_() }
        #expect(try !net.parameters[0].equal(copy.parameters[0]))
    }

    @Test func clippingScalesGradients() throws {
        let p = try Tensor.parameter(try .zeros([2]))
        p.grad = try .from([3.0, 4.0] as [Double], [2])
        #expect(try GradientClipping.clipNorm([p], maximum: 1).item().asDouble == 5)
        #expect(try p.grad!.doubles().map { ($0 * 1000).rounded() / 1000 } == [0.6, 0.8])
    }
}
