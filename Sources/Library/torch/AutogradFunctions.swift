import Interpreter
import Tensors

// What `torch.autograd` is made of.

extension OperationTable {
    func defineAutograd() {
        function("_backward", "tensors, grad_tensors, retain_graph, create_graph") { c in
            let gradients = try optionalTensors(c, 1)
            try Autograd.backward(try c.tensors(0), gradients: gradients, retainGraph: c.has(2) ? try c.flag(2) : nil, createGraph: c.flag(3))
            return .none
        }
        function("_grad", "outputs, inputs, grad_outputs, retain_graph, create_graph, allow_unused") { c in
            let results = try Autograd.grad(
                try c.tensors(0), try c.tensors(1), gradients: try optionalTensors(c, 2), retainGraph: c.has(3) ? try c.flag(3) : nil,
                createGraph: c.flag(4), allowUnused: c.flag(5))
            return c.vm.tuple(results.map { torch.value($0) })
        }
        function("_record_function", "name, inputs, outputs, backward") { c in try recordFunction(c) }
        EngineState.captureTraceback = nil
    }

    /// A list of tensors and Nones.
    private func optionalTensors(_ c: Call, _ i: Int) throws -> [Tensor?] {
        guard c.has(i) else { return [] }
        guard let items = torch.sequence(c.a[i]) else { throw c.mismatch(i, "tuple of Tensors") }
        return items.map { torch.tensor($0) }
    }

    /// Makes `backward`, a function of the gradients of `outputs`, the history of `outputs`. Returns the recorded outputs.
    ///
    /// Nodes of the graph have one result: several outputs become slices of one packed tensor.
    private func recordFunction(_ c: Call) throws -> Value {
        let name = try c.text(0)
        let inputs = try c.tensors(1)
        let outputs = try c.tensors(2)
        let held = Reference(c.a[3], c.vm.heap)
        let torch = torch
        guard let first = outputs.first else { return c.vm.tuple([]) }
        let result: Tensor
        if outputs.count == 1 {
            result = first.detach()
        } else {
            guard outputs.allSatisfy({ $0.dtype == first.dtype }) else {
                throw c.vm.error("NotImplementedError", "a Function with several outputs of different dtypes is not supported")
            }
            result = try Tensor.cat(try outputs.map { try $0.detach().flatten() })
        }
        let shapes = outputs.map(\.shape)
        let recorded = result.recordingCustom(inputs) {
            .custom(name, saved: []) { gradient, _ in
                var gradients: [Tensor] = []
                if shapes.count == 1 {
                    gradients = [gradient]
                } else {
                    var start = 0
                    for shape in shapes {
                        let count = shape.reduce(1, *)
                        gradients.append(try gradient.narrow(0, start, count).view(shape))
                        start += count
                    }
                }
                return try torch.callBackward(held.value, gradients, inputs.count, name)
            }
        }
        if outputs.count == 1 { return c.vm.tuple([torch.value(recorded)]) }
        var slices: [Value] = []
        var start = 0
        for shape in shapes {
            let count = shape.reduce(1, *)
            slices.append(torch.value(try recorded.narrow(0, start, count).view(shape)))
            start += count
        }
        return c.vm.tuple(slices)
    }
}

extension TorchBinding {
    /// Calls a language function with gradients; its result is one gradient or None per input.
    fileprivate func callBackward(_ function: Value, _ gradients: [Tensor], _ inputCount: Int, _ name: String) throws -> [Tensor?] {
        let arguments = gradients.map { value($0) }
        defer { for argument in arguments { vm.heap.release(argument) } }
        let result = try vm.call(function, arguments: arguments)
        defer { vm.heap.release(result) }
        guard let items = sequence(result), items.count == inputCount else {
            throw vm.runtimeError(
                "function \(name) returned an incorrect number of gradients (expected \(inputCount), got \(sequence(result)?.count ?? 1))")
        }
        return items.map { tensor($0) }
    }
}
