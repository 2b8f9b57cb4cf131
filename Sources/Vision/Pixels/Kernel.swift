import Glibc

/// A 3×3 or 5×5 convolution kernel, bottom row first, weights already divided by the scale.
package struct Kernel: Sendable {
    package let size: Int
    package let weights: [Float]
    package let offset: Float

    /// `weights` has `size`² elements; `size` is 3 or 5. Throws for other sizes and for a scale of zero.
    package init(_ size: Int, _ weights: [Float], scale: Float? = nil, offset: Float = 0) throws(VisionError) {
        guard size == 3 || size == 5 else { throw .value("bad kernel size") }
        guard weights.count == size * size else { throw .value("not enough coefficients in kernel") }
        let divisor = scale ?? weights.reduce(0, +)
        self.size = size
        self.weights = weights.map { $0 / divisor }
        self.offset = offset
    }

    private init(fixed size: Int, _ weights: [Float], _ scale: Float, _ offset: Float = 0) {
        self.size = size
        self.weights = weights.map { $0 / scale }
        self.offset = offset
    }

    package static let smooth = Kernel(fixed: 3, [1, 1, 1, 1, 5, 1, 1, 1, 1], 13)
}

extension Image {
    /// Each band convolved; the border, where the kernel does not fit, stays as it is.
    package func filtered(_ kernel: Kernel) throws(VisionError) -> Image {
        guard mode.isBytes, mode != .palette, mode != .binary else { throw .value("cannot filter palette images") }
        guard width >= kernel.size, height >= kernel.size else { return try copy() }
        let result = try similar(width, height)
        let (margin, step) = (kernel.size / 2, mode.pixelSize)
        let bytes = rowBytes
        memcpy(result.pixels, pixels, margin * bytes)
        memcpy(result.row(height - margin), row(height - margin), margin * bytes)
        let rounding = kernel.offset + 0.5
        for y in margin..<height - margin {
            let output = result.row(y)
            memcpy(output, row(y), margin * step)
            memcpy(output + bytes - margin * step, row(y) + bytes - margin * step, margin * step)
            if kernel.size == 3 {
                convolve3(kernel.weights, y, output, rounding, step)
            } else {
                convolve5(kernel.weights, y, output, rounding, step)
            }
        }
        return result
    }

    private func convolve3(_ k: [Float], _ y: Int, _ output: UnsafeMutablePointer<UInt8>, _ rounding: Float, _ step: Int) {
        let (k0, k1, k2, k3, k4, k5, k6, k7, k8) = (k[0], k[1], k[2], k[3], k[4], k[5], k[6], k[7], k[8])
        let (above, here, below) = (row(y - 1), row(y), row(y + 1))
        let (aboveHere, aboveRight, hereHere, hereRight) = (above + step, above + 2 * step, here + step, here + 2 * step)
        let (belowHere, belowRight, result) = (below + step, below + 2 * step, output + step)
        for i in 0..<max(0, rowBytes - 2 * step) {
            var sum = rounding
            sum += Float(below[i]) * k0 + Float(belowHere[i]) * k1 + Float(belowRight[i]) * k2
            sum += Float(here[i]) * k3 + Float(hereHere[i]) * k4 + Float(hereRight[i]) * k5
            sum += Float(above[i]) * k6 + Float(aboveHere[i]) * k7 + Float(aboveRight[i]) * k8
            result[i] = truncatedByte(sum)
        }
    }

    private func convolve5(_ k: [Float], _ y: Int, _ output: UnsafeMutablePointer<UInt8>, _ rounding: Float, _ step: Int) {
        for i in 2 * step..<rowBytes - 2 * step {
            var sum = rounding
            for line in 0..<5 {
                let p = row(y + 2 - line) + i
                let w = line * 5
                sum +=
                    Float(p[-2 * step]) * k[w] + Float(p[-step]) * k[w + 1] + Float(p[0]) * k[w + 2] + Float(p[step]) * k[w + 3]
                    + Float(p[2 * step]) * k[w + 4]
            }
            output[i] = UInt8(truncatingIfNeeded: Int32(max(0, min(255, sum))))
        }
    }
}
