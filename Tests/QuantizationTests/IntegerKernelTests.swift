import EngineTestSupport
import Kernels
import Quantization
import Tensors
import Testing

/// The fast kernels against the scalar reference: equal on every element.
@Suite(.takingTurns) struct IntegerKernelTests {
    struct Shape: CustomTestStringConvertible {
        var input: [Int]
        var out: Int
        var kernel: Int
        var stride = 1
        var padding = 0
        var groups = 1
        var residual = false
        var linear = false
        var testDescription: String { "\(input) → \(out), \(kernel)×\(kernel), stride \(stride), groups \(groups), residual \(residual)" }
    }

    static let shapes: [Shape] = [
        Shape(input: [2, 3, 9, 9], out: 32, kernel: 3, stride: 2, padding: 1), Shape(input: [3, 16, 5, 5], out: 96, kernel: 1),
        Shape(input: [2, 96, 4, 3], out: 24, kernel: 1), Shape(input: [2, 24, 7, 7], out: 144, kernel: 1, residual: true),
        Shape(input: [1, 144, 6, 6], out: 144, kernel: 3, padding: 1, groups: 144),
        Shape(input: [2, 32, 7, 7], out: 32, kernel: 3, stride: 2, padding: 1, groups: 32),
        Shape(input: [1, 48, 6, 6], out: 48, kernel: 5, padding: 2, groups: 48, residual: true),
        Shape(input: [1, 8, 6, 6], out: 12, kernel: 3, padding: 1, groups: 2),
        Shape(input: [2, 20, 1, 1], out: 80, kernel: 1, residual: true), Shape(input: [1, 7, 4, 4], out: 5, kernel: 1),
        Shape(input: [5, 64], out: 10, kernel: 1, linear: true),
        Shape(input: [1, 160, 2, 2], out: 160, kernel: 1),
        Shape(input: [3, 24, 9, 9], out: 24, kernel: 3, stride: 2, padding: 1, groups: 24, residual: true),
        Shape(input: [2, 48, 5, 6], out: 48, kernel: 3, padding: 1, groups: 48, residual: true),
        Shape(input: [3, 80, 4, 1], out: 80, kernel: 3, stride: 2, padding: 1, groups: 80),
        Shape(input: [2, 64, 1, 1], out: 64, kernel: 3, padding: 1, groups: 64),
        Shape(input: [1, 32, 7, 8], out: 32, kernel: 3, padding: 2, groups: 32),
        Shape(input: [2, 30, 6, 5], out: 45, kernel: 3, padding: 1, groups: 15),
        Shape(input: [2, 32, 5, 5], out: 64, kernel: 1, groups: 4, residual: true),
        Shape(input: [2, 3, 12, 11], out: 16, kernel: 3, padding: 2), Shape(input: [1, 3, 17, 18], out: 16, kernel: 7, stride: 2, padding: 3),
        Shape(input: [2, 4, 5, 9], out: 8, kernel: 2),
        Shape(input: [3, 6, 7, 7], out: 12, kernel: 3, groups: 6), Shape(input: [4, 30], out: 7, kernel: 1, linear: true),
        Shape(input: [14, 64, 17, 17], out: 8, kernel: 3, padding: 1),
        Shape(input: [3, 64, 5, 3], out: 40, kernel: 1, residual: true), Shape(input: [11, 36], out: 21, kernel: 1, linear: true),
        Shape(input: [2, 32, 31, 29], out: 32, kernel: 1), Shape(input: [1, 3, 6, 7], out: 16, kernel: 3, stride: 2, padding: 1),
        Shape(input: [3, 48, 2, 2], out: 48, kernel: 3, padding: 1, groups: 48),
        Shape(input: [2, 96, 2, 2], out: 96, kernel: 3, padding: 1, groups: 96, residual: true),
        Shape(input: [3, 16, 6, 5], out: 16, kernel: 3, padding: 1, groups: 16),
        Shape(input: [1, 112, 5, 4], out: 112, kernel: 3, stride: 2, padding: 1, groups: 112),
        Shape(input: [2, 16, 9, 9], out: 16, kernel: 3, stride: 3, padding: 1, groups: 16),
        Shape(input: [1, 40, 5, 5], out: 40, kernel: 3, padding: 1, groups: 40, residual: true),
        Shape(input: [1, 16, 14, 13], out: 16, kernel: 11, padding: 5, groups: 16),
        Shape(input: [1, 16, 15, 14], out: 16, kernel: 13, padding: 6, groups: 16),
        Shape(input: [2, 16, 5, 7], out: 16, kernel: 3, stride: 2, padding: 1, groups: 16, residual: true),
        Shape(input: [5, 64, 2, 1], out: 64, kernel: 3, padding: 1, groups: 64),
        Shape(input: [2, 32, 1, 2], out: 32, kernel: 3, padding: 1, groups: 32),
    ]

    /// A graph of one layer with random weights and multipliers that reach and exceed the int8 range.
    private func graph(_ s: Shape, march: March, wide: Bool, int32: Bool, seed: UInt64, operand: IntegerType = .int8, narrow: IntegerType = .int8)
        -> IntegerGraph
    {
        var random = Random(state: seed)
        var graph = IntegerGraph(name: "layer", march: march)
        let x = graph.addInput(IntegerValue(shape: s.input, type: operand, scales: [1]), quantizes: false)
        let size = s.linear ? 1 : (s.input[2] + 2 * s.padding - s.kernel) / s.stride + 1
        let sizeW = s.linear ? 1 : (s.input[3] + 2 * s.padding - s.kernel) / s.stride + 1
        let perGroup = s.input[1] / s.groups
        let weightShape = s.linear ? [s.out, s.input[1]] : [s.out, perGroup, s.kernel, s.kernel]
        let fan = perGroup * s.kernel * s.kernel
        var c = IntegerConvolution(
            weight: (0..<(s.out * fan)).map { _ in Int8(random.next(-128, 127)) }, weightShape: weightShape,
            bias: (0..<s.out).map { _ in Int32(random.next(-20_000, 20_000)) },
            weightScales: [Float](repeating: 1, count: s.out), groups: s.groups, stride: [s.stride, s.stride], padding: [s.padding, s.padding],
            rectifies: random.next(0, 1) == 1)
        let spread = Double(fan).squareRoot() * 128 * 60
        if int32 {
            c.rectifies = false
        } else {
            c.rescale = (0..<s.out).map { _ in
                Rescale(factor: (wide ? 2000.0 : 90) / spread * Double(random.next(50, 150)) / 100, from: .int32, to: narrow, march: march)
            }
        }
        var inputs = [x]
        let shape = s.linear ? [s.input[0], s.out] : [s.input[0], s.out, size, sizeW]
        if s.residual && !int32 {
            inputs.append(graph.addInput(IntegerValue(shape: shape, type: .int8, scales: [1]), quantizes: false))
            c.alignment = (0..<s.out).map { _ in Alignment(factor: spread / 128 * Double(random.next(1, 200)) / 1000) }
        }
        let scales = [Float](repeating: 1, count: int32 ? s.out : 1)
        let y = graph.addLayer(
            "layer", s.linear ? .linear(c) : .convolution(c), inputs, IntegerValue(shape: shape, type: int32 ? .int32 : narrow, scales: scales))
        graph.outputs = [IntegerOutput(value: y, dequantizes: false)]
        return graph
    }

    /// `values` are drawn from instead of all values of the type.
    private func compare(_ graph: IntegerGraph, _ seed: UInt64, values: [Int] = []) throws {
        var random = Random(state: seed)
        let inputs = try graph.inputs.map { input in
            let value = graph.values[input.value]
            let elements = (0..<value.count).map { _ in
                Double(values.isEmpty ? random.next(value.type.minimum, value.type.maximum) : values[random.next(0, values.count - 1)])
            }
            return try Tensor.from(elements, value.shape, dtype: .float64).to(value.type == .int8 ? .int8 : .int32)
        }
        let expected = try IntegerExecutor(graph, usesKernels: false).run(inputs)
        for (seen, wanted) in zip(try IntegerExecutor(graph).run(inputs), expected) { #expect(try seen.integers() == wanted.integers()) }
    }

    @Test(arguments: shapes) func kernelsEqualTheReference(_ shape: Shape) throws {
        for level in Int8KernelLevel.allCases {
            setInt8KernelLevel(level)
            defer { setInt8KernelLevel(.avx512VNNI) }
            for march in [March.bayes, .bernoulli2] {
                for wide in [false, true] { try compare(graph(shape, march: march, wide: wide, int32: false, seed: 11), 5) }
            }
            try compare(graph(shape, march: .bayes, wide: false, int32: true, seed: 3), 7)
        }
    }

    /// A rectifier before the layer: its operand is known to have no negative values, and other kernels may run.
    @Test(arguments: shapes, [1, 3]) func layersBehindRectifiersEqualTheReference(_ shape: Shape, _ divisor: Int8) throws {
        for level in Int8KernelLevel.allCases {
            setInt8KernelLevel(level)
            defer { setInt8KernelLevel(.avx512VNNI) }
            for march in [March.bayes, .bernoulli2] {
                try compare(behindRectifier(graph(shape, march: march, wide: divisor > 1, int32: false, seed: 17), divisor), 6)
            }
        }
    }

    /// The largest products there are: sums in 16 bits and sums that wrap on the way must not be off. The bias takes the mean away, so that results lie
    /// within int8, and the scale shows one product's overflow as 17.
    @Test(arguments: [[-128, 127], [127], [64, 65], [-65, -64, 64, 65]], [[-128], [127], [-128, 127]]) func extremesEqualTheReference(
        _ weights: [Int], _ values: [Int]
    ) throws {
        let shape = Shape(input: [9, 2048, 1, 1], out: 24, kernel: 1)
        for isRectified in [false, true] {
            var random = Random(state: 8)
            var graph = graph(shape, march: .bayes, wide: false, int32: false, seed: 2)
            guard case .convolution(var c) = graph.layers[0].operation else { return }
            c.weight = c.weight.map { _ in Int8(weights[random.next(0, weights.count - 1)]) }
            let twice = values.map { isRectified ? max($0, 0) : $0 }.reduce(0, +) * 2 / values.count
            for o in 0..<24 { c.bias[o] += Int32(-c.weight[o * 2048..<(o + 1) * 2048].reduce(0) { $0 + Int($1) } * twice / 2) }
            c.rectifies = false
            graph.layers[0].operation = .convolution(c)
            if isRectified { graph = behindRectifier(graph, 1) }
            let seen = try IntegerExecutor(graph).run([
                try Tensor.from((0..<9 * 2048).map { Double(values[$0 % values.count]) }, shape.input, dtype: .float64).to(.int8)
            ])
            #expect(try seen[0].integers().contains { abs($0) < 127 })
            try compare(graph, 4, values: values)
        }
    }

    /// The same graph with the layer's operand rectified, and its weights divided: large and small ones take different paths.
    private func behindRectifier(_ source: IntegerGraph, _ divisor: Int8) -> IntegerGraph {
        var graph = source
        graph.values.append(graph.values[0])
        let rectified = graph.values.count - 1
        var layer = graph.layers[0]
        layer.inputs[0] = rectified
        switch layer.operation {
        case .convolution(var c):
            c.weight = c.weight.map { $0 / divisor }
            layer.operation = .convolution(c)
        case .linear(var c):
            c.weight = c.weight.map { $0 / divisor }
            layer.operation = .linear(c)
        default: break
        }
        graph.layers = [
            IntegerLayer(path: "rectify", name: "_rectify_hz_relu", operation: .rectify(high: nil), inputs: [0], output: rectified), layer,
        ]
        return graph
    }

    @Test(arguments: shapes) func wideLayersEqualTheReference(_ shape: Shape) throws {
        for (operand, narrow) in [(IntegerType.int16, IntegerType.int8), (.int8, .int16), (.int16, .int16)] {
            let graph = graph(shape, march: .bayes, wide: true, int32: false, seed: 13, operand: operand, narrow: narrow)
            #expect(try IntegerExecutor(graph).referenceLayers.isEmpty)
            try compare(graph, 8)
        }
        try compare(graph(shape, march: .bayes, wide: false, int32: true, seed: 3, operand: .int16), 7)
    }

    /// Batches too large for the cache run in parts, the last of which may be smaller.
    @Test(arguments: [false, true]) func largeBatchesEqualTheReference(_ int32: Bool) throws {
        let graph = graph(Shape(input: [37, 16, 32, 32], out: 80, kernel: 1, residual: true), march: .bayes, wide: false, int32: int32, seed: 19)
        #expect(graph.batch == 37)
        let threads = ThreadPool.shared.threadCount
        defer { ThreadPool.shared.threadCount = threads }
        ThreadPool.shared.threadCount = 2
        try compare(graph, 12)
    }

    /// Few rows are shared by columns, the last of which may not fill a group; many by rows.
    @Test(arguments: [[3, 640, 1, 1], [16, 96, 3, 3]], [2, 5]) func sharedLayersEqualTheReference(_ input: [Int], _ count: Int) throws {
        let threads = ThreadPool.shared.threadCount
        defer {
            ThreadPool.shared.threadCount = threads
            setInt8KernelLevel(.avx512VNNI)
        }
        ThreadPool.shared.threadCount = count
        for level in Int8KernelLevel.allCases {
            setInt8KernelLevel(level)
            let graph = graph(Shape(input: input, out: 1_003, kernel: 1, residual: true), march: .bayes, wide: false, int32: false, seed: 23)
            try compare(graph, 14)
            try compare(behindRectifier(graph, 1), 15)
        }
    }

    @Test func layersThatJoinImagesKeepTheBatchTogether() throws {
        var graph = IntegerGraph(name: "join", march: .bayes)
        let x = graph.addInput(IntegerValue(shape: [6, 64, 64, 128], type: .int8, scales: [1]), quantizes: false)
        let y = graph.addLayer("fold", .reshape, [x], IntegerValue(shape: [3, 128, 64, 128], type: .int8, scales: [1]))
        graph.outputs = [IntegerOutput(value: y, dequantizes: false)]
        #expect(graph.batch == nil)
        try compare(graph, 3)
    }

    /// One graph through every layer without weights; all of it in bytes.
    @Test(arguments: [March.bayes, .bernoulli2]) func layersWithoutWeightsEqualTheReference(_ march: March) throws {
        var random = Random(state: 9)
        var graph = IntegerGraph(name: "layers", march: march)
        func rescale(_ factor: Double, from source: IntegerType = .int32) -> Rescale {
            Rescale(factor: factor, from: source, to: .int8, march: march)
        }
        func add(_ path: String, _ operation: IntegerOperation, _ inputs: [Int], _ shape: [Int]) -> Int {
            graph.addLayer(path, operation, inputs, IntegerValue(shape: shape, type: .int8, scales: [1]))
        }
        let shape = [2, 12, 14, 15]
        let x = graph.addInput(IntegerValue(shape: shape, type: .int8, scales: [1]), quantizes: false)
        let rectified = add("rectify", .rectify(high: 100), [x], shape)
        let table = add("table", .lookup(table: (0..<256).map { _ in Int8(random.next(-128, 127)) }), [x], shape)
        let sum = add(
            "add", .add(IntegerAddition(multiplierA: 1 << 10, multiplierB: 700, rescale: rescale(0.8 / 1024), rectifies: false)), [rectified, table],
            shape)
        let product = add("product", .multiply(rescale(0.02)), [sum, x], shape)
        let requantized = add("requantize", .requantize(rescale(1.7, from: .int8)), [product], shape)
        let pool = IntegerPooling(kernel: [3, 2], stride: [2, 1], padding: [1, 1])
        let largest = add("max", .maxPool(pool), [requantized], [2, 12, 7, 16])
        let mean = add("mean", .averagePool(pool, rescale(1.1 / 6)), [x], [2, 12, 7, 16])
        let joined = add("cat", .concatenate(axis: 1, [nil, rescale(0.7, from: .int8)]), [largest, mean], [2, 24, 7, 16])
        let beside = add("beside", .concatenate(axis: 3, [nil, nil]), [joined, joined], [2, 24, 7, 32])
        let cut = add("cut", .slice(axis: 2, start: 1, step: 2), [beside], [2, 24, 3, 32])
        let padded = add("pad", .pad(before: [0, 1, 0, 2], after: [0, 0, 1, 3], value: -7), [cut], [2, 25, 4, 37])
        let large = add("up", .nearestUpsample(scaleH: 2, scaleW: 3), [padded], [2, 25, 8, 111])
        let turned = add("turn", .permute(order: [0, 3, 1, 2]), [large], [2, 111, 25, 8])
        let folded = add("fold", .reshape, [turned], [2, 37, 75, 8])
        let flat = add("flat", .reshape, [folded], [2, 22_200])
        graph.outputs = [folded, flat, sum].map { IntegerOutput(value: $0, dequantizes: false) }
        #expect(try IntegerExecutor(graph).referenceLayers.isEmpty)
        try compare(graph, 21)
    }

    @Test func wideLinearLayersOfThreeDimensionsEqualTheReference() throws {
        var random = Random(state: 4)
        var graph = IntegerGraph(name: "layer", march: .bayes)
        let x = graph.addInput(IntegerValue(shape: [2, 3, 6], type: .int16, scales: [1]), quantizes: false)
        let c = IntegerConvolution(
            weight: (0..<30).map { _ in Int8(random.next(-128, 127)) }, weightShape: [5, 6], bias: (0..<5).map { _ in Int32(random.next(-900, 900)) },
            weightScales: [Float](repeating: 1, count: 5),
            rescale: (0..<5).map { Rescale(factor: 0.1 * Double($0 + 1), from: .int32, to: .int16, march: .bayes) })
        let y = graph.addLayer("layer", .linear(c), [x], IntegerValue(shape: [2, 3, 5], type: .int16, scales: [1]))
        graph.outputs = [IntegerOutput(value: y, dequantizes: false)]
        try compare(graph, 8)
    }

    @Test func archivesRoundTrip() throws {
        let graph = graph(Self.shapes[3], march: .bayes, wide: false, int32: false, seed: 1)
        #expect(try IntegerArchive.decode(try IntegerArchive.encode(graph)) == graph)
    }

    @Test func damagedArchivesAreErrors() throws {
        let bytes = try IntegerArchive.encode(graph(Self.shapes[1], march: .bayes, wide: false, int32: false, seed: 1))
        #expect(throws: (any Error).self) { try IntegerArchive.decode(Array(bytes.prefix(bytes.count / 2))) }
        for position in Swift.stride(from: 0, to: bytes.count, by: 97) {
            var damaged = bytes
            damaged[position] ^= 0xFF
            // Damage in a part nobody reads may go unnoticed; what must not happen is a crash.
            _ = try? IntegerArchive.decode(damaged)
        }
    }
}
