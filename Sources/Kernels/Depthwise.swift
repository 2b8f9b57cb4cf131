import Glibc

// Depthwise convolutions stream: one image and a few channels at a time, the taps of those channels in registers or the first-level cache.
// Channels are a multiple of 8; sixteen at a time fill a cache line, a remaining eight go alone.

/// Weights `[channels][taps]` reordered to `[taps][channels]`.
private func tapMajor<T: FloatElement>(_ w: UnsafePointer<T>, _ channels: Int, _ taps: Int, _ result: UnsafeMutablePointer<T>) {
    for c in 0..<channels { for t in 0..<taps { result[t * channels + c] = w[c * taps + t] } }
}

@inline(__always)
private func loadVector<V: SIMD>(_: V.Type, _ p: UnsafePointer<V.Scalar>) -> V { UnsafeRawPointer(p).loadUnaligned(as: V.self) }

/// Calls `wide` for every 16 channels and `narrow` for a final 8.
@inline(__always)
private func forEachChannelBlock(_ channels: Int, _ wide: (Int) -> Void, _ narrow: (Int) -> Void) {
    var c = 0
    while c + 16 <= channels {
        wide(c)
        c += 16
    }
    if c < channels { narrow(c) }
}

func depthwise<T: FloatElement>(_ g: ConvolutionGeometry, _ x: UnsafePointer<T>, _ w: UnsafePointer<T>, _ bias: UnsafePointer<T>?, _ y: UnsafeMutablePointer<T>) {
    let channels = g.inChannels
    withScratch(T.self, g.taps * channels) { taps in
        tapMajor(w, channels, g.taps, taps)
        parallel(g.batch, grain: imageGrain(g)) { images in
            for n in images {
                let image = x + n * g.inputVolume * channels
                let result = y + n * g.outputVolume * channels
                forEachChannelBlock(channels) { c in
                    depthwiseImage(SIMD16<T>.self, g, image + c, taps + c, bias.map { $0 + c }, result + c)
                } _: { c in
                    depthwiseImage(SIMD8<T>.self, g, image + c, taps + c, bias.map { $0 + c }, result + c)
                }
            }
        }
    }
}

private func imageGrain(_ g: ConvolutionGeometry) -> Int { max(1, 16_384 / max(1, g.outputVolume * g.inChannels)) }

@inline(__always)
private func depthwiseImage<V: SIMD>(
    _: V.Type, _ g: ConvolutionGeometry, _ x: UnsafePointer<V.Scalar>, _ w: UnsafePointer<V.Scalar>, _ bias: UnsafePointer<V.Scalar>?,
    _ y: UnsafeMutablePointer<V.Scalar>
) where V.Scalar: FloatElement {
    let channels = g.inChannels
    let (ih, iw, oh, ow) = (g.input[1], g.input[2], g.output[1], g.output[2])
    let (kh, kw) = (g.kernel[1], g.kernel[2])
    let start = bias.map { loadVector(V.self, $0) } ?? V(repeating: 0)
    for oy in 0..<oh {
        let top = oy * g.stride[1] - g.padding[1]
        let (ky0, ky1) = (max(0, -top), min(kh, ih - top))
        for ox in 0..<ow {
            let left = ox * g.stride[2] - g.padding[2]
            var sum = start
            if kw == 3 && left >= 0 && left + 3 <= iw {
                for ky in ky0..<max(ky0, ky1) {
                    let row = x + ((top + ky) * iw + left) * channels
                    let taps = w + ky * 3 * channels
                    sum.addProduct(loadVector(V.self, row), loadVector(V.self, taps))
                    sum.addProduct(loadVector(V.self, row + channels), loadVector(V.self, taps + channels))
                    sum.addProduct(loadVector(V.self, row + 2 * channels), loadVector(V.self, taps + 2 * channels))
                }
            } else {
                let (kx0, kx1) = (max(0, -left), min(kw, iw - left))
                for ky in ky0..<max(ky0, ky1) {
                    for kx in kx0..<max(kx0, kx1) {
                        sum.addProduct(
                            loadVector(V.self, x + ((top + ky) * iw + left + kx) * channels), loadVector(V.self, w + (ky * kw + kx) * channels))
                    }
                }
            }
            store(sum, y + (oy * ow + ox) * channels)
        }
    }
}

func depthwiseInputGradient<T: FloatElement>(_ g: ConvolutionGeometry, _ dy: UnsafePointer<T>, _ w: UnsafePointer<T>, _ dx: UnsafeMutablePointer<T>) {
    let channels = g.inChannels
    withScratch(T.self, g.taps * channels) { taps in
        tapMajor(w, channels, g.taps, taps)
        parallel(g.batch, grain: imageGrain(g)) { images in
            for n in images {
                let gradient = dy + n * g.outputVolume * channels
                let result = dx + n * g.inputVolume * channels
                forEachChannelBlock(channels) { c in
                    inputGradientImage(SIMD16<T>.self, g, gradient + c, taps + c, result + c)
                } _: { c in
                    inputGradientImage(SIMD8<T>.self, g, gradient + c, taps + c, result + c)
                }
            }
        }
    }
}

@inline(__always)
private func inputGradientImage<V: SIMD>(
    _: V.Type, _ g: ConvolutionGeometry, _ dy: UnsafePointer<V.Scalar>, _ w: UnsafePointer<V.Scalar>, _ dx: UnsafeMutablePointer<V.Scalar>
) where V.Scalar: FloatElement {
    let channels = g.inChannels
    let (ih, iw, oh, ow) = (g.input[1], g.input[2], g.output[1], g.output[2])
    let (kh, kw, sh, sw) = (g.kernel[1], g.kernel[2], g.stride[1], g.stride[2])
    for iy in 0..<ih {
        // Output rows oy with 0 <= iy + padding - oy * stride < kernel.
        let y0 = iy + g.padding[1]
        let firstRow = y0 < kh ? 0 : (y0 - kh + sh) / sh
        let lastRow = min(oh - 1, y0 / sh)
        for ix in 0..<iw {
            let x0 = ix + g.padding[2]
            var sum = V(repeating: 0)
            let firstColumn = x0 < kw ? 0 : (x0 - kw + sw) / sw
            let lastColumn = min(ow - 1, x0 / sw)
            if firstRow <= lastRow && firstColumn <= lastColumn {
                for oy in firstRow...lastRow {
                    let ky = y0 - oy * sh
                    for ox in firstColumn...lastColumn {
                        let kx = x0 - ox * sw
                        sum.addProduct(loadVector(V.self, dy + (oy * ow + ox) * channels), loadVector(V.self, w + (ky * kw + kx) * channels))
                    }
                }
            }
            store(sum, dx + (iy * iw + ix) * channels)
        }
    }
}

func depthwiseWeightGradient<T: FloatElement>(_ g: ConvolutionGeometry, _ x: UnsafePointer<T>, _ dy: UnsafePointer<T>, _ dw: UnsafeMutablePointer<T>) {
    let channels = g.inChannels
    let size = g.taps * channels
    let splits = min(16, g.batch)
    let images = splits == 0 ? 0 : (g.batch + splits - 1) / splits
    withScratch(T.self, max(1, splits) * size) { partial in
        memset(partial, 0, max(1, splits) * size * MemoryLayout<T>.stride)
        ThreadPool.shared.run(splits) { split in
            let sums = partial + split * size
            for n in split * images..<max(split * images, min(g.batch, (split + 1) * images)) {
                let image = x + n * g.inputVolume * channels
                let gradient = dy + n * g.outputVolume * channels
                forEachChannelBlock(channels) { c in
                    weightGradientImage(SIMD16<T>.self, g, image + c, gradient + c, sums + c)
                } _: { c in
                    weightGradientImage(SIMD8<T>.self, g, image + c, gradient + c, sums + c)
                }
            }
        }
        for c in 0..<channels {
            for tap in 0..<g.taps {
                var sum: T = 0
                for split in 0..<splits { sum += partial[split * size + tap * channels + c] }
                dw[c * g.taps + tap] = sum
            }
        }
    }
}

@inline(__always)
private func weightGradientImage<V: SIMD>(
    _: V.Type, _ g: ConvolutionGeometry, _ x: UnsafePointer<V.Scalar>, _ dy: UnsafePointer<V.Scalar>, _ sums: UnsafeMutablePointer<V.Scalar>
) where V.Scalar: FloatElement {
    let channels = g.inChannels
    let (ih, iw, oh, ow) = (g.input[1], g.input[2], g.output[1], g.output[2])
    let (kh, kw, sh, sw) = (g.kernel[1], g.kernel[2], g.stride[1], g.stride[2])
    for ky in 0..<kh {
        for kx in 0..<kw {
            // Output positions whose tap (ky, kx) lies inside the image.
            let rows = validOutputs(oh, ih, sh, g.padding[1], ky)
            let columns = validOutputs(ow, iw, sw, g.padding[2], kx)
            let target = sums + (ky * kw + kx) * channels
            var even = loadVector(V.self, target)
            var odd = V(repeating: 0)
            for oy in rows {
                let from = x + ((oy * sh - g.padding[1] + ky) * iw - g.padding[2] + kx) * channels
                let grad = dy + oy * ow * channels
                var ox = columns.lowerBound
                while ox + 1 < columns.upperBound {
                    even.addProduct(loadVector(V.self, from + ox * sw * channels), loadVector(V.self, grad + ox * channels))
                    odd.addProduct(loadVector(V.self, from + (ox + 1) * sw * channels), loadVector(V.self, grad + (ox + 1) * channels))
                    ox += 2
                }
                if ox < columns.upperBound {
                    even.addProduct(loadVector(V.self, from + ox * sw * channels), loadVector(V.self, grad + ox * channels))
                }
            }
            store(even + odd, target)
        }
    }
}

@inline(__always)
private func validOutputs(_ output: Int, _ input: Int, _ stride: Int, _ padding: Int, _ tap: Int) -> Range<Int> {
    let low = padding <= tap ? 0 : (padding - tap + stride - 1) / stride
    let reach = input - 1 + padding - tap
    let high = reach < 0 ? 0 : min(output, reach / stride + 1)
    return low..<max(low, high)
}
