import Diagnostics

extension Lexer {
    /// A string literal, prefix included; `position` stands on its opening quote.
    mutating func lexString(from start: Int) {
        let quote = current
        let isTriple = byte(at: position + 1) == quote && byte(at: position + 2) == quote
        position += isTriple ? 3 : 1
        while position < end {
            let byte = bytes[position]
            if byte == quote {
                if !isTriple || (self.byte(at: position + 1) == quote && self.byte(at: position + 2) == quote) {
                    position += isTriple ? 3 : 1
                    emit(.string, from: start)
                    return
                }
                position += 1
            } else if byte == UInt8(ascii: "\\") {
                position += self.byte(at: position + 1) == 0x0D && self.byte(at: position + 2) == 0x0A ? 3 : 2
            } else if !isTriple, isLineEnd(byte) {
                break
            } else {
                position += 1
            }
        }
        failUnterminated(from: start, isTriple: isTriple)
    }

    private mutating func failUnterminated(from start: Int, isTriple: Bool) {
        position = min(position, end)
        // A text's last line counts once, with or without its line end.
        let isAfterLastLine = position == end && position > 0 && bytes[position - 1] == 0x0A
        let line = source.line(of: Int32(clamping: isAfterLastLine ? position - 1 : position))
        let name = isTriple ? "unterminated triple-quoted string literal" : "unterminated string literal"
        fail(
            "\(name) (detected at line \(line))", at: SourceRange(start, start + 1), winsOverParser: true,
            isIncomplete: isTriple || endsInContinuation)
    }

    /// A one-line string whose last character is a backslash waits for another line.
    private var endsInContinuation: Bool {
        guard position >= end else { return false }
        var last = end - 1
        if last >= 0, bytes[last] == 0x0A { last -= 1 }
        return last >= 0 && bytes[last] == UInt8(ascii: "\\")
    }
}
