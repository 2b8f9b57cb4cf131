/// A half-open range of UTF-8 byte offsets in a `SourceText`.
package struct SourceRange: Sendable, Hashable {
    package var start: Int32
    package var end: Int32

    @inlinable package init(start: Int32, end: Int32) {
        self.start = start
        self.end = end
    }

    package init(_ start: Int, _ end: Int) {
        self.start = Int32(clamping: start)
        self.end = Int32(clamping: end)
    }

    /// The smallest range that covers both.
    package func union(_ other: SourceRange) -> SourceRange {
        SourceRange(start: min(start, other.start), end: max(end, other.end))
    }
}

/// The text of one program, module or notebook cell, and what its offsets mean to a person.
///
/// Invariant: `bytes` is valid UTF-8 without a byte-order mark; `lineStarts[0] == 0`, ascending.
package final class SourceText: Sendable {
    /// What tracebacks call this text: a path, `<stdin>`, or a notebook's `file.qnb`.
    package let name: String
    package let bytes: [UInt8]
    /// Byte offset at which each line begins.
    package let lineStarts: [Int32]
    /// Added to every line number shown; a notebook cell starts in the middle of its file.
    package let lineOffset: Int

    package init(name: String, bytes: [UInt8], lineOffset: Int = 0) {
        self.name = name
        self.bytes = bytes
        self.lineOffset = lineOffset
        var starts: [Int32] = [0]
        for (offset, byte) in bytes.enumerated() where byte == 0x0A {
            starts.append(Int32(clamping: offset + 1))
        }
        self.lineStarts = starts
    }

    package convenience init(name: String, text: String, lineOffset: Int = 0) {
        self.init(name: name, bytes: Array(text.utf8), lineOffset: lineOffset)
    }

    /// 0-based index into `lineStarts` of the line that holds `offset`. O(log lines).
    package func lineIndex(of offset: Int32) -> Int {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return low
    }

    /// 1-based line number as shown to people, `lineOffset` included.
    package func line(of offset: Int32) -> Int { lineIndex(of: offset) + 1 + lineOffset }

    /// 0-based column in bytes.
    package func byteColumn(of offset: Int32) -> Int { Int(offset - lineStarts[lineIndex(of: offset)]) }

    /// The text of a line by its 0-based index, without its line end.
    package func lineText(at index: Int) -> String {
        guard index >= 0, index < lineStarts.count else { return "" }
        let start = Int(lineStarts[index])
        var end = index + 1 < lineStarts.count ? Int(lineStarts[index + 1]) - 1 : bytes.count
        if end > start, bytes[end - 1] == 0x0D { end -= 1 }
        return String(decoding: bytes[start..<max(start, end)], as: UTF8.self)
    }

    /// The text between two offsets.
    package func text(of range: SourceRange) -> String {
        let start = max(0, min(Int(range.start), bytes.count))
        let end = max(start, min(Int(range.end), bytes.count))
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }
}
