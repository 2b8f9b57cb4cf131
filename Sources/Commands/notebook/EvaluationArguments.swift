import ArgumentParser
import Notebooks

/// The options of every command that executes a notebook's cells.
struct EvaluationArguments: ParsableArguments {
    @Option(
        name: .customShort("P"), parsing: .singleValue,
        help: ArgumentHelp("Set a parameter of the notebook's front matter; the value is typed like a literal. Repeatable.", valueName: "name=value"))
    var parameters: [String] = []

    @Option(name: .customLong("params"), help: ArgumentHelp("Set parameters from a YAML file; -P wins.", valueName: "file.yaml"))
    var parameterFile: String?

    @Option(parsing: .singleValue, help: ArgumentHelp("Write only this cell; those before it run for their state. Repeatable.", valueName: "label"))
    var only: [String] = []

    @Option(help: ArgumentHelp("Write from this cell on.", valueName: "label"))
    var from: String?

    @Option(help: ArgumentHelp("Run up to and with this cell.", valueName: "label"))
    var until: String?

    @Flag(help: "Run every cell, also where a saved state could stand in.")
    var fresh = false

    @Option(help: ArgumentHelp("Time limit per cell that sets none itself.", valueName: "seconds"))
    var timeout: Double?

    @Flag(help: "Go on after a cell that raises.")
    var allowErrors = false

    @Option(help: ArgumentHelp("Threads for numeric work; all processors by default.", valueName: "n"))
    var threads: Int?

    @Option(help: ArgumentHelp("Seed random, numpy and torch before the first cell.", valueName: "n"))
    var seed: UInt64?

    @Option(help: "Progress on standard error: auto (live on a terminal, one line per cell elsewhere), plain or none.")
    var progress: ProgressStyle = .auto

    @Flag(name: .shortAndLong, help: "Say nothing but what went wrong.")
    var quiet = false

    @Flag(help: "Print the result as JSON on standard output.")
    var json = false

    func validate() throws {
        if let timeout, !(timeout > 0 && timeout.isFinite) { throw ValidationError("--timeout takes a positive number of seconds, not \(timeout)") }
        if let threads, threads < 1 { throw ValidationError("--threads takes a number from 1, not \(threads)") }
    }

    var style: ExecutionStyle { ExecutionStyle(threads: threads, progress: progress, isQuiet: quiet, isJSON: json) }

    /// The run's options; what is wrong with the parameters ends the command with status 2.
    func options() throws -> RunOptions {
        var options = RunOptions()
        do {
            if let parameterFile { options.parameters += try Self.read(parameterFile) }
            for text in parameters { options.parameters.append(try Parameters.override(text)) }
        } catch let failure as ParameterFailure {
            throw mistake(failure.description)
        }
        options.only = only
        options.from = from
        options.until = until
        options.isFresh = fresh
        options.timeout = timeout
        options.allowsErrors = allowErrors
        options.seed = seed
        return options
    }

    private static func read(_ path: String) throws -> [ScalarValue.Entry] {
        do {
            let bytes = try PosixFileSystem().read(path)
            guard let text = String(validating: bytes, as: UTF8.self) else { throw mistake("\(path): not UTF-8 text") }
            return try Parameters.file(text)
        } catch let failure as FileFailure {
            throw mistake(failure.description)
        } catch let failure as ParameterFailure {
            throw mistake("\(path):\(failure.description)")
        }
    }
}

/// Says what is wrong with the command line where the parser cannot know it; to be thrown.
func mistake(_ message: String) -> ExitCode {
    say([message])
    return ExitCode(RunStatus.unusable.rawValue)
}

enum ProgressStyle: String, ExpressibleByArgument, CaseIterable { case auto, plain, none }
