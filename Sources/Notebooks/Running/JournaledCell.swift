/// One cell's execution as a journal tells it.
struct JournaledCell {
    let ordinal: Int
    let hash: String
    let label: String
    /// Digests of the blocks the notebook may hold for the cell if the user has not touched them since.
    private(set) var regions: Set<String>
    /// The digest of the block the notebook was last written with.
    private(set) var lastWritten: String?
    private var outputs: [JournalRecord] = []
    /// Nil for a cell that had not ended.
    private(set) var status: CellStatus?
    /// The cell said too much for the journal; what the notebook itself holds is newer.
    private(set) var isCapped = false

    static func all(in records: [JournalRecord]) -> [JournaledCell] {
        var cells: [JournaledCell] = []
        for record in records {
            if case .begin(let ordinal, let hash, let label, let region) = record {
                cells.append(JournaledCell(ordinal: ordinal, hash: hash, label: label, regions: [region]))
                continue
            }
            guard !cells.isEmpty else { continue }
            let last = cells.count - 1
            switch record {
            case .run, .begin, .base: continue
            case .chunk, .display, .error: cells[last].outputs.append(record)
            case .cleared: cells[last].outputs = []
            case .capped: cells[last].isCapped = true
            case .splicing(let region):
                cells[last].regions.insert(region)
                cells[last].lastWritten = region
            case .end(let status): cells[last].status = status
            }
        }
        return cells
    }

    /// The cell in the notebook as it is now: same hash, then same label, then nearest place.
    func match(in loaded: LoadedNotebook) -> Cell? {
        let same = loaded.notebook.cells.filter { loaded.hashes[$0.index] == hash }
        if !label.isEmpty, let cell = same.first(where: { $0.label == label }) { return cell }
        return same.min { abs($0.index - ordinal) < abs($1.index - ordinal) }
    }

    /// The outputs as the notebook would store them.
    /// - Parameters:
    ///   - folder: the name of the folder assets are to be in.
    ///   - log: takes everything a talkative cell printed; nil keeps no log.
    func output(for cell: Cell, folder: String, embeds: Bool, log: LogFile?) -> CellOutput {
        let sink = CellSink(
            limits: OutputLimits(of: cell),
            resolver: DisplayResolver(cellName: cell.name, folder: folder, alt: cell.options.figureAlt, embeds: embeds),
            journal: nil, log: log, onOutput: { _, _ in }, onProgress: {})
        for record in outputs {
            switch record {
            case .chunk(let stream, let text): sink.write(text, to: stream)
            case .display(let display): sink.show(display)
            case .error(let traceback): sink.fail(traceback)
            case .run, .begin, .capped, .splicing, .end, .cleared, .base: continue
            }
        }
        return sink.finish()
    }
}
