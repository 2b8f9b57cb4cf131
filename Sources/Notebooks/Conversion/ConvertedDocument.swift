import Markdown

/// A notebook as a sequence of prose and cells: the form from which every exporter starts.
package struct ConvertedDocument {
    package enum Part {
        /// Text between cells, without the blank lines around it. `line` is its first line in the notebook.
        case prose([String], line: Int)
        case cell(Cell, [OutputItem])
    }

    package let notebook: Notebook
    package let parts: [Part]
    private let asset: (String) -> [UInt8]?

    /// `asset` gives an asset's bytes by its path in the notebook.
    package init(_ notebook: Notebook, paths: NotebookPaths, asset: @escaping (String) -> [UInt8]?) {
        self.notebook = notebook
        self.asset = asset
        let text = notebook.text
        var parts: [Part] = []
        var next = (notebook.frontMatter.lines?.upperBound ?? 0) + 1
        let breaks = Set(notebook.cellBreaks)
        func addProse(before end: Int) {
            var lines: [String] = []
            var start = next
            func flush() {
                let blank = lines.prefix { $0.trimmingBlanks().isEmpty }.count
                let body = Array(lines.dropFirst(blank)).droppingTrailingBlankLines()
                if !body.isEmpty { parts.append(.prose(body, line: start + blank)) }
                lines = []
            }
            for line in stride(from: next, to: end, by: 1) {
                if breaks.contains(line) {
                    flush()
                    start = line + 1
                } else if line != notebook.sealLine {
                    let shown = text.text(line)
                    lines.append(line == 1 && shown.hasPrefix("\u{FEFF}") ? String(shown.unicodeScalars.dropFirst()) : shown)
                }
            }
            flush()
        }
        for cell in notebook.cells {
            addProse(before: cell.openLine)
            parts.append(.cell(cell, notebook.outputs(of: cell, paths: paths)))
            next = (cell.block?.lines.upperBound ?? cell.closeLine) + 1
        }
        addProse(before: text.count + 1)
        self.parts = parts
    }

    /// The bytes of an image output, from its file or its `data:` URI.
    package func bytes(of image: OutputItem.ImageReference) -> [UInt8]? {
        guard image.path.hasPrefix("data:") else { return asset(image.path) }
        return image.path.firstIndex(of: ",").flatMap { Base64.decode(String(image.path[image.path.index(after: $0)...])) }
    }

    /// Front matter without its `---` lines; nil without any.
    package var frontMatterText: String? {
        guard let lines = notebook.frontMatter.lines, lines.count > 2 else { return nil }
        return (lines.lowerBound + 1..<lines.upperBound).map { notebook.text.text($0) }.joined(separator: "\n")
    }
}

extension Array<String> {
    package func droppingTrailingBlankLines() -> [String] {
        Array(self[..<((lastIndex { !$0.trimmingBlanks().isEmpty } ?? -1) + 1)])
    }
}

/// Composes a notebook's text from front matter, prose and cells; what every importer ends with.
package struct NotebookComposer {
    private var lines: [String] = []
    private var endsWithProse = false
    package private(set) var warnings: [ConversionWarning] = []

    /// `frontMatter` is YAML without its `---` lines.
    package init(frontMatter: String? = nil) {
        guard let frontMatter else { return }
        let body = frontMatter.split(separator: "\n", omittingEmptySubsequences: false).map { String($0).trimmingTrailingBlanks() }
        let isUsable =
            body.first?.isEmpty == false
            && !body.contains { $0.hasPrefix("---") || $0 == "..." || MarkerEscape.isAffected($0) || $0.hasPrefix("```") || $0.hasPrefix("~~~") }
        if isUsable { lines = ["---"] + body + ["---"] } else { warn(0, "front matter that would not read back was dropped") }
    }

    package var text: String { lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n" }

    package mutating func warn(_ line: Int, _ message: String) { warnings.append(ConversionWarning(line: line, message)) }

    private mutating func separate() { if !lines.isEmpty { lines.append("") } }

    /// Adds prose made safe: it ends where it ends, holds no marker and no top-level fence that would read as a cell. Prose directly after
    /// prose is kept apart by a `qnb:cell` marker when `isSeparate`.
    package mutating func addProse(_ prose: [String], line: Int, isSeparate: Bool = false) {
        var body = prose.map { MarkerEscape.isAffected($0) ? "\\" + $0 : $0 }.droppingTrailingBlankLines()
        body.removeFirst(body.prefix { $0.trimmingBlanks().isEmpty }.count)
        guard !body.isEmpty else { return }
        if body != prose.droppingTrailingBlankLines(), prose.contains(where: MarkerEscape.isAffected) {
            warn(line, "a line that reads as a qnb marker or a merge conflict got a back-slash")
        }
        renameCellFences(&body, line: line)
        closeOpenBlocks(&body, line: line)
        if endsWithProse, isSeparate {
            separate()
            lines.append(Marker.cellBreak.text)
        }
        separate()
        lines += body
        endsWithProse = true
    }

    private mutating func renameCellFences(_ body: inout [String], line: Int) {
        let tree = MarkdownTree(parsing: body.joined(separator: "\n"))
        for index in tree.topLevel {
            guard case .codeBlock(let info, _, _?) = tree[index].kind, Cell.form(ofInfo: info) != nil else { continue }
            let place = tree[index].range.startLine - 1
            guard let start = body[place].firstRange(of: "python") else { continue }
            let before = body[place][..<start.lowerBound].replacing("{", with: "")
            body[place] = before + "py"
            warn(line + place, "a fence of Python inside text is marked 'py', so that it stays text")
        }
        // A fence that swallows a line which looks like a cell would be refused as damage.
        let closed = MarkdownTree(parsing: body.joined(separator: "\n"))
        for index in closed.topLevel {
            guard case .codeBlock(_, _, let fence?) = closed[index].kind else { continue }
            let range = closed[index].range
            for place in stride(from: range.startLine, to: min(range.endLine, body.count), by: 1) {
                guard let inner = FenceLine(ArraySlice(body[place].utf8)), inner.character == fence.character, inner.length >= fence.length,
                    Cell.form(ofInfo: inner.info) != nil
                else { continue }
                body[place] = " " + body[place].replacing("python", with: "py", maxReplacements: 1)
                warn(line + place, "a line that looks like a cell inside a code fence was changed to 'py'")
            }
        }
    }

    private mutating func closeOpenBlocks(_ body: inout [String], line: Int) {
        if RawOutput.isSelfContained(body) { return }
        let tree = MarkdownTree(parsing: body.joined(separator: "\n"))
        var last: Int?
        for index in tree.topLevel { last = index }
        if let last, case .codeBlock(_, _, let fence?) = tree[last].kind {
            body.append(String(repeating: String(UnicodeScalar(fence.character)), count: fence.length))
            warn(line, "a code fence that was never closed is closed at the end of its text")
        }
        for end in ["-->", "]]>", "</pre>", "</script>", "</style>", "?>"] where !RawOutput.isSelfContained(body) {
            if RawOutput.isSelfContained(body + [end]) {
                body.append(end)
                warn(line, "an HTML block that was never closed is closed at the end of its text")
            }
        }
        guard !RawOutput.isSelfContained(body) else { return }
        let fence = String(repeating: "~", count: max(3, PayloadWriter.longestRun(of: Ascii.tilde, in: body) + 1))
        body = [fence + "markdown"] + body + [fence]
        warn(line, "text that would swallow what follows it is shown as a code fence")
    }

    /// Adds a cell; `block` lines follow the fence directly.
    package mutating func addCell(_ source: [String], block: [String] = [], line: Int) {
        separate()
        let fence = String(
            repeating: "`",
            count: max(3, PayloadWriter.longestRun(of: Ascii.backtick, in: source.filter { FenceLine(ArraySlice($0.utf8)) != nil }) + 1))
        lines.append(fence + "python")
        for (offset, text) in source.enumerated() {
            if MarkerEscape.isAffected(text) {
                warn(line + offset, "a source line that reads as a qnb marker or a merge conflict is indented by a blank")
                lines.append(" " + text)
            } else {
                lines.append(text)
            }
        }
        lines.append(fence)
        lines += block
        endsWithProse = false
    }

    /// Makes option lines fit: `#|` lines that are no known option become plain comments.
    package mutating func checkedOptions(_ source: [String], line: Int, labels: inout Set<String>) -> [String] {
        var result = source
        var seen: Set<String> = []
        for index in source.indices.prefix(while: { source[$0].hasPrefix("#|") }) {
            let body = source[index].dropFirst(2)
            guard let colon = body.firstIndex(of: ":"), let option = CellOption(rawValue: String(body[..<colon]).trimmingBlanks()),
                seen.insert(option.rawValue).inserted, let value = try? FlowReader.read(String(body[body.index(after: colon)...])),
                (try? option.accept(value)) != nil, option != .label || labels.insert(value.text).inserted
            else {
                result[index] = "# " + body.drop { $0 == " " }
                warn(line + index, "'\(source[index])' is no option of this format and became a comment")
                continue
            }
        }
        // Comments first would end the options; those that stay move up.
        let count = source.prefix { $0.hasPrefix("#|") }.count
        let head = result[..<count]
        return head.filter { $0.hasPrefix("#|") } + head.filter { !$0.hasPrefix("#|") } + result[count...]
    }
}
