import Diagnostics

/// Statements whose header the diagnosing pass knows.
enum Header {
    case `if`, elif, `else`, `while`, `for`, with, `try`, except, finally, def, `class`
}

extension Parser {
    mutating func raiseIndentation(_ message: String) -> ParseFailure {
        raise(message, kind: .indentation, at: blame(tokens[furthest]))
    }

    mutating func raiseExpected(_ text: String) -> ParseFailure {
        raise("expected '\(text)'", at: blame(token))
    }

    mutating func diagnoseExpression() throws(ParseFailure) {}
    mutating func diagnoseNamedExpression() throws(ParseFailure) {}
    mutating func diagnoseArgumentComprehension() throws(ParseFailure) {}
    mutating func diagnoseArguments() throws(ParseFailure) {}
    mutating func diagnoseKeywordArgument() throws(ParseFailure) {}
    mutating func diagnoseParenthesized() throws(ParseFailure) {}
    mutating func diagnoseComprehension() throws(ParseFailure) {}
    mutating func diagnoseBraces() throws(ParseFailure) {}
    mutating func diagnoseForTarget() throws(ParseFailure) {}
    mutating func diagnoseDelete() throws(ParseFailure) {}
    mutating func diagnoseAssignment() throws(ParseFailure) {}
    mutating func diagnoseImportTargets() throws(ParseFailure) {}
    mutating func diagnoseHeader(_ header: Header) throws(ParseFailure) {}
    mutating func diagnoseWithoutColon() throws(ParseFailure) {}
    mutating func diagnoseWithItem() throws(ParseFailure) {}
    mutating func diagnoseTry() throws(ParseFailure) {}
    mutating func diagnoseExcept() throws(ParseFailure) {}
    mutating func diagnoseParameters(closedBy: TokenKind) throws(ParseFailure) {}
    mutating func diagnoseMatch() throws(ParseFailure) {}
    mutating func diagnoseCase() throws(ParseFailure) {}
    mutating func diagnoseAsPattern() throws(ParseFailure) {}
    mutating func diagnoseClassPattern() throws(ParseFailure) {}
}
