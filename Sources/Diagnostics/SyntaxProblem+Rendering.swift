extension SyntaxProblem {
    /// The last line of a report: `SyntaxError: invalid syntax`.
    package var sentence: String {
        kind == .unsupported ? "\(message) \(message.hasSuffix("text") ? "is" : "are") not supported" : message
    }

    /// 1-based line as people count it.
    package var line: Int { source.line(of: range.start) }

    /// 1-based column in characters, as CPython's `SyntaxError.offset`.
    package var column: Int { Self.column(of: range.start, in: source) }

    /// 1-based line on which the range ends.
    package var endLine: Int { source.line(of: range.end) }

    /// 1-based column in characters of the first character after the range.
    package var endColumn: Int { Self.column(of: range.end, in: source) }

    private static func column(of offset: Int32, in source: SourceText) -> Int {
        let lineStart = Int(source.lineStarts[source.lineIndex(of: offset)])
        let end = max(lineStart, min(Int(offset), source.bytes.count))
        return source.bytes[lineStart..<end].reduce(1) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
    }

    /// The report as CPython 3.11 prints it, without a final line end:
    ///
    ///       File "x.py", line 3
    ///         f(a b)
    ///           ^^^
    ///     SyntaxError: invalid syntax. Perhaps you forgot a comma?
    ///
    /// An error at the very end of a text has a line but no place on it, and gets no caret.
    package func rendered(_ style: TextStyle = .plain) -> String {
        let title = style.apply(.errorName, to: kind.rawValue) + ": " + sentence
        guard !source.bytes.isEmpty else { return title }
        // What this language leaves out is no error of Python's: it is reported as every message of qnb is.
        var report =
            kind == .unsupported
            ? style.apply(.path, to: "\(source.name):\(line):\(column):") + " \(title)\n"
            : "  File " + style.apply(.path, to: "\"\(source.name)\"") + ", line \(line)\n"
        let marked = MarkedLine(range, in: source)
        // Nobody reads a line of thousands of characters in a report.
        if marked.text.utf8.count > 4_000 { return kind == .unsupported ? String(report.dropLast()) : report + title }
        report += "    \(marked.text)\n"
        if let width = marked.width, !(isIncomplete && range.start == range.end) {
            // Of a line's indentation there is only its end to point at.
            let carets = String(repeating: "^", count: kind == .indentation || kind == .tab ? 1 : width)
            report += "    " + marked.padding + style.apply(.caret, to: carets) + "\n"
        }
        return kind == .unsupported ? String(report.dropLast()) : report + title
    }
}
