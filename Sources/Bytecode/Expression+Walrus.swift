import Syntax

extension Expression {
    /// Holds a `:=` that binds in the frame that evaluates this expression.
    var bindsNames: Bool {
        switch node {
        case .constant, .name, .lambda: false
        case .named: true
        case .joinedString(let parts): FStringPart.bindNames(parts)
        case .tuple(let items), .list(let items), .set(let items), .boolean(_, let items): items.contains { $0.bindsNames }
        case .dict(let pairs): pairs.contains { $0.key?.bindsNames == true || $0.value.bindsNames }
        case .starred(let value), .unary(_, let value), .attribute(let value, _, _), .yieldFrom(let value): value.bindsNames
        case .yield(let value): value?.bindsNames == true
        case .binary(_, let left, let right): right.bindsNames || left.bindsNames
        case .subscript(let object, let index): object.bindsNames || index.bindsNames
        case .compare(let first, let rest): first.bindsNames || rest.contains { $0.operand.bindsNames }
        case .call(let callee, let arguments, let keywords):
            callee.bindsNames || arguments.contains { $0.bindsNames } || keywords.contains { $0.value.bindsNames }
        case .slice(let lower, let upper, let step): [lower, upper, step].contains { $0?.bindsNames == true }
        case .conditional(let test, let then, let otherwise): test.bindsNames || then.bindsNames || otherwise.bindsNames
        case .comprehension(_, let element, let value, let clauses):
            element.bindsNames || value?.bindsNames == true
                || clauses.contains { $0.iterable.bindsNames || $0.conditions.contains { $0.bindsNames } }
        }
    }
}

extension FStringPart {
    fileprivate static func bindNames(_ parts: [FStringPart]) -> Bool {
        parts.contains {
            guard case .replacement(let value, _, let format, _) = $0 else { return false }
            return value.bindsNames || format.map(bindNames) == true
        }
    }
}
