import Diagnostics

/// Whole expressions and the operators between their operands.
extension Parser {
    /// `a, *b`: one expression, or a tuple without parentheses.
    mutating func starExpressions() throws(ParseFailure) -> Expression {
        let start = self.start
        let first = try starExpression()
        guard kind == .comma else { return first }
        var elements = [first]
        while accept(.comma) {
            guard let next = try element({ parser throws(ParseFailure) in try parser.starExpression() }) else { break }
            elements.append(next)
        }
        furthest = max(furthest, position)
        return try make(.tuple(elements), from: start)
    }

    /// One more element after a comma; nil when the comma was the last.
    mutating func element(_ rule: (inout Parser) throws(ParseFailure) -> Expression) throws(ParseFailure) -> Expression? {
        guard startsExpression || kind == .star else {
            furthest = max(furthest, position)
            if kind == .error { throw lexicalError() }
            return nil
        }
        return backtracks ? try attempt(rule) : try rule(&self)
    }

    mutating func starExpression() throws(ParseFailure) -> Expression {
        guard kind == .star else { return try expression() }
        return try starred { parser throws(ParseFailure) in try parser.operand(.bitOr) }
    }

    /// `*operand`, standing on the star.
    mutating func starred(_ operand: (inout Parser) throws(ParseFailure) -> Expression) throws(ParseFailure) -> Expression {
        let start = self.start
        try expect(.star)
        let value = try operand(&self)
        return try make(.starred(value), from: start)
    }

    mutating func starNamedExpression() throws(ParseFailure) -> Expression {
        guard kind == .star else { return try namedExpression() }
        return try starExpression()
    }

    /// `name := value` or an expression.
    mutating func namedExpression() throws(ParseFailure) -> Expression {
        if let named = try assignmentExpression() { return named }
        if isLookingForMistakes { try diagnoseNamedExpression() }
        return try plainExpression()
    }

    /// An expression that no `:=` follows.
    mutating func plainExpression() throws(ParseFailure) -> Expression {
        let value = try expression()
        if kind == .colonEqual { throw mismatch() }
        return value
    }

    mutating func assignmentExpression() throws(ParseFailure) -> Expression? {
        guard kind == .name, peek(1) == .colonEqual else { return nil }
        let start = self.start
        let (name, nameRange) = try expectName()
        position += 1
        let value = try expression()
        return try make(.named(target: name, targetRange: nameRange, value: value), from: start)
    }

    mutating func expression() throws(ParseFailure) -> Expression {
        depth += 1
        defer { depth -= 1 }
        if depth > Self.depthLimit { throw tooDeep(token.range) }
        guard backtracks else { return try conditional() }
        return try memoized(.expression) { parser throws(ParseFailure) in
            if parser.isLookingForMistakes { try parser.diagnoseExpression() }
            return try parser.conditional()
        }
    }

    /// `a if b else c`, any number of them in a row: right-associative, so the pairs are folded from the end.
    mutating func conditional() throws(ParseFailure) -> Expression {
        if kind == .lambdaKeyword { return try lambda() }
        let start = self.start
        let first = try disjunction()
        guard kind == .ifKeyword else { return first }
        if backtracks {
            let whole = try attempt { parser throws(ParseFailure) in
                parser.position += 1
                let test = try parser.disjunction()
                try parser.expect(.elseKeyword)
                let otherwise = try parser.expression()
                return try parser.make(.conditional(test: test, then: first, else: otherwise), from: start)
            }
            return whole ?? first
        }
        var pending: [(start: Int32, then: Expression, test: Expression)] = []
        var last = first
        var lastStart = start
        while accept(.ifKeyword) {
            let test = try disjunction()
            try expect(.elseKeyword)
            pending.append((lastStart, last, test))
            lastStart = self.start
            last = kind == .lambdaKeyword ? try lambda() : try disjunction()
        }
        for (start, then, test) in pending.reversed() {
            last = try make(.conditional(test: test, then: then, else: last), from: start)
        }
        return last
    }

    mutating func disjunction() throws(ParseFailure) -> Expression {
        guard backtracks else { return try operand(.or) }
        return try memoized(.disjunction) { parser throws(ParseFailure) in try parser.operand(.or) }
    }

    // MARK: - Infix operators

    /// An operand of an operator: everything that binds at least as tightly as `minimum`.
    mutating func operand(_ minimum: Precedence) throws(ParseFailure) -> Expression {
        let start = self.start
        var left = kind == .notKeyword && minimum <= .not ? try negation() : try prefixed()
        while let row = InfixOperator.byToken[Int(kind.rawValue)], row.precedence >= minimum, row.precedence < .prefix {
            switch row.meaning {
            case .boolean(let operation):
                var operands = [left]
                while kind == row.token {
                    guard let right = try rightOperand(row.precedence.tighter, after: 1) else { break }
                    operands.append(right)
                }
                if operands.count == 1 { return left }
                left = try make(.boolean(operation, operands), from: start)
            case .comparison:
                guard let compared = try comparison(of: left, from: start) else { return left }
                left = compared
            case .binary(let operation):
                guard let right = try rightOperand(row.precedence.tighter, after: 1) else { return left }
                left = try make(.binary(operation, left, right), from: start)
            }
        }
        return left
    }

    /// The operand right of an operator of some tokens. nil, standing on the operator, when PEG would end the expression before it.
    private mutating func rightOperand(_ minimum: Precedence, after tokens: Int) throws(ParseFailure) -> Expression? {
        guard backtracks else {
            position += tokens
            return try operand(minimum)
        }
        return try attempt { parser throws(ParseFailure) in
            parser.position += tokens
            return try parser.operand(minimum)
        }
    }

    /// A chain of comparisons after its first operand; nil when there is none, as with a `not` that no `in` follows.
    private mutating func comparison(of first: Expression, from start: Int32) throws(ParseFailure) -> Expression? {
        var rest: [(comparison: CompareOperator, operand: Expression)] = []
        while let row = InfixOperator.byToken[Int(kind.rawValue)], case .comparison(let meaning) = row.meaning {
            var comparison = meaning
            var length = 1
            if row.token == .notKeyword {
                guard peek(1) == .inKeyword else { break }
                length = 2
            } else if row.token == .isKeyword, peek(1) == .notKeyword {
                length = 2
                comparison = .isNot
            }
            guard let right = try rightOperand(.bitOr, after: length) else { break }
            rest.append((comparison, right))
        }
        guard !rest.isEmpty else { return nil }
        return try make(.compare(first, rest), from: start)
    }

    // MARK: - Prefix operators

    /// `not not a`, without a stack frame for each.
    private mutating func negation() throws(ParseFailure) -> Expression {
        var starts: [Int32] = []
        while kind == .notKeyword {
            starts.append(start)
            position += 1
        }
        var value = try operand(.comparison)
        for start in starts.reversed() { value = try make(.unary(.not, value), from: start) }
        return value
    }

    private static func prefixOperator(_ kind: TokenKind) -> UnaryOperator? {
        switch kind {
        case .minus: .negative
        case .plus: .positive
        case .tilde: .invert
        default: nil
        }
    }

    /// `-a`, `a ** -b`: signs bind looser than the power to their right and tighter than everything else.
    mutating func prefixed() throws(ParseFailure) -> Expression {
        guard let first = Self.prefixOperator(kind) else { return try power() }
        var signs = [(first, start)]
        position += 1
        while let sign = Self.prefixOperator(kind) {
            signs.append((sign, start))
            position += 1
        }
        var value = try power()
        for (sign, start) in signs.reversed() { value = try make(.unary(sign, value), from: start) }
        return value
    }

    private mutating func power() throws(ParseFailure) -> Expression {
        let start = self.start
        let base = try primary()
        guard kind == .doubleStar else { return base }
        depth += 1
        defer { depth -= 1 }
        if depth > Self.depthLimit { throw tooDeep(token.range) }
        let exponent: Expression
        if backtracks {
            let found = try attempt { parser throws(ParseFailure) in
                parser.position += 1
                return try parser.prefixed()
            }
            guard let found else { return base }
            exponent = found
        } else {
            position += 1
            exponent = try prefixed()
        }
        return try make(.binary(.power, base, exponent), from: start)
    }

    // MARK: - Lambda and yield

    mutating func lambda() throws(ParseFailure) -> Expression {
        let start = self.start
        try expect(.lambdaKeyword)
        let parameters = try parameters(closedBy: .colon)
        try expect(.colon)
        let body = try expression()
        return try make(.lambda(parameters, body: body), from: start)
    }

    mutating func yieldExpression() throws(ParseFailure) -> Expression {
        let start = self.start
        try expect(.yieldKeyword)
        if accept(.fromKeyword) {
            let value = try expression()
            return try make(.yieldFrom(value), from: start)
        }
        let value = startsExpression || kind == .star ? try starExpressions() : nil
        noteLoneStar(value)
        furthest = max(furthest, position)
        return try make(.yield(value), from: start)
    }

    /// What may stand right of `=`.
    mutating func yieldOrStarExpressions() throws(ParseFailure) -> Expression {
        kind == .yieldKeyword ? try yieldExpression() : try starExpressions()
    }

    // MARK: - Looking ahead

    /// Whether the current token can begin an expression.
    var startsExpression: Bool { Self.startsExpression(kind) }

    static func startsExpression(_ kind: TokenKind) -> Bool {
        switch kind {
        case .name, .number, .string, .leftParen, .leftBracket, .leftBrace, .minus, .plus, .tilde, .ellipsis, .notKeyword,
            .lambdaKeyword, .noneKeyword, .trueKeyword, .falseKeyword, .awaitKeyword:
            true
        default: false
        }
    }

    mutating func memoized(
        _ rule: Memo.Rule, _ body: (inout Parser) throws(ParseFailure) -> Expression
    ) throws(ParseFailure) -> Expression {
        let start = position
        switch memo[rule, start] {
        case .match(let expression, let end):
            position = end
            return expression
        case .mismatch: throw .mismatch
        case nil: break
        }
        do {
            let expression = try body(&self)
            memo[rule, start] = .match(expression, end: position)
            return expression
        } catch {
            if error == .mismatch { memo[rule, start] = .mismatch }
            throw error
        }
    }
}
