/// Everything a run or check knows before its first cell, and the refusals that keep it from starting.
struct Prepared {
    let notebook: Notebook
    /// Of the file that is read.
    let paths: NotebookPaths
    let loaded: LoadedNotebook
    let parameters: [ScalarValue.Entry]
    let overrides: String?
    let seed: UInt64?
    let plan: RunPlan
    let integrity: [BlockIntegrity?]
    /// Whether each cell's stored output was up to date, for this run's parameters and seed.
    let wasValid: [Bool]
    /// Names of the states after each cell, for evaluators that save them.
    let keys: [String]
    /// Keys of the leading cells that need not run again.
    let restorableKeys: [String]

    init(_ runner: NotebookRunner) throws(NotebookRunner.Stop) {
        let files = runner.environment.files
        do throws(LoadedNotebook.Failure) {
            loaded = try LoadedNotebook(runner.path, files: files)
            notebook = loaded.notebook
            paths = loaded.paths
            if !notebook.contentProblems.isEmpty { throw LoadedNotebook.Failure.refused(NotebookRefusal(notebook.contentProblems)) }
            parameters = try Self.parameters(notebook, runner.options)
            plan = try Self.plan(notebook, runner.options)
        } catch {
            throw NotebookRunner.Stop(status: error.status, messages: error.messages)
        }
        let overrides = Parameters.sealText(notebook, parameters)
        let seed = runner.options.seed
        self.overrides = overrides
        self.seed = seed
        let notebook = self.notebook
        let paths = self.paths
        integrity = notebook.cells.map { cell in cell.block.map { BlockIntegrity.check($0, of: notebook, paths: paths, files: files) } }
        let staleness = loaded.staleness(files: files, epoch: runner.environment.epoch)
        let isSameRun = notebook.seal?.overrides == overrides && notebook.seal?.seed == seed
        wasValid = staleness.reasons.map { $0 == nil && isSameRun }
        keys = Self.stateKeys(loaded.hashes, parameters: parameters, seed: seed, epoch: runner.environment.epoch)
        let leading = zip(notebook.cells, wasValid).prefix { cell, isValid in
            isValid && (cell.block?.marker.status ?? .done) != .error || isValid && !cell.options.raises.isEmpty
        }
        restorableKeys = Array(keys.prefix(leading.count))
        for path in loaded.missingDependencies {
            runner.onEvent(.warning(notebook.diagnostic(0, .missingDependency(path)).description))
        }
    }

    private static func parameters(_ notebook: Notebook, _ options: RunOptions) throws(LoadedNotebook.Failure) -> [ScalarValue.Entry] {
        do throws(NotebookRefusal) { return try Parameters.merge(notebook, options.parameters) } catch { throw .refused(error) }
    }

    private static func plan(_ notebook: Notebook, _ options: RunOptions) throws(LoadedNotebook.Failure) -> RunPlan {
        do throws(NotebookRefusal) { return try RunPlan(notebook, options: options) } catch { throw .refused(error) }
    }

    /// The state after a cell depends on all cells up to it, the parameters, the seed and the engine.
    private static func stateKeys(_ hashes: [String], parameters: [ScalarValue.Entry], seed: UInt64?, epoch: Int) -> [String] {
        var key = "qnb state 1 \(epoch) \(seed.map(String.init) ?? "-") \(ScalarValue.map(parameters).json.compact())"
        return hashes.map { hash in
            var hasher = TextHasher()
            hasher.add(key + "\n" + hash)
            key = hasher.hex(digits: 32)
            return key
        }
    }

    /// Blocks edited by hand that this run would overwrite.
    func editedBlocks() -> [NotebookDiagnostic] {
        notebook.cells.compactMap { cell in
            guard let block = cell.block, integrity[cell.index] == .edited, cell.options.checkRule != .ellipsis else { return nil }
            guard plan.steps[cell.index] == .write || plan.steps[cell.index] == .skip else { return nil }
            return notebook.diagnostic(block.lines.lowerBound, .editedOutput)
        }
    }

    /// `lineShift` is how far outputs written above have moved the cell down, so that tracebacks name the lines of the written file.
    func source(of cell: Cell, lineShift: Int = 0) -> CellSource {
        CellSource(
            file: paths.fileName, index: cell.index, name: cell.name, text: cell.source, firstLine: cell.firstSourceLine + lineShift,
            cutColumns: cell.cutColumns, seed: cell.options.seed)
    }
}
