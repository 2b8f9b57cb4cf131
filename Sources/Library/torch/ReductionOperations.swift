import Interpreter
import Tensors

// Operations that fold dimensions, order elements, or accumulate along a dimension.

extension OperationTable {
    func defineReductions() {
        defineSums()
        defineExtremes()
        defineStatistics()
        defineOrdering()
        defineAccumulation()
    }

    private func defineSums() {
        op("sum", "dim=None, keepdim=False, *, dtype=None") { c in
            try c.x.sum(dim: try c.intsOrNil(1), keepdim: c.flag(2), dtype: try c.dtypeOrNil(3))
        }
        op("nansum", "dim=None, keepdim=False, *, dtype=None") { c in
            let x = try c.x
            let clean = x.dtype.isFloatingPoint ? try x.maskedFill(try x.isnan(), try .scalar(0, dtype: x.dtype)) : x
            return try clean.sum(dim: try c.intsOrNil(1), keepdim: c.flag(2), dtype: try c.dtypeOrNil(3))
        }
        op("mean", "dim=None, keepdim=False, *, dtype=None") { c in
            try c.x.mean(dim: try c.intsOrNil(1), keepdim: c.flag(2), dtype: try c.dtypeOrNil(3))
        }
        op("prod", "dim=None, keepdim=False, *, dtype=None") { c in
            try c.x.prod(dim: try c.intOrNil(1), keepdim: c.flag(2), dtype: try c.dtypeOrNil(3))
        }
        op("any", "dim=None, keepdim=False") { c in try c.x.any(dim: try c.intOrNil(1), keepdim: c.flag(2)) }
        op("all", "dim=None, keepdim=False") { c in try c.x.all(dim: try c.intOrNil(1), keepdim: c.flag(2)) }
        op("count_nonzero", "dim=None") { c in
            guard let dims = try c.intsOrNil(1) else { return try c.x.countNonzero() }
            return try c.x.to(.bool).sum(dim: dims)
        }
        op("logsumexp", "dim, keepdim=False") { c in try c.x.logsumexp(dim: c.ints(1), keepdim: c.flag(2)) }
        op("trace") { c in try c.x.diagonal().sum() }
        op("norm", "p=2, dim=None, keepdim=False, dtype=None") { c in
            var x = try c.x
            if let dtype = try c.dtypeOrNil(4) { x = try x.to(dtype) }
            var p = 2.0
            if c.a[1].isString {
                guard try c.text(1) == "fro" else { throw c.vm.runtimeError("norm: only the Frobenius norm 'fro' is supported by name") }
            } else if c.has(1) {
                p = try c.double(1)
            }
            return try x.norm(p: p, dim: try c.intsOrNil(2), keepdim: c.flag(3))
        }
        op("dist", "other, p=2") { c in try c.x.sub(try c.tensor(1)).norm(p: c.double(2)) }
    }

    private func defineExtremes() {
        for (name, largest) in [("max", true), ("min", false)] {
            pair(name, "dim=None, keepdim=False") { c in
                let x = try c.x
                if let other = torch.tensor(c.a[1]), other.rank > 0 || other.dtype.isFloatingPoint {
                    return (largest ? try x.maximum(other) : try x.minimum(other), nil)
                }
                guard c.has(1) else { return (largest ? try x.max() : try x.min(), nil) }
                return largest ? try x.max(dim: c.int(1), keepdim: c.flag(2)) : try x.min(dim: c.int(1), keepdim: c.flag(2))
            }
        }
        op("amax", "dim=(), keepdim=False") { c in try c.x.amax(dim: try folded(c, 1), keepdim: c.flag(2)) }
        op("amin", "dim=(), keepdim=False") { c in try c.x.amin(dim: try folded(c, 1), keepdim: c.flag(2)) }
        named("aminmax", ["min", "max"], "*, dim=None, keepdim=False") { c in
            let dims = try c.intsOrNil(1)
            let x = try c.x
            return [try x.amin(dim: dims, keepdim: c.flag(2)), try x.amax(dim: dims, keepdim: c.flag(2))]
        }
        op("argmax", "dim=None, keepdim=False") { c in try c.x.argmax(dim: try c.intOrNil(1), keepdim: c.flag(2)) }
        op("argmin", "dim=None, keepdim=False") { c in try c.x.argmin(dim: try c.intOrNil(1), keepdim: c.flag(2)) }
    }

    private func folded(_ c: Call, _ i: Int) throws -> [Int]? {
        let dims = try c.intsOrNil(i)
        return dims?.isEmpty == true ? nil : dims
    }

    /// An operation with values and indices, or with values alone.
    private func pair(_ name: String, _ signature: String, _ body: @escaping (Call) throws -> (values: Tensor, indices: Tensor?)) {
        named(name, ["values", "indices"], signature) { c in
            let found = try body(c)
            return [found.values] + (found.indices.map { [$0] } ?? [])
        }
    }

    private func defineStatistics() {
        for (name, isDeviation) in [("var", false), ("std", true)] {
            // `unbiased` is the older spelling of `correction`, and may stand in `dim`'s place.
            op(name, "dim=None, unbiased=None, keepdim=False, *, correction=1") { c in
                let (dims, correction, keepdim) = try spread(c)
                let x = try c.x
                return isDeviation
                    ? try x.std(dim: dims, correction: correction, keepdim: keepdim)
                    : try x.variance(dim: dims, correction: correction, keepdim: keepdim)
            }
            tuple("\(name)_mean", "dim=None, unbiased=None, keepdim=False, *, correction=1") { c in
                let (dims, correction, keepdim) = try spread(c)
                let x = try c.x
                let first =
                    isDeviation
                    ? try x.std(dim: dims, correction: correction, keepdim: keepdim)
                    : try x.variance(dim: dims, correction: correction, keepdim: keepdim)
                return [first, try x.mean(dim: dims, keepdim: keepdim)]
            }
        }
        pair("median", "dim=None, keepdim=False") { c in
            guard let dim = try c.intOrNil(1) else { return (try c.x.median(), nil) }
            return try c.x.median(dim: dim, keepdim: c.flag(2))
        }
        op("bincount", "weights=None, minlength=0") { c in try c.x.bincount(weights: try c.tensorOrNil(1), minlength: c.int(2)) }
        op("histc", "bins=100, min=0, max=0") { c in try histogram(c) }
        op("quantile", "q, dim=None, keepdim=False, *, interpolation='linear'") { c in try quantile(c) }
    }

    private func spread(_ c: Call) throws -> (dims: [Int]?, correction: Double, keepdim: Bool) {
        var correction = c.has(4) ? try c.double(4) : 0
        if c.has(2) { correction = try c.flag(2) ? 1 : 0 }
        if c.a[1].isBool { return (nil, c.a[1].asBool ? 1 : 0, try c.flag(3)) }
        return (try folded(c, 1), correction, try c.flag(3))
    }

    private func histogram(_ c: Call) throws -> Tensor {
        let x = try c.x.detach()
        let bins = try c.int(1)
        guard bins > 0 else { throw c.vm.runtimeError("torch.histc(): bins must be > 0") }
        guard x.dtype.isFloatingPoint else { throw c.vm.error("NotImplementedError", "\"histogram_cpu\" not implemented for '\(x.dtype.typeName)'") }
        var (low, high) = (try c.double(2), try c.double(3))
        let values = try x.doubles()
        if low == high, let smallest = values.min(), let largest = values.max() { (low, high) = (smallest, largest) }
        if low == high { (low, high) = (low - 1, high + 1) }
        guard low.isFinite, high.isFinite else { throw c.vm.runtimeError("torch.histc: range of [\(low), \(high)] is not finite") }
        guard low < high else { throw c.vm.runtimeError("torch.histc: max must be larger than min") }
        let counts = try Tensor.zeros([bins], dtype: .float64)
        let cells = counts.pointer.assumingMemoryBound(to: Double.self)
        for value in values where value >= low && value <= high { cells[min(bins - 1, Int((value - low) / (high - low) * Double(bins)))] += 1 }
        return try counts.to(x.dtype)
    }

    private func quantile(_ c: Call) throws -> Tensor {
        let x = try c.x
        let q: Tensor
        if let given = torch.tensor(c.a[1]) { q = given } else { q = try .scalar(.double(try c.double(1)), dtype: x.dtype) }
        for share in try q.doubles() where !(0...1).contains(share) {
            throw c.vm.runtimeError("quantile() q must be in the range [0, 1] but got \(share)")
        }
        let mode = try c.text(4)
        guard mode == "linear" else { throw c.vm.error("NotImplementedError", "quantile() supports interpolation='linear' only, not '\(mode)'") }
        let dim = try c.intOrNil(2)
        let flat = dim == nil ? try x.flatten() : x
        let axis = try flat.normalized(dim ?? 0)
        let sorted = try flat.sort(axis).values
        let last = Double(flat.rank == 0 ? 0 : flat.shape[axis] - 1)
        let keepdim = try c.flag(3)
        var results: [Tensor] = []
        for share in try q.doubles() {
            let position = share * last
            let low = try sorted.narrow(axis, Int(position.rounded(.down)), 1)
            let high = try sorted.narrow(axis, Int(position.rounded(.up)), 1)
            let value = try low.lerp(high, weight: try .scalar(.double(position - position.rounded(.down)), dtype: x.dtype))
            results.append(keepdim ? value : try value.squeeze([axis]))
        }
        return q.rank == 0 ? results[0] : try .stack(results)
    }

    private func defineOrdering() {
        pair("sort", "dim=-1, descending=False, stable=False") { c in try c.x.sort(c.int(1), descending: c.flag(2)) }
        op("argsort", "dim=-1, descending=False, stable=False") { c in try c.x.argsort(c.int(1), descending: c.flag(2)) }
        op("msort") { c in try c.x.sort(0).values }
        pair("topk", "k, dim=-1, largest=True, sorted=True") { c in try c.x.topk(c.int(1), dim: c.has(2) ? try c.int(2) : -1, largest: c.flag(3)) }
        pair("kthvalue", "k, dim=-1, keepdim=False") { c in try c.x.kthvalue(c.int(1), dim: c.int(2), keepdim: c.flag(3)) }
        value("unique", "sorted=True, return_inverse=False, return_counts=False, dim=None") { c in
            if c.has(4) { throw c.vm.error("NotImplementedError", "unique() over a dimension is not supported; flatten the tensor") }
            let found = try c.x.unique()
            var results = [found.values]
            if try c.flag(2) { results.append(found.inverse) }
            if try c.flag(3) { results.append(found.counts) }
            return results.count == 1 ? torch.value(found.values) : torch.tuple(results)
        }
        writing("searchsorted", "sorted_sequence, input, *, right=False, side=None") { c in
            try c.x.searchsorted(try c.operand(1), right: try c.textOrNil(3).map { $0 == "right" } ?? c.flag(2))
        }
        writing("bucketize", "input, boundaries, *, right=False") { c in try c.tensor(1).searchsorted(try c.operand(0), right: c.flag(2)) }
    }

    private func defineAccumulation() {
        op("cumsum", "dim, *, dtype=None") { c in try c.x.cumsum(c.int(1), dtype: try c.dtypeOrNil(2)) }
        op("cumprod", "dim, *, dtype=None") { c in try c.x.cumprod(c.int(1), dtype: try c.dtypeOrNil(2)) }
        pair("cummax", "dim") { c in try c.x.cummax(c.int(1)) }
        pair("cummin", "dim") { c in try c.x.cummin(c.int(1)) }
        op("diff", "n=1, dim=-1") { c in
            var x = try c.x
            let dim = try x.normalized(c.int(2))
            for _ in 0..<max(0, try c.int(1)) {
                let size = try x.size(dim)
                x = try x.narrow(dim, 1, max(0, size - 1)).sub(try x.narrow(dim, 0, max(0, size - 1)))
            }
            return x
        }
    }
}
