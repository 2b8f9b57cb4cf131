extension Expression {
    /// One more than the highest child: what recursion over the tree costs.
    static func height(of node: Node) -> Int32 {
        var highest: Int32 = 0
        func see(_ child: Expression?) {
            if let child, child.height > highest { highest = child.height }
        }
        func see(_ children: [Expression]) {
            for child in children where child.height > highest { highest = child.height }
        }
        func see(_ parts: [FStringPart]) {
            for case .replacement(let value, _, let format, _) in parts {
                see(value)
                if let format { see(format) }
            }
        }
        func see(_ parameters: Parameters) {
            for group in [parameters.positionalOnly, parameters.positional, parameters.keywordOnly] {
                for parameter in group { see(parameter.default) }
            }
        }
        switch node {
        case .constant, .name: break
        case .joinedString(let parts): see(parts)
        case .tuple(let elements), .list(let elements), .set(let elements), .boolean(_, let elements): see(elements)
        case .dict(let items):
            for (key, value) in items {
                see(key)
                see(value)
            }
        case .starred(let operand), .unary(_, let operand), .attribute(let operand, _, _), .yieldFrom(let operand),
            .named(_, _, let operand):
            see(operand)
        case .yield(let operand): see(operand)
        case .binary(_, let left, let right), .subscript(let left, let right):
            see(left)
            see(right)
        case .compare(let first, let rest):
            see(first)
            for (_, operand) in rest { see(operand) }
        case .call(let callee, let arguments, let keywords):
            see(callee)
            see(arguments)
            for keyword in keywords { see(keyword.value) }
        case .slice(let lower, let upper, let step):
            see(lower)
            see(upper)
            see(step)
        case .lambda(let parameters, let body):
            see(parameters)
            see(body)
        case .conditional(let test, let then, let otherwise):
            see(test)
            see(then)
            see(otherwise)
        case .comprehension(_, let element, let value, let clauses):
            see(element)
            see(value)
            for clause in clauses {
                see(clause.target)
                see(clause.iterable)
                see(clause.conditions)
            }
        }
        return highest + 1
    }
}
