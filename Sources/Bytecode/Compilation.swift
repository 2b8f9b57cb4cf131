import Diagnostics
import Syntax

/// What happens to the values of expression statements.
package enum CompilationMode: Sendable {
    /// They are dropped.
    case module
    /// The value of a last expression statement is displayed.
    case notebookCell
    /// The value of every expression statement outside functions and classes is displayed.
    case interactive
}

/// Compiles a parsed program to the code of its module, adding the globals it names to `globals`. `warn` hears of what is
/// legal and surely not meant.
package func compile(
    _ module: ModuleSyntax, globals: GlobalNames, mode: CompilationMode, warn: (CompileWarning) -> Void = { _ in }
) throws(SyntaxProblem) -> Code {
    let table = try SymbolTable.build(module)
    let compilation = Compilation(source: module.source, globals: globals, table: table, mode: mode)
    let unit = UnitCompiler(compilation, scope: table.module)
    let code = try unit.compileModule(module.body)
    compilation.warnings.forEach(warn)
    return code
}

/// Parses and compiles the text of a module.
package func compile(_ source: SourceText, globals: GlobalNames) throws(SyntaxProblem) -> Code {
    try compile(try parse(module: source), globals: globals, mode: .module)
}

/// What the compilers of all code objects of one program share.
final class Compilation {
    let source: SourceText
    let globals: GlobalNames
    let table: SymbolTable
    let mode: CompilationMode
    var nesting = Nesting()
    var warnings: [CompileWarning] = []
    /// Finished functions: a `finally` body is compiled once per way out of its `try`, the functions in it once.
    private var codes: [ObjectIdentifier: Code] = [:]

    init(source: SourceText, globals: GlobalNames, table: SymbolTable, mode: CompilationMode) {
        self.source = source
        self.globals = globals
        self.table = table
        self.mode = mode
    }

    func code(of scope: Scope, _ compile: (UnitCompiler) throws(SyntaxProblem) -> Code) throws(SyntaxProblem) -> Code {
        if let code = codes[ObjectIdentifier(scope)] { return code }
        let code = try compile(UnitCompiler(self, scope: scope))
        codes[ObjectIdentifier(scope)] = code
        return code
    }

    /// The program itself gives `name` a meaning (a star import might).
    func isBoundByModule(_ name: String) -> Bool {
        table.module.symbols[name]?.contains(.bound) == true || table.module.hasStarImport
    }
}
