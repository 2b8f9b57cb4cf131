import Diagnostics
import Syntax

extension UnitCompiler {
    func compileAssign(_ targets: [Expression], _ value: Expression) throws(SyntaxProblem) {
        let mark = top
        defer { release(to: mark) }
        if targets.count == 1 {
            if case .name(let name) = targets[0].node { return try assign(name, value, at: targets[0].range) }
            if try compileParallel(targets[0], value) { return }
        }
        let result = targets.count == 1 ? try self.value(value, before: [targets[0]]) : .temporary(try push(value))
        for target in targets.dropLast() { try store(target, .local(result.register)) }
        if let last = targets.last { try store(last, result) }
    }

    /// `name = value`, straight into the register of a local.
    func assign(_ name: String, _ value: Expression, at range: SourceRange) throws(SyntaxProblem) {
        if case .local(let register) = variable(current.mangled(name)) {
            return try compile(value, to: .register(register))
        }
        let mark = top
        store(name, try self.value(value), at: range)
        release(to: mark)
    }

    /// Stores a value, which is consumed, in any target.
    func store(_ target: Expression, _ value: Operand) throws(SyntaxProblem) {
        let range = target.range
        switch target.node {
        case .name(let name): store(name, value, at: range)
        case .attribute(let object, let name, let nameRange):
            if name == "__debug__" { throw problem("cannot assign to __debug__", at: range) }
            let mark = top
            let object = try self.value(object)
            let x = value.consumed(OperandFlag.consumeA) | object.consumed(OperandFlag.consumeB)
            emit(
                .setAttr, x: x, a: operand(value.register), b: operand(object.register), c: cacheSite(name),
                at: attributeRange(range, nameRange))
            release(to: mark)
        case .subscript(let object, let key):
            let mark = top
            let object = try self.value(object, before: [key])
            let keyValue = try self.value(key)
            emitSetItem(value, object, keyValue, at: range)
            release(to: mark)
        case .tuple(let items), .list(let items): try unpack(value, into: items, at: range)
        case .starred: throw problem("starred assignment target must be in a list or tuple", at: range)
        default: throw problem("cannot assign to expression here", at: range)
        }
    }

    private func emitSetItem(_ value: Operand, _ object: Operand, _ key: Operand, at range: SourceRange) {
        let x = value.consumed(OperandFlag.consumeA) | object.consumed(OperandFlag.consumeB) | key.consumed(OperandFlag.consumeC)
        emit(.setItem, x: x, a: operand(value.register), b: operand(object.register), c: operand(key.register), at: range)
    }

    // MARK: unpacking

    private func unpack(_ value: Operand, into targets: [Expression], at range: SourceRange) throws(SyntaxProblem) {
        try enter(at: range)
        defer { leave() }
        let mark = top
        let first = take(targets.count)
        let starred = targets.indices.filter { targets[$0].isStarred }
        let consume = value.consumed(OperandFlag.consumeB)
        if starred.count > 1 { throw problem("multiple starred expressions in assignment", at: range) }
        if let star = starred.first {
            let after = targets.count - star - 1
            guard after <= 31 else { throw problem("too many expressions in star-unpacking assignment", at: range) }
            emit(.unpackStar, x: consume | UInt8(after), a: operand(first), b: operand(value.register), c: index(star), at: range)
        } else {
            emit(.unpack, x: consume, a: operand(first), b: operand(value.register), c: index(targets.count), at: range)
        }
        for (offset, target) in targets.enumerated() {
            if case .starred(let inner) = target.node {
                try store(inner, .temporary(first + offset))
            } else {
                try store(target, .temporary(first + offset))
            }
        }
        release(to: mark)
    }

    /// `a, b = b, a`: no tuple is built. All values are computed, then stored from left to right.
    private func compileParallel(_ target: Expression, _ value: Expression) throws(SyntaxProblem) -> Bool {
        guard let targets = target.displayItems, let values = value.displayItems, targets.count == values.count, !targets.isEmpty,
            !targets.contains(where: { $0.isStarred }), !values.contains(where: { $0.isStarred })
        else { return false }
        // Where every target is a local of its own, nothing can be seen between two stores: the last value can go straight
        // to its place, and so can constants.
        if let registers = distinctLocals(targets) {
            try compileParallelLocals(registers, values, targets)
            return true
        }
        guard targets.count <= 16 else { return false }
        let mark = top
        for value in values { try push(value) }
        for (offset, target) in targets.enumerated() { try store(target, .temporary(mark + offset)) }
        release(to: mark)
        return true
    }

    private func compileParallelLocals(_ registers: [Int], _ values: [Expression], _ targets: [Expression]) throws(SyntaxProblem) {
        let mark = top
        let constants = values.map(ConstantFolding.value(of:))
        let direct = constants.lastIndex { $0 == nil }
        var sources = [Int?](repeating: nil, count: values.count)
        for (offset, value) in values.enumerated() where constants[offset] == nil {
            if offset == direct {
                try compile(value, to: .register(registers[offset]))
            } else {
                sources[offset] = try push(value)
            }
        }
        for (offset, register) in registers.enumerated() {
            if let source = sources[offset] {
                emit(.moveTemp, a: operand(register), b: operand(source), at: targets[offset].range)
                wrote(register)
            } else if let constant = constants[offset] {
                load(constant, into: register, at: values[offset].range)
            }
        }
        release(to: mark)
    }

    private func distinctLocals(_ targets: [Expression]) -> [Int]? {
        var registers: [Int] = []
        for target in targets {
            guard case .name(let name) = target.node, case .local(let register) = variable(current.mangled(name)),
                !registers.contains(register)
            else { return nil }
            registers.append(register)
        }
        return registers
    }

    // MARK: augmented and annotated

    func compileAugmented(
        _ target: Expression, _ operation: BinaryOperator, _ value: Expression, at range: SourceRange
    ) throws(SyntaxProblem) {
        let mark = top
        defer { release(to: mark) }
        switch target.node {
        case .name(let name):
            let left = try self.value(target, before: [value])
            if !left.isTemporary {
                try emitBinary(operation, left, value, inPlace: true, at: range, from: top, to: .register(left.register))
            } else {
                try emitBinary(operation, left, value, inPlace: true, at: range, from: left.register, to: .push)
                store(name, left, at: target.range)
            }
        case .attribute(let object, let name, let nameRange):
            let lookup = attributeRange(target.range, nameRange)
            let object = try self.value(object, before: [value])
            let result = take()
            emit(.getAttr, a: operand(result), b: operand(object.register), c: cacheSite(name), at: lookup)
            try emitBinary(operation, .temporary(result), value, inPlace: true, at: range, from: result, to: .push)
            let x = OperandFlag.consumeA | object.consumed(OperandFlag.consumeB)
            emit(.setAttr, x: x, a: operand(result), b: operand(object.register), c: cacheSite(name), at: lookup)
        case .subscript(let object, let key):
            let object = try self.value(object, before: [key, value])
            let keyValue = try self.value(key, before: [value])
            let result = take()
            emit(.getItem, a: operand(result), b: operand(object.register), c: operand(keyValue.register), at: target.range)
            try emitBinary(operation, .temporary(result), value, inPlace: true, at: range, from: result, to: .push)
            emitSetItem(.temporary(result), object, keyValue, at: target.range)
        default: throw problem("illegal expression for augmented assignment", at: target.range)
        }
    }

    func compileAnnotated(
        _ target: Expression, _ annotation: Expression, _ value: Expression?, isSimple: Bool, at range: SourceRange
    ) throws(SyntaxProblem) {
        if let value { try compileAssign([target], value) }
        if value == nil { try evaluateParts(of: target) }
        guard scope.kind == .module || scope.kind == .classBody else { return }
        let mark = top
        if case .name(let name) = target.node, isSimple {
            let result = try self.annotation(annotation)
            let dict = top
            load("__annotations__", to: .push, at: range)
            let key = take()
            load(.string(current.mangled(name)), into: key, at: range)
            emitSetItem(result, .temporary(dict), .temporary(key), at: range)
        } else if !compilation.table.keepsAnnotationsAsText {
            try discard(annotation)
        }
        release(to: mark)
    }

    /// `x[i]: int` without a value evaluates `x` and `i`.
    private func evaluateParts(of target: Expression) throws(SyntaxProblem) {
        switch target.node {
        case .attribute(let object, _, _): try discard(object)
        case .subscript(let object, let key):
            try discard(object)
            try discard(key)
        default: break
        }
    }

    private func discard(_ expression: Expression) throws(SyntaxProblem) {
        let mark = top
        let result = try value(expression)
        if result.isTemporary { emit(.clear, a: operand(result.register), at: expression.range) }
        release(to: mark)
    }

    // MARK: del

    func delete(_ target: Expression) throws(SyntaxProblem) {
        let mark = top
        defer { release(to: mark) }
        switch target.node {
        case .name(let name): delete(name, at: target.range)
        case .attribute(let object, let name, let nameRange):
            let object = try value(object)
            emit(
                .deleteAttr, x: object.consumed(OperandFlag.consumeB), b: operand(object.register), c: cacheSite(name),
                at: attributeRange(target.range, nameRange))
        case .subscript(let object, let key):
            let object = try value(object, before: [key])
            let keyValue = try value(key)
            let x = object.consumed(OperandFlag.consumeB) | keyValue.consumed(OperandFlag.consumeC)
            emit(.deleteItem, x: x, b: operand(object.register), c: operand(keyValue.register), at: target.range)
        case .tuple(let items), .list(let items): for item in items { try delete(item) }
        default: throw problem("cannot delete expression", at: target.range)
        }
    }
}

extension Expression {
    /// The items of a tuple or list display or target.
    fileprivate var displayItems: [Expression]? {
        switch node {
        case .tuple(let items), .list(let items): items
        default: nil
        }
    }
}
