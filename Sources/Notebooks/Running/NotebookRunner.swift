/// Executes a notebook's cells and writes their outputs back: `run` and `check` are this one engine with two endings.
///
/// Invariants while `run` goes on: prose and code on disk are the user's; a finished cell is on disk (in the notebook, or for notebooks
/// beyond 128 KB for at most a fraction of a second in the journal) before the next one starts; what the seal on disk
/// vouches for is true at every instant.
package final class NotebookRunner {
    let path: String
    let options: RunOptions
    let evaluator: any CellEvaluator
    let environment: RunEnvironment
    let control: EvaluationControl
    let onEvent: (RunEvent) -> Void

    var reports: [CellReport] = []
    var messages: [String] = []
    var status = RunStatus.done

    /// `onEvent` is called on the running thread.
    package init(
        _ path: String, options: RunOptions, evaluator: any CellEvaluator, environment: RunEnvironment, control: EvaluationControl,
        onEvent: @escaping (RunEvent) -> Void = { _ in }
    ) {
        self.path = path
        self.options = options
        self.evaluator = evaluator
        self.environment = environment
        self.control = control
        self.onEvent = onEvent
    }

    /// Why a run ends before its first cell.
    struct Stop: Error {
        let status: RunStatus
        let messages: [String]
    }

    /// Executes and writes back.
    package func run() -> RunResult {
        do {
            let session = try RunSession.open(self)
            defer { session.close() }
            execute(session.prepared, source: session.source) { cell, step, source in session.execute(cell, step: step, source: source) }
            session.finish()
            return RunResult(status: status, messages: messages, cells: reports, writtenTo: session.writtenTo)
        } catch {
            return RunResult(status: error.status, messages: error.messages, cells: [], writtenTo: nil)
        }
    }

    /// Executes in memory and compares with the stored outputs; writes nothing.
    package func check() -> CheckResult {
        do {
            let prepared = try Prepared(self)
            let session = CheckSession(self, prepared)
            execute(prepared, source: { prepared.source(of: $0) }) { cell, step, source in session.execute(cell, step: step, source: source) }
            session.finish()
            return CheckResult(status: status, messages: messages, differences: session.differences, cells: reports)
        } catch {
            return CheckResult(status: error.status, messages: error.messages, differences: [], cells: [])
        }
    }

    // MARK: The engine

    /// Runs the plan's cells in order until one stops the run.
    private func execute(_ prepared: Prepared, source: (Cell) -> CellSource, _ perform: (Cell, RunPlan.Step, CellSource) -> Bool) {
        let notebook = prepared.notebook
        evaluator.start(
            EvaluationSession(file: path, folder: prepared.paths.openableFolder, parameters: prepared.parameters, seed: options.seed))
        let restored = options.isFresh ? 0 : min(evaluator.restore(prepared.restorableKeys), prepared.restorableKeys.count)
        let replayed = notebook.cells.filter { prepared.plan.steps[$0.index] == .replay && $0.index >= restored }.map(\.name)
        onEvent(.started(cells: notebook.cells.count, replayed: replayed, restored: restored))
        for cell in notebook.cells.dropFirst(restored) {
            let step = prepared.plan.steps[cell.index]
            guard step != .keep else { continue }
            if control.isInterrupted {
                status = .interrupted
                return
            }
            let source = source(cell)
            if !perform(cell, step, source) { return }
            if step != .skip, reports.last?.status.isComplete == true { evaluator.didFinish(source, key: prepared.keys[cell.index]) }
        }
    }

    /// Evaluates one cell into a sink and says how it ended and whether the run goes on.
    func evaluate(_ cell: Cell, source: CellSource, into sink: CellSink) -> (status: CellStatus, error: CellError?, goesOn: Bool) {
        control.setDeadline(after: cell.options.own[.timeout] != nil ? cell.options.timeout : options.timeout ?? cell.options.timeout)
        let outcome = evaluator.evaluate(source, sink: sink, control: control)
        control.setDeadline(after: nil)
        if let error = outcome.error { sink.fail(error.traceback) }
        switch outcome {
        case .finished:
            guard !cell.options.raises.isEmpty else { return (.done, nil, true) }
            return missingException(cell, source, sink)
        case .failed(let error):
            if !cell.options.raises.isEmpty, cell.options.raises.contains(where: error.typeNames.contains) { return (.error, error, true) }
            if cell.options.allowsError || options.allowsErrors { return (.error, error, true) }
            fail(.failed, error.traceback)
            return (.error, error, false)
        case .interrupted(let error):
            fail(.interrupted, "\(path):\(source.firstLine - 1):1: interrupted in cell '\(cell.name)'")
            return (.interrupted, error, false)
        case .timedOut(let error):
            fail(.timeout, "\(path):\(source.firstLine - 1):1: cell '\(cell.name)' ran longer than its time limit")
            return (.timeout, error, false)
        }
    }

    private func missingException(_ cell: Cell, _ source: CellSource, _ sink: CellSink) -> (status: CellStatus, error: CellError?, goesOn: Bool) {
        let expected = cell.options.raises.joined(separator: " or ")
        let line = source.firstLine - 1
        let place = "\(source.file):\(line):1"
        let error = CellError(
            typeNames: ["DidNotRaise"], message: "the cell was to raise \(expected), but it finished",
            traceback: "\(place): DidNotRaise: the cell was to raise \(expected), but it finished", line: line, column: 1)
        sink.fail(error.traceback)
        guard !(cell.options.allowsError || options.allowsErrors) else { return (.error, error, true) }
        fail(.failed, error.traceback)
        return (.error, error, false)
    }

    func fail(_ newStatus: RunStatus, _ message: String) {
        if status == .done { status = newStatus }
        messages.append(message)
    }

    func report(_ cell: Cell, _ source: CellSource, isReplay: Bool) -> CellReport {
        CellReport(index: cell.index, name: cell.name, line: source.firstLine - 1, isReplay: isReplay, status: .running, seconds: 0, isChanged: false)
    }

}

extension OutputLimits {
    /// What a notebook stores of this cell's outputs.
    init(of cell: Cell) {
        self.init()
        if let lines = cell.options.limit {
            self.lines = lines
            bytes = max(bytes, min(lines, 1 << 20) * 160)
        }
    }
}
