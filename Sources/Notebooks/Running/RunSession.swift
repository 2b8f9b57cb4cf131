/// The ending of `run`: each finished cell becomes a block of the document image, which is written to disk.
final class RunSession {
    let runner: NotebookRunner
    let prepared: Prepared
    let files: any FileSystem
    /// Of the file that is written.
    let paths: NotebookPaths
    let assets: AssetStore
    let journal: Journal
    let store: NotebookStore
    private let lock: OpenFile?
    private let builder: CellBlockBuilder

    var image: DocumentImage
    /// Hashes of the image's cells.
    var imageHashes: [String]
    /// For each cell of the plan its place in the image; nil once the user has edited it away.
    var targets: [Int?]
    var states: [State]
    var ioFailure: FileFailure?
    var mergeProblem: String?
    /// False while all that ran has confirmed what the file holds: then the file and its seal stay as they are.
    private var hasChange = false
    var writtenTo: String?
    private var lastSave: (end: Double, seconds: Double)
    private var lastDurableSave: Double
    private let isInPlace: Bool
    /// A finished cell is in the image and the journal, and not yet in the file.
    private var isBehind = false

    enum State { case pending, written(isChanged: Bool, isComplete: Bool), replayed, skipped }

    /// Notebooks up to this size are written after every cell; larger ones so often that writing takes at most 5 % of the time.
    /// What has finished is on the disk after every cell: in the notebook or, where one has been written and synced a moment ago, in the
    /// journal, which costs a quarter of the time.
    private static let smallFile = 128 * 1024
    private static let saveInterval = 0.05
    private static let flushInterval = 5.0

    private init(_ runner: NotebookRunner, _ prepared: Prepared, paths: NotebookPaths, lock: OpenFile?) {
        self.runner = runner
        self.prepared = prepared
        self.paths = paths
        self.lock = lock
        files = runner.environment.files
        assets = AssetStore(paths, files: files)
        journal = Journal(paths, files: files)
        isInPlace = runner.options.output == nil
        let bytes = prepared.notebook.text.bytes
        store = NotebookStore(
            paths.file, files: files, mode: prepared.loaded.status.mode, known: isInPlace ? prepared.loaded.status : nil,
            bytes: isInPlace ? bytes : [])
        builder = CellBlockBuilder(
            notebook: prepared.notebook, paths: prepared.paths, stored: AssetStore(prepared.paths, files: files), integrity: prepared.integrity)
        image = DocumentImage(prepared.notebook)
        imageHashes = prepared.loaded.hashes
        targets = prepared.notebook.cells.map(\.index)
        states = prepared.notebook.cells.map { _ in .pending }
        lastSave = (runner.environment.seconds(), 0)
        lastDurableSave = lastSave.end
    }

    /// Takes the lock, recovers a killed run, reads and checks the notebook.
    static func open(_ runner: NotebookRunner) throws(NotebookRunner.Stop) -> RunSession {
        let files = runner.environment.files
        let target: String
        do throws(FileFailure) {
            target = try Self.target(runner, files)
        } catch {
            throw NotebookRunner.Stop(status: .unusable, messages: [error.description])
        }
        let paths = NotebookPaths(target)
        let taken: OpenFile?
        do throws(FileFailure) {
            taken = try files.lock(paths.lock)
        } catch {
            throw NotebookRunner.Stop(
                status: .inputOutput,
                messages: [error.description + "; results could not be saved beside it, so nothing was run; -o FILE saves them elsewhere"])
        }
        guard let lock = taken else {
            throw NotebookRunner.Stop(status: .inputOutput, messages: ["\(target): another run of this notebook is going on"])
        }
        do throws(NotebookRunner.Stop) {
            if runner.options.output == nil { try Recovery(runner, paths: paths).perform() }
            let prepared = try Prepared(runner)
            let edited = runner.options.overwritesEdited ? [] : prepared.editedBlocks()
            if !edited.isEmpty { throw NotebookRunner.Stop(status: .edited, messages: NotebookRefusal(edited).messages) }
            return RunSession(runner, prepared, paths: paths, lock: lock)
        } catch {
            files.discard(paths.lock)
            files.close(lock)
            throw error
        }
    }

    /// The file to write, symbolic links resolved, so that a link stays a link.
    private static func target(_ runner: NotebookRunner, _ files: any FileSystem) throws(FileFailure) -> String {
        guard let output = runner.options.output else { return try files.resolve(runner.path) }
        return try files.status(output) == nil ? output : try files.resolve(output)
    }

    func close() {
        guard let lock else { return }
        files.discard(paths.lock)
        files.close(lock)
    }

    // MARK: Cells

    /// The cell as it stands in the image, into which all outputs above it are written already.
    func source(of cell: Cell) -> CellSource {
        guard let target = targets[cell.index] else { return prepared.source(of: cell) }
        let line = image.notebook.cells[target].openLine + image.lineShift(beforeCell: target)
        return prepared.source(of: cell, lineShift: line - cell.openLine)
    }

    func execute(_ cell: Cell, step: RunPlan.Step, source: CellSource) -> Bool {
        if step == .skip {
            states[cell.index] = .skipped
            if let target = targets[cell.index] { image.setBlock(nil, ofCell: target) }
            return true
        }
        var report = runner.report(cell, source, isReplay: step == .replay)
        runner.onEvent(.cellStarted(report))
        let start = runner.environment.seconds()
        let sink = makeSink(cell, step: step, start: start)
        if step == .write {
            let region = Recovery.digest(targets[cell.index].map { image.region(ofCell: $0) } ?? [])
            journal.begin(ordinal: cell.index, hash: prepared.loaded.hashes[cell.index], label: cell.label ?? "", region: region)
        }
        let (status, error, goesOn) = runner.evaluate(cell, source: source, into: sink)
        report.status = status
        report.error = error
        report.seconds = runner.environment.seconds() - start
        let output = sink.finish()
        if step == .write {
            journal.end(status)
            report.isChanged = write(cell, status: status, output: output, seconds: report.seconds)
        } else {
            states[cell.index] = status.isComplete && goesOn ? .replayed : .pending
            discardLogs(output.assets)
        }
        runner.reports.append(report)
        runner.onEvent(.cellFinished(report))
        return goesOn
    }

    private func makeSink(_ cell: Cell, step: RunPlan.Step, start: Double) -> CellSink {
        let isWritten = step == .write
        let resolver = DisplayResolver(
            cellName: cell.name, folder: paths.assetFolderName, alt: cell.options.figureAlt, embeds: runner.options.embeds)
        let log = isWritten && !runner.options.embeds ? LogFile(files: files, paths: paths, cellName: cell.name) : nil
        var lastFlush = max(start, lastSave.end)
        weak var sink: CellSink?
        let made = CellSink(
            limits: OutputLimits(of: cell), resolver: resolver, journal: isWritten ? journal : nil, log: log,
            onOutput: { [runner] stream, text in runner.onEvent(.output(cell: cell.index, stream, text)) },
            onProgress: { [self] in
                let now = runner.environment.seconds()
                guard isWritten, now - lastFlush >= Self.flushInterval, let sink else { return }
                flush(cell, sink.snapshot(), seconds: now - start)
                lastFlush = runner.environment.seconds()
            },
            onPause: { [self] in
                if isBehind && isSaveDue || store.isAhead && isSyncDue { save(keepsJournal: true) }
                return isBehind || store.isAhead
            })
        sink = made
        return made
    }

    /// Shows in the file what a running cell has printed so far. Images that would replace a stored one wait for the cell's end.
    private func flush(_ cell: Cell, _ output: CellOutput, seconds: Double) {
        guard let target = targets[cell.index] else { return }
        let replaced = Set(output.assets.filter { assets.replacesAny(of: [$0]) }.map(\.path))
        var shown = output
        shown.items.removeAll { $0.assetPath.map(replaced.contains) ?? false }
        shown.assets.removeAll { replaced.contains($0.path) }
        let built = builder.build(cell, hash: prepared.loaded.hashes[cell.index], status: .running, output: shown, seconds: seconds)
        guard storeAssets(built.assets) else { return }
        image.setBlock(built.block, ofCell: target)
        journal.splicing(region: Recovery.digest(image.region(ofCell: target)))
        save(keepsJournal: true)
    }

    /// Puts a finished cell into the image and, if it is time, the image on disk. Returns whether the block changed.
    private func write(_ cell: Cell, status: CellStatus, output: CellOutput, seconds: Double) -> Bool {
        let built = builder.build(cell, hash: prepared.loaded.hashes[cell.index], status: status, output: output, seconds: seconds)
        if built.assets.isEmpty { discardLogs(output.assets) }
        if assets.replacesAny(of: built.assets) { journal.synchronize() }
        _ = storeAssets(built.assets)
        var isChanged = true
        if let target = targets[cell.index] {
            let before = prepared.notebook.cells[cell.index].block
            image.setBlock(built.block, ofCell: target)
            isChanged =
                before.map { $0.marker.hash != built.block?.marker.hash || $0.sum != built.block?.sum || $0.marker.status != status }
                ?? (built.block != nil)
            journal.splicing(region: Recovery.digest(image.region(ofCell: target)))
        }
        let wasConfirmed = !isChanged && prepared.wasValid[cell.index]
        states[cell.index] = .written(isChanged: !wasConfirmed, isComplete: status.isComplete)
        hasChange = hasChange || !wasConfirmed
        if !hasChange, !image.isChanged {
            journal.reset()
        } else if isSyncDue && isSaveDue || !journal.holdsWholeCell {
            save()
        } else {
            isBehind = true
            if isSaveDue { saveAhead() } else if !output.items.isEmpty { journal.synchronize() }
        }
        return isChanged
    }

    private func discardLogs(_ assets: [PendingAsset]) {
        for asset in assets { if case .file(let temporary) = asset.content { files.discard(temporary) } }
    }

    private func storeAssets(_ pending: [PendingAsset]) -> Bool {
        do throws(FileFailure) {
            try assets.store(pending)
            return true
        } catch {
            noteFailure(error)
            return false
        }
    }

    func noteFailure(_ error: FileFailure) {
        if ioFailure == nil { runner.onEvent(.warning(error.description + "; the run goes on")) }
        ioFailure = error
    }

    // MARK: Saving

    private var isSaveDue: Bool {
        store.savedBytes.count <= Self.smallFile
            || runner.environment.seconds() - lastSave.end >= max(Self.saveInterval, lastSave.seconds * 20)
    }

    private var isSyncDue: Bool { runner.environment.seconds() - lastDurableSave >= Self.saveInterval }

    /// Writes the image without waiting for the disk. The journal, which is on the disk before, restores it if the power fails.
    private func saveAhead() {
        journal.keep(base: store.durableBytes)
        journal.synchronize()
        save(keepsJournal: true, isDurable: !journal.holdsWholeCell)
    }

    /// Writes the image if it differs from the file, merging with what the user saved meanwhile.
    func save(keepsJournal: Bool = false, isDurable: Bool = true) {
        updateSeal()
        guard image.isChanged || isDurable && store.isAhead || (!isInPlace && store.savedBytes.isEmpty) else {
            isBehind = false
            if !keepsJournal { journal.reset() }
            return
        }
        var isDurable = isDurable
        let start = runner.environment.seconds()
        for _ in 0..<3 {
            switch store.save(image.render(), isDurable: isDurable) {
            case .saved:
                image.markSaved()
                isBehind = false
                ioFailure = nil
                mergeProblem = nil
                if !keepsJournal { journal.reset() }
                let end = runner.environment.seconds()
                lastSave = (end, end - start)
                if isDurable { lastDurableSave = end }
                return
            case .changedMeanwhile(let bytes, let status):
                isDurable = true
                guard merge(bytes, status) else { return }
            case .failed(let error): return noteFailure(error)
            }
        }
    }

    /// Sets the seal that is true of the image as it stands.
    func updateSeal() {
        guard !image.notebook.cells.isEmpty else { return }
        let valid = validCells()
        var seal = Seal(chain: "", overrides: prepared.overrides, seed: prepared.seed)
        if valid.contains(false) { seal.ran = Self.ranges(valid) }
        let records = image.notebook.cells.map { cell in
            Fingerprint.CellRecord(hash: image.blocks[cell.index]?.marker.hash ?? imageHashes[cell.index], sum: image.blocks[cell.index]?.sum)
        }
        seal.chain = Fingerprint.chain(records, seal: seal, parameters: .map(prepared.parameters), epoch: runner.environment.epoch)
        image.setSeal(seal)
    }

    /// Which cells of the image have outputs that this run, or an earlier one that it confirms, vouches for.
    func validCells() -> [Bool] {
        var origin = [Int?](repeating: nil, count: image.notebook.cells.count)
        for (index, target) in targets.enumerated() { if let target { origin[target] = index } }
        var hasChange = false
        return image.notebook.cells.map { cell in
            guard let index = origin[cell.index] else {
                hasChange = true
                return false
            }
            switch states[index] {
            case .written(let isChanged, let isComplete):
                if isChanged || !isComplete { hasChange = true }
                return isComplete
            case .skipped: return true
            case .pending, .replayed: return !hasChange && prepared.wasValid[index]
            }
        }
    }

    private static func ranges(_ flags: [Bool]) -> [ClosedRange<Int>] {
        var ranges: [ClosedRange<Int>] = []
        for (index, flag) in flags.enumerated() where flag {
            if let last = ranges.last, last.upperBound == index {
                ranges[ranges.count - 1] = last.lowerBound...index + 1
            } else {
                ranges.append(index + 1...index + 1)
            }
        }
        return ranges
    }
}
