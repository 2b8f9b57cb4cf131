import BPU
import BPUSimulator
import Interpreter
import Quantization
import Tensors

/// Running programs on the simulator with tensors and arrays of the language.
extension DeploymentBinding {
    func defineRunning() {
        let binding = self
        // Inputs: tensors or arrays, one for each input. `regions`: None, or (left, top, width, height) for each resizer input.
        vm.define(programClass, "run", "self, inputs, regions=None, /") { (vm, a) throws(PythonError) -> Value in
            let loaded = try binding.program(a[0])
            let items = try vm.collect(a[1])
            defer { for item in items { vm.heap.release(item) } }
            var tensors: [Tensor] = []
            for item in items { tensors.append(try binding.tensor(item)) }
            let regions = try a.has(2) && !a[2].isNone ? binding.regions(a[2]) : []
            return try binding.guarded {
                let header = loaded.program.header
                guard tensors.count == header.inputs.count else {
                    throw ProgramError.argument("the model takes \(header.inputs.count) inputs, \(tensors.count) were given")
                }
                var data: [ProgramTensor] = []
                for (k, input) in header.inputs.enumerated() { data.append(try binding.data(input, tensors[k], k < regions.count ? regions[k] : nil)) }
                let results = try loaded.simulator.run(data)
                var values: [Value] = []
                for (output, elements) in zip(header.outputs, results) { values.append(vm.tensorValue(try binding.result(output, elements))) }
                return vm.tuple(values)
            }
        }
    }

    private func tensor(_ value: Value) throws(PythonError) -> Tensor {
        if let tensor = vm.tensor(value) { return tensor.detach() }
        if let array = vm.nativeObject(value, as: NumpyArray.self) { return array.tensor.detach() }
        throw vm.typeError("inputs are tensors or arrays, not '\(vm.typeName(value))'")
    }

    private func regions(_ value: Value) throws(PythonError) -> [ImageRegion] {
        let items = try vm.collect(value)
        defer { for item in items { vm.heap.release(item) } }
        var result: [ImageRegion] = []
        for item in items {
            let parts = try vm.collect(item)
            defer { for part in parts { vm.heap.release(part) } }
            guard parts.count == 4 else { throw vm.valueError("a region is (left, top, width, height)") }
            var numbers: [Int] = []
            for part in parts { numbers.append(try vm.index(part)) }
            result.append(ImageRegion(left: numbers[0], top: numbers[1], width: numbers[2], height: numbers[3]))
        }
        return result
    }

    private func data(_ input: ProgramInput, _ tensor: Tensor, _ region: ImageRegion?) throws -> ProgramTensor {
        switch input.source {
        case .ddr:
            guard tensor.shape == input.shape else { throw ProgramError.argument("input '\(input.name)' has the shape \(input.shape), \(tensor.shape) was given") }
            let type: IntegerType =
                switch input.element {
                case .int8: .int8
                case .int16: .int16
                case .int32: .int32
                }
            let integers = tensor.dtype.isFloatingPoint ? try tensor.quantized(IntegerExecutor.step(input.scale, type), to: type.dtype) : tensor
            return .integers(try elements(integers))
        case .pyramid, .resizer:
            let bytes = try image(input, tensor)
            guard let region else {
                if input.source == .resizer { throw ProgramError.argument("input '\(input.name)' comes from the resizer: give its region (left, top, width, height)") }
                return .nv12(bytes)
            }
            return .nv12(try resized(input, tensor, bytes, region))
        }
    }

    /// NV12 bytes: as they are, of shape `[…, rows·3/2, columns]`.
    private func image(_ input: ProgramInput, _ tensor: Tensor) throws -> [UInt8] {
        guard tensor.dtype == .uint8 else {
            throw ProgramError.argument("input '\(input.name)' takes NV12 images as uint8 of shape [\(input.shape[0]), \(input.shape[2] * 3 / 2), \(input.shape[3])], not \(tensor.dtype.name)")
        }
        return try elements(tensor).map { UInt8(truncatingIfNeeded: $0) }
    }

    /// Every frame of a batch of larger images, cut and resized.
    private func resized(_ input: ProgramInput, _ tensor: Tensor, _ bytes: [UInt8], _ region: ImageRegion) throws -> [UInt8] {
        guard tensor.shape.count >= 2, input.source == .resizer else { throw ProgramError.argument("a region needs a resizer input and images of shape [frames, rows*3/2, columns]") }
        let (rows, width) = (tensor.shape[tensor.shape.count - 2], tensor.shape[tensor.shape.count - 1])
        let frameBytes = rows * width
        guard frameBytes > 0, rows % 3 == 0, bytes.count == frameBytes * input.shape[0] else {
            throw ProgramError.argument("input '\(input.name)' takes \(input.shape[0]) NV12 images of shape [rows*3/2, columns], \(tensor.shape) was given")
        }
        var result: [UInt8] = []
        for frame in 0..<input.shape[0] {
            result += try ImageResizer.resize(
                nv12: Array(bytes[frame * frameBytes..<(frame + 1) * frameBytes]), width: width, height: rows * 2 / 3, region: region, toWidth: input.shape[3],
                toHeight: input.shape[2])
        }
        return result
    }

    private func elements(_ tensor: Tensor) throws -> [Int32] {
        let wide = try tensor.to(.int32).contiguous()
        return Array(UnsafeBufferPointer(start: wide.pointer.assumingMemoryBound(to: Int32.self), count: wide.count))
    }

    private func result(_ output: ProgramOutput, _ elements: [Int32]) throws -> Tensor {
        let type: DType = output.element == .int8 ? .int8 : output.element == .int16 ? .int16 : .int32
        guard output.dequantizes else { return try Tensor.from(elements.map(Double.init), output.shape, dtype: type) }
        let inner = output.shape.dropFirst(2).reduce(1, *)
        // As the quantized model dequantizes: one float32 product.
        let floats = elements.enumerated().map { index, element in
            Double(Float(element) * (output.scales.count == 1 ? output.scales[0] : output.scales[index / inner % output.scales.count]))
        }
        return try Tensor.from(floats, output.shape, dtype: .float32)
    }
}
