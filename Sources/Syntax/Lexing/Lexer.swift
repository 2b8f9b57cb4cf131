import Diagnostics

/// Turns a text into Python 3.11 tokens, in one pass over its bytes.
///
/// It stops at the first error, whose token is `.error` and whose problem is `failure`. Whether a lexical error wins over a
/// parse error further up is the parser's decision, as in CPython. Invariant: `tokens` ends with `.endMarker` or `.error`,
/// INDENT and DEDENT balance when there is no failure, offsets ascend.
package struct Lexer {
    /// Why tokens ended early.
    package struct Failure: Sendable {
        package let problem: SyntaxProblem
        /// CPython reports this even when the parser gave up earlier in the text.
        package let winsOverParser: Bool
        /// The innermost bracket still open where the text ended.
        package let unclosedBracket: Int32?
    }

    /// What comes of tolerated errors, comments and blank lines.
    package enum Mode: Sendable {
        case program
        /// For highlighting: comments are tokens, an error is a token and the text goes on.
        case tolerant
    }

    let source: SourceText
    let bytes: [UInt8]
    let mode: Mode
    /// Where the text ends: `bytes.count`, or the end of an f-string's replacement field.
    let end: Int
    /// Inside an f-string: the text counts as parenthesised and its lines have no indentation.
    let isEmbedded: Bool

    package internal(set) var tokens: [Token] = []
    package internal(set) var comments: [SourceRange] = []
    package internal(set) var failure: Failure?

    var position: Int
    var isAtLineStart = true
    /// Offsets of the brackets now open.
    var brackets: [Int32] = []
    /// Indentation of the open blocks, with tabs to eight columns and with tabs to one.
    var indents: [(column: Int, alternate: Int)] = [(0, 0)]
    let keywords = KeywordTable.shared

    static let bracketLimit = 200
    static let indentLimit = 100

    package init(_ source: SourceText, mode: Mode = .program) {
        self.source = source
        self.bytes = source.bytes
        self.end = source.bytes.count
        self.position = 0
        self.isEmbedded = false
        self.mode = mode
        tokens.reserveCapacity(source.bytes.count / 4 + 8)
    }

    /// A lexer for the expression of an f-string's replacement field, which counts as parenthesised.
    init(embeddedIn source: SourceText, range: SourceRange) {
        self.source = source
        self.bytes = source.bytes
        self.position = Int(range.start)
        self.end = Int(range.end)
        self.isEmbedded = true
        self.isAtLineStart = false
        self.mode = .program
        tokens.append(Token(.leftParen, level: 1, position - 1, position))
    }

    package mutating func run() {
        while failure == nil {
            if isAtLineStart {
                isAtLineStart = false
                lexIndentation()
                if failure != nil { break }
            }
            if lexToken() == .endOfText { break }
        }
        if failure == nil { closeText() }
    }

    // MARK: - Bytes

    /// The byte at an offset, 0 beyond the end of the text.
    @inline(__always) func byte(at offset: Int) -> UInt8 { offset < end ? bytes[offset] : 0 }

    @inline(__always) var current: UInt8 { byte(at: position) }

    /// Open brackets, the virtual one around an f-string's expression included.
    var level: Int { brackets.count + (isEmbedded ? 1 : 0) }

    @inline(__always) mutating func emit(_ kind: TokenKind, from start: Int) {
        tokens.append(Token(kind, level: level, start, position))
    }

    // MARK: - Tokens

    enum Step { case token, endOfText }

    /// Lexes what stands at `position`, blanks before it included.
    mutating func lexToken() -> Step {
        while true {
            let byte = current
            switch ByteClass.of(byte) {
            case .blank:
                position += 1
            case .letter:
                lexWord()
                return .token
            case .digit:
                lexNumber()
                return .token
            case .quote:
                lexString(from: position)
                return .token
            case .lineEnd:
                lexLineEnd(from: position)
                return .token
            case .comment:
                let start = position
                skipComment()
                if position >= end || isLineEnd(current) {
                    if position >= end, !needsFinalNewline { return .endOfText }
                    lexLineEnd(from: start)
                }
                return .token
            case .backslash:
                guard lexContinuation() else { return .token }
            case .other:
                if position >= end {
                    guard needsFinalNewline else { return .endOfText }
                    lexLineEnd(from: position)
                    return .token
                }
                if byte == UInt8(ascii: "."), ByteClass.of(self.byte(at: position + 1)) == .digit {
                    lexNumber()
                } else {
                    lexOperator(byte)
                }
                return .token
            }
        }
    }

    @inline(__always) func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

    /// A last line without a line end still ends its statement.
    private var needsFinalNewline: Bool {
        guard !isEmbedded, level == 0, let last = tokens.last else { return false }
        switch last.kind {
        case .newline, .indent, .dedent: return false
        default: return true
        }
    }

    /// Ends a logical line: a NEWLINE token unless the line is blank or a bracket is open. `start` is a trailing comment's.
    private mutating func lexLineEnd(from start: Int) {
        let isBlank = !needsFinalNewline
        if !isBlank { tokens.append(Token(.newline, level: 0, start, position)) }
        if current == 0x0D, byte(at: position + 1) == 0x0A { position += 1 }
        if position < end { position += 1 }
        isAtLineStart = !isEmbedded
    }

    private mutating func skipComment() {
        let start = position
        while position < end, !isLineEnd(bytes[position]) { position += 1 }
        if mode == .tolerant { comments.append(SourceRange(start, position)) }
    }

    /// A backslash joins the next line; anything between it and the line end is an error.
    mutating func lexContinuation() -> Bool {
        var next = position + 1
        if byte(at: next) == 0x0D { next += 1 }
        if byte(at: next) == 0x0A || (next > position + 1 && next <= end) {
            if byte(at: next) == 0x0A { next += 1 }
        } else if next < end || isEmbedded {
            position += 1
            fail("unexpected character after line continuation character", at: SourceRange(position, position + 1))
            return false
        }
        if next >= end {
            position = end
            failAtEnd("unexpected EOF while parsing", isIncomplete: true)
            return false
        }
        position = next
        return true
    }

    /// Closes open blocks and marks the end, or reports the bracket that is still open.
    private mutating func closeText() {
        position = end
        if isEmbedded {
            if let open = brackets.last {
                failUnclosed(open)
            } else {
                tokens.append(Token(.rightParen, level: 0, end, end + 1))
                tokens.append(Token(.endMarker, level: 0, end, end))
            }
            return
        }
        if let open = brackets.last {
            failUnclosed(open)
            return
        }
        for _ in 1..<max(1, indents.count) { tokens.append(Token(.dedent, level: 0, end, end)) }
        indents.removeSubrange(1...)
        tokens.append(Token(.endMarker, level: 0, end, end))
    }
}
