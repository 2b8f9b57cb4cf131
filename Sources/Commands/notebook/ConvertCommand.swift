import ArgumentParser
import Notebooks

/// `qnb convert IN OUT`
struct ConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Convert between .qnb, .ipynb, .py, .qmd and .livemd; executes nothing.",
        discussion: """
            The file names tell the formats. Outputs go along where the format has a place for them; images become files \
            beside a .qnb and are embedded in an .ipynb. What does not survive is named on standard error.

            EXAMPLE
              qnb convert old.ipynb new.qnb
              qnb convert digits.qnb digits.ipynb
              qnb convert digits.qnb digits.py --keep-outputs
            """)

    @Flag(help: "Keep outputs as comments or fences where the format has no place of its own for them (.py, .qmd).")
    var keepOutputs = false

    @Flag(name: .shortAndLong, help: "Replace OUT if it exists.")
    var force = false

    @Argument(help: ArgumentHelp("The file to read.", valueName: "in"))
    var input: String

    @Argument(help: ArgumentHelp("The file to write.", valueName: "out"))
    var output: String

    func run() throws {
        let files = PosixFileSystem()
        do {
            if !force, try files.status(output) != nil {
                say(["\(output): exists already; --force replaces it"])
                throw ExitCode(RunStatus.unusable.rawValue)
            }
            var options = ConversionOptions()
            options.keepsOutputs = keepOutputs
            for warning in try NotebookConverter(files: files, options: options).convert(input, to: output) {
                say([(warning.line > 0 ? "\(input):\(warning.line):1: " : "\(input): ") + warning.message])
            }
        } catch let failure as ConversionFailure {
            say([failure.located(input)])
            throw ExitCode(failure.status.rawValue)
        } catch let failure as FileFailure {
            say([failure.description])
            throw ExitCode(RunStatus.inputOutput.rawValue)
        }
    }
}

extension ConversionFailure {
    fileprivate var status: RunStatus {
        switch self {
        case .unknownFormat, .notNeeded, .json, .notJupyter: .unusable
        case .refused(let refusal): refusal.isDamage ? .edited : .unusable
        case .file(let failure): failure.operation.hasPrefix("read") || failure.operation.hasPrefix("find") ? .unusable : .inputOutput
        }
    }

    /// The message with the file that it is about.
    fileprivate func located(_ input: String) -> String {
        switch self {
        case .json(let failure): "\(input):\(failure)"
        case .notJupyter: "\(input): \(self)"
        case .unknownFormat, .notNeeded, .refused, .file: description
        }
    }
}
