import NN
import Tensors

/// MobileNetV2 as torchvision composes it, registered in the same order so that one seed gives the same weights.
struct MobileNetV2: Network {
    let module = Module(typeName: "MobileNetV2")
    private let features: Sequential
    private let classifier: Sequential

    private static func block(_ input: Int, _ output: Int, kernel: Int = 3, stride: Int = 1, groups: Int = 1) throws(TensorError) -> Module {
        try Sequential(
            [
                try Convolution(dimensions: 2, input, output, kernel: [kernel], stride: [stride], padding: [(kernel - 1) / 2], groups: groups, bias: false),
                try BatchNorm(dimensions: 2, output), Layers.relu6(inPlace: true),
            ], typeName: "Conv2dNormActivation")
    }

    private static func invertedResidual(_ input: Int, _ output: Int, stride: Int, expansion: Int) throws(TensorError) -> Module {
        let hidden = input * expansion
        var layers: [Module] = []
        if expansion != 1 { layers.append(try block(input, hidden, kernel: 1)) }
        layers.append(try block(hidden, hidden, stride: stride, groups: hidden))
        layers.append(try Convolution(dimensions: 2, hidden, output, kernel: [1], bias: false))
        layers.append(try BatchNorm(dimensions: 2, output))
        let conv = try Sequential(layers)
        let module = Module(typeName: "InvertedResidual")
        try module.addModule("conv", conv)
        let shortcut = stride == 1 && input == output
        module.languageForward = { inputs in
            let y = try conv.call(inputs)
            return shortcut ? try inputs[0].add(y) : y
        }
        return module
    }

    init(classes: Int) throws(TensorError) {
        var layers: [Module] = [try MobileNetV2.block(3, 32, stride: 2)]
        var width = 32
        for (t, c, n, s) in [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)] {
            for i in 0..<n {
                layers.append(try MobileNetV2.invertedResidual(width, c, stride: i == 0 ? s : 1, expansion: t))
                width = c
            }
        }
        layers.append(try MobileNetV2.block(width, 1280, kernel: 1))
        features = try Sequential(layers)
        classifier = try Sequential([try Layers.dropout(0.2), try Linear(1280, classes)])
        try module.addModule("features", features)
        try module.addModule("classifier", classifier)
        for part in module.modules {
            if let convolution = part as? Convolution, let weight = convolution.parameter("weight") {
                try Initializers.kaimingNormal(weight, mode: "fan_out")
            } else if let linear = part as? Linear, let weight = linear.parameter("weight"), let bias = linear.parameter("bias") {
                try Initializers.normal(weight, std: 0.01)
                try Initializers.constant(bias, 0)
            }
        }
    }

    func callAsFunction(_ input: Tensor) throws(TensorError) -> Tensor {
        try classifier(try features(input).adaptiveAvgPool([1, 1]).flatten(1))
    }
}
