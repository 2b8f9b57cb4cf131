import Glibc

// Batch normalisation over channels-last rows: `[rows, channels]`, statistics per channel.

/// Rows whose statistics are computed while they are in the cache; blocks are combined in order, so the cut fixes the result.
let momentRows = 96

/// Per-channel mean and biased variance of `[rows, channels]`. Blocks of rows give mean and squared deviations, combined in double precision.
package func channelMoments(
    _ type: ElementType, rows: Int, channels: Int, _ source: UnsafeRawPointer, mean: UnsafeMutablePointer<Double>, variance: UnsafeMutablePointer<Double>
) {
    func run<T: FloatElement>(_: T.Type) {
        let x = source.assumingMemoryBound(to: T.self)
        let blocks = (rows + momentRows - 1) / momentRows
        withScratch(T.self, max(1, blocks) * 2 * channels) { partial in
            parallel(blocks, grain: max(1, 16_384 / (momentRows * channels))) { range in
                for block in range {
                    let first = block * momentRows
                    blockMoments(x + first * channels, min(momentRows, rows - first), channels, partial + block * 2 * channels)
                }
            }
            combineMoments(partial, rows: rows, channels: channels, mean: mean, variance: variance)
        }
    }
    if type == .float32 { run(Float.self) } else { run(Double.self) }
}

/// Joins the statistics of consecutive blocks of `momentRows` rows, in order.
func combineMoments<T: FloatElement>(
    _ partial: UnsafePointer<T>, rows: Int, channels: Int, mean: UnsafeMutablePointer<Double>, variance: UnsafeMutablePointer<Double>
) {
    let blocks = (rows + momentRows - 1) / momentRows
    for c in 0..<channels {
        mean[c] = 0
        variance[c] = 0
    }
    for block in 0..<blocks {
        let n = Double(min(momentRows, rows - block * momentRows))
        let count = Double(block * momentRows)
        let (share, weight) = (n / (count + n), count * n / (count + n))
        let averages = partial + block * 2 * channels
        for c in 0..<channels {
            let delta = Double(averages[c]) - mean[c]
            mean[c] += delta * share
            variance[c] += Double(averages[channels + c]) + delta * delta * weight
        }
    }
    for c in 0..<channels { variance[c] /= Double(rows) }
}

@inline(__always)
func blockMoments<T: FloatElement>(_ x: UnsafePointer<T>, _ rows: Int, _ channels: Int, _ result: UnsafeMutablePointer<T>) {
    let factor = 1 / T(rows)
    var c = 0
    while c + 16 <= channels {
        var sum = SIMD16<T>()
        for r in 0..<rows { sum += load16(x + r * channels + c) }
        let average = sum * factor
        var squares = SIMD16<T>()
        for r in 0..<rows {
            let d = load16(x + r * channels + c) - average
            squares.addProduct(d, d)
        }
        store(average, result + c)
        store(squares, result + channels + c)
        c += 16
    }
    while c < channels {
        var sum: T = 0
        for r in 0..<rows { sum += x[r * channels + c] }
        let average = sum * factor
        var squares: T = 0
        for r in 0..<rows {
            let d = x[r * channels + c] - average
            squares = squares.addingProduct(d, d)
        }
        result[c] = average
        result[channels + c] = squares
        c += 1
    }
}

/// `result = clamp(source * scale + shift, low, high)` per channel. Infinite bounds leave the values as they are.
package func channelAffine(
    _ type: ElementType, rows: Int, channels: Int, _ source: UnsafeRawPointer, scale: UnsafePointer<Double>, shift: UnsafePointer<Double>,
    low: Double = -.infinity, high: Double = .infinity, _ result: UnsafeMutableRawPointer
) {
    func run<T: FloatElement>(_: T.Type) {
        let x = source.assumingMemoryBound(to: T.self)
        let y = result.assumingMemoryBound(to: T.self)
        let (l, h) = (T(low), T(high))
        withScratch(T.self, 2 * channels) { factors in
            for c in 0..<channels {
                factors[c] = T(scale[c])
                factors[channels + c] = T(shift[c])
            }
            let (a, b) = (UnsafePointer(factors), UnsafePointer(factors + channels))
            parallel(rows, grain: max(1, 32_768 / channels)) { range in
                affineRows(x + range.lowerBound * channels, y + range.lowerBound * channels, range.count, channels, a, b, l, h)
            }
        }
    }
    if type == .float32 { run(Float.self) } else { run(Double.self) }
}

/// `y = clamp(x a + b)` per channel over some rows; `x` and `y` may be the same.
@inline(__always)
func affineRows<T: FloatElement>(
    _ x: UnsafePointer<T>, _ y: UnsafeMutablePointer<T>, _ rows: Int, _ channels: Int, _ a: UnsafePointer<T>, _ b: UnsafePointer<T>, _ low: T, _ high: T
) {
    let clamps = low > -.infinity || high < .infinity
    for r in 0..<rows {
        let from = x + r * channels
        let to = y + r * channels
        if clamps {
            for c in 0..<channels {
                let v = from[c] * a[c] + b[c]
                let w = v < low ? low : v
                to[c] = w > high ? high : w
            }
        } else {
            for c in 0..<channels { to[c] = from[c] * a[c] + b[c] }
        }
    }
}

/// What the gradient of `clamp(x * scale + shift, low, high)` needs per channel.
package struct ChannelNormalization {
    package var rows, channels: Int
    package var mean: UnsafePointer<Double>
    package var scale: UnsafePointer<Double>
    package var shift: UnsafePointer<Double>
    package var low, high: Double

    package init(rows: Int, channels: Int, mean: UnsafePointer<Double>, scale: UnsafePointer<Double>, shift: UnsafePointer<Double>, low: Double, high: Double) {
        self.rows = rows
        self.channels = channels
        self.mean = mean
        self.scale = scale
        self.shift = shift
        self.low = low
        self.high = high
    }
}

/// Per-channel Σ g and Σ g (x - mean), where g is the gradient where the clamp let the value through.
package func normalizationSums(
    _ n: ChannelNormalization, _ type: ElementType, gradient: UnsafeRawPointer, source: UnsafeRawPointer,
    sum: UnsafeMutablePointer<Double>, product: UnsafeMutablePointer<Double>
) {
    func run<T: FloatElement>(_: T.Type) {
        let (rows, channels) = (n.rows, n.channels)
        let blocks = (rows + momentRows - 1) / momentRows
        withScratch(T.self, 3 * channels + max(1, blocks) * 2 * channels) { scratch in
            for c in 0..<channels {
                scratch[c] = T(n.mean[c])
                scratch[channels + c] = T(n.scale[c])
                scratch[2 * channels + c] = T(n.shift[c])
            }
            let partial = scratch + 3 * channels
            parallel(blocks, grain: max(1, 16_384 / (momentRows * channels))) { range in
                for block in range {
                    let first = block * momentRows
                    sumBlock(
                        gradient.assumingMemoryBound(to: T.self) + first * channels, source.assumingMemoryBound(to: T.self) + first * channels,
                        min(momentRows, rows - first), channels, scratch, T(n.low), T(n.high), partial + block * 2 * channels)
                }
            }
            for c in 0..<channels {
                sum[c] = 0
                product[c] = 0
            }
            for block in 0..<blocks {
                for c in 0..<channels {
                    sum[c] += Double(partial[block * 2 * channels + c])
                    product[c] += Double(partial[(block * 2 + 1) * channels + c])
                }
            }
        }
    }
    if type == .float32 { run(Float.self) } else { run(Double.self) }
}

@inline(__always)
private func sumBlock<T: FloatElement>(
    _ g: UnsafePointer<T>, _ x: UnsafePointer<T>, _ rows: Int, _ channels: Int, _ factors: UnsafePointer<T>, _ low: T, _ high: T,
    _ result: UnsafeMutablePointer<T>
) {
    let clamps = low > -.infinity || high < .infinity
    var c = 0
    while c + 8 <= channels {
        let (mean, scale, shift) = (load8(factors + c), load8(factors + channels + c), load8(factors + 2 * channels + c))
        var sum = SIMD8<T>()
        var product = SIMD8<T>()
        for r in 0..<rows {
            var d = load8(g + r * channels + c)
            let v = load8(x + r * channels + c)
            if clamps {
                let y = v * scale + shift
                // One mask at a time: combined masks are not vectorised.
                d = d.replacing(with: 0, where: y .<= low).replacing(with: 0, where: y .>= high)
            }
            sum += d
            product.addProduct(d, v - mean)
        }
        store(sum, result + c)
        store(product, result + channels + c)
        c += 8
    }
    while c < channels {
        var sum: T = 0
        var product: T = 0
        for r in 0..<rows {
            let v = x[r * channels + c]
            let y = v * factors[channels + c] + factors[2 * channels + c]
            let d = clamps && (y <= low || y >= high) ? 0 : g[r * channels + c]
            sum += d
            product = product.addingProduct(d, v - factors[c])
        }
        result[c] = sum
        result[channels + c] = product
        c += 1
    }
}

/// `result = a g + b x + c` per channel, g masked by the clamp: the gradient of the normalisation's operand.
package func normalizationGradient(
    _ n: ChannelNormalization, _ type: ElementType, gradient: UnsafeRawPointer, source: UnsafeRawPointer,
    a: UnsafePointer<Double>, b: UnsafePointer<Double>, c: UnsafePointer<Double>, _ result: UnsafeMutableRawPointer
) {
    func run<T: FloatElement>(_: T.Type) {
        let channels = n.channels
        let g = gradient.assumingMemoryBound(to: T.self)
        let x = source.assumingMemoryBound(to: T.self)
        let r = result.assumingMemoryBound(to: T.self)
        let (low, high) = (T(n.low), T(n.high))
        let clamps = n.low > -.infinity || n.high < .infinity
        withScratch(T.self, 5 * channels) { f in
            for k in 0..<channels {
                f[k] = T(a[k])
                f[channels + k] = T(b[k])
                f[2 * channels + k] = T(c[k])
                f[3 * channels + k] = T(n.scale[k])
                f[4 * channels + k] = T(n.shift[k])
            }
            let (fa, fb, fc, fs, ft) = (f, f + channels, f + 2 * channels, f + 3 * channels, f + 4 * channels)
            parallel(n.rows, grain: max(1, 32_768 / channels)) { range in
                for row in range {
                    let (gr, xr, rr) = (g + row * channels, x + row * channels, r + row * channels)
                    if clamps {
                        for k in 0..<channels {
                            let y = xr[k] * fs[k] + ft[k]
                            let d: T = y > low && y < high ? gr[k] : 0
                            rr[k] = (d * fa[k]).addingProduct(xr[k], fb[k]) + fc[k]
                        }
                    } else {
                        for k in 0..<channels { rr[k] = (gr[k] * fa[k]).addingProduct(xr[k], fb[k]) + fc[k] }
                    }
                }
            }
        }
    }
    if type == .float32 { run(Float.self) } else { run(Double.self) }
}
