import Graphs
import NN
import Quantization
import Tensors

/// torchvision's MobileNetV2 with the stubs of the documented example, traceable on this side.
final class MobileNetV2: Module, TraceableModule {
    let classes: Int

    final class InvertedResidual: Module, TraceableModule {
        let conv: Sequential
        let shortcut: Bool

        init(_ conv: Sequential, shortcut: Bool) throws(TensorError) {
            self.conv = conv
            self.shortcut = shortcut
            super.init(typeName: "InvertedResidual")
            try addModule("conv", conv)
        }

        override init(typeName: String) { preconditionFailure("made with its convolutions") }

        override func forward(_ inputs: [Tensor]) throws(TensorError) -> Tensor {
            let y = try child("conv")!.call(inputs)
            return shortcut ? try inputs[0].add(y) : y
        }

        override func emptyCopy() throws(TensorError) -> Module { try InvertedResidual(conv, shortcut: shortcut) }

        func trace(_ tracer: Tracer, _ inputs: [Argument]) throws(GraphError) -> Argument {
            let y = try tracer.call(child("conv")!, inputs)
            return shortcut ? tracer.function("operator.add", [inputs[0], y]) : y
        }
    }

    private static func block(_ input: Int, _ output: Int, kernel: Int = 3, stride: Int = 1, groups: Int = 1) throws(TensorError) -> Module {
        try Sequential(
            [
                try Convolution(
                    dimensions: 2, input, output, kernel: [kernel], stride: [stride], padding: [(kernel - 1) / 2], groups: groups, bias: false),
                try BatchNorm(dimensions: 2, output), Layers.relu6(inPlace: true),
            ], typeName: "Conv2dNormActivation")
    }

    init(classes: Int = 10) throws(TensorError) {
        self.classes = classes
        super.init(typeName: "FxQATReadyMobileNetV2")
        var layers: [Module] = [try MobileNetV2.block(3, 32, stride: 2)]
        var width = 32
        for (t, c, n, s) in [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)] {
            for i in 0..<n {
                let hidden = width * t
                var parts: [Module] = t != 1 ? [try MobileNetV2.block(width, hidden, kernel: 1)] : []
                parts.append(try MobileNetV2.block(hidden, hidden, stride: i == 0 ? s : 1, groups: hidden))
                parts.append(try Convolution(dimensions: 2, hidden, c, kernel: [1], bias: false))
                parts.append(try BatchNorm(dimensions: 2, c))
                layers.append(try InvertedResidual(try Sequential(parts), shortcut: (i > 0 || s == 1) && width == c))
                width = c
            }
        }
        layers.append(try MobileNetV2.block(width, 1280, kernel: 1))
        try addModule("features", try Sequential(layers))
        try addModule("classifier", try Sequential([try Layers.dropout(0.2), try Linear(1280, classes)]))
        try addModule("quant", try QuantStub(scale: 1.0 / 128))
        try addModule("dequant", DeQuantStub())
    }

    override init(typeName: String) { preconditionFailure("made with its classes") }

    override func emptyCopy() throws(TensorError) -> Module { try MobileNetV2(classes: classes) }

    override func forward(_ inputs: [Tensor]) throws(TensorError) -> Tensor {
        let x = try child("features")!.call([try child("quant")!.call(inputs)])
        return try child("dequant")!.call([try child("classifier")!.call([try x.adaptiveAvgPool([1, 1]).flatten(1)])])
    }

    func trace(_ tracer: Tracer, _ inputs: [Argument]) throws(GraphError) -> Argument {
        var x = try tracer.call(child("quant")!, inputs)
        x = try tracer.call(child("features")!, [x])
        x = tracer.function("torch.nn.functional.adaptive_avg_pool2d", [x, .tuple([.int(1), .int(1)])])
        x = tracer.function("torch.flatten", [x, .int(1)])
        x = try tracer.call(child("classifier")!, [x])
        return try tracer.call(child("dequant")!, [x])
    }

    /// A model whose batch normalisation has seen data, so that folding matters.
    static func warmed(seed: Int64 = 1, batch: Int = 8) throws -> MobileNetV2 {
        EngineState.defaultGenerator.manualSeed(seed)
        let model = try MobileNetV2()
        for module in model.modules { if let norm = module as? BatchNorm { _ = try norm.buffer("running_var")?.uniform_(0.5, 2) } }
        model.train()
        for _ in 0..<2 { _ = try EngineState.noGrad { () throws(TensorError) in try model.call([try images(batch)]) } }
        return model
    }

    static func images(_ batch: Int) throws(TensorError) -> Tensor {
        try Tensor.rand([batch, 3, 32, 32]).mul(try .wrapped(1.75)).sub(try .wrapped(0.875))
    }
}

func qconfig(_ name: String) -> QConfig { QConfig.named().first { $0.name == name }!.qconfig }

func documentedMapping(_ phase: String) -> QConfigMapping {
    QConfigMapping(
        global: .use(qconfig("default_\(phase)_8bit_fake_quant_qconfig")),
        byName: [("classifier", .use(qconfig("default_\(phase)_8bit_weight_32bit_out_fake_quant_qconfig")))])
}
