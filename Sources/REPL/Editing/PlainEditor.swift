#if canImport(Glibc)
    import Glibc
#endif

/// Line by line without a single control code, for terminals that know none (`TERM=dumb`).
package final class PlainEditor: LineEditor {
    package init() {}

    package func readCell(number: Int, initialText: String, support: EditingSupport) -> EditorInput {
        let prompt = "In [\(number)]: "
        var text = ""
        if !initialText.isEmpty { show(initialText + "\n") }
        while true {
            show(text.isEmpty ? prompt : String(repeating: " ", count: prompt.count - 5) + "...: ")
            guard let line = readLine(strippingNewline: true) else { return text.isEmpty ? .end : .cell(text) }
            if text.isEmpty, line.allSatisfy(\.isWhitespace) { return .cell(initialText) }
            text += text.isEmpty ? line : "\n" + line
            if support.isFinished(text) { return .cell(text) }
        }
    }

    package func remember(_ cell: String) {}

    private func show(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
    }
}
