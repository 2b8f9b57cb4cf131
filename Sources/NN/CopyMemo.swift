import Tensors

/// What a deep copy has copied already, so that shared tensors and modules are copied once.
package final class CopyMemo {
    package var modules: [ObjectIdentifier: Module] = [:]
    private var tensors: [ObjectIdentifier: Tensor] = [:]

    package init() {}

    /// A leaf of its own with the same values, gradient and flags.
    package func copy(_ tensor: Tensor) throws(TensorError) -> Tensor {
        if let known = tensors[ObjectIdentifier(tensor)] { return known }
        guard tensor.isLeaf else {
            throw .runtime("Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at the moment.")
        }
        let copy = try tensor.detach().clone()
        copy.isParameter = tensor.isParameter
        try copy.setRequiresGrad(tensor.requiresGrad)
        if let grad = tensor.grad { copy.grad = try grad.detach().clone() }
        tensors[ObjectIdentifier(tensor)] = copy
        return copy
    }
}
