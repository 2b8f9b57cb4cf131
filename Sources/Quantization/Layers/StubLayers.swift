import NN
import Tensors

/// Marks where floats become quantised values. In float models it does nothing.
package final class QuantStub: QuantizableLayer {
    /// Fixed scale; nil: observed.
    package let scale: Double?

    package init(scale: Double? = 1.0 / 128) throws(TensorError) {
        if let scale, !(scale > 0 && scale.isFinite) { throw .value("scale must be a positive number, but got \(scale)") }
        self.scale = scale
        super.init(typeName: "QuantStub")
    }

    package override func attach(_ qconfig: QConfig) throws(TensorError) {
        try super.attach(qconfig)
        guard let scale, let quantizer = activationQuantizer else { return }
        quantizer.setObserving(false)
        try quantizer.setScales([Float(scale)])
    }

    package override func forward(_ inputs: [Tensor]) throws(TensorError) -> Tensor {
        guard let x = inputs.first else { throw .type("forward() missing 1 required positional argument: 'x'") }
        guard let activationQuantizer else { return x }
        if let values = x.quantization {
            guard scale == nil, values.type == activationQuantizer.type else {
                throw .type("QuantStub accepts a quantised tensor only if its own scale is None and the dtypes agree")
            }
            return x
        }
        return try activationQuantizer.apply(x, .none)
    }

    package override func emptyCopy() throws(TensorError) -> Module { try QuantStub(scale: scale).carrying(self) }
    package override func extraRepr() -> String { "" }
}

/// Marks where quantised values become floats again.
package final class DeQuantStub: QuantizableLayer {
    package init() { super.init(typeName: "DeQuantStub") }

    package override func attach(_ qconfig: QConfig) throws(TensorError) { try super.attach(QConfig()) }

    package override func forward(_ inputs: [Tensor]) throws(TensorError) -> Tensor {
        guard let x = inputs.first else { throw .type("forward() missing 1 required positional argument: 'x'") }
        guard let values = x.quantization else { return x }
        if x.dtype.isFloatingPoint { return try x.aliased() }
        return try x.dequantized(values)
    }

    package override func emptyCopy() throws(TensorError) -> Module { DeQuantStub().carrying(self) }
}

extension Tensor {
    /// The float values of integers.
    package func dequantized(_ values: QuantizedValues) throws(TensorError) -> Tensor {
        let floats = try detach().to(.float32)
        guard let scale = values.scale else { return floats }
        if scale.count == 1 || values.axis < 0 { return try floats.mul(scale) }
        var shape = [Int](repeating: 1, count: rank)
        shape[values.axis] = scale.count
        return try floats.mul(try scale.reshape(shape))
    }
}
