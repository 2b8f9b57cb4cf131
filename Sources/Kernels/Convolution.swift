import Glibc

/// Extents of a convolution over up to three spatial dimensions (unused leading ones have extent 1).
///
/// Activations are channels-last `[batch, depth, height, width, channels]`; weights `[outChannels, inChannels/groups, kd, kh, kw]`.
package struct ConvolutionGeometry: Sendable, Equatable {
    package var batch, inChannels, outChannels, groups: Int
    /// Depth, height, width in the first three lanes.
    package var input, kernel, stride, padding, dilation, output: SIMD3<Int>

    package init(
        batch: Int, inChannels: Int, outChannels: Int, groups: Int, input: SIMD3<Int>, kernel: SIMD3<Int>, stride: SIMD3<Int>,
        padding: SIMD3<Int>, dilation: SIMD3<Int>, output: SIMD3<Int>
    ) {
        self.batch = batch
        self.inChannels = inChannels
        self.outChannels = outChannels
        self.groups = groups
        self.input = input
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
        self.output = output
    }

    var inputVolume: Int { input[0] * input[1] * input[2] }
    var outputVolume: Int { output[0] * output[1] * output[2] }
    var taps: Int { kernel[0] * kernel[1] * kernel[2] }
    var groupIn: Int { inChannels / groups }
    var groupOut: Int { outChannels / groups }
    package var outputPixels: Int { batch * outputVolume }

    var isPointwise: Bool { taps == 1 && groups == 1 && stride == SIMD3(1, 1, 1) && padding == SIMD3(0, 0, 0) }
    var isDepthwise: Bool {
        groups == inChannels && groups == outChannels && groups > 1 && inChannels % 8 == 0 && kernel[0] == 1 && input[0] == 1
            && padding[0] == 0 && dilation == SIMD3(1, 1, 1)
    }
}

/// Per-channel `clamp(y * scale + shift, low, high)` applied to a convolution's output while it is in the cache.
package struct ConvolutionEpilogue {
    package var scale, shift: UnsafePointer<Double>
    package var low, high: Double
    package init(scale: UnsafePointer<Double>, shift: UnsafePointer<Double>, low: Double, high: Double) {
        self.scale = scale
        self.shift = shift
        self.low = low
        self.high = high
    }
}

/// Where a convolution leaves the statistics of its output, the bits `channelMoments` gives.
package struct ConvolutionMoments {
    package var mean, variance: UnsafeMutablePointer<Double>
    package init(mean: UnsafeMutablePointer<Double>, variance: UnsafeMutablePointer<Double>) {
        self.mean = mean
        self.variance = variance
    }
}

/// `output = convolution(input, weight) + bias`, then the epilogue if given; `moments` receives the statistics before it.
package func convolution(
    _ g: ConvolutionGeometry, _ type: ElementType, input: RowSource, weight: UnsafeRawPointer, bias: UnsafeRawPointer?,
    output: UnsafeMutableRawPointer, epilogue: ConvolutionEpilogue? = nil, moments: ConvolutionMoments? = nil
) {
    func run<T: FloatElement>(_: T.Type) {
        FormedRows<T>.with(input, channels: g.inChannels) { x in
            convolution(
                g, x, weight.assumingMemoryBound(to: T.self), bias?.assumingMemoryBound(to: T.self), output.assumingMemoryBound(to: T.self), epilogue,
                moments, nil)
        }
    }
    if type == .float32 { run(Float.self) } else { run(Double.self) }
}

/// `output = clamp(convolution(input, weight) + bias + residual)` in float32; returns its smallest and largest element. Results are not empty.
package func convolutionWithRange(
    _ g: ConvolutionGeometry, input: RowSource, weight: UnsafeRawPointer, bias: UnsafeRawPointer?, residual: RowSource?, output: UnsafeMutableRawPointer,
    low: Float = -.infinity, high: Float = .infinity
) -> (low: Float, high: Float) {
    let y = output.assumingMemoryBound(to: Float.self)
    let (blocks, channels) = ((g.outputPixels + momentRows - 1) / momentRows, g.outChannels)
    return withScratch(Float.self, 2 * blocks) { ranges in
        FormedRows<Float>.with(residual ?? RowSource(output), channels: channels) { other in
            FormedRows<Float>.with(input, channels: g.inChannels) { x in
                convolution(g, x, weight.assumingMemoryBound(to: Float.self), bias?.assumingMemoryBound(to: Float.self), y, nil, nil) { first, rows in
                    let block = y + first * channels
                    if residual != nil { addRows(other, first, rows, block) }
                    if low > -.infinity || high < .infinity { clampRow(rows * channels, block, low, high) }
                    let range = extremaPiece(rows * channels, block)
                    (ranges[first / momentRows], ranges[blocks + first / momentRows]) = range
                }
            }
        }
        var range = (low: ranges[0], high: ranges[blocks])
        for block in 1..<max(1, blocks) { range = (min(range.low, ranges[block]), max(range.high, ranges[blocks + block])) }
        return range
    }
}

private func clampRow(_ count: Int, _ x: UnsafeMutablePointer<Float>, _ low: Float, _ high: Float) {
    for i in 0..<count {
        let v = x[i] < low ? low : x[i]
        x[i] = v > high ? high : v
    }
}

/// Adds rows to as many stored ones.
private func addRows(_ source: FormedRows<Float>, _ first: Int, _ rows: Int, _ target: UnsafeMutablePointer<Float>) {
    let count = rows * source.channels
    withScratch(Float.self, source.isStored ? 1 : count) { scratch in
        let values = source.block(first: first, count: rows, scratch: scratch)
        for i in 0..<count { target[i] += values[i] }
    }
}

/// `convolution` of stored rows.
package func convolution(
    _ g: ConvolutionGeometry, _ type: ElementType, input: UnsafeRawPointer, weight: UnsafeRawPointer, bias: UnsafeRawPointer?,
    output: UnsafeMutableRawPointer, epilogue: ConvolutionEpilogue? = nil, moments: ConvolutionMoments? = nil
) {
    convolution(g, type, input: RowSource(input), weight: weight, bias: bias, output: output, epilogue: epilogue, moments: moments)
}

private func convolution<T: FloatElement>(
    _ g: ConvolutionGeometry, _ x: FormedRows<T>, _ w: UnsafePointer<T>, _ bias: UnsafePointer<T>?, _ y: UnsafeMutablePointer<T>,
    _ epilogue: ConvolutionEpilogue?, _ moments: ConvolutionMoments?, _ afterRows: ((Int, Int) -> Void)?
) {
    let channels = g.outChannels
    let blocks = (g.outputPixels + momentRows - 1) / momentRows
    withScratch(T.self, 2 * channels + (moments == nil ? 0 : blocks * 2 * channels)) { scratch in
        let partial = scratch + 2 * channels
        if let epilogue {
            for c in 0..<channels {
                scratch[c] = T(epilogue.scale[c])
                scratch[channels + c] = T(epilogue.shift[c])
            }
        }
        // Statistics of blocks of `momentRows` rows, and the epilogue, for rows that were just written. `afterRows` sees the same blocks.
        let finish = { (first: Int, count: Int) in
            for start in stride(from: first, to: first + count, by: momentRows) {
                let block = y + start * channels
                let rows = min(momentRows, first + count - start)
                afterRows?(start, rows)
                if moments != nil { blockMoments(block, rows, channels, partial + start / momentRows * 2 * channels) }
                if let epilogue {
                    affineRows(
                        block, channels, block, channels, rows: rows, width: channels, scratch, scratch + channels, T(epilogue.low), T(epilogue.high))
                }
            }
        }
        let finishes = moments != nil || epilogue != nil || afterRows != nil
        var finished = true
        if g.isPointwise {
            // Few blocks share their rows among tasks: those finish in a pass of their own.
            finished = blocks >= 16
            withScratch(T.self, PanelProduct<T>.packedCount(k: g.inChannels, columns: channels)) { packed in
                PanelProduct<T>.pack(w, k: g.inChannels, columns: channels, kStep: 1, columnStep: g.inChannels, into: packed)
                PanelProduct<T>.run(
                    m: g.outputPixels, n: channels, k: g.inChannels, a: x, packed: packed, c: y, ldc: channels, bias: bias,
                    afterBlock: finishes && finished ? finish : nil)
            }
        } else if g.isDepthwise {
            let depthwise = Depthwise<T>(g)
            let images = moments == nil && afterRows == nil ? 1 : depthwise.imagesPerMomentBlock
            finished = images != nil
            depthwise.forward(x, weight: w, bias: bias, y, imagesPerTask: images, afterImages: finishes && finished ? finish : nil)
        } else {
            generalConvolution(g, x.stored, w, bias, y, finishes ? finish : nil)
        }
        if finishes && !finished {
            parallel(blocks, grain: max(1, 16_384 / (momentRows * channels))) { range in
                for block in range { finish(block * momentRows, min(momentRows, g.outputPixels - block * momentRows)) }
            }
        }
        if let moments { combineMoments(partial, rows: g.outputPixels, channels: channels, mean: moments.mean, variance: moments.variance) }
    }
}

/// Gradient of the convolution's input, `[batch, …, inChannels]`; also the forward pass of a transposed convolution.
package func convolutionInputGradient(
    _ g: ConvolutionGeometry, _ type: ElementType, gradient: UnsafeRawPointer, weight: UnsafeRawPointer, result: UnsafeMutableRawPointer
) {
    convolutionGradients(g, type, input: nil, gradient: RowSource(gradient), weight: weight, .init(input: result))
}

/// Gradient of the convolution's weight, in the weight's own order.
package func convolutionWeightGradient(
    _ g: ConvolutionGeometry, _ type: ElementType, input: UnsafeRawPointer, gradient: UnsafeRawPointer, result: UnsafeMutableRawPointer
) {
    // The weight itself is not read for its own gradient.
    convolutionGradients(g, type, input: RowSource(input), gradient: RowSource(gradient), weight: result, .init(weight: result))
}

/// Output pixels whose columns are gathered at a time.
private let columnBlock = momentRows

/// Columns of a gathered row: a whole number of vectors, zero beyond the taps.
private func columnPitch(_ k: Int) -> Int { (k + 7) / 8 * 8 }

/// Writes rows `[tap, channel in group]`, `columnPitch` apart, for output pixels `first ..< first + count`.
@inline(__always)
private func gatherColumns<T: FloatElement>(
    _ g: ConvolutionGeometry, _ x: UnsafePointer<T>, group: Int, first: Int, count: Int, _ columns: UnsafeMutablePointer<T>
) {
    let width = g.groupIn
    let k = g.taps * width
    let pitch = columnPitch(k)
    for row in 0..<count {
        let target = columns + row * pitch
        if g.groups == 1 && g.dilation[2] == 1 {
            gatherTapRows(g, x, first + row, target)
        } else {
            forEachTap(g, first + row) { tap, position in
                let place = target + tap * width
                if position < 0 {
                    for c in 0..<width { place[c] = 0 }
                } else {
                    let from = x + position * g.inChannels + group * width
                    for c in 0..<width { place[c] = from[c] }
                }
            }
        }
        for i in k..<pitch { target[i] = 0 }
    }
}

/// The taps of one output pixel, copied a kernel row at a time: neighbouring pixels are neighbours in memory.
@inline(__always)
private func gatherTapRows<T: FloatElement>(_ g: ConvolutionGeometry, _ x: UnsafePointer<T>, _ pixel: Int, _ columns: UnsafeMutablePointer<T>) {
    let n = pixel / g.outputVolume
    let rest = pixel % g.outputVolume
    let od = rest / (g.output[1] * g.output[2])
    let oh = rest / g.output[2] % g.output[1]
    let left = rest % g.output[2] * g.stride[2] - g.padding[2]
    let (before, after) = (min(g.kernel[2], max(0, -left)), min(g.kernel[2], max(0, left + g.kernel[2] - g.input[2])))
    let inside = max(0, g.kernel[2] - before - after)
    let channels = g.inChannels
    var target = columns
    for kd in 0..<g.kernel[0] {
        let d = od * g.stride[0] - g.padding[0] + kd * g.dilation[0]
        for kh in 0..<g.kernel[1] {
            let h = oh * g.stride[1] - g.padding[1] + kh * g.dilation[1]
            if d < 0 || d >= g.input[0] || h < 0 || h >= g.input[1] || inside == 0 {
                for i in 0..<g.kernel[2] * channels { target[i] = 0 }
            } else {
                let from = x + (((n * g.input[0] + d) * g.input[1] + h) * g.input[2] + left + before) * channels
                for i in 0..<before * channels { target[i] = 0 }
                for i in 0..<inside * channels { target[before * channels + i] = from[i] }
                for i in (before + inside) * channels..<g.kernel[2] * channels { target[i] = 0 }
            }
            target += g.kernel[2] * channels
        }
    }
}

/// Calls `body(tap, input pixel)` for every tap of one output pixel; the pixel is -1 in the padding.
@inline(__always)
private func forEachTap(_ g: ConvolutionGeometry, _ pixel: Int, _ body: (Int, Int) -> Void) {
    let n = pixel / g.outputVolume
    let rest = pixel % g.outputVolume
    let od = rest / (g.output[1] * g.output[2])
    let oh = rest / g.output[2] % g.output[1]
    let ow = rest % g.output[2]
    var tap = 0
    for kd in 0..<g.kernel[0] {
        let d = od * g.stride[0] - g.padding[0] + kd * g.dilation[0]
        for kh in 0..<g.kernel[1] {
            let h = oh * g.stride[1] - g.padding[1] + kh * g.dilation[1]
            let inside = d >= 0 && d < g.input[0] && h >= 0 && h < g.input[1]
            let base = ((n * g.input[0] + d) * g.input[1] + h) * g.input[2]
            for kw in 0..<g.kernel[2] {
                let w = ow * g.stride[2] - g.padding[2] + kw * g.dilation[2]
                body(tap, inside && w >= 0 && w < g.input[2] ? base + w : -1)
                tap += 1
            }
        }
    }
}

/// The weight of one group as a matrix `[tap * channel, out]` or, transposed, `[out, tap * channel]`, packed into panels.
private func packWeight<T: FloatElement>(
    _ g: ConvolutionGeometry, _ w: UnsafePointer<T>, group: Int, transposed: Bool, into packed: UnsafeMutablePointer<T>
) {
    let k = g.taps * g.groupIn
    withScratch(T.self, k * g.groupOut) { matrix in
        for o in 0..<g.groupOut {
            let from = w + (group * g.groupOut + o) * k
            for c in 0..<g.groupIn {
                for tap in 0..<g.taps { matrix[o * k + tap * g.groupIn + c] = from[c * g.taps + tap] }
            }
        }
        if transposed {
            PanelProduct<T>.pack(matrix, k: g.groupOut, columns: k, kStep: k, columnStep: 1, into: packed)
        } else {
            PanelProduct<T>.pack(matrix, k: k, columns: g.groupOut, kStep: 1, columnStep: k, into: packed)
        }
    }
}

private func generalConvolution<T: FloatElement>(
    _ g: ConvolutionGeometry, _ x: UnsafePointer<T>, _ w: UnsafePointer<T>, _ bias: UnsafePointer<T>?, _ y: UnsafeMutablePointer<T>,
    _ afterBlock: ((Int, Int) -> Void)?
) {
    let k = g.taps * g.groupIn
    let packedCount = PanelProduct<T>.packedCount(k: k, columns: g.groupOut)
    withScratch(T.self, g.groups * packedCount) { packed in
        for group in 0..<g.groups { packWeight(g, w, group: group, transposed: false, into: packed + group * packedCount) }
        let blocks = (g.outputPixels + columnBlock - 1) / columnBlock
        ThreadPool.shared.run(blocks) { block in
            let first = block * columnBlock
            let rows = min(columnBlock, g.outputPixels - first)
            withScratch(T.self, columnBlock * columnPitch(k)) { columns in
                for group in 0..<g.groups {
                    gatherColumns(g, x, group: group, first: first, count: rows, columns)
                    for panel in 0..<PanelProduct<T>.panels(g.groupOut) {
                        let channel = group * g.groupOut + panel * 16
                        PanelProduct<T>.multiply(
                            m: rows, k: k, a: columns, aRow: columnPitch(k), aStep: 1, panel: packed + group * packedCount + panel * k * 16,
                            c: y + first * g.outChannels + channel, ldc: g.outChannels, columns: min(16, g.groupOut - panel * 16),
                            accumulate: false, bias: bias.map { $0 + channel })
                    }
                }
            }
            afterBlock?(first, rows)
        }
    }
}

func generalInputGradient<T: FloatElement>(
    _ g: ConvolutionGeometry, _ dy: UnsafePointer<T>, _ w: UnsafePointer<T>, _ dx: UnsafeMutablePointer<T>
) {
    let k = g.taps * g.groupIn
    let packedCount = PanelProduct<T>.packedCount(k: g.groupOut, columns: k)
    withScratch(T.self, g.groups * packedCount) { packed in
        for group in 0..<g.groups { packWeight(g, w, group: group, transposed: true, into: packed + group * packedCount) }
        ThreadPool.shared.run(g.batch) { n in
            let sample = dx + n * g.inputVolume * g.inChannels
            memset(sample, 0, g.inputVolume * g.inChannels * MemoryLayout<T>.stride)
            withScratch(T.self, columnBlock * k) { columns in
                for group in 0..<g.groups {
                    for start in stride(from: 0, to: g.outputVolume, by: columnBlock) {
                        let rows = min(columnBlock, g.outputVolume - start)
                        let first = n * g.outputVolume + start
                        for panel in 0..<PanelProduct<T>.panels(k) {
                            PanelProduct<T>.multiply(
                                m: rows, k: g.groupOut, a: dy + first * g.outChannels + group * g.groupOut, aRow: g.outChannels, aStep: 1,
                                panel: packed + group * packedCount + panel * g.groupOut * 16, c: columns + panel * 16, ldc: k,
                                columns: min(16, k - panel * 16), accumulate: false, bias: nil)
                        }
                        scatterColumns(g, columns, group: group, first: first, count: rows, dx)
                    }
                }
            }
        }
    }
}

@inline(__always)
private func scatterColumns<T: FloatElement>(
    _ g: ConvolutionGeometry, _ columns: UnsafePointer<T>, group: Int, first: Int, count: Int, _ dx: UnsafeMutablePointer<T>
) {
    let width = g.groupIn
    let k = g.taps * width
    for row in 0..<count {
        forEachTap(g, first + row) { tap, position in
            if position >= 0 {
                let from = columns + row * k + tap * width
                let target = dx + position * g.inChannels + group * width
                for c in 0..<width { target[c] += from[c] }
            }
        }
    }
}

func generalWeightGradient<T: FloatElement>(
    _ g: ConvolutionGeometry, _ x: UnsafePointer<T>, _ dy: UnsafePointer<T>, _ dw: UnsafeMutablePointer<T>
) {
    let k = g.taps * g.groupIn
    let pitch = columnPitch(k)
    let product = ContractedProduct<T>(m: g.groupOut, n: pitch)
    let groupSize = g.groupOut * pitch
    let size = g.groups * groupSize
    // At most 16 partial sums, whatever the number of pixels: the number of splits depends on the problem alone.
    let splitPixels = max(columnBlock * 4, (g.outputPixels + 15) / 16)
    let splits = max(1, (g.outputPixels + splitPixels - 1) / splitPixels)
    withScratch(T.self, splits * size + groupSize) { partial in
        memset(partial, 0, splits * size * MemoryLayout<T>.stride)
        ThreadPool.shared.run(splits) { split in
            withScratch(T.self, columnBlock * pitch) { columns in
                for start in stride(from: split * splitPixels, to: min(g.outputPixels, (split + 1) * splitPixels), by: columnBlock) {
                    let rows = min(columnBlock, min(g.outputPixels, (split + 1) * splitPixels) - start)
                    for group in 0..<g.groups {
                        gatherColumns(g, x, group: group, first: start, count: rows, columns)
                        product.add(
                            rows: rows, a: dy + start * g.outChannels + group * g.groupOut, lda: g.outChannels, b: columns, ldb: pitch,
                            into: partial + (group * splits + split) * groupSize)
                    }
                }
            }
        }
        let matrix = partial + splits * size
        for group in 0..<g.groups {
            product.combine(partial + group * splits * groupSize, splits: splits, into: matrix)
            for o in 0..<g.groupOut {
                let target = dw + (group * g.groupOut + o) * k
                for tap in 0..<g.taps { for c in 0..<g.groupIn { target[c * g.taps + tap] = matrix[o * pitch + tap * g.groupIn + c] } }
            }
        }
    }
}
