import Diagnostics
import Syntax

extension UnitCompiler {
    func compileClass(_ definition: ClassDefinition, _ node: Statement) throws(SyntaxProblem) {
        let scope = compilation.table.scope(of: node)
        let range = definition.range
        let mark = top
        for decorator in definition.decorators { try push(decorator) }
        let code = try compilation.code(of: scope) { (unit) throws(SyntaxProblem) in try unit.compileBody(of: definition) }
        let window = take()
        emit(.loadBuildClass, a: operand(window), at: range)
        makeFunction(code, scope, at: range, to: .push)
        load(.string(definition.name), into: take(), at: range)
        if definition.bases.contains(where: { $0.isStarred }) || definition.keywords.contains(where: { $0.name == nil }) {
            try compileSpreadBases(definition, window)
        } else {
            for base in definition.bases { try push(base) }
            for keyword in definition.keywords { try push(keyword.value) }
            let names = CodeConstant.tuple(definition.keywords.compactMap { $0.name.map { .string($0) } })
            let count = 2 + definition.bases.count + definition.keywords.count
            emitCall(window, count, names, hasKeywords: !definition.keywords.isEmpty, at: range, to: .push)
        }
        applyDecorators(definition.decorators, from: mark)
        store(definition.name, .temporary(mark), at: range)
        release(to: mark)
    }

    /// R[window + 1], R[window + 2] are the body and the name: they become the start of one list of arguments.
    private func compileSpreadBases(_ definition: ClassDefinition, _ window: Int) throws(SyntaxProblem) {
        let range = definition.range
        let list = settle(.push, from: window + 1)
        emit(.buildList, a: operand(list), b: operand(list), c: 2, at: range)
        for base in definition.bases {
            if case .starred(let inner) = base.node {
                let bases = try value(inner)
                emit(.listExtend, x: 1 | bases.consumed(OperandFlag.consumeB), a: operand(list), b: operand(bases.register), at: range)
            } else {
                let base = try value(base)
                emit(.listAppend, x: base.consumed(OperandFlag.consumeB), a: operand(list), b: operand(base.register), at: range)
            }
            release(to: list + 1)
        }
        if !definition.keywords.isEmpty { try pushKeywordDict(definition.keywords, callee: window, at: range) }
        emitSpreadCall(window, at: range, to: .push)
    }

    /// R[0] is the namespace; R[1] the cell `__class__`, when a method needs it.
    private func compileBody(of definition: ClassDefinition) throws(SyntaxProblem) -> Code {
        flags.insert(.classBody)
        bound.insert(0)
        let line = definition.decorators.first?.range.start ?? definition.range.start
        let start = SourceRange(start: line, end: line)
        let hasClassCell = scope.captured.contains("__class__")
        if hasClassCell { emit(.makeCell, a: operand(1), at: start) }
        let value = take()
        emit(.loadGlobal, a: operand(value), b: slot("__name__"), at: start)
        storeInNamespace("__module__", value, at: start)
        load(.string(scope.qualifiedName), into: value, at: start)
        storeInNamespace("__qualname__", value, at: start)
        if definition.body.containsAnnotatedNames {
            emit(.buildDict, a: operand(value), b: operand(value), at: start)
            storeInNamespace("__annotations__", value, at: start)
        }
        documentation = definition.body.first?.docstring
        if let documentation {
            load(.string(documentation), into: value, at: definition.body[0].range)
            storeInNamespace("__doc__", value, at: definition.body[0].range)
        }
        release(to: value)
        try compile(documentation == nil ? definition.body : Array(definition.body.dropFirst()))
        let end = definition.body.last?.range ?? start
        if hasClassCell { emit(.ret, a: operand(1), at: end) } else { emit(.returnNone, at: end) }
        return try finish(positional: 1, firstLine: compilation.source.line(of: line))
    }

    private func storeInNamespace(_ name: String, _ register: Int, at range: SourceRange) {
        emit(.storeName, x: OperandFlag.consumeA, a: operand(register), b: self.name(name), at: range)
    }
}
