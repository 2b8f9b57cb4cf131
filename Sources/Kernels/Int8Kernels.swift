import CInt8Kernels

/// Work one thread takes at a time, in multiply-accumulates: enough to pay for the values that move from one core to another, a microsecond, and few enough
/// to balance. With AVX-512 VNNI they take a fifth of the time, and one image stays on one thread: waking another would cost more than it saves.
private var leastMacsPerPiece: Int { int8KernelLevel == .avx512VNNI ? 250_000 : 40_000 }
private let mostMacsPerPiece = 3_000_000

/// How many pieces work is cut into. Results are exact integers: they do not depend on it.
private func pieces(macs: Int) -> Int {
    let pool = ThreadPool.shared
    let least = leastMacsPerPiece
    if pool.isBusy || macs < 12 * least && pool.hindersShortLoops() { return 1 }
    return min(macs / least, max(pool.threadCount, macs / mostMacsPerPiece))
}

/// `rows` of `stride` bytes times the weights, to bytes. All arrays hold value + 128; `nonnegative` promises that no value of x is negative.
package func int8Product(
    _ x: UnsafePointer<UInt8>, nonnegative: Bool = false, rows: Int, stride: Int, _ weights: Int8Weights, _ epilogue: Int8Epilogue,
    residual: UnsafePointer<UInt8>?, _ y: UnsafeMutablePointer<UInt8>
) {
    let n = weights.channels
    let pieces = pieces(macs: rows * weights.depth * n)
    let view = weights.view
    withUnsafePointer(to: view) { view in
        let whole = int8_product(
            x: x, rows: rows, stride: stride, depth: Int32(weights.depth), channels: Int32(n), first: 0, end: Int32(n),
            nonnegative: nonnegative ? 1 : 0,
            weights: view, epilogue: epilogue.parameters, residual: residual, y: y)
        if rows >= 16 * pieces {
            // Blocks have 6 or 4 rows.
            parallel(rows, grain: pieces < 2 ? rows : (rows + 12 * pieces - 1) / (12 * pieces) * 12) { range in
                var part = whole
                part.rows = range.count
                part.x += range.lowerBound * stride
                part.residual = residual.map { $0 + range.lowerBound * n }
                part.y += range.lowerBound * n
                int8_gemm(&part)
            }
        } else {
            let unit = int8KernelLevel == .avx512VNNI ? 64 : 16
            let units = (n + unit - 1) / unit
            parallel(units, grain: pieces < 2 ? units : (units + pieces - 1) / pieces) { range in
                var part = whole
                part.first = Int32(unit * range.lowerBound)
                part.end = Int32(min(unit * range.upperBound, n))
                int8_gemm(&part)
            }
        }
    }
}

/// The same to int32: `y = start + Σ`.
package func int8Product(
    _ x: UnsafePointer<UInt8>, rows: Int, stride: Int, _ weights: Int8Weights, start: UnsafePointer<Int32>, _ y: UnsafeMutablePointer<Int32>
) {
    let n = weights.channels
    parallel(rows, grain: max(16, mostMacsPerPiece / max(1, weights.depth * n))) { range in
        int8_gemm_int32(
            x + range.lowerBound * stride, range.count, stride, Int32(weights.depth), Int32(n), weights.packed, start, y + range.lowerBound * n)
    }
}

/// Sizes of a convolution over channels-last images.
package struct Int8Geometry: Sendable {
    package var batch, height, width, channels: Int
    package var outHeight, outWidth: Int
    package var kernelH, kernelW, strideH, strideW, padH, padW, dilationH, dilationW: Int

    package init(
        batch: Int, height: Int, width: Int, channels: Int, outHeight: Int, outWidth: Int, kernel: [Int], stride: [Int], padding: [Int],
        dilation: [Int]
    ) {
        (self.batch, self.height, self.width, self.channels) = (batch, height, width, channels)
        (self.outHeight, self.outWidth) = (outHeight, outWidth)
        (kernelH, kernelW, strideH, strideW) = (kernel[0], kernel[1], stride[0], stride[1])
        (padH, padW, dilationH, dilationW) = (padding[0], padding[1], dilation[0], dilation[1])
    }
}

/// Depthwise convolution; channels a multiple of 16. `nonnegative` promises that no value of x is negative.
package func int8Depthwise(
    _ g: Int8Geometry, _ x: UnsafePointer<UInt8>, nonnegative: Bool = false, _ weights: Int8Weights, _ epilogue: Int8Epilogue,
    residual: UnsafePointer<UInt8>?, _ y: UnsafeMutablePointer<UInt8>
) {
    let c = g.channels
    let shape = int8_depthwise_shape(
        height: Int32(g.height), width: Int32(g.width), channels: Int32(c), out_height: Int32(g.outHeight), out_width: Int32(g.outWidth),
        kernel_h: Int32(g.kernelH), kernel_w: Int32(g.kernelW), stride_h: Int32(g.strideH), stride_w: Int32(g.strideW), pad_h: Int32(g.padH),
        pad_w: Int32(g.padW),
        dilation_h: Int32(g.dilationH), dilation_w: Int32(g.dilationW))
    let view = weights.view
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: c) { border in
        guard let border = border.baseAddress else { return }
        border.update(repeating: 128, count: c)
        let lines = g.batch * g.outHeight
        // A multiply-accumulate takes four times as long as in a product.
        let pieces = pieces(macs: 4 * lines * g.outWidth * c * g.kernelH * g.kernelW)
        parallel(lines, grain: pieces < 2 ? lines : (lines + pieces - 1) / pieces) { range in
            withUnsafePointer(to: shape) { shape in
                withUnsafePointer(to: view) {
                    int8_depthwise(shape, nonnegative ? 1 : 0, range.lowerBound, range.count, x, border, $0, epilogue.parameters, residual, y)
                }
            }
        }
    }
}

/// Rows of patches `[kernelH, kernelW, group's channels]`, `depth` bytes each (the rest 128), for a product with the weights in that order.
package func int8Patches(_ g: Int8Geometry, _ x: UnsafePointer<UInt8>, channels group: Range<Int>, depth: Int, _ patches: UnsafeMutablePointer<UInt8>)
{
    let c = g.channels
    let x = x + group.lowerBound
    let end = x + g.batch * g.height * g.width * c
    parallel(g.batch * g.outHeight, grain: max(1, 65_536 / max(1, g.outWidth * depth))) { range in
        for row in range {
            let target = patches + row * g.outWidth * depth
            let wide = wideColumns(g, group.count, depth)
            for ox in 0..<wide.lowerBound { patch(g, x, group.count, row, ox, depth, target + ox * depth) }
            let next = wide.isEmpty ? wide.lowerBound : widePatches(g, x, end, row, wide, depth, target)
            for ox in next..<g.outWidth { patch(g, x, group.count, row, ox, depth, target + ox * depth) }
        }
    }
}

/// The columns whose windows lie in the row and whose lines may be copied as 16 bytes: at least as many follow in the row of patches.
@inline(__always)
private func wideColumns(_ g: Int8Geometry, _ count: Int, _ depth: Int) -> Range<Int> {
    let line = g.kernelW * count
    if count != g.channels || g.dilationW != 1 || line > 16 || depth < 16 || g.outWidth < 2 || g.width < g.kernelW { return 0..<0 }
    let first = (g.padW + g.strideW - 1) / g.strideW
    let last = min((g.width - g.kernelW + g.padW) / g.strideW, g.outWidth - 2)
    return first <= last ? first..<last + 1 : 0..<0
}

/// The patches of these columns by whole lines of 16 bytes, of which the windows' are kept: what is too much is overwritten by the next. Returns the
/// first column not done: lines are not read beyond `end`.
@inline(__always)
private func widePatches(
    _ g: Int8Geometry, _ x: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, _ row: Int, _ columns: Range<Int>, _ depth: Int,
    _ target: UnsafeMutablePointer<UInt8>
) -> Int {
    let (image, top) = (row / g.outHeight, row % g.outHeight * g.strideH - g.padH)
    let (line, step) = (g.kernelW * g.channels, g.strideW * g.channels)
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 16) { border in
        withUnsafeTemporaryAllocation(of: (at: UnsafePointer<UInt8>, step: Int).self, capacity: g.kernelH) { lines in
            guard let border = border.baseAddress else { return columns.lowerBound }
            border.update(repeating: 128, count: 16)
            var last = columns.upperBound
            for ky in 0..<g.kernelH {
                let iy = top + ky * g.dilationH
                guard iy >= 0 && iy < g.height else {
                    lines[ky] = (UnsafePointer(border), 0)
                    continue
                }
                let first = x + ((image * g.height + iy) * g.width - g.padW) * g.channels
                let room = end - first - 16
                last = min(last, room < 0 ? 0 : room / step + 1)
                lines[ky] = (first + columns.lowerBound * step, step)
            }
            last = max(last, columns.lowerBound)
            var patch = target + columns.lowerBound * depth
            for _ in columns.lowerBound..<last {
                for ky in 0..<g.kernelH {
                    store(loadVector(SIMD16<UInt8>.self, lines[ky].at), patch + ky * line)
                    lines[ky].at += lines[ky].step
                }
                for i in g.kernelH * line..<depth { patch[i] = 128 }
                patch += depth
            }
            return last
        }
    }
}

/// Any patch.
private func patch(
    _ g: Int8Geometry, _ x: UnsafePointer<UInt8>, _ count: Int, _ row: Int, _ ox: Int, _ depth: Int, _ target: UnsafeMutablePointer<UInt8>
) {
    let (n, oy, left) = (row / g.outHeight, row % g.outHeight * g.strideH - g.padH, ox * g.strideW - g.padW)
    let line = g.kernelW * count
    // Neighbouring pixels are neighbours in memory: those inside the map are copied at once.
    let isDense = count == g.channels && g.dilationW == 1
    let (first, last) = (min(max(-left, 0), g.kernelW) * count, max(min(g.width - left, g.kernelW), 0) * count)
    for ky in 0..<g.kernelH {
        let iy = oy + ky * g.dilationH
        let into = target + ky * line
        guard iy >= 0 && iy < g.height else {
            fill(into, 0..<line)
            continue
        }
        let source = x + ((n * g.height + iy) * g.width + left) * g.channels
        if isDense && first <= last {
            fill(into, 0..<first)
            for i in first..<last { into[i] = source[i] }
            fill(into, last..<line)
            continue
        }
        for kx in 0..<g.kernelW {
            let ix = left + kx * g.dilationW
            let pixel = source + kx * g.dilationW * g.channels
            if ix >= 0 && ix < g.width {
                for i in 0..<count { into[kx * count + i] = pixel[i] }
            } else {
                fill(into, kx * count..<(kx + 1) * count)
            }
        }
    }
    fill(target, g.kernelH * line..<depth)
}

/// Values of 0.
@inline(__always)
private func fill(_ target: UnsafeMutablePointer<UInt8>, _ range: Range<Int>) {
    for i in range { target[i] = 128 }
}

/// Channels-last bytes (value + 128) of channels-first int8 values, and back.
package func int8Interleave(_ x: UnsafePointer<Int8>, _ y: UnsafeMutablePointer<UInt8>, batch: Int, channels: Int, volume: Int) {
    parallel(batch, grain: max(1, 65_536 / max(1, channels * volume))) { range in
        for n in range { interleave(x + n * channels * volume, y + n * channels * volume, channels, volume) }
    }
}

/// Channels-last bytes (value + 128) of the integers of channels-first floats: `cut(round(x * inverse))`, NaN the largest.
package func int8Quantize(
    _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<UInt8>, batch: Int, channels: Int, volume: Int, _ step: QuantizationStep
) {
    let count = channels * volume
    parallel(batch, grain: max(1, 65_536 / max(1, count))) { range in
        withScratch(Int8.self, count) { integers in
            for n in range {
                quantizePiece(count, x + n * count, integers, step)
                interleave(integers, y + n * count, channels, volume)
            }
        }
    }
}

@inline(__always)
private func interleave(_ x: UnsafePointer<Int8>, _ y: UnsafeMutablePointer<UInt8>, _ channels: Int, _ volume: Int) {
    if channels == 3 {
        for v in 0..<volume {
            y[3 * v] = UInt8(bitPattern: x[v]) ^ 0x80
            y[3 * v + 1] = UInt8(bitPattern: x[volume + v]) ^ 0x80
            y[3 * v + 2] = UInt8(bitPattern: x[2 * volume + v]) ^ 0x80
        }
        return
    }
    for c in 0..<channels {
        for v in 0..<volume { y[v * channels + c] = UInt8(bitPattern: x[c * volume + v]) ^ 0x80 }
    }
}

/// Kinds of kernels, later ones faster.
package enum Int8KernelLevel: CaseIterable, Sendable {
    case portable, avx2, avxVNNI, avx512VNNI

    fileprivate var value: int8_level {
        switch self {
        case .portable: INT8_PORTABLE
        case .avx2: INT8_AVX2
        case .avxVNNI: INT8_AVX_VNNI
        case .avx512VNNI: INT8_AVX512_VNNI
        }
    }
}

/// Uses no kernels beyond `level`, as far as the machine has them: for tests.
package func setInt8KernelLevel(_ level: Int8KernelLevel) { int8_set_kernel_level(level.value) }
package var int8KernelLevel: Int8KernelLevel {
    switch int8_kernel_level() {
    case INT8_AVX512_VNNI: .avx512VNNI
    case INT8_AVX_VNNI: .avxVNNI
    case INT8_AVX2: .avx2
    default: .portable
    }
}
