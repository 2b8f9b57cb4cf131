import Diagnostics
import Syntax
import Testing

/// Every text of errors.txt is refused as CPython 3.11 refuses it: type, message, place.
@Suite struct MistakeTests {
    @Test func mistakesAreReportedAsCPythonReportsThem() throws {
        let cases = try Fixture("errors.txt").cases
        #expect(cases.count > 700)
        for entry in cases {
            let expected = entry.flags.contains("compiler") ? "ok" : entry.expected
            #expect(found(in: entry.text, like: expected) == expected, "errors.txt:\(entry.line)\n\(entry.text)")
        }
    }

    /// What the parser says, with as much of the place as `expected` has.
    private func found(in text: String, like expected: String) -> String {
        let source = SourceText(name: "x.py", text: text)
        do {
            _ = try parse(module: source)
            return "ok"
        } catch {
            let fields = expected.split(separator: " ", maxSplits: 2)
            let place = fields.count > 1 ? fields[1] : ""
            var shown = "\(error.line)"
            if place.hasSuffix(":0") {
                shown += ":0"
            } else if place.contains("-") {
                shown += ":\(error.column)-\(error.endLine):\(error.endColumn)"
            } else if place.contains(":") {
                let isPoint = error.range.end - error.range.start <= 1 || (error.endLine == error.line && error.endColumn - error.column <= 1)
                shown += ":\(error.column)" + (isPoint ? "" : "-\(error.endLine):\(error.endColumn)")
            }
            return "\(error.kind.rawValue) \(shown) \(error.message)"
        }
    }

    @Test(arguments: [
        ("async def f(): pass", "async functions"),
        ("@a\nasync def f(): pass", "async functions"),
        ("async for x in y: pass", "async for statements"),
        ("async with x: pass", "async with statements"),
        ("[x async for x in y]", "async comprehensions"),
        ("await x", "await expressions"),
        ("class A(metaclass=M): pass", "metaclasses"),
        ("1j", "complex numbers"),
        ("1 + 2.5J", "complex numbers"),
        ("match x:\n    case 1 + 2j: pass", "complex numbers"),
    ])
    func whatTheLanguageLeavesOutIsNamed(text: String, construct: String) {
        let problem = #expect(throws: SyntaxProblem.self) { try parse(module: SourceText(name: "x.py", text: text)) }
        #expect(problem?.kind == .unsupported)
        #expect(problem?.message == construct)
        #expect(problem?.sentence == "\(construct) are not supported")
    }

    @Test func problemsInFieldsOfFStringsPointIntoTheFile() throws {
        let source = SourceText(name: "x.py", text: "x = 1\ny = f'{x} and {x y}'\n")
        let problem = try #require(throws: SyntaxProblem.self) { try parse(module: source) }
        #expect(problem.message == "f-string: invalid syntax. Perhaps you forgot a comma?")
        #expect(source.text(of: problem.range) == "x y")
    }

    @Test func nullBytesAreRefused() {
        let problem = #expect(throws: SyntaxProblem.self) { try parse(module: SourceText(name: "x.py", text: "x = 1\0\n")) }
        #expect(problem?.message == "source code cannot contain null bytes")
    }

    @Test func linesOfACellAreCountedInItsFile() {
        let source = SourceText(name: "a.qnb", text: "if x:\npass\n", lineOffset: 40)
        let problem = #expect(throws: SyntaxProblem.self) { try parse(module: source) }
        #expect(problem?.line == 42)
        #expect(problem?.message == "expected an indented block after 'if' statement on line 41")
    }
}
