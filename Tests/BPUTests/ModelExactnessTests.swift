import BPU
import BPUCompiler
import BPUSimulator
import Quantization
import Testing

/// Whole networks: the simulator against the integer reference.
@Suite struct ModelExactnessTests {
    /// A batch whose frames repeat a few different ones, so that the slow reference computes each only once.
    private func check(_ make: (Int) -> IntegerGraph, batch: Int, distinct: Int, _ optimization: Optimization, march: MarchDescription = .bayes)
        throws
    {
        let small = make(distinct)
        let value = small.values[small.inputs[0].value]
        var random = TestRandom(11)
        let images = TestImages(frames: distinct, height: value.shape[2], width: value.shape[3], &random)
        let expected = Reference.run(small, [images.tensor])[0]
        let order = (0..<batch).map { _ in random.below(distinct) }
        let frameBytes = images.nv12.count / distinct
        let outputs = expected.count / distinct
        let options = CompilerOptions(name: small.name, sources: [.pyramid], optimization: optimization)
        let program = try Compiler.compile(make(batch), march: march, options: options)
        let found = try Simulator(program).run([.nv12(order.flatMap { images.nv12[$0 * frameBytes..<($0 + 1) * frameBytes] })])[0]
        #expect(found == order.flatMap { expected[$0 * outputs..<($0 + 1) * outputs] })
        #expect(Set(expected).count > 5)
    }

    @Test(arguments: Optimization.allCases)
    func mobileNetV2AtBatchOne(optimization: Optimization) throws {
        try check({ TestModels.mobileNetV2(batch: $0) }, batch: 1, distinct: 1, optimization)
    }

    @Test(arguments: [Optimization.o0, .o1, .o3])
    func mobileNetV2AtBatch256(optimization: Optimization) throws {
        try check({ TestModels.mobileNetV2(batch: $0) }, batch: 256, distinct: 4, optimization)
    }

    @Test func resNet18() throws {
        for optimization in Optimization.allCases { try check({ TestModels.resNet18(batch: $0, width: 16) }, batch: 3, distinct: 2, optimization) }
        try check({ TestModels.resNet18(batch: $0) }, batch: 1, distinct: 1, .o2)
        try check({ TestModels.resNet18(batch: $0, width: 16, march: .bernoulli2) }, batch: 2, distinct: 2, .o3, march: .bernoulli2)
    }

    /// Maps that do not fit on chip: strips of rows, and filters cut into several pieces.
    @Test func largeMapsAndFiltersAreCut() throws {
        var b = ModelBuilder("Large", seed: 5)
        let input = b.graph.addInput(IntegerValue(shape: [1, 16, 300, 310], type: .int8, scales: [0.1]), quantizes: true)
        var x = b.convolution("down", input, out: 24, kernel: (3, 3), stride: (2, 2), padding: (1, 1), rectifies: true)
        x = b.convolution("dw", x, out: 24, kernel: (3, 3), padding: (1, 1), groups: 24)
        let pool = IntegerPooling(kernel: [3, 3], stride: [8, 8], padding: [1, 1])
        x = b.graph.addLayer("pool", .maxPool(pool), [x], IntegerValue(shape: [1, 24, 19, 20], type: .int8, scales: [0.1]))
        x = b.convolution("wide", x, out: 1500, kernel: (5, 5), stride: (4, 4))
        b.output(x)
        var random = TestRandom(3)
        let elements = Reference.randomInput(b.graph.values[input], &random)
        let expected = Reference.run(b.graph, [elements])
        for optimization in [Optimization.o0, .o1, .o3] {
            let program = try Compiler.compile(b.graph, march: .bayes, options: CompilerOptions(name: "Large", optimization: optimization))
            #expect(try Simulator(program).run([.integers(elements)]) == expected)
        }
    }

    /// Joins, stretches, slices, borders and transpositions of maps that do not fit on chip: strips of rows.
    @Test func movesOfLargeMapsAreCut() throws {
        var b = ModelBuilder("Moves", seed: 6)
        let input = b.graph.addInput(IntegerValue(shape: [2, 12, 120, 130], type: .int8, scales: [0.1]), quantizes: true)
        func layer(_ path: String, _ operation: IntegerOperation, _ inputs: [Int], _ shape: [Int]) -> Int {
            b.graph.addLayer(path, operation, inputs, IntegerValue(shape: shape, type: .int8, scales: [0.1]))
        }
        let small = b.convolution("small", input, out: 20, kernel: (1, 1))
        let large = layer("up", .nearestUpsample(scaleH: 3, scaleW: 1), [small], [2, 20, 360, 130])
        let halved = Rescale(factor: 0.5, from: .int8, to: .int8, march: .bayes)
        let joined = layer("cat", .concatenate(axis: 1, [nil, halved]), [large, large], [2, 40, 360, 130])
        let beside = layer("beside", .concatenate(axis: 3, [nil, nil]), [joined, joined], [2, 40, 360, 260])
        let cut = layer("cut", .slice(axis: 3, start: 1, step: 2), [beside], [2, 40, 360, 130])
        let bordered = layer("pad", .pad(before: [0, 0, 0, 1], after: [0, 2, 0, 2], value: 7), [cut], [2, 42, 360, 133])
        let turned = layer("turn", .permute(order: [0, 3, 2, 1]), [bordered], [2, 133, 360, 42])
        b.output(layer("pool", .maxPool(IntegerPooling(kernel: [2, 2], stride: [5, 5])), [turned], [2, 133, 72, 9]))
        try b.graph.verify()
        var random = TestRandom(4)
        let elements = Reference.randomInput(b.graph.values[input], &random)
        let expected = Reference.run(b.graph, [elements])
        for optimization in [Optimization.o0, .o1, .o3] {
            let program = try Compiler.compile(b.graph, march: .bayes, options: CompilerOptions(name: "Moves", optimization: optimization))
            #expect(try Simulator(program).run([.integers(elements)]) == expected)
        }
    }

    @Test func anImageOfTheSameSizeIsResizedToItself() throws {
        var random = TestRandom(9)
        let image = TestImages(frames: 1, height: 12, width: 16, &random).nv12
        let whole = ImageRegion(left: 0, top: 0, width: 16, height: 12)
        #expect(try ImageResizer.resize(nv12: image, width: 16, height: 12, region: whole, toWidth: 16, toHeight: 12) == image)
        let flat = [UInt8](repeating: 77, count: 24)
        #expect(
            try ImageResizer.resize(
                nv12: flat, width: 4, height: 4, region: ImageRegion(left: 2, top: 0, width: 2, height: 4), toWidth: 6, toHeight: 8)
                == [UInt8](repeating: 77, count: 72))
        #expect(throws: ProgramError.self) {
            try ImageResizer.resize(
                nv12: image, width: 16, height: 12, region: ImageRegion(left: 2, top: 0, width: 16, height: 12), toWidth: 8, toHeight: 8)
        }
    }
}
