import ArgumentParser
import Bytecode
import Diagnostics
import Library
import Syntax

#if canImport(Glibc)
    import Glibc
#endif

/// `qnb run FILE`
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a program.",
        discussion: """
            FILE is a .py program; - reads it from standard input. What follows FILE is the program's own: sys.argv.

            EXAMPLE
              qnb run train.py --epochs 3
              qnb run --emit bytecode train.py
            """)

    enum Stage: String, ExpressibleByArgument, CaseIterable { case tokens, ast, bytecode }

    @Option(help: "Print a stage of compilation instead of running: tokens, ast or bytecode.")
    var emit: Stage?

    @Argument(help: "The program.")
    var file: String

    @Argument(parsing: .captureForPassthrough, help: "Arguments for the program.")
    var arguments: [String] = []

    func run() throws {
        let program =
            file == "-"
            ? try ProgramRun.standardInput(arguments: ["-"] + arguments)
            : try ProgramRun(file: file, arguments: [file] + arguments)
        if let emit { try program.emit(emit) } else { try program.execute() }
    }
}
