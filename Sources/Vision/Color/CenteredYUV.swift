/// The accelerator's color matrices in 8-bit fixed point; a value is `trunc((w·rgb + 128) / 256 + offset)`.
package enum YUVSwing: String, Sendable, CaseIterable {
    case studio, full

    /// Rows Y, U, V; columns red, green, blue.
    package var matrix: [[Int32]] {
        switch self {
        case .studio: [[66, 129, 25], [-38, -74, 112], [112, -94, -18]]
        case .full: [[77, 150, 29], [-43, -84, 127], [127, -106, -21]]
        }
    }

    package var offsets: [Int32] {
        switch self {
        case .studio: [16, 128, 128]
        case .full: [0, 128, 128]
        }
    }

    /// The planes Y, U, V (or the first `rows` of them) of `count` pixels whose bands lie `step` bytes apart: `output` is `[rows, count]`.
    ///
    /// Exact: (w·rgb + 128) / 256 has 8 fraction bits and is below 2^16, so the float arithmetic this stands for does not round either;
    /// the sums are never negative, so shifting truncates like it.
    package func convert(
        red: UnsafePointer<UInt8>, green: UnsafePointer<UInt8>, blue: UnsafePointer<UInt8>, step: Int, count: Int, centered: Bool,
        rows: Int = 3, to output: UnsafeMutablePointer<Int32>
    ) {
        let center: Int32 = centered ? 128 : 0
        let weights = (0..<rows).map { row in
            SIMD4(matrix[row][0], matrix[row][1], matrix[row][2], 128 + offsets[row] * 256)
        }
        if step == 3, rows == 3, green == red + 1, blue == red + 2 { return convertInterleaved(red, count, weights, center, output) }
        if step == 3, rows == 3, green == blue + 1, red == blue + 2 {
            let reversed = weights.map { SIMD4($0[2], $0[1], $0[0], $0[3]) }
            return convertInterleaved(blue, count, reversed, center, output)
        }
        for (row, w) in weights.enumerated() {
            let plane = output + row * count
            for i in 0..<count {
                let sum = w[0] &* Int32(red[i &* step]) &+ w[1] &* Int32(green[i &* step]) &+ w[2] &* Int32(blue[i &* step]) &+ w[3]
                plane[i] = sum >> 8 &- center
            }
        }
    }

    /// Pixels of three neighbouring bytes, read once for all planes; `weights` go with the bytes, then the constant.
    private func convertInterleaved(
        _ pixels: UnsafePointer<UInt8>, _ count: Int, _ weights: [SIMD4<Int32>], _ center: Int32, _ output: UnsafeMutablePointer<Int32>
    ) {
        let (y, u, v) = (weights[0], weights[1], weights[2])
        let (second, third) = (output + count, output + 2 * count)
        for i in 0..<count {
            let (a, b, c) = (Int32(pixels[3 &* i]), Int32(pixels[3 &* i &+ 1]), Int32(pixels[3 &* i &+ 2]))
            output[i] = (y[0] &* a &+ y[1] &* b &+ y[2] &* c &+ y[3]) >> 8 &- center
            second[i] = (u[0] &* a &+ u[1] &* b &+ u[2] &* c &+ u[3]) >> 8 &- center
            third[i] = (v[0] &* a &+ v[1] &* b &+ v[2] &* c &+ v[3]) >> 8 &- center
        }
    }
}
