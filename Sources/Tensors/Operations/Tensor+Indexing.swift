import Kernels

/// One item of a subscript, as Python writes it.
package enum IndexItem {
    case none, ellipsis
    case integer(Int)
    case slice(start: Int?, stop: Int?, step: Int)
    case tensor(Tensor)
    case boolean(Bool)
}

extension Tensor {
    /// `self[items]`: a view for integers, slices, None and `...`; a copy when tensors index.
    package func subscripted(_ items: [IndexItem]) throws(TensorError) -> Tensor {
        let (viewed, indices) = try resolve(items)
        return indices.isEmpty ? viewed : try viewed.index(indices)
    }

    /// `self[items] = value`
    package func setSubscript(_ items: [IndexItem], _ value: Tensor) throws(TensorError) {
        if value.isWrappedNumber { try value.item().check(fits: dtype) }
        let (viewed, indices) = try resolve(items)
        if indices.isEmpty {
            // Leading ones of the value are dropped, as numpy does.
            var source = value
            while source.rank > viewed.rank, source.shape[0] == 1 { source = try source.squeeze([0]) }
            _ = try viewed.copy_(source.shape == viewed.shape ? source : try source.expand(viewed.shape))
        } else {
            _ = try viewed.indexPut_(indices, value)
        }
    }

    /// Applies the basic items; what remains are index tensors by dimension (nil: take all).
    private func resolve(_ items: [IndexItem]) throws(TensorError) -> (Tensor, [Tensor?]) {
        var consumed = 0
        for item in items {
            switch item {
            case .none, .ellipsis, .boolean: break
            case .integer, .slice: consumed += 1
            case .tensor(let t): consumed += t.dtype == .bool || t.dtype == .uint8 ? t.rank : 1
            }
        }
        if consumed > rank { throw .index("too many indices for tensor of dimension \(rank)") }
        var result = self
        var dim = 0
        // The dimension of `self` that messages name.
        var own = 0
        var indices: [Int: Tensor] = [:]
        var sawEllipsis = false
        for item in items {
            switch item {
            case .none:
                result = try result.unsqueeze(dim)
                dim += 1
            case .ellipsis:
                if sawEllipsis { throw .index("an index can only have a single ellipsis ('...')") }
                sawEllipsis = true
                dim += rank - consumed
                own += rank - consumed
            case .integer(let i):
                let size = result.shape[dim]
                guard i >= -size && i < size else { throw .index("index \(i) is out of bounds for dimension \(own) with size \(size)") }
                result = try result.select(dim, i)
                own += 1
            case .slice(let start, let stop, let step):
                if step <= 0 { throw .value("step must be greater than zero") }
                if !(start == nil && stop == nil && step == 1) { result = try result.slice(dim, start: start, end: stop, step: step) }
                dim += 1
                own += 1
            case .boolean(let flag):
                result = try result.unsqueeze(dim)
                indices[dim] = try Tensor.full([1], .bool(flag), dtype: .bool)
                dim += 1
            case .tensor(let t):
                if t.rank == 0 && t.dtype != .bool && t.dtype != .uint8 && !t.dtype.isFloatingPoint {
                    let i = Int(try t.item().asInt)
                    let size = result.shape[dim]
                    guard i >= -size && i < size else { throw .index("index \(i) is out of bounds for dimension \(own) with size \(size)") }
                    result = try result.select(dim, i)
                    own += 1
                    continue
                }
                if t.rank == 0 && t.dtype == .bool {
                    result = try result.unsqueeze(dim)
                    indices[dim] = try t.view([1])
                    dim += 1
                    continue
                }
                indices[dim] = t
                dim += t.dtype == .bool || t.dtype == .uint8 ? t.rank : 1
                own += t.dtype == .bool || t.dtype == .uint8 ? t.rank : 1
            }
        }
        guard let last = indices.keys.max() else { return (result, []) }
        return (result, (0...last).map { indices[$0] })
    }

    /// Index tensors as int64, masks replaced by the positions of their true elements.
    private func expandedIndices(_ indices: [Tensor?]) throws(TensorError) -> [Tensor?] {
        var result: [Tensor?] = []
        var covered = 0
        for index in indices {
            if covered > 0 {
                covered -= 1
                continue
            }
            guard let index else {
                result.append(nil)
                continue
            }
            switch index.dtype {
            case .bool, .uint8:
                for d in 0..<index.rank where result.count + d < rank && index.shape[d] != shape[result.count + d] {
                    throw .index(
                        "The shape of the mask \(bracketed(index.shape)) at index \(d) does not match the shape of the indexed tensor \(bracketed(shape)) at index \(result.count + d)"
                    )
                }
                for column in try index.nonzero().unbind(1) { result.append(column) }
                covered = index.rank - 1
            case .int64, .int32, .int16, .int8: result.append(try index.converted(to: .int64))
            case .float32, .float64: throw .index("tensors used as indices must be long, int, byte or bool tensors")
            }
        }
        if result.count > rank { throw .index("too many indices for tensor of dimension \(rank) (got \(result.count))") }
        return result
    }

    /// How an indexed read or write runs: the tensor with indexed dimensions first, one offset per indexed position.
    private struct IndexPlan {
        var offsets: [Int]
        var block: Int
        /// Sizes of the result, and of the values before moving the indexed dimensions in place.
        var indexSizes: [Int]
        var restSizes: [Int]
        /// Where the index dimensions stand in the result.
        var position: Int
        var order: [Int]
    }

    private func plan(_ indices: [Tensor?]) throws(TensorError) -> IndexPlan {
        let dims = indices.indices.filter { indices[$0] != nil }
        var indexSizes: [Int] = []
        for d in dims {
            do throws(TensorError) { indexSizes = try broadcastSizes(indexSizes, indices[d]!.shape) } catch {
                let all = dims.map { bracketed(indices[$0]!.shape) }.joined(separator: ", ")
                throw .index("shape mismatch: indexing tensors could not be broadcast together with shapes \(all)")
            }
        }
        let rest = (0..<rank).filter { !dims.contains($0) }
        let adjacent = dims.last! - dims.first! == dims.count - 1
        let restSizes = rest.map { shape[$0] }
        let block = restSizes.reduce(1, *)
        let n = indexSizes.reduce(1, *)
        var offsets = [Int](repeating: 0, count: n)
        var step = block
        for d in dims.reversed() {
            let values = try indices[d]!.detach().expand(indexSizes).packed()
            let p = values.pointer.assumingMemoryBound(to: Int.self)
            let size = shape[d]
            for i in 0..<n {
                let index = p[i]
                guard index >= -size && index < size else { throw .index("index \(index) is out of bounds for dimension \(d) with size \(size)") }
                offsets[i] += (index < 0 ? index + size : index) * step
            }
            step *= size
        }
        return IndexPlan(
            offsets: offsets, block: block, indexSizes: indexSizes, restSizes: restSizes, position: adjacent ? dims[0] : 0, order: dims + rest)
    }

    package func index(_ indices: [Tensor?]) throws(TensorError) -> Tensor {
        let full = try expandedIndices(indices)
        let p = try plan(full)
        let source = try detach().permute(p.order).packed()
        let values = try Tensor.empty(p.indexSizes + p.restSizes, dtype: dtype)
        if values.count > 0 {
            p.offsets.withUnsafeBufferPointer { offsets in
                Kernels.takeBlocks(dtype.size, block: p.block, source.pointer, offsets: offsets.baseAddress!, count: p.offsets.count, values.pointer)
            }
        }
        let result = try values.movingIndexDims(p.indexSizes.count, to: p.position).packed()
        let own = shape
        let saved = full
        return Tensor(storage: result.storage, layout: result.layout, dtype: dtype).recorded([self]) {
            .linear(.index) { g throws(TensorError) in
                try Tensor.zeros(own, dtype: g.dtype).indexPut(saved, g, accumulate: true)
            }
        }
    }

    private func movingIndexDims(_ n: Int, to position: Int) throws(TensorError) -> Tensor {
        if position == 0 { return self }
        let order = Array(n..<(n + position)) + Array(0..<n) + Array((n + position)..<rank)
        return try permute(order)
    }

    private func movingIndexDimsBack(_ n: Int, from position: Int) throws(TensorError) -> Tensor {
        if position == 0 { return self }
        return try permute(Array(position..<(position + n)) + Array(0..<position) + Array((position + n)..<rank))
    }

    package func indexPut(_ indices: [Tensor?], _ values: Tensor, accumulate: Bool = false) throws(TensorError) -> Tensor {
        let full = try expandedIndices(indices)
        let result = try copied()
        try result.writeIndexed(full, values, accumulate)
        return result.recorded([self, values]) { .indexPut(full, accumulate: accumulate) }
    }

    package func indexPut_(_ indices: [Tensor?], _ values: Tensor, accumulate: Bool = false) throws(TensorError) -> Tensor {
        let full = try expandedIndices(indices)
        return try inPlace([values]) { () throws(TensorError) in
            try writeIndexed(full, values, accumulate)
        } gradient: {
            .indexPut(full, accumulate: accumulate)
        }
    }

    private func writeIndexed(_ full: [Tensor?], _ values: Tensor, _ accumulate: Bool) throws(TensorError) {
        guard values.dtype == dtype || values.rank == 0 || values.isWrappedNumber else {
            throw .runtime(
                "Index put requires the source and destination dtypes match, got \(dtype.typeName) for the destination and \(values.dtype.typeName) for the source."
            )
        }
        let p = try plan(full)
        var resultSizes = p.restSizes
        resultSizes.insert(contentsOf: p.indexSizes, at: p.position)
        var source = try values.detach().converted(to: dtype)
        while source.rank > resultSizes.count, source.shape[0] == 1 { source = try source.squeeze([0]) }
        guard source.rank <= resultSizes.count, let common = try? broadcastSizes(resultSizes, source.shape), common == resultSizes else {
            throw .runtime(
                "shape mismatch: value tensor of shape \(bracketed(values.shape)) cannot be broadcast to indexing result of shape \(bracketed(resultSizes))"
            )
        }
        let ordered = try source.expand(resultSizes).movingIndexDimsBack(p.indexSizes.count, from: p.position).packed()
        let target = try detach().permute(p.order)
        let direct = target.isContiguous
        let buffer = direct ? target : try target.copied().packed()
        if ordered.count > 0 {
            let base = buffer.pointer
            p.offsets.withUnsafeBufferPointer { offsets in
                Kernels.putBlocks(
                    accumulate ? .add : .assign, dtype, block: p.block, base, offsets: offsets.baseAddress!, count: p.offsets.count, ordered.pointer)
            }
        }
        if !direct { try target.assignElements(from: buffer) }
    }

    /// Positions of nonzero elements, `[count, rank]`.
    package func nonzero() throws(TensorError) -> Tensor {
        let positions = Kernels.nonzeroPositions(dtype, count: count, try packed().pointer)
        let result = try Tensor.empty([positions.count, rank], dtype: .int64)
        let p = result.pointer.assumingMemoryBound(to: Int.self)
        for (row, position) in positions.enumerated() {
            var rest = position
            for d in stride(from: rank - 1, through: 0, by: -1) {
                p[row * rank + d] = rest % shape[d]
                rest /= shape[d]
            }
        }
        return result
    }

    package func maskedSelect(_ mask: Tensor) throws(TensorError) -> Tensor {
        guard mask.dtype == .bool else { throw .runtime("masked_select: expected BoolTensor for mask") }
        let sizes = try broadcastSizes(shape, mask.shape)
        return try expand(sizes).index([try mask.expand(sizes)])
    }

    // MARK: Along one dimension

    package func indexSelect(_ dim: Int, _ index: Tensor) throws(TensorError) -> Tensor {
        guard index.dtype == .int64 || index.dtype == .int32 else { throw .runtime("index_select(): Expected dtype int32 or int64 for index") }
        guard index.rank <= 1 else { throw .index("index_select(): Index is supposed to be a vector") }
        let d = try normalized(dim)
        if rank == 0 { return self }
        let size = shape[d]
        let indices = try index.integers()
        for i in indices where i < 0 || i >= size { throw .index("index out of range in self") }
        let (outer, inner) = (shape[..<d].reduce(1, *), shape[(d + 1)...].reduce(1, *))
        var offsets: [Int] = []
        offsets.reserveCapacity(outer * indices.count)
        for o in 0..<outer { for i in indices { offsets.append((o * size + i) * inner) } }
        var sizes = shape
        sizes[d] = indices.count
        let result = try Tensor.empty(sizes, dtype: dtype)
        if result.count > 0 {
            let source = try packed()
            offsets.withUnsafeBufferPointer { p in
                Kernels.takeBlocks(dtype.size, block: inner, source.pointer, offsets: p.baseAddress!, count: offsets.count, result.pointer)
            }
        }
        let own = shape
        return result.recorded([self]) {
            .linear(.indexSelect) { g throws(TensorError) in
                try Tensor.zeros(own, dtype: g.dtype).indexAdd(d, index, g)
            }
        }
    }

    /// self with `source[i]` added to slice `index[i]` along `dim`.
    package func indexAdd(_ dim: Int, _ index: Tensor, _ source: Tensor, alpha: Scalar = 1) throws(TensorError) -> Tensor {
        let result = try copied()
        try result.addSlices(try normalized(dim), index, source, alpha)
        return result.recorded([self, source]) { .indexAdd(index, dim, alpha) }
    }

    package func indexAdd_(_ dim: Int, _ index: Tensor, _ source: Tensor, alpha: Scalar = 1) throws(TensorError) -> Tensor {
        try inPlace([source]) { () throws(TensorError) in
            try addSlices(try normalized(dim), index, source, alpha)
        } gradient: {
            .indexAdd(index, dim, alpha)
        }
    }

    private func addSlices(_ d: Int, _ index: Tensor, _ source: Tensor, _ alpha: Scalar) throws(TensorError) {
        guard index.dtype == .int64 || index.dtype == .int32 else {
            throw .runtime("index_add_(): Expected dtype int32/int64 for index but got: \(index.dtype.typeName)")
        }
        guard dtype == source.dtype else {
            throw .runtime("index_add_(): self (\(dtype.typeName)) and source (\(source.dtype.typeName)) must have the same scalar type")
        }
        let indices = try index.integers()
        let (outer, inner, size) = (shape[..<d].reduce(1, *), shape[(d + 1)...].reduce(1, *), shape[d])
        guard source.rank == rank, source.shape[d] == indices.count, source.count == outer * indices.count * inner else {
            throw .runtime(
                "index_add_(): Number of indices (\(indices.count)) should be equal to source.size(dim): (\(source.rank > d ? source.shape[d] : 0)), for dim: \(d)"
            )
        }
        for i in indices where i < 0 || i >= size { throw .index("index out of range in self") }
        var offsets: [Int] = []
        for o in 0..<outer { for i in indices { offsets.append((o * size + i) * inner) } }
        let values = try (alpha.asDouble == 1 ? source : source.detach().mul(try .wrapped(alpha))).packed()
        let target = isContiguous ? self : try copied().packed()
        let base = target.pointer
        if source.count > 0 {
            offsets.withUnsafeBufferPointer { p in
                Kernels.putBlocks(.add, dtype, block: inner, base, offsets: p.baseAddress!, count: offsets.count, values.pointer)
            }
        }
        if target !== self { try assignElements(from: target) }
    }

    /// Offsets into `sizes` of the elements `gather` reads: like `index`'s own position, with `index` along `dim`.
    private static func gatherOffsets(_ index: Tensor, _ dim: Int, in sizes: [Int]) throws(TensorError) -> [Int] {
        let steps = Layout.contiguousStrides(sizes)
        let values = try index.packed()
        let p = values.pointer.assumingMemoryBound(to: Int.self)
        var offsets = Tensor(
            storage: values.storage, layout: Layout(sizes: index.shape, strides: steps.enumerated().map { $0.offset == dim ? 0 : $0.element }),
            dtype: .int64
        )
        .elementOffsets()
        for i in 0..<offsets.count {
            guard p[i] >= 0 && p[i] < sizes[dim] else {
                throw .runtime("index \(p[i]) is out of bounds for dimension \(dim) with size \(sizes[dim])")
            }
            offsets[i] += p[i] * steps[dim]
        }
        return offsets
    }

    package func gather(_ dim: Int, _ index: Tensor) throws(TensorError) -> Tensor {
        guard index.dtype == .int64 || index.dtype == .int32 else { throw .runtime("gather(): Expected dtype int32/int64 for index") }
        let index = try index.converted(to: .int64)
        let d = try normalized(dim)
        if rank == 0 || index.rank == 0 {
            let pick = try reshape([-1]).gather(0, try index.reshape([-1]))
            return try pick.reshape(index.shape)
        }
        guard index.rank == rank else { throw .runtime("Index tensor must have the same number of dimensions as input tensor") }
        for k in 0..<rank where k != d && index.shape[k] > shape[k] {
            throw .runtime(
                "Size does not match at dimension \(k) expected index \(bracketed(index.shape)) to be no larger than self \(bracketed(shape)) apart from dimension \(d)"
            )
        }
        let offsets = try Tensor.gatherOffsets(index, d, in: shape)
        let source = try packed()
        let result = try Tensor.empty(index.shape, dtype: dtype)
        if result.count > 0 {
            offsets.withUnsafeBufferPointer { p in
                Kernels.takeBlocks(dtype.size, block: 1, source.pointer, offsets: p.baseAddress!, count: offsets.count, result.pointer)
            }
        }
        let own = shape
        return result.recorded([self]) { .linear(.gather) { g throws(TensorError) in try Tensor.zeros(own, dtype: g.dtype).scatterAdd(d, index, g) } }
    }

    private func scattered(_ mode: PutMode, _ dim: Int, _ index: Tensor, _ source: Tensor) throws(TensorError) {
        guard index.dtype == .int64 || index.dtype == .int32 else { throw .runtime("scatter(): Expected dtype int32/int64 for index") }
        let index = try index.converted(to: .int64)
        let d = try normalized(dim)
        guard source.dtype == dtype || source.rank == 0 else { throw .runtime("scatter(): Expected self.dtype to be equal to src.dtype") }
        guard index.rank == Swift.max(rank, 1) else { throw .runtime("Index tensor must have the same number of dimensions as self tensor") }
        let scalarSource = source.rank == 0
        for k in 0..<rank where k != d && index.shape[k] > shape[k] {
            let sizes = "Expected index \(bracketed(index.shape)) to be no larger than self \(bracketed(shape)) apart from dimension \(d)"
            throw .runtime(scalarSource ? sizes : sizes + " and to be no larger size than src \(bracketed(source.shape))")
        }
        if !scalarSource {
            for k in 0..<index.rank where k >= source.rank || index.shape[k] > source.shape[k] {
                throw .runtime(
                    "Expected index \(bracketed(index.shape)) to be no larger than self \(bracketed(shape)) apart from dimension \(d) and to be no larger size than src \(bracketed(source.shape))"
                )
            }
        }
        if index.count == 0 { return }
        let target = isContiguous ? self : try copied().packed()
        let offsets = try Tensor.gatherOffsets(index, d, in: rank == 0 ? [1] : shape)
        var values = try source.detach().converted(to: dtype)
        if !scalarSource {
            for k in 0..<index.rank where values.rank > k && values.shape[k] != index.shape[k] { values = try values.narrow(k, 0, index.shape[k]) }
        }
        values = try values.packed()
        let base = target.pointer
        offsets.withUnsafeBufferPointer { p in
            Kernels.putBlocks(
                mode, dtype, block: 1, base, offsets: p.baseAddress!, count: offsets.count, values.pointer, sourceStep: scalarSource ? 0 : 1)
        }
        if target !== self { try assignElements(from: target) }
    }

    package func scatter(_ dim: Int, _ index: Tensor, _ source: Tensor) throws(TensorError) -> Tensor {
        let result = try copied()
        try result.scattered(.assign, dim, index, source)
        return result.recorded([self, source]) { .scatter(index, dim, scalar: source.rank == 0) }
    }

    package func scatter_(_ dim: Int, _ index: Tensor, _ source: Tensor) throws(TensorError) -> Tensor {
        try inPlace([source]) { () throws(TensorError) in
            try scattered(.assign, dim, index, source)
        } gradient: {
            .scatter(index, dim, scalar: source.rank == 0)
        }
    }

    package func scatterAdd(_ dim: Int, _ index: Tensor, _ source: Tensor) throws(TensorError) -> Tensor {
        let result = try copied()
        try result.scattered(.add, dim, index, source)
        return result.recorded([self, source]) { .scatterAdd(index, dim) }
    }

    package func scatterAdd_(_ dim: Int, _ index: Tensor, _ source: Tensor) throws(TensorError) -> Tensor {
        try inPlace([source]) { () throws(TensorError) in
            try scattered(.add, dim, index, source)
        } gradient: {
            .scatterAdd(index, dim)
        }
    }
}

extension Gradient {
    static func indexPut(_ indices: [Tensor?], accumulate: Bool) -> Gradient {
        Gradient(.indexPut) { g in
            let own = accumulate ? g : try g.indexPut(indices, try Tensor.zeros([], dtype: g.dtype))
            return [own, try g.index(indices)]
        }
    }

    static func indexAdd(_ index: Tensor, _ dim: Int, _ alpha: Scalar) -> Gradient {
        Gradient(.indexAdd) { g in
            let picked = try g.indexSelect(dim, index)
            return [g, alpha.asDouble == 1 ? picked : try picked.mul(try .wrapped(alpha))]
        }
    }

    static func scatter(_ index: Tensor, _ dim: Int, scalar: Bool) -> Gradient {
        Gradient(.scatter) { g in [try g.scatter(dim, index, try Tensor.zeros([], dtype: g.dtype)), try g.gather(dim, index)] }
    }

    static func scatterAdd(_ index: Tensor, _ dim: Int) -> Gradient { Gradient(.scatterAdd) { g in [g, try g.gather(dim, index)] } }
}
