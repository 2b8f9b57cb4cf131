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
        if isLookingForMistakes { try diagnoseHeader(.def) }
        position += 1
        let (name, nameRange) = try expectName()
        guard accept(.leftParen) else { throw raiseExpected("(") }
        let parameters = try parameters(closedBy: .rightParen)
        try expect(.rightParen)
        let returns = try returnAnnotation()
        try forcedColon()
        let body = try block()
        let range = range(from: start)
        let definition = FunctionDefinition(
            name: name, nameRange: nameRange, parameters: parameters, returns: returns, decorators: decorators, body: body, range: range)
        return Statement(.functionDefinition(definition), range)
    }

    /// `-> expression`. What does not parse is not taken, so that the missing colon is reported before it.
    mutating func returnAnnotation() throws(ParseFailure) -> Expression? {
        guard kind == .arrow else { return nil }
        func annotation(_ parser: inout Parser) throws(ParseFailure) -> Expression {
            parser.position += 1
            return try parser.expression()
        }
        if let found = try attempt(annotation) { return found }
        backtracks = true
        return try attempt(annotation)
    }

    mutating func classDefinition(decorators: [Expression]) throws(ParseFailure) -> Statement {
        let start = self.start
        if isLookingForMistakes { try diagnoseHeader(.class) }
        position += 1
        let (name, nameRange) = try expectName()
        var arguments = Arguments()
        if kind == .leftParen { arguments = try parenthesizedArguments(allowsGenerator: false) }
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
