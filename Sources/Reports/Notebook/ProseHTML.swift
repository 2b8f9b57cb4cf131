import Markdown
import Notebooks

/// Markdown's tree as HTML. Raw HTML passes the sanitiser, addresses are checked, images are inlined or left as links.
///
/// The tree is walked in document order with a stack of closing tags: nesting costs memory, never call stack.
struct ProseHTML {
    struct Heading {
        let level: Int
        let identifier: String
        let text: String
    }

    private let tree: MarkdownTree
    private let spans: MathSpans
    /// The bytes of an image as a data URI; nil leaves a link in its place.
    private let image: (String) -> String?
    private let trusts: Bool
    private(set) var identifiers: PageIdentifiers
    private(set) var headings: [Heading] = []
    private var footnotes: [(number: Int, html: String)] = []
    /// Sets the footnotes of one text apart from those of the page's others.
    private let footnotePrefix: String
    private(set) var imagesWithoutAlternative = 0

    init(
        _ text: PreparedMarkdown, identifiers: PageIdentifiers, footnotePrefix: String = "", trusts: Bool, image: @escaping (String) -> String?
    ) {
        tree = text.tree
        spans = text.spans
        self.identifiers = identifiers
        self.footnotePrefix = footnotePrefix
        self.trusts = trusts
        self.image = image
    }

    /// An identifier nothing else on the page has.
    mutating func identifier(_ wanted: String) -> String { identifiers.unique(wanted) }

    /// A cell's outputs, whose headings and notes share the page's identifiers.
    mutating func outputs(_ items: [OutputItem], _ renderer: OutputHTML) -> String { renderer.html(items, identifiers: &identifiers) }

    /// A top-level node. `demotes` makes a first-level heading a second-level one: the page's title is its only h1.
    mutating func html(of index: Int, demotes: Bool) -> String {
        let node = tree[index]
        if case .footnoteDefinition(let number) = node.kind {
            footnotes.append((number, spans.drawn(walk(index + 1..<node.end, demotes: demotes))))
            return ""
        }
        return spans.drawn(walk(index..<node.end, demotes: demotes)) + "\n"
    }

    /// The notes met so far, to stand below the text; empty for none.
    func footnoteSection() -> String {
        guard !footnotes.isEmpty else { return "" }
        let items = footnotes.sorted { $0.number < $1.number }.map { note in
            let name = "\(footnotePrefix)\(note.number)"
            return "<li id=\"fn-\(name)\" value=\"\(note.number)\">\(note.html) <a href=\"#fnref-\(name)\" aria-label=\"Back to the text\">↩</a></li>"
        }
        return "<section class=\"footnotes\" aria-label=\"Footnotes\"><ol>\(items.joined())</ol></section>\n"
    }

    private mutating func walk(_ range: Range<Int>, demotes: Bool) -> String {
        var html = ""
        var closing: [(end: Int, tag: String)] = []
        /// Lists whose items' paragraphs are not set apart.
        var tight: [(end: Int, isTight: Bool)] = []
        var alignments: [MarkdownNode.Alignment] = []
        var column = 0
        var isHeaderRow = false
        var hasBody = false
        var index = range.lowerBound
        func open(_ tag: String, _ node: MarkdownNode, close: String) {
            html += tag
            closing.append((node.end, close))
        }
        while index < range.upperBound {
            while let last = closing.last, last.end <= index { html += closing.removeLast().tag }
            while let last = tight.last, last.end <= index { tight.removeLast() }
            let node = tree[index]
            var next = index + 1
            switch node.kind {
            case .document: break
            case .paragraph:
                if hasRawHTML(index) {
                    let inner = walkInline(index)
                    html += (isTight(tight) ? "" : "<p>") + sanitized(inner) + (isTight(tight) ? "" : "</p>")
                    next = node.end
                } else if !isTight(tight) {
                    open("<p>", node, close: "</p>\n")
                }
            case .heading(let level):
                let text = spans.plain(tree.plainText(of: index))
                let shown = min(6, demotes ? level + 1 : level)
                let identifier = identifiers.unique(HTML.slug(text))
                headings.append(Heading(level: shown, identifier: identifier, text: text))
                let permalink = "<a class=\"anchor\" href=\"#\(identifier)\""
                if hasLink(index) {
                    open("<h\(shown) id=\"\(identifier)\">", node, close: "\(permalink) aria-label=\"Link to this section\"></a></h\(shown)>\n")
                } else {
                    open("<h\(shown) id=\"\(identifier)\">\(permalink)>", node, close: "</a></h\(shown)>\n")
                }
            case .blockQuote:
                if let callout = Callout(quote: tree, index) {
                    open(callout.openingTag, node, close: "</aside>\n")
                    next = callout.next
                } else {
                    open("<blockquote>", node, close: "</blockquote>\n")
                }
            case .list(let start, let isTight):
                tight.append((node.end, isTight))
                if let start {
                    open(start == 1 ? "<ol>" : "<ol start=\"\(start)\">", node, close: "</ol>\n")
                } else {
                    open("<ul>", node, close: "</ul>\n")
                }
            case .item(let isChecked):
                let box = isChecked.map { "<input type=\"checkbox\" disabled aria-label=\"\($0 ? "done" : "to do")\"\($0 ? " checked" : "")> " } ?? ""
                open((box.isEmpty ? "<li>" : "<li class=\"task\">") + box, node, close: "</li>\n")
            case .codeBlock(let info, let literal, _):
                let body = spans.restored(literal.hasSuffix("\n") ? String(literal.dropLast()) : literal)
                if info.prefix(while: { $0 != " " }) == "math" {
                    html += "<p>\(MathML.html(body, isDisplay: true))</p>\n"
                    break
                }
                let isPython = ["python", "py", "python3"].contains(info.prefix { $0 != " " })
                html += "<pre class=\"source\" tabindex=\"0\"><code>\(isPython ? CodeHTML.highlighted(body) : HTML.escaped(body))</code></pre>\n"
            case .htmlBlock(let literal):
                html += Callout.marker(spans.restored(literal)) ?? sanitized(spans.restored(literal))
            case .thematicBreak: html += "<hr>\n"
            case .footnoteDefinition(let number):
                footnotes.append((number, walk(index + 1..<node.end, demotes: demotes)))
                next = node.end
            case .table(let given):
                alignments = given
                hasBody = false
                open("<div class=\"scroll\" tabindex=\"0\"><table>", node, close: (hasRows(index) ? "</tbody>" : "") + "</table></div>\n")
            case .tableRow(let isHeader):
                column = 0
                isHeaderRow = isHeader
                if !isHeader, !hasBody {
                    hasBody = true
                    html += "<tbody>"
                }
                open(isHeader ? "<thead><tr>" : "<tr>", node, close: isHeader ? "</tr></thead>\n" : "</tr>\n")
            case .tableCell:
                let side = alignments.indices.contains(column) ? alignments[column] : .none
                column += 1
                let style = side == .right ? " class=\"r\"" : side == .center ? " class=\"m\"" : ""
                open(isHeaderRow ? "<th scope=\"col\"\(style)>" : "<td\(style)>", node, close: isHeaderRow ? "</th>" : "</td>")
            default:
                let (tags, after) = inline(node, index)
                if let close = tags.close { open(tags.open, node, close: close) } else { html += tags.open }
                next = after
            }
            index = next
        }
        while let last = closing.popLast() { html += last.tag }
        return html
    }

    private func isTight(_ lists: [(end: Int, isTight: Bool)]) -> Bool { lists.last?.isTight ?? false }

    private func hasRows(_ table: Int) -> Bool {
        tree.children(of: table).contains { if case .tableRow(isHeader: false) = tree[$0].kind { true } else { false } }
    }

    private func hasRawHTML(_ index: Int) -> Bool {
        (index + 1..<tree[index].end).contains { if case .htmlInline = tree[$0].kind { true } else { false } }
    }

    /// Whether a link around the node's content would hold another one.
    private func hasLink(_ index: Int) -> Bool {
        (index + 1..<tree[index].end).contains {
            switch tree[$0].kind {
            case .link, .footnoteReference, .htmlInline: true
            default: false
            }
        }
    }

    private func sanitized(_ html: String) -> String { trusts ? html : HTMLSanitizer.sanitize(html, image: image) }

    // MARK: Inline

    private mutating func walkInline(_ parent: Int) -> String {
        var html = ""
        var closing: [(end: Int, tag: String)] = []
        var index = parent + 1
        while index < tree[parent].end {
            while let last = closing.last, last.end <= index { html += closing.removeLast().tag }
            let (tags, after) = inline(tree[index], index)
            html += tags.open
            if let close = tags.close { closing.append((tree[index].end, close)) }
            index = after
        }
        while let last = closing.popLast() { html += last.tag }
        return html
    }

    /// The tags of an inline node and where the walk goes on.
    private mutating func inline(_ node: MarkdownNode, _ index: Int) -> ((open: String, close: String?), Int) {
        func leaf(_ html: String) -> ((open: String, close: String?), Int) { ((html, nil), index + 1) }
        switch node.kind {
        case .text(let literal): return leaf(HTML.escaped(literal))
        case .softBreak: return leaf("\n")
        case .lineBreak: return leaf("<br>\n")
        case .code(let literal): return leaf("<code>\(HTML.escaped(spans.restored(literal)))</code>")
        case .htmlInline(let literal): return leaf(spans.restored(literal))
        case .emphasis: return (("<em>", "</em>"), index + 1)
        case .strong: return (("<strong>", "</strong>"), index + 1)
        case .strikethrough: return (("<del>", "</del>"), index + 1)
        case .link(let address, let hover):
            let (url, title) = (spans.restored(address), spans.restored(hover))
            guard HTMLSanitizer.isSafeURL(HTML.escaped(url), isImage: false) else { return (("", ""), index + 1) }
            let hint = title.isEmpty ? "" : " title=\"\(HTML.escaped(title))\""
            let outside = url.hasPrefix("http") ? " rel=\"noopener noreferrer\"" : ""
            return (("<a href=\"\(HTML.escaped(url))\"\(hint)\(outside)>", "</a>"), index + 1)
        case .image(let address, let hover):
            let (url, title) = (spans.restored(address), spans.restored(hover))
            let alternative = spans.restored(tree.plainText(of: index))
            if alternative.isEmpty { imagesWithoutAlternative += 1 }
            let hint = title.isEmpty ? "" : " title=\"\(HTML.escaped(title))\""
            if let data = image(url) { return (("<img src=\"\(data)\" alt=\"\(HTML.escaped(alternative))\"\(hint)>", nil), node.end) }
            let text = HTML.escaped(alternative.isEmpty ? url : alternative)
            guard HTMLSanitizer.isSafeURL(HTML.escaped(url), isImage: false) else { return ((text, nil), node.end) }
            return (("<a href=\"\(HTML.escaped(url))\" rel=\"noopener noreferrer\">\(text)</a>", nil), node.end)
        case .footnoteReference(let number):
            let name = "\(footnotePrefix)\(number)"
            return leaf(
                "<sup><a href=\"#fn-\(name)\" id=\"\(identifiers.unique("fnref-\(name)"))\" aria-label=\"Footnote \(number)\">\(number)</a></sup>")
        default: return leaf("")
        }
    }
}
