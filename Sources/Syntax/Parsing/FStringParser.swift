import Diagnostics

/// The inside of an f-string, by the rules of Python 3.11: a replacement field holds no backslash, no comment and no quote of
/// the literal's own kind; a format may hold fields of its own, whose formats may not.
extension Parser {
    mutating func formatted(_ literal: StringLiteral, into parts: inout [FStringPart]) throws(ParseFailure) {
        var offset = literal.body.lowerBound
        try formattedPieces(&offset, end: literal.body.upperBound, isRaw: literal.isRaw, level: 0, into: &parts)
    }

    /// Literal text and fields up to `end`, or in a format (`level` above 0) to the closing brace.
    private mutating func formattedPieces(
        _ offset: inout Int, end: Int, isRaw: Bool, level: Int, into parts: inout [FStringPart]
    ) throws(ParseFailure) {
        while offset < end {
            try literalText(&offset, end: end, isRaw: isRaw, level: level, into: &parts)
            guard offset < end else { break }
            if level > 0, bytes[offset] == UInt8(ascii: "}") { return }
            parts.append(try replacementField(&offset, end: end, isRaw: isRaw, level: level))
        }
    }

    private mutating func literalText(
        _ offset: inout Int, end: Int, isRaw: Bool, level: Int, into parts: inout [FStringPart]
    ) throws(ParseFailure) {
        var start = offset
        while offset < end {
            let byte = bytes[offset]
            if byte == UInt8(ascii: "\\"), !isRaw, offset + 1 < end {
                // The brace after a backslash still opens a field.
                let next = bytes[offset + 1]
                if next == UInt8(ascii: "N"), offset + 2 < end, bytes[offset + 2] == UInt8(ascii: "{"),
                    let close = bytes[offset..<end].firstIndex(of: UInt8(ascii: "}"))
                {
                    offset = close + 1
                    continue
                }
                offset += next == UInt8(ascii: "{") || next == UInt8(ascii: "}") ? 1 : 2
                continue
            }
            guard byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}") else {
                offset += 1
                continue
            }
            if level > 0 { break }
            if offset + 1 < end, bytes[offset + 1] == byte {
                try append(decoded(start..<(offset + 1), isRaw: isRaw), at: SourceRange(start, offset + 1), to: &parts)
                offset += 2
                start = offset
                continue
            }
            if byte == UInt8(ascii: "}") { throw raiseInFString("single '}' is not allowed") }
            break
        }
        offset = min(offset, end)
        try append(decoded(start..<offset, isRaw: isRaw), at: SourceRange(start, offset), to: &parts)
    }

    private mutating func replacementField(
        _ offset: inout Int, end: Int, isRaw: Bool, level: Int
    ) throws(ParseFailure) -> FStringPart {
        if level >= 2 { throw raiseInFString("expressions nested too deeply") }
        let start = offset + 1
        offset = try fieldExpressionEnd(from: start, end: end)
        guard offset < end else { throw raiseInFString("expecting '}'") }
        if bytes[start..<offset].allSatisfy(Self.isSpace) {
            let next = Character(UnicodeScalar(bytes[offset]))
            throw raiseInFString(next == "}" ? "empty expression not allowed" : "expression required before '\(next)'")
        }
        let expression = try fieldExpression(SourceRange(start, offset))
        var debugText: String?
        if bytes[offset] == UInt8(ascii: "=") {
            offset += 1
            while offset < end, Self.isSpace(bytes[offset]) { offset += 1 }
            debugText = String(decoding: bytes[start..<offset], as: UTF8.self)
        }
        var conversion = try fieldConversion(&offset, end: end)
        var format: [FStringPart]?
        if offset < end, bytes[offset] == UInt8(ascii: ":") {
            offset += 1
            var parts: [FStringPart] = []
            try formattedPieces(&offset, end: end, isRaw: isRaw, level: level + 1, into: &parts)
            format = parts
        }
        guard offset < end, bytes[offset] == UInt8(ascii: "}") else { throw raiseInFString("expecting '}'") }
        offset += 1
        if debugText != nil, format == nil, conversion == nil { conversion = .repr }
        return .replacement(expression, conversion: conversion, format: format, debugText: debugText)
    }

    private mutating func fieldConversion(_ offset: inout Int, end: Int) throws(ParseFailure) -> FStringPart.Conversion? {
        guard offset < end, bytes[offset] == UInt8(ascii: "!") else { return nil }
        offset += 1
        guard offset < end else { throw raiseInFString("expecting '}'") }
        guard let conversion = FStringPart.Conversion(rawValue: bytes[offset]) else {
            throw raiseInFString("invalid conversion character: expected 's', 'r', or 'a'")
        }
        offset += 1
        return conversion
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0D ~= byte }

    // MARK: - The expression of a field

    /// Finds where a field's expression ends by its brackets and quotes alone.
    private mutating func fieldExpressionEnd(from start: Int, end: Int) throws(ParseFailure) -> Int {
        var offset = start
        var brackets: [UInt8] = []
        var quote: (byte: UInt8, isTriple: Bool)?
        scanning: while offset < end {
            let byte = bytes[offset]
            if byte == UInt8(ascii: "\\") { throw raiseInFString(" expression part cannot include a backslash", separator: "") }
            if let open = quote {
                if byte == open.byte, !open.isTriple || isTripled(offset, end) {
                    offset += open.isTriple ? 2 : 0
                    quote = nil
                }
                offset += 1
                continue
            }
            switch byte {
            case UInt8(ascii: "'"), UInt8(ascii: "\""):
                let isTriple = isTripled(offset, end)
                quote = (byte, isTriple)
                offset += isTriple ? 2 : 0
            case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
                if brackets.count >= Lexer.bracketLimit { throw raiseInFString("too many nested parenthesis") }
                brackets.append(byte)
            case UInt8(ascii: "#"): throw raiseInFString(" expression part cannot include '#'", separator: "")
            case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
                if byte == UInt8(ascii: "}"), brackets.isEmpty { break scanning }
                try closeFieldBracket(byte, &brackets)
            case UInt8(ascii: "!"), UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: "<"), UInt8(ascii: ">"):
                guard brackets.isEmpty else { break }
                if byte != UInt8(ascii: ":"), offset + 1 < end, bytes[offset + 1] == UInt8(ascii: "=") {
                    offset += 1
                } else if byte != UInt8(ascii: "<"), byte != UInt8(ascii: ">") {
                    break scanning
                }
            default: break
            }
            offset += 1
        }
        if quote != nil { throw raiseInFString("unterminated string") }
        if let open = brackets.last { throw raiseInFString("unmatched '\(Character(UnicodeScalar(open)))'") }
        return offset
    }

    private func isTripled(_ offset: Int, _ end: Int) -> Bool {
        offset + 2 < end && bytes[offset + 1] == bytes[offset] && bytes[offset + 2] == bytes[offset]
    }

    private mutating func closeFieldBracket(_ closing: UInt8, _ brackets: inout [UInt8]) throws(ParseFailure) {
        let closer = Character(UnicodeScalar(closing))
        guard let opening = brackets.popLast() else { throw raiseInFString("unmatched '\(closer)'") }
        let matches =
            switch opening {
            case UInt8(ascii: "("): closing == UInt8(ascii: ")")
            case UInt8(ascii: "["): closing == UInt8(ascii: "]")
            default: closing == UInt8(ascii: "}")
            }
        guard matches else {
            let opener = Character(UnicodeScalar(opening))
            throw raiseInFString("closing parenthesis '\(closer)' does not match opening parenthesis '\(opener)'")
        }
    }

    /// Parses a field's expression as CPython does: as if it stood in parentheses.
    private mutating func fieldExpression(_ range: SourceRange) throws(ParseFailure) -> Expression {
        var lexer = Lexer(embeddedIn: source, range: range)
        lexer.run()
        var parser = Parser(lexed: lexer)
        parser.messagePrefix = "f-string: "
        parser.depth = depth + 1
        if parser.depth > Self.depthLimit { throw tooDeep(range) }
        do {
            let expression = try parser.parseWhole { parser throws(ParseFailure) in
                let expression = try parser.starExpressions()
                try parser.expect(.endMarker)
                return expression
            }
            if deferred == nil { deferred = parser.deferred }
            return expression
        } catch {
            problem = problem ?? error
            throw .raised
        }
    }

    private mutating func raiseInFString(_ message: String, separator: String = ": ") -> ParseFailure {
        raiseAtNextToken("f-string\(separator)\(message)")
    }
}
