import NN

/// A traced program: nodes in an order in which every operand precedes its use. torch.fx's `Graph`.
///
/// The graph owns its nodes; it does not own modules, which nodes name by path. `verify` checks the invariants.
package final class Graph {
    package private(set) var nodes: [Node] = []
    private var names: Set<String> = []
    /// New nodes go before this one; nil: at the end.
    package var insertionPoint: Node?

    package init() {}

    // MARK: Building

    @discardableResult
    package func create(
        _ opcode: Opcode, _ target: String, _ arguments: [Argument] = [], _ keywords: OrderedTable<Argument> = .init(), name: String? = nil
    ) -> Node {
        let node = Node(opcode, name: uniqueName(name ?? target), target: target, arguments: [], keywords: .init())
        node.setArguments(arguments, keywords)
        if let insertionPoint, let position = nodes.firstIndex(where: { $0 === insertionPoint }) {
            nodes.insert(node, at: position)
        } else {
            nodes.append(node)
        }
        return node
    }

    /// Runs `body` with new nodes placed before `node`.
    package func inserting<R>(before node: Node, _ body: () -> R) -> R {
        let previous = insertionPoint
        insertionPoint = node
        defer { insertionPoint = previous }
        return body()
    }

    /// Runs `body` with new nodes placed after `node`.
    package func inserting<R>(after node: Node, _ body: () -> R) -> R {
        let previous = insertionPoint
        let position = nodes.firstIndex { $0 === node } ?? nodes.count - 1
        insertionPoint = position + 1 < nodes.count ? nodes[position + 1] : nil
        defer { insertionPoint = previous }
        return body()
    }

    /// The name with everything but letters, digits and underscores replaced, numbered if taken.
    private func uniqueName(_ wanted: String) -> String {
        var base = String(wanted.map { $0.isLetter || $0.isNumber || $0 == "_" ? $0 : "_" })
        if base.isEmpty || base.first!.isNumber { base = "_" + base }
        var name = base
        var k = 0
        while !names.insert(name).inserted {
            k += 1
            name = base + "_\(k)"
        }
        return name
    }

    /// Gives a node the name `wanted`, or the next free one.
    package func rename(_ node: Node, to wanted: String) {
        names.remove(node.name)
        node.name = uniqueName(wanted)
    }

    // MARK: Changing

    /// Removes a node nobody uses.
    package func erase(_ node: Node) throws(GraphError) {
        guard node.users.isEmpty else {
            throw GraphError(
                .runtime,
                "Tried to erase Node \(node.name) but it still had \(node.users.count) users in the graph: {\(node.users.map(\.name).joined(separator: ", "))}!"
            )
        }
        node.setArguments([])
        nodes.removeAll { $0 === node }
        names.remove(node.name)
    }

    /// Removes every node without effect on the output; placeholders stay. True if there was one.
    @discardableResult
    package func eliminateDeadCode() throws(GraphError) -> Bool {
        var changed = false
        for node in nodes.reversed() where node.users.isEmpty && node.opcode != .output && node.opcode != .placeholder {
            try erase(node)
            changed = true
        }
        return changed
    }

    /// A copy whose nodes are new and whose arguments refer to the copies.
    package func copy() throws(GraphError) -> Graph {
        let result = Graph()
        var copies: [ObjectIdentifier: Node] = [:]
        for node in nodes {
            func translated(_ argument: Argument) throws(GraphError) -> Argument {
                try argument.mapNodes { (operand: Node) throws(GraphError) in
                    guard let copy = copies[ObjectIdentifier(operand)] else {
                        throw GraphError(.runtime, "node \(node.name) uses \(operand.name) before it is defined")
                    }
                    return .node(copy)
                }
            }
            var arguments: [Argument] = []
            for argument in node.arguments { arguments.append(try translated(argument)) }
            var keywords = OrderedTable<Argument>()
            for (key, value) in node.keywords.pairs { keywords[key] = try translated(value) }
            let copy = result.create(node.opcode, node.target, arguments, keywords, name: node.name)
            (copy.scope, copy.foreign, copy.location, copy.defaultValue, copy.annotations) = (
                node.scope, node.foreign, node.location, node.defaultValue, node.annotations
            )
            copies[ObjectIdentifier(node)] = copy
        }
        return result
    }

    // MARK: Looking

    package var placeholders: [Node] { nodes.filter { $0.opcode == .placeholder } }
    package var output: Node? { nodes.last { $0.opcode == .output } }

    /// How often each module path is called.
    package var callCounts: [String: Int] {
        var counts: [String: Int] = [:]
        for node in nodes where node.opcode == .callModule { counts[node.target, default: 0] += 1 }
        return counts
    }
}
