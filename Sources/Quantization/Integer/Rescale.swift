import Glibc

/// How an integer of one scale becomes an integer of another: `y = sat(rsh(sat16(rsh(x, preShift)) * multiplier, postShift))`.
///
/// `rsh` is the arithmetic right shift, rounding half up where the march does so. The 16-bit saturation between the shifts costs no
/// value that maps into the output range. Only int32 sources have a `preShift`.
package struct Rescale: Equatable, Sendable, Codable {
    /// In -32768…32767; 16384…32767 for positive factors.
    package var multiplier: Int
    /// 0…31
    package var preShift: Int
    /// 0…31
    package var postShift: Int

    package init(multiplier: Int, preShift: Int, postShift: Int) {
        self.multiplier = multiplier
        self.preShift = preShift
        self.postShift = postShift
    }

    /// The parameters of multiplication by `factor` = source scale / result scale.
    package init(factor: Double, from source: IntegerType, to result: IntegerType, march: March) {
        let (mantissa, r) = Rescale.split(factor)
        multiplier = mantissa
        if source == .int32 {
            let maximumPostShift = 29 - (min(result.bits, 16) - 1)
            preShift = min(max(r - maximumPostShift, 0), march.maximumPreShift)
            postShift = min(max(r - preShift, 0), 31)
        } else {
            preShift = 0
            postShift = min(max(r, 0), 31)
        }
    }

    /// `factor` as `multiplier * 2^-shift` with a multiplier of 15 bits; the shift may be negative.
    package static func split(_ factor: Double) -> (multiplier: Int, shift: Int) {
        guard factor.isFinite, factor != 0 else { return (factor == 0 || factor.isNaN ? 0 : factor > 0 ? 32767 : -32768, 0) }
        var exponent: Int32 = 0
        let mantissa = frexp(min(max(factor, -32768), 32767), &exponent)
        return (min(max(Int((mantissa * 32768 + 0.5).rounded(.down)), -32768), 32767), 15 - Int(exponent))
    }

    /// Applied to one value.
    package func apply(_ value: Int, rounding: Bool, to type: IntegerType) -> Int {
        let narrowed = IntegerType.int16.saturated(Rescale.shift(value, preShift, rounding: rounding))
        return type.saturated(Rescale.shift(narrowed * multiplier, postShift, rounding: rounding))
    }

    /// Arithmetic right shift by `count` ≥ 0.
    package static func shift(_ value: Int, _ count: Int, rounding: Bool) -> Int {
        if count <= 0 { return value }
        return rounding ? (value + (1 << (count - 1))) >> count : value >> count
    }
}

/// How the residual operand of a convolution is brought to the accumulator's scale, per output channel:
/// `e * multiplier * 2^-shift`, saturated to int32. A negative shift is to the left; right shifts round as the march does.
package struct Alignment: Equatable, Sendable, Codable {
    package var multiplier: Int
    /// -31…31
    package var shift: Int

    /// `factor` = residual scale / accumulator scale.
    package init(factor: Double) {
        guard factor.isFinite, factor > 0 else {
            (multiplier, shift) = (0, 0)
            return
        }
        var exponent: Int32 = 0
        let mantissa = frexp(factor, &exponent)
        multiplier = min(Int((mantissa * 32768 + 0.5).rounded(.down)), 32767)
        shift = min(max(15 - Int(exponent), -31), 31)
    }

    package func apply(_ value: Int, rounding: Bool) -> Int {
        let product = value * multiplier
        return IntegerType.int32.saturated(shift >= 0 ? Rescale.shift(product, shift, rounding: rounding) : product << -shift)
    }
}
