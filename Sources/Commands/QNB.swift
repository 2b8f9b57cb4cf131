import ArgumentParser
import Library
import Notebooks

#if canImport(Glibc)
    import Glibc
#endif

/// The root command.
package struct QNB: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "qnb",
        abstract: "Notebooks that run: a Python-subset language and a neural-network engine in one binary.",
        discussion: """
            Without a command, qnb runs the notebook or program it is given, or the program it reads from standard input; on a
            terminal it is a REPL.

            EXAMPLE
              qnb run digits.qnb
              qnb run train.py --epochs 3
              qnb -c 'print(6 * 7)'
            """,
        version: "qnb \(Version.number)",
        subcommands: [
            RunCommand.self, CheckCommand.self, StaleCommand.self, StripCommand.self, FixCommand.self, ConvertCommand.self, RenderCommand.self,
            PreviewCommand.self, ReplCommand.self, ModelCommand.self, DoctorCommand.self,
            LibraryCommand.self, ProgramCommand.self,
        ],
        defaultSubcommand: ProgramCommand.self)

    package init() {}
}

/// What `qnb` does without a command: `-c CODE`, or the program on standard input.
struct ProgramCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "program", abstract: "Run CODE, or standard input.", shouldDisplay: false)

    @Option(name: .customShort("c"), help: ArgumentHelp("Run CODE and exit.", valueName: "code"))
    var code: String?

    @Argument(parsing: .captureForPassthrough, help: .hidden)
    var arguments: [String] = []

    func run() throws {
        if let code {
            try ProgramRun(text: code, name: "<string>", arguments: ["-c"] + arguments, folder: "").execute()
            return
        }
        if arguments.isEmpty, isatty(0) != 0 { throw ExitCode(try ReplCommand.interact(after: nil)) }
        guard arguments.isEmpty || arguments[0] == "-" else {
            throw ValidationError(Self.unknown(arguments[0]))
        }
        try ProgramRun.standardInput(arguments: ["-"] + arguments.dropFirst()).execute()
    }

    private static func unknown(_ command: String) -> String {
        let known = QNB.configuration.subcommands.filter { $0.configuration.shouldDisplay }.compactMap { $0.configuration.commandName }
        if let nearest = nearestMatch(to: command, among: known) { return "unknown command '\(command)'. Did you mean '\(nearest)'?" }
        return "unknown command '\(command)'; 'qnb --help' lists them. To run a program: qnb run \(command)"
    }
}

/// The release this binary belongs to.
enum Version {
    static let number = Release.number
}
