import Glibc

/// `aᵀ b` summed over many rows of `a` `[rows, m]` and `b` `[rows, n]`: the weight gradients of layers.
///
/// The wider operand is read as many columns at a time as there are rows in a block of registers, the narrower in panels of 16; partial sums have the
/// wider one's columns as rows.
struct ContractedProduct<T: FloatElement> {
    let m, n: Int
    /// Whether partial sums hold the transpose of the result.
    let swapped: Bool

    /// Up to this many columns the narrow operand is used where it lies; wider ones are packed, which pays when panels are reused.
    private static var narrow: Int { 32 }
    /// Rows read before the sums are stored again.
    private static var stripRows: Int { 96 }
    private static var unit: Int { PanelProduct<T>.registerRows }
    private var tall: Int { swapped ? n : m }
    private var wide: Int { swapped ? m : n }

    init(m: Int, n: Int) { self.init(m: m, n: n, swapped: n > m && m <= ContractedProduct.narrow) }

    init(m: Int, n: Int, swapped: Bool) {
        self.m = m
        self.n = n
        self.swapped = swapped
    }

    /// Adds the product of some rows to `sums`, which has the layout of partial sums.
    func add(rows: Int, a: UnsafePointer<T>, lda: Int, b: UnsafePointer<T>, ldb: Int, into sums: UnsafeMutablePointer<T>) {
        let (tallRows, tallStep, wideRows, wideStep) = swapped ? (b, ldb, a, lda) : (a, lda, b, ldb)
        for start in stride(from: 0, to: rows, by: ContractedProduct.stripRows) {
            let strip = min(ContractedProduct.stripRows, rows - start)
            let (from, other) = (tallRows + start * tallStep, wideRows + start * wideStep)
            if wide <= ContractedProduct.narrow {
                addDirect(strip, from, tallStep, other, wideStep, sums)
            } else {
                addPacked(strip, from, tallStep, other, wideStep, tall, sums, wide)
            }
        }
    }

    private func addDirect(
        _ rows: Int, _ tallRows: UnsafePointer<T>, _ tallStep: Int, _ wideRows: UnsafePointer<T>, _ wideStep: Int, _ sums: UnsafeMutablePointer<T>
    ) {
        withScratch(T.self, 16 * rows) { padded in
            for panel in 0..<PanelProduct<T>.panels(wide) {
                let width = min(16, wide - panel * 16)
                var (from, step) = (wideRows + panel * 16, wideStep)
                if width != 16 && width != 8 {
                    copyPanel(from, wideStep, rows, width, padded)
                    (from, step) = (UnsafePointer(padded), 16)
                }
                for i in stride(from: 0, to: tall, by: ContractedProduct.unit) {
                    PanelProduct<T>.multiply(
                        m: min(ContractedProduct.unit, tall - i), k: rows, a: tallRows + i, aRow: 1, aStep: tallStep, panel: from, panelStep: step,
                        c: sums + i * wide + panel * 16, ldc: wide, columns: width, accumulate: true, bias: nil)
                }
            }
        }
    }

    private func addPacked(
        _ rows: Int, _ tallRows: UnsafePointer<T>, _ tallStep: Int, _ wideRows: UnsafePointer<T>, _ wideStep: Int, _ height: Int,
        _ sums: UnsafeMutablePointer<T>, _ ldc: Int
    ) {
        let unit = ContractedProduct.unit
        let groups = (height + unit - 1) / unit
        withScratch(T.self, (groups * unit + 16) * rows) { units in
            let panelRows = units + groups * unit * rows
            packUnits(tallRows, tallStep, height, rows, units)
            for panel in 0..<PanelProduct<T>.panels(wide) {
                let width = min(16, wide - panel * 16)
                copyPanel(wideRows + panel * 16, wideStep, rows, width, panelRows)
                for group in 0..<groups {
                    PanelProduct<T>.multiply(
                        m: min(unit, height - group * unit), k: rows, a: units + group * unit * rows, aRow: 1, aStep: unit, panel: panelRows,
                        c: sums + group * unit * ldc + panel * 16, ldc: ldc, columns: width, accumulate: true, bias: nil)
                }
            }
        }
    }

    /// Rows of a panel, zero-padded to 16 columns.
    @inline(__always)
    private func copyPanel(_ from: UnsafePointer<T>, _ step: Int, _ rows: Int, _ width: Int, _ panel: UnsafeMutablePointer<T>) {
        for p in 0..<rows {
            if width == 16 {
                store(load16(from + p * step), panel + p * 16)
            } else {
                for j in 0..<width { panel[p * 16 + j] = from[p * step + j] }
                for j in width..<16 { panel[p * 16 + j] = 0 }
            }
        }
    }

    @inline(__always)
    private func packUnits(_ a: UnsafePointer<T>, _ lda: Int, _ m: Int, _ k: Int, _ packed: UnsafeMutablePointer<T>) {
        let unit = ContractedProduct.unit
        for i in stride(from: 0, to: m, by: unit) {
            let target = packed + i * k
            let height = min(unit, m - i)
            if height == unit {
                for p in 0..<k {
                    copySix(a + p * lda + i, target + p * unit)
                    if unit == 12 { copySix(a + p * lda + i + 6, target + p * unit + 6) }
                }
            } else {
                for p in 0..<k { for r in 0..<height { target[p * unit + r] = a[p * lda + i + r] } }
            }
        }
    }

    @inline(__always)
    private func copySix(_ from: UnsafePointer<T>, _ to: UnsafeMutablePointer<T>) {
        to[0] = from[0]
        to[1] = from[1]
        to[2] = from[2]
        to[3] = from[3]
        to[4] = from[4]
        to[5] = from[5]
    }

    /// Adds `splits` partial sums in order and writes them as `c[m, n]`.
    func combine(_ partial: UnsafePointer<T>, splits: Int, into c: UnsafeMutablePointer<T>) {
        let size = m * n
        if swapped {
            for i in 0..<m {
                for j in 0..<n {
                    var sum: T = 0
                    for s in 0..<splits { sum += partial[s * size + j * m + i] }
                    c[i * n + j] = sum
                }
            }
            return
        }
        parallel(m, grain: max(1, 16_384 / max(1, n * splits))) { range in
            let (from, target, count) = (partial + range.lowerBound * n, c + range.lowerBound * n, range.count * n)
            for i in 0..<count { target[i] = from[i] }
            for s in 1..<max(1, splits) {
                let other = from + s * size
                for i in 0..<count { target[i] += other[i] }
            }
        }
    }

    /// Rows of one task; tasks depend on the problem alone.
    private static var splitRows: Int { 2048 }

    /// `c[m, n] = aᵀ b` over the pool.
    func run(rows: Int, a: UnsafePointer<T>, lda: Int, b: UnsafePointer<T>, ldb: Int, into c: UnsafeMutablePointer<T>) {
        let splits = max(1, (rows + ContractedProduct.splitRows - 1) / ContractedProduct.splitRows)
        // Also where the result is too large to have many of.
        if !swapped && n > ContractedProduct.narrow && (splits == 1 || m * n > 1 << 20) {
            runColumns(rows, a, lda, b, ldb, c)
            return
        }
        withScratch(T.self, splits * m * n) { partial in
            ThreadPool.shared.run(splits) { split in
                let first = split * ContractedProduct.splitRows
                let sums = partial + split * m * n
                memset(sums, 0, m * n * MemoryLayout<T>.stride)
                add(rows: min(ContractedProduct.splitRows, rows - first), a: a + first * lda, lda: lda, b: b + first * ldb, ldb: ldb, into: sums)
            }
            combine(partial, splits: splits, into: c)
        }
    }

    /// Few rows: tasks take columns of `a` instead and write the result where it belongs.
    private func runColumns(_ rows: Int, _ a: UnsafePointer<T>, _ lda: Int, _ b: UnsafePointer<T>, _ ldb: Int, _ c: UnsafeMutablePointer<T>) {
        parallel(m, grain: 96) { range in
            let target = c + range.lowerBound * n
            memset(target, 0, range.count * n * MemoryLayout<T>.stride)
            for start in stride(from: 0, to: rows, by: ContractedProduct.stripRows) {
                addPacked(
                    min(ContractedProduct.stripRows, rows - start), a + start * lda + range.lowerBound, lda, b + start * ldb, ldb, range.count,
                    target, n)
            }
        }
    }
}
