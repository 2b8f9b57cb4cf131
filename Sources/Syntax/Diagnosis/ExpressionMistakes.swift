import Diagnostics

/// Mistakes around operands: missing commas and `else`, `=` for `==`, Python 2's `print`.
extension Parser {
    mutating func diagnoseExpression() throws(ParseFailure) {
        let start = position
        try diagnoseMissingComma()
        position = start
        try diagnoseMissingElse()
        position = start
        try diagnoseLegacyCall()
        position = start
    }

    /// Two expressions side by side within brackets. Not a name before a string: that is more likely a mistyped prefix.
    private mutating func diagnoseMissingComma() throws(ParseFailure) {
        if kind == .name {
            if peek(1) == .string { return }
            if isTakenForSoftKeyword { return }
        }
        guard let first = try attempt({ parser throws(ParseFailure) in try parser.disjunction() }) else { return }
        guard startsExpression, let second = try withoutMistakes() else { return }
        if isLegacyName(first) || tokens[position - 1].level == 0 { return }
        throw raise("invalid syntax. Perhaps you forgot a comma?", at: first.range.union(second.range))
    }

    /// CPython 3.11 compares a name with its soft keywords only as far as the name goes: `c` and `mat` pass for them too.
    private var isTakenForSoftKeyword: Bool {
        let name = bytes[Int(token.start)..<Int(token.end)]
        return ["_", "case", "match"].contains { $0.utf8.starts(with: name) }
    }

    /// An expression whose own mistakes are not reported.
    private mutating func withoutMistakes() throws(ParseFailure) -> Expression? {
        let before = looksForMistakes
        looksForMistakes = false
        defer { looksForMistakes = before }
        return try attempt { parser throws(ParseFailure) in try parser.conditional() }
    }

    private mutating func diagnoseMissingElse() throws(ParseFailure) {
        guard let first = try attempt({ parser throws(ParseFailure) in try parser.disjunction() }), accept(.ifKeyword),
            let test = try attempt({ parser throws(ParseFailure) in try parser.disjunction() })
        else { return }
        furthest = max(furthest, position)
        if kind == .elseKeyword || kind == .colon { return }
        throw raise("expected 'else' after 'if' expression", at: first.range.union(test.range))
    }

    private func isLegacyName(_ expression: Expression) -> Bool {
        if case .name(let name) = expression.node { return name == "print" || name == "exec" }
        return false
    }

    private mutating func diagnoseLegacyCall() throws(ParseFailure) {
        guard kind == .name, peek(1) != .leftParen else { return }
        let (name, nameRange) = try expectName()
        guard startsExpression || kind == .star,
            let argument = try attempt({ parser throws(ParseFailure) in try parser.starExpressions() })
        else { return }
        guard name == "print" || name == "exec" else { return }
        throw raise(
            "Missing parentheses in call to '\(name)'. Did you mean \(name)(...)?", at: nameRange.union(argument.range))
    }

    // MARK: - Assignments inside expressions

    mutating func diagnoseNamedExpression() throws(ParseFailure) {
        let start = position
        if memo[.namedExpression, start] != nil { return }
        memo[.namedExpression, start] = .mismatch
        if let target = try expressionIfAny(), accept(.colonEqual), try expressionIfAny() != nil {
            throw raise("cannot use assignment expressions with \(TargetChecker.name(of: target))", at: target.range)
        }
        position = start
        try diagnoseNameEqual()
        position = start
        try diagnoseEqual()
        position = start
    }

    /// `name = value` where an expression is wanted.
    private mutating func diagnoseNameEqual() throws(ParseFailure) {
        guard kind == .name, peek(1) == .equal else { return }
        let nameRange = token.range
        position += 2
        guard let value = try bitwiseOrIfAny(), endsComparison() else { return }
        throw raise("invalid syntax. Maybe you meant '==' or ':=' instead of '='?", at: nameRange.union(value.range))
    }

    /// `f(x) = value` where an expression is wanted. What could be a target all the same is left alone.
    private mutating func diagnoseEqual() throws(ParseFailure) {
        switch kind {
        case .trueKeyword, .falseKeyword, .noneKeyword: return
        case .leftBracket, .leftParen:
            let start = position
            let isDisplay = try matches { parser throws(ParseFailure) in try parser.unparenthesizedDisplay() }
            position = start
            if isDisplay { return }
        default: break
        }
        guard let target = try bitwiseOrIfAny(), accept(.equal), try bitwiseOrIfAny() != nil, endsComparison() else { return }
        throw raise(
            "cannot assign to \(TargetChecker.name(of: target)) here. Maybe you meant '==' instead of '='?", at: target.range)
    }

    private mutating func bitwiseOrIfAny() throws(ParseFailure) -> Expression? {
        try attempt { parser throws(ParseFailure) in try parser.bitwiseOr() }
    }

    private mutating func endsComparison() -> Bool {
        furthest = max(furthest, position)
        return kind != .equal && kind != .colonEqual
    }

    /// A list, tuple or generator expression; a parenthesised expression is none.
    private mutating func unparenthesizedDisplay() throws(ParseFailure) {
        let start = self.start
        let display = kind == .leftBracket ? try listDisplay() : try parenthesized()
        guard display.range.start == start else { throw mismatch() }
        switch display.node {
        case .list, .tuple, .comprehension(.generator, _, _, _): return
        default: throw mismatch()
        }
    }
}
