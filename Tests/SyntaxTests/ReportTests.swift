import Diagnostics
import Syntax
import Testing

/// What a person reads is, letter by letter, what CPython 3.11 prints.
@Suite struct ReportTests {
    @Test func reportsAreCPythons() throws {
        let cases = try Fixture("reports.txt").cases
        #expect(cases.count >= 35)
        for entry in cases {
            let problem = try #require(throws: SyntaxProblem.self, "reports.txt:\(entry.line)") {
                try parse(module: SourceText(name: "x.py", text: entry.text))
            }
            // The fixture's blanks at both ends are not kept.
            #expect(problem.rendered().trimmingPrefix { $0 == " " } == entry.expected, "reports.txt:\(entry.line)\n\(entry.text)")
        }
    }
}
