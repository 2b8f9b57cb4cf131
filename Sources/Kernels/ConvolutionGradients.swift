import Glibc

/// The gradients a convolution is asked for; nil ones are not computed.
package struct ConvolutionResults {
    package var input: UnsafeMutableRawPointer?
    /// In the weight's own order.
    package var weight: UnsafeMutableRawPointer?
    /// For an input formed by a normalisation, `[2, inChannels]`: Σ d and Σ d (v - mean), what the normalisation's own gradient
    /// needs, `d` being the input gradient where the clamp let the value through.
    package var normalizationSums: UnsafeMutablePointer<Double>?
    /// `[outChannels]`: the gradient's sums, what the bias gets; where `g.formsRows`.
    package var bias: UnsafeMutablePointer<Double>?

    package init(
        input: UnsafeMutableRawPointer? = nil, weight: UnsafeMutableRawPointer? = nil, normalizationSums: UnsafeMutablePointer<Double>? = nil,
        bias: UnsafeMutablePointer<Double>? = nil
    ) {
        self.bias = bias
        self.input = input
        self.weight = weight
        self.normalizationSums = normalizationSums
    }
}

extension ConvolutionGeometry {
    /// Whether the kernels form rows that are not stored while they read them; others want stored rows.
    package var formsRows: Bool { isDepthwise || (isPointwise && outputPixels >= 16 * momentRows) }
}

/// Gradients of a convolution from `gradient`, the gradient of its output, in one pass over both.
/// Rows may be formed if `g.formsRows`. Nothing is read through `weight` unless the input gradient is wanted.
package func convolutionGradients(
    _ g: ConvolutionGeometry, _ type: ElementType, input: RowSource?, gradient: RowSource, weight: UnsafeRawPointer, _ results: ConvolutionResults
) {
    func run<T: FloatElement>(_: T.Type) {
        FormedRows<T>.with(gradient, channels: g.outChannels) { dy in
            FormedRows<T>.with(input ?? RowSource(gradient.pointer), channels: g.inChannels) { x in
                convolutionGradients(
                    g, input == nil ? nil : x, dy, weight.assumingMemoryBound(to: T.self), results.input?.assumingMemoryBound(to: T.self),
                    results.weight?.assumingMemoryBound(to: T.self), results.normalizationSums, results.bias)
            }
        }
    }
    if type == .float32 { run(Float.self) } else { run(Double.self) }
}

private func convolutionGradients<T: FloatElement>(
    _ g: ConvolutionGeometry, _ x: FormedRows<T>?, _ dy: FormedRows<T>, _ w: UnsafePointer<T>, _ dx: UnsafeMutablePointer<T>?,
    _ dw: UnsafeMutablePointer<T>?, _ sums: UnsafeMutablePointer<Double>?, _ bias: UnsafeMutablePointer<Double>?
) {
    if g.isDepthwise {
        Depthwise<T>(g).gradients(x: x, dy: dy, weight: dx == nil ? nil : w, dx: dx, dw: dw, sums: sums, bias: bias)
    } else if g.isPointwise && g.formsRows {
        PointwiseGradients(g: g, x: x, dy: dy, weight: w, dx: dx, dw: dw).run(sums, bias)
    } else if g.isPointwise {
        if let dx {
            withScratch(T.self, PanelProduct<T>.packedCount(k: g.outChannels, columns: g.inChannels)) { packed in
                PanelProduct<T>.pack(w, k: g.outChannels, columns: g.inChannels, kStep: g.inChannels, columnStep: 1, into: packed)
                PanelProduct<T>.run(m: g.outputPixels, n: g.inChannels, k: g.outChannels, a: dy, packed: packed, c: dx, ldc: g.inChannels)
            }
        }
        if let x, let dw {
            ContractedProduct<T>(m: g.outChannels, n: g.inChannels).run(
                rows: g.outputPixels, a: dy.stored, lda: g.outChannels, b: x.stored, ldb: g.inChannels, into: dw)
        }
    } else {
        if let dx { generalInputGradient(g, dy.stored, w, dx) }
        if let x, let dw { generalWeightGradient(g, x.stored, dy.stored, dw) }
    }
}

/// Both gradients of a 1×1 convolution: a block of rows is formed once and used for both while it is in the cache.
private struct PointwiseGradients<T: FloatElement> {
    let g: ConvolutionGeometry
    let x: FormedRows<T>?
    let dy: FormedRows<T>
    let weight: UnsafePointer<T>
    let dx, dw: UnsafeMutablePointer<T>?

    func run(_ sums: UnsafeMutablePointer<Double>?, _ bias: UnsafeMutablePointer<Double>?) {
        let (rows, k, n) = (g.outputPixels, g.outChannels, g.inChannels)
        let product = ContractedProduct<T>(m: k, n: n)
        // At most 16 partial sums of whole blocks, whatever the number of rows.
        let splitRows = ((rows + 15) / 16 + momentRows - 1) / momentRows * momentRows
        let splits = (rows + splitRows - 1) / splitRows
        let packedCount = dx == nil ? 0 : PanelProduct<T>.packedCount(k: k, columns: n)
        withScratch(T.self, packedCount + splits * k * n) { packed in
            let partial = packed + packedCount
            if dx != nil { PanelProduct<T>.pack(weight, k: k, columns: n, kStep: n, columnStep: 1, into: packed) }
            memset(partial, 0, splits * k * n * MemoryLayout<T>.stride)
            // Of every split the sums for the input's normalisation, then those for the bias.
            withScratch(Double.self, splits * (2 * n + k)) { partialSums in
                memset(partialSums, 0, splits * (2 * n + k) * MemoryLayout<Double>.stride)
                let partialBias = partialSums + splits * 2 * n
                ThreadPool.shared.run(splits) { split in
                    withScratch(T.self, momentRows * (k + n) + max(2 * n, k)) { scratch in
                        for first in stride(from: split * splitRows, to: min(rows, (split + 1) * splitRows), by: momentRows) {
                            block(
                                first, min(momentRows, min(rows, (split + 1) * splitRows) - first), product, packed, scratch, partial + split * k * n,
                                sums == nil ? nil : partialSums + split * 2 * n, bias == nil ? nil : partialBias + split * k)
                        }
                    }
                }
                if let dw { product.combine(partial, splits: splits, into: dw) }
                if let sums { for split in 0..<splits { for c in 0..<2 * n { sums[c] += partialSums[split * 2 * n + c] } } }
                if let bias { for split in 0..<splits { for c in 0..<k { bias[c] += partialBias[split * k + c] } } }
            }
        }
    }

    @inline(__always)
    private func block(
        _ first: Int, _ count: Int, _ product: ContractedProduct<T>, _ packed: UnsafePointer<T>, _ scratch: UnsafeMutablePointer<T>,
        _ partial: UnsafeMutablePointer<T>, _ sums: UnsafeMutablePointer<Double>?, _ bias: UnsafeMutablePointer<Double>?
    ) {
        let (k, n) = (g.outChannels, g.inChannels)
        let gradient = dy.block(first: first, count: count, scratch: scratch)
        if let bias { addChannelSums(gradient, k, rows: count, width: k, scratch: scratch + momentRows * (k + n), into: bias) }
        if let dx {
            let target = dx + first * n
            for panel in 0..<PanelProduct<T>.panels(n) {
                PanelProduct<T>.multiply(
                    m: count, k: k, a: gradient, aRow: k, aStep: 1, panel: packed + panel * k * 16, c: target + panel * 16, ldc: n,
                    columns: min(16, n - panel * 16), accumulate: false, bias: nil)
            }
            if let x, let sums { x.addSums(target, first: first, count: count, scratch: scratch + momentRows * (k + n), into: sums) }
        }
        if let x, dw != nil {
            let input = x.block(first: first, count: count, scratch: scratch + momentRows * k)
            product.add(rows: count, a: gradient, lda: k, b: input, ldb: n, into: partial)
        }
    }
}

/// Adds the sums of some rows' channels to `sums`; `scratch` holds `width` elements.
@inline(__always)
func addChannelSums<T: FloatElement>(
    _ x: UnsafePointer<T>, _ pitch: Int, rows: Int, width: Int, scratch: UnsafeMutablePointer<T>, into sums: UnsafeMutablePointer<Double>
) {
    for c in 0..<width { scratch[c] = 0 }
    for r in 0..<rows {
        let row = x + r * pitch
        for c in 0..<width { scratch[c] += row[c] }
    }
    for c in 0..<width { sums[c] += Double(scratch[c]) }
}
