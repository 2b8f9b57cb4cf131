import Diagnostics
import Syntax

extension UnitCompiler {
    /// Longer displays are filled piecemeal, so that they do not need a register for each item.
    private static let chunk = 64

    func compileDisplay(_ op: Opcode, _ items: [Expression], at range: SourceRange, to destination: Destination) throws(SyntaxProblem) {
        if items.count <= UnitCompiler.chunk, !items.contains(where: { $0.isStarred }), !(op != .buildTuple && items.areManyConstants) {
            let mark = top
            for item in items { try push(item) }
            let target = settle(destination, from: mark)
            emit(op, a: operand(target), b: operand(items.isEmpty ? target : mark), c: index(items.count), at: range)
            return wrote(target)
        }
        let mark = top
        try fill(op, items, at: range)
        if op == .buildTuple { emit(.listToTuple, a: operand(mark), b: operand(mark), at: range) }
        moveResult(mark, from: mark, to: destination, at: range)
    }

    /// Pushes a list (for `buildSet` a set) of any number of items, some of them starred.
    func fill(_ op: Opcode, _ items: [Expression], at range: SourceRange) throws(SyntaxProblem) {
        let isSet = op == .buildSet
        let collection = take()
        if items.areManyConstants {
            emit(isSet ? .buildSet : .buildList, a: operand(collection), b: operand(collection), at: range)
            let values = items.compactMap(ConstantFolding.value(of:))
            load(.tuple(values), into: take(), at: range)
            append(isSet ? .setUpdate : .listExtend, .temporary(collection + 1), to: collection, at: range)
            return release(to: collection + 1)
        }
        let prefix = items.prefix(UnitCompiler.chunk).prefix { !$0.isStarred }
        release(to: collection)
        for item in prefix { try push(item) }
        release(to: collection)
        take()
        emit(isSet ? .buildSet : .buildList, a: operand(collection), b: operand(collection), c: index(prefix.count), at: range)
        for item in items.dropFirst(prefix.count) {
            if case .starred(let inner) = item.node {
                append(isSet ? .setUpdate : .listExtend, try value(inner), to: collection, at: range)
            } else {
                append(isSet ? .setAdd : .listAppend, try value(item), to: collection, at: range)
            }
            release(to: collection + 1)
        }
    }

    private func append(_ op: Opcode, _ value: Operand, to collection: Int, at range: SourceRange) {
        let x = value.consumed(OperandFlag.consumeB) | (op == .listExtend ? 1 : 0)
        emit(op, x: x, a: operand(collection), b: operand(value.register), at: range)
    }

    func compileDict(
        _ pairs: [(key: Expression?, value: Expression)], at range: SourceRange, to destination: Destination
    ) throws(SyntaxProblem) {
        let mark = top
        let prefix = pairs.prefix(UnitCompiler.chunk).prefix { $0.key != nil }
        for pair in prefix {
            if let key = pair.key { try push(key) }
            try push(pair.value)
        }
        if prefix.count == pairs.count {
            let target = settle(destination, from: mark)
            emit(.buildDict, a: operand(target), b: operand(pairs.isEmpty ? target : mark), c: index(pairs.count), at: range)
            return wrote(target)
        }
        release(to: mark)
        let dict = take()
        emit(.buildDict, a: operand(dict), b: operand(dict), c: index(prefix.count), at: range)
        for pair in pairs.dropFirst(prefix.count) {
            try setItem(of: dict, pair, at: range)
            release(to: dict + 1)
        }
        moveResult(dict, from: mark, to: destination, at: range)
    }

    private func setItem(of dict: Int, _ pair: (key: Expression?, value: Expression), at range: SourceRange) throws(SyntaxProblem) {
        guard let key = pair.key else {
            let mapping = try value(pair.value)
            emit(.dictUpdate, x: mapping.consumed(OperandFlag.consumeB), a: operand(dict), b: operand(mapping.register), at: range)
            return
        }
        let keyValue = try value(key, before: [pair.value])
        let item = try value(pair.value)
        let x = keyValue.consumed(OperandFlag.consumeB) | item.consumed(OperandFlag.consumeC)
        emit(.dictSet, x: x, a: operand(dict), b: operand(keyValue.register), c: operand(item.register), at: range)
    }

    // MARK: f-strings

    func compileJoined(_ parts: [FStringPart], at range: SourceRange, to destination: Destination) throws(SyntaxProblem) {
        let mark = top
        var pending = ""
        for part in parts {
            switch part {
            case .literal(let text): pending += text
            case .replacement(let value, let conversion, let format, let debugText):
                pending += debugText ?? ""
                flush(&pending, at: range)
                let conversion = conversion ?? (debugText != nil && format == nil ? .repr : nil)
                try compileReplacement(value, conversion, format, at: range)
            }
        }
        flush(&pending, at: range)
        let count = top - mark
        if count == 1 { return moveResult(mark, from: mark, to: destination, at: range) }
        let target = settle(destination, from: mark)
        emit(.buildString, a: operand(target), b: operand(mark), c: index(count), at: range)
        wrote(target)
    }

    private func flush(_ text: inout String, at range: SourceRange) {
        guard !text.isEmpty else { return }
        load(.string(text), into: take(), at: range)
        text = ""
    }

    private func compileReplacement(
        _ expression: Expression, _ conversion: FStringPart.Conversion?, _ format: [FStringPart]?, at range: SourceRange
    ) throws(SyntaxProblem) {
        let mark = top
        let later = (format ?? []).compactMap { if case .replacement(let value, _, _, _) = $0 { value } else { nil } }
        let value = try self.value(expression, before: later)
        var x: UInt8 =
            switch conversion {
            case nil: 0
            case .str: 1
            case .repr: 2
            case .ascii: 3
            }
        var specification = Operand.local(0)
        if let format, !format.isEmpty {
            specification = .temporary(top)
            if let text = ConstantFolding.value(of: Expression(.joinedString(format), range)) {
                load(text, into: take(), at: range)
            } else {
                try compileJoined(format, at: range, to: .push)
            }
            x |= 4
        }
        let target = settle(.push, from: mark)
        x |= value.consumed(OperandFlag.consumeB, unless: target) | specification.consumed(OperandFlag.consumeC, unless: target)
        emit(.formatValue, x: x, a: operand(target), b: operand(value.register), c: operand(specification.register), at: range)
    }
}

extension Expression {
    var isStarred: Bool { if case .starred = node { true } else { false } }
}

extension [Expression] {
    /// Enough constants to be worth copying from one constant tuple.
    var areManyConstants: Bool { count > 4 && allSatisfy { ConstantFolding.value(of: $0) != nil } }
}
