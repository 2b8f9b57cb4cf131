import Kernels

// Rules of elementwise operations. The engine sums a gradient over broadcast dimensions and converts its dtype, so no rule does.

private func number(_ value: Double) throws(TensorError) -> Tensor { try Tensor.wrapped(.double(value)) }

extension Gradient {
    /// Functions constant almost everywhere.
    static func constant(_ operation: Operation, operands: Int) -> Gradient {
        Gradient(operation) { g in
            let zero = try g.zerosLike()
            return [Tensor?](repeating: zero, count: operands)
        }
    }

    static func add(alpha: Scalar) -> Gradient {
        Gradient(.add) { g in [g, alpha.asDouble == 1 ? g : try g.mul(try .wrapped(alpha))] }
    }

    static func sub(alpha: Scalar) -> Gradient {
        Gradient(.sub) { g in [g, alpha.asDouble == 1 ? try g.neg() : try g.neg().mul(try .wrapped(alpha))] }
    }

    static func mul(_ a: Tensor, _ b: Tensor) -> Gradient {
        let x = b.requiresGrad ? Saved(a) : nil
        let y = a.requiresGrad ? Saved(b) : nil
        return Gradient(.mul, saved: [x, y].compactMap { $0 }) { g in
            [
                try y.map { y throws(TensorError) in try g.mul(try y.get()) } ?? nil,
                try x.map { x throws(TensorError) in try g.mul(try x.get()) } ?? nil,
            ]
        }
    }

    static func div(_ a: Tensor, _ b: Tensor) -> Gradient {
        let x = b.requiresGrad ? Saved(a) : nil
        let y = Saved(b)
        let needsFirst = a.requiresGrad
        return Gradient(.div, saved: [x, y].compactMap { $0 }) { g in
            let divisor = try y.get()
            let first = needsFirst ? try g.div(divisor) : nil
            guard let x else { return [first, nil] }
            return [first, try g.neg().mul(try x.get().div(divisor).div(divisor))]
        }
    }

    static func pow(_ x: Tensor, _ exponent: Scalar) -> Gradient {
        let e = exponent.asDouble
        return Gradient(.pow, input: x) { g, x in
            if e == 0 { return try g.zerosLike() }
            return try g.mul(try x.pow(try number(e - 1)).mul(try number(e)))
        }
    }

    static func powTensor(_ a: Tensor, _ b: Tensor) -> Gradient {
        let (x, y) = (Saved(a), Saved(b))
        let (needsBase, needsExponent) = (a.requiresGrad, b.requiresGrad)
        return Gradient(.powTensor, saved: [x, y]) { g in
            let (base, exponent) = (try x.get(), try y.get())
            let first =
                needsBase
                ? try exponent.eq(try .wrapped(0)).whereSelect(
                    try g.zerosLike(), try g.mul(exponent.mul(try base.pow(exponent.sub(try .wrapped(1))))))
                : nil
            guard needsExponent else { return [first, nil] }
            let slope = try base.pow(exponent).mul(try base.log())
            let vanishes = try base.eq(try .wrapped(0)).logicalAnd(try exponent.ge(try .wrapped(0)))
            return [first, try g.mul(try vanishes.whereSelect(try slope.zerosLike(), slope))]
        }
    }

    static func remainder(_ a: Tensor, _ b: Tensor) -> Gradient {
        let (x, y) = (Saved(a), Saved(b))
        return Gradient(.remainder, saved: [x, y]) { g in [g, try g.neg().mul(try x.get().div(try y.get(), rounding: .floor))] }
    }

    static func fmod(_ a: Tensor, _ b: Tensor) -> Gradient {
        let (x, y) = (Saved(a), Saved(b))
        return Gradient(.fmod, saved: [x, y]) { g in [g, try g.neg().mul(try x.get().div(try y.get(), rounding: .trunc))] }
    }

    /// Equal elements share the gradient.
    static func extremum(_ operation: Operation, _ a: Tensor, _ b: Tensor) -> Gradient {
        let (x, y) = (Saved(a), Saved(b))
        return Gradient(operation, saved: [x, y]) { g in
            let (first, second) = (try x.get().detach(), try y.get().detach())
            let half = try g.div(try .wrapped(2))
            let shared = try first.eq(second).whereSelect(half, g)
            let zero = try g.zerosLike()
            let wins = operation == .maximum ? try first.ge(second) : try first.le(second)
            let loses = operation == .maximum ? try second.ge(first) : try second.le(first)
            return [try wins.whereSelect(shared, zero), try loses.whereSelect(shared, zero)]
        }
    }

    static func atan2(_ a: Tensor, _ b: Tensor) -> Gradient {
        let (y, x) = (Saved(a), Saved(b))
        return Gradient(.atan2, saved: [y, x]) { g in
            let (p, q) = (try y.get(), try x.get())
            let scaled = try g.div(try p.mul(p).add(try q.mul(q)))
            return [try scaled.mul(q), try scaled.mul(p).neg()]
        }
    }

    static func abs(_ x: Tensor) -> Gradient { Gradient(.abs, input: x) { g, x in try g.mul(try x.sign()) } }

    static func whereSelect(_ condition: Tensor) -> Gradient {
        let mask = Saved(condition)
        return Gradient(.whereSelect, saved: [mask]) { g in
            let zero = try g.zerosLike()
            let condition = try mask.get()
            return [try condition.whereSelect(g, zero), try condition.whereSelect(zero, g)]
        }
    }

    static func maskedFill(_ mask: Tensor) -> Gradient {
        let mask = Saved(mask)
        return Gradient(.maskedFill, saved: [mask]) { g in
            let zero = try g.zerosLike()
            let filled = try mask.get()
            return [try filled.whereSelect(zero, g), try filled.whereSelect(g, zero)]
        }
    }

    static func addcmul(_ a: Tensor, _ b: Tensor, _ value: Scalar) -> Gradient {
        let (x, y) = (Saved(a), Saved(b))
        return Gradient(.addcmul, saved: [x, y]) { g in
            let scaled = try g.mul(try .wrapped(value))
            return [g, try scaled.mul(try y.get()), try scaled.mul(try x.get())]
        }
    }

    static func addcdiv(_ a: Tensor, _ b: Tensor, _ value: Scalar) -> Gradient {
        let (x, y) = (Saved(a), Saved(b))
        return Gradient(.addcdiv, saved: [x, y]) { g in
            let divisor = try y.get()
            let scaled = try g.mul(try .wrapped(value)).div(divisor)
            return [g, scaled, try scaled.neg().mul(try x.get().div(divisor))]
        }
    }

    static func lerp(_ a: Tensor, _ b: Tensor, _ weight: Tensor) -> Gradient {
        let (x, y, w) = (Saved(a), Saved(b), Saved(weight))
        return Gradient(.lerp, saved: [x, y, w]) { g in
            let weight = try w.get()
            return [try g.sub(try g.mul(weight)), try g.mul(weight), try g.mul(try y.get().sub(try x.get()))]
        }
    }

    static func clamp(_ x: Tensor, _ low: Double, _ high: Double) -> Gradient {
        Gradient(.clamp, input: x) { g, x in try g.masked(.clampGradient, by: x, low, high) }
    }

    /// The destination's old values lose their gradient; the source takes it.
    static func copy() -> Gradient { Gradient(.copy) { g in [try g.zerosLike(), g] } }

    // MARK: Functions of one operand

    static func reciprocal(_ y: Tensor) -> Gradient { Gradient(.reciprocal, output: y) { g, y in try g.neg().mul(try y.mul(y)) } }
    static func sqrt(_ y: Tensor) -> Gradient { Gradient(.sqrt, output: y) { g, y in try g.div(try y.mul(try .wrapped(2))) } }
    static func rsqrt(_ y: Tensor) -> Gradient { Gradient(.rsqrt, output: y) { g, y in try g.mul(try y.pow(try .wrapped(3)).mul(try number(-0.5))) } }
    static func exp(_ y: Tensor) -> Gradient { Gradient(.exp, output: y) { g, y in try g.mul(y) } }
    static func exp2(_ y: Tensor) -> Gradient { Gradient(.exp2, output: y) { g, y in try g.mul(y).mul(try number(0.6931471805599453)) } }
    static func expm1(_ y: Tensor) -> Gradient { Gradient(.expm1, output: y) { g, y in try g.mul(try y.add(try .wrapped(1))) } }
    static func log(_ operation: Operation, _ x: Tensor, scale: Double) -> Gradient {
        Gradient(operation, input: x) { g, x in scale == 1 ? try g.div(x) : try g.mul(try number(scale)).div(x) }
    }
    static func log1p(_ x: Tensor) -> Gradient { Gradient(.log1p, input: x) { g, x in try g.div(try x.add(try .wrapped(1))) } }
    static func sin(_ x: Tensor) -> Gradient { Gradient(.sin, input: x) { g, x in try g.mul(try x.cos()) } }
    static func cos(_ x: Tensor) -> Gradient { Gradient(.cos, input: x) { g, x in try g.mul(try x.sin()).neg() } }
    static func tan(_ y: Tensor) -> Gradient { Gradient(.tan, output: y) { g, y in try g.mul(try y.mul(y).add(try .wrapped(1))) } }
    static func sinh(_ x: Tensor) -> Gradient { Gradient(.sinh, input: x) { g, x in try g.mul(try x.cosh()) } }
    static func cosh(_ x: Tensor) -> Gradient { Gradient(.cosh, input: x) { g, x in try g.mul(try x.sinh()) } }

    /// Inverse circular and hyperbolic functions.
    static func arc(_ operation: Operation, _ x: Tensor) -> Gradient {
        Gradient(operation, input: x) { g, x in
            let one = try Tensor.wrapped(1)
            let square = try x.mul(x)
            switch operation {
            case .asin: return try g.mul(try one.sub(square).rsqrt())
            case .acos: return try g.mul(try one.sub(square).rsqrt()).neg()
            case .atan: return try g.div(try square.add(one))
            case .asinh: return try g.mul(try square.add(one).rsqrt())
            case .acosh: return try g.mul(try square.sub(one).rsqrt())
            default: return try g.div(try one.sub(square))
            }
        }
    }

    static func erf(_ operation: Operation, _ x: Tensor, sign: Double) -> Gradient {
        Gradient(operation, input: x) { g, x in try g.mul(try x.mul(x).neg().exp()).mul(try number(sign * 1.1283791670955126)) }
    }

    static func sigmoid(_ y: Tensor) -> Gradient {
        Gradient(.sigmoid, output: y) { g, y in
            if EngineState.gradEnabled { return try g.mul(try y.mul(try Tensor.wrapped(1).sub(y))) }
            return try Elementwise.binary(.sigmoidGradient, g, y)
        }
    }

    static func tanh(_ y: Tensor) -> Gradient {
        Gradient(.tanh, output: y) { g, y in
            if EngineState.gradEnabled { return try g.mul(try Tensor.wrapped(1).sub(try y.mul(y))) }
            return try Elementwise.binary(.tanhGradient, g, y)
        }
    }

    static func relu(_ y: Tensor) -> Gradient { Gradient(.relu, output: y) { g, y in try g.masked(.insideGradient, by: y, 0, .infinity) } }

    static func hardtanh(_ y: Tensor, _ low: Double, _ high: Double) -> Gradient {
        Gradient(.hardtanh, output: y) { g, y in try g.masked(.insideGradient, by: y, low, high) }
    }

    /// Activations whose derivative is one kernel of the gradient and the operand.
    static func activation(_ operation: Operation, _ x: Tensor, _ derivative: BinaryFunction, _ p: Double, _ q: Double) -> Gradient {
        Gradient(operation, input: x) { g, x in try g.masked(derivative, by: x, p, q) }
    }

    static func prelu(_ x: Tensor, _ weight: Tensor) -> Gradient {
        let (input, factor) = (Saved(x), Saved(weight))
        return Gradient(.prelu, saved: [input, factor]) { g in
            let x = try input.get()
            let positive = try x.gt(try .wrapped(0))
            return [try positive.whereSelect(g, try g.mul(try factor.get())), try positive.whereSelect(try g.zerosLike(), try g.mul(x))]
        }
    }
}

extension Tensor {
    /// One of the derivative kernels. Linear in the gradient, so a gradient of it is the same kernel; the operand gets none.
    func masked(_ derivative: BinaryFunction, by x: Tensor, _ p: Double, _ q: Double) throws(TensorError) -> Tensor {
        let operand = x.detach()
        let constantSlope: Set<BinaryFunction> = [.insideGradient, .clampGradient, .leakyReluGradient, .softshrinkGradient, .hardsigmoidGradient]
        if EngineState.gradEnabled && x.requiresGrad && !constantSlope.contains(derivative) {
            throw .runtime("the gradient of this activation cannot be differentiated again")
        }
        return try Elementwise.binary(derivative, self, operand, p: p, q: q).recorded([self]) {
            .linear(.mul) { g throws(TensorError) in try g.masked(derivative, by: operand, p, q) }
        }
    }
}
