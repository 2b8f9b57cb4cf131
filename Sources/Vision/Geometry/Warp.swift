import Glibc

/// A map from output positions to input positions, both in pixels from the top left corner.
package enum Warp: Sendable {
    /// x' = a·x + b·y + c, y' = d·x + e·y + f.
    case affine([Double])
    /// The affine numerators divided by g·x + h·y + 1.
    case perspective([Double])
    /// Bilinear in x and y: eight coefficients, four for each coordinate.
    case quad([Double])

    /// The map that stretches the rectangle (left, top, right, bottom) of the input over the output.
    package static func extent(_ box: [Double], width: Int, height: Int) -> Warp {
        .affine([(box[2] - box[0]) / Double(width), 0, box[0], 0, (box[3] - box[1]) / Double(height), box[1]])
    }

    /// The map that stretches a quadrilateral, given by its north-west, south-west, south-east and north-east corners, over the output.
    package static func corners(_ c: [Double], width: Int, height: Int) -> Warp {
        let (alongX, alongY) = (1 / Double(width), 1 / Double(height))
        return .quad([
            c[0], (c[6] - c[0]) * alongX, (c[2] - c[0]) * alongY, (c[4] - c[2] - c[6] + c[0]) * alongX * alongY,
            c[1], (c[7] - c[1]) * alongX, (c[3] - c[1]) * alongY, (c[5] - c[3] - c[7] + c[1]) * alongX * alongY,
        ])
    }

    var coefficients: [Double] {
        switch self {
        case .affine(let a), .perspective(let a), .quad(let a): a
        }
    }

    @inline(__always)
    func position(_ a: UnsafePointer<Double>, _ column: Int, _ row: Int) -> (x: Double, y: Double) {
        let (x, y) = (Double(column) + 0.5, Double(row) + 0.5)
        switch self {
        case .affine: return (a[0] * x + a[1] * y + a[2], a[3] * x + a[4] * y + a[5])
        case .perspective:
            return ((a[0] * x + a[1] * y + a[2]) / (a[6] * x + a[7] * y + 1), (a[3] * x + a[4] * y + a[5]) / (a[6] * x + a[7] * y + 1))
        case .quad: return (a[0] + a[1] * x + a[2] * y + a[3] * x * y, a[4] + a[5] * x + a[6] * y + a[7] * x * y)
        }
    }
}

/// The pixel a coordinate falls into; -1 for everything left of the image, and for what is no number.
@inline(__always)
private func cell(_ v: Double) -> Int { v >= 0 && v < 1e9 ? Int(v) : -1 }

/// The floor of a finite coordinate of moderate size.
@inline(__always)
private func floored(_ v: Double) -> Int { Int(v.rounded(.down)) }

extension Image {
    /// An image of the given size whose pixels are looked up through `warp`; where that leads outside, `fill` (zero when nil) shows.
    package func transformed(_ warp: Warp, _ width: Int, _ height: Int, _ filter: Resampling, fill: [UInt8]?) throws(VisionError) -> Image {
        if mode == .grayAlpha || mode == .rgba, filter != .nearest {
            let premultiplied: Mode = mode == .rgba ? .premultipliedRGB : .premultipliedGray
            return try converted(to: premultiplied).transformed(warp, width, height, filter, fill: fill).converted(to: mode)
        }
        let filter = mode == .binary || mode == .palette ? .nearest : filter
        let result = try similar(width, height)
        if let fill { result.fill(fill) } else { memset(result.pixels, 0, result.byteCount) }
        if self.width == 0 || self.height == 0 { return result }
        switch filter {
        case .nearest:
            if case .affine(let a) = warp, mode != .uint16 { nearestAffine(a, into: result) } else { nearest(warp, into: result) }
        case .bilinear: interpolated(warp, into: result, taps: 2)
        case .bicubic: interpolated(warp, into: result, taps: 4)
        case .box, .hamming, .lanczos:
            throw .value(
                "Image.Resampling.\(filter.name) (\(filter.rawValue)) cannot be used. Use Image.Resampling.NEAREST (0), "
                    + "Image.Resampling.BILINEAR (2) or Image.Resampling.BICUBIC (3)")
        }
        return result
    }

    // MARK: Nearest neighbour

    private func nearestAffine(_ a: [Double], into result: Image) {
        if a[1] == 0, a[3] == 0 { return nearestScaled(a, into: result) }
        func fits(_ x: Int, _ y: Int) -> Bool {
            abs(Double(x) * a[0] + Double(y) * a[1] + a[2]) < 32_768 && abs(Double(x) * a[3] + Double(y) * a[4] + a[5]) < 32_768
        }
        if fits(0, 0), fits(result.width, result.height), fits(0, result.height), fits(result.width, 0) {
            switch mode.pixelSize {
            case 1: nearestFixed(a, into: result) { $0.pointee = $1.pointee }
            case 3:
                nearestFixed(a, into: result) {
                    $0[0] = $1[0]
                    $0[1] = $1[1]
                    $0[2] = $1[2]
                }
            case 2: nearestFixed(a, into: result) { memcpy($0, $1, 2) }
            default: nearestFixed(a, into: result) { memcpy($0, $1, 4) }
            }
            return
        }
        let size = mode.pixelSize
        var (startX, startY) = (a[2] + a[1] * 0.5 + a[0] * 0.5, a[5] + a[4] * 0.5 + a[3] * 0.5)
        for y in 0..<result.height {
            var (x, v) = (startX, startY)
            for column in 0..<result.width {
                let (i, j) = (cell(x), cell(v))
                if i >= 0, i < width, j >= 0, j < height { memcpy(result.row(y) + column * size, row(j) + i * size, size) }
                x += a[0]
                v += a[3]
            }
            startX += a[1]
            startY += a[4]
        }
    }

    /// Axes stay apart: one table of columns serves every row.
    private func nearestScaled(_ a: [Double], into result: Image) {
        let size = mode.pixelSize
        var columns: [Int] = []
        columns.reserveCapacity(result.width)
        var x = a[2] + a[0] * 0.5
        for _ in 0..<result.width {
            let i = cell(x)
            columns.append(i < width ? i : -1)
            x += a[0]
        }
        var y = a[5] + a[4] * 0.5
        for outputRow in 0..<result.height {
            let j = cell(y)
            y += a[4]
            guard j >= 0, j < height else { continue }
            let (input, output) = (row(j), result.row(outputRow))
            if size == 3 {
                for (column, i) in columns.enumerated() where i >= 0 {
                    output[column * 3] = input[i * 3]
                    output[column * 3 + 1] = input[i * 3 + 1]
                    output[column * 3 + 2] = input[i * 3 + 2]
                }
            } else {
                for (column, i) in columns.enumerated() where i >= 0 { memcpy(output + column * size, input + i * size, size) }
            }
        }
    }

    /// 16.16 fixed point: steps are added, never multiplied.
    @inline(__always)
    private func nearestFixed(
        _ a: [Double], into result: Image, _ copyPixel: (UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<UInt8>) -> Void
    ) {
        func fixed(_ v: Double) -> Int { floored(v * 65_536 + 0.5) }
        let (a0, a1, a3, a4) = (fixed(a[0]), fixed(a[1]), fixed(a[3]), fixed(a[4]))
        var startX = fixed(a[2] + a[0] * 0.5 + a[1] * 0.5)
        var startY = fixed(a[5] + a[3] * 0.5 + a[4] * 0.5)
        let (size, w, h) = (mode.pixelSize, UInt(width), UInt(height))
        for y in 0..<result.height {
            var (x, v) = (startX, startY)
            var output = result.row(y)
            for _ in 0..<result.width {
                let (i, j) = (x >> 16, v >> 16)
                if UInt(bitPattern: i) < w, UInt(bitPattern: j) < h { copyPixel(output, pixels + (j * width + i) * size) }
                output += size
                x &+= a0
                v &+= a3
            }
            startX &+= a1
            startY &+= a4
        }
    }

    private func nearest(_ warp: Warp, into result: Image) {
        let size = mode.pixelSize
        warp.coefficients.withUnsafeBufferPointer { a in
            guard let a = a.baseAddress else { return }
            for y in 0..<result.height {
                for x in 0..<result.width {
                    let p = warp.position(a, x, y)
                    let (i, j) = (cell(p.x), cell(p.y))
                    if i >= 0, i < width, j >= 0, j < height { memcpy(result.row(y) + x * size, row(j) + i * size, size) }
                }
            }
        }
    }

    // MARK: Interpolation

    private func interpolated(_ warp: Warp, into result: Image, taps: Int) {
        let size = mode.pixelSize
        warp.coefficients.withUnsafeBufferPointer { a in
            guard let a = a.baseAddress else { return }
            for y in 0..<result.height {
                for x in 0..<result.width {
                    let p = warp.position(a, x, y)
                    guard p.x >= 0, p.x < Double(width), p.y >= 0, p.y < Double(height) else { continue }
                    let output = result.row(y) + x * size
                    switch mode.component {
                    case .byte:
                        for b in 0..<size {
                            let v = taps == 2 ? bilinear(p.x, p.y) { Double($0[$1 * size + b]) } : bicubic(p.x, p.y) { Double($0[$1 * size + b]) }
                            output[b] = UInt8(max(0, min(255, v)))
                        }
                    case .uint16:
                        let v = sample(p.x, p.y, taps) { Double(UnsafeRawPointer($0).loadUnaligned(fromByteOffset: $1 * 2, as: UInt16.self)) }
                        UnsafeMutableRawPointer(output).storeBytes(of: UInt16(max(0, min(65_535, v))), as: UInt16.self)
                    case .int32:
                        let v = sample(p.x, p.y, taps) { Double(UnsafeRawPointer($0).loadUnaligned(fromByteOffset: $1 * 4, as: Int32.self)) }
                        UnsafeMutableRawPointer(output).storeBytes(of: Int32(max(-2_147_483_648, min(2_147_483_647, v))), as: Int32.self)
                    case .float32:
                        let v = sample(p.x, p.y, taps) { Double(UnsafeRawPointer($0).loadUnaligned(fromByteOffset: $1 * 4, as: Float.self)) }
                        UnsafeMutableRawPointer(output).storeBytes(of: Float(v), as: Float.self)
                    }
                }
            }
        }
    }

    private func sample(_ x: Double, _ y: Double, _ taps: Int, _ load: (UnsafeMutablePointer<UInt8>, Int) -> Double) -> Double {
        taps == 2 ? bilinear(x, y, load) : bicubic(x, y, load)
    }

    @inline(__always)
    private func bilinear(_ x: Double, _ y: Double, _ load: (UnsafeMutablePointer<UInt8>, Int) -> Double) -> Double {
        let (u, v) = (x - 0.5, y - 0.5)
        let (i, j) = (floored(u), floored(v))
        let (dx, dy) = (u - Double(i), v - Double(j))
        let (left, right) = (min(max(i, 0), width - 1), min(max(i + 1, 0), width - 1))
        func along(_ line: UnsafeMutablePointer<UInt8>) -> Double {
            let (a, b) = (load(line, left), load(line, right))
            return a + (b - a) * dx
        }
        let upper = along(row(min(max(j, 0), height - 1)))
        let lower = j + 1 >= 0 && j + 1 < height ? along(row(j + 1)) : upper
        return upper + (lower - upper) * dy
    }

    @inline(__always)
    private func bicubic(_ x: Double, _ y: Double, _ load: (UnsafeMutablePointer<UInt8>, Int) -> Double) -> Double {
        let (u, v) = (x - 0.5, y - 0.5)
        let (i, j) = (floored(u), floored(v))
        let (dx, dy) = (u - Double(i), v - Double(j))
        func column(_ k: Int) -> Int { min(max(i + k, 0), width - 1) }
        let columns = (column(-1), column(0), column(1), column(2))
        func along(_ line: UnsafeMutablePointer<UInt8>) -> Double {
            Image.cubic(load(line, columns.0), load(line, columns.1), load(line, columns.2), load(line, columns.3), dx)
        }
        let first = along(row(min(max(j - 1, 0), height - 1)))
        let second = j >= 0 && j < height ? along(row(j)) : first
        let third = j + 1 >= 0 && j + 1 < height ? along(row(j + 1)) : second
        let fourth = j + 2 >= 0 && j + 2 < height ? along(row(j + 2)) : third
        return Image.cubic(first, second, third, fourth, dy)
    }

    @inline(__always)
    private static func cubic(_ v1: Double, _ v2: Double, _ v3: Double, _ v4: Double, _ d: Double) -> Double {
        let p2 = -v1 + v3
        let p3 = 2 * (v1 - v2) + v3 - v4
        let p4 = -v1 + v2 - v3 + v4
        return v2 + d * (p2 + d * (p3 + d * p4))
    }
}
