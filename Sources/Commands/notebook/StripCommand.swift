import ArgumentParser
import Notebooks

/// `qnb strip FILE…`
struct StripCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "strip",
        abstract: "Remove stored outputs and their files from notebooks.",
        discussion: """
            Prose and code stay byte for byte. With - the notebook comes from standard input and goes to standard output: a git filter.

            EXAMPLE
              qnb strip digits.qnb
              git config filter.qnb.clean 'qnb strip -'
            """)

    @Argument(help: ArgumentHelp("Notebooks, or - for standard input.", valueName: "file"))
    var files: [String]

    func run() throws {
        var worst = RunStatus.done
        func note(_ status: RunStatus, _ messages: [String]) {
            say(messages)
            if status.rawValue > worst.rawValue { worst = status }
        }
        for path in files {
            if path == "-" {
                do {
                    StandardFiles.write(DocumentImage.stripped(try NotebookParser.parse(StandardFiles.readInput(), file: "<stdin>")))
                } catch {
                    note(error.isDamage ? .edited : .unusable, error.messages)
                }
                continue
            }
            do throws(NotebookEdit.Failure) {
                if try NotebookEdit(files: PosixFileSystem()).strip(path) { say(["\(path): outputs removed"]) }
            } catch {
                note(error.status, error.messages)
            }
        }
        throw ExitCode(worst.rawValue)
    }
}
