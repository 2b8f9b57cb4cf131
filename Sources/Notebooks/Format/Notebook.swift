// The `.qnb` format, as this folder implements it.
//
// 1.  A notebook is Markdown. Every byte outside the lines named in 3 and 5 is the user's and is never changed: line ends, byte-order
//     mark, missing final newline, invalid UTF-8 in prose.
// 2.  A cell is a top-level code fence whose info string is `python` (also read: `{python}`, `python name="x"`). Fences in lists,
//     quotes, HTML comments or longer fences are prose. `#| key: value` lines at its start are options (CellOption.swift). Each line of
//     an indented fence loses up to that many blanks, then the whole is dedented.
// 3.  An output block follows its cell, blank lines allowed between: `<!-- qnb:out in=H [status=S] [t=…] [stale] -->`, payload,
//     `<!-- qnb:end sum=S -->`. A cell without output has none.
// 4.  A line that starts `<!-- qnb:` is a marker wherever it stands, even inside a fence (Marker.swift). Payload lines that would
//     start so, or look like a merge conflict, are escaped by a back-slash, so a broken fence can never hide where a block ends. Markers are found by a scan of
//     the lines before Markdown is parsed; Markdown is then parsed with blocks, seal and front matter blanked out, so that a
//     damaged payload cannot change what is prose and what is a cell.
// 5.  One `<!-- qnb:seal chain=H … -->` line, normally the last, vouches for the whole run (Fingerprint.swift).
// 6.  Front matter is YAML between `---` lines at the head of the file (FrontMatter.swift).
// 7.  What does not fit these rules is damage. It is reported with its line before anything runs: a block without end, cell or start,
//     a marker inside a fence, a fence that is never closed or that swallows the next cell, conflict markers.

import Markdown

/// A notebook as read from a file: the untouched text and where its cells, blocks, seal and front matter lie. Immutable.
package struct Notebook: Sendable {
    /// The name that messages start with.
    package let file: String
    package let text: SourceLines
    package let frontMatter: FrontMatter
    package let cells: [Cell]
    package let seal: Seal?
    package let sealLine: Int?
    /// Lines of `qnb:cell` markers.
    package let cellBreaks: [Int]
    /// Content problems (options, labels, front matter): they forbid running, not reading.
    package let contentProblems: [NotebookDiagnostic]

    /// The payload of a block as text, escapes undone.
    package func payload(of block: OutputBlock) -> [String] {
        block.payloadLines.map { MarkerEscape.unescape(text.text($0)) }
    }

    /// The stored outputs of a cell; empty without a block.
    package func outputs(of cell: Cell, paths: NotebookPaths) -> [OutputItem] {
        guard let block = cell.block else { return [] }
        return PayloadReader.read(block.payloadLines.map { text.text($0) }, assetFolder: paths.assetFolderName)
    }

    package func diagnostic(_ line: Int, _ problem: NotebookProblem) -> NotebookDiagnostic {
        NotebookDiagnostic(file: file, line: line, problem)
    }

    /// The cell with a label, or a diagnostic that suggests the nearest one.
    package func cell(labelled label: String) throws(NotebookRefusal) -> Cell {
        if let cell = cells.first(where: { $0.label == label || $0.name == label }) { return cell }
        let known = cells.map(\.name)
        throw NotebookRefusal([diagnostic(0, .unknownLabel(label, suggestion: nearestMatch(to: label, among: known)))])
    }
}
