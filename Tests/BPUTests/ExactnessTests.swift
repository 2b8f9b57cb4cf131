import BPU
import BPUCompiler
import BPUSimulator
import Quantization
import Testing

/// What the simulator computes is what the integer reference computes, on every element.
@Suite struct ExactnessTests {
    /// Every level, each with another layout of inputs and outputs where the source is DDR.
    private func check(_ graph: IntegerGraph, source: InputSource = .ddr, seed: Int) throws {
        try graph.verify()
        var random = TestRandom(UInt64(seed))
        var tensors: [ProgramTensor] = []
        var elements: [[Int32]] = []
        for input in graph.inputs {
            let value = graph.values[input.value]
            if source == .ddr {
                elements.append(Reference.randomInput(value, &random))
                tensors.append(.integers(elements[elements.count - 1]))
            } else {
                let images = TestImages(frames: value.shape[0], height: value.shape[2], width: value.shape[3], &random)
                elements.append(images.tensor)
                tensors.append(.nv12(images.nv12))
            }
        }
        let expected = Reference.run(graph, elements)
        for (k, optimization) in Optimization.allCases.enumerated() {
            let layout = source == .ddr ? MapLayout.allCases[(seed + k) % MapLayout.allCases.count] : .native
            var options = CompilerOptions(name: graph.name, sources: [source], optimization: optimization)
            options.inputLayouts = [layout]
            options.outputLayout = layout
            let program = try Compiler.compile(graph, march: Reference.description(of: graph.march), options: options)
            let found = try Simulator(program).run(tensors)
            #expect(found == expected, "\(graph.name) at \(optimization), \(source), \(layout), \(graph.march): \(graph.layers.map(\.name))")
        }
    }

    @Test(arguments: [March.bayes, March.bernoulli2])
    func randomGraphsAtEveryLevel(march: March) throws {
        for seed in 0..<200 { try check(RandomGraph.make(seed, march: march, image: false), seed: seed) }
    }

    @Test(arguments: [InputSource.pyramid, .resizer], [March.bayes, .bernoulli2])
    func randomGraphsOnImagesAtEveryLevel(source: InputSource, march: March) throws {
        for seed in 300..<350 { try check(RandomGraph.make(seed, march: march, image: true), source: source, seed: seed) }
    }

    /// Once an internal error: the image was converted into the copies that the depthwise unit wants.
    @Test func depthwiseConvolutionsReadImages() throws {
        var b = ModelBuilder("Depthwise", seed: 2)
        let input = b.graph.addInput(IntegerValue(shape: [3, 3, 32, 48], type: .int8, scales: [1.0 / 128]), quantizes: true)
        let x = b.convolution("depthwise", input, out: 3, kernel: (3, 3), stride: (2, 2), padding: (1, 1), groups: 3)
        b.output(b.convolution("beside", input, out: 3, kernel: (3, 3), stride: (2, 2), padding: (1, 1), residual: x))
        try check(b.graph, source: .pyramid, seed: 1)
    }
}
