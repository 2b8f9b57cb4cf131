import Glibc
import Tensors

/// `torch.nn.init`: fills tensors in place with PyTorch's order of random numbers.
package enum Initializers {
    package static func fans(_ tensor: Tensor) throws(TensorError) -> (in: Int, out: Int) {
        guard tensor.rank >= 2 else { throw .value("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions") }
        let receptive = tensor.shape[2...].reduce(1, *)
        return (tensor.shape[1] * receptive, tensor.shape[0] * receptive)
    }

    /// The recommended gain of a nonlinearity; `parameter` is leaky_relu's slope.
    package static func gain(_ nonlinearity: String, parameter: Double? = nil) throws(TensorError) -> Double {
        switch nonlinearity {
        case "linear", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d", "sigmoid": return 1
        case "tanh": return 5.0 / 3
        case "relu": return 2.0.squareRoot()
        case "leaky_relu":
            let slope = parameter ?? 0.01
            return (2 / (1 + slope * slope)).squareRoot()
        case "selu": return 0.75
        default: throw .value("Unsupported nonlinearity \(nonlinearity)")
        }
    }

    private static func fan(_ tensor: Tensor, _ mode: String) throws(TensorError) -> Double {
        guard mode == "fan_in" || mode == "fan_out" else { throw .value("Mode \(mode) not supported, please use one of ['fan_in', 'fan_out']") }
        let fans = try fans(tensor)
        return Double(mode == "fan_in" ? fans.in : fans.out)
    }

    private static func filled(_ tensor: Tensor, _ body: () throws(TensorError) -> Tensor) throws(TensorError) -> Tensor {
        _ = try EngineState.noGrad(body)
        return tensor
    }

    @discardableResult
    package static func uniform(_ tensor: Tensor, _ a: Double = 0, _ b: Double = 1, generator: Generator? = nil) throws(TensorError) -> Tensor {
        try filled(tensor) { () throws(TensorError) in try tensor.uniform_(a, b, generator: generator) }
    }

    @discardableResult
    package static func normal(_ tensor: Tensor, mean: Double = 0, std: Double = 1, generator: Generator? = nil) throws(TensorError) -> Tensor {
        try filled(tensor) { () throws(TensorError) in try tensor.normal_(mean, std, generator: generator) }
    }

    @discardableResult
    package static func constant(_ tensor: Tensor, _ value: Scalar) throws(TensorError) -> Tensor {
        try filled(tensor) { () throws(TensorError) in try tensor.fill_(value) }
    }

    @discardableResult
    package static func kaimingUniform(
        _ tensor: Tensor, a: Double = 0, mode: String = "fan_in", nonlinearity: String = "leaky_relu", generator: Generator? = nil
    ) throws(TensorError) -> Tensor {
        let std = try gain(nonlinearity, parameter: a) / fan(tensor, mode).squareRoot()
        let bound = 3.0.squareRoot() * std
        return try uniform(tensor, -bound, bound, generator: generator)
    }

    @discardableResult
    package static func kaimingNormal(
        _ tensor: Tensor, a: Double = 0, mode: String = "fan_in", nonlinearity: String = "leaky_relu", generator: Generator? = nil
    ) throws(TensorError) -> Tensor {
        let std = try gain(nonlinearity, parameter: a) / fan(tensor, mode).squareRoot()
        return try normal(tensor, std: std, generator: generator)
    }

    @discardableResult
    package static func xavierUniform(_ tensor: Tensor, gain: Double = 1, generator: Generator? = nil) throws(TensorError) -> Tensor {
        let fans = try fans(tensor)
        let std = gain * (2.0 / Double(fans.in + fans.out)).squareRoot()
        let bound = 3.0.squareRoot() * std
        return try uniform(tensor, -bound, bound, generator: generator)
    }

    @discardableResult
    package static func xavierNormal(_ tensor: Tensor, gain: Double = 1, generator: Generator? = nil) throws(TensorError) -> Tensor {
        let fans = try fans(tensor)
        return try normal(tensor, std: gain * (2.0 / Double(fans.in + fans.out)).squareRoot(), generator: generator)
    }

    /// The inverse error function, in double precision: a rational start and two Newton steps.
    static func inverseErf(_ y: Double) -> Double {
        let w = -log((1 - y) * (1 + y))
        let k = 2 / (Double.pi * 0.147) + log(1 - y * y) / 2
        var x = (y < 0 ? -1 : 1) * ((k * k - log(1 - y * y) / 0.147).squareRoot() - k).squareRoot()
        if w.isInfinite { return y < 0 ? -.infinity : .infinity }
        for _ in 0..<3 { x -= (erf(x) - y) / (2 / Double.pi.squareRoot() * exp(-x * x)) }
        return x
    }

    /// Normals limited to [a, b] by inverting the distribution function.
    @discardableResult
    package static func truncatedNormal(
        _ tensor: Tensor, mean: Double = 0, std: Double = 1, a: Double = -2, b: Double = 2, generator: Generator? = nil
    ) throws(TensorError) -> Tensor {
        func cdf(_ x: Double) -> Double { (1 + erf(x / 2.0.squareRoot())) / 2 }
        let (low, high) = (cdf((a - mean) / std), cdf((b - mean) / std))
        return try filled(tensor) { () throws(TensorError) in
            _ = try tensor.uniform_(2 * low - 1, 2 * high - 1, generator: generator)
            let values = try tensor.doubles().map { min(max(inverseErf($0) * std * 2.0.squareRoot() + mean, a), b) }
            return try tensor.copy_(try .from(values, tensor.shape, dtype: tensor.dtype))
        }
    }
}
