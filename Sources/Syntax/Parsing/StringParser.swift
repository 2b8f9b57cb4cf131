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
            var text = StringLiteral.Text.plain("")
            for literal in literals { text = text + (try decoded(literal.body, isRaw: literal.isRaw)) }
            return try make(.constant(text.constant), range)
        }
        var parts: [FStringPart] = []
        for literal in literals {
            if literal.isFormatted {
                try formatted(literal, into: &parts)
            } else {
                try append(decoded(literal.body, isRaw: literal.isRaw), at: SourceRange(literal.body.lowerBound, literal.body.upperBound), to: &parts)
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
                throw raiseAtNextToken(error.message)
            }
        }
        return try make(.constant(.bytes(value)), range)
    }

    mutating func decoded(_ piece: Range<Int>, isRaw: Bool) throws(ParseFailure) -> StringLiteral.Text {
        do {
            return try StringLiteral.text(bytes[piece], isRaw: isRaw)
        } catch {
            throw raiseAtNextToken(error.message)
        }
    }

    /// CPython decodes a string when it has read the token after it, and blames that token.
    mutating func raiseAtNextToken(_ message: String) -> ParseFailure { raise(message, at: blame(tokens[position])) }

    /// Adds literal text; neighbours merge.
    mutating func append(_ text: StringLiteral.Text, at range: SourceRange, to parts: inout [FStringPart]) throws(ParseFailure) {
        guard case .plain(let text) = text else {
            let constant = try make(.constant(text.constant), range)
            return parts.append(.replacement(constant, conversion: nil, format: nil, debugText: nil))
        }
        if text.isEmpty { return }
        if case .literal(let before)? = parts.last {
            parts[parts.count - 1] = .literal(before + text)
        } else {
            parts.append(.literal(text))
        }
    }
}
