import Kernels

/// Elementwise functions of one operand. Integers become the default floating type where the function needs one.
extension Tensor {
    private func floating() throws(TensorError) -> Tensor { dtype.isFloatingPoint ? self : try converted(to: EngineState.defaultDType) }

    private func function(_ f: UnaryFunction, p: Double = 0, q: Double = 0, _ gradient: (_ x: Tensor, _ y: Tensor) -> Gradient) throws(TensorError)
        -> Tensor
    {
        let y = try Elementwise.unary(f, try floating(), p: p, q: q)
        return y.recorded([self]) { gradient(self, y) }
    }

    /// Functions that keep integers integers.
    private func exactFunction(_ f: UnaryFunction, _ gradient: (_ x: Tensor, _ y: Tensor) -> Gradient) throws(TensorError) -> Tensor {
        let y = try Elementwise.unary(f, self)
        return y.recorded([self]) { gradient(self, y) }
    }

    package func neg() throws(TensorError) -> Tensor {
        if dtype == .bool {
            throw TensorError(
                .notImplemented,
                "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead."
            )
        }
        return try exactFunction(.negative) { _, _ in .linear(.neg) { g throws(TensorError) in try g.neg() } }
    }
    package func abs() throws(TensorError) -> Tensor { try exactFunction(.absolute) { x, _ in .abs(x) } }
    package func sign() throws(TensorError) -> Tensor { try exactFunction(.sign) { _, _ in .constant(.sign, operands: 1) } }
    package func square() throws(TensorError) -> Tensor { try exactFunction(.square) { x, _ in .pow(x, 2) } }
    package func floor() throws(TensorError) -> Tensor { try exactFunction(.floor) { _, _ in .constant(.floor, operands: 1) } }
    package func ceil() throws(TensorError) -> Tensor { try exactFunction(.ceil) { _, _ in .constant(.ceil, operands: 1) } }
    package func trunc() throws(TensorError) -> Tensor { try exactFunction(.trunc) { _, _ in .constant(.trunc, operands: 1) } }
    package func frac() throws(TensorError) -> Tensor { try exactFunction(.frac) { _, _ in .linear(.frac) { g in g } } }
    /// To the nearest integer, halves to even; with `decimals`, to that many digits.
    package func round(decimals: Int = 0) throws(TensorError) -> Tensor {
        guard decimals != 0, dtype.isFloatingPoint else { return try exactFunction(.round) { _, _ in .constant(.round, operands: 1) } }
        var scale = 1.0
        for _ in 0..<Swift.abs(decimals) { scale *= 10 }
        let scaled = try Elementwise.unary(.affine, self, p: decimals > 0 ? scale : 1 / scale)
        return try Elementwise.binary(
            decimals > 0 ? .divide : .multiply, try Elementwise.unary(.round, scaled), try .wrapped(.double(scale)), dtype: dtype
        )
        .recorded([self]) { .constant(.round, operands: 1) }
    }

    package func reciprocal() throws(TensorError) -> Tensor { try function(.reciprocal) { _, y in .reciprocal(y) } }
    package func sqrt() throws(TensorError) -> Tensor { try function(.sqrt) { _, y in .sqrt(y) } }
    package func rsqrt() throws(TensorError) -> Tensor { try function(.rsqrt) { _, y in .rsqrt(y) } }
    package func exp() throws(TensorError) -> Tensor { try function(.exp) { _, y in .exp(y) } }
    package func exp2() throws(TensorError) -> Tensor { try function(.exp2) { _, y in .exp2(y) } }
    package func expm1() throws(TensorError) -> Tensor { try function(.expm1) { _, y in .expm1(y) } }
    package func log() throws(TensorError) -> Tensor { try function(.log) { x, _ in .log(.log, x, scale: 1) } }
    package func log2() throws(TensorError) -> Tensor { try function(.log2) { x, _ in .log(.log2, x, scale: 1.4426950408889634) } }
    package func log10() throws(TensorError) -> Tensor { try function(.log10) { x, _ in .log(.log10, x, scale: 0.4342944819032518) } }
    package func log1p() throws(TensorError) -> Tensor { try function(.log1p) { x, _ in .log1p(x) } }
    package func sin() throws(TensorError) -> Tensor { try function(.sin) { x, _ in .sin(x) } }
    package func cos() throws(TensorError) -> Tensor { try function(.cos) { x, _ in .cos(x) } }
    package func tan() throws(TensorError) -> Tensor { try function(.tan) { _, y in .tan(y) } }
    package func asin() throws(TensorError) -> Tensor { try function(.asin) { x, _ in .arc(.asin, x) } }
    package func acos() throws(TensorError) -> Tensor { try function(.acos) { x, _ in .arc(.acos, x) } }
    package func atan() throws(TensorError) -> Tensor { try function(.atan) { x, _ in .arc(.atan, x) } }
    package func sinh() throws(TensorError) -> Tensor { try function(.sinh) { x, _ in .sinh(x) } }
    package func cosh() throws(TensorError) -> Tensor { try function(.cosh) { x, _ in .cosh(x) } }
    package func tanh() throws(TensorError) -> Tensor { try function(.tanh) { _, y in .tanh(y) } }
    package func asinh() throws(TensorError) -> Tensor { try function(.asinh) { x, _ in .arc(.asinh, x) } }
    package func acosh() throws(TensorError) -> Tensor { try function(.acosh) { x, _ in .arc(.acosh, x) } }
    package func atanh() throws(TensorError) -> Tensor { try function(.atanh) { x, _ in .arc(.atanh, x) } }
    package func erf() throws(TensorError) -> Tensor { try function(.erf) { x, _ in .erf(.erf, x, sign: 1) } }
    package func erfc() throws(TensorError) -> Tensor { try function(.erfc) { x, _ in .erf(.erfc, x, sign: -1) } }
    package func sigmoid() throws(TensorError) -> Tensor { try function(.sigmoid) { _, y in .sigmoid(y) } }

    private func needsFloat(_ name: String) throws(TensorError) { if !dtype.isFloatingPoint { throw .notImplemented(name, dtype) } }

    package func relu() throws(TensorError) -> Tensor {
        if dtype == .bool { throw .runtime("Boolean inputs not supported for relu") }
        return try exactClamp(0, .infinity) { y in .relu(y) }
    }

    private func exactClamp(_ low: Double, _ high: Double, _ gradient: (Tensor) -> Gradient) throws(TensorError) -> Tensor {
        if let form = unclampedNormalization {
            let clamped = form.clamped(to: ActivationRange(low: low, high: high))
            let y = Tensor(storage: Storage(.normalized(clamped)), layout: layout, dtype: dtype)
            return y.recorded([self]) { .clampedNormalization(y, clamped, gradient(y)) }
        }
        let y = try Elementwise.unary(.clamp, self, p: low, q: high)
        return y.recorded([self]) { gradient(y) }
    }

    private func exactClampInPlace(_ low: Double, _ high: Double, _ gradient: (Tensor) -> Gradient) throws(TensorError) -> Tensor {
        let range = ActivationRange(low: low, high: high)
        let form = unclampedNormalization
        return try inPlace { () throws(TensorError) in
            if form == nil || !storage.clampPending(to: range) { _ = try Elementwise.unary(.clamp, self, into: self, p: low, q: high) }
        } gradient: {
            form.map { .clampedNormalization(self, $0.clamped(to: range), gradient(self)) } ?? gradient(self)
        }
    }

    package func relu_() throws(TensorError) -> Tensor {
        if dtype == .bool { throw .runtime("Boolean inputs not supported for relu") }
        return try exactClampInPlace(0, .infinity) { y in .relu(y) }
    }

    /// Limits to [minValue, maxValue]; `relu6` is `hardtanh(0, 6)`.
    package func hardtanh(_ minValue: Double = -1, _ maxValue: Double = 1) throws(TensorError) -> Tensor {
        try exactClamp(minValue, maxValue) { y in .hardtanh(y, minValue, maxValue) }
    }

    package func hardtanh_(_ minValue: Double = -1, _ maxValue: Double = 1) throws(TensorError) -> Tensor {
        try exactClampInPlace(minValue, maxValue) { y in .hardtanh(y, minValue, maxValue) }
    }

    package func relu6() throws(TensorError) -> Tensor { try hardtanh(0, 6) }

    private func activation(_ f: UnaryFunction, _ name: String, _ operation: Operation, _ derivative: BinaryFunction, p: Double = 0, q: Double = 0)
        throws(TensorError) -> Tensor
    {
        try needsFloat(name)
        return try Elementwise.unary(f, self, p: p, q: q).recorded([self]) { .activation(operation, self, derivative, p, q) }
    }

    package func leakyRelu(_ slope: Double = 0.01) throws(TensorError) -> Tensor {
        try activation(.leakyRelu, "leaky_relu_cpu", .leakyRelu, .leakyReluGradient, p: slope)
    }
    package func elu(alpha: Double = 1, scale: Double = 1) throws(TensorError) -> Tensor {
        try activation(.elu, "elu_cpu", .elu, .eluGradient, p: alpha * scale, q: scale)
    }
    package func selu() throws(TensorError) -> Tensor { try elu(alpha: 1.6732632423543772848170429916717, scale: 1.0507009873554804934193349852946) }
    package func logSigmoid() throws(TensorError) -> Tensor { try activation(.logSigmoid, "log_sigmoid_cpu", .logSigmoid, .logSigmoidGradient) }
    package func silu() throws(TensorError) -> Tensor { try activation(.silu, "silu_cpu", .silu, .siluGradient) }
    package func mish() throws(TensorError) -> Tensor { try activation(.mish, "mish_cpu", .mish, .mishGradient) }
    package func gelu(approximateTanh: Bool = false) throws(TensorError) -> Tensor {
        try activation(approximateTanh ? .geluTanh : .geluErf, "GeluKernelImpl", .gelu, approximateTanh ? .geluTanhGradient : .geluErfGradient)
    }
    package func hardswish() throws(TensorError) -> Tensor { try activation(.hardswish, "hardswish_cpu", .hardswish, .hardswishGradient) }
    package func hardsigmoid() throws(TensorError) -> Tensor { try activation(.hardsigmoid, "hardsigmoid_cpu", .hardsigmoid, .hardsigmoidGradient) }
    package func softplus(beta: Double = 1, threshold: Double = 20) throws(TensorError) -> Tensor {
        try activation(.softplus, "softplus_cpu", .softplus, .softplusGradient, p: beta, q: threshold)
    }
    package func softshrink(_ lambda: Double = 0.5) throws(TensorError) -> Tensor {
        try activation(.softshrink, "softshrink_cpu", .softshrink, .softshrinkGradient, p: lambda)
    }
    package func hardshrink(_ lambda: Double = 0.5) throws(TensorError) -> Tensor {
        try activation(.hardshrink, "hardshrink_cpu", .hardshrink, .softshrinkGradient, p: lambda)
    }
    package func softsign() throws(TensorError) -> Tensor { try div(try abs().add(try .wrapped(1))) }
    package func threshold(_ threshold: Double, _ value: Double) throws(TensorError) -> Tensor {
        try Elementwise.unary(.threshold, self, p: threshold, q: value).recorded([self]) {
            .activation(.threshold, self, .insideGradient, threshold, .infinity)
        }
    }
    /// Swift.max(0, x) + weight * Swift.min(0, x); `weight` has one element, or one per channel (dimension 1).
    package func prelu(_ weight: Tensor) throws(TensorError) -> Tensor {
        guard dtype == weight.dtype else { throw .runtime("prelu: Type promoting not supported. Got \(dtype.typeName) and \(weight.dtype.typeName)") }
        guard weight.rank <= 1 else { throw .runtime("prelu: Expected `weight` to be a scalar or 1D tensor, but got: ndim = \(weight.rank)") }
        var factor = weight
        if weight.count != 1 {
            guard rank > 0 else { throw .runtime("Not allow zero-dim input tensor.") }
            let channels = rank > 1 ? shape[1] : 1
            guard channels == weight.count else {
                throw .runtime(
                    "Mismatch of parameter numbers and input channel size. Found parameter numbers = \(weight.count) and channel size = \(channels).")
            }
            if rank > 2 { factor = try weight.view([weight.count] + [Int](repeating: 1, count: rank - 2)) }
        }
        let positive = try gt(try .wrapped(0))
        return try Elementwise.select(positive, self, try Elementwise.binary(.multiply, self, factor), dtype: dtype).recorded([self, factor]) {
            .prelu(self, factor)
        }
    }

    /// In-place form of a function: computes it from the old values and writes the result back.
    package func applyInPlace(_ f: (Tensor) throws(TensorError) -> Tensor) throws(TensorError) -> Tensor {
        let records = EngineState.gradEnabled && requiresGrad
        try checkInPlace(records)
        let result = try f(records ? try clone() : self)
        if !result.dtype.canCast(to: dtype) { throw .cannotCast(result.dtype, to: dtype) }
        return try inPlace([result]) { () throws(TensorError) in
            try assignElements(from: result)
        } gradient: {
            .copy()
        }
    }
}
