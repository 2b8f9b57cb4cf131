import ArgumentParser
import Library
import Notebooks

/// `qnb stale FILE…`
struct StaleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stale",
        abstract: "Say which stored outputs no longer match their sources, without executing anything.",
        discussion: """
            One line per stale cell on standard output; exit status 1 if there is any. Made for pre-commit hooks.

            EXAMPLE
              qnb stale digits.qnb
              git diff --cached --name-only -z -- '*.qnb' | xargs -0 qnb stale
            """)

    @Flag(help: "Print the result as JSON on standard output.")
    var json = false

    @Argument(help: ArgumentHelp("Notebooks.", valueName: "file"))
    var files: [String]

    func run() throws { try Self.report(files, json: json) }

    /// Always throws the exit status.
    static func report(_ files: [String], json: Bool) throws {
        var worst = RunStatus.done
        var results: [JSON] = []
        for path in files {
            let (status, cells) = examine(path, json: json)
            if status.rawValue > worst.rawValue { worst = status }
            results.append(
                .object([JSON.Member("notebook", .string(path)), JSON.Member("exit_status", .int(Int(status.rawValue))), JSON.Member("stale", cells)])
            )
        }
        if json { print(JSON.array(results).pretty()) }
        throw ExitCode(worst.rawValue)
    }

    private static func examine(_ path: String, json: Bool) -> (status: RunStatus, cells: JSON) {
        let files = PosixFileSystem()
        do throws(LoadedNotebook.Failure) {
            let loaded = try LoadedNotebook(path, files: files)
            let problems = loaded.notebook.contentProblems
            if !problems.isEmpty { throw .refused(NotebookRefusal(problems)) }
            let staleness = loaded.staleness(files: files, epoch: Release.notebookEpoch)
            var cells: [JSON] = []
            for cell in loaded.notebook.cells {
                guard let reason = staleness.reasons[cell.index] else { continue }
                if !json { print("\(path):\(cell.openLine):1: cell '\(cell.name)' is stale: \(reason.message)") }
                cells.append(
                    .object([
                        JSON.Member("cell", .string(cell.name)), JSON.Member("line", .int(cell.openLine)),
                        JSON.Member("reason", .string(reason.message)),
                    ]))
            }
            for index in staleness.edited {
                guard let block = loaded.notebook.cells[index].block else { continue }
                say([loaded.notebook.diagnostic(block.lines.lowerBound, .editedOutput).description])
            }
            if !staleness.edited.isEmpty { return (.edited, .array(cells)) }
            return (staleness.isFresh ? .done : .failed, .array(cells))
        } catch {
            say(error.messages)
            return (error.status, .array([]))
        }
    }
}
