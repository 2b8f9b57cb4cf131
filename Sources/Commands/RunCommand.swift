import ArgumentParser
import Bytecode
import Diagnostics
import Library
import Notebooks
import Syntax

/// `qnb run FILE`
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a notebook, writing its outputs back into it, or a program.",
        discussion: """
            FILE is a notebook (.qnb, .qnb.md, .md), a .py program, or - for a program on standard input. \
            What follows a program is the program's own: sys.argv.

            EXAMPLE
              qnb run digits.qnb -P bits=4 --timeout 600
              qnb run digits.qnb --until train --seed 1
              qnb run train.py --epochs 3
              qnb run --emit bytecode train.py
            """)

    enum Stage: String, ExpressibleByArgument, CaseIterable { case tokens, ast, bytecode }

    @OptionGroup(title: "Notebook options")
    var evaluation: EvaluationArguments

    @Option(
        name: [.customShort("o"), .customLong("output")], help: ArgumentHelp("Write the notebook with its outputs there instead.", valueName: "file"))
    var output: String?

    @Flag(help: "Replace outputs that were edited by hand.")
    var overwriteEdited = false

    @Flag(help: "Store images in the notebook itself, as data URIs.")
    var embed = false

    @Option(help: "Print a stage of compilation instead of running it: tokens, ast or bytecode.")
    var emit: Stage?

    @Argument(help: "The notebook or program.")
    var file: String

    @Argument(parsing: .captureForPassthrough, help: "Arguments for the program.")
    var arguments: [String] = []

    func run() throws {
        if CommandLineOrder.isNotebook(file) { return try runNotebook() }
        let program =
            file == "-"
            ? try ProgramRun.standardInput(arguments: ["-"] + arguments)
            : try ProgramRun(file: file, arguments: [file] + arguments)
        if let emit { try program.emit(emit) } else { try program.execute() }
    }

    private func runNotebook() throws {
        if let emit { return try emitCells(emit) }
        guard arguments.isEmpty else { throw mistake("a notebook takes no arguments, and one runs at a time: '\(file)' beside '\(arguments[0])'") }
        var options = try evaluation.options()
        options.overwritesEdited = overwriteEdited
        options.embeds = embed
        // Cells run in the notebook's folder; the user's paths start from here.
        options.output = output.map(Paths.absolute)
        try Self.execute(notebook: file, options: options, style: evaluation.style)
    }

    /// Always throws the exit status.
    static func execute(notebook file: String, options: RunOptions, style: ExecutionStyle) throws {
        let result = NotebookExecution(file, options: options, style: style, verb: "run").run()
        say(result.messages)
        if style.isJSON { print(result.json(file: file).pretty()) }
        throw ExitCode(result.status.rawValue)
    }

    /// Prints a stage of each cell's compilation.
    private func emitCells(_ stage: Stage) throws {
        do {
            for cell in try LoadedNotebook(file, files: PosixFileSystem()).notebook.cells {
                print("# \(file):\(cell.openLine): \(cell.name)")
                try ProgramRun(cell: SourceText(name: file, text: CellTransform(cell.source).text, lineOffset: cell.openLine)).emit(stage)
            }
        } catch let failure as LoadedNotebook.Failure {
            say(failure.messages)
            throw ExitCode(failure.status.rawValue)
        }
    }
}
