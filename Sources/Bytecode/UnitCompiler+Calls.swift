import Diagnostics
import Syntax

extension UnitCompiler {
    func compileCall(_ expression: Expression, to destination: Destination) throws(SyntaxProblem) {
        guard case .call(let callee, let arguments, let keywords) = expression.node else { return }
        try checkKeywords(keywords)
        warnAboutCallee(callee)
        let range = callRange(expression.range, callee)
        if arguments.contains(where: { $0.isStarred }) || keywords.contains(where: { $0.name == nil }) {
            return try compileSpreadCall(callee, arguments, keywords, at: range, to: destination)
        }
        switch callee.node {
        case .attribute(let object, let name, let nameRange):
            let lookup = attributeRange(callee.range, nameRange)
            try compileMethodCall(object, name, arguments, keywords, at: range, lookup: lookup, to: destination)
        case .name(let identifier):
            try compileNamedCall(callee, identifier, arguments, keywords, at: range, to: destination)
        default:
            try compilePlainCall(callee, arguments, keywords, at: range, to: destination)
        }
    }

    private func checkKeywords(_ keywords: [Keyword]) throws(SyntaxProblem) {
        var seen: Set<String> = []
        for keyword in keywords {
            if let name = keyword.name, !seen.insert(name).inserted {
                throw problem("keyword argument repeated: \(name)", at: keyword.range)
            }
        }
    }

    /// In a chain of method calls over several lines each call is shown from its own method name on.
    private func callRange(_ range: SourceRange, _ callee: Expression) -> SourceRange {
        guard case .attribute(_, _, let nameRange) = callee.node else { return range }
        return attributeRange(range, nameRange)
    }

    /// Pushes positional arguments, then the values of keywords; the constant tuple of the keywords' names.
    private func pushArguments(_ arguments: [Expression], _ keywords: [Keyword]) throws(SyntaxProblem) -> CodeConstant {
        for argument in arguments { try push(argument) }
        for keyword in keywords { try push(keyword.value) }
        return .tuple(keywords.compactMap { $0.name.map { .string($0) } })
    }

    /// The callee in a register, the arguments behind it.
    private func compilePlainCall(
        _ callee: Expression, _ arguments: [Expression], _ keywords: [Keyword], at range: SourceRange, to destination: Destination
    ) throws(SyntaxProblem) {
        let window = try push(callee)
        let names = try pushArguments(arguments, keywords)
        emitCall(window, arguments.count + keywords.count, names, hasKeywords: !keywords.isEmpty, at: range, to: destination)
    }

    /// Calls R[window] with the `count` arguments behind it.
    func emitCall(
        _ window: Int, _ count: Int, _ names: CodeConstant = .tuple([]), hasKeywords: Bool = false, at range: SourceRange,
        to destination: Destination
    ) {
        let target = settle(destination, from: window)
        if hasKeywords {
            emit(.callKeyword, a: operand(window), b: index(count), at: range)
            emit(.extra, a: constant(names), c: operand(target), at: range)
        } else {
            emit(.call, a: operand(window), b: index(count), c: operand(target), at: range)
        }
        wrote(target)
    }

    // MARK: methods

    private func compileMethodCall(
        _ object: Expression, _ name: String, _ arguments: [Expression], _ keywords: [Keyword], at range: SourceRange,
        lookup: SourceRange, to destination: Destination
    ) throws(SyntaxProblem) {
        let window = take()
        let site = cacheSite(name)
        if arguments.allSatisfy(isQuiet), keywords.allSatisfy({ isQuiet($0.value) }) {
            try push(object)
        } else {
            // A missing attribute is noticed before the arguments are evaluated.
            let object = try value(object)
            if !object.isTemporary { take() }
            emit(.findMethod, a: operand(window), b: operand(object.register), c: site, at: lookup)
        }
        let names = try pushArguments(arguments, keywords)
        let target = settle(destination, from: window)
        let count = index(arguments.count + keywords.count)
        emit(keywords.isEmpty ? .callMethod : .callMethodKeyword, a: operand(window), b: count, at: lookup)
        if keywords.isEmpty {
            emit(.extra, b: site, c: operand(target), at: range)
        } else {
            emit(.extra, b: site, at: lookup)
            emit(.extra, a: constant(names), c: operand(target), at: range)
        }
        wrote(target)
    }

    // MARK: names

    private func compileNamedCall(
        _ callee: Expression, _ identifier: String, _ arguments: [Expression], _ keywords: [Keyword], at range: SourceRange,
        to destination: Destination
    ) throws(SyntaxProblem) {
        let name = current.mangled(identifier)
        let variable = self.variable(name)
        let isGlobalName = variable == .global || variable == .namespace
        if isGlobalName, BuiltinNames.refused.contains(name), !isKnown(name) {
            throw unsupported(name == "complex" ? "complex numbers" : "\(name)() of text", at: range)
        }
        if variable == .global, name == "super", arguments.isEmpty, keywords.isEmpty, try compileSuper(at: range, to: destination) {
            return
        }
        guard variable == .global, keywords.isEmpty, mayLookUpLate(name, arguments) else {
            return try compilePlainCall(callee, arguments, keywords, at: range, to: destination)
        }
        let window = take()
        for argument in arguments { try push(argument) }
        let target = settle(destination, from: window)
        emit(.callGlobal, a: operand(window), b: index(arguments.count), at: callee.range)
        emit(.extra, a: slot(name), b: builtin(name), c: operand(target), at: range)
        wrote(target)
    }

    /// A constant, a bound local, an operator on such, a list or tuple of them: nothing that other code could notice.
    private func isQuiet(_ expression: Expression) -> Bool {
        switch expression.node {
        case .constant: true
        case .name(let name): if case .local(let register) = variable(current.mangled(name)) { bound.contains(register) } else { false }
        case .binary(_, let left, let right): left.isAtom && right.isAtom && isQuiet(left) && isQuiet(right)
        case .tuple(let items), .list(let items): items.allSatisfy { $0.isAtom && isQuiet($0) }
        default: false
        }
    }

    private func isKnown(_ name: String) -> Bool {
        compilation.isBoundByModule(name) || current.host.symbols[name]?.contains(.bound) == true
            || compilation.globals.existingSlot(of: name) != nil
    }

    /// `callGlobal` looks its function up after the arguments. That shows only when it is missing or rebound meanwhile, which
    /// names that the module binds and built-ins are not.
    private func mayLookUpLate(_ name: String, _ arguments: [Expression]) -> Bool {
        if arguments.allSatisfy(isQuiet) { return true }
        guard compilation.table.module.symbols[name]?.contains(.bound) == true || BuiltinNames.index(of: name) != nil else { return false }
        return !scope.hasWalrus
    }

    /// Zero-argument `super()`: the class is in the cell `__class__`, the instance is the first parameter. False when this is not
    /// a method; then the call fails at run time, as in CPython.
    private func compileSuper(at range: SourceRange, to destination: Destination) throws(SyntaxProblem) -> Bool {
        guard compilation.table.module.symbols["super"]?.contains(.bound) != true, case .free(let cell) = variable("__class__"),
            let first = scope.parameters.first, let instance = scope.variables[first]
        else { return false }
        let mark = top
        let type = Operand.temporary(take())
        emit(.loadFree, a: operand(type.register), b: index(cell), at: range)
        let value: Operand
        if case .local(let register) = instance {
            check(register, at: range)
            value = .local(register)
        } else if case .cell(let register) = instance {
            value = .temporary(take())
            emit(.loadCell, a: operand(value.register), b: operand(register), at: range)
        } else {
            preconditionFailure("a parameter is a register")
        }
        let target = settle(destination, from: mark)
        let x = type.consumed(OperandFlag.consumeB, unless: target) | value.consumed(OperandFlag.consumeC, unless: target)
        emit(.loadSuper, x: x, a: operand(target), b: operand(type.register), c: operand(value.register), at: range)
        wrote(target)
        return true
    }

    // MARK: spread arguments

    private func compileSpreadCall(
        _ callee: Expression, _ arguments: [Expression], _ keywords: [Keyword], at range: SourceRange, to destination: Destination
    ) throws(SyntaxProblem) {
        let window = try push(callee)
        try pushSpread(arguments, keywords, callee: window, at: range)
        emitSpreadCall(window, at: range, to: destination)
    }

    func emitSpreadCall(_ window: Int, at range: SourceRange, to destination: Destination) {
        if top < window + 3 {
            // Dead temporaries may still hold a number: "no keywords" is said explicitly.
            emit(.clear, a: operand(take()), at: range)
        }
        let target = settle(destination, from: window)
        emit(.callSpread, a: operand(window), c: operand(target), at: range)
        wrote(target)
    }

    /// Pushes one collection of positional arguments and, where there are keywords, one dict.
    private func pushSpread(
        _ arguments: [Expression], _ keywords: [Keyword], callee: Int, at range: SourceRange
    ) throws(SyntaxProblem) {
        if arguments.isEmpty {
            load(.tuple([]), into: take(), at: range)
        } else if arguments.count == 1, case .starred(let inner) = arguments[0].node {
            try push(inner)
        } else {
            try fill(.buildList, arguments, at: range)
        }
        if !keywords.isEmpty { try pushKeywordDict(keywords, callee: callee, at: range) }
    }

    /// Runs of `name=value` become dicts, which are merged in order with the `**mapping`s; a duplicate is an error.
    func pushKeywordDict(_ keywords: [Keyword], callee: Int, at range: SourceRange) throws(SyntaxProblem) {
        var rest = keywords[...]
        let dict = top
        try pushNamedRun(&rest, at: range)
        while let keyword = rest.first {
            let part: Operand
            if keyword.name == nil {
                rest.removeFirst()
                part = try value(keyword.value)
            } else {
                part = .temporary(top)
                try pushNamedRun(&rest, at: range)
            }
            emit(
                .dictMerge, x: part.consumed(OperandFlag.consumeB), a: operand(dict), b: operand(part.register), c: operand(callee),
                at: range)
            release(to: dict + 1)
        }
    }

    private func pushNamedRun(_ keywords: inout ArraySlice<Keyword>, at range: SourceRange) throws(SyntaxProblem) {
        let mark = top
        var count = 0
        while let keyword = keywords.first, let name = keyword.name {
            load(.string(name), into: take(), at: range)
            try push(keyword.value)
            keywords.removeFirst()
            count += 1
        }
        let dict = settle(.push, from: mark)
        emit(.buildDict, a: operand(dict), b: operand(mark), c: index(count), at: range)
    }
}
