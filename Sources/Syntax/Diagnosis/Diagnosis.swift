import Diagnostics

/// What the diagnosing pass has in common: trying a rule, and naming a place.
///
/// The rules in this folder are the mistakes CPython knows. Each begins where its correct counterpart begins, explores, and
/// either raises or leaves no trace.
extension Parser {
    /// Whether the diagnosing pass is on the look-out here.
    var isLookingForMistakes: Bool { isDiagnosing && looksForMistakes }

    /// Tries a rule and goes back to where it began, unless it raises.
    mutating func exploring(_ rule: (inout Parser) throws(ParseFailure) -> Void) throws(ParseFailure) {
        let start = position
        _ = try attempt(rule)
        position = start
    }

    /// Whether a rule matches; when it does, the position is after it.
    mutating func matches(_ rule: (inout Parser) throws(ParseFailure) -> Void) throws(ParseFailure) -> Bool {
        try attempt(rule) != nil
    }

    mutating func expressionIfAny() throws(ParseFailure) -> Expression? {
        try attempt { parser throws(ParseFailure) in try parser.expression() }
    }

    mutating func bitwiseOr() throws(ParseFailure) -> Expression {
        try memoized(.bitOr) { parser throws(ParseFailure) in try parser.operand(.bitOr) }
    }

    // MARK: - Places

    /// The place of an error that CPython finds only after the fact: the last token it has read.
    var lastRead: SourceRange { blame(tokens[lastReadIndex]) }

    private var lastReadIndex: Int { max(furthest, position - 1) }

    mutating func raiseAtLastRead(_ message: String) -> ParseFailure { raise(message, at: lastRead, isIncomplete: isAtEnd) }

    /// Whether the text ended where more was wanted.
    private var isAtEnd: Bool {
        let last = tokens[lastReadIndex]
        return last.kind == .endMarker || (last.kind == .dedent && Int(last.end) >= bytes.count)
    }

    /// From a range to just before the end of what has been read.
    mutating func raise(_ message: String, startingFrom range: SourceRange) -> ParseFailure {
        raise(message, at: SourceRange(start: range.start, end: max(range.start, tokens[lastReadIndex].end - 1)))
    }

    mutating func raiseExpected(_ text: String) -> ParseFailure {
        kind == .error ? lexicalError() : raise("expected '\(text)'", at: blame(token))
    }

    mutating func raiseIndentation(_ message: String) -> ParseFailure {
        raise(message, kind: .indentation, at: lastRead, isIncomplete: isAtEnd)
    }

    /// Raises when `target` has a part that cannot be a target.
    mutating func raiseInvalidTarget(_ target: Expression, for purpose: TargetChecker.Purpose) throws(ParseFailure) {
        guard let part = TargetChecker.invalidPart(of: target, for: purpose) else { return }
        let verb = purpose == .deletion ? "delete" : "assign to"
        throw raise("cannot \(verb) \(TargetChecker.name(of: part))", at: part.range)
    }

    /// The end of a comprehension as messages see it: its last condition or iterable.
    static func end(of clauses: [ComprehensionClause]) -> SourceRange? {
        guard let last = clauses.last else { return nil }
        return (last.conditions.last ?? last.iterable).range
    }
}
