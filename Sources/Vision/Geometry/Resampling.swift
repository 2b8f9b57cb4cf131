import Glibc

/// Ways to compute a pixel between pixels; raw values are Pillow's `Resampling` constants.
package enum Resampling: Int, Sendable, CaseIterable {
    case nearest = 0, lanczos = 1, bilinear = 2, bicubic = 3, box = 4, hamming = 5

    package var name: String {
        switch self {
        case .nearest: "NEAREST"
        case .lanczos: "LANCZOS"
        case .bilinear: "BILINEAR"
        case .bicubic: "BICUBIC"
        case .box: "BOX"
        case .hamming: "HAMMING"
        }
    }

    /// Half the width of the kernel, in input pixels when enlarging.
    var support: Double {
        switch self {
        case .nearest, .box: 0.5
        case .bilinear, .hamming: 1
        case .bicubic: 2
        case .lanczos: 3
        }
    }

    func weight(_ signed: Double) -> Double {
        let x = abs(signed)
        switch self {
        case .nearest, .box: return signed > -0.5 && signed <= 0.5 ? 1 : 0
        case .bilinear: return x < 1 ? 1 - x : 0
        case .hamming:
            if x == 0 { return 1 }
            if x >= 1 { return 0 }
            let angle = x * Double.pi
            // Single-precision constants, as the original filter has them.
            return sin(angle) / angle * (Double(Float(0.54)) + Double(Float(0.46)) * cos(angle))
        case .bicubic:
            let a = -0.5
            if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
            if x < 2 { return (((x - 5) * x + 8) * x - 4) * a }
            return 0
        case .lanczos: return -3 <= signed && signed < 3 ? Resampling.sinc(signed) * Resampling.sinc(signed / 3) : 0
        }
    }

    private static func sinc(_ x: Double) -> Double {
        if x == 0 { return 1 }
        let angle = x * Double.pi
        return sin(angle) / angle
    }
}

/// For every output position along one axis: which input positions it mixes, with which weights.
struct ResamplingWeights {
    /// First input position and number of positions, for each output position.
    var bounds: [(first: Int, count: Int)] = []
    /// `width` weights for each output position, zero past its count.
    var values: [Double] = []
    /// The weights in 22-bit fixed point.
    var fixedPoint: [Int32] = []
    let width: Int

    /// `low..<high` is the stretch of the input axis (of `input` pixels) that becomes `output` pixels.
    init(input: Int, low: Float, high: Float, output: Int, filter: Resampling) {
        let scale = Double(high - low) / Double(output)
        let stretch = max(scale, 1)
        let support = filter.support * stretch
        width = Int(support.rounded(.up)) * 2 + 1
        values.reserveCapacity(output * width)
        for x in 0..<output {
            let center = Double(low) + (Double(x) + 0.5) * scale
            let first = max(0, Int(center - support + 0.5))
            let last = min(input, Int(center + support + 0.5))
            let count = max(0, last - first)
            let weights = (0..<count).map { filter.weight((Double($0 + first) - center + 0.5) * (1 / stretch)) }
            let total = weights.reduce(0, +)
            bounds.append((first, count))
            values += weights.map { total == 0 ? $0 : $0 / total }
            values += [Double](repeating: 0, count: max(0, width - count))
        }
        fixedPoint = values.map { Int32($0 < 0 ? -0.5 + $0 * Double(1 << 22) : 0.5 + $0 * Double(1 << 22)) }
    }

}

extension Image {
    /// The part `box` (left, top, right, bottom; the whole image when nil) scaled to `width` × `height`.
    package func resized(_ width: Int, _ height: Int, _ filter: Resampling, box: (Double, Double, Double, Double)? = nil) throws(VisionError) -> Image
    {
        guard width > 0, height > 0 else { throw .value("height and width must be > 0") }
        let box = box ?? (0, 0, Double(self.width), Double(self.height))
        guard box.0 >= 0, box.1 >= 0 else { throw .value("box offset can't be negative") }
        guard box.2 <= Double(self.width), box.3 <= Double(self.height) else { throw .value("box can't exceed original image size") }
        guard box.2 > box.0, box.3 > box.1 else { throw .value("box can't be empty") }
        if (width, height) == (self.width, self.height), box == (0, 0, Double(width), Double(height)) { return try copy() }
        let filter = mode == .binary || mode == .palette ? .nearest : filter
        if filter == .nearest {
            let matrix = [(box.2 - box.0) / Double(width), 0, box.0, 0, (box.3 - box.1) / Double(height), box.1]
            return try transformed(.affine(matrix), width, height, .nearest, fill: nil)
        }
        if mode == .grayAlpha || mode == .rgba {
            return try converted(to: mode == .rgba ? .premultipliedRGB : .premultipliedGray).resampled(width, height, filter, box).converted(to: mode)
        }
        return try resampled(width, height, filter, box)
    }

    /// Two passes. Their order shows in the last bit, so it is Pillow's: columns first where the height shrinks by more than twice what the
    /// width does, else rows first.
    private func resampled(_ width: Int, _ height: Int, _ filter: Resampling, _ box: (Double, Double, Double, Double)) throws(VisionError) -> Image {
        let (left, top, right, bottom) = (Float(box.0), Float(box.1), Float(box.2), Float(box.3))
        let horizontal: ResamplingWeights? =
            width != self.width || left != 0 || right != Float(width)
            ? ResamplingWeights(input: self.width, low: left, high: right, output: width, filter: filter) : nil
        let vertical: ResamplingWeights? =
            height != self.height || top != 0 || bottom != Float(height)
            ? ResamplingWeights(input: self.height, low: top, high: bottom, output: height, filter: filter) : nil
        if height < self.height, self.height - height > 2 * (self.width - width) {
            return try mixedVertically(vertical, height, from: 0).mixedHorizontally(horizontal, width, rows: 0..<height)
        }
        let first = vertical?.bounds.first?.first ?? 0
        let end = vertical?.bounds.last.map { $0.first + $0.count } ?? self.height
        if horizontal == nil { return try mixedVertically(vertical, height, from: 0) }
        return try mixedHorizontally(horizontal, width, rows: first..<end).mixedVertically(vertical, height, from: first)
    }

    /// The given rows, each mixed along itself; the image itself without weights.
    private func mixedHorizontally(_ weights: ResamplingWeights?, _ width: Int, rows: Range<Int>) throws(VisionError) -> Image {
        guard let weights else { return self }
        let result = try similar(width, rows.count)
        for y in rows {
            mix(row(y), result.row(y - rows.lowerBound), weights, groups: 1, inputStep: mode.pixelSize, outputStep: mode.pixelSize)
        }
        return result
    }

    /// Rows mixed with each other; `first` is the number of the row the image starts with, as the weights count them.
    private func mixedVertically(_ weights: ResamplingWeights?, _ height: Int, from first: Int) throws(VisionError) -> Image {
        guard var weights else { return self }
        for i in weights.bounds.indices { weights.bounds[i].first -= first }
        let result = try similar(width, height)
        mix(pixels, result.pixels, weights, groups: mode.isBytes ? rowBytes : width, inputStep: rowBytes, outputStep: rowBytes)
        return result
    }

    /// Mixes along one axis whose positions lie `inputStep` bytes apart. A position holds `groups` independent elements: the bands of a
    /// pixel (horizontally), or all bytes of a row (vertically).
    private func mix(
        _ input: UnsafeMutablePointer<UInt8>, _ output: UnsafeMutablePointer<UInt8>, _ weights: ResamplingWeights, groups: Int, inputStep: Int,
        outputStep: Int
    ) {
        switch mode.component {
        case .byte: mixBytes(input, output, weights, elements: groups == 1 ? mode.pixelSize : groups, inputStep, outputStep)
        case .int32:
            mixNumbers(input, output, weights, elements: groups, 4, inputStep, outputStep) {
                Double($0.loadUnaligned(as: Int32.self))
            } store: {
                $0.storeBytes(of: Int32($1 >= 0 ? $1 + 0.5 : $1 - 0.5), as: Int32.self)
            }
        case .float32:
            mixNumbers(input, output, weights, elements: groups, 4, inputStep, outputStep) {
                Double($0.loadUnaligned(as: Float.self))
            } store: {
                $0.storeBytes(of: Float($1), as: Float.self)
            }
        case .uint16:
            mixNumbers(input, output, weights, elements: groups, 2, inputStep, outputStep) {
                Double($0.loadUnaligned(as: UInt16.self))
            } store: {
                $0.storeBytes(of: UInt16(max(0, min(65_535, $1 + 0.5))), as: UInt16.self)
            }
        }
    }

    private func mixBytes(
        _ input: UnsafeMutablePointer<UInt8>, _ output: UnsafeMutablePointer<UInt8>, _ weights: ResamplingWeights, elements: Int, _ inputStep: Int,
        _ outputStep: Int
    ) {
        var sums = [Int32](repeating: 0, count: elements)
        weights.fixedPoint.withUnsafeBufferPointer { fixed in
            sums.withUnsafeMutableBufferPointer { sums in
                for (i, bound) in weights.bounds.enumerated() {
                    for e in 0..<elements { sums[e] = 1 << 21 }
                    for k in 0..<bound.count {
                        let weight = fixed[i * weights.width + k]
                        let p = input + (bound.first + k) * inputStep
                        for e in 0..<elements { sums[e] &+= Int32(p[e]) &* weight }
                    }
                    let q = output + i * outputStep
                    for e in 0..<elements { q[e] = UInt8(truncatingIfNeeded: max(0, min(255, sums[e] >> 22))) }
                }
            }
        }
    }

    @inline(__always)
    private func mixNumbers(
        _ input: UnsafeMutablePointer<UInt8>, _ output: UnsafeMutablePointer<UInt8>, _ weights: ResamplingWeights, elements: Int, _ size: Int,
        _ inputStep: Int, _ outputStep: Int, load: (UnsafeRawPointer) -> Double, store: (UnsafeMutableRawPointer, Double) -> Void
    ) {
        for (i, bound) in weights.bounds.enumerated() {
            for e in 0..<elements {
                var sum = 0.0
                for k in 0..<bound.count {
                    sum += load(UnsafeRawPointer(input) + (bound.first + k) * inputStep + e * size) * weights.values[i * weights.width + k]
                }
                store(UnsafeMutableRawPointer(output) + i * outputStep + e * size, sum)
            }
        }
    }
}
