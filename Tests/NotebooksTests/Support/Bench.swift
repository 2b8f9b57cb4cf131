import Notebooks
import Synchronization

/// A notebook in a memory file system with an evaluator: one line runs it.
final class Bench {
    let files = MemoryFileSystem()
    let path: String
    let evaluator = ScriptedEvaluator()
    let clock = Clock()
    var options = RunOptions()
    var events: [RunEvent] = []

    final class Clock: Sendable {
        private let value = Atomic<Int>(0)
        /// Microseconds that pass at each look.
        let step: Int
        init(step: Int = 10) { self.step = step }
        var now: Double { Double(value.add(step, ordering: .relaxed).newValue) / 1e6 }
        func advance(seconds: Double) { value.add(Int(seconds * 1e6), ordering: .relaxed) }
    }

    init(_ text: String, path: String = "n.qnb") {
        self.path = path
        files[path] = text
    }

    var text: String {
        get { files[path] ?? "" }
        set { files[path] = newValue }
    }

    var bytes: [UInt8] { files.bytes(path) ?? [] }

    func runner() -> NotebookRunner {
        let clock = self.clock
        events = []
        let environment = RunEnvironment(files: files, epoch: 1, seconds: { clock.now })
        return NotebookRunner(path, options: options, evaluator: evaluator, environment: environment, control: EvaluationControl(now: { clock.now }))
        { [unowned self] in
            events.append($0)
        }
    }

    @discardableResult
    func run() -> RunResult { runner().run() }
    func check() -> CheckResult { runner().check() }

    func notebook() throws -> Notebook { try NotebookParser.parse(bytes, file: path) }

    func stale() throws -> [StaleReason?] {
        try LoadedNotebook(path, files: files).staleness(files: files, epoch: 1).reasons
    }

    var warnings: [String] { events.compactMap { if case .warning(let text) = $0 { text } else { nil } } }
}
