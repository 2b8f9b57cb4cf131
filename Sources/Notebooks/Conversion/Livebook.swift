import Markdown

/// Livebook's `.livemd`: Markdown whose Python fences are cells, whose outputs are fences after a comment, whose first heading is the title.
package enum Livebook {
    private static let outputComment = "<!-- livebook:{\"output\":true} -->"
    private static let forceMarkdown = "<!-- livebook:{\"force_markdown\":true} -->"
    private static let breakComment = "<!-- livebook:{\"break_markdown\":true} -->"

    package static func text(_ document: ConvertedDocument) -> ConversionResult {
        var lines: [String] = []
        var warnings: [ConversionWarning] = []
        if let frontMatter = document.frontMatterText {
            let member = JSON.Member("qnb_front_matter", .string(frontMatter))
            lines += ["<!-- livebook:\(JSON.object([member]).compact(isMarkerSafe: true)) -->", ""]
        }
        if !hasTitle(document) { lines += ["# " + (document.notebook.frontMatter.title ?? NotebookPaths(document.notebook.file).name), ""] }
        var wasProse = false
        for part in document.parts {
            switch part {
            case .prose(let text, _):
                if wasProse { lines += [breakComment, ""] }
                lines += text + [""]
            case .cell(let cell, let items):
                let source = cell.source.isEmpty ? [] : cell.source.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
                let fence = String(repeating: "`", count: max(3, PayloadWriter.longestRun(of: Ascii.backtick, in: source) + 1))
                if !cell.options.isEvaluated { lines += [forceMarkdown, ""] }
                lines += [fence + "python"] + source + [fence, ""]
                for item in items { lines += output(item, line: cell.block?.lines.lowerBound ?? 0, &warnings) }
            }
            if case .prose = part { wasProse = true } else { wasProse = false }
        }
        while lines.last == "" { lines.removeLast() }
        return ConversionResult(text: Array((lines.joined(separator: "\n") + "\n").utf8), warnings: warnings)
    }

    private static func hasTitle(_ document: ConvertedDocument) -> Bool {
        guard case .prose(let lines, _)? = document.parts.first else { return false }
        return lines.first?.hasPrefix("# ") == true
    }

    private static func output(_ item: OutputItem, line: Int, _ warnings: inout [ConversionWarning]) -> [String] {
        switch item {
        case .text(_, let text), .unknown(let text):
            let fence = String(repeating: "`", count: max(3, PayloadWriter.longestRun(of: Ascii.backtick, in: text) + 1))
            return [outputComment, "", fence] + text.map(MarkerEscape.escape) + [fence, ""]
        case .table(let table): return [outputComment, "", "```"] + table.markdownLines + ["```", ""]
        case .elision(let count, _): return [outputComment, "", "```", "… \(PayloadWriter.grouped(count)) lines", "```", ""]
        case .image, .markdown, .html:
            warnings.append(ConversionWarning(line: line, "Livebook stores no output of this kind; it stands in the text"))
            return PayloadWriter.lines([item]).filter { !Marker.isMarker(ArraySlice($0.utf8)) } + [""]
        }
    }

    package static func notebook(_ bytes: [UInt8], file: String) -> ConversionResult {
        let text = SourceLines(bytes)
        let lines = (0..<text.count).map { text.text($0 + 1) }
        let tree = MarkdownTree(parsing: bytes)
        var frontMatter: String?
        var reader = Reader(lines: lines)
        for index in tree.topLevel {
            let range = tree[index].range
            switch tree[index].kind {
            case .htmlBlock(let html) where html.hasPrefix("<!-- livebook:"):
                let json = html.dropFirst(14).prefix(while: { $0 != "\n" }).replacing("-->", with: "")
                // A comment of another shape is Livebook's own business.
                let value = try? JSONParser.parse(String(json))
                if let value, let text = value["qnb_front_matter"]?.string { frontMatter = text }
                reader.comment(value, at: range)
            case .codeBlock(let info, _, _?): reader.fence(info.trimmingBlanks(), range)
            default: continue
            }
        }
        reader.finish()
        var composer = NotebookComposer(frontMatter: frontMatter)
        var labels: Set<String> = []
        for part in reader.parts {
            switch part {
            case .prose(let body, let line): composer.addProse(body, line: line, isSeparate: true)
            case .cell(let source, let outputs, let line):
                let items = outputs.map { OutputItem.text(.result, $0.flatMap { LineAssembler.lines(of: $0.isEmpty ? "\n" : $0) }) }
                let payload = PayloadWriter.lines(items)
                let block =
                    items.isEmpty
                    ? [] : [Marker.out(OutMarker(hash: nil)).text] + payload + [Marker.end(sum: Fingerprint.sum(payload: payload, assets: [])).text]
                composer.addCell(composer.checkedOptions(source, line: line, labels: &labels), block: block, line: line)
            }
        }
        return ConversionResult(text: Array(composer.text.utf8), warnings: reader.warnings + composer.warnings)
    }

    /// Cuts the lines of a `.livemd` into prose and cells.
    private struct Reader {
        enum Part {
            case prose([String], line: Int)
            case cell([String], outputs: [[String]], line: Int)
        }

        let lines: [String]
        private(set) var parts: [Part] = []
        private(set) var warnings: [ConversionWarning] = []
        private var next = 0
        private var isOutput = false
        private var isForced = false

        init(lines: [String]) { self.lines = lines }

        private mutating func flush(before line: Int) {
            if line > next {
                let body = Array(lines[next..<line])
                if body.contains(where: { !$0.trimmingBlanks().isEmpty }) { parts.append(.prose(body, line: next + 1)) }
            }
            next = max(next, line)
        }

        mutating func comment(_ value: JSON?, at range: MarkdownNode.Range) {
            flush(before: range.startLine - 1)
            next = min(range.endLine, lines.count)
            // cmark counts the blank line after a comment as outside it, but an HTML block may end late.
            next = range.startLine
            isOutput = value?["output"] == .bool(true)
            isForced = value?["force_markdown"] == .bool(true)
            if value?["livebook_object"]?.string == "smart_cell" {
                warnings.append(ConversionWarning(line: range.startLine, "a smart cell is kept as the code it made"))
            }
        }

        mutating func fence(_ info: String, _ range: MarkdownNode.Range) {
            defer { (isOutput, isForced) = (false, false) }
            let body = Array(lines[min(range.startLine, lines.count)..<max(min(range.endLine - 1, lines.count), min(range.startLine, lines.count))])
            if isOutput, case .cell(let source, let outputs, let line)? = parts.last {
                parts[parts.count - 1] = .cell(source, outputs: outputs + [body.map(MarkerEscape.unescape)], line: line)
            } else if info == "python" {
                flush(before: range.startLine - 1)
                parts.append(
                    .cell(
                        isForced && body.first != "#| eval: false" && !body.contains("#| eval: false") ? ["#| eval: false"] + body : body,
                        outputs: [], line: range.startLine + 1))
            } else {
                if info == "elixir" || info == "erlang" {
                    warnings.append(ConversionWarning(line: range.startLine, "a cell of '\(info)' stays text"))
                }
                return
            }
            next = min(range.endLine, lines.count)
        }

        mutating func finish() { flush(before: lines.count) }
    }
}
