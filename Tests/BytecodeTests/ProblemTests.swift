import Bytecode
import Diagnostics
import Foundation
import Testing

/// `Fixtures/problems.txt`: programs, each followed by a line `! line:column-width kind: message`, between lines `----`.
/// The expectations are CPython 3.11's, except for what this language refuses.
@Suite struct ProblemTests {
    struct Case: CustomTestStringConvertible {
        let source: String
        let expected: String
        var testDescription: String { expected }
    }

    static let cases: [Case] = {
        let file = Repository.tests.appending(path: "Fixtures/problems.txt")
        // A file that cannot be read fails in `casesAreFound`.
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
        return text.components(separatedBy: "\n----\n").compactMap { part in
            guard let mark = part.range(of: "\n! ") else { return nil }
            return Case(
                source: String(part[..<mark.lowerBound]) + "\n",
                expected: part[mark.upperBound...].trimmingCharacters(in: .whitespacesAndNewlines))
        }
    }()

    @Test func casesAreFound() { #expect(ProblemTests.cases.count >= 60) }

    @Test(arguments: cases) func problem(_ example: Case) throws {
        let problem = try #require(throws: SyntaxProblem.self) { try Program(example.source) }
        let line = problem.source.line(of: problem.range.start)
        let column = problem.source.byteColumn(of: problem.range.start)
        let width = problem.range.end - problem.range.start
        #expect("\(line):\(column)-\(width) \(problem.kind.rawValue): \(problem.message)" == example.expected, "\(example.source)")
    }
}
