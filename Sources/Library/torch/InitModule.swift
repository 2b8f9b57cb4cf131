import Interpreter
import Kernels
import NN
import Tensors

#if canImport(Glibc)
    import Glibc
#endif

// `_nn_init` and `_optim`: the native parts of `torch.nn.init` and `torch.optim`.

extension OperationTable {
    func defineInitializers() {
        func define(_ name: String, _ signature: String, _ body: @escaping (Call) throws -> Void) {
            function(name, "tensor" + (signature.isEmpty ? "" : ", " + signature)) { c in
                try body(c)
                return c.a[0].retained()
            }
        }
        define("uniform_", "a=0.0, b=1.0, generator=None") { c in
            try Initializers.uniform(try c.x, c.double(1), c.double(2), generator: c.generatorOrNil(3))
        }
        define("normal_", "mean=0.0, std=1.0, generator=None") { c in
            try Initializers.normal(try c.x, mean: c.double(1), std: c.double(2), generator: c.generatorOrNil(3))
        }
        define("trunc_normal_", "mean=0.0, std=1.0, a=-2.0, b=2.0, generator=None") { c in
            try Initializers.truncatedNormal(
                try c.x, mean: c.double(1), std: c.double(2), a: c.double(3), b: c.double(4), generator: c.generatorOrNil(5))
        }
        define("constant_", "val") { c in try Initializers.constant(try c.x, c.scalar(1)) }
        define("ones_", "") { c in try Initializers.constant(try c.x, 1) }
        define("zeros_", "") { c in try Initializers.constant(try c.x, 0) }
        define("kaiming_uniform_", "a=0, mode='fan_in', nonlinearity='leaky_relu', generator=None") { c in
            try Initializers.kaimingUniform(try c.x, a: c.double(1), mode: try c.text(2), nonlinearity: try c.text(3), generator: c.generatorOrNil(4))
        }
        define("kaiming_normal_", "a=0, mode='fan_in', nonlinearity='leaky_relu', generator=None") { c in
            try Initializers.kaimingNormal(try c.x, a: c.double(1), mode: try c.text(2), nonlinearity: try c.text(3), generator: c.generatorOrNil(4))
        }
        define("xavier_uniform_", "gain=1.0, generator=None") { c in
            try Initializers.xavierUniform(try c.x, gain: c.double(1), generator: c.generatorOrNil(2))
        }
        define("xavier_normal_", "gain=1.0, generator=None") { c in
            try Initializers.xavierNormal(try c.x, gain: c.double(1), generator: c.generatorOrNil(2))
        }
        function("calculate_gain", "nonlinearity, param=None") { c in .float(try Initializers.gain(try c.text(0), parameter: try c.doubleOrNil(1))) }
        function("_calculate_fan_in_and_fan_out", "tensor") { c in
            let fans = try Initializers.fans(try c.x)
            return c.vm.tuple([.int(fans.in), .int(fans.out)])
        }
    }

    /// One step of one parameter, in place; state tensors are made by the language.
    func defineOptimizerSteps() {
        function("sgd", "param, grad, momentum_buffer, lr, momentum, dampening, weight_decay, nesterov, maximize") { c in
            try withoutGradient { try sgdStep(c) }
        }
        function("adam", "param, grad, exp_avg, exp_avg_sq, max_exp_avg_sq, step, lr, beta1, beta2, weight_decay, eps, maximize, decoupled") { c in
            try withoutGradient { try adamStep(c) }
        }
        function("rmsprop", "param, grad, square_avg, grad_avg, momentum_buffer, lr, alpha, eps, weight_decay, momentum, maximize") { c in
            try withoutGradient { try rmspropStep(c) }
        }
    }

    private func withoutGradient(_ body: () throws -> Value) throws -> Value {
        let saved = EngineState.gradEnabled
        EngineState.gradEnabled = false
        defer { EngineState.gradEnabled = saved }
        return try body()
    }

    private func direction(_ c: Call, decay: Double, maximize: Bool) throws -> Tensor {
        var d = try c.tensor(1).detach()
        if maximize { d = try d.neg() }
        if decay != 0 { d = try d.add(try c.x.detach(), alpha: .double(decay)) }
        return d
    }

    /// Returns the momentum buffer, made on the first step.
    private func sgdStep(_ c: Call) throws -> Value {
        let (parameter, momentum) = (try c.x, try c.double(4))
        var d = try direction(c, decay: c.double(6), maximize: c.flag(8))
        var buffer = try c.tensorOrNil(2)
        if momentum != 0 {
            if let buffer {
                _ = try buffer.mul_(try .wrapped(.double(momentum))).add_(d, alpha: .double(1 - c.double(5)))
            } else {
                buffer = try d.clone()
            }
            if let buffer { d = try c.flag(7) ? d.add(buffer, alpha: .double(momentum)) : buffer }
        }
        _ = try parameter.add_(d, alpha: .double(-c.double(3)))
        return torch.value(buffer)
    }

    private func adamStep(_ c: Call) throws -> Value {
        let parameter = try c.x
        let (first, second, largest) = (try c.tensor(2), try c.tensor(3), try c.tensorOrNil(4))
        let count = try c.int(5)
        let (beta1, beta2) = (try c.double(7), try c.double(8))
        for state in [first, second] + (largest.map { [$0] } ?? []) {
            guard state.shape == parameter.shape, state.dtype == parameter.dtype, state.isContiguous else {
                throw c.vm.runtimeError(
                    "the state of the optimizer does not fit the parameter: sizes \(bracketed(state.shape)) and \(bracketed(parameter.shape))")
            }
        }
        let step = AdamStep(
            rate: try c.double(6), beta1: beta1, beta2: beta2, epsilon: try c.double(10), decay: try c.double(9), coupled: try !c.flag(12),
            maximize: try c.flag(11), correction1: 1 - pow(beta1, Double(count)), correction2: 1 - pow(beta2, Double(count)))
        try parameter.updateInPlace(with: try c.tensor(1)) { p, g in
            step.apply(
                parameter.dtype, count: parameter.count, parameter: p, gradient: g, first: first.pointer, second: second.pointer,
                largest: largest?.pointer)
        }
        return .none
    }

    private func rmspropStep(_ c: Call) throws -> Value {
        let parameter = try c.x
        let d = try direction(c, decay: c.double(8), maximize: c.flag(10))
        let (rate, alpha, momentum) = (try c.double(5), try c.double(6), try c.double(9))
        let square = try c.tensor(2)
        _ = try square.mul_(try .wrapped(.double(alpha))).addcmul_(d, d, value: .double(1 - alpha))
        var average: Tensor
        if let mean = try c.tensorOrNil(3) {
            _ = try mean.lerp_(d, weight: try .scalar(.double(1 - alpha), dtype: d.dtype))
            average = try square.addcmul(mean, mean, value: -1).sqrt()
        } else {
            average = try square.sqrt()
        }
        average = try average.add_(try .wrapped(.double(c.double(7))))
        if momentum > 0, let buffer = try c.tensorOrNil(4) {
            _ = try buffer.mul_(try .wrapped(.double(momentum))).addcdiv_(d, average)
            _ = try parameter.add_(buffer, alpha: .double(-rate))
        } else {
            _ = try parameter.addcdiv_(d, average, value: .double(-rate))
        }
        return .none
    }
}
