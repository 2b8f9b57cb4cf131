import Diagnostics

/// Lines of source with their numbers and an arrow at one of them, in colours where there are any.
struct SourceListing {
    let isColoured: Bool

    /// Lines of `range` (1-based) that the source has.
    func lines(_ range: ClosedRange<Int>, of source: SourceText, current: Int) -> [String] {
        let all = rows(of: source)
        let first = max(1, range.lowerBound)
        let last = min(all.count, range.upperBound)
        guard first <= last else { return [] }
        let width = max(6, String(last + source.lineOffset).count)
        return (first...last).map { line in
            let number = String(line + source.lineOffset)
            let padding = width - number.count
            let isCurrent = line == current
            let margin = isCurrent ? String(repeating: "-", count: max(0, padding - 1)) + "> " : String(repeating: " ", count: padding + 1)
            return (isCurrent ? TextStyle.prompt : .faint).applied(to: margin + number, isColoured: isColoured) + " " + all[line - 1]
        }
    }

    /// One line without its indentation.
    func line(_ line: Int, of source: SourceText) -> String {
        let all = rows(of: source, isTrimmed: true)
        return all.indices.contains(line - 1) ? all[line - 1] : ""
    }

    private func rows(of source: SourceText, isTrimmed: Bool = false) -> [String] {
        var text = String(decoding: source.bytes, as: UTF8.self)
        if isTrimmed {
            text = text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.drop { $0 == " " || $0 == "\t" } }.joined(separator: "\n")
        }
        if text.hasSuffix("\n") { text.removeLast() }
        return CellLayout(
            prompt: "", continuation: "", text: text, cursor: 0, styles: isColoured ? InteractiveSession.highlight(text) : [], width: 1 << 20,
            isColoured: isColoured
        ).rows
    }
}
