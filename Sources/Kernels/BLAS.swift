import COpenBLAS
import Glibc

/// OpenBLAS, loaded by the first product large enough to need it: its start-up costs milliseconds.
///
/// It runs single-threaded; callers cut products into fixed blocks over our own pool.
final class BLAS: Sendable {
    typealias SingleGemm = @convention(c) (Int32, Int32, Int32, Int32, Int32, Int32, Float, UnsafeRawPointer, Int32, UnsafeRawPointer, Int32, Float, UnsafeMutableRawPointer, Int32) -> Void
    typealias DoubleGemm = @convention(c) (Int32, Int32, Int32, Int32, Int32, Int32, Double, UnsafeRawPointer, Int32, UnsafeRawPointer, Int32, Double, UnsafeMutableRawPointer, Int32) -> Void
    private typealias SetThreads = @convention(c) (Int32) -> Void

    let single: SingleGemm
    let double: DoubleGemm

    /// Nil where the library is not installed; products then use our own kernel.
    static let shared: BLAS? = BLAS()

    private init?() {
        guard let handle = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL) ?? dlopen("libopenblas.so", RTLD_NOW | RTLD_LOCAL),
            let sgemm = dlsym(handle, "cblas_sgemm"), let dgemm = dlsym(handle, "cblas_dgemm"),
            let setThreads = dlsym(handle, "openblas_set_num_threads")
        else { return nil }
        unsafeBitCast(setThreads, to: SetThreads.self)(1)
        single = unsafeBitCast(sgemm, to: SingleGemm.self)
        double = unsafeBitCast(dgemm, to: DoubleGemm.self)
    }
}

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
    if m * n * k < 100_000 || BLAS.shared == nil {
        plainProduct(T.self, m, n, k, a, b, c, ldc)
        return
    }
    let size = MemoryLayout<T>.stride
    let blockRows = m >= n ? 128 : m
    let blockColumns = m >= n ? n : 128
    let down = (m + blockRows - 1) / blockRows
    let across = (n + blockColumns - 1) / blockColumns
    ThreadPool.shared.run(down * across) { task in
        let i = task / across * blockRows
        let j = task % across * blockColumns
        let rows = Int32(min(blockRows, m - i))
        let columns = Int32(min(blockColumns, n - j))
        let pa = a.pointer + (a.transposed ? i : i * a.leading) * size
        let pb = b.pointer + (b.transposed ? j * b.leading : j) * size
        let pc = c + (i * ldc + j) * size
        let (ta, tb): (Int32, Int32) = (a.transposed ? 112 : 111, b.transposed ? 112 : 111)
        if T.self == Float.self {
            BLAS.shared!.single(101, ta, tb, rows, columns, Int32(k), 1, pa, Int32(a.leading), pb, Int32(b.leading), 0, pc, Int32(ldc))
        } else {
            BLAS.shared!.double(101, ta, tb, rows, columns, Int32(k), 1, pa, Int32(a.leading), pb, Int32(b.leading), 0, pc, Int32(ldc))
        }
    }
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
