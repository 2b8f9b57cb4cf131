import ArgumentParser
import Notebooks

/// `qnb fix FILE`
struct FixCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fix",
        abstract: "Repair damaged output markers and merge conflicts inside outputs.",
        discussion: """
            Only lines that qnb wrote are touched: markers that fit nowhere are dropped, conflicts that lie wholly inside \
            outputs are resolved and marked stale. What only you can mend is listed, with exit status 3.

            EXAMPLE
              qnb fix digits.qnb
            """)

    @Argument(help: ArgumentHelp("Notebooks.", valueName: "file"))
    var files: [String]

    func run() throws {
        var worst = RunStatus.done
        for path in files {
            let status = repair(path)
            if status.rawValue > worst.rawValue { worst = status }
        }
        throw ExitCode(worst.rawValue)
    }

    private func repair(_ path: String) -> RunStatus {
        do throws(NotebookEdit.Failure) {
            let repair = try NotebookEdit(files: PosixFileSystem()).fix(path)
            for line in repair.resolvedConflicts { say(["\(path):\(line):1: resolved a conflict inside outputs; they are stale now"]) }
            for dropped in repair.dropped { say(["\(path):\(dropped.line):1: dropped \(dropped.text)"]) }
            guard !repair.remaining.isEmpty else { return .done }
            say(NotebookRefusal(repair.remaining).messages)
            return .edited
        } catch {
            say(error.messages)
            return error.status
        }
    }
}
