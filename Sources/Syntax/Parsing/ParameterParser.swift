import Diagnostics

/// Parameter lists of `def` (closed by a parenthesis, annotated) and `lambda` (closed by a colon).
extension Parser {
    mutating func parameters(closedBy closer: TokenKind) throws(ParseFailure) -> Parameters {
        let first = position
        if isLookingForMistakes, kind != closer {
            try diagnoseParameters(closedBy: closer)
            position = first
        }
        var list = ParameterList(closer: closer)
        while kind != closer {
            try parameter(into: &list)
            guard accept(.comma) else { break }
        }
        if list.needsKeywordOnly { throw mismatch() }
        furthest = max(furthest, position)
        return list.parameters
    }

    /// What is known of a parameter list half-way.
    private struct ParameterList {
        let closer: TokenKind
        var positionalOnly: [Parameters.Parameter] = []
        var positional: [Parameters.Parameter] = []
        var variadic: Parameters.Parameter?
        var keywordOnly: [Parameters.Parameter] = []
        var keywordVariadic: Parameters.Parameter?
        var hasSlash = false
        var hasStar = false
        var hasDefault = false
        /// After a bare `*`, until a name follows.
        var needsKeywordOnly = false

        var parameters: Parameters {
            Parameters(
                positionalOnly: positionalOnly, positional: positional, variadic: variadic, keywordOnly: keywordOnly,
                keywordVariadic: keywordVariadic)
        }
    }

    private mutating func parameter(into list: inout ParameterList) throws(ParseFailure) {
        if list.keywordVariadic != nil { throw mismatch() }
        switch kind {
        case .slash:
            if list.hasSlash || list.hasStar || list.positional.isEmpty { throw mismatch() }
            position += 1
            list.positionalOnly = list.positional
            list.positional = []
            list.hasSlash = true
        case .star:
            if list.hasStar { throw mismatch() }
            if isLookingForMistakes { try diagnoseStar(closedBy: list.closer) }
            position += 1
            list.hasStar = true
            if kind == .comma {
                list.needsKeywordOnly = true
            } else {
                list.variadic = try name(closedBy: list.closer, isVariadic: true, default: false)
            }
        case .doubleStar:
            if list.needsKeywordOnly { throw mismatch() }
            if isLookingForMistakes { try diagnoseDoubleStar(closedBy: list.closer) }
            position += 1
            list.keywordVariadic = try name(closedBy: list.closer, default: false)
        default:
            let parameter = try name(closedBy: list.closer, default: true)
            if list.hasStar {
                list.keywordOnly.append(parameter)
                list.needsKeywordOnly = false
            } else {
                if parameter.default == nil, list.hasDefault { throw mismatch() }
                list.hasDefault = list.hasDefault || parameter.default != nil
                list.positional.append(parameter)
            }
        }
        if kind != .comma, kind != list.closer { throw mismatch() }
    }

    /// `name`, `name: annotation`, `name=default`. The range leaves the default out, as CPython's does.
    private mutating func name(
        closedBy closer: TokenKind, isVariadic: Bool = false, default allowsDefault: Bool
    ) throws(ParseFailure) -> Parameters.Parameter {
        let (name, range) = try expectName()
        var annotation: Expression?
        if closer == .rightParen, accept(.colon) {
            annotation = isVariadic && kind == .star ? try starExpression() : try expression()
        }
        let named = self.range(from: range.start)
        var value: Expression?
        if allowsDefault, kind == .equal {
            let equal = position
            position += 1
            if isLookingForMistakes, kind == .rightParen || kind == .comma {
                throw raise("expected default value expression", at: tokens[equal].range)
            }
            value = try expression()
        }
        return Parameters.Parameter(name: name, range: named, annotation: annotation, default: value)
    }
}
