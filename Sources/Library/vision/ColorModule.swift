import Interpreter
import Kernels
import Tensors
import Vision

// `_vision_color`: the accelerator's colors of byte images, a thread to an image.

extension VisionBinding {
    func fillColor(_ module: NativeModule) {
        function(module, "yuv", "input, swing, is_bgr, centered, rows") { [unowned self] a in
            guard let input = vm.tensor(a[0]), input.dtype == .uint8, input.rank == 4, input.shape[1] == 3,
                let swing = YUVSwing(rawValue: try text(a[1]))
            else { return .none }
            let rows = try vm.index(a[4])
            guard rows == 1 || rows == 3 else { throw vm.valueError("rows must be 1 or 3") }
            return vm.tensorValue(try converted(input, swing, isBGR: vm.isTrue(a[2]), centered: vm.isTrue(a[3]), rows: rows))
        }
        function(module, "normalize", "input, mean, std") { [unowned self] a in
            guard let input = vm.tensor(a[0]), let mean = try floats(a[1]), let std = try floats(a[2]),
                let result = try normalized(input, mean, std)
            else { return .none }
            return vm.tensorValue(result)
        }
    }

    /// A number, or the numbers of a list or tuple, in single precision; nil for anything else.
    private func floats(_ value: Value) throws -> [Float]? {
        if value.isFloat || value.isInt { return [Float(try vm.real(value))] }
        return value.tag == Tag.list || value.tag == Tag.tuple ? try numbers(value).map { Float($0) } : nil
    }

    /// (v − mean) / std for each channel of `[…, channels, height, width]` in one pass; nil where the general operations have to do it.
    private func normalized(_ input: Tensor, _ mean: [Float], _ std: [Float]) throws -> Tensor? {
        let rank = input.rank
        guard input.dtype == .float32, !input.requiresGrad, input.isContiguous, rank >= 3, !std.contains(0) else { return nil }
        let channels = input.shape[rank - 3]
        for given in [mean, std] where given.count != 1 && given.count != channels { return nil }
        let result = try Tensor.empty(input.shape, dtype: .float32)
        let count = input.shape[rank - 2] * input.shape[rank - 1]
        let source = input.pointer.assumingMemoryBound(to: Float.self)
        let output = result.pointer.assumingMemoryBound(to: Float.self)
        ThreadPool.shared.run(count == 0 ? 0 : input.count / (count * max(1, channels))) { image in
            for channel in 0..<channels {
                let (shift, scale) = (mean[mean.count == 1 ? 0 : channel], std[std.count == 1 ? 0 : channel])
                let start = (image * channels + channel) * count
                standardize(source + start, to: output + start, count, shift: shift, scale: scale)
            }
        }
        withExtendedLifetime(input) {}
        return result
    }

    /// `[batch, 3, height, width]` bytes in any order of memory whose pixels lie evenly apart, to int32 `[batch, rows, height, width]`.
    private func converted(_ given: Tensor, _ swing: YUVSwing, isBGR: Bool, centered: Bool, rows: Int) throws -> Tensor {
        let isEven = given.shape[3] <= 1 || given.shape[2] <= 1 || given.strides[2] == given.strides[3] * given.shape[3]
        let input = isEven ? given : try given.contiguous()
        let (height, width) = (input.shape[2], input.shape[3])
        let result = try Tensor.empty([input.shape[0], rows, height, width], dtype: .int32)
        let strides = input.strides
        // A single row or column has no even step of its own.
        let step = width > 1 ? strides[3] : strides[2]
        let source = input.pointer.assumingMemoryBound(to: UInt8.self)
        let output = result.pointer.assumingMemoryBound(to: Int32.self)
        let count = height * width
        ThreadPool.shared.run(input.shape[0]) { image in
            let bands = source + image * strides[0]
            swing.convert(
                red: bands + (isBGR ? 2 : 0) * strides[1], green: bands + strides[1], blue: bands + (isBGR ? 0 : 2) * strides[1], step: step,
                count: count, centered: centered, rows: rows, to: output + image * rows * count)
        }
        withExtendedLifetime(input) {}
        return result
    }
}
