/// What Python 3.11 knows about code points: Unicode 14, where characters added later count as unassigned.
enum UnicodeTable {
    @inline(__always)
    private static func properties(_ code: UInt32) -> Unicode.Scalar.Properties? {
        guard let properties = Unicode.Scalar(code)?.properties, let age = properties.age, age.major <= 14 else { return nil }
        return properties
    }

    static func isSpace(_ code: UInt32) -> Bool {
        switch code {
        case 0x09...0x0D, 0x1C...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }

    /// Where `str.splitlines` splits.
    static func isLineBreak(_ code: UInt32) -> Bool {
        switch code {
        case 0x0A...0x0D, 0x1C...0x1E, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    static func isAlpha(_ code: UInt32) -> Bool {
        if code < 0x80 { return code | 0x20 >= 0x61 && code | 0x20 <= 0x7A }
        switch properties(code)?.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return true
        default: return false
        }
    }

    /// Value of a decimal digit.
    static func decimal(_ code: UInt32) -> Int? {
        if code < 0x80 { return code >= 0x30 && code <= 0x39 ? Int(code) - 0x30 : nil }
        guard let properties = properties(code), properties.numericType == .decimal, let value = properties.numericValue else { return nil }
        return Int(value)
    }

    static func isDigit(_ code: UInt32) -> Bool {
        if code < 0x80 { return code >= 0x30 && code <= 0x39 }
        let type = properties(code)?.numericType
        return type == .decimal || type == .digit
    }

    static func isNumeric(_ code: UInt32) -> Bool {
        if code < 0x80 { return code >= 0x30 && code <= 0x39 }
        switch code {
        // Numeric only since Unicode 15.
        case 0x4E24, 0x4EAC, 0x4FE9, 0x5006, 0x62D0, 0x6D1E, 0x7695, 0x79ED, 0x920E, 0x94A9, 0x12038, 0x12039, 0x12079, 0x12226, 0x1222B,
            0x1230B, 0x1230D, 0x12399:
            return false
        default: return properties(code)?.numericType != nil
        }
    }

    static func isAlphanumeric(_ code: UInt32) -> Bool { isAlpha(code) || isNumeric(code) }

    static func isUpper(_ code: UInt32) -> Bool {
        if code < 0x80 { return code >= 0x41 && code <= 0x5A }
        return properties(code)?.isUppercase ?? false
    }

    static func isLower(_ code: UInt32) -> Bool {
        if code < 0x80 { return code >= 0x61 && code <= 0x7A }
        switch code {
        // Lower case only since Unicode 15.
        case 0x295, 0x10FC, 0xA7F2...0xA7F4, 0xAB69: return false
        default: return properties(code)?.isLowercase ?? false
        }
    }

    static func isTitle(_ code: UInt32) -> Bool {
        code >= 0x80 && properties(code)?.generalCategory == .titlecaseLetter
    }

    static func isCased(_ code: UInt32) -> Bool { isUpper(code) || isLower(code) || isTitle(code) }

    static func isCaseIgnorable(_ code: UInt32) -> Bool { properties(code)?.isCaseIgnorable ?? false }

    static func isPrintable(_ code: UInt32) -> Bool {
        if code < 0x80 { return code >= 0x20 && code < 0x7F }
        switch properties(code)?.generalCategory {
        case nil, .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator, .spaceSeparator: return false
        default: return true
        }
    }

    static func isIdentifierStart(_ code: UInt32) -> Bool {
        code == 0x5F || (code < 0x80 ? isAlpha(code) : properties(code)?.isXIDStart ?? false)
    }

    static func isIdentifierPart(_ code: UInt32) -> Bool {
        code < 0x80 ? code == 0x5F || isAlpha(code) || isDigit(code) : properties(code)?.isXIDContinue ?? false
    }

    // MARK: case

    /// One of the three full case mappings.
    enum Case { case upper, lower, title }

    static func append(_ code: UInt32, mapped mapping: Case, to out: inout StringBuilder) {
        if code < 0x80 {
            let isLetter = mapping == .lower ? code >= 0x41 && code <= 0x5A : code >= 0x61 && code <= 0x7A
            out.append(UInt8(isLetter ? code ^ 0x20 : code))
            return
        }
        guard let properties = properties(code) else {
            out.append(codePoint: code)
            return
        }
        switch mapping {
        case .upper where hasNewCapital(code), .title where hasNewCapital(code): out.append(codePoint: code)
        case .upper: out.append(text: properties.uppercaseMapping)
        case .lower: out.append(text: properties.lowercaseMapping)
        case .title: out.append(text: properties.titlecaseMapping)
        }
    }

    /// Small letters of Unicode 14 whose capitals came later.
    private static func hasNewCapital(_ code: UInt32) -> Bool { code == 0x19B || code == 0x264 || code == 0xA7D3 || code == 0xA7D5 }

    /// Full case folding: what lower case of upper case gives, but for a few letters without a stable pair.
    static func appendFolded(_ code: UInt32, to out: inout StringBuilder) {
        switch code {
        case 0..<0x80: append(code, mapped: .lower, to: &out)
        case 0x131, 0x13A0...0x13F5, 0x19B, 0x264, 0xA7D3, 0xA7D5: out.append(codePoint: code)
        case 0x13F8...0x13FD: out.append(codePoint: code - 8)
        case 0xAB70...0xABBF: out.append(codePoint: code - 0xAB70 + 0x13A0)
        case 0x1E9E: out.append("ss")
        default:
            guard let properties = properties(code) else {
                out.append(codePoint: code)
                return
            }
            for scalar in properties.uppercaseMapping.unicodeScalars { append(scalar.value, mapped: .lower, to: &out) }
        }
    }
}
