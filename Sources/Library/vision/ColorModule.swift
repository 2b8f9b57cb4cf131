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
