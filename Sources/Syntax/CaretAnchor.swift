import Diagnostics

/// Which part of an expression a traceback points at.
package enum CaretAnchor {
    /// The operator of a binary operation or the brackets of a subscript, when the text of `range` is one as a whole; nil for
    /// anything else.
    package static func of(_ range: SourceRange, in source: SourceText) -> SourceRange? {
        guard range.start < range.end, Int(range.end) <= source.bytes.count else { return nil }
        var lexer = Lexer(embeddedIn: source, range: range)
        lexer.run()
        guard lexer.failure == nil else { return nil }
        var parser = Parser(lexed: lexer)
        guard let whole = parser.wholeExpression() else { return nil }
        switch whole.node {
        case .binary(_, let left, let right): return operatorRange(from: left.range.end, to: right.range.start, in: source)
        case .subscript(let value, let index):
            return SourceRange(start: value.range.end, end: min(range.end, index.range.end + 1))
        default: return nil
        }
    }

    /// One or two characters after the blanks behind the left operand, as CPython marks them.
    private static func operatorRange(from start: Int32, to end: Int32, in source: SourceText) -> SourceRange {
        let bytes = source.bytes
        var first = Int(start)
        while first < Int(end), bytes[first] == 0x20 || bytes[first] == 0x09 { first += 1 }
        let second = first + 1
        let isWide = second < Int(end) && bytes[second] != 0x20 && bytes[second] != 0x09
        return SourceRange(first, isWide ? second + 1 : second)
    }
}

extension Parser {
    /// The one expression between the virtual parentheses of an embedded text.
    fileprivate mutating func wholeExpression() -> Expression? {
        do {
            let value = try starExpressions()
            return kind == .endMarker ? value : nil
        } catch {
            // Text that is no expression has no anchor; its problem was reported when the module was parsed.
            return nil
        }
    }
}
