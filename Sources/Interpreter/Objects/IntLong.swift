import BigInt

// Products and quotients of ints of millions of digits take up to minutes. Here they are cut into pieces of some ten
// milliseconds, which are left to `BigInt`, and an interrupt is answered between them.

extension VM {
    /// Products of as many words (the one count times the other) are made at once.
    private static let longWork = 1 << 22

    /// `a * b`; MemoryError when the result would be huge.
    package func product(_ a: BigInt, _ b: BigInt) throws(PythonError) -> BigInt {
        if a.magnitude.bitWidth + b.magnitude.bitWidth > VM.largestBitCount + 64 { throw memoryError() }
        if a.magnitude.words.count * b.magnitude.words.count <= VM.longWork { return a * b }
        let words = try longProduct(Array(a.magnitude.words)[...], Array(b.magnitude.words)[...])
        return VM.big(magnitude: words, negative: a.sign != b.sign)
    }

    /// Karatsuba's method on words, the least first; the result has as many as both together.
    private func longProduct(_ x: ArraySlice<UInt>, _ y: ArraySlice<UInt>) throws(PythonError) -> [UInt] {
        let (long, short) = x.count >= y.count ? (x, y) : (y, x)
        var result = [UInt](repeating: 0, count: long.count + short.count)
        if long.count * short.count <= VM.longWork {
            VM.add(Array((BigUInt(words: Array(long)) * BigUInt(words: Array(short))).words)[...], to: &result, at: 0)
            return result
        }
        try heed()
        let half = (long.count + 1) / 2
        if short.count <= half {
            // Pieces as long as the shorter factor multiply best.
            var place = 0
            while place < long.count {
                let piece = long.dropFirst(place).prefix(max(short.count, VM.longWork / short.count))
                VM.add(try longProduct(piece, short)[...], to: &result, at: place)
                place += piece.count
            }
            return result
        }
        let low = try longProduct(long.prefix(half), short.prefix(half))
        let high = try longProduct(long.dropFirst(half), short.dropFirst(half))
        let sums = (VM.sum(long.prefix(half), long.dropFirst(half)), VM.sum(short.prefix(half), short.dropFirst(half)))
        var middle = try longProduct(sums.0[...], sums.1[...])
        VM.subtract(low, from: &middle)
        VM.subtract(high, from: &middle)
        VM.add(low[...], to: &result, at: 0)
        VM.add(middle[...], to: &result, at: half)
        VM.add(high[...], to: &result, at: 2 * half)
        return result
    }

    /// Adds words into a number at a place; the sum must have room there.
    private static func add(_ words: ArraySlice<UInt>, to target: inout [UInt], at place: Int) {
        var carry: UInt = 0
        var position = place
        for word in words {
            // Zeros at the end of a product may reach beyond the room for it.
            if position == target.count { return }
            let (first, overflow) = target[position].addingReportingOverflow(word)
            let (second, again) = first.addingReportingOverflow(carry)
            target[position] = second
            carry = (overflow ? 1 : 0) + (again ? 1 : 0)
            position += 1
        }
        while carry != 0, position < target.count {
            let (sum, overflow) = target[position].addingReportingOverflow(carry)
            target[position] = sum
            carry = overflow ? 1 : 0
            position += 1
        }
    }

    private static func sum(_ a: ArraySlice<UInt>, _ b: ArraySlice<UInt>) -> [UInt] {
        var result = Array(a) + [0]
        if result.count <= b.count { result += [UInt](repeating: 0, count: b.count + 1 - result.count) }
        add(b, to: &result, at: 0)
        return result
    }

    /// `target - words`, which is not negative.
    private static func subtract(_ words: [UInt], from target: inout [UInt]) {
        var borrow: UInt = 0
        var position = 0
        while position < target.count, position < words.count || borrow != 0 {
            let (first, overflow) = target[position].subtractingReportingOverflow(position < words.count ? words[position] : 0)
            let (second, again) = first.subtractingReportingOverflow(borrow)
            target[position] = second
            borrow = (overflow ? 1 : 0) + (again ? 1 : 0)
            position += 1
        }
    }

    // MARK: division

    /// Rounds towards zero; `b` is not 0.
    package func quotientAndRemainder(_ a: BigInt, _ b: BigInt) throws(PythonError) -> (quotient: BigInt, remainder: BigInt) {
        let (count, width) = (a.magnitude.words.count, b.magnitude.words.count)
        if count < width || (count - width + 1) * width <= VM.longWork { return a.quotientAndRemainder(dividingBy: b) }
        let (quotient, remainder) = try longQuotient(Array(a.magnitude.words), b.magnitude)
        return (
            VM.big(magnitude: quotient, negative: a.sign != b.sign), BigInt(sign: remainder.isZero ? .plus : a.sign, magnitude: remainder)
        )
    }

    /// Schoolbook division by several words at a time, from the top.
    private func longQuotient(_ dividend: [UInt], _ divisor: BigUInt) throws(PythonError) -> ([UInt], BigUInt) {
        let step = max(1, VM.longWork / divisor.words.count)
        var quotient = [UInt](repeating: 0, count: dividend.count)
        var remainder = BigUInt(words: [])
        var end = dividend.count
        while end > 0 {
            try heed()
            let start = max(0, end - step)
            let words = Array(dividend[start..<end]) + Array(remainder.words)
            let (digits, rest) = BigUInt(words: words).quotientAndRemainder(dividingBy: divisor)
            for (offset, word) in digits.words.enumerated() where start + offset < end { quotient[start + offset] = word }
            remainder = rest
            end = start
        }
        return (quotient, remainder)
    }

    /// Rounds towards minus infinity; `b` is not 0.
    package func floorDivide(_ a: BigInt, _ b: BigInt) throws(PythonError) -> (quotient: BigInt, remainder: BigInt) {
        var (quotient, remainder) = try quotientAndRemainder(a, b)
        if !remainder.isZero, remainder.sign != b.sign {
            quotient -= VM.big(1)
            remainder += b
        }
        return (quotient, remainder)
    }

    // MARK: what is made of them

    /// `base` to the `exponent`, which is not negative, modulo `modulus`, which is positive; `base` lies below it.
    func modularPower(_ base: BigInt, _ exponent: BigUInt, _ modulus: BigInt) throws(PythonError) -> BigInt {
        var result = VM.big(1)
        var bit = exponent.bitWidth - 1
        let words = exponent.words
        while bit >= 0 {
            try heed()
            result = try quotientAndRemainder(product(result, result), modulus).remainder
            if words[bit / 64] >> UInt(bit % 64) & 1 == 1 {
                result = try quotientAndRemainder(product(result, base), modulus).remainder
            }
            bit -= 1
        }
        return result
    }

    /// The greatest common divisor of two ints that are not negative, and the factor of the first that makes it modulo the second.
    func extendedDivisor(_ a: BigInt, _ b: BigInt) throws(PythonError) -> (divisor: BigInt, factor: BigInt) {
        var (larger, smaller) = (b, a)
        var (before, factor) = (VM.big(0), VM.big(1))
        while !smaller.isZero {
            try heed()
            let (quotient, rest) = try quotientAndRemainder(larger, smaller)
            (larger, smaller) = (smaller, rest)
            (before, factor) = (factor, before - (try product(quotient, factor)))
        }
        return (larger, before)
    }

    /// The greatest common divisor; not negative.
    package func greatestCommonDivisor(_ x: BigInt, _ y: BigInt) throws(PythonError) -> BigInt {
        if var a = UInt(exactly: x.magnitude), var b = UInt(exactly: y.magnitude) {
            while b != 0 { (a, b) = (b, a % b) }
            return VM.big(magnitude: [a], negative: false)
        }
        // Bit by bit, as `BigInt` goes, is quicker while the numbers are short.
        let brief = 128
        var (larger, smaller) = (BigInt(x.magnitude), BigInt(y.magnitude))
        while !smaller.isZero {
            if larger.magnitude.words.count <= brief, smaller.magnitude.words.count <= brief {
                return BigInt(larger.magnitude.greatestCommonDivisor(with: smaller.magnitude))
            }
            try heed()
            (larger, smaller) = (smaller, try quotientAndRemainder(larger, smaller).remainder)
        }
        return larger
    }

    /// The whole part of the root of an int that is not negative. Newton's method, each step with twice the digits of the last.
    package func squareRoot(_ n: BigInt) throws(PythonError) -> BigInt {
        if n.isZero { return n }
        let half = (n.magnitude.bitWidth - 1) / 2
        var root = VM.big(1)
        var precision = 0
        var round = Int.bitWidth - half.leadingZeroBitCount
        while round > 0 {
            round -= 1
            let previous = precision
            precision = half >> round
            let scaled = n >> (2 * half - previous - precision + 1)
            root = (root << (precision - previous - 1)) + (try quotientAndRemainder(scaled, root).quotient)
        }
        return try product(root, root) > n ? root - VM.big(1) : root
    }
}
