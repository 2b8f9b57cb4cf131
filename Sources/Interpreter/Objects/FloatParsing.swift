#if canImport(Glibc)
    import Glibc
#endif

// Reading floats from text: decimal as `float()` accepts it, hexadecimal as `float.fromhex()` does.

extension VM {
    /// The Double that `text` spells as `float()` reads it (spaces around, underscores between digits); nil when it does not.
    package static func parseFloat(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
        var start = 0
        var end = text.count
        while start < end, isASCIISpace(text[start]) { start += 1 }
        while end > start, isASCIISpace(text[end - 1]) { end -= 1 }
        if start == end { return nil }
        let trimmed = UnsafeBufferPointer(rebasing: text[start..<end])
        if trimmed.contains(UInt8(ascii: "_")) {
            guard let plain = withoutUnderscores(trimmed) else { return nil }
            return plain.withUnsafeBufferPointer { parsePlainFloat($0) }
        }
        return parsePlainFloat(trimmed)
    }

    @inline(__always)
    static func isASCIISpace(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    /// Underscores must stand between two digits.
    private static func withoutUnderscores(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        for (index, byte) in text.enumerated() {
            if byte != UInt8(ascii: "_") {
                result.append(byte)
                continue
            }
            guard index > 0, index + 1 < text.count, isDigit(text[index - 1]), isDigit(text[index + 1]) else { return nil }
        }
        return result
    }

    private static func parsePlainFloat(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
        var index = 0
        let count = text.count
        let isNegative = text[0] == UInt8(ascii: "-")
        if isNegative || text[0] == UInt8(ascii: "+") { index = 1 }
        let signed = index
        var mantissa: UInt = 0
        var digitCount = 0
        var scale = 0
        var sawDigit = false
        func take(_ byte: UInt8, isFraction: Bool) {
            sawDigit = true
            if digitCount > 0 || byte != UInt8(ascii: "0") { digitCount += 1 }
            if digitCount <= 19 {
                mantissa = mantissa &* 10 &+ UInt(byte - UInt8(ascii: "0"))
                if isFraction { scale -= 1 }
            }
        }
        while index < count, isDigit(text[index]) {
            take(text[index], isFraction: false)
            index += 1
        }
        if index < count, text[index] == UInt8(ascii: ".") {
            index += 1
            while index < count, isDigit(text[index]) {
                take(text[index], isFraction: true)
                index += 1
            }
        }
        if !sawDigit { return parseNonFinite(UnsafeBufferPointer(rebasing: text[signed...]), isNegative) }
        if index < count, text[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            var exponent = 0
            let isBelow = index < count && text[index] == UInt8(ascii: "-")
            if index < count, isBelow || text[index] == UInt8(ascii: "+") { index += 1 }
            guard index < count, isDigit(text[index]) else { return nil }
            while index < count, isDigit(text[index]) {
                exponent = min(exponent * 10 + Int(text[index] - UInt8(ascii: "0")), 1_000_000)
                index += 1
            }
            scale += isBelow ? -exponent : exponent
        }
        if index != count { return nil }
        // Exact operands, one rounding: the result is correct.
        if digitCount <= 19, mantissa <= 1 << 53, scale >= -22, scale <= 22 {
            let whole = Double(mantissa)
            let result = scale < 0 ? whole / powersOfTen[-scale] : whole * powersOfTen[scale]
            return isNegative ? -result : result
        }
        return parseSlowly(text)
    }

    private static func parseNonFinite(_ text: UnsafeBufferPointer<UInt8>, _ isNegative: Bool) -> Double? {
        func matches(_ word: StaticString) -> Bool {
            text.count == word.utf8CodeUnitCount && text.indices.allSatisfy { text[$0] | 0x20 == word.utf8Start[$0] }
        }
        if matches("inf") || matches("infinity") { return isNegative ? -.infinity : .infinity }
        return matches("nan") ? (isNegative ? -Double.nan : Double.nan) : nil
    }

    private static func parseSlowly(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
        // Swift's own conversion ignores the locale, as strtod would not; it reports an overflow as infinity.
        Double(String(decoding: text, as: UTF8.self))
    }

    /// What `float.fromhex` found.
    enum HexFloat {
        case value(Double)
        case invalid
        case tooLarge
    }

    /// Reads `[sign] ["0x"] hex ["." hex] ["p" exponent]`, `inf`, `nan`; rounds half to even.
    static func parseHexFloat(_ text: UnsafeBufferPointer<UInt8>) -> HexFloat {
        var start = 0
        var end = text.count
        while start < end, isASCIISpace(text[start]) { start += 1 }
        while end > start, isASCIISpace(text[end - 1]) { end -= 1 }
        guard start < end else { return .invalid }
        var index = start
        let isNegative = text[index] == UInt8(ascii: "-")
        if isNegative || text[index] == UInt8(ascii: "+") { index += 1 }
        if let special = parseNonFinite(UnsafeBufferPointer(rebasing: text[index..<end]), isNegative) { return .value(special) }
        if index + 1 < end, text[index] == UInt8(ascii: "0"), text[index + 1] | 0x20 == UInt8(ascii: "x") { index += 2 }
        // 64 bits of significand with a sticky last bit decide the rounding.
        var significand: UInt = 0
        var exponent = 0
        var sawDigit = false
        var isFraction = false
        while index < end {
            if text[index] == UInt8(ascii: "."), !isFraction {
                isFraction = true
                index += 1
                continue
            }
            guard let digit = hexDigit(text[index]) else { break }
            sawDigit = true
            index += 1
            if significand >> 60 == 0 {
                significand = significand << 4 | UInt(digit)
                if isFraction { exponent -= 4 }
            } else {
                if digit != 0 { significand |= 1 }
                if !isFraction { exponent += 4 }
            }
        }
        guard sawDigit else { return .invalid }
        if index < end, text[index] | 0x20 == UInt8(ascii: "p") {
            index += 1
            let isBelow = index < end && text[index] == UInt8(ascii: "-")
            if index < end, isBelow || text[index] == UInt8(ascii: "+") { index += 1 }
            guard index < end, isDigit(text[index]) else { return .invalid }
            var written = 0
            while index < end, isDigit(text[index]) {
                written = min(written * 10 + Int(text[index] - UInt8(ascii: "0")), 1 << 40)
                index += 1
            }
            exponent += isBelow ? -written : written
        }
        guard index == end else { return .invalid }
        guard let magnitude = scaled(significand, exponent) else { return .tooLarge }
        return .value(isNegative ? -magnitude : magnitude)
    }

    /// `significand` · 2^`exponent`, rounded once; nil when too large.
    private static func scaled(_ significand: UInt, _ exponent: Int) -> Double? {
        if significand == 0 { return 0 }
        let top = UInt.bitWidth - significand.leadingZeroBitCount + exponent
        if top > 1024 { return nil }
        if top < -1080 { return 0 }
        // Bits below the last place of the result: 53 bits, fewer for subnormal results.
        let lost = max(UInt.bitWidth - significand.leadingZeroBitCount - 53, -1074 - exponent)
        var kept = significand
        var power = exponent
        if lost > 64 { return 0 }
        if lost > 0 {
            let whole = lost == 64 ? 0 : significand >> UInt(lost)
            let half: UInt = 1 << UInt(lost - 1)
            let rest = significand & (half | (half - 1))
            kept = rest > half || (rest == half && whole & 1 == 1) ? whole + 1 : whole
            power += lost
        }
        let result = Double(sign: .plus, exponent: power, significand: Double(kept))
        return result.isInfinite ? nil : result
    }

    @inline(__always)
    static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
