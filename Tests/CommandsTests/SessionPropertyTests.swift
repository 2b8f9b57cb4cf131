import Foundation
import Interpreter
import Library
import Notebooks
import Testing

/// The format's promises with real programs: random notebooks of the language, run by a real session, on the real file system.
@Suite(.serialized) struct SessionPropertyTests {
    private static let hostile = [
        "```", "````python", "~~~", "<!-- qnb:out in=0123456789ab -->", "<!-- qnb:end sum=01234567 -->", "<!-- qnb:seal chain=0123456789ab -->",
        "\\<!-- qnb:end -->", "\u{1B}[31mred\u{1B}[0m", "a\0b", "50%\r100%", "<<<<<<< HEAD", "=======", ">>>>>>> other", "<script>alert(1)</script>",
        "x\u{2028}y", "-->", "<!--", "</div>", "| a | b |", "# heading", "---", "", "    indented", "![x](n.assets/x.png)", "é漢字👩‍👩‍👧", "\\", "'''", "\"",
    ]

    private func literal(_ generator: inout SeededGenerator) -> String {
        let text = (0..<Int.random(in: 0...4, using: &generator)).map { _ in Self.hostile.randomElement(using: &generator) ?? "" }.joined(
            separator: "\n")
        return JSON.string(text).compact()
    }

    private func cell(_ index: Int, _ generator: inout SeededGenerator) -> String {
        let text = literal(&generator)
        switch Int.random(in: 0..<12, using: &generator) {
        case 0...2: return "print(\(text))"
        case 3: return "import sys\nprint(\(text), file=sys.stderr, end='')\nprint(\(text))"
        case 4: return "v\(index) = \(text)\nv\(index)"
        case 5: return "#| raises: ValueError\nraise ValueError(\(text))"
        case 6: return "class A\(index):\n    def _repr_markdown_(self): return \(text)\nA\(index)()"
        case 7: return "class B\(index):\n    def _repr_html_(self): return \(text)\ndisplay(B\(index)(), \(text))"
        case 8: return "#| label: c\(index)\n[\(index), \(text)];"
        case 9: return "for i in range(\(Int.random(in: 0..<400, using: &generator))): print(i, \(text), end='\\r')"
        case 10: return "from tqdm import tqdm\nfor i in tqdm(range(3), desc=\(text)): pass"
        default: return "#| eval: false\nx = "
        }
    }

    private func notebook(_ seed: Int) -> String {
        var generator = SeededGenerator(seed)
        var parts = ["---\nparams:\n  n: \(seed)\n---\n"]
        for index in 0..<Int.random(in: 1...12, using: &generator) {
            parts.append("Prose \(index).\n\n```python\n\(cell(index, &generator))\n```\n")
        }
        return parts.joined(separator: "\n")
    }

    private func run(_ path: String) -> RunResult {
        let evaluator = SessionEvaluator()
        let runner = NotebookRunner(
            path, options: RunOptions(), evaluator: evaluator,
            environment: RunEnvironment(files: PosixFileSystem(), epoch: 1, seconds: { ProcessInfo.processInfo.systemUptime }),
            control: EvaluationControl(now: { ProcessInfo.processInfo.systemUptime }))
        defer { evaluator.finish() }
        return runner.run()
    }

    @Test func randomNotebooksKeepThePromises() throws {
        let shell = try Shell()
        let path = shell.work.appending(path: "n.qnb").path
        for seed in 0..<150 {
            let source = notebook(seed)
            try shell.write(source, to: "n.qnb")
            let result = run(path)
            #expect(result.status == .done, "seed \(seed): \(result.messages)")
            let once = try shell.read("n.qnb")
            let parsed = try NotebookParser.parse(Array(once.utf8), file: "n.qnb")
            #expect(DocumentImage.stripped(parsed) == Array(source.utf8), "seed \(seed)")
            let loaded = try LoadedNotebook(path, files: PosixFileSystem())
            #expect(loaded.staleness(files: PosixFileSystem(), epoch: 1).isFresh, "seed \(seed)")
            if seed % 4 == 0 {
                #expect(run(path).status == .done, "seed \(seed)")
                #expect(try shell.read("n.qnb") == once, "seed \(seed): a second run changed the file")
            }
        }
    }
}

/// A seeded generator (SplitMix64), so that a failure can be replayed from its seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
