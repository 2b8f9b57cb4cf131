/// One source line without its leading blanks, and the marks under a part of it.
struct MarkedLine {
    let text: String
    /// Columns before the marks; tabs stay tabs so that the marks stay under what they mark.
    let padding: String
    /// Display columns of the marked part, at least one; nil when it lies in the blanks that are left out.
    let width: Int?

    /// Marks the part of `range` on the line that holds its start; a range that ends further down reaches to the line's end.
    init(_ range: SourceRange, in source: SourceText) {
        let index = source.lineIndex(of: range.start)
        let line = source.lineText(at: index)
        let bytes = Array(line.utf8)
        let indent = bytes.prefix { $0 == 0x20 || $0 == 0x09 || $0 == 0x0C }.count
        let lineStart = Int(source.lineStarts[index])
        let start = Int(range.start) - lineStart
        let end = min(Int(range.end) - lineStart, bytes.count)
        text = String(decoding: bytes[indent...], as: UTF8.self)
        guard start >= indent else {
            padding = ""
            width = nil
            return
        }
        let from = min(start, bytes.count)
        padding = Self.blanks(under: String(decoding: bytes[indent..<from], as: UTF8.self))
        width = max(1, DisplayWidth.of(String(decoding: bytes[from..<max(from, end)], as: UTF8.self)))
    }

    static func blanks(under text: String) -> String {
        var blanks = ""
        for character in text {
            blanks += character == "\t" ? "\t" : String(repeating: " ", count: DisplayWidth.of(character))
        }
        return blanks
    }
}
