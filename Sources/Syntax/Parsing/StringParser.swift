import Diagnostics

/// String tokens: adjacent literals joined into one constant or one f-string.
extension Parser {
    mutating func strings() throws(ParseFailure) -> Expression {
        let first = position
        while kind == .string { position += 1 }
        furthest = max(furthest, position)
        if kind == .error { throw lexicalError() }
        let range = SourceRange(start: tokens[first].start, end: tokens[position - 1].end)
        let literals = tokens[first..<position].map { StringLiteral($0, in: bytes) }
        if literals[0].isBytes { return try bytesConstant(literals, range) }
        if literals.contains(where: \.isBytes) { throw raiseAtNextToken("cannot mix bytes and nonbytes literals") }
        if !literals.contains(where: \.isFormatted) {
            var text = ""
            for literal in literals { text += try decoded(literal.body, isRaw: literal.isRaw) }
            return try make(.constant(.string(text)), range)
        }
        var parts: [FStringPart] = []
        for literal in literals {
            if literal.isFormatted {
                try formatted(literal, into: &parts)
            } else {
                Self.append(try decoded(literal.body, isRaw: literal.isRaw), to: &parts)
            }
        }
        return try make(.joinedString(parts), range)
    }

    private mutating func bytesConstant(
        _ literals: [StringLiteral], _ range: SourceRange
    ) throws(ParseFailure) -> Expression {
        var value: [UInt8] = []
        for literal in literals {
            guard literal.isBytes else { throw raiseAtNextToken("cannot mix bytes and nonbytes literals") }
            if bytes[literal.body].contains(where: { $0 >= 0x80 }) {
                throw raiseAtNextToken("bytes can only contain ASCII literal characters")
            }
            do {
                value += try StringLiteral.bytes(bytes[literal.body], isRaw: literal.isRaw)
            } catch {
                throw raise(error)
            }
        }
        return try make(.constant(.bytes(value)), range)
    }

    mutating func decoded(_ piece: Range<Int>, isRaw: Bool) throws(ParseFailure) -> String {
        do {
            return try StringLiteral.text(bytes[piece], isRaw: isRaw)
        } catch {
            throw raise(error)
        }
    }

    private mutating func raise(_ problem: StringLiteral.EscapeProblem) -> ParseFailure {
        switch problem {
        case .invalid(let message): raiseAtNextToken(message)
        case .unsupported(let construct): unsupported(construct, at: tokens[max(0, position - 1)].range)
        }
    }

    /// CPython decodes a string when it has read the token after it, and blames that token.
    mutating func raiseAtNextToken(_ message: String) -> ParseFailure { raise(message, at: blame(tokens[position])) }

    /// Adds literal text; neighbours merge.
    static func append(_ text: String, to parts: inout [FStringPart]) {
        if text.isEmpty { return }
        if case .literal(let before)? = parts.last {
            parts[parts.count - 1] = .literal(before + text)
        } else {
            parts.append(.literal(text))
        }
    }
}
