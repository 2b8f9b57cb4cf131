/// Gathers one cell's outputs, journals them, and keeps the notebook on disk up to date while a long cell runs.
final class CellSink: OutputSink {
    private var collector: OutputCollector
    private let limits: OutputLimits
    private var resolver: DisplayResolver
    private let journal: Journal?
    private let log: LogFile?
    private let onOutput: (OutputStream, String) -> Void
    private let onProgress: () -> Void
    private let onPause: () -> Bool

    /// `onOutput` sees text as it comes; `onProgress` is called after each output; `onPause` when the cell has run for a moment.
    init(
        limits: OutputLimits, resolver: DisplayResolver, journal: Journal?, log: LogFile?,
        onOutput: @escaping (OutputStream, String) -> Void, onProgress: @escaping () -> Void,
        onPause: @escaping () -> Bool = { false }
    ) {
        self.limits = limits
        collector = Self.collector(limits, log)
        self.resolver = resolver
        self.journal = journal
        self.log = log
        self.onOutput = onOutput
        self.onProgress = onProgress
        self.onPause = onPause
    }

    func settle() -> Bool { onPause() }

    func write(_ text: String, to stream: OutputStream) {
        guard !text.isEmpty else { return }
        journal?.add(text, to: stream)
        collector.write(text, to: stream)
        onOutput(stream, text)
        onProgress()
    }

    func show(_ display: Display) {
        journal?.add(display)
        collector.add(resolver.resolve(display), identity: display.identity, isUpdate: display.isUpdate)
        onProgress()
    }

    func clear() {
        journal?.clear()
        // A log that was begun stays: it is the record of everything.
        collector = Self.collector(limits, log)
        resolver.clear()
        onProgress()
    }

    private static func collector(_ limits: OutputLimits, _ log: LogFile?) -> OutputCollector {
        OutputCollector(limits: limits, log: log.map { log in { log.append($0) } })
    }

    func fail(_ traceback: String) {
        journal?.add(error: traceback)
        collector.addText(.error, traceback)
    }

    /// What a cell that still runs has to show; a log has no name before the cell ends.
    func snapshot() -> CellOutput { CellOutput(items: collector.items(logPath: nil), assets: resolver.assets) }

    func finish() -> CellOutput {
        collector.finish()
        let finishedLog = log?.finish()
        // A log of outputs that were taken back belongs to nothing.
        if let finishedLog, !collector.exceedsLimits { log?.discard(finishedLog) }
        let pendingLog = collector.exceedsLimits ? finishedLog : nil
        return CellOutput(items: collector.items(logPath: pendingLog?.path), assets: resolver.assets + (pendingLog.map { [$0] } ?? []))
    }
}

/// The stored outputs of one execution and the files they refer to.
package struct CellOutput: Sendable, Equatable {
    package var items: [OutputItem]
    package var assets: [PendingAsset]

    package init(items: [OutputItem], assets: [PendingAsset]) {
        self.items = items
        self.assets = assets
    }
}

/// The full log of a cell that prints more than a notebook stores; made only when the first bytes come.
final class LogFile {
    private let files: any FileSystem
    private let folder: String
    private let temporary: String
    private let path: String
    private var file: OpenFile?
    private var hasFailed = false
    private var buffer: [UInt8] = []
    private static let bufferSize = 64 * 1024

    init(files: any FileSystem, paths: NotebookPaths, cellName: String) {
        self.files = files
        folder = paths.assetFolder
        temporary = AssetStore(paths, files: files).temporaryLog(cellName: cellName)
        path = "\(paths.assetFolderName)/\(cellName).log"
    }

    /// A log that cannot be written is left out of the notebook; the head and the tail of the output are still there.
    func append(_ bytes: [UInt8]) {
        guard !hasFailed else { return }
        buffer += bytes
        if buffer.count >= Self.bufferSize { flush() }
    }

    private func flush() {
        do throws(FileFailure) {
            if file == nil {
                try files.makeFolder(folder)
                file = try files.create(temporary, mode: 0o644)
            }
            if let file { try files.write(buffer, to: file) }
        } catch {
            hasFailed = true
            if let file { files.close(file) }
            file = nil
            files.discard(temporary)
        }
        buffer.removeAll(keepingCapacity: true)
    }

    func discard(_ asset: PendingAsset) { if case .file(let temporary) = asset.content { files.discard(temporary) } }

    func finish() -> PendingAsset? {
        if !buffer.isEmpty, !hasFailed { flush() }
        guard let open = file, !hasFailed else { return nil }
        defer { file = nil }
        do throws(FileFailure) {
            try files.synchronize(open)
        } catch {
            files.close(open)
            files.discard(temporary)
            return nil
        }
        files.close(open)
        return PendingAsset(path: path, content: .file(temporary))
    }
}
