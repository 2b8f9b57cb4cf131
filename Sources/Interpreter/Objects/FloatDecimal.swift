#if canImport(Glibc)
    import Glibc
#endif

/// A non-negative finite Double in decimal: 0.d₁d₂d₃… · 10^point, correctly rounded to where the caller asked.
///
/// `digits` holds ASCII digits. The first is not "0", except that zero is the one digit "0" with point 1.
struct FloatDecimal {
    private(set) var digits: [UInt8]
    private(set) var point: Int

    /// The fewest digits that read back as the same Double.
    init(shortest number: Double) {
        digits = []
        point = 0
        var text = number.description
        text.withUTF8 { readDecimal($0) }
    }

    /// Rounded to `count` significant digits (at least 1).
    init(_ number: Double, significant count: Int) {
        digits = []
        point = 0
        if number == 0 {
            digits = [UInt8](repeating: UInt8(ascii: "0"), count: count)
            point = 1
            return
        }
        if let (scaled, exponent) = VM.scaledDigits(number, count) {
            setScaled(scaled, 0)
            point = exponent + 1
            return
        }
        FloatDecimal.print(number, "%.*e", count - 1) { readDecimal($0) }
        if digits.count < count { digits.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: count - digits.count)) }
    }

    /// Rounded to `fraction` digits after the decimal point; before it when negative.
    init(_ number: Double, fraction: Int) {
        digits = []
        point = 0
        if number != 0, fraction >= 0 {
            if let scaled = VM.roundedScaled(number, fraction) {
                setScaled(scaled, fraction)
            } else {
                FloatDecimal.print(number, "%.*f", fraction) { readDecimal($0) }
            }
        } else if number != 0 {
            roundAboveUnits(number, -fraction)
        }
        if digits.isEmpty {
            digits = [UInt8(ascii: "0")]
            point = 1
        }
    }

    /// Rounded to a multiple of 10^`zeros`.
    private mutating func roundAboveUnits(_ number: Double, _ zeros: Int) {
        self = FloatDecimal(number, significant: 40)
        let kept = point - zeros
        if kept > 0 {
            self = FloatDecimal(number, significant: kept)
            return
        }
        // The one digit in question is below the kept place: only more than half rounds up, as 0 is even.
        let isAboveHalf = digits[0] > UInt8(ascii: "5") || (digits[0] == UInt8(ascii: "5") && digits.dropFirst().contains { $0 != UInt8(ascii: "0") })
        if kept == 0, isAboveHalf {
            digits = [UInt8(ascii: "1")]
            point = zeros + 1
        } else {
            digits = []
        }
    }

    private mutating func setScaled(_ scaled: UInt, _ fraction: Int) {
        if scaled == 0 { return }
        var rest = scaled
        while rest > 0 {
            digits.append(UInt8(truncatingIfNeeded: rest % 10) + UInt8(ascii: "0"))
            rest /= 10
        }
        digits.reverse()
        point = digits.count - fraction
    }

    /// Reads what C or Swift printed: digits, a decimal point (whatever the locale's bytes), an exponent.
    private mutating func readDecimal(_ text: UnsafeBufferPointer<UInt8>) {
        var index = 0
        var whole = 0
        var isFraction = false
        var leading = 0
        digits.reserveCapacity(text.count)
        while index < text.count, text[index] | 0x20 != UInt8(ascii: "e") {
            let byte = text[index]
            index += 1
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else {
                isFraction = true
                continue
            }
            if digits.isEmpty, byte == UInt8(ascii: "0") {
                if isFraction { leading += 1 }
                continue
            }
            digits.append(byte)
            if !isFraction { whole += 1 }
        }
        var exponent = 0
        if index < text.count {
            index += 1
            let isNegative = text[index] == UInt8(ascii: "-")
            if isNegative || text[index] == UInt8(ascii: "+") { index += 1 }
            while index < text.count {
                exponent = exponent * 10 + Int(text[index] - UInt8(ascii: "0"))
                index += 1
            }
            if isNegative { exponent = -exponent }
        }
        point = (whole > 0 ? whole : -leading) + exponent
        if digits.isEmpty {
            digits = [UInt8(ascii: "0")]
            point = 1
        }
    }

    /// Drops zeros at the end; one digit stays.
    mutating func trimZeros() {
        while digits.count > 1, digits[digits.count - 1] == UInt8(ascii: "0") { digits.removeLast() }
    }

    /// The nearest Double.
    var value: Double {
        let text = "0." + String(decoding: digits, as: UTF8.self) + "e" + String(point)
        return Double(text) ?? .nan
    }

    private static func print(_ number: Double, _ format: StaticString, _ precision: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        let capacity = precision + 330
        withUnsafeTemporaryAllocation(byteCount: capacity, alignment: 1) { memory in
            let text = memory.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: CChar.self)
            let count = withVaList([Int32(precision), number]) { arguments in
                format.withUTF8Buffer {
                    vsnprintf(text, capacity, UnsafeRawPointer($0.baseAddress.unsafelyUnwrapped).assumingMemoryBound(to: CChar.self), arguments)
                }
            }
            body(UnsafeBufferPointer(start: UnsafeRawPointer(text).assumingMemoryBound(to: UInt8.self), count: Int(count)))
        }
    }
}
