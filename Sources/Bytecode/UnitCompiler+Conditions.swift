import Diagnostics
import Syntax

extension UnitCompiler {
    /// Jumps to `label` when the truth of `test` is `sense`, else falls through. No boolean is made where a comparison can
    /// jump by itself.
    func compileCondition(_ test: Expression, jumpingIf sense: Bool, to label: Label) throws(SyntaxProblem) {
        try enter(at: test.range)
        defer { leave() }
        if let truth = ConstantFolding.value(of: test)?.truth {
            if truth == sense { jump(to: label, at: test.range) }
            return
        }
        switch test.node {
        case .unary(.not, let operand): try compileCondition(operand, jumpingIf: !sense, to: label)
        case .boolean(let operation, let operands):
            try compileBooleanCondition(operation, operands, jumpingIf: sense, to: label)
        case .compare(let first, let rest) where rest.count == 1:
            warnAboutIdentity(first, rest, at: test.range)
            try compileComparison(first, rest[0].comparison, rest[0].operand, at: test.range, jumpingIf: sense, to: label)
        case .compare(let first, let rest):
            warnAboutIdentity(first, rest, at: test.range)
            try compileChain(first, rest, at: test.range, jumpingIf: sense, to: label)
        case .conditional(let inner, let then, let otherwise):
            let elseLabel = Label()
            let end = Label()
            try compileCondition(inner, jumpingIf: false, to: elseLabel)
            try compileCondition(then, jumpingIf: sense, to: label)
            jump(to: end, at: test.range)
            place(elseLabel)
            try compileCondition(otherwise, jumpingIf: sense, to: label)
            place(end)
        default:
            let mark = top
            let value = try self.value(test)
            jumpIf(sense, value, to: label, at: test.range)
            release(to: mark)
        }
    }

    private func jumpIf(_ sense: Bool, _ value: Operand, to label: Label, at range: SourceRange) {
        jump(
            sense ? .jumpIfTrue : .jumpIfFalse, x: value.consumed(OperandFlag.consumeA), a: operand(value.register), to: label, at: range)
    }

    private func compileBooleanCondition(
        _ operation: BooleanOperator, _ operands: [Expression], jumpingIf sense: Bool, to label: Label
    ) throws(SyntaxProblem) {
        // `or` jumping if true and `and` jumping if false leave at the first operand that decides.
        let decides = operation == .or
        let last = operands.count - 1
        if decides == sense {
            for operand in operands { try compileCondition(operand, jumpingIf: sense, to: label) }
            return
        }
        let end = Label()
        for operand in operands[..<last] { try compileCondition(operand, jumpingIf: decides, to: end) }
        try compileCondition(operands[last], jumpingIf: sense, to: label)
        place(end)
    }

    // MARK: one comparison

    private func compileComparison(
        _ first: Expression, _ comparison: CompareOperator, _ second: Expression, at range: SourceRange, jumpingIf sense: Bool,
        to label: Label
    ) throws(SyntaxProblem) {
        let mark = top
        let left = try value(first, before: [second])
        if comparison.isIdentity, ConstantFolding.value(of: second)?.isNone == true {
            let negate = (comparison == .is) == sense ? 0 : OperandFlag.negate
            jump(
                .jumpIsNone, x: negate | left.consumed(OperandFlag.consumeA), a: operand(left.register), to: label, at: range)
            return release(to: mark)
        }
        if let op = comparison.immediateJump, case .int(let number)? = ConstantFolding.value(of: second), let small = Int16(exactly: number) {
            jump(
                op, x: (sense ? 0 : OperandFlag.negate) | left.consumed(OperandFlag.consumeA), a: operand(left.register),
                b: UInt16(bitPattern: small), to: label, at: range)
            return release(to: mark)
        }
        let right = try container(second, for: comparison)
        emitComparison(left, comparison, right, at: range, jumpingIf: sense, to: label)
        release(to: mark)
    }

    /// Both operands are consumed when they are temporaries.
    private func emitComparison(
        _ left: Operand, _ comparison: CompareOperator, _ right: Operand, keepsRight: Bool = false, at range: SourceRange,
        jumpingIf sense: Bool, to label: Label
    ) {
        let consumed = left.consumed(OperandFlag.consumeA) | (keepsRight ? 0 : right.consumed(OperandFlag.consumeB))
        if let op = comparison.jump {
            let negate = sense ? 0 : OperandFlag.negate
            jump(op, x: negate | consumed, a: operand(left.register), b: operand(right.register), to: label, at: range)
        } else if comparison.isIdentity {
            let negate = (comparison == .is) == sense ? 0 : OperandFlag.negate
            jump(.jumpIs, x: negate | consumed, a: operand(left.register), b: operand(right.register), to: label, at: range)
        } else {
            let negate = (comparison == .in) == sense ? 0 : OperandFlag.negate
            jump(.jumpIn, x: negate | consumed, a: operand(left.register), b: operand(right.register), to: label, at: range)
        }
    }

    private func emitCompare(
        into target: Int, _ left: Operand, _ comparison: CompareOperator, _ right: Operand, keepsRight: Bool = false, at range: SourceRange
    ) {
        let x =
            comparison.rawValue | left.consumed(OperandFlag.consumeB, unless: target)
            | (keepsRight ? 0 : right.consumed(OperandFlag.consumeC, unless: target))
        emit(.compare, x: x, a: operand(target), b: operand(left.register), c: operand(right.register), at: range)
        wrote(target)
    }

    /// The right operand; `x in [1, 2]` and `x in {1, 2}` test constants.
    private func container(
        _ expression: Expression, for comparison: CompareOperator, before later: [Expression] = []
    ) throws(SyntaxProblem) -> Operand {
        if comparison == .in || comparison == .notIn, let constant = expression.constantMembers {
            let register = take()
            load(constant, into: register, at: expression.range)
            return .temporary(register)
        }
        return try value(expression, before: later)
    }

    // MARK: chains

    /// `a < b < c`: `b` is evaluated once and kept for the second comparison; when the first fails it is cleared.
    private func compileChain(
        _ first: Expression, _ rest: [(comparison: CompareOperator, operand: Expression)], at range: SourceRange, jumpingIf sense: Bool,
        to label: Label
    ) throws(SyntaxProblem) {
        let mark = top
        let failed = Label()
        let end = Label()
        var left = try value(first, before: [rest[0].operand])
        for (index, link) in rest.enumerated() {
            if index == rest.count - 1 {
                let right = try container(link.operand, for: link.comparison)
                emitComparison(left, link.comparison, right, at: range, jumpingIf: sense, to: label)
            } else {
                let right = try container(link.operand, for: link.comparison, before: [rest[index + 1].operand])
                let exit = right.isTemporary ? failed : sense ? end : label
                emitComparison(left, link.comparison, right, keepsRight: true, at: range, jumpingIf: false, to: exit)
                left = right
            }
        }
        let count = top - mark
        release(to: mark)
        if failed.bound != nil {
            jump(to: end, at: range)
            place(failed)
            emit(.clearRange, a: operand(mark), b: index(count), at: range)
            if !sense { jump(to: label, at: range) }
        }
        place(end)
    }

    // MARK: comparisons as values

    func compileCompare(
        _ first: Expression, _ rest: [(comparison: CompareOperator, operand: Expression)], at range: SourceRange, to destination: Destination
    ) throws(SyntaxProblem) {
        warnAboutIdentity(first, rest, at: range)
        let mark = top
        if rest.count == 1 {
            let left = try value(first, before: [rest[0].operand])
            let right = try container(rest[0].operand, for: rest[0].comparison)
            let target = settle(destination, from: mark)
            return emitCompare(into: target, left, rest[0].comparison, right, at: range)
        }
        let result = take()
        let failed = Label()
        let end = Label()
        var left = try value(first, before: [rest[0].operand])
        for (index, link) in rest.enumerated() {
            let isLast = index == rest.count - 1
            let right = try container(link.operand, for: link.comparison, before: isLast ? [] : [rest[index + 1].operand])
            emitCompare(into: result, left, link.comparison, right, keepsRight: !isLast, at: range)
            if !isLast {
                jump(.jumpIfFalse, a: operand(result), to: right.isTemporary ? failed : end, at: range)
                emit(.clear, a: operand(result), at: range)
            }
            left = right
        }
        if failed.bound != nil {
            let count = top - result - 1
            jump(to: end, at: range)
            place(failed)
            emit(.clearRange, a: operand(result + 1), b: index(count), at: range)
        }
        place(end)
        moveResult(result, from: mark, to: destination, at: range)
    }
}

extension CodeConstant {
    var isNone: Bool { if case .none = self { true } else { false } }
}

extension Expression {
    /// The members of a display of constants after `in`, as a constant tuple or frozen set.
    fileprivate var constantMembers: CodeConstant? {
        switch node {
        case .list(let items): constants(items).map { .tuple($0) }
        case .set(let items): constants(items).map { .frozenSet($0) }
        default: nil
        }
    }

    private func constants(_ items: [Expression]) -> [CodeConstant]? {
        let values = items.compactMap(ConstantFolding.value(of:))
        return values.count == items.count ? values : nil
    }
}

extension CompareOperator {
    var isIdentity: Bool { self == .is || self == .isNot }

    fileprivate var jump: Opcode? {
        switch self {
        case .less: .jumpLess
        case .lessEqual: .jumpLessEqual
        case .equal: .jumpEqual
        case .notEqual: .jumpNotEqual
        case .greater: .jumpGreater
        case .greaterEqual: .jumpGreaterEqual
        case .in, .notIn, .is, .isNot: nil
        }
    }

    fileprivate var immediateJump: Opcode? {
        switch self {
        case .less: .jumpLessI
        case .lessEqual: .jumpLessEqualI
        case .equal: .jumpEqualI
        case .notEqual: .jumpNotEqualI
        case .greater: .jumpGreaterI
        case .greaterEqual: .jumpGreaterEqualI
        case .in, .notIn, .is, .isNot: nil
        }
    }
}
