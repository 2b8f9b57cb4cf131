import Glibc

// Depthwise convolutions work on one image and some channels at a time, copied to a buffer with zero columns at both sides: every output
// position then sums the same taps, and the copy forms rows that are not stored (normalised ones, gradients) on the way.

/// An image in the cache: `[rows][left + columns + right][width]`, zeros left and right.
private struct BorderedImage<T: FloatElement> {
    let pixels: UnsafeMutablePointer<T>
    let rows, columns, left, pitch: Int

    static func count(rows: Int, columns: Int, left: Int, right: Int, width: Int) -> Int { rows * (left + columns + right) * width }

    /// The borders are cleared for `width` channels; `fill` leaves them so.
    init(_ pixels: UnsafeMutablePointer<T>, rows: Int, columns: Int, left: Int, right: Int, width: Int) {
        self.pixels = pixels
        self.rows = rows
        self.columns = columns
        self.left = left
        pitch = left + columns + right
        for y in 0..<rows {
            let row = pixels + y * pitch * width
            memset(row, 0, left * width * MemoryLayout<T>.stride)
            memset(row + (left + columns) * width, 0, right * width * MemoryLayout<T>.stride)
        }
    }

    @inline(__always)
    func fill(_ source: FormedRows<T>, image: Int, from: Int, width: Int) {
        for y in 0..<rows {
            let target = pixels + (y * pitch + left) * width
            let first = (image * rows + y) * columns
            if width == source.channels && source.isStored {
                target.update(from: source.stored + first * width, count: columns * width)
            } else {
                source.form(first: first, count: columns, from: from, width: width, into: target, pitch: width)
            }
        }
    }
}

/// Positions of the taps that contribute to a row of results: where they read, and their weight.
private struct TapList {
    let positions, weights: UnsafeMutablePointer<Int>
    var count = 0

    mutating func append(_ position: Int, _ weight: Int) {
        positions[count] = position
        weights[count] = weight
        count += 1
    }
}

private func withTapList<R>(_ taps: Int, _ body: (TapList) -> R) -> R {
    withScratch(Int.self, 2 * taps) { body(TapList(positions: $0, weights: $0 + taps)) }
}

/// Weights `[channels][taps]` reordered to `[taps][channels]`.
private func tapMajor<T: FloatElement>(_ w: UnsafePointer<T>, _ channels: Int, _ taps: Int, _ result: UnsafeMutablePointer<T>) {
    for c in 0..<channels { for t in 0..<taps { result[t * channels + c] = w[c * taps + t] } }
}

/// Output positions whose tap lies inside the image.
@inline(__always)
private func validOutputs(_ output: Int, _ input: Int, _ stride: Int, _ padding: Int, _ tap: Int) -> Range<Int> {
    let low = padding <= tap ? 0 : (padding - tap + stride - 1) / stride
    let reach = input - 1 + padding - tap
    let high = reach < 0 ? 0 : min(output, reach / stride + 1)
    return low..<max(low, high)
}

/// `y[i] = start + Σ taps x[position + i step] w[weight]` for one vector of channels, four positions at a time.
@inline(__always)
private func correlateRow<V: SIMD>(
    _ start: V, count: Int, taps: TapList, x: UnsafePointer<V.Scalar>, step: Int, w: UnsafePointer<V.Scalar>, y: UnsafeMutablePointer<V.Scalar>,
    yStep: Int
) where V.Scalar: FloatElement {
    var i = 0
    while i + 4 <= count {
        var (s0, s1, s2, s3) = (start, start, start, start)
        let base = x + i * step
        for t in 0..<taps.count {
            let v = loadVector(V.self, w + taps.weights[t])
            let p = base + taps.positions[t]
            s0.addProduct(loadVector(V.self, p), v)
            s1.addProduct(loadVector(V.self, p + step), v)
            s2.addProduct(loadVector(V.self, p + 2 * step), v)
            s3.addProduct(loadVector(V.self, p + 3 * step), v)
        }
        let target = y + i * yStep
        store(s0, target)
        store(s1, target + yStep)
        store(s2, target + 2 * yStep)
        store(s3, target + 3 * yStep)
        i += 4
    }
    while i + 2 <= count {
        var (s0, s1) = (start, start)
        let base = x + i * step
        for t in 0..<taps.count {
            let v = loadVector(V.self, w + taps.weights[t])
            s0.addProduct(loadVector(V.self, base + taps.positions[t]), v)
            s1.addProduct(loadVector(V.self, base + taps.positions[t] + step), v)
        }
        store(s0, y + i * yStep)
        store(s1, y + (i + 1) * yStep)
        i += 2
    }
    if i < count {
        var sum = start
        for t in 0..<taps.count { sum.addProduct(loadVector(V.self, x + i * step + taps.positions[t]), loadVector(V.self, w + taps.weights[t])) }
        store(sum, y + i * yStep)
    }
}

/// Adds `Σ x[position + i step] dy[i dyStep]` to the sums of up to three taps at a time.
@inline(__always)
private func correlateWeights<V: SIMD>(
    _: V.Type, count: Int, taps: TapList, x: UnsafePointer<V.Scalar>, step: Int, dy: UnsafePointer<V.Scalar>, dyStep: Int,
    sums: UnsafeMutablePointer<V.Scalar>
) where V.Scalar: FloatElement {
    var t = 0
    while t + 3 <= taps.count {
        let (t0, t1, t2) = (sums + taps.weights[t], sums + taps.weights[t + 1], sums + taps.weights[t + 2])
        let (p0, p1, p2) = (x + taps.positions[t], x + taps.positions[t + 1], x + taps.positions[t + 2])
        var (s0, s1, s2) = (loadVector(V.self, t0), loadVector(V.self, t1), loadVector(V.self, t2))
        for i in 0..<count {
            let v = loadVector(V.self, dy + i * dyStep)
            s0.addProduct(loadVector(V.self, p0 + i * step), v)
            s1.addProduct(loadVector(V.self, p1 + i * step), v)
            s2.addProduct(loadVector(V.self, p2 + i * step), v)
        }
        store(s0, t0)
        store(s1, t1)
        store(s2, t2)
        t += 3
    }
    while t < taps.count {
        let target = sums + taps.weights[t]
        var sum = loadVector(V.self, target)
        for i in 0..<count {
            sum.addProduct(loadVector(V.self, x + taps.positions[t] + i * step), loadVector(V.self, dy + i * dyStep))
        }
        store(sum, target)
        t += 1
    }
}

/// A depthwise convolution of `[batch, height, width, channels]`, channels a multiple of 8.
struct Depthwise<T: FloatElement> {
    let g: ConvolutionGeometry
    private let channels: Int
    private let ih, iw, oh, ow: Int
    private let kh, kw, sh, sw, ph, pw: Int

    init(_ g: ConvolutionGeometry) {
        self.g = g
        channels = g.inChannels
        (ih, iw, oh, ow) = (g.input[1], g.input[2], g.output[1], g.output[2])
        (kh, kw) = (g.kernel[1], g.kernel[2])
        (sh, sw, ph, pw) = (g.stride[1], g.stride[2], g.padding[1], g.padding[2])
    }

    // MARK: Buffers

    /// Zero columns that taps read to the right of the input.
    private var inputRight: Int { max(0, (ow - 1) * sw + kw - pw - iw) }
    /// Zero columns around the gradient of the output.
    private var outputLeft: Int { (kw - 1) / sw }
    private var outputRight: Int { max(0, (iw - 1 + pw) / sw - (ow - 1)) }

    private var inputCount: Int { BorderedImage<T>.count(rows: ih, columns: iw, left: pw, right: inputRight, width: 1) }
    private var outputCount: Int { BorderedImage<T>.count(rows: oh, columns: ow, left: outputLeft, right: outputRight, width: 1) }

    /// Channels handled at a time: all of them if their image stays in the second-level cache.
    private var chunkWidth: Int {
        let fitting = 49_152 / max(1, inputCount + outputCount) / 16 * 16
        return min(channels, max(16, fitting))
    }

    private func inputImage(_ buffer: UnsafeMutablePointer<T>, _ width: Int) -> BorderedImage<T> {
        BorderedImage(buffer, rows: ih, columns: iw, left: pw, right: inputRight, width: width)
    }
    private func outputImage(_ buffer: UnsafeMutablePointer<T>, _ width: Int) -> BorderedImage<T> {
        BorderedImage(buffer, rows: oh, columns: ow, left: outputLeft, right: outputRight, width: width)
    }

    /// Calls `body(first channel, width)` for every chunk.
    @inline(__always)
    private func forEachChunk(_ body: (Int, Int) -> Void) {
        let width = chunkWidth
        for c in stride(from: 0, to: channels, by: width) { body(c, min(width, channels - c)) }
    }

    // MARK: Taps

    /// Taps of the output row `oy`, read from the bordered input of `width` channels.
    @inline(__always)
    private func outputTaps(_ oy: Int, _ width: Int, _ list: TapList) -> TapList {
        var list = list
        for ky in 0..<kh {
            let y = oy * sh - ph + ky
            if y < 0 || y >= ih { continue }
            for kx in 0..<kw where !validOutputs(ow, iw, sw, pw, kx).isEmpty {
                list.append((y * (pw + iw + inputRight) + kx) * width, (ky * kw + kx) * channels)
            }
        }
        return list
    }

    /// Taps that bring gradients of the output to columns `phase`, `phase + stride`, … of the input row `iy`.
    @inline(__always)
    private func inputTaps(_ iy: Int, column: Int, _ width: Int, _ list: TapList) -> TapList {
        var list = list
        let pitch = outputLeft + ow + outputRight
        for ky in stride(from: (iy + ph) % sh, to: kh, by: sh) {
            let oy = (iy + ph - ky) / sh
            if iy + ph < ky || oy >= oh { continue }
            for kx in stride(from: (column + pw) % sw, to: kw, by: sw) where !validOutputs(ow, iw, sw, pw, kx).isEmpty {
                list.append((oy * pitch + outputLeft + (column + pw) / sw - kx / sw) * width, (ky * kw + kx) * channels)
            }
        }
        return list
    }

    // MARK: Passes

    /// Output rows of one image and chunk.
    private func correlate(
        _ image: BorderedImage<T>, _ width: Int, _ taps: TapList, weights: UnsafePointer<T>, bias: UnsafePointer<T>?, _ y: UnsafeMutablePointer<T>
    ) {
        for oy in 0..<oh {
            let list = outputTaps(oy, width, taps)
            let row = y + oy * ow * channels
            var c = 0
            while c + 16 <= width {
                let start = bias.map { loadVector(SIMD16<T>.self, $0 + c) } ?? SIMD16()
                correlateRow(
                    start, count: ow, taps: list, x: image.pixels + c, step: sw * width, w: weights + c, y: row + c, yStep: channels)
                c += 16
            }
            if c < width {
                let start = bias.map { loadVector(SIMD8<T>.self, $0 + c) } ?? SIMD8()
                correlateRow(
                    start, count: ow, taps: list, x: image.pixels + c, step: sw * width, w: weights + c, y: row + c, yStep: channels)
            }
        }
    }

    /// Rows of the input's gradient for one image and chunk.
    private func spread(
        _ gradient: BorderedImage<T>, _ width: Int, _ taps: TapList, weights: UnsafePointer<T>, _ dx: UnsafeMutablePointer<T>
    ) {
        for iy in 0..<ih {
            for column in 0..<min(sw, iw) {
                let list = inputTaps(iy, column: column, width, taps)
                let count = (iw - column + sw - 1) / sw
                let row = dx + (iy * iw + column) * channels
                var c = 0
                while c + 16 <= width {
                    correlateRow(
                        SIMD16<T>(), count: count, taps: list, x: gradient.pixels + c, step: width, w: weights + c, y: row + c, yStep: sw * channels)
                    c += 16
                }
                if c < width {
                    correlateRow(
                        SIMD8<T>(), count: count, taps: list, x: gradient.pixels + c, step: width, w: weights + c, y: row + c, yStep: sw * channels)
                }
            }
        }
    }

    /// Adds one image's part of the weight gradient to `sums` `[taps][channels]`.
    private func weigh(
        _ image: BorderedImage<T>, _ gradient: BorderedImage<T>, _ width: Int, _ taps: TapList, _ sums: UnsafeMutablePointer<T>
    ) {
        for oy in 0..<oh {
            let list = outputTaps(oy, width, taps)
            let dy = gradient.pixels + (oy * gradient.pitch + gradient.left) * width
            var c = 0
            while c + 16 <= width {
                correlateWeights(
                    SIMD16<T>.self, count: ow, taps: list, x: image.pixels + c, step: sw * width, dy: dy + c, dyStep: width, sums: sums + c)
                c += 16
            }
            if c < width {
                correlateWeights(
                    SIMD8<T>.self, count: ow, taps: list, x: image.pixels + c, step: sw * width, dy: dy + c, dyStep: width, sums: sums + c)
            }
        }
    }

    // MARK: Whole batches

    /// Images after which the output is a whole number of blocks of `momentRows`, if that is few enough to stay in the cache.
    var imagesPerMomentBlock: Int? {
        var (a, b) = (momentRows, max(1, g.outputVolume))
        while b != 0 { (a, b) = (b, a % b) }
        let images = momentRows / a
        return images * g.outputVolume * channels <= 262_144 ? images : nil
    }

    /// `afterImages(first row, rows)` runs when those rows of the output are complete.
    func forward(
        _ x: FormedRows<T>, weight: UnsafePointer<T>, bias: UnsafePointer<T>?, _ y: UnsafeMutablePointer<T>, imagesPerTask: Int? = nil,
        afterImages: ((Int, Int) -> Void)? = nil
    ) {
        let volume = g.outputVolume
        let wanted = max(1, 16_384 / max(1, volume * channels))
        let grain = imagesPerTask.map { (wanted + $0 - 1) / $0 * $0 } ?? wanted
        withScratch(T.self, g.taps * channels) { weights in
            tapMajor(weight, channels, g.taps, weights)
            parallel(g.batch, grain: grain) { images in
                withScratch(T.self, inputCount * chunkWidth) { buffer in
                    withTapList(g.taps) { taps in
                        forEachChunk { c, width in
                            let image = inputImage(buffer, width)
                            for n in images {
                                image.fill(x, image: n, from: c, width: width)
                                correlate(image, width, taps, weights: weights + c, bias: bias.map { $0 + c }, y + n * volume * channels + c)
                            }
                        }
                    }
                }
                afterImages?(images.lowerBound * volume, images.count * volume)
            }
        }
    }

    /// Gradients of input and weight, each if wanted, and of the normalisation the input was formed by.
    func gradients(
        x: FormedRows<T>?, dy: FormedRows<T>, weight: UnsafePointer<T>?, dx: UnsafeMutablePointer<T>?, dw: UnsafeMutablePointer<T>?,
        sums: UnsafeMutablePointer<Double>?, bias: UnsafeMutablePointer<Double>? = nil
    ) {
        let size = g.taps * channels
        let splits = min(16, g.batch)
        let perSplit = splits == 0 ? 0 : (g.batch + splits - 1) / splits
        withScratch(T.self, size * (1 + max(1, splits))) { weights in
            let partial = weights + size
            memset(partial, 0, max(1, splits) * size * MemoryLayout<T>.stride)
            if let weight { tapMajor(weight, channels, g.taps, weights) }
            // Of every split the sums for the input's normalisation, then those for the bias.
            withScratch(Double.self, max(1, splits) * 3 * channels) { partialSums in
                memset(partialSums, 0, max(1, splits) * 3 * channels * MemoryLayout<Double>.stride)
                let partialBias = partialSums + max(1, splits) * 2 * channels
                ThreadPool.shared.run(splits) { split in
                    imageGradients(
                        split * perSplit..<max(split * perSplit, min(g.batch, (split + 1) * perSplit)), x, dy, UnsafePointer(weights), dx,
                        dw == nil ? nil : partial + split * size, sums == nil ? nil : partialSums + split * 2 * channels,
                        bias == nil ? nil : partialBias + split * channels)
                }
                if let dw { combineTaps(partial, splits, dw) }
                if let sums { for split in 0..<splits { for k in 0..<2 * channels { sums[k] += partialSums[split * 2 * channels + k] } } }
                if let bias { for split in 0..<splits { for k in 0..<channels { bias[k] += partialBias[split * channels + k] } } }
            }
        }
    }

    private func imageGradients(
        _ images: Range<Int>, _ x: FormedRows<T>?, _ dy: FormedRows<T>, _ weights: UnsafePointer<T>, _ dx: UnsafeMutablePointer<T>?,
        _ dw: UnsafeMutablePointer<T>?, _ sums: UnsafeMutablePointer<Double>?, _ bias: UnsafeMutablePointer<Double>?
    ) {
        let chunk = chunkWidth
        withScratch(T.self, (inputCount + outputCount) * chunk + 2 * channels) { buffer in
            withTapList(g.taps) { taps in
                for n in images {
                    let result = dx.map { $0 + n * g.inputVolume * channels }
                    forEachChunk { c, width in
                        let gradient = outputImage(buffer + inputCount * chunk, width)
                        gradient.fill(dy, image: n, from: c, width: width)
                        if let bias {
                            // The borders are zero.
                            addChannelSums(
                                gradient.pixels, width, rows: oh * gradient.pitch, width: width, scratch: buffer + (inputCount + outputCount) * chunk,
                                into: bias + c)
                        }
                        if let result { spread(gradient, width, taps, weights: weights + c, result + c) }
                        if let x, let dw {
                            let image = inputImage(buffer, width)
                            image.fill(x, image: n, from: c, width: width)
                            weigh(image, gradient, width, taps, dw + c)
                        }
                    }
                    if let x, let result, let sums {
                        x.addSums(
                            result, first: n * g.inputVolume, count: g.inputVolume, scratch: buffer + (inputCount + outputCount) * chunk, into: sums)
                    }
                }
            }
        }
    }

    /// Adds the partial weight gradients `[splits][taps][channels]` in order.
    private func combineTaps(_ partial: UnsafePointer<T>, _ splits: Int, _ dw: UnsafeMutablePointer<T>) {
        let size = g.taps * channels
        for tap in 0..<g.taps {
            for c in 0..<channels {
                var sum: T = 0
                for split in 0..<splits { sum += partial[split * size + tap * channels + c] }
                dw[c * g.taps + tap] = sum
            }
        }
    }
}
