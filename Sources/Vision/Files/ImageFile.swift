import CJPEG
import CPNG
import Glibc

/// Image files by their content, whatever their name says.
package enum ImageFormat: String, Sendable, CaseIterable {
    case png = "PNG", jpeg = "JPEG"

    package static func detect(_ bytes: UnsafeRawBufferPointer) -> ImageFormat? {
        if bytes.count >= 8, zip(bytes, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]).allSatisfy({ $0 == $1 }) { return .png }
        if bytes.count >= 3, bytes[0] == 0xFF, bytes[1] == 0xD8, bytes[2] == 0xFF { return .jpeg }
        return nil
    }

    package init?(fileExtension: String) {
        switch fileExtension.lowercased() {
        case "png", ".png": self = .png
        case "jpg", ".jpg", "jpeg", ".jpeg", "jpe", ".jpe", "jfif", ".jfif": self = .jpeg
        default: return nil
        }
    }
}

/// Above this many pixels a file is taken for an attack on memory, as in Pillow.
private let pixelLimit: UInt64 = 2 * (1024 * 1024 * 1024 / 4 / 3)

extension Image {
    /// Reads a whole PNG or JPEG file. `name` appears in errors.
    package static func decode(_ bytes: UnsafeRawBufferPointer, name: String) throws(VisionError) -> (image: Image, format: ImageFormat) {
        guard let format = ImageFormat.detect(bytes), let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
            throw VisionError(.unidentified, "cannot identify image file \(name)")
        }
        return switch format {
        case .png: (try decodePNG(start, bytes.count, name), .png)
        case .jpeg: (try decodeJPEG(start, bytes.count, name), .jpeg)
        }
    }

    /// Reads a whole PNG or JPEG file from the disk.
    package static func open(_ path: String) throws(VisionError) -> (image: Image, format: ImageFormat) {
        let content = try FileContent(path)
        defer { withExtendedLifetime(content) {} }
        return try decode(content.bytes, name: "'\(path)'")
    }

    private static func failure(_ message: String, _ name: String, _ format: ImageFormat) -> VisionError {
        switch message {
        case "truncated": .os("image file is truncated: \(name)")
        case "too large": VisionError(.value, "\(name) has more than \(pixelLimit) pixels, could be decompression bomb DOS attack.")
        case "out of memory": VisionError(.memory, "no memory for the pixels of \(name)")
        default: .os("broken \(format.rawValue) file \(name): \(message)")
        }
    }

    private static func decodePNG(_ bytes: UnsafePointer<UInt8>, _ count: Int, _ name: String) throws(VisionError) -> Image {
        var file = qnb_png()
        guard qnb_png_decode(bytes, count, pixelLimit, &file) == 0, let pixels = file.pixels else {
            throw failure(text(of: file.message), name, .png)
        }
        defer { free(pixels) }
        let mode: Mode
        switch (Int32(file.color_type), file.bit_depth) {
        case (PNG_COLOR_TYPE_GRAY, 1): mode = .binary
        case (PNG_COLOR_TYPE_GRAY, 16): mode = .uint16
        case (PNG_COLOR_TYPE_GRAY, _): mode = .gray
        case (PNG_COLOR_MASK_COLOR | PNG_COLOR_MASK_PALETTE, _): mode = .palette
        case (PNG_COLOR_MASK_COLOR, _): mode = .rgb
        case (PNG_COLOR_MASK_ALPHA, _): mode = .grayAlpha
        default: mode = .rgba
        }
        let image = try Image(mode, Int(file.width), Int(file.height))
        guard file.row_bytes == image.rowBytes else { throw failure("unexpected row length", name, .png) }
        memcpy(image.pixels, pixels, image.byteCount)
        if mode == .palette {
            image.paletteColors = withUnsafeBytes(of: file.palette) { Array($0.prefix(Int(file.palette_count) * 3)) }
            if file.alpha_count > 0 { image.paletteAlpha = withUnsafeBytes(of: file.alpha) { Array($0.prefix(Int(file.alpha_count))) } }
        }
        return image
    }

    private static func decodeJPEG(_ bytes: UnsafePointer<UInt8>, _ count: Int, _ name: String) throws(VisionError) -> Image {
        var file = qnb_jpeg()
        guard qnb_jpeg_decode(bytes, count, pixelLimit, &file) == 0, let pixels = file.pixels else {
            throw failure(text(of: file.message), name, .jpeg)
        }
        defer { free(pixels) }
        let image = try Image(file.bands == 1 ? .gray : file.bands == 3 ? .rgb : .cmyk, Int(file.width), Int(file.height))
        memcpy(image.pixels, pixels, image.byteCount)
        return image
    }

    /// The text of a C character array.
    private static func text<T>(of characters: T) -> String {
        withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// The bytes of a PNG file; `level` is zlib's 0…9, -1 its default.
    package func encodedPNG(level: Int = -1) throws(VisionError) -> [UInt8] {
        var file = qnb_png()
        file.width = UInt32(width)
        file.height = UInt32(height)
        file.bit_depth = 8
        var source = self
        switch mode {
        case .binary:
            file.bit_depth = 1
            file.color_type = Int32(PNG_COLOR_TYPE_GRAY)
            source = try mapped((0..<256).map { $0 == 0 ? 0 : 1 })
        case .gray: file.color_type = Int32(PNG_COLOR_TYPE_GRAY)
        case .uint16, .int32:
            file.bit_depth = 16
            file.color_type = Int32(PNG_COLOR_TYPE_GRAY)
            source = try converted(to: .uint16)
        case .grayAlpha: file.color_type = PNG_COLOR_MASK_ALPHA
        case .rgb: file.color_type = PNG_COLOR_MASK_COLOR
        case .rgba: file.color_type = PNG_COLOR_MASK_COLOR | PNG_COLOR_MASK_ALPHA
        case .palette: file.color_type = PNG_COLOR_MASK_COLOR | PNG_COLOR_MASK_PALETTE
        case .cmyk, .yCbCr, .hsv, .float32, .premultipliedGray, .premultipliedRGB: throw .os("cannot write mode \(mode.rawValue) as PNG")
        }
        if mode == .palette {
            let colors = (paletteColors ?? []).prefix(768)
            file.palette_count = Int32(max(1, colors.count / 3))
            withUnsafeMutableBytes(of: &file.palette) { $0.copyBytes(from: colors) }
            let alphas = (paletteAlpha ?? []).prefix(256)
            file.alpha_count = Int32(alphas.count)
            withUnsafeMutableBytes(of: &file.alpha) { $0.copyBytes(from: alphas) }
        }
        guard width > 0, height > 0 else { throw .os("cannot write empty image as PNG") }
        file.pixels = source.pixels
        file.row_bytes = source.rowBytes
        var sink = qnb_png_sink()
        let status = withExtendedLifetime(source) { qnb_png_encode(&file, Int32(level), &sink) }
        guard status == 0, let bytes = sink.bytes else { throw .os("cannot write PNG: \(Image.text(of: file.message))") }
        defer { free(bytes) }
        return Array(UnsafeBufferPointer(start: bytes, count: sink.count))
    }

    /// The bytes of a JPEG file of the given quality, 1…95.
    package func encodedJPEG(quality: Int = 75) throws(VisionError) -> [UInt8] {
        guard mode == .gray || mode == .rgb || mode == .cmyk || mode == .binary else { throw .os("cannot write mode \(mode.rawValue) as JPEG") }
        guard width > 0, height > 0 else { throw .value("cannot write empty image as JPEG") }
        var file = qnb_jpeg()
        file.width = UInt32(width)
        file.height = UInt32(height)
        file.bands = Int32(mode.bandCount)
        file.pixels = pixels
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        guard qnb_jpeg_encode(&file, Int32(max(1, min(100, quality))), &bytes, &count) == 0, let bytes else {
            throw .os("cannot write JPEG: \(Image.text(of: file.message))")
        }
        defer { free(bytes) }
        return Array(UnsafeBufferPointer(start: bytes, count: count))
    }
}
