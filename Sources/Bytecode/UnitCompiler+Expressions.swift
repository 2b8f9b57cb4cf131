import Diagnostics
import Syntax

extension UnitCompiler {
    /// Evaluates into a new temporary; its number.
    @discardableResult func push(_ expression: Expression) throws(SyntaxProblem) -> Int {
        let register = top
        try compile(expression, to: .push)
        return register
    }

    /// Evaluates to a borrowed local where that is possible, else to a new temporary. `later` are the operands evaluated
    /// before this one is used: when they may rebind the local it is copied.
    func value(_ expression: Expression, before later: [Expression] = []) throws(SyntaxProblem) -> Operand {
        if let register = localRegister(of: expression), !(scope.hasWalrus && later.contains { $0.bindsNames }) {
            if case .named = expression.node { try evaluateNamed(expression) }
            check(register, at: expression.range)
            return .local(register)
        }
        return .temporary(try push(expression))
    }

    /// The local register that an expression is just a name for.
    private func localRegister(of expression: Expression) -> Int? {
        let name: String
        switch expression.node {
        case .name(let identifier): name = identifier
        case .named(let target, _, _): name = target
        default: return nil
        }
        if case .local(let register) = variable(current.mangled(name)) { return register }
        return nil
    }

    private func evaluateNamed(_ expression: Expression) throws(SyntaxProblem) {
        guard case .named(let target, let range, let value) = expression.node else { return }
        try assign(target, value, at: range)
    }

    func compile(_ expression: Expression, to destination: Destination) throws(SyntaxProblem) {
        try enter(at: expression.range)
        defer { leave() }
        if let constant = ConstantFolding.value(of: expression) {
            return load(constant, into: settle(destination, from: top), at: expression.range)
        }
        let range = expression.range
        switch expression.node {
        case .constant: preconditionFailure("constants are folded")
        case .name(let name): load(name, to: destination, at: range)
        case .binary: try compileBinary(expression, to: destination)
        case .unary(let operation, let operand): try compileUnary(operation, operand, at: range, to: destination)
        case .compare(let first, let rest): try compileCompare(first, rest, at: range, to: destination)
        case .boolean(let operation, let operands): try compileBoolean(operation, operands, at: range, to: destination)
        case .conditional(let test, let then, let otherwise):
            try compileConditional(test, then, otherwise, at: range, to: destination)
        case .attribute(let object, let name, let nameRange):
            try compileAttribute(object, name, at: attributeRange(range, nameRange), to: destination)
        case .subscript(let object, let index): try compileSubscript(object, index, at: range, to: destination)
        case .slice(let lower, let upper, let step): try compileSlice(lower, upper, step, at: range, to: destination)
        case .call: try compileCall(expression, to: destination)
        case .joinedString(let parts): try compileJoined(parts, at: range, to: destination)
        case .list(let items): try compileDisplay(.buildList, items, at: range, to: destination)
        case .tuple(let items): try compileDisplay(.buildTuple, items, at: range, to: destination)
        case .set(let items): try compileDisplay(.buildSet, items, at: range, to: destination)
        case .dict(let pairs): try compileDict(pairs, at: range, to: destination)
        case .lambda(let parameters, let body): try compileLambda(parameters, body, expression, to: destination)
        case .comprehension(let kind, let element, let value, let clauses):
            try compileComprehension(kind, element, value, clauses, expression, to: destination)
        case .yield(let value): try compileYield(value, at: range, to: destination)
        case .yieldFrom(let value): try compileYieldFrom(value, at: range, to: destination)
        case .named(let target, let targetRange, let value):
            try compileNamed(target, targetRange, value, at: range, to: destination)
        case .starred: throw problem("can't use starred expression here", at: range)
        }
    }

    private func compileNamed(
        _ target: String, _ targetRange: SourceRange, _ value: Expression, at range: SourceRange, to destination: Destination
    ) throws(SyntaxProblem) {
        if case .local(let register) = variable(current.mangled(target)) {
            try compile(value, to: .register(register))
            let result = settle(destination, from: top)
            if result != register { emit(.move, a: operand(result), b: operand(register), at: range) }
            return wrote(result)
        }
        let mark = top
        let register = try push(value)
        store(target, .local(register), at: targetRange)
        moveResult(register, from: mark, to: destination, at: range)
    }

    /// Delivers a value computed in the temporary `register`, the first one from `mark`.
    func moveResult(_ register: Int, from mark: Int, to destination: Destination, at range: SourceRange) {
        let target = settle(destination, from: mark)
        if target != register { emit(.moveTemp, a: operand(target), b: operand(register), at: range) }
        wrote(target)
    }

    // MARK: operators

    /// Long chains of left-associative operators are followed in a loop.
    private func compileBinary(_ expression: Expression, to destination: Destination) throws(SyntaxProblem) {
        var pending: [(operation: BinaryOperator, right: Expression, range: SourceRange)] = []
        var expression = expression
        while case .binary(let operation, let left, let right) = expression.node {
            pending.append((operation, right, expression.range))
            expression = left
        }
        let mark = top
        var left: Operand
        if var constant = ConstantFolding.value(of: expression) {
            while let step = pending.last, let right = ConstantFolding.value(of: step.right),
                let folded = ConstantFolding.apply(step.operation, constant, right)
            {
                constant = folded
                pending.removeLast()
            }
            left = .temporary(take())
            load(constant, into: left.register, at: expression.range)
        } else {
            left = try value(expression, before: [pending[pending.count - 1].right])
        }
        while let step = pending.popLast() {
            let target = pending.isEmpty ? destination : .push
            left = try emitBinary(
                step.operation, left, step.right, inPlace: false, at: step.range, from: mark, to: target)
        }
    }

    /// R[destination] = left op right; `left` is consumed when a temporary at `mark`.
    @discardableResult func emitBinary(
        _ operation: BinaryOperator, _ left: Operand, _ right: Expression, inPlace: Bool, at range: SourceRange, from mark: Int,
        to destination: Destination
    ) throws(SyntaxProblem) -> Operand {
        let x: UInt8 = inPlace ? OperandFlag.inPlace : 0
        let constant = ConstantFolding.value(of: right)
        if case .int(let number)? = constant, let op = operation.immediateForm, let small = Int16(exactly: number) {
            let target = settle(destination, from: mark)
            let flags = x | left.consumed(OperandFlag.consumeB, unless: target)
            emit(op, x: flags, a: operand(target), b: operand(left.register), c: UInt16(bitPattern: small), at: range)
            wrote(target)
            return .temporary(target)
        }
        if let constant, let op = operation.constantForm {
            let target = settle(destination, from: mark)
            let flags = x | left.consumed(OperandFlag.consumeB, unless: target)
            emit(op, x: flags, a: operand(target), b: operand(left.register), c: self.constant(constant), at: range)
            wrote(target)
            return .temporary(target)
        }
        let right = try value(right)
        let target = settle(destination, from: mark)
        let flags = x | left.consumed(OperandFlag.consumeB, unless: target) | right.consumed(OperandFlag.consumeC, unless: target)
        emit(operation.opcode, x: flags, a: operand(target), b: operand(left.register), c: operand(right.register), at: range)
        wrote(target)
        return .temporary(target)
    }

    private func compileUnary(
        _ operation: UnaryOperator, _ value: Expression, at range: SourceRange, to destination: Destination
    ) throws(SyntaxProblem) {
        let mark = top
        let value = try self.value(value)
        let target = settle(destination, from: mark)
        let op: Opcode =
            switch operation {
            case .negative: .negative
            case .positive: .positive
            case .invert: .invert
            case .not: .not
            }
        emit(op, x: value.consumed(OperandFlag.consumeB, unless: target), a: operand(target), b: operand(value.register), at: range)
        wrote(target)
    }

    /// `and` / `or` as a value: the first operand that decides, else the last.
    private func compileBoolean(
        _ operation: BooleanOperator, _ operands: [Expression], at range: SourceRange, to destination: Destination
    ) throws(SyntaxProblem) {
        let mark = top
        let end = Label()
        for (index, operand) in operands.enumerated() {
            release(to: mark)
            let register = try push(operand)
            if index < operands.count - 1 {
                jump(operation == .and ? .jumpIfFalse : .jumpIfTrue, a: self.operand(register), to: end, at: range)
                emit(.clear, a: self.operand(register), at: range)
            }
        }
        place(end)
        moveResult(mark, from: mark, to: destination, at: range)
    }

    private func compileConditional(
        _ test: Expression, _ then: Expression, _ otherwise: Expression, at range: SourceRange, to destination: Destination
    ) throws(SyntaxProblem) {
        let mark = top
        let elseLabel = Label()
        let end = Label()
        try compileCondition(test, jumpingIf: false, to: elseLabel)
        try compile(then, to: destination)
        jump(to: end, at: then.range)
        release(to: mark)
        place(elseLabel)
        try compile(otherwise, to: destination)
        place(end)
    }

    // MARK: attributes and items

    /// Where an attribute access is shown: from the name on when a chain of calls goes over several lines.
    func attributeRange(_ range: SourceRange, _ nameRange: SourceRange) -> SourceRange {
        let source = compilation.source
        guard nameRange.start > range.start, source.lineIndex(of: range.start) != source.lineIndex(of: nameRange.start) else { return range }
        return SourceRange(start: nameRange.start, end: range.end)
    }

    private func compileAttribute(
        _ object: Expression, _ name: String, at range: SourceRange, to destination: Destination
    ) throws(SyntaxProblem) {
        let mark = top
        let object = try value(object)
        let target = settle(destination, from: mark)
        let x = object.consumed(OperandFlag.consumeB, unless: target)
        emit(.getAttr, x: x, a: operand(target), b: operand(object.register), c: cacheSite(name), at: range)
        wrote(target)
    }

    func cacheSite(_ name: String) -> UInt16 { isReachable ? index(builder.cacheSite(current.mangled(name))) : 0 }

    private func compileSubscript(
        _ object: Expression, _ key: Expression, at range: SourceRange, to destination: Destination
    ) throws(SyntaxProblem) {
        warnAboutSubscript(object, key, at: range)
        let mark = top
        let object = try value(object, before: [key])
        if case .int(let number)? = ConstantFolding.value(of: key), let small = Int16(exactly: number) {
            let target = settle(destination, from: mark)
            let x = object.consumed(OperandFlag.consumeB, unless: target)
            emit(.getItemI, x: x, a: operand(target), b: operand(object.register), c: UInt16(bitPattern: small), at: range)
            return wrote(target)
        }
        let key = try value(key)
        let target = settle(destination, from: mark)
        let x = object.consumed(OperandFlag.consumeB, unless: target) | key.consumed(OperandFlag.consumeC, unless: target)
        emit(.getItem, x: x, a: operand(target), b: operand(object.register), c: operand(key.register), at: range)
        wrote(target)
    }

    private func compileSlice(
        _ lower: Expression?, _ upper: Expression?, _ step: Expression?, at range: SourceRange, to destination: Destination
    ) throws(SyntaxProblem) {
        let mark = top
        for part in [lower, upper, step] {
            if let part { try push(part) } else { load(.none, into: take(), at: range) }
        }
        let target = settle(destination, from: mark)
        emit(.buildSlice, a: operand(target), b: operand(mark), at: range)
        wrote(target)
    }

    // MARK: generators

    private func requireFunction(at range: SourceRange) throws(SyntaxProblem) {
        guard scope.kind != .module, scope.kind != .classBody else { throw problem("'yield' outside function", at: range) }
    }

    private func compileYield(_ value: Expression?, at range: SourceRange, to destination: Destination) throws(SyntaxProblem) {
        try requireFunction(at: range)
        let mark = top
        let sent: Operand
        if let value {
            sent = try self.value(value)
        } else {
            sent = .temporary(take())
            load(.none, into: sent.register, at: range)
        }
        let target = settle(destination, from: mark)
        emit(
            .yieldValue, x: sent.consumed(OperandFlag.consumeA), a: operand(sent.register), b: operand(mark), c: operand(target), at: range)
        wrote(target)
    }

    private func compileYieldFrom(_ value: Expression, at range: SourceRange, to destination: Destination) throws(SyntaxProblem) {
        try requireFunction(at: range)
        // The result takes the place of the iterator, which `send` clears.
        let mark = take(2)
        let (item, iterator) = (mark, mark + 1)
        let source = try self.value(value)
        emit(
            .getYieldFromIter, x: source.consumed(OperandFlag.consumeB), a: operand(iterator), b: operand(source.register), at: range)
        release(to: mark + 2)
        load(.none, into: item, at: range)
        let again = Label()
        let done = Label()
        placeHead(again, isReachable: isReachable, bound: bound)
        jump(.send, a: operand(iterator), b: operand(item), to: done, at: range)
        emit(
            .yieldValue, x: OperandFlag.consumeA | 1, a: operand(item), b: operand(iterator), c: operand(item), at: range)
        jump(to: again, at: range)
        place(done)
        moveResult(item, from: mark, to: destination, at: range)
    }
}

extension Expression {
    /// A name or constant: evaluating it changes nothing.
    var isAtom: Bool {
        switch node {
        case .name, .constant: true
        default: false
        }
    }
}

extension BinaryOperator {
    var opcode: Opcode {
        switch self {
        case .add: .add
        case .subtract: .subtract
        case .multiply: .multiply
        case .matrixMultiply: .matrixMultiply
        case .trueDivide: .trueDivide
        case .floorDivide: .floorDivide
        case .modulo: .modulo
        case .power: .power
        case .leftShift: .leftShift
        case .rightShift: .rightShift
        case .and: .bitAnd
        case .or: .bitOr
        case .xor: .bitXor
        }
    }

    /// The form with a 16-bit integer on the right.
    var immediateForm: Opcode? {
        switch self {
        case .add: .addI
        case .subtract: .subtractI
        case .multiply: .multiplyI
        case .floorDivide: .floorDivideI
        case .modulo: .moduloI
        case .leftShift: .leftShiftI
        case .rightShift: .rightShiftI
        case .and: .bitAndI
        case .matrixMultiply, .trueDivide, .power, .or, .xor: nil
        }
    }

    /// The form with a constant on the right.
    var constantForm: Opcode? {
        switch self {
        case .add: .addK
        case .subtract: .subtractK
        case .multiply: .multiplyK
        case .trueDivide: .trueDivideK
        case .power: .powerK
        case .matrixMultiply, .floorDivide, .modulo, .leftShift, .rightShift, .and, .or, .xor: nil
        }
    }
}
