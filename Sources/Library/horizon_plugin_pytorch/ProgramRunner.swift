import BPU
import BPUSimulator
import Quantization
import Tensors

/// Runs a program on tensors: floats are quantized as the model does, images are NV12 bytes, results are dequantized where the model does.
package struct ProgramRunner {
    private let simulator: Simulator

    package init(_ simulator: Simulator) { self.simulator = simulator }

    /// - Parameters:
    ///   - regions: for resizer inputs, the region of each image.
    ///   - proceeds: asked before each instruction; an answer of no ends the run.
    package func run(_ tensors: [Tensor], regions: [ImageRegion] = [], proceeds: () -> Bool = { true }) throws -> [Tensor] {
        let header = simulator.program.header
        guard tensors.count == header.inputs.count else {
            throw ProgramError.argument("the model takes \(header.inputs.count) inputs, \(tensors.count) were given")
        }
        var inputs: [ProgramTensor] = []
        for (k, input) in header.inputs.enumerated() { inputs.append(try data(input, tensors[k], k < regions.count ? regions[k] : nil)) }
        let results = try simulator.run(inputs, proceeds: proceeds)
        var values: [Tensor] = []
        for (output, elements) in zip(header.outputs, results) { values.append(try result(output, elements)) }
        return values
    }

    private func data(_ input: ProgramInput, _ tensor: Tensor, _ region: ImageRegion?) throws -> ProgramTensor {
        switch input.source {
        case .ddr:
            guard tensor.shape == input.shape else {
                throw ProgramError.argument("input '\(input.name)' has the shape \(input.shape), \(tensor.shape) was given")
            }
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
                if input.source == .resizer {
                    throw ProgramError.argument("input '\(input.name)' comes from the resizer: give its region (left, top, width, height)")
                }
                return .nv12(bytes)
            }
            return .nv12(try resized(input, tensor, bytes, region))
        }
    }

    /// NV12 bytes: as they are, of shape `[…, rows·3/2, columns]`.
    private func image(_ input: ProgramInput, _ tensor: Tensor) throws -> [UInt8] {
        guard tensor.dtype == .uint8 else {
            throw ProgramError.argument(
                "input '\(input.name)' takes NV12 images as uint8 of shape [\(input.shape[0]), \(input.shape[2] * 3 / 2), \(input.shape[3])], not \(tensor.dtype.name)"
            )
        }
        return try elements(tensor).map { UInt8(truncatingIfNeeded: $0) }
    }

    /// Every frame of a batch of larger images, cut and resized.
    private func resized(_ input: ProgramInput, _ tensor: Tensor, _ bytes: [UInt8], _ region: ImageRegion) throws -> [UInt8] {
        guard tensor.shape.count >= 2, input.source == .resizer else {
            throw ProgramError.argument("a region needs a resizer input and images of shape [frames, rows*3/2, columns]")
        }
        let (rows, width) = (tensor.shape[tensor.shape.count - 2], tensor.shape[tensor.shape.count - 1])
        let frameBytes = rows * width
        guard frameBytes > 0, rows % 3 == 0, bytes.count == frameBytes * input.shape[0] else {
            throw ProgramError.argument(
                "input '\(input.name)' takes \(input.shape[0]) NV12 images of shape [rows*3/2, columns], \(tensor.shape) was given")
        }
        var result: [UInt8] = []
        for frame in 0..<input.shape[0] {
            result += try ImageResizer.resize(
                nv12: Array(bytes[frame * frameBytes..<(frame + 1) * frameBytes]), width: width, height: rows * 2 / 3, region: region,
                toWidth: input.shape[3],
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
