import CInt8Kernels
import Glibc

/// The register-blocked product under the convolutions: 6 rows times 16 columns of results stay in registers, 12 where these are 64 bytes wide.
///
/// The right operand is packed into panels `[columns/16][k][16]`, zero-padded; the left is read in place.
struct PanelProduct<T: FloatElement> {
    /// Rows handled by one task: a multiple of 12, small enough for the left operand to stay in the second-level cache.
    static var blockRows: Int { momentRows }

    /// Whether 12 rows fit the registers: 6 of one register each would wait for one another.
    private static var isTall: Bool { processor_vector_bytes() >= 64 }
    /// The rows that are computed together.
    static var registerRows: Int { isTall ? 12 : 6 }

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
    /// Element (i, p) of `a` is `a[i * aRow + p * aStep]`; rows of the panel are `panelStep` apart.
    @inline(never)
    static func multiply(
        m: Int, k: Int, a: UnsafePointer<T>, aRow: Int, aStep: Int, panel: UnsafePointer<T>, panelStep: Int = 16,
        c: UnsafeMutablePointer<T>, ldc: Int, columns: Int, accumulate: Bool, bias: UnsafePointer<T>?
    ) {
        if columns == 8 {
            multiply(SIMD8<T>.self, m, k, a, aRow, aStep, panel, panelStep, c, ldc, accumulate, bias)
        } else if columns == 16 && MemoryLayout<T>.size == 8 {
            // Six times sixteen doubles do not fit the registers.
            multiply(SIMD8<T>.self, m, k, a, aRow, aStep, panel, panelStep, c, ldc, accumulate, bias)
            multiply(SIMD8<T>.self, m, k, a, aRow, aStep, panel + 8, panelStep, c + 8, ldc, accumulate, bias.map { $0 + 8 })
        } else if columns == 16 {
            multiply(SIMD16<T>.self, m, k, a, aRow, aStep, panel, panelStep, c, ldc, accumulate, bias)
        } else {
            // A narrow panel is padded to 16 columns; its results are copied out.
            withUnsafeTemporaryAllocation(of: T.self, capacity: registerRows * 16) { block in
                for i in stride(from: 0, to: m, by: registerRows) {
                    let rows = min(registerRows, m - i)
                    let sums = block.baseAddress!
                    multiply(SIMD16<T>.self, rows, k, a + i * aRow, aRow, aStep, panel, panelStep, sums, 16, false, nil)
                    for r in 0..<rows {
                        let target = c + (i + r) * ldc
                        for j in 0..<columns {
                            var v = sums[r * 16 + j]
                            if accumulate { v += target[j] }
                            if let bias { v += bias[j] }
                            target[j] = v
                        }
                    }
                }
            }
        }
    }

    /// `multiply` for a panel exactly as wide as `V`.
    @inline(__always)
    private static func multiply<V: SIMD>(
        _: V.Type, _ m: Int, _ k: Int, _ a: UnsafePointer<T>, _ aRow: Int, _ aStep: Int, _ panel: UnsafePointer<T>, _ panelStep: Int,
        _ c: UnsafeMutablePointer<T>, _ ldc: Int, _ accumulate: Bool, _ bias: UnsafePointer<T>?
    ) where V.Scalar == T {
        var i = 0
        while isTall && m - i >= 12 {
            var (first, second) = (SixRows<V>(a + i * aRow, aRow, of: 6), SixRows<V>(a + (i + 6) * aRow, aRow, of: 6))
            var at = 0
            var b = panel
            for _ in 0..<k {
                let v = loadVector(V.self, b)
                first.add(at, v)
                second.add(at, v)
                at += aStep
                b += panelStep
            }
            first.finish(c + i * ldc, ldc, of: 6, accumulate, bias)
            second.finish(c + (i + 6) * ldc, ldc, of: 6, accumulate, bias)
            i += 12
        }
        while i < m {
            let rows = min(6, m - i)
            var sums = SixRows<V>(a + i * aRow, aRow, of: rows)
            var at = 0
            var b = panel
            for _ in 0..<k {
                sums.add(at, loadVector(V.self, b))
                at += aStep
                b += panelStep
            }
            sums.finish(c + i * ldc, ldc, of: rows, accumulate, bias)
            i += 6
        }
    }

    /// Six rows of sums in registers, and where their left operands begin.
    private struct SixRows<V: SIMD> where V.Scalar == T {
        private let a0, a1, a2, a3, a4, a5: UnsafePointer<T>
        private var c0, c1, c2, c3, c4, c5: V

        /// Rows beyond the last repeat the first; their results are not stored.
        @inline(__always)
        init(_ a: UnsafePointer<T>, _ aRow: Int, of rows: Int) {
            a0 = a
            a1 = a + (rows > 1 ? aRow : 0)
            a2 = a + (rows > 2 ? 2 * aRow : 0)
            a3 = a + (rows > 3 ? 3 * aRow : 0)
            a4 = a + (rows > 4 ? 4 * aRow : 0)
            a5 = a + (rows > 5 ? 5 * aRow : 0)
            c0 = V(repeating: 0)
            (c1, c2, c3, c4, c5) = (c0, c0, c0, c0, c0)
        }

        @inline(__always)
        mutating func add(_ at: Int, _ v: V) {
            c0.addProduct(V(repeating: a0[at]), v)
            c1.addProduct(V(repeating: a1[at]), v)
            c2.addProduct(V(repeating: a2[at]), v)
            c3.addProduct(V(repeating: a3[at]), v)
            c4.addProduct(V(repeating: a4[at]), v)
            c5.addProduct(V(repeating: a5[at]), v)
        }

        @inline(__always)
        func finish(_ target: UnsafeMutablePointer<T>, _ ldc: Int, of rows: Int, _ accumulate: Bool, _ bias: UnsafePointer<T>?) {
            finish(c0, target, accumulate, bias)
            if rows > 1 { finish(c1, target + ldc, accumulate, bias) }
            if rows > 2 { finish(c2, target + 2 * ldc, accumulate, bias) }
            if rows > 3 { finish(c3, target + 3 * ldc, accumulate, bias) }
            if rows > 4 { finish(c4, target + 4 * ldc, accumulate, bias) }
            if rows > 5 { finish(c5, target + 5 * ldc, accumulate, bias) }
        }

        @inline(__always)
        private func finish(_ sum: V, _ target: UnsafeMutablePointer<T>, _ accumulate: Bool, _ bias: UnsafePointer<T>?) {
            var v = sum
            if accumulate { v += loadVector(V.self, target) }
            if let bias { v += loadVector(V.self, bias) }
            store(v, target)
        }
    }

    /// `c[m, n] = a[m, k] · packed (+ bias)` over the pool; `afterBlock(firstRow, rows)` runs when a block of full rows is written.
    @inline(__always)
    static func run(
        m: Int, n: Int, k: Int, a: FormedRows<T>, packed: UnsafePointer<T>, c: UnsafeMutablePointer<T>, ldc: Int,
        bias: UnsafePointer<T>? = nil, afterBlock: ((Int, Int) -> Void)? = nil
    ) {
        run(m, n, afterBlock: afterBlock, mayShare: a.isStored) { first, rows, panels in
            withScratch(T.self, a.isStored ? 1 : rows * k) { scratch in
                let block = a.block(first: first, count: rows, scratch: scratch)
                for panel in panels {
                    multiply(
                        m: rows, k: k, a: block, aRow: k, aStep: 1, panel: packed + panel * k * 16, c: c + first * ldc + panel * 16, ldc: ldc,
                        columns: min(16, n - panel * 16), accumulate: false, bias: bias.map { $0 + panel * 16 })
                }
            }
        }
    }

    /// `c[m, n] = a[m, k] · packed` over the pool, element (i, p) of `a` at `a[i * aRow + p * aStep]`.
    static func run(
        m: Int, n: Int, k: Int, a: UnsafePointer<T>, aRow: Int, aStep: Int, packed: UnsafePointer<T>, c: UnsafeMutablePointer<T>, ldc: Int
    ) {
        run(m, n, afterBlock: nil, mayShare: true) { first, rows, panels in
            for panel in panels {
                multiply(
                    m: rows, k: k, a: a + first * aRow, aRow: aRow, aStep: aStep, panel: packed + panel * k * 16, c: c + first * ldc + panel * 16,
                    ldc: ldc, columns: min(16, n - panel * 16), accumulate: false, bias: nil)
            }
        }
    }

    /// Cuts a product into blocks of rows and, where those are few and `mayShare`, groups of panels; calls `body(first row, rows, panels)`.
    @inline(__always)
    private static func run(_ m: Int, _ n: Int, afterBlock: ((Int, Int) -> Void)?, mayShare: Bool, _ body: (Int, Int, Range<Int>) -> Void) {
        let columnPanels = panels(n)
        let blocks = (m + blockRows - 1) / blockRows
        // Few rows: several tasks share a block of rows, each with some panels.
        let group = mayShare && afterBlock == nil && blocks < 16 ? 8 : columnPanels
        let groups = max(1, (columnPanels + group - 1) / group)
        ThreadPool.shared.run(blocks * groups) { task in
            let first = task / groups * blockRows
            let rows = min(blockRows, m - first)
            body(first, rows, task % groups * group..<min(columnPanels, (task % groups + 1) * group))
            afterBlock?(first, rows)
        }
    }
}
