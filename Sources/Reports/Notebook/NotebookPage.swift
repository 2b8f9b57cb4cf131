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
    private let edited: Set<Int>
    private let facts: Facts
    package let options: ReportOptions
    private let image: (String) -> String?
    /// For the user: what the page lacks.
    package private(set) var warnings: [String] = []
    /// The page's name, known once it is made.
    package private(set) var title = ""

    /// - Parameters:
    ///   - image: an image beside the notebook as a data URI, nil when there is none.
    package init(
        _ loaded: LoadedNotebook, staleness: Staleness, facts: Facts, options: ReportOptions,
        image: @escaping (String) -> String?
    ) {
        self.loaded = loaded
        self.staleness = staleness
        edited = Set(staleness.edited)
        self.facts = facts
        self.options = options
        self.image = image
    }

    /// The whole page, self-contained.
    package mutating func html() -> String {
        let parts = parts()
        title = parts.title
        return PageFrame(title: parts.title, theme: options.theme, body: Self.body(parts.segments.joined(), parts.contents)).html
    }

    /// The page in pieces, each of which a live page can replace by itself.
    package mutating func parts() -> PageParts {
        let notebook = loaded.notebook
        let text = PreparedMarkdown(proseLines(notebook))
        let tree = text.tree
        var prose = ProseHTML(text, identifiers: PageIdentifiers(), trusts: options.trusts, image: image)
        for reserved in ["main", "theme", "fold", "live"] { _ = prose.identifier(reserved) }
        var title = options.title ?? notebook.frontMatter.title
        var segments = PageSegments()
        var remaining = notebook.cells[...]
        for index in tree.topLevel {
            let node = tree[index]
            let line = node.range.startLine
            if let lines = notebook.frontMatter.lines, lines.contains(line) { continue }
            if let cell = remaining.first, cell.openLine == line {
                remaining = remaining.dropFirst()
                segments.addCell(cellHTML(cell, &prose))
                continue
            }
            // Seal and other markers.
            if notebook.text.text(line).hasPrefix("<!-- qnb:") { continue }
            if case .heading(1) = node.kind {
                let words = tree.plainText(of: index)
                // The first heading of the first level is the page's title, once.
                if title == nil || title == words, segments.isEmpty || title == nil {
                    title = title ?? text.spans.plain(words)
                    continue
                }
                segments.addProse(prose.html(of: index, demotes: true))
                continue
            }
            segments.addProse(prose.html(of: index, demotes: false))
        }
        segments.addProse(prose.footnoteSection())
        if prose.imagesWithoutAlternative > 0 {
            let count = prose.imagesWithoutAlternative
            warnings.append(
                "\(loaded.notebook.file): \(count) image\(count == 1 ? "" : "s") of the text \(count == 1 ? "has" : "have") no description")
        }
        let name = title ?? loaded.paths.name
        return PageParts(title: name, segments: [head(name)] + segments.finished(), contents: contents(prose.headings))
    }

    // MARK: Parts

    /// The notebook's lines with the outputs left out: they are not prose, and what they hold must not reach into it.
    private func proseLines(_ notebook: Notebook) -> [String] {
        guard notebook.text.count > 0 else { return [] }
        var lines = (1...notebook.text.count).map { notebook.text.text($0) }
        for cell in notebook.cells {
            guard let block = cell.block else { continue }
            for line in block.lines where lines.indices.contains(line - 1) { lines[line - 1] = "" }
        }
        return lines
    }

    private func head(_ title: String) -> String {
        let items = facts.items.map { "<div><dt>\(HTML.escaped($0.name))</dt><dd>\(HTML.escaped($0.value))</dd></div>" }.joined()
        let author = options.author.map { "<p class=\"author\">\(HTML.escaped($0))</p>\n" } ?? ""
        let list = items.isEmpty ? "" : "<dl class=\"facts\">\(items)</dl>\n"
        return "<h1>\(HTML.escaped(title))</h1>\n\(author)\(list)\(alert)"
    }

    private func contents(_ headings: [ProseHTML.Heading]) -> String {
        let entries = headings.filter { $0.level <= 3 }.map { heading in
            "<li\(heading.level > 2 ? " class=\"deep\"" : "")><a href=\"#\(heading.identifier)\">\(HTML.escaped(heading.text))</a></li>"
        }
        return options.hasContents && entries.count > 1 ? "<nav class=\"toc\" aria-label=\"Contents\"><ol>\(entries.joined())</ol></nav>" : ""
    }

    /// What a notebook's page has between its body tags.
    /// - Parameters:
    ///   - version: of a live page, which its script counts on from.
    ///   - note: stands above the page's own text.
    package static func body(_ content: String, _ contents: String, version: Int? = nil, note: String = "") -> String {
        """
        <header class="tools"><button id="fold" type="button" aria-pressed="false">fold code</button><button id="theme" type="button">light / dark</button></header>
        \(note)<div class="page"><main id="main"\(version.map { " data-version=\"\($0)\"" } ?? "")>
        \(content)
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

    // MARK: Cells

    private mutating func cellHTML(_ cell: Cell, _ prose: inout ProseHTML) -> String {
        let options = cell.options
        guard options.isIncluded else { return "" }
        let identifier = prose.identifier(cell.name)
        let outputs = options.showsOutput ? loaded.notebook.outputs(of: cell, paths: loaded.paths) : []
        let code = codeHTML(cell)
        if code.isEmpty, outputs.isEmpty { return "" }
        let missing = outputs.contains { if case .image(let image) = $0 { image.alt.isEmpty } else { false } }
        if missing { warnings.append("\(loaded.notebook.file):\(cell.openLine): the image of \(cell.name) has no description; fig-alt gives it one") }
        let renderer = OutputHTML(
            cell: identifier, caption: options.figureCaption, tableCaption: options.tableCaption, trusts: self.options.trusts, image: image)
        let name = HTML.escaped(cell.name)
        return """
            <div class="cell\(cell.block?.marker.status == .running ? " running" : "")" id="\(identifier)" role="group" aria-label="\(name)">
            <div class="bar"><a href="#\(identifier)">\(name)</a>\(badges(cell))\(timing(cell))</div>
            \(code)\(prose.outputs(outputs, renderer))
            </div>

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
            <details class="code"\(isFolded ? "" : " open")><summary>\(HTML.escaped(summary))</summary><pre tabindex="0"><code>\(CodeHTML.highlighted(source))</code></pre></details>

            """
    }

    private func badges(_ cell: Cell) -> String {
        var html = ""
        if let reason = staleness.reasons[cell.index] { html += "<span class=\"badge stale\" title=\"\(HTML.escaped(reason.message))\">STALE</span>" }
        if edited.contains(cell.index) { html += "<span class=\"badge edited\" title=\"the output was edited by hand\">EDITED</span>" }
        if let status = cell.block?.marker.status, status != .done {
            let isExpected = status == .error && (!cell.options.raises.isEmpty || cell.options.allowsError)
            html +=
                isExpected
                ? "<span class=\"badge\">raises</span>"
                : "<span class=\"badge failed\">\(status == .error ? "FAILED" : status.rawValue.uppercased())</span>"
        }
        return html
    }

    private func timing(_ cell: Cell) -> String {
        facts.seconds[cell.name].map { "<span class=\"time\">\(Self.duration($0))</span>" } ?? ""
    }

    package static func duration(_ seconds: Double) -> String {
        if seconds < 0.9995 { return "\(Int((seconds * 1000).rounded())) ms" }
        if seconds < 99.95 { return "\((seconds * 10).rounded() / 10) s" }
        let whole = Int(seconds.rounded())
        return whole < 3600 ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole / 60 % 60) min"
    }
}
