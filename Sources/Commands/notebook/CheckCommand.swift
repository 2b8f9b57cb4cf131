import ArgumentParser
import Notebooks

/// `qnb check FILE…`
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Run notebooks in memory and compare with their stored outputs; writes nothing.",
        discussion: """
            Each cell is compared under its check: rule. Where outputs differ, a unified diff goes to standard output \
            and the exit status is 1.

            EXAMPLE
              qnb check digits.qnb
              qnb check --timeout 600 --quiet notebooks/*.qnb
            """)

    @OptionGroup(title: "Options of the run")
    var evaluation: EvaluationArguments

    @Argument(help: ArgumentHelp("Notebooks.", valueName: "file"))
    var files: [String]

    func run() throws {
        let options = try evaluation.options()
        var worst = RunStatus.done
        var results: [JSON] = []
        for file in files {
            let result = NotebookExecution(file, options: options, style: evaluation.style, verb: "check").check()
            if !evaluation.json { for difference in result.differences { print(difference.diff, terminator: "") } }
            results.append(result.json(file: file))
            say(result.messages)
            if result.status.rawValue > worst.rawValue { worst = result.status }
            if result.status == .interrupted { break }
        }
        if evaluation.json { print(JSON.array(results).pretty()) }
        throw ExitCode(worst.rawValue)
    }
}
