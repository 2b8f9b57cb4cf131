/// Reverse-mode differentiation: walks the graph from the roots, newest operation first, without recursion.
private struct Backward {
    let retainGraph: Bool
    let createGraph: Bool
    /// For `autograd.grad`: nodes whose incoming gradient is wanted; nothing is accumulated then.
    var captures: [ObjectIdentifier: Tensor?]?
    private var pending: [ObjectIdentifier: Tensor] = [:]
    private var dependencies: [ObjectIdentifier: Int] = [:]
    private var needed: Set<ObjectIdentifier> = []
    private var ready = ReadyQueue()

    init(retainGraph: Bool, createGraph: Bool) {
        self.retainGraph = retainGraph
        self.createGraph = createGraph
    }

    mutating func run(_ roots: [(node: Node, gradient: Tensor)]) throws(TensorError) {
        count(roots.map(\.node))
        for root in roots { try deliver(root.gradient, to: root.node) }
        var seen: Set<ObjectIdentifier> = []
        for root in roots where dependencies[ObjectIdentifier(root.node)] == nil && seen.insert(ObjectIdentifier(root.node)).inserted {
            ready.push(root.node)
        }
        while let node = ready.pop() { try execute(node) }
    }

    /// Counts how many gradients each reachable node will receive, and which nodes lead to a capture.
    private mutating func count(_ roots: [Node]) {
        var stack = roots
        var visited: [Node] = []
        var seen: Set<ObjectIdentifier> = []
        while let node = stack.popLast() {
            guard seen.insert(ObjectIdentifier(node)).inserted else { continue }
            visited.append(node)
            for case let next? in node.next {
                dependencies[ObjectIdentifier(next), default: 0] += 1
                stack.append(next)
            }
        }
        guard let captures else { return }
        for node in visited.sorted(by: { $0.sequence < $1.sequence }) {
            let leads = node.next.contains { next in
                next.map { needed.contains(ObjectIdentifier($0)) || captures.keys.contains(ObjectIdentifier($0)) } ?? false
            }
            if leads || captures.keys.contains(ObjectIdentifier(node)) { needed.insert(ObjectIdentifier(node)) }
        }
    }

    private mutating func deliver(_ gradient: Tensor, to node: Node) throws(TensorError) {
        let key = ObjectIdentifier(node)
        if let present = pending[key] { pending[key] = try present.add(gradient) } else { pending[key] = gradient }
    }

    private mutating func execute(_ node: Node) throws(TensorError) {
        let key = ObjectIdentifier(node)
        var gradient = pending.removeValue(forKey: key)
        if var present = gradient {
            gradient = nil
            for hook in node.variable?.hooks ?? node.hooks { if let replaced = try hook.call(present) { present = replaced } }
            gradient = present
            if let retainer = node.retainer { retainer.grad = createGraph ? present : present.detach() }
        }
        if captures != nil, captures!.keys.contains(key), let gradient { captures![key] = .some(gradient) }
        var results: [Tensor?] = []
        if let variable = node.variable {
            if captures == nil, gradient != nil { try accumulate(&gradient, into: variable) }
        } else if let incoming = gradient, captures == nil || needed.contains(key) {
            gradient = nil
            results = try apply(node, incoming)
        }
        for (index, next) in node.next.enumerated() {
            guard let next else { continue }
            if index < results.count, let result = results[index] {
                results[index] = nil
                try deliver(try conform(result, to: next), to: next)
            }
            let nextKey = ObjectIdentifier(next)
            dependencies[nextKey]! -= 1
            if dependencies[nextKey] == 0 { ready.push(next) }
        }
    }

    private func apply(_ node: Node, _ gradient: Tensor) throws(TensorError) -> [Tensor?] {
        guard let rule = node.gradient else { return [] }
        let results: [Tensor?]
        do throws(TensorError) { results = try rule.apply(gradient) } catch {
            if EngineState.detectAnomaly, let traceback = node.traceback {
                throw TensorError(error.kind, error.message + "\n\nThe forward call that failed:\n" + traceback)
            }
            throw error
        }
        if EngineState.detectAnomaly {
            for (index, result) in results.enumerated() {
                if let result, try result.isnan().any().item() == .bool(true) {
                    throw .runtime(
                        "Function '\(node.name)' returned nan values in its \(index)th output."
                            + (node.traceback.map { "\n\nThe forward call:\n" + $0 } ?? ""))
                }
            }
        }
        if !retainGraph { node.release() }
        return results
    }

    /// A gradient must have the sizes and dtype of what it is the gradient of.
    private func conform(_ gradient: Tensor, to node: Node) throws(TensorError) -> Tensor {
        var result = gradient
        if result.shape != node.sizes { result = try result.sumTo(node.sizes) }
        if result.dtype != node.dtype { result = try result.to(node.dtype) }
        return result
    }

    private func accumulate(_ gradient: inout Tensor?, into variable: Tensor) throws(TensorError) {
        if createGraph {
            if let present = variable.grad { variable.grad = try present.add(gradient!) } else { variable.grad = try gradient!.clone() }
        } else if let present = variable.grad {
            try EngineState.noGrad { () throws(TensorError) in _ = try present.add_(gradient!) }
        } else {
            let owned = isKnownUniquelyReferenced(&gradient!) && isKnownUniquelyReferenced(&gradient!.storage) && gradient!.layout.isContiguous
            variable.grad = owned && gradient!.ownNode == nil ? gradient : try gradient!.detach().clone()
        }
        for hook in variable.accumulationHooks { _ = try hook.call(variable) }
    }
}

/// Nodes whose gradients are complete, newest first.
private struct ReadyQueue {
    private var heap: [Node] = []

    mutating func push(_ node: Node) {
        heap.append(node)
        var i = heap.count - 1
        while i > 0, heap[i].sequence > heap[(i - 1) / 2].sequence {
            heap.swapAt(i, (i - 1) / 2)
            i = (i - 1) / 2
        }
    }

    mutating func pop() -> Node? {
        guard let top = heap.first else { return nil }
        let last = heap.removeLast()
        if heap.isEmpty { return top }
        heap[0] = last
        var i = 0
        while true {
            var largest = i
            for child in [2 * i + 1, 2 * i + 2] where child < heap.count && heap[child].sequence > heap[largest].sequence { largest = child }
            if largest == i { return top }
            heap.swapAt(i, largest)
            i = largest
        }
    }
}

/// `torch.autograd`.
package enum Autograd {
    private static func roots(_ tensors: [Tensor], _ gradients: [Tensor?]) throws(TensorError) -> [(node: Node, gradient: Tensor)] {
        var roots: [(node: Node, gradient: Tensor)] = []
        for (index, tensor) in tensors.enumerated() {
            guard let node = tensor.gradientEdge else {
                throw .runtime("element \(index) of tensors does not require grad and does not have a grad_fn")
            }
            if let gradient = index < gradients.count ? gradients[index] : nil {
                guard gradient.shape == tensor.shape else {
                    throw .runtime(
                        "Mismatch in shape: grad_output[\(index)] has a shape of torch.Size(\(bracketed(gradient.shape))) and output[\(index)] has a shape of torch.Size(\(bracketed(tensor.shape)))."
                    )
                }
                roots.append((node, gradient))
            } else {
                guard tensor.count == 1 else { throw .runtime("grad can be implicitly created only for scalar outputs") }
                roots.append((node, try Tensor.full(tensor.shape, 1, dtype: tensor.dtype)))
            }
        }
        return roots
    }

    /// Adds the gradients of `tensors` to the `grad` of the leaves below them.
    package static func backward(
        _ tensors: [Tensor], gradients: [Tensor?] = [], retainGraph: Bool? = nil, createGraph: Bool = false
    ) throws(TensorError) {
        let roots = try roots(tensors, gradients)
        var engine = Backward(retainGraph: retainGraph ?? createGraph, createGraph: createGraph)
        try EngineState.withGrad(createGraph) { () throws(TensorError) in try engine.run(roots) }
    }

    /// The gradients of `outputs` with respect to `inputs`; nothing is accumulated. Nil where an unused input is allowed.
    package static func grad(
        _ outputs: [Tensor], _ inputs: [Tensor], gradients: [Tensor?] = [], retainGraph: Bool? = nil, createGraph: Bool = false,
        allowUnused: Bool = false
    ) throws(TensorError) -> [Tensor?] {
        let roots = try roots(outputs, gradients)
        var engine = Backward(retainGraph: retainGraph ?? createGraph, createGraph: createGraph)
        var nodes: [Node] = []
        for input in inputs {
            guard let node = input.gradientEdge else { throw .runtime("One of the differentiated Tensors does not require grad") }
            nodes.append(node)
        }
        engine.captures = [:]
        for node in nodes { engine.captures![ObjectIdentifier(node)] = .some(nil) }
        try EngineState.withGrad(createGraph) { () throws(TensorError) in try engine.run(roots) }
        var results: [Tensor?] = []
        for (position, node) in nodes.enumerated() {
            let result = engine.captures![ObjectIdentifier(node)] ?? nil
            if result == nil && !allowUnused {
                throw .runtime(
                    "The differentiated Tensor at index \(position) appears to not have been used in the graph. Set allow_unused=True if this is the desired behavior."
                )
            }
            results.append(createGraph ? result : result?.detach())
        }
        return results
    }
}

extension Tensor {
    package func backward(gradient: Tensor? = nil, retainGraph: Bool? = nil, createGraph: Bool = false) throws(TensorError) {
        try Autograd.backward([self], gradients: [gradient], retainGraph: retainGraph, createGraph: createGraph)
    }
}
