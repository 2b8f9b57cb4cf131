import Kernels

/// A convolution or linear layer made ready for the int8 kernels: packed weights, folded bias, per-channel shifts.
///
/// Activations are bytes value + 128, channels last. Only layers whose sums provably stay within int32 are made ready; the others stay
/// with the reference. Then wrapping sums are exact and no saturation of the accumulator can occur.
final class IntegerKernel {
    private enum Form {
        case product
        case patches
        case depthwise
    }

    private let form: Form
    private let convolution: IntegerConvolution
    private let weights: Int8Weights
    private let epilogue: Int8Epilogue?
    private let start: [Int32]

    /// Nil where the reference must do it.
    init?(_ operation: IntegerOperation, input: IntegerValue, output: IntegerValue, march: March) {
        let c: IntegerConvolution
        switch operation {
        case .convolution(let convolution), .linear(let convolution): c = convolution
        default: return nil
        }
        guard input.type == .int8, output.type == .int8 || (output.type == .int32 && c.rescale.isEmpty && c.alignment.isEmpty && !c.rectifies) else { return nil }
        let width = c.weightShape.dropFirst().reduce(1, *)
        let isLinear = c.weightShape.count == 2
        let pointwise = isLinear || (c.weightShape[2] == 1 && c.weightShape[3] == 1 && c.stride == [1, 1] && c.padding == [0, 0])
        if c.isDepthwise {
            guard c.outChannels % 16 == 0, c.groups == input.shape[1] else { return nil }
            form = .depthwise
        } else {
            guard c.groups == 1 else { return nil }
            form = pointwise && width % 4 == 0 ? .product : .patches
        }
        if output.type == .int32, form == .depthwise { return nil }
        if isLinear, form != .product { return nil }
        guard let start = IntegerKernel.starts(c, width) else { return nil }
        self.start = start
        convolution = c
        weights = Int8Weights(IntegerKernel.ordered(c), channels: c.outChannels, width: width)
        epilogue = output.type == .int32 ? nil : IntegerKernel.makeEpilogue(c, start, march)
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

    private static func makeEpilogue(_ c: IntegerConvolution, _ start: [Int32], _ march: March) -> Int8Epilogue {
        let channels = c.rescale.indices.map { o in
            var channel = Int8Epilogue.Channel(
                start: start[o], multiplier: Int32(c.rescale[o].multiplier), preShift: Int32(c.rescale[o].preShift), postShift: Int32(c.rescale[o].postShift))
            if !c.alignment.isEmpty { (channel.alignMultiplier, channel.alignShift) = (Int32(c.alignment[o].multiplier), Int32(c.alignment[o].shift)) }
            return channel
        }
        return Int8Epilogue(channels, rounds: march.roundsShifts, rectifies: c.rectifies)
    }

    private func geometry(_ input: IntegerValue, _ output: IntegerValue) -> Int8Geometry {
        Int8Geometry(
            batch: input.shape[0], height: input.shape[2], width: input.shape[3], channels: input.shape[1], outHeight: output.shape[2], outWidth: output.shape[3],
            kernel: Array(convolution.weightShape[2...]), stride: convolution.stride, padding: convolution.padding, dilation: convolution.dilation)
    }

    /// Bytes to bytes, or to int32 where the layer has no rescale. `scratch` gives memory for patches.
    func run(_ x: UnsafePointer<UInt8>, _ input: IntegerValue, residual: UnsafePointer<UInt8>?, _ y: UnsafeMutableRawPointer, _ output: IntegerValue, scratch: (Int) -> UnsafeMutablePointer<UInt8>) {
        let rows = output.count / max(convolution.outChannels, 1)
        if form == .depthwise, let epilogue {
            int8Depthwise(geometry(input, output), x, weights, epilogue, residual: residual, y.assumingMemoryBound(to: UInt8.self))
            return
        }
        var source = x
        if form == .patches {
            let patches = scratch(rows * weights.depth)
            int8Patches(geometry(input, output), x, depth: weights.depth, patches)
            source = UnsafePointer(patches)
        }
        if let epilogue {
            int8Product(source, rows: rows, stride: weights.depth, weights, epilogue, residual: residual, y.assumingMemoryBound(to: UInt8.self))
        } else {
            start.withUnsafeBufferPointer { int8Product(source, rows: rows, stride: weights.depth, weights, start: $0.baseAddress!, y.assumingMemoryBound(to: Int32.self)) }
        }
    }
}
