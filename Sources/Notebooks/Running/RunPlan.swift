/// Which cells a run executes, and which of them it writes.
package struct RunPlan: Sendable, Equatable {
    package enum Step: Sendable, Equatable {
        /// Executed, outputs written back.
        case write
        /// Executed for the state it leaves, because a later cell is selected; its stored outputs stay.
        case replay
        /// Not executed, stored outputs stay.
        case keep
        /// `eval: false`: not executed, stored outputs are removed.
        case skip
    }

    /// One per cell.
    package let steps: [Step]

    /// `--only`, `--from` and `--until` select; without them every cell is written. Cells before the last selected one are
    /// replayed, for nothing is known about which of them it needs.
    package init(_ notebook: Notebook, options: RunOptions) throws(NotebookRefusal) {
        let cells = notebook.cells
        var selected = Set(cells.indices)
        if let label = options.from { selected.formIntersection(try notebook.cell(labelled: label).index..<cells.count) }
        if let label = options.until { selected.formIntersection(0...(try notebook.cell(labelled: label).index)) }
        if !options.only.isEmpty {
            var named: Set<Int> = []
            for label in options.only { named.insert(try notebook.cell(labelled: label).index) }
            selected.formIntersection(named)
        }
        if selected.isEmpty, !cells.isEmpty { throw NotebookRefusal([notebook.diagnostic(0, .emptySelection)]) }
        let last = selected.max() ?? -1
        steps = cells.map { cell in
            if selected.contains(cell.index) { return cell.options.isEvaluated ? .write : .skip }
            return cell.index < last && cell.options.isEvaluated ? .replay : .keep
        }
    }

    /// Whether the run vouches for every cell.
    package var isComplete: Bool { steps.allSatisfy { $0 == .write || $0 == .skip } }
}
