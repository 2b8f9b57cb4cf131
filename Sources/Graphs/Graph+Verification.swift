import NN

/// The invariants of a graph, and of a graph with the modules it names.
extension Graph {
    /// Throws at the first violation: order, users, names, one output at the end, and paths that exist below `root`.
    package func verify(root: Module? = nil) throws(GraphError) {
        var seen: Set<ObjectIdentifier> = []
        var names: Set<String> = []
        for (position, node) in nodes.enumerated() {
            guard names.insert(node.name).inserted else { throw GraphError(.runtime, "Node redefined name \(node.name)!") }
            for operand in node.operands {
                guard seen.contains(ObjectIdentifier(operand)) else {
                    throw GraphError(
                        .runtime,
                        "Argument '\(operand.name)' of Node '\(node.name)' was used before it has been defined! Please check that Nodes in the graph are topologically ordered"
                    )
                }
                guard operand.users.contains(where: { $0 === node }) else {
                    throw GraphError(.runtime, "node \(operand.name) does not know its user \(node.name)")
                }
            }
            switch node.opcode {
            case .placeholder:
                guard node.operands.isEmpty else { throw GraphError(.runtime, "placeholder \(node.name) has operands") }
            case .output:
                guard position == nodes.count - 1 else { throw GraphError(.runtime, "the output is not the last node") }
            case .callModule:
                if let root { try checkModule(node, root) }
            case .getAttribute, .callFunction, .callMethod: break
            }
            seen.insert(ObjectIdentifier(node))
        }
        guard output != nil else { throw GraphError(.runtime, "the graph has no output") }
    }

    private func checkModule(_ node: Node, _ root: Module) throws(GraphError) {
        do { _ = try root.submodule(node.target) } catch {
            throw GraphError(.runtime, "Node \(node.name) target \(node.target) references nonexistent module")
        }
    }
}
