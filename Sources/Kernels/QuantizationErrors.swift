import CInt8Kernels

/// For every scale `Σ (q(x / scale) · scale − x)²`, where q rounds to integers and cuts to `low…high`, which hold 0 and lie within ±2²². `low` is −∞ where
/// no x is negative. How ties round does not matter.
package func quantizationErrors(_ count: Int, _ x: UnsafePointer<Float>, scales: [Float], low: Float, high: Float) -> [Double] {
    // Single precision adds up to a block, double precision the blocks.
    let block = 4096
    let (blocks, padded) = ((count + block - 1) / block, (scales.count + 3) / 4 * 4)
    var totals = [Double](repeating: 0, count: scales.count)
    if padded == 0 || blocks == 0 { return totals }
    let inverses = scales.map { 1 / $0 } + [Float](repeating: 0, count: padded - scales.count)
    withScratch(Float.self, blocks * padded) { sums in
        parallel(blocks, grain: max(1, 8 * elementsPerPiece / (block * padded))) { range in
            for index in range {
                let start = index * block
                quantization_errors(x + start, min(block, count - start), inverses, Int32(padded), low, high, sums + index * padded)
            }
        }
        for index in 0..<blocks { for k in scales.indices { totals[k] += Double(sums[index * padded + k]) } }
    }
    for (k, scale) in scales.enumerated() { totals[k] *= Double(scale) * Double(scale) }
    return totals
}
