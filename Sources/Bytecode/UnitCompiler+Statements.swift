import Diagnostics
import Syntax

extension UnitCompiler {
    func compile(_ body: [Statement]) throws(SyntaxProblem) {
        for statement in body { try compile(statement) }
    }

    func compile(_ statement: Statement) throws(SyntaxProblem) {
        let range = statement.range
        try enter(at: range)
        defer { leave() }
        switch statement.node {
        case .expression(let value): try compileExpressionStatement(value)
        case .assign(let targets, let value): try compileAssign(targets, value)
        case .augmentedAssign(let target, let operation, let value): try compileAugmented(target, operation, value, at: range)
        case .annotatedAssign(let target, let annotation, let value, let isSimple):
            try compileAnnotated(target, annotation, value, isSimple: isSimple, at: range)
        case .delete(let targets): for target in targets { try delete(target) }
        case .pass, .global, .nonlocal: break
        case .break: try compileBreak(at: range)
        case .continue: try compileContinue(at: range)
        case .return(let value): try compileReturn(value, at: range)
        case .raise(let exception, let cause): try compileRaise(exception, cause, at: range)
        case .assert(let test, let message): try compileAssert(test, message, at: range)
        case .import(let aliases): for alias in aliases { compileImport(alias, at: range) }
        case .importFrom(let module, let names, let level): compileImportFrom(module, names, level, at: range)
        case .if: try compileIf(statement)
        case .while(let test, let body, let orElse): try compileWhile(test, body, orElse, at: range)
        case .for(let target, let iterable, let body, let orElse): try compileFor(target, iterable, body, orElse, at: range)
        case .try(let body, let handlers, let orElse, let finally): try compileTry(body, handlers, orElse, finally, at: range)
        case .with(let items, let body): try compileWith(items[...], body, at: range)
        case .functionDefinition(let definition): try compileFunction(definition, statement)
        case .classDefinition(let definition): try compileClass(definition, statement)
        case .match(let subject, let cases): try compileMatch(subject, cases)
        }
    }

    private func compileExpressionStatement(_ value: Expression) throws(SyntaxProblem) {
        if compilation.mode == .interactive, scope.kind == .module { return try display(value) }
        if ConstantFolding.value(of: value) != nil { return }
        let mark = top
        let result = try self.value(value)
        if result.isTemporary { emit(.clear, a: operand(result.register), at: value.range) }
        release(to: mark)
    }

    private func compileRaise(_ exception: Expression?, _ cause: Expression?, at range: SourceRange) throws(SyntaxProblem) {
        let mark = top
        if let exception {
            let value = try self.value(exception, before: cause.map { [$0] } ?? [])
            var x = value.consumed(OperandFlag.consumeA) | 1
            var b: UInt16 = 0
            if let cause {
                let causeValue = try self.value(cause)
                x = value.consumed(OperandFlag.consumeA) | causeValue.consumed(OperandFlag.consumeB) | 2
                b = operand(causeValue.register)
            }
            emit(.raise, x: x, a: operand(value.register), b: b, at: range)
        } else {
            emit(.raise, at: range)
        }
        isReachable = false
        release(to: mark)
    }

    private func compileAssert(_ test: Expression, _ message: Expression?, at range: SourceRange) throws(SyntaxProblem) {
        warnAboutAssertion(test)
        let passed = Label()
        try compileCondition(test, jumpingIf: true, to: passed)
        let mark = top
        let range = test.lastComparison ?? range
        if let message {
            let text = try value(message)
            emit(.raiseAssert, x: text.consumed(OperandFlag.consumeA) | 1, a: operand(text.register), at: range)
        } else {
            emit(.raiseAssert, at: range)
        }
        isReachable = false
        release(to: mark)
        place(passed)
    }

    // MARK: leaving

    private func compileReturn(_ value: Expression?, at range: SourceRange) throws(SyntaxProblem) {
        guard scope.kind == .function else { throw problem("'return' outside function", at: range) }
        let mark = top
        defer { release(to: mark) }
        let runsCode = blocks.contains { $0.runsCode }
        guard let value, ConstantFolding.value(of: value) == nil else {
            return try unwind(to: 0, at: range) { () throws(SyntaxProblem) in
                if let value, let constant = ConstantFolding.value(of: value), !constant.isNone {
                    let result = take()
                    load(constant, into: result, at: range)
                    emit(.ret, x: OperandFlag.consumeA, a: operand(result), at: range)
                } else {
                    emit(.returnNone, at: range)
                }
                isReachable = false
            }
        }
        if !runsCode, case .conditional(let test, let then, let otherwise) = value.node {
            let elseLabel = Label()
            try compileCondition(test, jumpingIf: false, to: elseLabel)
            try compileReturn(then, at: range)
            place(elseLabel)
            return try compileReturn(otherwise, at: range)
        }
        let result = runsCode ? .temporary(try push(value)) : try self.value(value)
        try unwind(to: 0, keeping: result.isTemporary ? result.register : nil, at: range) { () throws(SyntaxProblem) in
            emit(.ret, x: result.consumed(OperandFlag.consumeA), a: operand(result.register), at: range)
            isReachable = false
        }
    }

    private func innermostLoop() -> (index: Int, exit: Label, next: Label)? {
        for (index, block) in blocks.enumerated().reversed() {
            if case .loop(let exit, let next, _) = block { return (index, exit, next) }
        }
        return nil
    }

    private func compileBreak(at range: SourceRange) throws(SyntaxProblem) {
        guard let loop = innermostLoop() else { throw problem("'break' outside loop", at: range) }
        try unwind(to: loop.index, at: range) { () throws(SyntaxProblem) in jump(to: loop.exit, at: range) }
    }

    private func compileContinue(at range: SourceRange) throws(SyntaxProblem) {
        guard let loop = innermostLoop() else { throw problem("'continue' not properly in loop", at: range) }
        try unwind(to: loop.index + 1, at: range) { () throws(SyntaxProblem) in jump(to: loop.next, at: range) }
    }

    // MARK: branches and loops

    private func compileIf(_ statement: Statement) throws(SyntaxProblem) {
        guard case .if(var test, var body, var orElse) = statement.node else { return }
        let end = Label()
        while true {
            let next = Label()
            try compileCondition(test, jumpingIf: false, to: next)
            try compile(body)
            if !orElse.isEmpty { jump(to: end, at: body.last?.range ?? test.range) }
            place(next)
            // An elif chain is a list, not a tower.
            guard orElse.count == 1, case .if(let nextTest, let nextBody, let nextElse) = orElse[0].node else { break }
            (test, body, orElse) = (nextTest, nextBody, nextElse)
        }
        try compile(orElse)
        place(end)
    }

    /// What is certainly bound at the head of a loop, however often it has run.
    private func boundAtHead(of body: [Statement]) -> RegisterSet { boundInHandler(of: body, from: bound) }

    private func compileWhile(
        _ test: Expression, _ body: [Statement], _ orElse: [Statement], at range: SourceRange
    ) throws(SyntaxProblem) {
        let exit = Label()
        let start = Label()
        let next = Label()
        let truth = ConstantFolding.value(of: test)?.truth
        bound = boundAtHead(of: body)
        let wasReachable = isReachable
        if truth != true {
            if scope.hasWalrus, truth == nil {
                // Tested once before the loop as well, so that what the test binds is known to be bound in the body.
                let done = Label()
                try compileCondition(test, jumpingIf: false, to: done)
                try compileLoopBody(test, body, exit: exit, start: start, next: next, isReachable: isReachable, at: range)
                place(done)
                return try finishLoop(orElse, exit)
            }
            jump(to: next, at: range)
        }
        if truth == true {
            placeHead(next, isReachable: wasReachable, bound: bound)
            try enter(.loop(exit: exit, next: next, state: nil), at: range)
            try compile(body)
            blocks.removeLast()
            jump(to: next, at: range)
        } else {
            try compileLoopBody(test, body, exit: exit, start: start, next: next, isReachable: wasReachable && truth == nil, at: range)
        }
        try finishLoop(orElse, exit)
    }

    /// The body, then the test that jumps back to it.
    private func compileLoopBody(
        _ test: Expression, _ body: [Statement], exit: Label, start: Label, next: Label, isReachable: Bool, at range: SourceRange
    ) throws(SyntaxProblem) {
        placeHead(start, isReachable: isReachable, bound: bound)
        try enter(.loop(exit: exit, next: next, state: nil), at: range)
        try compile(body)
        blocks.removeLast()
        place(next)
        try compileCondition(test, jumpingIf: true, to: start)
    }

    private func finishLoop(_ orElse: [Statement], _ exit: Label) throws(SyntaxProblem) {
        try compile(orElse)
        place(exit)
    }

    private func compileFor(
        _ target: Expression, _ iterable: Expression, _ body: [Statement], _ orElse: [Statement], at range: SourceRange
    ) throws(SyntaxProblem) {
        let mark = top
        let exit = Label()
        let start = Label()
        let next = Label()
        let state = try pushIterable(iterable, at: range)
        let wasReachable = isReachable
        let head = boundAtHead(of: body)
        bound = head
        jump(to: next, at: range)
        placeHead(start, isReachable: wasReachable, bound: head)
        let item = try startItem(target)
        try enter(.loop(exit: exit, next: next, state: state), at: range)
        try compile(body)
        blocks.removeLast()
        place(next)
        jump(.forIter, a: operand(state), b: operand(item), to: start, at: range)
        release(to: mark)
        try finishLoop(orElse, exit)
    }

    // MARK: imports

    private func compileImport(_ alias: ImportAlias, at range: SourceRange) {
        let module = take()
        let parts = alias.name.split(separator: ".").map(String.init)
        emit(.importName, a: operand(module), b: constant(.string(alias.name)), c: 0xFFFF, at: range)
        guard let asName = alias.asName else {
            store(parts[0], .temporary(module), at: range)
            return release(to: module)
        }
        // `import a.b as c` goes from the top package to the submodule.
        for part in parts.dropFirst() {
            let inner = take()
            emit(.importFrom, a: operand(inner), b: operand(module), c: name(part), at: range)
            emit(.clear, a: operand(module), at: range)
            emit(.moveTemp, a: operand(module), b: operand(inner), at: range)
            release(to: inner)
        }
        store(asName, .temporary(module), at: range)
        release(to: module)
    }

    private func compileImportFrom(_ moduleName: String?, _ names: [ImportAlias], _ level: Int, at range: SourceRange) {
        let module = take()
        let wanted = CodeConstant.tuple(names.map { .string($0.name) })
        emit(
            .importName, x: UInt8(clamping: level), a: operand(module), b: constant(.string(moduleName ?? "")), c: constant(wanted),
            at: range)
        for alias in names {
            if alias.name == "*" {
                emit(.importStar, a: operand(module), at: range)
                continue
            }
            let attribute = name(alias.name)
            let identifier = alias.asName ?? alias.name
            if case .local(let register) = variable(current.mangled(identifier)) {
                emit(.importFrom, a: operand(register), b: operand(module), c: attribute, at: range)
                wrote(register)
            } else {
                let value = take()
                emit(.importFrom, a: operand(value), b: operand(module), c: attribute, at: range)
                store(identifier, .temporary(value), at: range)
                release(to: value)
            }
        }
        emit(.clear, a: operand(module), at: range)
        release(to: module)
    }
}

extension Expression {
    /// The last comparison tested when this is a condition: where CPython shows a failed `assert`.
    fileprivate var lastComparison: SourceRange? {
        switch node {
        case .compare: range
        case .unary(.not, let operand): operand.lastComparison
        case .boolean(_, let operands): operands.reversed().lazy.compactMap(\.lastComparison).first
        case .conditional(let test, let then, let otherwise):
            otherwise.lastComparison ?? then.lastComparison ?? test.lastComparison
        default: nil
        }
    }
}
