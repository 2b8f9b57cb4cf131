import Diagnostics
import Syntax

/// Legal code that is surely not what was meant: CPython compiles it with a SyntaxWarning.
package struct CompileWarning: Sendable, Equatable {
    package let message: String
    package let range: SourceRange
}

extension UnitCompiler {
    private func warn(_ message: String, at range: SourceRange) {
        let warning = CompileWarning(message: message, range: range)
        // A `finally` body is compiled once per way out of its `try`.
        if !compilation.warnings.contains(warning) { compilation.warnings.append(warning) }
    }

    /// `x is 5`: whether equal constants are one object is not for programs to know.
    func warnAboutIdentity(_ first: Expression, _ rest: [(comparison: CompareOperator, operand: Expression)], at range: SourceRange) {
        var left = first
        for (comparison, right) in rest {
            if comparison == .is || comparison == .isNot, left.isPlainLiteral || right.isPlainLiteral {
                let (written, meant) = comparison == .is ? ("is", "==") : ("is not", "!=")
                return warn("\"\(written)\" with a literal. Did you mean \"\(meant)\"?", at: range)
            }
            left = right
        }
    }

    /// `[(1, 2) (3, 4)]`: a comma was forgotten.
    func warnAboutCallee(_ callee: Expression) {
        switch callee.node {
        case .constant, .joinedString, .tuple, .list, .set, .dict, .comprehension:
            guard let type = callee.literalType else { return }
            warn("'\(type)' object is not callable; perhaps you missed a comma?", at: callee.range)
        default: return
        }
    }

    /// `[[1, 2] [3, 4]]`: a comma was forgotten.
    func warnAboutSubscript(_ object: Expression, _ key: Expression, at range: SourceRange) {
        guard let type = object.literalType else { return }
        switch object.node {
        case .constant(.none), .constant(.ellipsis), .constant(.true), .constant(.false), .constant(.int), .constant(.bigInt), .constant(.float),
            .set, .lambda, .comprehension(.set, _, _, _), .comprehension(.generator, _, _, _):
            warn("'\(type)' object is not subscriptable; perhaps you missed a comma?", at: range)
        case .constant, .tuple, .list, .joinedString, .comprehension(.list, _, _, _):
            guard let index = key.literalType, index != "int", index != "bool" else { return }
            warn("\(type) indices must be integers or slices, not \(index); perhaps you missed a comma?", at: range)
        default: return
        }
    }

    /// `assert (x, "message")`
    func warnAboutAssertion(_ test: Expression) {
        guard case .tuple(let items) = test.node, !items.isEmpty else { return }
        warn("assertion is always true, perhaps remove parentheses?", at: test.range)
    }
}

extension Expression {
    /// A constant other than the singletons, after folding.
    fileprivate var isPlainLiteral: Bool {
        switch ConstantFolding.value(of: self) {
        case nil, .none?, .bool?, .ellipsis?: false
        default: true
        }
    }

    /// The class of what a literal makes; nil for other expressions.
    fileprivate var literalType: String? {
        switch node {
        case .constant(let value):
            switch value {
            case .none: "NoneType"
            case .true, .false: "bool"
            case .ellipsis: "ellipsis"
            case .int, .bigInt: "int"
            case .float: "float"
            case .string, .surrogateString: "str"
            case .bytes: "bytes"
            }
        case .joinedString: "str"
        case .tuple: "tuple"
        case .list, .comprehension(.list, _, _, _): "list"
        case .set, .comprehension(.set, _, _, _): "set"
        case .dict, .comprehension(.dict, _, _, _): "dict"
        case .comprehension(.generator, _, _, _): "generator"
        case .lambda: "function"
        default: nil
        }
    }
}
