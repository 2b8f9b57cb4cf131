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
}

package enum CenteredYUV {
    /// Planes of one image: `input` is `[3, count]` values 0…255, `output` as many centred on zero. `reversed` reads blue, green, red.
    /// The sums are never negative, so shifting truncates exactly like the float arithmetic it stands for:
    /// (w·rgb + 128) / 256 has 8 fraction bits and is below 2^16, so a float holds it without rounding.
    package static func fromRGB<Output: FixedWidthInteger>(
        _ input: UnsafePointer<UInt8>, _ output: UnsafeMutablePointer<Output>, count: Int, swing: YUVSwing, reversed: Bool, centered: Bool,
        rows: Range<Int> = 0..<3
    ) {
        let (red, green, blue) = (input + (reversed ? 2 * count : 0), input + count, input + (reversed ? 0 : 2 * count))
        for (plane, row) in rows.enumerated() {
            let (w, offset) = (swing.matrix[row], swing.offsets[row])
            let (wr, wg, wb) = (w[0], w[1], w[2])
            let constant = 128 + offset * 256
            let center: Int32 = centered ? 128 : 0
            let target = output + plane * count
            for i in 0..<count {
                let sum = wr &* Int32(red[i]) &+ wg &* Int32(green[i]) &+ wb &* Int32(blue[i]) &+ constant
                target[i] = Output(truncatingIfNeeded: sum >> 8 &- center)
            }
        }
    }

    /// The same for values of any kind, in float arithmetic. `input` and `output` are `[3, count]` and `[rows, count]`.
    package static func fromRGB(
        _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, count: Int, swing: YUVSwing, reversed: Bool, centered: Bool,
        rows: Range<Int> = 0..<3
    ) {
        let (red, green, blue) = (input + (reversed ? 2 * count : 0), input + count, input + (reversed ? 0 : 2 * count))
        for (plane, row) in rows.enumerated() {
            let (w, offset) = (swing.matrix[row].map(Float.init), Float(swing.offsets[row]))
            let target = output + plane * count
            for i in 0..<count {
                let value = (w[0] * red[i] + w[1] * green[i] + w[2] * blue[i] + 128) / 256 + offset
                target[i] = value.rounded(.towardZero) - (centered ? 128 : 0)
            }
        }
    }
}
