import Diagnostics

/// Modules, blocks, lines and the simple statements on them.
extension Parser {
    mutating func moduleBody() throws(ParseFailure) -> [Statement] {
        var body: [Statement] = []
        while kind != .endMarker {
            moduleStatement = position
            try statement(into: &body)
        }
        return body
    }

    /// A compound statement, or a line of simple ones.
    private mutating func statement(into body: inout [Statement]) throws(ParseFailure) {
        if let compound = try compoundStatement() {
            body.append(compound)
        } else {
            try simpleStatements(into: &body)
        }
    }

    /// What follows a header's colon: an indented block, or simple statements on the same line.
    mutating func block() throws(ParseFailure) -> [Statement] {
        guard isDiagnosing else { return try blockBody() }
        let start = position
        switch memo.blocks[start] {
        case .match(let body, let end):
            position = end
            return body
        case .mismatch: throw .mismatch
        case nil: break
        }
        memo.blocks[start] = .mismatch
        let body = try blockBody()
        memo.blocks[start] = .match(body, end: position)
        return body
    }

    private mutating func blockBody() throws(ParseFailure) -> [Statement] {
        var body: [Statement] = []
        guard accept(.newline) else {
            try simpleStatements(into: &body)
            return body
        }
        guard accept(.indent) else {
            furthest = max(furthest, position)
            if isLookingForMistakes { throw raiseIndentation("expected an indented block") }
            throw mismatch()
        }
        repeat { try statement(into: &body) } while kind != .dedent && kind != .endMarker
        try expect(.dedent)
        return body
    }

    private mutating func simpleStatements(into body: inout [Statement]) throws(ParseFailure) {
        repeat {
            body.append(try simpleStatement())
            guard accept(.semicolon) else { break }
        } while kind != .newline
        try expect(.newline)
    }

    mutating func simpleStatement() throws(ParseFailure) -> Statement {
        let start = self.start
        let node: Statement.Node
        switch kind {
        case .passKeyword: node = keywordAlone(.pass)
        case .breakKeyword: node = keywordAlone(.break)
        case .continueKeyword: node = keywordAlone(.continue)
        case .returnKeyword:
            position += 1
            let value = startsExpression || kind == .star ? try starExpressions() : nil
            noteLoneStar(value)
            node = .return(value)
        case .raiseKeyword: node = try raiseStatement()
        case .globalKeyword: node = .global(try nameList())
        case .nonlocalKeyword: node = .nonlocal(try nameList())
        case .delKeyword: node = try deleteStatement()
        case .assertKeyword: node = try assertStatement()
        case .importKeyword: node = try importStatement()
        case .fromKeyword: node = try importFromStatement()
        default: node = try expressionStatement()
        }
        return Statement(node, range(from: start))
    }

    private mutating func keywordAlone(_ node: Statement.Node) -> Statement.Node {
        position += 1
        return node
    }

    private mutating func raiseStatement() throws(ParseFailure) -> Statement.Node {
        position += 1
        guard startsExpression else { return .raise(nil, cause: nil) }
        let exception = try expression()
        let cause = accept(.fromKeyword) ? try expression() : nil
        return .raise(exception, cause: cause)
    }

    private mutating func nameList() throws(ParseFailure) -> [String] {
        position += 1
        var names: [String] = []
        repeat { names.append(try expectName().0) } while accept(.comma)
        return names
    }

    private mutating func deleteStatement() throws(ParseFailure) -> Statement.Node {
        let first = position
        position += 1
        return try tried(from: first) { parser throws(ParseFailure) in
            let targets = try parser.deleteTargets()
            guard parser.kind == .semicolon || parser.kind == .newline else { throw parser.mismatch() }
            return .delete(targets)
        } diagnose: { parser throws(ParseFailure) in
            try parser.diagnoseDelete()
        }
    }

    private mutating func assertStatement() throws(ParseFailure) -> Statement.Node {
        position += 1
        let test = try expression()
        let message = accept(.comma) ? try expression() : nil
        return .assert(test, message: message)
    }

    // MARK: - Expressions and assignments

    private mutating func expressionStatement() throws(ParseFailure) -> Statement.Node {
        let first = position
        if isLookingForMistakes {
            if let node = try attempt({ parser throws(ParseFailure) in try parser.assignmentOrExpression() }) {
                guard case .expression = node, !endsStatement else { return node }
            }
            position = first
            try diagnoseAssignment()
        }
        return try assignmentOrExpression()
    }

    private var endsStatement: Bool { kind == .newline || kind == .semicolon }

    private mutating func assignmentOrExpression() throws(ParseFailure) -> Statement.Node {
        let first = position
        let value = try yieldOrStarExpressions()
        switch kind {
        case .equal: return try assignment(to: value)
        case .colon: return try annotation(of: value, at: first)
        default:
            guard let operation = InfixOperator.augmented(kind) else {
                noteLoneStar(value)
                return .expression(value)
            }
            guard Self.isSingle(value) else { throw mismatch() }
            position += 1
            let operand = try yieldOrStarExpressions()
            noteLoneStar(operand)
            return .augmentedAssign(target: value, operation: operation, value: operand)
        }
    }

    private mutating func assignment(to first: Expression) throws(ParseFailure) -> Statement.Node {
        var targets: [Expression] = []
        var value = first
        while kind == .equal {
            guard Self.isAssignable(value) else { throw mismatch() }
            targets.append(value)
            position += 1
            value = try yieldOrStarExpressions()
        }
        for target in targets { noteStars(inTarget: target) }
        noteLoneStar(value)
        return .assign(targets: targets, value: value)
    }

    private mutating func annotation(of target: Expression, at first: Int) throws(ParseFailure) -> Statement.Node {
        guard Self.isSingle(target) else { throw mismatch() }
        let isSimple = if case .name = target.node { tokens[first].kind == .name } else { false }
        position += 1
        let annotation = try expression()
        func assigned(_ parser: inout Parser) throws(ParseFailure) -> Expression {
            parser.position += 1
            return try parser.yieldOrStarExpressions()
        }
        let value = kind == .equal ? backtracks ? try attempt(assigned) : try assigned(&self) : nil
        noteLoneStar(value)
        return .annotatedAssign(target: target, annotation: annotation, value: value, isSimple: isSimple)
    }

    /// CPython's compiler refuses `*a` where no tuple is.
    mutating func noteLoneStar(_ value: Expression?) {
        if let value, case .starred = value.node { noteDeferred("can't use starred expression here", at: value.range) }
    }

    /// CPython's compiler refuses a star outside a list or tuple, and two in one.
    mutating func noteStars(inTarget target: Expression, isElement: Bool = false) {
        switch target.node {
        case .starred(let operand):
            if !isElement { noteDeferred("starred assignment target must be in a list or tuple", at: target.range) }
            noteStars(inTarget: operand)
        case .tuple(let elements), .list(let elements):
            var stars = 0
            for element in elements {
                if case .starred = element.node { stars += 1 }
                if stars > 1 {
                    noteDeferred("multiple starred expressions in assignment", at: target.range)
                    return
                }
                noteStars(inTarget: element, isElement: true)
            }
        default: break
        }
    }
}
