import BPU
import Quantization

/// A small deterministic generator: the same graphs on every run and machine.
struct TestRandom {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    mutating func below(_ bound: Int) -> Int { Int(next() >> 11) % bound }
    mutating func pick<T>(_ values: [T]) -> T { values[below(values.count)] }
    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
    mutating func int8() -> Int8 { Int8(truncatingIfNeeded: below(256) - 128) }
}

/// Builds integer models layer by layer.
struct ModelBuilder {
    var graph: IntegerGraph
    var random: TestRandom

    init(_ name: String, march: March = .bayes, seed: UInt64) {
        graph = IntegerGraph(name: name, march: march)
        random = TestRandom(seed)
    }

    func shape(_ value: Int) -> [Int] { graph.values[value].shape }

    mutating func convolution(
        _ path: String, _ x: Int, out: Int, kernel: (Int, Int), stride: (Int, Int) = (1, 1), padding: (Int, Int) = (0, 0),
        dilation: (Int, Int) = (1, 1),
        groups: Int = 1, residual: Int? = nil, rectifies: Bool = false, type: IntegerType = .int8
    ) -> Int {
        let input = graph.values[x]
        let perGroup = input.shape[1] / groups
        let (kh, kw) = kernel
        let outH: Int = (input.shape[2] + 2 * padding.0 - dilation.0 * (kh - 1) - 1) / stride.0 + 1
        let outW: Int = (input.shape[3] + 2 * padding.1 - dilation.1 * (kw - 1) - 1) / stride.1 + 1
        var body = constants(out: out, shape: [out, perGroup, kh, kw], fan: perGroup * kh * kw, input: input.type, type: type, residual: residual)
        body.groups = groups
        body.stride = [stride.0, stride.1]
        body.padding = [padding.0, padding.1]
        body.dilation = [dilation.0, dilation.1]
        body.rectifies = rectifies
        let scales: [Float] = type == .int32 ? body.weightScales.map { $0 * input.scales[0] } : [0.05]
        let result = IntegerValue(shape: [input.shape[0], out, outH, outW], type: type, scales: scales)
        return graph.addLayer(path, .convolution(body), residual.map { [x, $0] } ?? [x], result)
    }

    mutating func linear(_ path: String, _ x: Int, out: Int, type: IntegerType = .int32) -> Int {
        let input = graph.values[x]
        let features = input.shape[input.shape.count - 1]
        let body = constants(out: out, shape: [out, features], fan: features, input: input.type, type: type, residual: nil)
        let wanted = type == .int32 && input.shape.count == 2 ? body.weightScales.map { $0 * input.scales[0] } : [0.05]
        return graph.addLayer(path, .linear(body), [x], IntegerValue(shape: input.shape.dropLast() + [out], type: type, scales: wanted))
    }

    /// Weights, biases and rescaling parameters that use the whole range of results and sometimes saturate.
    private mutating func constants(out: Int, shape: [Int], fan: Int, input: IntegerType, type: IntegerType, residual: Int?) -> IntegerConvolution {
        let count = shape.reduce(1, *)
        let weight = (0..<count).map { _ in random.int8() }
        let spread = Double(input == .int16 ? 256 : 1) * 75 * 75 * Double(fan).squareRoot()
        let bias = (0..<out).map { _ in Int32(random.below(2 * Int(spread) + 1) - Int(spread)) }
        var rescale: [Rescale] = []
        var alignment: [Alignment] = []
        for _ in 0..<out {
            let target = type == .int16 ? 9000.0 : 50.0
            let factor = target / spread * (0.5 + Double(random.below(1000)) / 1000)
            if type != .int32 { rescale.append(Rescale(factor: factor, from: .int32, to: type, march: graph.march)) }
            if residual != nil { alignment.append(Alignment(factor: 0.5 / factor)) }
        }
        let scales = (0..<out).map { _ in Float(0.001 + Double(random.below(1000)) / 1e6) }
        return IntegerConvolution(weight: weight, weightShape: shape, bias: bias, weightScales: scales, rescale: rescale, alignment: alignment)
    }

    mutating func reshape(_ path: String, _ x: Int, _ shape: [Int]) -> Int {
        graph.addLayer(path, .reshape, [x], IntegerValue(shape: shape, type: graph.values[x].type, scales: [graph.values[x].scales[0]]))
    }

    mutating func output(_ value: Int) { graph.outputs.append(IntegerOutput(value: value, dequantizes: true)) }
}

enum TestModels {
    /// The documented model: MobileNetV2 for 10 classes at 32×32, fused as convert_fx leaves it.
    static func mobileNetV2(batch: Int, march: March = .bayes) -> IntegerGraph {
        var b = ModelBuilder("FxQATReadyMobileNetV2", march: march, seed: 7)
        let input = b.graph.addInput(IntegerValue(shape: [batch, 3, 32, 32], type: .int8, scales: [1.0 / 128]), quantizes: true)
        var x = b.convolution("features.0.0", input, out: 32, kernel: (3, 3), stride: (2, 2), padding: (1, 1), rectifies: true)
        var index = 1
        for (t, c, n, s) in [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)] {
            for repeated in 0..<n {
                let stride = repeated == 0 ? s : 1
                let path = "features.\(index)"
                let channels = b.shape(x)[1]
                var y = x
                if t != 1 { y = b.convolution("\(path).conv.0.0", y, out: channels * t, kernel: (1, 1), rectifies: true) }
                let depthwise = t == 1 ? "\(path).conv.0.0" : "\(path).conv.1.0"
                y = b.convolution(
                    depthwise, y, out: channels * t, kernel: (3, 3), stride: (stride, stride), padding: (1, 1), groups: channels * t, rectifies: true)
                let adds = stride == 1 && channels == c
                let project = adds ? "\(path)_generated_add_0" : t == 1 ? "\(path).conv.1" : "\(path).conv.2"
                x = b.convolution(project, y, out: c, kernel: (1, 1), residual: adds ? x : nil)
                index += 1
            }
        }
        x = b.convolution("features.18.0", x, out: 1280, kernel: (1, 1), rectifies: true)
        x = b.reshape("flatten", x, [batch, 1280])
        b.output(b.linear("classifier.1", x, out: 10))
        return b.graph
    }

    /// ResNet-18 for small images: 3×3 stem, no pooling before the first block.
    static func resNet18(batch: Int, size: Int = 32, width: Int = 64, march: March = .bayes) -> IntegerGraph {
        var b = ModelBuilder("ResNet18", march: march, seed: 18)
        let input = b.graph.addInput(IntegerValue(shape: [batch, 3, size, size], type: .int8, scales: [1.0 / 128]), quantizes: true)
        var x = b.convolution("conv1", input, out: width, kernel: (3, 3), padding: (1, 1), rectifies: true)
        for stage in 0..<4 {
            for block in 0..<2 {
                let (channels, stride) = (width << stage, stage > 0 && block == 0 ? 2 : 1)
                let path = "layer\(stage + 1).\(block)"
                let y = b.convolution("\(path).conv1", x, out: channels, kernel: (3, 3), stride: (stride, stride), padding: (1, 1), rectifies: true)
                var shortcut = x
                if stride != 1 { shortcut = b.convolution("\(path).downsample.0", x, out: channels, kernel: (1, 1), stride: (stride, stride)) }
                x = b.convolution("\(path)_generated_add_0", y, out: channels, kernel: (3, 3), padding: (1, 1), residual: shortcut, rectifies: true)
            }
        }
        let shape = b.shape(x)
        let pool = IntegerPooling(kernel: [shape[2], shape[3]], stride: [1, 1])
        let rescale = Rescale(factor: 1.0 / Double(shape[2] * shape[3]), from: .int32, to: .int8, march: march)
        x = b.graph.addLayer("avgpool", .averagePool(pool, rescale), [x], IntegerValue(shape: [batch, shape[1], 1, 1], type: .int8, scales: [0.05]))
        x = b.reshape("flatten", x, [batch, shape[1]])
        b.output(march == .bernoulli2 ? x : b.linear("fc", x, out: 10))
        return b.graph
    }
}
