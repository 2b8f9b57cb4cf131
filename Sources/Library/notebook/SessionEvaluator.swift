import Interpreter
import Notebooks

#if canImport(Glibc)
    import Glibc
#endif

/// Runs a notebook's cells in a session of the language: what `NotebookRunner` needs to know of it.
package final class SessionEvaluator: CellEvaluator {
    private var session: NotebookSession?
    private let onStart: (VM) -> Void
    private var previousFolder: String?

    /// The machine and its main module, while a session goes on.
    package var machine: (vm: VM, main: Value, search: ModuleSearch)? { session.map { ($0.vm, $0.main, $0.search) } }

    /// `onStart` gets the machine before the first cell: the top layer lets signals reach it.
    package init(onStart: @escaping (VM) -> Void = { _ in }) { self.onStart = onStart }

    /// Relative paths in cells start from the notebook's folder, so the process goes there.
    package func start(_ session: EvaluationSession) {
        previousFolder = Self.currentFolder()
        // A folder that cannot be entered shows itself at the first path a cell uses.
        _ = chdir(session.folder)
        let made = NotebookSession(session, folder: Self.currentFolder() ?? session.folder)
        self.session = made
        onStart(made.vm)
        made.prepare()
    }

    package func evaluate(_ cell: CellSource, sink: any OutputSink, control: EvaluationControl) -> CellOutcome {
        guard let session else { preconditionFailure("a cell is evaluated before the evaluator was started") }
        return session.evaluate(cell, sink: sink, control: control)
    }

    /// Lets exceptions keep the variables of the calls they leave, for `postMortem`, and makes the commands around the session known.
    package func becomeInteractive(commands: [(name: String, help: String)]) {
        session?.vm.keepsFrames = true
        session?.sessionCommands = commands
    }

    /// The calls that the exception of the last failed cell left.
    package func postMortem() -> PostMortem? { session?.postMortem() }

    /// Runs a debugger's line in one of them; what it raises comes back as `Type: message`.
    package func evaluate(_ text: String, in call: PostMortem.Call, form: ValueForm, sink: any OutputSink) -> (value: String?, problem: String?) {
        session?.evaluate(text, in: call, form: form, sink: sink) ?? (nil, nil)
    }

    /// A call's own names, with their values (borrowed from its exception).
    package func variables(of call: PostMortem.Call) -> [(name: String, value: Value)] { session?.variables(of: call) ?? [] }

    /// Runs the program's exit functions, closes its files and goes back to the folder the process came from.
    package func finish() {
        session?.finish()
        session = nil
        if let previousFolder { _ = chdir(previousFolder) }
        previousFolder = nil
    }

    private static func currentFolder() -> String? {
        guard let path = getcwd(nil, 0) else { return nil }
        defer { free(path) }
        return String(cString: path)
    }
}
