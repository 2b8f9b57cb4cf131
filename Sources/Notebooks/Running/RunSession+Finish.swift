extension RunSession {
    /// Marks what the run leaves stale, writes the seal, cleans up, and writes the run record.
    func finish() {
        markStale()
        save()
        // A merge replaces the image, so its blocks are marked once more.
        if image.isChanged || mergeProblem != nil || ioFailure != nil {
            save()
        }
        markStale()
        if image.isChanged { save() }
        if image.isChanged || mergeProblem != nil || ioFailure != nil {
            saveElsewhere()
        } else {
            writtenTo = store.path
            journal.closeAndRemove()
            collectGarbage()
        }
        if let failure = journal.failure { runner.onEvent(.warning(failure.description + "; a kill could have lost output")) }
        writeRecord()
    }

    private func markStale() {
        var executed = Set<Int>()
        for (index, target) in targets.enumerated() { if case .written = states[index], let target { executed.insert(target) } }
        for (index, isValid) in validCells().enumerated() {
            guard var block = image.blocks[index], block.marker.isStale != (!isValid && !executed.contains(index)) else { continue }
            block.marker.isStale.toggle()
            image.setBlock(block, ofCell: index)
        }
        updateSeal()
    }

    /// The notebook cannot be written: the results go beside it, whole, and the user hears where.
    private func saveElsewhere() {
        let reason = mergeProblem.map { "the notebook was changed meanwhile and is damaged now:\n\($0)" } ?? ioFailure?.description
        let fallback = paths.fallback
        do throws(FileFailure) {
            try files.replace(fallback, with: image.render(), mode: prepared.loaded.status.mode | 0o600)
            writtenTo = fallback
            journal.closeAndRemove()
            runner.messages.append("\(reason ?? "the notebook was changed again and again"); the results are in \(fallback)")
        } catch {
            journal.abandon()
            runner.messages.append(
                "\(reason ?? "the notebook was changed again and again"); and \(error.description): the results could not be saved")
        }
        runner.status = mergeProblem != nil && ioFailure == nil ? .edited : .inputOutput
    }

    /// Only a run that vouches for everything knows what is no longer needed.
    private func collectGarbage() {
        guard prepared.plan.isComplete, runner.status == .done, targets.allSatisfy({ $0 != nil }) else { return }
        do throws(FileFailure) {
            _ = try assets.removeUnreferenced(in: store.savedBytes)
        } catch {
            runner.onEvent(.warning(error.description))
        }
    }

    private func writeRecord() {
        let record = RunRecord(
            file: paths.fileName, status: runner.status, cells: runner.reports, parameters: prepared.parameters, seed: prepared.seed,
            residentBytes: runner.environment.residentBytes(), facts: runner.environment.facts)
        do throws(FileFailure) {
            try files.replace(paths.runRecord, with: Array((record.json.pretty() + "\n").utf8), mode: 0o644, .ordered)
        } catch {
            runner.onEvent(.warning(error.description))
        }
    }
}
