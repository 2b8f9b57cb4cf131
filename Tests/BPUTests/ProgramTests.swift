import BPU
import BPUCompiler
import BPUSimulator
import Quantization
import Testing

@Suite struct ProgramTests {
    static func program(_ seed: Int, image: Bool = false) throws -> (Program, IntegerGraph) {
        let graph = RandomGraph.make(seed, march: .bayes, image: image)
        let options = CompilerOptions(name: graph.name, sources: [image ? .pyramid : .ddr], optimization: Optimization.allCases[seed % 7])
        return (try Compiler.compile(graph, march: .bayes, options: options), graph)
    }

    @Test func textAndFileGiveTheSameProgramBack() throws {
        for seed in 0..<30 {
            let program = try Self.program(seed).0
            #expect(try Assembler.program(try Disassembler.text(program)) == program)
            #expect(try ProgramContainer.decode(try ProgramContainer.encode(program)) == program)
        }
    }

    @Test func assemblyErrorsNameTheLine() throws {
        let text = try Disassembler.text(try Self.program(1).0)
        #expect(throws: ProgramError.assembly(line: 1, "expected 'qnb-bpu 1'")) { try Assembler.program("nonsense") }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).count
        #expect(throws: ProgramError.assembly(line: lines, "unknown instruction 'jump'")) { try Assembler.program(text + "  jump") }
        #expect(throws: ProgramError.assembly(line: lines, "'layer' has no field 'speed'")) { try Assembler.program(text + "  layer speed=1") }
        #expect(throws: ProgramError.assembly(line: lines, "'x' is not an integer")) { try Assembler.program(text + "  layer layer=x") }
    }

    @Test func damagedFilesAreRefused() throws {
        let file = try ProgramContainer.encode(try Self.program(2).0)
        for at in stride(from: 0, to: file.count, by: max(1, file.count / 200)) {
            var damaged = file
            damaged[at] ^= 0x10
            #expect(throws: ProgramError.self) { try ProgramContainer.decode(damaged) }
        }
        for length in stride(from: 0, to: file.count, by: max(1, file.count / 50)) {
            #expect(throws: ProgramError.self) { try ProgramContainer.decode(Array(file[0..<length])) }
        }
    }

    /// Every field of every instruction changed in several ways, the checksum renewed: refused, or run without a crash; what then differs in
    /// the results is counted.
    @Test func mutatedProgramsNeverCrash() throws {
        var (refused, failed, different, same) = (0, 0, 0, 0)
        for seed in [3, 8, 21] {
            let (program, graph) = try Self.program(seed)
            var random = TestRandom(UInt64(seed))
            let inputs = graph.inputs.map { ProgramTensor.integers(Reference.randomInput(graph.values[$0.value], &random)) }
            let expected = try Simulator(program).run(inputs)
            for (index, instruction) in program.instructions.enumerated() {
                let format = instruction.format
                let values = instruction.fieldValues
                for field in values.indices {
                    for change in [values[field] ^ 1, values[field] + 64, -values[field] - 1, Int.max, Int.min] {
                        var mutated = values
                        mutated[field] = change
                        var broken = program
                        broken.instructions[index] = format.make(mutated)
                        // The work of a mutant may grow; only quick ones are worth running.
                        do throws(ProgramError) {
                            let result = try Simulator(broken).run(inputs)
                            if result == expected { same += 1 } else { different += 1 }
                        } catch {
                            if case .undefinedRead = error { failed += 1 } else { refused += 1 }
                        }
                    }
                }
            }
        }
        #expect(refused > 1000 && failed > 10 && different > 10, "\(refused) refused, \(failed) failed, \(different) different, \(same) the same")
        #expect(same < refused, "\(same) mutants had no effect: strides of single rows, bounds wider than the results, starts")
    }

    @Test func programsCannotReadWhatTheyNeverWrote() throws {
        let (program, graph) = try Self.program(4)
        var random = TestRandom(4)
        let inputs = graph.inputs.map { ProgramTensor.integers(Reference.randomInput(graph.values[$0.value], &random)) }
        var broken = program
        let first = try #require(broken.instructions.firstIndex { if case .load = $0 { true } else { false } })
        broken.instructions.remove(at: first)
        let error = #expect(throws: ProgramError.self) { try Simulator(broken).run(inputs) }
        if case .undefinedRead? = error {} else { Issue.record("\(String(describing: error))") }
    }

    @Test func wrongInputsAreExplained() throws {
        let program = try Self.program(5).0
        #expect(throws: ProgramError.argument("the model takes 1 inputs, 0 were given")) { try Simulator(program).run([]) }
        let count = program.header.inputs[0].shape.reduce(1, *)
        #expect(throws: ProgramError.argument("input 'arg0' takes \(count) elements, 1 were given")) { try Simulator(program).run([.integers([0])]) }
        #expect(throws: ProgramError.argument("input 'arg0' comes from DDR: it takes a tensor, not NV12 images")) {
            try Simulator(program).run([.nv12([])])
        }
    }

    @Test func impossibleSegmentsAreRefused() throws {
        var program = try Self.program(6).0
        program.header.segments[program.header.segments.count - 1].bytes = 1 << 40
        #expect(throws: ProgramError.invalid(instruction: nil, "a segment of 1099511627776 bytes")) { try Simulator(program) }
        // Much that is declared and never touched costs nothing.
        program.header.segments[program.header.segments.count - 1].bytes = 1 << 34
        #expect(throws: Never.self) { try Simulator(program) }
    }
}
