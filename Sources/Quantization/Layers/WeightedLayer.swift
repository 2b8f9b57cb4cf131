import NN
import Tensors

/// A convolution or linear layer with what is fused to it: batch normalisation, a residual addition, a rectifier.
///
/// `forward([x])`, or `forward([x, residual])` where it adds. `weight`, `bias` and, in the modes that keep it, `bn` keep the names of the
/// convolution they come from.
package final class WeightedLayer: QuantizableLayer {
    package enum Base: Equatable, Sendable {
        case convolution(ConvolutionParameters, dimensions: Int)
        case transposed(ConvolutionParameters, dimensions: Int)
        case linear
    }

    package let base: Base
    package let addsResidual: Bool
    package let range: Tensor.ActivationRange
    package let mode: QATMode

    package init(
        _ base: Base, weight: Tensor, bias: Tensor?, norm: BatchNorm? = nil, addsResidual: Bool = false, range: Tensor.ActivationRange = .none,
        mode: QATMode = .fuseBN
    ) throws(TensorError) {
        self.base = base
        self.addsResidual = addsResidual
        self.range = range
        self.mode = mode
        super.init(typeName: WeightedLayer.name(base, norm: norm != nil, addsResidual, range))
        try registerParameter("weight", weight)
        try registerParameter("bias", bias)
        if let norm { try addModule("bn", norm) }
    }

    /// `ConvBNAddReLU62d`, `LinearReLU`, …
    private static func name(_ base: Base, norm: Bool, _ adds: Bool, _ range: Tensor.ActivationRange) -> String {
        let middle = (norm ? "BN" : "") + (adds ? "Add" : "") + (range == .relu6 ? "ReLU6" : range == .relu ? "ReLU" : "")
        return switch base {
        case .convolution(_, let dimensions): "Conv\(middle)\(dimensions)d"
        case .transposed(_, let dimensions): "ConvTranspose\(middle)\(dimensions)d"
        case .linear: "Linear\(middle)"
        }
    }

    package var weight: Tensor? { parameter("weight") }
    package var bias: Tensor? { parameter("bias") }
    package var norm: BatchNorm? { child("bn") as? BatchNorm }

    package override var weightChannels: Int? {
        guard let weight else { return nil }
        return switch base {
        case .convolution, .linear: weight.shape[0]
        case .transposed(let p, _): weight.shape[1] * p.groups
        }
    }

    /// Transposed convolutions keep their output channels in dimension 1.
    package override func attach(_ qconfig: QConfig) throws(TensorError) {
        guard case .transposed(let p, _) = base, p.groups == 1, var factory = qconfig.weight, factory.axis == 0 else {
            return try super.attach(qconfig)
        }
        factory.axis = 1
        try super.attach(QConfig(activation: qconfig.activation, weight: factory))
    }

    package override func forward(_ inputs: [Tensor]) throws(TensorError) -> Tensor {
        guard let x = inputs.first, let weight else { throw .type("forward() missing 1 required positional argument: 'input'") }
        guard inputs.count == (addsResidual ? 2 : 1) else {
            throw .type("\(typeName) takes \(addsResidual ? 2 : 1) inputs, but \(inputs.count) were given")
        }
        var range = self.range
        var y: Tensor
        if mode == .withBNReverseFold, let norm {
            y = try reverseFolded(x, weight, norm)
        } else {
            let w = try weightQuantizer?.apply(weight, .none) ?? weight
            let residual = addsResidual ? inputs[1] : nil
            if let result = try fused(x, w, residual: residual) { return result }
            if let result = try observed(x, w, residual: residual) { return result }
            if norm == nil, !addsResidual, case .convolution(let p, let dimensions) = base, x.rank == dimensions + 2, !needsGradient([x, w]) {
                y = try x.convolutionClamped(w, bias, p, range: range)
                range = .none
            } else {
                y = try apply(x, w, bias)
                if let norm { y = try norm.call([y]) }
            }
        }
        if addsResidual { y = try y.add(inputs[1]) }
        guard let activationQuantizer else { return try y.clamped(to: range) }
        return try activationQuantizer.apply(y, range, reusing: true)
    }

    /// Convolution, residual, observation and simulated quantisation in one pass; nil where something else lies between them.
    private func fused(_ x: Tensor, _ w: Tensor, residual: Tensor?) throws(TensorError) -> Tensor? {
        guard norm == nil, case .convolution(let p, let dimensions) = base, x.rank == dimensions + 2, let quantizer = activationQuantizer,
            quantizer.needsRangeOnly,
            x.formsQuantizedConvolution(w, bias, residual: residual)
        else { return nil }
        let result = try x.convolutionFakeQuantized(w, bias, p, residual: residual) { (low, high) throws(TensorError) in
            try quantizer.stepObserving(low, high, range)
        }
        return result?.quantized(as: quantizer.values)
    }

    /// What calibration does, with the result's range found while it is written; nil where that does not apply.
    private func observed(_ x: Tensor, _ w: Tensor, residual: Tensor?) throws(TensorError) -> Tensor? {
        guard norm == nil, case .convolution(let p, let dimensions) = base, x.rank == dimensions + 2, let quantizer = activationQuantizer,
            quantizer.isObserving,
            quantizer.training, !needsGradient([x, w] + (residual.map { [$0] } ?? [])), x.formsQuantizedConvolution(w, bias, residual: residual),
            let y = try x.convolutionWithRange(w, bias, p, residual: residual, range: range)
        else { return nil }
        return try quantizer.apply(y, .none, reusing: true)
    }

    private func needsGradient(_ operands: [Tensor]) -> Bool {
        EngineState.gradEnabled && (operands + [bias].compactMap { $0 }).contains { $0.requiresGrad }
    }

    private func apply(_ x: Tensor, _ weight: Tensor, _ bias: Tensor?) throws(TensorError) -> Tensor {
        switch base {
        case .convolution(let p, let dimensions): try x.convolution(weight, bias, p, dimensions: dimensions)
        case .transposed(let p, let dimensions): try x.convolutionTransposed(weight, bias, p, dimensions: dimensions)
        case .linear: try x.linear(weight, bias)
        }
    }

    /// The weight is folded with the running statistics before it is quantised; the result is unfolded, then normalised.
    private func reverseFolded(_ x: Tensor, _ weight: Tensor, _ norm: BatchNorm) throws(TensorError) -> Tensor {
        let factor = try norm.foldingFactor().detach()
        let shape = factor.shape + [Int](repeating: 1, count: weight.rank - 1)
        let folded = try weight.mul(try factor.reshape(shape))
        let w = try weightQuantizer?.apply(folded, .none) ?? folded
        let channels = [1, factor.count] + [Int](repeating: 1, count: max(x.rank - 2, 0))
        var y = try apply(x, w, nil).div(try factor.reshape(channels))
        if let bias { y = try y.add(try bias.reshape(channels)) }
        return try norm.call([y])
    }

    package override func emptyCopy() throws(TensorError) -> Module {
        guard let weight else { throw .runtime("\(typeName) has lost its weight") }
        return try WeightedLayer(base, weight: weight, bias: bias, norm: norm, addsResidual: addsResidual, range: range, mode: mode).carrying(self)
    }

    package override func extraRepr() -> String {
        guard let weight else { return "" }
        switch base {
        case .linear: return "in_features=\(weight.shape[1]), out_features=\(weight.shape[0]), bias=\(bias != nil ? "True" : "False")"
        case .convolution(let p, _), .transposed(let p, _):
            let kernel = Array(weight.shape[2...])
            let (input, output) =
                if case .transposed = base { (weight.shape[0], weight.shape[1] * p.groups) } else { (weight.shape[1] * p.groups, weight.shape[0]) }
            var text = "\(input), \(output), kernel_size=\(TensorPrinter.tuple(kernel)), stride=\(TensorPrinter.tuple(p.stride))"
            if p.padding.contains(where: { $0 != 0 }) { text += ", padding=\(TensorPrinter.tuple(p.padding))" }
            if p.dilation.contains(where: { $0 != 1 }) { text += ", dilation=\(TensorPrinter.tuple(p.dilation))" }
            if p.groups != 1 { text += ", groups=\(p.groups)" }
            return bias == nil ? text + ", bias=False" : text
        }
    }
}

extension BatchNorm {
    /// γ / √(running variance + ε) per channel.
    func foldingFactor() throws(TensorError) -> Tensor {
        guard let variance = buffer("running_var") else { throw .runtime("batch normalisation without running statistics cannot be folded") }
        let inverse = try variance.add(try .wrapped(.double(epsilon))).rsqrt()
        guard let weight = parameter("weight") else { return inverse }
        return try inverse.mul(weight)
    }

    /// Weight and bias of the layer that does what `weight`, `bias` and this normalisation do in evaluation.
    /// `channelAxis`: the weight's dimension of output channels.
    func folded(_ weight: Tensor, _ bias: Tensor?, channelAxis: Int = 0) throws(TensorError) -> (weight: Tensor, bias: Tensor) {
        let factor = try foldingFactor().detach()
        guard let mean = buffer("running_mean") else { throw .runtime("batch normalisation without running statistics cannot be folded") }
        var shape = [Int](repeating: 1, count: weight.rank)
        shape[channelAxis] = factor.count
        let foldedWeight = try weight.detach().mul(try factor.reshape(shape))
        let offset = if let bias { bias.detach() } else { try Tensor.zeros([factor.count], dtype: weight.dtype) }
        let centred = try offset.sub(mean)
        let scaled = try centred.mul(factor)
        guard let shift = parameter("bias") else { return (foldedWeight, scaled) }
        return (foldedWeight, try scaled.add(shift.detach()))
    }
}
