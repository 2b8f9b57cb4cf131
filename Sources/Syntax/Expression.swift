import Diagnostics

/// An expression of the language, named as Python's `ast` names it. Immutable; every node knows its source range.
package final class Expression: Sendable {
    package let range: SourceRange
    package let node: Node
    /// Levels of the tree from here down; the parser bounds it so that recursion over a tree cannot exhaust the stack.
    package let height: Int32

    package init(_ node: Node, _ range: SourceRange) {
        self.node = node
        self.range = range
        self.height = Self.height(of: node)
    }

    package enum Node: Sendable {
        case constant(Constant)
        /// An f-string, adjacent literals already joined.
        case joinedString([FStringPart])
        case name(String)
        case tuple([Expression])
        case list([Expression])
        case set([Expression])
        /// A nil key is `**mapping`.
        case dict([(key: Expression?, value: Expression)])
        /// `*iterable` inside a call, display, subscript or assignment target.
        case starred(Expression)
        case unary(UnaryOperator, Expression)
        case binary(BinaryOperator, Expression, Expression)
        /// Two or more operands of one `and` / `or` chain.
        case boolean(BooleanOperator, [Expression])
        case compare(Expression, [(comparison: CompareOperator, operand: Expression)])
        /// `arguments` may hold `.starred`.
        case call(Expression, arguments: [Expression], keywords: [Keyword])
        case attribute(Expression, String, nameRange: SourceRange)
        case `subscript`(Expression, Expression)
        /// Only inside a subscript (alone or in its tuple).
        case slice(lower: Expression?, upper: Expression?, step: Expression?)
        case lambda(Parameters, body: Expression)
        case conditional(test: Expression, then: Expression, else: Expression)
        /// `value` is the dict comprehension's value.
        case comprehension(ComprehensionKind, element: Expression, value: Expression?, clauses: [ComprehensionClause])
        case yield(Expression?)
        case yieldFrom(Expression)
        /// `target := value`
        case named(target: String, targetRange: SourceRange, value: Expression)
    }
}

package enum Constant: Sendable, Hashable {
    case none, `true`, `false`, ellipsis
    case int(Int)
    /// An integer literal beyond 64 bits: its digits (no underscores, no prefix) and radix.
    case bigInt(digits: String, radix: Int)
    case float(Double)
    case string(String)
    /// A str with lone surrogates, which no Swift string holds: UTF-8, surrogates encoded like any other code point.
    case surrogateString([UInt8])
    case bytes([UInt8])
}

package enum FStringPart: Sendable {
    case literal(String)
    /// `{expression!conversion:format}`; `debugText` is the source text before `=` (with it) for `{x=}`.
    case replacement(Expression, conversion: Conversion?, format: [FStringPart]?, debugText: String?)

    package enum Conversion: UInt8, Sendable { case str = 0x73, repr = 0x72, ascii = 0x61 }
}

package enum UnaryOperator: UInt8, Sendable, CaseIterable { case negative, positive, invert, not }

package enum BinaryOperator: UInt8, Sendable, CaseIterable {
    case add, subtract, multiply, matrixMultiply, trueDivide, floorDivide, modulo, power
    case leftShift, rightShift, and, or, xor
}

package enum BooleanOperator: UInt8, Sendable { case and, or }

package enum CompareOperator: UInt8, Sendable, CaseIterable {
    case less, lessEqual, equal, notEqual, greater, greaterEqual, `in`, notIn, `is`, isNot
}

package enum ComprehensionKind: UInt8, Sendable { case list, set, dict, generator }

package struct ComprehensionClause: Sendable {
    package let target: Expression
    package let iterable: Expression
    package let conditions: [Expression]

    package init(target: Expression, iterable: Expression, conditions: [Expression]) {
        self.target = target
        self.iterable = iterable
        self.conditions = conditions
    }
}

/// `name=value`, or `**value` when `name` is nil.
package struct Keyword: Sendable {
    package let name: String?
    package let value: Expression
    package let range: SourceRange

    package init(name: String?, value: Expression, range: SourceRange) {
        self.name = name
        self.value = value
        self.range = range
    }
}

/// The parameter list of a `def` or `lambda`, in declaration order.
package struct Parameters: Sendable {
    package struct Parameter: Sendable {
        package let name: String
        package let range: SourceRange
        package let annotation: Expression?
        package let `default`: Expression?

        package init(name: String, range: SourceRange, annotation: Expression?, default: Expression?) {
            self.name = name
            self.range = range
            self.annotation = annotation
            self.default = `default`
        }
    }

    package let positionalOnly: [Parameter]
    package let positional: [Parameter]
    /// `*args`
    package let variadic: Parameter?
    package let keywordOnly: [Parameter]
    /// `**kwargs`
    package let keywordVariadic: Parameter?

    package init(
        positionalOnly: [Parameter], positional: [Parameter], variadic: Parameter?, keywordOnly: [Parameter], keywordVariadic: Parameter?
    ) {
        self.positionalOnly = positionalOnly
        self.positional = positional
        self.variadic = variadic
        self.keywordOnly = keywordOnly
        self.keywordVariadic = keywordVariadic
    }
}
