/// Brings the work of a killed run back from its journal.
struct Recovery {
    private let runner: NotebookRunner
    private let paths: NotebookPaths
    private let files: any FileSystem

    init(_ runner: NotebookRunner, paths: NotebookPaths) {
        self.runner = runner
        self.paths = paths
        files = runner.environment.files
    }

    /// What tells whether the user has touched a block since the journal spoke of it.
    static func digest(_ region: [UInt8]) -> String { String(Fingerprint.digest(region).prefix(16)) }

    private struct JournaledCell {
        let ordinal: Int
        let hash: String
        let label: String
        var regions: Set<String>
        var outputs: [JournalRecord] = []
        var status: CellStatus?
        var isCapped = false
    }

    /// Splices what the journal holds into the notebook and removes it. Without a journal nothing happens; a damaged notebook is refused
    /// and the journal kept.
    func perform() throws(NotebookRunner.Stop) {
        let records: [JournalRecord]
        do throws(FileFailure) {
            guard try files.status(paths.journal) != nil else { return }
            records = JournalRecord.decode(try files.read(paths.journal))
        } catch {
            throw NotebookRunner.Stop(status: .inputOutput, messages: [error.description])
        }
        removeLeftovers()
        let cells = Self.cells(records)
        if !cells.isEmpty { try splice(cells) }
        files.discard(paths.journal)
    }

    /// Temporary files of the killed run.
    private func removeLeftovers() {
        files.discard(files.temporaryPath(for: paths.file))
        files.discard(files.temporaryPath(for: paths.runRecord))
        guard let names = try? files.list(paths.assetFolder) else { return }
        for name in names where name.hasPrefix(".") && name.hasSuffix(".qnb-tmp") { files.discard(paths.assetFolder + "/" + name) }
    }

    private static func cells(_ records: [JournalRecord]) -> [JournaledCell] {
        var cells: [JournaledCell] = []
        for record in records {
            if case .begin(let ordinal, let hash, let label, let region) = record {
                cells.append(JournaledCell(ordinal: ordinal, hash: hash, label: label, regions: [region]))
                continue
            }
            guard !cells.isEmpty else { continue }
            let last = cells.count - 1
            switch record {
            case .run, .begin: continue
            case .chunk, .display, .error: cells[last].outputs.append(record)
            case .cleared: cells[last].outputs = []
            case .capped: cells[last].isCapped = true
            case .splicing(let region): cells[last].regions.insert(region)
            case .end(let status): cells[last].status = status
            }
        }
        return cells
    }

    private func splice(_ cells: [JournaledCell]) throws(NotebookRunner.Stop) {
        let loaded: LoadedNotebook
        do throws(LoadedNotebook.Failure) {
            loaded = try LoadedNotebook(runner.path, files: files)
        } catch {
            throw NotebookRunner.Stop(status: error.status, messages: error.messages)
        }
        let notebook = loaded.notebook
        var image = DocumentImage(notebook)
        let store = AssetStore(paths, files: files)
        let builder = CellBlockBuilder(notebook: notebook, paths: paths, stored: store, integrity: notebook.cells.map { _ in .edited })
        var finished: [String] = []
        var unfinished: String?
        do throws(FileFailure) {
            for journaled in cells {
                guard let cell = match(journaled, in: loaded), journaled.regions.contains(Self.digest(image.region(ofCell: cell.index))) else {
                    continue
                }
                let status = journaled.status ?? .interrupted
                if status.isComplete { finished.append(cell.name) } else { unfinished = cell.name }
                if journaled.isCapped {
                    interruptStored(cell, in: &image)
                    continue
                }
                let output = replay(journaled, cell)
                let built = builder.build(cell, hash: journaled.hash, status: status, output: output, seconds: 0)
                try store.store(built.assets, isDurable: true)
                image.setBlock(built.block, ofCell: cell.index)
            }
            if image.isChanged { try files.replace(paths.file, with: image.render(), mode: loaded.status.mode) }
        } catch {
            throw NotebookRunner.Stop(status: .inputOutput, messages: [error.description + "; a killed run's journal is kept"])
        }
        if !finished.isEmpty || unfinished != nil { runner.onEvent(.recovered(finished: finished, unfinished: unfinished)) }
    }

    /// The cell of the journal in the notebook as it is now: same hash, then same label, then nearest place.
    private func match(_ journaled: JournaledCell, in loaded: LoadedNotebook) -> Cell? {
        let same = loaded.notebook.cells.filter { loaded.hashes[$0.index] == journaled.hash }
        if !journaled.label.isEmpty, let cell = same.first(where: { $0.label == journaled.label }) { return cell }
        return same.min { abs($0.index - journaled.ordinal) < abs($1.index - journaled.ordinal) }
    }

    /// The notebook's own copy of a talkative cell is the best there is.
    private func interruptStored(_ cell: Cell, in image: inout DocumentImage) {
        guard var block = image.blocks[cell.index], block.marker.status == .running else { return }
        block.marker.status = .interrupted
        image.setBlock(block, ofCell: cell.index)
    }

    private func replay(_ journaled: JournaledCell, _ cell: Cell) -> CellOutput {
        let sink = CellSink(
            limits: runner.limits(of: cell),
            resolver: DisplayResolver(cellName: cell.name, folder: paths.assetFolderName, alt: cell.options.figureAlt, embeds: runner.options.embeds),
            journal: nil, log: LogFile(files: files, paths: paths, cellName: cell.name), onOutput: { _, _ in }, onProgress: {})
        for record in journaled.outputs {
            switch record {
            case .chunk(let stream, let text): sink.write(text, to: stream)
            case .display(let display): sink.show(display)
            case .error(let traceback): sink.fail(traceback)
            case .run, .begin, .capped, .splicing, .end, .cleared: continue
            }
        }
        return sink.finish()
    }
}
