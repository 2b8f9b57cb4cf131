import Diagnostics

/// Mistakes in `match` statements.
extension Parser {
    /// Standing on a `match` that is no statement yet. A line that is fine as it stands, such as a call of `match`, is left alone.
    mutating func diagnoseMatch() throws(ParseFailure) {
        let start = position
        let before = looksForMistakes
        looksForMistakes = false
        let isPlain = try matches { parser throws(ParseFailure) in
            _ = try parser.starExpressions()
            if parser.kind != .newline && parser.kind != .equal && parser.kind != .semicolon { throw parser.mismatch() }
        }
        looksForMistakes = before
        position = start
        if !isPlain { try diagnoseHeader(.match) }
    }

    /// Standing on a pattern that `as` follows.
    mutating func diagnoseAsPattern() throws(ParseFailure) {
        try exploring { parser throws(ParseFailure) in
            _ = try parser.orPattern()
            try parser.expect(.asKeyword)
            if parser.isSoftKeyword("_") { throw parser.raise("cannot use '_' as a target", at: parser.token.range) }
            if parser.kind == .name { throw parser.mismatch() }
            let target = try parser.expression()
            throw parser.raise("invalid pattern target", at: target.range)
        }
    }

    /// Standing on the class of a pattern that did not parse.
    mutating func diagnoseClassPattern() throws(ParseFailure) {
        try exploring { parser throws(ParseFailure) in
            try parser.expect(.name)
            while parser.accept(.dot) { try parser.expect(.name) }
            try parser.expect(.leftParen)
            _ = try parser.skipPatterns()
            try parser.skipKeywordPatterns()
            guard let late = try parser.skipPatterns() else { throw parser.mismatch() }
            throw parser.raise("positional patterns follow keyword patterns", at: late)
        }
    }

    /// Positional patterns up to a keyword or the parenthesis; where they stand.
    private mutating func skipPatterns() throws(ParseFailure) -> SourceRange? {
        var range: SourceRange?
        while kind != .rightParen, !(kind == .name && peek(1) == .equal) {
            let pattern = try pattern()
            range = range?.union(pattern.range) ?? pattern.range
            guard accept(.comma) else { break }
        }
        return range
    }

    private mutating func skipKeywordPatterns() throws(ParseFailure) {
        guard kind == .name, peek(1) == .equal else { throw mismatch() }
        while kind == .name, peek(1) == .equal {
            position += 2
            _ = try pattern()
            try expect(.comma)
        }
    }
}
