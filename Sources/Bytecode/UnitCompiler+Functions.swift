import Diagnostics
import Syntax

extension UnitCompiler {
    /// Wraps captured parameters and locals in cells.
    func startFunction(at range: SourceRange) {
        for name in scope.names where scope.owns(name) {
            if case .cell(let register)? = scope.variables[name] { emit(.makeCell, a: operand(register), at: range) }
        }
    }

    // MARK: modules

    func compileModule(_ body: [Statement]) throws(SyntaxProblem) -> Code {
        flags.insert(.module)
        let range = body.first?.range ?? SourceRange(start: 0, end: 0)
        var statements = body[...]
        if compilation.mode == .module, let text = body.first?.docstring {
            documentation = text
            statements = statements.dropFirst()
            let value = take()
            load(.string(text), into: value, at: range)
            store("__doc__", .temporary(value), at: range)
            release(to: value)
        }
        if body.containsAnnotatedNames { prepareModuleAnnotations(at: range) }
        if compilation.mode == .notebookCell, let last = statements.last, case .expression(let value) = last.node, !isSilenced(last) {
            try compile(Array(statements.dropLast()))
            try display(value)
        } else {
            try compile(Array(statements))
        }
        emit(.returnNone, at: body.last?.range ?? range)
        return try finish(firstLine: compilation.source.line(of: 0))
    }

    /// Whether a semicolon follows a cell's last statement: its value is then not displayed.
    private func isSilenced(_ last: Statement) -> Bool {
        let bytes = compilation.source.bytes
        var index = min(Int(last.range.end), bytes.count)
        // Behind a last statement stand closing brackets, blanks and comments.
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: ";"): return true
            case UInt8(ascii: "#"): while index < bytes.count, bytes[index] != 0x0A { index += 1 }
            default: index += 1
            }
        }
        return false
    }

    func display(_ value: Expression) throws(SyntaxProblem) {
        let mark = top
        let operand = try self.value(value)
        emit(.display, x: operand.consumed(OperandFlag.consumeA), a: self.operand(operand.register), at: value.range)
        release(to: mark)
    }

    /// `globals().setdefault("__annotations__", {})`, whatever the program calls `globals`.
    private func prepareModuleAnnotations(at range: SourceRange) {
        let window = take(2)
        emit(.callGlobal, a: operand(window + 1), at: range)
        emit(.extra, a: slot(".globals"), b: builtin("globals"), c: operand(window + 1), at: range)
        load(.string("__annotations__"), into: take(), at: range)
        let dict = take()
        emit(.buildDict, a: operand(dict), b: operand(dict), at: range)
        emit(.callMethod, a: operand(window), b: 2, at: range)
        emit(.extra, b: cacheSite("setdefault"), c: operand(window), at: range)
        emit(.clear, a: operand(window), at: range)
        release(to: window)
    }

    // MARK: functions

    /// Binds nothing: the new function is the result.
    func compileFunction(_ definition: FunctionDefinition, _ node: Statement) throws(SyntaxProblem) {
        let scope = compilation.table.scope(of: node)
        let mark = top
        for decorator in definition.decorators { try push(decorator) }
        let first = top
        let present = try pushDefaults(definition.parameters, at: definition.range)
        let code = try compilation.code(of: scope) { (unit) throws(SyntaxProblem) in try unit.compileBody(of: definition) }
        let annotations = try annotationsCode(definition, node)
        if definition.decorators.isEmpty, case .local(let register) = variable(current.mangled(definition.name)) {
            return makeFunction(
                code, scope, operandsFrom: first, present, annotations: annotations, at: definition.range, to: .register(register))
        }
        makeFunction(code, scope, operandsFrom: first, present, annotations: annotations, at: definition.range, to: .push)
        applyDecorators(definition.decorators, from: mark)
        store(definition.name, .temporary(mark), at: definition.range)
        release(to: mark)
    }

    /// Decorators lie below what they decorate, so that each call's result is the next call's argument.
    func applyDecorators(_ decorators: [Expression], from mark: Int) {
        for (offset, decorator) in decorators.enumerated().reversed() {
            emitCall(mark + offset, 1, at: decorator.range, to: .push)
        }
    }

    private func compileBody(of definition: FunctionDefinition) throws(SyntaxProblem) -> Code {
        let body = definition.body
        documentation = body.first?.docstring
        startFunction(at: definition.range)
        try compile(documentation == nil ? body : Array(body.dropFirst()))
        emit(.returnNone, at: body.last?.range ?? definition.range)
        let line = definition.decorators.first?.range.start ?? definition.range.start
        return try finish(definition.parameters, firstLine: compilation.source.line(of: line))
    }

    private func finish(_ parameters: Parameters, firstLine: Int) throws(SyntaxProblem) -> Code {
        if parameters.variadic != nil { flags.insert(.variadic) }
        if parameters.keywordVariadic != nil { flags.insert(.keywordVariadic) }
        return try finish(
            positionalOnly: parameters.positionalOnly.count, positional: parameters.positionalOnly.count + parameters.positional.count,
            keywordOnly: parameters.keywordOnly.count, firstLine: firstLine)
    }

    func compileLambda(
        _ parameters: Parameters, _ body: Expression, _ node: Expression, to destination: Destination
    ) throws(SyntaxProblem) {
        let scope = compilation.table.scope(of: node)
        let mark = top
        let present = try pushDefaults(parameters, at: node.range)
        let code = try compilation.code(of: scope) { (unit) throws(SyntaxProblem) in
            unit.startFunction(at: node.range)
            try unit.compileReturned(body, at: body.range)
            return try unit.finish(parameters, firstLine: unit.compilation.source.line(of: node.range.start))
        }
        makeFunction(code, scope, operandsFrom: mark, present, at: node.range, to: destination)
    }

    /// `return value` where nothing is left on the way.
    func compileReturned(_ value: Expression, at range: SourceRange) throws(SyntaxProblem) {
        if case .conditional(let test, let then, let otherwise) = value.node {
            try enter(at: range)
            defer { leave() }
            let elseLabel = Label()
            try compileCondition(test, jumpingIf: false, to: elseLabel)
            try compileReturned(then, at: range)
            place(elseLabel)
            return try compileReturned(otherwise, at: range)
        }
        let mark = top
        let result = try self.value(value)
        emit(.ret, x: result.consumed(OperandFlag.consumeA), a: operand(result.register), at: range)
        isReachable = false
        release(to: mark)
    }

    // MARK: making function objects

    /// What `makeFunction` takes from registers.
    struct Present: OptionSet {
        let rawValue: UInt8
        static let defaults = Present(rawValue: 1)
        static let keywordDefaults = Present(rawValue: 2)
        static let closure = Present(rawValue: 4)
        static let annotations = Present(rawValue: 8)
    }

    private func pushDefaults(_ parameters: Parameters, at range: SourceRange) throws(SyntaxProblem) -> Present {
        var present: Present = []
        let defaults = (parameters.positionalOnly + parameters.positional).compactMap(\.default)
        if !defaults.isEmpty {
            present.insert(.defaults)
            try compile(Expression(.tuple(defaults), range), to: .push)
        }
        let mark = top
        var count = 0
        for parameter in parameters.keywordOnly {
            guard let value = parameter.default else { continue }
            load(.string(current.mangled(parameter.name)), into: take(), at: range)
            try push(value)
            count += 1
        }
        if count > 0 {
            present.insert(.keywordDefaults)
            let dict = settle(.push, from: mark)
            emit(.buildDict, a: operand(dict), b: operand(mark), c: index(count), at: range)
        }
        return present
    }

    /// `operandsFrom` is the first of the default values already pushed.
    func makeFunction(
        _ code: Code, _ scope: Scope, operandsFrom first: Int? = nil, _ present: Present = [], annotations: (Code, Scope)? = nil,
        at range: SourceRange, to destination: Destination
    ) {
        let first = first ?? top
        var present = present
        if !code.freeNames.isEmpty {
            present.insert(.closure)
            pushClosure(code.freeNames, at: range)
        }
        if let (annotationsCode, annotationsScope) = annotations {
            present.insert(.annotations)
            makeFunction(annotationsCode, annotationsScope, at: range, to: .push)
        }
        let target = settle(destination, from: first)
        let window = present.isEmpty ? target : first
        emit(.makeFunction, x: present.rawValue, a: operand(target), b: constant(.code(code)), c: operand(window), at: range)
        wrote(target)
    }

    private func pushClosure(_ names: [String], at range: SourceRange) {
        let mark = top
        for name in names { pushCell(name, at: range) }
        let tuple = settle(.push, from: mark)
        emit(.buildTuple, a: operand(tuple), b: operand(mark), c: index(names.count), at: range)
    }

    /// The cell of a variable that a function made here captures.
    private func pushCell(_ name: String, at range: SourceRange) {
        let cell = take()
        if name == NameResolver.namespaceName {
            emit(.move, a: operand(cell), b: operand(0), at: range)
            emit(.makeCell, a: operand(cell), at: range)
            return
        }
        if let register = cellRegister(name) {
            emit(.move, a: operand(cell), b: operand(register), at: range)
        } else if let number = scope.freeNames.firstIndex(of: name) {
            emit(.loadFreeCell, a: operand(cell), b: index(number), at: range)
        } else {
            preconditionFailure("no cell for captured variable \(name)")
        }
    }

    private func cellRegister(_ name: String) -> Int? {
        var scope = current
        while true {
            if scope.kind == .classBody, name == "__class__", self.scope.captured.contains(name) { return 1 }
            if scope.owns(name), scope.kind != .classBody, case .cell(let register)? = scope.variables[name] { return register }
            guard scope.kind == .comprehension, let parent = scope.parent else { return nil }
            scope = parent
        }
    }

    // MARK: annotations

    /// The function that returns the annotations of a `def`.
    private func annotationsCode(_ definition: FunctionDefinition, _ node: Statement) throws(SyntaxProblem) -> (Code, Scope)? {
        guard let scope = compilation.table.annotationScope(of: node) else { return nil }
        let code = try compilation.code(of: scope) { (unit) throws(SyntaxProblem) in
            try unit.compileAnnotations(definition.annotations, at: definition.range)
        }
        return (code, scope)
    }

    private func compileAnnotations(
        _ annotations: [(name: String, expression: Expression)], at range: SourceRange
    ) throws(SyntaxProblem) -> Code {
        if scope.readsNamespace, let namespace = scope.freeNames.firstIndex(of: NameResolver.namespaceName) {
            emit(.loadFree, a: operand(0), b: index(namespace), at: range)
        }
        let mark = top
        let dict = take()
        emit(.buildDict, a: operand(dict), b: operand(dict), at: range)
        for (name, expression) in annotations {
            let key = take()
            load(.string(current.mangled(name)), into: key, at: range)
            let value = try annotation(expression)
            let x = OperandFlag.consumeB | value.consumed(OperandFlag.consumeC)
            emit(.dictSet, x: x, a: operand(dict), b: operand(key), c: operand(value.register), at: range)
            release(to: dict + 1)
        }
        emit(.ret, x: OperandFlag.consumeA, a: operand(dict), at: range)
        release(to: mark)
        return try finish(firstLine: compilation.source.line(of: range.start))
    }

    /// The value of an annotation, or its text under `from __future__ import annotations`.
    func annotation(_ expression: Expression) throws(SyntaxProblem) -> Operand {
        guard compilation.table.keepsAnnotationsAsText else { return try value(expression) }
        let register = take()
        load(.string(unparse(expression)), into: register, at: expression.range)
        return .temporary(register)
    }
}

extension [Statement] {
    /// Some variable is annotated at this level, not inside functions or classes.
    var containsAnnotatedNames: Bool {
        contains { statement in
            switch statement.node {
            case .annotatedAssign(_, _, _, let isSimple): isSimple
            case .if(_, let body, let orElse), .while(_, let body, let orElse), .for(_, _, let body, let orElse):
                body.containsAnnotatedNames || orElse.containsAnnotatedNames
            case .try(let body, let handlers, let orElse, let finally):
                [body, orElse, finally].contains { $0.containsAnnotatedNames } || handlers.contains { $0.body.containsAnnotatedNames }
            case .with(_, let body): body.containsAnnotatedNames
            case .match(_, let cases): cases.contains { $0.body.containsAnnotatedNames }
            default: false
            }
        }
    }
}
