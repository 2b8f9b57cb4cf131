/// Operations that replace every byte by another, looked up.
extension Image {
    /// Each band through its own 256 entries, or all through the same.
    package func mapped(_ table: [UInt8]) throws(VisionError) -> Image {
        let size = mode.pixelSize
        guard mode.isBytes, table.count == 256 || table.count == 256 * size else { throw .value("wrong number of lut entries") }
        let result = try similar(width, height)
        table.withUnsafeBufferPointer { table in
            if table.count == 256 {
                for i in 0..<byteCount { result.pixels[i] = table[Int(pixels[i])] }
            } else if size == 3 {
                for i in 0..<width * height {
                    result.pixels[i * 3] = table[Int(pixels[i * 3])]
                    result.pixels[i * 3 + 1] = table[256 | Int(pixels[i * 3 + 1])]
                    result.pixels[i * 3 + 2] = table[512 | Int(pixels[i * 3 + 2])]
                }
            } else {
                for i in 0..<width * height { for b in 0..<size { result.pixels[i * size + b] = table[b << 8 | Int(pixels[i * size + b])] } }
            }
        }
        return result
    }

    /// A table applied as ImageOps does: to "L" and "RGB" pixels, or (where that makes sense) to the colors of a palette.
    package func mappedAsOperation(_ table: [UInt8], palette: Bool = false) throws(VisionError) -> Image {
        switch mode {
        case .gray, .rgb: return try mapped(table)
        case .palette where palette:
            let result = try copy()
            result.paletteColors = paletteColors?.map { table[Int($0)] }
            return result
        case .palette: throw VisionError(.notImplemented, "mode P support coming soon")
        case .binary, .grayAlpha, .rgba, .cmyk, .yCbCr, .hsv, .int32, .float32, .uint16, .premultipliedGray, .premultipliedRGB:
            throw .os("not supported for mode \(mode.rawValue)")
        }
    }

    package func inverted() throws(VisionError) -> Image {
        let table = (0..<256).map { UInt8(255 - $0) }
        return try mode == .binary ? mapped(table) : mappedAsOperation(table, palette: true)
    }

    /// Keeps the upper `bits` (1…8) of every value.
    package func posterized(_ bits: Int) throws(VisionError) -> Image {
        guard bits >= 1, bits <= 8 else { throw .value("bits must be between or equal to 1 and 8") }
        let kept = UInt8(truncatingIfNeeded: 0xFF << (8 - bits))
        return try mappedAsOperation((0..<256).map { UInt8($0) & kept }, palette: true)
    }

    /// Inverts the values from `threshold` up.
    package func solarized(_ threshold: Double) throws(VisionError) -> Image {
        try mappedAsOperation((0..<256).map { Double($0) < threshold ? UInt8($0) : UInt8(255 - $0) }, palette: true)
    }

    /// Stretches every band to 0…255.
    package func autocontrasted() throws(VisionError) -> Image {
        let counts = try histogram()
        var table: [UInt8] = []
        table.reserveCapacity(counts.count)
        for start in stride(from: 0, to: counts.count, by: 256) {
            let band = counts[start..<start + 256]
            let low = (band.firstIndex { $0 != 0 } ?? start + 255) - start
            let high = (band.lastIndex { $0 != 0 } ?? start) - start
            if high <= low {
                for i in 0..<256 { table.append(UInt8(i)) }
            } else {
                let scale = 255 / Double(high - low)
                let offset = -Double(low) * scale
                for i in 0..<256 { table.append(UInt8(max(0, min(255, Double(i) * scale + offset)))) }
            }
        }
        return try mappedAsOperation(table)
    }

    /// Spreads every band's values so that they occur about equally often.
    package func equalized(mask: Image? = nil) throws(VisionError) -> Image {
        if mode == .palette { return try converted(to: .rgb).equalized(mask: mask) }
        let counts = try histogram(mask: mask)
        var table: [UInt8] = []
        table.reserveCapacity(counts.count)
        for start in stride(from: 0, to: counts.count, by: 256) {
            let band = counts[start..<start + 256]
            let present = band.count { $0 != 0 }
            let step = present <= 1 ? 0 : (band.reduce(0, +) - (band.last { $0 != 0 } ?? 0)) / 255
            if step == 0 {
                for i in 0..<256 { table.append(UInt8(i)) }
                continue
            }
            var n = step / 2
            for count in band {
                table.append(UInt8(truncatingIfNeeded: min(255, n / step)))
                n += count
            }
        }
        return try mappedAsOperation(table)
    }
}
