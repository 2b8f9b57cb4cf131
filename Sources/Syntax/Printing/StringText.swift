/// String values as Python literals.
enum StringText {
    /// A double-quoted literal with escapes for everything that is not printable.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars { result += escaped(scalar) }
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
