import Bytecode
import Diagnostics
import Testing

@Suite struct LimitTests {
    private func problem(_ source: String) throws -> SyntaxProblem { try #require(throws: SyntaxProblem.self) { try Program(source) } }

    @Test func aSumOfThousandsOfTermsCompiles() throws {
        let code = try Program("def f(a):\n    return a" + String(repeating: " + a", count: 2500) + "\n").function("f")
        #expect(code.count(.add) == 2500)
        #expect(code.registerCount == 2)
    }

    @Test func aLongElifChainCompiles() throws {
        let branches = (1..<2500).map { "    elif x == \($0): return \($0)\n" }.joined()
        let code = try Program("def f(x):\n    if x == 0: return 0\n" + branches).function("f")
        #expect(code.count(.jumpEqualI) == 2500)
        #expect(Verifier.verify(code).isEmpty)
    }

    @Test func loopsLongerThanAJumpReachCompile() throws {
        let body = String(repeating: "        x = x + n\n", count: 33_000)
        let source = "def f(x, n):\n    for i in n:\n        if i: continue\n" + body + "    while x < n:\n" + body
        let code = try Program(source).function("f")
        #expect(code.instructions.count > 66_000)
        #expect(Verifier.verify(code).isEmpty)
        // forIter goes on to the instruction behind the loop unless it jumps: over a `jump` to the wide `jump` back.
        let index = try #require(code.instructions.firstIndex { $0.op == .forIter })
        #expect(code.instructions[index].jumpTarget(at: index) == index + 2)
        #expect(code.instructions[index + 1].op == .jump && code.instructions[index + 1].wide == 1)
        #expect(code.instructions[index + 2].op == .jump && code.instructions[index + 2].wide < -33_000)
    }

    @Test func aProtectedStretchMovesWithItsInstructions() throws {
        let body = String(repeating: "        x = x + n\n", count: 33_000)
        let code = try Program("def f(x, n):\n    while x < n:\n" + body + "    try: g()\n    except E: h()\n").function("f")
        #expect(Verifier.verify(code).isEmpty)
        let handler = try #require(code.handlers.last { code.instructions[Int($0.target)].op == .enterHandler })
        #expect(code.instructions[Int(handler.start)].op == .callGlobal)
    }

    @Test func tooManyLocalsAreRefused() throws {
        let source = "def f():\n" + (0..<4200).map { "    v\($0) = 1\n" }.joined()
        #expect(try problem(source).message == "function too large: it needs 4200 registers, the machine has 4095")
    }

    @Test func longDisplaysNeedFewRegisters() throws {
        let items = (0..<5000).map { $0 % 2 == 0 ? "a" : "\($0)" }.joined(separator: ", ")
        for display in ["[\(items)]", "(\(items))", "{\(items)}", "{\((0..<5000).map { "\($0): a" }.joined(separator: ", "))}"] {
            let code = try Program("def f(a): return \(display)\n").function("f")
            #expect(code.registerCount < 200)
            #expect(Verifier.verify(code).isEmpty)
        }
    }

    @Test func deepNestingIsAnErrorNotACrash() throws {
        let chain = "x = a" + String(repeating: ".b(1)", count: 900) + "\n"
        let found = try problem(chain)
        #expect(found.kind == .recursion)
        #expect(found.message == "maximum recursion depth exceeded during compilation")
    }

    @Test func twentyBlocksMayNest() throws {
        let blocks = { (count: Int) in
            (0..<count).map { String(repeating: " ", count: $0) + "while x:\n" }.joined() + String(repeating: " ", count: count) + "pass\n"
        }
        _ = try Program(blocks(20))
        #expect(try problem(blocks(21)).message == "too many statically nested blocks")
    }
}
