import Interpreter
import Tensors

/// Sums in numpy's order of additions, so that results agree to the last digit.
enum NumpySum {
    /// Sums over `axes` in the tensor's own floating dtype; integers through the engine.
    static func sum(_ tensor: Tensor, _ axes: [Int], keepdims: Bool) throws -> Tensor {
        guard tensor.dtype.isFloatingPoint else {
            return axes.isEmpty ? try tensor.to(.int64, copy: true) : try tensor.to(.int64).sum(dim: axes, keepdim: keepdims, dtype: .int64)
        }
        let reduced = Set(axes)
        let kept = (0..<tensor.rank).filter { !reduced.contains($0) }
        // Reduced axes at the end are one row to numpy, added pairwise; the others are added row by row.
        var innerStart = tensor.rank
        while innerStart > 0, reduced.contains(innerStart - 1) { innerStart -= 1 }
        let outer = (0..<innerStart).filter { reduced.contains($0) }
        let arranged = try tensor.permute(outer + kept + Array(innerStart..<tensor.rank)).contiguous()
        let keptShape = kept.map { tensor.shape[$0] }
        let result = try Tensor.zeros(keptShape, dtype: tensor.dtype)
        let extent = (
            outer: outer.map { tensor.shape[$0] }.reduce(1, *), kept: result.count, inner: tensor.shape[innerStart...].reduce(1, *)
        )
        if tensor.dtype == .float64 {
            accumulate(arranged.pointer.assumingMemoryBound(to: Double.self), result.pointer.assumingMemoryBound(to: Double.self), extent)
        } else {
            accumulate(arranged.pointer.assumingMemoryBound(to: Float.self), result.pointer.assumingMemoryBound(to: Float.self), extent)
        }
        return keepdims ? try result.reshape(tensor.shape.enumerated().map { reduced.contains($0.offset) ? 1 : $0.element }) : result
    }

    private static func accumulate<T: BinaryFloatingPoint>(
        _ source: UnsafePointer<T>, _ result: UnsafeMutablePointer<T>, _ extent: (outer: Int, kept: Int, inner: Int)
    ) {
        for i in 0..<extent.outer {
            for k in 0..<extent.kept {
                result[k] += extent.inner == 1 ? source[i * extent.kept + k] : pairwise(source + (i * extent.kept + k) * extent.inner, extent.inner)
            }
        }
    }

    /// Eight running sums over up to 128 elements, halves beyond that.
    private static func pairwise<T: BinaryFloatingPoint>(_ p: UnsafePointer<T>, _ count: Int) -> T {
        if count < 8 {
            var sum: T = 0
            for i in 0..<count { sum += p[i] }
            return sum
        }
        if count <= 128 {
            var (r0, r1, r2, r3, r4, r5, r6, r7) = (p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7])
            var i = 8
            while i < count - count % 8 {
                r0 += p[i]
                r1 += p[i + 1]
                r2 += p[i + 2]
                r3 += p[i + 3]
                r4 += p[i + 4]
                r5 += p[i + 5]
                r6 += p[i + 6]
                r7 += p[i + 7]
                i += 8
            }
            var sum = ((r0 + r1) + (r2 + r3)) + ((r4 + r5) + (r6 + r7))
            while i < count {
                sum += p[i]
                i += 1
            }
            return sum
        }
        var half = count / 2
        half -= half % 8
        return pairwise(p, half) + pairwise(p + half, count - half)
    }
}

/// Reductions as methods and functions: `axis` None, one axis or several; results keep numpy's dtypes.
extension Numpy {
    private func all(_ axes: [Int]?, _ tensor: Tensor) -> [Int] { axes ?? Array(0..<tensor.rank) }

    func sum(_ tensor: Tensor, _ axes: [Int]?, keepdims: Bool, dtype: DType?) throws -> Tensor {
        let target = dtype ?? (tensor.dtype.isFloatingPoint ? tensor.dtype : .int64)
        return try NumpySum.sum(try tensor.to(target), all(axes, tensor), keepdims: keepdims).to(target)
    }

    private func count(_ tensor: Tensor, _ axes: [Int]) -> Int { axes.map { tensor.shape[$0] }.reduce(1, *) }

    func mean(_ tensor: Tensor, _ axes: [Int]?, keepdims: Bool, dtype: DType?) throws -> Tensor {
        let target = dtype ?? (tensor.dtype.isFloatingPoint ? tensor.dtype : .float64)
        let over = all(axes, tensor)
        let total = try NumpySum.sum(try tensor.to(target), over, keepdims: keepdims)
        return try total.div(try .full([], .double(Double(count(tensor, over))), dtype: total.dtype))
    }

    func variance(_ tensor: Tensor, _ axes: [Int]?, ddof: Double, keepdims: Bool, dtype: DType?) throws -> Tensor {
        let target = dtype ?? (tensor.dtype.isFloatingPoint ? tensor.dtype : .float64)
        let values = try tensor.to(target)
        let over = all(axes, tensor)
        let centred = try values.sub(try mean(values, over, keepdims: true, dtype: nil))
        let total = try NumpySum.sum(try centred.mul(centred), over, keepdims: keepdims)
        return try total.div(try .full([], .double(max(Double(count(tensor, over)) - ddof, 0)), dtype: total.dtype))
    }

    func extreme(_ isMaximum: Bool, _ tensor: Tensor, _ axes: [Int]?, keepdims: Bool) throws -> Tensor {
        let over = all(axes, tensor)
        if count(tensor, over) == 0 {
            throw vm.valueError("zero-size array to reduction operation \(isMaximum ? "maximum" : "minimum") which has no identity")
        }
        if over.isEmpty { return try tensor.clone() }
        return isMaximum ? try tensor.amax(dim: over, keepdim: keepdims) : try tensor.amin(dim: over, keepdim: keepdims)
    }

    /// Position of the first extreme; a NaN is the extreme.
    func argument(_ isMaximum: Bool, _ tensor: Tensor, _ axis: Int?, keepdims: Bool) throws -> Tensor {
        let values = try axis == nil ? tensor.reshape([-1]) : tensor
        let d = axis ?? 0
        if values.rank > 0, values.shape[d] == 0 { throw vm.valueError("attempt to get \(isMaximum ? "argmax" : "argmin") of an empty sequence") }
        let source = values.dtype == .bool ? try values.to(.uint8) : values
        let found = isMaximum ? try source.argmax(dim: d, keepdim: keepdims) : try source.argmin(dim: d, keepdim: keepdims)
        return axis == nil && keepdims ? try found.reshape([Int](repeating: 1, count: tensor.rank)) : found
    }

    func truthReduction(_ isAny: Bool, _ tensor: Tensor, _ axes: [Int]?, keepdims: Bool) throws -> Tensor {
        let flags = try tensor.ne(try .full([], 0, dtype: tensor.dtype))
        guard let axes else {
            let all = isAny ? try flags.any() : try flags.all()
            return keepdims ? try all.reshape([Int](repeating: 1, count: tensor.rank)) : all
        }
        var result = flags
        for axis in axes.sorted(by: >) {
            result = isAny ? try result.any(dim: axis, keepdim: keepdims) : try result.all(dim: axis, keepdim: keepdims)
        }
        return result
    }

    func product(_ tensor: Tensor, _ axes: [Int]?, keepdims: Bool, dtype: DType?) throws -> Tensor {
        let target = dtype ?? (tensor.dtype.isFloatingPoint ? tensor.dtype : .int64)
        var result = try tensor.to(target, copy: true)
        for axis in all(axes, tensor).sorted(by: >) { result = try result.prod(dim: axis, keepdim: keepdims) }
        return result
    }

    func scan(_ tensor: Tensor, _ axis: Int?, dtype: DType?, isProduct: Bool) throws -> Tensor {
        let target = dtype ?? (tensor.dtype.isFloatingPoint ? tensor.dtype : .int64)
        let values = try (axis == nil ? tensor.reshape([-1]) : tensor).to(target)
        return isProduct ? try values.cumprod(axis ?? 0) : try values.cumsum(axis ?? 0)
    }

    // MARK: bindings

    /// Each reduction is a method and a function of the same name.
    func addReductions(_ module: NativeModule, _ types: [ClassPointer]) {
        func add(_ names: [String], _ parameters: String, _ body: @escaping (Tensor, Arguments) throws -> Value) {
            for type in types {
                for name in names where name.first != "a" || name.count < 4 || name.hasPrefix("arg") || name == "any" || name == "all" {
                    define(type, name, "self, " + parameters) { [self] a in try body(try receiver(a[0]), a) }
                }
            }
            for name in names {
                module.function(name, "a, " + parameters, native { [self] a in try body(try requiredOperand(a[0], name).tensor, a) })
            }
        }
        func keeps(_ value: Value) throws -> Bool { try vm.isTrue(value) }
        add(["sum"], "axis=None, dtype=None, out=None, keepdims=False") { [self] t, a in
            try delivered(try sum(t, try axes(a[1], t.rank), keepdims: try keeps(a[4]), dtype: try optionalDType(a[2])), out: a[3])
        }
        add(["prod"], "axis=None, dtype=None, out=None, keepdims=False") { [self] t, a in
            try delivered(try product(t, try axes(a[1], t.rank), keepdims: try keeps(a[4]), dtype: try optionalDType(a[2])), out: a[3])
        }
        add(["mean"], "axis=None, dtype=None, out=None, keepdims=False") { [self] t, a in
            try delivered(try mean(t, try axes(a[1], t.rank), keepdims: try keeps(a[4]), dtype: try optionalDType(a[2])), out: a[3])
        }
        add(["var"], "axis=None, dtype=None, out=None, ddof=0, keepdims=False") { [self] t, a in
            let ddof = try number(a[4], "var").asDouble
            return try delivered(
                try variance(t, try axes(a[1], t.rank), ddof: ddof, keepdims: try keeps(a[5]), dtype: try optionalDType(a[2])), out: a[3])
        }
        add(["std"], "axis=None, dtype=None, out=None, ddof=0, keepdims=False") { [self] t, a in
            let ddof = try number(a[4], "std").asDouble
            let variance = try variance(t, try axes(a[1], t.rank), ddof: ddof, keepdims: try keeps(a[5]), dtype: try optionalDType(a[2]))
            return try delivered(try variance.sqrt(), out: a[3])
        }
        for (names, isMaximum) in [(["max", "amax"], true), (["min", "amin"], false)] {
            add(names, "axis=None, out=None, keepdims=False") { [self] t, a in
                try delivered(try extreme(isMaximum, t, try axes(a[1], t.rank), keepdims: try keeps(a[3])), out: a[2])
            }
        }
        for (name, isMaximum) in [("argmax", true), ("argmin", false)] {
            add([name], "axis=None, out=None, *, keepdims=False") { [self] t, a in
                try delivered(try argument(isMaximum, t, a[1].isNone ? nil : try axis(a[1], t.rank), keepdims: try keeps(a[3])), out: a[2])
            }
        }
        for (name, isAny) in [("any", true), ("all", false)] {
            add([name], "axis=None, out=None, keepdims=False") { [self] t, a in
                try delivered(try truthReduction(isAny, t, try axes(a[1], t.rank), keepdims: try keeps(a[3])), out: a[2])
            }
        }
        for (name, isProduct) in [("cumsum", false), ("cumprod", true)] {
            add([name], "axis=None, dtype=None, out=None") { [self] t, a in
                try delivered(
                    try scan(t, a[1].isNone ? nil : try axis(a[1], t.rank), dtype: try optionalDType(a[2]), isProduct: isProduct), out: a[3])
            }
        }
    }
}
