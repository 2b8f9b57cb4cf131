extension RunSession {
    /// Attaches this run's results to the text the user saved meanwhile. A cell is the same if its hash is; label, then order, break ties. Cells
    /// that were edited get no output. False while the new text is damaged: then the results wait for the next save.
    func merge(_ bytes: [UInt8], _ status: FileStatus) -> Bool {
        let loaded: LoadedNotebook
        do throws(NotebookRefusal) {
            loaded = try LoadedNotebook(bytes: bytes, status: status, paths: paths, name: runner.path, files: files)
        } catch {
            mergeProblem = error.diagnostics.map(\.description).joined(separator: "\n")
            return false
        }
        var free: [String: [Cell]] = [:]
        for cell in loaded.notebook.cells { free[loaded.hashes[cell.index], default: []].append(cell) }
        var newTargets = [Int?](repeating: nil, count: targets.count)
        for byLabel in [true, false] {
            for cell in prepared.notebook.cells where newTargets[cell.index] == nil {
                let hash = prepared.loaded.hashes[cell.index]
                guard var candidates = free[hash] else { continue }
                guard let place = byLabel ? candidates.firstIndex(where: { $0.label != nil && $0.label == cell.label }) : candidates.indices.first
                else {
                    continue
                }
                newTargets[cell.index] = candidates.remove(at: place).index
                free[hash] = candidates
            }
        }
        var newImage = DocumentImage(loaded.notebook)
        var lost: [String] = []
        for cell in prepared.notebook.cells {
            guard case .written = states[cell.index] else { continue }
            guard let old = targets[cell.index], let new = newTargets[cell.index] else {
                lost.append(cell.name)
                continue
            }
            if isEditedByHand(new, in: loaded, ours: image.blocks[old]) { continue }
            newImage.setBlock(image.blocks[old], ofCell: new)
        }
        image = newImage
        imageHashes = loaded.hashes
        targets = newTargets
        store.accept(bytes, status)
        updateSeal()
        runner.onEvent(.merged(withoutOutput: lost))
        return true
    }

    /// Whether the user changed an output itself; it is then theirs, as before a run.
    private func isEditedByHand(_ index: Int, in loaded: LoadedNotebook, ours: DocumentImage.Block?) -> Bool {
        guard let block = loaded.notebook.cells[index].block, !runner.options.overwritesEdited else { return false }
        let payload = block.payloadLines.map { loaded.notebook.text.text($0) }
        if payload == ours?.payload { return false }
        guard BlockIntegrity.check(block, of: loaded.notebook, paths: paths, files: files) == .edited else { return false }
        // Our own assets may have replaced those the old payload's sum was made of.
        if PayloadReader.read(payload, assetFolder: paths.assetFolderName).contains(where: { $0.assetPath != nil }) { return false }
        runner.fail(.edited, loaded.notebook.diagnostic(block.lines.lowerBound, .editedOutput).description)
        return true
    }
}
