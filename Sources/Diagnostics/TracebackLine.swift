/// The source line of a traceback entry and, where they say more than the line does, the marks CPython 3.11 draws under it:
///
///         return a.x + b[0]
///                ~~~~^~~~~~
package struct TracebackLine {
    let range: SourceRange
    let source: SourceText
    /// The decisive part of `range`, marked `^` where the rest is `~`: an operator, or a subscript's brackets.
    let anchor: SourceRange?

    package init(_ range: SourceRange, in source: SourceText, anchor: SourceRange? = nil) {
        self.range = range
        self.source = source
        self.anchor = anchor
    }

    /// One or two lines, each indented by four and ended; empty when the source has no such line.
    package func rendered(_ style: TextStyle = .plain) -> String {
        let marked = MarkedLine(range, in: source)
        let text = Self.trimmed(marked.text)
        guard !text.isEmpty else { return "" }
        let line = "    \(text)\n"
        guard let width = marked.width else { return line }
        let isOneLine = source.lineIndex(of: range.start) == source.lineIndex(of: range.end)
        let shown = isOneLine ? width : min(width, max(1, DisplayWidth.of(text) - DisplayWidth.of(marked.padding)))
        let marks = isOneLine ? self.marks(width: shown) : nil
        guard shown < DisplayWidth.of(text) || marks != nil else { return line }
        return line + "    " + marked.padding + style.apply(.caret, to: marks ?? String(repeating: "^", count: shown)) + "\n"
    }

    private func marks(width: Int) -> String? {
        guard let anchor, anchor.start >= range.start, anchor.end <= range.end, anchor.start < anchor.end else { return nil }
        let before = DisplayWidth.of(source.text(of: SourceRange(start: range.start, end: anchor.start)))
        let within = DisplayWidth.of(source.text(of: anchor))
        return String(repeating: "~", count: before) + String(repeating: "^", count: within)
            + String(repeating: "~", count: max(0, width - before - within))
    }

    private static func trimmed(_ text: String) -> String {
        var end = text.endIndex
        while end > text.startIndex, text[text.index(before: end)].isWhitespace { end = text.index(before: end) }
        return String(text[..<end])
    }
}
