/// Pixels as a PNG file, for images inside SVG.
enum PNGImage {
    /// - Parameter pixels: RGBA bytes, `width` × `height`, rows from the top. Few colours are stored as a palette, opaque ones without opacity.
    static func encode(_ pixels: [UInt8], width: Int, height: Int) -> [UInt8] {
        var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        func begin(_ kind: UInt8) {
            var header: [UInt8] = []
            header.appendBig(UInt32(width))
            header.appendBig(UInt32(height))
            chunk("IHDR", header + [8, kind, 0, 0, 0], into: &file)
        }
        if let palette = palette(pixels) {
            begin(3)
            chunk("PLTE", palette.colors.flatMap { [UInt8($0 >> 24), UInt8($0 >> 16 & 255), UInt8($0 >> 8 & 255)] }, into: &file)
            if palette.colors.contains(where: { $0 & 255 != 255 }) { chunk("tRNS", palette.colors.map { UInt8($0 & 255) }, into: &file) }
            var rows: [UInt8] = []
            for row in 0..<height { rows += [0] + palette.indices[row * width..<(row + 1) * width] }
            chunk("IDAT", Deflate.zlib(rows), into: &file)
        } else {
            let isOpaque = stride(from: 3, to: pixels.count, by: 4).allSatisfy { pixels[$0] == 255 }
            begin(isOpaque ? 2 : 6)
            let depth = isOpaque ? 3 : 4
            var rows: [UInt8] = []
            rows.reserveCapacity((width * depth + 1) * height)
            for row in 0..<height {
                // Each row is stored as differences to the one above: smooth pictures compress well.
                rows.append(row == 0 ? 0 : 2)
                for column in 0..<width {
                    for k in 0..<depth {
                        let here = pixels[(row * width + column) * 4 + k]
                        rows.append(row == 0 ? here : here &- pixels[((row - 1) * width + column) * 4 + k])
                    }
                }
            }
            chunk("IDAT", Deflate.zlib(rows), into: &file)
        }
        chunk("IEND", [], into: &file)
        return file
    }

    /// The distinct colours (red in the highest byte) and which of them each pixel has; nil for more than 256.
    static func palette(_ pixels: [UInt8]) -> (colors: [UInt32], indices: [UInt8])? {
        var places: [UInt32: UInt8] = [:]
        var colors: [UInt32] = []
        var indices = [UInt8](repeating: 0, count: pixels.count / 4)
        for index in indices.indices {
            let color =
                UInt32(pixels[index * 4]) << 24 | UInt32(pixels[index * 4 + 1]) << 16 | UInt32(pixels[index * 4 + 2]) << 8
                | UInt32(pixels[index * 4 + 3])
            if let place = places[color] {
                indices[index] = place
                continue
            }
            if colors.count == 256 { return nil }
            places[color] = UInt8(colors.count)
            indices[index] = UInt8(colors.count)
            colors.append(color)
        }
        return (colors, indices)
    }

    private static func chunk(_ name: String, _ content: [UInt8], into file: inout [UInt8]) {
        file.appendBig(UInt32(content.count))
        let body = Array(name.utf8) + content
        file += body
        file.appendBig(checksum(body))
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(0xFFFF_FFFF as UInt32) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
    }

    static func base64(_ bytes: [UInt8]) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count * 4 / 3 + 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let count = min(3, bytes.count - start)
            var word: UInt32 = 0
            for place in 0..<3 { word = word << 8 | UInt32(place < count ? bytes[start + place] : 0) }
            for place in 0..<4 { result.append(place <= count ? letters[Int(word >> UInt32(18 - place * 6) & 63)] : UInt8(ascii: "=")) }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

extension [UInt8] {
    fileprivate mutating func appendBig(_ value: UInt32) {
        for shift in stride(from: 24, through: 0, by: -8) { append(UInt8(truncatingIfNeeded: value >> UInt32(shift))) }
    }
}
