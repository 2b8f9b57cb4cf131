/// Elementwise comparisons and logic; the result is boolean.
package enum Comparison: Sendable, CaseIterable {
    case equal, notEqual, less, lessEqual, greater, greaterEqual, logicalAnd, logicalOr, logicalXor
}

/// `result[i] = a[i] (comparison) b[i]` over the plan (operands: result, a, b), both operands of `type`.
package func compare(
    _ comparison: Comparison, _ type: ElementType, _ plan: StridedPlan, _ result: UnsafeMutablePointer<UInt8>,
    _ a: UnsafeRawPointer, _ b: UnsafeRawPointer
) {
    switch type {
    case .bool, .uint8: compare(comparison, plan, result, a.assumingMemoryBound(to: UInt8.self), b.assumingMemoryBound(to: UInt8.self))
    case .int8: compare(comparison, plan, result, a.assumingMemoryBound(to: Int8.self), b.assumingMemoryBound(to: Int8.self))
    case .int16: compare(comparison, plan, result, a.assumingMemoryBound(to: Int16.self), b.assumingMemoryBound(to: Int16.self))
    case .int32: compare(comparison, plan, result, a.assumingMemoryBound(to: Int32.self), b.assumingMemoryBound(to: Int32.self))
    case .int64: compare(comparison, plan, result, a.assumingMemoryBound(to: Int64.self), b.assumingMemoryBound(to: Int64.self))
    case .float32: compare(comparison, plan, result, a.assumingMemoryBound(to: Float.self), b.assumingMemoryBound(to: Float.self))
    case .float64: compare(comparison, plan, result, a.assumingMemoryBound(to: Double.self), b.assumingMemoryBound(to: Double.self))
    }
}

private func compare<T: Element>(
    _ comparison: Comparison, _ plan: StridedPlan, _ r: UnsafeMutablePointer<UInt8>, _ a: UnsafePointer<T>, _ b: UnsafePointer<T>
) {
    let zero = T.zeroElement
    zipRows(plan, r, a, b) { row in
        switch comparison {
        case .equal: row.fill { $0 == $1 ? 1 : 0 }
        case .notEqual: row.fill { $0 != $1 ? 1 : 0 }
        case .less: row.fill { $0 < $1 ? 1 : 0 }
        case .lessEqual: row.fill { $0 <= $1 ? 1 : 0 }
        case .greater: row.fill { $0 > $1 ? 1 : 0 }
        case .greaterEqual: row.fill { $0 >= $1 ? 1 : 0 }
        case .logicalAnd: row.fill { $0 != zero && $1 != zero ? 1 : 0 }
        case .logicalOr: row.fill { $0 != zero || $1 != zero ? 1 : 0 }
        case .logicalXor: row.fill { ($0 != zero) != ($1 != zero) ? 1 : 0 }
        }
    }
}

/// `result[i] = condition[i] ? a[i] : b[i]` over the plan (operands: result, condition, a, b), elements of `size` bytes.
package func select(
    _ size: Int, _ plan: StridedPlan, _ result: UnsafeMutableRawPointer, _ condition: UnsafePointer<UInt8>,
    _ a: UnsafeRawPointer, _ b: UnsafeRawPointer
) {
    switch size {
    case 1:
        select(
            plan, result.assumingMemoryBound(to: UInt8.self), condition, a.assumingMemoryBound(to: UInt8.self), b.assumingMemoryBound(to: UInt8.self))
    case 2:
        select(
            plan, result.assumingMemoryBound(to: UInt16.self), condition, a.assumingMemoryBound(to: UInt16.self),
            b.assumingMemoryBound(to: UInt16.self))
    case 4:
        select(
            plan, result.assumingMemoryBound(to: UInt32.self), condition, a.assumingMemoryBound(to: UInt32.self),
            b.assumingMemoryBound(to: UInt32.self))
    default:
        select(
            plan, result.assumingMemoryBound(to: UInt64.self), condition, a.assumingMemoryBound(to: UInt64.self),
            b.assumingMemoryBound(to: UInt64.self))
    }
}

private func select<T>(
    _ plan: StridedPlan, _ result: UnsafeMutablePointer<T>, _ condition: UnsafePointer<UInt8>, _ a: UnsafePointer<T>, _ b: UnsafePointer<T>
) {
    let step = plan.innerStrides
    plan.forEachRow { offsets, n in
        let r = result + offsets[0]
        let c = condition + offsets[1]
        let x = a + offsets[2]
        let y = b + offsets[3]
        if step == SIMD4(1, 1, 1, 1) {
            for i in 0..<n { r[i] = c[i] != 0 ? x[i] : y[i] }
        } else {
            for i in 0..<n { r[i * step[0]] = c[i * step[1]] != 0 ? x[i * step[2]] : y[i * step[3]] }
        }
    }
}

/// `result[i] = a[i] + p * b[i] * c[i]`, or `/ c[i]`, or the interpolation `a + c (b - a)`.
package enum TernaryFunction: Sendable { case addProduct, addQuotient, lerp }

/// Three-operand arithmetic over the plan (operands: result, a, b, c), floating point only.
package func ternary(
    _ function: TernaryFunction, _ type: ElementType, _ plan: StridedPlan, _ result: UnsafeMutableRawPointer,
    _ a: UnsafeRawPointer, _ b: UnsafeRawPointer, _ c: UnsafeRawPointer, p: Double
) {
    @inline(__always) func run<T: FloatElement>(_: T.Type) {
        let step = plan.innerStrides
        let factor = T(p)
        plan.forEachRow { offsets, n in
            let r = result.assumingMemoryBound(to: T.self) + offsets[0]
            let x = a.assumingMemoryBound(to: T.self) + offsets[1]
            let y = b.assumingMemoryBound(to: T.self) + offsets[2]
            let z = c.assumingMemoryBound(to: T.self) + offsets[3]
            switch function {
            case .addProduct: for i in 0..<n { r[i * step[0]] = x[i * step[1]] + factor * y[i * step[2]] * z[i * step[3]] }
            case .addQuotient: for i in 0..<n { r[i * step[0]] = x[i * step[1]] + factor * y[i * step[2]] / z[i * step[3]] }
            case .lerp:
                for i in 0..<n {
                    let (from, to, weight) = (x[i * step[1]], y[i * step[2]], z[i * step[3]])
                    r[i * step[0]] = weight.magnitude < 0.5 ? from + weight * (to - from) : to - (to - from) * (1 - weight)
                }
            }
        }
    }
    if type == .float32 { run(Float.self) } else { run(Double.self) }
}
