/// Makes the output block of a finished cell, keeping the stored bytes where the cell's check rule says they are the same.
package struct CellBlockBuilder {
    package struct Built {
        package let block: DocumentImage.Block?
        /// Assets to put in place before the notebook names them.
        package let assets: [PendingAsset]
    }

    package let notebook: Notebook
    /// Where stored outputs lie.
    package let paths: NotebookPaths
    package let stored: AssetStore
    package let integrity: [BlockIntegrity?]

    package func build(_ cell: Cell, hash: String, status: CellStatus, output: CellOutput, seconds: Double) -> Built {
        var marker = OutMarker(hash: hash, status: status)
        if notebook.frontMatter.recordsTiming, status.isComplete { marker.seconds = timing(seconds, stored: cell.block?.marker.seconds) }
        if let block = cell.block, accepts(cell, output, status: status) {
            let payload = block.payloadLines.map { notebook.text.text($0) }
            let sum = integrity[cell.index] == .intact ? block.sum : self.sum(payload, items: notebook.outputs(of: cell, paths: paths), pending: [])
            return Built(block: DocumentImage.Block(marker: marker, payload: payload, sum: sum), assets: [])
        }
        if output.items.isEmpty, status == .done { return Built(block: nil, assets: []) }
        let payload = PayloadWriter.lines(output.items)
        let sum = sum(payload, items: output.items, pending: output.assets)
        return Built(block: DocumentImage.Block(marker: marker, payload: payload, sum: sum), assets: output.assets)
    }

    /// Whether the stored outputs stand for the new ones. Outputs edited by hand do so only under `ellipsis`, whose dots the user writes.
    package func accepts(_ cell: Cell, _ output: CellOutput, status: CellStatus) -> Bool {
        guard let block = cell.block, status.isComplete, block.marker.status == status else { return false }
        let rule = cell.options.checkRule
        guard integrity[cell.index] == .intact || (rule == .ellipsis && integrity[cell.index] == .edited) else { return false }
        return comparison(rule, output).accepts(stored: notebook.outputs(of: cell, paths: paths), new: output.items)
    }

    package func comparison(_ rule: CheckRule, _ output: CellOutput) -> OutputComparison {
        OutputComparison(
            rule: rule, storedAsset: stored.bytes,
            newAsset: { path in output.assets.first { $0.path == path }.flatMap(stored.bytes(of:)) })
    }

    private func sum(_ payload: [String], items: [OutputItem], pending: [PendingAsset]) -> String {
        let assets = items.compactMap(\.assetPath).map { path in
            (path: path, bytes: pending.first { $0.path == path }.map { stored.bytes(of: $0) ?? [] } ?? stored.bytes(path) ?? [])
        }
        return Fingerprint.sum(payload: payload, assets: assets)
    }

    /// The stored duration stays while the new one is within a factor of two of it.
    private func timing(_ seconds: Double, stored: String?) -> String {
        if let stored, let before = Double(stored.dropLast()), seconds <= max(before, 0.05) * 2, seconds >= before / 2 - 0.05 { return stored }
        let tenths = Int((min(max(seconds, 0), 1e9) * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)s"
    }
}
