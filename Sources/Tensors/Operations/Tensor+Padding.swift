import Kernels

/// Padding, and rows of a table by index.
extension Tensor {
    /// How `pad` fills: with a value, or with elements of the tensor itself.
    package enum PaddingMode: String, Sendable { case constant, reflect, replicate, circular }

    /// Pads the last dimensions: `[left, right]` of the last, then of the one before, …; negative amounts crop.
    package func pad(_ amounts: [Int], mode: PaddingMode = .constant, value: Scalar = 0) throws(TensorError) -> Tensor {
        guard amounts.count % 2 == 0 else { throw .runtime("Padding length must be divisible by 2") }
        guard amounts.count / 2 <= rank else {
            throw .runtime(
                "Padding length should be less than or equal to two times the input dimension but got padding length \(amounts.count) and input of dimension \(rank)"
            )
        }
        if mode == .constant { return try constantPadded(amounts, value) }
        var result = self
        for i in 0..<(amounts.count / 2) {
            let d = rank - 1 - i
            let (n, left, right) = (shape[d], amounts[2 * i], amounts[2 * i + 1])
            if mode == .reflect && (left >= n || right >= n) {
                throw .runtime(
                    "Argument #4: Padding size should be less than the corresponding input dimension, but got: padding (\(left), \(right)) at dimension \(d) of input \(bracketed(shape))"
                )
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
                throw .runtime(
                    "The input size \(shape[d]), plus negative padding \(left) and \(right) resulted in a negative output size, which is invalid. Check dimension \(d) of your input."
                )
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
            throw .runtime(
                "Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got torch.\(indices.dtype.typeName)Tensor instead (while checking arguments for embedding)"
            )
        }
        let flat = try indices.reshape([-1])
        let rows = try detach().indexSelect(0, flat).view(indices.shape + [shape[1]])
        let own = shape
        return rows.aliasWithoutGraph().recorded([self]) {
            .linear(.embedding) { g in
                let result = try Tensor.zeros(own, dtype: g.dtype).indexAdd(0, flat, try g.reshape([-1, own[1]]))
                if let paddingIndex { _ = try result.detach().select(0, paddingIndex).zero_() }
                return result
            }
        }
    }
}
