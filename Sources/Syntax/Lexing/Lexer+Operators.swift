import Diagnostics

extension Lexer {
    /// The longest operator at `position`.
    mutating func lexOperator(_ first: UInt8) {
        let start = position
        switch first {
        case UInt8(ascii: "("): return open(.leftParen)
        case UInt8(ascii: "["): return open(.leftBracket)
        case UInt8(ascii: "{"): return open(.leftBrace)
        case UInt8(ascii: ")"): return close(.rightParen, opening: UInt8(ascii: "("))
        case UInt8(ascii: "]"): return close(.rightBracket, opening: UInt8(ascii: "["))
        case UInt8(ascii: "}"): return close(.rightBrace, opening: UInt8(ascii: "{"))
        default: break
        }
        let (kind, length) = Self.operatorKind(first, byte(at: position + 1), byte(at: position + 2))
        position += length
        if kind == .unknown, first < 0x20 || first == 0x7F {
            let digits = String(first, radix: 16, uppercase: true)
            failHere("invalid non-printable character U+\(String(repeating: "0", count: 4 - digits.count))\(digits)")
            return
        }
        emit(kind, from: start)
    }

    private mutating func open(_ kind: TokenKind) {
        let start = position
        position += 1
        if level >= Self.bracketLimit { return failHere("too many nested parentheses") }
        brackets.append(Int32(clamping: start))
        emit(kind, from: start)
    }

    private mutating func close(_ kind: TokenKind, opening: UInt8) {
        let start = position
        let closing = Character(UnicodeScalar(current))
        position += 1
        guard let bracket = brackets.popLast() else { return failHere("unmatched '\(closing)'") }
        let found = bytes[Int(bracket)]
        guard found == opening else {
            var message = "closing parenthesis '\(closing)' does not match opening parenthesis '\(Character(UnicodeScalar(found)))'"
            let openingLine = source.line(of: bracket)
            if openingLine != source.line(of: Int32(clamping: start)) { message += " on line \(openingLine)" }
            return failHere(message)
        }
        emit(kind, from: start)
    }

    private static func operatorKind(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> (TokenKind, length: Int) {
        let hasEqual = second == UInt8(ascii: "=")
        func plain(_ kind: TokenKind, _ withEqual: TokenKind) -> (TokenKind, length: Int) { hasEqual ? (withEqual, 2) : (kind, 1) }
        func doubled(_ single: (TokenKind, TokenKind), _ double: (TokenKind, TokenKind)) -> (TokenKind, length: Int) {
            guard second == first else { return plain(single.0, single.1) }
            return third == UInt8(ascii: "=") ? (double.1, 3) : (double.0, 2)
        }
        switch first {
        case UInt8(ascii: ","): return (.comma, 1)
        case UInt8(ascii: ";"): return (.semicolon, 1)
        case UInt8(ascii: "~"): return (.tilde, 1)
        case UInt8(ascii: ":"): return plain(.colon, .colonEqual)
        case UInt8(ascii: "="): return plain(.equal, .equalEqual)
        case UInt8(ascii: "+"): return plain(.plus, .plusEqual)
        case UInt8(ascii: "%"): return plain(.percent, .percentEqual)
        case UInt8(ascii: "@"): return plain(.at, .atEqual)
        case UInt8(ascii: "&"): return plain(.ampersand, .ampersandEqual)
        case UInt8(ascii: "|"): return plain(.verticalBar, .verticalBarEqual)
        case UInt8(ascii: "^"): return plain(.caret, .caretEqual)
        case UInt8(ascii: "-"): return second == UInt8(ascii: ">") ? (.arrow, 2) : plain(.minus, .minusEqual)
        case UInt8(ascii: "*"): return doubled((.star, .starEqual), (.doubleStar, .doubleStarEqual))
        case UInt8(ascii: "/"): return doubled((.slash, .slashEqual), (.doubleSlash, .doubleSlashEqual))
        case UInt8(ascii: ">"): return doubled((.greater, .greaterEqual), (.rightShift, .rightShiftEqual))
        case UInt8(ascii: "<"):
            if second == UInt8(ascii: ">") { return (.unknown, 2) }
            return doubled((.less, .lessEqual), (.leftShift, .leftShiftEqual))
        case UInt8(ascii: "!"): return hasEqual ? (.notEqual, 2) : (.unknown, 1)
        case UInt8(ascii: "."): return second == first && third == first ? (.ellipsis, 3) : (.dot, 1)
        default: return (.unknown, 1)
        }
    }
}
