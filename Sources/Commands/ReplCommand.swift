import ArgumentParser
import Library
import Notebooks
import REPL

#if canImport(Glibc)
    import Glibc
#endif

/// `qnb repl [FILE]`
struct ReplCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repl",
        abstract: "Work interactively, optionally after running a notebook or program into the session.",
        discussion: """
            The cells of a notebook are run without writing to it; %save writes the session as a notebook of its own. Without a
            terminal, the program on standard input is run.

            EXAMPLE
              qnb repl
              qnb repl digits.qnb
              qnb -i train.py
            """)

    @Flag(help: "Leave out the greeting.")
    var noBanner = false

    @Flag(help: "Keep no record of this session's cells.")
    var noHistory = false

    @Argument(help: "A notebook or program to run first.")
    var file: String?

    func run() throws {
        guard isatty(0) != 0 else { return try ProgramRun.standardInput(arguments: ["-"]).execute() }
        throw ExitCode(try Self.interact(after: file, hasBanner: !noBanner, hasHistory: !noHistory))
    }

    /// The session on this terminal; returns the exit status.
    static func interact(after file: String?, hasBanner: Bool = true, hasHistory: Bool = true) throws -> Int32 {
        let isPlain = environment("TERM") == "dumb" || isatty(1) == 0
        let isColoured = !isPlain && environment("NO_COLOR") == nil
        let terminal = Terminal(isColoured: isColoured) { text, toError in
            if toError { FileStream.standardError(text) } else { StandardFiles.write(Array(text.utf8)) }
        }
        let evaluator = SessionEvaluator { vm in Interrupts.watch(vm) }
        let runEnvironment = RunEnvironment(
            files: PosixFileSystem(), epoch: Release.notebookEpoch, seconds: MachineFacts.seconds, residentBytes: MachineFacts.residentBytes)
        let editor: any LineEditor = isPlain ? PlainEditor() : ReadlineEditor(isColoured: isColoured)
        let session = InteractiveSession(
            editor: editor, evaluator: evaluator, terminal: terminal, environment: runEnvironment, folder: ".",
            history: hasHistory ? historyPath().map(HistoryFile.init(path:)) : nil, clock: { time(nil) })
        if let file { session.startupCells = try cells(of: file, session) }
        return session.run(banner: hasBanner ? "qnb \(Version.number): ? for help on a name, %lsmagic for commands, Ctrl-D to leave\n" : "")
    }

    /// What runs before the first prompt: a notebook's cells, or a program as one.
    private static func cells(of file: String, _ session: InteractiveSession) throws -> [(label: String, text: String)] {
        if CommandLineOrder.isNotebook(file) {
            do {
                let notebook = try LoadedNotebook(file, files: PosixFileSystem()).notebook
                let cells = notebook.cells.filter(\.options.isEvaluated).map { (label: $0.name, text: $0.source) }
                session.labelledCells = cells
                return cells
            } catch {
                say(error.messages)
                throw ExitCode(error.status.rawValue)
            }
        }
        guard let bytes = ModuleSearch.read(file), let text = String(validating: bytes, as: UTF8.self) else {
            FileStream.standardError("qnb: cannot read \(file)\n")
            throw ExitCode(2)
        }
        return [(label: file, text: text)]
    }

    private static func environment(_ name: String) -> String? {
        guard let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty else { return nil }
        return value
    }

    /// `QNB_HISTORY`, else the state folder of the XDG base directories.
    private static func historyPath() -> String? {
        if let path = environment("QNB_HISTORY") { return path }
        if let state = environment("XDG_STATE_HOME") { return state + "/qnb/history" }
        return environment("HOME").map { $0 + "/.local/state/qnb/history" }
    }
}
