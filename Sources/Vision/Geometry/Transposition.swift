import Glibc

/// Flips, quarter turns and reflections; raw values are Pillow's `Transpose` constants.
package enum Transposition: Int, Sendable, CaseIterable {
    case flipLeftRight, flipTopBottom, rotate90, rotate180, rotate270, transpose, transverse

    var swapsAxes: Bool {
        switch self {
        case .rotate90, .rotate270, .transpose, .transverse: true
        case .flipLeftRight, .flipTopBottom, .rotate180: false
        }
    }
}

extension Image {
    package func transposed(_ method: Transposition) throws(VisionError) -> Image {
        let result = method.swapsAxes ? try similar(height, width) : try similar(width, height)
        if method == .flipTopBottom {
            for y in 0..<height { memcpy(result.row(height - 1 - y), row(y), rowBytes) }
            return result
        }
        switch mode.pixelSize {
        case 1: move(method, into: result) { $0.pointee = $1.pointee }
        case 2: move(method, into: result) { memcpy($0, $1, 2) }
        case 3:
            move(method, into: result) {
                $0[0] = $1[0]
                $0[1] = $1[1]
                $0[2] = $1[2]
            }
        default: move(method, into: result) { memcpy($0, $1, 4) }
        }
        return result
    }

    /// Sends pixel (x, y) to its place: an offset and two strides in pixels, whatever the method.
    @inline(__always)
    private func move(
        _ method: Transposition, into result: Image, _ copyPixel: (UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<UInt8>) -> Void
    ) {
        let (w, h, size) = (width, height, mode.pixelSize)
        let (start, alongX, alongY): (Int, Int, Int)
        switch method {
        case .flipLeftRight: (start, alongX, alongY) = (w - 1, -1, w)
        case .flipTopBottom: (start, alongX, alongY) = ((h - 1) * w, 1, -w)
        case .rotate90: (start, alongX, alongY) = ((w - 1) * h, -h, 1)
        case .rotate180: (start, alongX, alongY) = (w * h - 1, -1, -w)
        case .rotate270: (start, alongX, alongY) = (h - 1, h, -1)
        case .transpose: (start, alongX, alongY) = (0, h, 1)
        case .transverse: (start, alongX, alongY) = (w * h - 1, -h, -1)
        }
        for y in 0..<h {
            var input = row(y)
            var output = result.pixels + (start + y * alongY) * size
            for _ in 0..<w {
                copyPixel(output, input)
                input += size
                output += alongX * size
            }
        }
    }
}
