import Kernels

/// Joining, repeating, reordering: results with memory of their own.
extension Tensor {
    package static func cat(_ tensors: [Tensor], dim: Int = 0) throws(TensorError) -> Tensor {
        guard let first = tensors.first else { throw .value("torch.cat(): expected a non-empty list of Tensors") }
        for (i, tensor) in tensors.enumerated() where tensor.rank == 0 {
            throw .runtime("zero-dimensional tensor (at position \(i)) cannot be concatenated")
        }
        // A legacy exception: 1-d tensors without elements join anything.
        let parts = tensors.filter { !($0.rank == 1 && $0.count == 0) }
        guard let model = parts.first else { return first }
        let d = try model.normalized(dim)
        var sizes = model.shape
        sizes[d] = 0
        for (i, part) in parts.enumerated() {
            guard part.rank == model.rank else { throw .runtime("Tensors must have same number of dimensions: got \(model.rank) and \(part.rank)") }
            for k in 0..<model.rank where k != d && part.shape[k] != model.shape[k] {
                throw .runtime(
                    "Sizes of tensors must match except in dimension \(d). Expected size \(model.shape[k]) but got size \(part.shape[k]) for tensor number \(i) in the list."
                )
            }
            sizes[d] += part.shape[d]
        }
        let dtype = Elementwise.resultType(parts)
        let channelsLast = d == 1 && parts.allSatisfy { $0.isChannelsLastInside }
        let result = channelsLast ? try emptyChannelsLast(sizes, dtype: dtype) : try empty(sizes, dtype: dtype)
        var start = 0
        var pieces: [Int] = []
        for part in parts {
            try result.writeSlice(part, d, start)
            start += part.shape[d]
            pieces.append(part.shape[d])
        }
        return result.recorded(parts) {
            Gradient(.cat) { g in
                var position = 0
                var gradients: [Tensor?] = []
                for piece in pieces {
                    gradients.append(try g.narrow(d, position, piece))
                    position += piece
                }
                return gradients
            }
        }
    }

    private func writeSlice(_ part: Tensor, _ d: Int, _ start: Int) throws(TensorError) {
        if isChannelsLastInside {
            let steps = Layout.channelsLastStrides(shape)
            Tensor.settle([part])
            let plan = StridedPlan(sizes: part.shape, strides: [steps, part.physicalStrides])
            Kernels.convert(plan, to: dtype, physicalPointer + start * steps[d] * dtype.size, from: part.dtype, part.physicalPointer)
            return
        }
        try detach().narrow(d, start, part.shape[d]).assignElements(from: part)
    }

    package static func stack(_ tensors: [Tensor], dim: Int = 0) throws(TensorError) -> Tensor {
        guard let first = tensors.first else { throw .runtime("stack expects a non-empty TensorList") }
        for (i, tensor) in tensors.enumerated() where tensor.shape != first.shape {
            throw .runtime(
                "stack expects each tensor to be equal size, but got \(bracketed(first.shape)) at entry 0 and \(bracketed(tensor.shape)) at entry \(i)"
            )
        }
        guard dim >= -(first.rank + 1) && dim <= first.rank else { throw .dimensionOutOfRange(dim, rank: first.rank + 1) }
        let d = dim < 0 ? dim + first.rank + 1 : dim
        var raised: [Tensor] = []
        for tensor in tensors { raised.append(try tensor.detach().unsqueeze(d)) }
        return try cat(raised, dim: d).recorded(tensors) {
            Gradient(.stack) { g in
                var gradients: [Tensor?] = []
                for i in 0..<g.shape[d] { gradients.append(try g.select(d, i)) }
                return gradients
            }
        }
    }

    /// Tiles the tensor `repeats[d]` times along each dimension (leading dimensions may be new).
    package func repeating(_ repeats: [Int]) throws(TensorError) -> Tensor {
        guard repeats.count >= rank else {
            throw .runtime("Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor")
        }
        if let negative = repeats.first(where: { $0 < 0 }) {
            let sizes = zip(repeats, [Int](repeating: 1, count: repeats.count - rank) + shape).map { $0 &* $1 }
            throw .negativeSize(sizes.first { $0 < 0 } ?? negative, sizes)
        }
        let padded = [Int](repeating: 1, count: repeats.count - rank) + shape
        // [r0, s0, r1, s1, …]: the repeats are broadcast dimensions.
        var split: [Int] = []
        var target: [Int] = []
        for (r, s) in zip(repeats, padded) {
            if r.multipliedReportingOverflow(by: s).overflow {
                throw .runtime("Storage size calculation overflowed with repeats=\(bracketed(repeats))")
            }
            split += [1, s]
            target += [r, s]
        }
        let source = try detach().reshape(split).expand(target)
        let sizes = zip(repeats, padded).map { $0 * $1 }
        let result = try source.packed()
        let own = shape
        return Tensor(storage: source === result ? try result.copied().storage : result.storage, layout: Layout(contiguous: sizes), dtype: dtype)
            .recorded([self]) {
                .linear(.repeatTiles) { g throws(TensorError) in
                    try g.reshape(target).sum(dim: Array(stride(from: 0, to: target.count, by: 2))).reshape(own)
                }
            }
    }

    /// `repeating` with missing leading repeats taken as 1.
    package func tile(_ repeats: [Int]) throws(TensorError) -> Tensor {
        try repeating([Int](repeating: 1, count: Swift.max(0, rank - repeats.count)) + repeats)
    }

    /// Each element `repeats` times in a row along `dim` (nil: of the flattened tensor).
    package func repeatInterleave(_ repeats: Int, dim: Int? = nil) throws(TensorError) -> Tensor {
        if repeats < 0 { throw .runtime("Repeats must be non-negative") }
        let source = dim == nil ? try flatten() : self
        let d = try source.normalized(dim ?? 0)
        let index = (0..<source.shape[d]).flatMap { [Int](repeating: $0, count: repeats) }
        return try source.indexSelect(d, try .from(integers: index))
    }

    package func flip(_ dims: [Int]) throws(TensorError) -> Tensor {
        var flipped: [Int] = []
        for dim in dims {
            let d = try normalized(dim)
            if flipped.contains(d) { throw .runtime("dim \(d) appears multiple times in the list of dims") }
            flipped.append(d)
        }
        let source = try packed()
        var steps = source.strides
        var start = source.layout.offset
        for d in flipped where shape.count > 0 {
            start += (shape[d] - 1) * steps[d]
            steps[d] = -steps[d]
        }
        let result = try Tensor.empty(shape, dtype: dtype)
        if count > 0 {
            Kernels.convert(
                StridedPlan(sizes: shape, strides: [result.strides, steps]), to: dtype, result.pointer, from: dtype,
                source.storage.pointer + start * dtype.size)
        }
        let reversed = flipped
        return result.recorded([self]) { .linear(.flip) { g throws(TensorError) in try g.flip(reversed) } }
    }

    package func roll(_ shifts: [Int], _ dims: [Int] = []) throws(TensorError) -> Tensor {
        if dims.isEmpty {
            guard shifts.count == 1 else { throw .runtime("shifts and dimensions must align. shifts: \(shifts.count), dims:0") }
            return try flatten().roll(shifts, [0]).reshape(shape)
        }
        guard shifts.count == dims.count else { throw .runtime("shifts and dimensions must align. shifts: \(shifts.count), dims:\(dims.count)") }
        var result = detach()
        for (shift, dim) in zip(shifts, dims) {
            let d = try normalized(dim)
            let n = shape[d]
            if n == 0 { continue }
            let cut = ((-shift) % n + n) % n
            result = try Tensor.cat([try result.narrow(d, cut, n - cut), try result.narrow(d, 0, cut)], dim: d)
        }
        if result.storage === storage { result = try result.clone() }
        let back = shifts.map { -$0 }
        return result.recorded([self]) { .linear(.roll) { g throws(TensorError) in try g.roll(back, dims) } }
    }

    /// Keeps the elements on and above (`upper`) or below the diagonal `diagonal`; zeros elsewhere.
    private func triangle(upper: Bool, _ diagonal: Int) throws(TensorError) -> Tensor {
        guard rank >= 2 else { throw .runtime("tri\(upper ? "u" : "l"): input tensor must have at least 2 dimensions") }
        let rows = try Tensor.arange(.int(0), .int(Int64(shape[rank - 2]))).unsqueeze(1)
        let columns = try Tensor.arange(.int(0), .int(Int64(shape[rank - 1])))
        let difference = try columns.sub(rows)
        let bound = try Tensor.wrapped(.int(Int64(diagonal)))
        let keep = upper ? try difference.ge(bound) : try difference.le(bound)
        return try Elementwise.select(keep, self, try .zeros([], dtype: dtype), dtype: dtype).recorded([self]) {
            .linear(upper ? .triu : .tril) { g throws(TensorError) in upper ? try g.triu(diagonal) : try g.tril(diagonal) }
        }
    }

    package func triu(_ diagonal: Int = 0) throws(TensorError) -> Tensor { try triangle(upper: true, diagonal) }
    package func tril(_ diagonal: Int = 0) throws(TensorError) -> Tensor { try triangle(upper: false, diagonal) }

    package static func meshgrid(_ axes: [Tensor], indexing: String = "ij") throws(TensorError) -> [Tensor] {
        guard !axes.isEmpty else { throw .runtime("meshgrid expects a non-empty TensorList") }
        var order = axes
        let swaps = indexing == "xy" && axes.count >= 2
        if swaps { order.swapAt(0, 1) }
        let sizes = order.map { $0.rank == 0 ? 1 : $0.shape[0] }
        var grids: [Tensor] = []
        for (i, axis) in order.enumerated() {
            var view = [Int](repeating: 1, count: sizes.count)
            view[i] = sizes[i]
            var grid = try axis.view(view).expand(sizes)
            if swaps { grid = try grid.transpose(0, 1) }
            grids.append(grid)
        }
        if swaps { grids.swapAt(0, 1) }
        return grids
    }
}
