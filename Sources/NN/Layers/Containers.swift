import Tensors

/// Modules called one after another.
///
/// A convolution followed by batch normalisation, and a rectifier after that, run as one operation when nothing observes them apart:
/// the results are the same bits, with fewer passes over memory.
package final class Sequential: Module {
    package init(_ modules: [Module] = [], typeName: String = "Sequential") throws(TensorError) {
        super.init(typeName: typeName)
        for (index, module) in modules.enumerated() { try addModule(String(index), module) }
    }

    package init(named modules: [(String, Module)], typeName: String = "Sequential") throws(TensorError) {
        super.init(typeName: typeName)
        for (name, module) in modules { try addModule(name, module) }
    }

    package func append(_ module: Module) throws(TensorError) { try addModule(String(childEntries.count), module) }

    package override func emptyCopy() throws(TensorError) -> Module {
        try Sequential([], typeName: typeName)
    }

    package override func forward(_ inputs: [Tensor]) throws(TensorError) -> Tensor {
        if languageForward != nil { return try super.forward(inputs) }
        let steps = children
        var values = inputs
        var i = 0
        while i < steps.count {
            if values.count == 1, let (result, consumed) = try fused(steps, i, values[0]) {
                values = [result]
                i += consumed
            } else {
                values = [try steps[i].call(values)]
                i += 1
            }
        }
        guard let result = values.first else { throw .type("forward() missing 1 required positional argument: 'input'") }
        return result
    }

    /// Runs convolution, normalisation and rectifier at `i` together, if they stand there unobserved. The result and how many ran.
    package func fused(_ steps: [Module], _ i: Int, _ input: Tensor) throws(TensorError) -> (Tensor, Int)? {
        guard i + 1 < steps.count, let convolution = steps[i] as? Convolution, let norm = steps[i + 1] as? BatchNorm,
            convolution.canFuse(input), norm.canFuse, norm.dimensions == convolution.dimensions, norm.channels == convolution.outChannels
        else { return nil }
        var range = Tensor.ActivationRange.none
        var consumed = 2
        if i + 2 < steps.count, let activation = steps[i + 2] as? Rectifier, !activation.hasHooks, activation.languageForward == nil {
            range = activation.range
            consumed = 3
        }
        return (try norm.normalize(after: convolution, input, range), consumed)
    }
}

/// A list of modules; only holds them.
package final class ModuleList: Module {
    package init(_ modules: [Module] = []) throws(TensorError) {
        super.init(typeName: "ModuleList")
        for module in modules { try append(module) }
    }

    package func append(_ module: Module) throws(TensorError) { try addModule(String(childEntries.count), module) }

    /// Equal neighbours print once: `(0-2): 3 x Linear(…)`.
    override func childDescriptions() throws(TensorError) -> [String] {
        var groups: [(first: Int, last: Int, text: String)] = []
        for (i, child) in children.enumerated() {
            let text = try child.repr()
            if let last = groups.last, last.text == text { groups[groups.count - 1].last = i } else { groups.append((i, i, text)) }
        }
        return groups.map { group in
            let label =
                group.first == group.last
                ? "(\(group.first)): \(group.text)" : "(\(group.first)-\(group.last)): \(group.last - group.first + 1) x \(group.text)"
            return Module.indented(label)
        }
    }

    package override func emptyCopy() throws(TensorError) -> Module {
        try ModuleList()
    }
}

/// Modules by name; only holds them.
package final class ModuleDict: Module {
    package init(_ modules: [(String, Module)] = []) throws(TensorError) {
        super.init(typeName: "ModuleDict")
        for (name, module) in modules { try addModule(name, module) }
    }

    package override func emptyCopy() throws(TensorError) -> Module {
        try ModuleDict()
    }
}

/// Parameters by position; only holds them.
package final class ParameterList: Module {
    package init(_ parameters: [Tensor] = []) throws(TensorError) {
        super.init(typeName: "ParameterList")
        for (i, parameter) in parameters.enumerated() { try registerParameter(String(i), parameter) }
    }

    package override func emptyCopy() throws(TensorError) -> Module {
        try ParameterList()
    }
}
