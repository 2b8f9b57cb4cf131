/// Colours for an error report: the first line, places and carets stand out, the rest stays quiet.
enum TracebackPainter {
    static func painted(_ text: String, isColoured: Bool) -> String {
        guard isColoured else { return text }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.enumerated().map { index, line in paint(String(line), isFirst: index == 0) }.joined(separator: "\n")
    }

    private static func paint(_ line: String, isFirst: Bool) -> String {
        func styled(_ text: some StringProtocol, _ style: TextStyle) -> String { style.applied(to: String(text), isColoured: true) }
        if isFirst { return headline(line) }
        let content = line.drop { $0 == " " || $0 == "|" }
        if !content.isEmpty, content.allSatisfy({ $0 == "^" || $0 == "~" || $0 == " " }) {
            let start = line.count - content.count
            return styled(line.prefix(start), .faint) + styled(content, .error)
        }
        if let bar = line.firstIndex(of: "|"), line[..<bar].allSatisfy({ $0 == " " || $0.isNumber }) {
            return styled(line[...bar], .faint) + line[line.index(after: bar)...]
        }
        return line.hasPrefix("Traceback") || line.contains(", in ") ? styled(line, .faint) : line
    }

    /// `place: Type: message`
    private static func headline(_ line: String) -> String {
        let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].hasSuffix(":"), parts[0].contains(where: \.isNumber) else {
            return TextStyle.error.applied(to: line, isColoured: true)
        }
        return TextStyle.faint.applied(to: String(parts[0]), isColoured: true) + " " + TextStyle.error.applied(to: String(parts[1]), isColoured: true)
    }
}
