import Glibc

/// Reading and writing single pixels, bands and rectangles.
extension Image {
    /// Band values of one pixel; negative coordinates count from the far edge. Throws `IndexError` outside.
    package func pixel(_ x: Int, _ y: Int) throws(VisionError) -> [Double] {
        let p = try position(x, y)
        switch mode.component {
        case .byte: return (0..<mode.pixelSize).map { Double(p[$0]) }
        case .uint16: return [Double(UInt16(p[0]) | UInt16(p[1]) << 8)]
        case .int32: return [Double(UnsafeRawPointer(p).loadUnaligned(as: Int32.self))]
        case .float32: return [Double(UnsafeRawPointer(p).loadUnaligned(as: Float.self))]
        }
    }

    package func put(_ x: Int, _ y: Int, _ ink: [UInt8]) throws(VisionError) {
        try makeWritable()
        let p = try position(x, y)
        for (b, value) in ink.prefix(mode.pixelSize).enumerated() { p[b] = value }
    }

    private func position(_ x: Int, _ y: Int) throws(VisionError) -> UnsafeMutablePointer<UInt8> {
        let (i, j) = (x < 0 ? x + width : x, y < 0 ? y + height : y)
        guard i >= 0, i < width, j >= 0, j < height else { throw VisionError(.index, "image index out of range") }
        return row(j) + i * mode.pixelSize
    }

    /// The rectangle from (left, top) to (right, bottom), zero where it lies outside the image.
    package func cropped(_ left: Int, _ top: Int, _ right: Int, _ bottom: Int) throws(VisionError) -> Image {
        guard right >= left else { throw .value("Coordinate 'right' is less than 'left'") }
        guard bottom >= top else { throw .value("Coordinate 'lower' is less than 'upper'") }
        let result = try similar(right - left, bottom - top)
        if left < 0 || top < 0 || right > width || bottom > height { memset(result.pixels, 0, result.byteCount) }
        Image.copyOverlap(from: self, to: result, atX: -left, atY: -top)
        return result
    }

    /// Copies `source` into the image with its corner at (x, y), as far as it fits.
    package func paste(_ source: Image, _ x: Int, _ y: Int) throws(VisionError) {
        guard source.mode == mode else { throw .wrongMode }
        try makeWritable()
        Image.copyOverlap(from: source, to: self, atX: x, atY: y)
    }

    private static func copyOverlap(from source: Image, to target: Image, atX x: Int, atY y: Int) {
        let size = target.mode.pixelSize
        let (x0, x1) = (max(x, 0), min(x + source.width, target.width))
        let (y0, y1) = (max(y, 0), min(y + source.height, target.height))
        guard x0 < x1, y0 < y1 else { return }
        for row in y0..<y1 { memcpy(target.row(row) + x0 * size, source.row(row - y) + (x0 - x) * size, (x1 - x0) * size) }
    }

    /// Copies `source` where `mask` tells: "1" takes or leaves, "L" and the alpha of others mix.
    package func paste(_ source: Image, _ x: Int, _ y: Int, mask: Image) throws(VisionError) {
        guard source.mode == mode, mode.isBytes else { throw .wrongMode }
        guard mask.width == source.width, mask.height == source.height else { throw .mismatch }
        guard mask.mode == .binary || mask.mode == .gray || mask.mode.hasAlpha else { throw .value("bad transparency mask") }
        try makeWritable()
        let (size, step) = (mode.pixelSize, mask.mode.pixelSize)
        for j in max(0, -y)..<max(max(0, -y), min(source.height, height - y)) {
            let (input, output, weights) = (source.row(j), row(j + y), mask.row(j))
            for i in max(0, -x)..<max(max(0, -x), min(source.width, width - x)) {
                let m = UInt32(weights[i * step + step - 1])
                for b in 0..<size {
                    let p = output + (i + x) * size + b
                    let mixed = UInt32(input[i * size + b]) * m + UInt32(p.pointee) * (255 - m) + 128
                    p.pointee = UInt8((mixed + mixed >> 8) >> 8)
                }
            }
        }
    }

    /// Fills the rectangle with one color.
    package func fill(_ ink: [UInt8], _ left: Int, _ top: Int, _ right: Int, _ bottom: Int) throws(VisionError) {
        try makeWritable()
        let size = mode.pixelSize
        let (x0, x1, y0, y1) = (max(left, 0), min(right, width), max(top, 0), min(bottom, height))
        guard x0 < x1, y0 < y1 else { return }
        for y in y0..<y1 { for x in x0..<x1 { for b in 0..<size { row(y)[x * size + b] = ink[b] } } }
    }

    /// One band as a gray image.
    package func band(_ index: Int) throws(VisionError) -> Image {
        guard index >= 0, index < mode.bandCount else { throw .value("band index out of range") }
        if mode.bandCount == 1 { return try copy() }
        let result = try Image(.gray, width, height)
        let size = mode.pixelSize
        for i in 0..<width * height { result.pixels[i] = pixels[i * size + index] }
        return result
    }

    /// The image whose bands are these gray images.
    package static func merged(_ mode: Mode, _ bands: [Image]) throws(VisionError) -> Image {
        guard bands.count == mode.bandCount, mode.isBytes || bands.count == 1 else { throw .value("wrong number of bands") }
        guard let first = bands.first else { throw .value("wrong number of bands") }
        for band in bands {
            guard mode.bandCount == 1 ? band.mode == mode : band.mode == .gray else { throw .value("mode mismatch") }
            guard band.width == first.width, band.height == first.height else { throw .value("size mismatch") }
        }
        if bands.count == 1 { return try first.copy() }
        let result = try Image(mode, first.width, first.height)
        let size = mode.pixelSize
        for (b, band) in bands.enumerated() { for i in 0..<first.width * first.height { result.pixels[i * size + b] = band.pixels[i] } }
        return result
    }

    /// Replaces one band.
    package func setBand(_ index: Int, _ source: Image) throws(VisionError) {
        guard source.mode == .gray else { throw .wrongMode }
        guard source.width == width, source.height == height else { throw .mismatch }
        guard index >= 0, index < mode.bandCount, mode.isBytes else { throw .value("band index out of range") }
        try makeWritable()
        let size = mode.pixelSize
        for i in 0..<width * height { pixels[i * size + index] = source.pixels[i] }
    }

    /// The smallest rectangle holding all pixels that are not zero, or nil.
    package func boundingBox() -> (left: Int, top: Int, right: Int, bottom: Int)? {
        let size = mode.pixelSize
        var box: (left: Int, top: Int, right: Int, bottom: Int)?
        for y in 0..<height {
            let line = row(y)
            for x in 0..<width where (0..<size).contains(where: { line[x * size + $0] != 0 }) {
                if let old = box { box = (min(old.left, x), old.top, max(old.right, x + 1), y + 1) } else { box = (x, y, x + 1, y + 1) }
            }
        }
        return box
    }
}
