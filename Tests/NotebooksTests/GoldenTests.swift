import Foundation
import Notebooks
import Testing

/// Runs each `Tests/Notebooks/NAME.qnb` with the scripted evaluator and compares with `NAME.expected.qnb` (the file afterwards) and
/// `NAME.expected.txt` (exit status and messages). With `QNB_RECORD=1` the expectations are rewritten, and the test fails.
@Suite struct GoldenTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(
        "Notebooks"
    ).path
    static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
        .filter { $0.hasSuffix(".qnb") && !$0.hasSuffix(".expected.qnb") }.map { String($0.dropLast(4)) }.sorted()

    private func read(_ name: String) -> String? {
        FileManager.default.contents(atPath: Self.folder + "/" + name).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func thereAreCases() { #expect(Self.names.count >= 7) }

    @Test(arguments: names) func notebook(_ name: String) throws {
        let bench = Bench(try #require(read(name + ".qnb")), path: name + ".qnb")
        let result = bench.run()
        let report = (["exit status \(result.status.rawValue)"] + result.messages).joined(separator: "\n") + "\n"
        if ProcessInfo.processInfo.environment["QNB_RECORD"] != nil {
            try Data(bench.bytes).write(to: URL(fileURLWithPath: "\(Self.folder)/\(name).expected.qnb"))
            try Data(report.utf8).write(to: URL(fileURLWithPath: "\(Self.folder)/\(name).expected.txt"))
            Issue.record("expectations of \(name) were recorded; look at them and run again")
        }
        #expect(bench.text == read(name + ".expected.qnb"))
        #expect(report == read(name + ".expected.txt"))
        let once = bench.text
        if result.status == .done { bench.run() }
        #expect(bench.text == once)
    }
}
