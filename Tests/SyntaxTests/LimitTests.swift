import Diagnostics
import Syntax
import Testing

/// Texts that are deep, long or both end in a tree or in a named problem, never in a crash.
@Suite struct LimitTests {
    private func problem(_ text: String) -> SyntaxProblem? {
        do {
            _ = try parse(module: SourceText(name: "x.py", text: text))
            return nil
        } catch {
            return error
        }
    }

    private func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

    @Test func depthWithinCPythonsLimitsParses() {
        #expect(problem(repeated("not ", 2_900) + "x") == nil)
        #expect(problem(repeated("-", 2_900) + "x") == nil)
        #expect(problem(repeated("a + ", 2_900) + "a") == nil)
        #expect(problem("a" + repeated(".b", 2_900)) == nil)
        #expect(problem("a" + repeated("()", 2_900)) == nil)
        #expect(problem(repeated("x if y else ", 2_900) + "z") == nil)
        #expect(problem("a" + repeated(" < a", 20_000)) == nil)
        #expect(problem("a" + repeated(" and a", 20_000)) == nil)
        #expect(problem(repeated("a = ", 20_000) + "1") == nil)
        #expect(problem("if a: pass\n" + repeated("elif b: pass\n", 2_900)) == nil)
        #expect(problem(repeated("(", 200) + repeated(")", 200)) == nil)
    }

    @Test(arguments: ["not ", "-", "a + ", "lambda: ", "x if y else ", "a ** "])
    func depthBeyondIsARecursionError(prefix: String) {
        let found = problem(repeated(prefix, 10_000) + "x")
        #expect(found?.kind == .recursion)
        #expect(found?.message == "maximum recursion depth exceeded during compilation")
    }

    @Test func longChainsOfElifEndInARecursionError() {
        #expect(problem("if a: pass\n" + repeated("elif b: pass\n", 10_000))?.kind == .recursion)
    }

    @Test(arguments: ["(", "[", "{", "f("])
    func bracketsNestTwoHundredDeep(open: String) {
        #expect(problem(repeated(open, 201))?.message == "too many nested parentheses")
    }

    @Test func indentationNestsAHundredDeep() {
        let deep = (0..<100).map { repeated(" ", $0) + "if x:\n" }.joined() + repeated(" ", 100) + "pass\n"
        #expect(problem(deep)?.message == "too many levels of indentation")
        #expect(problem(deep)?.kind == .indentation)
        let shallow = (0..<98).map { repeated(" ", $0) + "if x:\n" }.joined() + repeated(" ", 98) + "pass\n"
        #expect(problem(shallow) == nil)
    }

    /// Diagnosing tries alternatives; nested mistakes must not multiply them.
    @Test(arguments: ["(", "[", "{", "f(", "{a: ", "[x for x in (", "lambda: (", "not (", "a[", "f(x=", "f(**", "(x := ("])
    func nestedMistakesAreDiagnosedInLinearTime(open: String) {
        let closers = open.reversed().compactMap { ["(": ")", "[": "]", "{": "}"][String($0)] }.joined()
        let depth = 190 / max(1, closers.count)
        #expect(problem(repeated(open, depth) + "a b" + repeated(closers, depth)) != nil)
        #expect(problem(repeated(open, depth) + "1 = = 2" + repeated(closers, depth)) != nil)
        #expect(problem(repeated(open, depth) + repeated(closers, depth) + " x y") != nil)
    }

    @Test func nestedBrokenBlocksAreDiagnosedInLinearTime() {
        let nested = (0..<90).map { repeated(" ", $0) + "try:\n" }.joined() + repeated(" ", 90) + "x y\n"
        #expect(problem(nested)?.message == "invalid syntax")
    }

    @Test func longLinesTakeLinearTime() throws {
        let clock = ContinuousClock()
        func time(_ count: Int) throws -> Duration {
            let source = SourceText(name: "x.py", text: "x = [" + repeated("1, ", count) + "]")
            return try clock.measure { _ = try parse(module: source) }
        }
        _ = try time(1_000)
        let short = try time(50_000)
        let long = try time(400_000)
        #expect(long < short * 32, "8 times the text took \(long / short) times as long")
    }

    @Test func hugeDecimalIntegersAreRefused() {
        #expect(problem("x = " + repeated("9", 4_300)) == nil)
        #expect(problem("x = 0x" + repeated("9", 5_000)) == nil)
        #expect(problem("x = " + repeated("9", 4_301))?.message.hasPrefix("Exceeds the limit (4300") == true)
    }
}
