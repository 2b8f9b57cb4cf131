import Tensors

/// A value in a parameter group: what `optimizer.param_groups[0]["lr"]` reads and sets.
package enum OptionValue: Equatable, Sendable {
    case number(Double)
    case integer(Int)
    case pair(Double, Double)
    case flag(Bool)
    case none

    package var number: Double {
        switch self {
        case .number(let value): value
        case .integer(let value): Double(value)
        case .pair(let first, _): first
        case .flag(let value): value ? 1 : 0
        case .none: 0
        }
    }
    package var flag: Bool { self == .flag(true) }
}

/// Parameters that share options.
package final class ParameterGroup {
    package var parameters: [Tensor]
    package var options: OrderedTable<OptionValue>

    package init(_ parameters: [Tensor], _ options: OrderedTable<OptionValue> = .init()) {
        self.parameters = parameters
        self.options = options
    }

    package func number(_ name: String) -> Double { options[name]?.number ?? 0 }
    package func flag(_ name: String) -> Bool { options[name]?.flag ?? false }
    package func pair(_ name: String) -> (Double, Double) { if case .pair(let a, let b)? = options[name] { (a, b) } else { (0, 0) } }
    package var rate: Double {
        get { number("lr") }
        set { options["lr"] = .number(newValue) }
    }
}

/// State an optimizer keeps for one parameter: named tensors, and the number of steps taken.
package final class ParameterState {
    package var step = 0
    package var tensors = OrderedTable<Tensor>()
    package init() {}
}

/// The base of optimizers: groups, state, and the rule `update` of one parameter.
package class Optimizer {
    package private(set) var groups: [ParameterGroup] = []
    package var state: [ObjectIdentifier: ParameterState] = [:]
    package let defaults: OrderedTable<OptionValue>
    package let typeName: String

    init(_ typeName: String, _ groups: [ParameterGroup], _ defaults: OrderedTable<OptionValue>) throws(TensorError) {
        self.typeName = typeName
        self.defaults = defaults
        if groups.isEmpty || groups.allSatisfy({ $0.parameters.isEmpty }) { throw .value("optimizer got an empty parameter list") }
        for group in groups { try add(group) }
    }

    package func add(_ group: ParameterGroup) throws(TensorError) {
        for parameter in group.parameters where !parameter.isLeaf { throw .value("can't optimize a non-leaf Tensor") }
        let known = Set(groups.flatMap { $0.parameters.map { ObjectIdentifier($0) } })
        if group.parameters.contains(where: { known.contains(ObjectIdentifier($0)) }) {
            throw .value("some parameters appear in more than one parameter group")
        }
        for (name, value) in defaults.pairs where group.options[name] == nil { group.options[name] = value }
        groups.append(group)
    }

    /// One step from the gradients the parameters have.
    package func step() throws(TensorError) {
        try EngineState.noGrad { () throws(TensorError) in
            for group in groups {
                for parameter in group.parameters {
                    guard let gradient = parameter.grad else { continue }
                    let state = state(of: parameter)
                    try update(parameter, gradient, state, group)
                }
            }
        }
    }

    func state(of parameter: Tensor) -> ParameterState {
        if let present = state[ObjectIdentifier(parameter)] { return present }
        let fresh = ParameterState()
        state[ObjectIdentifier(parameter)] = fresh
        return fresh
    }

    func update(_ parameter: Tensor, _ gradient: Tensor, _ state: ParameterState, _ group: ParameterGroup) throws(TensorError) {
        preconditionFailure("\(typeName) does not define its update")
    }

    package func zeroGrad(setToNone: Bool = true) throws(TensorError) {
        for group in groups {
            for parameter in group.parameters {
                if setToNone { parameter.grad = nil } else { _ = try parameter.grad?.detach().zero_() }
            }
        }
    }

    /// A tensor of the state, made of zeros the first time.
    func zeros(_ name: String, like parameter: Tensor, _ state: ParameterState) throws(TensorError) -> Tensor {
        if let present = state.tensors[name] { return present }
        let fresh = try Tensor.zeros(parameter.shape, dtype: parameter.dtype)
        state.tensors[name] = fresh
        return fresh
    }

    /// Parameters numbered across groups, as `state_dict()` numbers them.
    package var numbered: [Tensor] { groups.flatMap(\.parameters) }

    package func repr() -> String {
        var text = "\(typeName) ("
        for (i, group) in groups.enumerated() {
            text += "\nParameter Group \(i)\n"
            for (name, value) in group.options.pairs.sorted(by: { $0.key < $1.key }) {
                let shown =
                    switch value {
                    case .number(let x): python(x)
                    case .integer(let n): String(n)
                    case .pair(let a, let b): "(\(python(a)), \(python(b)))"
                    case .flag(let flag): python(flag)
                    case .none: "None"
                    }
                text += "    \(name): \(shown)\n"
            }
        }
        return text + ")"
    }
}

/// `torch.nn.utils.clip_grad_norm_` and `clip_grad_value_`.
package enum GradientClipping {
    /// Scales all gradients so that their total norm is at most `maximum`; returns the norm before.
    @discardableResult
    package static func clipNorm(_ parameters: [Tensor], maximum: Double, p: Double = 2, errorIfNonFinite: Bool = false) throws(TensorError) -> Tensor
    {
        let gradients = parameters.compactMap { $0.grad?.detach() }
        if gradients.isEmpty { return try .scalar(0.0) }
        var norms: [Tensor] = []
        for gradient in gradients { norms.append(try gradient.norm(p: p)) }
        let total = try Tensor.stack(norms).norm(p: p)
        if errorIfNonFinite, try total.isfinite().item() == .bool(false) {
            throw .runtime(
                "The total norm of order \(python(p)) for gradients from `parameters` is non-finite, so it cannot be clipped. To disable this error and scale the gradients by the non-finite norm anyway, set `error_if_nonfinite=False`"
            )
        }
        let factor = try Tensor.wrapped(.double(maximum)).div(try total.add(try .wrapped(1e-6))).clamp(max: 1)
        for gradient in gradients { _ = try gradient.mul_(factor) }
        return total
    }

    package static func clipValue(_ parameters: [Tensor], _ limit: Double) throws(TensorError) {
        for parameter in parameters { _ = try parameter.grad?.detach().clamp_(min: .double(-limit), max: .double(limit)) }
    }
}
