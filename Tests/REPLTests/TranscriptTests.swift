import Foundation
import Library
import Notebooks
import REPL
import Testing

private let transcripts = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Transcripts")

private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: transcripts.path).filter { $0.hasSuffix(".txt") }.sorted()
}

/// Whole sessions as a terminal without colours shows them: `In [n]:` and `   ...:` are typed, `debug>` is typed to the debugger, the rest is
/// the answer.
@Suite(.serialized)
struct TranscriptTests {
    /// With QNB_RECORD=1 the transcripts are rewritten, and the test fails to say so.
    @Test(arguments: try names()) func sessionsReadAsRecorded(_ name: String) throws {
        let url = transcripts.appending(path: name)
        let expected = try String(contentsOf: url, encoding: .utf8)
        // When a message was logged and where an object lies is not the transcript's business.
        let actual = replay(expected).replacing(/\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}\]/, with: "[time]").replacing(
            /0x[0-9a-f]{6,}/, with: "0x…")
        guard actual != expected else { return }
        if ProcessInfo.processInfo.environment["QNB_RECORD"] == "1" {
            try actual.write(to: url, atomically: true, encoding: .utf8)
            Issue.record("\(name) was recorded anew")
        } else {
            Issue.record("\(name) differs; now it reads:\n\(actual)")
        }
    }

    private func replay(_ transcript: String) -> String {
        let editor = EchoingEditor(inputs(transcript))
        let terminal = Terminal(isColoured: false) { text, _ in editor.shown += text }
        let folder = FileManager.default.temporaryDirectory.appending(path: "qnb-transcript-\(UUID().uuidString)")
        do { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) } catch { return "\(error)" }
        let session = InteractiveSession(
            editor: editor, evaluator: SessionEvaluator(), terminal: terminal,
            environment: RunEnvironment(files: PosixFileSystem(), epoch: 1, seconds: { 0 }), folder: folder.path, history: nil, clock: { 7 })
        _ = session.run(banner: "")
        return editor.shown
    }

    /// What is typed in a transcript.
    private func inputs(_ transcript: String) -> [String] {
        var inputs: [String] = []
        for line in transcript.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("In ["), let end = line.range(of: "]: ") ?? line.range(of: "]:") {
                inputs.append(String(line[end.upperBound...]))
            } else if line.hasPrefix("debug>") {
                inputs.append(String(line.dropFirst("debug> ".count)))
            } else if let prompt = line.firstRange(of: "...:"), line[..<prompt.lowerBound].allSatisfy({ $0 == " " }), !inputs.isEmpty {
                let text = line[prompt.upperBound...]
                inputs[inputs.count - 1] += "\n" + (text.first == " " ? text.dropFirst() : text)
            }
        }
        return inputs
    }
}

/// Types inputs one after the other and shows them as a terminal does.
private final class EchoingEditor: LineEditor {
    var shown = ""
    private var inputs: ArraySlice<String>

    init(_ inputs: [String]) { self.inputs = inputs[...] }

    func readCell(_ prompt: EditorPrompt, initialText: String, support: EditingSupport) -> EditorInput {
        guard let input = inputs.popFirst() else { return .end }
        let lines = input.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let text = (index == 0 ? prompt.text : prompt.continuation) + line
            shown += (line.isEmpty ? String(text.dropLast()) : text) + "\n"
        }
        return .cell(input)
    }

    func remember(_ cell: String) {}
    func remember(earlier cells: @escaping () -> [String]) {}
    func withSeparateHistory(_ body: () -> Void) { body() }
}
