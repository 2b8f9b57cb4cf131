import Diagnostics

/// Atoms and what is applied to them: attributes, calls, subscripts.
extension Parser {
    mutating func primary() throws(ParseFailure) -> Expression {
        if kind == .awaitKeyword {
            if Self.startsExpression(peek(1)) { throw unsupported("await expressions", at: token.range) }
            position += 1
            throw mismatch()
        }
        let start = self.start
        var value = try atom()
        while true {
            if isLookingForMistakes { try diagnoseAppliedComprehension() }
            guard kind == .dot || kind == .leftParen || kind == .leftBracket else { break }
            guard backtracks else {
                value = try trailer(of: value, from: start)
                continue
            }
            let base = value
            guard let longer = try attempt({ parser throws(ParseFailure) in try parser.trailer(of: base, from: start) }) else { break }
            value = longer
        }
        furthest = max(furthest, position)
        if kind == .error { throw lexicalError() }
        return value
    }

    /// `.name`, `(...)` or `[...]` after a value.
    private mutating func trailer(of value: Expression, from start: Int32) throws(ParseFailure) -> Expression {
        switch kind {
        case .dot:
            position += 1
            let (name, nameRange) = try expectName()
            return try make(.attribute(value, name, nameRange: nameRange), from: start)
        case .leftParen: return try call(value, from: start)
        default:
            position += 1
            let index = try slices()
            try expect(.rightBracket)
            return try make(.subscript(value, index), from: start)
        }
    }

    private mutating func atom() throws(ParseFailure) -> Expression {
        let range = token.range
        switch kind {
        case .name:
            let (name, range) = try expectName()
            return try make(.name(name), range)
        case .number: return try number()
        case .string: return try strings()
        case .leftParen: return try parenthesized()
        case .leftBracket: return try listDisplay()
        case .leftBrace: return try braceDisplay()
        case .trueKeyword: return try constant(.true, range)
        case .falseKeyword: return try constant(.false, range)
        case .noneKeyword: return try constant(.none, range)
        case .ellipsis: return try constant(.ellipsis, range)
        default: throw mismatch()
        }
    }

    private mutating func constant(_ value: Constant, _ range: SourceRange) throws(ParseFailure) -> Expression {
        position += 1
        return try make(.constant(value), range)
    }

    /// CPython converts decimal integers of at most this many digits.
    private static let decimalDigitLimit = 4_300

    mutating func number() throws(ParseFailure) -> Expression {
        guard kind == .number else { throw mismatch() }
        let token = self.token
        guard let value = NumberLiteral.constant(of: bytes[Int(token.start)..<Int(token.end)]) else {
            throw unsupported("complex numbers", at: token.range)
        }
        if case .bigInt(let digits, 10) = value, digits.utf8.count > Self.decimalDigitLimit {
            throw raise(
                "Exceeds the limit (\(Self.decimalDigitLimit) digits) for integer string conversion: value has \(digits.utf8.count) "
                    + "digits; use sys.set_int_max_str_digits() to increase the limit - Consider hexadecimal for huge integer literals "
                    + "to avoid decimal conversion limits.", at: token.range)
        }
        position += 1
        return try make(.constant(value), token.range)
    }

    // MARK: - Subscripts

    private mutating func slices() throws(ParseFailure) -> Expression {
        let start = self.start
        let first = try sliceOrStarred()
        guard kind == .comma else {
            if case .starred = first.node { return try make(.tuple([first]), from: start) }
            return first
        }
        var elements = [first]
        while accept(.comma) {
            guard startsExpression || kind == .star || kind == .colon else { break }
            elements.append(try sliceOrStarred())
        }
        return try make(.tuple(elements), from: start)
    }

    private mutating func sliceOrStarred() throws(ParseFailure) -> Expression {
        guard kind == .star else { return try slice() }
        return try starred { parser throws(ParseFailure) in try parser.expression() }
    }

    private mutating func slice() throws(ParseFailure) -> Expression {
        let start = self.start
        var lower: Expression?
        if kind != .colon {
            let first = try namedExpression()
            guard kind == .colon else { return first }
            // `a[x := 1:2]` is no slice: the lower bound is a plain expression.
            if case .named = first.node, bytes[Int(first.range.start)] != UInt8(ascii: "("), tokenStarts(first) { throw mismatch() }
            lower = first
        }
        try expect(.colon)
        let upper = startsExpression ? try expression() : nil
        var step: Expression?
        if accept(.colon), startsExpression { step = try expression() }
        furthest = max(furthest, position)
        return try make(.slice(lower: lower, upper: upper, step: step), from: start)
    }

    /// Whether the expression just parsed, alone between bracket or comma and here, was written without parentheses.
    private func tokenStarts(_ expression: Expression) -> Bool {
        position > 0 && tokens[position - 1].end == expression.range.end
    }
}
