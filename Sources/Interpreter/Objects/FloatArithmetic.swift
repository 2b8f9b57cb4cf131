import BigInt
import Syntax

#if canImport(Glibc)
    import Glibc
#endif

// Arithmetic on floats, as CPython does it on top of C's.

extension VM {
    func floatBinary(_ operation: BinaryOperator, _ a: Double, _ b: Double) throws(PythonError) -> Value {
        switch operation {
        case .add: return .float(a + b)
        case .subtract: return .float(a - b)
        case .multiply: return .float(a * b)
        case .trueDivide:
            if b == 0 { throw zeroDivisionError("float division by zero") }
            return .float(a / b)
        case .floorDivide:
            if b == 0 { throw zeroDivisionError("float floor division by zero") }
            return .float(VM.floatDivmod(a, b).quotient)
        case .modulo:
            if b == 0 { throw zeroDivisionError("float modulo") }
            return .float(VM.floatRemainder(a, b))
        case .power: return .float(try floatPower(a, b))
        case .matrixMultiply, .leftShift, .rightShift, .and, .or, .xor: return .notImplemented
        }
    }

    /// The remainder with the sign of `b`, which is not 0.
    static func floatRemainder(_ a: Double, _ b: Double) -> Double {
        let remainder = fmod(a, b)
        if remainder == 0 { return copysign(0, b) }
        return (b < 0) != (remainder < 0) ? remainder + b : remainder
    }

    /// `b` is not 0. The quotient is rounded so that quotient · b + remainder comes as near `a` as it can.
    static func floatDivmod(_ a: Double, _ b: Double) -> (quotient: Double, remainder: Double) {
        var remainder = fmod(a, b)
        var quotient = (a - remainder) / b
        if remainder != 0 {
            if (b < 0) != (remainder < 0) {
                remainder += b
                quotient -= 1
            }
        } else {
            remainder = copysign(0, b)
        }
        if quotient == 0 { return (copysign(0, a / b), remainder) }
        var whole = quotient.rounded(.down)
        if quotient - whole > 0.5 { whole += 1 }
        return (whole, remainder)
    }

    func floatPower(_ a: Double, _ b: Double) throws(PythonError) -> Double {
        if b == 0 || a == 1 { return 1 }
        if a.isNaN || b.isNaN { return .nan }
        if a.isFinite, b.isFinite {
            if a == 0 {
                if b < 0 { throw zeroDivisionError("0.0 cannot be raised to a negative power") }
            } else if a < 0, b != b.rounded(.down) {
                throw valueError("negative number cannot be raised to a fractional power: complex numbers are not supported")
            }
            let result = pow(a, b)
            if result.isInfinite { throw rangeError() }
            return result
        }
        return pow(a, b)
    }

    /// OverflowError as C's math library reports it.
    package func rangeError() -> PythonError {
        error("OverflowError", arguments: [.int(34), string("Numerical result out of range")])
    }

    /// The int nearest to zero of `number`'s neighbours; ValueError and OverflowError for NaN and infinities.
    package func truncated(_ number: Double) throws(PythonError) -> Value {
        if number.magnitude < 0x1p63 { return .int(Int(number)) }
        if number.isNaN { throw valueError("cannot convert float NaN to integer") }
        if number.isInfinite { throw overflowError("cannot convert float infinity to integer") }
        let shift = number.exponent - 52
        let significand = BigInt(sign: number < 0 ? .minus : .plus, magnitude: BigUInt(words: [number.significandBitPattern.asUInt | 1 << 52]))
        return int(significand << shift)
    }

    /// `round(number, digits)`: the nearest multiple of 10^−digits, exact halves to even.
    func rounded(_ number: Double, _ digits: Int) throws(PythonError) -> Double {
        if !number.isFinite || number == 0 || digits > 323 { return number }
        if digits < -308 { return copysign(0, number) }
        if digits >= 0, digits <= 22, let scaled = VM.roundedScaled(number.magnitude, digits), scaled <= 1 << 53 {
            // Both operands are exact, so the quotient is the Double nearest to the decimal.
            return copysign(Double(scaled) / VM.powersOfTen[digits], number)
        }
        var decimal = FloatDecimal(number.magnitude, fraction: digits)
        decimal.trimZeros()
        let result = decimal.value
        if result.isInfinite { throw overflowError("rounded value too large to represent") }
        return copysign(result, number)
    }

    /// 10^0 … 10^22, the powers of ten a Double holds exactly.
    static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]

    static let intPowersOfTen: [UInt] = (0..<20).map { exponent in (0..<exponent).reduce(1) { power, _ in power * 10 } }

    /// `number` · 10^`digits`, rounded half to even without error; nil when it does not fit this fast path.
    @inline(__always)
    static func roundedScaled(_ number: Double, _ digits: Int) -> UInt? {
        if digits >= 20 { return nil }
        let biased = Int(number.exponentBitPattern)
        if biased == 0 { return number == 0 ? 0 : nil }
        let exponent = biased - 1075
        let significand = number.significandBitPattern.asUInt | 1 << 52
        let (high, low) = significand.multipliedFullWidth(by: intPowersOfTen[digits])
        if exponent >= 0 {
            if exponent > 10 || high != 0 || low >> UInt(63 - exponent) != 0 { return nil }
            return low << UInt(exponent)
        }
        let shift = -exponent
        if shift < 64 {
            if high >> UInt(shift - 1) != 0 { return nil }
            let whole = high << UInt(64 - shift) | low >> UInt(shift)
            let rest = low << UInt(64 - shift)
            let half: UInt = 1 << 63
            return rest > half || (rest == half && whole & 1 == 1) ? whole + 1 : whole
        }
        if shift == 64 { return low > 1 << 63 || (low == 1 << 63 && high & 1 == 1) ? high + 1 : high }
        // The product has at most 117 bits.
        if shift >= 128 { return 0 }
        let whole = high >> UInt(shift - 64)
        let rest = high << UInt(128 - shift)
        let half: UInt = 1 << 63
        let isAbove = rest > half || (rest == half && low != 0)
        return isAbove || (rest == half && low == 0 && whole & 1 == 1) ? whole + 1 : whole
    }
}

extension UInt64 {
    @inline(__always) var asUInt: UInt { UInt(self) }
}
