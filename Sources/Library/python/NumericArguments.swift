import BigInt
import Interpreter

// Numbers as arguments of native functions.

extension VM {
    /// A real number as a double; `__float__` and `__index__` are honoured.
    package func real(_ value: Value) throws(PythonError) -> Double {
        let plain = payload(value)
        switch plain.tag {
        case Tag.float: return plain.asDouble
        case Tag.int, Tag.bool: return Double(plain.asInt)
        case Tag.bigInt: return try double(bigInt(plain))
        default: break
        }
        let method = special(typeOf(value), .float)
        if !method.isUndefined {
            let result = try call(method, value)
            defer { heap.release(result) }
            let inner = payload(result)
            guard inner.tag == Tag.float else { throw typeError("\(typeName(value)).__float__ returned non-float (type \(typeName(result)))") }
            return inner.asDouble
        }
        if !special(typeOf(value), .index).isUndefined {
            let result = try integer(value)
            defer { heap.release(result) }
            return try double(bigInt(result))
        }
        throw typeError("must be real number, not \(typeName(value))")
    }

    /// The nearest double; OverflowError beyond the range.
    package func double(_ value: BigInt) throws(PythonError) -> Double {
        let result = VM.nearest(value)
        if result.isInfinite { throw overflowError("int too large to convert to float") }
        return result
    }

    /// The nearest double, ties to even; infinite beyond the range.
    package static func nearest(_ value: BigInt) -> Double {
        let magnitude = value.magnitude
        let bits = magnitude.bitWidth
        if bits <= 64 {
            let result = Double(UInt64(magnitude))
            return value.sign == .minus ? -result : result
        }
        if bits > 1024 { return value.sign == .minus ? -.infinity : .infinity }
        let shift = bits - 64
        var top = UInt64(truncatingIfNeeded: magnitude >> shift)
        // A sticky bit keeps what was shifted out from looking like a tie.
        if magnitude.trailingZeroBitCount < shift { top |= 1 }
        let scaled = Double(sign: .plus, exponent: shift, significand: Double(top))
        return value.sign == .minus ? -scaled : scaled
    }

    /// An int of any size from an int, bool or object with `__index__`.
    package func wholeNumber(_ value: Value) throws(PythonError) -> BigInt {
        let result = try integer(value)
        defer { heap.release(result) }
        return bigInt(result)
    }

    /// An exact int from a finite double that has no fraction.
    package func int(exactly value: Double) -> Value {
        if let small = Int(exactly: value) { return .int(small) }
        return int(BigInt(value))
    }
}
