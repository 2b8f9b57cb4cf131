import Markdown

/// Admits Markdown and HTML that a program emits, but only where it cannot change what follows it.
package enum RawOutput {
    /// A table when the text is one pipe table of plain cells; raw Markdown when it ends where it ends and holds no raw HTML; else nil.
    package static func markdown(_ text: String) -> OutputItem? {
        let lines = LineAssembler.lines(of: text)
        if let (table, count) = Table.read(lines[...]), count == lines.count, lines.allSatisfy(TableText.isPlain) { return .table(table) }
        let isPlain = !lines.contains(where: MarkerEscape.isAffected) && lines.contains { !$0.isEmpty }
        return isPlain && isSelfContained(lines) && !holdsHTML(lines) ? .markdown(lines) : nil
    }

    /// Sanitised HTML as lines without a blank one, so that Markdown reads it as a single block; nil when nothing is left.
    package static func html(_ text: String) -> OutputItem? {
        let clean = HTMLSanitizer.sanitize(text)
        var lines: [String] = []
        for line in LineAssembler.lines(of: clean) {
            if !line.isEmpty {
                lines.append(MarkerEscape.isAffected(line) ? "&#\(line.utf8.first ?? 0);" + line.dropFirst() : line)
            } else if !lines.isEmpty, clean.contains("<pre") {
                // In <pre> a blank line shows; as a character reference it no longer ends the Markdown block.
                lines[lines.count - 1] += "&#10;"
            }
        }
        guard lines.contains(where: { !$0.isEmpty }) else { return nil }
        return .html(["<div>"] + lines + ["</div>"])
    }

    /// Whether a line put after the text is read as a block of its own at the top level.
    package static func isSelfContained(_ lines: [String]) -> Bool {
        let text = lines.joined(separator: "\n") + "\n\n" + sentinel + "\n"
        let tree = MarkdownTree(parsing: text)
        guard let last = tree.topLevel.reduce(nil as Int?, { $1 }) else { return false }
        return tree[last].kind == .htmlBlock(sentinel + "\n")
    }

    private static let sentinel = "<!-- end of output -->"

    private static func holdsHTML(_ lines: [String]) -> Bool {
        MarkdownTree(parsing: lines.joined(separator: "\n")).nodes.contains {
            switch $0.kind {
            case .htmlBlock, .htmlInline: true
            case .link(let url, _): !HTMLSanitizer.isSafeURL(url, isImage: false)
            case .image(let url, _): !HTMLSanitizer.isSafeURL(url, isImage: true)
            default: false
            }
        }
    }
}
