import Foundation
import Testing

/// Each file in `Fixtures/Disassembly` is a program, a line `====`, and its disassembly.
/// `QNB_RECORD=1 swift test` rewrites the expectations and fails, so that the change is looked at.
@Suite struct DisassemblyTests {
    static let files: [URL] = {
        let folder = Repository.tests.appending(path: "Fixtures/Disassembly")
        // A folder that cannot be read fails in `fixturesAreFound`.
        let urls = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return urls.filter { $0.pathExtension == "txt" }.sorted { $0.path < $1.path }
    }()

    @Test func fixturesAreFound() { #expect(DisassemblyTests.files.count >= 15) }

    @Test(arguments: files) func disassembly(_ file: URL) throws {
        let text = try String(contentsOf: file, encoding: .utf8)
        let separator = "====\n"
        let border = try #require(text.range(of: separator), "no line ==== in \(file.lastPathComponent)")
        let source = String(text[..<border.lowerBound])
        let actual = try Program(source).disassembly
        if ProcessInfo.processInfo.environment["QNB_RECORD"] != nil {
            try (source + separator + actual).write(to: file, atomically: true, encoding: .utf8)
            Issue.record("recorded \(file.lastPathComponent)")
        }
        #expect(actual == String(text[border.upperBound...]))
    }
}
