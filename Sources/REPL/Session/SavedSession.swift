import Notebooks

/// A session as a notebook: its cells in order, with their outputs.
struct SavedSession {
    let cells: [RecordedCell]

    /// The notebook without outputs. Cells that raised are marked, so that running the file goes on past them.
    var source: String {
        var text = "# Session\n"
        for cell in cells {
            let fence = String(repeating: "`", count: max(3, Self.longestBacktickRun(cell.text) + 1))
            text += "\n\(fence)python\n"
            if let name = cell.outcome.error?.typeName { text += "#| raises: \(name)\n" }
            text += cell.text + (cell.text.hasSuffix("\n") ? "" : "\n") + fence + "\n"
        }
        return text
    }

    private static func longestBacktickRun(_ text: String) -> Int {
        var longest = 0
        var run = 0
        for byte in text.utf8 {
            run = byte == UInt8(ascii: "`") ? run + 1 : 0
            longest = max(longest, run)
        }
        return longest
    }

    /// Writes the notebook with its outputs. Throws what keeps it from being written.
    func write(to path: String, environment: RunEnvironment) throws {
        try environment.files.replace(path, with: Array(source.utf8), mode: 0o644)
        let control = EvaluationControl(now: environment.seconds)
        let result = NotebookRunner(path, options: RunOptions(), evaluator: ReplayEvaluator(cells), environment: environment, control: control).run()
        if result.status != .done, let message = result.messages.first { throw SessionProblem(message) }
    }
}

/// What a `%` command could not do, said to the user.
struct SessionProblem: Error {
    let message: String
    init(_ message: String) { self.message = message }
}
