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

    /// Channels without weights are computed up to O1 and left out above.
    @Test(arguments: [March.bayes, .bernoulli2]) func deadChannelsAtEveryLevel(march: March) throws {
        var b = ModelBuilder("Dead", march: march, seed: 5)
        let input = b.graph.addInput(IntegerValue(shape: [4, 16, 14, 10], type: .int8, scales: [0.05]), quantizes: true)
        let expanded = b.convolution("expand", input, out: 96, kernel: (1, 1), rectifies: true)
        let moved = b.convolution("depthwise", expanded, out: 96, kernel: (3, 3), padding: (1, 1), groups: 96, rectifies: true)
        b.output(b.convolution("project", moved, out: 16, kernel: (1, 1), residual: input))
        guard case .convolution(var c) = b.graph.layers[0].operation else { return }
        for o in 0..<96 where o % 3 > 0 {
            for i in 0..<16 { c.weight[o * 16 + i] = 0 }
            // Behind the rectifier one half is 0, the other a constant.
            c.bias[o] = o % 3 == 1 ? -1 : abs(c.bias[o])
        }
        b.graph.layers[0].operation = .convolution(c)
        #expect(b.graph.withoutDeadChannels().values[expanded].shape == [4, 64, 14, 10])
        try check(b.graph, seed: 3)
        let sizes = try [Optimization.o1, .o2].map { level in
            try Compiler.compile(
                b.graph, march: Reference.description(of: march), options: CompilerOptions(name: "Dead", sources: [.ddr], optimization: level)
            ).constants.count
        }
        #expect(sizes[1] < sizes[0])
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
