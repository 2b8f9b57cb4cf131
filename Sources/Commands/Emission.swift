import Bytecode
import Diagnostics
import Syntax

/// The stages of compilation as text, for `--emit`.
enum Emission {
    static func tokens(_ source: SourceText) -> String { "" }
    static func tree(_ source: SourceText) throws(SyntaxProblem) -> String { "" }
    static func bytecode(_ source: SourceText) throws(SyntaxProblem) -> String { "" }
}
