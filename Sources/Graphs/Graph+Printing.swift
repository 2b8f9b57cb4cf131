import NN

/// The graph as text: the listing of torch.fx, its table, and Python source.
extension Graph {
    private func call(_ node: Node) -> String {
        (node.arguments.map(\.text) + node.keywords.pairs.map { "\($0.key) = \($0.value.text)" }).joined(separator: ", ")
    }

    /// One line for each node: `%add : [num_users=1] = call_function[target=operator.add](args = (%x, %y), kwargs = {})`
    package var listing: String {
        func percent(_ argument: Argument) -> String {
            switch argument {
            case .node(let node): "%\(node.name)"
            case .list(let items): "[" + items.map(percent).joined(separator: ", ") + "]"
            case .tuple(let items): items.count == 1 ? "(\(percent(items[0])),)" : "(" + items.map(percent).joined(separator: ", ") + ")"
            default: argument.text
            }
        }
        var lines = ["graph():"]
        for node in nodes {
            let users = "[num_users=\(node.users.count)]"
            switch node.opcode {
            case .placeholder: lines.append("    %\(node.name) : \(users) = placeholder[target=\(node.target)]")
            case .output: lines.append("    return \(node.arguments.first.map { $0.node?.name ?? $0.text } ?? "None")")
            case .getAttribute: lines.append("    %\(node.name) : \(users) = get_attr[target=\(node.target)]")
            case .callFunction, .callMethod, .callModule:
                let keywords = "{" + node.keywords.pairs.map { "\($0.key): \(percent($0.value))" }.joined(separator: ", ") + "}"
                lines.append(
                    "    %\(node.name) : \(users) = \(node.opcode.rawValue)[target=\(node.target)](args = \(percent(.tuple(node.arguments))), kwargs = \(keywords))"
                )
            }
        }
        return lines.joined(separator: "\n")
    }

    /// `print_tabular`: opcode, name, target, args, kwargs in columns.
    package var table: String {
        let header = ["opcode", "name", "target", "args", "kwargs"]
        let rows = nodes.map { node in
            [
                node.opcode.rawValue, node.name, node.target, Argument.tuple(node.arguments).text,
                "{" + node.keywords.pairs.map { "'\($0.key)': \($0.value.text)" }.joined(separator: ", ") + "}",
            ]
        }
        let widths = header.indices.map { column in max(header[column].count, rows.map { $0[column].count }.max() ?? 0) }
        func line(_ cells: [String]) -> String {
            var text = zip(cells, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
            while text.hasSuffix(" ") { text.removeLast() }
            return text
        }
        return ([line(header), widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ")] + rows.map(line)).joined(separator: "\n")
    }

    /// The forward function as Python source; values are released (`= None`) after their last use.
    package var code: String {
        var lastUse: [ObjectIdentifier: Node] = [:]
        for node in nodes { for operand in node.operands { lastUse[ObjectIdentifier(operand)] = node } }
        let parameters = placeholders.map { node in ", " + node.target + (node.defaultValue.map { " = \($0.text)" } ?? "") }.joined()
        var lines = ["def forward(self\(parameters)):"]
        for node in nodes {
            switch node.opcode {
            case .placeholder: if node.name != node.target { lines.append("    \(node.name) = \(node.target)") }
            case .output: lines.append("    return \(node.arguments.first?.text ?? "None")")
            case .getAttribute: lines.append("    \(node.name) = \(Graph.path(node.target))")
            case .callModule: lines.append("    \(node.name) = \(Graph.path(node.target))(\(call(node)))")
            case .callFunction: lines.append("    \(node.name) = \(node.target)(\(call(node)))")
            case .callMethod:
                let rest = (node.arguments.dropFirst().map(\.text) + node.keywords.pairs.map { "\($0.key) = \($0.value.text)" }).joined(
                    separator: ", ")
                lines.append("    \(node.name) = \(node.arguments.first?.text ?? "None").\(node.target)(\(rest))")
            }
            let dead = node.operands.filter { lastUse[ObjectIdentifier($0)] === node && node.opcode != .output }.map(\.name)
            if !dead.isEmpty, !lines.isEmpty { lines[lines.count - 1] += ";  " + dead.map { "\($0) = " }.joined() + "None" }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// `self.features` as source; parts that are no identifiers become `getattr` calls.
    private static func path(_ target: String) -> String {
        target.split(separator: ".").reduce("self") { text, part in
            part.first?.isNumber ?? false ? "getattr(\(text), \"\(part)\")" : "\(text).\(part)"
        }
    }
}
