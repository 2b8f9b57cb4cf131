import BigInt

#if canImport(Glibc)
    import Glibc
#endif

/// A number ready to be laid out: sign apart, ASCII digits, what follows them.
struct NumberText {
    var isNegative = false
    /// `0x` and the like.
    var prefix: [UInt8] = []
    /// Digits before the decimal point: these are grouped. Empty for inf and nan.
    var digits: [UInt8] = []
    /// Decimal point and all behind it; or "inf", "nan".
    var rest: [UInt8] = []
}

extension VM {
    // MARK: int

    /// An int, bool or big int by a specification; `value` is the object that messages name.
    func formatInteger(_ number: Value, _ text: UnsafeBufferPointer<UInt8>, as value: Value) throws(PythonError) -> Value {
        let spec = try FormatSpec(self, text, value, defaultAlign: .right)
        let base: Int
        switch spec.type {
        case 0, 0x64, 0x6E: base = 10
        case 0x62: base = 2
        case 0x6F: base = 8
        case 0x78, 0x58: base = 16
        case 0x63: return try formatCharacter(number, spec)
        case 0x65, 0x45, 0x66, 0x46, 0x67, 0x47, 0x25: return try formatDouble(double(number), spec, as: value)
        default: throw spec.unknownType(self, value)
        }
        try refuseInIntegers(spec)
        if base == 10, number.tag != Tag.bigInt, spec.grouping == 0, spec.fill < 0x80, spec.width < 400 { return layOut(number.asInt, spec) }
        var parts = NumberText()
        parts.digits = try intDigits(number, base: base, uppercase: spec.type == 0x58)
        if parts.digits[0] == UInt8(ascii: "-") {
            parts.isNegative = true
            parts.digits.removeFirst()
        }
        if spec.isAlternate, base != 10 { parts.prefix = [0x30, UInt8(spec.type)] }
        return try layOut(parts, spec, groupSize: base == 10 ? 3 : 4)
    }

    /// A decimal number in ASCII, written once into its str.
    private func layOut(_ number: Int, _ spec: FormatSpec) -> Value {
        let magnitude = number.magnitude
        let sign: UInt8 = number < 0 ? UInt8(ascii: "-") : spec.sign == UInt8(ascii: "+") || spec.sign == UInt8(ascii: " ") ? spec.sign : 0
        let content = VM.decimalCount(magnitude) + (sign == 0 ? 0 : 1)
        let (left, right) = spec.padding(content)
        let count = content + left + right
        if count == 1 { return latinStrings[0x30 + Int(magnitude)].retained() }
        let result = Heap.makeString(heap, byteCount: count, length: count, isASCII: true)
        let out = result.string.bytes
        let fill = UInt8(spec.fill)
        for place in 0..<left { out[place] = fill }
        for place in (count - right)..<count { out[place] = fill }
        VM.writeDecimal(magnitude, endingAt: out + (count - right))
        if sign != 0 { out[spec.align == .inner ? 0 : left] = sign }
        // The padding lies between the two.
        if sign != 0, spec.align == .inner { for place in 1..<(left + 1) { out[place] = fill } }
        return result
    }

    private func refuseInIntegers(_ spec: FormatSpec) throws(PythonError) {
        if spec.precision >= 0 { throw valueError("Precision not allowed in integer format specifier") }
        if spec.coercesNegativeZero { throw valueError("Negative zero coercion (z) not allowed in integer format specifier") }
    }

    private func formatCharacter(_ number: Value, _ spec: FormatSpec) throws(PythonError) -> Value {
        try refuseInIntegers(spec)
        if spec.sign != 0 { throw valueError("Sign not allowed with integer format specifier 'c'") }
        if spec.isAlternate { throw valueError("Alternate form (#) not allowed with integer format specifier 'c'") }
        if number.tag == Tag.bigInt { throw overflowError("Python int too large to convert to C long") }
        guard number.asInt >= 0, number.asInt < 0x110000 else { throw overflowError("%c arg not in range(0x110000)") }
        let (left, right) = spec.padding(1)
        try checkWidth(left + right)
        var out = StringBuilder(self)
        out.append(codePoint: spec.fill, times: left)
        out.append(codePoint: UInt32(number.asInt))
        out.append(codePoint: spec.fill, times: right)
        return out.finish()
    }

    // MARK: layout

    /// Sign, padding, grouping.
    func layOut(_ parts: NumberText, _ spec: FormatSpec, groupSize: Int) throws(PythonError) -> Value {
        let sign: UInt8 = parts.isNegative ? UInt8(ascii: "-") : spec.sign == UInt8(ascii: "+") || spec.sign == UInt8(ascii: " ") ? spec.sign : 0
        let fixed = (sign == 0 ? 0 : 1) + parts.prefix.count + parts.rest.count
        try checkWidth(spec.width)
        let leastDigits = spec.fill == 0x30 && spec.align == .inner ? spec.width - fixed : 0
        var digits = parts.digits
        if !digits.isEmpty, spec.grouping != 0 || leastDigits > digits.count {
            digits = VM.grouped(digits, separator: spec.grouping, size: spec.grouping == 0 ? .max : groupSize, leastCount: leastDigits)
        }
        let (left, right) = spec.padding(fixed + digits.count)
        var out = StringBuilder(self)
        if spec.align != .inner { out.append(codePoint: spec.fill, times: left) }
        if sign != 0 { out.append(sign) }
        out.append(ascii: parts.prefix)
        if spec.align == .inner { out.append(codePoint: spec.fill, times: left) }
        out.append(ascii: digits)
        out.append(ascii: parts.rest)
        out.append(codePoint: spec.fill, times: right)
        return out.finish()
    }

    /// Digits with a separator after every `size` from the right, zeros before them up to `leastCount` characters.
    private static func grouped(_ digits: [UInt8], separator: UInt8, size: Int, leastCount: Int) -> [UInt8] {
        var reversed: [UInt8] = []
        var remaining = digits.count
        var wanted = leastCount
        while true {
            let length = min(size, max(remaining, wanted, 1))
            let taken = min(remaining, length)
            for place in 0..<taken { reversed.append(digits[remaining - 1 - place]) }
            if length > taken { reversed.append(contentsOf: repeatElement(0x30, count: length - taken)) }
            remaining -= taken
            wanted -= length
            if remaining <= 0, wanted <= 0 { break }
            reversed.append(separator)
            wanted -= 1
        }
        reversed.reverse()
        return reversed
    }

    // MARK: float

    func formatDouble(_ number: Double, _ text: UnsafeBufferPointer<UInt8>, as value: Value) throws(PythonError) -> Value {
        if let quick = formatSimply(number, text) { return quick }
        return try formatDouble(number, FormatSpec(self, text, value, defaultAlign: .right), as: value)
    }

    /// The most usual specifications, `.Nf` and `.Ne`, without further ado; nil for others.
    private func formatSimply(_ number: Double, _ text: UnsafeBufferPointer<UInt8>) -> Value? {
        guard text.count == 3, text[0] == UInt8(ascii: "."), VM.isDigit(text[1]), number.isFinite else { return nil }
        let precision = Int(text[1] - 0x30)
        return withUnsafeTemporaryAllocation(byteCount: 40, alignment: 8) { memory -> Value? in
            let start = memory.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
            let count: Int
            if text[2] == UInt8(ascii: "f"), let scaled = VM.roundedScaled(number.magnitude, precision) {
                count = VM.writeFixed(scaled, precision, number.sign == .minus, start)
            } else if text[2] == UInt8(ascii: "e"), let (scaled, exponent) = VM.scaledDigits(number.magnitude, precision + 1) {
                count = VM.writeScientific(scaled, exponent, precision, number.sign == .minus, start)
            } else {
                return nil
            }
            return asciiString(UnsafeBufferPointer(start: start, count: count))
        }
    }

    /// `count` significant digits of a positive number as an integer, and the exponent of the first; nil outside the fast path.
    static func scaledDigits(_ number: Double, _ count: Int) -> (digits: UInt, exponent: Int)? {
        guard number >= 1e-10, number < 1e15, count <= 10 else { return nil }
        // log10 of the binary exponent is right or one too low.
        var exponent = Int((Double(number.exponent) * 0.30102999566398120).rounded(.down))
        while exponent < 15 {
            let fraction = count - 1 - exponent
            guard fraction >= 0, fraction < 20, let scaled = roundedScaled(number, fraction) else { return nil }
            if scaled < intPowersOfTen[count] { return scaled >= intPowersOfTen[count - 1] ? (scaled, exponent) : nil }
            exponent += 1
        }
        return nil
    }

    private static func writeScientific(
        _ digits: UInt, _ exponent: Int, _ precision: Int, _ isNegative: Bool, _ out: UnsafeMutablePointer<UInt8>
    ) -> Int {
        var count = writeFixed(digits, precision, isNegative, out)
        let size = abs(exponent)
        out[count] = UInt8(ascii: "e")
        out[count + 1] = exponent < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+")
        out[count + 2] = 0x30 + UInt8(size / 10)
        out[count + 3] = 0x30 + UInt8(size % 10)
        count += 4
        return count
    }

    /// Writes `scaled` · 10^−`fraction` in at most 32 bytes; returns their number.
    static func writeFixed(_ scaled: UInt, _ fraction: Int, _ isNegative: Bool, _ out: UnsafeMutablePointer<UInt8>) -> Int {
        let digitCount = max(decimalCount(scaled), fraction + 1)
        let count = digitCount + (fraction > 0 ? 1 : 0) + (isNegative ? 1 : 0)
        if isNegative { out[0] = UInt8(ascii: "-") }
        var rest = scaled
        var place = count
        for index in 0..<digitCount {
            if index == fraction, fraction > 0 {
                place -= 1
                out[place] = UInt8(ascii: ".")
            }
            place -= 1
            out[place] = UInt8(truncatingIfNeeded: rest % 10) + 0x30
            rest /= 10
        }
        return count
    }

    func formatDouble(_ number: Double, _ spec: FormatSpec, as value: Value) throws(PythonError) -> Value {
        var style = FloatStyle(type: 0x72, precision: spec.precision)
        switch spec.type {
        case 0:
            style.addsPointZero = true
            if spec.precision >= 0 { style.type = 0x67 }
        case 0x65, 0x45, 0x66, 0x46, 0x67, 0x47: style.type = UInt8(spec.type)
        case 0x6E: style.type = 0x67
        case 0x25: style.type = 0x66
        default: throw spec.unknownType(self, value)
        }
        if spec.precision > Int(Int32.max) { throw valueError("precision too big") }
        if spec.type != 0, spec.precision < 0 { style.precision = 6 }
        style.isAlternate = spec.isAlternate
        style.coercesNegativeZero = spec.coercesNegativeZero
        var parts = try floatText(spec.type == 0x25 ? number * 100 : number, style)
        if spec.type == 0x25 { parts.rest.append(UInt8(ascii: "%")) }
        return try layOut(parts, spec, groupSize: 3)
    }
}

/// How a float is to be printed, in the terms of C: `e`, `f`, `g` or `r` (shortest).
struct FloatStyle {
    var type: UInt8
    var precision: Int
    var isAlternate = false
    var addsPointZero = false
    var coercesNegativeZero = false
}

extension VM {
    /// A float's sign, digits and rest; MemoryError when the precision asks for gigabytes.
    func floatText(_ number: Double, _ style: FloatStyle) throws(PythonError) -> NumberText {
        var parts = NumberText()
        let letter = style.type | 0x20
        let isUppercase = style.type & 0x20 == 0
        if !number.isFinite {
            parts.isNegative = number < 0
            parts.rest = Array((number.isNaN ? (isUppercase ? "NAN" : "nan") : (isUppercase ? "INF" : "inf")).utf8)
            return parts
        }
        if style.precision > VM.largestBitCount { throw memoryError() }
        parts.isNegative = number.sign == .minus
        let magnitude = number.magnitude
        let decimal: FloatDecimal
        var precision = style.precision
        // A Double has at most 767 significant digits and 1074 behind the point: beyond are zeros.
        switch letter {
        case UInt8(ascii: "e"):
            precision += 1
            decimal = FloatDecimal(magnitude, significant: min(precision, 800))
        case UInt8(ascii: "f"): decimal = FloatDecimal(magnitude, fraction: min(precision, 1100))
        case UInt8(ascii: "g"):
            precision = max(precision, 1)
            decimal = FloatDecimal(magnitude, significant: min(precision, 800))
        default: decimal = FloatDecimal(shortest: magnitude)
        }
        writeFloat(decimal, letter, precision, style, isUppercase, to: &parts)
        return parts
    }

    private func writeFloat(
        _ number: FloatDecimal, _ letter: UInt8, _ precision: Int, _ style: FloatStyle, _ isUppercase: Bool, to parts: inout NumberText
    ) {
        var decimal = number
        decimal.trimZeros()
        let digits = decimal.digits
        if style.coercesNegativeZero, digits == [0x30] { parts.isNegative = false }
        var point = decimal.point
        var end = digits.count
        var usesExponent = false
        switch letter {
        case UInt8(ascii: "e"):
            usesExponent = true
            end = precision
        case UInt8(ascii: "f"): end = point + precision
        case UInt8(ascii: "g"):
            usesExponent = point <= -4 || point > precision - (style.addsPointZero ? 1 : 0)
            if style.isAlternate { end = precision }
        default: usesExponent = point <= -4 || point > 16
        }
        let exponent = point - 1
        if usesExponent { point = 1 }
        end = max(end, point + (!usesExponent && style.addsPointZero ? 1 : 0))
        func digit(_ place: Int) -> UInt8 { place >= 0 && place < digits.count ? digits[place] : 0x30 }
        for place in min(0, point - 1)..<point { parts.digits.append(digit(place)) }
        if end > point || style.isAlternate { parts.rest.append(UInt8(ascii: ".")) }
        parts.rest.reserveCapacity(max(0, end - point) + 8)
        for place in point..<max(point, end) { parts.rest.append(digit(place)) }
        if usesExponent {
            parts.rest.append(isUppercase ? UInt8(ascii: "E") : UInt8(ascii: "e"))
            parts.rest.append(exponent < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
            let size = abs(exponent)
            if size >= 100 { parts.rest.append(0x30 + UInt8(size / 100)) }
            parts.rest.append(0x30 + UInt8(size / 10 % 10))
            parts.rest.append(0x30 + UInt8(size % 10))
        }
    }
}
