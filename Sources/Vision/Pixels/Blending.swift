/// The integer part of a value cut to 0…255: without the test for a trap that a conversion brings, which no vector loop has room for.
@inline(__always)
func truncatedByte(_ v: Float) -> UInt8 {
    // From 2^23 on the fraction bits of a float count ones.
    UInt8(truncatingIfNeeded: (max(0, min(255, v)).rounded(.towardZero) + 8_388_608).bitPattern)
}

/// Mixtures of two images of one mode and size.
extension Image {
    /// `first + alpha · (second − first)`, truncated; clipped when `alpha` extrapolates.
    package static func blended(_ first: Image, _ second: Image, _ alpha: Float) throws(VisionError) -> Image {
        guard first.mode.isBytes, first.mode != .palette, first.mode != .binary, second.mode != .palette, second.mode != .binary, second.mode.isBytes
        else { throw .wrongMode }
        guard first.mode.bandCount == second.mode.bandCount, first.width == second.width, first.height == second.height else { throw .mismatch }
        if alpha == 0 { return try first.copy() }
        if alpha == 1 { return try second.copy() }
        let result = try first.similar(first.width, first.height)
        blend(first.pixels, second.pixels, result.pixels, first.byteCount, alpha)
        return result
    }

    static func blend(
        _ first: UnsafePointer<UInt8>, _ second: UnsafePointer<UInt8>, _ result: UnsafeMutablePointer<UInt8>, _ count: Int, _ alpha: Float
    ) {
        for i in 0..<count {
            let (a, b) = (Int32(first[i]), Int32(second[i]))
            let v = Float(a) + alpha * Float(b - a)
            result[i] = truncatedByte(v)
        }
    }

    // MARK: Enhancement: blending with a degenerate version of itself

    /// 0 is black, 1 the image itself.
    package func brightened(_ factor: Float) throws(VisionError) -> Image {
        let black = try Image.filled(mode, width, height, [UInt8](repeating: 0, count: mode.pixelSize))
        return try Image.blended(keepingAlpha(in: black), self, factor)
    }

    /// 0 is uniform gray, 1 the image itself.
    package func contrasted(_ factor: Float) throws(VisionError) -> Image {
        let gray = mode == .gray ? self : try converted(to: .gray)
        var sum = 0
        for i in 0..<gray.byteCount { sum += Int(gray.pixels[i]) }
        guard gray.byteCount > 0 else { throw VisionError(.runtime, "the mean of an image without pixels") }
        let mean = UInt8(Double(sum) / Double(gray.byteCount) + 0.5)
        let flat = try Image.filled(.gray, width, height, [mean])
        let degenerate = mode == .gray ? flat : try flat.converted(to: mode)
        return try Image.blended(keepingAlpha(in: degenerate), self, factor)
    }

    /// 0 is black and white, 1 the image itself.
    package func colored(_ factor: Float) throws(VisionError) -> Image {
        let intermediate: Mode = mode.hasAlpha ? .grayAlpha : .gray
        let gray = mode == intermediate ? self : try converted(to: intermediate).converted(to: mode)
        return try Image.blended(gray, self, factor)
    }

    /// 0 is smoothed, 1 the image itself, 2 sharpened.
    package func sharpened(_ factor: Float) throws(VisionError) -> Image {
        try Image.blended(keepingAlpha(in: filtered(.smooth)), self, factor)
    }

    private func keepingAlpha(in degenerate: Image) throws(VisionError) -> Image {
        guard mode.hasAlpha else { return degenerate }
        try degenerate.setBand(mode.bandCount - 1, band(mode.bandCount - 1))
        return degenerate
    }
}
