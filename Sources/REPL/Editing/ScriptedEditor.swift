/// Cells from a list: what tests and golden transcripts use in place of a terminal.
package final class ScriptedEditor: LineEditor {
    private var cells: [EditorInput]
    /// What was remembered, in order.
    package private(set) var history: [String] = []

    package init(_ cells: [EditorInput]) { self.cells = cells }

    package func readCell(_ prompt: EditorPrompt, initialText: String, support: EditingSupport) -> EditorInput {
        cells.isEmpty ? .end : cells.removeFirst()
    }

    package func remember(_ cell: String) { history.append(cell) }

    package func remember(earlier cells: @escaping () -> [String]) { history = cells() + history }

    package func withSeparateHistory(_ body: () -> Void) {
        let before = history
        body()
        history = before
    }
}
