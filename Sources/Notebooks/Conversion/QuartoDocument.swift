import Markdown

/// Quarto documents: the same Markdown, with ```` ```{python} ```` cells. Lines other than fences, outputs and seal stay byte for byte.
package enum QuartoDocument {
    package static func text(_ document: ConvertedDocument, keepsOutputs: Bool) -> ConversionResult {
        let notebook = document.notebook
        var bytes = keepsOutputs ? notebook.text.bytes : DocumentImage.stripped(notebook)
        var warnings: [ConversionWarning] = []
        // Stripping moves lines, so the fences are found again in the stripped text.
        guard let base = try? NotebookParser.parse(bytes, file: notebook.file) else { return ConversionResult(text: bytes) }
        for cell in base.cells.reversed() {
            guard cell.form != .quarto else { continue }
            let range = base.text.range(cell.openLine)
            var line = head(bytes[range], cell.fence.character) + Array("{python}".utf8)
            if case .named(let name) = cell.form, cell.options.label == nil, CellOption.isLabel(name) {
                line += Array(base.text.terminator(cell.openLine)) + Array("#| label: \(name)".utf8)
            }
            bytes.replaceSubrange(range, with: line)
        }
        if !keepsOutputs, notebook.cells.contains(where: { $0.block != nil }) {
            warnings.append(ConversionWarning(line: 0, "outputs were left out"))
        }
        return ConversionResult(text: bytes, warnings: warnings)
    }

    package static func notebook(_ bytes: [UInt8], file: String) -> ConversionResult {
        let text = SourceLines(bytes)
        let frontMatter = FrontMatter.find(in: text, firstMarker: nil).lines
        var masked = bytes
        if let frontMatter {
            for index in text.fullRange(frontMatter) where bytes[index] != Ascii.newline && bytes[index] != Ascii.carriageReturn {
                masked[index] = Ascii.space
            }
        }
        let tree = MarkdownTree(parsing: masked)
        var composer = NotebookComposer()
        var labels: Set<String> = []
        var result = bytes
        // From the last fence to the first, so that earlier offsets stay right.
        var replacements: [(Range<Int>, [UInt8])] = []
        for index in tree.topLevel {
            guard case .codeBlock(let info, _, let fence?) = tree[index].kind, info.hasPrefix("{"), info.hasSuffix("}") else { continue }
            let range = tree[index].range
            let words = info.dropFirst().dropLast().split(whereSeparator: { $0 == " " || $0 == "," }).map(String.init)
            guard words.first == "python" else {
                composer.warn(range.startLine, "a cell of '\(words.first ?? "")' stays text")
                continue
            }
            if words.count > 1 {
                composer.warn(range.startLine, "options in the fence line were dropped: \(words.dropFirst().joined(separator: " "))")
            }
            let open = text.range(range.startLine)
            replacements.append((open, head(bytes[open], fence.character) + Array("python".utf8)))
            replacements += options(text, range, composer: &composer, labels: &labels)
        }
        for (range, line) in replacements.sorted(by: { $0.0.lowerBound > $1.0.lowerBound }) { result.replaceSubrange(range, with: line) }
        return ConversionResult(text: result, warnings: composer.warnings)
    }

    /// What an opening fence line holds before its info string; the first line of a file may start with a byte-order mark.
    private static func head(_ line: ArraySlice<UInt8>, _ character: UInt8) -> [UInt8] {
        let mark = line.starts(with: Ascii.byteOrderMark) ? Ascii.byteOrderMark : []
        return mark + line.dropFirst(mark.count).prefix { $0 == Ascii.space || $0 == character }
    }

    private static func options(
        _ text: SourceLines, _ range: MarkdownNode.Range, composer: inout NotebookComposer, labels: inout Set<String>
    ) -> [(Range<Int>, [UInt8])] {
        let lines = stride(from: range.startLine + 1, to: range.endLine, by: 1).map { text.text($0) }
        let options = Array(lines.prefix { $0.hasPrefix("#|") })
        let checked = composer.checkedOptions(options, line: range.startLine + 1, labels: &labels)
        guard checked != options else { return [] }
        return zip(checked.indices, checked).map { (text.range(range.startLine + 1 + $0), Array($1.utf8)) }
    }
}
