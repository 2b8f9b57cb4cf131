/// String values as Python literals.
enum StringText {
    /// A double-quoted literal with escapes for everything that is not printable.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars { result += escaped(scalar) }
        return result + "\""
    }

    /// A double-quoted literal of UTF-8 that holds lone surrogates.
    static func quoted(surrogates bytes: [UInt8]) -> String {
        var result = "\""
        var rest = bytes[...]
        while let lead = rest.first {
            let width = min(rest.count, lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4)
            let piece = Array(rest.prefix(width))
            if width == 3, lead == 0xED, piece[1] >= 0xA0 {
                result += "\\u" + hex(0xD000 | UInt32(piece[1] & 0x3F) << 6 | UInt32(piece[2] & 0x3F), width: 4)
            } else {
                for scalar in String(decoding: piece, as: UTF8.self).unicodeScalars { result += escaped(scalar) }
            }
            rest = rest.dropFirst(width)
        }
        return result + "\""
    }

    /// A bytes literal.
    static func quoted(_ bytes: [UInt8]) -> String {
        var result = "b\""
        for byte in bytes {
            result += byte < 0x80 ? escaped(Unicode.Scalar(byte)) : "\\x" + hex(UInt32(byte), width: 2)
        }
        return result + "\""
    }

    static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\"": "\\\""
        case "\\": "\\\\"
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        default:
            if IdentifierRules.isPrintable(scalar) {
                String(scalar)
            } else if scalar.value < 0x100 {
                "\\x" + hex(scalar.value, width: 2)
            } else if scalar.value < 0x1_0000 {
                "\\u" + hex(scalar.value, width: 4)
            } else {
                "\\U" + hex(scalar.value, width: 8)
            }
        }
    }

    private static func hex(_ value: UInt32, width: Int) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
