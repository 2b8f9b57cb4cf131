/// What the first byte of a token says about the token.
enum ByteClass: UInt8, Sendable {
    case other, blank, lineEnd, letter, digit, quote, comment, backslash

    @inline(__always) static func of(_ byte: UInt8) -> ByteClass {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), 0x80...0xFF: .letter
        case UInt8(ascii: "0")...UInt8(ascii: "9"): .digit
        case 0x20, 0x09, 0x0C: .blank
        case 0x0A, 0x0D: .lineEnd
        case UInt8(ascii: "\""), UInt8(ascii: "'"): .quote
        case UInt8(ascii: "#"): .comment
        case UInt8(ascii: "\\"): .backslash
        default: .other
        }
    }

    /// Letters, digits and every byte of a non-ASCII character.
    @inline(__always) static func continuesWord(_ byte: UInt8) -> Bool {
        let kind = of(byte)
        return kind == .letter || kind == .digit
    }

    @inline(__always) static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    @inline(__always) static func isHexDigit(_ byte: UInt8) -> Bool { isDigit(byte) || (byte | 0x20) &- 0x61 < 6 }
}
