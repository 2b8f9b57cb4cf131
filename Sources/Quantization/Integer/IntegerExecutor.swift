import Kernels
import Tensors

/// Runs an integer graph on tensors. Results equal `IntegerReference`'s on every element.
///
/// int8 values live as bytes value + 128, channels last. Convolutions and linear layers with wider operands or results, and those whose sums
/// might leave int32, take their sums from float64; what else is wider runs on the reference.
package final class IntegerExecutor {
    package let graph: IntegerGraph
    private let reference: IntegerReference
    private let kernels: [IntegerKernel?]
    private let byteLayers: [IntegerByteLayer?]
    private let wideLayers: [IntegerWideLayer?]
    /// Layers that run on the reference.
    package var referenceLayers: [IntegerLayer] { graph.layers.indices.filter { kernels[$0] == nil && byteLayers[$0] == nil && wideLayers[$0] == nil }.map { graph.layers[$0] } }

    /// The layer after which each value is no longer needed.
    private let lastUse: [Int]

    /// Verifies the graph first. `usesKernels` false keeps to the reference: for tests.
    package init(_ graph: IntegerGraph, usesKernels: Bool = true) throws(IntegerGraphError) {
        try graph.verify()
        self.graph = graph
        reference = IntegerReference(march: graph.march)
        kernels = graph.layers.map { layer in
            usesKernels ? IntegerKernel(layer.operation, input: graph.values[layer.inputs[0]], output: graph.values[layer.output], march: graph.march) : nil
        }
        byteLayers = graph.layers.map { [reference] layer in
            usesKernels ? IntegerByteLayer(layer.operation, inputs: layer.inputs.map { graph.values[$0] }, output: graph.values[layer.output], reference: reference) : nil
        }
        wideLayers = graph.layers.map { [reference] layer in
            usesKernels ? IntegerWideLayer(layer.operation, input: graph.values[layer.inputs[0]], reference: reference) : nil
        }
        var lastUse = [Int](repeating: -1, count: graph.values.count)
        for (i, layer) in graph.layers.enumerated() { for id in layer.inputs { lastUse[id] = i } }
        for output in graph.outputs { lastUse[output.value] = graph.layers.count }
        self.lastUse = lastUse
    }

    /// How floats become integers of a type.
    package static func step(_ scale: Float, _ type: IntegerType) -> QuantizationStep {
        QuantizationStep(scale: scale, low: type.minimum, high: type.maximum, halfToEven: QuantizationState.rounding == .halfToEven)
    }

    /// A value while the graph runs.
    private enum Held {
        /// uint8 tensor of value + 128 in channels-last order.
        case bytes(Tensor)
        /// int32 tensor in channels-last order: results of layers without rescale.
        case words(Tensor)
        case array(IntegerArray)
    }

    /// One tensor for each input: floats where it quantizes, else integers; one for each output.
    package func run(_ inputs: [Tensor]) throws(TensorError) -> [Tensor] {
        guard inputs.count == graph.inputs.count else { throw .type("\(graph.name) takes \(graph.inputs.count) inputs, but \(inputs.count) were given") }
        var values = [Held?](repeating: nil, count: graph.values.count)
        for (input, tensor) in zip(graph.inputs, inputs) { values[input.value] = try held(input, tensor) }
        for (i, layer) in graph.layers.enumerated() {
            values[layer.output] = try run(i, layer, &values)
            for id in layer.inputs where lastUse[id] == i { values[id] = nil }
        }
        var results: [Tensor] = []
        for output in graph.outputs {
            guard let value = values[output.value] else { throw .runtime("an output of \(graph.name) was not computed") }
            results.append(try tensor(value, graph.values[output.value], dequantizes: output.dequantizes))
        }
        return results
    }

    private func run(_ index: Int, _ layer: IntegerLayer, _ values: inout [Held?]) throws(TensorError) -> Held {
        let (input, output) = (graph.values[layer.inputs[0]], graph.values[layer.output])
        if case .reshape = layer.operation, case .bytes(let bytes)? = values[layer.inputs[0]], sameOrder(input.shape, output.shape) { return .bytes(bytes) }
        if let kernel = kernels[index] {
            let x = try bytes(&values, layer.inputs[0])
            let residual = layer.inputs.count > 1 ? try bytes(&values, layer.inputs[1]) : nil
            let y = try kernel.run(x, input, residual: residual, output)
            return output.type == .int8 ? .bytes(y) : .words(y)
        }
        if let byteLayer = byteLayers[index] {
            var operands: [Tensor] = []
            for id in layer.inputs { operands.append(try bytes(&values, id)) }
            return .bytes(try byteLayer.run(operands))
        }
        var operands: [IntegerArray] = []
        for id in layer.inputs { operands.append(try array(values[id], graph.values[id])) }
        if let wide = wideLayers[index] { return .array(try wide.run(operands[0], residual: operands.count > 1 ? operands[1] : nil, output)) }
        return .array(reference.run(layer.operation, operands, output))
    }

    /// Whether channels-last and channels-first order agree between the shapes: one pixel, or the same leading and channel dimensions.
    private func sameOrder(_ a: [Int], _ b: [Int]) -> Bool {
        func isFlat(_ shape: [Int]) -> Bool { shape.count <= 2 || shape.dropFirst(2).allSatisfy { $0 == 1 } }
        return isFlat(a) && isFlat(b)
    }

    // MARK: Forms

    private func held(_ input: IntegerInput, _ tensor: Tensor) throws(TensorError) -> Held {
        let value = graph.values[input.value]
        guard tensor.shape == value.shape else { throw .runtime("\(graph.name) was traced with \(input.name) of shape \(bracketed(value.shape)), but got \(bracketed(tensor.shape))") }
        let integers = input.quantizes && tensor.dtype.isFloatingPoint ? try tensor.detach().quantized(IntegerExecutor.step(value.scales[0], value.type), to: value.type.dtype) : tensor
        guard !integers.dtype.isFloatingPoint else { throw .type("\(graph.name) needs integers for \(input.name), but got \(integers.dtype.name)") }
        if value.type == .int8, integers.dtype == .int8 { return .bytes(try interleaved(try integers.detach().contiguous(), value.shape)) }
        let wide = try integers.detach().to(.int32).contiguous()
        let elements = withExtendedLifetime(wide) {
            UnsafeBufferPointer(start: wide.pointer.assumingMemoryBound(to: Int32.self), count: wide.count).map { Int32(value.type.saturated(Int($0))) }
        }
        return .array(IntegerArray(shape: value.shape, type: value.type, elements: elements))
    }

    /// Batch, channels and pixels of a shape; linear values are one pixel a row.
    private func parts(_ shape: [Int]) -> (batch: Int, channels: Int, volume: Int) {
        if shape.count < 3 { return (1, 1, shape.reduce(1, *)) }
        return (shape[0], shape[1], shape.dropFirst(2).reduce(1, *))
    }

    private func interleaved(_ integers: Tensor, _ shape: [Int]) throws(TensorError) -> Tensor {
        let result = try Tensor.empty([integers.count], dtype: .uint8)
        let (batch, channels, volume) = parts(shape)
        int8Interleave(
            UnsafePointer(integers.pointer.assumingMemoryBound(to: Int8.self)), result.pointer.assumingMemoryBound(to: UInt8.self), batch: batch, channels: channels, volume: volume)
        return result
    }

    private func bytes(_ values: inout [Held?], _ id: Int) throws(TensorError) -> Tensor {
        switch values[id] {
        case .bytes(let tensor)?: return tensor
        case .array(let array)?:
            let integers = try Tensor.empty([array.count], dtype: .int8)
            let target = integers.pointer.assumingMemoryBound(to: Int8.self)
            for (i, element) in array.elements.enumerated() { target[i] = Int8(clamping: element) }
            let made = try interleaved(integers, array.shape)
            values[id] = .bytes(made)
            return made
        case .words?, nil: throw .runtime("value \(id) of \(graph.name) is not int8")
        }
    }

    /// The value in the reference's form: channels first.
    private func array(_ held: Held?, _ value: IntegerValue) throws(TensorError) -> IntegerArray {
        let (batch, channels, volume) = parts(value.shape)
        func gathered(_ read: (Int) -> Int32) -> IntegerArray {
            var elements = [Int32](repeating: 0, count: value.count)
            for n in 0..<batch {
                for v in 0..<volume {
                    for c in 0..<channels { elements[(n * channels + c) * volume + v] = read((n * volume + v) * channels + c) }
                }
            }
            return IntegerArray(shape: value.shape, type: value.type, elements: elements)
        }
        switch held {
        case .array(let array)?: return array
        case .bytes(let tensor)?:
            let source = tensor.pointer.assumingMemoryBound(to: UInt8.self)
            return gathered { Int32(source[$0]) - 128 }
        case .words(let tensor)?:
            let source = tensor.pointer.assumingMemoryBound(to: Int32.self)
            return gathered { source[$0] }
        case nil: throw .runtime("a value of \(graph.name) is used after its end")
        }
    }

    private func tensor(_ held: Held, _ value: IntegerValue, dequantizes: Bool) throws(TensorError) -> Tensor {
        let array = try array(held, value)
        let wide = try Tensor.empty(array.shape, dtype: .int32)
        array.elements.withUnsafeBytes { if $0.count > 0 { wide.pointer.copyMemory(from: $0.baseAddress!, byteCount: $0.count) } }
        let scale = try Tensor.from(value.scales.map(Double.init), [value.scales.count], dtype: .float32)
        let quantization = QuantizedValues(scale: scale, type: value.type.quantizedType, axis: value.scales.count > 1 ? 1 : -1)
        return dequantizes ? try wide.dequantized(quantization) : try wide.to(value.type.dtype).quantized(as: quantization)
    }
}
