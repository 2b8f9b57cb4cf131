/// A value a gradient rule will need: kept with the version it had, and given up when the graph is freed.
package final class Saved {
    private var tensor: Tensor?
    private var version: Int
    private let operationOutput: Bool
    private weak var producer: Node?

    /// Keeps an operand. Its place in the graph is kept too, for gradients of gradients.
    init(_ operand: Tensor) {
        tensor = operand.node == nil ? (operand.leafRequiresGrad ? operand : operand.aliasWithoutGraph()) : operand.aliasWithGraph()
        version = operand.storage.version
        operationOutput = false
    }

    /// Keeps the result of the operation itself, without the cycle that keeping its node would make.
    init(output: Tensor) {
        tensor = output.aliasWithoutGraph()
        version = output.storage.version
        operationOutput = true
    }

    /// An output's version is the one it has when its operation is recorded: in-place operations save it earlier.
    func attach(_ node: Node) {
        guard operationOutput else { return }
        producer = node
        version = tensor?.storage.version ?? version
    }

    /// The tensor, if it was not modified since and the graph not freed.
    func get() throws(TensorError) -> Tensor {
        guard let tensor else {
            throw .runtime(
                "Trying to backward through the graph a second time (or directly access saved tensors after they have already been freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). Specify retain_graph=True if you need to backward through the graph a second time or if you need to access saved tensors after calling backward."
            )
        }
        if tensor.storage.version != version {
            let producerName = (tensor.ownNode ?? producer)?.operationName
            let origin = producerName.map { ", which is output 0 of \($0)," } ?? ""
            throw .runtime(
                "one of the variables needed for gradient computation has been modified by an inplace operation: [torch.\(tensor.dtype.typeName)Tensor \(bracketed(tensor.shape))]\(origin) is at version \(tensor.storage.version); expected version \(version) instead. Hint: enable anomaly detection to find the operation that failed to compute its gradient, with torch.autograd.set_detect_anomaly(True, check_nan=False)."
            )
        }
        if operationOutput, EngineState.gradEnabled, let producer {
            let result = tensor.aliasWithoutGraph()
            result.ownNode = producer
            return result
        }
        return tensor
    }

    /// Whether `get` would find the tensor as it was saved.
    var isUnchanged: Bool { tensor != nil && tensor?.storage.version == version }

    func release() { tensor = nil }
}

/// The gradient rule of one executed operation: from the gradient of its result to the gradients of its operands.
package struct Gradient {
    package typealias Rule = (Tensor) throws -> [Tensor?]
    package let operation: Operation
    let saved: [Saved]
    let rule: Rule
    var customName: String?

    init(_ operation: Operation, saved: [Saved] = [], _ rule: @escaping Rule) {
        self.operation = operation
        self.saved = saved
        self.rule = rule
    }

    func apply(_ gradient: Tensor) throws(TensorError) -> [Tensor?] {
        do { return try rule(gradient) } catch { throw TensorError.passing(error) }
    }

    /// A rule of one operand that needs that operand.
    init(_ operation: Operation, input x: Tensor, _ rule: @escaping (Tensor, Tensor) throws -> Tensor) {
        let x = Saved(x)
        self.init(operation, saved: [x]) { g in [try rule(g, try x.get())] }
    }

    /// A rule of one operand that needs the result.
    init(_ operation: Operation, output y: Tensor, _ rule: @escaping (Tensor, Tensor) throws -> Tensor) {
        let y = Saved(output: y)
        self.init(operation, saved: [y]) { g in [try rule(g, try y.get())] }
    }

    /// A linear rule of one operand.
    static func linear(_ operation: Operation, _ rule: @escaping (Tensor) throws -> Tensor) -> Gradient {
        Gradient(operation) { g in [try rule(g)] }
    }

    /// A rule defined outside the engine. `saved` tensors are passed to `rule` after the gradient.
    package static func custom(
        _ name: String, saved: [Tensor], _ rule: @escaping (Tensor, [Tensor]) throws -> [Tensor?]
    ) -> Gradient {
        let kept = saved.map { Saved($0) }
        var gradient = Gradient(.custom, saved: kept) { g in
            var values: [Tensor] = []
            for value in kept { values.append(try value.get()) }
            return try rule(g, values)
        }
        gradient.customName = name
        return gradient
    }
}

/// A hook on a gradient: may return a replacement.
package final class TensorHook {
    private let body: (Tensor) throws -> Tensor?
    package init(_ body: @escaping (Tensor) throws -> Tensor?) { self.body = body }

    /// Errors the language raised inside the hook pass through as the caller's `foreign` error.
    func call(_ gradient: Tensor) throws(TensorError) -> Tensor? {
        do { return try body(gradient) } catch { throw TensorError.passing(error) }
    }
}

/// A vertex of the gradient graph: one executed operation, or the place where a leaf accumulates its gradient.
package final class Node {
    package let operation: Operation
    var gradient: Gradient?
    /// Producers of the operands, nil where an operand needs no gradient.
    package internal(set) var next: [Node?]
    /// Later operations have larger numbers; backward runs them first.
    let sequence: Int
    /// The result's sizes and dtype, which its gradient must have.
    let sizes: [Int]
    let dtype: DType
    /// For `accumulate`: the leaf.
    let variable: Tensor?
    var hooks: [TensorHook] = []
    weak var retainer: Tensor?
    package let traceback: String?
    /// The user's language's object for this vertex, while it lives.
    package var languageCell: UInt = 0

    /// What `grad_fn.name()` returns.
    package var name: String { gradient?.customName ?? operation.rawValue }

    /// The name without its ending, as error messages say it: `Mul` of `MulBackward0`.
    var operationName: String {
        guard let end = name.firstRange(of: "Backward") else { return name }
        return String(name[..<end.lowerBound])
    }

    init(_ gradient: Gradient, next: [Node?], result: Tensor) {
        operation = gradient.operation
        self.gradient = gradient
        self.next = next
        sizes = result.shape
        dtype = result.dtype
        variable = nil
        EngineState.nextSequence += 1
        sequence = EngineState.nextSequence
        traceback = EngineState.detectAnomaly ? EngineState.captureTraceback?() : nil
        for saved in gradient.saved { saved.attach(self) }
    }

    init(accumulating variable: Tensor) {
        operation = .accumulate
        gradient = nil
        next = []
        sizes = variable.shape
        dtype = variable.dtype
        self.variable = variable
        sequence = .max
        traceback = nil
    }

    func release() { for saved in gradient?.saved ?? [] { saved.release() } }

    /// Takes the chain below apart in a loop: a recursive release of a long chain would exhaust the stack.
    deinit {
        var pending = next.compactMap { $0 }
        next = []
        while var node = pending.popLast() {
            if isKnownUniquelyReferenced(&node) {
                pending += node.next.compactMap { $0 }
                node.next = []
            }
        }
    }
}

extension Tensor {
    func aliasWithoutGraph() -> Tensor { Tensor(storage: storage, layout: layout, dtype: dtype) }

    func aliasWithGraph() -> Tensor {
        let alias = aliasWithoutGraph()
        alias.ownNode = node
        return alias
    }

    /// The node that computed this tensor; nil for leaves. Views of a modified base get a new one.
    package var node: Node? {
        if let base, seenEpoch != base.historyEpoch {
            seenEpoch = base.historyEpoch
            if base.ownNode != nil {
                ownNode = Node(.asStrided(base: base, layout: layout), next: [base.gradientEdge], result: self)
            }
        }
        return ownNode
    }

    package var isLeaf: Bool { node == nil }

    package var requiresGrad: Bool { leafRequiresGrad || node != nil }

    /// - Parameter refusal: what is said to tensors of integers.
    package func setRequiresGrad(
        _ value: Bool, refusal: String = "Only Tensors of floating point and complex dtype can require gradients"
    ) throws(TensorError) {
        if !isLeaf {
            if value { return }
            throw .runtime(
                "you can only change requires_grad flags of leaf variables. If you want to use a computed variable in a subgraph that doesn't require differentiation use var_no_grad = var.detach()."
            )
        }
        if value && !dtype.isFloatingPoint { throw .runtime(refusal) }
        leafRequiresGrad = value
    }

    /// Where the gradient of this tensor goes.
    var gradientEdge: Node? {
        if let node { return node }
        guard leafRequiresGrad else { return nil }
        if let accumulator { return accumulator }
        let fresh = Node(accumulating: self)
        accumulator = fresh
        return fresh
    }

    /// Records how `self` was computed, if any operand needs a gradient. The rule is made only then.
    @discardableResult
    func recorded(_ operands: [Tensor], _ gradient: () -> Gradient) -> Tensor {
        guard EngineState.gradEnabled, dtype.isFloatingPoint, operands.contains(where: { $0.requiresGrad }) else { return self }
        ownNode = Node(gradient(), next: operands.map { $0.gradientEdge }, result: self)
        return self
    }

    /// Records a rule the caller made: for operations defined outside the engine.
    package func recordingCustom(_ operands: [Tensor], _ gradient: () -> Gradient) -> Tensor { recorded(operands, gradient) }

    /// Marks `self` a view of `source`: same storage, in-place changes of either reach the other's history.
    func asView(of source: Tensor) -> Tensor {
        let root = source.base ?? source
        base = root
        seenEpoch = root.historyEpoch
        return self
    }

    /// The same elements outside the graph.
    package func detach() -> Tensor { aliasWithoutGraph() }

    /// Calls `body` with every gradient of this tensor; a returned tensor replaces it.
    package func registerHook(_ hook: TensorHook) throws(TensorError) {
        guard requiresGrad else { throw .runtime("cannot register a hook on a tensor that doesn't require gradient") }
        if let node { node.hooks.append(hook) } else { hooks.append(hook) }
    }

    package func removeHook(_ hook: TensorHook) {
        hooks.removeAll { $0 === hook }
        accumulationHooks.removeAll { $0 === hook }
        node?.hooks.removeAll { $0 === hook }
    }

    /// Calls `body` with the tensor after a gradient was added to its `grad`.
    package func registerPostAccumulateGradHook(_ hook: TensorHook) throws(TensorError) {
        guard isLeaf, requiresGrad else { throw .runtime("post accumulate grad hooks cannot be registered on non-leaf tensors") }
        accumulationHooks.append(hook)
    }

    /// Makes a computed tensor keep its gradient in `grad`.
    package func retainGrad() throws(TensorError) {
        guard requiresGrad else { throw .runtime("can't retain_grad on Tensor that has requires_grad=False") }
        guard let node else { return }
        retainsGrad = true
        node.retainer = self
    }
}
