extension Image {
    /// Counts of every byte value for each band, 256 after 256. A mask limits it to pixels where the mask is not zero.
    package func histogram(mask: Image? = nil) throws(VisionError) -> [Int] {
        guard mode.isBytes else {
            if mask == nil { return try wideHistogram() }
            throw .wrongMode
        }
        if let mask {
            guard mask.mode == .gray || mask.mode == .binary else { throw .value("bad transparency mask") }
            guard mask.width == width, mask.height == height else { throw .mismatch }
        }
        let size = mode.pixelSize
        var counts = [Int](repeating: 0, count: 256 * size)
        counts.withUnsafeMutableBufferPointer { counts in
            for i in 0..<width * height {
                if let mask, mask.pixels[i] == 0 { continue }
                for b in 0..<size { counts[b << 8 | Int(pixels[i * size + b])] += 1 }
            }
        }
        return counts
    }

    /// 256 equal classes between the smallest and the largest value.
    private func wideHistogram() throws(VisionError) -> [Int] {
        var counts = [Int](repeating: 0, count: 256)
        guard width * height > 0 else { return counts }
        let values = (0..<width * height).map { number($0) }
        guard let low = values.min(), let high = values.max(), high > low else { return counts }
        let scale = 255 / (high - low)
        for v in values { counts[max(0, min(255, Int((v - low) * scale)))] += 1 }
        return counts
    }

    /// The pixel at a position counted along the rows, of a mode with one number each.
    func number(_ index: Int) -> Double {
        let p = UnsafeRawPointer(pixels)
        switch mode.component {
        case .byte: return Double(pixels[index])
        case .uint16: return Double(p.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self))
        case .int32: return Double(p.loadUnaligned(fromByteOffset: index * 4, as: Int32.self))
        case .float32: return Double(p.loadUnaligned(fromByteOffset: index * 4, as: Float.self))
        }
    }

    /// Smallest and largest value of every band.
    package func extrema() -> [(low: Double, high: Double)] {
        guard width * height > 0 else { return [] }
        if !mode.isBytes {
            var range = (low: number(0), high: number(0))
            for i in 0..<width * height { range = (min(range.low, number(i)), max(range.high, number(i))) }
            return [range]
        }
        let size = mode.pixelSize
        return (0..<size).map { b in
            var range = (low: UInt8.max, high: UInt8.min)
            for i in 0..<width * height { range = (min(range.low, pixels[i * size + b]), max(range.high, pixels[i * size + b])) }
            return (Double(range.low), Double(range.high))
        }
    }
}
