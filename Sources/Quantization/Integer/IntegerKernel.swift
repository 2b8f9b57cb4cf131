import Kernels
import Tensors

/// A convolution or linear layer made ready for the int8 kernels: packed weights, folded bias, per-channel shifts.
///
/// Activations are bytes value + 128, channels last. Only layers whose sums provably stay within int32 are made ready; the others stay
/// with the reference. Then wrapping sums are exact and no saturation of the accumulator can occur.
final class IntegerKernel {
    private enum Form {
        case product
        case patches
        case depthwise
        /// One product for each group.
        case grouped
    }

    private let form: Form
    private let convolution: IntegerConvolution
    /// One, or one for each group.
    private let weights: [Int8Weights]
    /// As many as `weights`; none for int32 results.
    private let epilogues: [Int8Epilogue]
    private let start: [Int32]
    private let geometry: Int8Geometry
    /// Elements of the result.
    private let count: Int

    /// Whether no value of the operand is negative.
    private let nonnegative: Bool

    /// Nil where the reference must do it. `nonnegative` promises that no value of the operand is negative.
    init?(_ operation: IntegerOperation, input: IntegerValue, nonnegative: Bool, output: IntegerValue, march: March) {
        let c: IntegerConvolution
        switch operation {
        case .convolution(let convolution), .linear(let convolution): c = convolution
        default: return nil
        }
        guard input.type == .int8, output.type == .int8 || (output.type == .int32 && c.rescale.isEmpty && c.alignment.isEmpty && !c.rectifies) else {
            return nil
        }
        if output.type == .int32, c.groups > 1 { return nil }
        let width = c.weightShape.dropFirst().reduce(1, *)
        let isLinear = c.weightShape.count == 2
        let pointwise = isLinear || (c.weightShape[2] == 1 && c.weightShape[3] == 1 && c.stride == [1, 1] && c.padding == [0, 0])
        form = c.isDepthwise ? .depthwise : c.groups > 1 ? .grouped : pointwise && width % 4 == 0 ? .product : .patches
        guard let start = IntegerKernel.starts(c, width) else { return nil }
        self.start = start
        convolution = c
        self.nonnegative = nonnegative
        geometry = IntegerKernel.geometry(c, input, output)
        count = output.count
        let ordered = IntegerKernel.ordered(c)
        let groups = form == .grouped ? c.groups : 1
        let size = c.outChannels / groups
        let use = IntegerKernel.use(c, nonnegative: nonnegative)
        weights = (0..<groups).map {
            Int8Weights(Array(ordered[$0 * size * width..<($0 + 1) * size * width]), channels: size, width: width, for: use)
        }
        epilogues = output.type == .int32 ? [] : (0..<groups).map { IntegerKernel.makeEpilogue(c, start, $0 * size..<($0 + 1) * size, march, use) }
    }

    /// `bias − 128 · Σ w` per channel; nil where an accumulator could leave int32 (with room for the rounding constants).
    private static func starts(_ c: IntegerConvolution, _ width: Int) -> [Int32]? {
        var result: [Int32] = []
        result.reserveCapacity(c.outChannels)
        for o in 0..<c.outChannels {
            var (sum, magnitude) = (0, 0)
            for k in 0..<width {
                let w = Int(c.weight[o * width + k])
                sum += w
                magnitude += abs(w)
            }
            var bound = 128 * magnitude + abs(Int(c.bias[o])) + (1 << 20)
            if !c.alignment.isEmpty {
                let a = c.alignment[o]
                bound += a.shift >= 0 ? (128 * a.multiplier) >> a.shift + 1 : (128 * a.multiplier) << min(-a.shift, 24)
                if -a.shift > 24 { return nil }
            }
            let start = Int(c.bias[o]) - 128 * sum
            guard bound < 1 << 31, let exact = Int32(exactly: start) else { return nil }
            result.append(exact)
        }
        return result
    }

    /// Rows in the order the kernels read patches: `[kernelH, kernelW, in]` instead of `[in, kernelH, kernelW]`.
    private static func ordered(_ c: IntegerConvolution) -> [Int8] {
        guard c.weightShape.count == 4, c.weightShape[1] > 1, c.weightShape[2] * c.weightShape[3] > 1 else { return c.weight }
        let (inputs, area) = (c.weightShape[1], c.weightShape[2] * c.weightShape[3])
        var result = c.weight
        for o in 0..<c.outChannels {
            for i in 0..<inputs {
                for k in 0..<area { result[(o * area + k) * inputs + i] = c.weight[(o * inputs + i) * area + k] }
            }
        }
        return result
    }

    private static func use(_ c: IntegerConvolution, nonnegative: Bool) -> Int8Weights.Use {
        guard c.isDepthwise else { return nonnegative ? .unsignedRows : .signedRows }
        let areNarrow = c.weightShape[2...] == [3, 3] && c.dilation[1] == 1
        return areNarrow ? .narrowWindows(stride: c.stride[1], unsigned: nonnegative) : .windows
    }

    private static func makeEpilogue(_ c: IntegerConvolution, _ start: [Int32], _ group: Range<Int>, _ march: March, _ use: Int8Weights.Use)
        -> Int8Epilogue
    {
        let channels = group.map { o in
            var channel = Int8Epilogue.Channel(
                start: start[o], multiplier: Int32(c.rescale[o].multiplier), preShift: Int32(c.rescale[o].preShift),
                postShift: Int32(c.rescale[o].postShift))
            if !c.alignment.isEmpty {
                (channel.alignMultiplier, channel.alignShift) = (Int32(c.alignment[o].multiplier), Int32(c.alignment[o].shift))
            }
            return channel
        }
        return Int8Epilogue(channels, rounds: march.roundsShifts, rectifies: c.rectifies, for: use)
    }

    // MARK: Running

    /// Pixels of a linear layer are its rows.
    private static func geometry(_ convolution: IntegerConvolution, _ input: IntegerValue, _ output: IntegerValue) -> Int8Geometry {
        let one = [1, 1]
        guard convolution.weightShape.count == 4 else {
            let width = convolution.weightShape[1]
            return Int8Geometry(
                batch: input.count / max(width, 1), height: 1, width: 1, channels: width, outHeight: 1, outWidth: 1, kernel: one, stride: one,
                padding: [0, 0], dilation: one)
        }
        return Int8Geometry(
            batch: input.shape[0], height: input.shape[2], width: input.shape[3], channels: input.shape[1], outHeight: output.shape[2],
            outWidth: output.shape[3],
            kernel: Array(convolution.weightShape[2...]), stride: convolution.stride, padding: convolution.padding, dilation: convolution.dilation)
    }

    /// Bytes to bytes, or to int32 where the layer has no rescale; arrays without gaps.
    func run(_ x: UnsafePointer<UInt8>, residual: UnsafePointer<UInt8>?, _ y: UnsafeMutableRawPointer) throws(TensorError) {
        switch form {
        case .depthwise: try depthwise(x, residual, y.assumingMemoryBound(to: UInt8.self))
        case .product: product(x, residual, y, rows: count / max(convolution.outChannels, 1))
        case .patches, .grouped: try inChunks(x, residual, y)
        }
    }

    /// A few images at a time, so that their patches stay in the cache.
    private func inChunks(_ x: UnsafePointer<UInt8>, _ residual: UnsafePointer<UInt8>?, _ y: UnsafeMutableRawPointer) throws(TensorError) {
        let pixels = geometry.outHeight * geometry.outWidth
        let images = max(1, (1 << 18) / max(1, pixels * weights[0].depth))
        let patches = try Tensor.empty([min(images, geometry.batch) * pixels * weights[0].depth], dtype: .uint8)
        let size = epilogues.isEmpty ? MemoryLayout<Int32>.size : 1
        for first in stride(from: 0, to: geometry.batch, by: images) {
            var chunk = geometry
            chunk.batch = min(images, geometry.batch - first)
            let source = x + first * geometry.height * geometry.width * geometry.channels
            let at = first * pixels * convolution.outChannels
            let other = residual.map { $0 + at }
            if form == .grouped {
                try grouped(chunk, source, other, y.assumingMemoryBound(to: UInt8.self) + at, patches)
            } else {
                int8Patches(chunk, source, channels: 0..<geometry.channels, depth: weights[0].depth, patches.bytes)
                product(patches.bytes, other, y + at * size, rows: chunk.batch * pixels)
            }
        }
    }

    private func product(_ x: UnsafePointer<UInt8>, _ residual: UnsafePointer<UInt8>?, _ y: UnsafeMutableRawPointer, rows: Int) {
        if let epilogue = epilogues.first {
            int8Product(
                x, nonnegative: nonnegative, rows: rows, stride: weights[0].depth, weights[0], epilogue, residual: residual,
                y.assumingMemoryBound(to: UInt8.self))
        } else {
            start.withUnsafeBufferPointer {
                guard let start = $0.baseAddress else { return }
                int8Product(x, rows: rows, stride: weights[0].depth, weights[0], start: start, y.assumingMemoryBound(to: Int32.self))
            }
        }
    }

    /// The kernel takes channels by 16: other numbers are rounded up in copies.
    private func depthwise(_ x: UnsafePointer<UInt8>, _ residual: UnsafePointer<UInt8>?, _ y: UnsafeMutablePointer<UInt8>) throws(TensorError) {
        let channels = geometry.channels
        let padded = (channels + 15) / 16 * 16
        if padded == channels {
            int8Depthwise(geometry, x, nonnegative: nonnegative, weights[0], epilogues[0], residual: residual, y)
            return
        }
        let (inputs, outputs) = (geometry.batch * geometry.height * geometry.width, count / max(channels, 1))
        func widened(_ source: UnsafePointer<UInt8>, _ pixels: Int) throws(TensorError) -> Tensor {
            let result = try Tensor.empty([pixels * padded], dtype: .uint8)
            result.bytes.update(repeating: 128, count: result.count)
            int8Copy([pixels, channels], source, [channels, 1], result.bytes, [padded, 1])
            return result
        }
        var wide = geometry
        wide.channels = padded
        let source = try widened(x, inputs)
        let other = try residual.map { (r: UnsafePointer<UInt8>) throws(TensorError) in try widened(r, outputs) }
        let target = try Tensor.empty([outputs * padded], dtype: .uint8)
        withExtendedLifetime((source, other, target)) {
            int8Depthwise(
                wide, source.bytes, nonnegative: nonnegative, weights[0], epilogues[0], residual: other.map { UnsafePointer($0.bytes) }, target.bytes)
            int8Copy([outputs, channels], target.bytes, [padded, 1], y, [channels, 1])
        }
    }

    private func grouped(
        _ geometry: Int8Geometry, _ x: UnsafePointer<UInt8>, _ residual: UnsafePointer<UInt8>?, _ y: UnsafeMutablePointer<UInt8>, _ patches: Tensor
    ) throws(TensorError) {
        let (all, size, inputs, depth) = (
            convolution.outChannels, convolution.outChannels / convolution.groups, convolution.weightShape[1], weights[0].depth
        )
        let rows = geometry.batch * geometry.outHeight * geometry.outWidth
        let part = try Tensor.empty([rows * size], dtype: .uint8)
        let other = try Tensor.empty([residual == nil ? 0 : rows * size], dtype: .uint8)
        for g in 0..<convolution.groups {
            int8Patches(geometry, x, channels: g * inputs..<(g + 1) * inputs, depth: depth, patches.bytes)
            if let residual { int8Copy([rows, size], residual + g * size, [all, 1], other.bytes, [size, 1]) }
            int8Product(
                patches.bytes, nonnegative: nonnegative, rows: rows, stride: depth, weights[g], epilogues[g],
                residual: residual == nil ? nil : UnsafePointer(other.bytes), part.bytes)
            int8Copy([rows, size], part.bytes, [size, 1], y + g * size, [all, 1])
        }
    }
}

extension Tensor {
    /// The memory of a uint8 tensor without gaps; valid while the tensor lives.
    var bytes: UnsafeMutablePointer<UInt8> { pointer.assumingMemoryBound(to: UInt8.self) }
}
