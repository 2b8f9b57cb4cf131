import ArgumentParser
import Interpreter
import Library
import Notebooks

#if canImport(Glibc)
    import Glibc
#endif

/// How an execution uses the machine and talks to people, apart from what it runs.
struct ExecutionStyle {
    var threads: Int?
    var progress = ProgressStyle.auto
    var isQuiet = false
    var isJSON = false
}

/// One notebook's run or check as a command performs it: evaluator, environment, signals, progress.
struct NotebookExecution {
    private let evaluator: SessionEvaluator
    private let runner: NotebookRunner
    private let progress: any ProgressDisplay

    init(_ path: String, options: RunOptions, style: ExecutionStyle, verb: String) {
        if let threads = style.threads { Threads.count = threads }
        let control = EvaluationControl(now: MachineFacts.seconds)
        evaluator = SessionEvaluator { vm in Interrupts.watch(vm, control) }
        Interrupts.watch(control)
        let environment = RunEnvironment(
            files: PosixFileSystem(), epoch: Release.notebookEpoch, seconds: MachineFacts.seconds, residentBytes: MachineFacts.residentBytes,
            facts: MachineFacts.members())
        let display = makeProgressDisplay(style, file: path, verb: verb)
        progress = display
        runner = NotebookRunner(
            path, options: options, evaluator: evaluator, environment: environment, control: control, onEvent: { display.show($0) })
    }

    func run() -> RunResult {
        MachineFacts.closeInput()
        let result = runner.run()
        evaluator.finish()
        progress.finish()
        return result
    }

    func check() -> CheckResult {
        MachineFacts.closeInput()
        let result = runner.check()
        evaluator.finish()
        progress.finish()
        return result
    }
}

/// Messages for people, each on standard error, each ended; paths as seen from where the command was given.
func say(_ messages: [String]) {
    for message in messages { FileStream.standardError(Paths.shortened(message.hasSuffix("\n") ? message : message + "\n")) }
}
