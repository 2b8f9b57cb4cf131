import Diagnostics

extension Lexer {
    /// A keyword, a name, or the prefix of a string.
    mutating func lexWord() {
        let start = position
        var word: UInt64 = 0
        var shift: UInt64 = 0
        var isASCII = true
        while position < end {
            let byte = bytes[position]
            guard ByteClass.continuesWord(byte) else { break }
            if byte >= 0x80 { isASCII = false }
            if shift < 64 {
                word |= UInt64(byte) << shift
                shift += 8
            }
            position += 1
        }
        let length = position - start
        if length <= 2, ByteClass.of(current) == .quote, isStringPrefix(start, length) {
            lexString(from: start)
            return
        }
        guard isASCII else {
            lexUnicodeWord(from: start)
            return
        }
        emit(length <= KeywordTable.longest ? keywords.kind(of: word) : .name, from: start)
    }

    /// `r`, `b`, `u`, `f` and the pairs of `r` with `b` or `f`, in any case.
    private func isStringPrefix(_ start: Int, _ length: Int) -> Bool {
        let first = bytes[start] | 0x20
        let isRaw = first == UInt8(ascii: "r")
        let isTyped = first == UInt8(ascii: "b") || first == UInt8(ascii: "f")
        if length == 1 { return isRaw || isTyped || first == UInt8(ascii: "u") }
        let second = bytes[start + 1] | 0x20
        return (isRaw && (second == UInt8(ascii: "b") || second == UInt8(ascii: "f"))) || (isTyped && second == UInt8(ascii: "r"))
    }

    /// Checks a word with non-ASCII characters against Unicode's identifier classes (after NFKC, as PEP 3131 asks).
    private mutating func lexUnicodeWord(from start: Int) {
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        var offset = start
        var isFirst = true
        for scalar in text.unicodeScalars {
            let length = scalar.utf8.count
            guard IdentifierRules.allows(scalar, atStart: isFirst) else {
                position = offset + length
                let code = IdentifierRules.codePoint(scalar)
                if IdentifierRules.isPrintable(scalar) {
                    failHere("invalid character '\(scalar)' (\(code))")
                } else {
                    failHere("invalid non-printable character \(code)")
                }
                return
            }
            offset += length
            isFirst = false
        }
        emit(.name, from: start)
    }
}
