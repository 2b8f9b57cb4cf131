import Glibc

/// A rectangle of pixels: rows from the top, without gaps, bands interleaved.
///
/// Operations return new images and leave their operand alone; only `paste`, `put`, `setAlpha` and the like change one, and they first
/// take a copy of memory that belongs to somebody else (a dataset's block, an array). Results equal Pillow's byte for byte.
package final class Image: @unchecked Sendable {
    package let mode: Mode
    package let width: Int
    package let height: Int
    /// The first byte of the top left pixel; valid while the image lives.
    package private(set) var pixels: UnsafeMutablePointer<UInt8>
    /// Colours of a "P" image: 256 times red, green, blue.
    package var paletteColors: [UInt8]?
    /// One alpha for each palette entry, from a PNG's tRNS chunk.
    package var paletteAlpha: [UInt8]?
    /// Keeps borrowed memory alive; nil when the memory is the image's own.
    private var owner: AnyObject?

    /// Uninitialised pixels. Throws for sizes no memory could hold.
    package init(_ mode: Mode, _ width: Int, _ height: Int) throws(VisionError) {
        guard width >= 0, height >= 0 else { throw .value("Width and height must be >= 0") }
        let (area, overflow) = width.multipliedReportingOverflow(by: height)
        guard !overflow, area < 1 << 33, let memory = malloc(max(area * mode.pixelSize, 1)) else {
            throw VisionError(.memory, "cannot hold an image of \(width) x \(height) pixels")
        }
        self.mode = mode
        self.width = width
        self.height = height
        pixels = memory.assumingMemoryBound(to: UInt8.self)
    }

    /// Pixels that `owner` keeps alive and that must not change while the image lives.
    package init(borrowing pixels: UnsafeMutablePointer<UInt8>, _ mode: Mode, _ width: Int, _ height: Int, owner: AnyObject) {
        self.mode = mode
        self.width = width
        self.height = height
        self.pixels = pixels
        self.owner = owner
    }

    deinit { if owner == nil { free(pixels) } }

    package var rowBytes: Int { width * mode.pixelSize }
    package var byteCount: Int { rowBytes * height }

    @inline(__always) func row(_ y: Int) -> UnsafeMutablePointer<UInt8> { pixels + y * rowBytes }

    package func copy() throws(VisionError) -> Image {
        let result = try like(self)
        memcpy(result.pixels, pixels, byteCount)
        return result
    }

    /// An uninitialised image of the same mode, size and palette.
    private func like(_ other: Image) throws(VisionError) -> Image { try similar(other.width, other.height) }

    /// An uninitialised image of the same mode and palette.
    func similar(_ width: Int, _ height: Int) throws(VisionError) -> Image {
        let result = try Image(mode, width, height)
        result.paletteColors = paletteColors
        result.paletteAlpha = paletteAlpha
        return result
    }

    /// Makes the memory the image's own, before it is written.
    package func makeWritable() throws(VisionError) {
        guard owner != nil else { return }
        guard let memory = malloc(max(byteCount, 1)) else { throw VisionError(.memory, "cannot copy an image of \(width) x \(height) pixels") }
        memcpy(memory, pixels, byteCount)
        pixels = memory.assumingMemoryBound(to: UInt8.self)
        owner = nil
    }

    /// An image of one color: the bytes of a pixel, as `ink` encodes them.
    package static func filled(_ mode: Mode, _ width: Int, _ height: Int, _ ink: [UInt8]) throws(VisionError) -> Image {
        let result = try Image(mode, width, height)
        result.fill(ink)
        return result
    }

    func fill(_ ink: [UInt8]) {
        let size = mode.pixelSize
        precondition(ink.count == size, "a pixel of mode \(mode.rawValue) has \(size) bytes, not \(ink.count)")
        if ink.allSatisfy({ $0 == ink[0] }) {
            memset(pixels, Int32(ink[0]), byteCount)
            return
        }
        for i in 0..<width * height { for b in 0..<size { pixels[i * size + b] = ink[b] } }
    }

    /// The bytes of a pixel whose bands have these values, clipped to their ranges.
    package static func ink(_ mode: Mode, _ bands: [Double]) throws(VisionError) -> [UInt8] {
        func byte(_ v: Double) -> UInt8 { UInt8(max(0, min(255, v.isNaN ? 0 : v.rounded(.towardZero)))) }
        switch mode.component {
        case .byte:
            guard bands.count == mode.bandCount else { throw VisionError(.type, "color must be int, or tuple of \(mode.bandCount) elements") }
            return bands.map(byte)
        case .uint16:
            let v = UInt16(max(0, min(65_535, bands.first.map { $0.isNaN ? 0 : $0.rounded(.towardZero) } ?? 0)))
            return [UInt8(v & 255), UInt8(v >> 8)]
        case .int32:
            let v = Int32(max(-2_147_483_648, min(2_147_483_647, bands.first.map { $0.isNaN ? 0 : $0.rounded(.towardZero) } ?? 0)))
            return withUnsafeBytes(of: v) { Array($0) }
        case .float32:
            return withUnsafeBytes(of: Float(bands.first ?? 0)) { Array($0) }
        }
    }
}
