import Kernels

/// Simulated quantisation with straight-through gradients, and the reductions its observers need. float32 inside; float64 is converted.
extension Tensor {
    /// Elements without gaps as float32, in whatever physical order they lie, outside the graph.
    private func floats() throws(TensorError) -> Tensor {
        guard dtype.isFloatingPoint else { throw .notImplemented("fake_quantize", dtype) }
        if dtype == .float32, isChannelsLastInside || (isContiguous && storage.channelsLast == nil) { return self }
        return try detach().converted(to: .float32).packed()
    }

    /// One scale for all elements. The step's clamp acts first, as a fused activation; its gradient is part of this one's.
    /// `reusing`: the caller gives up `self`, whose memory then holds the result.
    package func fakeQuantized(_ step: QuantizationStep, reusing: Bool = false) throws(TensorError) -> Tensor {
        let x = try floats()
        let inPlace = reusing && x === self && base == nil
        let result = inPlace ? Tensor(storage: storage, layout: layout, dtype: dtype) : try Tensor.emptyMatching([x], shape, dtype: .float32)
        if count == 0 { return self }
        let mask = EngineState.gradEnabled && requiresGrad ? try Tensor.empty([count], dtype: .uint8) : nil
        let blocked = Kernels.fakeQuantize(
            count, x.physicalPointer.assumingMemoryBound(to: Float.self), result.physicalPointer.assumingMemoryBound(to: Float.self),
            mask: mask?.pointer.assumingMemoryBound(to: UInt8.self), step)
        return try result.passing(gradientTo: self, blocked > 0 ? mask : nil)
    }

    /// A scale for each index of dimension 0.
    package func fakeQuantizedRows(_ scales: [Float], _ step: QuantizationStep) throws(TensorError) -> Tensor {
        guard rank > 0, scales.count == shape[0], count > 0 else {
            throw .runtime("fake quantization per channel needs \(rank > 0 ? shape[0] : 0) scales, but got \(scales.count)")
        }
        let x = try detach().converted(to: .float32).packed()
        let result = try Tensor.empty(shape, dtype: .float32)
        let mask = EngineState.gradEnabled && requiresGrad ? try Tensor.empty([count], dtype: .uint8) : nil
        let blocked = Kernels.fakeQuantizePerChannel(
            rows: shape[0], width: count / shape[0], x.pointer.assumingMemoryBound(to: Float.self),
            result.pointer.assumingMemoryBound(to: Float.self),
            mask: mask?.pointer.assumingMemoryBound(to: UInt8.self), scales: scales, step)
        return try result.passing(gradientTo: self, blocked > 0 ? mask : nil)
    }

    /// Records that the gradient of `operand` is this one's where `mask` (in physical order) is 1; everywhere where it is nil.
    private func passing(gradientTo operand: Tensor, _ mask: Tensor?) throws(TensorError) -> Tensor {
        let channelsLast = isChannelsLastInside
        let recorded = recordingCustom([operand]) {
            .custom("FakeQuantizeBackward", saved: []) { gradient, _ in
                [try mask.map { try gradient.masked($0, channelsLast: channelsLast) } ?? gradient]
            }
        }
        return operand.dtype == .float32 ? recorded : try recorded.to(operand.dtype)
    }

    private func masked(_ mask: Tensor, channelsLast: Bool) throws(TensorError) -> Tensor {
        let source = channelsLast ? try detach().channelsLastPacked() : try detach().packed()
        let result = try Tensor.emptyMatching([source], shape, dtype: .float32)
        Kernels.maskGradient(
            count, source.physicalPointer.assumingMemoryBound(to: Float.self), mask.pointer.assumingMemoryBound(to: UInt8.self),
            result.physicalPointer.assumingMemoryBound(to: Float.self))
        return result.recordingCustom([self]) {
            .custom("FakeQuantizeBackwardBackward", saved: []) { gradient, _ in [try gradient.masked(mask, channelsLast: channelsLast)] }
        }
    }

    /// The smallest and largest element; nil without elements.
    package func valueRange() throws(TensorError) -> (low: Float, high: Float)? {
        if count == 0 { return nil }
        if dtype == .float32, storage.byteCount == 4 * count, let known = storage.knownRange { return known }
        // Bound to a name, so that a converted copy lives until the loop is done.
        let x = try floats()
        return Kernels.extrema(count, x.physicalPointer.assumingMemoryBound(to: Float.self))
    }

    /// The same for every index of `axis`.
    package func valueRanges(axis: Int) throws(TensorError) -> (low: [Float], high: [Float])? {
        if count == 0 { return nil }
        let rows = try rowsAlong(axis)
        return Kernels.rowExtrema(rows: rows.shape[0], width: count / rows.shape[0], rows.pointer.assumingMemoryBound(to: Float.self))
    }

    /// `[size of axis, rest]`, contiguous float32, outside the graph.
    package func rowsAlong(_ axis: Int) throws(TensorError) -> Tensor {
        let d = try normalized(axis)
        let moved = d == 0 ? detach() : try detach().transpose(0, d)
        return try moved.converted(to: .float32).packed().view([shape[d], shape[d] == 0 ? 0 : count / shape[d]])
    }

    /// Gives `body` the elements as float32 in physical order.
    package func withFloats<R>(_ body: (Int, UnsafePointer<Float>) -> R) throws(TensorError) -> R {
        let x = try floats()
        return body(count, UnsafePointer(x.physicalPointer.assumingMemoryBound(to: Float.self)))
    }

    /// Integers `cut(round(x / scale))` of this tensor's values, outside the graph and in the same physical order.
    package func quantized(_ step: QuantizationStep, to type: DType) throws(TensorError) -> Tensor {
        let x = try floats()
        let result = try Tensor.emptyMatching([x], shape, dtype: type)
        let source = UnsafePointer(x.physicalPointer.assumingMemoryBound(to: Float.self))
        switch type {
        case .int8: Kernels.quantize(count, source, result.physicalPointer.assumingMemoryBound(to: Int8.self), step)
        case .int16: Kernels.quantize(count, source, result.physicalPointer.assumingMemoryBound(to: Int16.self), step)
        case .bool, .uint8, .int32, .int64, .float32, .float64: throw .notImplemented("quantize", type)
        }
        return result
    }
}
