// How floats print: the shortest digits that read back the same.

extension VM {
    /// `repr(number)` as Swift text.
    package func floatRepr(_ number: Double) -> String {
        let value = floatReprValue(number)
        defer { heap.release(value) }
        return text(value)
    }

    /// `repr(number)`, a str.
    package func floatReprValue(_ number: Double) -> Value {
        withUnsafeTemporaryAllocation(byteCount: 40, alignment: 8) { memory in
            let start = memory.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
            let count = VM.writeFloat(number, start)
            return asciiString(UnsafeBufferPointer(start: start, count: count))
        }
    }

    /// Writes `repr(number)` (at most 32 bytes); returns the number of bytes.
    package static func writeFloat(_ number: Double, _ out: UnsafeMutablePointer<UInt8>) -> Int {
        if !number.isFinite {
            let text: StaticString = number.isNaN ? "nan" : number < 0 ? "-inf" : "inf"
            out.update(from: text.utf8Start, count: text.utf8CodeUnitCount)
            return text.utf8CodeUnitCount
        }
        // Swift prints the same shortest digits: "0.0001", "123.0", "1.5e-05", "1e+16"; only where it changes to an
        // exponent, and the exponent's two digits, may differ.
        var text = number.description
        return text.withUTF8 { source in
            let magnitude = number.magnitude
            let isPlain = number == 0 || (magnitude >= 1e-4 && magnitude < 1e16)
            if isPlain, !source.contains(UInt8(ascii: "e")) {
                out.update(from: source.baseAddress.unsafelyUnwrapped, count: source.count)
                return source.count
            }
            return writeDigits(FloatDecimal(shortest: magnitude), number.sign == .minus, out)
        }
    }

    private static func writeDigits(_ decimal: FloatDecimal, _ isNegative: Bool, _ out: UnsafeMutablePointer<UInt8>) -> Int {
        var decimal = decimal
        decimal.trimZeros()
        var count = 0
        func put(_ byte: UInt8) {
            out[count] = byte
            count += 1
        }
        if isNegative { put(UInt8(ascii: "-")) }
        let point = decimal.point
        let digits = decimal.digits
        if point > 16 || point < -3 {
            put(digits[0])
            if digits.count > 1 {
                put(UInt8(ascii: "."))
                for digit in digits.dropFirst() { put(digit) }
            }
            put(UInt8(ascii: "e"))
            var exponent = point - 1
            put(exponent < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
            exponent = abs(exponent)
            if exponent >= 100 { put(UInt8(ascii: "0") + UInt8(exponent / 100)) }
            put(UInt8(ascii: "0") + UInt8(exponent / 10 % 10))
            put(UInt8(ascii: "0") + UInt8(exponent % 10))
            return count
        }
        if point <= 0 {
            put(UInt8(ascii: "0"))
            put(UInt8(ascii: "."))
            for _ in 0..<(-point) { put(UInt8(ascii: "0")) }
            for digit in digits { put(digit) }
            return count
        }
        for index in 0..<max(point, digits.count) {
            if index == point { put(UInt8(ascii: ".")) }
            put(index < digits.count ? digits[index] : UInt8(ascii: "0"))
        }
        if digits.count <= point {
            put(UInt8(ascii: "."))
            put(UInt8(ascii: "0"))
        }
        return count
    }
}
