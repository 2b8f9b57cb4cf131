import Diagnostics

/// A module's tree as source text that parses to the same tree. Comments, blank lines and redundant parentheses are not in the
/// tree and do not come back.
package func unparse(_ module: ModuleSyntax) -> String {
    var printer = SourcePrinter()
    printer.block(module.body)
    return printer.output
}

/// One expression as source text, as error messages and signatures show it.
package func unparse(_ expression: Expression) -> String { ExpressionPrinter().text(expression) }

/// Prints statements, one per line, indented by four spaces.
struct SourcePrinter {
    private(set) var output = ""
    private var indent = 0

    mutating func block(_ statements: [Statement]) {
        for statement in statements { print(statement) }
    }

    private mutating func line(_ text: String) {
        output += String(repeating: "    ", count: indent) + text + "\n"
    }

    private mutating func indented(_ header: String, _ body: [Statement]) {
        line(header + ":")
        indent += 1
        block(body)
        indent -= 1
    }

    private mutating func optional(_ header: String, _ body: [Statement]) {
        if !body.isEmpty { indented(header, body) }
    }

    private func text(_ expression: Expression) -> String { ExpressionPrinter().text(expression) }
    private func bare(_ expression: Expression) -> String { ExpressionPrinter().bareTuple(expression) }
    private func optionalText(_ prefix: String, _ expression: Expression?) -> String { expression.map { prefix + text($0) } ?? "" }

    private mutating func print(_ statement: Statement) {
        switch statement.node {
        case .expression(let value): line(bare(value))
        case .assign(let targets, let value): line((targets + [value]).map(bare).joined(separator: " = "))
        case .augmentedAssign(let target, let operation, let value):
            line("\(text(target)) \(ExpressionPrinter.spelling(of: operation))= \(bare(value))")
        case .annotatedAssign(let target, let annotation, let value, let isSimple):
            var shown = text(target)
            if case .name = target.node, !isSimple { shown = "(\(shown))" }
            line("\(shown): \(text(annotation))" + (value.map { " = " + bare($0) } ?? ""))
        case .delete(let targets): line("del " + targets.map(text).joined(separator: ", "))
        case .pass: line("pass")
        case .break: line("break")
        case .continue: line("continue")
        case .return(let value): line("return" + (value.map { " " + bare($0) } ?? ""))
        case .raise(let exception, let cause): line("raise" + optionalText(" ", exception) + optionalText(" from ", cause))
        case .assert(let test, let message): line("assert " + text(test) + optionalText(", ", message))
        case .global(let names): line("global " + names.joined(separator: ", "))
        case .nonlocal(let names): line("nonlocal " + names.joined(separator: ", "))
        case .import(let names): line("import " + names.map(alias).joined(separator: ", "))
        case .importFrom(let module, let names, let level):
            let origin = String(repeating: ".", count: level) + (module ?? "")
            line("from \(origin) import " + names.map(alias).joined(separator: ", "))
        case .if, .while, .for, .try, .with, .functionDefinition, .classDefinition, .match: printCompound(statement)
        }
    }

    private func alias(_ alias: ImportAlias) -> String { alias.name + (alias.asName.map { " as " + $0 } ?? "") }

    // MARK: - Compound statements

    private mutating func printCompound(_ statement: Statement) {
        switch statement.node {
        case .if(let test, let body, let orElse): printIf(test, body, orElse)
        case .while(let test, let body, let orElse):
            indented("while " + text(test), body)
            optional("else", orElse)
        case .for(let target, let iterable, let body, let orElse):
            indented("for \(bare(target)) in \(bare(iterable))", body)
            optional("else", orElse)
        case .try(let body, let handlers, let orElse, let finally):
            indented("try", body)
            for handler in handlers {
                indented(
                    (handler.isStarred ? "except*" : "except") + optionalText(" ", handler.type) + (handler.name.map { " as " + $0 } ?? ""),
                    handler.body)
            }
            optional("else", orElse)
            optional("finally", finally)
        case .with(let items, let body):
            indented("with " + items.map { text($0.context) + optionalText(" as ", $0.target) }.joined(separator: ", "), body)
        case .functionDefinition(let definition): print(definition)
        case .classDefinition(let definition): print(definition)
        case .match(let subject, let cases):
            line("match \(text(subject)):")
            indent += 1
            for matchCase in cases {
                let guardText = optionalText(" if ", matchCase.guard)
                indented("case \(PatternPrinter.text(matchCase.pattern))\(guardText)", matchCase.body)
            }
            indent -= 1
        default: preconditionFailure("printCompound got a simple statement: \(statement.node)")
        }
    }

    private mutating func printIf(_ test: Expression, _ body: [Statement], _ orElse: [Statement]) {
        indented("if " + text(test), body)
        var rest = orElse
        while rest.count == 1, case .if(let test, let body, let orElse) = rest[0].node {
            indented("elif " + text(test), body)
            rest = orElse
        }
        optional("else", rest)
    }

    private mutating func print(_ definition: FunctionDefinition) {
        for decorator in definition.decorators { line("@" + text(decorator)) }
        let parameters = ExpressionPrinter().text(definition.parameters)
        indented("def \(definition.name)(\(parameters))" + optionalText(" -> ", definition.returns), definition.body)
    }

    private mutating func print(_ definition: ClassDefinition) {
        for decorator in definition.decorators { line("@" + text(decorator)) }
        let arguments = ExpressionPrinter().arguments(definition.bases, definition.keywords)
        indented("class \(definition.name)" + (arguments.isEmpty ? "" : "(\(arguments))"), definition.body)
    }
}
