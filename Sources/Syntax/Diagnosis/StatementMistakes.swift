import Diagnostics

/// Mistakes in simple statements: what cannot be assigned to, annotated, deleted or imported.
extension Parser {
    /// Standing on a statement that is no correct assignment.
    mutating func diagnoseAssignment() throws(ParseFailure) {
        try exploring { parser throws(ParseFailure) in
            let target = try parser.displayTarget()
            try parser.expect(.colon)
            _ = try parser.expression()
            throw parser.raise("only single target (not \(TargetChecker.name(of: target))) can be annotated", at: target.range)
        }
        try exploring { parser throws(ParseFailure) in try parser.diagnoseAnnotatedTuple() }
        try exploring { parser throws(ParseFailure) in
            let target = try parser.expression()
            try parser.expect(.colon)
            _ = try parser.expression()
            throw parser.raise("illegal target for annotation", at: target.range)
        }
        try exploring { parser throws(ParseFailure) in
            try parser.skipTargets()
            let target = try parser.starExpressions()
            try parser.expect(.equal)
            try parser.raiseInvalidTarget(target, for: .assignment)
        }
        try exploring { parser throws(ParseFailure) in
            try parser.skipTargets()
            let target = try parser.yieldExpression()
            try parser.expect(.equal)
            throw parser.raise("assignment to yield expression not possible", at: target.range)
        }
        try exploring { parser throws(ParseFailure) in
            let target = try parser.starExpressions()
            guard InfixOperator.augmented(parser.kind) != nil else { throw parser.mismatch() }
            parser.position += 1
            _ = try parser.yieldOrStarExpressions()
            throw parser.raise(
                "'\(TargetChecker.name(of: target))' is an illegal expression for augmented assignment", at: target.range)
        }
    }

    /// A list or tuple in brackets, itself perhaps in parentheses.
    private mutating func displayTarget() throws(ParseFailure) -> Expression {
        let target = kind == .leftBracket ? try listDisplay() : kind == .leftParen ? try parenthesized() : nil
        switch target?.node {
        case .list, .tuple:
            if let target { return target }
            throw mismatch()
        default: throw mismatch()
        }
    }

    private mutating func diagnoseAnnotatedTuple() throws(ParseFailure) {
        let first = try starNamedExpression()
        try expect(.comma)
        while startsExpression || kind == .star {
            let next = try starNamedExpression()
            _ = try elements(after: next)
        }
        try expect(.colon)
        _ = try expression()
        throw raise("only single target (not tuple) can be annotated", at: first.range)
    }

    /// `a = b = ` as far as it is correct.
    private mutating func skipTargets() throws(ParseFailure) {
        while try matches({ parser throws(ParseFailure) in
            _ = try parser.starTargets()
            try parser.expect(.equal)
        }) {}
    }

    mutating func diagnoseDelete() throws(ParseFailure) {
        try exploring { parser throws(ParseFailure) in
            parser.position += 1
            try parser.raiseInvalidTarget(try parser.starExpressions(), for: .deletion)
        }
    }

    /// Standing on `for`.
    mutating func diagnoseForTarget() throws(ParseFailure) {
        try exploring { parser throws(ParseFailure) in
            parser.position += 1
            try parser.raiseInvalidTarget(try parser.starExpressions(), for: .loop)
        }
    }

    /// Standing on the item of a `with` statement.
    mutating func diagnoseWithItem() throws(ParseFailure) {
        try exploring { parser throws(ParseFailure) in
            _ = try parser.expression()
            try parser.expect(.asKeyword)
            let target = try parser.expression()
            switch parser.kind {
            case .comma, .rightParen, .colon: try parser.raiseInvalidTarget(target, for: .assignment)
            default: throw parser.mismatch()
            }
        }
    }

    mutating func diagnoseImportTargets() throws(ParseFailure) {
        try exploring { parser throws(ParseFailure) in
            repeat { _ = try parser.importName() } while parser.accept(.comma) && parser.kind == .name
            guard parser.tokens[parser.position - 1].kind == .comma else { throw parser.mismatch() }
            try parser.expect(.newline)
            throw parser.raiseAtLastRead("trailing comma not allowed without surrounding parentheses")
        }
    }
}
