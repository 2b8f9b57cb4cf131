import Interpreter
import Tensors

/// The state of a `numpy.ndarray` value, and of numpy's scalars (then with a 0-d tensor): a tensor without gradients.
///
/// It shares storage with the tensors it came from: `torch.from_numpy`, `tensor.numpy()` and views copy nothing.
package final class NumpyArray {
    package let tensor: Tensor

    package init(_ tensor: Tensor) { self.tensor = tensor }
}

extension VM {
    /// An `ndarray` value over `tensor`'s memory; the gradient graph stays behind.
    package func numpyArray(_ tensor: Tensor) throws(PythonError) -> Value {
        native(NumpyArray(tensor.requiresGrad ? tensor.detach() : tensor), try numpyArrayClass())
    }

    /// The class `numpy.ndarray`, for `isinstance` and for making instances.
    package func numpyArrayClass() throws(PythonError) -> ClassPointer {
        let module: Value
        if let loaded = modules["_numpy"] {
            module = loaded
        } else {
            guard let loaded = try loadNativeModule("_numpy") else { throw runtimeError("the module _numpy is not registered") }
            heap.release(loaded)
            module = loaded
        }
        guard let type = moduleInfo(module).value(of: "ndarray"), type.tag == Tag.classObject else {
            throw runtimeError("_numpy has no class ndarray")
        }
        return type.classPointer
    }
}
