import Foundation
import Testing

private let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Commands")

private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".txt") }.sorted()
}

/// What the binary prints and leaves behind. With QNB_RECORD=1 the transcripts are rewritten, and the test fails to say so.
@Test(arguments: try names()) func commandsBehaveAsTheTranscriptShows(_ name: String) throws {
    let url = folder.appending(path: name)
    let expected = try String(contentsOf: url, encoding: .utf8)
    let actual = try Transcript(expected).replayed()
    guard actual != expected else { return }
    if ProcessInfo.processInfo.environment["QNB_RECORD"] == "1" {
        try actual.write(to: url, atomically: true, encoding: .utf8)
        Issue.record("\(name) was recorded anew")
    } else {
        Issue.record("\(name) differs; now it reads:\n\(actual)")
    }
}
