import Diagnostics
import Syntax

extension SymbolTableBuilder {
    /// Notes the names an expression uses. Descends left spines in a loop: they may be thousands of operators long.
    mutating func visit(_ expression: Expression) throws(SyntaxProblem) {
        try nesting.enter(at: expression.range, in: source)
        defer { nesting.leave() }
        var expression = expression
        while true {
            switch expression.node {
            case .constant: return
            case .name(let name): return use(name)
            case .binary(_, let left, let right):
                try visit(right)
                expression = left
            case .attribute(let value, _, _): expression = value
            case .subscript(let value, let index):
                try visit(index)
                expression = value
            case .call(let callee, let arguments, let keywords):
                for argument in arguments { try visit(argument) }
                for keyword in keywords { try visit(keyword.value) }
                expression = callee
            case .unary(_, let operand), .starred(let operand): expression = operand
            default: return try visitOther(expression)
            }
        }
    }

    private mutating func visitOther(_ expression: Expression) throws(SyntaxProblem) {
        switch expression.node {
        case .joinedString(let parts): try visit(parts)
        case .tuple(let items), .list(let items), .set(let items), .boolean(_, let items):
            for item in items { try visit(item) }
        case .dict(let pairs):
            for pair in pairs {
                if let key = pair.key { try visit(key) }
                try visit(pair.value)
            }
        case .compare(let first, let rest):
            try visit(first)
            for link in rest { try visit(link.operand) }
        case .slice(let lower, let upper, let step):
            for part in [lower, upper, step] { if let part { try visit(part) } }
        case .lambda(let parameters, let body): try visitLambda(parameters, body, expression)
        case .conditional(let test, let then, let otherwise):
            try visit(test)
            try visit(then)
            try visit(otherwise)
        case .comprehension(let kind, let element, let value, let clauses):
            try visitComprehension(kind, element, value, clauses, expression)
        case .yield(let value):
            try noteYield(at: expression.range)
            if let value { try visit(value) }
        case .yieldFrom(let value):
            try noteYield(at: expression.range)
            try visit(value)
        case .named(let name, let range, let value):
            try visit(value)
            if scope.isInsideIterable {
                throw problem("assignment expression cannot be used in a comprehension iterable expression", at: expression.range)
            }
            try bindNamed(name, at: range)
        default: preconditionFailure("an expression that visit(_:) handles itself")
        }
    }

    private mutating func visit(_ parts: [FStringPart]) throws(SyntaxProblem) {
        for part in parts {
            guard case .replacement(let value, _, let format, _) = part else { continue }
            try visit(value)
            if let format { try visit(format) }
        }
    }

    /// Assignment targets: names are bound, the rest is used.
    mutating func visitTarget(_ target: Expression) throws(SyntaxProblem) {
        try nesting.enter(at: target.range, in: source)
        defer { nesting.leave() }
        switch target.node {
        case .name(let name):
            try bind(name, at: target.range)
            if scope.kind == .comprehension || scope.kind == .generatorExpression {
                scope.add(scope.mangled(name), .iterationVariable)
            }
        case .tuple(let items), .list(let items):
            for item in items { try visitTarget(item) }
        case .starred(let inner): try visitTarget(inner)
        default: try visit(target)
        }
    }

    private func noteYield(at range: SourceRange) throws(SyntaxProblem) {
        switch scope.kind {
        case .comprehension, .generatorExpression:
            throw problem("'yield' inside \(scope.name.comprehensionNoun)", at: range)
        case .annotations: throw problem("'yield' outside function", at: range)
        case .function, .lambda: scope.isGenerator = true
        // Refused when compiled, as CPython does, so that earlier problems come first.
        case .module, .classBody: break
        }
    }

    private mutating func visitComprehension(
        _ kind: ComprehensionKind, _ element: Expression, _ value: Expression?, _ clauses: [ComprehensionClause], _ node: Expression
    ) throws(SyntaxProblem) {
        let outer = scope
        let wasInside = outer.isInsideIterable
        outer.isInsideIterable = true
        try visit(clauses[0].iterable)
        outer.isInsideIterable = wasInside
        let inner = try inside(kind == .generator ? .generatorExpression : .comprehension, name: kind.scopeName, range: node.range) {
            (builder) throws(SyntaxProblem) in
            if kind == .generator {
                builder.scope.add(".0", [.parameter, .bound])
                builder.scope.parameters.append(".0")
                builder.scope.isGenerator = true
            }
            for (index, clause) in clauses.enumerated() {
                if index > 0 {
                    builder.scope.isInsideIterable = true
                    try builder.visit(clause.iterable)
                    builder.scope.isInsideIterable = wasInside
                }
                try builder.visitTarget(clause.target)
                for condition in clause.conditions { try builder.visit(condition) }
            }
            try builder.visit(element)
            if let value { try builder.visit(value) }
        }
        register(inner, for: node)
    }

    /// `name := …` inside comprehensions binds in the function around them.
    private mutating func bindNamed(_ name: String, at range: SourceRange) throws(SyntaxProblem) {
        scope.host.hasWalrus = true
        var owner = scope
        var passed: [Scope] = []
        while owner.kind == .comprehension || owner.kind == .generatorExpression {
            if owner.symbols[owner.mangled(name)]?.contains(.iterationVariable) == true {
                throw problem("assignment expression cannot rebind comprehension iteration variable '\(name)'", at: range)
            }
            passed.append(owner)
            guard let parent = owner.parent else { break }
            owner = parent
        }
        let mangled = owner.mangled(name)
        if passed.isEmpty { return try bind(name, at: range) }
        if owner.kind == .classBody {
            throw problem("assignment expression within a comprehension cannot be used in a class body", at: range)
        }
        let isGlobal = owner.kind == .module || owner.symbols[mangled]?.contains(.global) == true
        for comprehension in passed where comprehension.kind == .generatorExpression {
            comprehension.add(mangled, isGlobal ? .global : .nonlocal)
        }
        for comprehension in passed where comprehension.kind == .comprehension { comprehension.add(mangled, .used) }
        if name == "__debug__" { throw problem("cannot assign to __debug__", at: range) }
        owner.add(mangled, .bound)
        owner.host.hasWalrus = true
    }
}

extension ComprehensionKind {
    /// What tracebacks call the frame.
    var scopeName: String {
        switch self {
        case .list: "<listcomp>"
        case .set: "<setcomp>"
        case .dict: "<dictcomp>"
        case .generator: "<genexpr>"
        }
    }
}

extension String {
    /// `<listcomp>` in the words of an error message.
    fileprivate var comprehensionNoun: String {
        switch self {
        case "<listcomp>": "list comprehension"
        case "<setcomp>": "set comprehension"
        case "<dictcomp>": "dict comprehension"
        default: "generator expression"
        }
    }
}
