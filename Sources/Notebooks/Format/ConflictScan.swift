import Markdown

/// Finds the lines a merge leaves behind: `<<<<<<<`, `=======`, `>>>>>>>` (and `|||||||`).
package enum ConflictScan {
    package struct Hunk: Sendable, Equatable {
        package let start: Int
        /// The `|||||||` line of a diff3-style conflict.
        package let base: Int?
        package let middle: Int
        package let end: Int
    }

    private static func isMark(_ line: ArraySlice<UInt8>, _ character: Character) -> Bool {
        let byte = character.asciiValue ?? 0
        guard line.count >= 7, line.prefix(7).allSatisfy({ $0 == byte }) else { return false }
        return line.count == 7 || line.dropFirst(7).first == Ascii.space
    }

    /// Complete conflicts, in order.
    package static func hunks(in text: SourceLines) -> [Hunk] {
        var hunks: [Hunk] = []
        var start: Int?
        var base: Int?
        var middle: Int?
        for number in stride(from: 1, through: text.count, by: 1) {
            let line = text[number]
            if isMark(line, "<") {
                (start, base, middle) = (number, nil, nil)
            } else if isMark(line, "|"), start != nil, middle == nil {
                base = number
            } else if isMark(line, "="), start != nil, middle == nil {
                middle = number
            } else if isMark(line, ">"), let first = start, let half = middle {
                hunks.append(Hunk(start: first, base: base, middle: half, end: number))
                (start, base, middle) = (nil, nil, nil)
            }
        }
        return hunks
    }

    /// Lines that show an unresolved conflict. A `<<<<<<<` always does; `>>>>>>>` only after a lone `=======`, since both also
    /// occur in Markdown. Outputs that look so are escaped when they are written.
    package static func unresolved(in text: SourceLines) -> [Int] {
        var lines: [Int] = []
        var hasMiddle = false
        for number in stride(from: 1, through: text.count, by: 1) {
            let line = text[number]
            if isMark(line, "=") { hasMiddle = true }
            if isMark(line, "<") || (isMark(line, ">") && hasMiddle) { lines.append(number) }
        }
        return lines
    }

    /// Whether a line reads as one of the four marks.
    package static func isMark(_ line: ArraySlice<UInt8>) -> Bool {
        guard let first = line.first else { return false }
        return "<|=>".utf8.contains(first) && isMark(line, Character(Unicode.Scalar(first)))
    }
}
