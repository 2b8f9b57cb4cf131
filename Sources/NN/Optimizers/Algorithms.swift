import Kernels
import Tensors

private func require(_ condition: Bool, _ name: String, _ value: Double) throws(TensorError) {
    if !condition { throw .value("Invalid \(name): \(python(value))") }
}

/// Stochastic gradient descent with momentum.
package final class SGD: Optimizer {
    package init(
        _ groups: [ParameterGroup], lr: Double = 1e-3, momentum: Double = 0, dampening: Double = 0, weightDecay: Double = 0, nesterov: Bool = false,
        maximize: Bool = false
    ) throws(TensorError) {
        try require(lr >= 0, "learning rate", lr)
        try require(momentum >= 0, "momentum value", momentum)
        try require(weightDecay >= 0, "weight_decay value", weightDecay)
        if nesterov && (momentum <= 0 || dampening != 0) { throw .value("Nesterov momentum requires a momentum and zero dampening") }
        try super.init(
            "SGD", groups,
            .init([
                ("lr", .number(lr)), ("momentum", .number(momentum)), ("dampening", .number(dampening)), ("weight_decay", .number(weightDecay)),
                ("nesterov", .flag(nesterov)), ("maximize", .flag(maximize)), ("foreach", .none), ("differentiable", .flag(false)), ("fused", .none),
            ]))
    }

    override func update(_ parameter: Tensor, _ gradient: Tensor, _ state: ParameterState, _ group: ParameterGroup) throws(TensorError) {
        var d = gradient.detach()
        if group.flag("maximize") { d = try d.neg() }
        let decay = group.number("weight_decay")
        if decay != 0 { d = try d.add(parameter.detach(), alpha: .double(decay)) }
        let momentum = group.number("momentum")
        if momentum != 0 {
            if let buffer = state.tensors["momentum_buffer"] {
                _ = try buffer.mul_(try .wrapped(.double(momentum))).add_(d, alpha: .double(1 - group.number("dampening")))
            } else {
                state.tensors["momentum_buffer"] = try d.clone()
            }
            if let buffer = state.tensors["momentum_buffer"] {
                d = group.flag("nesterov") ? try d.add(buffer, alpha: .double(momentum)) : buffer
            }
        }
        _ = try parameter.add_(d, alpha: .double(-group.rate))
    }
}

/// Adam, and AdamW when the decay is decoupled.
package final class Adam: Optimizer {
    private let coupled: Bool

    package init(
        _ groups: [ParameterGroup], lr: Double = 1e-3, betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8, weightDecay: Double? = nil,
        amsgrad: Bool = false, maximize: Bool = false, decoupled: Bool = false
    ) throws(TensorError) {
        coupled = !decoupled
        let decay = weightDecay ?? (decoupled ? 1e-2 : 0)
        try require(lr >= 0, "learning rate", lr)
        try require(epsilon >= 0, "epsilon value", epsilon)
        if !(0..<1).contains(betas.0) { throw .value("Invalid beta parameter at index 0: \(python(betas.0))") }
        if !(0..<1).contains(betas.1) { throw .value("Invalid beta parameter at index 1: \(python(betas.1))") }
        try require(decay >= 0, "weight_decay value", decay)
        try super.init(
            decoupled ? "AdamW" : "Adam", groups,
            .init([
                ("lr", .number(lr)), ("betas", .pair(betas.0, betas.1)), ("eps", .number(epsilon)), ("weight_decay", .number(decay)),
                ("amsgrad", .flag(amsgrad)), ("maximize", .flag(maximize)), ("foreach", .none), ("capturable", .flag(false)),
                ("differentiable", .flag(false)),
                ("fused", .none), ("decoupled_weight_decay", .flag(decoupled)),
            ]))
    }

    override func update(_ parameter: Tensor, _ gradient: Tensor, _ state: ParameterState, _ group: ParameterGroup) throws(TensorError) {
        let (beta1, beta2) = group.pair("betas")
        let first = try zeros("exp_avg", like: parameter, state)
        let second = try zeros("exp_avg_sq", like: parameter, state)
        let largest = group.flag("amsgrad") ? try zeros("max_exp_avg_sq", like: parameter, state) : nil
        state.step += 1
        func power(_ base: Double, _ exponent: Int) -> Double { (0..<exponent).reduce(1.0) { product, _ in product * base } }
        let step = AdamStep(
            rate: group.rate, beta1: beta1, beta2: beta2, epsilon: group.number("eps"), decay: group.number("weight_decay"), coupled: coupled,
            maximize: group.flag("maximize"), correction1: 1 - power(beta1, state.step), correction2: 1 - power(beta2, state.step))
        try parameter.updateInPlace(with: gradient) { p, g in
            step.apply(
                parameter.dtype, count: parameter.count, parameter: p, gradient: g, first: first.pointer, second: second.pointer,
                largest: largest?.pointer)
        }
    }
}

package final class RMSprop: Optimizer {
    package init(
        _ groups: [ParameterGroup], lr: Double = 1e-2, alpha: Double = 0.99, epsilon: Double = 1e-8, weightDecay: Double = 0, momentum: Double = 0,
        centered: Bool = false, maximize: Bool = false
    ) throws(TensorError) {
        try require(lr >= 0, "learning rate", lr)
        try require(epsilon >= 0, "epsilon value", epsilon)
        try require(momentum >= 0, "momentum value", momentum)
        try require(weightDecay >= 0, "weight_decay value", weightDecay)
        try require(alpha >= 0, "alpha value", alpha)
        try super.init(
            "RMSprop", groups,
            .init([
                ("lr", .number(lr)), ("momentum", .number(momentum)), ("alpha", .number(alpha)), ("eps", .number(epsilon)),
                ("centered", .flag(centered)),
                ("weight_decay", .number(weightDecay)), ("capturable", .flag(false)), ("foreach", .none), ("maximize", .flag(maximize)),
                ("differentiable", .flag(false)),
            ]))
    }

    override func update(_ parameter: Tensor, _ gradient: Tensor, _ state: ParameterState, _ group: ParameterGroup) throws(TensorError) {
        var d = gradient.detach()
        if group.flag("maximize") { d = try d.neg() }
        let decay = group.number("weight_decay")
        if decay != 0 { d = try d.add(parameter.detach(), alpha: .double(decay)) }
        let alpha = group.number("alpha")
        let square = try zeros("square_avg", like: parameter, state)
        state.step += 1
        _ = try square.mul_(try .wrapped(.double(alpha))).addcmul_(d, d, value: .double(1 - alpha))
        var average: Tensor
        if group.flag("centered") {
            let mean = try zeros("grad_avg", like: parameter, state)
            _ = try mean.lerp_(d, weight: try .scalar(.double(1 - alpha), dtype: d.dtype))
            average = try square.addcmul(mean, mean, value: -1).sqrt()
        } else {
            average = try square.sqrt()
        }
        average = try average.add_(try .wrapped(.double(group.number("eps"))))
        let momentum = group.number("momentum")
        if momentum > 0 {
            let buffer = try zeros("momentum_buffer", like: parameter, state)
            _ = try buffer.mul_(try .wrapped(.double(momentum))).addcdiv_(d, average)
            _ = try parameter.add_(buffer, alpha: .double(-group.rate))
        } else {
            _ = try parameter.addcdiv_(d, average, value: .double(-group.rate))
        }
    }
}
