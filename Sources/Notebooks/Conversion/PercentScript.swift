import Markdown

/// The percent format of Python scripts (`# %%`), as Jupytext, VS Code and Spyder read it.
///
/// Text is commented, cells are code, a cell with `eval: false` is commented out. What is no Python (`%magic`, `?help`) is commented with a
/// warning, parameters become a namespace, so that the script runs under python3.
package enum PercentScript {
    private static let parameterCell = "# %% parameters"

    package static func script(_ document: ConvertedDocument, withOutputs: Bool) -> ConversionResult {
        var lines: [String] = []
        var warnings: [ConversionWarning] = []
        if let frontMatter = document.frontMatterText {
            lines += ["# ---"] + frontMatter.split(separator: "\n", omittingEmptySubsequences: false).map { comment(String($0)) } + ["# ---", ""]
        }
        let parameters = document.notebook.frontMatter.parameters
        if !parameters.isEmpty {
            lines += [parameterCell, "from types import SimpleNamespace", ""]
            lines.append("params = SimpleNamespace(" + parameters.map { "\($0.name)=\(PythonLiteral.text($0.value))" }.joined(separator: ", ") + ")")
            lines.append("")
        }
        for part in document.parts {
            switch part {
            case .prose(let text, _): lines += ["# %% [markdown]"] + text.map(comment) + [""]
            case .cell(let cell, let items):
                lines.append(cell.label.map { "# %% \($0)" } ?? "# %%")
                lines += code(cell, &warnings)
                if withOutputs { lines += PayloadWriter.lines(items).map { $0.isEmpty ? "# out:" : "# out: " + $0 } }
                lines.append("")
            }
        }
        while lines.last == "" { lines.removeLast() }
        return ConversionResult(text: Array((lines.joined(separator: "\n") + "\n").utf8), warnings: warnings)
    }

    private static func comment(_ line: String) -> String { line.isEmpty ? "#" : "# " + line }

    private static func code(_ cell: Cell, _ warnings: inout [ConversionWarning]) -> [String] {
        let lines = cell.source.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        return lines.enumerated().map { index, line in
            if index < cell.optionLineCount { return line }
            if !cell.options.isEvaluated { return comment(line) }
            let first = line.drop { $0 == " " }.first
            if first == "%" || first == "?" || first == "!" {
                warnings.append(ConversionWarning(line: cell.firstSourceLine + index, "'\(line)' is no Python and became a comment"))
                let indent = line.prefix { $0 == " " }
                return indent + "# " + line.dropFirst(indent.count)
            }
            return line.hasPrefix("# %%") ? " " + line : line
        }
    }

    package static func notebook(_ bytes: [UInt8]) -> ConversionResult {
        let text = SourceLines(bytes)
        var lines = (0..<text.count).map { text.text($0 + 1) }
        if lines.first?.hasPrefix("\u{FEFF}") == true { lines[0] = String(lines[0].unicodeScalars.dropFirst()) }
        let (frontMatter, start) = header(lines)
        var composer = NotebookComposer(frontMatter: frontMatter)
        var labels: Set<String> = []
        var section: (title: String?, line: Int) = (nil, start)
        var body: [String] = []
        func flush(_ composer: inout NotebookComposer) {
            defer { body = [] }
            let content = body.droppingTrailingBlankLines()
            if section.title == parameterCell.dropFirst(5).description { return }
            if let title = section.title, title.hasPrefix("[markdown]") || title.hasPrefix("[md]") {
                composer.addProse(content.map(uncomment), line: section.line + 1, isSeparate: true)
                return
            }
            guard section.title != nil || !content.isEmpty else { return }
            addCell(content, title: section.title ?? "", line: section.line + 1, to: &composer, &labels)
        }
        for (index, line) in lines.enumerated().dropFirst(start) {
            if line == "# %%" || line.hasPrefix("# %% ") {
                flush(&composer)
                section = (String(line.dropFirst(4)).trimmingBlanks(), index + 1)
            } else if section.title != nil || !line.isEmpty || !body.isEmpty {
                body.append(line)
            }
        }
        flush(&composer)
        return ConversionResult(text: Array(composer.text.utf8), warnings: composer.warnings)
    }

    private static func header(_ lines: [String]) -> (String?, Int) {
        guard lines.first == "# ---", let end = lines.dropFirst().firstIndex(of: "# ---") else { return (nil, 0) }
        var start = end + 1
        while start < lines.count, lines[start].isEmpty { start += 1 }
        return (lines[1..<end].map(uncomment).joined(separator: "\n"), start)
    }

    private static func uncomment(_ line: String) -> String {
        line.hasPrefix("# ") ? String(line.dropFirst(2)) : line == "#" ? "" : line
    }

    private static func addCell(_ body: [String], title: String, line: Int, to composer: inout NotebookComposer, _ labels: inout Set<String>) {
        var source = body.filter { !$0.hasPrefix("# out:") }.droppingTrailingBlankLines()
        let options = source.prefix { $0.hasPrefix("#|") }
        let isCommentedOut = options.contains("#| eval: false") && source.dropFirst(options.count).allSatisfy { $0.hasPrefix("#") }
        if isCommentedOut { source = options + source.dropFirst(options.count).map(uncomment) }
        if CellOption.isLabel(title), !options.contains(where: { $0.hasPrefix("#| label:") }) { source.insert("#| label: \(title)", at: 0) }
        composer.addCell(composer.checkedOptions(source, line: line, labels: &labels), line: line)
    }
}

/// Values as Python source writes them.
package enum PythonLiteral {
    package static func text(_ value: ScalarValue) -> String {
        switch value {
        case .null: return "None"
        case .bool(let flag): return flag ? "True" : "False"
        case .int(let number): return String(number)
        case .float(let number): return number.isFinite ? "\(number)" : "float(\"\(number.isNaN ? "nan" : number < 0 ? "-inf" : "inf")\")"
        case .string(let text): return JSON.string(text).compact()
        case .list(let values): return "[" + values.map(self.text).joined(separator: ", ") + "]"
        case .map(let entries): return "{" + entries.map { "\(JSON.string($0.key).compact()): \(self.text($0.value))" }.joined(separator: ", ") + "}"
        }
    }
}
