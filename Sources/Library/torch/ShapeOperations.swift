import Interpreter
import Tensors

// Views, joins and rearrangements.

extension OperationTable {
    func defineShapes() {
        defineViews()
        defineDimensions()
        defineSplits()
        defineJoins()
        defineRearrangements()
    }

    private func defineViews() {
        op("view", "*size", .method) { c in
            if let dtype = onlyDType(c) { return try reinterpreted(c, dtype) }
            return try c.x.view(try c.sizes(1))
        }
        op("view_as", "other", .method) { c in try c.x.view(try c.tensor(1).shape) }
        op("reshape", "*shape, size=None", .method) { c in try c.x.reshape(try c.sizes(2, 1)) }
        create("reshape", "input, shape") { c in try c.x.reshape(try c.ints(1)) }
        op("reshape_as", "other", .method) { c in try c.x.reshape(try c.tensor(1).shape) }
        for name in ["flatten", "ravel"] { op(name, "start_dim=0, end_dim=-1") { c in try c.x.flatten(c.int(1), c.int(2)) } }
        op("unflatten", "dim, sizes") { c in try c.x.unflatten(c.int(1), try c.ints(2)) }
        op("expand", "*size, size=None", .method) { c in try c.x.expand(try c.sizes(2, 1)) }
        op("expand_as", "other", .method) { c in try c.x.expand(try c.tensor(1).shape) }
        create("broadcast_to", "input, size") { c in try c.x.expand(try c.ints(1)) }
        op("broadcast_to", "size", .method) { c in try c.x.expand(try c.ints(1)) }
        op("contiguous", "memory_format=None", .method) { c in try c.x.contiguous() }
        op("as_strided", "size, stride, storage_offset=None") { c in try c.x.asStrided(try c.ints(1), try c.ints(2), offset: try c.intOrNil(3)) }
        op("unfold", "dimension, size, step", .method) { c in try c.x.unfold(c.int(1), size: c.int(2), step: c.int(3)) }
        op("diagonal", "offset=0, dim1=0, dim2=1") { c in try c.x.diagonal(offset: c.int(1), c.int(2), c.int(3)) }
        op("diag", "diagonal=0") { c in try diagonalMatrix(try c.x, c.int(1)) }
    }

    private func onlyDType(_ c: Call) -> DType? {
        let given = c.a[1].tuple
        guard given.pointee.count == 1 else { return nil }
        return c.vm.nativeObject(given.items[0], as: DTypeBox.self)?.dtype
    }

    private func reinterpreted(_ c: Call, _ dtype: DType) throws -> Tensor {
        let x = try c.x
        if dtype == x.dtype { return try x.view(x.shape) }
        throw c.vm.error("NotImplementedError", "view(dtype) reinterprets bytes, which is not supported; use to(dtype) to convert values")
    }

    private func diagonalMatrix(_ x: Tensor, _ offset: Int) throws(TensorError) -> Tensor {
        guard x.rank == 1 else { return try x.diagonal(offset: offset).clone() }
        let n = x.shape[0] + abs(offset)
        let result = try Tensor.zeros([n, n], dtype: x.dtype)
        _ = try result.diagonal(offset: offset).copy_(x)
        return result
    }

    private func defineDimensions() {
        op("permute", "*dims", .method) { c in try c.x.permute(try c.sizes(1)) }
        create("permute", "input, dims") { c in try c.x.permute(try c.ints(1)) }
        for name in ["transpose", "swapaxes", "swapdims"] { op(name, "dim0, dim1") { c in try c.x.transpose(c.int(1), c.int(2)) } }
        op("t") { c in try c.x.t() }
        for name in ["movedim", "moveaxis"] { op(name, "source, destination") { c in try c.x.movedim(try c.ints(1), try c.ints(2)) } }
        op("squeeze", "dim=None") { c in try c.x.squeeze(try c.intsOrNil(1)) }
        op("unsqueeze", "dim") { c in try c.x.unsqueeze(c.int(1)) }
        inPlace("squeeze_", "dim=None") { c in try c.x.takeLayout(of: try c.x.squeeze(try c.intsOrNil(1))) }
        inPlace("unsqueeze_", "dim") { c in try c.x.takeLayout(of: try c.x.unsqueeze(c.int(1))) }
        inPlace("transpose_", "dim0, dim1") { c in try c.x.takeLayout(of: try c.x.transpose(c.int(1), c.int(2))) }
        inPlace("t_") { c in try c.x.takeLayout(of: try c.x.t()) }
        op("select", "dim, index") { c in try c.x.select(c.int(1), c.int(2)) }
        op("narrow", "dim, start, length") { c in try c.x.narrow(c.int(1), c.int(2), c.int(3)) }
    }

    private func defineSplits() {
        tuple("split", "split_size, dim=0") { c in
            if c.a[1].isInt { return try c.x.split(c.int(1), dim: c.int(2)) }
            return try c.x.split(try c.ints(1), dim: c.int(2))
        }
        tuple("split_with_sizes", "split_sizes, dim=0") { c in try c.x.split(try c.ints(1), dim: c.int(2)) }
        tuple("chunk", "chunks, dim=0") { c in try c.x.chunk(c.int(1), dim: c.int(2)) }
        tuple("unbind", "dim=0") { c in try c.x.unbind(c.int(1)) }
        tuple("tensor_split", "indices_or_sections, dim=0") { c in
            let (x, dim) = (try c.x, try c.int(2))
            let size = try x.size(dim)
            var bounds: [Int] = []
            if c.a[1].isInt {
                let sections = try c.int(1)
                guard sections > 0 else { throw c.vm.runtimeError("number of sections must be larger than 0, got \(sections)") }
                var at = 0
                for i in 0..<sections {
                    at += size / sections + (i < size % sections ? 1 : 0)
                    bounds.append(at)
                }
                bounds.removeLast()
            } else {
                bounds = try c.ints(1).map { min(max($0 < 0 ? $0 + size : $0, 0), size) }
            }
            var parts: [Tensor] = []
            var start = 0
            for end in bounds + [size] {
                parts.append(try x.narrow(dim, min(start, size), max(0, end - start)))
                start = end
            }
            return parts
        }
    }

    private func defineJoins() {
        for name in ["cat", "concat", "concatenate"] { writing(name, "tensors, dim=0") { c in try .cat(try c.tensors(0), dim: c.int(1)) } }
        writing("stack", "tensors, dim=0") { c in try .stack(try c.tensors(0), dim: c.int(1)) }
        for (name, dim) in [("hstack", 1), ("vstack", 0), ("row_stack", 0)] {
            writing(name, "tensors") { c in
                var parts: [Tensor] = []
                for x in try c.tensors(0) {
                    if dim == 0 {
                        parts.append(x.rank < 2 ? try x.reshape([1, x.count]) : x)
                    } else {
                        parts.append(x.rank == 0 ? try x.reshape([1]) : x)
                    }
                }
                let flat = parts.first.map { $0.rank == 1 } ?? false
                return try .cat(parts, dim: dim == 1 && flat ? 0 : dim)
            }
        }
        function("meshgrid", "*tensors, indexing='ij'") { c in
            let given = c.a[1].tuple
            var items = (0..<given.pointee.count).map { given.items[$0] }
            if items.count == 1, let inner = torch.sequence(items[0]) { items = inner }
            let axes = items.compactMap { torch.tensor($0) }
            guard axes.count == items.count else { throw c.vm.typeError("meshgrid() expects tensors") }
            return torch.tuple(try Tensor.meshgrid(axes, indexing: try c.text(0)))
        }
        function("broadcast_tensors", "*tensors") { c in
            let given = c.a[0].tuple
            let tensors = (0..<given.pointee.count).compactMap { torch.tensor(given.items[$0]) }
            var sizes: [Int] = []
            for tensor in tensors { sizes = try broadcastSizes(sizes, tensor.shape) }
            return torch.tuple(try tensors.map { try $0.expand(sizes) })
        }
        function("broadcast_shapes", "*shapes") { c in
            let given = c.a[0].tuple
            var sizes: [Int] = []
            for i in 0..<given.pointee.count { sizes = try broadcastSizes(sizes, try torch.ints(given.items[i]) ?? []) }
            return torch.size(sizes)
        }
    }

    private func defineRearrangements() {
        op("repeat", "*repeats", .method) { c in try c.x.repeating(try c.sizes(1)) }
        op("tile", "*dims", .method) { c in try c.x.tile(try c.sizes(1)) }
        create("tile", "input, dims") { c in try c.x.tile(try c.ints(1)) }
        op("repeat_interleave", "repeats, dim=None") { c in
            if let counts = torch.tensor(c.a[1]), counts.rank > 0 {
                let dim = try c.intOrNil(2)
                let x = dim == nil ? try c.x.flatten() : try c.x
                var positions: [Int] = []
                for (i, count) in try counts.integers().enumerated() {
                    guard count >= 0 else { throw c.vm.runtimeError("repeats can not be negative") }
                    positions += [Int](repeating: i, count: count)
                }
                return try x.indexSelect(dim ?? 0, try .from(integers: positions))
            }
            return try c.x.repeatInterleave(c.int(1), dim: try c.intOrNil(2))
        }
        op("flip", "*dims", .method) { c in try c.x.flip(try c.sizes(1)) }
        create("flip", "input, dims") { c in try c.x.flip(try c.ints(1)) }
        op("fliplr") { c in try c.x.flip([1]) }
        op("flipud") { c in try c.x.flip([0]) }
        op("roll", "shifts, dims=()") { c in try c.x.roll(try c.ints(1), try c.intsOrNil(2) ?? []) }
        op("rot90", "k=1, dims=None") { c in
            let dims = c.has(2) ? try c.ints(2) : [0, 1]
            guard dims.count == 2 else { throw c.vm.runtimeError("expected total rotation dims == 2, but got dims = \(dims.count)") }
            let x = try c.x
            switch ((try c.int(1) % 4) + 4) % 4 {
            case 1: return try x.flip([dims[1]]).transpose(dims[0], dims[1])
            case 2: return try x.flip(dims)
            case 3: return try x.flip([dims[0]]).transpose(dims[0], dims[1])
            default: return try x.clone()
            }
        }
        op("triu", "diagonal=0") { c in try c.x.triu(c.int(1)) }
        op("tril", "diagonal=0") { c in try c.x.tril(c.int(1)) }
    }
}
