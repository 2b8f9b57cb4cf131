import NN
import Tensors

/// An operation without parameters whose result has a scale of its own: average pools and activations.
package final class OperationLayer: QuantizableLayer {
    /// The float layer that computes it.
    package let inner: FunctionLayer

    package init(_ inner: FunctionLayer) {
        self.inner = inner
        super.init(typeName: inner.typeName)
    }

    /// Activations a converted model computes from a table.
    package static let elementwise: Set<String> = [
        "Sigmoid", "Tanh", "SiLU", "Mish", "GELU", "Hardswish", "Hardsigmoid", "ELU", "SELU", "LeakyReLU", "Softplus", "LogSigmoid", "Hardtanh",
        "Exp",
    ]
    package static let pools: Set<String> = ["AvgPool2d", "AdaptiveAvgPool2d"]
    /// Layers that keep the operand's scale and need no quantizer.
    package static let scaleKeeping: Set<String> = [
        "ReLU", "ReLU6", "MaxPool2d", "Identity", "Dropout", "Dropout2d", "Flatten", "Upsample", "ZeroPad2d", "ConstantPad2d",
    ]

    /// An adaptive pool that would not change the sizes passes its operand through, unobserved.
    private func keepsSize(_ x: Tensor) -> Bool {
        guard case .adaptivePool(let output) = inner.configuration, x.rank >= 3 else { return false }
        let sizes = output.count == 1 ? [output[0], output[0]] : output
        guard sizes.count == 2 else { return false }
        return zip(sizes, x.shape.suffix(2)).allSatisfy { $0 == nil || $0 == $1 }
    }

    package override func forward(_ inputs: [Tensor]) throws(TensorError) -> Tensor {
        guard let x = inputs.first else { throw .type("forward() missing 1 required positional argument: 'input'") }
        if isQuantized && keepsSize(x) { return x }
        let y = try inner.call([x])
        guard let activationQuantizer else { return y }
        return try activationQuantizer.apply(y, .none)
    }

    package override func emptyCopy() throws(TensorError) -> Module {
        guard let copy = try inner.emptyCopy() as? FunctionLayer else { throw .runtime("\(typeName) cannot be copied") }
        return OperationLayer(copy).carrying(self)
    }

    package override func extraRepr() -> String { inner.extraRepr() }
}
