import Diagnostics

/// Mistakes inside brackets. Every rule stands on the opening bracket.
extension Parser {
    mutating func diagnoseParenthesized() throws(ParseFailure) {
        try exploring { parser throws(ParseFailure) in
            parser.position += 1
            let value = try parser.starredArgument()
            try parser.expect(.rightParen)
            throw parser.raise("cannot use starred expression here", at: value.range)
        }
        try exploring { parser throws(ParseFailure) in
            parser.position += 1
            let stars = parser.token.range
            try parser.expect(.doubleStar)
            _ = try parser.expression()
            try parser.expect(.rightParen)
            throw parser.raise("cannot use double starred expression here", at: stars)
        }
        try diagnoseComprehension()
    }

    /// Behind a value CPython first tries the argument of `f(x for x in y)`, whose mistakes begin with any bracket.
    mutating func diagnoseAppliedComprehension() throws(ParseFailure) {
        switch kind {
        case .leftParen, .leftBracket, .leftBrace: try diagnoseComprehension()
        default: break
        }
    }

    mutating func diagnoseComprehension() throws(ParseFailure) {
        try exploring { parser throws(ParseFailure) in try parser.diagnoseStarredComprehension() }
        guard kind != .leftParen else { return }
        let message = "did you forget parentheses around the comprehension target?"
        try exploring { parser throws(ParseFailure) in
            parser.position += 1
            let first = try parser.starNamedExpression()
            try parser.expect(.comma)
            let next = try parser.starNamedExpression()
            let last = try parser.elements(after: next).last ?? next
            _ = try parser.comprehensionClauses()
            throw parser.raise(message, at: first.range.union(last.range))
        }
        try exploring { parser throws(ParseFailure) in
            parser.position += 1
            let first = try parser.starNamedExpression()
            let comma = parser.token.range
            try parser.expect(.comma)
            _ = try parser.comprehensionClauses()
            throw parser.raise(message, at: first.range.union(comma))
        }
    }

    /// `[*a for a in b]`, with any bracket.
    mutating func diagnoseStarredComprehension() throws(ParseFailure) {
        position += 1
        let element = try starredArgument()
        _ = try comprehensionClauses()
        throw raise("iterable unpacking cannot be used in comprehension", at: element.range)
    }

    mutating func diagnoseBraces() throws(ParseFailure) {
        try exploring { parser throws(ParseFailure) in
            parser.position += 1
            let stars = parser.token.range
            try parser.expect(.doubleStar)
            _ = try parser.bitwiseOr()
            _ = try parser.comprehensionClauses()
            try parser.expect(.rightBrace)
            throw parser.raise("dict unpacking cannot be used in dict comprehension", at: stars)
        }
        try diagnoseComprehension()
    }

    /// CPython looks for these in its first pass already, before a missing comma comes into question.
    mutating func diagnoseDictItems() throws(ParseFailure) {
        backtracks = true
        try exploring { parser throws(ParseFailure) in
            parser.position += 1
            _ = try parser.dictItem()
            while true {
                try parser.expect(.comma)
                guard try parser.attempt({ parser throws(ParseFailure) in try parser.dictItem() }) == nil else { continue }
                break
            }
            try parser.diagnoseMissingValue(afterItems: true)
        }
        try exploring { parser throws(ParseFailure) in
            parser.position += 1
            try parser.diagnoseMissingValue(afterItems: false)
        }
    }

    /// Standing on a key.
    private mutating func diagnoseMissingValue(afterItems: Bool) throws(ParseFailure) {
        let key = try expression()
        furthest = max(furthest, position)
        guard kind == .colon else {
            if !afterItems { throw mismatch() }
            throw raise("':' expected after dictionary key", at: SourceRange(start: key.range.end - 1, end: key.range.end - 1))
        }
        let colon = token.range
        position += 1
        furthest = max(furthest, position)
        if kind == .star {
            let star = token.range
            position += 1
            _ = try bitwiseOr()
            furthest = max(furthest, position)
            throw raise("cannot use a starred expression in a dictionary value", startingFrom: star)
        }
        if kind == .rightBrace || kind == .comma {
            throw raise("expression expected after dictionary key and ':'", at: colon)
        }
    }
}
