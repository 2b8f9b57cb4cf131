/// The JPEG color transform in 6-bit fixed point: one table for each coefficient, as Pillow has them.
struct YCbCrTables: Sendable {
    private static func table(_ coefficient: Double, from start: Int = 0) -> [Int32] {
        (0..<256).map { Int32((Double($0 + start) * coefficient * 64 + 0.5).rounded(.towardZero)) }
    }

    private let yRed = table(0.299), yGreen = table(0.587), yBlue = table(0.114)
    private let cbRed = table(-0.16874), cbGreen = table(-0.33126), half = table(0.5)
    private let crGreen = table(-0.41869), crBlue = table(-0.08131)
    private let redCr = table(1.402, from: -128), greenCb = table(-0.34414, from: -128), greenCr = table(-0.71414, from: -128)
    private let blueCb = table(1.772, from: -128)

    private func byte(_ v: Int32) -> UInt8 { UInt8(truncatingIfNeeded: max(0, min(255, v))) }

    func fromRGB(_ output: UnsafeMutablePointer<UInt8>, _ input: UnsafeMutablePointer<UInt8>) {
        let (r, g, b) = (Int(input[0]), Int(input[1]), Int(input[2]))
        output[0] = UInt8(truncatingIfNeeded: (yRed[r] + yGreen[g] + yBlue[b]) >> 6)
        output[1] = UInt8(truncatingIfNeeded: (cbRed[r] + cbGreen[g] + half[b]) >> 6 + 128)
        output[2] = UInt8(truncatingIfNeeded: (half[r] + crGreen[g] + crBlue[b]) >> 6 + 128)
    }

    func toRGB(_ output: UnsafeMutablePointer<UInt8>, _ input: UnsafeMutablePointer<UInt8>) {
        let (y, cb, cr) = (Int32(input[0]), Int(input[1]), Int(input[2]))
        output[0] = byte(y + redCr[cr] >> 6)
        output[1] = byte(y + (greenCb[cb] + greenCr[cr]) >> 6)
        output[2] = byte(y + blueCb[cb] >> 6)
    }
}

let yCbCrTables = YCbCrTables()
