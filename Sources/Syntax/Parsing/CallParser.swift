import Diagnostics

/// Call arguments.
extension Parser {
    /// Arguments as far as they go; PEG's `args`.
    struct Arguments {
        var positional: [Expression] = []
        var keywords: [Keyword] = []
        /// Whether anything was matched at all.
        var isEmpty: Bool { positional.isEmpty && keywords.isEmpty }
    }

    /// `callee(...)`, standing on the parenthesis.
    mutating func call(_ callee: Expression, from start: Int32) throws(ParseFailure) -> Expression {
        let open = position
        let arguments = try parenthesizedArguments()
        noteRepeatedKeywords(arguments.keywords)
        furthest = max(furthest, open)
        return try make(.call(callee, arguments: arguments.positional, keywords: arguments.keywords), from: start)
    }

    /// `(...)` of a call or a class statement, standing on the parenthesis.
    mutating func parenthesizedArguments(allowsGenerator: Bool = true) throws(ParseFailure) -> Arguments {
        let open = self.start
        try expect(.leftParen)
        if accept(.rightParen) { return Arguments() }
        let first = position
        return try tried(from: first) { parser throws(ParseFailure) in
            let arguments = try parser.arguments(generatorFrom: allowsGenerator ? open : nil)
            try parser.expect(.rightParen)
            return arguments
        } diagnose: { parser throws(ParseFailure) in
            try parser.diagnoseArguments()
        }
    }

    /// Everything up to the closing parenthesis, a trailing comma included. A lone `x for x in y` is a generator expression
    /// that begins at the call's own parenthesis.
    private mutating func arguments(generatorFrom open: Int32?) throws(ParseFailure) -> Arguments {
        var arguments = try argumentList()
        if arguments.isEmpty { throw mismatch() }
        if let open, kind == .forKeyword || kind == .asyncKeyword, arguments.positional.count == 1, arguments.keywords.isEmpty {
            let element = arguments.positional[0]
            if case .starred = element.node { throw mismatch() }
            let clauses = try comprehensionClauses()
            guard kind == .rightParen else { throw mismatch() }
            let range = SourceRange(start: open, end: token.end)
            arguments.positional = [
                try make(.comprehension(.generator, element: element, value: nil, clauses: clauses), range)
            ]
            return arguments
        }
        if kind == .comma {
            position += 1
            furthest = max(furthest, position)
        }
        return arguments
    }

    /// PEG's `args`: positional ones, then keywords mixed with `*a`, then keywords mixed with `**a`. Stops before the comma that
    /// nothing suitable follows.
    mutating func argumentList() throws(ParseFailure) -> Arguments {
        var result = Arguments()
        var phase = ArgumentPhase.positional
        while true {
            let before = position
            if !result.isEmpty {
                guard accept(.comma) else { break }
                furthest = max(furthest, position)
            }
            guard try argument(into: &result, phase: &phase) else {
                position = before
                break
            }
        }
        return result
    }

    private enum ArgumentPhase { case positional, keywords, unpackings }

    /// One argument; false, consuming nothing that counts, when none suits the phase.
    private mutating func argument(into result: inout Arguments, phase: inout ArgumentPhase) throws(ParseFailure) -> Bool {
        let start = position
        if phase == .positional {
            if let value = try positionalArgument() {
                result.positional.append(value)
                return true
            }
            position = start
        }
        if isLookingForMistakes { try diagnoseKeywordArgument() }
        if kind == .name, peek(1) == .equal {
            let offset = self.start
            let (name, _) = try expectName()
            position += 1
            guard let value = try attempt({ parser throws(ParseFailure) in try parser.expression() }) else { return false }
            if phase == .positional { phase = .keywords }
            result.keywords.append(Keyword(name: name, value: value, range: range(from: offset)))
            return true
        }
        if kind == .star, phase != .unpackings {
            guard let value = try attempt({ parser throws(ParseFailure) in try parser.starredArgument() }) else { return false }
            phase = .keywords
            result.positional.append(value)
            return true
        }
        if kind == .doubleStar {
            let offset = self.start
            position += 1
            guard let value = try attempt({ parser throws(ParseFailure) in try parser.expression() }) else { return false }
            phase = .unpackings
            result.keywords.append(Keyword(name: nil, value: value, range: range(from: offset)))
            return true
        }
        return false
    }

    mutating func starredArgument() throws(ParseFailure) -> Expression {
        try starred { parser throws(ParseFailure) in try parser.expression() }
    }

    /// `*a`, `name := a` or `a`, with no `=` after it; nil when there is none.
    private mutating func positionalArgument() throws(ParseFailure) -> Expression? {
        guard startsExpression || kind == .star else {
            furthest = max(furthest, position)
            return nil
        }
        // `name=` begins a keyword argument: spare the detour, unless mistakes in it are wanted.
        if !isDiagnosing, kind == .name, peek(1) == .equal { return nil }
        return try attempt { parser throws(ParseFailure) in
            let value: Expression
            if parser.kind == .star {
                value = try parser.starredArgument()
            } else if let named = try parser.assignmentExpression() {
                value = named
            } else {
                value = try parser.plainExpression()
            }
            if parser.kind == .equal { throw parser.mismatch() }
            return value
        }
    }

    /// CPython's compiler refuses `f(a=1, a=2)`.
    mutating func noteRepeatedKeywords(_ keywords: [Keyword]) {
        guard keywords.count > 1 else { return }
        var seen: Set<String> = []
        for keyword in keywords {
            guard let name = keyword.name, !seen.insert(name).inserted else { continue }
            noteDeferred("keyword argument repeated: \(name)", at: keyword.range)
            return
        }
    }
}
