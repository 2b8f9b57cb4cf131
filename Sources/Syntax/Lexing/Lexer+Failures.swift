import Diagnostics

extension Lexer {
    /// CPython's `syntaxerror`: the last character consumed is to blame, and the error wins over the parser's.
    mutating func failHere(_ message: String) {
        fail(message, at: SourceRange(lastCharacterStart, position), winsOverParser: true)
    }

    /// Start of the character that ends at `position`.
    private var lastCharacterStart: Int {
        var start = max(0, position - 1)
        while start > 0, start < bytes.count, bytes[start] & 0xC0 == 0x80 { start -= 1 }
        return start
    }

    mutating func fail(
        _ message: String, kind: SyntaxProblem.Kind = .syntax, at range: SourceRange, winsOverParser: Bool = false, isIncomplete: Bool = false
    ) {
        // Half-typed text is often indented wrongly; only its tokens matter for highlighting.
        if mode == .tolerant, kind != .syntax { return }
        let problem = SyntaxProblem(kind, message, at: range, in: source, isIncomplete: isIncomplete)
        stop(Failure(problem: problem, winsOverParser: winsOverParser, unclosedBracket: brackets.last))
    }

    /// The text ended in the middle of a line.
    mutating func failAtEnd(_ message: String, isIncomplete: Bool) {
        if let open = brackets.last { return failUnclosed(open) }
        let last = end > 0 && bytes[end - 1] == 0x0A ? end - 1 : end
        fail(message, at: SourceRange(last, last + 1), isIncomplete: isIncomplete)
    }

    mutating func failUnclosed(_ bracket: Int32) {
        let character = Character(UnicodeScalar(bytes[Int(bracket)]))
        let range = SourceRange(start: bracket, end: bracket + 1)
        let problem = SyntaxProblem(.syntax, "'\(character)' was never closed", at: range, in: source, isIncomplete: true)
        stop(Failure(problem: problem, winsOverParser: false, unclosedBracket: bracket))
    }

    private mutating func stop(_ failure: Failure) {
        tokens.append(Token(.error, level: level, Int(failure.problem.range.start), max(position, Int(failure.problem.range.end))))
        if mode == .program || position >= end { self.failure = failure }
    }
}
