import Foundation
import Notebooks
import Reports
import Testing

struct NotebookPageTests {
    private func page(_ text: String, trusts: Bool = false, image: @escaping (String) -> String? = { _ in nil }) throws -> String {
        let files = PosixFileSystem()
        let loaded = try LoadedNotebook(
            bytes: Array(text.utf8), status: FileStatus(device: 0, inode: 0, size: 0, modified: 0, modifiedNanoseconds: 0, mode: 0, isFolder: false),
            paths: NotebookPaths("/nowhere/page.qnb"), name: "page.qnb", files: files)
        var warnings: [String] = []
        var options = ReportOptions(loaded.notebook.frontMatter, file: "page.qnb", warnings: &warnings)
        options.trusts = trusts
        var page = NotebookPage(
            loaded, staleness: loaded.staleness(files: files, epoch: 1), facts: NotebookPage.Facts(), options: options, image: image)
        return page.html()
    }

    @Test func hostileTextStaysText() throws {
        let html = try page(
            """
            # <script>alert(1)</script> & "title"

            <script>alert(2)</script>

            <img src=x onerror=alert(3)> and <b onclick="alert(4)">bold</b>

            [link](javascript:alert%285%29) ![image](javascript:alert) <a href="java&#115;cript:alert(6)">x</a>

            ```python
            "</code></pre><script>alert(7)</script>"
            ```
            <!-- qnb:out in=0123456789ab -->
            ```text
            </pre><script>alert(8)</script>
            ```
            <!-- qnb:part html -->
            <div onmouseover="alert(9)"><svg onload="alert(10)"></svg>kept</div>
            <!-- qnb:part end -->
            <!-- qnb:end -->
            """)
        let body = html.components(before: "<script>(()=>")
        #expect(!body.contains("<script"))
        for attribute in ["onerror", "onclick", "onmouseover=", "onload=\"alert"] { #expect(!body.contains(" " + attribute), "\(attribute)") }
        #expect(!body.contains("href=\"javascript") && !body.contains("href=\"java"))
        #expect(body.contains("<b>bold</b>"))
        #expect(body.contains("kept"))
        #expect(body.contains("&lt;/pre&gt;&lt;script&gt;alert(8)"))
    }

    @Test func onePageHasOneFirstHeading() throws {
        let html = try page("---\ntitle: T\n---\n\n# T\n\n# Other\n\n## Sub\n\n## Sub\n\n## On [links](https://example.org)\n")
        #expect(html.components(separatedBy: "<h1>").count == 2)
        #expect(html.contains("<h1>T</h1>"))
        #expect(html.contains("<h2 id=\"other\"><a class=\"anchor\" href=\"#other\">Other</a></h2>"))
        #expect(html.contains("links</a><a class=\"anchor\" href=\"#on-links\" aria-label=\"Link to this section\"></a></h2>"))
        #expect(html.contains("id=\"sub\"") && html.contains("id=\"sub-2\""))
        #expect(html.contains("<nav class=\"toc\" aria-label=\"Contents\">"))
    }

    @Test func staleAndFailedOutputsSaySo() throws {
        let html = try page(
            """
            ```python
            1 / 0
            ```
            <!-- qnb:out in=0123456789ab status=error -->
            ```pytb {.error}
            page.qnb:2:1: ZeroDivisionError: division by zero
              2 | 1 / 0
                | ^~~~~
            ```
            <!-- qnb:end -->
            """)
        #expect(html.contains(">STALE</span>"))
        #expect(html.contains(">FAILED</span>"))
        #expect(html.contains("<span class=\"caret\">^~~~~</span>"))
        #expect(html.contains("1 of 1 cells show outputs that no longer match their source"))
    }

    @Test func calloutsComeFromBothSpellings() throws {
        let html = try page("> [!NOTE]\n> Inside.\n\n:::caution Look out\nBe **careful**.\n:::\n\n```text\n:::note not me\n```\n")
        #expect(html.contains("<aside class=\"callout note\"><strong>Note</strong><p>Inside."))
        #expect(html.contains("<aside class=\"callout caution\"><strong>Look out</strong>"))
        #expect(html.contains(":::note not me"))
        #expect(html.components(separatedBy: "<aside").count == html.components(separatedBy: "</aside>").count)
    }

    @Test func optionsOfCellsHideAndFold() throws {
        let html = try page(
            """
            ```python
            #| echo: false
            hidden_code
            ```

            ```python
            #| include: false
            absent
            ```

            ```python
            #| code-fold: true
            #| code-summary: Setup
            folded
            ```
            """)
        #expect(!html.contains("hidden_code") && !html.contains("absent"))
        #expect(html.contains("<details class=\"code\"><summary>Setup</summary>"))
    }

    @Test func imagesAreInlinedOrNamedAsMissing() throws {
        let text = "![A dot](dot.png) ![](other.png)\n"
        #expect(
            try page(text) { $0 == "dot.png" ? "data:image/png;base64,AA==" : nil }.contains("<img src=\"data:image/png;base64,AA==\" alt=\"A dot\">")
        )
    }

    @Test func tablesKeepTheirSides() throws {
        let html = try page("| a | b |\n|:--|--:|\n| 1 | 2 |\n")
        #expect(html.contains("<thead><tr><th scope=\"col\">a</th><th scope=\"col\" class=\"r\">b</th></tr></thead>"))
        #expect(html.contains("<tbody><tr><td>1</td><td class=\"r\">2</td></tr>"))
    }

    @Test func headingsInsideOutputsShareThePagesIdentifiers() throws {
        let html = try page(
            """
            ## Results

            ```python
            show()
            ```
            <!-- qnb:out in=0123456789ab -->
            <!-- qnb:part markdown -->
            # Results

            A note[^1] and $x_1$.

            [^1]: Inside.
            <!-- qnb:part end -->
            <!-- qnb:end -->

            Another note[^1].

            [^1]: Outside.
            """)
        let identifiers = html.matches(of: #/ id="([^"]+)"/#).map { String($0.1) }
        #expect(Set(identifiers).count == identifiers.count)
        #expect(identifiers.contains("results") && identifiers.contains("results-2"))
        let targets = html.matches(of: #/ href="#([^"]+)"/#).map { String($0.1) }
        #expect(Set(targets).isSubset(of: identifiers), "\(Set(targets).subtracting(identifiers))")
    }

    @Test func formulasComeOutOfTheTextBeforeMarkdownReadsIt() throws {
        let html = try page(
            #"""
            ## The $a_1$ of *it*

            Both $a_1 * b$ and $c * d_2$; $5 and $10; `$x$`; \$y$.

            $$
            \frac{a}{b}
            $$

            > $$
            > q
            > $$

            [l](https://e.org/$x$) ![$x$](missing.png) <b title="$x$">t</b>

            ```text
            $z$
            ```

            ```math
            w
            ```
            """#)
        #expect(html.components(separatedBy: "<math").count - 1 == 6)
        #expect(html.contains("<em>it</em>") && !html.contains("<em> b"))
        #expect(html.contains("id=\"the-a-1-of-it\""))
        #expect(html.contains("$5 and $10; <code>$x$</code>; $y$."))
        #expect(html.contains("href=\"https://e.org/$x$\"") && html.contains(">$x$</a>") && html.contains("<b title=\"$x$\">"))
        #expect(html.contains("<code>$z$</code>"))
        #expect(!html.unicodeScalars.contains { $0.value >= 0x10F8F0 })
    }

    @Test func imagesInRawHTMLAreInlinedOrBecomeLinks() throws {
        let html = try page("<img src=\"dot.png\" width=\"40\" onerror=\"x\"> <img src=\"https://e.org/a.png\" alt=\"far\">\n") {
            $0 == "dot.png" ? "data:image/png;base64,AA==" : nil
        }
        #expect(html.contains("<img src=\"data:image/png;base64,AA==\" alt=\"\" width=\"40\">"))
        #expect(html.contains("<a href=\"https://e.org/a.png\" rel=\"noopener noreferrer\">far</a>"))
    }

    @Test func aContainerLeftOpenIsClosedAndHoldsItsCells() throws {
        let html = try page(":::note Open\ntext\n\n```python\n1\n```\n\nmore\n")
        #expect(html.components(separatedBy: "<aside").count == html.components(separatedBy: "</aside>").count)
    }

    @Test func aThemeIsSetOnThePage() throws {
        #expect(try page("---\nreport:\n  theme: dark\n---\n").contains("<html lang=\"en\" data-theme=\"dark\">"))
        #expect(try page("").contains("<html lang=\"en\">"))
    }

    @Test func anEmptyReportIsSmall() throws {
        #expect(try page("").utf8.count < 25 * 1024)
    }
}

extension String {
    fileprivate func components(before marker: String) -> String { String(self[..<(self.range(of: marker)?.lowerBound ?? endIndex)]) }
}
