import Glibc

/// Elementwise functions of one operand whose result has the operand's type. `p` and `q` are the parameters named beside a case.
package enum UnaryFunction: Sendable, CaseIterable {
    case negative, absolute, sign, square, bitwiseNot
    case floor, ceil, round, trunc, frac, reciprocal, sqrt, rsqrt
    case exp, exp2, expm1, log, log2, log10, log1p
    case sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, asinh, acosh, atanh
    case erf, erfc, lgamma, sigmoid, logSigmoid, silu, mish, geluErf, geluTanh, softsign
    case hardswish, hardsigmoid
    /// max(x, p); min(x, q); both keep NaN.
    case clampMin, clampMax, clamp
    /// x > 0 ? x : p * x
    case leakyRelu
    /// x > 0 ? q * x : p * (e^x - 1); selu passes its own constants.
    case elu
    /// log(1 + e^(p x)) / p, x itself where p x > q.
    case softplus
    /// |x| > p ? x -+ p : 0 and |x| > p ? x : 0
    case softshrink, hardshrink
    /// x * p + q
    case affine
    /// x to the power p
    case power
    /// x > p ? x : q
    case threshold
}

/// `result[i] = function(source[i])` over the plan. Integers support the first line of functions, clamps and powers.
package func unary(
    _ function: UnaryFunction, _ type: ElementType, _ plan: StridedPlan, _ result: UnsafeMutableRawPointer,
    _ source: UnsafeRawPointer, p: Double = 0, q: Double = 0
) {
    switch type {
    case .bool, .uint8: integerUnary(function, plan, result.assumingMemoryBound(to: UInt8.self), source.assumingMemoryBound(to: UInt8.self), p, q)
    case .int8: integerUnary(function, plan, result.assumingMemoryBound(to: Int8.self), source.assumingMemoryBound(to: Int8.self), p, q)
    case .int16: integerUnary(function, plan, result.assumingMemoryBound(to: Int16.self), source.assumingMemoryBound(to: Int16.self), p, q)
    case .int32: integerUnary(function, plan, result.assumingMemoryBound(to: Int32.self), source.assumingMemoryBound(to: Int32.self), p, q)
    case .int64: integerUnary(function, plan, result.assumingMemoryBound(to: Int64.self), source.assumingMemoryBound(to: Int64.self), p, q)
    case .float32: floatUnary(function, plan, result.assumingMemoryBound(to: Float.self), source.assumingMemoryBound(to: Float.self), p, q)
    case .float64: floatUnary(function, plan, result.assumingMemoryBound(to: Double.self), source.assumingMemoryBound(to: Double.self), p, q)
    }
}

private func integerUnary<T: IntegerElement>(
    _ function: UnaryFunction, _ plan: StridedPlan, _ r: UnsafeMutablePointer<T>, _ x: UnsafePointer<T>, _ p: Double, _ q: Double
) {
    let low = T.from(double: max(p, T.min.asDouble))
    let high = q >= 9.2e18 ? T.max : T.from(double: min(q, T.max.asDouble))
    mapRows(plan, r, x) { row in
        switch function {
        case .negative: row.fill { 0 &- $0 }
        case .absolute: row.fill { $0 < 0 ? 0 &- $0 : $0 }
        case .sign: row.fill { $0.signum() }
        case .square: row.fill { $0 &* $0 }
        case .bitwiseNot: row.fill { ~$0 }
        case .clampMin: row.fill { $0 < low ? low : $0 }
        case .clampMax: row.fill { $0 > high ? high : $0 }
        case .clamp:
            row.fill {
                let y = $0 < low ? low : $0; return y > high ? high : y
            }
        case .power:
            let exponent = Int(truncatedInt64(p))
            row.fill { integerPower($0, exponent) }
        case .affine: row.fill { T.from(double: $0.asDouble * p + q) }
        case .threshold: row.fill { $0.asDouble > p ? $0 : T.from(double: q) }
        case .leakyRelu: row.fill { $0 > 0 ? $0 : T.from(double: $0.asDouble * p) }
        default: row.fill { $0 }
        }
    }
}

@inline(__always)
func integerPower<T: IntegerElement>(_ base: T, _ exponent: Int) -> T {
    if exponent < 0 {
        if base == 1 { return 1 }
        if T.isSigned && base == 0 &- 1 { return exponent & 1 == 0 ? 1 : base }
        return 0
    }
    var result: T = 1
    var factor = base
    var rest = exponent
    while rest > 0 {
        if rest & 1 == 1 { result = result &* factor }
        factor = factor &* factor
        rest >>= 1
    }
    return result
}

private func floatUnary<T: FloatElement>(
    _ function: UnaryFunction, _ plan: StridedPlan, _ r: UnsafeMutablePointer<T>, _ x: UnsafePointer<T>, _ p: Double, _ q: Double
) {
    let a = T(p)
    let b = T(q)
    mapRows(plan, r, x) { row in
        switch function {
        case .negative: row.fill { -$0 }
        case .absolute: row.fill { $0.magnitude }
        case .sign: row.fill { $0 > 0 ? 1 : ($0 < 0 ? -1 : ($0 == 0 ? 0 : $0)) }
        case .square: row.fill { $0 * $0 }
        case .bitwiseNot: row.fill { $0 }
        case .floor: row.fill { $0.rounded(.down) }
        case .ceil: row.fill { $0.rounded(.up) }
        case .round: row.fill { $0.rounded(.toNearestOrEven) }
        case .trunc: row.fill { $0.rounded(.towardZero) }
        case .frac: row.fill { $0 - $0.rounded(.towardZero) }
        case .reciprocal: row.fill { 1 / $0 }
        case .sqrt: row.fill { $0.squareRoot() }
        case .rsqrt: row.fill { 1 / $0.squareRoot() }
        case .clampMin: row.fill { $0 < a ? a : $0 }
        case .clampMax: row.fill { $0 > b ? b : $0 }
        case .clamp:
            row.fill {
                let y = $0 < a ? a : $0; return y > b ? b : y
            }
        case .leakyRelu: row.fill { $0 > 0 ? $0 : $0 * a }
        case .softshrink: row.fill { $0 > a ? $0 - a : ($0 < -a ? $0 + a : ($0 == $0 ? 0 : $0)) }
        case .hardshrink: row.fill { $0 >= -a && $0 <= a ? 0 : $0 }
        case .affine: row.fill { $0 * a + b }
        case .threshold: row.fill { $0 <= a ? b : $0 }
        case .hardswish:
            row.fill {
                let y = $0 + 3; let z: T = y < 0 ? 0 : (y > 6 ? 6 : y); return $0 * z / 6
            }
        case .hardsigmoid:
            row.fill {
                let y = $0 + 3; let z: T = y < 0 ? 0 : (y > 6 ? 6 : y); return z / 6
            }
        case .exp: row.fill { T.fastExp($0) }
        case .sigmoid: row.fill { 1 / (1 + T.fastExp(-$0)) }
        case .silu: row.fill { $0 / (1 + T.fastExp(-$0)) }
        case .softsign: row.fill { $0 / (1 + $0.magnitude) }
        default: libraryUnary(function, row, p, q)
        }
    }
}

/// Functions evaluated in double precision by the C library, whatever the element: correctly rounded for `Float`.
private func libraryUnary<T: FloatElement>(_ function: UnaryFunction, _ row: MapRow<T, T>, _ p: Double, _ q: Double) {
    @inline(__always) func map(_ f: (Double) -> Double) { row.fill { T(f(Double($0))) } }
    switch function {
    case .exp2: map { Glibc.exp2($0) }
    case .expm1: map { Glibc.expm1($0) }
    case .log: map { Glibc.log($0) }
    case .log2: map { Glibc.log2($0) }
    case .log10: map { Glibc.log10($0) }
    case .log1p: map { Glibc.log1p($0) }
    case .sin: map { Glibc.sin($0) }
    case .cos: map { Glibc.cos($0) }
    case .tan: map { Glibc.tan($0) }
    case .asin: map { Glibc.asin($0) }
    case .acos: map { Glibc.acos($0) }
    case .atan: map { Glibc.atan($0) }
    case .sinh: map { Glibc.sinh($0) }
    case .cosh: map { Glibc.cosh($0) }
    case .tanh: map { Glibc.tanh($0) }
    case .asinh: map { Glibc.asinh($0) }
    case .acosh: map { Glibc.acosh($0) }
    case .atanh: map { Glibc.atanh($0) }
    case .erf: map { Glibc.erf($0) }
    case .erfc: map { Glibc.erfc($0) }
    case .lgamma: map { Glibc.lgamma($0) }
    case .logSigmoid: map { min($0, 0) - Glibc.log1p(Glibc.exp(-abs($0))) }
    case .mish: map { $0 * Glibc.tanh($0 > 20 ? $0 : Glibc.log1p(Glibc.exp($0))) }
    case .geluErf: map { 0.5 * $0 * (1 + Glibc.erf($0 * 0.70710678118654752440)) }
    case .geluTanh: map { 0.5 * $0 * (1 + Glibc.tanh(0.79788456080286535588 * ($0 + 0.044715 * $0 * $0 * $0))) }
    case .elu: map { $0 > 0 ? $0 * q : p * Glibc.expm1($0) }
    case .softplus: map { $0 * p > q ? $0 : Glibc.log1p(Glibc.exp($0 * p)) / p }
    case .power:
        if p == 2 {
            row.fill { $0 * $0 }
        } else if p == 3 {
            row.fill { $0 * $0 * $0 }
        } else if p == 0.5 {
            row.fill { $0.squareRoot() }
        } else {
            map { Glibc.pow($0, p) }
        }
    default: row.fill { $0 }
    }
}

/// Elementwise tests of a floating-point operand; the result is boolean.
package enum FloatTest: Sendable { case isNaN, isInfinite, isFinite }

/// `result[i] = test(source[i])`; integers are finite.
package func test(_ test: FloatTest, _ type: ElementType, _ plan: StridedPlan, _ result: UnsafeMutablePointer<UInt8>, _ source: UnsafeRawPointer) {
    @inline(__always) func run<T: FloatElement>(_ x: UnsafePointer<T>) {
        mapRows(plan, result, x) { row in
            switch test {
            case .isNaN: row.fill { $0 != $0 ? 1 : 0 }
            case .isInfinite: row.fill { $0.magnitude == .infinity ? 1 : 0 }
            case .isFinite: row.fill { $0.magnitude < .infinity ? 1 : 0 }
            }
        }
    }
    if type == .float32 { run(source.assumingMemoryBound(to: Float.self)) } else { run(source.assumingMemoryBound(to: Double.self)) }
}
