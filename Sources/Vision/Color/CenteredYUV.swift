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
        let (matrix, offsets) = (matrix, offsets)
        for row in 0..<rows {
            let (wr, wg, wb) = (matrix[row][0], matrix[row][1], matrix[row][2])
            let constant = 128 + offsets[row] * 256
            let center: Int32 = centered ? 128 : 0
            let plane = output + row * count
            for i in 0..<count {
                let sum = wr &* Int32(red[i &* step]) &+ wg &* Int32(green[i &* step]) &+ wb &* Int32(blue[i &* step]) &+ constant
                plane[i] = sum >> 8 &- center
            }
        }
    }
}
