/// The value of a number token.
enum NumberLiteral {
    /// `text` is a valid number of Python's; nil when it is imaginary.
    static func constant(of text: ArraySlice<UInt8>) -> Constant? {
        if let value = smallInteger(text) { return .int(value) }
        let digits = text.filter { $0 != UInt8(ascii: "_") }
        if digits.count > 2, digits[0] == UInt8(ascii: "0") {
            switch digits[1] | 0x20 {
            case UInt8(ascii: "x"): return integer(digits.dropFirst(2), radix: 16)
            case UInt8(ascii: "o"): return integer(digits.dropFirst(2), radix: 8)
            case UInt8(ascii: "b"): return integer(digits.dropFirst(2), radix: 2)
            default: break
            }
        }
        guard let last = digits.last, last | 0x20 != UInt8(ascii: "j") else { return nil }
        if digits.allSatisfy(ByteClass.isDigit) { return integer(digits[...], radix: 10) }
        // Swift wants a digit on both sides of the point.
        var spelled = String(decoding: digits, as: UTF8.self)
        if spelled.hasPrefix(".") { spelled = "0" + spelled }
        if let point = spelled.firstIndex(of: ".") {
            let next = spelled.index(after: point)
            if next == spelled.endIndex || !spelled[next].isNumber { spelled.insert("0", at: next) }
        }
        // Out of range is infinity, or zero, as in C's strtod.
        return Double(spelled).map(Constant.float)
    }

    /// The short decimal integers that most numbers are; nil for all others.
    private static func smallInteger(_ text: ArraySlice<UInt8>) -> Int? {
        guard text.count < 19 else { return nil }
        var value = 0
        for byte in text {
            guard ByteClass.isDigit(byte) else { return nil }
            value = value * 10 + Int(byte &- 0x30)
        }
        return value
    }

    private static func integer(_ digits: ArraySlice<UInt8>, radix: Int) -> Constant {
        let text = String(decoding: digits, as: UTF8.self)
        if let value = Int(text, radix: radix) { return .int(value) }
        return .bigInt(digits: text, radix: radix)
    }
}
