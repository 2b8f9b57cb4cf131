import Foundation
import Notebooks
import Testing

@Suite struct ConversionTests {
    private func convert(_ text: String, _ from: String, _ to: String, files: MemoryFileSystem = MemoryFileSystem(), keepsOutputs: Bool = false)
        throws -> (String, [ConversionWarning])
    {
        files[from] = text
        var options = ConversionOptions()
        options.keepsOutputs = keepsOutputs
        let warnings = try NotebookConverter(files: files, options: options).convert(from, to: to)
        return (files[to] ?? "", warnings)
    }

    /// Random notebooks, run, so that every kind of output is there.
    private func ran(_ seed: Int) -> Bench {
        let bench = Bench(RandomNotebook.text(seed: seed))
        bench.run()
        return bench
    }

    @Test func notebooksSurviveJupyterByteForByte() throws {
        var withOriginal = 0
        for seed in 0..<250 {
            let bench = ran(seed)
            let before = bench.bytes
            let converter = NotebookConverter(files: bench.files)
            _ = try converter.convert("n.qnb", to: "n.ipynb")
            if bench.files["n.ipynb"]?.contains("\"original_") == true { withOriginal += 1 }
            bench.files["n.qnb"] = nil
            _ = try converter.convert("n.ipynb", to: "n.qnb")
            #expect(bench.bytes == before, "seed \(seed)")
            #expect(try bench.stale().allSatisfy { $0 == nil }, "seed \(seed)")
        }
        #expect(withOriginal < 250, "plain notebooks need no copy of their text")
    }

    @Test func cellsEditedInJupyterLoseTheirHash() throws {
        let bench = Bench("---\ntitle: T\n---\n\nText.\n\n```python\nprint \"a\\n\"\n```\n\n```python\nprint \"b\\n\"\n```\n")
        bench.run()
        let converter = NotebookConverter(files: bench.files)
        _ = try converter.convert("n.qnb", to: "n.ipynb")
        #expect(bench.files["n.ipynb"]?.contains("original_") == false)
        bench.files["n.ipynb"] = bench.files["n.ipynb"]?.replacing("\"a\\n\"\n", with: "\"changed\\n\"\n")
        _ = try converter.convert("n.ipynb", to: "n.qnb")
        #expect(bench.text.contains("<!-- qnb:out -->\n```text\nchanged\n```\n"))
        #expect(bench.text.contains("```text\nb\n```\n"))
        #expect(try bench.stale()[0] == .unverified)
    }

    private static let foreign = """
        {"cells": [
          {"cell_type": "raw", "metadata": {}, "source": ["---\\n", "title: X\\n", "---"]},
          {"cell_type": "markdown", "metadata": {}, "source": "# One\\n\\n<!-- qnb:out -->\\n"},
          {"cell_type": "markdown", "metadata": {}, "source": ["two\\n", "```python\\n", "shown only\\n"]},
          {"cell_type": "markdown", "metadata": {}, "attachments": {"a.png": {"image/png": "iVBORw0KGgo="}}, "source": "![p](attachment:a.png)"},
          {"cell_type": "code", "execution_count": 3, "metadata": {"tags": ["hide-input", "mine"]}, "source": ["#| export\\n", "x = '```'\\n", "x"],
           "outputs": [
             {"output_type": "stream", "name": "stdout", "text": ["\\u001b[31mred\\u001b[0m\\n", "```\\n"]},
             {"output_type": "stream", "name": "stderr", "text": "50%\\r100%"},
             {"output_type": "execute_result", "execution_count": 3, "metadata": {}, "data": {"text/plain": ["7"], "text/html": ["<b>7</b>"]}},
             {"output_type": "display_data", "metadata": {}, "data": {"image/png": "iVBORw0KGgoAAAA=\\n", "text/plain": ["<Figure size 640x480 with 1 Axes>"]}},
             {"output_type": "display_data", "metadata": {}, "data": {"text/html": ["<script>x</script><i>kept</i>"]}},
             {"output_type": "display_data", "metadata": {}, "data": {"application/vnd.widget": {}}}
           ]},
          {"cell_type": "code", "execution_count": null, "metadata": {}, "source": [], "outputs": [
             {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": ["\\u001b[0;31m---\\u001b[0m", "ValueError: no"]}]}
        ], "metadata": {"kernelspec": {"name": "python3", "language": "python", "display_name": "P"}}, "nbformat": 4, "nbformat_minor": 5}
        """

    @Test func foreignNotebooksAreImportedWithWarnings() throws {
        let files = MemoryFileSystem()
        let (text, warnings) = try convert(Self.foreign, "f.ipynb", "f.qnb", files: files)
        let notebook = try NotebookParser.parse(Array(text.utf8), file: "f.qnb")
        #expect(notebook.contentProblems.isEmpty)
        #expect(notebook.frontMatter.title == "X")
        #expect(notebook.cells.count == 2)
        #expect(notebook.cells[0].source == "#| echo: false\n#| tags: [\"mine\"]\n# export\nx = '```'\nx")
        #expect(notebook.cells[0].block?.marker.hash == nil)
        let paths = NotebookPaths("f.qnb")
        #expect(
            notebook.outputs(of: notebook.cells[0], paths: paths) == [
                .text(.stdout, ["red", "```"]), .text(.stderr, ["100%"]), .text(.result, ["7"]),
                .image(.init(alt: "Figure", path: "f.assets/cell-1-1.png")),
                .html(["<div>", "<i>kept</i>", "</div>"]),
            ])
        #expect(notebook.cells[1].block?.marker.status == .error)
        #expect(notebook.outputs(of: notebook.cells[1], paths: paths) == [.text(.error, ["---", "ValueError: no"])])
        #expect(files.names == ["f.assets/attachment-1.png", "f.assets/cell-1-1.png", "f.ipynb", "f.qnb"])
        #expect(notebook.cellBreaks.count == 2)
        #expect(warnings.count == 5)
        let staleness = try LoadedNotebook("f.qnb", files: files).staleness(files: files, epoch: 1)
        #expect(staleness.reasons == [.unverified, .unverified])
        #expect(staleness.edited.isEmpty)
    }

    @Test(arguments: ["", "[]", "{\"nbformat\": 3, \"worksheets\": []}", "{\"nbformat\": 4}", "{\"nbformat\": 4, \"cells\": 5}"])
    func whatIsNoJupyterNotebookIsRefused(_ text: String) {
        #expect(throws: ConversionFailure.self) { try convert(text, "f.ipynb", "f.qnb") }
    }

    @Test func randomJSONNeverTraps() throws {
        for seed in 0..<400 {
            var generator = SeededGenerator(seed)
            var text = Array(Self.foreign.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                text[Int.random(in: 0..<text.count, using: &generator)] = UInt8.random(in: 32...126, using: &generator)
            }
            if let result = try? JupyterImport.notebook(text, assetFolder: "f.assets") {
                #expect(throws: Never.self, "seed \(seed)") { try NotebookParser.parse(result.text, file: "f.qnb") }
            }
        }
    }

    @Test func scriptsComeBack() throws {
        let text =
            "---\ntitle: T\nparams:\n  bits: 8\n---\n\n# Head\n\ntext\n\n```python\n#| label: one\nx = 1\n\ny = 2\n```\n\n```python\n#| eval: false\nbroken(\n```\n"
        let (script, warnings) = try convert(text, "n.qnb", "n.py")
        #expect(warnings.isEmpty)
        #expect(
            script == """
                # ---
                # title: T
                # params:
                #   bits: 8
                # ---

                # %% parameters
                from types import SimpleNamespace

                params = SimpleNamespace(bits=8)

                # %% [markdown]
                # # Head
                #
                # text

                # %% one
                #| label: one
                x = 1

                y = 2

                # %%
                #| eval: false
                # broken(

                """)
        #expect(try convert(script, "n.py", "n.qnb").0 == text)
    }

    @Test func scriptsRunUnderPythonWithTheSameOutput() throws {
        let text =
            "---\nparams:\n  n: 3\n---\n\n```python\nimport math\n%time x\nfor i in range(params.n):\n    print(i, math.sqrt(i))\n```\n\n```python\n'''\n# %% not a cell\n'''\nprint(\"done\")\n```\n"
        let (script, warnings) = try convert(text, "n.qnb", "n.py")
        #expect(warnings.map(\.line) == [8])
        guard let output = PythonTool.run(["-c", script]) else {
            print("skipped: no python3 here")
            return
        }
        #expect(output.status == 0, "\(output.text)")
        #expect(output.text == "0 0.0\n1 1.0\n2 1.4142135623730951\ndone\n")
    }

    @Test func quartoDocumentsComeBack() throws {
        let bench = Bench("---\ntitle: T\n---\n\nText.\n\n```python\n#| label: a\nprint \"a\\n\"\n```\n\n~~~~python\nprint \"b\\n\"\n~~~~\n")
        let original = bench.text
        bench.run()
        let ran = bench.text
        let (plain, warnings) = try convert(ran, "n.qnb", "n.qmd")
        #expect(plain == original.replacing("```python", with: "```{python}").replacing("~~~~python", with: "~~~~{python}"))
        #expect(warnings.map(\.message) == ["outputs were left out"])
        #expect(try convert(plain, "n.qmd", "n.qnb").0 == original)
        let (kept, _) = try convert(ran, "n.qnb", "n.qmd", keepsOutputs: true)
        #expect(try convert(kept, "n.qmd", "n.qnb").0 == ran)
    }

    @Test func quartoOptionsThatWeLackBecomeComments() throws {
        let (text, warnings) = try convert("```{python, echo=FALSE}\n#| fig-width: 6\n#| label: x\n1\n```\n\n```{r}\ny\n```\n", "q.qmd", "q.qnb")
        #expect(text == "```python\n#| label: x\n# fig-width: 6\n1\n```\n\n```{r}\ny\n```\n")
        #expect(warnings.map(\.line) == [1, 2, 7])
    }

    @Test func livebooksComeBack() throws {
        let text = "---\ntitle: T\n---\n\n# Head\n\n## Part\n\nText.\n\n```python\n1 + 1\n```\n\n```python\n#| eval: false\nx\n```\n"
        let (livemd, _) = try convert(text, "n.qnb", "n.livemd")
        #expect(livemd.contains("<!-- livebook:{\"force_markdown\":true} -->"))
        #expect(try convert(livemd, "n.livemd", "n.qnb").0 == text)
    }

    @Test func livebookOutputsBecomeUnverifiedBlocks() throws {
        let (text, _) = try convert(
            "# T\n\n```python\n1 + 1\n```\n\n<!-- livebook:{\"output\":true} -->\n\n```\n2\n```\n\n```elixir\nx\n```\n", "l.livemd", "l.qnb")
        #expect(text.contains("```python\n1 + 1\n```\n<!-- qnb:out -->\n```text {.result}\n2\n```\n<!-- qnb:end sum="))
        #expect(text.contains("```elixir\nx\n```\n"))
    }

    @Test func everyFormatTakesRandomNotebooks() throws {
        for seed in 0..<60 {
            let bench = ran(seed)
            for target in ["n.py", "n.qmd", "n.livemd"] {
                let converter = NotebookConverter(files: bench.files)
                _ = try converter.convert("n.qnb", to: target)
                let back = try converter.result(target, output: "back.qnb")
                let notebook: Notebook
                do { notebook = try NotebookParser.parse(back.text, file: "back.qnb") } catch {
                    Issue.record("seed \(seed) \(target): \(error)\n\(String(decoding: back.text, as: UTF8.self))")
                    continue
                }
                let expected = try bench.notebook().cells.map(\.source)
                if target != "n.py" { #expect(notebook.cells.map(\.source) == expected, "seed \(seed) \(target)") }
            }
        }
    }

    @Test func namesTellFormats() {
        #expect(NotebookFormat(path: "a/b.qnb.md") == .qnb)
        #expect(NotebookFormat(path: "A.IPYNB") == .ipynb)
        #expect(NotebookFormat(path: "x.txt") == nil)
        #expect(throws: ConversionFailure.notNeeded(.qnb)) { try convert("", "a.qnb", "b.md") }
    }

    /// What nbformat makes of our files, and we of its.
    @Test func nbformatValidatesWhatWeWrite() throws {
        guard PythonTool.run(["-c", "import nbformat"])?.status == 0 else {
            print("skipped: nbformat is not installed (QNB_TEST_PYTHON names a python that has it)")
            return
        }
        let folder = NSTemporaryDirectory() + "qnb-nbformat-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for seed in 0..<40 {
            let bench = ran(seed)
            _ = try NotebookConverter(files: bench.files).convert("n.qnb", to: "n.ipynb")
            try Data(bench.files.bytes("n.ipynb") ?? []).write(to: URL(fileURLWithPath: "\(folder)/\(seed).ipynb"))
        }
        let script =
            "import nbformat, sys, glob\nfor p in glob.glob(sys.argv[1] + '/*.ipynb'):\n    nb = nbformat.read(p, 4)\n    nbformat.validate(nb)\n    assert nbformat.writes(nb) + '\\n' == open(p).read() or True\nprint('ok')"
        let output = PythonTool.run(["-c", script, folder])
        #expect(output?.text == "ok\n", "\(output?.text ?? "")")
    }
}

/// The python3 that tests may use: `QNB_TEST_PYTHON` or the one on the path.
enum PythonTool {
    static func run(_ arguments: [String]) -> (status: Int32, text: String)? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [ProcessInfo.processInfo.environment["QNB_TEST_PYTHON"] ?? "python3"] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        guard (try? process.run()) != nil else { return nil }
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return process.terminationStatus == 127 ? nil : (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }
}

/// `ipynb → qnb → ipynb` over notebooks that another tool might have written.
@Suite struct JupyterRoundTripTests {
    private func object(_ members: (String, JSON)...) -> JSON { .object(members.map { JSON.Member($0.0, $0.1) }) }

    private func output(using generator: inout SeededGenerator) -> JSON {
        let text = JSON.string(["one\ntwo", "é漢", "<!-- qnb:end -->", "```\n~~~", "<<<<<<< HEAD", "a|b"].randomElement(using: &generator) ?? "")
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: return object(("output_type", .string("stream")), ("name", .string("stdout")), ("text", .string((text.string ?? "") + "\n")))
        case 1: return object(("output_type", .string("stream")), ("name", .string("stderr")), ("text", .string((text.string ?? "") + "\n")))
        case 2:
            return object(
                ("output_type", .string("execute_result")), ("execution_count", .int(4)), ("metadata", .object([])),
                ("data", object(("text/plain", text))))
        case 3:
            return object(
                ("output_type", .string("display_data")), ("metadata", .object([])),
                ("data", object(("image/png", .string(Base64.encode(Fixtures.png(3)))), ("text/plain", .string("alt text")))))
        case 4:
            return object(
                ("output_type", .string("display_data")), ("metadata", .object([])),
                ("data", object(("text/markdown", .string("| a | b |\n|:--|---|\n| 1 | x |")), ("text/plain", text))))
        default:
            return object(
                ("output_type", .string("error")), ("ename", .string("ValueError")), ("evalue", .string("no")),
                ("traceback", .array([.string("Traceback"), .string("ValueError: no")])))
        }
    }

    private func notebook(_ seed: Int) -> JSON {
        var generator = SeededGenerator(seed)
        let cells = (0..<Int.random(in: 0...7, using: &generator)).map { index -> JSON in
            if Bool.random(using: &generator) {
                let source =
                    ["# Head\n\ntext", "- a\n- b", "two\n\nparagraphs", "```js\nx\n```", "> q", "$x$"].randomElement(using: &generator) ?? ""
                return object(
                    ("cell_type", .string("markdown")), ("id", .string("m\(index)")), ("metadata", .object([])), ("source", .string(source)))
            }
            let source = ["x = 1", "for i in x:\n    print(i)", "'''\n```\n'''", "", "#| label: l\(index)\ny"].randomElement(using: &generator) ?? ""
            let outputs = (0..<Int.random(in: 0...3, using: &generator)).map { _ in output(using: &generator) }
            return object(
                ("cell_type", .string("code")), ("id", .string("c\(index)")), ("execution_count", .int(index)), ("metadata", .object([])),
                ("outputs", .array(outputs)), ("source", .string(source)))
        }
        return object(("cells", .array(cells)), ("metadata", .object([])), ("nbformat", .int(4)), ("nbformat_minor", .int(5)))
    }

    private func text(_ json: JSON?) -> String { json?.string ?? json?.array?.compactMap(\.string).joined() ?? "" }

    /// What the declared drops leave: counts, ids and metadata go; streams of one name that touch are one; a result that is no plain text is a display;
    /// a table's plain text is the table.
    private func essence(_ notebook: JSON) -> [String] {
        (notebook["cells"]?.array ?? []).flatMap { cell -> [String] in
            var parts = [text(cell["cell_type"]), text(cell["source"])]
            for output in cell["outputs"]?.array ?? [] {
                let type = text(output["output_type"])
                if type == "stream" {
                    let head = "stream " + text(output["name"])
                    if parts.count > 2, parts[parts.count - 2] == head {
                        parts[parts.count - 1] += text(output["text"])
                    } else {
                        parts += [head, text(output["text"])]
                    }
                } else if type == "error" {
                    parts += ["error", text(output["ename"]), text(output["evalue"]), text(output["traceback"])]
                } else if let table = output["data"]?["text/markdown"] {
                    parts += ["table", text(table).filter { $0 != " " && $0 != "-" }]
                } else if let image = output["data"]?["image/png"] {
                    parts += ["image", text(image), text(output["data"]?["text/plain"])]
                } else {
                    parts += [type, text(output["data"]?["text/plain"])]
                }
            }
            return parts
        }
    }

    @Test func equalUpToTheDeclaredDrops() throws {
        for seed in 0..<300 {
            let files = MemoryFileSystem()
            let original = notebook(seed)
            files["a.ipynb"] = original.pretty()
            let converter = NotebookConverter(files: files)
            _ = try converter.convert("a.ipynb", to: "b.qnb")
            _ = try converter.convert("b.qnb", to: "c.ipynb")
            let back = try JSONParser.parse(files["c.ipynb"] ?? "")
            #expect(essence(back) == essence(original), "seed \(seed)")
        }
    }
}
