import Diagnostics
import Syntax

extension UnitCompiler {
    func compileComprehension(
        _ kind: ComprehensionKind, _ element: Expression, _ value: Expression?, _ clauses: [ComprehensionClause], _ node: Expression,
        to destination: Destination
    ) throws(SyntaxProblem) {
        let scope = compilation.table.scope(of: node)
        if kind == .generator { return try compileGeneratorExpression(element, clauses, node, scope, to: destination) }
        let mark = top
        let range = node.range
        let result = take()
        let op: Opcode = kind == .list ? .buildList : kind == .set ? .buildSet : .buildDict
        emit(op, a: operand(result), b: operand(result), at: range)
        let state = try pushIterable(clauses[0].iterable, at: range)

        let outer = current
        let start = builder.position
        current = scope
        let own = ownRegisters(of: scope)
        prepareCells(of: scope, at: range)
        try compileClauses(clauses[...], state: state, at: range) { () throws(SyntaxProblem) in
            try appendElement(kind, element, value, to: result, at: range)
        }
        for register in own {
            emit(.clear, a: operand(register), at: range)
            bound.remove(register)
        }
        current = outer
        if builder.position > start {
            builder.inlinedScopes.append(
                Code.InlinedScope(start: Int32(start), end: Int32(builder.position), name: kind.scopeName, range: range))
        }
        moveResult(result, from: mark, to: destination, at: range)
    }

    /// Evaluates an iterable into a new loop state; its first register.
    func pushIterable(_ iterable: Expression, at range: SourceRange) throws(SyntaxProblem) -> Int {
        let mark = top
        let source: Operand
        if case .list(let items) = iterable.node, items.areManyConstants {
            source = .temporary(take())
            load(.tuple(items.compactMap(ConstantFolding.value(of:))), into: source.register, at: iterable.range)
        } else {
            source = try value(iterable)
        }
        release(to: mark)
        let state = take(3)
        let x = source.consumed(OperandFlag.consumeB, unless: state)
        emit(.getIter, x: x, a: operand(state), b: operand(source.register), at: range)
        return state
    }

    private func ownRegisters(of scope: Scope) -> [Int] {
        scope.names.compactMap { name in
            guard scope.owns(name), let variable = scope.variables[name] else { return nil }
            return switch variable {
            case .local(let register), .cell(let register): register
            case .free, .global, .namespace, .namespaceOrFree: nil
            }
        }
    }

    /// Captured variables get a fresh cell for each run of the comprehension. An exception may have left the last run's.
    private func prepareCells(of scope: Scope, at range: SourceRange) {
        for name in scope.names where scope.owns(name) {
            guard case .cell(let register)? = scope.variables[name] else { continue }
            emit(.clear, a: operand(register), at: range)
            emit(.makeCell, a: operand(register), at: range)
        }
    }

    /// The loops of a comprehension, innermost `body`; `state` is the loop state of the first.
    private func compileClauses(
        _ clauses: ArraySlice<ComprehensionClause>, state: Int, at range: SourceRange, _ body: () throws(SyntaxProblem) -> Void
    ) throws(SyntaxProblem) {
        guard let clause = clauses.first else { return }
        try enter(at: range)
        defer { leave() }
        let start = Label()
        let next = Label()
        let isLoopReachable = isReachable
        let head = bound
        jump(to: next, at: range)
        placeHead(start, isReachable: isLoopReachable, bound: head)
        let item = try startItem(clause.target)
        for condition in clause.conditions { try compileCondition(condition, jumpingIf: false, to: next) }
        let rest = clauses.dropFirst()
        if let inner = rest.first {
            let mark = top
            let innerState = try pushIterable(inner.iterable, at: range)
            try compileClauses(rest, state: innerState, at: range, body)
            release(to: mark)
        } else {
            try body()
        }
        place(next)
        jump(.forIter, a: operand(state), b: operand(item), to: start, at: range)
        release(to: state)
    }

    /// The register `forIter` puts the next item in, which is then stored in `target`.
    func startItem(_ target: Expression) throws(SyntaxProblem) -> Int {
        if case .name(let name) = target.node, case .local(let register) = variable(current.mangled(name)) {
            wrote(register)
            return register
        }
        let item = take()
        try store(target, .temporary(item))
        release(to: item)
        return item
    }

    private func appendElement(
        _ kind: ComprehensionKind, _ element: Expression, _ value: Expression?, to result: Int, at range: SourceRange
    ) throws(SyntaxProblem) {
        let mark = top
        let first = try self.value(element, before: value.map { [$0] } ?? [])
        if let value {
            let item = try self.value(value)
            let x = first.consumed(OperandFlag.consumeB) | item.consumed(OperandFlag.consumeC)
            emit(.dictSet, x: x, a: operand(result), b: operand(first.register), c: operand(item.register), at: range)
        } else {
            let x = first.consumed(OperandFlag.consumeB)
            emit(kind == .list ? .listAppend : .setAdd, x: x, a: operand(result), b: operand(first.register), at: range)
        }
        release(to: mark)
    }

    // MARK: generator expressions

    private func compileGeneratorExpression(
        _ element: Expression, _ clauses: [ComprehensionClause], _ node: Expression, _ scope: Scope, to destination: Destination
    ) throws(SyntaxProblem) {
        let range = node.range
        let code = try compilation.code(of: scope) { (unit) throws(SyntaxProblem) in
            try unit.compileGeneratorBody(element, clauses, at: range)
        }
        let window = top
        makeFunction(code, scope, at: range, to: .push)
        let mark = top
        // The first iterable is evaluated, and refused, where the expression stands.
        let source = try value(clauses[0].iterable)
        if source.isTemporary {
            // The operand must not be the destination: see Opcode.getYieldFromIter.
            let iterator = take()
            emit(
                .getYieldFromIter, x: source.consumed(OperandFlag.consumeB), a: operand(iterator), b: operand(source.register), at: range)
            emit(.moveTemp, a: operand(source.register), b: operand(iterator), at: range)
        } else {
            emit(.getYieldFromIter, a: operand(mark), b: operand(source.register), at: range)
        }
        release(to: mark)
        take()
        emitCall(window, 1, at: range, to: destination)
    }

    private func compileGeneratorBody(
        _ element: Expression, _ clauses: [ComprehensionClause], at range: SourceRange
    ) throws(SyntaxProblem) -> Code {
        startFunction(at: range)
        let state = take(3)
        // The loop becomes the only owner of the iterator, and may then do without it.
        emit(.move, a: operand(state), b: operand(0), at: range)
        emit(.clear, a: operand(0), at: range)
        emit(.getIter, a: operand(state), b: operand(state), at: range)
        try compileClauses(clauses[...], state: state, at: range) { () throws(SyntaxProblem) in
            let mark = top
            let item = try value(element)
            let sent = settle(.push, from: mark)
            emit(
                .yieldValue, x: item.consumed(OperandFlag.consumeA), a: operand(item.register), b: operand(mark), c: operand(sent), at: range)
            emit(.clear, a: operand(sent), at: range)
            release(to: mark)
        }
        emit(.returnNone, at: range)
        return try finish(positional: 1, firstLine: compilation.source.line(of: range.start))
    }
}
