import Glibc

/// Elementwise functions of two operands of one type; the result has that type. `p`, `q` are the parameters named beside a case.
package enum BinaryFunction: Sendable, CaseIterable {
    /// a + p * b and a - p * b
    case add, subtract
    case multiply, divide, floorDivide, truncDivide, remainder, fmod, power, maximum, minimum, atan2
    case bitwiseAnd, bitwiseOr, bitwiseXor, shiftLeft, shiftRight
    // Gradients: the first operand is the gradient of the result, the second the operation's result or operand.
    /// g where p < y < q
    case insideGradient
    /// g where p <= x <= q
    case clampGradient
    case sigmoidGradient, tanhGradient
    case siluGradient, geluErfGradient, geluTanhGradient, mishGradient, logSigmoidGradient
    case hardswishGradient, hardsigmoidGradient, leakyReluGradient, softplusGradient
    /// From the operand: x > 0 ? g q : g p e^x
    case eluGradient
    case softshrinkGradient
    /// Sign of the operand times g.
    case absoluteGradient
}

/// `result[i] = function(a[i], b[i])` over the plan (operands: result, a, b). Division by an integer zero gives 0: callers test first.
package func binary(
    _ function: BinaryFunction, _ type: ElementType, _ plan: StridedPlan, _ result: UnsafeMutableRawPointer,
    _ a: UnsafeRawPointer, _ b: UnsafeRawPointer, p: Double = 1, q: Double = 0
) {
    switch type {
    case .bool:
        boolBinary(
            function, plan, result.assumingMemoryBound(to: UInt8.self), a.assumingMemoryBound(to: UInt8.self), b.assumingMemoryBound(to: UInt8.self))
    case .uint8:
        integerBinary(
            function, plan, result.assumingMemoryBound(to: UInt8.self), a.assumingMemoryBound(to: UInt8.self), b.assumingMemoryBound(to: UInt8.self),
            p)
    case .int8:
        integerBinary(
            function, plan, result.assumingMemoryBound(to: Int8.self), a.assumingMemoryBound(to: Int8.self), b.assumingMemoryBound(to: Int8.self), p)
    case .int16:
        integerBinary(
            function, plan, result.assumingMemoryBound(to: Int16.self), a.assumingMemoryBound(to: Int16.self), b.assumingMemoryBound(to: Int16.self),
            p)
    case .int32:
        integerBinary(
            function, plan, result.assumingMemoryBound(to: Int32.self), a.assumingMemoryBound(to: Int32.self), b.assumingMemoryBound(to: Int32.self),
            p)
    case .int64:
        integerBinary(
            function, plan, result.assumingMemoryBound(to: Int64.self), a.assumingMemoryBound(to: Int64.self), b.assumingMemoryBound(to: Int64.self),
            p)
    case .float32:
        floatBinary(
            function, plan, result.assumingMemoryBound(to: Float.self), a.assumingMemoryBound(to: Float.self), b.assumingMemoryBound(to: Float.self),
            p, q)
    case .float64:
        floatBinary(
            function, plan, result.assumingMemoryBound(to: Double.self), a.assumingMemoryBound(to: Double.self),
            b.assumingMemoryBound(to: Double.self), p, q)
    }
}

/// One row of a loop over two operands.
struct PairRow<A, B, R> {
    let result: UnsafeMutablePointer<R>
    let a: UnsafePointer<A>
    let b: UnsafePointer<B>
    let step: SIMD4<Int>
    let count: Int

    /// `result[i] = f(a[i], b[i])`; unit strides and a repeated operand get loops of their own, which the compiler vectorises.
    @inline(__always)
    func fill(_ f: (A, B) -> R) {
        let (r, x, y) = (result, a, b)
        if step[0] == 1 && step[1] == 1 && step[2] == 1 {
            for i in 0..<count { r[i] = f(x[i], y[i]) }
        } else if step[0] == 1 && step[1] == 1 && step[2] == 0 {
            let value = y[0]
            for i in 0..<count { r[i] = f(x[i], value) }
        } else if step[0] == 1 && step[1] == 0 && step[2] == 1 {
            let value = x[0]
            for i in 0..<count { r[i] = f(value, y[i]) }
        } else {
            for i in 0..<count { r[i * step[0]] = f(x[i * step[1]], y[i * step[2]]) }
        }
    }
}

/// Calls `body` with every row of `result` and its operands. The choice among functions belongs into `body`: a function handed to this one would
/// be called for every element, one that stands in `body` becomes part of its loop.
@inline(__always)
func zipRows<A, B, R>(
    _ plan: StridedPlan, _ result: UnsafeMutablePointer<R>, _ a: UnsafePointer<A>, _ b: UnsafePointer<B>, _ body: (PairRow<A, B, R>) -> Void
) {
    let step = plan.innerStrides
    plan.forEachRow { offsets, n in body(PairRow(result: result + offsets[0], a: a + offsets[1], b: b + offsets[2], step: step, count: n)) }
}

private func boolBinary(
    _ function: BinaryFunction, _ plan: StridedPlan, _ r: UnsafeMutablePointer<UInt8>, _ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>
) {
    zipRows(plan, r, a, b) { row in
        switch function {
        case .add, .maximum, .bitwiseOr: row.fill { $0 | $1 }
        case .multiply, .minimum, .bitwiseAnd: row.fill { $0 & $1 }
        case .subtract, .bitwiseXor: row.fill { $0 ^ $1 }
        case .power: row.fill { $0 | ($1 ^ 1) }
        default: row.fill { x, _ in x }
        }
    }
}

private func integerBinary<T: IntegerElement>(
    _ function: BinaryFunction, _ plan: StridedPlan, _ r: UnsafeMutablePointer<T>, _ a: UnsafePointer<T>, _ b: UnsafePointer<T>, _ p: Double
) {
    zipRows(plan, r, a, b) { row in
        switch function {
        case .add:
            let alpha = T.from(double: p)
            row.fill { $0 &+ alpha &* $1 }
        case .subtract:
            let alpha = T.from(double: p)
            row.fill { $0 &- alpha &* $1 }
        case .multiply: row.fill { $0 &* $1 }
        case .divide, .truncDivide: row.fill { truncatingQuotient($0, $1) }
        case .floorDivide:
            row.fill { x, y in
                let quotient = truncatingQuotient(x, y)
                return T.isSigned && (x < 0) != (y < 0) && quotient &* y != x ? quotient &- 1 : quotient
            }
        case .fmod: row.fill { x, y in x &- truncatingQuotient(x, y) &* y }
        case .remainder:
            row.fill { x, y in
                let rest = x &- truncatingQuotient(x, y) &* y
                return rest != 0 && (rest < 0) != (y < 0) ? rest &+ y : rest
            }
        case .power: row.fill { integerPower($0, Int(truncatingIfNeeded: $1)) }
        case .maximum: row.fill { $0 > $1 ? $0 : $1 }
        case .minimum: row.fill { $0 < $1 ? $0 : $1 }
        case .bitwiseAnd: row.fill { $0 & $1 }
        case .bitwiseOr: row.fill { $0 | $1 }
        case .bitwiseXor: row.fill { $0 ^ $1 }
        case .shiftLeft: row.fill { $1 < 0 || $1 >= T.bitWidth ? 0 : $0 &<< $1 }
        case .shiftRight: row.fill { $0 >> ($1 < 0 || $1 >= T.bitWidth ? T(truncatingIfNeeded: T.bitWidth - 1) : $1) }
        default: row.fill { x, _ in x }
        }
    }
}

@inline(__always)
private func truncatingQuotient<T: IntegerElement>(_ a: T, _ b: T) -> T {
    if b == 0 { return 0 }
    if T.isSigned && b == 0 &- 1 { return 0 &- a }
    return a / b
}

private func floatBinary<T: FloatElement>(
    _ function: BinaryFunction, _ plan: StridedPlan, _ r: UnsafeMutablePointer<T>, _ a: UnsafePointer<T>, _ b: UnsafePointer<T>, _ p: Double,
    _ q: Double
) {
    let low = T(p)
    let high = T(q)
    zipRows(plan, r, a, b) { row in
        switch function {
        case .add:
            if p == 1 { row.fill { $0 + $1 } } else { row.fill { $0.addingProduct($1, low) } }
        case .subtract:
            if p == 1 { row.fill { $0 - $1 } } else { row.fill { $0.addingProduct($1, -low) } }
        case .multiply: row.fill { $0 * $1 }
        case .divide: row.fill { $0 / $1 }
        case .maximum: row.fill { $0 != $0 ? $0 : ($1 != $1 ? $1 : ($0 > $1 ? $0 : $1)) }
        case .minimum: row.fill { $0 != $0 ? $0 : ($1 != $1 ? $1 : ($0 < $1 ? $0 : $1)) }
        case .insideGradient: row.fill { $1 > low && $1 < high ? $0 : 0 }
        case .clampGradient: row.fill { $1 >= low && $1 <= high ? $0 : 0 }
        case .sigmoidGradient: row.fill { $0 * (1 - $1) * $1 }
        case .tanhGradient: row.fill { $0 * (1 - $1 * $1) }
        case .leakyReluGradient: row.fill { $1 > 0 ? $0 : $0 * low }
        case .siluGradient:
            row.fill {
                let s = 1 / (1 + T.fastExp(-$1)); return $0 * s * (1 + $1 * (1 - s))
            }
        case .hardswishGradient: row.fill { $1 < -3 ? 0 : ($1 <= 3 ? $0 * ($1 / 3 + 0.5) : $0) }
        case .hardsigmoidGradient: row.fill { $1 > -3 && $1 < 3 ? $0 / 6 : 0 }
        case .softshrinkGradient: row.fill { $1 >= -low && $1 <= low ? 0 : $0 }
        case .absoluteGradient: row.fill { $1 > 0 ? $0 : ($1 < 0 ? -$0 : 0) }
        default: libraryBinary(function, row, p, q)
        }
    }
}

private func libraryBinary<T: FloatElement>(_ function: BinaryFunction, _ row: PairRow<T, T, T>, _ p: Double, _ q: Double) {
    @inline(__always) func zip(_ f: (Double, Double) -> Double) { row.fill { T(f(Double($0), Double($1))) } }
    switch function {
    case .floorDivide: row.fill { floorQuotient($0, $1) }
    case .truncDivide: row.fill { ($0 / $1).rounded(.towardZero) }
    case .fmod: zip { Glibc.fmod($0, $1) }
    case .remainder:
        zip { x, y in
            let rest = Glibc.fmod(x, y)
            return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest
        }
    case .power: zip { Glibc.pow($0, $1) }
    case .atan2: zip { Glibc.atan2($0, $1) }
    case .geluErfGradient:
        zip { g, x in
            g * (0.5 * (1 + Glibc.erf(x * 0.70710678118654752440)) + x * Glibc.exp(-0.5 * x * x) * 0.39894228040143267794)
        }
    case .geluTanhGradient:
        zip { g, x in
            let k = 0.79788456080286535588
            let t = Glibc.tanh(k * (x + 0.044715 * x * x * x))
            return g * (0.5 * (1 + t) + 0.5 * x * (1 - t * t) * k * (1 + 3 * 0.044715 * x * x))
        }
    case .mishGradient:
        zip { g, x in
            let t = Glibc.tanh(x > 20 ? x : Glibc.log1p(Glibc.exp(x)))
            return g * (t + x * (1 - t * t) / (1 + Glibc.exp(-x)))
        }
    case .logSigmoidGradient: zip { g, x in g / (1 + Glibc.exp(x)) }
    case .softplusGradient: zip { g, x in x * p > q ? g : g / (1 + Glibc.exp(-x * p)) }
    case .eluGradient: zip { g, x in x > 0 ? g * q : g * p * Glibc.exp(x) }
    default: row.fill { x, _ in x }
    }
}

@inline(__always)
private func floorQuotient<T: FloatElement>(_ a: T, _ b: T) -> T {
    if b == 0 { return a / b }
    let rest = T(Glibc.fmod(Double(a), Double(b)))
    var quotient = (a - rest) / b
    if rest != 0 && (rest < 0) != (b < 0) { quotient -= 1 }
    if quotient == 0 { return 0 * (a / b) }
    let floored = quotient.rounded(.down)
    return quotient - floored > 0.5 ? floored + 1 : floored
}

/// Whether any element equals zero: what integer division must know first.
package func containsZero(_ type: ElementType, _ plan: StridedPlan, _ source: UnsafeRawPointer) -> Bool {
    var found = false
    let size = type.size
    let step = plan.innerStrides[1] * size
    plan.forEachRow(grain: .max) { offsets, n in
        for i in 0..<n {
            var isZero = true
            for byte in 0..<size where (source + offsets[1] * size + i * step + byte).load(as: UInt8.self) != 0 { isZero = false }
            if isZero { found = true }
        }
    }
    return found
}
