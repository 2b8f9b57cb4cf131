import Kernels

/// How a loss combines its elements.
package enum LossReduction: String, Sendable { case none, mean, sum }

/// Losses, as compositions of operations; `self` is the prediction.
extension Tensor {
    private func reduced(_ reduction: LossReduction) throws(TensorError) -> Tensor {
        switch reduction {
        case .none: self
        case .mean: try mean()
        case .sum: try sum()
        }
    }

    private func elementLoss(
        _ operation: Operation, _ target: Tensor, _ reduction: LossReduction, _ loss: (Tensor, Tensor) throws(TensorError) -> Tensor,
        slope: @escaping (Tensor, Tensor) throws -> Tensor
    ) throws(TensorError) -> Tensor {
        let values = try loss(detach(), target.detach())
        let result = try values.reduced(reduction)
        let scale = reduction == .mean ? 1 / Double(values.count) : 1
        return result.aliasWithoutGraph().recorded([self, target]) {
            let (x, t) = (Saved(self), Saved(target))
            return Gradient(operation, saved: [x, t]) { g in
                let spread = scale == 1 ? g : try g.mul(try .wrapped(.double(scale)))
                let d = try spread.mul(try slope(try x.get(), try t.get()))
                return [d, try d.neg()]
            }
        }
    }

    package func mseLoss(_ target: Tensor, _ reduction: LossReduction = .mean) throws(TensorError) -> Tensor {
        try elementLoss(.mseLoss, target, reduction) { (x: Tensor, t: Tensor) throws(TensorError) in
            try x.sub(t).square()
        } slope: { x, t in
            try x.sub(t).mul(try .wrapped(2))
        }
    }

    package func l1Loss(_ target: Tensor, _ reduction: LossReduction = .mean) throws(TensorError) -> Tensor {
        try elementLoss(.l1Loss, target, reduction) { (x: Tensor, t: Tensor) throws(TensorError) in
            try x.sub(t).abs()
        } slope: { x, t in
            try x.sub(t).sign()
        }
    }

    /// Quadratic below `beta`, linear above.
    package func smoothL1Loss(_ target: Tensor, _ reduction: LossReduction = .mean, beta: Double = 1) throws(TensorError) -> Tensor {
        guard beta >= 0 else { throw .runtime("smooth_l1_loss does not support negative values for beta.") }
        if beta == 0 { return try l1Loss(target, reduction) }
        return try elementLoss(.smoothL1Loss, target, reduction) { (x: Tensor, t: Tensor) throws(TensorError) in
            let d = try x.sub(t).abs()
            let b = try Tensor.wrapped(.double(beta))
            return try d.lt(b).whereSelect(try d.mul(d).mul(try .wrapped(.double(0.5 / beta))), try d.sub(try .wrapped(.double(0.5 * beta))))
        } slope: { x, t in
            try x.sub(t).div(try .wrapped(.double(beta))).clamp(min: -1, max: 1)
        }
    }

    package func huberLoss(_ target: Tensor, _ reduction: LossReduction = .mean, delta: Double = 1) throws(TensorError) -> Tensor {
        guard delta > 0 else { throw .runtime("huber_loss does not support non-positive values for delta.") }
        return try elementLoss(.huberLoss, target, reduction) { (x: Tensor, t: Tensor) throws(TensorError) in
            let d = try x.sub(t).abs()
            let bound = try Tensor.wrapped(.double(delta))
            return try d.le(bound).whereSelect(try d.mul(d).mul(try .wrapped(0.5)), try d.sub(try .wrapped(.double(0.5 * delta))).mul(bound))
        } slope: { x, t in
            try x.sub(t).clamp(min: .double(-delta), max: .double(delta))
        }
    }

    /// For probabilities in [0, 1]; logarithms are kept above -100.
    package func binaryCrossEntropy(_ target: Tensor, weight: Tensor? = nil, _ reduction: LossReduction = .mean) throws(TensorError) -> Tensor {
        guard shape == target.shape else {
            throw .value(
                "Using a target size (torch.Size(\(bracketed(target.shape)))) that is different to the input size (torch.Size(\(bracketed(shape)))) is deprecated. Please ensure they have the same size."
            )
        }
        let p = detach()
        guard try p.ge(try .wrapped(0)).logicalAnd(try p.le(try .wrapped(1))).all().item() == .bool(true) else {
            throw .runtime("all elements of input should be between 0 and 1")
        }
        let t = target.detach()
        let one = try Tensor.wrapped(1)
        var loss = try t.mul(try p.log().clamp(min: -100)).add(try one.sub(t).mul(try one.sub(p).log().clamp(min: -100))).neg()
        if let weight { loss = try loss.mul(weight) }
        let scale = reduction == .mean ? 1 / Double(loss.count) : 1
        return try loss.reduced(reduction).aliasWithoutGraph().recorded([self, target]) {
            let (x, y) = (Saved(self), Saved(target))
            return Gradient(.bce, saved: [x, y]) { g in
                let (p, t) = (try x.get(), try y.get())
                var spread = try g.mul(try .wrapped(.double(scale)))
                if let weight { spread = try spread.mul(weight) }
                let one = try Tensor.wrapped(1)
                let variance = try p.mul(try one.sub(p)).clamp(min: 1e-12)
                let byTarget = t.requiresGrad ? try spread.mul(try one.sub(p).log().clamp(min: -100).sub(try p.log().clamp(min: -100))) : nil
                return [try spread.mul(try p.sub(t)).div(variance), byTarget]
            }
        }
    }

    package func binaryCrossEntropyWithLogits(_ target: Tensor, weight: Tensor? = nil, posWeight: Tensor? = nil, _ reduction: LossReduction = .mean)
        throws(TensorError) -> Tensor
    {
        guard shape == target.shape else {
            throw .value("Target size (torch.Size(\(bracketed(target.shape)))) must be the same as input size (torch.Size(\(bracketed(shape))))")
        }
        let (x, t) = (detach(), target.detach())
        let one = try Tensor.wrapped(1)
        // (1 - t) x + w (log(1 + e^-|x|) + max(-x, 0)), w = 1 + (posWeight - 1) t
        let softplus = try x.logSigmoid().neg()
        let factor = try posWeight.map { w throws(TensorError) in try w.detach().sub(one).mul(t).add(one) }
        var loss = try one.sub(t).mul(x).add(try factor.map { f throws(TensorError) in try f.mul(softplus) } ?? softplus)
        if let weight { loss = try loss.mul(weight) }
        let scale = reduction == .mean ? 1 / Double(loss.count) : 1
        return try loss.reduced(reduction).aliasWithoutGraph().recorded([self, target]) {
            let (input, goal) = (Saved(self), Saved(target))
            return Gradient(.bceWithLogits, saved: [input, goal]) { g in
                let (x, t) = (try input.get(), try goal.get())
                var spread = try g.mul(try .wrapped(.double(scale)))
                if let weight { spread = try spread.mul(weight) }
                let one = try Tensor.wrapped(1)
                let s = try x.sigmoid()
                let slope: Tensor
                if let posWeight {
                    slope = try one.sub(t).sub(try posWeight.sub(one).mul(t).add(one).mul(try one.sub(s)))
                } else {
                    slope = try s.sub(t)
                }
                let byTarget =
                    t.requiresGrad
                    ? try spread.mul(try posWeight.map { w in try x.neg().add(try w.sub(one).mul(try x.logSigmoid().neg())) } ?? x.neg()) : nil
                return [try spread.mul(slope), byTarget]
            }
        }
    }

    /// Σ t (log t - x), x a logarithm already; with `logTarget`, t too. `batchMean` divides the sum by the first size.
    package func klDiv(_ target: Tensor, _ reduction: LossReduction = .mean, batchMean: Bool = false, logTarget: Bool = false) throws(TensorError)
        -> Tensor
    {
        let (x, t) = (detach(), target.detach())
        let loss: Tensor
        if logTarget {
            loss = try t.exp().mul(try t.sub(x))
        } else {
            let product = try t.mul(try t.log())
            loss = try t.eq(try .wrapped(0)).whereSelect(try product.zerosLike(), product).sub(try t.mul(x))
        }
        let reducedLoss = batchMean ? try loss.sum().div(try .wrapped(.int(Int64(shape.first ?? 1)))) : try loss.reduced(reduction)
        let scale = batchMean ? 1 / Double(shape.first ?? 1) : (reduction == .mean ? 1 / Double(loss.count) : 1)
        return reducedLoss.aliasWithoutGraph().recorded([self, target]) {
            let (input, goal) = (Saved(self), Saved(target))
            return Gradient(.klDiv, saved: [input, goal]) { g in
                let (x, t) = (try input.get(), try goal.get())
                let spread = try g.mul(try .wrapped(.double(scale)))
                let mass = logTarget ? try t.exp() : t
                let one = try Tensor.wrapped(1)
                let byTarget = logTarget ? try mass.mul(try t.sub(x).add(one)) : try t.log().add(one).sub(x)
                return [try spread.mul(mass).neg(), t.requiresGrad ? try spread.mul(byTarget) : nil]
            }
        }
    }

    /// Negative log likelihood of classes along dimension 1 of `[batch, classes, …]` (or `[classes]`). Targets equal to `ignoreIndex` count for nothing.
    package func nllLoss(_ target: Tensor, weight: Tensor? = nil, ignoreIndex: Int = -100, _ reduction: LossReduction = .mean) throws(TensorError)
        -> Tensor
    {
        guard rank >= 1 else { throw .value("Expected 1 or more dimensions (got 0)") }
        guard target.dtype == .int64 || target.dtype == .uint8 else {
            throw .runtime("expected target dtype to be Long or Byte, but got \(target.dtype.typeName)")
        }
        if rank == 1 {
            let loss = try unsqueeze(0).nllLoss(try target.reshape([1]), weight: weight, ignoreIndex: ignoreIndex, reduction)
            return reduction == .none ? try loss.squeeze([0]) : loss
        }
        let classes = shape[1]
        guard shape[0] == target.shape.first ?? 1 else {
            throw .value("Expected input batch_size (\(shape[0])) to match target batch_size (\(target.shape.first ?? 1)).")
        }
        guard target.shape == [shape[0]] + shape[2...] else {
            throw .runtime("Expected target size \(bracketed([shape[0]] + shape[2...])), got \(bracketed(target.shape))")
        }
        if let weight, weight.count != classes {
            throw .runtime(
                "weight tensor should be defined either for all \(classes) classes or no classes but got weight tensor of shape: \(bracketed(weight.shape))"
            )
        }
        let labels = try target.integers()
        for label in labels where label != ignoreIndex && (label < 0 || label >= classes) { throw .index("Target \(label) is out of bounds.") }
        // One position and one weight per label; ignored labels weigh nothing.
        let weights = try weight?.doubles()
        let factors = labels.map { $0 == ignoreIndex ? 0 : (weights?[$0] ?? 1) }
        let safe = try Tensor.from(integers: labels.map { $0 == ignoreIndex ? 0 : $0 }, target.shape).unsqueeze(1)
        let factor = try Tensor.from(factors, target.shape, dtype: dtype)
        let picked = try detach().gather(1, safe).squeeze([1])
        let active = try factor.eq(try .wrapped(0)).whereSelect(try picked.zerosLike(), picked)
        let each = try active.mul(factor).neg()
        let total = factors.reduce(0, +)
        let result: Tensor =
            switch reduction {
            case .none: each
            case .sum: try each.sum()
            case .mean: try each.sum().div(try .wrapped(.double(total)))
            }
        let own = shape
        return result.aliasWithoutGraph().recorded([self]) {
            Gradient(.nllLoss) { g in
                var d = try g.neg().mul(factor)
                if reduction == .mean { d = try d.div(try .wrapped(.double(total))) }
                return [try Tensor.zeros(own, dtype: g.dtype).scatter(1, safe, try d.unsqueeze(1))]
            }
        }
    }

    /// Cross entropy of logits with class numbers, or with probabilities of the same sizes as `self`.
    package func crossEntropy(
        _ target: Tensor, weight: Tensor? = nil, ignoreIndex: Int = -100, _ reduction: LossReduction = .mean, labelSmoothing: Double = 0
    ) throws(TensorError) -> Tensor {
        guard rank >= 1 else { throw .value("Expected 1 or more dimensions (got 0)") }
        let d = rank == 1 ? 0 : 1
        let classes = shape[d]
        let logs = try logSoftmax(d)
        if target.dtype.isFloatingPoint && target.shape == shape {
            var goal = target
            if labelSmoothing > 0 {
                goal = try target.mul(try .wrapped(.double(1 - labelSmoothing))).add(try .wrapped(.double(labelSmoothing / Double(classes))))
            }
            var products = try logs.mul(goal)
            if let weight { products = try products.mul(try weight.view([classes] + [Int](repeating: 1, count: rank - 1 - d))) }
            switch reduction {
            case .none: return try products.sum(dim: [d]).neg()
            case .sum: return try products.sum().neg()
            case .mean: return try products.sum().neg().div(try .wrapped(.int(Int64(Swift.max(1, count / Swift.max(classes, 1))))))
            }
        }
        if labelSmoothing == 0 { return try logs.nllLoss(target, weight: weight, ignoreIndex: ignoreIndex, reduction) }
        guard labelSmoothing <= 1 && labelSmoothing >= 0 else {
            throw .runtime("label_smoothing must be between 0.0 and 1.0. Got: \(labelSmoothing)")
        }
        let nll = try logs.nllLoss(target, weight: weight, ignoreIndex: ignoreIndex, reduction)
        let sized = try weight.map { w throws(TensorError) in try logs.mul(try w.view([classes] + [Int](repeating: 1, count: rank - 1 - d))) } ?? logs
        var smooth = try sized.sum(dim: [d]).neg()
        let ignored = try target.eq(try .wrapped(.int(Int64(ignoreIndex))))
        smooth = try smooth.maskedFill(ignored, try .zeros([], dtype: smooth.dtype))
        switch reduction {
        case .none: break
        case .sum: smooth = try smooth.sum()
        case .mean:
            let labels = try target.integers()
            let weights = try weight?.doubles()
            let total = labels.reduce(0.0) { $0 + ($1 == ignoreIndex ? 0 : (weights?[$1] ?? 1)) }
            smooth = try smooth.sum().div(try .wrapped(.double(total)))
        }
        return try nll.mul(try .wrapped(.double(1 - labelSmoothing))).add(try smooth.mul(try .wrapped(.double(labelSmoothing / Double(classes)))))
    }
}
