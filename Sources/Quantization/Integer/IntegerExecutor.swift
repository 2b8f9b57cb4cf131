import Kernels
import Tensors

/// Runs an integer graph on tensors. Results equal `IntegerReference`'s on every element.
///
/// int8 values live as bytes value + 128, channels last. Convolutions and linear layers with wider operands or results, and those whose sums
/// might leave int32, take their sums from float64; what else is wider runs on the reference. Large batches run in parts whose values stay in the
/// cache from layer to layer, each part on one thread.
package final class IntegerExecutor {
    package let graph: IntegerGraph
    /// What runs: the same without dead channels.
    private let executed: IntegerGraph
    private let reference: IntegerReference
    private let kernels: [IntegerKernel?]
    private let byteLayers: [IntegerByteLayer?]
    private let wideLayers: [IntegerWideLayer?]
    /// Layers that run on the reference.
    package var referenceLayers: [IntegerLayer] {
        if let parts { return parts.first.referenceLayers }
        return executed.layers.indices.filter { kernels[$0] == nil && byteLayers[$0] == nil && wideLayers[$0] == nil }.map { executed.layers[$0] }
    }

    /// Layers whose result is their operand's bytes under another shape.
    private let keepsBytes: [Bool]
    /// Where int8 and int32 values lie during a run.
    private let plan: ActivationPlan
    /// What computes the batch part by part; nil where all images run at once.
    private let parts: Parts?

    private struct Parts {
        /// Images of every part but the last.
        let images: Int
        let count: Int
        let first, last: IntegerExecutor
    }

    /// Bytes of values that stay in a core's share of the cache.
    private static let cachedBytes = 4 << 20

    /// Verifies the graph first. `usesKernels` false keeps to the reference: for tests.
    package convenience init(_ graph: IntegerGraph, usesKernels: Bool = true) throws(IntegerGraphError) {
        try graph.verify()
        let executed = usesKernels ? graph.withoutDeadChannels() : graph
        try executed.verify()
        try self.init(graph, executed, usesKernels: usesKernels, splits: usesKernels)
    }

    private init(_ traced: IntegerGraph, _ graph: IntegerGraph, usesKernels: Bool, splits: Bool) throws(IntegerGraphError) {
        self.graph = traced
        executed = graph
        reference = IntegerReference(march: graph.march)
        plan = IntegerExecutor.plan(graph)
        parts = splits ? try IntegerExecutor.parts(graph, plan.byteCount) : nil
        let nonnegative = IntegerExecutor.nonnegative(graph)
        // Parts have layers of their own.
        let layers = parts == nil ? graph.layers : []
        kernels = layers.map { layer in
            usesKernels
                ? IntegerKernel(
                    layer.operation, input: graph.values[layer.inputs[0]], nonnegative: nonnegative[layer.inputs[0]],
                    output: graph.values[layer.output],
                    march: graph.march) : nil
        }
        byteLayers = layers.map { [reference] layer in
            usesKernels
                ? IntegerByteLayer(
                    layer.operation, inputs: layer.inputs.map { graph.values[$0] }, output: graph.values[layer.output], reference: reference) : nil
        }
        wideLayers = layers.map { [reference] layer in
            usesKernels ? IntegerWideLayer(layer.operation, input: graph.values[layer.inputs[0]], reference: reference) : nil
        }
        keepsBytes = layers.map { layer in
            guard case .reshape = layer.operation else { return false }
            return IntegerExecutor.sameOrder(graph.values[layer.inputs[0]].shape, graph.values[layer.output].shape)
        }
    }

    private static func parts(_ graph: IntegerGraph, _ bytes: Int) throws(IntegerGraphError) -> Parts? {
        guard let batch = graph.batch, batch > 1, bytes > cachedBytes else { return nil }
        let threads = ThreadPool.shared.threadCount
        // Every thread gets the same number of parts, and blocks of 4 rows divide maps of any size.
        let wanted = max(1, min(batch * cachedBytes / bytes, batch / (4 * threads)))
        let turns = (batch + wanted * threads - 1) / (wanted * threads)
        let images = max(12, ((batch + turns * threads - 1) / (turns * threads) + 3) / 4 * 4)
        let count = (batch + images - 1) / images
        // With fewer parts some threads would wait: every layer is cut for all of them instead.
        if count < max(2, 2 * threads) { return nil }
        let rest = batch - images * (count - 1)
        func part(_ images: Int) throws(IntegerGraphError) -> IntegerExecutor {
            let graph = graph.ofImages(images)
            return try IntegerExecutor(graph, graph, usesKernels: true, splits: false)
        }
        let first = try part(images)
        return Parts(images: images, count: count, first: first, last: rest == images ? first : try part(rest))
    }

    /// Of every value whether the layers above it leave nothing below 0.
    private static func nonnegative(_ graph: IntegerGraph) -> [Bool] {
        var result = [Bool](repeating: false, count: graph.values.count)
        for layer in graph.layers {
            result[layer.output] =
                switch layer.operation {
                case .convolution(let c), .linear(let c): c.rectifies
                case .add(let addition): addition.rectifies
                case .rectify: true
                case .maxPool, .reshape, .permute, .slice, .nearestUpsample: result[layer.inputs[0]]
                case .multiply, .averagePool, .concatenate, .requantize, .lookup, .pad: false
                }
        }
        return result
    }

    private static func plan(_ graph: IntegerGraph) -> ActivationPlan {
        var births = [Int](repeating: -1, count: graph.values.count)
        var deaths = births
        for (i, layer) in graph.layers.enumerated() {
            births[layer.output] = i
            deaths[layer.output] = i
            for id in layer.inputs { deaths[id] = i }
        }
        for output in graph.outputs { deaths[output.value] = graph.layers.count }
        // int16 values live in arrays of their own.
        return ActivationPlan(sizes: graph.values.map { $0.type == .int16 ? 0 : $0.byteCount }, births: births, deaths: deaths)
    }

    /// How floats become integers of a type.
    package static func step(_ scale: Float, _ type: IntegerType) -> QuantizationStep {
        QuantizationStep(scale: scale, low: type.minimum, high: type.maximum, halfToEven: QuantizationState.rounding == .halfToEven)
    }

    /// A value while the graph runs.
    private enum Held {
        /// Value + 128 in channels-last order, at the value's place.
        case bytes
        /// int32 in channels-last order, at the value's place: results of layers without rescale.
        case words
        case array(IntegerArray)
    }

    /// The places of values during a run.
    private struct Places {
        let base: UnsafeMutableRawPointer
        let plan: ActivationPlan

        func bytes(_ id: Int) -> UnsafeMutablePointer<UInt8> { (base + plan.offsets[id]).assumingMemoryBound(to: UInt8.self) }
        func words(_ id: Int) -> UnsafeMutablePointer<Int32> { (base + plan.offsets[id]).assumingMemoryBound(to: Int32.self) }
    }

    /// One tensor for each input: floats where it quantizes, else integers; one for each output.
    package func run(_ inputs: [Tensor]) throws(TensorError) -> [Tensor] {
        guard inputs.count == executed.inputs.count else {
            throw .type("\(executed.name) takes \(executed.inputs.count) inputs, but \(inputs.count) were given")
        }
        for (input, tensor) in zip(executed.inputs, inputs) where tensor.shape != executed.values[input.value].shape {
            throw .runtime(
                "\(executed.name) was traced with \(input.name) of shape \(bracketed(executed.values[input.value].shape)), but got \(bracketed(tensor.shape))"
            )
        }
        let results: [[IntegerArray]]
        if let parts { results = try IntegerExecutor.compute(parts, inputs) } else { results = [try compute(inputs)] }
        var tensors: [Tensor] = []
        for (k, output) in executed.outputs.enumerated() {
            tensors.append(try tensor(results.map { $0[k] }, output.value, dequantizes: output.dequantizes))
        }
        return tensors
    }

    /// The outputs of every part, the parts on as many threads as there are.
    private static func compute(_ parts: Parts, _ inputs: [Tensor]) throws(TensorError) -> [[IntegerArray]] {
        var shares: [[Tensor]] = []
        // In logical order once, so that a part is a view.
        var whole: [Tensor] = []
        for input in inputs { whole.append(try input.detach().contiguous()) }
        for part in 0..<parts.count {
            let first = part * parts.images
            var share: [Tensor] = []
            for input in whole { share.append(try input.narrow(0, first, min(parts.images, input.shape[0] - first))) }
            shares.append(share)
        }
        var results = [Result<[IntegerArray], TensorError>](repeating: .success([]), count: parts.count)
        results.withUnsafeMutableBufferPointer { results in
            guard let results = results.baseAddress else { return }
            ThreadPool.shared.run(parts.count) { part in
                let executor = part == parts.count - 1 ? parts.last : parts.first
                do throws(TensorError) { results[part] = .success(try executor.compute(shares[part])) } catch { results[part] = .failure(error) }
            }
        }
        var arrays: [[IntegerArray]] = []
        for result in results { arrays.append(try result.get()) }
        return arrays
    }

    private func compute(_ inputs: [Tensor]) throws(TensorError) -> [IntegerArray] {
        let memory = try Tensor.empty([plan.byteCount], dtype: .uint8)
        defer { withExtendedLifetime(memory) {} }
        let places = Places(base: memory.pointer, plan: plan)
        var values = [Held?](repeating: nil, count: executed.values.count)
        for (input, tensor) in zip(executed.inputs, inputs) { values[input.value] = try held(input, tensor, places) }
        for i in executed.layers.indices { values[executed.layers[i].output] = try run(i, &values, places) }
        var results: [IntegerArray] = []
        for output in executed.outputs { results.append(try array(values[output.value], output.value, places)) }
        return results
    }

    private func run(_ index: Int, _ values: inout [Held?], _ places: Places) throws(TensorError) -> Held {
        let (operands, output) = (executed.layers[index].inputs, executed.layers[index].output)
        if keepsBytes[index], case .bytes? = values[operands[0]] {
            places.bytes(output).update(from: places.bytes(operands[0]), count: executed.values[output].count)
            return .bytes
        }
        if let kernel = kernels[index] {
            let x = try bytes(&values, operands[0], places)
            let residual = operands.count > 1 ? try bytes(&values, operands[1], places) : nil
            try kernel.run(x, residual: residual, places.bytes(output))
            return executed.values[output].type == .int8 ? .bytes : .words
        }
        if let byteLayer = byteLayers[index] {
            var pointers: [UnsafePointer<UInt8>] = []
            for id in operands { pointers.append(try bytes(&values, id, places)) }
            try byteLayer.run(pointers, places.bytes(output))
            return .bytes
        }
        var arrays: [IntegerArray] = []
        for id in operands { arrays.append(try array(values[id], id, places)) }
        if let wide = wideLayers[index] {
            return .array(try wide.run(arrays[0], residual: arrays.count > 1 ? arrays[1] : nil, executed.values[output]))
        }
        return .array(reference.run(executed.layers[index].operation, arrays, executed.values[output]))
    }

    /// Whether channels-last and channels-first order agree between the shapes: one pixel, or the same leading and channel dimensions.
    private static func sameOrder(_ a: [Int], _ b: [Int]) -> Bool {
        func isFlat(_ shape: [Int]) -> Bool { shape.count <= 2 || shape.dropFirst(2).allSatisfy { $0 == 1 } }
        return isFlat(a) && isFlat(b)
    }

    // MARK: Forms

    private func held(_ input: IntegerInput, _ tensor: Tensor, _ places: Places) throws(TensorError) -> Held {
        let value = executed.values[input.value]
        let (batch, channels, volume) = IntegerExecutor.parts(value.shape)
        let target = places.bytes(input.value)
        if input.quantizes, value.type == .int8, tensor.dtype == .float32 {
            let floats = try tensor.detach().contiguous()
            withExtendedLifetime(floats) {
                int8Quantize(
                    floats.pointer.assumingMemoryBound(to: Float.self), target, batch: batch, channels: channels, volume: volume,
                    IntegerExecutor.step(value.scales[0], value.type))
            }
            return .bytes
        }
        let integers =
            input.quantizes && tensor.dtype.isFloatingPoint
            ? try tensor.detach().quantized(IntegerExecutor.step(value.scales[0], value.type), to: value.type.dtype) : tensor
        guard !integers.dtype.isFloatingPoint else {
            throw .type("\(executed.name) needs integers for \(input.name), but got \(integers.dtype.name)")
        }
        if value.type == .int8, integers.dtype == .int8 {
            let packed = try integers.detach().contiguous()
            withExtendedLifetime(packed) {
                int8Interleave(packed.pointer.assumingMemoryBound(to: Int8.self), target, batch: batch, channels: channels, volume: volume)
            }
            return .bytes
        }
        let wide = try integers.detach().to(.int32).contiguous()
        let elements = withExtendedLifetime(wide) {
            UnsafeBufferPointer(start: wide.pointer.assumingMemoryBound(to: Int32.self), count: wide.count).map {
                Int32(value.type.saturated(Int($0)))
            }
        }
        return .array(IntegerArray(shape: value.shape, type: value.type, elements: elements))
    }

    /// Batch, channels and pixels of a shape; linear values are one pixel a row.
    private static func parts(_ shape: [Int]) -> (batch: Int, channels: Int, volume: Int) {
        if shape.count < 3 { return (1, 1, shape.reduce(1, *)) }
        return (shape[0], shape[1], shape.dropFirst(2).reduce(1, *))
    }

    /// The value's bytes, made from its array where it has one.
    private func bytes(_ values: inout [Held?], _ id: Int, _ places: Places) throws(TensorError) -> UnsafePointer<UInt8> {
        switch values[id] {
        case .bytes?: break
        case .array(let array)? where executed.values[id].type == .int8:
            let (batch, channels, volume) = IntegerExecutor.parts(array.shape)
            array.elements.map { Int8(clamping: $0) }.withUnsafeBufferPointer { source in
                if let source = source.baseAddress { int8Interleave(source, places.bytes(id), batch: batch, channels: channels, volume: volume) }
            }
            values[id] = .bytes
        case .array?, .words?, nil: throw .runtime("value \(id) of \(executed.name) is not int8")
        }
        return UnsafePointer(places.bytes(id))
    }

    /// The value in the reference's form: channels first.
    private func array(_ held: Held?, _ id: Int, _ places: Places) throws(TensorError) -> IntegerArray {
        let value = executed.values[id]
        let (batch, channels, volume) = IntegerExecutor.parts(value.shape)
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
        case .bytes?:
            let source = places.bytes(id)
            return gathered { Int32(source[$0]) - 128 }
        case .words?:
            let source = places.words(id)
            return gathered { source[$0] }
        case nil: throw .runtime("a value of \(executed.name) is used after its end")
        }
    }

    /// The parts of an output in a row.
    private func tensor(_ arrays: [IntegerArray], _ id: Int, dequantizes: Bool) throws(TensorError) -> Tensor {
        let value = executed.values[id]
        let wide = try Tensor.empty(value.shape, dtype: .int32)
        var place = wide.pointer
        for array in arrays {
            array.elements.withUnsafeBytes { if let source = $0.baseAddress { place.copyMemory(from: source, byteCount: $0.count) } }
            place += array.elements.count * MemoryLayout<Int32>.stride
        }
        let scale = try Tensor.from(value.scales.map(Double.init), [value.scales.count], dtype: .float32)
        let quantization = QuantizedValues(scale: scale, type: value.type.quantizedType, axis: value.scales.count > 1 ? 1 : -1)
        return dequantizes ? try wide.dequantized(quantization) : try wide.to(value.type.dtype).quantized(as: quantization)
    }
}
