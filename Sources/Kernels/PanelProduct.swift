import Glibc

/// The register-blocked product under the convolutions: 6 rows times 16 columns of results stay in registers.
///
/// The right operand is packed into panels `[columns/16][k][16]`, zero-padded; the left is read in place.
struct PanelProduct<T: FloatElement> {
    /// Rows handled by one task: a multiple of 6, small enough for the left operand to stay in the second-level cache.
    static var blockRows: Int { momentRows }

    static func panels(_ columns: Int) -> Int { (columns + 15) / 16 }
    static func packedCount(k: Int, columns: Int) -> Int { panels(columns) * k * 16 }

    /// Packs element (p, j) = `source[p * kStep + j * columnStep]`.
    static func pack(_ source: UnsafePointer<T>, k: Int, columns: Int, kStep: Int, columnStep: Int, into packed: UnsafeMutablePointer<T>) {
        parallel(panels(columns), grain: max(1, 8_192 / max(1, k * 16))) { range in
            for panel in range {
                let first = panel * 16
                let width = min(16, columns - first)
                let target = packed + panel * k * 16
                if columnStep == 1 {
                    for p in 0..<k {
                        let from = source + p * kStep + first
                        for j in 0..<width { target[p * 16 + j] = from[j] }
                        for j in width..<16 { target[p * 16 + j] = 0 }
                    }
                } else {
                    for j in 0..<width {
                        let from = source + (first + j) * columnStep
                        for p in 0..<k { target[p * 16 + j] = from[p * kStep] }
                    }
                    for p in 0..<k { for j in width..<16 { target[p * 16 + j] = 0 } }
                }
            }
        }
    }

    /// `c[m, columns] (+)= a · panel (+ bias)` for one panel of at most 16 columns.
    /// Element (i, p) of `a` is `a[i * aRow + p * aStep]`.
    @inline(__always)
    static func multiply(
        m: Int, k: Int, a: UnsafePointer<T>, aRow: Int, aStep: Int, panel: UnsafePointer<T>,
        c: UnsafeMutablePointer<T>, ldc: Int, columns: Int, accumulate: Bool, bias: UnsafePointer<T>?
    ) {
        var i = 0
        while i < m {
            let rows = min(6, m - i)
            let a0 = a + i * aRow
            let a1 = a0 + (rows > 1 ? aRow : 0)
            let a2 = a0 + (rows > 2 ? 2 * aRow : 0)
            let a3 = a0 + (rows > 3 ? 3 * aRow : 0)
            let a4 = a0 + (rows > 4 ? 4 * aRow : 0)
            let a5 = a0 + (rows > 5 ? 5 * aRow : 0)
            var c0 = SIMD16<T>(), c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0
            var at = 0
            var b = panel
            for _ in 0..<k {
                let v = load16(b)
                c0.addProduct(SIMD16(repeating: a0[at]), v)
                c1.addProduct(SIMD16(repeating: a1[at]), v)
                c2.addProduct(SIMD16(repeating: a2[at]), v)
                c3.addProduct(SIMD16(repeating: a3[at]), v)
                c4.addProduct(SIMD16(repeating: a4[at]), v)
                c5.addProduct(SIMD16(repeating: a5[at]), v)
                at += aStep
                b += 16
            }
            let target = c + i * ldc
            if columns == 16 && rows == 6 {
                finish(c0, target, accumulate, bias)
                finish(c1, target + ldc, accumulate, bias)
                finish(c2, target + 2 * ldc, accumulate, bias)
                finish(c3, target + 3 * ldc, accumulate, bias)
                finish(c4, target + 4 * ldc, accumulate, bias)
                finish(c5, target + 5 * ldc, accumulate, bias)
            } else {
                finishEdge(c0, c1, c2, c3, c4, c5, target, ldc, rows, columns, accumulate, bias)
            }
            i += 6
        }
    }

    @inline(__always)
    private static func finish(_ sum: SIMD16<T>, _ target: UnsafeMutablePointer<T>, _ accumulate: Bool, _ bias: UnsafePointer<T>?) {
        var v = sum
        if accumulate { v += load16(target) }
        if let bias { v += load16(bias) }
        store(v, target)
    }

    @inline(never)
    private static func finishEdge(
        _ c0: SIMD16<T>, _ c1: SIMD16<T>, _ c2: SIMD16<T>, _ c3: SIMD16<T>, _ c4: SIMD16<T>, _ c5: SIMD16<T>,
        _ target: UnsafeMutablePointer<T>, _ ldc: Int, _ rows: Int, _ columns: Int, _ accumulate: Bool, _ bias: UnsafePointer<T>?
    ) {
        withUnsafeTemporaryAllocation(of: SIMD16<T>.self, capacity: 6) { sums in
            sums[0] = c0
            sums[1] = c1
            sums[2] = c2
            sums[3] = c3
            sums[4] = c4
            sums[5] = c5
            for r in 0..<rows {
                for j in 0..<columns {
                    var v = sums[r][j]
                    if accumulate { v += target[r * ldc + j] }
                    if let bias { v += bias[j] }
                    target[r * ldc + j] = v
                }
            }
        }
    }

    /// `c[m, n] = a[m, k] · packed (+ bias)` over the pool; `afterBlock(firstRow, rows)` runs when a block of full rows is written.
    @inline(__always)
    static func run(
        m: Int, n: Int, k: Int, a: UnsafePointer<T>, lda: Int, packed: UnsafePointer<T>, c: UnsafeMutablePointer<T>, ldc: Int,
        bias: UnsafePointer<T>? = nil, afterBlock: ((Int, Int) -> Void)? = nil
    ) {
        let columnPanels = panels(n)
        let blocks = (m + blockRows - 1) / blockRows
        // Few rows: several tasks share a block of rows, each with some panels.
        let group = afterBlock == nil && blocks < 16 ? 8 : columnPanels
        let groups = max(1, (columnPanels + group - 1) / group)
        ThreadPool.shared.run(blocks * groups) { task in
            let first = task / groups * blockRows
            let rows = min(blockRows, m - first)
            for panel in task % groups * group..<min(columnPanels, (task % groups + 1) * group) {
                multiply(
                    m: rows, k: k, a: a + first * lda, aRow: lda, aStep: 1, panel: packed + panel * k * 16,
                    c: c + first * ldc + panel * 16, ldc: ldc, columns: min(16, n - panel * 16), accumulate: false, bias: bias.map { $0 + panel * 16 })
            }
            afterBlock?(first, rows)
        }
    }

    /// Rows of the shared dimension handled by one task of `transposed`, and packed at a time.
    private static var splitRows: Int { 2048 }
    private static var packRows: Int { 128 }

    /// `c[m, n] = aᵀ b` for `a` `[rows, m]` and `b` `[rows, n]`: weight gradients. Partial sums over fixed splits are added in order.
    static func transposed(
        m: Int, n: Int, rows: Int, a: UnsafePointer<T>, lda: Int, b: UnsafePointer<T>, ldb: Int, c: UnsafeMutablePointer<T>, ldc: Int
    ) {
        let splits = max(1, (rows + splitRows - 1) / splitRows)
        let chunk = splits >= 8 ? m : 96
        let chunks = max(1, (m + chunk - 1) / chunk)
        withScratch(T.self, splits > 1 ? splits * m * n : 1) { partial in
            ThreadPool.shared.run(splits * chunks) { task in
                let split = task / chunks
                let i = task % chunks * chunk
                let height = min(chunk, m - i)
                let first = split * splitRows
                let target = splits > 1 ? partial + split * m * n + i * n : c + i * ldc
                accumulateTransposed(
                    m: height, n: n, rows: min(splitRows, rows - first), a: a + first * lda + i, lda: lda,
                    b: b + first * ldb, ldb: ldb, c: target, ldc: splits > 1 ? n : ldc)
            }
            if splits > 1 {
                parallel(m, grain: max(1, 16_384 / (n * splits))) { range in
                    for i in range {
                        for j in 0..<n { c[i * ldc + j] = partial[i * n + j] }
                        for s in 1..<splits {
                            let from = partial + s * m * n + i * n
                            for j in 0..<n { c[i * ldc + j] += from[j] }
                        }
                    }
                }
            }
        }
    }

    /// `c = aᵀ b` on the calling thread.
    static func accumulateTransposed(
        m: Int, n: Int, rows: Int, a: UnsafePointer<T>, lda: Int, b: UnsafePointer<T>, ldb: Int, c: UnsafeMutablePointer<T>, ldc: Int,
        startingFromZero: Bool = true
    ) {
        let groups = (m + 5) / 6
        withScratch(T.self, (groups * 6 + 16) * packRows) { packedA in
            let packedB = packedA + groups * 6 * packRows
            for start in stride(from: 0, to: rows, by: packRows) {
                let k = min(packRows, rows - start)
                packSixes(a + start * lda, lda, m, k, packedA)
                for panel in 0..<panels(n) {
                    let width = min(16, n - panel * 16)
                    let from = b + start * ldb + panel * 16
                    for p in 0..<k {
                        if width == 16 {
                            store(load16(from + p * ldb), packedB + p * 16)
                        } else {
                            for j in 0..<width { packedB[p * 16 + j] = from[p * ldb + j] }
                            for j in width..<16 { packedB[p * 16 + j] = 0 }
                        }
                    }
                    for group in 0..<groups {
                        multiply(
                            m: min(6, m - group * 6), k: k, a: packedA + group * 6 * k, aRow: 1, aStep: 6, panel: packedB,
                            c: c + group * 6 * ldc + panel * 16, ldc: ldc, columns: width, accumulate: start > 0 || !startingFromZero, bias: nil)
                    }
                }
            }
        }
    }

    @inline(__always)
    private static func packSixes(_ a: UnsafePointer<T>, _ lda: Int, _ m: Int, _ k: Int, _ packed: UnsafeMutablePointer<T>) {
        for i in stride(from: 0, to: m, by: 6) {
            let target = packed + i * k
            let height = min(6, m - i)
            if height == 6 {
                for p in 0..<k {
                    let from = a + p * lda + i
                    let to = target + p * 6
                    to[0] = from[0]
                    to[1] = from[1]
                    to[2] = from[2]
                    to[3] = from[3]
                    to[4] = from[4]
                    to[5] = from[5]
                }
            } else {
                for p in 0..<k { for r in 0..<height { target[p * 6 + r] = a[p * lda + i + r] } }
            }
        }
    }
}
