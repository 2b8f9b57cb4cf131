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

extension TorchBinding {
    /// Puts a result into `out`, the caller's tensor, and returns that tensor's object, owned by the caller. Another shape gives the tensor
    /// new memory, as PyTorch resizes it; a dtype that loses the result's kind is an error.
    func put(_ result: Tensor, into out: Value, of name: String) throws -> Value {
        guard let target = tensor(out) else { throw vm.typeError("\(name)(): argument 'out' must be Tensor, not \(vm.typeName(out))") }
        if EngineState.gradEnabled, target.requiresGrad || result.requiresGrad { throw withoutGradients(name) }
        guard result.dtype.canCast(to: target.dtype) else {
            throw vm.runtimeError("result type \(result.dtype.typeName) can't be cast to the desired output type \(target.dtype.typeName)")
        }
        try fill(target, with: result)
        return out.retained()
    }

    /// Puts several results into `out`, a tuple of as many tensors of their dtypes; their objects, owned by the caller.
    func put(_ results: [Tensor], into out: Value, of name: String) throws -> [Value] {
        let targets = sequence(out)?.map { tensor($0) }
        guard let targets, targets.allSatisfy({ $0 != nil }), let items = sequence(out) else {
            throw vm.typeError("\(name)(): argument 'out' must be tuple of Tensors, not \(vm.typeName(out))")
        }
        guard items.count == results.count else { throw vm.typeError("expected tuple of \(results.count) elements but got \(items.count)") }
        for case let (result, target?) in zip(results, targets) {
            if EngineState.gradEnabled, target.requiresGrad || result.requiresGrad { throw withoutGradients(name) }
            guard target.dtype == result.dtype else {
                throw vm.runtimeError("Expected out tensor to have dtype \(result.dtype.elementName), but got \(target.dtype.elementName) instead")
            }
        }
        for case let (result, target?) in zip(results, targets) { try fill(target, with: result) }
        return items.map { $0.retained() }
    }

    fileprivate func withoutGradients(_ name: String) -> PythonError {
        vm.runtimeError(
            "\(name)(): functions with out=... arguments don't support automatic differentiation, but one of the arguments requires grad.")
    }

    /// Changes the elements of `out`, and its shape where it differs.
    fileprivate func fill(_ out: Tensor, with result: Tensor) throws {
        if out === result { return }
        if out.shape == result.shape {
            _ = try out.copy_(result.detach())
        } else {
            out.setData(try result.detach().to(out.dtype, copy: true).contiguous())
        }
    }
}

extension DType {
    /// The element's type as PyTorch's sentences about `out=` spell it.
    fileprivate var elementName: String {
        switch self {
        case .bool: "bool"
        case .uint8: "unsigned char"
        case .int8: "signed char"
        case .int16: "short int"
        case .int32: "int"
        case .int64: "long int"
        case .float32: "float"
        case .float64: "double"
        }
    }
}

extension OperationTable {
    /// An operation whose result is several tensors with names (or one, where its arguments say so). The function also takes `out=`,
    /// a tuple of as many.
    func named(_ name: String, _ fields: [String], _ signature: String, _ body: @escaping (Call) throws -> [Tensor]) {
        let torch = torch
        func made(_ results: [Tensor]) -> Value {
            results.count == 1 ? torch.value(results[0]) : torch.result(name, fields, results.map { torch.value($0) })
        }
        value(name, signature, .method) { c in made(try body(c)) }
        let parameters = signature.isEmpty ? "input" : "input, \(signature)"
        guard let (extended, position) = OutParameter.added(to: parameters, of: name) else {
            return function(name, parameters) { c in made(try body(c)) }
        }
        function(name, extended) { c in
            let results = try body(c)
            guard c.has(position) else { return made(results) }
            if results.count == 1 { return try c.written(results[0], to: position) }
            return torch.result(name + "_out", fields, try torch.put(results, into: c.a[position], of: name))
        }
    }

    /// What functions written in the language put results into `out=` with.
    func defineWriting() {
        function("_into", "name, result, out") { c in
            let name = try c.text(0)
            if let result = torch.tensor(c.a[1]) { return try torch.put(result, into: c.a[2], of: name) }
            return c.vm.tuple(try torch.put(try c.tensors(1), into: c.a[2], of: name))
        }
    }
}

extension Call {
    /// Puts a result into the tensor at parameter `position`, if one was given; the object of what has the result, owned by the caller.
    func written(_ result: Tensor, to position: Int) throws -> Value {
        has(position) ? try torch.put(result, into: a[position], of: signature.name) : torch.value(result)
    }

    private func outTensor(_ position: Int) throws -> Tensor? {
        guard has(position) else { return nil }
        guard let out = torch.tensor(a[position]) else {
            throw vm.typeError("\(signature.name)(): argument 'out' must be Tensor, not \(vm.typeName(a[position]))")
        }
        return out
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
        if out.requiresGrad, EngineState.gradEnabled { throw torch.withoutGradients("aten::\(signature.name)") }
        try torch.fill(out, with: tensor)
        if wantsGradient { try out.setRequiresGrad(true) }
        return out
    }
}
