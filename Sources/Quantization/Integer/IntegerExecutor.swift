import Kernels
import Tensors

/// Runs an integer graph on tensors. Results equal `IntegerReference`'s on every element.
package final class IntegerExecutor {
    package let graph: IntegerGraph
    private let reference: IntegerReference

    /// Verifies the graph first.
    package init(_ graph: IntegerGraph) throws(IntegerGraphError) {
        try graph.verify()
        self.graph = graph
        reference = IntegerReference(march: graph.march)
    }

    /// How floats become integers of a type.
    package static func step(_ scale: Float, _ type: IntegerType) -> QuantizationStep {
        QuantizationStep(scale: scale, low: type.minimum, high: type.maximum, halfToEven: QuantizationState.rounding == .halfToEven)
    }

    /// One tensor for each input: floats where it quantizes, else integers; one for each output.
    package func run(_ inputs: [Tensor]) throws(TensorError) -> [Tensor] {
        guard inputs.count == graph.inputs.count else { throw .type("\(graph.name) takes \(graph.inputs.count) inputs, but \(inputs.count) were given") }
        var values = [IntegerArray?](repeating: nil, count: graph.values.count)
        for (input, tensor) in zip(graph.inputs, inputs) { values[input.value] = try array(input, tensor) }
        for layer in graph.layers {
            let operands = layer.inputs.compactMap { values[$0] }
            values[layer.output] = reference.run(layer.operation, operands, graph.values[layer.output])
        }
        var results: [Tensor] = []
        for output in graph.outputs {
            guard let array = values[output.value] else { throw .runtime("an output of \(graph.name) was not computed") }
            results.append(try tensor(array, graph.values[output.value], dequantizes: output.dequantizes))
        }
        return results
    }

    private func array(_ input: IntegerInput, _ tensor: Tensor) throws(TensorError) -> IntegerArray {
        let value = graph.values[input.value]
        guard tensor.shape == value.shape else { throw .runtime("\(graph.name) was traced with \(input.name) of shape \(bracketed(value.shape)), but got \(bracketed(tensor.shape))") }
        let integers = input.quantizes && tensor.dtype.isFloatingPoint ? try tensor.detach().quantized(IntegerExecutor.step(value.scales[0], value.type), to: value.type.dtype) : tensor
        guard !integers.dtype.isFloatingPoint else { throw .type("\(graph.name) needs integers for \(input.name), but got \(integers.dtype.name)") }
        let wide = try integers.detach().to(.int32).contiguous()
        let source = UnsafeBufferPointer(start: wide.pointer.assumingMemoryBound(to: Int32.self), count: wide.count)
        return IntegerArray(shape: value.shape, type: value.type, elements: source.map { Int32(value.type.saturated(Int($0))) })
    }

    private func tensor(_ array: IntegerArray, _ value: IntegerValue, dequantizes: Bool) throws(TensorError) -> Tensor {
        let wide = try Tensor.empty(array.shape, dtype: .int32)
        array.elements.withUnsafeBytes { if $0.count > 0 { wide.pointer.copyMemory(from: $0.baseAddress!, byteCount: $0.count) } }
        let scale = try Tensor.from(value.scales.map(Double.init), [value.scales.count], dtype: .float32)
        let values = QuantizedValues(scale: scale, type: value.type.quantizedType, axis: value.scales.count > 1 ? 1 : -1)
        return dequantizes ? try wide.dequantized(values) : try wide.to(value.type.dtype).quantized(as: values)
    }
}
