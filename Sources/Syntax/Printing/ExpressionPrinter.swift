/// Prints expressions with the parentheses that precedence asks for, and tuples with theirs.
struct ExpressionPrinter {
    /// Inside an f-string's replacement field: what quotes are left, and no backslash at all.
    var quotes = Quote.allCases
    var isInField = false

    /// The quotes of string literals, in the order an f-string prefers them.
    enum Quote: String, CaseIterable {
        case double = "\""
        case single = "'"
        case tripleDouble = "\"\"\""
        case tripleSingle = "'''"

        var isTriple: Bool { rawValue.utf8.count == 3 }
    }

    static func spelling(of operation: BinaryOperator) -> String { row(of: operation).spelling }

    private static func row(of operation: BinaryOperator) -> InfixOperator {
        binaryRows[Int(operation.rawValue)]
    }

    private static let binaryRows: [InfixOperator] = BinaryOperator.allCases.map { operation in
        for row in InfixOperator.table {
            if case .binary(operation) = row.meaning { return row }
        }
        preconditionFailure("no row for \(operation) in the operator table")
    }

    private static let comparisonSpellings: [String] = CompareOperator.allCases.map { operation in
        for row in InfixOperator.table {
            if case .comparison(operation) = row.meaning { return row.spelling }
        }
        preconditionFailure("no row for \(operation) in the operator table")
    }

    /// An expression where only operators looser than `minimum` need parentheses.
    func text(_ expression: Expression, atLeast minimum: Precedence = .lambda) -> String {
        let (precedence, text) = render(expression)
        return precedence < minimum ? "(\(text))" : text
    }

    /// An expression where a tuple, an assignment expression or `yield` may stand without parentheses.
    func bareTuple(_ expression: Expression) -> String {
        switch expression.node {
        case .tuple(let elements) where !elements.isEmpty: list(elements) + (elements.count == 1 ? "," : "")
        case .yield(let value): "yield" + (value.map { " " + bareTuple($0) } ?? "")
        case .yieldFrom(let value): "yield from " + text(value)
        default: text(expression)
        }
    }

    private func list(_ elements: [Expression]) -> String { elements.map { text($0) }.joined(separator: ", ") }

    private func render(_ expression: Expression) -> (Precedence, String) {
        switch expression.node {
        case .constant(let value): return (precedence(of: value), constant(value))
        case .joinedString(let parts): return (.primary, formatted(parts))
        case .name(let name): return (.primary, name)
        case .tuple(let elements): return (.primary, "(" + list(elements) + (elements.count == 1 ? ",)" : ")"))
        case .list(let elements): return (.primary, "[" + list(elements) + "]")
        case .set(let elements): return (.primary, "{" + list(elements) + "}")
        case .dict(let items): return (.primary, "{" + items.map(item).joined(separator: ", ") + "}")
        case .starred(let operand): return (.lambda, "*" + text(operand, atLeast: .bitOr))
        case .unary(.not, let operand): return (.not, "not " + text(operand, atLeast: .not))
        case .unary(let operation, let operand): return (.prefix, sign(operation) + text(operand, atLeast: .prefix))
        case .binary(let operation, let left, let right): return binary(operation, left, right)
        case .boolean(let operation, let operands):
            let precedence: Precedence = operation == .or ? .or : .and
            let name = operation == .or ? " or " : " and "
            return (precedence, operands.map { text($0, atLeast: precedence.tighter) }.joined(separator: name))
        case .compare(let first, let rest):
            let tail = rest.map { " \(Self.comparisonSpellings[Int($0.comparison.rawValue)]) \(text($0.operand, atLeast: .bitOr))" }
            return (.comparison, text(first, atLeast: .bitOr) + tail.joined())
        case .call(let callee, let positional, let keywords):
            return (.primary, text(callee, atLeast: .primary) + "(" + arguments(positional, keywords) + ")")
        case .attribute(let value, let name, _): return (.primary, attributeBase(value) + "." + name)
        case .subscript(let value, let index): return (.primary, text(value, atLeast: .primary) + "[" + subscriptIndex(index) + "]")
        case .slice(let lower, let upper, let step): return (.primary, slice(lower, upper, step))
        case .lambda(let parameters, let body):
            let list = text(parameters)
            return (.lambda, parenthesizedInField("lambda" + (list.isEmpty ? "" : " " + list) + ": " + text(body)))
        case .conditional(let test, let then, let otherwise):
            let head = "\(text(then, atLeast: .or)) if \(text(test, atLeast: .or)) else "
            return (.conditional, head + text(otherwise))
        case .comprehension(let kind, let element, let value, let clauses): return (.primary, comprehension(kind, element, value, clauses))
        case .yield, .yieldFrom: return (.primary, "(" + bareTuple(expression) + ")")
        case .named(let target, _, let value): return (.primary, "(\(target) := \(text(value)))")
        }
    }

    /// A lambda's colon would end a replacement field.
    private func parenthesizedInField(_ text: String) -> String { isInField ? "(\(text))" : text }

    private func sign(_ operation: UnaryOperator) -> String {
        switch operation {
        case .negative: "-"
        case .positive: "+"
        case .invert: "~"
        case .not: "not "
        }
    }

    /// Binary operators group to the left, `**` to the right; a sign may follow `**`.
    private func binary(_ operation: BinaryOperator, _ left: Expression, _ right: Expression) -> (Precedence, String) {
        let row = Self.row(of: operation)
        if operation == .power {
            return (.power, "\(text(left, atLeast: .primary)) ** \(text(right, atLeast: .prefix))")
        }
        // Down the left spine in a loop: it is as long as the chain.
        var pieces: [String] = [text(right, atLeast: row.precedence.tighter)]
        var operations = [operation]
        var leftmost = left
        while case .binary(let next, let nextLeft, let nextRight) = leftmost.node, Self.row(of: next).precedence == row.precedence {
            pieces.append(text(nextRight, atLeast: row.precedence.tighter))
            operations.append(next)
            leftmost = nextLeft
        }
        var result = text(leftmost, atLeast: row.precedence)
        for (operation, piece) in zip(operations.reversed(), pieces.reversed()) {
            result += " \(Self.spelling(of: operation)) \(piece)"
        }
        return (row.precedence, result)
    }

    private func attributeBase(_ value: Expression) -> String {
        if case .constant(.int) = value.node { return "(" + text(value) + ")" }
        if case .constant(.bigInt) = value.node { return "(" + text(value) + ")" }
        return text(value, atLeast: .primary)
    }

    private func item(_ item: (key: Expression?, value: Expression)) -> String {
        guard let key = item.key else { return "**" + text(item.value, atLeast: .bitOr) }
        return text(key) + ": " + text(item.value)
    }

    func arguments(_ positional: [Expression], _ keywords: [Keyword]) -> String {
        let named = keywords.map { keyword in (keyword.name.map { $0 + "=" } ?? "**") + text(keyword.value) }
        return (positional.map(argument) + named).joined(separator: ", ")
    }

    /// `*a or b` is one argument, though `*a` elsewhere binds tighter.
    private func argument(_ expression: Expression) -> String {
        guard case .starred(let operand) = expression.node else { return text(expression) }
        return "*" + text(operand)
    }

    private func subscriptIndex(_ index: Expression) -> String {
        guard case .tuple(let elements) = index.node, !elements.isEmpty else { return text(index) }
        return elements.map(argument).joined(separator: ", ") + (elements.count == 1 ? "," : "")
    }

    private func slice(_ lower: Expression?, _ upper: Expression?, _ step: Expression?) -> String {
        let head = (lower.map { text($0) } ?? "") + ":" + (upper.map { text($0) } ?? "")
        return head + (step.map { ":" + text($0) } ?? "")
    }

    private func comprehension(
        _ kind: ComprehensionKind, _ element: Expression, _ value: Expression?, _ clauses: [ComprehensionClause]
    ) -> String {
        var body = text(element) + (value.map { ": " + text($0) } ?? "")
        for clause in clauses {
            body += " for \(bareTuple(clause.target)) in \(text(clause.iterable, atLeast: .or))"
            for condition in clause.conditions { body += " if " + text(condition, atLeast: .or) }
        }
        switch kind {
        case .list: return "[\(body)]"
        case .set, .dict: return "{\(body)}"
        case .generator: return "(\(body))"
        }
    }

    // MARK: - Parameters

    func text(_ parameters: Parameters) -> String {
        var pieces = parameters.positionalOnly.map(parameter)
        if !pieces.isEmpty { pieces.append("/") }
        pieces += parameters.positional.map(parameter)
        if let variadic = parameters.variadic {
            pieces.append("*" + parameter(variadic))
        } else if !parameters.keywordOnly.isEmpty {
            pieces.append("*")
        }
        pieces += parameters.keywordOnly.map(parameter)
        if let rest = parameters.keywordVariadic { pieces.append("**" + parameter(rest)) }
        return pieces.joined(separator: ", ")
    }

    private func parameter(_ parameter: Parameters.Parameter) -> String {
        parameter.name + (parameter.annotation.map { ": " + text($0) } ?? "") + (parameter.default.map { "=" + text($0) } ?? "")
    }

    // MARK: - Constants

    private func precedence(of constant: Constant) -> Precedence {
        switch constant {
        case .int(let value) where value < 0: .prefix
        case .float(let value) where value.sign == .minus: .prefix
        default: .primary
        }
    }

    private func constant(_ value: Constant) -> String {
        if isInField {
            if case .string(let text) = value { return verbatim(text, prefix: "") ?? TreeDump.text(of: value) }
            if case .bytes(let bytes) = value {
                return verbatim(String(decoding: bytes, as: UTF8.self), prefix: "b") ?? TreeDump.text(of: value)
            }
        }
        return TreeDump.text(of: value)
    }

    /// A string without any escape, in whichever quotes are left; nil when none suits.
    private func verbatim(_ text: String, prefix: String) -> String? {
        if text.contains("\\") { return nil }
        for quote in quotes {
            if !quote.isTriple, text.contains(where: \.isNewline) { continue }
            if text.contains(quote.rawValue) || (quote.isTriple && text.last == quote.rawValue.last) { continue }
            return prefix + quote.rawValue + text + quote.rawValue
        }
        return nil
    }
}
