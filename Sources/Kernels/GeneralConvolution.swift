import Glibc

// Convolutions without a special form: the taps of a block of output pixels are gathered as rows of a matrix, and multiplied with the weight.

/// Output pixels whose columns are gathered at a time.
private let columnBlock = momentRows

/// The taps of a convolution that meet its input at all: where padding surrounds small images, many never do.
private struct LiveTaps {
    /// The geometry with these taps only.
    let geometry: ConvolutionGeometry
    /// The number of each among all taps.
    let numbers: [Int]
    let allTaps: Int

    init(_ g: ConvolutionGeometry) {
        var (kernel, padding) = (g.kernel, g.padding)
        var ranges: [Range<Int>] = []
        for d in 0..<3 {
            let live = (0..<g.kernel[d]).filter { tap in
                (0..<g.output[d]).contains { position in
                    let place = position * g.stride[d] - g.padding[d] + tap * g.dilation[d]
                    return place >= 0 && place < g.input[d]
                }
            }
            let range = live.isEmpty ? 0..<g.kernel[d] : live[0]..<live[live.count - 1] + 1
            kernel[d] = range.count
            padding[d] = g.padding[d] - range.lowerBound * g.dilation[d]
            ranges.append(range)
        }
        var numbers: [Int] = []
        for depth in ranges[0] {
            for row in ranges[1] { for column in ranges[2] { numbers.append((depth * g.kernel[1] + row) * g.kernel[2] + column) } }
        }
        self.numbers = numbers
        allTaps = g.taps
        var trimmed = g
        (trimmed.kernel, trimmed.padding) = (kernel, padding)
        geometry = trimmed
    }
}

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

/// The live taps' weight of one group as a matrix `[tap * channel, out]` or, transposed, `[out, tap * channel]`, packed into panels.
private func packWeight<T: FloatElement>(
    _ live: LiveTaps, _ w: UnsafePointer<T>, group: Int, transposed: Bool, into packed: UnsafeMutablePointer<T>
) {
    let g = live.geometry
    let k = g.taps * g.groupIn
    withScratch(T.self, k * g.groupOut) { matrix in
        live.numbers.withUnsafeBufferPointer { numbers in
            parallel(g.groupOut, grain: max(1, 32_768 / max(1, k))) { range in
                for o in range {
                    let from = w + (group * g.groupOut + o) * live.allTaps * g.groupIn
                    for c in 0..<g.groupIn {
                        for tap in 0..<g.taps { matrix[o * k + tap * g.groupIn + c] = from[c * live.allTaps + numbers[tap]] }
                    }
                }
            }
        }
        if transposed {
            PanelProduct<T>.pack(matrix, k: g.groupOut, columns: k, kStep: k, columnStep: 1, into: packed)
        } else {
            PanelProduct<T>.pack(matrix, k: k, columns: g.groupOut, kStep: 1, columnStep: k, into: packed)
        }
    }
}

/// `afterBlock(first, count)` runs when all channels of a block of output pixels are written; nil lets tasks share a block where there are few.
func generalConvolution<T: FloatElement>(
    _ full: ConvolutionGeometry, _ x: UnsafePointer<T>, _ w: UnsafePointer<T>, _ bias: UnsafePointer<T>?, _ y: UnsafeMutablePointer<T>,
    afterBlock: ((Int, Int) -> Void)?
) {
    let live = LiveTaps(full)
    let g = live.geometry
    let k = g.taps * g.groupIn
    let packedCount = PanelProduct<T>.packedCount(k: k, columns: g.groupOut)
    let panels = PanelProduct<T>.panels(g.groupOut)
    withScratch(T.self, g.groups * packedCount) { packed in
        for group in 0..<g.groups { packWeight(live, w, group: group, transposed: false, into: packed + group * packedCount) }
        let blocks = (g.outputPixels + columnBlock - 1) / columnBlock
        let share = afterBlock == nil && blocks < 16 ? min(panels, 8) : panels
        let shares = (panels + share - 1) / share
        ThreadPool.shared.run(blocks * shares) { task in
            let first = task / shares * columnBlock
            let rows = min(columnBlock, g.outputPixels - first)
            withScratch(T.self, columnBlock * columnPitch(k)) { columns in
                for group in 0..<g.groups {
                    gatherColumns(g, x, group: group, first: first, count: rows, columns)
                    for panel in task % shares * share..<min(panels, (task % shares + 1) * share) {
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
    _ full: ConvolutionGeometry, _ dy: UnsafePointer<T>, _ w: UnsafePointer<T>, _ dx: UnsafeMutablePointer<T>
) {
    let live = LiveTaps(full)
    let g = live.geometry
    let k = g.taps * g.groupIn
    let packedCount = PanelProduct<T>.packedCount(k: g.groupOut, columns: k)
    // Small images: several samples fill a block of rows, in at least eight tasks.
    let samples = max(1, min(columnBlock / max(1, g.outputVolume), (g.batch + 7) / 8))
    withScratch(T.self, g.groups * packedCount) { packed in
        for group in 0..<g.groups { packWeight(live, w, group: group, transposed: true, into: packed + group * packedCount) }
        ThreadPool.shared.run((g.batch + samples - 1) / samples) { task in
            let sample = task * samples
            let count = min(samples, g.batch - sample)
            memset(dx + sample * g.inputVolume * g.inChannels, 0, count * g.inputVolume * g.inChannels * MemoryLayout<T>.stride)
            withScratch(T.self, columnBlock * k) { columns in
                for group in 0..<g.groups {
                    for start in stride(from: 0, to: count * g.outputVolume, by: columnBlock) {
                        let rows = min(columnBlock, count * g.outputVolume - start)
                        let first = sample * g.outputVolume + start
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
    _ full: ConvolutionGeometry, _ x: UnsafePointer<T>, _ dy: UnsafePointer<T>, _ dw: UnsafeMutablePointer<T>
) {
    let live = LiveTaps(full)
    let g = live.geometry
    let pitch = columnPitch(g.taps * g.groupIn)
    let product = ContractedProduct<T>(m: g.groupOut, n: pitch)
    let groupSize = g.groupOut * pitch
    let size = g.groups * groupSize
    // At most 16 partial sums, whatever the number of pixels: the number of splits depends on the problem alone.
    let splitPixels = max(columnBlock * 4, (g.outputPixels + 15) / 16)
    let splits = max(1, (g.outputPixels + splitPixels - 1) / splitPixels)
    // Few pixels: tasks take some of the output channels each.
    let part = splits >= 8 || product.swapped ? g.groupOut : max(48, (g.groupOut * splits / 8 + 11) / 12 * 12)
    let parts = (g.groupOut + part - 1) / part
    withScratch(T.self, splits * size + groupSize) { partial in
        memset(partial, 0, splits * size * MemoryLayout<T>.stride)
        ThreadPool.shared.run(splits * parts) { task in
            let (split, channel) = (task / parts, task % parts * part)
            let share = parts == 1 ? product : ContractedProduct<T>(m: min(part, g.groupOut - channel), n: pitch, swapped: false)
            withScratch(T.self, columnBlock * pitch) { columns in
                for start in stride(from: split * splitPixels, to: min(g.outputPixels, (split + 1) * splitPixels), by: columnBlock) {
                    let rows = min(columnBlock, min(g.outputPixels, (split + 1) * splitPixels) - start)
                    for group in 0..<g.groups {
                        gatherColumns(g, x, group: group, first: start, count: rows, columns)
                        share.add(
                            rows: rows, a: dy + start * g.outChannels + group * g.groupOut + channel, lda: g.outChannels, b: columns, ldb: pitch,
                            into: partial + (group * splits + split) * groupSize + channel * pitch)
                    }
                }
            }
        }
        let matrix = partial + splits * size
        for group in 0..<g.groups {
            product.combine(partial + group * splits * groupSize, splits: splits, into: matrix)
            unpackWeight(live, matrix, pitch, group: group, into: dw)
        }
    }
}

/// Brings `[out, tap * channel]` of the live taps into the weight's own order, zero for the others.
private func unpackWeight<T: FloatElement>(_ live: LiveTaps, _ matrix: UnsafePointer<T>, _ pitch: Int, group: Int, into dw: UnsafeMutablePointer<T>) {
    let g = live.geometry
    let count = live.allTaps * g.groupIn
    live.numbers.withUnsafeBufferPointer { numbers in
        parallel(g.groupOut, grain: max(1, 32_768 / max(1, count))) { range in
            for o in range {
                let target = dw + (group * g.groupOut + o) * count
                if g.taps < live.allTaps { memset(target, 0, count * MemoryLayout<T>.stride) }
                for c in 0..<g.groupIn {
                    for tap in 0..<g.taps { target[c * live.allTaps + numbers[tap]] = matrix[o * pitch + tap * g.groupIn + c] }
                }
            }
        }
    }
}
