import Kernels

/// Factories. Sizes are checked; `dtype` nil means the default floating type.
extension Tensor {
    /// The number of elements; negative or too large sizes are errors.
    static func validated(_ sizes: [Int]) throws(TensorError) -> Int {
        var count = 1
        for size in sizes {
            if size < 0 { throw .negativeSize(size, sizes) }
            let (product, overflow) = count.multipliedReportingOverflow(by: size)
            if overflow { throw .runtime("Storage size calculation overflowed with sizes=\(bracketed(sizes))") }
            count = product
        }
        return count
    }

    /// Uninitialised elements.
    package static func empty(_ sizes: [Int], dtype: DType? = nil) throws(TensorError) -> Tensor {
        let dtype = dtype ?? EngineState.defaultDType
        let count = try validated(sizes)
        let (bytes, overflow) = count.multipliedReportingOverflow(by: dtype.size)
        if overflow { throw .runtime("Storage size calculation overflowed with sizes=\(bracketed(sizes))") }
        return Tensor(storage: try Storage(byteCount: bytes), layout: Layout(contiguous: sizes), dtype: dtype)
    }

    /// Uninitialised `[batch, channels, spatial…]` kept channels-last inside.
    static func emptyChannelsLast(_ sizes: [Int], dtype: DType) throws(TensorError) -> Tensor {
        let result = try empty(sizes, dtype: dtype)
        let volume = sizes.dropFirst(2).reduce(1, *)
        if sizes.count >= 3 && volume > 1 && sizes[1] > 1 && result.count > 0 {
            result.storage.channelsLast = .init(batch: sizes[0], channels: sizes[1], volume: volume, elementSize: dtype.size)
        }
        return result
    }

    /// Uninitialised, in the physical order of the first operand that has these sizes.
    static func emptyMatching(_ operands: [Tensor], _ sizes: [Int], dtype: DType) throws(TensorError) -> Tensor {
        for operand in operands where operand.shape == sizes {
            if operand.isChannelsLastInside { return try emptyChannelsLast(sizes, dtype: dtype) }
        }
        if let first = operands.first(where: { $0.shape == sizes }), !first.isContiguous, first.isDense {
            let fresh = try empty(sizes, dtype: dtype)
            return Tensor(storage: fresh.storage, layout: Layout(sizes: sizes, strides: first.strides), dtype: dtype)
        }
        return try empty(sizes, dtype: dtype)
    }

    /// Whether the strides are a permutation of contiguous ones.
    var isDense: Bool {
        var expected = 1
        for d in (0..<rank).sorted(by: { (strides[$0], $1) < (strides[$1], $0) }) where shape[d] != 1 {
            if strides[d] != expected { return false }
            expected *= shape[d]
        }
        return true
    }

    package static func full(_ sizes: [Int], _ value: Scalar, dtype: DType? = nil) throws(TensorError) -> Tensor {
        let dtype = dtype ?? value.dtype
        try value.check(fits: dtype)
        let result = try empty(sizes, dtype: dtype)
        result.fillElements(value)
        return result
    }

    package static func zeros(_ sizes: [Int], dtype: DType? = nil) throws(TensorError) -> Tensor {
        try full(sizes, 0, dtype: dtype ?? EngineState.defaultDType)
    }

    package static func ones(_ sizes: [Int], dtype: DType? = nil) throws(TensorError) -> Tensor {
        try full(sizes, 1, dtype: dtype ?? EngineState.defaultDType)
    }

    package func zerosLike(dtype: DType? = nil) throws(TensorError) -> Tensor { try fullLike(0, dtype: dtype) }
    package func onesLike(dtype: DType? = nil) throws(TensorError) -> Tensor { try fullLike(1, dtype: dtype) }
    package func emptyLike(dtype: DType? = nil) throws(TensorError) -> Tensor { try Tensor.emptyMatching([self], shape, dtype: dtype ?? self.dtype) }

    package func fullLike(_ value: Scalar, dtype: DType? = nil) throws(TensorError) -> Tensor {
        let result = try emptyLike(dtype: dtype)
        let all = Tensor(storage: result.storage, layout: Layout(contiguous: [result.count]), dtype: result.dtype)
        let order = result.storage.channelsLast
        result.storage.channelsLast = nil
        all.fillElements(value)
        result.storage.channelsLast = order
        return result
    }

    /// A 0-d tensor that promotes like the number it holds.
    package static func wrapped(_ value: Scalar) throws(TensorError) -> Tensor {
        let storage = try Storage(byteCount: 8)
        let dtype: DType
        switch value {
        case .bool(let flag):
            storage.pointer.storeBytes(of: flag ? 1 : 0, as: UInt8.self)
            dtype = .bool
        case .int(let number):
            storage.pointer.storeBytes(of: number, as: Int64.self)
            dtype = .int64
        case .double(let number):
            storage.pointer.storeBytes(of: number, as: Double.self)
            dtype = .float64
        }
        let result = Tensor(storage: storage, layout: .scalar, dtype: dtype)
        result.isWrappedNumber = true
        return result
    }

    package static func scalar(_ value: Scalar, dtype: DType? = nil) throws(TensorError) -> Tensor {
        try full([], value, dtype: dtype ?? value.dtype)
    }

    /// A tensor of `sizes` from numbers in logical order.
    package static func from(_ values: [Double], _ sizes: [Int], dtype: DType = .float32) throws(TensorError) -> Tensor {
        let result = try empty(sizes, dtype: .float64)
        guard values.count == result.count else { throw .invalidShape(sizes, count: values.count) }
        let p = result.pointer.assumingMemoryBound(to: Double.self)
        for (i, value) in values.enumerated() { p[i] = value }
        return try result.to(dtype)
    }

    package static func from(integers values: [Int], _ sizes: [Int]? = nil, dtype: DType = .int64) throws(TensorError) -> Tensor {
        let result = try empty(sizes ?? [values.count], dtype: .int64)
        guard values.count == result.count else { throw .invalidShape(sizes ?? [], count: values.count) }
        let p = result.pointer.assumingMemoryBound(to: Int.self)
        for (i, value) in values.enumerated() { p[i] = value }
        return try result.to(dtype)
    }

    package static func from(_ values: [Scalar], _ sizes: [Int], dtype: DType? = nil) throws(TensorError) -> Tensor {
        let category = values.map(\.category).max()
        let inferred: DType =
            switch category {
            case .boolean: .bool
            case .integer: .int64
            case .floatingPoint, nil: EngineState.defaultDType
            }
        if category == .floatingPoint || category == nil { return try from(values.map(\.asDouble), sizes, dtype: dtype ?? inferred) }
        return try from(integers: values.map { Int($0.asInt) }, sizes, dtype: dtype ?? inferred)
    }

    /// Values from `start` up to but without `end`.
    package static func arange(_ start: Scalar, _ end: Scalar, step: Scalar = 1, dtype: DType? = nil) throws(TensorError) -> Tensor {
        let category = Swift.max(start.category, end.category, step.category)
        let dtype = dtype ?? (category == .floatingPoint ? EngineState.defaultDType : .int64)
        let (a, b, s) = (start.asDouble, end.asDouble, step.asDouble)
        if s == 0 { throw .runtime("step must be nonzero") }
        guard a.isFinite, b.isFinite else { throw .runtime("unsupported range: \(a) -> \(b)") }
        if (s > 0 && a > b) || (s < 0 && a < b) { throw .runtime("upper bound and lower bound inconsistent with step sign") }
        let size = ((b - a) / s).rounded(.up)
        guard size < 7e13 else { throw .runtime("invalid size, possible overflow") }
        let result = try empty([Int(size)], dtype: dtype)
        Kernels.fillRange(dtype, count: result.count, start: a, step: s, result.pointer)
        return result
    }

    /// `steps` values from `start` to `end` inclusive.
    package static func linspace(_ start: Scalar, _ end: Scalar, steps: Int, dtype: DType? = nil) throws(TensorError) -> Tensor {
        if steps < 0 { throw .runtime("number of steps must be non-negative") }
        let dtype = dtype ?? EngineState.defaultDType
        let (a, b) = (start.asDouble, end.asDouble)
        var values = [Double](repeating: a, count: steps)
        if dtype == .float32 {
            let (first, last) = (Float(a), Float(b))
            let step = steps > 1 ? (last - first) / Float(steps - 1) : 0
            for i in 0..<steps {
                values[i] = Double(i < steps / 2 ? first.addingProduct(step, Float(i)) : last.addingProduct(-step, Float(steps - 1 - i)))
            }
        } else {
            let step = steps > 1 ? (b - a) / Double(steps - 1) : 0
            for i in 0..<steps { values[i] = i < steps / 2 ? a + step * Double(i) : b - step * Double(steps - 1 - i) }
        }
        return try from(values, [steps], dtype: dtype)
    }

    package static func eye(_ n: Int, _ m: Int? = nil, dtype: DType? = nil) throws(TensorError) -> Tensor {
        let columns = m ?? n
        if let (name, size) = [("n", n), ("m", columns)].first(where: { $0.1 < 0 }) {
            throw .runtime("\(name) must be greater or equal to 0, got \(size)")
        }
        let result = try zeros([n, columns], dtype: dtype)
        let diagonal = Tensor(storage: result.storage, layout: Layout(sizes: [Swift.min(n, columns)], strides: [columns + 1]), dtype: result.dtype)
        diagonal.fillElements(1)
        return result
    }

    /// Writes one value everywhere, without any bookkeeping.
    func fillElements(_ value: Scalar) {
        withUnsafeTemporaryAllocation(byteCount: 8, alignment: 8) { buffer in
            let p = buffer.baseAddress!
            switch dtype {
            case .bool: p.storeBytes(of: value.asDouble != 0 ? 1 : 0, as: UInt8.self)
            case .uint8: p.storeBytes(of: UInt8(truncatingIfNeeded: value.asInt), as: UInt8.self)
            case .int8: p.storeBytes(of: Int8(truncatingIfNeeded: value.asInt), as: Int8.self)
            case .int16: p.storeBytes(of: Int16(truncatingIfNeeded: value.asInt), as: Int16.self)
            case .int32: p.storeBytes(of: Int32(truncatingIfNeeded: value.asInt), as: Int32.self)
            case .int64: p.storeBytes(of: value.asInt, as: Int64.self)
            case .float32: p.storeBytes(of: Float(value.asDouble), as: Float.self)
            case .float64: p.storeBytes(of: value.asDouble, as: Double.self)
            }
            if isContiguous {
                if storage.channelsLast != nil && !isChannelsLastInside { storage.linearize() }
                Kernels.fill(dtype, physicalPointer, count: count, with: p)
            } else {
                let target = pointer
                Kernels.convert(
                    StridedPlan(sizes: shape, strides: [strides, [Int](repeating: 0, count: rank)]), to: dtype, target, from: dtype,
                    UnsafeRawPointer(p))
            }
        }
    }
}
