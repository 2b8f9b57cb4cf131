import Diagnostics

/// Mistakes in parameter lists. The rules describe a list's beginning by kinds of parameters, each with its comma.
extension Parser {
    private typealias Closer = TokenKind

    /// Standing on the first parameter.
    mutating func diagnoseParameters(closedBy closer: TokenKind) throws(ParseFailure) {
        try exploring { parser throws(ParseFailure) in try parser.diagnoseLateDefault(closer) }
        try exploring { parser throws(ParseFailure) in try parser.diagnoseParenthesizedParameters(closer) }
        try exploring { parser throws(ParseFailure) in
            let slash = parser.token.range
            try parser.expect(.slash)
            try parser.expect(.comma)
            throw parser.raise("at least one argument must precede /", at: slash)
        }
        try exploring { parser throws(ParseFailure) in
            try parser.skipSlash(closer)
            try parser.skip(closer, .maybe)
            let slash = parser.token.range
            try parser.expect(.slash)
            throw parser.raise("/ may appear only once", at: slash)
        }
        try exploring { parser throws(ParseFailure) in try parser.diagnoseSlashAfterStar(closer) }
        try exploring { parser throws(ParseFailure) in
            try parser.one(closer, .maybe)
            try parser.skip(closer, .maybe)
            try parser.expect(.slash)
            let star = parser.token.range
            try parser.expect(.star)
            throw parser.raise("expected comma between / and *", at: star)
        }
    }

    /// Whether a parameter has a default value.
    private enum Default { case without, with, maybe }

    /// `name`, perhaps annotated.
    private mutating func name(_ closer: Closer) throws(ParseFailure) -> SourceRange {
        let start = self.start
        try expect(.name)
        if closer == .rightParen, accept(.colon) { _ = try expression() }
        return range(from: start)
    }

    /// One parameter and its comma, or the closer ahead.
    @discardableResult
    private mutating func one(_ closer: Closer, _ wanted: Default) throws(ParseFailure) -> SourceRange {
        let range = try name(closer)
        if wanted == .with || (wanted == .maybe && kind == .equal) {
            let equal = token.range
            try expect(.equal)
            furthest = max(furthest, position)
            if kind == .rightParen || kind == .comma { throw raise("expected default value expression", at: equal) }
            _ = try expression()
        }
        try commaOrCloser(closer)
        return range
    }

    private mutating func commaOrCloser(_ closer: Closer) throws(ParseFailure) {
        if accept(.comma) {
            // CPython looks for a type comment behind the comma.
            furthest = max(furthest, position)
            if kind == .error { throw lexicalError() }
            return
        }
        if kind != closer { throw mismatch() }
        furthest = max(furthest, position)
    }

    /// As many parameters of a sort as there are.
    private mutating func skip(_ closer: Closer, _ wanted: Default) throws(ParseFailure) {
        while try matches({ parser throws(ParseFailure) in try parser.one(closer, wanted) }) {}
    }

    /// Positional-only parameters with their `/`.
    private mutating func skipSlash(_ closer: Closer) throws(ParseFailure) {
        let start = position
        try skip(closer, .without)
        try skip(closer, .with)
        if position == start { throw mismatch() }
        try expect(.slash)
        try commaOrCloser(closer)
    }

    private mutating func diagnoseLateDefault(_ closer: Closer) throws(ParseFailure) {
        try skip(closer, .without)
        let hasSlash = try matches { parser throws(ParseFailure) in
            try parser.one(closer, .with)
            try parser.skip(closer, .with)
            try parser.expect(.slash)
            try parser.commaOrCloser(closer)
        }
        if !hasSlash {
            try one(closer, .with)
            try skip(closer, .with)
        }
        let late = try one(closer, .without)
        throw raise("non-default argument follows default argument", at: late)
    }

    private mutating func diagnoseParenthesizedParameters(_ closer: Closer) throws(ParseFailure) {
        try skip(closer, .without)
        let open = token.range
        try expect(.leftParen)
        if closer == .rightParen {
            try one(closer, .without)
            try skip(closer, .without)
        } else {
            try expect(.name)
            while kind == .comma, peek(1) == .name { position += 2 }
        }
        _ = accept(.comma)
        let close = token.range
        try expect(.rightParen)
        let what = closer == .rightParen ? "Function" : "Lambda expression"
        throw raise("\(what) parameters cannot be parenthesized", at: open.union(close))
    }

    private mutating func diagnoseSlashAfterStar(_ closer: Closer) throws(ParseFailure) {
        _ = try attempt { parser throws(ParseFailure) in try parser.skipSlash(closer) }
        try skip(closer, .maybe)
        try expect(.star)
        if !accept(.comma) { try one(closer, .without) }
        try skip(closer, .maybe)
        let slash = token.range
        try expect(.slash)
        throw raise("/ must be ahead of *", at: slash)
    }

    // MARK: - Stars

    /// Standing on a `*` that begins the second part of a list.
    mutating func diagnoseStar(closedBy closer: TokenKind) throws(ParseFailure) {
        try exploring { parser throws(ParseFailure) in
            let star = parser.token.range
            parser.position += 1
            if parser.accept(.comma), parser.kind != closer, parser.kind != .doubleStar { throw parser.mismatch() }
            if parser.kind != closer, parser.kind != .doubleStar { throw parser.mismatch() }
            if parser.tokens[parser.position - 1].kind == .star, parser.kind != closer { throw parser.mismatch() }
            parser.furthest = max(parser.furthest, parser.position)
            throw parser.raise("named arguments must follow bare *", at: closer == .rightParen ? star : parser.lastRead)
        }
        try exploring { parser throws(ParseFailure) in
            parser.position += 1
            _ = try parser.name(closer)
            let equal = parser.token.range
            try parser.expect(.equal)
            throw parser.raise("var-positional argument cannot have default value", at: equal)
        }
        try exploring { parser throws(ParseFailure) in
            parser.position += 1
            if !parser.accept(.comma) { try parser.one(closer, .without) }
            try parser.skip(closer, .maybe)
            let star = parser.token.range
            try parser.expect(.star)
            if !parser.accept(.comma) { try parser.one(closer, .without) }
            throw parser.raise("* argument may appear only once", at: star)
        }
    }

    /// Standing on `**`.
    mutating func diagnoseDoubleStar(closedBy closer: TokenKind) throws(ParseFailure) {
        try exploring { parser throws(ParseFailure) in
            parser.position += 1
            _ = try parser.name(closer)
            let next = parser.token.range
            if parser.accept(.equal) { throw parser.raise("var-keyword argument cannot have default value", at: next) }
            try parser.expect(.comma)
            let late = parser.token.range
            switch parser.kind {
            case .name: throw parser.raise("arguments cannot follow var-keyword argument", at: try parser.name(closer))
            case .star, .doubleStar, .slash: throw parser.raise("arguments cannot follow var-keyword argument", at: late)
            default: throw parser.mismatch()
            }
        }
    }
}
