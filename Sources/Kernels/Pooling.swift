/// The input positions one output position of a pooling covers, per dimension: `starts[o]`, `starts[o] + step`, … below `ends[o]`.
package struct PoolWindows: Sendable {
    package var starts: [Int]
    package var ends: [Int]
    package var step: Int
    package init(starts: [Int], ends: [Int], step: Int = 1) {
        self.starts = starts
        self.ends = ends
        self.step = step
    }
    package var count: Int { starts.count }
}

/// Planes of a channels-last `[batch, height, width, channels]` activation.
package struct PoolGeometry: Sendable {
    package var batch, height, width, channels: Int
    package var rows, columns: PoolWindows
    package init(batch: Int, height: Int, width: Int, channels: Int, rows: PoolWindows, columns: PoolWindows) {
        self.batch = batch
        self.height = height
        self.width = width
        self.channels = channels
        self.rows = rows
        self.columns = columns
    }
    var outputPixels: Int { batch * rows.count * columns.count }
}

/// Largest value of each window and its position `h * width + w`; NaN wins, the first of equals is kept.
package func maxPool(
    _ g: PoolGeometry, _ type: ElementType, _ source: UnsafeRawPointer, _ result: UnsafeMutableRawPointer, indices: UnsafeMutablePointer<Int64>
) {
    func run<T: FloatElement>(_: T.Type) {
        let x = source.assumingMemoryBound(to: T.self)
        let y = result.assumingMemoryBound(to: T.self)
        let channels = g.channels
        parallel(g.outputPixels, grain: max(1, 4_096 / channels)) { range in
            for pixel in range {
                let n = pixel / (g.rows.count * g.columns.count)
                let oy = pixel / g.columns.count % g.rows.count
                let ox = pixel % g.columns.count
                let target = y + pixel * channels
                let at = indices + pixel * channels
                var first = true
                for h in stride(from: g.rows.starts[oy], to: g.rows.ends[oy], by: g.rows.step) {
                    for w in stride(from: g.columns.starts[ox], to: g.columns.ends[ox], by: g.columns.step) {
                        let from = x + ((n * g.height + h) * g.width + w) * channels
                        let position = Int64(h * g.width + w)
                        if first {
                            for c in 0..<channels {
                                target[c] = from[c]
                                at[c] = position
                            }
                            first = false
                        } else {
                            for c in 0..<channels where from[c] > target[c] || (from[c] != from[c] && target[c] == target[c]) {
                                target[c] = from[c]
                                at[c] = position
                            }
                        }
                    }
                }
            }
        }
    }
    if type == .float32 { run(Float.self) } else { run(Double.self) }
}

/// Adds each gradient to the position its maximum came from; `result` is zeroed first.
package func maxPoolGradient(
    _ g: PoolGeometry, _ type: ElementType, gradient: UnsafeRawPointer, indices: UnsafePointer<Int64>, _ result: UnsafeMutableRawPointer
) {
    func run<T: FloatElement>(_: T.Type) {
        let dy = gradient.assumingMemoryBound(to: T.self)
        let dx = result.assumingMemoryBound(to: T.self)
        let plane = g.height * g.width * g.channels
        let pixels = g.rows.count * g.columns.count
        parallel(g.batch, grain: max(1, 16_384 / max(1, plane))) { range in
            for n in range {
                for i in 0..<plane { dx[n * plane + i] = 0 }
                for i in 0..<pixels * g.channels {
                    let k = n * pixels * g.channels + i
                    dx[n * plane + Int(indices[k]) * g.channels + i % g.channels] += dy[k]
                }
            }
        }
    }
    if type == .float32 { run(Float.self) } else { run(Double.self) }
}

/// Sum of each window divided by `divisors[oy * columns + ox]`.
package func averagePool(_ g: PoolGeometry, _ type: ElementType, divisors: [Double], _ source: UnsafeRawPointer, _ result: UnsafeMutableRawPointer) {
    func run<T: FloatElement>(_: T.Type) {
        let x = source.assumingMemoryBound(to: T.self)
        let y = result.assumingMemoryBound(to: T.self)
        let channels = g.channels
        parallel(g.outputPixels, grain: max(1, 4_096 / channels)) { range in
            for pixel in range {
                let n = pixel / (g.rows.count * g.columns.count)
                let oy = pixel / g.columns.count % g.rows.count
                let ox = pixel % g.columns.count
                let target = y + pixel * channels
                for c in 0..<channels { target[c] = 0 }
                for h in stride(from: g.rows.starts[oy], to: g.rows.ends[oy], by: g.rows.step) {
                    for w in stride(from: g.columns.starts[ox], to: g.columns.ends[ox], by: g.columns.step) {
                        let from = x + ((n * g.height + h) * g.width + w) * channels
                        for c in 0..<channels { target[c] += from[c] }
                    }
                }
                let divisor = T(divisors[oy * g.columns.count + ox])
                for c in 0..<channels { target[c] /= divisor }
            }
        }
    }
    if type == .float32 { run(Float.self) } else { run(Double.self) }
}

/// Spreads each gradient, divided as in the forward pass, over its window; `result` is zeroed first.
package func averagePoolGradient(
    _ g: PoolGeometry, _ type: ElementType, divisors: [Double], gradient: UnsafeRawPointer, _ result: UnsafeMutableRawPointer
) {
    func run<T: FloatElement>(_: T.Type) {
        let dy = gradient.assumingMemoryBound(to: T.self)
        let dx = result.assumingMemoryBound(to: T.self)
        let channels = g.channels
        let plane = g.height * g.width * channels
        parallel(g.batch, grain: max(1, 16_384 / max(1, plane))) { range in
            for n in range {
                for i in 0..<plane { dx[n * plane + i] = 0 }
                for oy in 0..<g.rows.count {
                    for ox in 0..<g.columns.count {
                        let factor = 1 / T(divisors[oy * g.columns.count + ox])
                        let from = dy + ((n * g.rows.count + oy) * g.columns.count + ox) * channels
                        for h in stride(from: g.rows.starts[oy], to: g.rows.ends[oy], by: g.rows.step) {
                            for w in stride(from: g.columns.starts[ox], to: g.columns.ends[ox], by: g.columns.step) {
                                let to = dx + n * plane + (h * g.width + w) * channels
                                for c in 0..<channels { to[c] += from[c] * factor }
                            }
                        }
                    }
                }
            }
        }
    }
    if type == .float32 { run(Float.self) } else { run(Double.self) }
}

/// For every output position along one dimension: the two input positions it reads and the second one's weight (0: the first alone).
package struct InterpolationTable: Sendable {
    package var first: [Int]
    package var second: [Int]
    package var weight: [Double]
    package init(first: [Int], second: [Int], weight: [Double]) {
        self.first = first
        self.second = second
        self.weight = weight
    }
}

/// Resizes channels-last `[batch, height, width, channels]` by the tables of its two dimensions.
package func interpolate(
    _ type: ElementType, batch: Int, height: Int, width: Int, channels: Int, rows: InterpolationTable, columns: InterpolationTable,
    _ source: UnsafeRawPointer, _ result: UnsafeMutableRawPointer
) {
    func run<T: FloatElement>(_: T.Type) {
        let x = source.assumingMemoryBound(to: T.self)
        let y = result.assumingMemoryBound(to: T.self)
        let (oh, ow) = (rows.first.count, columns.first.count)
        parallel(batch * oh, grain: max(1, 8_192 / max(1, ow * channels))) { range in
            for line in range {
                let (n, oy) = (line / oh, line % oh)
                let top = x + (n * height + rows.first[oy]) * width * channels
                let bottom = x + (n * height + rows.second[oy]) * width * channels
                let v = T(rows.weight[oy])
                for ox in 0..<ow {
                    let u = T(columns.weight[ox])
                    let (l, r) = (columns.first[ox] * channels, columns.second[ox] * channels)
                    let to = y + (line * ow + ox) * channels
                    if u == 0 && v == 0 {
                        for c in 0..<channels { to[c] = top[l + c] }
                    } else {
                        for c in 0..<channels {
                            let a = top[l + c] * (1 - u) + top[r + c] * u
                            let b = bottom[l + c] * (1 - u) + bottom[r + c] * u
                            to[c] = a * (1 - v) + b * v
                        }
                    }
                }
            }
        }
    }
    if type == .float32 { run(Float.self) } else { run(Double.self) }
}

/// Gradient of `interpolate`'s source; `result` is zeroed first.
package func interpolateGradient(
    _ type: ElementType, batch: Int, height: Int, width: Int, channels: Int, rows: InterpolationTable, columns: InterpolationTable,
    gradient: UnsafeRawPointer, _ result: UnsafeMutableRawPointer
) {
    func run<T: FloatElement>(_: T.Type) {
        let dy = gradient.assumingMemoryBound(to: T.self)
        let dx = result.assumingMemoryBound(to: T.self)
        let (oh, ow) = (rows.first.count, columns.first.count)
        let plane = height * width * channels
        parallel(batch, grain: 1) { range in
            for n in range {
                let image = dx + n * plane
                for i in 0..<plane { image[i] = 0 }
                for oy in 0..<oh {
                    let v = T(rows.weight[oy])
                    for ox in 0..<ow {
                        let u = T(columns.weight[ox])
                        let from = dy + ((n * oh + oy) * ow + ox) * channels
                        let corners = [
                            (rows.first[oy], columns.first[ox], (1 - v) * (1 - u)), (rows.first[oy], columns.second[ox], (1 - v) * u),
                            (rows.second[oy], columns.first[ox], v * (1 - u)), (rows.second[oy], columns.second[ox], v * u),
                        ]
                        for (h, w, factor) in corners where factor != 0 {
                            let to = image + (h * width + w) * channels
                            for c in 0..<channels { to[c] += from[c] * factor }
                        }
                    }
                }
            }
        }
    }
    if type == .float32 { run(Float.self) } else { run(Double.self) }
}
