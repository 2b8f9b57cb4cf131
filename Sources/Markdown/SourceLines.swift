/// A text as bytes with the start of every line, counted as cmark counts them: a line ends at `\n`, `\r\n` or a lone `\r`.
///
/// The bytes are never decoded or changed, so a file with a byte-order mark, mixed line ends or invalid UTF-8 survives a
/// read and a write. Line numbers are 1-based. A final line end opens no further line.
package struct SourceLines: Sendable {
    package let bytes: [UInt8]
    /// `starts[i]` is the offset of line `i + 1`; one more entry holds `bytes.count`.
    private let starts: [Int]

    /// Complexity: O(bytes).
    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var starts: [Int] = []
        starts.reserveCapacity(bytes.count / 24 + 2)
        bytes.withUnsafeBufferPointer { text in
            var position = 0
            while position < text.count {
                starts.append(position)
                while position < text.count, text[position] != Ascii.newline, text[position] != Ascii.carriageReturn {
                    position += 1
                }
                guard position < text.count else { break }
                let isPair = text[position] == Ascii.carriageReturn && position + 1 < text.count && text[position + 1] == Ascii.newline
                position += isPair ? 2 : 1
            }
        }
        starts.append(bytes.count)
        self.starts = starts
    }

    package init(_ text: String) {
        self.init(Array(text.utf8))
    }

    /// The number of lines; the last line counts whether or not a line end closes it.
    package var count: Int { starts.count - 1 }

    /// Bytes of a line with its line end. `line` is in `1...count`.
    package func fullRange(_ line: Int) -> Range<Int> { starts[line - 1]..<starts[line] }

    /// Bytes of a run of whole lines, line ends included.
    package func fullRange(_ lines: ClosedRange<Int>) -> Range<Int> { starts[lines.lowerBound - 1]..<starts[lines.upperBound] }

    /// Bytes of a line without its line end.
    package func range(_ line: Int) -> Range<Int> {
        let full = fullRange(line)
        var end = full.upperBound
        if end > full.lowerBound, bytes[end - 1] == Ascii.newline { end -= 1 }
        if end > full.lowerBound, bytes[end - 1] == Ascii.carriageReturn { end -= 1 }
        return full.lowerBound..<end
    }

    package subscript(_ line: Int) -> ArraySlice<UInt8> { bytes[range(line)] }

    /// The line as text; invalid UTF-8 reads as U+FFFD.
    package func text(_ line: Int) -> String { String(decoding: self[line], as: UTF8.self) }

    /// The line end that closes a line: empty for an unterminated last line.
    package func terminator(_ line: Int) -> ArraySlice<UInt8> { bytes[range(line).upperBound..<fullRange(line).upperBound] }

    package func isBlank(_ line: Int) -> Bool { self[line].allSatisfy { $0 == Ascii.space || $0 == Ascii.tab } }

    /// Offset of a line's first byte; `count + 1` gives the end of the text.
    package func offset(ofLine line: Int) -> Int { starts[line - 1] }

    /// The line that holds the byte at `offset`. Complexity: O(log lines).
    package func line(at offset: Int) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] <= offset { low = middle + 1 } else { high = middle }
        }
        return max(low, 1)
    }
}

/// The ASCII bytes that Markdown and the notebook format are made of.
package enum Ascii {
    package static let tab: UInt8 = 0x09
    package static let newline: UInt8 = 0x0A
    package static let carriageReturn: UInt8 = 0x0D
    package static let escape: UInt8 = 0x1B
    package static let space: UInt8 = 0x20
    package static let backtick: UInt8 = 0x60
    package static let tilde: UInt8 = 0x7E
    package static let backslash: UInt8 = 0x5C
    package static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    package static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A }
    package static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
    package static func lowercased(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }
    package static func isPunctuation(_ byte: UInt8) -> Bool {
        (byte >= 0x21 && byte <= 0x2F) || (byte >= 0x3A && byte <= 0x40) || (byte >= 0x5B && byte <= 0x60) || (byte >= 0x7B && byte <= 0x7E)
    }
}
