import NN
import Tensors

/// Runs a graph node by node, releasing each value after its last use.
package struct GraphExecutor {
    private let module: GraphModule

    package init(_ module: GraphModule) { self.module = module }

    /// `observe` is called with every node's result.
    package func run(_ inputs: [Argument], observe: ((Node, Argument) throws(GraphError) -> Void)? = nil) throws(GraphError) -> Argument {
        var values: [ObjectIdentifier: Argument] = [:]
        var remaining: [ObjectIdentifier: Int] = [:]
        var next = 0
        let placeholders = module.graph.placeholders
        if inputs.count > placeholders.count {
            throw GraphError(.type, "forward() takes \(placeholders.count + 1) positional arguments but \(inputs.count + 1) were given")
        }
        for node in module.graph.nodes {
            let value: Argument
            if node.opcode == .placeholder {
                value = try bind(node, next < inputs.count ? inputs[next] : nil)
                next += 1
            } else {
                value = try evaluate(node, values)
            }
            if node.opcode == .output { return value }
            try observe?(node, value)
            values[ObjectIdentifier(node)] = value
            remaining[ObjectIdentifier(node)] = node.users.count
            for operand in node.operands {
                let left = (remaining[ObjectIdentifier(operand)] ?? 1) - 1
                remaining[ObjectIdentifier(operand)] = left
                if left == 0 { values[ObjectIdentifier(operand)] = nil }
            }
        }
        throw GraphError(.runtime, "the graph has no output")
    }

    private func bind(_ node: Node, _ given: Argument?) throws(GraphError) -> Argument {
        if let value = given ?? node.defaultValue { return value }
        throw GraphError(.type, "forward() missing 1 required positional argument: '\(node.target)'")
    }

    private func evaluate(_ node: Node, _ values: [ObjectIdentifier: Argument]) throws(GraphError) -> Argument {
        func resolved(_ argument: Argument) throws(GraphError) -> Argument {
            try argument.mapNodes { (operand: Node) throws(GraphError) in
                guard let value = values[ObjectIdentifier(operand)] else {
                    throw GraphError(.runtime, "Node \(node.name) uses \(operand.name), which has no value yet")
                }
                return value
            }
        }
        var arguments: [Argument] = []
        for argument in node.arguments { arguments.append(try resolved(argument)) }
        var keywords = OrderedTable<Argument>()
        for (key, value) in node.keywords.pairs { keywords[key] = try resolved(value) }
        switch node.opcode {
        case .placeholder: throw GraphError(.runtime, "a placeholder is bound, not evaluated")
        case .output: return arguments.first ?? .none
        case .getAttribute: return try attribute(node.target)
        case .callModule: return try call(node, arguments, keywords)
        case .callFunction, .callMethod:
            if let function = FunctionTable.implementation(node.target) {
                do throws(TensorError) { if let result = try function(arguments, keywords) { return result } } catch { throw GraphError(error) }
            }
            guard let foreignCall = module.foreignCall else { throw GraphError(.notImplemented, "function '\(node.target)' is not supported") }
            do { return try foreignCall(node, arguments, keywords) } catch { throw GraphError.passing(error) }
        }
    }

    private func attribute(_ path: String) throws(GraphError) -> Argument {
        let parts = path.split(separator: ".").map(String.init)
        do throws(TensorError) {
            let owner = try module.submodule(parts.dropLast().joined(separator: "."))
            if let last = parts.last, let tensor = owner.parameter(last) ?? owner.buffer(last) { return .tensor(tensor) }
        } catch {
            throw GraphError(error)
        }
        throw GraphError(.attribute, "'\(module.typeName)' object has no attribute '\(path)'")
    }

    private func call(_ node: Node, _ arguments: [Argument], _ keywords: OrderedTable<Argument>) throws(GraphError) -> Argument {
        do throws(TensorError) {
            let target = try module.submodule(node.target)
            var tensors: [Tensor] = []
            for argument in arguments + keywords.pairs.map(\.value) {
                if let tensor = argument.tensor {
                    tensors.append(tensor)
                } else if let items = argument.items, items.allSatisfy({ $0.tensor != nil }) {
                    tensors += items.compactMap(\.tensor)
                }
            }
            let flat = arguments.allSatisfy { $0.tensor != nil || ($0.items?.allSatisfy { $0.tensor != nil } ?? false) }
            // Layers of this side whose hooks are written in the language are called through it.
            if let language = target.languageForward, flat {
                do { return .tensor(try language(tensors)) } catch { throw GraphError.passing(error).asTensorError }
            }
            if flat || target.languageForward == nil { return .tensor(try target.call(tensors)) }
        } catch {
            throw GraphError(error)
        }
        guard let foreignCall = module.foreignCall else {
            throw GraphError(.notImplemented, "module '\(node.target)' takes arguments that are not tensors")
        }
        do { return try foreignCall(node, arguments, keywords) } catch { throw GraphError.passing(error) }
    }
}
