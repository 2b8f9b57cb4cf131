import Diagnostics

/// Parses a program, module or cell.
package func parse(module source: SourceText) throws(SyntaxProblem) -> ModuleSyntax {
    if let null = source.bytes.firstIndex(of: 0) {
        throw SyntaxProblem(.syntax, "source code cannot contain null bytes", at: SourceRange(null, null + 1), in: source)
    }
    var lexer = Lexer(source)
    lexer.run()
    var parser = Parser(lexed: lexer)
    let body = try parser.parseWhole { parser throws(ParseFailure) in try parser.moduleBody() }
    if let deferred = parser.deferred { throw deferred }
    return ModuleSyntax(body: body, source: source)
}

extension Parser {
    /// Parses with `rule`; on failure parses again to find out what to say.
    mutating func parseWhole<Result>(
        _ rule: (inout Parser) throws(ParseFailure) -> Result
    ) throws(SyntaxProblem) -> Result {
        do {
            return try rule(&self)
        } catch {
            if let problem { throw settled(problem) }
        }
        let blamed = furthest
        startDiagnosing()
        do {
            _ = try rule(&self)
        } catch {
            if let problem { throw settled(problem) }
        }
        throw generic(tokens[blamed])
    }

    private mutating func startDiagnosing() {
        position = moduleStatement
        depth = messagePrefix.isEmpty ? 0 : depth
        isDiagnosing = true
        backtracks = true
        memo = Memo()
        deferred = nil
    }

    /// What CPython says when no rule knows better.
    private func generic(_ token: Token) -> SyntaxProblem {
        let range = blame(token)
        switch token.kind {
        case .indent: return SyntaxProblem(.indentation, "unexpected indent", at: range, in: source)
        case .dedent: return SyntaxProblem(.indentation, "unexpected unindent", at: range, in: source)
        default:
            let isAtEnd = token.kind == .endMarker && messagePrefix.isEmpty
            let problem = SyntaxProblem(.syntax, messagePrefix + "invalid syntax", at: range, in: source, isIncomplete: isAtEnd)
            return settled(problem)
        }
    }

    /// A lexical error further on wins over a parser's error, and so does a bracket left open on an earlier line.
    private func settled(_ problem: SyntaxProblem) -> SyntaxProblem {
        guard !isLexical, let failure = lexicalFailure, problem.kind != .unsupported, problem.kind != .recursion else { return problem }
        if failure.winsOverParser { return failure.problem }
        if let bracket = failure.unclosedBracket, source.line(of: bracket) < source.line(of: tokens[furthest].start) {
            let character = Character(UnicodeScalar(bytes[Int(bracket)]))
            return SyntaxProblem(
                .syntax, "'\(character)' was never closed", at: SourceRange(start: bracket, end: bracket + 1), in: source,
                isIncomplete: failure.problem.isIncomplete)
        }
        return problem
    }

    /// The range CPython gives for an error at a token: tokens of line structure have no text of their own.
    func blame(_ token: Token) -> SourceRange {
        switch token.kind {
        case .indent, .dedent, .endMarker:
            if token.kind == .endMarker || Int(token.end) >= bytes.count {
                let last = bytes.last == 0x0A ? bytes.count - 1 : bytes.count
                return SourceRange(last, last)
            }
            let start = max(source.lineStarts[source.lineIndex(of: token.end)], token.end - 1)
            return SourceRange(start: start, end: start)
        default: return token.range
        }
    }
}
