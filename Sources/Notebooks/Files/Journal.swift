/// `NAME.qnb-journal`: what the run has done since the notebook was last written, one record per event, appended at once.
///
/// A process that is killed leaves it behind; the next run splices what it holds. It is emptied after each write of the notebook, so it
/// never grows with the length of a run, and one cell's records are capped. Journalling that fails (a full disk) is given up: the run goes on.
package final class Journal {
    private let files: any FileSystem
    private let path: String
    private let fileName: String
    private var file: OpenFile?
    /// Whether the folder is sure to name the file.
    private var isNamed = false
    private var hasFailed = false
    private var cellBytes = 0
    private var isCapped = false
    private var hasBase = false
    /// Records that go to the file together with the next one.
    private var held: [UInt8] = []
    private static let maximumCellBytes = 1 << 20

    package private(set) var failure: FileFailure?

    package init(_ paths: NotebookPaths, files: any FileSystem) {
        self.files = files
        path = paths.journal
        fileName = paths.fileName
    }

    /// Whether the present cell's outputs are all in the journal.
    package var holdsWholeCell: Bool { !isCapped && !hasFailed && file != nil }

    package func begin(ordinal: Int, hash: String, label: String, region: String) {
        cellBytes = 0
        isCapped = false
        append(.begin(ordinal: ordinal, hash: hash, label: label, region: region))
    }

    package func add(_ text: String, to stream: OutputStream) { addOutput(.chunk(stream, text), size: text.utf8.count) }
    package func add(_ display: Display) { addOutput(.display(display), size: display.size) }
    package func add(error traceback: String) { addOutput(.error(traceback), size: traceback.utf8.count) }

    /// The cell starts its outputs anew; they may again fill the journal's share of a cell.
    package func clear() {
        append(.cleared)
        if !isCapped { cellBytes = 0 }
    }

    private func addOutput(_ record: @autoclosure () -> JournalRecord, size: Int) {
        guard !isCapped else { return }
        cellBytes += size + 16
        if cellBytes > Self.maximumCellBytes {
            isCapped = true
            append(.capped)
        } else {
            append(record())
        }
    }

    package func splicing(region: String) { append(.splicing(region: region)) }

    /// Holds the notebook as it last was on the disk for certain, until the journal is emptied.
    package func keep(base: @autoclosure () -> [UInt8]) {
        guard !hasBase else { return }
        hasBase = true
        append(.base(base()))
    }

    /// Waits for the digest of the block, which is made at once.
    package func end(_ status: CellStatus) { held += JournalRecord.end(status).encoded }

    private func append(_ record: JournalRecord) { write(record.encoded) }

    private func write(_ record: [UInt8]) {
        guard !hasFailed else { return }
        do throws(FileFailure) {
            let file = try opened()
            let bytes = held + record
            held = []
            try files.write(bytes, to: file)
        } catch {
            giveUp(error)
        }
    }

    private func opened() throws(FileFailure) -> OpenFile {
        if let file { return file }
        let new = try files.create(path, mode: 0o644)
        file = new
        held = JournalRecord.run(file: fileName).encoded + held
        return new
    }

    /// Makes the records survive a loss of power.
    package func synchronize() {
        if !held.isEmpty { write([]) }
        guard let file, !hasFailed else { return }
        do throws(FileFailure) {
            try files.synchronize(file)
            if !isNamed { try files.synchronizeFolder(files.folder(of: path)) }
            isNamed = true
        } catch {
            giveUp(error)
        }
    }

    /// Forgets the records: the notebook holds all they say.
    package func reset() {
        guard let file, !hasFailed else { return }
        do throws(FileFailure) {
            try files.truncate(file)
            held = JournalRecord.run(file: fileName).encoded
            hasBase = false
        } catch {
            giveUp(error)
        }
    }

    /// A journal with a hole would tell a wrong story to the next run, so it goes as a whole.
    private func giveUp(_ error: FileFailure) {
        hasFailed = true
        failure = error
        closeAndRemove()
    }

    package func closeAndRemove() {
        guard let open = file else { return }
        files.close(open)
        files.discard(path)
        file = nil
    }

    /// Closes the file and leaves it for the next run.
    package func abandon() {
        if !held.isEmpty { write([]) }
        guard let open = file else { return }
        files.close(open)
        file = nil
    }
}
