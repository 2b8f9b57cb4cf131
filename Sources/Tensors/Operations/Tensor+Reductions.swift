import Kernels

/// Reductions. `dim` nil or empty reduces everything.
extension Tensor {
    /// The operand arranged `[outer, n, inner]` for a reduction, and the sizes of the result.
    private struct Arranged {
        var source: Tensor
        var extent: ReductionExtent
        var sizes: [Int]
        var keptSizes: [Int]
        var dims: [Int]
    }

    private func reducedDims(_ dim: [Int]?) throws(TensorError) -> [Int] {
        guard let dim, !dim.isEmpty else { return Array(0..<rank) }
        var dims: [Int] = []
        for d in dim {
            let n = try normalized(d)
            if dims.contains(n) { throw .runtime("dim \(n) appears multiple times in the list of dims") }
            dims.append(n)
        }
        return rank == 0 ? [] : dims.sorted()
    }

    private func arranged(_ dim: [Int]?, keepdim: Bool) throws(TensorError) -> Arranged {
        let dims = try reducedDims(dim)
        let keptSizes = (0..<rank).map { dims.contains($0) ? 1 : shape[$0] }
        let sizes = keepdim ? keptSizes : (0..<rank).filter { !dims.contains($0) }.map { shape[$0] }
        let n = dims.map { shape[$0] }.reduce(1, *)
        if isChannelsLastInside {
            if dims == Array(2..<rank) {
                return Arranged(source: self, extent: .init(outer: shape[0], n: n, inner: shape[1]), sizes: sizes, keptSizes: keptSizes, dims: dims)
            }
            if dims == [0] + Array(2..<rank) {
                return Arranged(source: self, extent: .init(outer: 1, n: n, inner: shape[1]), sizes: sizes, keptSizes: keptSizes, dims: dims)
            }
            if dims.count == rank {
                return Arranged(source: self, extent: .init(outer: 1, n: n, inner: 1), sizes: sizes, keptSizes: keptSizes, dims: dims)
            }
        }
        let adjacent = dims.isEmpty || dims.last! - dims.first! == dims.count - 1
        if adjacent {
            let first = dims.first ?? rank
            let last = dims.last ?? rank - 1
            let outer = shape[..<first].reduce(1, *)
            let inner = last + 1 <= rank ? shape[(last + 1)...].reduce(1, *) : 1
            return Arranged(source: try packed(), extent: .init(outer: outer, n: n, inner: inner), sizes: sizes, keptSizes: keptSizes, dims: dims)
        }
        let kept = (0..<rank).filter { !dims.contains($0) }
        let moved = try detach().permute(kept + dims).packed()
        return Arranged(
            source: moved, extent: .init(outer: kept.map { shape[$0] }.reduce(1, *), n: n, inner: 1), sizes: sizes, keptSizes: keptSizes, dims: dims)
    }

    private func reduced(_ reduction: Reduction, _ a: Arranged) throws(TensorError) -> Tensor {
        let result = try Tensor.empty(a.sizes, dtype: a.source.dtype)
        Kernels.reduce(reduction, a.source.dtype, a.extent, a.source.physicalPointer, result.pointer)
        return result
    }

    package func sum(dim: [Int]? = nil, keepdim: Bool = false, dtype target: DType? = nil) throws(TensorError) -> Tensor {
        let wanted = target ?? (dtype.isFloatingPoint ? dtype : .int64)
        let a = try converted(to: wanted).arranged(dim, keepdim: keepdim)
        let (own, kept) = (shape, a.keptSizes)
        return try reduced(.sum, a).recorded([self]) {
            .linear(dim == nil ? .sumAll : .sum) { g throws(TensorError) in try g.reshape(kept).expand(own) }
        }
    }

    package func mean(dim: [Int]? = nil, keepdim: Bool = false, dtype target: DType? = nil) throws(TensorError) -> Tensor {
        let wanted = target ?? dtype
        guard wanted.isFloatingPoint else {
            throw TensorError(
                .notImplemented,
                "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: \(wanted.typeName)")
        }
        let a = try converted(to: wanted).arranged(dim, keepdim: keepdim)
        let (own, kept, n) = (shape, a.keptSizes, Double(a.extent.n))
        let total = try reduced(.sum, a)
        return try Elementwise.binary(.divide, total, try .wrapped(.double(n)), dtype: wanted).recorded([self]) {
            .linear(dim == nil ? .meanAll : .mean) { g throws(TensorError) in try g.div(try .wrapped(.double(n))).reshape(kept).expand(own) }
        }
    }

    package func prod(dim: Int? = nil, keepdim: Bool = false, dtype target: DType? = nil) throws(TensorError) -> Tensor {
        let wanted = target ?? (dtype.isFloatingPoint ? dtype : .int64)
        let a = try converted(to: wanted).arranged(dim.map { [$0] }, keepdim: keepdim)
        let result = try reduced(.product, a)
        return result.recorded([self]) { .prod(self, dim: dim, kept: a.keptSizes) }
    }

    private func requireElements(_ name: String, _ a: Arranged) throws(TensorError) {
        if a.extent.n == 0 {
            if a.dims.count == rank {
                throw .runtime(
                    "\(name)(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' argument.")
            }
            throw .index("\(name)(): Expected reduction dim \(a.dims[0]) to have non-zero size.")
        }
    }

    private func extremum(_ largest: Bool) throws(TensorError) -> Tensor {
        let a = try arranged(nil, keepdim: false)
        try requireElements(largest ? "max" : "min", a)
        let result = try reduced(largest ? .maximum : .minimum, a)
        return result.recorded([self]) { .extremeValues(largest ? .maxAll : .minAll, self, result, kept: a.keptSizes) }
    }

    package func max() throws(TensorError) -> Tensor { try extremum(true) }
    package func min() throws(TensorError) -> Tensor { try extremum(false) }

    package func amax(dim: [Int]? = nil, keepdim: Bool = false) throws(TensorError) -> Tensor { try extremeValues(true, dim, keepdim) }
    package func amin(dim: [Int]? = nil, keepdim: Bool = false) throws(TensorError) -> Tensor { try extremeValues(false, dim, keepdim) }

    private func extremeValues(_ largest: Bool, _ dim: [Int]?, _ keepdim: Bool) throws(TensorError) -> Tensor {
        let a = try arranged(dim, keepdim: keepdim)
        try requireElements(largest ? "amax" : "amin", a)
        let result = try reduced(largest ? .maximum : .minimum, a)
        return result.recorded([self]) { .extremeValues(largest ? .amax : .amin, self, result, kept: a.keptSizes) }
    }

    /// Values and positions along one dimension.
    package func max(dim: Int, keepdim: Bool = false) throws(TensorError) -> (values: Tensor, indices: Tensor) {
        try extremeWithIndex(true, dim, keepdim, "max")
    }
    package func min(dim: Int, keepdim: Bool = false) throws(TensorError) -> (values: Tensor, indices: Tensor) {
        try extremeWithIndex(false, dim, keepdim, "min")
    }

    private func extremeWithIndex(_ largest: Bool, _ dim: Int, _ keepdim: Bool, _ name: String) throws(TensorError) -> (
        values: Tensor, indices: Tensor
    ) {
        let a = try arranged([dim], keepdim: keepdim)
        try requireElements(name, a)
        let values = try Tensor.empty(a.sizes, dtype: dtype)
        let indices = try Tensor.empty(a.sizes, dtype: .int64)
        Kernels.reduceWithIndex(
            largest: largest, dtype, a.extent, a.source.physicalPointer, values: values.pointer,
            indices: indices.pointer.assumingMemoryBound(to: Int64.self))
        let d = try normalized(dim)
        let own = shape
        values.recorded([self]) { .pickedAlong(largest ? .maxDim : .minDim, indices, d, own, keepdim: keepdim) }
        return (values, indices)
    }

    package func argmax(dim: Int? = nil, keepdim: Bool = false) throws(TensorError) -> Tensor { try argument(true, dim, keepdim) }
    package func argmin(dim: Int? = nil, keepdim: Bool = false) throws(TensorError) -> Tensor { try argument(false, dim, keepdim) }

    private func argument(_ largest: Bool, _ dim: Int?, _ keepdim: Bool) throws(TensorError) -> Tensor {
        if let dim { return try detach().extremeWithIndex(largest, dim, keepdim, largest ? "argmax" : "argmin").indices }
        let name = largest ? "argmax" : "argmin"
        if count == 0 {
            throw .index("\(name)(): Expected reduction dim to be specified for input.numel() == 0.")
        }
        let flat = try detach().reshape([-1])
        let index = try flat.extremeWithIndex(largest, 0, false, name).indices
        return keepdim ? try index.reshape([Int](repeating: 1, count: rank)) : index
    }

    package func any(dim: Int? = nil, keepdim: Bool = false) throws(TensorError) -> Tensor {
        try logicalReduction(.maximum, dim, keepdim, empty: false)
    }
    package func all(dim: Int? = nil, keepdim: Bool = false) throws(TensorError) -> Tensor {
        try logicalReduction(.minimum, dim, keepdim, empty: true)
    }

    private func logicalReduction(_ reduction: Reduction, _ dim: Int?, _ keepdim: Bool, empty: Bool) throws(TensorError) -> Tensor {
        let a = try converted(to: .bool).arranged(dim.map { [$0] }, keepdim: keepdim)
        if a.extent.n == 0 { return try .full(a.sizes, .bool(empty), dtype: .bool) }
        return try reduced(reduction, a)
    }

    package func countNonzero() throws(TensorError) -> Tensor { try converted(to: .bool).sum() }

    /// Variance with `correction` taken from the divisor (1: Bessel's).
    package func variance(dim: [Int]? = nil, correction: Double = 1, keepdim: Bool = false) throws(TensorError) -> Tensor {
        let (_, deviation, a) = try moments(dim, keepdim: keepdim, "var")
        let n = Double(a.extent.n)
        let result = try Elementwise.binary(.divide, deviation, try .wrapped(.double(Swift.max(0, n - correction))), dtype: dtype)
        return result.recorded([self]) { .variance(self, dims: a.dims, kept: a.keptSizes, divisor: Swift.max(0, n - correction)) }
    }

    package func std(dim: [Int]? = nil, correction: Double = 1, keepdim: Bool = false) throws(TensorError) -> Tensor {
        let (_, deviation, a) = try moments(dim, keepdim: keepdim, "std")
        let divisor = Swift.max(0, Double(a.extent.n) - correction)
        let result = try Elementwise.unary(.sqrt, try Elementwise.binary(.divide, deviation, try .wrapped(.double(divisor)), dtype: dtype))
        return result.recorded([self]) { .std(self, result, dims: a.dims, kept: a.keptSizes, divisor: divisor) }
    }

    private func moments(_ dim: [Int]?, keepdim: Bool, _ name: String) throws(TensorError) -> (Tensor, Tensor, Arranged) {
        guard dtype.isFloatingPoint else { throw TensorError(.notImplemented, "std and var only support floating point and complex dtypes") }
        let a = try arranged(dim, keepdim: keepdim)
        let mean = try Tensor.empty(a.sizes, dtype: dtype)
        let deviation = try Tensor.empty(a.sizes, dtype: dtype)
        Kernels.moments(dtype, a.extent, a.source.physicalPointer, mean: mean.pointer, deviation: deviation.pointer)
        return (mean, deviation, a)
    }

    /// The p-norm of the elements: p may be 0, infinite or negative infinite.
    package func norm(p: Double = 2, dim: [Int]? = nil, keepdim: Bool = false) throws(TensorError) -> Tensor {
        guard dtype.isFloatingPoint else {
            throw .runtime("linalg.vector_norm: Expected a floating point or complex tensor as input. Got \(dtype.typeName)")
        }
        let a = try arranged(dim, keepdim: keepdim)
        let result: Tensor
        if p == 2 {
            result = try Elementwise.unary(.sqrt, try reduced(.sumOfSquares, a))
        } else if p == 1 {
            result = try reduced(.sumOfMagnitudes, a)
        } else if p.isInfinite {
            result = p > 0 ? try detach().abs().amax(dim: dim, keepdim: keepdim) : try detach().abs().amin(dim: dim, keepdim: keepdim)
        } else if p == 0 {
            result = try ne(try .wrapped(0)).sum(dim: dim, keepdim: keepdim).to(dtype)
        } else {
            let powers = try detach().abs().pow(try .wrapped(.double(p)))
            result = try powers.sum(dim: dim, keepdim: keepdim).pow(try .wrapped(.double(1 / p)))
        }
        return result.recorded([self]) { .norm(self, result, p: p, kept: a.keptSizes) }
    }

    package func logsumexp(dim: [Int], keepdim: Bool = false) throws(TensorError) -> Tensor {
        let wide = dtype.isFloatingPoint ? self : try converted(to: EngineState.defaultDType)
        let top = try wide.detach().amax(dim: dim, keepdim: true)
        let finite = try top.isfinite().whereSelect(top, try top.zerosLike())
        let total = try wide.detach().sub(finite).exp().sum(dim: dim, keepdim: true).log().add(finite)
        let dims = try reducedDims(dim)
        let kept = (0..<rank).map { dims.contains($0) ? 1 : shape[$0] }
        let sizes = keepdim ? kept : (0..<rank).filter { !dims.contains($0) }.map { shape[$0] }
        let result = try total.reshape(sizes)
        return result.recorded([self]) { .logsumexp(self, result, kept: kept) }
    }

    private func scanned(_ scan: Scan, _ dim: Int, _ source: Tensor, indices: Tensor? = nil) throws(TensorError) -> Tensor {
        let d = try normalized(dim)
        let values = try source.packed()
        let result = try Tensor.empty(shape, dtype: values.dtype)
        if count == 0 { return result }
        let extent =
            rank == 0
            ? ReductionExtent(outer: 1, n: 1, inner: 1)
            : ReductionExtent(outer: shape[..<d].reduce(1, *), n: shape[d], inner: shape[(d + 1)...].reduce(1, *))
        Kernels.scan(scan, values.dtype, extent, values.pointer, result.pointer, indices: indices?.pointer.assumingMemoryBound(to: Int64.self))
        return result
    }

    package func cumsum(_ dim: Int, dtype target: DType? = nil) throws(TensorError) -> Tensor {
        let d = try normalized(dim)
        return try scanned(.sum, dim, try converted(to: target ?? (dtype.isFloatingPoint ? dtype : .int64))).recorded([self]) {
            .linear(.cumsum) { g throws(TensorError) in g.rank == 0 ? g : try g.flip([d]).cumsum(d).flip([d]) }
        }
    }

    package func cumprod(_ dim: Int, dtype target: DType? = nil) throws(TensorError) -> Tensor {
        let d = try normalized(dim)
        let result = try scanned(.product, dim, try converted(to: target ?? (dtype.isFloatingPoint ? dtype : .int64)))
        return result.recorded([self]) { .cumprod(self, d) }
    }

    /// Running maximum and the positions it came from.
    package func cummax(_ dim: Int) throws(TensorError) -> (values: Tensor, indices: Tensor) {
        let indices = try Tensor.zeros(shape, dtype: .int64)
        return (try scanned(.maximum, dim, self, indices: indices).recordedPicks(.cummax, of: self, indices, dim), indices)
    }

    package func cummin(_ dim: Int) throws(TensorError) -> (values: Tensor, indices: Tensor) {
        let indices = try Tensor.zeros(shape, dtype: .int64)
        return (try scanned(.minimum, dim, self, indices: indices).recordedPicks(.cummin, of: self, indices, dim), indices)
    }

    /// Records that every element was taken from `source` at `indices` along `dim`, some perhaps several times.
    private func recordedPicks(_ operation: Operation, of source: Tensor, _ indices: Tensor, _ dim: Int) throws(TensorError) -> Tensor {
        let (d, own) = (try normalized(dim), shape)
        return recorded([source]) { .linear(operation) { g in own.isEmpty ? g : try Tensor.zeros(own, dtype: g.dtype).scatterAdd(d, indices, g) } }
    }

    private func softmax(_ dim: Int, logarithm: Bool, dtype target: DType?) throws(TensorError) -> Tensor {
        let d = try normalized(dim)
        let source = try (target.map { t throws(TensorError) in try self.to(t) } ?? self)
        guard source.dtype.isFloatingPoint else {
            throw .notImplemented(logarithm ? "log_softmax_lastdim_kernel_impl" : "softmax_kernel_impl", source.dtype)
        }
        let values = try source.packed()
        let result = try Tensor.empty(shape, dtype: source.dtype)
        let extent =
            rank == 0
            ? ReductionExtent(outer: 1, n: 1, inner: 1)
            : ReductionExtent(outer: shape[..<d].reduce(1, *), n: shape[d], inner: shape[(d + 1)...].reduce(1, *))
        if count > 0 { Kernels.softmax(logarithm: logarithm, source.dtype, extent, values.pointer, result.pointer) }
        return result.recorded([source]) { .softmax(result, d, extent, logarithm: logarithm) }
    }

    package func softmax(_ dim: Int, dtype: DType? = nil) throws(TensorError) -> Tensor { try softmax(dim, logarithm: false, dtype: dtype) }
    package func logSoftmax(_ dim: Int, dtype: DType? = nil) throws(TensorError) -> Tensor { try softmax(dim, logarithm: true, dtype: dtype) }
}
