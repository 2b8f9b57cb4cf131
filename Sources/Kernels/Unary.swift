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
    switch function {
    case .negative: mapRows(plan, r, x) { 0 &- $0 }
    case .absolute: mapRows(plan, r, x) { $0 < 0 ? 0 &- $0 : $0 }
    case .sign: mapRows(plan, r, x) { $0.signum() }
    case .square: mapRows(plan, r, x) { $0 &* $0 }
    case .bitwiseNot: mapRows(plan, r, x) { ~$0 }
    case .clampMin: mapRows(plan, r, x, low, high) { x, low, _ in x < low ? low : x }
    case .clampMax: mapRows(plan, r, x, low, high) { x, _, high in x > high ? high : x }
    case .clamp: mapRows(plan, r, x, low, high) { x, low, high in let y = x < low ? low : x; return y > high ? high : y }
    case .power:
        let exponent = Int(truncatedInt64(p))
        mapRows(plan, r, x, exponent, 0) { x, exponent, _ in integerPower(x, exponent) }
    case .affine: mapRows(plan, r, x, p, q) { x, scale, shift in T.from(double: x.asDouble * scale + shift) }
    case .threshold: mapRows(plan, r, x, p, q) { x, threshold, value in x.asDouble > threshold ? x : T.from(double: value) }
    case .leakyRelu: mapRows(plan, r, x, p, q) { x, slope, _ in x > 0 ? x : T.from(double: x.asDouble * slope) }
    default: mapRows(plan, r, x) { $0 }
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
    switch function {
    case .negative: mapRows(plan, r, x) { -$0 }
    case .absolute: mapRows(plan, r, x) { $0.magnitude }
    case .sign: mapRows(plan, r, x) { $0 > 0 ? 1 : ($0 < 0 ? -1 : ($0 == 0 ? 0 : $0)) }
    case .square: mapRows(plan, r, x) { $0 * $0 }
    case .bitwiseNot: mapRows(plan, r, x) { $0 }
    case .floor: mapRows(plan, r, x) { $0.rounded(.down) }
    case .ceil: mapRows(plan, r, x) { $0.rounded(.up) }
    case .round: mapRows(plan, r, x) { $0.rounded(.toNearestOrEven) }
    case .trunc: mapRows(plan, r, x) { $0.rounded(.towardZero) }
    case .frac: mapRows(plan, r, x) { $0 - $0.rounded(.towardZero) }
    case .reciprocal: mapRows(plan, r, x) { 1 / $0 }
    case .sqrt: mapRows(plan, r, x) { $0.squareRoot() }
    case .rsqrt: mapRows(plan, r, x) { 1 / $0.squareRoot() }
    case .clampMin: mapRows(plan, r, x, a, b) { x, low, _ in x < low ? low : x }
    case .clampMax: mapRows(plan, r, x, a, b) { x, _, high in x > high ? high : x }
    case .clamp: mapRows(plan, r, x, a, b) { x, low, high in let y = x < low ? low : x; return y > high ? high : y }
    case .leakyRelu: mapRows(plan, r, x, a, b) { x, slope, _ in x > 0 ? x : x * slope }
    case .softshrink: mapRows(plan, r, x, a, b) { x, bound, _ in x > bound ? x - bound : (x < -bound ? x + bound : (x == x ? 0 : x)) }
    case .hardshrink: mapRows(plan, r, x, a, b) { x, bound, _ in x >= -bound && x <= bound ? 0 : x }
    case .affine: mapRows(plan, r, x, a, b) { x, scale, shift in x * scale + shift }
    case .threshold: mapRows(plan, r, x, a, b) { x, threshold, value in x <= threshold ? value : x }
    case .hardswish: mapRows(plan, r, x) { let y = $0 + 3; let z: T = y < 0 ? 0 : (y > 6 ? 6 : y); return $0 * z / 6 }
    case .hardsigmoid: mapRows(plan, r, x) { let y = $0 + 3; let z: T = y < 0 ? 0 : (y > 6 ? 6 : y); return z / 6 }
    case .exp: mapRows(plan, r, x) { T.fastExp($0) }
    case .sigmoid: mapRows(plan, r, x) { 1 / (1 + T.fastExp(-$0)) }
    case .silu: mapRows(plan, r, x) { $0 / (1 + T.fastExp(-$0)) }
    case .softsign: mapRows(plan, r, x) { $0 / (1 + $0.magnitude) }
    default: libraryUnary(function, plan, r, x, p, q)
    }
}

/// Functions evaluated in double precision by the C library, whatever the element: correctly rounded for `Float`.
private func libraryUnary<T: FloatElement>(
    _ function: UnaryFunction, _ plan: StridedPlan, _ r: UnsafeMutablePointer<T>, _ x: UnsafePointer<T>, _ p: Double, _ q: Double
) {
    // What captures is called for every element: next to the C library's functions that is little.
    @inline(__always) func map(_ f: (Double) -> Double) { mapRows(plan, r, x) { T(f(Double($0))) } }
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
        if p == 2 { mapRows(plan, r, x) { $0 * $0 } } else if p == 3 { mapRows(plan, r, x) { $0 * $0 * $0 } } else if p == 0.5 {
            mapRows(plan, r, x) { $0.squareRoot() }
        } else {
            map { Glibc.pow($0, p) }
        }
    default: mapRows(plan, r, x) { $0 }
    }
}

/// Elementwise tests of a floating-point operand; the result is boolean.
package enum FloatTest: Sendable { case isNaN, isInfinite, isFinite }

/// `result[i] = test(source[i])`; integers are finite.
package func test(_ test: FloatTest, _ type: ElementType, _ plan: StridedPlan, _ result: UnsafeMutablePointer<UInt8>, _ source: UnsafeRawPointer) {
    @inline(__always) func run<T: FloatElement>(_ x: UnsafePointer<T>) {
        switch test {
        case .isNaN: mapRows(plan, result, x) { $0 != $0 ? 1 : 0 }
        case .isInfinite: mapRows(plan, result, x) { $0.magnitude == .infinity ? 1 : 0 }
        case .isFinite: mapRows(plan, result, x) { $0.magnitude < .infinity ? 1 : 0 }
        }
    }
    if type == .float32 { run(source.assumingMemoryBound(to: Float.self)) } else { run(source.assumingMemoryBound(to: Double.self)) }
}
