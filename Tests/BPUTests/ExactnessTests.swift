import BPU
import BPUCompiler
import BPUSimulator
import Quantization
import Testing

/// What the simulator computes is what the integer reference computes, on every element.
@Suite struct ExactnessTests {
    private func check(_ graph: IntegerGraph, _ optimization: Optimization, source: InputSource = .ddr, layout: MapLayout = .native, seed: UInt64)
        throws
    {
        var random = TestRandom(seed)
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
        var options = CompilerOptions(name: graph.name, sources: [source], optimization: optimization)
        options.inputLayouts = [layout]
        options.outputLayout = layout
        let program = try Compiler.compile(graph, march: Reference.description(of: graph.march), options: options)
        let found = try Simulator(program).run(tensors)
        let expected = Reference.run(graph, elements)
        #expect(found == expected, "\(graph.name) at \(optimization), \(source), \(layout), \(graph.march): \(graph.layers.map(\.name))")
    }

    @Test(arguments: [March.bayes, March.bernoulli2])
    func randomGraphsAtEveryLevel(march: March) throws {
        for seed in 0..<140 {
            let graph = RandomGraph.make(seed, march: march, image: false)
            try graph.verify()
            let levels = Optimization.allCases
            try check(graph, levels[seed % levels.count], layout: MapLayout.allCases[seed / levels.count % 3], seed: UInt64(seed))
            try check(graph, levels[(seed + 3) % levels.count], seed: UInt64(seed) + 1000)
        }
    }

    @Test(arguments: [InputSource.pyramid, InputSource.resizer])
    func randomGraphsOnImages(source: InputSource) throws {
        for seed in 300..<340 {
            let graph = RandomGraph.make(seed, march: seed % 2 == 0 ? .bayes : .bernoulli2, image: true)
            try graph.verify()
            try check(graph, Optimization.allCases[seed % 7], source: source, seed: UInt64(seed))
        }
    }
}
