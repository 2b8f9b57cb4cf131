import Kernels
import Tensors

/// What a dataset's item becomes: an image, or a tensor.
package enum Sample {
    case image(Image)
    case tensor(Tensor)
}

/// A chain of transforms that runs without the language: image steps, then perhaps the step to a tensor.
package struct SampleChain: Sendable {
    package enum Ending: Sendable {
        case image
        /// Bytes `[bands, height, width]`.
        case bytes
        /// Values divided by 255, `[bands, height, width]`, then (v − mean) / std for each band.
        case floats(mean: [Float], std: [Float])
    }

    package var steps: [ImageTransform]
    package var ending: Ending

    package init(steps: [ImageTransform], ending: Ending = .image) {
        self.steps = steps
        self.ending = ending
    }

    package func callAsFunction(_ image: Image, _ random: inout MersenneTwister) throws(VisionError) -> Sample {
        var current = image
        for step in steps { current = try step(current, &random) }
        switch ending {
        case .image: return .image(current)
        case .bytes: return .tensor(try current.byteTensor())
        case .floats(let mean, let std): return .tensor(try current.floatTensor(mean: mean, std: std))
        }
    }
}

extension Image {
    private func tensor(_ dtype: DType) throws(VisionError) -> Tensor {
        do throws(TensorError) { return try Tensor.empty([mode.bandCount, height, width], dtype: dtype) } catch {
            throw VisionError(.memory, error.message)
        }
    }

    /// The values with the bands first, in the dtype that holds them.
    package func byteTensor() throws(VisionError) -> Tensor {
        let count = width * height
        switch mode.component {
        case .byte:
            let result = try tensor(.uint8)
            let (size, output) = (mode.pixelSize, result.pointer.assumingMemoryBound(to: UInt8.self))
            for b in 0..<size { for i in 0..<count { output[b * count + i] = pixels[i * size + b] } }
            return result
        case .int32, .float32:
            let result = try tensor(mode == .int32 ? .int32 : .float32)
            result.pointer.copyMemory(from: pixels, byteCount: byteCount)
            return result
        case .uint16:
            let result = try tensor(.int16)
            result.pointer.copyMemory(from: pixels, byteCount: byteCount)
            return result
        }
    }

    /// Bytes divided by 255 with the bands first; other numbers as they are. Then (v − mean) / std where given, one each or one for all.
    package func floatTensor(mean: [Float] = [], std: [Float] = []) throws(VisionError) -> Tensor {
        guard mode.isBytes else { return try byteTensor() }
        let bands = mode.bandCount
        for given in [mean, std] where !given.isEmpty && given.count != 1 && given.count != bands {
            throw VisionError(
                .runtime, "The size of tensor a (\(bands)) must match the size of tensor b (\(given.count)) at non-singleton dimension 0")
        }
        let result = try tensor(.float32)
        let (size, count) = (mode.pixelSize, width * height)
        let output = result.pointer.assumingMemoryBound(to: Float.self)
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 256) { table in
            for b in 0..<size {
                let shift = mean.isEmpty ? 0 : mean[mean.count == 1 ? 0 : b]
                let scale = std.isEmpty ? 1 : std[std.count == 1 ? 0 : b]
                for v in 0..<256 { table[v] = mean.isEmpty ? Float(v) / 255 : (Float(v) / 255 - shift) / scale }
                for i in 0..<count { output[b * count + i] = table[Int(pixels[i * size + b])] }
            }
        }
        return result
    }
}
