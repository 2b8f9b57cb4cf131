import Diagnostics

extension Lexer {
    /// A number in any of Python's notations; what follows it must not look like more of it.
    mutating func lexNumber() {
        let start = position
        if current == UInt8(ascii: "0") {
            switch byte(at: position + 1) | 0x20 {
            case UInt8(ascii: "x"): return lexRadix(from: start, name: "hexadecimal") { ByteClass.isHexDigit($0) }
            case UInt8(ascii: "o"): return lexRadix(from: start, name: "octal") { $0 &- 0x30 < 8 }
            case UInt8(ascii: "b"): return lexRadix(from: start, name: "binary") { $0 &- 0x30 < 2 }
            default: break
            }
            guard lexLeadingZero(from: start) else { return }
        } else if current != UInt8(ascii: ".") {
            guard skipDigits() else { return }
        }
        lexFraction(from: start)
    }

    private mutating func lexRadix(from start: Int, name: String, isDigit: (UInt8) -> Bool) {
        position += 2
        repeat {
            if current == UInt8(ascii: "_") { position += 1 }
            guard isDigit(current) else {
                failDigit(name)
                return
            }
            while isDigit(current) { position += 1 }
        } while current == UInt8(ascii: "_")
        if ByteClass.isDigit(current) {
            failDigit(name)
        } else if endsNumber(name) {
            emit(.number, from: start)
        }
    }

    private mutating func failDigit(_ name: String) {
        guard ByteClass.isDigit(current), position < end else { return failHere("invalid \(name) literal") }
        let digit = Character(UnicodeScalar(current))
        position += 1
        failHere("invalid digit '\(digit)' in \(name) literal")
    }

    /// Zeros, perhaps with underscores, that may begin a float but not a decimal integer other than zero.
    private mutating func lexLeadingZero(from start: Int) -> Bool {
        position += 1
        while true {
            if current == UInt8(ascii: "_") {
                position += 1
                guard ByteClass.isDigit(current) else {
                    failHere("invalid decimal literal")
                    return false
                }
            }
            guard current == UInt8(ascii: "0") else { break }
            position += 1
        }
        guard ByteClass.isDigit(current) else { return true }
        let zerosEnd = position
        guard skipDigits() else { return false }
        switch current {
        case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "j"), UInt8(ascii: "J"):
            return true
        default:
            let message = "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers"
            fail(message, at: SourceRange(start, zerosEnd), winsOverParser: true)
            return false
        }
    }

    /// From the point, exponent or end of a decimal number.
    private mutating func lexFraction(from start: Int) {
        if current == UInt8(ascii: ".") {
            position += 1
            if ByteClass.isDigit(current) { guard skipDigits() else { return } }
        }
        if current | 0x20 == UInt8(ascii: "e") {
            let sign = byte(at: position + 1)
            if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
                position += 2
                guard ByteClass.isDigit(current) else { return failHere("invalid decimal literal") }
            } else if ByteClass.isDigit(sign) {
                position += 1
            } else {
                if endsNumber("decimal") { emit(.number, from: start) }
                return
            }
            guard skipDigits() else { return }
        }
        if current | 0x20 == UInt8(ascii: "j") {
            position += 1
            if endsNumber("imaginary") { emit(.number, from: start) }
        } else if endsNumber("decimal") {
            emit(.number, from: start)
        }
    }

    /// Digits with single underscores between them; stands on a digit.
    private mutating func skipDigits() -> Bool {
        while true {
            while ByteClass.isDigit(current) { position += 1 }
            guard current == UInt8(ascii: "_") else { return true }
            position += 1
            guard ByteClass.isDigit(current) else {
                failHere("invalid decimal literal")
                return false
            }
        }
    }

    /// A keyword may touch a number (`1if x else y`); any other letter may not.
    private mutating func endsNumber(_ name: String) -> Bool {
        guard ByteClass.continuesWord(current), position < end else { return true }
        let words: [StaticString] = ["and", "else", "for", "or", "not"]
        if words.contains(where: { matches($0) && !ByteClass.continuesWord(byte(at: position + $0.utf8CodeUnitCount)) }) { return true }
        // CPython looks at no more than two letters of these.
        let beginnings: [StaticString] = ["if", "in", "is"]
        if beginnings.contains(where: matches) { return true }
        failHere("invalid \(name) literal")
        return false
    }

    private func matches(_ word: StaticString) -> Bool {
        guard position + word.utf8CodeUnitCount <= end else { return false }
        for index in 0..<word.utf8CodeUnitCount where bytes[position + index] != word.utf8Start[index] { return false }
        return true
    }
}
