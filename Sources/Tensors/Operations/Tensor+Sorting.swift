import Kernels

/// Sorting along one dimension: stable, NaN greatest. Results are values and int64 positions.
extension Tensor {
    private func sorted(_ dim: Int, keep: Int?, descending: Bool, _ operation: Operation) throws(TensorError) -> (values: Tensor, indices: Tensor) {
        let d = try normalized(dim)
        if rank == 0 { return (try clone(), try .zeros([], dtype: .int64)) }
        let n = shape[d]
        let k = keep ?? n
        let order = (0..<rank).filter { $0 != d } + [d]
        let rows = try detach().permute(order).packed()
        let sizes = Array(rows.shape.dropLast()) + [k]
        let values = try Tensor.empty(sizes, dtype: dtype)
        let indices = try Tensor.empty(sizes, dtype: .int64)
        if values.count > 0 {
            sortRows(
                dtype, rows: count / n, n: n, keep: k, descending: descending, rows.pointer, values: values.pointer,
                indices: indices.pointer.assumingMemoryBound(to: Int64.self))
        }
        let back = (0..<rank).map { $0 == d ? rank - 1 : ($0 < d ? $0 : $0 - 1) }
        let resultValues = try values.permute(back).packed().aliasWithoutGraph()
        let resultIndices = try indices.permute(back).packed().aliasWithoutGraph()
        let own = shape
        resultValues.recorded([self]) { .pickedAlong(operation, resultIndices, d, own, keepdim: true) }
        return (resultValues, resultIndices)
    }

    package func sort(_ dim: Int = -1, descending: Bool = false) throws(TensorError) -> (values: Tensor, indices: Tensor) {
        try sorted(dim, keep: nil, descending: descending, .sort)
    }

    package func argsort(_ dim: Int = -1, descending: Bool = false) throws(TensorError) -> Tensor {
        try detach().sort(dim, descending: descending).indices
    }

    package func topk(_ k: Int, dim: Int = -1, largest: Bool = true) throws(TensorError) -> (values: Tensor, indices: Tensor) {
        let n = rank == 0 ? 1 : shape[try normalized(dim)]
        guard k >= 0 && k <= n else { throw .runtime("selected index k out of range") }
        return try sorted(dim, keep: k, descending: largest, .topk)
    }

    package func kthvalue(_ k: Int, dim: Int = -1, keepdim: Bool = false) throws(TensorError) -> (values: Tensor, indices: Tensor) {
        let d = try normalized(dim)
        let n = rank == 0 ? 1 : shape[d]
        guard k >= 1 && k <= n else { throw .runtime("kthvalue(): selected number k out of range for dimension \(d)") }
        let (values, indices) = try sort(dim)
        if rank == 0 { return (values, indices) }
        let (v, i) = (try values.narrow(d, k - 1, 1), try indices.narrow(d, k - 1, 1))
        return keepdim ? (v, i) : (try v.squeeze([d]), try i.squeeze([d]))
    }

    /// The lower median of all elements.
    package func median() throws(TensorError) -> Tensor {
        let flat = try reshape([-1])
        if flat.count == 0 { return try .full([], .double(.nan), dtype: dtype) }
        if dtype.isFloatingPoint, try isnan().any().item() == .bool(true) { return try .full([], .double(.nan), dtype: dtype) }
        return try flat.kthvalue((flat.count + 1) / 2).values
    }

    package func median(dim: Int, keepdim: Bool = false) throws(TensorError) -> (values: Tensor, indices: Tensor) {
        let n = rank == 0 ? 1 : shape[try normalized(dim)]
        return try kthvalue((n + 1) / 2, dim: dim, keepdim: keepdim)
    }

    /// The distinct elements in ascending order; where each element went; how often each occurs.
    package func unique() throws(TensorError) -> (values: Tensor, inverse: Tensor, counts: Tensor) {
        let flat = try detach().reshape([-1])
        let (ordered, positions) = try flat.sort()
        let values = try ordered.scalars()
        let order = try positions.integers()
        var kept: [Int] = []
        var counts: [Int] = []
        var inverse = [Int](repeating: 0, count: values.count)
        for (i, value) in values.enumerated() {
            if i == 0 || value != values[i - 1] {
                kept.append(i)
                counts.append(0)
            }
            counts[counts.count - 1] += 1
            inverse[order[i]] = kept.count - 1
        }
        return (try ordered.indexSelect(0, try .from(integers: kept)), try .from(integers: inverse, shape), try .from(integers: counts))
    }

    /// The distinct slices along `dim` in lexicographic order; where each slice went; how often each occurs.
    package func unique(dim: Int) throws(TensorError) -> (values: Tensor, inverse: Tensor, counts: Tensor) {
        if rank == 0 { return try unique() }
        let d = try normalized(dim)
        let n = shape[d]
        if count == 0 && n > 0 { throw .runtime("There are 0 sized dimensions, and they aren't selected, so unique cannot be applied") }
        let rows = try detach().movedim([d], [0]).reshape([n, n == 0 ? 0 : count / n]).scalars()
        let width = n == 0 ? 0 : rows.count / n
        func slice(_ i: Int) -> ArraySlice<Scalar> { rows[i * width..<(i + 1) * width] }
        let order = (0..<n).sorted { a, b in
            for (x, y) in zip(slice(a), slice(b)) where x != y { return x.asDouble < y.asDouble }
            return a < b
        }
        return try groups(order, d) { slice($0).elementsEqual(slice($1)) }
    }

    /// Runs of equal elements, or of equal slices along `dim`, each once; where each went; the runs' lengths.
    package func uniqueConsecutive(dim: Int? = nil) throws(TensorError) -> (values: Tensor, inverse: Tensor, counts: Tensor) {
        guard let dim, rank > 0 else {
            let (values, inverse, counts) = try reshape([-1]).uniqueConsecutive(dim: 0)
            return (values, try inverse.view(shape), counts)
        }
        let d = try normalized(dim)
        let n = shape[d]
        let rows = try detach().movedim([d], [0]).reshape([n, n == 0 ? 0 : count / n]).scalars()
        let width = n == 0 ? 0 : rows.count / n
        return try groups(Array(0..<n), d) { rows[$0 * width..<($0 + 1) * width].elementsEqual(rows[$1 * width..<($1 + 1) * width]) }
    }

    /// Neighbours of `order` that are the same slice along `d`, joined.
    private func groups(_ order: [Int], _ d: Int, _ same: (Int, Int) -> Bool) throws(TensorError) -> (values: Tensor, inverse: Tensor, counts: Tensor)
    {
        var kept: [Int] = []
        var counts: [Int] = []
        var inverse = [Int](repeating: 0, count: order.count)
        for (i, slice) in order.enumerated() {
            if i == 0 || !same(order[i - 1], slice) {
                kept.append(slice)
                counts.append(0)
            }
            counts[counts.count - 1] += 1
            inverse[slice] = kept.count - 1
        }
        return (try detach().indexSelect(d, try .from(integers: kept)), try .from(integers: inverse), try .from(integers: counts))
    }

    /// Occurrences of each non-negative integer.
    package func bincount(weights: Tensor? = nil, minlength: Int = 0) throws(TensorError) -> Tensor {
        guard rank == 1, !dtype.isFloatingPoint else { throw .runtime("bincount only supports 1-d non-negative integral inputs.") }
        let values = try integers()
        guard values.allSatisfy({ $0 >= 0 }) else { throw .runtime("bincount only supports 1-d non-negative integral inputs.") }
        let length = Swift.max(minlength, (values.max() ?? -1) + 1)
        let result = try Tensor.zeros([length], dtype: weights.map { $0.dtype == .float32 ? .float32 : .float64 } ?? .int64)
        let amounts = if let weights { try weights.detach().to(result.dtype) } else { try Tensor.ones(shape, dtype: .int64) }
        return try result.indexAdd(0, try to(.int64), amounts)
    }

    /// For each of `values`, where it would stand in the ascending 1-d tensor `self`.
    package func searchsorted(_ values: Tensor, right: Bool = false) throws(TensorError) -> Tensor {
        let edges = try doubles()
        let positions = try values.doubles().map { value in
            var (low, high) = (0, edges.count)
            while low < high {
                let middle = (low + high) / 2
                if right ? edges[middle] <= value : edges[middle] < value { low = middle + 1 } else { high = middle }
            }
            return low
        }
        return try .from(integers: positions, values.shape)
    }
}
