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
    _ g: ConvolutionGeometry, input: RowSource, weight: UnsafeRawPointer, bias: UnsafeRawPointer?, residual: RowSource?,
    output: UnsafeMutableRawPointer,
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
            finished = blocks >= 16
            generalConvolution(g, x.stored, w, bias, y, afterBlock: finishes && finished ? finish : nil)
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
