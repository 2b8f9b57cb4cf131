import Diagnostics

/// A statement of the language, named as Python's `ast` names it. Immutable; every node knows its source range.
package final class Statement: Sendable {
    package let range: SourceRange
    package let node: Node

    package init(_ node: Node, _ range: SourceRange) {
        self.node = node
        self.range = range
    }

    package enum Node: Sendable {
        case expression(Expression)
        /// `a = b = value`: the targets left to right.
        case assign(targets: [Expression], value: Expression)
        case augmentedAssign(target: Expression, operation: BinaryOperator, value: Expression)
        /// `isSimple` is false for `(x): int` and for attributes and subscripts.
        case annotatedAssign(target: Expression, annotation: Expression, value: Expression?, isSimple: Bool)
        case delete([Expression])
        case pass, `break`, `continue`
        case `return`(Expression?)
        case raise(Expression?, cause: Expression?)
        case assert(Expression, message: Expression?)
        case global([String])
        case nonlocal([String])
        case `import`([ImportAlias])
        /// `level` counts the leading dots; `names` is one alias called `*` for a star import.
        case importFrom(module: String?, names: [ImportAlias], level: Int)
        /// An `elif` is the sole statement of `orElse`.
        case `if`(test: Expression, body: [Statement], orElse: [Statement])
        case `while`(test: Expression, body: [Statement], orElse: [Statement])
        case `for`(target: Expression, iterable: Expression, body: [Statement], orElse: [Statement])
        case `try`(body: [Statement], handlers: [ExceptHandler], orElse: [Statement], finally: [Statement])
        case with(items: [WithItem], body: [Statement])
        case functionDefinition(FunctionDefinition)
        case classDefinition(ClassDefinition)
        case match(subject: Expression, cases: [MatchCase])
    }
}

package struct ImportAlias: Sendable {
    /// Dotted.
    package let name: String
    package let asName: String?
    package let range: SourceRange

    package init(name: String, asName: String?, range: SourceRange) {
        self.name = name
        self.asName = asName
        self.range = range
    }
}

package struct ExceptHandler: Sendable {
    /// nil for a bare `except:`
    package let type: Expression?
    package let name: String?
    package let body: [Statement]
    /// `except*`; all handlers of a `try` are, or none.
    package let isStarred: Bool
    package let range: SourceRange

    package init(type: Expression?, name: String?, body: [Statement], isStarred: Bool = false, range: SourceRange) {
        self.isStarred = isStarred
        self.type = type
        self.name = name
        self.body = body
        self.range = range
    }
}

package struct WithItem: Sendable {
    package let context: Expression
    package let target: Expression?

    package init(context: Expression, target: Expression?) {
        self.context = context
        self.target = target
    }
}

package struct FunctionDefinition: Sendable {
    package let name: String
    package let nameRange: SourceRange
    package let parameters: Parameters
    package let returns: Expression?
    package let decorators: [Expression]
    package let body: [Statement]
    /// From `def` to the end of the body, decorators excluded.
    package let range: SourceRange

    package init(
        name: String, nameRange: SourceRange, parameters: Parameters, returns: Expression?, decorators: [Expression], body: [Statement],
        range: SourceRange
    ) {
        self.name = name
        self.nameRange = nameRange
        self.parameters = parameters
        self.returns = returns
        self.decorators = decorators
        self.body = body
        self.range = range
    }
}

package struct ClassDefinition: Sendable {
    package let name: String
    package let nameRange: SourceRange
    package let bases: [Expression]
    package let keywords: [Keyword]
    package let decorators: [Expression]
    package let body: [Statement]
    /// From `class` to the end of the body, decorators excluded.
    package let range: SourceRange

    package init(
        name: String, nameRange: SourceRange, bases: [Expression], keywords: [Keyword], decorators: [Expression], body: [Statement],
        range: SourceRange
    ) {
        self.name = name
        self.nameRange = nameRange
        self.bases = bases
        self.keywords = keywords
        self.decorators = decorators
        self.body = body
        self.range = range
    }
}

package struct MatchCase: Sendable {
    package let pattern: Pattern
    package let `guard`: Expression?
    package let body: [Statement]
    package let range: SourceRange

    package init(pattern: Pattern, guard: Expression?, body: [Statement], range: SourceRange) {
        self.pattern = pattern
        self.guard = `guard`
        self.body = body
        self.range = range
    }
}

/// A pattern of a `match` statement.
package final class Pattern: Sendable {
    package let range: SourceRange
    package let node: Node

    package init(_ node: Node, _ range: SourceRange) {
        self.node = node
        self.range = range
    }

    package enum Node: Sendable {
        /// A literal number, string or dotted name, compared with `==`.
        case value(Expression)
        /// `None`, `True`, `False`, compared with `is`.
        case singleton(Constant)
        /// At most one `.star`.
        case sequence([Pattern])
        /// `*name`, `*_` (nil); only inside a sequence.
        case star(String?)
        case mapping(keys: [Expression], patterns: [Pattern], rest: String?)
        case `class`(Expression, positional: [Pattern], keywords: [(name: String, pattern: Pattern)])
        /// `pattern as name`; a bare name has no pattern; `_` has neither.
        case capture(Pattern?, String?)
        case or([Pattern])
    }
}

/// A parsed program, module or cell.
package struct ModuleSyntax: Sendable {
    package let body: [Statement]
    package let source: SourceText

    package init(body: [Statement], source: SourceText) {
        self.body = body
        self.source = source
    }
}
