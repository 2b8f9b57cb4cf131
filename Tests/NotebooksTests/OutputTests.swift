import Markdown
import Notebooks
import Testing

@Suite struct LineAssemblerTests {
    @Test(arguments: [
        ("a\nb", ["a", "b"]),
        ("a\n", ["a"]),
        ("\n\n", ["", ""]),
        ("10%\r50%\r100%\n", ["100%"]),
        ("100%\rx\n", ["x00%"]),
        ("a\r\nb\r\n", ["a", "b"]),
        ("\u{1B}[31mred\u{1B}[0m \n", ["red"]),
        ("\u{1B}]0;title\u{07}x\u{1B}]8;;http://e\u{1B}\\y\n", ["xy"]),
        ("long line\r\u{1B}[Kshort\n", ["short"]),
        ("abc\u{1B}[2Kx\n", ["x"]),
        ("a\0b\u{08}c\u{9B}d\n", ["a\u{FFFD}b\u{FFFD}c\u{FFFD}d"]),
        ("a\u{2028}b\u{2029}c\n", ["a\u{FFFD}b\u{FFFD}c"]),
        ("a\t \t\n", ["a"]),
        ("\tx\n", ["\tx"]),
        ("é漢👩‍👩‍👧\n", ["é漢👩‍👩‍👧"]),
        ("\u{1B}(Bx\u{1B}7y\n", ["xy"]),
        ("<a.T object at 0x7f5fc8d7bc00> at 0x7f5fc8d7bc00, <f at 0x12>\n", ["<a.T object at 0x…> at 0x7f5fc8d7bc00, <f at 0x12>"]),
        ("[<f at 0x55d0c0ffee>, <g at 0x55d0c0ffee>]", ["[<f at 0x…>, <g at 0x…>]"]),
    ]) func storesWhatATerminalShowsInTheEnd(_ written: String, _ lines: [String]) {
        #expect(LineAssembler.lines(of: written) == lines)
    }

    @Test func piecesOfAnySizeGiveTheSameLines() {
        let text = "a\u{1B}[3", rest = "1mb\rX\u{1B}[0K漢\nend"
        let whole = LineAssembler.lines(of: text + rest)
        var assembler = LineAssembler()
        var lines: [String] = []
        for character in (text + rest).unicodeScalars { assembler.feed(String(character)) { lines.append($0) } }
        lines.append(assembler.current)
        #expect(lines == whole)
        #expect(whole == ["X漢", "end"])
    }

    @Test func oneEndlessLineIsCutAndCounted() {
        let lines = LineAssembler.lines(of: String(repeating: "x", count: 20_000))
        #expect(lines == [String(repeating: "x", count: 8192) + " … 11 808 more characters"])
    }
}

@Suite struct OutputCollectorTests {
    private func limits(_ lines: Int, bytes: Int = 1 << 20) -> OutputLimits {
        var limits = OutputLimits()
        limits.lines = lines
        limits.bytes = bytes
        return limits
    }

    @Test func headAndTailAreKeptAndEveryLineIsLogged() {
        var log = ""
        let collector = OutputCollector(limits: limits(6)) { log += String(decoding: $0, as: UTF8.self) }
        for number in 0..<20 { collector.write("\(number)\n", to: .stdout) }
        collector.finish()
        #expect(
            collector.items(logPath: "l") == [.text(.stdout, ["0", "1", "2"]), .elision(lines: 14, log: "l"), .text(.stdout, ["17", "18", "19"])])
        #expect(log == (0..<20).map { "\($0)\n" }.joined())
    }

    @Test func bytesAreLimitedToo() {
        let collector = OutputCollector(limits: limits(1000, bytes: 1000))
        for _ in 0..<100 { collector.write(String(repeating: "x", count: 99) + "\n", to: .stdout) }
        collector.finish()
        guard case .elision(let count, nil)? = collector.items(logPath: nil).dropFirst().first else {
            Issue.record("nothing was left out")
            return
        }
        #expect(count == 90)
    }

    @Test func anUpdateTakesThePlaceOfTheDisplaysOfItsIdentity() {
        let collector = OutputCollector(limits: OutputLimits())
        collector.add(.text(.display, "one"), identity: "a")
        collector.write("between\n", to: .stdout)
        collector.add(.text(.display, "other"), identity: "b")
        collector.add(.text(.display, "one again"), identity: "a")
        collector.add(.text(.display, "two\nlines"), identity: "a", isUpdate: true)
        collector.add(.text(.display, "unknown"), identity: "c", isUpdate: true)
        collector.finish()
        #expect(
            collector.items(logPath: nil) == [
                .text(.display, ["two", "lines"]), .text(.stdout, ["between"]), .text(.display, ["other"]), .text(.display, ["two", "lines"]),
                .text(.display, ["unknown"]),
            ])
    }

    @Test func aProgressBarStaysOneLineThoughStdoutPrintsMeanwhile() {
        let collector = OutputCollector(limits: OutputLimits())
        for step in 0...100 {
            collector.write("\r\(step)%", to: .stderr)
            if step % 50 == 0 { collector.write("epoch \(step)\n", to: .stdout) }
        }
        collector.write("\n", to: .stderr)
        collector.finish()
        #expect(collector.items(logPath: nil) == [.text(.stderr, ["100%"]), .text(.stdout, ["epoch 0", "epoch 50", "epoch 100"])])
    }

    @Test func memoryStaysBoundedHoweverMuchIsPrinted() {
        let collector = OutputCollector(limits: limits(10))
        for number in 0..<200_000 { collector.write("line \(number)\n", to: number % 3 == 0 ? .stderr : .stdout) }
        for _ in 0..<300 { collector.add(.item(.image(OutputItem.ImageReference(alt: "", path: "p")))) }
        collector.finish()
        let items = collector.items(logPath: nil)
        #expect(items.count < 120)
        #expect(items.contains(.text(.display, ["… 200 more outputs not kept"])))
    }

    @Test func resultsAreNotJoinedToOtherText() {
        let collector = OutputCollector(limits: OutputLimits())
        collector.write("a\n", to: .stdout)
        collector.add(.text(.display, "one"))
        collector.add(.text(.display, "two"))
        collector.write("b\n", to: .stdout)
        #expect(collector.items(logPath: nil) == [.text(.stdout, ["a"]), .text(.display, ["one"]), .text(.display, ["two"]), .text(.stdout, ["b"])])
    }
}

@Suite struct TableTests {
    @Test func tablesReadBack() {
        let table = Table(
            header: ["a|b", "", "c\\"], alignments: [.left, .center, .right],
            rows: [["`x`", "*y* _z_ a_b", "1\n2"], ["<b>", "\\|", "&amp; ~~s~~"], ["漢字", "[l](u)", "$x$"]])
        let lines = table.markdownLines
        #expect(Table.read(lines[...])?.table == table)
        #expect(Table.read(lines[...])?.count == 5)
    }

    /// GitHub's own renderer shows each cell as it was.
    @Test func gitHubShowsCellsLiterally() {
        let cells = ["a|b", "`x`", "*y*", "_z_", "\\", "\\|", "<b>", "&amp;", "~~s~~", "[l](u)", "a_b", "__init__", "x\\y"]
        let html = renderGitHubHTML(Array((Table(header: ["h"], rows: cells.map { [$0] }).markdownLines.joined(separator: "\n") + "\n").utf8))
        let shown = html.matches(of: /<td>(.*)<\/td>/).map {
            String($0.1).replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&")
        }
        #expect(shown == cells)
    }

    @Test func cellsAreNormalisedAsOtherTextIs() {
        var resolver = DisplayResolver(cellName: "c", folder: "n.assets", alt: nil, embeds: false)
        let table = Table(header: [" h "], rows: [["\u{1B}[1mbold\u{1B}[0m\u{2028}"], ["a\r\nb\n"]])
        #expect(resolver.resolve(Display(.result, table: table)) == .item(.table(Table(header: ["h"], rows: [["bold\u{FFFD}"], ["a\nb"]]))))
    }

    @Test func payloadsReferToNothingOutsideTheAssetFolder() {
        for path in ["n.assets/../secret.png", "/etc/passwd", "n.assets/", "n.assets/..", "other/x.png"] {
            for line in ["![a](\(path))", "… 3 lines, full log [a](\(path))"] {
                #expect(PayloadReader.read([line], assetFolder: "n.assets") == [.unknown([line])])
            }
        }
    }

    @Test func csvQuotesWhatNeedsIt() {
        #expect(Table(header: ["a", "b"], rows: [["1,2", "say \"x\"\n"], ["", "y"]]).csv == "a,b\n\"1,2\",\"say \"\"x\"\"\n\"\n,y\n")
    }
}

@Suite struct CheckRuleTests {
    private func agree(_ rule: String, _ stored: String, _ new: String) -> Bool {
        let comparison = OutputComparison(rule: CheckRule(rule) ?? .exact, storedAsset: { _ in nil }, newAsset: { _ in nil })
        return comparison.accepts(
            stored: [.text(.stdout, stored.split(separator: "\n").map(String.init))],
            new: [.text(.stdout, new.split(separator: "\n").map(String.init))])
    }

    @Test(arguments: [
        ("exact", "a 1.0", "a 1.0", true), ("exact", "a 1.0", "a 1.00", false),
        ("exact", "[2026-11-26 03:15:10,736] WARNING: a", "[2027-01-01 00:00:00,000] WARNING: a", true),
        ("exact", "at [2026-11-26 03:15:10,736]", "at [2026-11-26 03:15:10,737]", false),
        ("rtol=1e-2", "loss 0.500", "loss 0.504", true), ("rtol=1e-2", "loss 0.500", "loss 0.51", false),
        ("rtol=1e-2", "loss 0.5", "lost 0.5", false), ("rtol=1e-2", "epoch 1/3", "epoch 2/3", false),
        ("rtol=0.1", "x=-1.0e+3,", "x=-1050,", true), ("rtol=0.1", "fc1 1.0", "fc2 1.0", false),
        ("rtol=0.1", "[1.0, nan, inf]", "[1.05, nan, inf]", true), ("rtol=0.1", "nan", "1.0", false), ("rtol=0.1", "inf", "-inf", false),
        ("atol=0.01", "0.001", "-0.001", true), ("rtol=1e-3 atol=0.01", "0", "0.009", true), ("atol=0.1", "tensor(1.00)", "tensor(1.05)", true),
        ("atol=0.1", "a  1.0", "a 1.05", true), ("atol=1", "1.5.2", "1.5.2", true),
        ("ellipsis", "took ... s", "took 1.5 s", true), ("ellipsis", "a\n...\nz", "a\nb\nc\nz", true),
        ("ellipsis", "took ... s", "took 1.5 m", false),
        ("ellipsis", "...", "anything", true), ("ellipsis", "a...a", "a", false),
        ("shape", "1\n2", "x\ny", true), ("shape", "1\n2", "x", false), ("skip", "1", "2\n3", true),
    ]) func rules(_ rule: String, _ stored: String, _ new: String, _ expected: Bool) {
        #expect(agree(rule, stored, new) == expected)
    }

    @Test(arguments: ["", "rtol", "rtol=-1", "rtol=inf", "rtol=1 rtol=2", "exactly", "atol=1 x"]) func wrongRulesAreNone(_ text: String) {
        #expect(CheckRule(text) == nil)
    }
}

@Suite struct RawOutputTests {
    @Test(arguments: ["```\nopen", "<!-- open", "<div>", "text <b>x</b>", "[x](javascript:1)", "<!-- qnb:end -->", "=======\n", ""])
    func markdownThatCouldLeakIsRefused(_ text: String) {
        #expect(RawOutput.markdown(text) == nil)
    }

    @Test(arguments: ["- a\n\n  ```\n  open", "**bold** text", "# Head\n\n- a\n- b", "```\nclosed\n```", "> q", "$x^2$"]) func harmlessMarkdownPasses(
        _ text: String
    ) {
        #expect(RawOutput.markdown(text) == .markdown(text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)))
    }

    @Test func tablesWithMarkupStayMarkdown() {
        #expect(RawOutput.markdown("| `a` | b |\n|---|--:|\n| 1 | 2 |") == .markdown(["| `a` | b |", "|---|--:|", "| 1 | 2 |"]))
        let plain = Table(header: ["a", "b"], alignments: [.none, .right], rows: [["1", "2"]])
        #expect(RawOutput.markdown("| a | b |\n|---|--:|\n| 1 | 2 |") == .table(plain))
    }

    @Test func htmlIsOneBlockWithoutBlankLines() {
        #expect(
            RawOutput.html("<table>\n\n<tr><td onclick=x>1</td></tr>\n</table><script>y</script>")
                == .html(["<div>", "<table>", "<tr><td>1</td></tr>", "</table>", "</div>"]))
        #expect(RawOutput.html("<pre>a\n\nb</pre>") == .html(["<div>", "<pre>a&#10;", "b</pre>", "</div>"]))
        #expect(RawOutput.html("<script>x</script>") == nil)
    }
}

@Suite struct FormatTests {
    @Test(arguments: [
        "<!-- qnb:out in=0123456789ab -->", "<!-- qnb:out in=0123456789ab status=error t=1.5s stale -->", "<!-- qnb:out -->",
        "<!-- qnb:end sum=01234567 -->",
        "<!-- qnb:end -->", "<!-- qnb:seal chain=0123456789ab ran=1-3,5 params={\"a\":1} seed=7 -->", "<!-- qnb:seal chain=0123456789ab ran=- -->",
        "<!-- qnb:cell -->",
        "<!-- qnb:part html -->", "<!-- qnb:part end -->",
    ]) func markersReadBack(_ text: String) throws {
        #expect(try Marker.parse(text).text == text)
    }

    @Test(arguments: [
        "<!-- qnb:out in=xyz -->", "<!-- qnb:out in=0123456789ab", "<!-- qnb:out status=fine -->", "<!-- qnb: -->", "<!-- qnb:-->",
        "<!-- qnb:seal -->",
        "<!-- qnb:end sum=0123 -->", "<!-- qnb:cell x -->", "<!-- qnb:seal chain=0123456789ab ran=3-1 -->", "<!-- qnb:out stale stale -->",
        "<!-- qnb:seal chain=0123456789ab params={--> x -->", "<!-- qnb:seal chain=0123456789ab params={\n} -->",
    ]) func malformedMarkersAreErrors(_ text: String) {
        #expect(throws: NotebookProblem.self) { try Marker.parse(text) }
    }

    @Test(arguments: [
        ("8", ScalarValue.int(8)), ("1e-3", .float(0.001)), ("true", .bool(true)), ("None", .null), ("'it''s'", .string("it's")),
        ("\"a\\n\"", .string("a\n")),
        ("[1, 'b', [c]]", .list([.int(1), .string("b"), .list([.string("c")])])),
        ("{a: 1, b: x y}", .map([.init("a", .int(1)), .init("b", .string("x y"))])),
        ("yes", .string("yes")), ("0x1F", .int(31)), ("-1_000", .int(-1000)), ("a b # c", .string("a b")), ("resnet18", .string("resnet18")),
        (".5", .float(0.5)),
        ("99999999999999999999", .float(1e20)), ("1.2.3", .string("1.2.3")), ("", .null),
    ]) func valuesAreTypedLikeLiterals(_ text: String, _ value: ScalarValue) throws {
        #expect(try FlowReader.read(text) == value)
    }

    @Test func hostileYAMLIsRefusedQuickly() {
        let bomb = "a0: &a0 [x,x]\n" + (1..<40).map { "a\($0): &a\($0) [*a\($0 - 1),*a\($0 - 1)]\n" }.joined()
        #expect(throws: YAMLReader.Failure.self) { try YAMLReader.read(bomb) }
        #expect(throws: YAMLReader.Failure.self) { try YAMLReader.read("a: " + String(repeating: "[", count: 900)) }
        #expect(throws: YAMLReader.Failure.self) { try YAMLReader.read(String(repeating: "- ", count: 5_000)) }
        #expect(throws: YAMLReader.Failure.self) { try YAMLReader.read("a: 1\na: 2\n") }
        #expect(throws: YAMLReader.Failure.self) { try YAMLReader.read("? [x]\n: 1\n") }
    }

    @Test func hostileJSONIsRefused() {
        for text in [String(repeating: "[", count: 100_000), "{\"a\":}", "\"\\u12\"", "nul", "1 2", "\"\u{01}\"", "[1,]", "-", "{"] {
            #expect(throws: JSONParser.Failure.self) { try JSONParser.parse(text) }
        }
        #expect(try! JSONParser.parse("\"\\ud83d\\ude00\\ud800\"") == .string("😀\u{FFFD}"))
    }

    @Test func cellsAreFoundWhereMarkdownHasTopLevelFences() throws {
        let text = """
            ```python
            a
            ```
            - ```python
              nested
              ```
            <!--
            ```python
            hidden
            ```
            -->
            ~~~~ {python}
            b
            ~~~~
            ```python name="third"
            c
            ```
            ````
            ```python
            shown
            ```
            ````
            ```Python
            no
            ```
              ```python
                d
                  e
              ```
            """
        let notebook = try NotebookParser.parse(Array(text.utf8), file: "n.qnb")
        #expect(notebook.cells.map(\.source) == ["a", "b", "c", "d\n  e"])
        #expect(notebook.cells.map(\.openLine) == [1, 12, 15, 26])
        #expect(notebook.cells.map(\.name) == ["cell-1", "cell-2", "third", "cell-4"])
        #expect(notebook.cells[3].cutColumns == [4, 4])
    }

    @Test(arguments: [
        ("```python\na\n", "n.qnb:1:1: this cell is never closed"),
        (
            "```python\na\n\ntext\n\n```python\nb\n```\n",
            "n.qnb:6:1: this looks like a cell, but lies inside the cell opened on line 1, which is not closed before it"
        ),
        ("text\n<!-- qnb:out in=0123456789ab -->\n<!-- qnb:end sum=01234567 -->\n", "n.qnb:2:1: this output block does not follow a cell"),
        ("```python\na\n```\n<!-- qnb:out -->\n", "n.qnb:4:1: this output block has no end marker"),
        ("```python\na\n```\n<!-- qnb:end -->\n", "n.qnb:4:1: this end marker closes no output block"),
        ("```text\n<!-- qnb:cell -->\n```\n", "n.qnb:2:1: a qnb marker stands inside the code fence opened on line 1"),
        ("---\nkey: 1\n\n```python\na\n```\n", "n.qnb:1:1: the front matter opened here is never closed"),
        ("<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n", "n.qnb:1:1: a merge conflict is not resolved"),
        (
            "```python\na\n```\n<!-- qnb:out -->\n<!-- qnb:end -->\n\n<!-- qnb:out -->\n<!-- qnb:end -->\n",
            "n.qnb:7:1: the cell on line 1 already has an output block"
        ),
    ]) func damageIsNamedWithItsLine(_ text: String, _ message: String) {
        do {
            _ = try NotebookParser.parse(Array(text.utf8), file: "n.qnb")
            Issue.record("not refused: \(text)")
        } catch {
            #expect(error.diagnostics.first.map { String($0.description.prefix { $0 != "\n" }) } == message)
            #expect(error.isDamage)
        }
    }

    @Test func aRuleOrAQuoteIsNoDamage() throws {
        for text in [
            "---\n\ntext\n", "---\nno key here\n", ">>>>>>> deep quote\n", "Title\n=======\n", "\\<!-- qnb:out -->\n", " <!-- qnb:out -->\n",
        ] {
            #expect(try NotebookParser.parse(Array(text.utf8), file: "n.qnb").cells.isEmpty)
        }
    }

    @Test func hashesIgnoreWhatDoesNotExecute() throws {
        func hash(_ source: String) throws -> String {
            let notebook = try NotebookParser.parse(Array("```python\n\(source)\n```\n".utf8), file: "n.qnb")
            return Fingerprint.cell(notebook.cells[0], dependency: { _ in "" })
        }
        let plain = try hash("x = 1\ny = 2")
        #expect(try hash("#| label: a\n#| fig-cap: c\n#| tags: [t]\nx = 1  \ny = 2\n\n") == plain)
        #expect(try hash("x = 1\n\ny = 2") != plain)
        #expect(try hash("#| raises: E\nx = 1\ny = 2") != plain)
    }
}
