import Diagnostics

/// Functions, classes and their decorators.
extension Parser {
    mutating func decorated() throws(ParseFailure) -> Statement {
        var decorators: [Expression] = []
        while accept(.at) {
            decorators.append(try namedExpression())
            try expect(.newline)
        }
        switch kind {
        case .defKeyword: return try functionDefinition(decorators: decorators)
        case .classKeyword: return try classDefinition(decorators: decorators)
        case .asyncKeyword where peek(1) == .defKeyword: throw unsupported("async functions", at: token.range)
        default: throw mismatch()
        }
    }

    mutating func functionDefinition(decorators: [Expression]) throws(ParseFailure) -> Statement {
        let start = self.start
        if isDiagnosing, looksForMistakes { try diagnoseHeader(.def) }
        position += 1
        let (name, nameRange) = try expectName()
        guard accept(.leftParen) else { throw raiseExpected("(") }
        let parameters = try parameters(closedBy: .rightParen)
        try expect(.rightParen)
        let returns = accept(.arrow) ? try expression() : nil
        try forcedColon()
        let body = try block()
        let range = range(from: start)
        let definition = FunctionDefinition(
            name: name, nameRange: nameRange, parameters: parameters, returns: returns, decorators: decorators, body: body, range: range)
        return Statement(.functionDefinition(definition), range)
    }

    mutating func classDefinition(decorators: [Expression]) throws(ParseFailure) -> Statement {
        let start = self.start
        if isDiagnosing, looksForMistakes { try diagnoseHeader(.class) }
        position += 1
        let (name, nameRange) = try expectName()
        var arguments = Arguments()
        if kind == .leftParen { arguments = try parenthesizedArguments() }
        for keyword in arguments.keywords where keyword.name == "metaclass" { throw unsupported("metaclasses", at: keyword.range) }
        noteRepeatedKeywords(arguments.keywords)
        try expect(.colon)
        let body = try block()
        let range = range(from: start)
        let definition = ClassDefinition(
            name: name, nameRange: nameRange, bases: arguments.positional, keywords: arguments.keywords, decorators: decorators,
            body: body, range: range)
        return Statement(.classDefinition(definition), range)
    }
}
