#if canImport(Glibc)
    import Glibc
#endif

/// A cell on the screen: its lines behind their prompts, wrapped at the terminal's width, and where the cursor stands.
///
/// Pure text in, rows out: what the terminal shows is testable without one.
package struct CellLayout: Equatable {
    /// Rows with colour codes, each at most `width` columns.
    package private(set) var rows: [String] = [""]
    /// Columns that each row takes.
    package private(set) var widths: [Int] = []
    package private(set) var cursorRow = 0
    package private(set) var cursorColumn = 0

    private let width: Int
    private let isColoured: Bool
    private var column = 0
    private var style = TextStyle.plain

    /// - Parameters:
    ///   - continuation: what stands before the second and later lines; as wide as the prompt looks best.
    ///   - cursor: UTF-8 offset in `text`.
    package init(
        prompt: String, continuation: String, text: String, cursor: Int, styles: [StyledRange], width: Int, isColoured: Bool
    ) {
        self.width = max(8, width)
        self.isColoured = isColoured
        place(prompt, .prompt)
        var offset = 0
        var ranges = styles[...]
        if cursor == 0 { mark() }
        for character in text {
            let size = character.utf8.count
            while let first = ranges.first, first.range.upperBound <= offset { ranges = ranges.dropFirst() }
            let style = ranges.first.flatMap { $0.range.contains(offset) ? $0.style : nil } ?? .plain
            if character == "\n" || character == "\r\n" {
                beginRow()
                place(continuation, .continuation)
            } else {
                place(character, style)
            }
            offset += size
            if cursor > offset - size, cursor <= offset { mark() }
        }
        end()
        widths.append(column)
        // A cursor behind a full row stands on the next one.
        if cursorColumn == self.width {
            if cursorRow == rows.count - 1 {
                rows.append("")
                widths.append(0)
            }
            cursorRow += 1
            cursorColumn = 0
        }
    }

    private mutating func mark() {
        cursorRow = rows.count - 1
        cursorColumn = column
    }

    private mutating func place(_ text: String, _ style: TextStyle) {
        for character in text { place(character, style) }
    }

    private mutating func place(_ character: Character, _ style: TextStyle) {
        let shown = Self.visible(character)
        let columns = Self.columns(of: shown)
        if column + columns > width { beginRow() }
        if style != self.style {
            end()
            if isColoured, style != .plain { rows[rows.count - 1] += "\u{1B}[\(style.code)m" }
            self.style = style
        }
        rows[rows.count - 1] += shown
        column += columns
    }

    private mutating func end() {
        if isColoured, style != .plain { rows[rows.count - 1] += "\u{1B}[0m" }
        style = .plain
    }

    private mutating func beginRow() {
        end()
        widths.append(column)
        rows.append("")
        column = 0
    }

    /// Control characters are shown as `^X`, tabs as four blanks: nothing typed moves the cursor by itself.
    private static func visible(_ character: Character) -> String {
        guard let scalar = character.unicodeScalars.first, character.unicodeScalars.count == 1 else { return String(character) }
        if scalar == "\t" { return "    " }
        if scalar.value < 0x20 { return "^" + String(UnicodeScalar(UInt8(scalar.value + 0x40))) }
        return scalar.value == 0x7F ? "^?" : String(character)
    }

    /// Terminal columns: East Asian wide characters and emoji take two, combining marks none.
    package static func columns(of text: String) -> Int {
        var total = 0
        for character in text {
            var columns = 0
            for scalar in character.unicodeScalars {
                if scalar == "\u{FE0F}" { columns = max(columns, 2) }
                if scalar.value == 0x200D { continue }
                columns = max(columns, CharacterWidth.columns(scalar))
            }
            total += columns
        }
        return total
    }
}

/// Columns of a character in a terminal, by Unicode's own properties rather than the C library's locale.
enum CharacterWidth {
    static func columns(_ scalar: Unicode.Scalar) -> Int {
        let value = scalar.value
        if value < 0x300 { return value < 0x20 || value >= 0x7F && value < 0xA0 ? 0 : 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        if scalar.properties.isEmojiPresentation { return 2 }
        return wide.contains { $0.contains(value) } ? 2 : 1
    }

    /// East Asian Wide and Fullwidth blocks (Unicode Standard Annex 11).
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
        0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x17000...0x18CFF, 0x1B000...0x1B2FF, 0x20000...0x3FFFD,
    ]
}
