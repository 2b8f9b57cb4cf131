import Bytecode
import Diagnostics
import Interpreter
import Notebooks

#if canImport(Glibc)
    import Glibc
#endif

/// The language's state during one run of a notebook.
final class NotebookSession {
    let vm: VM
    private let session: Session
    var main: Value { session.main }
    var search: ModuleSearch { session.search }
    private let parameters: EvaluationSession
    private let sources: CellSources
    private let names: InteractiveNames
    private let watch: CellWatch
    private let output: CellOutputStream
    /// The cell that runs.
    private var current: (cell: CellSource, stage: CellStage)?
    /// Where the value of a last expression goes instead of being shown, while text is run for it.
    private var captured: Value?
    /// The exception of the last cell that failed, while exceptions keep their frames.
    private var lastError: Reference?
    /// Commands of the program around the session, with what they do: `%lsmagic` lists them.
    var sessionCommands: [(name: String, help: String)] = []

    init(_ parameters: EvaluationSession, folder: String) {
        self.parameters = parameters
        let name = parameters.file.split(separator: "/").last.map(String.init) ?? parameters.file
        session = Session(arguments: [name], folder: "")
        vm = session.vm
        sources = CellSources(folder: folder.hasSuffix("/") ? folder : folder + "/", library: ModuleSearch.standardLibrary())
        names = InteractiveNames(vm, session.main)
        watch = CellWatch(vm)
        output = CellOutputStream(watch: watch, now: CellWatch.now)
        vm.output = output
    }

    /// Binds what cells find without importing it, and seeds the random generators.
    func prepare() {
        vm.displayHook = { [unowned self] (_, value) throws(PythonError) in try showResult(value) }
        session.display.cell = self
        bind("display", vm.builtin(NotebookModule.displayFunction(session.display)))
        bind("get_ipython", vm.builtin(NotebookModule.shellFunction()))
        if !parameters.parameters.isEmpty {
            let attributes = parameters.parameters.map { ($0.key, $0.value.languageValue(vm)) }
            bind("params", SimpleNamespace.make(vm, attributes))
        }
        if let seed = parameters.seed { ignoringErrors { () throws(PythonError) in try self.seed(seed) } }
    }

    private func bind(_ name: String, _ value: Value) {
        vm.setGlobal(session.main.object(as: ModuleObject.self), name, value)
        vm.heap.release(value)
    }

    /// What goes wrong here shows itself in the cells.
    private func ignoringErrors(_ body: () throws(PythonError) -> Void) {
        do throws(PythonError) { try body() } catch { vm.discard(error) }
    }

    // MARK: Cells

    func evaluate(_ cell: CellSource, sink: any OutputSink, control: EvaluationControl) -> CellOutcome {
        guard !control.isInterrupted else { return .interrupted(nil) }
        InterruptRequests.clear(InterruptRequests.interrupt | InterruptRequests.timeLimit, in: vm.interruptFlag)
        let stage = CellStage(sink)
        current = (cell, stage)
        output.sink = stage
        watch.limit(control.secondsLeft)
        output.begin()
        defer {
            watch.limit(nil)
            output.sink = nil
            current = nil
        }
        do throws(PythonError) {
            if let seed = cell.seed { try self.seed(seed) }
            try names.begin(cell.text, number: cell.index + 1)
            try run(cell)
            output.finish()
            return watch.isExpired ? .timedOut(nil) : .finished
        } catch {
            return outcome(of: error, control)
        }
    }

    private func run(_ cell: CellSource) throws(PythonError) {
        let transformed = CellTransform(cell.text)
        let lineOffset = cell.firstLine - 1
        let compiled = SourceText(name: cell.file, text: transformed.text, lineOffset: lineOffset)
        let original = transformed.isChanged ? SourceText(name: cell.file, text: cell.text, lineOffset: lineOffset) : nil
        sources.add(compiled, of: cell, original: original, changedLines: transformed.changedLines)
        try session.run(compiled, mode: mode())
        try showOpenFigures()
    }

    /// Figures that the cell drew and did not show appear below it.
    private func showOpenFigures() throws(PythonError) {
        guard let pyplot = vm.modules["matplotlib.pyplot"], pyplot.tag == Tag.module else { return }
        vm.heap.release(try vm.callMethod(pyplot, "_end_of_cell"))
    }

    /// Which values a cell shows: `InteractiveShell.ast_node_interactivity`, where a program has set it.
    private func mode() throws(PythonError) -> CompilationMode {
        guard let module = vm.modules["IPython.core.interactiveshell"], module.tag == Tag.module,
            let shell = vm.moduleInfo(module).value(of: "InteractiveShell")
        else { return .notebookCell }
        let setting = try vm.getAttribute(shell, "ast_node_interactivity")
        defer { vm.heap.release(setting) }
        guard setting.tag == Tag.string else { return .notebookCell }
        switch vm.text(setting) {
        case "all": return .interactive
        case "none": return .module
        default: return .notebookCell
        }
    }

    /// Runs a program file in the notebook's own names.
    func run(file: String) throws(PythonError) {
        guard let bytes = ModuleSearch.read(file) else { throw vm.osError(ENOENT, path: file) }
        try session.run(try vm.sourceText(name: file, bytes))
    }

    private func outcome(of error: PythonError, _ control: EvaluationControl) -> CellOutcome {
        output.finish()
        // What is asked of the machine must not stop the report.
        InterruptRequests.clear(InterruptRequests.interrupt | InterruptRequests.timeLimit, in: vm.interruptFlag)
        let isExpired = watch.isExpired
        watch.limit(nil)
        let report = CellTraceback(vm: vm, sources: sources).error(error.exception)
        let isInterrupt = vm.matches(error, "KeyboardInterrupt")
        if vm.keepsFrames { lastError = Reference(error.exception, vm.heap) }
        vm.discard(error)
        output.finish()
        if isExpired { return .timedOut(report) }
        return isInterrupt && control.isInterrupted ? .interrupted(report) : .failed(report)
    }

    func finish() {
        watch.limit(nil)
        lastError = nil
        session.finish()
        output.finish()
        watch.end()
        vm.displayHook = nil
        session.display.cell = nil
        vm.output = StandardOutput()
    }

    // MARK: Displays

    private func showResult(_ value: Value) throws(PythonError) {
        if let before = captured {
            captured = value.retained()
            return vm.heap.release(before)
        }
        guard !value.isNone, let current else { return }
        try names.finish(value, number: current.cell.index + 1)
        try show(value, .result)
    }

    func show(_ value: Value, _ role: Display.Role, _ identity: DisplayIdentity? = nil) throws(PythonError) {
        let reader = DisplayReader(vm: vm) { [unowned self] problem in report(problem) }
        guard var display = try reader.display(value, role) else { return }
        display.identity = identity?.name
        display.isUpdate = identity?.isUpdate ?? false
        show(display)
    }

    func show(_ display: Display) {
        output.flush()
        current?.stage.show(display)
    }

    /// Takes back the cell's outputs, with `waits` when the next one comes.
    func clear(waits: Bool) {
        output.flush()
        current?.stage.clear(waits: waits)
    }

    /// While muted, displays go nowhere.
    func mute(_ isMuted: Bool) { current?.stage.isMuted = isMuted }

    /// A method of a value's display raised: its other forms are still shown, so this goes to the error output.
    private func report(_ problem: PythonError) {
        let text = CellTraceback(vm: vm, sources: sources).error(problem.exception).traceback + "\n"
        vm.discard(problem)
        vm.report(text)
    }

    // MARK: After an error

    /// What the last failed cell left behind; nil when none failed or nothing of it was kept.
    func postMortem() -> PostMortem? { lastError.flatMap { PostMortem(vm, $0.value, sources) } }

    /// Runs a debugger's line in a call; its output goes to `sink`, and what it raises comes back as `Type: message`.
    func evaluate(_ text: String, in call: PostMortem.Call, form: ValueForm, sink: any OutputSink) -> (value: String?, problem: String?) {
        InterruptRequests.clear(InterruptRequests.interrupt | InterruptRequests.timeLimit, in: vm.interruptFlag)
        output.sink = CellStage(sink)
        let keeps = vm.keepsFrames
        // What is tried out here leaves the calls that are looked at as they are.
        vm.keepsFrames = false
        defer {
            vm.keepsFrames = keeps
            output.finish()
            output.sink = nil
        }
        do throws(PythonError) {
            return (try run(text, in: call, form: form), nil)
        } catch {
            let problem = vm.problem(of: error.exception).map { "\($0.kind.rawValue): \($0.sentence)" } ?? vm.exceptionLine(error.exception)
            vm.discard(error)
            return (nil, problem)
        }
    }

    // MARK: Text run by commands

    /// The value of the last expression of a text that is run as `run(text:lineOffset:)` does, owned; it is not shown. None without one.
    func value(ofText text: String, lineOffset: Int) throws(PythonError) -> Value {
        let outer = captured
        captured = Value.none
        do throws(PythonError) {
            try run(text: text, lineOffset: lineOffset)
        } catch {
            captured.map(vm.heap.release)
            captured = outer
            throw error
        }
        defer { captured = outer }
        return captured ?? .none
    }

    /// The file of a function as a notebook names it.
    func file(of code: Code) -> String {
        sources.cell(of: code.source)?.cell.file ?? sources.libraryPath(code.source.name) ?? sources.relative(code.source.name)
    }

    /// Runs text in the notebook's own names, as the cell's part that begins `lineOffset` lines below its first line.
    func run(text: String, lineOffset: Int) throws(PythonError) {
        guard let current else { throw vm.runtimeError("no cell is running") }
        let transformed = CellTransform(text, firstLine: lineOffset)
        let start = current.cell.firstLine - 1 + lineOffset
        let compiled = SourceText(name: current.cell.file, text: transformed.text, lineOffset: start)
        let original = transformed.isChanged ? SourceText(name: current.cell.file, text: text, lineOffset: start) : nil
        sources.add(compiled, of: current.cell, original: original, changedLines: transformed.changedLines, lineOffset: lineOffset)
        try session.run(compiled, mode: .notebookCell)
    }

    // MARK: Random numbers

    /// The generators that a seed reaches, where the packages exist.
    private static let generators: [(module: String, function: String, limit: UInt64)] = [
        ("random", "seed", .max), ("numpy.random", "seed", UInt64(UInt32.max)), ("torch", "manual_seed", .max),
    ]

    private func seed(_ seed: UInt64) throws(PythonError) {
        for generator in Self.generators {
            let module: Value
            do throws(PythonError) {
                module = try vm.importModule(generator.module)
            } catch {
                guard vm.matches(error, "ImportError") else { throw error }
                vm.discard(error)
                continue
            }
            defer { vm.heap.release(module) }
            let number = vm.int(seed & generator.limit)
            defer { vm.heap.release(number) }
            vm.heap.release(try vm.callMethod(module, generator.function, number))
        }
    }
}

extension ScalarValue {
    /// The value in the language, owned by the caller.
    fileprivate func languageValue(_ vm: VM) -> Value {
        switch self {
        case .null: return .none
        case .bool(let value): return .bool(value)
        case .int(let value): return .int(value)
        case .float(let value): return .float(value)
        case .string(let value): return vm.string(value)
        case .list(let values): return vm.list(values.map { $0.languageValue(vm) })
        case .map(let entries):
            let dict = vm.dict()
            for entry in entries {
                let value = entry.value.languageValue(vm)
                vm.dictSet(dict.dict, entry.key, value)
                vm.heap.release(value)
            }
            return dict
        }
    }
}
