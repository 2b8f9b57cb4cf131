import Bytecode
import Diagnostics
import Foundation
import Syntax
import Testing

@Suite struct VerifierTests {
    /// The library and all language tests that are programs.
    @Test(arguments: Repository.programs(below: "stdlib") + Repository.programs(below: "Tests/Language"))
    func everyProgramVerifies(_ file: URL) throws {
        let source = SourceText(name: file.lastPathComponent, bytes: Array(try Data(contentsOf: file)))
        let code: Code
        do {
            code = try compile(try parse(module: source), globals: GlobalNames(), mode: .module)
        } catch {
            return  // Some test programs are about being refused.
        }
        #expect(Verifier.verify(code).map(\.description) == [])
    }

    private static let program = """
        def f(a, *rest, k=1):
            total = 0
            for x in rest:
                try:
                    with open(x) as file:
                        total += len(file.read()) if a < x < k else -1
                except (OSError, ValueError) as error:
                    print(error, *rest, sep="")
                    continue
                finally:
                    k, a = a, [y for y in rest if y]
            return total and (lambda: a)
        """

    /// Changing any flag or dropping any clean-up breaks the rules, and the verifier says so.
    @Test func mutationsAreCaught() throws {
        let code = try Program(VerifierTests.program).function("f")
        #expect(Verifier.verify(code).isEmpty)
        var survivors: [String] = []
        var tried = 0
        for (index, instruction) in code.instructions.enumerated() where !leadsToReraise(code, index) {
            for mutant in mutants(of: instruction, code) {
                tried += 1
                if Verifier.verify(code.replacing(index, with: mutant)).isEmpty { survivors.append("\(index): \(instruction.op)") }
            }
        }
        #expect(tried > 30)
        #expect(survivors == [])
    }

    /// A `yield` that calls a register dead which is not would lose what it holds.
    @Test func registersAboveAYieldMustBeDead() throws {
        let code = try Program("def f(xs):\n    for x in xs:\n        yield x\n").function("f")
        #expect(Verifier.verify(code).isEmpty)
        let index = try #require(code.instructions.firstIndex { $0.op == .yieldValue })
        var mutant = code.instructions[index]
        mutant.b = UInt16(code.localNames.count << 4)
        #expect(!Verifier.verify(code.replacing(index, with: mutant)).isEmpty)
    }

    /// What is left in registers when an exception leaves the function is no concern of the verifier's.
    private func leadsToReraise(_ code: Code, _ index: Int) -> Bool {
        code.instructions[index...].prefix(6).contains { $0.op == .reraise } && code.instructions[index].op != .reraise
    }

    private func mutants(of instruction: Instruction, _ code: Code) -> [Instruction] {
        let isTemporary = { (field: UInt16) in Int(field >> 4) >= code.localNames.count }
        var result: [Instruction] = []
        switch instruction.op {
        case .moveTemp, .loadConst, .loadInt, .loadGlobal, .getIter, .unpack, .getAttr, .reraise, .leaveHandler, .enterHandler, .withEnter,
            .makeCell, .withExceptArguments:
            if instruction.op != .moveTemp || isTemporary(instruction.b) { result.append(Instruction(.nop)) }
        case .clear where isTemporary(instruction.a): result.append(Instruction(.nop))
        default: break
        }
        if instruction.op == .clear, code.instructions.contains(where: { $0.op == .callSpread && $0.a == instruction.a &- 32 }) {
            result.removeAll()  // Only makes certain what the verifier knows anyway.
        }
        for flag in [OperandFlag.consumeA, OperandFlag.consumeB, OperandFlag.consumeC] where instruction.x & flag != 0 {
            var mutant = instruction
            mutant.x ^= flag
            result.append(mutant)
        }
        return result
    }
}

extension Code {
    /// This code with one instruction changed.
    fileprivate func replacing(_ index: Int, with instruction: Instruction) -> Code {
        var instructions = instructions
        instructions[index] = instruction
        return Code(
            name: name, qualifiedName: qualifiedName, source: source, firstLine: firstLine, flags: flags, documentation: documentation,
            instructions: instructions, ranges: ranges, constants: constants, names: names, cacheNames: cacheNames, handlers: handlers,
            inlinedScopes: inlinedScopes, positionalOnlyCount: positionalOnlyCount, positionalCount: positionalCount,
            keywordOnlyCount: keywordOnlyCount, localNames: localNames, freeNames: freeNames, cellRegisters: cellRegisters,
            registerCount: registerCount)
    }
}
