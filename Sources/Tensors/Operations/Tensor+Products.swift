import Kernels

/// Matrix products. Operands are read in place when their rows or columns are contiguous.
extension Tensor {
    private func checkSameDType(_ other: Tensor) throws(TensorError) {
        if dtype != other.dtype {
            throw .runtime("expected m1 and m2 to have the same dtype, but got: \(dtype.nativeName) != \(other.dtype.nativeName)")
        }
    }

    /// A 2-D operand as rows with a leading dimension, read transposed if its columns are the contiguous ones.
    private func matrixOperand() throws(TensorError) -> (operand: MatrixOperand, keep: Tensor) {
        if storage.channelsLast != nil { storage.linearize() }
        let (rows, columns) = (shape[0], shape[1])
        if strides[1] == 1 && strides[0] >= Swift.max(1, columns) { return (MatrixOperand(pointer, leading: strides[0]), self) }
        if strides[0] == 1 && strides[1] >= Swift.max(1, rows) { return (MatrixOperand(pointer, leading: strides[1], transposed: true), self) }
        let copy = try packed()
        return (MatrixOperand(copy.pointer, leading: Swift.max(1, columns)), copy)
    }

    private func product(_ other: Tensor) throws(TensorError) -> Tensor {
        let result = try Tensor.empty([shape[0], other.shape[1]], dtype: dtype)
        let (a, keepA) = try matrixOperand()
        let (b, keepB) = try other.matrixOperand()
        withExtendedLifetime((keepA, keepB)) {
            Kernels.matrixMultiply(dtype, m: shape[0], n: other.shape[1], k: shape[1], a, b, result.pointer, ldc: Swift.max(1, other.shape[1]))
        }
        return result
    }

    package func mm(_ other: Tensor) throws(TensorError) -> Tensor {
        guard rank == 2 else { throw .runtime("self must be a matrix") }
        guard other.rank == 2 else { throw .runtime("mat2 must be a matrix") }
        guard shape[1] == other.shape[0] else {
            throw .notMultipliable("mm", shape, other.shape)
        }
        try checkSameDType(other)
        return try product(other).recorded([self, other]) { .mm(self, other) }
    }

    package func bmm(_ other: Tensor) throws(TensorError) -> Tensor {
        guard rank == 3 else { throw .runtime("batch1 must be a 3D tensor") }
        guard other.rank == 3 else { throw .runtime("batch2 must be a 3D tensor") }
        guard other.shape[0] == shape[0], other.shape[1] == shape[2] else {
            throw .runtime(
                "Expected size for first two dimensions of batch2 tensor to be: [\(shape[0]), \(shape[2])] but got: [\(other.shape[0]), \(other.shape[1])]."
            )
        }
        if dtype != other.dtype { throw .runtime("expected scalar type \(dtype.typeName) but found \(other.dtype.typeName)") }
        let (m, k, n) = (shape[1], shape[2], other.shape[2])
        let result = try Tensor.empty([shape[0], m, n], dtype: dtype)
        let (a, b) = (try packed(), try other.packed())
        for i in 0..<shape[0] {
            Kernels.matrixMultiply(
                dtype, m: m, n: n, k: k, MatrixOperand(a.pointer + i * m * k * dtype.size, leading: Swift.max(1, k)),
                MatrixOperand(b.pointer + i * k * n * dtype.size, leading: Swift.max(1, n)), result.pointer + i * m * n * dtype.size,
                ldc: Swift.max(1, n))
        }
        return result.recorded([self, other]) { .bmm(self, other) }
    }

    package func dot(_ other: Tensor) throws(TensorError) -> Tensor {
        guard rank == 1, other.rank == 1 else { throw .runtime("1D tensors expected, but got \(rank)D and \(other.rank)D tensors") }
        if dtype != other.dtype {
            throw .runtime("dot : expected both vectors to have same dtype, but found \(dtype.typeName) and \(other.dtype.typeName)")
        }
        guard count == other.count else {
            throw .runtime(
                "inconsistent tensor size, expected tensor \(bracketed(shape)) and src \(bracketed(other.shape)) to have the same number of elements, but got \(count) and \(other.count) elements respectively"
            )
        }
        return try Elementwise.binary(.multiply, self, other).sum(dtype: dtype).recorded([self, other]) { .dot(self, other) }
    }

    package func mv(_ vector: Tensor) throws(TensorError) -> Tensor {
        guard rank == 2, vector.rank == 1 else { throw .runtime("vector + matrix @ vector expected, got 1, \(rank), \(vector.rank)") }
        guard shape[1] == vector.shape[0] else {
            throw .runtime("size mismatch, got input (\(shape[0])), mat (\(shape[0])x\(shape[1])), vec (\(vector.shape[0]))")
        }
        try checkSameDType(vector)
        return try product(try vector.detach().unsqueeze(1)).squeeze([1]).recorded([self, vector]) { .mv(self, vector) }
    }

    /// beta * self + alpha * a b
    package func addmm(_ a: Tensor, _ b: Tensor, beta: Scalar = 1, alpha: Scalar = 1) throws(TensorError) -> Tensor {
        if a.rank == 2, b.rank == 2 {
            guard a.shape[1] == b.shape[0] else { throw .notMultipliable("addmm", a.shape, b.shape) }
            if a.dtype != b.dtype { throw .runtime("mat1 and mat2 must have the same dtype, but got \(a.dtype.typeName) and \(b.dtype.typeName)") }
        }
        let product = try a.detach().mm(b.detach())
        let scaled = alpha.asDouble == 1 ? product : try product.mul(try .wrapped(alpha))
        let base = beta.asDouble == 1 ? detach() : try detach().mul(try .wrapped(beta))
        return try scaled.add(try base.expand(product.shape)).recorded([self, a, b]) { .addmm(a, b, beta: beta.asDouble, alpha: alpha.asDouble) }
    }

    /// The product of vectors, matrices, or batches of them, with broadcasting over the batches.
    package func matmul(_ other: Tensor) throws(TensorError) -> Tensor {
        if rank == 0 || other.rank == 0 {
            throw .runtime("both arguments to matmul need to be at least 1D, but they are \(rank)D and \(other.rank)D")
        }
        switch (rank, other.rank) {
        case (1, 1): return try dot(other)
        case (2, 1): return try mv(other)
        case (1, 2): return try unsqueeze(0).mm(other).squeeze([0])
        case (2, 2): return try mm(other)
        default: break
        }
        if rank >= 3 && other.rank <= 2 {
            // Fold the batch into the rows: one large product.
            let rows = try reshape([-1, shape[rank - 1]])
            if other.rank == 1 { return try rows.mv(other).reshape(Array(shape.dropLast())) }
            return try rows.mm(other).reshape(Array(shape.dropLast()) + [other.shape[1]])
        }
        let a = rank == 1 ? try unsqueeze(0) : self
        let b = other.rank == 1 ? try other.unsqueeze(1) : other
        let (ar, br) = (a.rank, b.rank)
        let batch = try broadcastSizes(Array(a.shape.dropLast(2)), Array(b.shape.dropLast(2)))
        let (m, k, n) = (a.shape[ar - 2], a.shape[ar - 1], b.shape[br - 1])
        let count = batch.reduce(1, *)
        let product = try a.expand(batch + [m, k]).reshape([count, m, k]).bmm(
            try b.expand(batch + [b.shape[br - 2], n]).reshape([count, b.shape[br - 2], n]))
        var sizes = batch
        if rank > 1 { sizes.append(m) }
        if other.rank > 1 { sizes.append(n) }
        return try product.reshape(sizes)
    }

    /// x wᵀ + bias, for `weight` `[out, in]`.
    package func linear(_ weight: Tensor, _ bias: Tensor? = nil) throws(TensorError) -> Tensor {
        guard rank >= 1 else { throw .runtime("both arguments to linear need to be at least 1D, but they are 0D and \(weight.rank)D") }
        if weight.rank == 1 {
            let result = try matmul(weight)
            return try bias.map { b throws(TensorError) in try result.add(b) } ?? result
        }
        if rank == 2 {
            let transposed = try weight.t()
            guard let bias else { return try mm(transposed) }
            return try bias.addmm(self, transposed)
        }
        if rank == 1 {
            let row = try unsqueeze(0).linear(weight, bias)
            return try row.squeeze([0])
        }
        let flat = try reshape([-1, shape[rank - 1]]).linear(weight, bias)
        return try flat.view(Array(shape.dropLast()) + [weight.shape[0]])
    }

    package func outer(_ other: Tensor) throws(TensorError) -> Tensor {
        guard rank == 1, other.rank == 1 else { throw .runtime("outer: Expected 1-D argument self, but got \(rank)-D") }
        return try unsqueeze(1).mul(other)
    }
}

extension Gradient {
    static func mm(_ a: Tensor, _ b: Tensor) -> Gradient {
        let x = b.requiresGrad ? Saved(a) : nil
        let y = a.requiresGrad ? Saved(b) : nil
        return Gradient(.mm, saved: [x, y].compactMap { $0 }) { g in
            let first = try y.map { y throws(TensorError) in try g.mm(try y.get().t()) } ?? nil
            let second = try x.map { x throws(TensorError) in try x.get().t().mm(g) } ?? nil
            return [first, second]
        }
    }

    static func bmm(_ a: Tensor, _ b: Tensor) -> Gradient {
        let (x, y) = (Saved(a), Saved(b))
        let (needsA, needsB) = (a.requiresGrad, b.requiresGrad)
        return Gradient(.bmm, saved: [x, y]) { g in
            [needsA ? try g.bmm(try y.get().transpose(1, 2)) : nil, needsB ? try x.get().transpose(1, 2).bmm(g) : nil]
        }
    }

    static func mv(_ a: Tensor, _ v: Tensor) -> Gradient {
        let (x, y) = (Saved(a), Saved(v))
        return Gradient(.mv, saved: [x, y]) { g in [try g.outer(try y.get()), try x.get().t().mv(g)] }
    }

    static func dot(_ a: Tensor, _ b: Tensor) -> Gradient {
        let (x, y) = (Saved(a), Saved(b))
        return Gradient(.dot, saved: [x, y]) { g in [try g.mul(try y.get()), try g.mul(try x.get())] }
    }

    static func addmm(_ a: Tensor, _ b: Tensor, beta: Double, alpha: Double) -> Gradient {
        let x = b.requiresGrad ? Saved(a) : nil
        let y = a.requiresGrad ? Saved(b) : nil
        return Gradient(.addmm, saved: [x, y].compactMap { $0 }) { g in
            let scaled = alpha == 1 ? g : try g.mul(try .wrapped(.double(alpha)))
            let first = try y.map { y throws(TensorError) in try scaled.mm(try y.get().t()) } ?? nil
            let second = try x.map { x throws(TensorError) in try x.get().t().mm(scaled) } ?? nil
            return [beta == 1 ? g : try g.mul(try .wrapped(.double(beta))), first, second]
        }
    }
}
