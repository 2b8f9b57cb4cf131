import Diagnostics

/// The `match` statement and its patterns.
extension Parser {
    /// nil when `match` turns out to be a name: only the whole header followed by an indented `case` makes it a keyword.
    mutating func matchStatement() throws(ParseFailure) -> Statement.Node? {
        let first = position
        let subject = try attempt { parser throws(ParseFailure) in
            let subject = try parser.matchSubject()
            try parser.expect(.colon)
            try parser.expect(.newline)
            try parser.expect(.indent)
            guard parser.isSoftKeyword("case") else { throw parser.mismatch() }
            return subject
        }
        guard let subject else {
            if isLookingForMistakes {
                position = first
                try diagnoseMatch()
                position = first
            }
            return nil
        }
        var cases: [MatchCase] = []
        repeat { cases.append(try matchCase()) } while isSoftKeyword("case")
        try expect(.dedent)
        if let finding = PatternChecker.firstFinding(in: cases) { noteDeferred(finding.message, at: finding.range) }
        return .match(subject: subject, cases: cases)
    }

    /// `match` and what is matched.
    mutating func matchSubject() throws(ParseFailure) -> Expression {
        position += 1
        guard startsExpression || kind == .star else { throw mismatch() }
        let start = self.start
        let first = try starNamedExpression()
        guard kind == .comma else {
            if case .starred = first.node { throw mismatch() }
            return first
        }
        let elements = try elements(after: first)
        return try make(.tuple(elements), from: start)
    }

    private mutating func matchCase() throws(ParseFailure) -> MatchCase {
        let start = self.start
        if isLookingForMistakes { try diagnoseHeader(.case) }
        position += 1
        let pattern = try patterns()
        let guardTest = accept(.ifKeyword) ? try namedExpression() : nil
        try expect(.colon)
        let body = try block()
        return MatchCase(pattern: pattern, guard: guardTest, body: body, range: range(from: start))
    }

    /// What stands after `case`: a pattern, or a sequence without brackets.
    mutating func patterns() throws(ParseFailure) -> Pattern {
        let start = self.start
        let first = try starOrPattern()
        guard kind == .comma else {
            if case .star = first.node { throw mismatch() }
            return first
        }
        return Pattern(.sequence(try sequenceElements(after: first)), range(from: start))
    }

    private mutating func sequenceElements(after first: Pattern) throws(ParseFailure) -> [Pattern] {
        var elements = [first]
        while accept(.comma) {
            guard startsPattern || kind == .star else { break }
            elements.append(try starOrPattern())
        }
        return elements
    }

    private var startsPattern: Bool {
        switch kind {
        case .name, .number, .string, .minus, .leftParen, .leftBracket, .leftBrace, .noneKeyword, .trueKeyword, .falseKeyword: true
        default: false
        }
    }

    private mutating func starOrPattern() throws(ParseFailure) -> Pattern {
        guard kind == .star else { return try pattern() }
        let start = self.start
        position += 1
        let name = isSoftKeyword("_") ? nil : try captureName()
        if name == nil { position += 1 }
        return Pattern(.star(name), range(from: start))
    }

    mutating func pattern() throws(ParseFailure) -> Pattern {
        depth += 1
        defer { depth -= 1 }
        if depth > Self.depthLimit { throw tooDeep(token.range) }
        let start = self.start
        let first = position
        let pattern = try orPattern()
        guard kind == .asKeyword else { return pattern }
        let target = try attempt { parser throws(ParseFailure) in
            parser.position += 1
            return try parser.captureName()
        }
        if let target { return Pattern(.capture(pattern, target), range(from: start)) }
        if isLookingForMistakes {
            let end = position
            position = first
            try diagnoseAsPattern()
            position = end
        }
        return pattern
    }

    mutating func orPattern() throws(ParseFailure) -> Pattern {
        let start = self.start
        let first = try closedPattern()
        guard kind == .verticalBar else { return first }
        var alternatives = [first]
        while accept(.verticalBar) { alternatives.append(try closedPattern()) }
        return Pattern(.or(alternatives), range(from: start))
    }

    /// A name that binds: not `_`, and not the beginning of something longer.
    private mutating func captureName() throws(ParseFailure) -> String {
        if isSoftKeyword("_") { throw mismatch() }
        let (name, _) = try expectName()
        switch kind {
        case .dot, .leftParen, .equal: throw mismatch()
        default: return name
        }
    }

    private mutating func closedPattern() throws(ParseFailure) -> Pattern {
        let start = self.start
        switch kind {
        case .noneKeyword: return singleton(.none)
        case .trueKeyword: return singleton(.true)
        case .falseKeyword: return singleton(.false)
        case .number, .minus, .string: return Pattern(.value(try literal()), range(from: start))
        case .name: return try namePattern()
        case .leftParen: return try groupPattern()
        case .leftBracket: return try listPattern()
        case .leftBrace: return try mappingPattern()
        default: throw mismatch()
        }
    }

    private mutating func singleton(_ value: Constant) -> Pattern {
        let range = token.range
        position += 1
        return Pattern(.singleton(value), range)
    }

    /// A signed number or a string.
    private mutating func literal() throws(ParseFailure) -> Expression {
        if kind == .string {
            let value = try strings()
            if case .joinedString = value.node {
                throw raise("patterns may only match literals and attribute lookups", at: value.range)
            }
            return value
        }
        let start = self.start
        let isNegative = accept(.minus)
        let value = try number()
        if kind == .plus || kind == .minus {
            position += 1
            _ = try number()
            position -= 1
            throw raise("imaginary number required in complex literal", at: token.range)
        }
        return isNegative ? try make(.unary(.negative, value), from: start) : value
    }

    /// A capture, `_`, a dotted name, or a class pattern.
    private mutating func namePattern() throws(ParseFailure) -> Pattern {
        let start = self.start
        let isWildcard = isSoftKeyword("_")
        let first = position
        let (name, range) = try expectName()
        var value = try make(.name(name), range)
        guard kind == .dot || kind == .leftParen || kind == .equal else {
            return Pattern(.capture(nil, isWildcard ? nil : name), range)
        }
        while accept(.dot) {
            let (attribute, attributeRange) = try expectName()
            value = try make(.attribute(value, attribute, nameRange: attributeRange), from: start)
        }
        if kind == .leftParen { return try classPattern(value, at: first) }
        if kind == .equal { throw mismatch() }
        return Pattern(.value(value), self.range(from: start))
    }

    private mutating func groupPattern() throws(ParseFailure) -> Pattern {
        let start = self.start
        position += 1
        if accept(.rightParen) { return Pattern(.sequence([]), range(from: start)) }
        let first = try starOrPattern()
        if kind == .comma {
            let elements = try sequenceElements(after: first)
            try expect(.rightParen)
            return Pattern(.sequence(elements), range(from: start))
        }
        if case .star = first.node { throw mismatch() }
        try expect(.rightParen)
        return first
    }

    private mutating func listPattern() throws(ParseFailure) -> Pattern {
        let start = self.start
        position += 1
        if accept(.rightBracket) { return Pattern(.sequence([]), range(from: start)) }
        let elements = try sequenceElements(after: try starOrPattern())
        try expect(.rightBracket)
        return Pattern(.sequence(elements), range(from: start))
    }

    private mutating func mappingPattern() throws(ParseFailure) -> Pattern {
        let start = self.start
        position += 1
        var keys: [Expression] = []
        var patterns: [Pattern] = []
        var rest: String?
        while kind != .rightBrace, rest == nil {
            if accept(.doubleStar) {
                rest = try captureName()
            } else {
                keys.append(try mappingKey())
                try expect(.colon)
                patterns.append(try pattern())
            }
            guard accept(.comma) else { break }
        }
        try expect(.rightBrace)
        return Pattern(.mapping(keys: keys, patterns: patterns, rest: rest), range(from: start))
    }

    private mutating func mappingKey() throws(ParseFailure) -> Expression {
        let start = self.start
        switch kind {
        case .noneKeyword, .trueKeyword, .falseKeyword:
            let value: Constant = kind == .noneKeyword ? .none : kind == .trueKeyword ? .true : .false
            position += 1
            return try make(.constant(value), from: start)
        case .name:
            let (name, range) = try expectName()
            var value = try make(.name(name), range)
            guard kind == .dot else { throw mismatch() }
            while accept(.dot) {
                let (attribute, attributeRange) = try expectName()
                value = try make(.attribute(value, attribute, nameRange: attributeRange), from: start)
            }
            return value
        default: return try literal()
        }
    }

    private mutating func classPattern(_ name: Expression, at first: Int) throws(ParseFailure) -> Pattern {
        let start = tokens[first].start
        return try tried(from: first) { parser throws(ParseFailure) in
            parser.position += 1
            var positional: [Pattern] = []
            var keywords: [(name: String, pattern: Pattern)] = []
            while parser.kind != .rightParen {
                if parser.kind == .name, parser.peek(1) == .equal {
                    let keyword = try parser.expectName().0
                    parser.position += 1
                    keywords.append((keyword, try parser.pattern()))
                } else {
                    if !keywords.isEmpty { throw parser.mismatch() }
                    positional.append(try parser.pattern())
                }
                guard parser.accept(.comma) else { break }
            }
            try parser.expect(.rightParen)
            return Pattern(.class(name, positional: positional, keywords: keywords), parser.range(from: start))
        } diagnose: { parser throws(ParseFailure) in
            try parser.diagnoseClassPattern()
        }
    }
}
