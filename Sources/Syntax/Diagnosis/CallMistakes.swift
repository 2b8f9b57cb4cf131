import Diagnostics

/// Mistakes in call arguments.
extension Parser {
    /// Standing on the first argument of a list that did not parse.
    mutating func diagnoseArguments() throws(ParseFailure) {
        try exploring { parser throws(ParseFailure) in try parser.diagnoseLateUnpacking() }
        try exploring { parser throws(ParseFailure) in try parser.diagnoseFirstGenerator() }
        try exploring { parser throws(ParseFailure) in try parser.diagnoseKeywordGenerator() }
        try exploring { parser throws(ParseFailure) in try parser.diagnoseLastGenerator() }
        try exploring { parser throws(ParseFailure) in try parser.diagnoseNextGenerator() }
        try exploring { parser throws(ParseFailure) in try parser.diagnoseLatePositional() }
    }

    private mutating func someArguments() throws(ParseFailure) -> Arguments {
        let arguments = try argumentList()
        if arguments.isEmpty { throw mismatch() }
        return arguments
    }

    private mutating func diagnoseLateUnpacking() throws(ParseFailure) {
        let start = self.start
        _ = try someArguments()
        let range = range(from: start)
        try expect(.comma)
        try expect(.star)
        throw raise("iterable argument unpacking follows keyword argument unpacking", at: range)
    }

    /// `f(x for x in y, 1)`
    private mutating func diagnoseFirstGenerator() throws(ParseFailure) {
        let element = try expression()
        let clauses = try comprehensionClauses()
        try expect(.comma)
        if try attempt({ parser throws(ParseFailure) in try parser.someArguments() }) == nil {
            _ = try attempt { parser throws(ParseFailure) in
                _ = try parser.expression()
                _ = try parser.comprehensionClauses()
            }
        }
        throw raiseGenerator(element, clauses)
    }

    private mutating func raiseGenerator(_ element: Expression, _ clauses: [ComprehensionClause]) -> ParseFailure {
        raise(
            "Generator expression must be parenthesized", at: element.range.union(Self.end(of: clauses) ?? element.range))
    }

    /// `f(name=x for x in y)`
    private mutating func diagnoseKeywordGenerator() throws(ParseFailure) {
        let nameRange = token.range
        try expect(.name)
        let equalRange = token.range
        try expect(.equal)
        _ = try expression()
        _ = try comprehensionClauses()
        throw raise("invalid syntax. Maybe you meant '==' or ':=' instead of '='?", at: nameRange.union(equalRange))
    }

    /// `f(a, x for x in y)`, the generator's element parsed as the last argument.
    private mutating func diagnoseLastGenerator() throws(ParseFailure) {
        let arguments = try someArguments()
        let clauses = try comprehensionClauses()
        guard arguments.positional.count > 1, let last = arguments.positional.last else { throw mismatch() }
        throw raiseGenerator(last, clauses)
    }

    private mutating func diagnoseNextGenerator() throws(ParseFailure) {
        _ = try someArguments()
        try expect(.comma)
        let element = try expression()
        throw raiseGenerator(element, try comprehensionClauses())
    }

    private mutating func diagnoseLatePositional() throws(ParseFailure) {
        let arguments = try someArguments()
        try expect(.comma)
        _ = try someArguments()
        let hasUnpacking = arguments.keywords.contains { $0.name == nil }
        throw raiseAtLastRead("positional argument follows keyword argument" + (hasUnpacking ? " unpacking" : ""))
    }

    /// Where a keyword argument may stand.
    mutating func diagnoseKeywordArgument() throws(ParseFailure) {
        try exploring { parser throws(ParseFailure) in try parser.diagnoseConstantKeyword() }
        try exploring { parser throws(ParseFailure) in try parser.diagnoseKeywordGenerator() }
        if kind == .name, peek(1) == .equal { return }
        try exploring { parser throws(ParseFailure) in
            let target = try parser.expression()
            let equalRange = parser.token.range
            try parser.expect(.equal)
            throw parser.raise(
                "expression cannot contain assignment, perhaps you meant \"==\"?", at: target.range.union(equalRange))
        }
    }

    private mutating func diagnoseConstantKeyword() throws(ParseFailure) {
        let word = token
        switch kind {
        case .trueKeyword, .falseKeyword, .noneKeyword: position += 1
        default: throw mismatch()
        }
        let equalRange = token.range
        try expect(.equal)
        throw raise("cannot assign to \(word.kind.spelling ?? "")", at: word.range.union(equalRange))
    }
}
