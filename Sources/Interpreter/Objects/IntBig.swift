import BigInt
import Syntax

// Ints beyond 64 bits. `BigInt` truncates where Python floors, and leaves sizes unbounded.

extension VM {
    /// Without the generic conversion, which the optimiser cannot see through across modules.
    @inline(__always)
    static func big(_ value: Int) -> BigInt { BigInt(integerLiteral: Int64(value)) }

    static func big(magnitude: [UInt], negative: Bool) -> BigInt {
        BigInt(sign: negative ? .minus : .plus, magnitude: BigUInt(words: magnitude))
    }

    /// The product of two ints whose product may overflow.
    static func product(_ a: Int, _ b: Int) -> BigInt {
        let (high, low) = a.magnitude.multipliedFullWidth(by: b.magnitude)
        return big(magnitude: [low, high], negative: (a < 0) != (b < 0))
    }

    /// `a op b` for ints of which at least one is beyond 64 bits.
    func bigBinary(_ operation: BinaryOperator, _ left: Value, _ right: Value) throws(PythonError) -> Value {
        switch operation {
        case .leftShift, .rightShift: return try bigShift(operation, left, right)
        case .power: return try bigPower(left, right)
        case .matrixMultiply: throw typeError("unsupported operand type(s) for @: '\(typeName(left))' and '\(typeName(right))'")
        default: break
        }
        let a = bigInt(left)
        let b = bigInt(right)
        switch operation {
        case .add: return int(a + b)
        case .subtract: return int(a - b)
        case .multiply:
            return int(try product(a, b))
        case .trueDivide:
            if b.isZero { throw zeroDivisionError("division by zero") }
            return .float(try trueQuotient(a, b))
        case .floorDivide:
            if b.isZero { throw zeroDivisionError("integer division or modulo by zero") }
            return int(try floorDivide(a, b).quotient)
        case .modulo:
            if b.isZero { throw zeroDivisionError("integer modulo by zero") }
            return int(try floorDivide(a, b).remainder)
        case .and: return int(VM.bitwise(a, b, &))
        case .or: return int(VM.bitwise(a, b, |))
        case .xor: return int(VM.bitwise(a, b, ^))
        case .leftShift, .rightShift, .power, .matrixMultiply: return .notImplemented
        }
    }

    /// Two's complement, as long as the longer operand plus a word for the sign.
    private static func bitwise(_ a: BigInt, _ b: BigInt, _ operation: (UInt, UInt) -> UInt) -> BigInt {
        let (left, right) = (twosComplement(a), twosComplement(b))
        let count = max(left.count, right.count)
        let leftFill: UInt = a.sign == .minus ? .max : 0
        let rightFill: UInt = b.sign == .minus ? .max : 0
        var words: [UInt] = []
        words.reserveCapacity(count)
        for index in 0..<count {
            words.append(operation(index < left.count ? left[index] : leftFill, index < right.count ? right[index] : rightFill))
        }
        return fromTwosComplement(words)
    }

    /// Least significant word first; the top bit is the sign.
    static func twosComplement(_ value: BigInt) -> [UInt] {
        var words = Array(value.magnitude.words)
        words.append(0)
        if value.sign == .minus { negate(&words) }
        return words
    }

    static func fromTwosComplement(_ words: [UInt]) -> BigInt {
        var words = words
        let negative = (words.last ?? 0) >> 63 == 1
        if negative { negate(&words) }
        return big(magnitude: words, negative: negative)
    }

    private static func negate(_ words: inout [UInt]) {
        var carry: UInt = 1
        for index in words.indices {
            let (sum, overflow) = (~words[index]).addingReportingOverflow(carry)
            words[index] = sum
            carry = overflow ? 1 : 0
        }
    }

    // MARK: shifts and powers

    private func bigShift(_ operation: BinaryOperator, _ left: Value, _ right: Value) throws(PythonError) -> Value {
        if right.tag == Tag.bigInt {
            if bigInt(right).sign == .minus { throw valueError("negative shift count") }
            if operation == .rightShift { return .int(bigInt(left).sign == .minus ? -1 : 0) }
            if bigInt(left).isZero { return .int(0) }
            throw overflowError("too many digits in integer")
        }
        let count = right.asInt
        if count < 0 { throw valueError("negative shift count") }
        if operation == .leftShift { return try bigLeftShift(bigInt(left), count) }
        let value = bigInt(left)
        if count >= value.magnitude.bitWidth { return .int(value.sign == .minus ? -1 : 0) }
        if value.sign == .plus { return int(value >> count) }
        // Rounds towards minus infinity: −((|v| − 1) >> n) − 1.
        return int(-(BigInt(value.magnitude - 1) >> count) - VM.big(1))
    }

    func bigLeftShift(_ value: BigInt, _ count: Int) throws(PythonError) -> Value {
        if count > VM.largestBitCount - value.magnitude.bitWidth { throw memoryError() }
        return int(value << count)
    }

    private func bigPower(_ left: Value, _ right: Value) throws(PythonError) -> Value {
        if right.tag != Tag.bigInt, right.asInt >= 0 { return try bigPower(bigInt(left), right.asInt) }
        let exponent = bigInt(right)
        if exponent.sign == .minus { return .float(try floatPower(double(left), double(right))) }
        if left.tag != Tag.bigInt {
            switch left.asInt {
            case 0, 1: return .int(left.asInt)
            case -1: return .int(exponent.magnitude.words[0] & 1 == 0 ? 1 : -1)
            default: break
            }
        }
        throw memoryError()
    }

    /// `base` to the `exponent`, which is not negative; MemoryError when the result would be huge.
    func bigPower(_ base: BigInt, _ exponent: Int) throws(PythonError) -> Value {
        if exponent == 0 { return .int(1) }
        let bits = base.magnitude.bitWidth
        if bits <= 1 { return int(exponent & 1 == 1 ? base : base * base) }
        if (bits - 1).multipliedReportingOverflow(by: exponent).overflow || (bits - 1) * exponent > VM.largestBitCount { throw memoryError() }
        if base.magnitude.trailingZeroBitCount == bits - 1 {
            let power = VM.big(1) << ((bits - 1) * exponent)
            return int(base.sign == .minus && exponent & 1 == 1 ? -power : power)
        }
        var result = base
        var bit = Int.bitWidth - exponent.leadingZeroBitCount - 2
        while bit >= 0 {
            try heed()
            result = try product(result, result)
            if exponent >> bit & 1 == 1 { result = try product(result, base) }
            bit -= 1
        }
        return int(result)
    }

    func bigModularPower(_ base: BigInt, _ exponent: BigInt, _ modulus: BigInt) throws(PythonError) -> Value {
        if modulus.isZero { throw valueError("pow() 3rd argument cannot be 0") }
        let size = BigInt(modulus.magnitude)
        if size == VM.big(1) { return .int(0) }
        var base = try floorDivide(base, size).remainder
        var exponent = exponent
        if exponent.sign == .minus {
            let (divisor, inverse) = try extendedDivisor(base, size)
            guard divisor == VM.big(1) else { throw valueError("base is not invertible for the given modulus") }
            base = try floorDivide(inverse, size).remainder
            exponent = -exponent
        }
        let result = try modularPower(base, exponent.magnitude, size)
        return int(modulus.sign == .minus && !result.isZero ? result + modulus : result)
    }

    // MARK: to double

    /// Correctly rounded; infinite when out of range.
    static func nearestDouble(_ value: BigInt) -> Double {
        let magnitude = value.magnitude
        let bits = magnitude.bitWidth
        if bits > 1024 { return value.sign == .minus ? -.infinity : .infinity }
        let words = magnitude.words
        if bits <= 64 {
            let result = Double(words.isEmpty ? 0 : words[0])
            return value.sign == .minus ? -result : result
        }
        // The top 64 bits with a sticky last bit round as the whole does.
        let shift = bits - 64
        let word = shift / 64
        let bit = shift % 64
        var top = words[word] >> bit
        if bit > 0 { top |= words[word + 1] << (64 - bit) }
        let lost = (0..<word).contains { words[$0] != 0 } || (bit > 0 && words[word] << (64 - bit) != 0)
        if lost { top |= 1 }
        let result = Double(sign: .plus, exponent: shift, significand: Double(top))
        return value.sign == .minus ? -result : result
    }

    /// `a / b` correctly rounded, also where neither fits a Double.
    func trueQuotient(_ a: BigInt, _ b: BigInt) throws(PythonError) -> Double {
        if a.isZero { return b.sign == .minus ? -0.0 : 0.0 }
        let negative = a.sign != b.sign
        let difference = a.magnitude.bitWidth - b.magnitude.bitWidth
        if difference > 1024 { throw overflowError("integer division result too large for a float") }
        if difference < -1076 { return negative ? -0.0 : 0.0 }
        // A quotient of at least 55 bits above the last place of the result, which is 2^-1074 at the lowest.
        let shift = max(difference, -1021) - 55
        var numerator = a.magnitude
        var denominator = b.magnitude
        if shift <= 0 { numerator <<= -shift } else { denominator <<= shift }
        let (quotient, remainder) = numerator.quotientAndRemainder(dividingBy: denominator)
        var x = quotient.words.isEmpty ? 0 : quotient.words[0]
        let bits = UInt.bitWidth - x.leadingZeroBitCount
        let extra = max(bits, -1021 - shift) - 53
        let half: UInt = 1 << UInt(extra - 1)
        let sticky = x | (remainder.isZero ? 0 : 1)
        if sticky & half != 0, sticky & (3 * half - 1) != 0 { x += half }
        x &= ~(2 * half - 1)
        let result = Double(sign: .plus, exponent: shift, significand: Double(x))
        if result.isInfinite { throw overflowError("integer division result too large for a float") }
        return negative ? -result : result
    }
}
