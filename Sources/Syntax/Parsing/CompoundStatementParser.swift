import Diagnostics

/// Statements with blocks.
extension Parser {
    /// nil when the current token begins no compound statement.
    mutating func compoundStatement() throws(ParseFailure) -> Statement? {
        let start = self.start
        switch kind {
        case .ifKeyword: return try ifStatement()
        case .whileKeyword: return try whileStatement()
        case .forKeyword: return try forStatement()
        case .tryKeyword: return try tryStatement()
        case .withKeyword: return try withStatement()
        case .defKeyword: return try functionDefinition(decorators: [])
        case .classKeyword: return try classDefinition(decorators: [])
        case .at: return try decorated()
        case .asyncKeyword: throw try asyncProblem()
        case .name:
            guard isSoftKeyword("match"), let node = try matchStatement() else { return nil }
            return Statement(node, range(from: start))
        default: return nil
        }
    }

    private mutating func asyncProblem() throws(ParseFailure) -> ParseFailure {
        switch peek(1) {
        case .defKeyword: return unsupported("async functions", at: token.range)
        case .forKeyword: return unsupported("async for statements", at: token.range)
        case .withKeyword: return unsupported("async with statements", at: token.range)
        default:
            position += 1
            return mismatch()
        }
    }

    /// The colon that the grammar insists on, so that its absence is reported at once.
    mutating func forcedColon() throws(ParseFailure) {
        if accept(.colon) { return }
        throw raiseExpected(":")
    }

    // MARK: - if, while, for

    /// `if` with all its `elif`s, folded from the end so that a long chain costs no stack.
    private mutating func ifStatement() throws(ParseFailure) -> Statement {
        var branches: [(start: Int32, test: Expression, body: [Statement])] = []
        repeat {
            let start = self.start
            if isLookingForMistakes { try diagnoseHeader(kind == .ifKeyword ? .if : .elif) }
            position += 1
            let test = try namedExpression()
            try expect(.colon)
            branches.append((start, test, try block()))
            if branches.count > Self.heightLimit { throw tooDeep(token.range) }
        } while kind == .elifKeyword
        var orElse = try elseBlock()
        let end = range(from: branches[0].start).end
        for (start, test, body) in branches.dropFirst().reversed() {
            orElse = [Statement(.if(test: test, body: body, orElse: orElse), SourceRange(start: start, end: end))]
        }
        let first = branches[0]
        return Statement(.if(test: first.test, body: first.body, orElse: orElse), SourceRange(start: first.start, end: end))
    }

    private mutating func elseBlock() throws(ParseFailure) -> [Statement] {
        guard kind == .elseKeyword else { return [] }
        if isLookingForMistakes { try diagnoseHeader(.else) }
        position += 1
        try forcedColon()
        return try block()
    }

    private mutating func whileStatement() throws(ParseFailure) -> Statement {
        let start = self.start
        if isLookingForMistakes { try diagnoseHeader(.while) }
        position += 1
        let test = try namedExpression()
        try expect(.colon)
        let body = try block()
        let orElse = try elseBlock()
        return Statement(.while(test: test, body: body, orElse: orElse), range(from: start))
    }

    private mutating func forStatement() throws(ParseFailure) -> Statement {
        let start = self.start
        if isLookingForMistakes { try diagnoseHeader(.for) }
        let first = position
        position += 1
        let target = try tried(from: first) { parser throws(ParseFailure) in
            let target = try parser.starTargets()
            try parser.expect(.inKeyword)
            return target
        } diagnose: { parser throws(ParseFailure) in
            try parser.diagnoseForTarget()
        }
        let iterable = try starExpressions()
        noteLoneStar(iterable)
        try expect(.colon)
        let body = try block()
        let orElse = try elseBlock()
        noteStars(inTarget: target)
        return Statement(.for(target: target, iterable: iterable, body: body, orElse: orElse), range(from: start))
    }

    // MARK: - with

    private mutating func withStatement() throws(ParseFailure) -> Statement {
        let start = self.start
        if isLookingForMistakes { try diagnoseHeader(.with) }
        let first = position
        return try tried(from: first) { parser throws(ParseFailure) in
            parser.position += 1
            let items = try parser.withItems()
            let body = try parser.block()
            return Statement(.with(items: items, body: body), parser.range(from: start))
        } diagnose: { parser throws(ParseFailure) in
            try parser.diagnoseWithoutColon()
        }
    }

    /// The items and the colon. A parenthesis may enclose all items or belong to the first one's expression.
    private mutating func withItems() throws(ParseFailure) -> [WithItem] {
        if kind == .leftParen {
            let enclosed = try attempt { parser throws(ParseFailure) in
                parser.position += 1
                var items: [WithItem] = []
                repeat {
                    if !items.isEmpty, parser.kind == .rightParen { break }
                    items.append(try parser.withItem())
                } while parser.accept(.comma)
                try parser.expect(.rightParen)
                try parser.expect(.colon)
                return items
            }
            if let enclosed { return enclosed }
        }
        var items: [WithItem] = []
        repeat { items.append(try withItem()) } while accept(.comma)
        try expect(.colon)
        return items
    }

    private mutating func withItem() throws(ParseFailure) -> WithItem {
        let first = position
        let context = try expression()
        guard kind == .asKeyword else { return WithItem(context: context, target: nil) }
        let target = try attempt { parser throws(ParseFailure) in
            parser.position += 1
            let target = try parser.starTarget()
            switch parser.kind {
            case .comma, .rightParen, .colon: return target
            default: throw parser.mismatch()
            }
        }
        if let target {
            noteStars(inTarget: target)
            return WithItem(context: context, target: target)
        }
        if isLookingForMistakes {
            let end = position
            position = first
            try diagnoseWithItem()
            position = end
        }
        return WithItem(context: context, target: nil)
    }

    // MARK: - try

    private mutating func tryStatement() throws(ParseFailure) -> Statement {
        let start = self.start
        if isLookingForMistakes { try diagnoseTry() }
        position += 1
        try forcedColon()
        let body = try block()
        var handlers: [ExceptHandler] = []
        while kind == .exceptKeyword {
            let handler = try exceptHandler()
            if let last = handlers.last, last.isStarred != handler.isStarred {
                throw raise(
                    "cannot have both 'except' and 'except*' on the same 'try'", at: SourceRange(start: handler.range.start, end: handler.range.start)
                )
            }
            if let last = handlers.last, last.type == nil { noteDeferred("default 'except:' must be last", at: last.range) }
            handlers.append(handler)
        }
        let orElse = handlers.isEmpty ? [] : try elseBlock()
        var finally: [Statement] = []
        if kind == .finallyKeyword {
            if isLookingForMistakes { try diagnoseHeader(.finally) }
            position += 1
            try forcedColon()
            finally = try block()
        } else if handlers.isEmpty {
            throw mismatch()
        }
        return Statement(.try(body: body, handlers: handlers, orElse: orElse, finally: finally), range(from: start))
    }

    mutating func exceptHandler() throws(ParseFailure) -> ExceptHandler {
        let first = position
        if isLookingForMistakes { try diagnoseHeader(.except) }
        return try tried(from: first) { parser throws(ParseFailure) in
            let start = parser.start
            parser.position += 1
            let isStarred = parser.accept(.star)
            if isStarred, parser.kind == .colon { throw parser.raiseAtNextToken("expected one or more exception types") }
            var type: Expression?
            var name: String?
            if parser.kind != .colon {
                type = try parser.expression()
                if parser.accept(.asKeyword) { name = try parser.expectName().0 }
            }
            try parser.expect(.colon)
            let body = try parser.block()
            return ExceptHandler(type: type, name: name, body: body, isStarred: isStarred, range: parser.range(from: start))
        } diagnose: { parser throws(ParseFailure) in
            try parser.diagnoseExcept()
        }
    }
}
