import NN
import Tensors

/// MobileNetV2 as torchvision composes it, registered in the same order so that one seed gives the same weights.
final class MobileNetV2: Module {
    private let features: Sequential
    private let classifier: Sequential

    private static func block(_ input: Int, _ output: Int, kernel: Int = 3, stride: Int = 1, groups: Int = 1) throws(TensorError) -> Module {
        try Sequential(
            [
                try Convolution(dimensions: 2, input, output, kernel: [kernel], stride: [stride], padding: [(kernel - 1) / 2], groups: groups, bias: false),
                try BatchNorm(dimensions: 2, output), Layers.relu6(inPlace: true),
            ], typeName: "Conv2dNormActivation")
    }

    init(classes: Int) throws(TensorError) {
        var layers: [Module] = [try MobileNetV2.block(3, 32, stride: 2)]
        var width = 32
        for (t, c, n, s) in [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)] {
            for i in 0..<n {
                layers.append(try InvertedResidual(width, c, stride: i == 0 ? s : 1, expansion: t))
                width = c
            }
        }
        layers.append(try MobileNetV2.block(width, 1280, kernel: 1))
        features = try Sequential(layers)
        classifier = try Sequential([try Layers.dropout(0.2), try Linear(1280, classes)])
        super.init(typeName: "MobileNetV2")
        try addModule("features", features)
        try addModule("classifier", classifier)
        for module in modules {
            if let convolution = module as? Convolution, let weight = convolution.parameter("weight") {
                try Initializers.kaimingNormal(weight, mode: "fan_out", nonlinearity: "leaky_relu")
            } else if let linear = module as? Linear, let weight = linear.parameter("weight"), let bias = linear.parameter("bias") {
                try Initializers.normal(weight, std: 0.01)
                try Initializers.constant(bias, 0)
            }
        }
    }

    override func forward(_ inputs: [Tensor]) throws(TensorError) -> Tensor {
        let x = try features.call(inputs)
        return try classifier(try x.adaptiveAvgPool([1, 1]).flatten(1))
    }

    private final class InvertedResidual: Module {
        private let conv: Sequential
        private let shortcut: Bool

        init(_ input: Int, _ output: Int, stride: Int, expansion: Int) throws(TensorError) {
            let hidden = input * expansion
            var layers: [Module] = []
            if expansion != 1 { layers.append(try MobileNetV2.block(input, hidden, kernel: 1)) }
            layers.append(try MobileNetV2.block(hidden, hidden, stride: stride, groups: hidden))
            layers.append(try Convolution(dimensions: 2, hidden, output, kernel: [1], bias: false))
            layers.append(try BatchNorm(dimensions: 2, output))
            conv = try Sequential(layers)
            shortcut = stride == 1 && input == output
            super.init(typeName: "InvertedResidual")
            try addModule("conv", conv)
        }

        override func forward(_ inputs: [Tensor]) throws(TensorError) -> Tensor {
            let y = try conv.call(inputs)
            return shortcut ? try inputs[0].add(y) : y
        }
    }
}
