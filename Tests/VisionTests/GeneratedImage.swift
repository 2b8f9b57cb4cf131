import Vision

/// The images `make_fixtures.py` makes: noise of a linear congruential generator, the same squeezed, or a gradient with a little noise.
func generatedImage(_ kind: String, _ mode: Mode, _ width: Int, _ height: Int) throws -> Image {
    let image = try Image(mode, width, height)
    let elements = mode.component == .byte ? image.byteCount : width * height
    let size = mode.component == .byte ? mode.pixelSize : 4
    var state: UInt32 = 12345
    for i in 0..<elements {
        state = state &* 1_664_525 &+ 1_013_904_223
        let noise = Int(state >> 24)
        let value: Int
        switch kind {
        case "noise": value = noise
        case "narrow": value = 60 + noise / 3
        default: value = ((i / size) % width * 5 + i / size / width * 3 + i % size * 40 + noise / 16) & 255
        }
        let raw = UnsafeMutableRawPointer(image.pixels)
        switch mode.component {
        case .byte: image.pixels[i] = mode == .binary ? (value > 127 ? 255 : 0) : UInt8(value)
        case .int32: raw.storeBytes(of: Int32(value * 300 - 20_000), toByteOffset: i * 4, as: Int32.self)
        case .float32: raw.storeBytes(of: Float(value) * 1.5 - 40, toByteOffset: i * 4, as: Float.self)
        case .uint16: raw.storeBytes(of: UInt16(value * 200), toByteOffset: i * 2, as: UInt16.self)
        }
    }
    return image
}
