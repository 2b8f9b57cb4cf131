import Diagnostics
import Syntax

/// The scopes of one program and the nodes they belong to.
final class SymbolTable {
    let module: Scope
    private(set) var scopes: [ObjectIdentifier: Scope] = [:]
    private(set) var annotations: [ObjectIdentifier: Scope] = [:]
    /// `from __future__ import annotations`: annotations are kept as text.
    fileprivate(set) var keepsAnnotationsAsText = false

    fileprivate init(module: Scope) { self.module = module }

    /// The scope a `lambda`, comprehension, `def` or `class` opens.
    func scope(of node: Expression) -> Scope { known(scopes[ObjectIdentifier(node)]) }
    func scope(of node: Statement) -> Scope { known(scopes[ObjectIdentifier(node)]) }
    /// The scope in which the annotations of a `def` are evaluated; nil when it has none.
    func annotationScope(of node: Statement) -> Scope? { annotations[ObjectIdentifier(node)] }

    private func known(_ scope: Scope?) -> Scope {
        guard let scope else { preconditionFailure("a node that the symbol table has not visited") }
        return scope
    }

    fileprivate func register(_ scope: Scope, for node: AnyObject) { scopes[ObjectIdentifier(node)] = scope }
    fileprivate func registerAnnotations(_ scope: Scope, for node: Statement) { annotations[ObjectIdentifier(node)] = scope }

    /// Collects the scopes and symbols of `module` and resolves every name.
    static func build(_ module: ModuleSyntax) throws(SyntaxProblem) -> SymbolTable {
        var builder = SymbolTableBuilder(module)
        try builder.visit(module.body)
        var resolver = NameResolver(source: module.source)
        try resolver.resolve(builder.table.module)
        return builder.table
    }
}

/// Walks a program once and notes in each scope which names it binds, uses and declares.
struct SymbolTableBuilder {
    let table: SymbolTable
    let source: SourceText
    var scope: Scope
    var nesting = Nesting()

    init(_ module: ModuleSyntax) {
        let end = module.body.last?.range.end ?? 0
        scope = Scope(.module, name: "<module>", range: SourceRange(start: 0, end: end), parent: nil, className: nil)
        table = SymbolTable(module: scope)
        source = module.source
    }

    func problem(_ message: String, at range: SourceRange) -> SyntaxProblem { SyntaxProblem(.syntax, message, at: range, in: source) }

    // MARK: names

    func bind(_ name: String, at range: SourceRange) throws(SyntaxProblem) {
        if name == "__debug__" { throw problem("cannot assign to __debug__", at: range) }
        scope.add(scope.mangled(name), .bound)
    }

    func use(_ name: String) {
        scope.add(scope.mangled(name), .used)
        // `super()` finds the class it is written in through this cell.
        if name == "super", [.function, .lambda, .generatorExpression].contains(scope.host.kind) { scope.add("__class__", .used) }
    }

    func declareGlobal(_ name: String, at range: SourceRange) throws(SyntaxProblem) {
        let name = scope.mangled(name)
        if let problem = conflict(of: name, with: "global", at: range) { throw problem }
        scope.add(name, .global)
        scope.declarations[name] = scope.declarations[name] ?? range
    }

    func declareNonlocal(_ name: String, at range: SourceRange) throws(SyntaxProblem) {
        guard scope.kind != .module else { throw problem("nonlocal declaration not allowed at module level", at: range) }
        let name = scope.mangled(name)
        if let problem = conflict(of: name, with: "nonlocal", at: range) { throw problem }
        scope.add(name, .nonlocal)
        scope.declarations[name] = scope.declarations[name] ?? range
    }

    private func conflict(of name: String, with declaration: String, at range: SourceRange) -> SyntaxProblem? {
        guard let symbol = scope.symbols[name] else { return nil }
        if symbol.contains(.parameter) { return problem("name '\(name)' is parameter and \(declaration)", at: range) }
        if symbol.contains(.used) { return problem("name '\(name)' is used prior to \(declaration) declaration", at: range) }
        if symbol.contains(.annotated) { return problem("annotated name '\(name)' can't be \(declaration)", at: range) }
        if symbol.contains(.bound) { return problem("name '\(name)' is assigned to before \(declaration) declaration", at: range) }
        if declaration == "global" ? symbol.contains(.nonlocal) : symbol.contains(.global) {
            return problem("name '\(name)' is nonlocal and global", at: scope.declarations[name] ?? range)
        }
        return nil
    }

    // MARK: scopes

    /// Runs `body` with a new scope as the current one.
    mutating func inside(
        _ kind: Scope.Kind, name: String, range: SourceRange, className: String? = nil,
        _ body: (inout SymbolTableBuilder) throws(SyntaxProblem) -> Void
    ) throws(SyntaxProblem) -> Scope {
        let outer = scope
        let inner = Scope(kind, name: name, range: range, parent: outer, className: className ?? outer.className)
        scope = inner
        defer { scope = outer }
        try body(&self)
        return inner
    }

    mutating func declareParameters(_ parameters: Parameters) throws(SyntaxProblem) {
        for parameter in parameters.inCallOrder {
            let name = scope.mangled(parameter.name)
            if name == "__debug__" { throw problem("cannot assign to __debug__", at: scope.range) }
            guard scope.symbols[name] == nil else {
                let nameEnd = parameter.range.start + Int32(parameter.name.utf8.count)
                let range = SourceRange(start: parameter.range.start, end: parameter.annotation?.range.end ?? nameEnd)
                throw problem("duplicate argument '\(name)' in function definition", at: range)
            }
            scope.add(name, [.parameter, .bound])
            scope.parameters.append(name)
        }
    }

    mutating func visitDefaults(_ parameters: Parameters) throws(SyntaxProblem) {
        for parameter in parameters.inCallOrder {
            if let value = parameter.default { try visit(value) }
        }
    }

    mutating func visitFunction(_ definition: FunctionDefinition, _ node: Statement) throws(SyntaxProblem) {
        try bind(definition.name, at: definition.nameRange)
        for decorator in definition.decorators { try visit(decorator) }
        try visitDefaults(definition.parameters)
        let annotations = definition.annotations
        if !annotations.isEmpty {
            let asText = table.keepsAnnotationsAsText
            let inner = try inside(.annotations, name: "__annotations__", range: definition.range) { (builder) throws(SyntaxProblem) in
                guard !asText else { return }
                for annotation in annotations { try builder.visit(annotation.expression) }
            }
            table.registerAnnotations(inner, for: node)
        }
        let inner = try inside(.function, name: definition.name, range: definition.range) { (builder) throws(SyntaxProblem) in
            try builder.declareParameters(definition.parameters)
            try builder.visit(definition.body)
        }
        table.register(inner, for: node)
    }

    mutating func visitClass(_ definition: ClassDefinition, _ node: Statement) throws(SyntaxProblem) {
        try bind(definition.name, at: definition.nameRange)
        for decorator in definition.decorators { try visit(decorator) }
        for base in definition.bases { try visit(base) }
        for keyword in definition.keywords { try visit(keyword.value) }
        let inner = try inside(.classBody, name: definition.name, range: definition.range, className: definition.name) {
            (builder) throws(SyntaxProblem) in try builder.visit(definition.body)
        }
        table.register(inner, for: node)
    }

    mutating func visitLambda(_ parameters: Parameters, _ body: Expression, _ node: Expression) throws(SyntaxProblem) {
        try visitDefaults(parameters)
        let inner = try inside(.lambda, name: "<lambda>", range: node.range) { (builder) throws(SyntaxProblem) in
            try builder.declareParameters(parameters)
            try builder.visit(body)
        }
        table.register(inner, for: node)
    }

    mutating func register(_ scope: Scope, for node: AnyObject) { table.register(scope, for: node) }

    /// Future statements are legal only before everything but the docstring.
    func checkFuture(_ names: [ImportAlias], isFirst: Bool, at range: SourceRange) throws(SyntaxProblem) {
        guard isFirst else { throw problem("from __future__ imports must occur at the beginning of the file", at: range) }
        let known: Set = [
            "nested_scopes", "generators", "division", "absolute_import", "with_statement", "print_function", "unicode_literals",
            "barry_as_FLUFL", "generator_stop", "annotations",
        ]
        for alias in names {
            if alias.name == "braces" { throw problem("not a chance", at: range) }
            guard known.contains(alias.name) else { throw problem("future feature \(alias.name) is not defined", at: range) }
            if alias.name == "annotations" { table.keepsAnnotationsAsText = true }
        }
    }
}

/// Guards the native stack: each level of nesting in the source costs a few native frames.
struct Nesting {
    /// Measured: 500 levels of the worst kind (`a ** a ** …`, conditionals) fit in 2 MB of native stack when optimised and in 8 MB
    /// in a debug build.
    static let limit = 500
    private(set) var depth = 0

    mutating func enter(at range: SourceRange, in source: SourceText) throws(SyntaxProblem) {
        depth += 1
        if depth > Nesting.limit {
            throw SyntaxProblem(.recursion, "maximum recursion depth exceeded during compilation", at: range, in: source)
        }
    }

    mutating func leave() { depth -= 1 }
}

extension Parameters {
    /// As the machine lays them out: positional, keyword-only, `*args`, `**kwargs`.
    var inCallOrder: [Parameter] {
        var result = positionalOnly
        result += positional
        result += keywordOnly
        if let variadic { result.append(variadic) }
        if let keywordVariadic { result.append(keywordVariadic) }
        return result
    }
}

extension FunctionDefinition {
    /// In the order of `__annotations__`.
    var annotations: [(name: String, expression: Expression)] {
        let ordered =
            parameters.positional + parameters.positionalOnly + [parameters.variadic].compactMap { $0 }
            + parameters.keywordOnly + [parameters.keywordVariadic].compactMap { $0 }
        var result: [(name: String, expression: Expression)] = []
        for parameter in ordered {
            if let annotation = parameter.annotation { result.append((parameter.name, annotation)) }
        }
        if let returns { result.append(("return", returns)) }
        return result
    }
}
