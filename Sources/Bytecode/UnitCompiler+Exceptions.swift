import Diagnostics
import Syntax

extension UnitCompiler {
    func compileTry(
        _ body: [Statement], _ handlers: [ExceptHandler], _ orElse: [Statement], _ finally: [Statement], at range: SourceRange
    ) throws(SyntaxProblem) {
        flags.insert(.handlesExceptions)
        var handlers = handlers
        if ExceptStar.isStarred(handlers) {
            if let escape = handlers.lazy.compactMap({ ExceptStar.escape(in: $0.body) }).first {
                throw problem("'break', 'continue' and 'return' cannot appear in an except* block", at: escape.range)
            }
            handlers = ExceptStar.lowered(handlers)
        }
        if finally.isEmpty {
            try compileTryExcept(body, handlers, orElse, at: range)
        } else {
            let unbound = unboundRegisters(in: body + orElse + handlers.flatMap(\.body)) + namedRegisters(handlers)
            try compileTryFinally(finally, at: range, unbinding: unbound) { () throws(SyntaxProblem) in
                if handlers.isEmpty { try compile(body) } else { try compileTryExcept(body, handlers, orElse, at: range) }
            }
        }
    }

    // MARK: finally

    private func compileTryFinally(
        _ finally: [Statement], at range: SourceRange, unbinding unbound: [Int], _ body: () throws(SyntaxProblem) -> Void
    ) throws(SyntaxProblem) {
        let depth = top
        let region = Region(depth: depth)
        var boundAtHandler = bound
        for register in unbound { boundAtHandler.remove(register) }
        let end = Label()
        open(region)
        try enter(.finally(finally, region), at: range)
        try body()
        blocks.removeLast()
        close(region)
        try compile(finally)
        jump(to: end, at: range)

        placeHandler(of: region, bound: boundAtHandler)
        try handlingException(in: depth, cleanupBound: boundInHandler(of: finally, from: boundAtHandler), at: range) {
            () throws(SyntaxProblem) in
            try compile(finally)
            reraiseLater(depth, at: range)
        }
        release(to: depth)
        place(end)
    }

    /// R[depth] holds an exception: makes it the one being handled while `body` runs. When `body` falls through, or raises,
    /// R[depth + 2] holds the exception to raise once the handler is left.
    private func handlingException(
        in depth: Int, cleanupBound: RegisterSet, at range: SourceRange, _ body: () throws(SyntaxProblem) -> Void
    ) throws(SyntaxProblem) {
        take()
        emit(.enterHandler, a: operand(depth), at: range)
        let cleanup = Region(depth: depth + 2)
        open(cleanup)
        try enter(.handler(depth: depth, cleanup), at: range)
        try body()
        blocks.removeLast()
        close(cleanup)
        let fallsThrough = isReachable
        let boundAfter = bound
        placeHandler(of: cleanup, bound: cleanupBound)
        if fallsThrough, !isReachable {
            isReachable = true
            bound = boundAfter
        }
        emit(.leaveHandler, a: operand(depth), at: range)
        emit(.reraise, a: operand(depth + 2), at: range)
        isReachable = false
    }

    /// Leaves R[depth] in R[depth + 2], where the end of `handlingException` raises it again.
    private func reraiseLater(_ depth: Int, at range: SourceRange) {
        release(to: depth + 2)
        emit(.move, a: operand(take()), b: operand(depth), at: range)
    }

    // MARK: except

    private func compileTryExcept(
        _ body: [Statement], _ handlers: [ExceptHandler], _ orElse: [Statement], at range: SourceRange
    ) throws(SyntaxProblem) {
        for handler in handlers.dropLast() where handler.type == nil {
            throw problem("default 'except:' must be last", at: handler.range)
        }
        let depth = top
        let region = Region(depth: depth)
        let end = Label()
        let boundAtHandler = boundInHandler(of: body, from: bound)
        open(region)
        try enter(.tryExcept(region), at: range)
        try compile(body)
        blocks.removeLast()
        close(region)
        try compile(orElse)
        jump(to: end, at: range)

        placeHandler(of: region, bound: boundAtHandler)
        var boundAtCleanup = boundAtHandler
        for register in unboundRegisters(in: handlers.flatMap(\.body)) { boundAtCleanup.remove(register) }
        for register in namedRegisters(handlers) { boundAtCleanup.remove(register) }
        try handlingException(in: depth, cleanupBound: boundAtCleanup, at: range) { () throws(SyntaxProblem) in
            for handler in handlers { try compileHandler(handler, depth: depth, end: end) }
            reraiseLater(depth, at: range)
        }
        release(to: depth)
        place(end)
    }

    private func namedRegisters(_ handlers: [ExceptHandler]) -> [Int] {
        handlers.compactMap {
            guard let name = $0.name, case .local(let register) = variable(current.mangled(name)) else { return nil }
            return register
        }
    }

    private func compileHandler(_ handler: ExceptHandler, depth: Int, end: Label) throws(SyntaxProblem) {
        let next = Label()
        release(to: depth + 2)
        if let type = handler.type {
            let type = try value(type)
            let result = settle(.push, from: depth + 2)
            let x = type.consumed(OperandFlag.consumeC, unless: result)
            emit(.exceptMatch, x: x, a: operand(result), b: operand(depth), c: operand(type.register), at: handler.range)
            jump(.jumpIfFalse, x: OperandFlag.consumeA, a: operand(result), to: next, at: handler.range)
            release(to: depth + 2)
        }
        if let name = handler.name {
            try compileNamedHandler(handler, name, depth: depth, end: end)
        } else {
            try compile(handler.body)
        }
        if isReachable, let base = handlerBlockIndex {
            try unwind(to: base, at: handler.range) { () throws(SyntaxProblem) in jump(to: end, at: handler.range) }
        }
        isReachable = false
        place(next)
    }

    /// The `.handler` block of the clause being compiled is the innermost block.
    private var handlerBlockIndex: Int? { blocks.isEmpty ? nil : blocks.count - 1 }

    private func compileNamedHandler(_ handler: ExceptHandler, _ name: String, depth: Int, end: Label) throws(SyntaxProblem) {
        store(name, .local(depth), at: handler.range)
        let region = Region(depth: depth + 2)
        var boundAtHandler = boundInHandler(of: handler.body, from: bound)
        if case .local(let register) = variable(current.mangled(name)) { boundAtHandler.remove(register) }
        open(region)
        try enter(.boundName(name, region, handler.range), at: handler.range)
        try compile(handler.body)
        blocks.removeLast()
        close(region)
        forget(name, at: handler.range)
        let fallsThrough = isReachable
        let boundAfter = bound
        // The normal way out comes first; the exceptional one unbinds the name too, then joins the clean-up.
        guard !region.segments.isEmpty else { return }
        if fallsThrough, let base = handlerBlockIndex {
            try unwind(to: base, at: handler.range) { () throws(SyntaxProblem) in jump(to: end, at: handler.range) }
        }
        placeHandler(of: region, bound: boundAtHandler)
        forget(name, at: handler.range)
        emit(.reraise, a: operand(depth + 2), at: handler.range)
        isReachable = false
        bound = boundAfter
        release(to: depth + 2)
    }

    // MARK: with

    func compileWith(_ items: ArraySlice<WithItem>, _ body: [Statement], at range: SourceRange) throws(SyntaxProblem) {
        guard let item = items.first else { return try compile(body) }
        try enter(at: range)
        defer { leave() }
        flags.insert(.handlesExceptions)
        let exit = take(2)
        let context = try value(item.context)
        emit(
            .withEnter, x: context.consumed(OperandFlag.consumeB), a: operand(exit), b: operand(context.register), at: range)
        release(to: exit + 2)
        emitCall(exit + 1, 0, at: range, to: .push)

        let boundAtHandler = boundInHandler(of: body, from: bound)
        let region = Region(depth: exit + 1)
        let end = Label()
        open(region)
        if let target = item.target {
            try store(target, .temporary(exit + 1))
        } else {
            emit(.clear, a: operand(exit + 1), at: range)
        }
        release(to: exit + 1)
        try enter(.with(exit: exit, region, range), at: range)
        try compileWith(items.dropFirst(), body, at: range)
        blocks.removeLast()
        close(region)
        callExit(exit, at: range)
        jump(to: end, at: range)

        placeHandler(of: region, bound: boundAtHandler)
        try compileWithHandler(exit, end: end, bound: boundAtHandler, at: range)
        release(to: exit)
        place(end)
    }

    /// The exceptional way out of a `with`: `__exit__` decides whether the exception goes on.
    private func compileWithHandler(_ exit: Int, end: Label, bound: RegisterSet, at range: SourceRange) throws(SyntaxProblem) {
        let depth = exit + 1
        try handlingException(in: depth, cleanupBound: bound, at: range) { () throws(SyntaxProblem) in
            let window = take(4)
            emit(.withExceptArguments, a: operand(exit), at: range)
            emitCall(window, 3, at: range, to: .push)
            let goesOn = Label()
            jump(.jumpIfFalse, x: OperandFlag.consumeA, a: operand(window), to: goesOn, at: range)
            release(to: window)
            if let base = handlerBlockIndex {
                try unwind(to: base, at: range) { () throws(SyntaxProblem) in
                    emit(.clear, a: operand(exit), at: range)
                    jump(to: end, at: range)
                }
            }
            place(goesOn)
            reraiseLater(depth, at: range)
        }
    }

    /// Calls R[exit](None, None, None), in place where nothing above is alive, and drops the result.
    func callExit(_ exit: Int, at range: SourceRange) {
        guard isReachable else { return }
        let mark = top
        var window = exit
        if top > exit + 1 {
            window = take()
            emit(.moveTemp, a: operand(window), b: operand(exit), at: range)
        } else {
            release(to: exit + 1)
        }
        for _ in 0..<3 { load(.none, into: take(), at: range) }
        emitCall(window, 3, at: range, to: .push)
        emit(.clear, a: operand(window), at: range)
        release(to: mark)
    }
}
