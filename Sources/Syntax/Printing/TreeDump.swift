import Diagnostics

/// The dump behind `--emit=ast`: every node with its kind, its own data and its place, `@line:column-line:column` with lines
/// from 1 and columns in bytes from 0, as in Python's `ast`.
package struct TreeDump {
    let source: SourceText
    let showsRanges: Bool

    /// The text of a module's tree. Without ranges, two dumps are equal exactly when the trees mean the same.
    package static func dump(_ module: ModuleSyntax, showsRanges: Bool = true) -> String {
        let dump = TreeDump(source: module.source, showsRanges: showsRanges)
        var text = ""
        SExpression("module", module.body.map(dump.tree)).write(to: &text)
        return text + "\n"
    }

    func node(_ name: String, _ range: SourceRange, _ children: [SExpression] = []) -> SExpression {
        SExpression(showsRanges ? "\(name) @\(place(range.start))-\(place(range.end))" : name, children)
    }

    private func place(_ offset: Int32) -> String { "\(source.line(of: offset)):\(source.byteColumn(of: offset))" }

    func group(_ name: String, _ children: [SExpression]) -> [SExpression] {
        children.isEmpty ? [] : [SExpression(name, children)]
    }

    func optional(_ name: String, _ expression: Expression?) -> [SExpression] {
        expression.map { [SExpression(name, [tree($0)])] } ?? []
    }

    // MARK: - Expressions

    func tree(_ expression: Expression) -> SExpression {
        let range = expression.range
        switch expression.node {
        case .constant(let value): return node("constant \(Self.text(of: value))", range)
        case .joinedString(let parts): return node("f-string", range, parts.map(tree))
        case .name(let name): return node("name \(name)", range)
        case .tuple(let elements): return node("tuple", range, elements.map(tree))
        case .list(let elements): return node("list", range, elements.map(tree))
        case .set(let elements): return node("set", range, elements.map(tree))
        case .dict(let items): return node("dict", range, items.map(tree))
        case .starred(let operand): return node("starred", range, [tree(operand)])
        case .unary(let operation, let operand): return node("unary \(operation)", range, [tree(operand)])
        case .binary(let operation, let left, let right): return node("binary \(operation)", range, [tree(left), tree(right)])
        case .boolean(let operation, let operands): return node("boolean \(operation)", range, operands.map(tree))
        case .compare(let first, let rest):
            let names = rest.map { "\($0.comparison)" }.joined(separator: " ")
            return node("compare \(names)", range, [tree(first)] + rest.map { tree($0.operand) })
        case .call(let callee, let arguments, let keywords):
            return node("call", range, [tree(callee)] + arguments.map(tree) + keywords.map(tree))
        case .attribute(let value, let name, _): return node("attribute \(name)", range, [tree(value)])
        case .subscript(let value, let index): return node("subscript", range, [tree(value), tree(index)])
        case .slice(let lower, let upper, let step):
            return node("slice", range, optional("lower", lower) + optional("upper", upper) + optional("step", step))
        case .lambda(let parameters, let body): return node("lambda", range, [tree(parameters), tree(body)])
        case .conditional(let test, let then, let otherwise):
            return node("conditional", range, [tree(test), tree(then), tree(otherwise)])
        case .comprehension(let kind, let element, let value, let clauses):
            return node("comprehension \(kind)", range, [tree(element)] + (value.map { [tree($0)] } ?? []) + clauses.map(tree))
        case .yield(let value): return node("yield", range, value.map { [tree($0)] } ?? [])
        case .yieldFrom(let value): return node("yield-from", range, [tree(value)])
        case .named(let target, _, let value): return node("named \(target)", range, [tree(value)])
        }
    }

    private func tree(_ item: (key: Expression?, value: Expression)) -> SExpression {
        guard let key = item.key else { return SExpression("unpack", [tree(item.value)]) }
        return SExpression("item", [tree(key), tree(item.value)])
    }

    func tree(_ keyword: Keyword) -> SExpression {
        node(keyword.name.map { "keyword \($0)" } ?? "unpack", keyword.range, [tree(keyword.value)])
    }

    private func tree(_ part: FStringPart) -> SExpression {
        switch part {
        case .literal(let text): return SExpression("literal \(StringText.quoted(text))")
        case .replacement(let value, let conversion, let format, let debugText):
            var head = "replacement"
            if let conversion { head += " !\(Character(UnicodeScalar(conversion.rawValue)))" }
            if let debugText { head += " \(StringText.quoted(debugText))" }
            return SExpression(head, [tree(value)] + (format.map { [SExpression("format", $0.map(tree))] } ?? []))
        }
    }

    private func tree(_ clause: ComprehensionClause) -> SExpression {
        SExpression("for", [tree(clause.target), tree(clause.iterable)] + clause.conditions.map { SExpression("if", [tree($0)]) })
    }

    func tree(_ parameters: Parameters) -> SExpression {
        func list(_ name: String, _ parameters: [Parameters.Parameter]) -> [SExpression] {
            parameters.map { parameter in
                node(
                    "\(name) \(parameter.name)", parameter.range,
                    optional("annotation", parameter.annotation) + optional("default", parameter.default))
            }
        }
        return SExpression(
            "parameters",
            list("positional-only", parameters.positionalOnly) + list("positional", parameters.positional)
                + list("variadic", parameters.variadic.map { [$0] } ?? []) + list("keyword-only", parameters.keywordOnly)
                + list("keyword-variadic", parameters.keywordVariadic.map { [$0] } ?? []))
    }

    static func text(of constant: Constant) -> String {
        switch constant {
        case .none: "None"
        case .true: "True"
        case .false: "False"
        case .ellipsis: "..."
        case .int(let value): String(value)
        case .bigInt(let digits, 10): digits
        case .bigInt(let digits, 16): "0x" + digits.lowercased()
        case .bigInt(let digits, 8): "0o" + digits
        case .bigInt(let digits, _): "0b" + digits
        case .float(let value): value.isInfinite ? "1e309" : "\(value)"
        case .string(let text): StringText.quoted(text)
        case .surrogateString(let bytes): StringText.quoted(surrogates: bytes)
        case .bytes(let bytes): StringText.quoted(bytes)
        }
    }
}
