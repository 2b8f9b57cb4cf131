import Diagnostics

extension TreeDump {
    func tree(_ statement: Statement) -> SExpression {
        let range = statement.range
        switch statement.node {
        case .expression(let value): return node("expression", range, [tree(value)])
        case .assign(let targets, let value): return node("assign", range, group("targets", targets.map(tree)) + [tree(value)])
        case .augmentedAssign(let target, let operation, let value):
            return node("augmented-assign \(operation)", range, [tree(target), tree(value)])
        case .annotatedAssign(let target, let annotation, let value, let isSimple):
            return node(
                isSimple ? "annotated-assign simple" : "annotated-assign", range,
                [tree(target), tree(annotation)] + optional("value", value))
        case .delete(let targets): return node("delete", range, targets.map(tree))
        case .pass: return node("pass", range)
        case .break: return node("break", range)
        case .continue: return node("continue", range)
        case .return(let value): return node("return", range, value.map { [tree($0)] } ?? [])
        case .raise(let exception, let cause):
            return node("raise", range, (exception.map { [tree($0)] } ?? []) + optional("cause", cause))
        case .assert(let test, let message): return node("assert", range, [tree(test)] + optional("message", message))
        case .global(let names): return node("global \(names.joined(separator: " "))", range)
        case .nonlocal(let names): return node("nonlocal \(names.joined(separator: " "))", range)
        case .import(let names): return node("import", range, names.map(tree))
        case .importFrom(let module, let names, let level):
            return node("import-from \(String(repeating: ".", count: level))\(module ?? "")", range, names.map(tree))
        case .if(let test, let body, let orElse): return node("if", range, [tree(test)] + blocks(body, orElse))
        case .while(let test, let body, let orElse): return node("while", range, [tree(test)] + blocks(body, orElse))
        case .for(let target, let iterable, let body, let orElse):
            return node("for", range, [tree(target), tree(iterable)] + blocks(body, orElse))
        case .try(let body, let handlers, let orElse, let finally):
            return node(
                "try", range,
                group("body", body.map(tree)) + handlers.map(tree) + group("else", orElse.map(tree))
                    + group("finally", finally.map(tree)))
        case .with(let items, let body): return node("with", range, items.map(tree) + group("body", body.map(tree)))
        case .functionDefinition(let definition): return tree(definition, range)
        case .classDefinition(let definition): return tree(definition, range)
        case .match(let subject, let cases): return node("match", range, [tree(subject)] + cases.map(tree))
        }
    }

    private func blocks(_ body: [Statement], _ orElse: [Statement]) -> [SExpression] {
        group("body", body.map(tree)) + group("else", orElse.map(tree))
    }

    private func tree(_ alias: ImportAlias) -> SExpression {
        node("alias \(alias.name)" + (alias.asName.map { " as \($0)" } ?? ""), alias.range)
    }

    private func tree(_ handler: ExceptHandler) -> SExpression {
        node(
            "except" + (handler.name.map { " as \($0)" } ?? ""), handler.range,
            (handler.type.map { [tree($0)] } ?? []) + group("body", handler.body.map(tree)))
    }

    private func tree(_ item: WithItem) -> SExpression {
        SExpression("item", [tree(item.context)] + optional("as", item.target))
    }

    private func tree(_ definition: FunctionDefinition, _ range: SourceRange) -> SExpression {
        node(
            "def \(definition.name)", range,
            group("decorators", definition.decorators.map(tree)) + [tree(definition.parameters)]
                + optional("returns", definition.returns) + group("body", definition.body.map(tree)))
    }

    private func tree(_ definition: ClassDefinition, _ range: SourceRange) -> SExpression {
        node(
            "class \(definition.name)", range,
            group("decorators", definition.decorators.map(tree)) + definition.bases.map(tree) + definition.keywords.map(tree)
                + group("body", definition.body.map(tree)))
    }

    private func tree(_ matchCase: MatchCase) -> SExpression {
        SExpression(
            "case", [tree(matchCase.pattern)] + optional("guard", matchCase.guard) + group("body", matchCase.body.map(tree)))
    }

    private func tree(_ pattern: Pattern) -> SExpression {
        let range = pattern.range
        switch pattern.node {
        case .value(let value): return node("value", range, [tree(value)])
        case .singleton(let value): return node("singleton \(Self.text(of: value))", range)
        case .sequence(let elements): return node("sequence", range, elements.map(tree))
        case .star(let name): return node("star \(name ?? "_")", range)
        case .mapping(let keys, let patterns, let rest):
            let items = zip(keys, patterns).map { SExpression("item", [tree($0), tree($1)]) }
            return node("mapping" + (rest.map { " \($0)" } ?? ""), range, items)
        case .class(let type, let positional, let keywords):
            let named = keywords.map { SExpression("keyword \($0.name)", [tree($0.pattern)]) }
            return node("class", range, [tree(type)] + positional.map(tree) + named)
        case .capture(let inner, let name): return node("capture \(name ?? "_")", range, inner.map { [tree($0)] } ?? [])
        case .or(let alternatives): return node("or", range, alternatives.map(tree))
        }
    }
}
