import Markdown
import Testing

@Suite struct MarkdownTreeTests {
    private func kinds(_ text: String) -> [MarkdownNode.Kind] { MarkdownTree(parsing: text).nodes.map(\.kind) }

    @Test func nodesComeInDocumentOrderWithLines() {
        let tree = MarkdownTree(parsing: "# Title\n\ntext *em*\n\n```python\n1 + 1\n```\n")
        let blocks = tree.topLevel.map { tree[$0] }
        #expect(
            blocks.map(\.kind) == [
                .heading(level: 1), .paragraph,
                .codeBlock(info: "python", literal: "1 + 1\n", fence: MarkdownNode.Fence(length: 3, indent: 0, character: Ascii.backtick)),
            ])
        #expect(blocks.map(\.range.startLine) == [1, 3, 5])
        #expect(blocks.map(\.range.endLine) == [1, 3, 7])
        #expect(tree.plainText(of: 3) == "text em")
    }

    @Test func gitHubExtensionsAreParsed() {
        let nodes = kinds("| a | b |\n|:--|--:|\n| 1 | ~~2~~ |\n\n- [x] done\n- [ ] open\n\nwww.example.com and [^1]\n\n[^1]: note\n")
        #expect(nodes.contains(.table([.left, .right])))
        #expect(nodes.contains(.tableRow(isHeader: true)))
        #expect(nodes.contains(.strikethrough))
        #expect(nodes.contains(.item(isChecked: true)))
        #expect(nodes.contains(.item(isChecked: false)))
        #expect(nodes.contains(.link(url: "http://www.example.com", title: "")))
        #expect(nodes.contains(.footnoteDefinition(number: 1)))
        #expect(nodes.contains(.footnoteReference(number: 1)))
    }

    @Test(arguments: ["\n", "\r\n", "\r"]) func linesAreCountedAsSourceLinesCountsThem(_ end: String) {
        let text = ["para", "", "```text", "x", "```", "<!-- c -->", "~~~", "y", "~~~"].joined(separator: end) + end
        let tree = MarkdownTree(parsing: text)
        let lines = SourceLines(text)
        #expect(lines.count == 9)
        #expect(tree.topLevel.map { tree[$0].range.startLine } == [1, 3, 6, 7])
        #expect(lines.text(7) == "~~~")
    }

    @Test func deepNestingCostsNoCallStack() {
        for text in [
            String(repeating: "> ", count: 5_000) + "x", String(repeating: "[", count: 20_000), String(repeating: "*a ", count: 20_000),
            String(repeating: "- ", count: 2_000) + "x", String(repeating: "![", count: 5_000) + String(repeating: "](a)", count: 5_000),
        ] {
            let tree = MarkdownTree(parsing: text)
            #expect(tree.nodes[0].end == tree.nodes.count)
        }
    }

    @Test func nullBytesAndInvalidUTF8AreRead() {
        let tree = MarkdownTree(parsing: [0x61, 0x00, 0xFF, 0x0A])
        #expect(tree.plainText(of: 0) == "a\u{FFFD}\u{FFFD}")
    }

    @Test func emptyTextIsAnEmptyDocument() {
        #expect(MarkdownTree(parsing: "").nodes.map(\.kind) == [.document])
        #expect(SourceLines("").count == 0)
    }

    @Test func parsersRunConcurrently() async {
        await withTaskGroup(of: Int.self) { group in
            for _ in 0..<50 { group.addTask { MarkdownTree(parsing: "| a |\n|---|\n| ~~b~~ |\n").nodes.count } }
            var counts: Set<Int> = []
            for await count in group { counts.insert(count) }
            #expect(counts.count == 1)
        }
    }
}

@Suite struct HTMLSanitizerTests {
    @Test(arguments: [
        ("<b>x</b>", "<b>x</b>"),
        ("<script>alert(1)</script>y", "y"),
        ("<SCRIPT>a<b></SCRIPT >y", "y"),
        ("<a href=\"javascript:x\" onclick=y title='t'>z</a>", "<a title=\"t\">z</a>"),
        ("<a href=\" java\tscript:x\">z</a>", "<a>z</a>"),
        ("<a href=\"java&#115;cript:x\">z</a>", "<a>z</a>"),
        ("<a href='https://e.org/?a=1&b=2'>z</a>", "<a href=\"https://e.org/?a=1&b=2\">z</a>"),
        ("<img src=\"data:image/svg+xml;base64,AA\">", "<img>"),
        ("<img src=data:image/png;base64,AA alt=x>", "<img src=\"data:image/png;base64,AA\" alt=\"x\">"),
        ("a<!-- x --><!DOCTYPE y>b", "ab"),
        ("<div><p>unclosed", "<div><p>unclosed</p></div>"),
        ("</div></table>x", "x"),
        ("1 < 2 & 3 &amp; &lt;", "1 &lt; 2 &amp; 3 &amp; &lt;"),
        ("<svg><script>x</script></svg>q", "q"),
        ("<style>a{}</style><unknown>kept</unknown>", "kept"),
        ("<b title=\"a&quot;b\">x</b>", "<b title=\"a&quot;b\">x</b>"),
        ("<scr<script>ipt>x", "ipt>x"),
        ("<b", "&lt;b"),
    ]) func onlyTheAllowListPasses(_ html: String, _ expected: String) {
        #expect(HTMLSanitizer.sanitize(html) == expected)
    }

    @Test func sanitizingTwiceChangesNothing() {
        var generator = SystemRandomNumberGenerator()
        let pieces = ["<", ">", "b", "/", "script", "\"", "=", " ", "&", ";", "<!--", "-->", "<div>", "</div>", "a href", "\n", "amp"]
        for _ in 0..<2_000 {
            let html = (0..<20).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
            let once = HTMLSanitizer.sanitize(html)
            #expect(HTMLSanitizer.sanitize(once) == once, "from \(html)")
            #expect(!once.contains("<script") && !once.contains("<!--"))
        }
    }
}
