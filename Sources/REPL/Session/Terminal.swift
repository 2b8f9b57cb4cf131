import Notebooks

#if canImport(Glibc)
    import Glibc
#endif

/// The user's end of a session: where text goes and what it may look like.
package struct Terminal {
    package let write: (_ text: String, _ toError: Bool) -> Void
    package let isColoured: Bool

    package init(isColoured: Bool, write: @escaping (_ text: String, _ toError: Bool) -> Void) {
        self.isColoured = isColoured
        self.write = write
    }

    func styled(_ text: String, _ style: TextStyle) -> String { style.applied(to: text, isColoured: isColoured) }
}

/// Shows a cell's outputs as they come and keeps them for `%save`.
final class TerminalSink: OutputSink {
    private let terminal: Terminal
    private let number: Int
    private(set) var record: RecordedCell
    /// Whether the terminal's cursor stands at the beginning of a line.
    private(set) var isAtLineStart = true
    /// The last value's whole text, when it was shown shortened.
    private(set) var wholeResult: String?

    init(_ terminal: Terminal, cell: RecordedCell, number: Int) {
        self.terminal = terminal
        self.number = number
        record = cell
    }

    func write(_ text: String, to stream: OutputStream) {
        record.add(.text(text, stream))
        show(text, toError: stream == .stderr)
    }

    func show(_ display: Display) {
        record.add(.display(display))
        startLine()
        let text = Self.text(of: display)
        guard display.role == .result else { return show(text + "\n", toError: false) }
        let (short, isWhole) = ResultText.shortened(text)
        if !isWhole { wholeResult = text }
        // A value of several lines begins below its prompt, where its columns line up.
        show(terminal.styled("Out[\(number)]: ", .resultPrompt) + (short.contains("\n") ? "\n" : "") + short + "\n", toError: false)
    }

    /// What was printed stays on the screen; it is only the record that starts anew.
    func clear() { record.clear() }

    func startLine() {
        if !isAtLineStart { show("\n", toError: false) }
    }

    private func show(_ text: String, toError: Bool) {
        guard let last = text.utf8.last else { return }
        terminal.write(text, toError)
        isAtLineStart = last == 0x0A
    }

    private static func text(of display: Display) -> String {
        if let table = display.table { return display.text ?? table.csv }
        if let text = display.text ?? display.markdown { return text }
        if display.svg != nil || display.png != nil { return "<image\(display.alt.map { ": " + $0 } ?? "")>" }
        return display.html == nil ? "" : "<HTML>"
    }
}

/// How much of a large value the prompt shows.
enum ResultText {
    private static let lines = 60
    private static let bytes = 16 * 1024

    /// The text, or its beginning and a line that says how much is left out.
    static func shortened(_ text: String) -> (text: String, isWhole: Bool) {
        let all = text.split(separator: "\n", omittingEmptySubsequences: false)
        if all.count > lines {
            return (all.prefix(lines - 20).joined(separator: "\n") + "\n… \(all.count - lines + 20) more lines; %full shows all", false)
        }
        guard text.utf8.count > bytes else { return (text, true) }
        let head = String(decoding: text.utf8.prefix(bytes / 4), as: UTF8.self)
        return (head + "\n… \(text.utf8.count - bytes / 4) more bytes; %full shows all", false)
    }
}
