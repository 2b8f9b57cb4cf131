import Markdown

/// A note set apart: GitHub's `> [!NOTE]` and Docusaurus' `:::caution Title … :::`.
struct Callout {
    let openingTag: String
    /// The node after the one that named the callout.
    let next: Int

    private static let kinds: Set<String> = ["note", "tip", "info", "important", "warning", "caution", "danger"]

    /// The quote's first paragraph begins with `[!KIND]`.
    init?(quote tree: MarkdownTree, _ index: Int) {
        guard index + 2 < tree[index].end, case .paragraph = tree[index + 1].kind, case .text(let first) = tree[index + 2].kind else { return nil }
        // cmark gives `[!NOTE]` as one or several pieces of text.
        var text = first
        var at = index + 3
        while !text.contains("]"), at < tree[index + 1].end, case .text(let more) = tree[at].kind {
            text += more
            at += 1
        }
        guard text.hasPrefix("[!"), text.hasSuffix("]") else { return nil }
        let kind = text.dropFirst(2).dropLast().lowercased()
        guard Self.kinds.contains(kind) else { return nil }
        openingTag = Self.tag(kind, title: "") + "<p>"
        if at < tree[index + 1].end, case .softBreak = tree[at].kind { at += 1 }
        next = at
    }

    private static func tag(_ kind: String, title: String) -> String {
        let shown = title.isEmpty ? kind.prefix(1).uppercased() + kind.dropFirst() : title
        return "<aside class=\"callout \(kind)\"><strong>\(HTML.escaped(shown))</strong>"
    }

    // MARK: Containers

    private static let prefix = "<!-- callout "
    private static let end = "<!-- callout end -->"

    /// The text with `:::kind Title` and `:::` lines outside of code made into comments that the tree keeps as blocks of their own.
    /// Line numbers stay.
    static func marking(_ lines: [String], isCode: (Int) -> Bool) -> [String] {
        var isOpen = false
        return lines.enumerated().map { index, line in
            guard line.hasPrefix(":::"), !isCode(index + 1) else { return line }
            let words = line.drop { $0 == ":" }.split(separator: " ", maxSplits: 1).map(String.init)
            if words.isEmpty, isOpen {
                isOpen = false
                return end
            }
            guard let kind = words.first?.lowercased(), kinds.contains(kind) else { return line }
            isOpen = true
            let title = words.count > 1 ? words[1].replacing("--", with: "- -") : ""
            return "\(prefix)\(kind) \(title) -->"
        }
    }

    /// What a comment made by `marking` becomes; nil for any other HTML.
    static func marker(_ literal: String) -> String? {
        let text = literal.split(separator: "\n").first.map(String.init) ?? ""
        if text == end { return "</aside>\n" }
        guard text.hasPrefix(prefix), text.hasSuffix(" -->") else { return nil }
        let words = text.dropFirst(prefix.count).dropLast(4).split(separator: " ", maxSplits: 1)
        guard let kind = words.first, kinds.contains(String(kind)) else { return nil }
        return tag(String(kind), title: words.count > 1 ? words[1].trimmingPrefix { $0 == " " }.description : "") + "\n"
    }
}
