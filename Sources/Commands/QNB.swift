import ArgumentParser

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
        subcommands: [RunCommand.self, DoctorCommand.self])

    @Option(name: .customShort("c"), help: ArgumentHelp("Run CODE and exit.", valueName: "code"))
    var code: String?

    @Argument(parsing: .captureForPassthrough, help: .hidden)
    var arguments: [String] = []

    package init() {}

    package func run() throws {
        if let code {
            try ProgramRun(text: code, name: "<string>", arguments: ["-c"] + arguments, folder: "").execute()
            return
        }
        try ProgramRun.standardInput(arguments: ["-"]).execute()
    }
}

/// The release this binary belongs to.
enum Version {
    static let number = "0.1.0"
}
