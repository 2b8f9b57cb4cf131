import BigInt

// Reading ints from text, as `int()` does.

extension VM {
    /// What a text is as an integer.
    enum IntText {
        case value(Value)
        case invalid
        /// More digits than conversion goes to.
        case tooLong(Int)
    }

    /// An integer literal in `base` (2…36, or 0: the prefix says) with spaces around, sign, prefix and underscores.
    func parseInt(_ text: UnsafeBufferPointer<UInt8>, base: Int) throws(PythonError) -> IntText {
        var start = 0
        var end = text.count
        while start < end, VM.isASCIISpace(text[start]) { start += 1 }
        while end > start, VM.isASCIISpace(text[end - 1]) { end -= 1 }
        guard start < end else { return .invalid }
        let isNegative = text[start] == UInt8(ascii: "-")
        if isNegative || text[start] == UInt8(ascii: "+") { start += 1 }
        var base = base
        var allowsLeadingZeros = true
        if start + 1 < end, text[start] == UInt8(ascii: "0"), let prefixed = VM.prefixBase(text[start + 1]), base == 0 || base == prefixed {
            // "0b1" in base 16 is a number; there "b" is no prefix because the bases differ.
            base = prefixed
            start += 2
            if start < end, text[start] == UInt8(ascii: "_") { start += 1 }
        } else if base == 0 {
            base = 10
            allowsLeadingZeros = false
        }
        return try readDigits(UnsafeBufferPointer(rebasing: text[start..<end]), base, isNegative, allowsLeadingZeros)
    }

    private static func prefixBase(_ letter: UInt8) -> Int? {
        switch letter | 0x20 {
        case UInt8(ascii: "x"): 16
        case UInt8(ascii: "o"): 8
        case UInt8(ascii: "b"): 2
        default: nil
        }
    }

    private func readDigits(
        _ text: UnsafeBufferPointer<UInt8>, _ base: Int, _ isNegative: Bool, _ allowsLeadingZeros: Bool
    ) throws(PythonError) -> IntText {
        if text.count <= 18, base == 10, allowsLeadingZeros, let small = VM.plainDecimal(text) {
            return .value(.int(isNegative ? -small : small))
        }
        try checkRoom(text.count, stride: 1)
        var digits: [UInt8] = []
        digits.reserveCapacity(text.count)
        var previousIsDigit = false
        for byte in text {
            if byte == UInt8(ascii: "_") {
                if !previousIsDigit { return .invalid }
                previousIsDigit = false
                continue
            }
            guard let digit = VM.digitValue(byte), digit < base else { return .invalid }
            digits.append(UInt8(digit))
            previousIsDigit = true
            try heed()
        }
        if !previousIsDigit { return .invalid }
        if !allowsLeadingZeros, digits[0] == 0, digits.contains(where: { $0 != 0 }) { return .invalid }
        let isPowerOfTwo = base & (base - 1) == 0
        if !isPowerOfTwo, digits.count > VM.largestDigitCount { return .tooLong(digits.count) }
        let words = isPowerOfTwo ? try packed(digits, bitsPerDigit: base.trailingZeroBitCount) : VM.words(of: digits, base: base)
        return .value(int(VM.big(magnitude: words, negative: isNegative)))
    }

    /// The number that up to 18 decimal digits spell; nil when there is anything else.
    @inline(__always)
    private static func plainDecimal(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
        if text.isEmpty { return nil }
        var value = 0
        for byte in text {
            let digit = byte &- 0x30
            if digit > 9 { return nil }
            value = value &* 10 &+ Int(digit)
        }
        return value
    }

    static func digitValue(_ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(byte - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(byte - UInt8(ascii: "A")) + 10
        default: nil
        }
    }

    private static func words(of digits: [UInt8], base: Int) -> [UInt] {
        // As many digits at a time as surely fit a word.
        var words: [UInt] = []
        var index = 0
        while index < digits.count {
            var chunk: UInt = 0
            var factor: UInt = 1
            while index < digits.count, factor <= UInt.max / UInt(base) {
                chunk = chunk * UInt(base) + UInt(digits[index])
                factor *= UInt(base)
                index += 1
            }
            var carry = chunk
            for place in words.indices {
                let (high, low) = words[place].multipliedFullWidth(by: factor)
                let (sum, overflow) = low.addingReportingOverflow(carry)
                words[place] = sum
                carry = high + (overflow ? 1 : 0)
            }
            if carry != 0 { words.append(carry) }
        }
        return words
    }

    private func packed(_ digits: [UInt8], bitsPerDigit: Int) throws(PythonError) -> [UInt] {
        var words = [UInt](repeating: 0, count: digits.count * bitsPerDigit / 64 + 1)
        for (place, digit) in digits.reversed().enumerated() {
            let bit = place * bitsPerDigit
            words[bit / 64] |= UInt(digit) << UInt(bit % 64)
            if bit % 64 + bitsPerDigit > 64 { words[bit / 64 + 1] |= UInt(digit) >> UInt(64 - bit % 64) }
            try heed()
        }
        return words
    }
}
