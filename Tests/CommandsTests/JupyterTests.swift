import Foundation
import Testing

/// Conversions of notebooks that the real nbformat wrote (Fixtures/make_jupyter.py).
@Suite struct JupyterTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/jupyter")

    private static func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".ipynb") }.sorted()
    }

    private func json(_ data: Data) throws -> [String: Any] { try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any]) }

    @Test(arguments: try names()) func aRoundTripKeepsAllButTheDeclaredDrops(_ name: String) throws {
        let shell = try Shell()
        let original = try Data(contentsOf: Self.folder.appending(path: name))
        try original.write(to: shell.work.appending(path: "a.ipynb"))
        let there = try shell.run("qnb convert a.ipynb a.qnb")
        #expect(there.status == 0, "\(there.output)")
        let back = try shell.run("qnb convert a.qnb back.ipynb")
        #expect(back.status == 0, "\(back.output)")
        let before = Normalised(try json(original))
        let after = Normalised(try json(try Data(contentsOf: shell.work.appending(path: "back.ipynb"))))
        #expect(after.cells == before.cells)
        // Once in our format, nothing is lost any more.
        #expect(try shell.run("cp a.qnb once; qnb convert back.ipynb a.qnb --force 2>/dev/null; cmp once a.qnb").output == "")
        #expect(try shell.run("qnb strip a.qnb && qnb stale a.qnb >/dev/null; test $? -le 1").status == 0)
        if let python = Self.nbformat {
            let check = try shell.run("\(python) -c 'import nbformat; nbformat.validate(nbformat.read(\"back.ipynb\", 4))'")
            #expect(check.status == 0, "\(check.output)")
        }
    }

    /// A Python with nbformat, where there is one: QNB_PYTHON, else python3.
    private static let nbformat: String? = {
        let python = ProcessInfo.processInfo.environment["QNB_PYTHON"] ?? "python3"
        guard let shell = try? Shell(), let result = try? shell.run("\(python) -c 'import nbformat'"), result.status == 0 else { return nil }
        return python
    }()

    /// A script made from a notebook prints under python3 what the notebook stores as standard output.
    @Test func scriptsPrintTheSameUnderPython() throws {
        let shell = try Shell()
        try shell.write(Self.program, to: "n.qnb")
        #expect(try shell.run("qnb run n.qnb -q").status == 0)
        #expect(try shell.run("qnb convert n.qnb n.py").status == 0)
        let ours = try shell.run("qnb run n.py")
        let theirs = try shell.run("python3 n.py")
        #expect(ours.status == 0 && theirs.status == 0, "\(theirs.output)")
        #expect(ours.output == theirs.output)
        let stored = try shell.run("sed -n '/^```text$/,/^```$/p' n.qnb | grep -v '^```'")
        #expect(stored.output == theirs.output)
    }

    private static let program = """
        ---
        title: Program
        ---

        # Text with `code`

        ```python
        #| label: start
        from collections import Counter
        import json, math
        words = "the quick brown fox jumps over the lazy dog the end".split()
        print(Counter(words).most_common(2))
        ```

        ```python
        #| eval: false
        this is not run
        ```

        ```python
        #| label: shapes
        class Shape:
            def __init__(self, *sides): self.sides = sides
            def __repr__(self): return f"Shape{self.sides}"

        print([Shape(n, n + 1) for n in range(3)])
        print(json.dumps({"pi": round(math.pi, 4), "ok": True}, sort_keys=True))
        ```

        ```python
        print(f"{sum(i * i for i in range(100)):,}", "é漢")
        ```

        """
}

/// A Jupyter notebook without what conversion is declared to drop: counts, ids, metadata other than tags, ANSI sequences, rich forms beside
/// the stored one, rewritten base 64.
private struct Normalised {
    var cells: [String] = []

    init(_ notebook: [String: Any]) {
        for case let cell as [String: Any] in notebook["cells"] as? [Any] ?? [] {
            let kind = cell["cell_type"] as? String ?? ""
            let source = Self.source(Self.text(cell["source"]), kind)
            // Front matter travels in the metadata, other raw cells as fences.
            if kind == "raw" { if !source.hasPrefix("---") { cells.append("markdown|" + source) } } else { cells.append(kind + "|" + source) }
            var isCut = false
            for case let output as [String: Any] in cell["outputs"] as? [Any] ?? [] {
                let shown = Self.output(output)
                // Behind the note that lines were left out comes the tail of the same output.
                if !isCut { cells += shown }
                isCut = shown.isEmpty
            }
        }
    }

    private static func text(_ value: Any?) -> String {
        if let lines = value as? [String] { return lines.joined() }
        return value as? String ?? ""
    }

    private static func source(_ text: String, _ kind: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if kind == "code" { lines.removeAll { $0.hasPrefix("#| ") } }
        if kind != "code" {
            // Fences are closed and relabelled, markers escaped, attachments become files, raw text is fenced.
            lines = lines.map { $0.hasPrefix("\\<!-- qnb:") ? String($0.dropFirst()) : $0 }
            lines.removeAll { $0.hasPrefix("```") || $0.hasPrefix("~~~") }
            lines = lines.map { $0.replacing(#/\(attachment:[^)]*\)|\([^)]*attachment-[0-9]+\.[a-z]+\)/#, with: "(attachment)") }
        }
        return lines.joined(separator: "\n")
    }

    private static func output(_ output: [String: Any]) -> [String] {
        switch output["output_type"] as? String {
        case "stream": return ["\(output["name"] ?? "")|" + shown(text(output["text"]))]
        case "error": return ["error|\(output["ename"] ?? "")|\(output["evalue"] ?? "")"]
        default:
            guard let data = output["data"] as? [String: Any] else { return [] }
            if data["image/png"] != nil { return ["png|" + text(data["image/png"]).filter { !$0.isWhitespace }] }
            if data["image/svg+xml"] != nil { return ["svg|" + text(data["image/svg+xml"])] }
            if data["text/markdown"] != nil { return ["markdown|" + text(data["text/markdown"]).filter { $0 != " " && $0 != "-" }] }
            if data["text/latex"] != nil { return ["markdown|" + text(data["text/latex"])] }
            let plain = text(data["text/plain"])
            // The log of long output is an asset; its note is ours.
            return plain.hasPrefix("… ") ? [] : ["text|" + plain]
        }
    }

    /// As a terminal shows it in the end; of long text the first lines.
    private static func shown(_ text: String) -> String {
        var lines = text.replacing(#/\u{1B}\[[0-9;]*m/#, with: "").split(separator: "\n", omittingEmptySubsequences: false).map { line in
            String(line.split(separator: "\r").last ?? "").replacing("\0", with: "\u{FFFD}").replacing("\u{2028}", with: "\u{FFFD}")
        }
        if lines.last == "" { lines.removeLast() }
        return lines.prefix(50).joined(separator: "\n")
    }
}
