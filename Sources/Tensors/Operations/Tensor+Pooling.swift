import Kernels

/// Pooling, interpolation and padding over the last two dimensions of `[batch, channels, height, width]` (or one sample of it).
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
        guard k > 0 else { throw .runtime("kernel size should be greater than zero, but got kH: \(entry(p.kernel, 0)) kW: \(entry(p.kernel, p.kernel.count - 1))") }
        guard s > 0 else { throw .runtime("stride should not be zero") }
        guard pad >= 0 else { throw .runtime("pad must be non-negative, but got pad: \(pad)") }
        guard pad <= k / 2 else { throw .runtime("pad should be at most half of effective kernel size, but got pad=\(pad), kernel_size=\(k) and dilation=\(dilation)") }
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

    /// Runs a 2-d pooling of `self` as `[batch, channels, height, width]`, whatever its rank, restoring the rank after.
    private func asImages(_ dimensions: Int, _ name: String, _ body: (Tensor) throws(TensorError) -> (Tensor, Tensor?)) throws(TensorError) -> (Tensor, Tensor?) {
        guard rank == dimensions + 1 || rank == dimensions + 2 else {
            throw .runtime("\(name): Expected \(dimensions + 1)D or \(dimensions + 2)D tensor, but got \(bracketed(shape))")
        }
        guard dtype.isFloatingPoint else { throw .notImplemented(name, dtype) }
        for d in 1..<rank where shape[d] == 0 {
            throw .runtime("Expected \(dimensions + 1)D or \(dimensions + 2)D (batch mode) tensor with optional 0 dim batch size for input, but got: \(bracketed(shape))")
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

    package func maxPool(_ p: PoolParameters, dimensions: Int = 2) throws(TensorError) -> (values: Tensor, indices: Tensor) {
        let q = Tensor.planar(p, dimensions)
        let (values, indices) = try asImages(dimensions, "max_pool\(dimensions)d") { (x: Tensor) throws(TensorError) in
            let (rows, columns) = (try Tensor.windows(x.shape[2], 0, q).windows, try Tensor.windows(x.shape[3], 1, q).windows)
            return try x.maxPooled(rows, columns, .maxPool)
        }
        return (values, indices!)
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
            throw .runtime("Given input size: (\(shape[1])x\(shape[2])x\(shape[3])). Calculated output size: (\(shape[1])x\(rows.count)x\(columns.count)). Output size is too small")
        }
    }

    package func avgPool(_ p: PoolParameters, countIncludePad: Bool = true, divisor: Int? = nil, dimensions: Int = 2) throws(TensorError) -> Tensor {
        if divisor == 0 { throw .runtime("divisor must be not zero") }
        let q = Tensor.planar(p, dimensions)
        return try asImages(dimensions, "avg_pool\(dimensions)d") { (x: Tensor) throws(TensorError) in
            let (rows, rowExtents) = try Tensor.windows(x.shape[2], 0, q)
            let (columns, columnExtents) = try Tensor.windows(x.shape[3], 1, q)
            var divisors: [Double] = []
            for r in 0..<rows.count {
                for c in 0..<columns.count {
                    if let divisor { divisors.append(Double(divisor)) } else if countIncludePad { divisors.append(Double(rowExtents[r] * columnExtents[c])) } else {
                        divisors.append(Double((rows.ends[r] - rows.starts[r]) * (columns.ends[c] - columns.starts[c])))
                    }
                }
            }
            return (try x.averaged(rows, columns, divisors, .avgPool), nil)
        }.0
    }

    private func averaged(_ rows: PoolWindows, _ columns: PoolWindows, _ divisors: [Double], _ operation: Operation) throws(TensorError) -> Tensor {
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
        try asImages(dimensions, "adaptive_avg_pool\(dimensions)d") { (x: Tensor) throws(TensorError) in
            let (rows, columns) = try x.adaptiveWindows(output, dimensions)
            var divisors: [Double] = []
            for r in 0..<rows.count { for c in 0..<columns.count { divisors.append(Double((rows.ends[r] - rows.starts[r]) * (columns.ends[c] - columns.starts[c]))) } }
            return (try x.averaged(rows, columns, divisors, .adaptiveAvgPool), nil)
        }.0
    }

    private func adaptiveWindows(_ output: [Int?], _ dimensions: Int) throws(TensorError) -> (PoolWindows, PoolWindows) {
        let wanted = output.count == 1 && dimensions == 2 ? [output[0], output[0]] : output
        for size in wanted { if let size, size < 0 { throw .runtime("adaptive pooling: elements of output_size must be greater than or equal to 0") } }
        if dimensions == 1 { return (Tensor.adaptiveWindows(1, 1), Tensor.adaptiveWindows(shape[3], wanted[0] ?? shape[3])) }
        return (Tensor.adaptiveWindows(shape[2], wanted[0] ?? shape[2]), Tensor.adaptiveWindows(shape[3], wanted[1] ?? shape[3]))
    }

    package func adaptiveMaxPool(_ output: [Int?], dimensions: Int = 2) throws(TensorError) -> (values: Tensor, indices: Tensor) {
        let (values, indices) = try asImages(dimensions, "adaptive_max_pool\(dimensions)d") { (x: Tensor) throws(TensorError) in
            let (rows, columns) = try x.adaptiveWindows(output, dimensions)
            return try x.maxPooled(rows, columns, .adaptiveMaxPool)
        }
        return (values, indices!)
    }

    /// How `interpolate` reads between elements.
    package enum InterpolationMode: String, Sendable { case nearest, linear, bilinear }

    /// Resizes the spatial dimensions to `size`; `scales` given by the user take part in the coordinates.
    package func interpolate(size: [Int], scales: [Double]? = nil, mode: InterpolationMode = .nearest, alignCorners: Bool = false) throws(TensorError) -> Tensor {
        let dimensions = rank - 2
        guard dimensions == 1 || dimensions == 2 else {
            throw TensorError(.notImplemented, "Input Error: Only 3D and 4D input Tensors supported (got \(rank)D) for the modes: nearest | linear | bilinear (got \(mode.rawValue))")
        }
        if (mode == .linear) != (dimensions == 1) && mode != .nearest {
            throw TensorError(.notImplemented, "Got \(rank)D input, but \(mode.rawValue) mode needs \(mode == .linear ? 3 : 4)D input")
        }
        let spread = size.count == 1 ? [Int](repeating: size[0], count: dimensions) : size
        guard spread.allSatisfy({ $0 > 0 }), count > 0 else {
            throw .runtime("Input and output sizes should be greater than 0, but got input (\(shape[2...].map { "H: \($0)" }.joined(separator: ", "))) output (\(spread.map { "H: \($0)" }.joined(separator: ", ")))")
        }
        let images = dimensions == 1 ? try unsqueeze(2) : self
        let target = dimensions == 1 ? [1] + spread : spread
        let factors = scales.map { dimensions == 1 ? [1] + $0 : ($0.count == 1 ? [$0[0], $0[0]] : $0) }
        let rows = Tensor.interpolationTable(images.shape[2], target[0], factors?[0], mode, alignCorners)
        let columns = Tensor.interpolationTable(images.shape[3], target[1], factors?[1], mode, alignCorners)
        let result = try images.resized(rows, columns)
        return dimensions == 1 ? try result.squeeze([2]) : result
    }

    private static func interpolationTable(_ input: Int, _ output: Int, _ scale: Double?, _ mode: InterpolationMode, _ alignCorners: Bool) -> InterpolationTable {
        var table = InterpolationTable(first: [], second: [], weight: [])
        for o in 0..<output {
            if mode == .nearest {
                let ratio = scale.map { Float(1 / $0) } ?? Float(input) / Float(output)
                let index = output == input ? o : Swift.min(Int((Float(o) * ratio).rounded(.down)), input - 1)
                table.first.append(index)
                table.second.append(index)
                table.weight.append(0)
                continue
            }
            let position: Double
            if alignCorners {
                position = output > 1 ? Double(o) * Double(input - 1) / Double(output - 1) : 0
            } else {
                let ratio = scale.map { 1 / $0 } ?? Double(input) / Double(output)
                position = Swift.max(0, ratio * (Double(o) + 0.5) - 0.5)
            }
            let first = Swift.min(Int(position), input - 1)
            table.first.append(first)
            table.second.append(Swift.min(first + 1, input - 1))
            table.weight.append(Swift.min(Swift.max(position - Double(first), 0), 1))
        }
        return table
    }

    private func resized(_ rows: InterpolationTable, _ columns: InterpolationTable) throws(TensorError) -> Tensor {
        guard dtype.isFloatingPoint else { throw .notImplemented("upsample", dtype) }
        let x = try channelsLastPacked()
        let result = try Tensor.emptyChannelsLast([shape[0], shape[1], rows.first.count, columns.first.count], dtype: dtype)
        Kernels.interpolate(
            dtype, batch: shape[0], height: shape[2], width: shape[3], channels: shape[1], rows: rows, columns: columns, x.physicalPointer, result.physicalPointer)
        let own = shape
        return result.recorded([self]) { .upsample(own, rows, columns) }
    }

    /// How `pad` fills: with a value, or with elements of the tensor itself.
    package enum PaddingMode: String, Sendable { case constant, reflect, replicate, circular }

    /// Pads the last dimensions: `[left, right]` of the last, then of the one before, …; negative amounts crop.
    package func pad(_ amounts: [Int], mode: PaddingMode = .constant, value: Scalar = 0) throws(TensorError) -> Tensor {
        guard amounts.count % 2 == 0 else { throw .runtime("Padding length must be divisible by 2") }
        guard amounts.count / 2 <= rank else {
            throw .runtime("Padding length should be less than or equal to two times the input dimension but got padding length \(amounts.count) and input of dimension \(rank)")
        }
        if mode == .constant { return try constantPadded(amounts, value) }
        var result = self
        for i in 0..<(amounts.count / 2) {
            let d = rank - 1 - i
            let (n, left, right) = (shape[d], amounts[2 * i], amounts[2 * i + 1])
            if mode == .reflect && (left >= n || right >= n) {
                throw .runtime("Argument #4: Padding size should be less than the corresponding input dimension, but got: padding (\(left), \(right)) at dimension \(d) of input \(bracketed(shape))")
            }
            if mode == .circular && (left > n || right > n) { throw .runtime("Padding value causes wrapping around more than once.") }
            let index = (-left..<(n + right)).map { k -> Int in
                switch mode {
                case .reflect: k < 0 ? -k : (k >= n ? 2 * (n - 1) - k : k)
                case .replicate: Swift.min(Swift.max(k, 0), n - 1)
                case .circular, .constant: (k % n + n) % n
                }
            }
            result = try result.detach().indexSelect(d, try .from(integers: index))
        }
        if result === self { return self }
        let own = self.detach()
        let resultValue = result.aliasWithoutGraph()
        return resultValue.recorded([self]) { .linear(.padIndexed) { g in try own.padGradient(g, amounts, mode) } }
    }

    /// Adds each padded element's gradient to the element it repeats.
    private func padGradient(_ g: Tensor, _ amounts: [Int], _ mode: PaddingMode) throws(TensorError) -> Tensor {
        var result = g
        for i in stride(from: amounts.count / 2 - 1, through: 0, by: -1) {
            let d = rank - 1 - i
            let n = shape[d]
            let index = (-amounts[2 * i]..<(n + amounts[2 * i + 1])).map { k -> Int in
                switch mode {
                case .reflect: k < 0 ? -k : (k >= n ? 2 * (n - 1) - k : k)
                case .replicate: Swift.min(Swift.max(k, 0), n - 1)
                case .circular, .constant: (k % n + n) % n
                }
            }
            var sizes = result.shape
            sizes[d] = n
            result = try Tensor.zeros(sizes, dtype: g.dtype).indexAdd(d, try .from(integers: index), result)
        }
        return result
    }

    private func constantPadded(_ amounts: [Int], _ value: Scalar) throws(TensorError) -> Tensor {
        var sizes = shape
        var source = detach()
        for i in 0..<(amounts.count / 2) {
            let d = rank - 1 - i
            let (left, right) = (amounts[2 * i], amounts[2 * i + 1])
            sizes[d] += left + right
            if sizes[d] < 0 {
                throw .runtime("The input size \(shape[d]), plus negative padding \(left) and \(right) resulted in a negative output size, which is invalid. Check dimension \(d) of your input.")
            }
            source = try source.slice(d, start: Swift.max(0, -left), end: shape[d] - Swift.max(0, -right))
        }
        let result = try Tensor.full(sizes, value, dtype: dtype)
        var target = result.detach()
        for i in 0..<(amounts.count / 2) { target = try target.narrow(rank - 1 - i, Swift.max(0, amounts[2 * i]), source.shape[rank - 1 - i]) }
        try target.assignElements(from: source)
        return result.recorded([self]) { .linear(.pad) { g in try g.pad(amounts.map { -$0 }) } }
    }

    /// Rows of `self` `[count, width]` at the given indices; a row `paddingIndex` receives no gradient.
    package func embedding(_ indices: Tensor, paddingIndex: Int? = nil) throws(TensorError) -> Tensor {
        guard rank == 2 else { throw .runtime("'weight' must be 2-D") }
        guard indices.dtype == .int64 || indices.dtype == .int32 else {
            throw .runtime("Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got torch.\(indices.dtype.typeName)Tensor instead (while checking arguments for embedding)")
        }
        let flat = try indices.reshape([-1])
        let rows = try detach().indexSelect(0, flat).view(indices.shape + [shape[1]])
        let own = shape
        return rows.aliasWithoutGraph().recorded([self]) { .linear(.embedding) { g in
            let result = try Tensor.zeros(own, dtype: g.dtype).indexAdd(0, flat, try g.reshape([-1, own[1]]))
            if let paddingIndex { _ = try result.detach().select(0, paddingIndex).zero_() }
            return result
        } }
    }
}

extension Gradient {
    static func maxPool(_ operation: Operation, _ indices: Tensor, _ g: PoolGeometry, _ sizes: [Int]) -> Gradient {
        let kept = Saved(indices)
        return Gradient(operation, saved: [kept]) { gradient in
            let indices = try kept.get()
            if EngineState.gradEnabled { throw TensorError.runtime("the gradient of max_pool cannot be differentiated again") }
            let dy = try gradient.channelsLastPacked()
            let positions = try indices.channelsLastPacked()
            let result = try Tensor.emptyChannelsLast(sizes, dtype: dy.dtype)
            Kernels.maxPoolGradient(
                g, dy.dtype, gradient: dy.physicalPointer, indices: positions.physicalPointer.assumingMemoryBound(to: Int64.self), result.physicalPointer)
            return [result]
        }
    }

    static func averagePool(_ operation: Operation, _ g: PoolGeometry, _ divisors: [Double], _ sizes: [Int]) -> Gradient {
        Gradient(operation) { gradient in
            if EngineState.gradEnabled { throw TensorError.runtime("the gradient of avg_pool cannot be differentiated again") }
            let dy = try gradient.channelsLastPacked()
            let result = try Tensor.emptyChannelsLast(sizes, dtype: dy.dtype)
            Kernels.averagePoolGradient(g, dy.dtype, divisors: divisors, gradient: dy.physicalPointer, result.physicalPointer)
            return [result]
        }
    }

    static func upsample(_ sizes: [Int], _ rows: InterpolationTable, _ columns: InterpolationTable) -> Gradient {
        Gradient(.upsample) { gradient in
            if EngineState.gradEnabled { throw TensorError.runtime("the gradient of interpolate cannot be differentiated again") }
            let dy = try gradient.channelsLastPacked()
            let result = try Tensor.emptyChannelsLast(sizes, dtype: dy.dtype)
            Kernels.interpolateGradient(
                dy.dtype, batch: sizes[0], height: sizes[2], width: sizes[3], channels: sizes[1], rows: rows, columns: columns,
                gradient: dy.physicalPointer, result.physicalPointer)
            return [result]
        }
    }
}
