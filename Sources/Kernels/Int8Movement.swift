/// Layers on bytes (value + 128) that convolve nothing: tables, pools and copies. Maps are channels last.

/// `y = table[x]`; `table` has 256 entries.
package func int8Lookup(_ count: Int, _ x: UnsafePointer<UInt8>, _ table: [UInt8], _ y: UnsafeMutablePointer<UInt8>) {
    table.withUnsafeBufferPointer { table in
        guard let table = table.baseAddress else { return }
        parallel(count, grain: 65_536) { range in
            for i in range { y[i] = table[Int(x[i])] }
        }
    }
}

/// `y = table[256 a + b]`; `table` has 65,536 entries.
package func int8Lookup(_ count: Int, _ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>, _ table: [UInt8], _ y: UnsafeMutablePointer<UInt8>) {
    table.withUnsafeBufferPointer { table in
        guard let table = table.baseAddress else { return }
        parallel(count, grain: 65_536) { range in
            for i in range { y[i] = table[Int(a[i]) << 8 | Int(b[i])] }
        }
    }
}

/// Copies the elements of `shape` from one set of strides to another, through a table of 256 entries where one is given.
package func int8Copy(
    _ shape: [Int], _ x: UnsafePointer<UInt8>, _ xStrides: [Int], _ y: UnsafeMutablePointer<UInt8>, _ yStrides: [Int], table: [UInt8]? = nil
) {
    if shape.contains(0) { return }
    guard let last = shape.last, let xStep = xStrides.last, let yStep = yStrides.last else {
        y[0] = table.map { $0[Int(x[0])] } ?? x[0]
        return
    }
    let outer = shape.dropLast().reduce(1, *)
    let table = table ?? (0...255).map { UInt8($0) }
    let plain = xStep == 1 && yStep == 1 && table.indices.allSatisfy { Int(table[$0]) == $0 }
    table.withUnsafeBufferPointer { table in
        guard let table = table.baseAddress else { return }
        parallel(outer, grain: max(1, 32_768 / last)) { range in
            for line in range {
                var (rest, from, to) = (line, 0, 0)
                for d in stride(from: shape.count - 2, through: 0, by: -1) {
                    let index = rest % shape[d]
                    rest /= shape[d]
                    from += index * xStrides[d]
                    to += index * yStrides[d]
                }
                if plain {
                    (y + to).update(from: x + from, count: last)
                } else {
                    for i in 0..<last { y[to + i * yStep] = table[Int(x[from + i * xStep])] }
                }
            }
        }
    }
}

/// The largest value of each window; padding never wins.
package func int8MaxPool(_ g: Int8Geometry, _ x: UnsafePointer<UInt8>, _ y: UnsafeMutablePointer<UInt8>) {
    let c = g.channels
    forEachPixel(g) { row, ox, taps in
        let target = y + (row * g.outWidth + ox) * c
        target.update(repeating: 0, count: c)
        taps { offset in
            let source = x + offset
            for i in 0..<c { target[i] = max(target[i], source[i]) }
        }
    }
}

/// How sums of windows become int8 results: the shifts and the multiplier (0…32767) of a rescale.
package struct Int8SumRescale: Sendable {
    package var multiplier, preShift, postShift: Int32
    package var rounds: Bool

    package init(multiplier: Int32, preShift: Int32, postShift: Int32, rounds: Bool) {
        (self.multiplier, self.preShift, self.postShift, self.rounds) = (multiplier, preShift, postShift, rounds)
    }

    /// |sum| < 2^30.
    @inline(__always)
    func apply(_ sum: Int32) -> UInt8 {
        let preHalf: Int32 = rounds && preShift > 0 ? 1 << (preShift - 1) : 0
        let postHalf: Int32 = rounds && postShift > 0 ? 1 << (postShift - 1) : 0
        let narrow = min(max((sum &+ preHalf) >> preShift, -32768), 32767)
        return UInt8(truncatingIfNeeded: min(max((narrow &* multiplier &+ postHalf) >> postShift, -128), 127) &+ 128)
    }
}

/// The rescaled sum of each window; padding counts as 0. Windows of fewer than 2^22 elements.
package func int8SumPool(_ g: Int8Geometry, _ x: UnsafePointer<UInt8>, _ rescale: Int8SumRescale, _ y: UnsafeMutablePointer<UInt8>) {
    let c = g.channels
    forEachPixel(g) { row, ox, taps in
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: c) { sums in
            guard let sums = sums.baseAddress else { return }
            sums.initialize(repeating: 0, count: c)
            taps { offset in
                let source = x + offset
                for i in 0..<c { sums[i] &+= Int32(source[i]) &- 128 }
            }
            let target = y + (row * g.outWidth + ox) * c
            for i in 0..<c { target[i] = rescale.apply(sums[i]) }
        }
    }
}

/// Calls `body(row of all images, column, window)` for each result; `window` visits the offsets of the pixels inside the map.
@inline(__always)
private func forEachPixel(_ g: Int8Geometry, _ body: (Int, Int, ((Int) -> Void) -> Void) -> Void) {
    let c = g.channels
    parallel(g.batch * g.outHeight, grain: max(1, 65_536 / max(1, g.outWidth * c * g.kernelH * g.kernelW))) { range in
        for row in range {
            let (n, top) = (row / g.outHeight, row % g.outHeight * g.strideH - g.padH)
            for ox in 0..<g.outWidth {
                let left = ox * g.strideW - g.padW
                body(row, ox) { visit in
                    for ky in 0..<g.kernelH {
                        let iy = top + ky * g.dilationH
                        if iy < 0 || iy >= g.height { continue }
                        for kx in 0..<g.kernelW {
                            let ix = left + kx * g.dilationW
                            if ix >= 0 && ix < g.width { visit(((n * g.height + iy) * g.width + ix) * c) }
                        }
                    }
                }
            }
        }
    }
}
