import ArgumentParser
import Notebooks

#if canImport(Glibc)
    import Glibc
#endif

/// Command lines that say nothing but what to run. The argument parser, which works by reflection, takes longer than making
/// the machine; everything with an option it must understand, or a mistake to explain, is left to it.
enum PlainCommandLine {
    /// Runs the arguments (without the process's name) if they are plain: then it ends the process or throws. Returns otherwise.
    static func run(_ given: [String]) throws {
        guard let first = given.first else {
            guard isatty(0) != 0 else { return }
            throw ExitCode(try ReplCommand.interact(after: nil))
        }
        if first == "-c" {
            guard given.count >= 2 else { return }
            try ProgramRun(text: given[1], name: "<string>", arguments: ["-c"] + given.dropFirst(2), folder: "").execute()
        }
        let files = Array(given.dropFirst())
        switch first {
        case "run": try execute(files)
        case "stale" where !files.isEmpty && files.allSatisfy(isFile): try StaleCommand.report(files, json: false)
        default: if isFile(first) { try execute(given) }
        }
    }

    /// `FILE.py ARGUMENTS…`, or one notebook and at most `--quiet` beside it.
    private static func execute(_ given: [String]) throws {
        if let file = given.first, isFile(file), file.hasSuffix(".py") {
            try ProgramRun(file: file, arguments: given).execute()
        }
        let isQuiet = given.contains("--quiet") || given.contains("-q")
        let files = given.filter { $0 != "--quiet" && $0 != "-q" }
        guard files.count == 1, isFile(files[0]), CommandLineOrder.isNotebook(files[0]) else { return }
        try RunCommand.execute(notebook: files[0], options: RunOptions(), style: ExecutionStyle(isQuiet: isQuiet))
    }

    private static func isFile(_ argument: String) -> Bool {
        !argument.hasPrefix("-") && (argument.hasSuffix(".py") || CommandLineOrder.isNotebook(argument))
    }
}
