import Glibc

// Batch normalisation over channels-last rows: `[rows, channels]`, statistics per channel.

/// Rows whose statistics are computed while they are in the cache; blocks are combined in order, so the cut fixes the result.
let momentRows = 96

/// Per-channel mean and biased variance of `[rows, channels]`. Blocks of rows give mean and squared deviations, combined in double precision.
package func channelMoments(
    _ type: ElementType, rows: Int, channels: Int, _ source: UnsafeRawPointer, mean: UnsafeMutablePointer<Double>,
    variance: UnsafeMutablePointer<Double>
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
                affineRows(
                    x + range.lowerBound * channels, channels, y + range.lowerBound * channels, channels, rows: range.count, width: channels, a, b, l,
                    h)
            }
        }
    }
    if type == .float32 { run(Float.self) } else { run(Double.self) }
}

/// `y = clamp(x a + b)` per channel over some rows of `width` channels; `x` and `y` may be the same.
@inline(__always)
func affineRows<T: FloatElement>(
    _ x: UnsafePointer<T>, _ xPitch: Int, _ y: UnsafeMutablePointer<T>, _ yPitch: Int, rows: Int, width: Int, _ a: UnsafePointer<T>,
    _ b: UnsafePointer<T>, _ low: T, _ high: T
) {
    let clamps = low > -.infinity || high < .infinity
    for r in 0..<rows {
        let from = x + r * xPitch
        let to = y + r * yPitch
        if clamps {
            for c in 0..<width {
                let v = from[c] * a[c] + b[c]
                let w = v < low ? low : v
                to[c] = w > high ? high : w
            }
        } else {
            for c in 0..<width { to[c] = from[c] * a[c] + b[c] }
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

    package init(
        rows: Int, channels: Int, mean: UnsafePointer<Double>, scale: UnsafePointer<Double>, shift: UnsafePointer<Double>, low: Double, high: Double
    ) {
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
func sumBlock<T: FloatElement>(
    _ g: UnsafePointer<T>, _ x: UnsafePointer<T>, _ rows: Int, _ channels: Int, _ factors: UnsafePointer<T>, _ low: T, _ high: T,
    _ result: UnsafeMutablePointer<T>
) {
    let clamps = low > -.infinity || high < .infinity
    let (mean, scale, shift) = (factors, factors + channels, factors + 2 * channels)
    let (sums, products) = (result, result + channels)
    for c in 0..<channels {
        sums[c] = 0
        products[c] = 0
    }
    // Plain loops over the channels: the compiler vectorises this select, but not masks of explicit vectors.
    for r in 0..<rows {
        let (gr, xr) = (g + r * channels, x + r * channels)
        if clamps {
            for c in 0..<channels {
                let v = xr[c]
                let y = v * scale[c] + shift[c]
                let d: T = y > low && y < high ? gr[c] : 0
                sums[c] += d
                products[c] = products[c].addingProduct(d, v - mean[c])
            }
        } else {
            for c in 0..<channels {
                sums[c] += gr[c]
                products[c] = products[c].addingProduct(gr[c], xr[c] - mean[c])
            }
        }
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
        withScratch(T.self, 5 * channels) { f in
            for k in 0..<channels {
                f[k] = T(a[k])
                f[channels + k] = T(b[k])
                f[2 * channels + k] = T(c[k])
                f[3 * channels + k] = T(n.scale[k])
                f[4 * channels + k] = T(n.shift[k])
            }
            let coefficients = (UnsafePointer(f), UnsafePointer(f + channels), UnsafePointer(f + 2 * channels))
            parallel(n.rows, grain: max(1, 32_768 / channels)) { range in
                let first = range.lowerBound * channels
                gradientRows(
                    g + first, x + first, channels, r + first, channels, rows: range.count, width: channels, f + 3 * channels, f + 4 * channels,
                    coefficients, low, high)
            }
        }
    }
    if type == .float32 { run(Float.self) } else { run(Double.self) }
}

/// `result = a g + b x + c` per channel over some rows of `width` channels, `g` zero where the clamp of `x scale + shift` held the value back.
@inline(__always)
func gradientRows<T: FloatElement>(
    _ g: UnsafePointer<T>, _ x: UnsafePointer<T>, _ pitch: Int, _ result: UnsafeMutablePointer<T>, _ resultPitch: Int, rows: Int, width: Int,
    _ scale: UnsafePointer<T>, _ shift: UnsafePointer<T>, _ coefficients: (a: UnsafePointer<T>, b: UnsafePointer<T>, c: UnsafePointer<T>),
    _ low: T, _ high: T
) {
    let clamps = low > -.infinity || high < .infinity
    let (a, b, c) = coefficients
    for row in 0..<rows {
        let (gr, xr, rr) = (g + row * pitch, x + row * pitch, result + row * resultPitch)
        if clamps {
            for k in 0..<width {
                let y = xr[k] * scale[k] + shift[k]
                let d: T = y > low && y < high ? gr[k] : 0
                rr[k] = (d * a[k]).addingProduct(xr[k], b[k]) + c[k]
            }
        } else {
            for k in 0..<width { rr[k] = (gr[k] * a[k]).addingProduct(xr[k], b[k]) + c[k] }
        }
    }
}
