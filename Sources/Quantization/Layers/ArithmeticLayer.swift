import NN
import Tensors

/// Arithmetic as a module, so that its result can be quantised: `FloatFunctional`.
///
/// One instance stands for one use: which operation it performs is fixed when the model is traced.
package final class ArithmeticLayer: QuantizableLayer {
    package enum Operation: String, CaseIterable, Sendable {
        case add, sub, mul, cat, matmul
        case addReLU = "add_relu", addScalar = "add_scalar", mulScalar = "mul_scalar"
        case mean, sum
    }

    package var operation: Operation?
    /// cat: the dimension; mean and sum: the dimensions, nil for all.
    package var dims: [Int]?
    package var keepsDims = false
    package var scalar = 0.0

    package init(_ operation: Operation? = nil) {
        self.operation = operation
        super.init(typeName: "FloatFunctional")
    }

    package override func forward(_ inputs: [Tensor]) throws(TensorError) -> Tensor {
        guard let operation else { throw .runtime("FloatFunctional is not intended to use the 'forward'. Please use the corresponding operation") }
        return try apply(operation, inputs)
    }

    package func apply(_ operation: Operation, _ inputs: [Tensor]) throws(TensorError) -> Tensor {
        guard inputs.count >= (ArithmeticLayer.binary.contains(operation) ? 2 : 1) else {
            throw .type("FloatFunctional.\(operation.rawValue) needs two tensors")
        }
        let range: Tensor.ActivationRange = operation == .addReLU ? .relu : .none
        let y = try compute(operation, inputs)
        guard let activationQuantizer else { return try y.clamped(to: range) }
        return try activationQuantizer.apply(y, range, reusing: operation != .cat)
    }

    package static let binary: Set<Operation> = [.add, .sub, .mul, .matmul, .addReLU]

    private func compute(_ operation: Operation, _ inputs: [Tensor]) throws(TensorError) -> Tensor {
        switch operation {
        case .add, .addReLU: try inputs[0].add(inputs[1])
        case .sub: try inputs[0].sub(inputs[1])
        case .mul: try inputs[0].mul(inputs[1])
        case .matmul: try inputs[0].matmul(inputs[1])
        case .cat: try .cat(inputs, dim: dims?.first ?? 0)
        case .addScalar: try inputs[0].add(try .wrapped(.double(scalar)))
        case .mulScalar: try inputs[0].mul(try .wrapped(.double(scalar)))
        case .mean: try inputs[0].mean(dim: dims, keepdim: keepsDims)
        case .sum: try inputs[0].sum(dim: dims, keepdim: keepsDims)
        }
    }

    package override func emptyCopy() throws(TensorError) -> Module {
        let copy = ArithmeticLayer(operation).carrying(self)
        (copy.dims, copy.keepsDims, copy.scalar) = (dims, keepsDims, scalar)
        return copy
    }
}
