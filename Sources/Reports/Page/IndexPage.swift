/// The page that lists a folder's reports.
package struct IndexPage {
    private let title: String
    private let entries: [(title: String, target: String, summary: String)]

    package init(title: String, entries: [(title: String, target: String, summary: String)]) {
        self.title = title
        self.entries = entries
    }

    package func html() -> String {
        let items = entries.map { entry in
            "<li><a href=\"\(HTML.escaped(entry.target))\">\(HTML.escaped(entry.title))</a> <span class=\"author\">\(HTML.escaped(entry.summary))</span></li>"
        }
        let body = """
            <header class="tools"><button id="theme" type="button">light / dark</button></header>
            <div class="page"><main id="main"><h1>\(HTML.escaped(title))</h1><ul>\(items.joined(separator: "\n"))</ul></main></div>
            """
        return PageFrame(title: title, body: body).html
    }
}
