/// How tightly an operator binds, loosest first. The parser and the printer read the same table.
package enum Precedence: UInt8, Comparable, Sendable {
    case lambda, conditional, or, and, not, comparison, bitOr, bitXor, bitAnd, shift, sum, term, prefix, power, primary

    package static func < (left: Precedence, right: Precedence) -> Bool { left.rawValue < right.rawValue }

    /// The level an operator's right operand must reach: one tighter, as infix operators group to the left.
    var tighter: Precedence { Precedence(rawValue: rawValue + 1) ?? .primary }
}

/// An operator between two operands.
package struct InfixOperator: Sendable {
    package enum Meaning: Sendable {
        case boolean(BooleanOperator)
        case comparison(CompareOperator)
        case binary(BinaryOperator)
    }

    package let spelling: String
    package let precedence: Precedence
    package let meaning: Meaning
    /// The operator's first token; `not in` and `is not` have a second.
    let token: TokenKind

    package static let table: [InfixOperator] = [
        InfixOperator(spelling: "or", precedence: .or, meaning: .boolean(.or), token: .orKeyword),
        InfixOperator(spelling: "and", precedence: .and, meaning: .boolean(.and), token: .andKeyword),
        InfixOperator(spelling: "<", precedence: .comparison, meaning: .comparison(.less), token: .less),
        InfixOperator(spelling: "<=", precedence: .comparison, meaning: .comparison(.lessEqual), token: .lessEqual),
        InfixOperator(spelling: "==", precedence: .comparison, meaning: .comparison(.equal), token: .equalEqual),
        InfixOperator(spelling: "!=", precedence: .comparison, meaning: .comparison(.notEqual), token: .notEqual),
        InfixOperator(spelling: ">", precedence: .comparison, meaning: .comparison(.greater), token: .greater),
        InfixOperator(spelling: ">=", precedence: .comparison, meaning: .comparison(.greaterEqual), token: .greaterEqual),
        InfixOperator(spelling: "in", precedence: .comparison, meaning: .comparison(.in), token: .inKeyword),
        InfixOperator(spelling: "not in", precedence: .comparison, meaning: .comparison(.notIn), token: .notKeyword),
        InfixOperator(spelling: "is", precedence: .comparison, meaning: .comparison(.is), token: .isKeyword),
        InfixOperator(spelling: "is not", precedence: .comparison, meaning: .comparison(.isNot), token: .isKeyword),
        InfixOperator(spelling: "|", precedence: .bitOr, meaning: .binary(.or), token: .verticalBar),
        InfixOperator(spelling: "^", precedence: .bitXor, meaning: .binary(.xor), token: .caret),
        InfixOperator(spelling: "&", precedence: .bitAnd, meaning: .binary(.and), token: .ampersand),
        InfixOperator(spelling: "<<", precedence: .shift, meaning: .binary(.leftShift), token: .leftShift),
        InfixOperator(spelling: ">>", precedence: .shift, meaning: .binary(.rightShift), token: .rightShift),
        InfixOperator(spelling: "+", precedence: .sum, meaning: .binary(.add), token: .plus),
        InfixOperator(spelling: "-", precedence: .sum, meaning: .binary(.subtract), token: .minus),
        InfixOperator(spelling: "*", precedence: .term, meaning: .binary(.multiply), token: .star),
        InfixOperator(spelling: "/", precedence: .term, meaning: .binary(.trueDivide), token: .slash),
        InfixOperator(spelling: "//", precedence: .term, meaning: .binary(.floorDivide), token: .doubleSlash),
        InfixOperator(spelling: "%", precedence: .term, meaning: .binary(.modulo), token: .percent),
        InfixOperator(spelling: "@", precedence: .term, meaning: .binary(.matrixMultiply), token: .at),
        InfixOperator(spelling: "**", precedence: .power, meaning: .binary(.power), token: .doubleStar),
    ]

    /// The table by token. `is not` and `not in` are found under their first token and told apart by the parser.
    static let byToken: [InfixOperator?] = {
        var rows = [InfixOperator?](repeating: nil, count: TokenKind.allCases.count)
        for row in table where rows[Int(row.token.rawValue)] == nil { rows[Int(row.token.rawValue)] = row }
        return rows
    }()

    /// `+=` and its kin.
    static func augmented(_ kind: TokenKind) -> BinaryOperator? {
        switch kind {
        case .plusEqual: .add
        case .minusEqual: .subtract
        case .starEqual: .multiply
        case .doubleStarEqual: .power
        case .slashEqual: .trueDivide
        case .doubleSlashEqual: .floorDivide
        case .percentEqual: .modulo
        case .atEqual: .matrixMultiply
        case .verticalBarEqual: .or
        case .ampersandEqual: .and
        case .caretEqual: .xor
        case .leftShiftEqual: .leftShift
        case .rightShiftEqual: .rightShift
        default: nil
        }
    }
}
