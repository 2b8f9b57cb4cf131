import Notebooks

/// A notebook's page that is being looked at while its notebook changes: what each version added, so that a browser gets no more than that.
package struct LivePage: Sendable {
    /// 0 before the first content.
    package private(set) var version = 0
    private var title = ""
    private var theme: ReportOptions.Theme?
    private var contents = ""
    /// Why the page shows an earlier state than the file; empty when it does not.
    private var problem = ""
    private var order: [String] = []
    private var segments: [String: (html: String, since: Int)] = [:]

    package init() {}

    /// Takes a new state of the page; the version stays when nothing changed.
    package mutating func update(_ parts: PageParts, theme: ReportOptions.Theme? = nil) {
        var order: [String] = []
        var segments: [String: (html: String, since: Int)] = [:]
        for html in parts.segments {
            let key = Self.key(html)
            var name = key
            var copy = 2
            while segments[name] != nil {
                name = "\(key)-\(copy)"
                copy += 1
            }
            segments[name] = (html, self.segments[name]?.since ?? version + 1)
            order.append(name)
        }
        guard order != self.order || parts.contents != contents || parts.title != title || !problem.isEmpty || theme != self.theme else { return }
        version += 1
        (title, contents, self.theme, problem, self.order, self.segments) = (parts.title, parts.contents, theme, "", order, segments)
    }

    /// The notebook cannot be shown as it is; the page keeps what it has.
    package mutating func fail(_ message: String, name: String) {
        if order.isEmpty { title = name }
        guard message != problem else { return }
        problem = message
        version += 1
    }

    /// FNV-1a of 64 bits.
    private static func key(_ html: String) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in html.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return String(hash, radix: 36)
    }

    /// The whole page at its present version.
    package var document: String {
        let parts = order.compactMap { name in segments[name].map { "<div class=\"part\" data-key=\"\(name)\">\($0.html)</div>" } }
        let note = "<p id=\"live\" class=\"alert\" role=\"status\"\(problem.isEmpty ? " hidden" : "")>\(HTML.escaped(problem))</p>\n"
        let body = NotebookPage.body(parts.joined(separator: "\n"), contents, version: version, note: note)
        return PageFrame(title: title, theme: theme, body: body, script: LiveScript.text, isLive: true).html
    }

    /// What a browser that has an earlier version needs; nil when it has this one.
    package func changes(after earlier: Int) -> JSON? {
        guard earlier != version else { return nil }
        // A version from another life of the server says nothing about what the browser has.
        let known = earlier < version ? earlier : 0
        let parts = order.compactMap { name in segments[name].flatMap { $0.since > known ? JSON.Member(name, .string($0.html)) : nil } }
        return .object([
            JSON.Member("version", .int(version)), JSON.Member("title", .string(title)), JSON.Member("problem", .string(problem)),
            JSON.Member("contents", .string(contents)), JSON.Member("order", .array(order.map { .string($0) })), JSON.Member("parts", .object(parts)),
        ])
    }
}
