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
        let documented = CompilerOptions(name: "MobileNetV2", sources: [.pyramid], optimization: .o3)
        var programs = [try Compiler.compile(TestModels.mobileNetV2(batch: 4), march: .bayes, options: documented)]
        for seed in 0..<100 { programs.append(try Self.program(seed, image: seed % 3 == 0).0) }
        for program in programs {
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

    /// What became of the mutants of one field.
    private struct Fate {
        var refused = 0, stopped = 0, different = 0, same = 0
        var detected: Int { refused + stopped + different }
    }

    /// Fields that are no part of the computation: the layer an instruction is counted for.
    private static let inert: Set<String> = ["layer.layer"]

    /// Each field of each instruction changed in several ways, the checksum renewed: refused by the verifier, stopped at a read of what was
    /// never written, or another result; never a crash. A mutant may also do the same (strides of single rows, bounds wider than the results),
    /// but none of the fields can be flipped unnoticed everywhere.
    @Test func mutatedProgramsAreDetectedAndNeverCrash() throws {
        var fates: [String: Fate] = [:]
        for seed in 0..<48 {
            let image = seed % 4 == 0
            let (program, graph) = try Self.program(seed, image: image)
            var random = TestRandom(UInt64(seed))
            let inputs = graph.inputs.map { input in
                let value = graph.values[input.value]
                if !image { return ProgramTensor.integers(Reference.randomInput(value, &random)) }
                return .nv12(TestImages(frames: value.shape[0], height: value.shape[2], width: value.shape[3], &random).nv12)
            }
            let expected = try Simulator(program).run(inputs)
            var seen: [String: Int] = [:]
            for (index, instruction) in program.instructions.enumerated() {
                let (format, values) = (instruction.format, instruction.fieldValues)
                // A few of each kind: programs repeat themselves tile by tile.
                seen[format.mnemonic, default: 0] += 1
                if seen[format.mnemonic, default: 0] > 2 { continue }
                for field in values.indices {
                    for change in [values[field] ^ 1, values[field] + 64, -values[field] - 1, Int.max, Int.min] {
                        var mutated = values
                        mutated[field] = change
                        var broken = program
                        broken.instructions[index] = format.make(mutated)
                        Self.run(broken, inputs, expected, &fates["\(format.mnemonic).\(format.names[field])", default: Fate()])
                    }
                }
            }
        }
        for format in Instruction.formats {
            for name in format.names.map({ "\(format.mnemonic).\($0)" }) {
                let fate = try #require(fates[name], "no program has \(name)")
                #expect(fate.different + fate.stopped > 0 || fate.refused > fate.same || Self.inert.contains(name), "\(name): \(fate)")
                #expect(fate.refused > 0, "\(name) accepts every value: \(fate)")
            }
        }
    }

    private static func run(_ program: Program, _ inputs: [ProgramTensor], _ expected: [[Int32]], _ fate: inout Fate) {
        do throws(ProgramError) {
            if try Simulator(program).run(inputs) == expected { fate.same += 1 } else { fate.different += 1 }
        } catch {
            if case .undefinedRead = error { fate.stopped += 1 } else { fate.refused += 1 }
        }
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

    @Test func runsEndWhereTheirCallerWants() throws {
        let (program, graph) = try Self.program(4)
        var random = TestRandom(4)
        let inputs = graph.inputs.map { ProgramTensor.integers(Reference.randomInput(graph.values[$0.value], &random)) }
        var asked = 0
        #expect(throws: ProgramError.interrupted(instruction: 2)) {
            try Simulator(program).run(inputs) {
                asked += 1
                return asked < 3
            }
        }
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
