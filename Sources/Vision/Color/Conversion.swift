import Glibc

/// ITU-R 601 luma of a red, green, blue triple in 16-bit fixed point.
@inline(__always)
private func luma(_ p: UnsafePointer<UInt8>) -> UInt8 {
    UInt8(truncatingIfNeeded: (UInt32(p[0]) * 19_595 + UInt32(p[1]) * 38_470 + UInt32(p[2]) * 7_471 + 0x8000) >> 16)
}

/// The exact luma in thousandths, where Pillow keeps more than a byte.
@inline(__always)
private func lumaThousandths(_ p: UnsafePointer<UInt8>) -> Int32 { Int32(p[0]) * 299 + Int32(p[1]) * 587 + Int32(p[2]) * 114 }

@inline(__always)
private func scaled(_ a: UInt8, by b: UInt8) -> UInt8 {
    let t = UInt32(a) * UInt32(b) + 128
    return UInt8(truncatingIfNeeded: (t + t >> 8) >> 8)
}

extension Image {
    private typealias Pixel = UnsafeMutablePointer<UInt8>

    /// The image in another mode, with Pillow's integer arithmetic. Bilevel results are dithered unless `dither` is false.
    package func converted(to target: Mode, dither: Bool = true) throws(VisionError) -> Image {
        if target == mode { return try copy() }
        if mode == .palette { return try expandingPalette(to: target, dither: dither) }
        if let direct = try convertedDirectly(to: target, dither: dither) { return direct }
        // Through the base mode of the source, as Pillow does where it knows no direct way.
        let base: Mode = isGrayLike ? .gray : .rgb
        guard base != mode, base != target else { throw .value("conversion from \(mode.rawValue) to \(target.rawValue) not supported") }
        return try converted(to: base).converted(to: target, dither: dither)
    }

    private var isGrayLike: Bool {
        switch mode {
        case .binary, .gray, .grayAlpha, .int32, .float32, .uint16, .premultipliedGray: true
        case .palette, .rgb, .rgba, .cmyk, .yCbCr, .hsv, .premultipliedRGB: false
        }
    }

    private func convertedDirectly(to target: Mode, dither: Bool) throws(VisionError) -> Image? {
        switch mode {
        case .binary, .gray: return try fromGray(to: target, dither: dither)
        case .rgb: return try fromRGB(to: target, dither: dither)
        case .rgba: return try fromRGBA(to: target, dither: dither)
        case .grayAlpha: return try fromGrayAlpha(to: target)
        case .cmyk: return target == .rgb ? try each(.rgb, Image.cmykToRGB) : nil
        case .yCbCr:
            if target == .gray { return try each(.gray) { $0[0] = $1[0] } }
            if target == .grayAlpha {
                return try each(.grayAlpha) {
                    $0[0] = $1[0]
                    $0[1] = 255
                }
            }
            return target == .rgb ? try each(.rgb) { yCbCrTables.toRGB($0, $1) } : nil
        case .hsv: return target == .rgb ? try each(.rgb) { hsvToRGB($0, $1) } : nil
        case .premultipliedRGB: return target == .rgba ? try each(.rgba) { Image.divideAlpha($0, $1, 3) } : nil
        case .premultipliedGray: return target == .grayAlpha ? try each(.grayAlpha) { Image.divideAlpha($0, $1, 1) } : nil
        case .int32, .float32, .uint16: return try fromNumbers(to: target)
        case .palette: return nil
        }
    }

    /// Applies `body(output, input)` to every pixel.
    @inline(__always)
    private func each(_ target: Mode, _ body: (Pixel, Pixel) -> Void) throws(VisionError) -> Image {
        let result = try Image(target, width, height)
        let (from, to) = (mode.pixelSize, target.pixelSize)
        var (input, output) = (pixels, result.pixels)
        for _ in 0..<width * height {
            body(output, input)
            input += from
            output += to
        }
        return result
    }

    private func fromGray(to target: Mode, dither: Bool) throws(VisionError) -> Image? {
        switch target {
        case .gray: return try each(.gray) { $0[0] = $1[0] }
        case .binary:
            return try dither ? dithered { Int32($0[0]) } : each(.binary) { $0[0] = $1[0] >= 128 ? 255 : 0 }
        case .grayAlpha, .premultipliedGray:
            return try each(target) {
                $0[0] = $1[0]
                $0[1] = 255
            }
        case .rgb:
            return try each(.rgb) {
                $0[0] = $1[0]
                $0[1] = $1[0]
                $0[2] = $1[0]
            }
        case .rgba, .premultipliedRGB:
            return try each(target) {
                $0[0] = $1[0]
                $0[1] = $1[0]
                $0[2] = $1[0]
                $0[3] = 255
            }
        case .cmyk:
            return try each(.cmyk) {
                $0[0] = 0
                $0[1] = 0
                $0[2] = 0
                $0[3] = ~$1[0]
            }
        case .yCbCr:
            return try each(.yCbCr) {
                $0[0] = $1[0]
                $0[1] = 128
                $0[2] = 128
            }
        case .hsv:
            return try each(.hsv) {
                $0[0] = 0
                $0[1] = 0
                $0[2] = $1[0]
            }
        case .int32: return try each(.int32) { UnsafeMutableRawPointer($0).storeBytes(of: Int32($1[0]), as: Int32.self) }
        case .float32: return try each(.float32) { UnsafeMutableRawPointer($0).storeBytes(of: Float($1[0]), as: Float.self) }
        case .uint16: return try each(.uint16) { UnsafeMutableRawPointer($0).storeBytes(of: UInt16($1[0]), as: UInt16.self) }
        case .palette:
            let result = try each(.palette) { $0[0] = $1[0] }
            result.paletteColors = (0..<256).flatMap { [UInt8($0), UInt8($0), UInt8($0)] }
            return result
        }
    }

    private func fromRGB(to target: Mode, dither: Bool) throws(VisionError) -> Image? {
        switch target {
        case .gray: return try each(.gray) { $0[0] = luma($1) }
        case .binary:
            return try dither ? dithered { lumaThousandths($0) / 1000 } : each(.binary) { $0[0] = lumaThousandths($1) >= 128_000 ? 255 : 0 }
        case .grayAlpha:
            return try each(.grayAlpha) {
                $0[0] = luma($1)
                $0[1] = 255
            }
        case .rgba, .premultipliedRGB:
            return try each(target) {
                $0[0] = $1[0]
                $0[1] = $1[1]
                $0[2] = $1[2]
                $0[3] = 255
            }
        case .cmyk:
            return try each(.cmyk) {
                $0[0] = ~$1[0]
                $0[1] = ~$1[1]
                $0[2] = ~$1[2]
                $0[3] = 0
            }
        case .yCbCr: return try each(.yCbCr) { yCbCrTables.fromRGB($0, $1) }
        case .hsv: return try each(.hsv) { rgbToHSV($0, $1) }
        case .int32: return try each(.int32) { UnsafeMutableRawPointer($0).storeBytes(of: Int32(luma($1)), as: Int32.self) }
        case .uint16: return try each(.uint16) { UnsafeMutableRawPointer($0).storeBytes(of: UInt16(luma($1)), as: UInt16.self) }
        case .float32: return try each(.float32) { UnsafeMutableRawPointer($0).storeBytes(of: Float(lumaThousandths($1)) / 1000, as: Float.self) }
        case .palette:
            throw VisionError(
                .notImplemented, "conversion to a palette chooses colors, which is not supported; convert to \"L\" first, or keep \"RGB\"")
        case .rgb, .premultipliedGray: return nil
        }
    }

    private func fromRGBA(to target: Mode, dither: Bool) throws(VisionError) -> Image? {
        switch target {
        case .rgb:
            return try each(.rgb) {
                $0[0] = $1[0]
                $0[1] = $1[1]
                $0[2] = $1[2]
            }
        case .gray: return try each(.gray) { $0[0] = luma($1) }
        case .grayAlpha:
            return try each(.grayAlpha) {
                $0[0] = luma($1)
                $0[1] = $1[3]
            }
        case .premultipliedRGB:
            return try each(target) {
                for b in 0..<3 { $0[b] = scaled($1[b], by: $1[3]) }
                $0[3] = $1[3]
            }
        case .binary, .palette, .cmyk, .yCbCr, .hsv, .int32, .float32, .uint16:
            return try converted(to: .rgb).fromRGB(to: target, dither: dither)
        case .rgba, .premultipliedGray: return nil
        }
    }

    private func fromGrayAlpha(to target: Mode) throws(VisionError) -> Image? {
        switch target {
        case .gray: return try each(.gray) { $0[0] = $1[0] }
        case .rgba:
            return try each(.rgba) {
                $0[0] = $1[0]
                $0[1] = $1[0]
                $0[2] = $1[0]
                $0[3] = $1[1]
            }
        case .premultipliedGray:
            return try each(target) {
                $0[0] = scaled($1[0], by: $1[1])
                $0[1] = $1[1]
            }
        case .binary, .grayAlpha, .palette, .rgb, .cmyk, .yCbCr, .hsv, .int32, .float32, .uint16, .premultipliedRGB: return nil
        }
    }

    private func fromNumbers(to target: Mode) throws(VisionError) -> Image? {
        if mode == .float32, target == .uint16 { return nil }
        let result = try Image(target, width, height)
        let output = UnsafeMutableRawPointer(result.pixels)
        for i in 0..<width * height {
            let v = number(i)
            switch target {
            case .gray: result.pixels[i] = UInt8(max(0, min(255, v.isNaN ? 0 : v)))
            case .int32: output.storeBytes(of: Int32(max(-2_147_483_648, min(2_147_483_647, v.isNaN ? 0 : v))), toByteOffset: i * 4, as: Int32.self)
            case .float32: output.storeBytes(of: Float(v), toByteOffset: i * 4, as: Float.self)
            case .uint16: output.storeBytes(of: UInt16(max(0, min(65_535, v.isNaN ? 0 : v))), toByteOffset: i * 2, as: UInt16.self)
            case .binary, .grayAlpha, .palette, .rgb, .rgba, .cmyk, .yCbCr, .hsv, .premultipliedGray, .premultipliedRGB: return nil
            }
        }
        return result
    }

    private func expandingPalette(to target: Mode, dither: Bool) throws(VisionError) -> Image {
        guard let colors = paletteColors else { throw .value("no palette") }
        func color(_ index: UInt8, _ band: Int) -> UInt8 {
            let i = Int(index) * 3 + band
            return i < colors.count ? colors[i] : 0
        }
        let alpha = paletteAlpha
        if target == .rgba || target == .grayAlpha {
            let full = try each(.rgba) {
                for b in 0..<3 { $0[b] = color($1[0], b) }
                let i = Int($1[0])
                $0[3] = alpha.map { i < $0.count ? $0[i] : 255 } ?? 255
            }
            return target == .rgba ? full : try full.converted(to: target)
        }
        let expanded = try each(.rgb) { for b in 0..<3 { $0[b] = color($1[0], b) } }
        return try expanded.converted(to: target, dither: target == .binary ? false : dither)
    }

    private static func cmykToRGB(_ output: Pixel, _ input: Pixel) {
        let light = 255 - input[3]
        for b in 0..<3 { output[b] = light - scaled(input[b], by: light) }
    }

    private static func divideAlpha(_ output: Pixel, _ input: Pixel, _ bands: Int) {
        let alpha = Int(input[bands])
        for b in 0..<bands { output[b] = alpha == 0 || alpha == 255 ? input[b] : UInt8(min(255, 255 * Int(input[b]) / alpha)) }
        output[bands] = input[bands]
    }

    /// Floyd–Steinberg error diffusion to black and white.
    private func dithered(_ value: (Pixel) -> Int32) throws(VisionError) -> Image {
        let result = try Image(.binary, width, height)
        var errors = [Int32](repeating: 0, count: width + 1)
        let size = mode.pixelSize
        for y in 0..<height {
            var (level, below, diagonal): (Int32, Int32, Int32) = (0, 0, 0)
            for x in 0..<width {
                level = max(0, min(255, value(row(y) + x * size) + (level + errors[x + 1]) / 16))
                let output: Int32 = level > 128 ? 255 : 0
                result.row(y)[x] = UInt8(output)
                let error = level - output
                errors[x] = error * 3 + below
                below = error * 5 + diagonal
                diagonal = error
                level = error * 7
            }
            errors[width] = below
        }
        return result
    }
}
