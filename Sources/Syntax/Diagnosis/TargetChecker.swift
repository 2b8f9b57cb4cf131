/// Which part of an expression cannot be a target, and what to call it.
enum TargetChecker {
    enum Purpose { case assignment, deletion, loop }

    /// The first part of `target` that cannot be assigned to (or deleted); nil when it can.
    static func invalidPart(of target: Expression, for purpose: Purpose) -> Expression? {
        switch target.node {
        case .name, .attribute, .subscript: nil
        case .tuple(let elements), .list(let elements):
            elements.lazy.compactMap { invalidPart(of: $0, for: purpose) }.first
        case .starred(let operand): purpose == .deletion ? target : invalidPart(of: operand, for: purpose)
        case .compare(let left, let rest) where purpose == .loop:
            // `for x in y` reads as a comparison: its left side is the target.
            rest.first?.comparison == .in ? invalidPart(of: left, for: purpose) : nil
        default: target
        }
    }

    /// What error messages call an expression.
    static func name(of expression: Expression) -> String {
        switch expression.node {
        case .attribute: "attribute"
        case .subscript: "subscript"
        case .starred: "starred"
        case .name: "name"
        case .list: "list"
        case .tuple: "tuple"
        case .lambda: "lambda"
        case .call: "function call"
        case .boolean, .binary, .unary: "expression"
        case .comprehension(.generator, _, _, _): "generator expression"
        case .comprehension(.list, _, _, _): "list comprehension"
        case .comprehension(.set, _, _, _): "set comprehension"
        case .comprehension(.dict, _, _, _): "dict comprehension"
        case .yield, .yieldFrom: "yield expression"
        case .dict: "dict literal"
        case .set: "set display"
        case .joinedString: "f-string expression"
        case .constant(.none): "None"
        case .constant(.true): "True"
        case .constant(.false): "False"
        case .constant(.ellipsis): "ellipsis"
        case .constant: "literal"
        case .compare: "comparison"
        case .conditional: "conditional expression"
        case .named: "named expression"
        case .slice: "slice"
        }
    }
}
