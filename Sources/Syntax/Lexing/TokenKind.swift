/// The kind of a lexical token. Python's own names, operators by what they look like.
package enum TokenKind: UInt8, Sendable, CaseIterable {
    case endMarker, newline, indent, dedent, name, number, string
    /// A character no rule of the grammar uses, such as `$`, `?` or `<>`.
    case unknown
    /// Where the text stopped being tokens.
    case error

    case leftParen, rightParen, leftBracket, rightBracket, leftBrace, rightBrace
    case colon, comma, semicolon, dot, ellipsis, arrow, at
    case equal, colonEqual
    case plus, minus, star, doubleStar, slash, doubleSlash, percent
    case verticalBar, ampersand, caret, tilde, leftShift, rightShift
    case less, greater, lessEqual, greaterEqual, equalEqual, notEqual
    case plusEqual, minusEqual, starEqual, doubleStarEqual, slashEqual, doubleSlashEqual, percentEqual, atEqual
    case verticalBarEqual, ampersandEqual, caretEqual, leftShiftEqual, rightShiftEqual

    case falseKeyword, noneKeyword, trueKeyword
    case andKeyword, asKeyword, assertKeyword, asyncKeyword, awaitKeyword, breakKeyword, classKeyword, continueKeyword, defKeyword
    case delKeyword, elifKeyword, elseKeyword, exceptKeyword, finallyKeyword, forKeyword, fromKeyword, globalKeyword, ifKeyword
    case importKeyword, inKeyword, isKeyword, lambdaKeyword, nonlocalKeyword, notKeyword, orKeyword, passKeyword, raiseKeyword
    case returnKeyword, tryKeyword, whileKeyword, withKeyword, yieldKeyword

    package var isKeyword: Bool { rawValue >= TokenKind.falseKeyword.rawValue }

    /// The fixed text of an operator or keyword; nil for kinds whose text varies.
    package var spelling: String? { Self.spellings[Int(rawValue)] }

    private static let spellings: [String?] = {
        var table = [String?](repeating: nil, count: allCases.count)
        for (kind, text) in operatorSpellings + keywordSpellings { table[Int(kind.rawValue)] = text }
        return table
    }()

    static let operatorSpellings: [(TokenKind, String)] = [
        (.leftParen, "("), (.rightParen, ")"), (.leftBracket, "["), (.rightBracket, "]"), (.leftBrace, "{"), (.rightBrace, "}"),
        (.colon, ":"), (.comma, ","), (.semicolon, ";"), (.dot, "."), (.ellipsis, "..."), (.arrow, "->"), (.at, "@"),
        (.equal, "="), (.colonEqual, ":="),
        (.plus, "+"), (.minus, "-"), (.star, "*"), (.doubleStar, "**"), (.slash, "/"), (.doubleSlash, "//"), (.percent, "%"),
        (.verticalBar, "|"), (.ampersand, "&"), (.caret, "^"), (.tilde, "~"), (.leftShift, "<<"), (.rightShift, ">>"),
        (.less, "<"), (.greater, ">"), (.lessEqual, "<="), (.greaterEqual, ">="), (.equalEqual, "=="), (.notEqual, "!="),
        (.plusEqual, "+="), (.minusEqual, "-="), (.starEqual, "*="), (.doubleStarEqual, "**="), (.slashEqual, "/="),
        (.doubleSlashEqual, "//="), (.percentEqual, "%="), (.atEqual, "@="), (.verticalBarEqual, "|="), (.ampersandEqual, "&="),
        (.caretEqual, "^="), (.leftShiftEqual, "<<="), (.rightShiftEqual, ">>="),
    ]

    static let keywordSpellings: [(TokenKind, String)] = [
        (.falseKeyword, "False"), (.noneKeyword, "None"), (.trueKeyword, "True"), (.andKeyword, "and"), (.asKeyword, "as"),
        (.assertKeyword, "assert"), (.asyncKeyword, "async"), (.awaitKeyword, "await"), (.breakKeyword, "break"),
        (.classKeyword, "class"), (.continueKeyword, "continue"), (.defKeyword, "def"), (.delKeyword, "del"), (.elifKeyword, "elif"),
        (.elseKeyword, "else"), (.exceptKeyword, "except"), (.finallyKeyword, "finally"), (.forKeyword, "for"),
        (.fromKeyword, "from"), (.globalKeyword, "global"), (.ifKeyword, "if"), (.importKeyword, "import"), (.inKeyword, "in"),
        (.isKeyword, "is"), (.lambdaKeyword, "lambda"), (.nonlocalKeyword, "nonlocal"), (.notKeyword, "not"), (.orKeyword, "or"),
        (.passKeyword, "pass"), (.raiseKeyword, "raise"), (.returnKeyword, "return"), (.tryKeyword, "try"),
        (.whileKeyword, "while"), (.withKeyword, "with"), (.yieldKeyword, "yield"),
    ]
}
