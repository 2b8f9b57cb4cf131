/// What a terminal shows after the bytes written to it: enough of a VT100 for the sequences that line editors use. Anything else is an
/// `unknown` sequence, which tests want to be empty.
final class TerminalScreen {
    private(set) var columns: Int
    private(set) var height: Int
    private(set) var row = 0
    private(set) var column = 0
    /// Rows that have scrolled off the top.
    private(set) var scrolled: [String] = []
    private(set) var bells = 0
    private(set) var unknown: [String] = []
    /// Whether anything but text and line ends came.
    private(set) var hasControlSequences = false
    private(set) var hasColors = false

    /// One string a cell; a wide character's second cell is empty.
    private var cells: [[String]]
    private var wrapsNext = false
    private var rest: [UInt8] = []

    init(columns: Int, height: Int) {
        self.columns = columns
        self.height = height
        cells = Array(repeating: Array(repeating: " ", count: columns), count: height)
    }

    // MARK: Reading

    /// The rows as text, without trailing blanks.
    var rows: [String] { cells.map(Self.text) }

    /// Everything there is, scrolled rows first, without the empty ones at the end.
    var all: [String] {
        var rows = scrolled + self.rows
        while rows.last == "" { rows.removeLast() }
        return rows
    }

    private static func text(_ cells: [String]) -> String {
        var text = cells.joined()
        while text.last == " " { text.removeLast() }
        return text
    }

    // MARK: Writing

    func feed(_ bytes: [UInt8]) {
        rest += bytes
        var index = 0
        while index < rest.count {
            guard let used = step(rest[index...]) else { break }
            index += used
        }
        rest.removeFirst(index)
    }

    /// Takes one character or sequence; nil when it is not all there yet.
    private func step(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard let first = bytes.first else { return nil }
        switch first {
        case 0x1B: return escape(bytes)
        case 0x07: bells += 1
        case 0x08: column = max(0, column - 1)
        case 0x0A: lineFeed()
        case 0x0D:
            column = 0
            wrapsNext = false
        case 0..<0x20: unknown.append("control \(first)")
        default:
            let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
            guard bytes.count >= length else { return nil }
            for scalar in String(decoding: bytes.prefix(length), as: UTF8.self).unicodeScalars { put(scalar) }
            return length
        }
        return 1
    }

    private func lineFeed() {
        wrapsNext = false
        if row < height - 1 {
            row += 1
        } else {
            scrolled.append(Self.text(cells.removeFirst()))
            cells.append(Array(repeating: " ", count: columns))
        }
    }

    private func put(_ scalar: Unicode.Scalar) {
        let width = Self.width(scalar)
        guard width > 0 else {
            let target = max(0, wrapsNext ? column : column - 1)
            cells[row][target == 0 || cells[row][target] != "" ? target : target - 1].unicodeScalars.append(scalar)
            return
        }
        if wrapsNext || column + width > columns {
            column = 0
            lineFeed()
        }
        cells[row][column] = String(scalar)
        if width == 2 { cells[row][column + 1] = "" }
        column += width
        if column >= columns {
            column = columns - 1
            wrapsNext = true
        }
    }

    /// By the blocks of Unicode Standard Annex 11, independently of the code under test.
    private static func width(_ scalar: Unicode.Scalar) -> Int {
        if scalar.properties.generalCategory == .nonspacingMark || scalar.value == 0x200D || scalar.value == 0xFE0F { return 0 }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
            0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }

    // MARK: Sequences

    private func escape(_ bytes: ArraySlice<UInt8>) -> Int? {
        hasControlSequences = true
        guard bytes.count >= 2 else { return nil }
        guard bytes[bytes.startIndex + 1] == UInt8(ascii: "[") else {
            unknown.append("escape \(bytes[bytes.startIndex + 1])")
            return 2
        }
        guard let end = bytes.dropFirst(2).firstIndex(where: { $0 >= 0x40 }) else { return nil }
        let text = String(decoding: bytes[(bytes.startIndex + 2)..<end], as: UTF8.self)
        control(UnicodeScalar(bytes[end]), text, text.split(separator: ";").map { Int($0) ?? 0 })
        return end - bytes.startIndex + 1
    }

    private func control(_ final: Unicode.Scalar, _ text: String, _ numbers: [Int]) {
        let count = max(1, numbers.first ?? 1)
        if final != "m" { wrapsNext = false }
        switch final {
        case "m": hasColors = true
        case "A": row = max(0, row - count)
        case "B": row = min(height - 1, row + count)
        case "C": column = min(columns - 1, column + count)
        case "D": column = max(0, column - count)
        case "H":
            row = min(height, count) - 1
            column = min(columns, max(1, numbers.dropFirst().first ?? 1)) - 1
        case "J": erase(below: numbers.first ?? 0)
        case "K" where text.isEmpty || text == "0": for index in column..<columns { cells[row][index] = " " }
        // Bracketed paste on and off.
        case "h" where text == "?2004", "l" where text == "?2004": break
        default: unknown.append("[\(text)\(final)")
        }
    }

    private func erase(below mode: Int) {
        let blank = Array(repeating: " ", count: columns)
        if mode == 2 {
            cells = Array(repeating: blank, count: height)
        } else if mode == 0 {
            for index in column..<columns { cells[row][index] = " " }
            for index in (row + 1)..<max(row + 1, height) { cells[index] = blank }
        } else {
            unknown.append("[\(mode)J")
        }
    }

    // MARK: Size

    /// Breaks rows that have become too long, as most terminals do; the cursor stays at its character.
    func resize(columns: Int, height: Int) {
        var made: [[String]] = []
        var target = (row: 0, column: 0)
        for (index, cells) in cells.enumerated() {
            var used = cells
            while used.last == " ", used.count > 1 { used.removeLast() }
            let start = made.count
            for first in stride(from: 0, to: used.count, by: columns) {
                let part = Array(used[first..<min(used.count, first + columns)])
                made.append(part + Array(repeating: " ", count: columns - part.count))
            }
            if index == row {
                target = (start + column / columns, column % columns)
                while made.count <= target.row { made.append(Array(repeating: " ", count: columns)) }
            }
        }
        while made.count > max(height, target.row + 1), made.last?.allSatisfy({ $0 == " " }) == true { made.removeLast() }
        while made.count > height {
            scrolled.append(Self.text(made.removeFirst()))
            target.row -= 1
        }
        while made.count < height { made.append(Array(repeating: " ", count: columns)) }
        cells = made
        (row, column) = (max(0, target.row), target.column)
        self.columns = columns
        self.height = height
        wrapsNext = false
    }
}
