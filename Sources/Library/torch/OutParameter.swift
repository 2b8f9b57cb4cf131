import Interpreter
import Tensors

/// `out=`: the tensor of the caller's that takes an operation's result.
enum OutParameter {
    /// Functions whose result is a view or whose PyTorch counterpart has no `out=`.
    private static let without: Set<String> = [
        "argwhere", "as_strided", "broadcast_to", "detach", "diagonal", "expand", "flatten", "fliplr", "flipud", "isclose", "isfinite", "movedim",
        "moveaxis", "narrow", "permute", "positive", "prelu", "ravel", "reshape", "select", "selu", "squeeze", "swapaxes", "swapdims", "t", "tile",
        "transpose", "unflatten", "unfold", "unsqueeze", "view_as_real",
    ]

    /// A signature with `out=None` behind all others, and that parameter's position; nil where a function cannot have one.
    static func added(to signature: String, of name: String) -> (signature: String, position: Int)? {
        let pieces = signature.split(separator: ",").map { $0.drop { $0 == " " } }
        if without.contains(name) || pieces.contains(where: { $0.hasPrefix("*") && $0 != "*" || $0.hasPrefix("out=") }) { return nil }
        return (signature + (pieces.contains("*") ? ", out=None" : ", *, out=None"), pieces.count { $0 != "*" && $0 != "/" })
    }
}

extension Call {
    /// Puts a result into the tensor at parameter `position` and returns that tensor's object, owned by the caller. Another shape gives the
    /// tensor new memory, as PyTorch resizes it; a dtype that loses the result's kind is an error.
    func written(_ result: Tensor, to position: Int) throws -> Value {
        guard let out = try outTensor(position) else { return torch.value(result) }
        if EngineState.gradEnabled, out.requiresGrad || result.requiresGrad { throw withoutGradients(signature.name) }
        guard result.dtype.canCast(to: out.dtype) else {
            throw vm.runtimeError("result type \(result.dtype.typeName) can't be cast to the desired output type \(out.dtype.typeName)")
        }
        try fill(out, with: result)
        return a[position].retained()
    }

    private func outTensor(_ position: Int) throws -> Tensor? {
        guard has(position) else { return nil }
        guard let out = torch.tensor(a[position]) else {
            throw vm.typeError("\(signature.name)(): argument 'out' must be Tensor, not \(vm.typeName(a[position]))")
        }
        return out
    }

    private func withoutGradients(_ name: String) -> PythonError {
        vm.runtimeError("\(name)(): functions with out=... arguments don't support automatic differentiation, but one of the arguments requires grad.")
    }

    /// Changes the elements of `out`, and its shape where it differs.
    func fill(_ out: Tensor, with result: Tensor) throws {
        if out === result { return }
        if out.shape == result.shape { _ = try out.copy_(result.detach()) } else { out.setData(try result.detach().to(out.dtype, copy: true).contiguous()) }
    }

    /// The dtype a factory makes: the one given, else that of `out`, which stands five behind; nil for the default.
    func factoryDType(_ i: Int) throws -> DType? {
        let given = try dtypeOrNil(i)
        guard let out = try outTensor(i + 5) else { return given }
        if let given, given != out.dtype {
            throw vm.runtimeError("dtype \(given.typeName) does not match dtype of out parameter (\(out.dtype.typeName))")
        }
        return out.dtype
    }

    /// Ends a factory: the options behind its dtype, which are device, requires_grad, layout, pin_memory and `out`.
    func finished(_ dtypeIndex: Int, _ tensor: Tensor) throws -> Tensor {
        if has(dtypeIndex + 1) { _ = try torch.device(a[dtypeIndex + 1]) }
        let wantsGradient = try flag(dtypeIndex + 2)
        guard let out = try outTensor(dtypeIndex + 5) else {
            if wantsGradient { try tensor.setRequiresGrad(true) }
            return tensor
        }
        if out.requiresGrad, EngineState.gradEnabled { throw withoutGradients("aten::\(signature.name)") }
        try fill(out, with: tensor)
        if wantsGradient { try out.setRequiresGrad(true) }
        return out
    }
}
