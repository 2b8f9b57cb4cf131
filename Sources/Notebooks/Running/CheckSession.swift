/// The ending of `check`: new outputs are compared with the stored ones and thrown away.
final class CheckSession {
    private let runner: NotebookRunner
    private let prepared: Prepared
    private let builder: CellBlockBuilder
    private(set) var differences: [CheckResult.Difference] = []

    init(_ runner: NotebookRunner, _ prepared: Prepared) {
        self.runner = runner
        self.prepared = prepared
        builder = CellBlockBuilder(
            notebook: prepared.notebook, paths: prepared.paths, stored: AssetStore(prepared.paths, files: runner.environment.files),
            integrity: prepared.integrity)
    }

    func execute(_ cell: Cell, step: RunPlan.Step, source: CellSource) -> Bool {
        guard step != .skip else { return true }
        var report = runner.report(cell, source, isReplay: step == .replay)
        runner.onEvent(.cellStarted(report))
        let start = runner.environment.seconds()
        let sink = CellSink(
            limits: OutputLimits(of: cell),
            resolver: DisplayResolver(
                cellName: cell.name, folder: prepared.paths.assetFolderName, alt: cell.options.figureAlt, embeds: runner.options.embeds),
            journal: nil, log: nil, onOutput: { [runner] stream, text in runner.onEvent(.output(cell: cell.index, stream, text)) }, onProgress: {})
        let (status, error, goesOn) = runner.evaluate(cell, source: source, into: sink)
        report.status = status
        report.error = error
        report.seconds = runner.environment.seconds() - start
        if step == .write, status.isComplete { report.isChanged = compare(cell, sink.finish()) }
        runner.reports.append(report)
        runner.onEvent(.cellFinished(report))
        return goesOn
    }

    /// Records a difference; returns whether there is one.
    private func compare(_ cell: Cell, _ output: CellOutput) -> Bool {
        let stored = prepared.notebook.outputs(of: cell, paths: prepared.paths)
        if builder.comparison(cell.options.checkRule, output).accepts(stored: stored, new: output.items) { return false }
        let oldLines = cell.block.map { block in block.payloadLines.map { prepared.notebook.text.text($0) } } ?? []
        let newLines = PayloadWriter.lines(output.items)
        let firstLine = cell.block?.payloadLines.lowerBound ?? cell.closeLine + 1
        var diff = UnifiedDiff.text(
            old: oldLines, new: newLines, oldName: "\(runner.path) (stored)", newName: "\(runner.path) (cell '\(cell.name)' now)",
            firstLine: firstLine)
        if diff.isEmpty {
            let names = output.assets.map(\.path).joined(separator: ", ")
            diff = "--- \(runner.path) (stored)\n+++ \(runner.path) (cell '\(cell.name)' now)\nAssets differ: \(names)\n"
        }
        differences.append(CheckResult.Difference(cell: cell.name, line: firstLine, diff: diff))
        return true
    }

    func finish() {
        if !differences.isEmpty, runner.status == .done { runner.status = .failed }
        for difference in differences {
            runner.messages.append("\(runner.path):\(difference.line):1: the output of cell '\(difference.cell)' differs from the stored one")
        }
        guard runner.status == .done else { return }
        for cell in prepared.notebook.cells {
            guard let block = cell.block, prepared.integrity[cell.index] == .edited, cell.options.checkRule != .ellipsis else { continue }
            runner.fail(.edited, prepared.notebook.diagnostic(block.lines.lowerBound, .editedOutput).description)
        }
    }
}
