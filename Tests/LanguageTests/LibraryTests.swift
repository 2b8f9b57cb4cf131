import Foundation
import Testing

/// Programs over the library's packages, each beside what the package itself printed for it (`record.py` in the same folder).
@Suite("The library")
struct LibraryTests {
    @Test("prints what NumPy prints", arguments: programs(of: "Numpy"))
    func numpy(program: String) async throws { try await agrees("Numpy", program) }

    @Test("quantises, calibrates, trains and converts as documented", arguments: programs(of: "Plugin"))
    func plugin(program: String) async throws { try await agrees("Plugin", program) }

    private func agrees(_ folder: String, _ program: String) async throws {
        let home = Self.tests.appending(path: folder)
        let expected = try String(contentsOf: home.appending(path: "\(program).out"), encoding: .utf8)
        let execution = try await Binary.run("\(program).py", in: home)
        let actual = execution.output
        #expect(execution.status == 0, "\(execution.error)")
        let isSame = actual.utf8.elementsEqual(expected.utf8)
        #expect(isSame, "Tests/\(folder)/\(program).py\n\(UnifiedDiff(expected: expected, actual: actual))")
    }

    private static let tests = LanguageProgram.suite.deletingLastPathComponent()

    static func programs(of folder: String) -> [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: tests.appending(path: folder).path)) ?? []  // an empty list fails `suiteIsComplete`
        return files.filter { $0.hasSuffix(".py") && $0 != "record.py" }.map { String($0.dropLast(3)) }.sorted()
    }

    @Test("is judged by recorded programs")
    func suiteIsComplete() { #expect(Self.programs(of: "Numpy").count >= 11) }
}
