import Foundation

/// A file that shows commands and what they print, as a terminal would:
///
///     What the transcript is about.
///
///     @file n.qnb
///     the file's lines
///     @end
///     $ qnb run n.qnb --quiet
///     what both streams show
///     [1]
///
/// A last line in brackets is the exit status; none stands for 0. Durations read `0 ms`.
struct Transcript {
    enum Part {
        case text([String])
        case file(name: String, lines: [String])
        case command(String, expected: [String])
    }

    let parts: [Part]

    init(_ text: String) {
        var parts: [Part] = []
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)[...]
        if lines.last == "" { lines.removeLast() }
        while let line = lines.popFirst() {
            if line.hasPrefix("@file ") {
                let content = lines.prefix { $0 != "@end" }
                lines = lines.dropFirst(content.count + 1)
                parts.append(.file(name: String(line.dropFirst(6)), lines: Array(content)))
            } else if line.hasPrefix("$ ") {
                let expected = lines.prefix { !$0.hasPrefix("$ ") && !$0.hasPrefix("@file ") }
                lines = lines.dropFirst(expected.count)
                parts.append(.command(String(line.dropFirst(2)), expected: Array(expected)))
            } else {
                parts.append(.text([line]))
            }
        }
        self.parts = parts
    }

    /// The transcript as it would read after running it now.
    func replayed() throws -> String {
        let shell = try Shell()
        var lines: [String] = []
        for part in parts {
            switch part {
            case .text(let text): lines += text
            case .file(let name, let content):
                lines += ["@file \(name)"] + content + ["@end"]
                try shell.write(content.joined(separator: "\n") + "\n", to: name)
            case .command(let command, let expected):
                lines.append("$ \(command)")
                lines += Self.shown(try shell.run(command))
                if expected.last == "" { lines.append("") }
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func shown(_ result: Shell.Result) -> [String] {
        var lines = result.output.split(separator: "\n", omittingEmptySubsequences: false).map { normalised(String($0)) }
        while lines.last == "" { lines.removeLast() }
        if result.status != 0 { lines.append("[\(result.status)]") }
        return lines
    }

    private static func normalised(_ line: String) -> String {
        line.replacing(#/ in [0-9.]+ (ms|s)$/#, with: " in 0 ms").replacing(#/"seconds": [0-9.e-]+/#, with: "\"seconds\": 0")
    }
}
