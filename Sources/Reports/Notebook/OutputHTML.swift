import Markdown
import Notebooks

/// A cell's stored outputs as HTML.
struct OutputHTML {
    /// The cell's identifier on the page.
    let cell: String
    let caption: String?
    let tableCaption: String?
    let trusts: Bool
    /// The bytes of an asset as a data URI, nil when it is missing.
    let image: (String) -> String?

    /// - Parameter identifiers: those of the page, which headings inside outputs share.
    func html(_ items: [OutputItem], identifiers: inout PageIdentifiers) -> String {
        var parts: [String] = []
        for item in items { parts.append(html(item, &identifiers)) }
        return parts.joined(separator: "\n")
    }

    private func html(_ item: OutputItem, _ identifiers: inout PageIdentifiers) -> String {
        switch item {
        case .text(let role, let lines):
            let text = lines.joined(separator: "\n")
            switch role {
            case .error: return "<pre class=\"out error\" tabindex=\"0\" role=\"group\" aria-label=\"Error\">\(CodeHTML.traceback(lines))</pre>"
            case .stderr: return "<pre class=\"out stderr\" tabindex=\"0\" role=\"group\" aria-label=\"Messages\">\(HTML.content(text))</pre>"
            case .stdout, .result, .display: return "<pre class=\"out\" tabindex=\"0\">\(HTML.content(text))</pre>"
            }
        case .table(let table): return html(table)
        case .image(let reference):
            let shown = reference.path.hasPrefix("data:") ? reference.path : image(reference.path)
            guard let shown, HTMLSanitizer.isSafeURL(shown, isImage: true) || shown.hasPrefix("data:image/svg+xml;base64,") else {
                return "<p class=\"alert\">The image \(HTML.escaped(reference.path)) is missing.</p>"
            }
            let text = caption.map { "<figcaption>\(HTML.escaped($0))</figcaption>" } ?? ""
            return "<figure><img src=\"\(shown)\" alt=\"\(HTML.escaped(reference.alt))\">\(text)</figure>"
        case .markdown(let lines):
            let text = PreparedMarkdown(lines)
            let prefix = identifiers.unique("\(cell)-note") + "-"
            var prose = ProseHTML(text, identifiers: identifiers, footnotePrefix: prefix, trusts: trusts, image: image)
            var html = ""
            for index in text.tree.topLevel { html += prose.html(of: index, demotes: true) }
            identifiers = prose.identifiers
            return html + prose.footnoteSection()
        case .html(let lines):
            let text = lines.joined(separator: "\n")
            return "<div class=\"scroll\" tabindex=\"0\">\(trusts ? text : HTMLSanitizer.sanitize(text, image: image))</div>"
        case .elision(let lines, let log):
            let place = log.map { "; the whole output is in \(HTML.escaped($0))" } ?? ""
            return "<p class=\"note\">… \(lines) more lines\(place)</p>"
        case .unknown(let lines): return "<pre class=\"out\" tabindex=\"0\">\(HTML.escaped(lines.joined(separator: "\n")))</pre>"
        }
    }

    private func html(_ table: Table) -> String {
        func style(_ column: Int) -> String {
            guard table.alignments.indices.contains(column) else { return "" }
            switch table.alignments[column] {
            case .right: return " class=\"r\""
            case .center: return " class=\"m\""
            case .left, .none: return ""
            }
        }
        let head = table.header.enumerated().map { "<th scope=\"col\"\(style($0))>\(HTML.escaped($1))</th>" }.joined()
        let rows = table.rows.map { row in "<tr>" + row.enumerated().map { "<td\(style($0))>\(HTML.escaped($1))</td>" }.joined() + "</tr>" }.joined(
            separator: "\n")
        let more = table.hiddenRows > 0 ? "… \(table.hiddenRows) more rows" + (table.fullData.map { " in \($0)" } ?? "") : ""
        let words = [tableCaption, more.isEmpty ? nil : more].compactMap { $0 }.joined(separator: " · ")
        let text = words.isEmpty ? "" : "<caption>\(HTML.escaped(words))</caption>"
        return "<div class=\"scroll\" tabindex=\"0\"><table>\(text)<thead><tr>\(head)</tr></thead><tbody>\(rows)</tbody></table></div>"
    }
}
