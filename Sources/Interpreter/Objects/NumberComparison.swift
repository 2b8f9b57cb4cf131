import BigInt
import Syntax

// Comparing and hashing numbers: exact across int and float, and equal numbers hash alike.

extension VM {
    /// `a op b` for two numbers and one of the six comparisons.
    package func numberCompare(_ operation: CompareOperator, _ a: Value, _ b: Value) -> Bool {
        if a.tag == Tag.float {
            if b.tag == Tag.float { return VM.holds(operation, a.asDouble, b.asDouble) }
            if a.asDouble.isNaN { return operation == .notEqual }
            return VM.holds(operation, -order(b, a.asDouble))
        }
        if b.tag == Tag.float {
            if b.asDouble.isNaN { return operation == .notEqual }
            return VM.holds(operation, order(a, b.asDouble))
        }
        if a.tag != Tag.bigInt, b.tag != Tag.bigInt {
            let (left, right) = (a.asInt, b.asInt)
            return VM.holds(operation, left < right ? -1 : left > right ? 1 : 0)
        }
        let (left, right) = (bigInt(a), bigInt(b))
        return VM.holds(operation, left < right ? -1 : left == right ? 0 : 1)
    }

    @inline(__always)
    private static func holds(_ operation: CompareOperator, _ a: Double, _ b: Double) -> Bool {
        switch operation {
        case .less: a < b
        case .lessEqual: a <= b
        case .equal: a == b
        case .notEqual: a != b
        case .greater: a > b
        case .greaterEqual: a >= b
        case .in, .notIn, .is, .isNot: false
        }
    }

    /// Negative, 0 or positive as the int is below, equal to or above `number`, which is not NaN.
    private func order(_ integer: Value, _ number: Double) -> Int {
        if integer.tag == Tag.bigInt {
            let value = bigInt(integer)
            if number.isInfinite { return number > 0 ? -1 : 1 }
            let whole = BigInt(exactly: number.rounded(.towardZero)) ?? VM.big(0)
            // Beyond 2^63 a Double has no fraction; below, a big int is never equal to it.
            return value < whole ? -1 : value == whole ? 0 : 1
        }
        let value = integer.asInt
        if value.magnitude <= 1 << 53 {
            let exact = Double(value)
            return exact < number ? -1 : exact > number ? 1 : 0
        }
        if number >= 0x1p63 { return -1 }
        if number < -0x1p63 { return 1 }
        let whole = Int(number)
        return value < whole ? -1 : value > whole ? 1 : 0
    }

    // MARK: hash

    private static let hashModulus: UInt = (1 << 61) - 1

    /// Hash of a number: its value modulo 2^61 − 1, as CPython defines it.
    package func numberHash(_ value: Value) -> Int {
        switch value.tag {
        case Tag.float: return VM.hash(value.asDouble)
        case Tag.bigInt:
            let integer = bigInt(value)
            var remainder: UInt = 0
            // 2^64 = 8 (mod 2^61 − 1)
            for word in integer.magnitude.words.reversed() {
                remainder = VM.reduce((remainder &* 8) % VM.hashModulus + word % VM.hashModulus)
            }
            return VM.signedHash(remainder, integer.sign == .minus)
        default:
            return VM.signedHash(value.asInt.magnitude % VM.hashModulus, value.asInt < 0)
        }
    }

    private static func reduce(_ value: UInt) -> UInt { value >= hashModulus ? value - hashModulus : value }

    private static func signedHash(_ magnitude: UInt, _ negative: Bool) -> Int {
        let result = negative ? -Int(magnitude) : Int(magnitude)
        return result == -1 ? -2 : result
    }

    private static func hash(_ number: Double) -> Int {
        if number.isNaN { return 0 }
        if number.isInfinite { return number > 0 ? 314159 : -314159 }
        if number == 0 { return 0 }
        // number = significand · 2^exponent with an integer significand; 2^61 = 1 (mod 2^61 − 1).
        let shift = 53 - (number.exponent + 1)
        let significand = UInt(number.significand.magnitude * 0x1p52)
        let exponent = ((-shift % 61) + 61) % 61
        let (high, low) = (significand >> UInt(61 - exponent), (significand << UInt(exponent)) & hashModulus)
        return signedHash(reduce(low + high), number < 0)
    }
}
