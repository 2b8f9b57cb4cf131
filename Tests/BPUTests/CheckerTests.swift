import BPU
import BPUCompiler
import Quantization
import Testing

/// Each violation names layer, limit and value; the compiler refuses with the same text.
@Suite struct CheckerTests {
    private func expect(_ graph: IntegerGraph, _ text: String, source: InputSource = .ddr, march: MarchDescription = .bayes) {
        let options = CompilerOptions(name: graph.name, sources: [source])
        let violations = ModelChecker.check(graph, march: march, options: options)
        #expect(violations.map(\.description).contains(text), "\(violations)")
        let error = #expect(throws: CompilerError.self) { try Compiler.compile(graph, march: march, options: options) }
        #expect(error?.description.contains(text) == true)
    }

    private func make(_ shape: [Int], _ scale: Float, _ march: March) -> (ModelBuilder, Int) {
        var b = ModelBuilder("Model", march: march, seed: 1)
        let input = b.graph.addInput(IntegerValue(shape: shape, type: .int8, scales: [scale]), quantizes: true)
        return (b, input)
    }

    @Test func kernelsAreLimited() {
        var (b, x) = make([1, 1, 40, 40], 1.0 / 128, .bayes)
        x = b.convolution("conv", x, out: 2, kernel: (33, 3))
        b.output(x)
        expect(b.graph, "_conv_hz_conv2d: kernel height 33 is outside 1…31 (bayes)")
    }

    @Test func weightsOfOneOutputAreLimited() {
        var (b, x) = make([1, 7000, 12, 12], 1.0 / 128, .bayes)
        x = b.convolution("big.conv", x, out: 1, kernel: (10, 1))
        b.output(x)
        expect(b.graph, "_big_conv_hz_conv2d: weights per output 70000 is outside 1…65534 (bayes)")
    }

    @Test func imagesHaveEvenSidesThreeChannelsAndTheirScale() {
        var (b, x) = make([1, 3, 33, 32], 1.0 / 128, .bayes)
        b.output(b.convolution("conv", x, out: 2, kernel: (3, 3)))
        expect(b.graph, "arg0: a pyramid input has an even height, this one has 33", source: .pyramid)
        (b, x) = make([1, 3, 32, 32], 0.5, .bayes)
        b.output(b.convolution("conv", x, out: 2, kernel: (3, 3)))
        expect(b.graph, "arg0: a resizer input has scale 1/128 = 0.0078125, this one has 0.5", source: .resizer)
        expect(b.graph, "arg0: a pyramid input has scale 1/128 = 0.0078125, this one has 0.5", source: .pyramid)
        (b, x) = make([1, 4, 32, 32], 1.0 / 128, .bayes)
        b.output(b.convolution("conv", x, out: 2, kernel: (3, 3)))
        expect(b.graph, "arg0: a pyramid input has 3 channels and rank 4, this one has the shape [1, 4, 32, 32]", source: .pyramid)
    }

    @Test func marchesDiffer() {
        var (b, x) = make([1, 8], 0.1, .bernoulli2)
        b.output(b.linear("fc", x, out: 2))
        expect(b.graph, "_fc_hz_linear_torch_native: linear layers are not supported (bernoulli2)", march: .bernoulli2)
        (b, x) = make([1, 8, 4, 4], 0.1, .bayes)
        b.output(b.convolution("conv", x, out: 2, kernel: (3, 3)))
        expect(b.graph, "Model: the model was quantized for bayes, not for bernoulli2", march: .bernoulli2)
    }

    @Test func goodModelsPass() {
        let graph = TestModels.mobileNetV2(batch: 4)
        #expect(ModelChecker.check(graph, march: .bayes, options: CompilerOptions(name: "m", sources: [.pyramid])).isEmpty)
    }
}
