import Bytecode
import Diagnostics
import Syntax

/// The stages of compilation as text, for `--emit`.
enum Emission {
    static func tokens(_ source: SourceText) -> String { TokenDump.dump(source) }

    static func tree(_ source: SourceText) throws(SyntaxProblem) -> String { TreeDump.dump(try parse(module: source)) }

    static func bytecode(_ source: SourceText, mode: CompilationMode) throws(SyntaxProblem) -> String {
        let globals = GlobalNames()
        return Disassembler.text(try compile(try parse(module: source), globals: globals, mode: mode), globals: globals)
    }
}
