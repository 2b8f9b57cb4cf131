import Markdown

/// One executable fence of a notebook with its options and, if there is one, the output block that follows it.
package struct Cell: Sendable {
    /// 0-based position among the cells of the file.
    package let index: Int
    /// Lines of the opening and the closing fence.
    package let openLine: Int
    package let closeLine: Int
    package let form: Form
    package let fence: MarkdownNode.Fence
    /// What runs: the lines between the fences, dedented as a whole, joined by `\n`, option lines included.
    package let source: String
    /// Characters cut from the start of each source line by dedenting; empty when nothing was cut.
    package let cutColumns: [Int]
    package let optionLineCount: Int
    package let options: CellOptions
    package internal(set) var block: OutputBlock?

    /// How the info string names the language: `python`, Quarto's `{python}`, Jupytext's `python name="x"`.
    package enum Form: Sendable, Equatable {
        case bare
        case quarto
        case named(String)
    }

    package var label: String? {
        if let label = options.label { return label }
        if case .named(let name) = form, CellOption.isLabel(name) { return name }
        return nil
    }

    /// The stem of the cell's assets and what messages call it.
    package var name: String { label ?? "cell-\(index + 1)" }

    /// The line of the file that holds the first source line.
    package var firstSourceLine: Int { openLine + 1 }

    package static func form(ofInfo info: String) -> Form? {
        let trimmed = info.trimmingBlanks()
        if trimmed == "python" { return .bare }
        if trimmed == "{python}" { return .quarto }
        guard trimmed.hasPrefix("python name=\""), trimmed.hasSuffix("\"") else { return nil }
        let name = trimmed.dropFirst(13).dropLast(1)
        return trimmed.count >= 14 && !name.contains("\"") ? .named(String(name)) : nil
    }
}

/// A tool-owned region: the marker that opens it, payload lines, the marker that closes it.
package struct OutputBlock: Sendable, Equatable {
    /// From the opening to the closing marker.
    package let lines: ClosedRange<Int>
    package let marker: OutMarker
    /// What the end marker says; nil where the user took it out.
    package let sum: String?

    /// Lines between the markers.
    package var payloadLines: Range<Int> { lines.lowerBound + 1..<lines.upperBound }
}
