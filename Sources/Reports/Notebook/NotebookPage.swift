import Markdown
import Notebooks

/// A notebook's report: prose, code and stored outputs on one page. Nothing is executed.
package struct NotebookPage {
    /// What the run record and the command line add to what the notebook itself says.
    package struct Facts {
        /// Shown below the title, in order: `("engine", "qnb 0.1")`.
        package var items: [(name: String, value: String)] = []
        /// Seconds of each cell, by name.
        package var seconds: [String: Double] = [:]

        package init() {}
    }

    private let loaded: LoadedNotebook
    private let staleness: Staleness
    private let facts: Facts
    private let options: ReportOptions
    private let image: (String) -> String?
    private let digest: (String) -> String
    /// For the user: what the page lacks.
    package private(set) var warnings: [String] = []

    /// - Parameters:
    ///   - image: an image beside the notebook as a data URI, nil when there is none.
    ///   - digest: base 64 of the SHA-256 of a text.
    package init(
        _ loaded: LoadedNotebook, staleness: Staleness, facts: Facts, options: ReportOptions, digest: @escaping (String) -> String,
        image: @escaping (String) -> String?
    ) {
        self.loaded = loaded
        self.staleness = staleness
        self.facts = facts
        self.options = options
        self.digest = digest
        self.image = image
    }

    package mutating func html() -> String {
        let notebook = loaded.notebook
        let tree = markedTree(notebook)
        var prose = ProseHTML(tree, identifiers: PageIdentifiers(), trusts: options.trusts, image: image)
        for reserved in ["main", "theme", "fold"] { _ = prose.identifier(reserved) }
        let ownTitle = options.title ?? notebook.frontMatter.title
        var title = ownTitle
        var content = ""
        var remaining = notebook.cells[...]
        for index in tree.topLevel {
            let node = tree[index]
            let line = node.range.startLine
            if let lines = notebook.frontMatter.lines, lines.contains(line) { continue }
            if let cell = remaining.first, cell.openLine == line {
                remaining = remaining.dropFirst()
                content += cellHTML(cell, &prose)
                continue
            }
            if isToolOwned(line, notebook) { continue }
            if case .heading(1) = node.kind {
                let text = tree.plainText(of: index)
                // The first heading of the first level is the page's title, once.
                if title == nil || title == text, content.isEmpty || title == nil {
                    title = title ?? text
                    continue
                }
                content += prose.html(of: index, demotes: true)
                continue
            }
            content += prose.html(of: index, demotes: false)
        }
        if prose.imagesWithoutAlternative > 0 { warnings.append("\(prose.imagesWithoutAlternative) images of the text have no description") }
        let name = title ?? loaded.paths.name
        let body = page(name, content + footnotes(prose), prose.headings)
        return PageFrame(title: name, body: body, digest: digest).html
    }

    // MARK: Parts

    private func markedTree(_ notebook: Notebook) -> MarkdownTree {
        let tree = MarkdownTree(parsing: notebook.text.bytes)
        let lines = notebook.text.count == 0 ? [] : (1...notebook.text.count).map { notebook.text.text($0) }
        guard lines.contains(where: { $0.hasPrefix(":::") }) else { return tree }
        var code = Set<Int>()
        for node in tree.nodes {
            if case .codeBlock = node.kind, node.range.startLine <= node.range.endLine { code.formUnion(node.range.startLine...node.range.endLine) }
        }
        return MarkdownTree(parsing: Callout.marking(lines) { code.contains($0) }.joined(separator: "\n") + "\n")
    }

    private func isToolOwned(_ line: Int, _ notebook: Notebook) -> Bool {
        if line == notebook.sealLine { return true }
        return notebook.cells.contains { cell in
            cell.block.map { $0.lines.contains(line) } ?? false || (cell.openLine...cell.closeLine).contains(line)
        } || notebook.text.text(line).hasPrefix("<!-- qnb:")
    }

    private func page(_ title: String, _ content: String, _ headings: [ProseHTML.Heading]) -> String {
        let entries = headings.filter { $0.level <= 3 }.map { heading in
            "<li\(heading.level > 2 ? " class=\"deep\"" : "")><a href=\"#\(heading.identifier)\">\(HTML.escaped(heading.text))</a></li>"
        }
        let contents = options.hasContents && entries.count > 1 ? "<nav class=\"toc\" aria-label=\"Contents\"><ol>\(entries.joined())</ol></nav>" : ""
        let items = facts.items.map { "<div><dt>\(HTML.escaped($0.name))</dt><dd>\(HTML.escaped($0.value))</dd></div>" }.joined()
        let author = options.author.map { "<p class=\"author\">\(HTML.escaped($0))</p>" } ?? ""
        return """
            <div class="tools"><button id="fold" type="button" aria-pressed="false">fold code</button><button id="theme" type="button">light / dark</button></div>
            <div class="page"><main id="main">
            <h1>\(HTML.escaped(title))</h1>
            \(author)\(items.isEmpty ? "" : "<dl class=\"facts\">\(items)</dl>")
            \(alert)\(content)
            </main>\(contents)</div>
            """
    }

    private var alert: String {
        let stale = staleness.reasons.filter { $0 != nil }.count
        guard stale > 0 || !staleness.edited.isEmpty else { return "" }
        var parts: [String] = []
        if stale > 0 { parts.append("\(stale) of \(staleness.reasons.count) cells show outputs that no longer match their source") }
        if !staleness.edited.isEmpty { parts.append("\(staleness.edited.count) outputs were edited by hand") }
        return "<p class=\"alert\" role=\"note\">\(parts.joined(separator: "; ")). Running the notebook again brings them up to date.</p>\n"
    }

    private func footnotes(_ prose: ProseHTML) -> String {
        guard !prose.footnotes.isEmpty else { return "" }
        let items = prose.footnotes.sorted { $0.number < $1.number }.map {
            "<li id=\"fn-\($0.number)\" value=\"\($0.number)\">\($0.html) <a href=\"#fnref-\($0.number)\" aria-label=\"Back to the text\">↩</a></li>"
        }
        return "<section class=\"footnotes\" aria-label=\"Footnotes\"><ol>\(items.joined())</ol></section>"
    }

    // MARK: Cells

    private mutating func cellHTML(_ cell: Cell, _ prose: inout ProseHTML) -> String {
        let options = cell.options
        guard options.isIncluded else { return "" }
        let identifier = prose.identifier(cell.name)
        let outputs = options.showsOutput ? loaded.notebook.outputs(of: cell, paths: loaded.paths) : []
        let code = codeHTML(cell)
        if code.isEmpty, outputs.isEmpty { return "" }
        let missing = outputs.contains { if case .image(let image) = $0 { image.alt.isEmpty } else { false } }
        if missing { warnings.append("\(loaded.paths.fileName):\(cell.openLine): the image of \(cell.name) has no description; fig-alt gives it one") }
        let renderer = OutputHTML(caption: options.figureCaption, tableCaption: options.tableCaption, trusts: self.options.trusts, image: image)
        return """
            <section class="cell" id="\(identifier)" aria-label="Cell \(HTML.escaped(cell.name))">
            <div class="bar"><a class="name" href="#\(identifier)">\(HTML.escaped(cell.name))</a>\(badges(cell))\(timing(cell))\(code.isEmpty ? "" : "<button class=\"copy\" type=\"button\">copy</button>")</div>
            \(code)\(renderer.html(outputs))
            </section>

            """
    }

    private func codeHTML(_ cell: Cell) -> String {
        let options = cell.options
        guard options.showsCode, !self.options.hidesCode else { return "" }
        let lines = cell.source.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(cell.optionLineCount)
        var source = lines.joined(separator: "\n")
        while source.hasSuffix("\n") { source.removeLast() }
        guard !source.isEmpty else { return "" }
        let isFolded = options.foldsCode ?? self.options.foldsCode
        let summary = options.codeSummary ?? "Code"
        return """
            <details class="code"\(isFolded ? "" : " open")><summary>\(HTML.escaped(summary))</summary><pre class="source" tabindex="0"><code>\(CodeHTML.highlighted(source))</code></pre></details>

            """
    }

    private func badges(_ cell: Cell) -> String {
        var html = ""
        if let reason = staleness.reasons[cell.index] { html += "<span class=\"badge stale\" title=\"\(HTML.escaped(reason.message))\">STALE</span>" }
        if staleness.edited.contains(cell.index) { html += "<span class=\"badge edited\" title=\"the output was edited by hand\">EDITED</span>" }
        if let status = cell.block?.marker.status, status != .done {
            let isExpected = status == .error && (!cell.options.raises.isEmpty || cell.options.allowsError)
            html += isExpected ? "<span class=\"badge\">raises</span>" : "<span class=\"badge failed\">\(status == .error ? "FAILED" : status.rawValue.uppercased())</span>"
        }
        return html
    }

    private func timing(_ cell: Cell) -> String {
        guard let seconds = facts.seconds[cell.name] else { return "<span class=\"time\"></span>" }
        return "<span class=\"time\">\(Self.duration(seconds))</span>"
    }

    package static func duration(_ seconds: Double) -> String {
        if seconds < 0.9995 { return "\(Int((seconds * 1000).rounded())) ms" }
        if seconds < 99.95 { return "\((seconds * 10).rounded() / 10) s" }
        let whole = Int(seconds.rounded())
        return whole < 3600 ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole / 60 % 60) min"
    }
}
