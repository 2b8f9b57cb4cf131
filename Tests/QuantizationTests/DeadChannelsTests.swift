import EngineTestSupport
import Kernels
import Quantization
import Tensors
import Testing

@Suite(.takingTurns) struct DeadChannelsTests {
    /// What becomes of a channel's weights.
    private enum Fate { case alive, silent, constant, unread }

    private struct Builder {
        var random: Random
        var graph: IntegerGraph

        mutating func convolution(
            _ path: String, _ x: Int, _ shape: [Int], out: Int, kernel: Int = 1, padding: Int = 0, stride: Int = 1, depthwise: Bool = false,
            rectifies: Bool = false,
            residual: Int? = nil, fates: [Fate] = [], read: [Fate] = []
        ) -> Int {
            let isLinear = shape.count == 2
            let perGroup = depthwise ? 1 : shape[1]
            let area = kernel * kernel
            var weight: [Int8] = []
            var bias: [Int32] = []
            for o in 0..<out {
                let fate = fates.isEmpty ? .alive : fates[o]
                // A channel without weights is 0 behind its rectifier where the bias is negative, else a constant.
                bias.append(fate == .silent ? -3_000 : fate == .constant ? Int32(random.next(500, 9_000)) : Int32(random.next(-9_000, 9_000)))
                for i in 0..<perGroup {
                    let isRead = read.isEmpty || read[i] != .unread
                    for _ in 0..<area { weight.append(isRead && fate != .silent && fate != .constant ? Int8(random.next(-128, 127)) : 0) }
                }
            }
            let spread = Double(perGroup * area).squareRoot() * 128 * 60
            var c = IntegerConvolution(
                weight: weight, weightShape: isLinear ? [out, perGroup] : [out, perGroup, kernel, kernel], bias: bias,
                weightScales: [Float](repeating: 1, count: out),
                groups: depthwise ? out : 1, stride: [stride, stride], padding: [padding, padding],
                rescale: (0..<out).map { _ in
                    Rescale(factor: 120 / spread * Double(random.next(50, 150)) / 100, from: .int32, to: .int8, march: graph.march)
                }, rectifies: rectifies)
            if residual != nil { c.alignment = (0..<out).map { _ in Alignment(factor: spread / 128 * Double(random.next(1, 200)) / 1000) } }
            let size = isLinear ? [] : shape[2...].map { ($0 + 2 * padding - kernel) / stride + 1 }
            return graph.addLayer(
                path, isLinear ? .linear(c) : .convolution(c), [x] + (residual.map { [$0] } ?? []),
                IntegerValue(shape: [shape[0], out] + size, type: .int8, scales: [1]))
        }
    }

    private func builder(_ shape: [Int], _ seed: UInt64, march: March = .bayes) -> (Builder, Int) {
        var graph = IntegerGraph(name: "net", march: march)
        let x = graph.addInput(IntegerValue(shape: shape, type: .int8, scales: [1]), quantizes: false)
        return (Builder(random: Random(state: seed), graph: graph), x)
    }

    private func compare(_ graph: IntegerGraph, _ seed: UInt64) throws {
        var random = Random(state: seed)
        let inputs = try graph.inputs.map { input in
            let shape = graph.values[input.value].shape
            return try Tensor.from((0..<shape.reduce(1, *)).map { _ in Double(random.next(-128, 127)) }, shape, dtype: .float64).to(.int8)
        }
        let expected = try IntegerExecutor(graph, usesKernels: false).run(inputs)
        for (seen, wanted) in zip(try IntegerExecutor(graph).run(inputs), expected) { #expect(try seen.integers() == wanted.integers()) }
    }

    /// Expansion, depthwise layer and projection with a residual, as in MobileNetV2; then a dense 3×3 layer, which sees padding.
    @Test(arguments: [March.bayes, .bernoulli2], [1, 3, 8]) func blocksWithDeadChannelsEqualTheReference(_ march: March, _ seed: Int) throws {
        let shape = [3, 16, 6, 5]
        var (b, x) = builder(shape, UInt64(seed), march: march)
        let hidden = 96
        let fates: [Fate] = (0..<hidden).map { [.silent, .constant, .unread, .alive, .silent][($0 * 7 + seed) % 5] }
        let expanded = b.convolution("expand", x, shape, out: hidden, rectifies: true, fates: fates)
        let moved = b.convolution(
            "depthwise", expanded, [3, hidden, 6, 5], out: hidden, kernel: 3, padding: 1, depthwise: true, rectifies: true,
            fates: (0..<hidden).map { $0 % 11 == 0 ? .constant : .alive })
        let projected = b.convolution("project", moved, [3, hidden, 6, 5], out: 16, residual: x, read: fates)
        let wide = b.convolution(
            "wide", projected, shape, out: 64, rectifies: true, fates: (0..<64).map { $0 < 20 ? .silent : $0 < 40 ? .constant : .alive })
        let dense = b.convolution("dense", wide, [3, 64, 6, 5], out: 20, kernel: 3, padding: 1)
        b.graph.outputs = [projected, dense].map { IntegerOutput(value: $0, dequantizes: false) }
        try b.graph.verify()
        let lean = b.graph.withoutDeadChannels()
        try lean.verify()
        // Silent and unread ones go; behind the border of the depthwise layer a constant is none. Of 64 channels the 20 silent ones go, down to 48.
        let gone = (0..<hidden).count { fates[$0] == .silent || fates[$0] == .unread || $0 % 11 == 0 }
        #expect(lean.values[expanded].shape[1] == (hidden - gone + 15) / 16 * 16)
        #expect(lean.values[moved].shape == lean.values[expanded].shape)
        #expect(lean.values[projected].shape == shape)
        #expect(lean.values[wide].shape[1] == 48)
        try compare(b.graph, UInt64(seed) + 5)
    }

    /// Constants that are not 0 are folded where no window sees the padding, and through a layer whose result is constant, too.
    @Test func constantsAreFolded() throws {
        var (b, x) = builder([2, 8, 7, 7], 4)
        let fates: [Fate] = (0..<48).map { $0 % 3 == 0 ? .alive : .constant }
        let first = b.convolution("first", x, [2, 8, 7, 7], out: 48, fates: fates)
        let second = b.convolution("second", first, [2, 48, 7, 7], out: 48, kernel: 3, depthwise: true)
        let third = b.convolution("third", second, [2, 48, 5, 5], out: 12, kernel: 2, stride: 2)
        b.graph.outputs = [IntegerOutput(value: third, dequantizes: false)]
        let lean = b.graph.withoutDeadChannels()
        try lean.verify()
        #expect(lean.values[first].shape == [2, 16, 7, 7] && lean.values[second].shape == [2, 16, 5, 5])
        try compare(b.graph, 9)
    }

    @Test func deadBlocksKeepAGroup() throws {
        var (b, x) = builder([40, 16, 24, 24], 6)
        let expanded = b.convolution("expand", x, [40, 16, 24, 24], out: 160, rectifies: true, fates: [Fate](repeating: .silent, count: 160))
        let moved = b.convolution(
            "depthwise", expanded, [40, 160, 24, 24], out: 160, kernel: 3, padding: 1, stride: 2, depthwise: true, rectifies: true)
        let projected = b.convolution("project", moved, [40, 160, 12, 12], out: 24)
        b.graph.outputs = [IntegerOutput(value: projected, dequantizes: false)]
        #expect(b.graph.withoutDeadChannels().values[moved].shape == [40, 16, 12, 12])
        try compare(b.graph, 2)
    }

    @Test func linearLayersLoseTheirs() throws {
        var (b, x) = builder([5, 20], 7)
        let hidden = b.convolution("hidden", x, [5, 20], out: 64, fates: (0..<64).map { $0 < 30 ? .constant : .alive })
        let logits = b.convolution("logits", hidden, [5, 64], out: 10, read: (0..<64).map { $0 > 50 ? .unread : .alive })
        b.graph.outputs = [IntegerOutput(value: logits, dequantizes: false)]
        #expect(b.graph.withoutDeadChannels().values[hidden].shape == [5, 32])
        try compare(b.graph, 3)
    }

    /// What others see stays whole: outputs, residuals, operands of layers without weights.
    @Test func channelsWithOtherReadersStay() throws {
        var (b, x) = builder([2, 8, 4, 4], 8)
        let silent = [Fate](repeating: .silent, count: 48)
        let shown = b.convolution("shown", x, [2, 8, 4, 4], out: 48, rectifies: true, fates: silent)
        let added = b.convolution("added", x, [2, 8, 4, 4], out: 48, rectifies: true, fates: silent)
        let sum = b.convolution("sum", shown, [2, 48, 4, 4], out: 48, residual: added)
        let pooled = b.convolution("pooled", sum, [2, 48, 4, 4], out: 48, rectifies: true, fates: silent)
        let pool = b.graph.addLayer(
            "pool", .maxPool(IntegerPooling(kernel: [2, 2], stride: [2, 2])), [pooled], IntegerValue(shape: [2, 48, 2, 2], type: .int8, scales: [1]))
        b.graph.outputs = [shown, pool].map { IntegerOutput(value: $0, dequantizes: false) }
        #expect(b.graph.withoutDeadChannels() == b.graph)
        try compare(b.graph, 3)
    }
}
