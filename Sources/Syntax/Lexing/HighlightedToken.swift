import Diagnostics

/// A piece of source text and how an editor shows it.
package struct HighlightedToken: Sendable, Hashable {
    package enum Kind: String, Sendable {
        case keyword, name, number, string, `operator`, comment, whitespace, error
        /// The name that `def` or `class` defines.
        case definition
    }

    package let kind: Kind
    package let range: SourceRange
}

/// Splits any text, correct or not, into tokens that cover it without gaps. Never fails; O(length).
package func tokens(of source: SourceText) -> [HighlightedToken] {
    var lexer = Lexer(source, mode: .tolerant)
    lexer.run()
    var highlighter = Highlighter(source: source)
    var comments = lexer.comments[...]
    for token in lexer.tokens {
        while let comment = comments.first, comment.start <= token.start {
            highlighter.add(.comment, comment)
            comments = comments.dropFirst()
        }
        if let kind = highlighter.kind(of: token) { highlighter.add(kind, token.range) }
    }
    for comment in comments { highlighter.add(.comment, comment) }
    highlighter.fill(to: Int32(clamping: source.bytes.count))
    return highlighter.result
}

private struct Highlighter {
    let source: SourceText
    var result: [HighlightedToken] = []
    private var cursor: Int32 = 0
    private var definesNext = false

    init(source: SourceText) {
        self.source = source
    }

    mutating func kind(of token: Token) -> HighlightedToken.Kind? {
        defer { definesNext = token.kind == .defKeyword || token.kind == .classKeyword }
        switch token.kind {
        case .newline, .indent, .dedent, .endMarker: return nil
        case .name: return definesNext ? .definition : .name
        case .number: return .number
        case .string: return .string
        case .unknown: return .error
        case .error: return beginsString(token) ? .string : .error
        default: return token.kind.isKeyword ? .keyword : .operator
        }
    }

    /// An unterminated string is shown as a string: it is one that is being typed.
    private func beginsString(_ token: Token) -> Bool {
        let text = source.bytes[min(Int(token.start), source.bytes.count)..<min(Int(token.end), source.bytes.count)]
        let quote = text.prefix(3).first { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") }
        return quote != nil
    }

    mutating func add(_ kind: HighlightedToken.Kind, _ range: SourceRange) {
        let start = max(cursor, range.start)
        let end = min(range.end, Int32(clamping: source.bytes.count))
        guard start < end else { return }
        fill(to: start)
        result.append(HighlightedToken(kind: kind, range: SourceRange(start: start, end: end)))
        cursor = end
    }

    /// Covers what lies between tokens: blanks, and what the lexer refused.
    mutating func fill(to end: Int32) {
        while cursor < end {
            let isBlank = Self.isBlank(source.bytes[Int(cursor)])
            var next = cursor + 1
            while next < end, Self.isBlank(source.bytes[Int(next)]) == isBlank { next += 1 }
            result.append(HighlightedToken(kind: isBlank ? .whitespace : .error, range: SourceRange(start: cursor, end: next)))
            cursor = next
        }
    }

    /// The backslash that joins lines counts as blank.
    private static func isBlank(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x20, 0x09...0x0D, UInt8(ascii: "\\"): true
        default: false
        }
    }
}
