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
        try restore(records)
        let cells = JournaledCell.all(in: records)
        if !cells.isEmpty { try splice(cells) }
        files.discard(paths.journal)
    }

    /// Some file systems show an empty file, or zeros, where the power failed between a write and its sync.
    private func restore(_ records: [JournalRecord]) throws(NotebookRunner.Stop) {
        guard let base = records.lazy.compactMap({ record in if case .base(let text) = record { text } else { nil } }).first else { return }
        do throws(FileFailure) {
            guard let status = try files.status(paths.file), try files.read(paths.file).allSatisfy({ $0 == 0 }) else { return }
            try files.replace(paths.file, with: base, mode: status.mode)
        } catch {
            throw NotebookRunner.Stop(status: .inputOutput, messages: [error.description + "; a killed run's journal is kept"])
        }
    }

    /// Temporary files of the killed run.
    private func removeLeftovers() {
        files.discard(files.temporaryPath(for: paths.file))
        files.discard(files.temporaryPath(for: paths.runRecord))
        guard let names = try? files.list(paths.assetFolder) else { return }
        for name in names where name.hasPrefix(".") && name.hasSuffix(".qnb-tmp") { files.discard(paths.assetFolder + "/" + name) }
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
                guard let cell = journaled.match(in: loaded) else { continue }
                let found = Self.digest(image.region(ofCell: cell.index))
                guard journaled.regions.contains(found) else { continue }
                let status = journaled.status ?? .interrupted
                // A finished cell that was written is as the run left it.
                if journaled.status != nil, found == journaled.lastWritten { continue }
                if status.isComplete { finished.append(cell.name) } else { unfinished = cell.name }
                if journaled.isCapped {
                    interruptStored(cell, in: &image)
                    continue
                }
                let log = LogFile(files: files, paths: paths, cellName: cell.name)
                let output = journaled.output(for: cell, folder: paths.assetFolderName, embeds: runner.options.embeds, log: log)
                let built = builder.build(cell, hash: journaled.hash, status: status, output: output, seconds: 0)
                try store.store(built.assets)
                image.setBlock(built.block, ofCell: cell.index)
            }
            if image.isChanged { try files.replace(paths.file, with: image.render(), mode: loaded.status.mode) }
        } catch {
            throw NotebookRunner.Stop(status: .inputOutput, messages: [error.description + "; a killed run's journal is kept"])
        }
        if !finished.isEmpty || unfinished != nil { runner.onEvent(.recovered(finished: finished, unfinished: unfinished)) }
    }

    /// The notebook's own copy of a talkative cell is the best there is.
    private func interruptStored(_ cell: Cell, in image: inout DocumentImage) {
        guard var block = image.blocks[cell.index], block.marker.status == .running else { return }
        block.marker.status = .interrupted
        image.setBlock(block, ofCell: cell.index)
    }
}
