import Diagnostics
import Syntax

extension SymbolTableBuilder {
    mutating func visit(_ body: [Statement]) throws(SyntaxProblem) {
        var mayBeFuture = scope.kind == .module && nesting.depth == 0
        for (index, statement) in body.enumerated() {
            if case .importFrom(module: "__future__", let names, level: 0) = statement.node {
                try checkFuture(names, isFirst: mayBeFuture, at: statement.range)
            } else if !(index == 0 && statement.isDocstring) {
                mayBeFuture = false
            }
            try visit(statement)
        }
    }

    mutating func visit(_ statement: Statement) throws(SyntaxProblem) {
        try nesting.enter(at: statement.range, in: source)
        defer { nesting.leave() }
        switch statement.node {
        case .expression(let value): try visit(value)
        case .assign(let targets, let value):
            try visit(value)
            for target in targets { try visitTarget(target) }
        case .augmentedAssign(let target, _, let value):
            if case .name(let name) = target.node { use(name) }
            try visit(value)
            try visitTarget(target)
        case .annotatedAssign(let target, let annotation, let value, let isSimple):
            try visitAnnotated(target, annotation, value, isSimple: isSimple, at: statement.range)
        case .delete(let targets):
            for target in targets { try visitDeleted(target) }
        case .pass, .break, .continue: break
        case .return(let value): if let value { try visit(value) }
        case .raise(let exception, let cause):
            if let exception { try visit(exception) }
            if let cause { try visit(cause) }
        case .assert(let test, let message):
            try visit(test)
            if let message { try visit(message) }
        case .global(let names):
            for name in names { try declareGlobal(name, at: statement.range) }
        case .nonlocal(let names):
            for name in names { try declareNonlocal(name, at: statement.range) }
        case .import(let aliases):
            for alias in aliases {
                try bind(alias.asName ?? String(alias.name.prefix { $0 != "." }), at: statement.range)
            }
        case .importFrom(_, let names, _): try visitImportFrom(names)
        case .functionDefinition(let definition): try visitFunction(definition, statement)
        case .classDefinition(let definition): try visitClass(definition, statement)
        case .if, .while, .for, .try, .with, .match: try visitCompound(statement)
        }
    }

    private mutating func visitCompound(_ statement: Statement) throws(SyntaxProblem) {
        switch statement.node {
        case .if(let test, let body, let orElse):
            // An elif chain is a list, not a tower.
            var (test, body, orElse) = (test, body, orElse)
            while true {
                try visit(test)
                try visit(body)
                guard orElse.count == 1, case .if(let nextTest, let nextBody, let nextElse) = orElse[0].node else { break }
                (test, body, orElse) = (nextTest, nextBody, nextElse)
            }
            try visit(orElse)
        case .while(let test, let body, let orElse):
            try visit(test)
            try visit(body)
            try visit(orElse)
        case .for(let target, let iterable, let body, let orElse):
            try visit(iterable)
            try visitTarget(target)
            try visit(body)
            try visit(orElse)
        case .try(let body, let handlers, let orElse, let finally):
            try visit(body)
            for handler in ExceptStar.isStarred(handlers) ? ExceptStar.lowered(handlers) : handlers { try visit(handler) }
            try visit(orElse)
            try visit(finally)
        case .with(let items, let body):
            for item in items {
                try visit(item.context)
                if let target = item.target { try visitTarget(target) }
            }
            try visit(body)
        case .match(let subject, let cases):
            try visit(subject)
            for matchCase in cases {
                try visit(matchCase.pattern)
                if let condition = matchCase.guard { try visit(condition) }
                try visit(matchCase.body)
            }
        default: preconditionFailure("a simple statement in visitCompound")
        }
    }

    private mutating func visit(_ handler: ExceptHandler) throws(SyntaxProblem) {
        if let type = handler.type { try visit(type) }
        if let name = handler.name {
            try bind(name, at: handler.range)
            scope.host.unbindsNames = true
        }
        try visit(handler.body)
    }

    private mutating func visitAnnotated(
        _ target: Expression, _ annotation: Expression, _ value: Expression?, isSimple: Bool, at range: SourceRange
    ) throws(SyntaxProblem) {
        if case .name(let name) = target.node {
            let mangled = scope.mangled(name)
            let known = scope.symbols[mangled] ?? []
            if isSimple, scope.kind != .module {
                if known.contains(.global) { throw problem("annotated name '\(name)' can't be global", at: range) }
                if known.contains(.nonlocal) { throw problem("annotated name '\(name)' can't be nonlocal", at: range) }
            }
            if isSimple { scope.add(mangled, .annotated) }
            if isSimple || value != nil { try bind(name, at: target.range) }
        } else {
            try visitTarget(target)
        }
        // In a function the annotation of a variable is never evaluated.
        if !table.keepsAnnotationsAsText, scope.kind == .module || scope.kind == .classBody { try visit(annotation) }
        if let value { try visit(value) }
    }

    private mutating func visitImportFrom(_ names: [ImportAlias]) throws(SyntaxProblem) {
        for alias in names {
            if alias.name == "*" {
                guard scope.kind == .module else { throw problem("import * only allowed at module level", at: alias.range) }
                scope.hasStarImport = true
            } else {
                try bind(alias.asName ?? alias.name, at: alias.range)
            }
        }
    }

    private mutating func visitDeleted(_ target: Expression) throws(SyntaxProblem) {
        switch target.node {
        case .name(let name):
            if name == "__debug__" { throw problem("cannot delete __debug__", at: target.range) }
            scope.add(scope.mangled(name), .bound)
            scope.host.unbindsNames = true
        case .tuple(let items), .list(let items):
            for item in items { try visitDeleted(item) }
        default: try visit(target)
        }
    }

    private mutating func visit(_ pattern: Pattern) throws(SyntaxProblem) {
        try nesting.enter(at: pattern.range, in: source)
        defer { nesting.leave() }
        switch pattern.node {
        case .value(let value): try visit(value)
        case .singleton: break
        case .sequence(let items), .or(let items):
            for item in items { try visit(item) }
        case .star(let name): if let name { try bind(name, at: pattern.range) }
        case .mapping(let keys, let patterns, let rest):
            for key in keys { try visit(key) }
            for item in patterns { try visit(item) }
            if let rest { try bind(rest, at: pattern.range) }
        case .class(let type, let positional, let keywords):
            try visit(type)
            for item in positional { try visit(item) }
            for item in keywords { try visit(item.pattern) }
        case .capture(let inner, let name):
            if let inner { try visit(inner) }
            if let name { try bind(name, at: pattern.range) }
        }
    }
}

extension Statement {
    /// The text of a statement that is only a string.
    var docstring: String? {
        if case .expression(let value) = node, case .constant(.string(let text)) = value.node { return text }
        return nil
    }

    var isDocstring: Bool { docstring != nil }
}
