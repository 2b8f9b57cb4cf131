/// Where cells come from: a terminal with readline, or a script in tests.
package protocol LineEditor: AnyObject {
    /// Reads one cell: the user may edit all of its lines until `support` finds it finished.
    func readCell(_ prompt: EditorPrompt, initialText: String, support: EditingSupport) -> EditorInput
    /// Makes a cell reachable with the arrow keys.
    func remember(_ cell: String)
    /// The same for the cells of earlier sessions, which need not be there before the first prompt is shown.
    func remember(earlier cells: @escaping () -> [String])
    /// Lets `body` read with a history of its own, which is empty at first and forgotten afterwards.
    func withSeparateHistory(_ body: () -> Void)
}

/// What stands before the first and before the later lines of a cell.
package struct EditorPrompt: Equatable, Sendable {
    package let text: String
    package let continuation: String

    package init(_ text: String) {
        self.text = text
        continuation = String(repeating: " ", count: max(0, text.count - 5)) + "...: "
    }

    package static func cell(_ number: Int) -> EditorPrompt { EditorPrompt("In [\(number)]: ") }
}

/// How reading a cell ended.
package enum EditorInput: Equatable, Sendable {
    case cell(String)
    /// Ctrl-C: what was typed is dropped.
    case interrupted
    /// Ctrl-D on an empty line, or the end of the input.
    case end
}

/// What an editor asks of the language.
package struct EditingSupport {
    /// Whether Enter runs the text or begins another line.
    package let isFinished: (String) -> Bool
    package let completions: (_ text: String, _ utf8Offset: Int) -> Completions
    /// Styled pieces that cover the text.
    package let highlight: (String) -> [StyledRange]

    package init(
        isFinished: @escaping (String) -> Bool, completions: @escaping (String, Int) -> Completions, highlight: @escaping (String) -> [StyledRange]
    ) {
        self.isFinished = isFinished
        self.completions = completions
        self.highlight = highlight
    }
}

/// A stretch of the text, in UTF-8 offsets, and its look.
package struct StyledRange: Equatable, Sendable {
    package let range: Range<Int>
    package let style: TextStyle

    package init(_ range: Range<Int>, _ style: TextStyle) {
        self.range = range
        self.style = style
    }
}

/// What may stand at the cursor.
package struct Completions: Equatable, Sendable {
    package struct Candidate: Equatable, Sendable {
        package let text: String
        /// A word or two beside it in the list: what kind of thing it is.
        package let note: String

        package init(_ text: String, note: String = "") {
            self.text = text
            self.note = note
        }
    }

    /// UTF-8 offset where the text to replace begins; it ends at the cursor.
    package let start: Int
    package let candidates: [Candidate]

    package init(start: Int, _ candidates: [Candidate]) {
        self.start = start
        self.candidates = candidates
    }

    /// What all candidates begin with.
    package var commonPrefix: String {
        guard var prefix = candidates.first.map({ Substring($0.text) }) else { return "" }
        for candidate in candidates.dropFirst() {
            while !candidate.text.hasPrefix(prefix) { prefix.removeLast() }
        }
        return String(prefix)
    }
}
