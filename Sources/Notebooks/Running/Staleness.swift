/// Why a cell's stored outputs no longer vouch for its source.
package enum StaleReason: Sendable, Equatable {
    case neverRun
    case sourceChanged
    case markedStale
    case unverified
    case incomplete(CellStatus)
    case outsideRun
    case sealMissing
    case sealBroken
    case assetMissing(String)
    case earlierStale(line: Int)

    package var message: String {
        switch self {
        case .neverRun: "never run"
        case .sourceChanged: "the cell, its options or its dependencies changed since its output was written"
        case .markedStale: "an earlier cell changed in the run that left this output behind"
        case .unverified: "the output was imported and never verified by a run"
        case .incomplete(let status): "its last execution did not finish (\(status.rawValue))"
        case .outsideRun: "not part of the last run"
        case .sealMissing: "the notebook has no seal"
        case .sealBroken: "cells were added, removed, reordered or merged, or the engine or parameters changed, since the last run"
        case .assetMissing(let path): "asset '\(path)' is missing"
        case .earlierStale(let line): "the cell on line \(line) is stale"
        }
    }
}

/// Whether a block still is what a run wrote.
package enum BlockIntegrity: Sendable, Equatable {
    case intact
    case edited
    /// The end marker's sum was taken out: the user lets go of the block.
    case released
    case assetMissing(String)

    /// Recomputes the sum over payload lines and assets.
    package static func check(_ block: OutputBlock, of notebook: Notebook, paths: NotebookPaths, files: any FileSystem) -> BlockIntegrity {
        guard let sum = block.sum else { return .released }
        let lines = block.payloadLines.map { notebook.text.text($0) }
        var assets: [(path: String, bytes: [UInt8])] = []
        for path in PayloadReader.read(lines, assetFolder: paths.assetFolderName).compactMap(\.assetPath) {
            do throws(FileFailure) {
                assets.append((path, try files.read(paths.resolve(path))))
            } catch {
                return .assetMissing(path)
            }
        }
        return Fingerprint.sum(payload: lines, assets: assets) == sum ? .intact : .edited
    }
}

/// Which stored outputs of a notebook are out of date, found without executing anything.
package struct Staleness: Sendable {
    /// One per cell; nil for an output that is up to date.
    package let reasons: [StaleReason?]
    /// Cells whose output was edited by hand.
    package let edited: [Int]

    private init(reasons: [StaleReason?], edited: [Int]) {
        self.reasons = reasons
        self.edited = edited
    }

    /// With these cells' outputs just written by a run.
    func renewing(_ cells: Set<Int>) -> Staleness {
        Staleness(reasons: reasons.enumerated().map { cells.contains($0) ? nil : $1 }, edited: edited.filter { !cells.contains($0) })
    }

    package var isFresh: Bool { reasons.allSatisfy { $0 == nil } }

    /// `hashes` are the cells' present hashes. Complexity: linear in the notebook and the assets it refers to.
    package init(_ notebook: Notebook, hashes: [String], paths: NotebookPaths, files: any FileSystem, epoch: Int) {
        let integrity = notebook.cells.map { cell in
            cell.block.map { BlockIntegrity.check($0, of: notebook, paths: paths, files: files) }
        }
        edited = integrity.indices.filter { integrity[$0] == .edited }
        let seal = SealCheck(notebook, hashes: hashes, epoch: epoch)
        let hasRun = notebook.seal != nil || notebook.cells.contains { $0.block != nil }
        var firstStale: Int?
        var reasons: [StaleReason?] = []
        for cell in notebook.cells {
            // What is wrong with the block itself says more than what the seal can say.
            var reason = hasRun ? Self.ownReason(cell, hash: hashes[cell.index], integrity[cell.index]) ?? seal.reason(cell) : .neverRun
            if reason == nil, let firstStale { reason = .earlierStale(line: firstStale) }
            if !cell.options.isEvaluated, cell.block == nil, reason != .sealBroken { reason = nil }
            if reason != nil, firstStale == nil { firstStale = cell.openLine }
            reasons.append(reason)
        }
        self.reasons = reasons
    }

    private static func ownReason(_ cell: Cell, hash: String, _ integrity: BlockIntegrity?) -> StaleReason? {
        guard let block = cell.block else { return nil }
        guard let stored = block.marker.hash else { return .unverified }
        if stored != hash { return .sourceChanged }
        if block.marker.isStale { return .markedStale }
        if !block.marker.status.isComplete { return .incomplete(block.marker.status) }
        if case .assetMissing(let path) = integrity { return .assetMissing(path) }
        return nil
    }
}

/// Whether the seal vouches for the cells as they stand.
private struct SealCheck {
    private let seal: Seal?
    private let isValid: Bool

    init(_ notebook: Notebook, hashes: [String], epoch: Int) {
        seal = notebook.seal
        guard let seal else {
            isValid = false
            return
        }
        // A seal whose overrides do not fit the front matter any more vouches for nothing.
        guard let parameters = try? seal.parameters(in: notebook) else {
            isValid = false
            return
        }
        let records = notebook.cells.map { Fingerprint.CellRecord(hash: $0.block?.marker.hash ?? hashes[$0.index], sum: $0.block?.sum) }
        isValid = Fingerprint.chain(records, seal: seal, parameters: .map(parameters), epoch: epoch) == seal.chain
    }

    func reason(_ cell: Cell) -> StaleReason? {
        guard let seal else { return .sealMissing }
        if !isValid { return .sealBroken }
        guard let ran = seal.ran, !ran.contains(where: { $0.contains(cell.index + 1) }) else { return nil }
        return .outsideRun
    }
}

extension Seal {
    /// The parameters of the run the seal stands for.
    package func parameters(in notebook: Notebook) throws(NotebookRefusal) -> [ScalarValue.Entry] {
        guard let overrides else { return try Parameters.merge(notebook, []) }
        guard let json = try? JSONParser.parse(overrides), case .map(let entries) = ScalarValue(json) else {
            throw NotebookRefusal([notebook.diagnostic(notebook.sealLine ?? 1, .malformedMarker(overrides))])
        }
        return try Parameters.merge(notebook, entries)
    }
}
