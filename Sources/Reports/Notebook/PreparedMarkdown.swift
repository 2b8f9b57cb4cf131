import Markdown

/// Markdown parsed with what is not Markdown put aside: formulas, and containers of call-outs. Lines keep their numbers.
struct PreparedMarkdown {
    let tree: MarkdownTree
    let spans: MathSpans

    init(_ lines: [String]) {
        let plain = MarkdownTree(parsing: lines.joined(separator: "\n") + "\n")
        let hasCallouts = lines.contains { $0.hasPrefix(":::") }
        let hasMath = lines.contains { $0.contains("$") }
        guard hasCallouts || hasMath else {
            tree = plain
            spans = MathSpans()
            return
        }
        var code = Set<Int>()
        for node in plain.nodes {
            if case .codeBlock = node.kind, node.range.startLine <= node.range.endLine { code.formUnion(node.range.startLine...node.range.endLine) }
        }
        var marked = lines
        var found = MathSpans()
        if hasMath { (marked, found) = MathSpans.extracting(marked, code: code) }
        if hasCallouts { marked = Callout.marking(marked) { code.contains($0) } }
        tree = MarkdownTree(parsing: marked.joined(separator: "\n") + "\n")
        spans = found
    }
}
