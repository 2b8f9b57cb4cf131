import Kernels

/// The loops under the elementwise operations: promotion, broadcasting, physical order. No gradients here.
enum Elementwise {
    /// The dtype operands share: tensors with dimensions decide first, then 0-d tensors, then numbers, each only by raising the category.
    static func resultType(_ operands: [Tensor]) -> DType {
        var (tensors, scalars, numbers): (DType?, DType?, DType?)
        for operand in operands {
            if operand.isWrappedNumber {
                let dtype = operand.dtype == .float64 ? EngineState.defaultDType : operand.dtype
                numbers = numbers?.promoted(with: dtype) ?? dtype
            } else if operand.rank == 0 {
                scalars = scalars?.promoted(with: operand.dtype) ?? operand.dtype
            } else {
                tensors = tensors?.promoted(with: operand.dtype) ?? operand.dtype
            }
        }
        return raised(raised(tensors, by: scalars), by: numbers) ?? EngineState.defaultDType
    }

    /// `resultType` of two; operands of one dtype are the usual case.
    static func resultType(_ a: Tensor, _ b: Tensor) -> DType {
        if a.dtype == b.dtype && !a.isWrappedNumber && !b.isWrappedNumber { return a.dtype }
        return resultType([a, b])
    }

    private static func raised(_ present: DType?, by candidate: DType?) -> DType? {
        guard let present, let candidate else { return present ?? candidate }
        return candidate.category > present.category ? present.promoted(with: candidate) : present
    }

    static func broadcast(_ operands: [Tensor]) throws(TensorError) -> [Int] {
        var sizes = operands[0].shape
        for operand in operands.dropFirst() { sizes = try broadcastSizes(sizes, operand.shape) }
        return sizes
    }

    private static func broadcast(_ a: Tensor, _ b: Tensor) throws(TensorError) -> [Int] {
        a.layout.sizes == b.layout.sizes ? a.layout.sizes : try broadcastSizes(a.layout.sizes, b.layout.sizes)
    }

    /// Whether the elements lie one behind the other in logical order, whatever the storage prefers.
    private static func isFlat(_ tensor: Tensor) -> Bool { tensor.storage.channelsLast == nil && tensor.layout.isContiguous }

    /// The plan over `result` and operands broadcast to its sizes.
    static func plan(_ result: Tensor, _ operands: [Tensor]) -> StridedPlan {
        if isFlat(result), operands.allSatisfy({ $0.layout.sizes == result.layout.sizes && isFlat($0) }) {
            return StridedPlan(contiguous: result.count)
        }
        Tensor.settle([result] + operands)
        var strides = [result.physicalStrides]
        for operand in operands { strides.append(operand.layout.broadcastStrides(to: result.shape, strides: operand.physicalStrides)) }
        return StridedPlan(sizes: result.shape, strides: strides)
    }

    private static func target(_ out: Tensor?, _ operands: [Tensor], _ sizes: [Int], dtype: DType) throws(TensorError) -> Tensor {
        if let out { return out }
        return try Tensor.emptyMatching(operands, sizes, dtype: dtype)
    }

    /// An uninitialised tensor of the same sizes as the flat `x`.
    private static func flatResult(_ x: Tensor, dtype: DType) throws(TensorError) -> Tensor {
        Tensor(storage: try Storage(byteCount: x.count * dtype.size), layout: x.layout.atStart, dtype: dtype)
    }

    /// The plan of the usual case, small tensors above all: `a` flat and of `dtype`, `b` too and of the same sizes, or a single element.
    private static func flatPlan(_ a: Tensor, _ b: Tensor, _ dtype: DType) -> StridedPlan? {
        guard a.dtype == dtype, isFlat(a) else { return nil }
        if b.layout.sizes.isEmpty { return StridedPlan(contiguous: a.count, repeated: 2) }
        return b.dtype == dtype && isFlat(b) && a.layout.sizes == b.layout.sizes ? StridedPlan(contiguous: a.count) : nil
    }

    static func unary(_ function: UnaryFunction, _ x: Tensor, into out: Tensor? = nil, p: Double = 0, q: Double = 0) throws(TensorError) -> Tensor {
        if out == nil && isFlat(x) {
            let result = try flatResult(x, dtype: x.dtype)
            Kernels.unary(function, x.dtype, StridedPlan(contiguous: x.count), result.physicalPointer, x.physicalPointer, p: p, q: q)
            return result
        }
        let result = try target(out, [x], x.shape, dtype: x.dtype)
        Kernels.unary(function, x.dtype, plan(result, [x]), result.physicalPointer, x.physicalPointer, p: p, q: q)
        return result
    }

    /// Operands are converted to `dtype` first; `out`, if given, has the broadcast sizes and any dtype the result may be stored in.
    static func binary(
        _ function: BinaryFunction, _ a: Tensor, _ b: Tensor, dtype: DType? = nil, into out: Tensor? = nil, p: Double = 1, q: Double = 0
    ) throws(TensorError) -> Tensor {
        let dtype = dtype ?? resultType(a, b)
        if out == nil || out === a, let plan = flatPlan(a, b, dtype) {
            let y = try b.converted(to: dtype)
            let result = if let out { out } else { try flatResult(a, dtype: dtype) }
            Kernels.binary(function, dtype, plan, result.physicalPointer, a.physicalPointer, y.physicalPointer, p: p, q: q)
            return result
        }
        let x = try a.converted(to: dtype)
        let y = try b.converted(to: dtype)
        let sizes = if let out { out.shape } else { try broadcast(a, b) }
        if let out, out.dtype != dtype {
            try out.assignElements(from: try binary(function, x, y, dtype: dtype, p: p, q: q))
            return out
        }
        let result = try target(out, [x, y], sizes, dtype: dtype)
        Kernels.binary(function, dtype, plan(result, [x, y]), result.physicalPointer, x.physicalPointer, y.physicalPointer, p: p, q: q)
        return result
    }

    static func compare(_ comparison: Comparison, _ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
        let dtype = resultType(a, b)
        let logical = comparison == .logicalAnd || comparison == .logicalOr || comparison == .logicalXor
        let x = try a.converted(to: logical ? .bool : dtype)
        let y = try b.converted(to: logical ? .bool : dtype)
        let flat = flatPlan(x, y, x.dtype)
        let result = flat == nil ? try Tensor.emptyMatching([x, y], try broadcast(a, b), dtype: .bool) : try flatResult(x, dtype: .bool)
        Kernels.compare(
            comparison, x.dtype, flat ?? plan(result, [x, y]), result.physicalPointer.assumingMemoryBound(to: UInt8.self), x.physicalPointer,
            y.physicalPointer)
        return result
    }

    static func select(_ condition: Tensor, _ a: Tensor, _ b: Tensor, dtype: DType) throws(TensorError) -> Tensor {
        let x = try a.converted(to: dtype)
        let y = try b.converted(to: dtype)
        let result = try Tensor.emptyMatching([x, y, condition], try broadcast([condition, a, b]), dtype: dtype)
        Kernels.select(
            dtype.size, plan(result, [condition, x, y]), result.physicalPointer, condition.physicalPointer.assumingMemoryBound(to: UInt8.self),
            x.physicalPointer, y.physicalPointer)
        return result
    }

    static func ternary(_ function: TernaryFunction, _ a: Tensor, _ b: Tensor, _ c: Tensor, p: Double = 1, into out: Tensor? = nil)
        throws(TensorError) -> Tensor
    {
        let dtype = resultType([a, b, c])
        guard dtype.isFloatingPoint else {
            let product = try binary(function == .addQuotient ? .truncDivide : .multiply, b, c, dtype: dtype)
            return try binary(.add, a, product, dtype: dtype, into: out, p: p)
        }
        let (x, y, z) = (try a.converted(to: dtype), try b.converted(to: dtype), try c.converted(to: dtype))
        let result = try target(out, [x, y, z], try broadcast([a, b, c]), dtype: dtype)
        Kernels.ternary(
            function, dtype, plan(result, [x, y, z]), result.physicalPointer, x.physicalPointer, y.physicalPointer, z.physicalPointer, p: p)
        return result
    }
}

extension Tensor {
    /// The values in another dtype, outside the graph; `self` if it has it already.
    func converted(to target: DType) throws(TensorError) -> Tensor {
        if dtype == target { return self }
        let result = try Tensor.emptyMatching([self], shape, dtype: target)
        Kernels.convert(Elementwise.plan(result, [self]), to: target, result.physicalPointer, from: dtype, physicalPointer)
        return result
    }

    /// Writes the values of `source`, broadcast and converted, without any bookkeeping.
    func assignElements(from source: Tensor) throws(TensorError) {
        let sizes = try broadcastSizes(shape, source.shape)
        guard sizes == shape else {
            throw .runtime("output with shape \(bracketed(shape)) doesn't match the broadcast shape \(bracketed(sizes))")
        }
        var values = source
        if source.storage === storage && source.layout != layout { values = try source.copied() }
        Kernels.convert(Elementwise.plan(self, [values]), to: dtype, physicalPointer, from: values.dtype, values.physicalPointer)
    }

    /// A copy in the same physical order, outside the graph.
    func copied() throws(TensorError) -> Tensor {
        let result = try Tensor.emptyMatching([self], shape, dtype: dtype)
        Kernels.convert(Elementwise.plan(result, [self]), to: dtype, result.physicalPointer, from: dtype, physicalPointer)
        return result
    }

    /// The elements in logical order without gaps: `self` where it is so already. Outside the graph.
    func packed() throws(TensorError) -> Tensor {
        if storage.channelsLast != nil { storage.linearize() }
        if isContiguous { return self }
        let result = try Tensor.empty(shape, dtype: dtype)
        Kernels.convert(Elementwise.plan(result, [self]), to: dtype, result.physicalPointer, from: dtype, physicalPointer)
        return result
    }

    /// The elements physically `[batch, spatial…, channels]`: `self` where they are so already. Outside the graph.
    func channelsLastPacked() throws(TensorError) -> Tensor {
        if isChannelsLastInside { return self }
        let volume = shape.dropFirst(2).reduce(1, *)
        if (volume == 1 || shape[1] == 1) && isContiguous && storage.channelsLast == nil { return self }
        let result = try Tensor.emptyChannelsLast(shape, dtype: dtype)
        if count > 0, isContiguous, storage.channelsLast == nil, result.storage.channelsLast != nil {
            Kernels.transposeInner(dtype.size, physicalPointer, result.physicalPointer, outer: shape[0], rows: shape[1], columns: volume)
            return result
        }
        Kernels.convert(Elementwise.plan(result, [self]), to: dtype, result.physicalPointer, from: dtype, physicalPointer)
        return result
    }

    /// Sums over the dimensions that broadcasting repeated, so that the result has `sizes`.
    func sumTo(_ sizes: [Int]) throws(TensorError) -> Tensor {
        if shape == sizes { return self }
        let shift = rank - sizes.count
        var dims = Array(0..<Swift.max(shift, 0))
        for d in 0..<sizes.count where sizes[d] == 1 && shape[d + shift] != 1 { dims.append(d + shift) }
        let summed = dims.isEmpty ? self : try sum(dim: dims, keepdim: true)
        return try summed.view(sizes)
    }

    /// Adds `values` where positions may repeat (expanded gradients), one by one.
    func accumulateOverlapping(_ values: Tensor) throws(TensorError) {
        let offsets = elementOffsets()
        let source = try values.converted(to: dtype).packed()
        offsets.withUnsafeBufferPointer { p in
            Kernels.putBlocks(.add, dtype, block: 1, storage.pointer, offsets: p.baseAddress!, count: count, source.pointer)
        }
    }

    /// The storage position of every element, in logical order.
    func elementOffsets() -> [Int] {
        var offsets = [layout.offset]
        for d in 0..<rank {
            var next: [Int] = []
            next.reserveCapacity(offsets.count * shape[d])
            for o in offsets { for i in 0..<shape[d] { next.append(o + i * strides[d]) } }
            offsets = next
        }
        return offsets
    }
}
