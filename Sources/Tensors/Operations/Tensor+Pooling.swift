import Kernels

/// Pooling over the spatial dimensions of `[batch, channels, …]` (or one sample of it).
extension Tensor {
    /// Kernel, stride, padding of a pooling; one entry, or one per dimension.
    package struct PoolParameters: Equatable, Sendable {
        package var kernel, stride, padding, dilation: [Int]
        package var ceilMode: Bool
        package init(kernel: [Int], stride: [Int] = [], padding: [Int] = [0], dilation: [Int] = [1], ceilMode: Bool = false) {
            self.kernel = kernel
            self.stride = stride.isEmpty ? kernel : stride
            self.padding = padding
            self.dilation = dilation
            self.ceilMode = ceilMode
        }
    }

    private static func entry(_ values: [Int], _ d: Int) -> Int { values.count == 1 ? values[0] : values[d] }

    /// Windows along one dimension, clipped to the input, and their unclipped extents for average divisors.
    private static func windows(_ size: Int, _ d: Int, _ p: PoolParameters) throws(TensorError) -> (windows: PoolWindows, extents: [Int]) {
        let (k, s, pad, dilation) = (entry(p.kernel, d), entry(p.stride, d), entry(p.padding, d), entry(p.dilation, d))
        guard k > 0 else {
            throw .runtime("kernel size should be greater than zero, but got kH: \(entry(p.kernel, 0)) kW: \(entry(p.kernel, p.kernel.count - 1))")
        }
        guard s > 0 else { throw .runtime("stride should not be zero") }
        guard pad >= 0 else { throw .runtime("pad must be non-negative, but got pad: \(pad)") }
        guard pad <= k / 2 else {
            throw .runtime("pad should be at most half of effective kernel size, but got pad=\(pad), kernel_size=\(k) and dilation=\(dilation)")
        }
        let reach = dilation * (k - 1) + 1
        let span = size + 2 * pad - reach
        var count = (p.ceilMode ? (span + s - 1) / s : (span < 0 ? -1 : span / s)) + 1
        if p.ceilMode && (count - 1) * s >= size + pad { count -= 1 }
        guard count >= 1, span >= 0 || p.ceilMode else { return (PoolWindows(starts: [], ends: []), []) }
        var starts: [Int] = []
        var ends: [Int] = []
        var extents: [Int] = []
        for o in 0..<count {
            var start = o * s - pad
            extents.append(Swift.min(start + reach, size + pad) - start)
            let end = Swift.min(start + reach, size)
            while start < 0 { start += dilation }
            starts.append(start)
            ends.append(end)
        }
        return (PoolWindows(starts: starts, ends: ends, step: dilation), extents)
    }

    private static func adaptiveWindows(_ size: Int, _ output: Int) -> PoolWindows {
        PoolWindows(starts: (0..<output).map { $0 * size / output }, ends: (0..<output).map { (($0 + 1) * size + output - 1) / output })
    }

    /// A tensor of the wrong rank, in the words of the pooling of this name.
    private func notPoolable(_ name: String, _ dimensions: Int) -> TensorError {
        let ranks = (dimensions + 1, dimensions + 2)
        switch name {
        case "avg_pool1d", "adaptive_avg_pool1d":
            return .runtime(
                "Expected \(ranks.0) to \(ranks.1) dimensions, but got \(rank)-dimensional tensor for argument #1 'self' (while checking arguments for \(name))"
            )
        case "max_pool1d":
            return .runtime("max_pool1d: Expected 2D or 3D (batch mode) tensor with optional 0 dim batch size for input, but got:\(bracketed(shape))")
        case "avg_pool2d" where rank < 3: return .dimensionOutOfRange(-3, rank: rank)
        case "avg_pool2d":
            return .runtime("Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, but got:\(bracketed(shape))")
        case "adaptive_avg_pool2d", "adaptive_avg_pool3d":
            return .runtime("\(name)(): Expected \(ranks.0)D or \(ranks.1)D tensor, but got \(bracketed(shape))")
        case let name where name.hasPrefix("adaptive_max"):
            return .runtime("\(name)(): Expected \(ranks.0)D or \(ranks.1)D tensor, but got: \(bracketed(shape))")
        default: return .runtime("non-empty \(ranks.0)D or \(ranks.1)D (batch mode) tensor expected for input")
        }
    }

    /// Runs a 2-d pooling of `self` as `[batch, channels, height, width]`, whatever its rank, restoring the rank after.
    private func asImages(_ dimensions: Int, _ name: String, _ body: (Tensor) throws(TensorError) -> (Tensor, Tensor?)) throws(TensorError) -> (
        Tensor, Tensor?
    ) {
        guard rank == dimensions + 1 || rank == dimensions + 2 else {
            throw notPoolable(name, dimensions)
        }
        guard dtype.isFloatingPoint else { throw .notImplemented(name, dtype) }
        for d in 1..<rank where shape[d] == 0 {
            throw .runtime(
                "Expected \(dimensions + 1)D or \(dimensions + 2)D (batch mode) tensor with optional 0 dim batch size for input, but got: \(bracketed(shape))"
            )
        }
        var images = rank == dimensions + 1 ? try unsqueeze(0) : self
        if dimensions == 1 { images = try images.unsqueeze(2) }
        var (result, indices) = try body(images)
        if dimensions == 1 { (result, indices) = (try result.squeeze([2]), try indices?.squeeze([2])) }
        if rank == dimensions + 1 { (result, indices) = (try result.squeeze([0]), try indices?.squeeze([0])) }
        return (result, indices)
    }

    private static func planar(_ p: PoolParameters, _ dimensions: Int) -> PoolParameters {
        guard dimensions == 1 else { return p }
        return PoolParameters(
            kernel: [1, p.kernel[0]], stride: [1, p.stride[0]], padding: [0, p.padding[0]], dilation: [1, p.dilation[0]], ceilMode: p.ceilMode)
    }

    /// Largest elements of the windows, and their positions in the sample's plane or volume.
    package func maxPool(_ p: PoolParameters, dimensions: Int = 2) throws(TensorError) -> (values: Tensor, indices: Tensor) {
        if dimensions == 3 {
            return try maxVolumes("max_pool3d") { (x: Tensor, d: Int) throws(TensorError) in
                let q = Tensor.plane(p, d)
                return try x.maxPooled(try Tensor.windows(x.shape[2], 0, q).windows, try Tensor.windows(x.shape[3], 1, q).windows, .maxPool)
            }
        }
        let q = Tensor.planar(p, dimensions)
        let (values, indices) = try asImages(dimensions, "max_pool\(dimensions)d") { (x: Tensor) throws(TensorError) in
            let (rows, columns) = (try Tensor.windows(x.shape[2], 0, q).windows, try Tensor.windows(x.shape[3], 1, q).windows)
            return try x.maxPooled(rows, columns, .maxPool)
        }
        return (values, indices!)
    }

    /// Height and width of a 3-d pooling (`pass` 0), or its depth beside an untouched dimension (`pass` 1).
    private static func plane(_ p: PoolParameters, _ pass: Int) -> PoolParameters {
        func lanes(_ values: [Int], _ neutral: Int) -> [Int] {
            let all = values.count == 1 ? [values[0], values[0], values[0]] : values
            return pass == 0 ? [all[1], all[2]] : [all[0], neutral]
        }
        return PoolParameters(
            kernel: lanes(p.kernel, 1), stride: lanes(p.stride, 1), padding: lanes(p.padding, 0), dilation: lanes(p.dilation, 1), ceilMode: p.ceilMode
        )
    }

    /// `self` as `[batch, channels, depth, height, width]`.
    private func checkedVolumes(_ name: String) throws(TensorError) -> Tensor {
        guard rank == 4 || rank == 5 else { throw notPoolable(name, 3) }
        guard dtype.isFloatingPoint else { throw .notImplemented(name, dtype) }
        for d in 1..<rank where shape[d] == 0 {
            throw .runtime("Expected 4D or 5D (batch mode) tensor with optional 0 dim batch size for input, but got: \(bracketed(shape))")
        }
        return rank == 4 ? try unsqueeze(0) : self
    }

    /// A separable operation on volumes: height and width of every slice (`body(_, 0)`), then depth beside the flattened planes (`body(_, 1)`).
    private func volumes(_ name: String, _ body: (Tensor, Int) throws(TensorError) -> Tensor) throws(TensorError) -> Tensor {
        let x = try checkedVolumes(name)
        let (n, c, depth) = (x.shape[0], x.shape[1], x.shape[2])
        let slices = try body(try x.reshape([n, c * depth, x.shape[3], x.shape[4]]), 0)
        let (height, width) = (slices.shape[2], slices.shape[3])
        let columns = try body(try slices.reshape([n, c, depth, height * width]), 1)
        let result = try columns.reshape([n, c, columns.shape[2], height, width])
        return rank == 4 ? try result.squeeze([0]) : result
    }

    /// `volumes` for maxima: a position in the volume is made of the slice's and the one inside it.
    private func maxVolumes(_ name: String, _ body: (Tensor, Int) throws(TensorError) -> (Tensor, Tensor?)) throws(TensorError) -> (
        values: Tensor, indices: Tensor
    ) {
        var planes: Tensor?
        var positions: Tensor?
        let values = try volumes(name) { (x: Tensor, pass: Int) throws(TensorError) in
            let (values, indices) = try body(x, pass)
            if pass == 0 { planes = indices } else { positions = indices }
            return values
        }
        guard let planes, let positions else { throw .runtime("\(name): no windows") }
        let (n, c, size) = (positions.shape[0], positions.shape[1], positions.shape[2] * positions.shape[3])
        let flat = try positions.reshape([n, c, size])
        let inside = try planes.reshape([n, c, -1]).gather(2, flat)
        let area = shape[rank - 1] * shape[rank - 2]
        let slice = try flat.div(try .wrapped(.int(Int64(positions.shape[3]))), rounding: .floor)
        let indices = try slice.mul(try .wrapped(.int(Int64(area)))).add(inside).reshape(
            rank == 4 ? Array([n, c] + values.shape.suffix(3)) : values.shape)
        return (values, rank == 4 ? try indices.squeeze([0]) : indices)
    }

    private func maxPooled(_ rows: PoolWindows, _ columns: PoolWindows, _ operation: Operation) throws(TensorError) -> (Tensor, Tensor?) {
        try checkOutput(rows, columns)
        let x = try channelsLastPacked()
        let g = PoolGeometry(batch: shape[0], height: shape[2], width: shape[3], channels: shape[1], rows: rows, columns: columns)
        let sizes = [shape[0], shape[1], rows.count, columns.count]
        let values = try Tensor.emptyChannelsLast(sizes, dtype: dtype)
        let indices = try Tensor.emptyChannelsLast(sizes, dtype: .int64)
        Kernels.maxPool(g, dtype, x.physicalPointer, values.physicalPointer, indices: indices.physicalPointer.assumingMemoryBound(to: Int64.self))
        let own = shape
        values.recorded([self]) { .maxPool(operation, indices, g, own) }
        return (values, indices)
    }

    private func checkOutput(_ rows: PoolWindows, _ columns: PoolWindows) throws(TensorError) {
        if rows.count == 0 || columns.count == 0 {
            throw .runtime(
                "Given input size: (\(shape[1])x\(shape[2])x\(shape[3])). Calculated output size: (\(shape[1])x\(rows.count)x\(columns.count)). Output size is too small"
            )
        }
    }

    package func avgPool(_ p: PoolParameters, countIncludePad: Bool = true, divisor: Int? = nil, dimensions: Int = 2) throws(TensorError) -> Tensor {
        if divisor == 0 { throw .runtime("divisor must be not zero") }
        if dimensions == 3 {
            return try volumes("avg_pool3d") { (x: Tensor, d: Int) throws(TensorError) in
                try x.avgPool(Tensor.plane(p, d), countIncludePad: countIncludePad, divisor: divisor.map { d == 0 ? 1 : $0 })
            }
        }
        let q = Tensor.planar(p, dimensions)
        return try asImages(dimensions, "avg_pool\(dimensions)d") { (x: Tensor) throws(TensorError) in
            let (rows, rowExtents) = try Tensor.windows(x.shape[2], 0, q)
            let (columns, columnExtents) = try Tensor.windows(x.shape[3], 1, q)
            var divisors: [Double] = []
            for r in 0..<rows.count {
                for c in 0..<columns.count {
                    if let divisor {
                        divisors.append(Double(divisor))
                    } else if countIncludePad {
                        divisors.append(Double(rowExtents[r] * columnExtents[c]))
                    } else {
                        divisors.append(Double((rows.ends[r] - rows.starts[r]) * (columns.ends[c] - columns.starts[c])))
                    }
                }
            }
            return (try x.averaged(rows, columns, divisors, .avgPool), nil)
        }.0
    }

    fileprivate func averaged(_ rows: PoolWindows, _ columns: PoolWindows, _ divisors: [Double], _ operation: Operation) throws(TensorError) -> Tensor
    {
        try checkOutput(rows, columns)
        let x = try channelsLastPacked()
        let g = PoolGeometry(batch: shape[0], height: shape[2], width: shape[3], channels: shape[1], rows: rows, columns: columns)
        let values = try Tensor.emptyChannelsLast([shape[0], shape[1], rows.count, columns.count], dtype: dtype)
        Kernels.averagePool(g, dtype, divisors: divisors, x.physicalPointer, values.physicalPointer)
        let own = shape
        return values.recorded([self]) { .averagePool(operation, g, divisors, own) }
    }

    /// Nil sizes keep the input's.
    package func adaptiveAvgPool(_ output: [Int?], dimensions: Int = 2) throws(TensorError) -> Tensor {
        if dimensions == 3 {
            let sizes = output.count == 1 ? [output[0], output[0], output[0]] : output
            return try volumes("adaptive_avg_pool3d") { (x: Tensor, d: Int) throws(TensorError) in
                try x.adaptiveAvgPool(d == 0 ? [sizes[1], sizes[2]] : [sizes[0], nil])
            }
        }
        return try asImages(dimensions, "adaptive_avg_pool\(dimensions)d") { (x: Tensor) throws(TensorError) in
            let (rows, columns) = try x.adaptiveWindows(output, dimensions)
            var divisors: [Double] = []
            for r in 0..<rows.count {
                for c in 0..<columns.count { divisors.append(Double((rows.ends[r] - rows.starts[r]) * (columns.ends[c] - columns.starts[c]))) }
            }
            return (try x.averaged(rows, columns, divisors, .adaptiveAvgPool), nil)
        }.0
    }

    private func adaptiveWindows(_ output: [Int?], _ dimensions: Int) throws(TensorError) -> (PoolWindows, PoolWindows) {
        let wanted = output.count == 1 && dimensions == 2 ? [output[0], output[0]] : output
        for size in wanted {
            if let size, size < 0 { throw .runtime("adaptive pooling: elements of output_size must be greater than or equal to 0") }
        }
        if dimensions == 1 { return (Tensor.adaptiveWindows(1, 1), Tensor.adaptiveWindows(shape[3], wanted[0] ?? shape[3])) }
        return (Tensor.adaptiveWindows(shape[2], wanted[0] ?? shape[2]), Tensor.adaptiveWindows(shape[3], wanted[1] ?? shape[3]))
    }

    package func adaptiveMaxPool(_ output: [Int?], dimensions: Int = 2) throws(TensorError) -> (values: Tensor, indices: Tensor) {
        if dimensions == 3 {
            let sizes = output.count == 1 ? [output[0], output[0], output[0]] : output
            return try maxVolumes("adaptive_max_pool3d") { (x: Tensor, d: Int) throws(TensorError) in
                let (rows, columns) = try x.adaptiveWindows(d == 0 ? [sizes[1], sizes[2]] : [sizes[0], nil], 2)
                return try x.maxPooled(rows, columns, .adaptiveMaxPool)
            }
        }
        let (values, indices) = try asImages(dimensions, "adaptive_max_pool\(dimensions)d") { (x: Tensor) throws(TensorError) in
            let (rows, columns) = try x.adaptiveWindows(output, dimensions)
            return try x.maxPooled(rows, columns, .adaptiveMaxPool)
        }
        return (values, indices!)
    }
}

extension Gradient {
    static func maxPool(_ operation: Operation, _ indices: Tensor, _ g: PoolGeometry, _ sizes: [Int]) -> Gradient {
        let kept = Saved(indices)
        return Gradient(operation, saved: [kept]) { gradient in
            let indices = try kept.get()
            if EngineState.gradEnabled {
                // Each window's maximum, picked by position: the gradient is linear in `gradient`.
                let flat = try Tensor.zeros([sizes[0], sizes[1], sizes[2] * sizes[3]], dtype: gradient.dtype)
                let places = try indices.reshape([sizes[0], sizes[1], -1])
                return [try flat.scatterAdd(2, places, try gradient.reshape(places.shape)).view(sizes)]
            }
            let dy = try gradient.channelsLastPacked()
            let positions = try indices.channelsLastPacked()
            let result = try Tensor.emptyChannelsLast(sizes, dtype: dy.dtype)
            Kernels.maxPoolGradient(
                g, dy.dtype, gradient: dy.physicalPointer, indices: positions.physicalPointer.assumingMemoryBound(to: Int64.self),
                result.physicalPointer)
            return [result]
        }
    }

    static func averagePool(_ operation: Operation, _ g: PoolGeometry, _ divisors: [Double], _ sizes: [Int]) -> Gradient {
        Gradient(operation) { gradient in
            let dy = try gradient.channelsLastPacked()
            let result = try Tensor.emptyChannelsLast(sizes, dtype: dy.dtype)
            Kernels.averagePoolGradient(g, dy.dtype, divisors: divisors, gradient: dy.physicalPointer, result.physicalPointer)
            return [result.recorded([gradient]) { .linear(operation) { again in try again.averaged(g.rows, g.columns, divisors, operation) } }]
        }
    }
}
