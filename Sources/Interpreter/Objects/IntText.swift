import BigInt

// Ints as digits: decimal for repr, powers of two for hex, oct and bin.

extension VM {
    /// Decimal digits that int↔str conversion goes to: CPython's guard against quadratic time.
    static let largestDigitCount = 4300

    /// `repr` of an int, bool not included: a str. ValueError for ints of more than 4300 digits.
    package func intRepr(_ value: Value) throws(PythonError) -> Value {
        if value.tag == Tag.bigInt {
            let digits = try decimalDigits(bigInt(value))
            return digits.withUnsafeBufferPointer { asciiString($0) }
        }
        return intRepr(value.asInt)
    }

    /// `repr(value)`, a str.
    package func intRepr(_ value: Int) -> Value {
        if value >= 0, value < 10 { return latinStrings[0x30 + value].retained() }
        let magnitude = value.magnitude
        let count = VM.decimalCount(magnitude) + (value < 0 ? 1 : 0)
        let result = Heap.makeString(heap, byteCount: count, length: count, isASCII: true)
        VM.writeDecimal(magnitude, endingAt: result.string.bytes + count)
        if value < 0 { result.string.bytes[0] = UInt8(ascii: "-") }
        return result
    }

    /// Number of decimal digits, 1 for 0.
    @inline(__always)
    package static func decimalCount(_ value: UInt) -> Int {
        if value < 10 { return 1 }
        if value < 100 { return 2 }
        if value < 1000 { return 3 }
        if value < 10_000 { return 4 }
        if value < 100_000 { return 5 }
        // log10(2) = 1233 / 4096 nearly: right or one too few.
        let guess = ((UInt.bitWidth - value.leadingZeroBitCount) * 1233) >> 12
        return guess > 19 || value >= intPowersOfTen[guess] ? guess + 1 : guess
    }

    /// Writes the digits so that the last lies just before `end`.
    @inline(__always)
    package static func writeDecimal(_ value: UInt, endingAt end: UnsafeMutablePointer<UInt8>) {
        var rest = value
        var place = end
        repeat {
            place -= 1
            let next = rest / 10
            place.pointee = UInt8(truncatingIfNeeded: rest &- next &* 10) &+ 0x30
            rest = next
        } while rest > 0
    }

    /// Sign and digits of a big int. ValueError above 4300 digits.
    package func decimalDigits(_ value: BigInt) throws(PythonError) -> [UInt8] {
        // 3.3219 bits a digit: more bits than this are surely too many digits.
        let bits = value.magnitude.bitWidth
        if bits > VM.largestDigitCount * 3322 / 1000 + 4 { throw tooManyDigits() }
        var digits = VM.decimalDigits(of: value.magnitude)
        if digits.count > VM.largestDigitCount { throw tooManyDigits() }
        if value.sign == .minus { digits.insert(UInt8(ascii: "-"), at: 0) }
        return digits
    }

    private func tooManyDigits() -> PythonError {
        valueError(
            "Exceeds the limit (\(VM.largestDigitCount) digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit"
        )
    }

    /// Quadratic: for numbers of bounded size.
    private static func decimalDigits(of magnitude: BigUInt) -> [UInt8] {
        var words = Array(magnitude.words)
        while words.last == 0 { words.removeLast() }
        if words.isEmpty { return [UInt8(ascii: "0")] }
        let chunk: UInt = 10_000_000_000_000_000_000
        var reversed: [UInt8] = []
        while !words.isEmpty {
            var remainder: UInt = 0
            for index in words.indices.reversed() {
                (words[index], remainder) = chunk.dividingFullWidth((remainder, words[index]))
            }
            while words.last == 0 { words.removeLast() }
            for _ in 0..<19 {
                reversed.append(UInt8(truncatingIfNeeded: remainder % 10) + 0x30)
                remainder /= 10
                if words.isEmpty, remainder == 0 { break }
            }
        }
        reversed.reverse()
        return reversed
    }

    /// Digits of `magnitude` in base 2, 8 or 16 (`bitsPerDigit` 1, 3, 4), without prefix.
    func binaryDigits(of magnitude: BigUInt, bitsPerDigit: Int, uppercase: Bool) throws(PythonError) -> [UInt8] {
        let words = Array(magnitude.words)
        let bits = magnitude.bitWidth
        if bits == 0 { return [UInt8(ascii: "0")] }
        let count = (bits + bitsPerDigit - 1) / bitsPerDigit
        let letter = (uppercase ? UInt8(ascii: "A") : UInt8(ascii: "a")) - 10
        try checkRoom(count, stride: 1)
        var digits = [UInt8](repeating: 0x30, count: count)
        try inParts(count) { part in
            for place in part {
                let bit = place * bitsPerDigit
                var digit = words[bit / 64] >> UInt(bit % 64)
                if bit % 64 + bitsPerDigit > 64, bit / 64 + 1 < words.count { digit |= words[bit / 64 + 1] << UInt(64 - bit % 64) }
                let value = UInt8(truncatingIfNeeded: digit) & (1 << UInt8(bitsPerDigit) - 1)
                digits[count - 1 - place] = value < 10 ? value + 0x30 : value + letter
            }
        }
        return digits
    }

    /// Sign and digits of an int, bool or big int in base 10, 2, 8 or 16; `prefix` is put between (`0x`).
    func intDigits(_ value: Value, base: Int, prefix: StaticString = "", uppercase: Bool = false) throws(PythonError) -> [UInt8] {
        var result: [UInt8] = []
        if value.tag == Tag.bigInt {
            let integer = bigInt(value)
            if base == 10 { return try decimalDigits(integer) }
            if integer.sign == .minus { result.append(UInt8(ascii: "-")) }
            result.append(contentsOf: UnsafeBufferPointer(start: prefix.utf8Start, count: prefix.utf8CodeUnitCount))
            result += try binaryDigits(of: integer.magnitude, bitsPerDigit: base == 16 ? 4 : base == 8 ? 3 : 1, uppercase: uppercase)
            return result
        }
        if value.asInt < 0 { result.append(UInt8(ascii: "-")) }
        result.append(contentsOf: UnsafeBufferPointer(start: prefix.utf8Start, count: prefix.utf8CodeUnitCount))
        let start = result.count
        var rest = value.asInt.magnitude
        let letter = (uppercase ? UInt8(ascii: "A") : UInt8(ascii: "a")) - 10
        repeat {
            let digit = UInt8(truncatingIfNeeded: rest % UInt(base))
            result.append(digit < 10 ? digit + 0x30 : digit + letter)
            rest /= UInt(base)
        } while rest > 0
        result[start...].reverse()
        return result
    }
}
