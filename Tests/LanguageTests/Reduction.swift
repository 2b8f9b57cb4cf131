import Foundation

/// The form an execution has in a `.out` file; `Tests/Language/reduction.py` is its twin and describes it.
enum Reduction {
    static func reduce(_ execution: Execution, folder: URL) -> String {
        if execution.end == .exit(0) { return execution.output }
        var output = execution.output
        if !output.isEmpty && output.utf8.last != UInt8(ascii: "\n") { output += "\n" }
        let head = execution.status.map { "--- exit \($0)" } ?? "--- timeout"
        return output + ([head] + reduceError(execution.error, folder: folder)).joined(separator: "\n") + "\n"
    }

    static func reduceError(_ error: String, folder: URL) -> [String] {
        let whole = folder.lastPathComponent == "code-frames"
        return error.split(separator: "\n", omittingEmptySubsequences: true).compactMap { line in
            if let frame = Frame(line) { return frame.reduced(to: folder) }
            let isText = line.contains { !$0.isWhitespace }
            return isText && (whole || !line.first!.isWhitespace) ? withoutPlace(line) : nil
        }
    }

    /// `ImportError: cannot import name … from … (path)` without the path and without the suggestion that CPython adds since 3.12.
    private static func withoutPlace(_ line: Substring) -> String {
        guard line.hasPrefix("ImportError: cannot import name '"), let place = line.range(of: " (", options: .backwards) else { return String(line) }
        return String(line[..<place.lowerBound])
    }
}

/// A traceback's line `  File "path", line N, in name`, or a syntax error's, without the name.
private struct Frame {
    let path: String
    let line: String
    let name: String?

    init?(_ text: Substring) {
        guard text.first?.isWhitespace == true,
            let match = text.wholeMatch(of: /\s+File "([^"]*)", line (\d+)(?:, in (.*))?/)
        else { return nil }
        (path, line, name) = (String(match.1), String(match.2), match.3.map(String.init))
    }

    /// The line with the path relative to `folder`; nil for a file that lies elsewhere.
    func reduced(to folder: URL) -> String? {
        let place = folder.standardizedFileURL.path
        let full = path.hasPrefix("/") ? path : "\(place)/\(path)"
        let normal = URL(filePath: full).standardizedFileURL.path
        guard normal.hasPrefix("\(place)/") else { return nil }
        return "File \"\(normal.dropFirst(place.count + 1))\", line \(line)" + (name.map { ", in \($0)" } ?? "")
    }
}
