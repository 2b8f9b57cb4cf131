/// Source lines with their numbers, and marks under a range:
///
///       41 | net(zeros(3))
///          | ^~~~~~~~~~~~~
package struct CodeFrame {
    let source: SourceText
    let range: SourceRange
    /// Lines shown before and after the range.
    let context: Int
    /// A longer range shows its first lines only.
    private static let lineLimit = 8

    package init(_ range: SourceRange, in source: SourceText, context: Int = 0) {
        self.source = source
        self.range = range
        self.context = max(0, context)
    }

    /// The frame, without a final line end.
    package func rendered(_ style: TextStyle = .plain) -> String {
        let first = source.lineIndex(of: range.start)
        let last = max(first, source.lineIndex(of: max(range.start, range.end - 1)))
        let shownLast = min(last, first + Self.lineLimit - 1)
        let top = max(0, first - context)
        let bottom = min(source.lineStarts.count - 1, shownLast + context)
        let numberWidth = String(bottom + 1 + source.lineOffset).count
        var lines: [String] = []
        for index in top...max(top, bottom) {
            let number = String(index + 1 + source.lineOffset)
            let text = source.lineText(at: index)
            if index > shownLast, text.isEmpty, index == source.lineStarts.count - 1 { break }
            lines.append(gutter(String(repeating: " ", count: numberWidth - number.count) + number, style) + (text.isEmpty ? "" : " " + text))
            if first...shownLast ~= index, let marks = marks(on: index, text, isFirst: index == first) {
                lines.append(gutter(String(repeating: " ", count: numberWidth), style) + " " + marks.blanks + style.apply(.caret, to: marks.signs))
            }
        }
        return lines.joined(separator: "\n")
    }

    private func gutter(_ number: String, _ style: TextStyle) -> String { style.apply(.gutter, to: "  \(number) |") }

    /// `^~~~` under the part of the range that a line holds; nil where it holds nothing but blanks.
    private func marks(on index: Int, _ text: String, isFirst: Bool) -> (blanks: String, signs: String)? {
        let bytes = Array(text.utf8)
        let lineStart = Int(source.lineStarts[index])
        let indent = bytes.prefix { $0 == 0x20 || $0 == 0x09 }.count
        let start = isFirst ? min(max(0, Int(range.start) - lineStart), bytes.count) : indent
        let end = min(max(start, Int(range.end) - lineStart), bytes.count)
        if !isFirst, end <= start { return nil }
        let width = max(1, DisplayWidth.of(String(decoding: bytes[start..<end], as: UTF8.self)))
        let head = isFirst ? "^" : "~"
        return (MarkedLine.blanks(under: String(decoding: bytes[..<start], as: UTF8.self)), head + String(repeating: "~", count: width - 1))
    }
}
