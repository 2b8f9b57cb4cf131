/// How a pixel is stored and what its bands mean; the raw value is Pillow's name.
package enum Mode: String, Sendable, CaseIterable {
    case binary = "1", gray = "L", grayAlpha = "LA", palette = "P", rgb = "RGB", rgba = "RGBA", cmyk = "CMYK", yCbCr = "YCbCr", hsv = "HSV"
    case int32 = "I", float32 = "F", uint16 = "I;16"
    /// Colour multiplied by alpha: what resampling with transparency works on.
    case premultipliedGray = "La", premultipliedRGB = "RGBa"

    package enum Component: Sendable { case byte, uint16, int32, float32 }

    package var component: Component {
        switch self {
        case .int32: .int32
        case .float32: .float32
        case .uint16: .uint16
        case .binary, .gray, .grayAlpha, .palette, .rgb, .rgba, .cmyk, .yCbCr, .hsv, .premultipliedGray, .premultipliedRGB: .byte
        }
    }

    package var bands: [String] {
        switch self {
        case .binary: ["1"]
        case .gray: ["L"]
        case .grayAlpha: ["L", "A"]
        case .palette: ["P"]
        case .rgb: ["R", "G", "B"]
        case .rgba: ["R", "G", "B", "A"]
        case .cmyk: ["C", "M", "Y", "K"]
        case .yCbCr: ["Y", "Cb", "Cr"]
        case .hsv: ["H", "S", "V"]
        case .int32: ["I"]
        case .float32: ["F"]
        case .uint16: ["I"]
        case .premultipliedGray: ["L", "a"]
        case .premultipliedRGB: ["R", "G", "B", "a"]
        }
    }

    package var bandCount: Int { bands.count }

    /// Bytes of one pixel; bands are interleaved.
    package var pixelSize: Int {
        switch self {
        case .binary, .gray, .palette: 1
        case .grayAlpha, .premultipliedGray, .uint16: 2
        case .rgb, .yCbCr, .hsv: 3
        case .rgba, .cmyk, .premultipliedRGB, .int32, .float32: 4
        }
    }

    package var hasAlpha: Bool { self == .grayAlpha || self == .rgba || self == .premultipliedGray || self == .premultipliedRGB }

    /// Whether every byte of a pixel is a band of its own.
    var isBytes: Bool { component == .byte }
}
