import NN

/// One operation of a graph. Identity matters: arguments refer to nodes; a node belongs to one graph.
package final class Node {
    package let opcode: Opcode
    /// Unique in the graph, a Python identifier.
    package internal(set) var name: String
    /// The module path, attribute path, method or function name; for placeholders the parameter's name.
    package var target: String
    package internal(set) var arguments: [Argument]
    package internal(set) var keywords: OrderedTable<Argument>
    /// Dotted path of the module whose forward created the node; "" for the root.
    package var scope = ""
    /// The function of the user's language, for targets the executor's table does not know.
    package var foreign: AnyObject?
    /// `file:line` of the user's code that created it.
    package var location: String?
    /// A placeholder's default.
    package var defaultValue: Argument?
    /// What passes record about the node.
    package var annotations: [String: Argument] = [:]
    /// Nodes that use this one, each once.
    package internal(set) var users: [Node] = []

    init(_ opcode: Opcode, name: String, target: String, arguments: [Argument], keywords: OrderedTable<Argument>) {
        self.opcode = opcode
        self.name = name
        self.target = target
        self.arguments = arguments
        self.keywords = keywords
    }

    /// Nodes this one uses, in order of appearance, each once.
    package var operands: [Node] {
        var result: [Node] = []
        func note(_ node: Node) { if !result.contains(where: { $0 === node }) { result.append(node) } }
        for argument in arguments { argument.forEachNode(note) }
        for pair in keywords.pairs { pair.value.forEachNode(note) }
        return result
    }

    package func argument(_ position: Int, _ keyword: String) -> Argument? { position < arguments.count ? arguments[position] : keywords[keyword] }

    /// Changes the arguments and the users of all nodes concerned.
    package func setArguments(_ arguments: [Argument], _ keywords: OrderedTable<Argument> = .init()) {
        for operand in operands { operand.users.removeAll { $0 === self } }
        self.arguments = arguments
        self.keywords = keywords
        for operand in operands { operand.users.append(self) }
    }

    /// Makes every user refer to `other` instead, except `other` itself.
    package func replaceAllUses(with other: Node) {
        for user in users where user !== other {
            func swapped(_ argument: Argument) -> Argument {
                // The closure throws nothing; a failure would leave the argument as it was.
                do { return try argument.mapNodes { (node: Node) throws(GraphError) in .node(node === self ? other : node) } } catch {
                    return argument
                }
            }
            var keywords = OrderedTable<Argument>()
            for (key, value) in user.keywords.pairs { keywords[key] = swapped(value) }
            user.setArguments(user.arguments.map(swapped), keywords)
        }
    }
}
