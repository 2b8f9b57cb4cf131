import Foundation
import Testing

/// Reports in a real browser: nothing fails, nothing is loaded, nothing a notebook holds is executed.
@Suite(.serialized) struct BrowserTests {
    private static let isMissing = "no Chromium on this machine; apt-get install chromium makes this test run"

    /// A notebook with every kind of content, run and rendered.
    private static let rich = #"""
        ---
        title: Everything
        params:
          bits: 8
        report:
          author: Somebody
        ---

        A formula $\frac{a_1}{b}$ in a line, `code`, a [link](https://example.com), a note[^1].

        $$\sum_{i=1}^n x_i \begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix}$$

        > [!NOTE]
        > Called out.

        ## Numbers

        | a | b |
        |:--|--:|
        | 1 | 2 |

        ```python
        #| label: plot
        #| fig-alt: A line that rises
        import matplotlib.pyplot as plt
        plt.plot([1, 2, 3], [1, 4, 9])
        plt.show()
        ```

        ```python
        #| label: broken
        #| error: true
        print("before")
        1 / 0
        ```

        - [x] done
        - [ ] to do

        ## Numbers

        The end.

        [^1]: Below.

        """#

    @Test func aReportFailsAtNothingAndLoadsNothing() throws {
        guard let browser = Browser() else { return print(Self.isMissing) }
        let shell = try Shell()
        try shell.write(Self.rich, to: "rich.qnb")
        #expect(try shell.run("qnb run rich.qnb -q && qnb render rich.qnb").status == 0)
        let visit = try browser.open("rich.html", in: shell)
        #expect(visit.console.isEmpty)
        #expect(visit.requests.isEmpty)
        // The script ran: it is what makes the tools visible, and it found the code unfolded.
        #expect(visit.document.contains("class=\"js\""))
        #expect(visit.document.contains("aria-pressed=\"false\""))

        // The same page in a browser that runs no script of it.
        try shell.write(try shell.read("rich.html").replacing(#/script-src 'sha256-[^']*'/#, with: "script-src 'none'"), to: "plain.html")
        let plain = try browser.open("plain.html", in: shell)
        #expect(plain.requests.isEmpty)
        #expect(!plain.document.contains("class=\"js\""))
        for part in [
            "<h1>Everything</h1>", "<math", "<aside class=\"callout note\">", "id=\"numbers-2\"", "data:image/svg+xml;base64,", "ZeroDivisionError",
            "<details class=\"code\" open",
        ] {
            #expect(plain.document.contains(part), "\(part)")
        }
    }

    /// What a page must not do, each way of doing it marking the document and asking for an address of its own.
    private static func attack(_ name: String) -> String {
        "document.documentElement.setAttribute('data-\(name)','1');new Image().src='http://\(name).invalid/'"
    }

    private static let hostileHTML = """
        <script>\(attack("script"))</script>

        <img src="x.png" onerror="\(attack("onerror"))">

        <details open ontoggle="\(attack("ontoggle"))"><summary>s</summary>d</details>

        <svg onload="\(attack("svgload"))"><script>\(attack("svgscript"))</script></svg>

        <iframe srcdoc="<script>parent.\(attack("srcdoc"))</script>"></iframe>

        <style>body{background:url(http://css.invalid/)} input[value^=a]{background:url(http://css2.invalid/)}</style>

        <p style="background:url(http://inline.invalid/)">styled</p>

        <img src="http://image.invalid/a.png" alt="far">

        <img src="https://\u{69}mage2.invalid/a.png">

        <link rel="stylesheet" href="http://link.invalid/a.css">

        <meta http-equiv="refresh" content="0;url=http://refresh.invalid/">

        <base href="http://base.invalid/">

        <object data="http://object.invalid/"></object><embed src="http://embed.invalid/">

        <video src="http://video.invalid/" poster="http://poster.invalid/"></video>

        <input autofocus onfocus="\(attack("autofocus"))">

        <a href="javascript:\(attack("link"))" id="click">click</a>

        <math><maction actiontype="statusline" xlink:href="javascript:1">m</maction></math>

        """

    private static let hostileNotebook =
        hostileHTML + #"""
            ![i](http://markdown.invalid/a.png) [l](javascript:document.documentElement.setAttribute('data-mdlink','1'))

            $\text{</annotation></math><script>document.documentElement.setAttribute('data-math','1')</script>}$ <b title="$x$">t</b>

            ![$x$" onerror="document.documentElement.setAttribute('data-alt','1')](missing.png)

            ```python
            "</code></pre><script>document.documentElement.setAttribute('data-source','1')</script>"
            ```
            <!-- qnb:out in=0123456789ab -->
            ```text
            </pre><script>document.documentElement.setAttribute('data-output','1')</script>
            ```
            <!-- qnb:part html -->
            <div onclick="1"><script>document.documentElement.setAttribute('data-html','1')</script><table><tr><td>kept</td></tr></table></div>
            <!-- qnb:part end -->
            <!-- qnb:part markdown -->
            <script>document.documentElement.setAttribute('data-markdown','1')</script>
            <!-- qnb:part end -->
            ![plot](hostile.assets/evil.svg)
            <!-- qnb:end -->

            The end is here.

            <!-- never closed <script>document.documentElement.setAttribute('data-comment','1')</script>
            """#

    private static let hostileSVG = """
        <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9" onload="\(attack("assetload").replacing("\"", with: "'"))">
        <script>\(attack("assetscript"))</script><image xlink:href="http://asset.invalid/a.png" width="9" height="9"/><style>@import url(http://import.invalid/);</style></svg>
        """

    private static func marks(_ document: String) -> [String] {
        let root = document.firstMatch(of: #/<html[^>]*>/#).map { String($0.0) } ?? ""
        return root.matches(of: #/data-([a-z0-9]+)=/#).map { String($0.1) }
    }

    /// Shows that the test would notice: the same content in a page without protection executes and loads.
    @Test func hostileContentIsNoticedWhereItIsNotHeldBack() throws {
        guard let browser = Browser() else { return print(Self.isMissing) }
        let shell = try Shell()
        let page = "<!DOCTYPE html><html><body>\(Self.hostileHTML.replacing(#/<(meta|base|iframe)[^>]*>/#, with: ""))\(Self.hostileSVG)</body></html>"
        try shell.write(page, to: "open.html")
        let visit = try browser.open("open.html", in: shell)
        let marks = Self.marks(visit.document)
        for mark in ["script", "onerror", "ontoggle", "svgload", "svgscript", "assetload", "assetscript"] { #expect(marks.contains(mark), "\(mark)") }
        for host in ["script", "css", "inline", "image", "link", "video"] {
            #expect(visit.requests.contains { $0.contains("//\(host).invalid") }, "\(host)")
        }
    }

    @Test(arguments: ["", "--trust"]) func hostileNotebooksAreInert(_ option: String) throws {
        guard let browser = Browser() else { return print(Self.isMissing) }
        let shell = try Shell()
        // Whoever trusts a notebook lets it lead elsewhere; its scripts and requests are held back all the same.
        let source = option.isEmpty ? Self.hostileNotebook : Self.hostileNotebook.replacing(#/<(meta|base)[^>]*>/#, with: "")
        try shell.write(source, to: "hostile.qnb")
        // Broken UTF-8 as well.
        _ = try shell.run(#"printf 'broken \xff\xc3\x28 \xed\xa0\x80 text\n\n' | cat - hostile.qnb > h && mv h hostile.qnb"#)
        try shell.write(Self.hostileSVG, to: "hostile.assets/evil.svg")
        let rendered = try shell.run("qnb render hostile.qnb \(option)")
        #expect(rendered.status == 0, "\(rendered.output)")
        let visit = try browser.open("hostile.html", in: shell)
        #expect(Self.marks(visit.document).isEmpty)
        #expect(visit.requests.isEmpty)
        // Trusted HTML stays on the page, and the console says what the policy does not let it do.
        if option.isEmpty { #expect(visit.console.isEmpty) }
        #expect(visit.document.contains("The end is here."))
        #expect(visit.document.contains("kept"))
    }
}
