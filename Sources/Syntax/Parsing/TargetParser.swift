import Diagnostics

/// What may be assigned to, deleted, or stepped through. Targets are parsed as expressions and then judged.
extension Parser {
    /// `a, *b.c, (d, e[0])`: the targets of `for` and of comprehensions.
    mutating func starTargets() throws(ParseFailure) -> Expression {
        let start = self.start
        let first = try starTarget()
        guard kind == .comma else { return first }
        var elements = [first]
        while accept(.comma) {
            guard let next = try attempt({ parser throws(ParseFailure) in try parser.starTarget() }) else { break }
            elements.append(next)
        }
        furthest = max(furthest, position)
        return try make(.tuple(elements), from: start)
    }

    mutating func starTarget() throws(ParseFailure) -> Expression {
        guard kind == .star else { return try plainTarget() }
        return try starred { parser throws(ParseFailure) in try parser.plainTarget() }
    }

    private mutating func plainTarget() throws(ParseFailure) -> Expression {
        switch kind {
        case .name, .leftParen, .leftBracket, .string, .number, .leftBrace, .ellipsis, .trueKeyword, .falseKeyword, .noneKeyword: break
        default: throw mismatch()
        }
        let target = try primary()
        guard Self.isAssignable(target) else { throw mismatch() }
        return target
    }

    /// The comma-separated targets of `del`, up to the end of the statement.
    mutating func deleteTargets() throws(ParseFailure) -> [Expression] {
        var targets: [Expression] = []
        repeat {
            if !targets.isEmpty, !startsExpression { break }
            let target = try primary()
            guard Self.isDeletable(target) else { throw mismatch() }
            targets.append(target)
        } while accept(.comma)
        return targets
    }

    /// A name, attribute, subscript, or a tuple or list of such, with stars where stars may stand.
    static func isAssignable(_ target: Expression) -> Bool {
        switch target.node {
        case .name, .attribute, .subscript: true
        case .tuple(let elements), .list(let elements): elements.allSatisfy(isAssignable)
        case .starred(let operand):
            if case .starred = operand.node { false } else { isAssignable(operand) }
        default: false
        }
    }

    static func isDeletable(_ target: Expression) -> Bool {
        switch target.node {
        case .name, .attribute, .subscript: true
        case .tuple(let elements), .list(let elements): elements.allSatisfy(isDeletable)
        default: false
        }
    }

    /// What `+=` and annotations take.
    static func isSingle(_ target: Expression) -> Bool {
        switch target.node {
        case .name, .attribute, .subscript: true
        default: false
        }
    }
}
