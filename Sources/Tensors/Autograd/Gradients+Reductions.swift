import Kernels

// Rules of reductions. `kept` is the operand's sizes with 1 where reduced: the result's gradient is viewed so, then spread.

extension Gradient {
    static func prod(_ x: Tensor, dim: Int?, kept: [Int]) -> Gradient {
        Gradient(.prod, input: x) { g, x in
            // The product of all other elements: exact with zeros, unlike result / x.
            let d = dim ?? 0
            let flat = dim == nil ? try x.reshape([-1]) : x
            if flat.rank == 0 { return g }
            let n = try flat.size(d)
            if n == 0 { return try x.zerosLike() }
            var edgeSizes = flat.shape
            edgeSizes[try flat.normalized(d)] = 1
            let edge = try Tensor.ones(edgeSizes, dtype: x.dtype)
            let before = try Tensor.cat([edge, try flat.narrow(d, 0, n - 1)], dim: d).cumprod(d)
            let after = try Tensor.cat([try flat.narrow(d, 1, n - 1), edge], dim: d).flip([d]).cumprod(d).flip([d])
            let others = try before.mul(after).reshape(x.shape)
            return try g.reshape(kept).mul(others)
        }
    }

    /// Elements equal to the extreme value share its gradient.
    static func extremeValues(_ operation: Operation, _ x: Tensor, _ y: Tensor, kept: [Int]) -> Gradient {
        let (input, output) = (Saved(x), Saved(output: y))
        return Gradient(operation, saved: [input, output]) { g in
            let x = try input.get()
            let mask = try x.detach().eq(try output.get().detach().reshape(kept)).to(g.dtype)
            let dims = (0..<x.rank).filter { kept[$0] == 1 && x.shape[$0] != 1 }
            let ties = dims.isEmpty ? mask : try mask.sum(dim: dims, keepdim: true)
            return [try g.reshape(kept).div(ties).mul(mask)]
        }
    }

    /// The gradient goes to the one element that was picked along `dim`.
    static func pickedAlong(_ operation: Operation, _ indices: Tensor, _ dim: Int, _ sizes: [Int], keepdim: Bool) -> Gradient {
        let index = Saved(indices)
        return Gradient(operation, saved: [index]) { g in
            if sizes.isEmpty { return [g] }
            let picks = try index.get()
            let (i, v) = keepdim ? (picks, g) : (try picks.unsqueeze(dim), try g.unsqueeze(dim))
            return [try Tensor.zeros(sizes, dtype: g.dtype).scatter(dim, i, v)]
        }
    }

    static func variance(_ x: Tensor, dims: [Int], kept: [Int], divisor: Double) -> Gradient {
        Gradient(.variance, input: x) { g, x in
            let centred = try x.sub(try x.mean(dim: dims, keepdim: true))
            return try g.reshape(kept).mul(centred).mul(try .wrapped(.double(2 / divisor)))
        }
    }

    static func std(_ x: Tensor, _ y: Tensor, dims: [Int], kept: [Int], divisor: Double) -> Gradient {
        let (input, output) = (Saved(x), Saved(output: y))
        return Gradient(.std, saved: [input, output]) { g in
            let x = try input.get()
            let y = try output.get()
            let centred = try x.sub(try x.mean(dim: dims, keepdim: true))
            let scaled = try g.div(try y.mul(try .wrapped(.double(divisor))))
            let safe = try y.eq(try .wrapped(0)).whereSelect(try scaled.zerosLike(), scaled)
            return [try safe.reshape(kept).mul(centred)]
        }
    }

    static func norm(_ x: Tensor, _ y: Tensor, p: Double, kept: [Int]) -> Gradient {
        let (input, output) = (Saved(x), Saved(output: y))
        return Gradient(.norm, saved: [input, output]) { g in
            let x = try input.get()
            let y = try output.get().reshape(kept)
            let spread = try g.reshape(kept)
            if p == 0 { return [try x.zerosLike()] }
            if p == 1 { return [try spread.mul(try x.sign())] }
            if p.isInfinite {
                let mask = try x.abs().eq(y).to(g.dtype)
                let dims = (0..<x.rank).filter { kept[$0] == 1 && x.shape[$0] != 1 }
                let ties = dims.isEmpty ? mask : try mask.sum(dim: dims, keepdim: true)
                return [try spread.mul(try x.sign()).mul(mask).div(ties)]
            }
            let slope =
                p == 2 ? try x.div(y) : try x.sign().mul(try x.abs().pow(try .wrapped(.double(p - 1)))).div(try y.pow(try .wrapped(.double(p - 1))))
            let zero = try y.eq(try .wrapped(0))
            return [try zero.whereSelect(try x.zerosLike(), try spread.mul(slope))]
        }
    }

    static func logsumexp(_ x: Tensor, _ y: Tensor, kept: [Int]) -> Gradient {
        let (input, output) = (Saved(x), Saved(output: y))
        return Gradient(.logsumexp, saved: [input, output]) { g in
            [try g.reshape(kept).mul(try input.get().sub(try output.get().reshape(kept)).exp())]
        }
    }

    static func cumprod(_ x: Tensor, _ dim: Int) -> Gradient {
        Gradient(.cumprod, input: x) { g, x in
            if x.rank == 0 { return g }
            // d y_k / d x_i = product of the others up to k: summed row by row, exact with zeros.
            var parts: [Tensor] = []
            for i in 0..<x.shape[dim] {
                let before = try x.narrow(dim, 0, i).prod(dim: dim, keepdim: true)
                let rest = try x.narrow(dim, i + 1, x.shape[dim] - i - 1)
                let one = try before.onesLike()
                let tail = try Tensor.cat([one, rest], dim: dim).cumprod(dim)
                parts.append(try g.narrow(dim, i, x.shape[dim] - i).mul(tail).mul(before).sum(dim: [dim], keepdim: true))
            }
            return parts.isEmpty ? g : try Tensor.cat(parts, dim: dim)
        }
    }

    static func softmax(_ y: Tensor, _ dim: Int, _ extent: ReductionExtent, logarithm: Bool) -> Gradient {
        Gradient(logarithm ? .logSoftmax : .softmax, output: y) { g, y in
            if EngineState.gradEnabled {
                if logarithm { return try g.sub(try y.exp().mul(try g.sum(dim: [dim], keepdim: true))) }
                return try y.mul(try g.sub(try g.mul(y).sum(dim: [dim], keepdim: true)))
            }
            let gradient = try g.packed()
            let result = try Tensor.empty(y.shape, dtype: y.dtype)
            if y.count > 0 {
                Kernels.softmaxGradient(logarithm: logarithm, y.dtype, extent, gradient: gradient.pointer, output: y.pointer, result.pointer)
            }
            return result
        }
    }
}
