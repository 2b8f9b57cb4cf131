import ArgumentParser
import Library

/// The root command.
package struct QNB: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "qnb",
        abstract: "Notebooks that run: a Python-subset language and a neural-network engine in one binary.",
        discussion: """
            Without a command, qnb runs the program it reads from standard input.

            EXAMPLE
              qnb -c 'print(6 * 7)'
              qnb run train.py --epochs 3
            """,
        version: "qnb \(Version.number)",
        subcommands: [RunCommand.self, DoctorCommand.self, ProgramCommand.self],
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
        guard arguments.isEmpty || arguments[0] == "-" else {
            throw ValidationError("unknown command '\(arguments[0])'. See 'qnb --help'; to run a program: qnb run \(arguments[0])")
        }
        try ProgramRun.standardInput(arguments: ["-"] + arguments.dropFirst()).execute()
    }
}

/// The release this binary belongs to.
enum Version {
    static let number = Release.number
}
