import Diagnostics

/// What stands in brackets: tuples, lists, sets, dicts, comprehensions.
extension Parser {
    /// `(...)`: a tuple, a generator expression, or an expression whose parentheses leave no trace.
    mutating func parenthesized() throws(ParseFailure) -> Expression {
        let open = position
        return try tried(from: open) { parser throws(ParseFailure) in
            let start = parser.tokens[open].start
            parser.position += 1
            if parser.accept(.rightParen) { return try parser.make(.tuple([]), from: start) }
            if parser.kind == .yieldKeyword {
                let value = try parser.yieldExpression()
                try parser.expect(.rightParen)
                return value
            }
            let first = try parser.starNamedExpression()
            switch parser.kind {
            case .comma:
                let elements = try parser.elements(after: first)
                try parser.expect(.rightParen)
                return try parser.make(.tuple(elements), from: start)
            case .forKeyword, .asyncKeyword:
                if case .starred = first.node { throw parser.mismatch() }
                let clauses = try parser.comprehensionClauses()
                try parser.expect(.rightParen)
                return try parser.make(.comprehension(.generator, element: first, value: nil, clauses: clauses), from: start)
            default:
                if case .starred = first.node, parser.kind == .rightParen {
                    parser.position += 1
                    throw parser.mismatch()
                }
                try parser.expect(.rightParen)
                return first
            }
        } diagnose: { parser throws(ParseFailure) in
            try parser.diagnoseParenthesized()
        }
    }

    mutating func listDisplay() throws(ParseFailure) -> Expression {
        let open = position
        return try tried(from: open) { parser throws(ParseFailure) in
            let start = parser.tokens[open].start
            parser.position += 1
            if parser.accept(.rightBracket) { return try parser.make(.list([]), from: start) }
            let first = try parser.starNamedExpression()
            if let clauses = try parser.clauses(for: first) {
                try parser.expect(.rightBracket)
                return try parser.make(.comprehension(.list, element: first, value: nil, clauses: clauses), from: start)
            }
            let elements = try parser.elements(after: first)
            try parser.expect(.rightBracket)
            return try parser.make(.list(elements), from: start)
        } diagnose: { parser throws(ParseFailure) in
            try parser.diagnoseComprehension()
        }
    }

    /// `{...}`: a dict, a set or a comprehension of either.
    mutating func braceDisplay() throws(ParseFailure) -> Expression {
        let open = position
        do {
            return try braceContents()
        } catch {
            if error == .raised { throw error }
            position = open
            try diagnoseDictItems()
            if isLookingForMistakes { try diagnoseBraces() }
            throw error
        }
    }

    private mutating func braceContents() throws(ParseFailure) -> Expression {
        let open = position
        let start = self.start
        position += 1
        if accept(.rightBrace) { return try make(.dict([]), from: start) }
        if kind == .doubleStar { return try dictRest([], from: start) }
        let first = try starNamedExpression()
        if kind == .colon {
            if case .starred = first.node { throw mismatch() }
            if case .named = first.node, wasBareNamedExpression(first, at: open + 1) { throw mismatch() }
            return try dict(firstKey: first, from: start)
        }
        if let clauses = try clauses(for: first) {
            try expect(.rightBrace)
            return try make(.comprehension(.set, element: first, value: nil, clauses: clauses), from: start)
        }
        let elements = try elements(after: first)
        try expect(.rightBrace)
        return try make(.set(elements), from: start)
    }

    private func wasBareNamedExpression(_ expression: Expression, at index: Int) -> Bool {
        tokens[index].start == expression.range.start
    }

    /// The rest of a comma-separated list whose first element is parsed; a trailing comma is taken.
    mutating func elements(after first: Expression) throws(ParseFailure) -> [Expression] {
        var elements = [first]
        while accept(.comma) {
            guard let next = try element({ parser throws(ParseFailure) in try parser.starNamedExpression() }) else { break }
            elements.append(next)
        }
        furthest = max(furthest, position)
        return elements
    }

    private mutating func clauses(for element: Expression) throws(ParseFailure) -> [ComprehensionClause]? {
        guard kind == .forKeyword || kind == .asyncKeyword else { return nil }
        if case .starred = element.node { throw mismatch() }
        return try comprehensionClauses()
    }

    // MARK: - Dicts

    private mutating func dict(firstKey key: Expression, from start: Int32) throws(ParseFailure) -> Expression {
        try expect(.colon)
        let value = try expression()
        if let clauses = try clauses(for: key) {
            try expect(.rightBrace)
            return try make(.comprehension(.dict, element: key, value: value, clauses: clauses), from: start)
        }
        if kind != .comma {
            try expect(.rightBrace)
            return try make(.dict([(key, value)]), from: start)
        }
        position += 1
        return try dictRest([(key, value)], from: start)
    }

    private mutating func dictRest(
        _ first: [(key: Expression?, value: Expression)], from start: Int32
    ) throws(ParseFailure) -> Expression {
        var items = first
        while kind != .rightBrace {
            items.append(try dictItem())
            guard accept(.comma) else { break }
        }
        try expect(.rightBrace)
        return try make(.dict(items), from: start)
    }

    /// `**mapping` or `key: value`.
    mutating func dictItem() throws(ParseFailure) -> (key: Expression?, value: Expression) {
        if accept(.doubleStar) { return (nil, try operand(.bitOr)) }
        let key = try expression()
        try expect(.colon)
        return (key, try expression())
    }

    // MARK: - Comprehensions

    /// One or more `for target in iterable if condition`.
    mutating func comprehensionClauses() throws(ParseFailure) -> [ComprehensionClause] {
        var clauses: [ComprehensionClause] = []
        repeat {
            if kind == .asyncKeyword, peek(1) == .forKeyword { throw unsupported("async comprehensions", at: token.range) }
            clauses.append(try comprehensionClause())
        } while kind == .forKeyword || (kind == .asyncKeyword && peek(1) == .forKeyword)
        return clauses
    }

    private mutating func comprehensionClause() throws(ParseFailure) -> ComprehensionClause {
        let first = position
        try expect(.forKeyword)
        let target = try tried(from: first) { parser throws(ParseFailure) in
            let target = try parser.starTargets()
            try parser.expect(.inKeyword)
            return target
        } diagnose: { parser throws(ParseFailure) in
            try parser.diagnoseForTarget()
        }
        noteStars(inTarget: target)
        let iterable = try disjunction()
        var conditions: [Expression] = []
        while accept(.ifKeyword) { conditions.append(try disjunction()) }
        return ComprehensionClause(target: target, iterable: iterable, conditions: conditions)
    }
}
