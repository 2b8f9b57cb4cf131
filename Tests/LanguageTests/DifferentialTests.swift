import Foundation
import Testing

@Suite("The language")
struct DifferentialTests {
    @Test("prints what CPython prints", arguments: LanguageProgram.all)
    func agrees(program: LanguageProgram) async throws {
        let expected = try program.expectation()
        let execution = try await Binary.run(program.file, in: program.folder)
        let actual = Reduction.reduce(execution, folder: program.folder)
        let isSame = actual.utf8.elementsEqual(expected.utf8)  // String's == would take é for e + accent.
        let report = Comment("Tests/Language/\(program.group)/\(program.file)\n\(UnifiedDiff(expected: expected, actual: actual))")
        guard let reason = KnownDifferences.reasons["\(program.group)/\(program.name)"] else {
            #expect(isSame, report)
            return
        }
        // A program that agrees again fails here until it is taken off the list.
        withKnownIssue(Comment(rawValue: reason)) { #expect(isSame, report) }
    }

    @Test("refuses what is not in the subset, with its position", arguments: LanguageProgram.programs(of: LanguageProgram.refusedGroup))
    func refuses(program: LanguageProgram) async throws {
        let execution = try await Binary.run(program.file, in: program.folder)
        #expect(execution.status == 1)
        #expect(execution.output.isEmpty, "nothing runs before the refusal")
        let refusals = try refusals(in: program)
        #expect(!refusals.isEmpty, "the program names what is refused")
        for refusal in refusals {
            let place = try Regex("\(NSRegularExpression.escapedPattern(for: program.file)):\(refusal.line):\\d+")
            let said = execution.error.split(separator: "\n").contains { $0.contains(place) && $0.contains(refusal.construct) }
            #expect(said, "expected \(program.file):\(refusal.line):COL and '\(refusal.construct)' in:\n\(execution.error)")
        }
    }

    @Test("is judged by a complete suite")
    func suiteIsComplete() throws {
        #expect(LanguageProgram.all.count >= 425)
        var behaviours = 0
        for program in LanguageProgram.all {
            let recorded = FileManager.default.fileExists(atPath: program.folder.appending(path: "\(program.name).out").path)
            #expect(recorded, "\(program.testDescription) has no expectation: run Tests/Language/record.py")
            behaviours += try namedBehaviours(of: program)
        }
        #expect(behaviours >= 600)
    }

    /// What a program looks at one by one: the different labels that begin its lines of output; at least itself.
    private func namedBehaviours(of program: LanguageProgram) throws -> Int {
        let labels = try program.expectation().split(separator: "\n").compactMap { $0.prefixMatch(of: /[a-z][^:]*:/).map { String($0.0) } }
        return max(1, Set(labels).count)
    }

    private struct Refusal {
        let line: Int
        let construct: String
    }

    /// The comments `# refused: construct` of a program.
    private func refusals(in program: LanguageProgram) throws -> [Refusal] {
        try program.source().split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { index, line in
            line.firstMatch(of: /#\s*refused:\s*(\S+)/).map { Refusal(line: index + 1, construct: String($0.1)) }
        }
    }
}
