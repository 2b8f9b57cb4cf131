import Glibc

/// Copies with conversion: `result[i] = Result(source[i])` over the plan (operand 0 the result, operand 1 the source).
package func convert(
    _ plan: StridedPlan, to resultType: ElementType, _ result: UnsafeMutableRawPointer,
    from sourceType: ElementType, _ source: UnsafeRawPointer
) {
    if resultType == sourceType || (resultType.size == 1 && sourceType == .bool) {
        copyBits(plan, resultType.size, result, source)
        return
    }
    switch sourceType {
    case .bool, .uint8: convert(plan, resultType, result, source.assumingMemoryBound(to: UInt8.self))
    case .int8: convert(plan, resultType, result, source.assumingMemoryBound(to: Int8.self))
    case .int16: convert(plan, resultType, result, source.assumingMemoryBound(to: Int16.self))
    case .int32: convert(plan, resultType, result, source.assumingMemoryBound(to: Int32.self))
    case .int64: convert(plan, resultType, result, source.assumingMemoryBound(to: Int64.self))
    case .float32: convert(plan, resultType, result, source.assumingMemoryBound(to: Float.self))
    case .float64: convert(plan, resultType, result, source.assumingMemoryBound(to: Double.self))
    }
}

private func convert<S: Element>(
    _ plan: StridedPlan, _ type: ElementType, _ result: UnsafeMutableRawPointer, _ source: UnsafePointer<S>
) {
    switch type {
    case .bool: mapRows(plan, result.assumingMemoryBound(to: UInt8.self), source) { row in row.fill { $0 == S.zeroElement ? 0 : 1 } }
    case .uint8: convertRows(plan, result.assumingMemoryBound(to: UInt8.self), source)
    case .int8: convertRows(plan, result.assumingMemoryBound(to: Int8.self), source)
    case .int16: convertRows(plan, result.assumingMemoryBound(to: Int16.self), source)
    case .int32: convertRows(plan, result.assumingMemoryBound(to: Int32.self), source)
    case .int64: convertRows(plan, result.assumingMemoryBound(to: Int64.self), source)
    case .float32: convertRows(plan, result.assumingMemoryBound(to: Float.self), source)
    case .float64: convertRows(plan, result.assumingMemoryBound(to: Double.self), source)
    }
}

@inline(__always)
private func convertRows<S: Element, D: Element>(_ plan: StridedPlan, _ result: UnsafeMutablePointer<D>, _ source: UnsafePointer<S>) {
    if S.isFloating && D.isFloating {
        mapRows(plan, result, source) { row in row.fill { D.from(double: $0.asDouble) } }
    } else if S.isFloating {
        mapRows(plan, result, source) { row in row.fill { D.from(int: $0.asInt) } }
    } else {
        mapRows(plan, result, source) { row in row.fill { D.from(int: $0.asInt) } }
    }
}

/// One row of a loop over one operand.
struct MapRow<S, D> {
    let result: UnsafeMutablePointer<D>
    let source: UnsafePointer<S>
    let step: SIMD4<Int>
    let count: Int

    /// `result[i] = f(source[i])`, with a unit-stride loop the compiler vectorises.
    @inline(__always)
    func fill(_ f: (S) -> D) {
        if step[0] == 1 && step[1] == 1 {
            for i in 0..<count { result[i] = f(source[i]) }
        } else {
            for i in 0..<count { result[i * step[0]] = f(source[i * step[1]]) }
        }
    }
}

/// Calls `body` with every row of `result` and its operand. The choice among functions belongs into `body`, as for `zipRows`.
@inline(__always)
func mapRows<S, D>(_ plan: StridedPlan, _ result: UnsafeMutablePointer<D>, _ source: UnsafePointer<S>, _ body: (MapRow<S, D>) -> Void) {
    let step = plan.innerStrides
    plan.forEachRow { offsets, n in body(MapRow(result: result + offsets[0], source: source + offsets[1], step: step, count: n)) }
}

private func copyBits(_ plan: StridedPlan, _ size: Int, _ result: UnsafeMutableRawPointer, _ source: UnsafeRawPointer) {
    let step = plan.innerStrides
    if step[0] == 1 && step[1] == 1 {
        plan.forEachRow { offsets, n in
            memcpy(result + offsets[0] * size, source + offsets[1] * size, n * size)
        }
        return
    }
    switch size {
    case 1: mapRows(plan, result.assumingMemoryBound(to: UInt8.self), source.assumingMemoryBound(to: UInt8.self)) { row in row.fill { $0 } }
    case 2: mapRows(plan, result.assumingMemoryBound(to: UInt16.self), source.assumingMemoryBound(to: UInt16.self)) { row in row.fill { $0 } }
    case 4: mapRows(plan, result.assumingMemoryBound(to: UInt32.self), source.assumingMemoryBound(to: UInt32.self)) { row in row.fill { $0 } }
    default: mapRows(plan, result.assumingMemoryBound(to: UInt64.self), source.assumingMemoryBound(to: UInt64.self)) { row in row.fill { $0 } }
    }
}

/// Writes `count` copies of the element at `value`.
package func fill(_ type: ElementType, _ result: UnsafeMutableRawPointer, count: Int, with value: UnsafeRawPointer) {
    switch type.size {
    case 1: memset(result, Int32(value.load(as: UInt8.self)), count)
    case 2: fill(result.assumingMemoryBound(to: UInt16.self), count, value.loadUnaligned(as: UInt16.self))
    case 4: fill(result.assumingMemoryBound(to: UInt32.self), count, value.loadUnaligned(as: UInt32.self))
    default: fill(result.assumingMemoryBound(to: UInt64.self), count, value.loadUnaligned(as: UInt64.self))
    }
}

private func fill<T>(_ result: UnsafeMutablePointer<T>, _ count: Int, _ value: T) {
    parallel(count, grain: 262_144) { range in
        for i in range { result[i] = value }
    }
}

/// Reorders `[outer, rows, columns]` to `[outer, columns, rows]`: how channels-first and channels-last become each other.
package func transposeInner(
    _ size: Int, _ source: UnsafeRawPointer, _ result: UnsafeMutableRawPointer, outer: Int, rows: Int, columns: Int
) {
    switch size {
    case 1: transposeInner(source.assumingMemoryBound(to: UInt8.self), result.assumingMemoryBound(to: UInt8.self), outer, rows, columns)
    case 2: transposeInner(source.assumingMemoryBound(to: UInt16.self), result.assumingMemoryBound(to: UInt16.self), outer, rows, columns)
    case 4: transposeInner(source.assumingMemoryBound(to: UInt32.self), result.assumingMemoryBound(to: UInt32.self), outer, rows, columns)
    default: transposeInner(source.assumingMemoryBound(to: UInt64.self), result.assumingMemoryBound(to: UInt64.self), outer, rows, columns)
    }
}

private func transposeInner<T>(_ source: UnsafePointer<T>, _ result: UnsafeMutablePointer<T>, _ outer: Int, _ rows: Int, _ columns: Int) {
    let tile = 16
    parallel(outer, grain: max(1, 65_536 / max(1, rows * columns))) { range in
        for o in range {
            let s = source + o * rows * columns
            let d = result + o * rows * columns
            for r0 in stride(from: 0, to: rows, by: tile) {
                for c0 in stride(from: 0, to: columns, by: tile) {
                    let r1 = min(rows, r0 + tile)
                    for c in c0..<min(columns, c0 + tile) {
                        for r in r0..<r1 { d[c * rows + r] = s[r * columns + c] }
                    }
                }
            }
        }
    }
}
