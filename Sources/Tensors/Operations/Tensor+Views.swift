/// Views: the same storage read by another layout. Errors are IndexError for dimensions, RuntimeError for shapes.
extension Tensor {
    private func viewed(_ layout: Layout, _ gradient: () -> Gradient) -> Tensor {
        let view = Tensor(storage: storage, layout: layout, dtype: dtype)
        view.asView(of: self).recorded([self], gradient)
        return view
    }

    /// `sizes` with a -1 replaced by what makes the count right.
    func resolved(_ sizes: [Int]) throws(TensorError) -> [Int] {
        var known = 1
        var unknown: Int?
        for (d, size) in sizes.enumerated() {
            if size == -1 {
                if unknown != nil { throw .runtime("only one dimension can be inferred") }
                unknown = d
            } else if size < 0 {
                throw .runtime("invalid shape dimension \(size)")
            } else {
                let (product, overflow) = known.multipliedReportingOverflow(by: size)
                if overflow { throw .invalidShape(sizes, count: count) }
                known = product
            }
        }
        guard let unknown else {
            if known != count { throw .invalidShape(sizes, count: count) }
            return sizes
        }
        if known == 0 {
            if count != 0 { throw .invalidShape(sizes, count: count) }
            throw .runtime(
                "cannot reshape tensor of 0 elements into shape \(bracketed(sizes)) because the unspecified dimension size -1 can be any value and is ambiguous"
            )
        }
        if count % known != 0 { throw .invalidShape(sizes, count: count) }
        var result = sizes
        result[unknown] = count / known
        return result
    }

    package func view(_ sizes: [Int]) throws(TensorError) -> Tensor {
        let target = try resolved(sizes)
        guard let strides = layout.viewStrides(target) else {
            throw .runtime(
                "view size is not compatible with input tensor's size and stride (at least one dimension spans across two contiguous subspaces). Use .reshape(...) instead."
            )
        }
        let own = shape
        return viewed(Layout(sizes: target, strides: strides, offset: layout.offset)) {
            .linear(.view) { g throws(TensorError) in try g.reshape(own) }
        }
    }

    /// A view where memory allows one, else a copy.
    package func reshape(_ sizes: [Int]) throws(TensorError) -> Tensor {
        let target = try resolved(sizes)
        if layout.viewStrides(target) != nil { return try view(target) }
        let own = shape
        let copy = try packed()
        return Tensor(storage: copy.storage, layout: Layout(contiguous: target), dtype: dtype)
            .recorded([self]) { .linear(.unsafeView) { g throws(TensorError) in try g.reshape(own) } }
    }

    package func flatten(_ start: Int = 0, _ end: Int = -1) throws(TensorError) -> Tensor {
        if rank == 0 { return try reshape([1]) }
        let (first, last) = (try normalized(start), try normalized(end))
        if first > last { throw .runtime("flatten() has invalid args: start_dim cannot come after end_dim") }
        if first == last { return self }
        return try reshape(Array(shape[..<first]) + [shape[first...last].reduce(1, *)] + Array(shape[(last + 1)...]))
    }

    package func unflatten(_ dim: Int, _ sizes: [Int]) throws(TensorError) -> Tensor {
        let d = try normalized(dim)
        var target = sizes
        let known = sizes.filter { $0 != -1 }.reduce(1, *)
        if let unknown = sizes.firstIndex(of: -1), known > 0 { target[unknown] = shape[d] / known }
        guard target.reduce(1, *) == shape[d] else {
            throw .runtime(
                "unflatten: Provided sizes \(bracketed(sizes)) don't multiply up to the size of dim \(d) (\(shape[d])) in the input tensor")
        }
        return try view(Array(shape[..<d]) + target + Array(shape[(d + 1)...]))
    }

    package func permute(_ dims: [Int]) throws(TensorError) -> Tensor {
        guard dims.count == rank else {
            throw .runtime(
                "permute(sparse_coo): number of dimensions in the tensor input does not match the length of the desired ordering of dimensions i.e. input.dim() = \(rank) is not equal to len(dims) = \(dims.count)"
            )
        }
        var order: [Int] = []
        for dim in dims {
            let d = try normalized(dim)
            if order.contains(d) { throw .runtime("permute(): duplicate dims are not allowed.") }
            order.append(d)
        }
        var inverse = [Int](repeating: 0, count: rank)
        for (i, d) in order.enumerated() { inverse[d] = i }
        let back = inverse
        return viewed(Layout(sizes: order.map { shape[$0] }, strides: order.map { strides[$0] }, offset: layout.offset)) {
            .linear(.permute) { g throws(TensorError) in try g.permute(back) }
        }
    }

    package func transpose(_ a: Int, _ b: Int) throws(TensorError) -> Tensor { try transposed(try normalized(a), try normalized(b), .transpose) }

    private func transposed(_ a: Int, _ b: Int, _ operation: Operation) throws(TensorError) -> Tensor {
        var (sizes, steps) = (shape, strides)
        if rank > 0 {
            sizes.swapAt(a, b)
            steps.swapAt(a, b)
        }
        return viewed(Layout(sizes: sizes, strides: steps, offset: layout.offset)) {
            .linear(operation) { g throws(TensorError) in g.rank == 0 ? g : try g.transpose(a, b) }
        }
    }

    package func t() throws(TensorError) -> Tensor {
        guard rank <= 2 else { throw .runtime("t() expects a tensor with <= 2 dimensions, but self is \(rank)D") }
        return try transposed(0, rank == 2 ? 1 : 0, .transposeMatrix)
    }

    package func movedim(_ source: [Int], _ destination: [Int]) throws(TensorError) -> Tensor {
        guard source.count == destination.count else {
            throw .runtime(
                "movedim: Invalid source or destination dims: source (\(bracketed(source)) dims) should contain the same number of dims as destination (\(bracketed(destination)) dims)"
            )
        }
        var order = [Int](repeating: -1, count: rank)
        var from: [Int] = []
        for (s, d) in zip(source, destination) {
            let (a, b) = (try normalized(s), try normalized(d))
            if from.contains(a) || order[b] != -1 { throw .runtime("movedim: repeated dim in `source` or `destination`") }
            order[b] = a
            from.append(a)
        }
        var rest = (0..<rank).filter { !from.contains($0) }[...]
        for d in 0..<rank where order[d] == -1 { order[d] = rest.removeFirst() }
        return try permute(order)
    }

    /// Repeats dimensions of size 1 without copying; -1 keeps a size.
    package func expand(_ sizes: [Int]) throws(TensorError) -> Tensor {
        guard sizes.count >= rank else {
            throw .runtime(
                "expand(torch.\(dtype.typeName)Tensor{\(bracketed(shape))}, size=\(bracketed(sizes))): the number of sizes provided (\(sizes.count)) must be greater or equal to the number of dimensions in the tensor (\(rank))"
            )
        }
        var target = sizes
        var steps = [Int](repeating: 0, count: sizes.count)
        let shift = sizes.count - rank
        for d in (0..<sizes.count).reversed() {
            if d < shift {
                if sizes[d] == -1 {
                    throw .runtime("The expanded size of the tensor (\(sizes[d])) isn't allowed in a leading, non-existing dimension \(d)")
                }
                continue
            }
            let own = shape[d - shift]
            if sizes[d] == -1 { target[d] = own }
            if own == target[d] {
                steps[d] = strides[d - shift]
            } else if own != 1 {
                throw .runtime(
                    "The expanded size of the tensor (\(sizes[d])) must match the existing size (\(own)) at non-singleton dimension \(d).  Target sizes: \(bracketed(sizes)).  Tensor sizes: \(bracketed(shape))"
                )
            }
        }
        let own = shape
        _ = try Tensor.validated(target)
        return viewed(Layout(sizes: target, strides: steps, offset: layout.offset)) { .linear(.expand) { g throws(TensorError) in try g.sumTo(own) } }
    }

    package func squeeze(_ dims: [Int]? = nil) throws(TensorError) -> Tensor {
        var wanted = Set(0..<rank)
        if let dims {
            wanted = []
            for dim in dims { wanted.insert(try normalized(dim)) }
        }
        let kept = (0..<rank).filter { !(wanted.contains($0) && shape[$0] == 1) }
        let own = shape
        return viewed(Layout(sizes: kept.map { shape[$0] }, strides: kept.map { strides[$0] }, offset: layout.offset)) {
            .linear(dims == nil ? .squeeze : .squeezeDim) { g throws(TensorError) in try g.reshape(own) }
        }
    }

    package func unsqueeze(_ dim: Int) throws(TensorError) -> Tensor {
        guard dim >= -(rank + 1) && dim <= rank else { throw .dimensionOutOfRange(dim, rank: rank + 1) }
        let d = dim < 0 ? dim + rank + 1 : dim
        var (sizes, steps) = (shape, strides)
        steps.insert(d < rank ? shape[d] * strides[d] : 1, at: d)
        sizes.insert(1, at: d)
        return viewed(Layout(sizes: sizes, strides: steps, offset: layout.offset)) {
            .linear(.unsqueeze) { g throws(TensorError) in try g.squeeze([d]) }
        }
    }

    package func select(_ dim: Int, _ index: Int) throws(TensorError) -> Tensor {
        if rank == 0 { throw .index("select() cannot be applied to a 0-dim tensor.") }
        let d = try normalized(dim)
        guard index >= -shape[d] && index < shape[d] else {
            throw .index("select(): index \(index) out of range for tensor of size \(bracketed(shape)) at dimension \(d)")
        }
        let i = index < 0 ? index + shape[d] : index
        var (sizes, steps) = (shape, strides)
        sizes.remove(at: d)
        steps.remove(at: d)
        let own = shape
        return viewed(Layout(sizes: sizes, strides: steps, offset: layout.offset + i * strides[d])) {
            .linear(.select) { g throws(TensorError) in try .placing(try g.unsqueeze(d), in: own, d, i, 1) }
        }
    }

    /// Elements `start`, `start + step`, … below `end` along `dim`; bounds are clipped as Python clips them.
    package func slice(_ dim: Int = 0, start: Int? = nil, end: Int? = nil, step: Int = 1) throws(TensorError) -> Tensor {
        if rank == 0 { throw .index("slice() cannot be applied to a 0-dim tensor.") }
        if step <= 0 { throw .value("step must be greater than zero") }
        let d = try normalized(dim)
        let n = shape[d]
        func clipped(_ value: Int) -> Int { Swift.min(Swift.max(value < 0 ? value + n : value, 0), n) }
        let first = clipped(start ?? 0)
        let last = Swift.max(first, end.map(clipped) ?? n)
        return sliced(d, first, (last - first) / step + ((last - first) % step == 0 ? 0 : 1), step, .slice)
    }

    private func sliced(_ d: Int, _ first: Int, _ length: Int, _ step: Int, _ operation: Operation) -> Tensor {
        var (sizes, steps) = (shape, strides)
        sizes[d] = length
        // A stride too large for an Int belongs to at most one element, which no stride moves.
        let (stride, overflow) = strides[d].multipliedReportingOverflow(by: step)
        steps[d] = overflow ? strides[d] : stride
        let own = shape
        return viewed(Layout(sizes: sizes, strides: steps, offset: layout.offset + (length > 0 ? first * strides[d] : 0))) {
            .linear(operation) { g throws(TensorError) in try .placing(g, in: own, d, first, step) }
        }
    }

    package func narrow(_ dim: Int, _ start: Int, _ length: Int) throws(TensorError) -> Tensor {
        if rank == 0 { throw .runtime("narrow() cannot be applied to a 0-dim tensor.") }
        if length < 0 { throw .runtime("narrow(): length must be non-negative.") }
        let d = try normalized(dim)
        guard start >= -shape[d] && start <= shape[d] else {
            throw .index("start out of range (expected to be in range of [\(-shape[d]), \(shape[d])], but got \(start))")
        }
        let first = start < 0 ? start + shape[d] : start
        if first + length > shape[d] { throw .runtime("start (\(first)) + length (\(length)) exceeds dimension size (\(shape[d])).") }
        return sliced(d, first, length, 1, .slice)
    }

    /// Zeros of `sizes` with `values` written at positions `first`, `first + step`, … along `dim`.
    static func placing(_ values: Tensor, in sizes: [Int], _ dim: Int, _ first: Int, _ step: Int) throws(TensorError) -> Tensor {
        let result = try Tensor.zeros(sizes, dtype: values.dtype)
        let target = result.sliced(dim, first, values.shape[dim], step, .slice).detach()
        try target.assignElements(from: values)
        return result.recorded([values]) {
            .linear(.slice) { g throws(TensorError) in
                try g.slice(dim, start: first, end: first + (values.shape[dim] - 1) * step + 1, step: step)
            }
        }
    }

    package func split(_ size: Int, dim: Int = 0) throws(TensorError) -> [Tensor] {
        if rank == 0 { throw .runtime("split expects at least a 1-dimensional tensor") }
        if size < 0 { throw .runtime("split expects split_size be non-negative, but got split_size=\(size)") }
        let n = shape[try normalized(dim)]
        if size == 0 && n != 0 { throw .runtime("split_size can only be 0 if dimension size is 0, but got dimension size of \(n)") }
        let pieces = size == 0 ? 1 : Swift.max(1, (n + size - 1) / size)
        return try split((0..<pieces).map { Swift.min(size, n - $0 * size) }, dim: dim)
    }

    package func split(_ sizes: [Int], dim: Int = 0) throws(TensorError) -> [Tensor] {
        if rank == 0 { throw .runtime("split expects at least a 1-dimensional tensor") }
        let d = try normalized(dim)
        guard sizes.allSatisfy({ $0 >= 0 }), sizes.reduce(0, +) == shape[d] else {
            throw .runtime(
                "split_with_sizes expects split_sizes to sum exactly to \(shape[d]) (input tensor's size at dimension \(d)), but got split_sizes=\(bracketed(sizes))"
            )
        }
        var start = 0
        var results: [Tensor] = []
        for size in sizes {
            results.append(sliced(d, start, size, 1, .split))
            start += size
        }
        return results
    }

    package func chunk(_ chunks: Int, dim: Int = 0) throws(TensorError) -> [Tensor] {
        if rank == 0 { throw .runtime("chunk expects at least a 1-dimensional tensor") }
        if chunks <= 0 { throw .runtime("chunk expects `chunks` to be greater than 0, got: \(chunks)") }
        let n = shape[try normalized(dim)]
        let size = (n + chunks - 1) / chunks
        if size == 0 { return try split([Int](repeating: 0, count: chunks), dim: dim) }
        return try split(size, dim: dim)
    }

    package func unbind(_ dim: Int = 0) throws(TensorError) -> [Tensor] {
        let d = try normalized(dim)
        if rank == 0 { throw .index("Dimension specified as \(dim) but tensor has no dimensions") }
        var (sizes, steps) = (shape, strides)
        sizes.remove(at: d)
        steps.remove(at: d)
        let own = shape
        return (0..<shape[d]).map { i in
            viewed(Layout(sizes: sizes, strides: steps, offset: layout.offset + i * strides[d])) {
                .linear(.unbind) { g throws(TensorError) in try .placing(try g.unsqueeze(d), in: own, d, i, 1) }
            }
        }
    }

    /// Any layout over the storage. Positions must lie inside it.
    package func asStrided(_ sizes: [Int], _ strides: [Int], offset: Int? = nil) throws(TensorError) -> Tensor {
        guard sizes.count == strides.count else { throw .runtime("mismatch in length of strides and shape") }
        if strides.contains(where: { $0 < 0 }) {
            throw .runtime("as_strided: Negative strides are not supported at the moment, got strides: \(bracketed(strides))")
        }
        let start = offset ?? layout.offset
        var last = start
        for (size, step) in zip(sizes, strides) { last += (size - 1) * step }
        if sizes.allSatisfy({ $0 > 0 }), start < 0 || (last + 1) * dtype.size > storage.byteCount {
            throw .runtime(
                "setStorage: sizes \(bracketed(sizes)), strides \(bracketed(strides)), storage offset \(start), and itemsize \(dtype.size) requiring a storage size of \((last + 1) * dtype.size) are out of bounds for storage of size \(storage.byteCount)"
            )
        }
        storage.linearize()
        let own = self
        return viewed(Layout(sizes: sizes, strides: strides, offset: start)) {
            .asStrided(base: own, layout: Layout(sizes: sizes, strides: strides, offset: start))
        }
    }

    package func diagonal(offset: Int = 0, _ dim1: Int = 0, _ dim2: Int = 1) throws(TensorError) -> Tensor {
        let (a, b) = (try normalized(dim1), try normalized(dim2))
        if a == b { throw .runtime("diagonal dimensions cannot be identical \(dim1), \(dim2)") }
        let length = Swift.max(0, offset >= 0 ? Swift.min(shape[a], shape[b] - offset) : Swift.min(shape[a] + offset, shape[b]))
        let kept = (0..<rank).filter { $0 != a && $0 != b }
        let start = length == 0 ? 0 : (offset >= 0 ? offset * strides[b] : -offset * strides[a])
        let view = Layout(
            sizes: kept.map { shape[$0] } + [length], strides: kept.map { strides[$0] } + [strides[a] + strides[b]], offset: layout.offset + start)
        let own = shape
        return viewed(view) {
            .linear(.diagonal) { g throws(TensorError) in
                let whole = try Tensor.zeros(own, dtype: g.dtype)
                try whole.diagonal(offset: offset, a, b).assignElements(from: g)
                return whole
            }
        }
    }

    /// All windows of `size` elements every `step` along `dim`, in a new last dimension.
    package func unfold(_ dim: Int, size: Int, step: Int) throws(TensorError) -> Tensor {
        let d = try normalized(dim)
        let n = rank == 0 ? 1 : shape[d]
        if size > n { throw .runtime("maximum size for tensor at dimension \(d) is \(n) but size is \(size)") }
        if step <= 0 { throw .runtime("step is \(step) but must be > 0") }
        var (sizes, steps) = (shape, strides)
        if rank > 0 {
            sizes[d] = (n - size) / step + 1
            steps[d] = strides[d] * step
        }
        let view = Layout(sizes: sizes + [size], strides: steps + [rank == 0 ? 1 : strides[d]], offset: layout.offset)
        let own = Layout(contiguous: shape)
        let windows = Layout(sizes: view.sizes, strides: Tensor.windowStrides(own, d, step), offset: 0)
        return viewed(view) {
            .linear(.unfold) { g throws(TensorError) in
                let whole = try Tensor.zeros(own.sizes, dtype: g.dtype)
                try Tensor(storage: whole.storage, layout: windows, dtype: g.dtype).accumulateOverlapping(g)
                return whole
            }
        }
    }

    private static func windowStrides(_ layout: Layout, _ d: Int, _ step: Int) -> [Int] {
        if layout.rank == 0 { return [1] }
        var steps = layout.strides
        steps[d] *= step
        return steps + [layout.strides[d]]
    }
}
