import NN
import Tensors

/// ResNet18 as torchvision composes it, registered in the same order so that one seed gives the same weights. Its blocks call convolution,
/// normalisation and rectifier one after another, as programs do in a forward function of their own.
struct ResNet18: Network {
    let module = Module(typeName: "ResNet")
    private let stem: Stem
    private let blocks: [Module]
    private let head: Linear

    private struct Stem {
        let convolution: Convolution
        let norm: BatchNorm
        let relu = Layers.relu(inPlace: true)
        let pool = Layers.maxPool(.init(kernel: [3], stride: [2], padding: [1]))

        func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor { try pool(relu(norm(convolution(x)))) }
    }

    private static func convolution(_ input: Int, _ output: Int, kernel: Int = 3, stride: Int = 1) throws(TensorError) -> Convolution {
        try Convolution(dimensions: 2, input, output, kernel: [kernel], stride: [stride], padding: [kernel / 2], bias: false)
    }

    private static func basicBlock(_ input: Int, _ output: Int, stride: Int) throws(TensorError) -> Module {
        let module = Module(typeName: "BasicBlock")
        let shortcut = stride == 1 && input == output
            ? nil : try Sequential([try convolution(input, output, kernel: 1, stride: stride), try BatchNorm(dimensions: 2, output)])
        let (first, firstNorm) = (try convolution(input, output, stride: stride), try BatchNorm(dimensions: 2, output))
        let (second, secondNorm) = (try convolution(output, output), try BatchNorm(dimensions: 2, output))
        let relu = Layers.relu(inPlace: true)
        for (name, part) in [("conv1", first), ("bn1", firstNorm), ("relu", relu), ("conv2", second), ("bn2", secondNorm)] { try module.addModule(name, part) }
        if let shortcut { try module.addModule("downsample", shortcut) }
        module.languageForward = { inputs in
            let x = inputs[0]
            let y = try secondNorm(second(relu(firstNorm(first(x)))))
            return try relu(y.add_(try shortcut.map { try $0(x) } ?? x))
        }
        return module
    }

    init(classes: Int) throws(TensorError) {
        stem = Stem(
            convolution: try Convolution(dimensions: 2, 3, 64, kernel: [7], stride: [2], padding: [3], bias: false), norm: try BatchNorm(dimensions: 2, 64))
        var (blocks, width): ([Module], Int) = ([], 64)
        for (planes, stride) in [(64, 1), (128, 2), (256, 2), (512, 2)] {
            for i in 0..<2 {
                blocks.append(try ResNet18.basicBlock(width, planes, stride: i == 0 ? stride : 1))
                width = planes
            }
        }
        self.blocks = blocks
        head = try Linear(width, classes)
        try module.addModule("conv1", stem.convolution)
        try module.addModule("bn1", stem.norm)
        for (i, block) in blocks.enumerated() { try module.addModule("block\(i)", block) }
        try module.addModule("fc", head)
        for part in module.modules {
            guard let convolution = part as? Convolution, let weight = convolution.parameter("weight") else { continue }
            try Initializers.kaimingNormal(weight, mode: "fan_out", nonlinearity: "relu")
        }
    }

    func callAsFunction(_ input: Tensor) throws(TensorError) -> Tensor {
        var x = try stem(input)
        for block in blocks { x = try block(x) }
        return try head(x.adaptiveAvgPool([1, 1]).flatten(1))
    }
}
