import Diagnostics

/// Why a rule did not match. The problem itself, if there is one, is the parser's `problem`.
enum ParseFailure: Error {
    /// Another rule may still match here.
    case mismatch
    /// The text is wrong for a known reason; nothing else is tried.
    case raised
}

/// Recursive descent over the tokens of one text.
///
/// A text is parsed once without a word about errors. When that fails it is parsed again with `isDiagnosing`, where rules first
/// look for the mistakes people make and then backtrack as CPython's PEG does, so that messages and places are CPython's.
/// Invariant: `position` never passes the last token, which is `.endMarker` or `.error`; neither is ever consumed.
struct Parser {
    let source: SourceText
    let bytes: [UInt8]
    let tokens: [Token]
    let lexicalFailure: Lexer.Failure?

    var position = 0
    /// The furthest token looked at, which is what CPython blames when it knows nothing better.
    var furthest = 0
    /// First token of the module's statement now being parsed; diagnosis begins there.
    var moduleStatement = 0
    var problem: SyntaxProblem?
    /// Whether `problem` is the lexer's.
    var isLexical = false
    /// The first error that only counts when the rest of the text parses, as CPython finds it while compiling.
    var deferred: SyntaxProblem?
    var isDiagnosing = false
    /// Rules end before a part that does not match, where PEG would try a shorter alternative, and outcomes are remembered. Always on
    /// while diagnosing; the first pass, which only succeeds or fails, does without.
    var backtracks = false
    /// Off inside rules that only explore: the mistakes there are not the text's.
    var looksForMistakes = true
    /// Nested expressions now being parsed.
    var depth = 0
    /// Put before every message: an f-string's expressions speak with `f-string: `.
    var messagePrefix = ""
    var memo = Memo()

    static let depthLimit = 500
    /// CPython compiles trees about this high and no higher.
    static let heightLimit = 2_980

    init(lexed lexer: Lexer) {
        source = lexer.source
        bytes = lexer.bytes
        tokens = lexer.tokens
        lexicalFailure = lexer.failure
    }

    // MARK: - Tokens

    @inline(__always) var token: Token { tokens[position] }
    @inline(__always) var kind: TokenKind { tokens[position].kind }
    @inline(__always) var start: Int32 { tokens[position].start }

    /// The kind of a token further on; counts as looked at.
    mutating func peek(_ distance: Int) -> TokenKind {
        let index = min(position + distance, tokens.count - 1)
        furthest = max(furthest, index)
        return tokens[index].kind
    }

    mutating func accept(_ wanted: TokenKind) -> Bool {
        guard kind == wanted else { return false }
        position += 1
        return true
    }

    mutating func expect(_ wanted: TokenKind) throws(ParseFailure) {
        guard kind == wanted else { throw mismatch() }
        position += 1
    }

    mutating func mismatch() -> ParseFailure {
        furthest = max(furthest, position)
        return kind == .error ? lexicalError() : .mismatch
    }

    /// The text stops being tokens here. Whoever looks at the place raises, whatever else could still be tried.
    mutating func lexicalError() -> ParseFailure {
        if problem == nil, let lexicalFailure {
            problem = lexicalFailure.problem
            isLexical = true
        }
        return .raised
    }

    /// A name that may be a soft keyword.
    mutating func expectName() throws(ParseFailure) -> (String, SourceRange) {
        guard kind == .name else { throw mismatch() }
        let range = token.range
        let name = text(of: token)
        position += 1
        return (name, range)
    }

    /// A name token's text in the form names are compared in.
    func text(of token: Token) -> String {
        let slice = bytes[Int(token.start)..<Int(token.end)]
        let name = String(decoding: slice, as: UTF8.self)
        return slice.contains { $0 >= 0x80 } ? IdentifierRules.normalized(name) : name
    }

    /// Whether the current token is the name `word`, used as a soft keyword.
    func isSoftKeyword(_ word: StaticString) -> Bool { isName(token, word) }

    func isName(_ token: Token, _ word: StaticString) -> Bool {
        guard token.kind == .name, Int(token.end - token.start) == word.utf8CodeUnitCount else { return false }
        for index in 0..<word.utf8CodeUnitCount where bytes[Int(token.start) + index] != word.utf8Start[index] { return false }
        return true
    }

    // MARK: - Ranges

    /// From an offset to the end of the last token consumed, line structure aside.
    func range(from start: Int32) -> SourceRange {
        var index = position - 1
        while index > 0 {
            switch tokens[index].kind {
            case .newline, .indent, .dedent, .endMarker: index -= 1
            default: return SourceRange(start: start, end: max(start, tokens[index].end))
            }
        }
        return SourceRange(start: start, end: max(start, index >= 0 ? tokens[index].end : start))
    }

    // MARK: - Nodes

    mutating func make(_ node: Expression.Node, _ range: SourceRange) throws(ParseFailure) -> Expression {
        let expression = Expression(node, range)
        if expression.height > Self.heightLimit { throw tooDeep(range) }
        return expression
    }

    mutating func make(_ node: Expression.Node, from start: Int32) throws(ParseFailure) -> Expression {
        try make(node, SourceRange(start: start, end: max(start, tokens[max(0, position - 1)].end)))
    }

    mutating func tooDeep(_ range: SourceRange) -> ParseFailure {
        raise("maximum recursion depth exceeded during compilation", kind: .recursion, at: range)
    }

    // MARK: - Errors

    mutating func raise(
        _ message: String, kind: SyntaxProblem.Kind = .syntax, at range: SourceRange, isIncomplete: Bool = false
    ) -> ParseFailure {
        if problem == nil {
            let prefix = kind == .unsupported || kind == .recursion ? "" : messagePrefix
            problem = SyntaxProblem(kind, prefix + message, at: range, in: source, isIncomplete: isIncomplete)
        }
        return .raised
    }

    mutating func unsupported(_ construct: String, at range: SourceRange) -> ParseFailure {
        raise(construct, kind: .unsupported, at: range)
    }

    /// Notes an error that CPython's compiler, not its parser, would find.
    mutating func noteDeferred(_ message: String, at range: SourceRange) {
        if deferred == nil { deferred = SyntaxProblem(.syntax, message, at: range, in: source) }
    }

    /// Tries a rule; without a match the position is as before. A raised problem passes through.
    mutating func attempt<Result>(
        _ rule: (inout Parser) throws(ParseFailure) -> Result
    ) throws(ParseFailure) -> Result? {
        let start = position
        do {
            return try rule(&self)
        } catch {
            if error == .raised { throw error }
            position = start
            return nil
        }
    }

    /// Runs a rule that begins at `first`. Where it does not match, the diagnosing pass goes back there and looks for what is
    /// usually wrong.
    mutating func tried<Result>(
        from first: Int, _ rule: (inout Parser) throws(ParseFailure) -> Result,
        diagnose: (inout Parser) throws(ParseFailure) -> Void
    ) throws(ParseFailure) -> Result {
        do {
            return try rule(&self)
        } catch {
            if error == .mismatch, isLookingForMistakes {
                position = first
                try diagnose(&self)
            }
            throw error
        }
    }
}
