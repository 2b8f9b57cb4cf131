/// A matrix operand: row-major with `leading` elements between rows, read transposed if `transposed`.
package struct MatrixOperand {
    package var pointer: UnsafeRawPointer
    package var leading: Int
    package var transposed: Bool
    package init(_ pointer: UnsafeRawPointer, leading: Int, transposed: Bool = false) {
        self.pointer = pointer
        self.leading = leading
        self.transposed = transposed
    }
}

/// `c[m, n] = a[m, k] b[k, n]` for any element type; `c` is row-major with leading dimension `ldc`.
package func matrixMultiply(
    _ type: ElementType, m: Int, n: Int, k: Int, _ a: MatrixOperand, _ b: MatrixOperand, _ c: UnsafeMutableRawPointer, ldc: Int
) {
    if m == 0 || n == 0 { return }
    switch type {
    case .float32: floatProduct(Float.self, m, n, k, a, b, c, ldc)
    case .float64: floatProduct(Double.self, m, n, k, a, b, c, ldc)
    case .bool, .uint8: plainProduct(UInt8.self, m, n, k, a, b, c, ldc)
    case .int8: plainProduct(Int8.self, m, n, k, a, b, c, ldc)
    case .int16: plainProduct(Int16.self, m, n, k, a, b, c, ldc)
    case .int32: plainProduct(Int32.self, m, n, k, a, b, c, ldc)
    case .int64: plainProduct(Int64.self, m, n, k, a, b, c, ldc)
    }
}

private func floatProduct<T: FloatElement>(
    _: T.Type, _ m: Int, _ n: Int, _ k: Int, _ a: MatrixOperand, _ b: MatrixOperand, _ c: UnsafeMutableRawPointer, _ ldc: Int
) {
    let pa = a.pointer.assumingMemoryBound(to: T.self)
    let pb = b.pointer.assumingMemoryBound(to: T.self)
    let pc = c.assumingMemoryBound(to: T.self)
    if n == 1 && b.leading == 1 && !a.transposed {
        // A vector is its own transpose; the matrix plays the second operand.
        dotProducts(1, m, k, pb, k, pa, a.leading, pc, 1, resultStep: ldc)
    } else if m * n * k < 2_048 || (m < 6 && !b.transposed) {
        plainProduct(T.self, m, n, k, a, b, c, ldc)
    } else if b.transposed && !a.transposed && (m < 6 || n < 8) {
        dotProducts(m, n, k, pa, a.leading, pb, b.leading, pc, ldc, resultStep: 1)
    } else if a.transposed && !b.transposed && ldc == n {
        ContractedProduct<T>(m: m, n: n).run(rows: k, a: pa, lda: a.leading, b: pb, ldb: b.leading, into: pc)
    } else {
        withScratch(T.self, PanelProduct<T>.packedCount(k: k, columns: n)) { packed in
            PanelProduct<T>.pack(pb, k: k, columns: n, kStep: b.transposed ? 1 : b.leading, columnStep: b.transposed ? b.leading : 1, into: packed)
            let (row, step) = a.transposed ? (1, a.leading) : (a.leading, 1)
            PanelProduct<T>.run(m: m, n: n, k: k, a: pa, aRow: row, aStep: step, packed: packed, c: pc, ldc: ldc)
        }
    }
}

/// `c[m, n] = a bᵀ`, columns of `c` `resultStep` apart, where one side is small: packing would cost as much as the product.
private func dotProducts<T: FloatElement>(
    _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<T>, _ lda: Int, _ b: UnsafePointer<T>, _ ldb: Int, _ c: UnsafeMutablePointer<T>, _ ldc: Int,
    resultStep: Int
) {
    parallel(n, grain: max(1, 32_768 / max(1, m * k))) { range in
        for j in range {
            for i in 0..<m { c[i * ldc + j * resultStep] = dotProduct(k, a + i * lda, b + j * ldb) }
        }
    }
}

@inline(__always)
private func dotProduct<T: FloatElement>(_ count: Int, _ a: UnsafePointer<T>, _ b: UnsafePointer<T>) -> T {
    var (even, odd) = (SIMD16<T>(), SIMD16<T>())
    var p = 0
    while p + 32 <= count {
        even.addProduct(load16(a + p), load16(b + p))
        odd.addProduct(load16(a + p + 16), load16(b + p + 16))
        p += 32
    }
    if p + 16 <= count {
        even.addProduct(load16(a + p), load16(b + p))
        p += 16
    }
    var sum = (even + odd).sum()
    while p < count {
        sum = sum.addingProduct(a[p], b[p])
        p += 1
    }
    return sum
}

private func plainProduct<T: Element>(
    _: T.Type, _ m: Int, _ n: Int, _ k: Int, _ a: MatrixOperand, _ b: MatrixOperand, _ c: UnsafeMutableRawPointer, _ ldc: Int
) {
    let pa = a.pointer.assumingMemoryBound(to: T.self)
    let pb = b.pointer.assumingMemoryBound(to: T.self)
    let pc = c.assumingMemoryBound(to: T.self)
    let (ar, ak) = a.transposed ? (1, a.leading) : (a.leading, 1)
    parallel(m, grain: max(1, 65_536 / max(1, n * k))) { range in
        for i in range {
            let row = pc + i * ldc
            if b.transposed {
                for j in 0..<n {
                    var sum = T.zeroElement
                    for p in 0..<k { sum = T.plus(sum, T.times(pa[i * ar + p * ak], pb[j * b.leading + p])) }
                    row[j] = sum
                }
            } else {
                for j in 0..<n { row[j] = T.zeroElement }
                for p in 0..<k {
                    let factor = pa[i * ar + p * ak]
                    let other = pb + p * b.leading
                    for j in 0..<n { row[j] = T.plus(row[j], T.times(factor, other[j])) }
                }
            }
        }
    }
}
