import BigInt
import Syntax

#if canImport(Glibc)
    import Glibc
#endif

// Arithmetic on int, bool and float: the entry points, and ints that fit 64 bits. Results beyond go on in IntBig.

extension VM {
    /// Bits a result may have before it is refused: 8 MB. CPython would go on computing for minutes.
    package static let largestBitCount = 1 << 26

    /// `a op b` for two numbers (int, bool, float in any mix).
    package func numberBinary(_ operation: BinaryOperator, _ a: Value, _ b: Value) throws(PythonError) -> Value {
        if a.tag == Tag.float || b.tag == Tag.float {
            switch operation {
            case .matrixMultiply, .leftShift, .rightShift, .and, .or, .xor: throw unsupportedNumbers(operation, a, b)
            default: return try floatBinary(operation, double(a), double(b))
            }
        }
        if a.tag == Tag.bigInt || b.tag == Tag.bigInt { return try bigBinary(operation, a, b) }
        if a.isBool, b.isBool {
            switch operation {
            case .and: return .bool(a.asBool && b.asBool)
            case .or: return .bool(a.asBool || b.asBool)
            case .xor: return .bool(a.asBool != b.asBool)
            default: break
            }
        }
        return try smallBinary(operation, a, b)
    }

    private func unsupportedNumbers(_ operation: BinaryOperator, _ a: Value, _ b: Value) -> PythonError {
        let symbol = VM.binaryMethods[Int(operation.rawValue)].symbol
        return typeError("unsupported operand type(s) for \(symbol): '\(typeName(a))' and '\(typeName(b))'")
    }

    /// Both operands int or bool.
    private func smallBinary(_ operation: BinaryOperator, _ left: Value, _ right: Value) throws(PythonError) -> Value {
        let a = left.asInt
        let b = right.asInt
        switch operation {
        case .add:
            let (sum, overflow) = a.addingReportingOverflow(b)
            return overflow ? int(VM.big(a) + VM.big(b)) : .int(sum)
        case .subtract:
            let (difference, overflow) = a.subtractingReportingOverflow(b)
            return overflow ? int(VM.big(a) - VM.big(b)) : .int(difference)
        case .multiply:
            let (product, overflow) = a.multipliedReportingOverflow(by: b)
            return overflow ? int(VM.product(a, b)) : .int(product)
        case .matrixMultiply: throw unsupportedNumbers(operation, left, right)
        case .trueDivide:
            if b == 0 { throw zeroDivisionError("division by zero") }
            let exact = 1 << 53
            if a.magnitude <= exact, b.magnitude <= exact { return .float(Double(a) / Double(b)) }
            return .float(try trueQuotient(VM.big(a), VM.big(b)))
        case .floorDivide:
            if b == 0 { throw zeroDivisionError("integer division or modulo by zero") }
            if b == -1 { return a == Int.min ? int(-VM.big(a)) : .int(-a) }
            return .int(VM.floorQuotient(a, b))
        case .modulo:
            if b == 0 { throw zeroDivisionError("integer modulo by zero") }
            return .int(b == -1 ? 0 : VM.floorRemainder(a, b))
        case .power: return try smallPower(a, b)
        case .leftShift: return try leftShift(a, b)
        case .rightShift:
            if b < 0 { throw valueError("negative shift count") }
            return .int(b > 63 ? (a < 0 ? -1 : 0) : a >> b)
        case .and: return .int(a & b)
        case .or: return .int(a | b)
        case .xor: return .int(a ^ b)
        }
    }

    /// Rounds towards minus infinity; `b` is neither 0 nor −1.
    @inline(__always)
    static func floorQuotient(_ a: Int, _ b: Int) -> Int {
        let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
        return remainder != 0 && (remainder < 0) != (b < 0) ? quotient - 1 : quotient
    }

    /// Has the sign of `b`, which is neither 0 nor −1.
    @inline(__always)
    static func floorRemainder(_ a: Int, _ b: Int) -> Int {
        let remainder = a % b
        return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder
    }

    private func smallPower(_ base: Int, _ exponent: Int) throws(PythonError) -> Value {
        if exponent < 0 { return .float(try floatPower(Double(base), Double(exponent))) }
        var result = 1
        var square = base
        var rest = exponent
        while true {
            if rest & 1 == 1 {
                let (product, overflow) = result.multipliedReportingOverflow(by: square)
                if overflow { return try bigPower(VM.big(base), exponent) }
                result = product
            }
            rest >>= 1
            if rest == 0 { return .int(result) }
            let (next, overflow) = square.multipliedReportingOverflow(by: square)
            if overflow { return try bigPower(VM.big(base), exponent) }
            square = next
        }
    }

    private func leftShift(_ a: Int, _ count: Int) throws(PythonError) -> Value {
        if count < 0 { throw valueError("negative shift count") }
        if a == 0 { return .int(0) }
        if count < 63, (a << count) >> count == a { return .int(a << count) }
        return try bigLeftShift(VM.big(a), count)
    }

    /// `-a`, `+a`, `~a` for a number.
    package func numberUnary(_ operation: UnaryOperator, _ a: Value) throws(PythonError) -> Value {
        switch a.tag {
        case Tag.float:
            switch operation {
            case .negative: return .float(-a.asDouble)
            case .positive: return a
            case .invert: throw typeError("bad operand type for unary ~: 'float'")
            case .not: return .bool(a.asDouble == 0)
            }
        case Tag.bigInt:
            switch operation {
            case .negative: return int(-bigInt(a))
            case .positive: return a.retained()
            case .invert: return int(-bigInt(a) - VM.big(1))
            case .not: return .false
            }
        default:
            switch operation {
            case .negative: return a.asInt == Int.min ? int(-VM.big(a.asInt)) : .int(-a.asInt)
            case .positive: return .int(a.asInt)
            case .invert: return .int(~a.asInt)
            case .not: return .bool(a.asInt == 0)
            }
        }
    }

    /// `abs(a)` for a number.
    package func numberAbsolute(_ a: Value) throws(PythonError) -> Value {
        switch a.tag {
        case Tag.float: .float(abs(a.asDouble))
        case Tag.bigInt: bigInt(a).sign == .minus ? int(-bigInt(a)) : a.retained()
        default: a.asInt < 0 ? try numberUnary(.negative, a) : .int(a.asInt)
        }
    }

    /// `divmod(a, b)` for two numbers: a tuple.
    package func numberDivmod(_ a: Value, _ b: Value) throws(PythonError) -> Value {
        if a.tag == Tag.float || b.tag == Tag.float {
            let (left, right) = (try double(a), try double(b))
            if right == 0 { throw zeroDivisionError("float divmod()") }
            let (quotient, remainder) = VM.floatDivmod(left, right)
            return tuple([.float(quotient), .float(remainder)])
        }
        let quotient = try numberBinary(.floorDivide, a, b)
        let remainder: Value
        do { remainder = try numberBinary(.modulo, a, b) } catch {
            heap.release(quotient)
            throw error
        }
        return tuple([quotient, remainder])
    }

    /// A number as Double; OverflowError for an int beyond its range.
    package func double(_ a: Value) throws(PythonError) -> Double {
        switch a.tag {
        case Tag.float: return a.asDouble
        case Tag.bigInt:
            let result = VM.nearestDouble(bigInt(a))
            if result.isInfinite { throw overflowError("int too large to convert to float") }
            return result
        default: return Double(a.asInt)
        }
    }

    /// `pow(a, b, modulus)` for ints.
    package func numberPower(_ a: Value, _ b: Value, modulus: Value) throws(PythonError) -> Value {
        if a.tag == Tag.float || b.tag == Tag.float || modulus.tag == Tag.float {
            throw typeError("pow() 3rd argument not allowed unless all arguments are integers")
        }
        if a.tag != Tag.bigInt, b.tag != Tag.bigInt, modulus.tag != Tag.bigInt, b.asInt >= 0, modulus.asInt != Int.min, modulus.asInt != 0 {
            return .int(VM.modularPower(a.asInt, b.asInt, modulus.asInt))
        }
        return try bigModularPower(bigInt(a), bigInt(b), bigInt(modulus))
    }

    /// `base` to the `exponent` (not negative) modulo `modulus` (not 0), with the sign of `modulus`.
    private static func modularPower(_ base: Int, _ exponent: Int, _ modulus: Int) -> Int {
        let m = modulus.magnitude
        func times(_ a: UInt, _ b: UInt) -> UInt { m.dividingFullWidth(a.multipliedFullWidth(by: b)).remainder }
        var result: UInt = 1 % m
        var square = base.magnitude % m
        if base < 0, square != 0 { square = m - square }
        var rest = exponent
        while rest > 0 {
            if rest & 1 == 1 { result = times(result, square) }
            rest >>= 1
            if rest > 0 { square = times(square, square) }
        }
        if modulus < 0, result != 0 { return Int(result) - Int(m) }
        return Int(result)
    }
}
