import NN
import Tensors

/// A module of a converted model: it says which integer operation it is for operands of given shapes, types and scales.
///
/// `forward` runs that operation alone on tensors that carry integers; whole models are lowered once and run as one plan.
open class QuantizedLayer: Module {
    package let march: March
    private var plan: (key: [IntegerValue], executor: IntegerExecutor?)?

    package init(_ typeName: String, march: March) {
        self.march = march
        super.init(typeName: typeName)
    }

    /// The operation and its result; nil where the operand passes through unchanged.
    package func lower(_ inputs: [IntegerValue]) throws(QuantizationError) -> (operation: IntegerOperation, result: IntegerValue)? { nil }

    open override func forward(_ inputs: [Tensor]) throws(TensorError) -> Tensor {
        var values: [IntegerValue] = []
        for input in inputs { values.append(try IntegerValue(describing: input, typeName)) }
        guard let first = inputs.first else { throw .type("forward() missing 1 required positional argument: 'input'") }
        do throws(QuantizationError) {
            if plan?.key != values { plan = (values, try makeExecutor(values)) }
        } catch {
            throw error.asTensorError
        }
        guard let executor = plan?.executor else { return first }
        return try executor.run(inputs)[0]
    }

    private func makeExecutor(_ values: [IntegerValue]) throws(QuantizationError) -> IntegerExecutor? {
        guard let (operation, result) = try lower(values) else { return nil }
        var graph = IntegerGraph(name: typeName, march: march)
        let ids = values.map { graph.addInput($0, quantizes: false) }
        graph.outputs = [IntegerOutput(value: graph.addLayer(typeName, operation, ids, result), dequantizes: false)]
        do throws(IntegerGraphError) { return try IntegerExecutor(graph) } catch { throw QuantizationError(.runtime, error.description) }
    }

    open override func didLoadState() throws(TensorError) { plan = nil }
}

extension IntegerValue {
    /// What a tensor of a converted model is; throws for plain floats.
    package init(describing tensor: Tensor, _ consumer: String) throws(TensorError) {
        guard let values = tensor.quantization, let scale = values.scale, !tensor.dtype.isFloatingPoint, let type = values.type.integerType else {
            throw .type(
                "\(consumer) of a quantized model needs a quantised tensor, but got a plain tensor of \(tensor.dtype.name). Is a QuantStub missing?")
        }
        self.init(shape: tensor.shape, type: type, scales: try scale.doubles().map { Float($0) })
    }
}

/// Floats to integers: the converted QuantStub.
package final class QuantizeLayer: QuantizedLayer {
    package let type: IntegerType

    package init(scale: Float, type: IntegerType, march: March) throws(TensorError) {
        self.type = type
        super.init("QuantStub", march: march)
        try registerBuffer("scale", try .from([Double(scale)], [1], dtype: .float32))
        try registerBuffer("zero_point", try .zeros([1], dtype: .int64))
    }

    package func scale() throws(TensorError) -> Float { Float(try buffer("scale")?.item().asDouble ?? 1) }

    package override func forward(_ inputs: [Tensor]) throws(TensorError) -> Tensor {
        guard let x = inputs.first else { throw .type("forward() missing 1 required positional argument: 'input'") }
        if x.quantization != nil && !x.dtype.isFloatingPoint { return x }
        let result = try x.detach().quantized(IntegerExecutor.step(try scale(), type), to: type.dtype)
        return result.quantized(as: QuantizedValues(scale: buffer("scale"), type: type.quantizedType))
    }

    package override func emptyCopy() throws(TensorError) -> Module { try QuantizeLayer(scale: try scale(), type: type, march: march) }
    package override func extraRepr() -> String { "out_dtype=\(type.quantizedType.rawValue)" }
}

/// Integers to floats: the converted DeQuantStub.
package final class DequantizeLayer: QuantizedLayer {
    package init(march: March) { super.init("DeQuantStub", march: march) }

    package override func forward(_ inputs: [Tensor]) throws(TensorError) -> Tensor {
        guard let x = inputs.first else { throw .type("forward() missing 1 required positional argument: 'input'") }
        guard let values = x.quantization, !x.dtype.isFloatingPoint else { return x }
        return try x.dequantized(values)
    }

    package override func emptyCopy() throws(TensorError) -> Module { DequantizeLayer(march: march) }
}
