/// Sorts each row of a contiguous `[rows, n]` operand stably; NaN counts as the greatest. Writes the first `keep` of each row.
package func sortRows(
    _ type: ElementType, rows: Int, n: Int, keep: Int, descending: Bool, _ source: UnsafeRawPointer,
    values: UnsafeMutableRawPointer, indices: UnsafeMutablePointer<Int64>
) {
    func run<T: Element>(_: T.Type) {
        let x = source.assumingMemoryBound(to: T.self)
        let y = values.assumingMemoryBound(to: T.self)
        parallel(rows, grain: max(1, 4_096 / max(1, n))) { range in
            for row in range {
                let base = x + row * n
                if keep == 1 && n > 0 {
                    var at = 0
                    for k in 1..<n where precedes(base[k], base[at], descending) { at = k }
                    y[row] = base[at]
                    indices[row] = Int64(at)
                    continue
                }
                var order = [Int32](unsafeUninitializedCapacity: n) { buffer, count in
                    for k in 0..<n { buffer[k] = Int32(truncatingIfNeeded: k) }
                    count = n
                }
                order.sort { a, b in
                    let (p, q) = (base[Int(a)], base[Int(b)])
                    if precedes(p, q, descending) { return true }
                    if precedes(q, p, descending) { return false }
                    return a < b
                }
                for k in 0..<keep {
                    y[row * keep + k] = base[Int(order[k])]
                    indices[row * keep + k] = Int64(order[k])
                }
            }
        }
    }
    switch type {
    case .bool, .uint8: run(UInt8.self)
    case .int8: run(Int8.self)
    case .int16: run(Int16.self)
    case .int32: run(Int32.self)
    case .int64: run(Int64.self)
    case .float32: run(Float.self)
    case .float64: run(Double.self)
    }
}

@inline(__always)
private func precedes<T: Element>(_ a: T, _ b: T, _ descending: Bool) -> Bool {
    if a.isNotANumber || b.isNotANumber { return descending ? a.isNotANumber && !b.isNotANumber : b.isNotANumber && !a.isNotANumber }
    return descending ? a > b : a < b
}
