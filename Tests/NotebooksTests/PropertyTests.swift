import Markdown
import Notebooks
import Testing

/// The format's promises over thousands of random notebooks; each failure names the seed that shows it.
@Suite struct PropertyTests {
    static let count = 600

    @Test func runningTwiceChangesNoByte() {
        for seed in 0..<Self.count {
            let bench = Bench(RandomNotebook.text(seed: seed))
            let first = bench.run()
            #expect(first.status == .done, "seed \(seed): \(first.messages)")
            let once = bench.bytes
            #expect(bench.run().status == .done, "seed \(seed)")
            #expect(bench.bytes == once, "seed \(seed)")
        }
    }

    @Test func strippingARunGivesTheStrippedOriginal() throws {
        for seed in 0..<Self.count {
            let original = RandomNotebook.text(seed: seed)
            let bench = Bench(original)
            bench.run()
            #expect(DocumentImage.stripped(try bench.notebook()) == Array(original.utf8), "seed \(seed)")
        }
    }

    @Test func aFreshRunIsNotStaleAndChecks() throws {
        for seed in 0..<Self.count / 3 {
            let bench = Bench(RandomNotebook.text(seed: seed))
            bench.run()
            #expect(try bench.stale().allSatisfy { $0 == nil }, "seed \(seed)")
            let check = bench.check()
            #expect(check.status == .done, "seed \(seed): \(check.differences)")
        }
    }

    @Test func outputsReadBackAsTheyWereWritten() throws {
        for seed in 0..<Self.count / 3 {
            let bench = Bench(RandomNotebook.text(seed: seed))
            bench.run()
            let notebook = try bench.notebook()
            for cell in notebook.cells {
                guard let block = cell.block else { continue }
                let items = notebook.outputs(of: cell, paths: NotebookPaths(bench.path))
                #expect(!items.contains { if case .unknown = $0 { true } else { false } }, "seed \(seed)")
                #expect(PayloadWriter.lines(items) == block.payloadLines.map { notebook.text.text($0) }, "seed \(seed)")
            }
        }
    }

    /// Markdown itself, with blocks in place, sees the same cells as the parser, and every block's end on the top level.
    @Test func outputsNeverLeakOutOfTheirBlock() throws {
        for seed in 0..<Self.count {
            let bench = Bench(RandomNotebook.text(seed: seed))
            bench.run()
            let notebook = try bench.notebook()
            let start = notebook.frontMatter.lines?.upperBound ?? 0
            let lines = (0..<notebook.text.count).map { $0 < start ? "" : notebook.text.text($0 + 1) }
            let tree = MarkdownTree(parsing: lines.joined(separator: "\n"))
            var fences: [Int] = []
            var comments: Set<Int> = []
            for index in tree.topLevel {
                switch tree[index].kind {
                case .codeBlock("python", _, _?): fences.append(tree[index].range.startLine)
                case .htmlBlock: comments.insert(tree[index].range.startLine)
                default: continue
                }
            }
            #expect(fences == notebook.cells.map(\.openLine), "seed \(seed)")
            for case let block? in notebook.cells.map(\.block) {
                #expect(comments.contains(block.lines.lowerBound) && comments.contains(block.lines.upperBound), "seed \(seed)")
            }
            let html = renderGitHubHTML(Array(lines.joined(separator: "\n").utf8))
            #expect(!html.contains("<script"), "seed \(seed)")
            #expect(!html.split(separator: "\n").contains { $0.hasPrefix("&lt;!-- qnb:") }, "seed \(seed): a marker shows")
            for case let block? in notebook.cells.map(\.block) {
                for case .text(_, let shown) in PayloadReader.read(block.payloadLines.map { notebook.text.text($0) }, assetFolder: "n.assets") {
                    for line in shown where !line.isEmpty { #expect(html.contains(escaped(MarkerEscape.escape(line))), "seed \(seed): \(line)") }
                }
            }
        }
    }

    private func escaped(_ line: String) -> String {
        line.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
    }

    @Test func damageToAnyOneLineLosesNoProse() throws {
        var refused = 0
        for seed in 0..<25 {
            let bench = Bench(RandomNotebook.text(seed: seed))
            bench.run()
            let ran = bench.bytes
            let lines = SourceLines(ran)
            for line in stride(from: 1, through: lines.count, by: 1) {
                for (kind, damaged) in damages(lines, line) {
                    bench.files.setBytes(damaged, bench.path)
                    let before = userLines(damaged)
                    let result = bench.run()
                    if result.status == .edited || result.status == .unusable {
                        refused += 1
                        #expect(bench.bytes == damaged, "seed \(seed) line \(line) \(kind): a refused notebook was changed")
                        #expect(result.messages.contains { $0.contains("n.qnb:") }, "seed \(seed) line \(line) \(kind): no line named")
                    } else {
                        #expect(before.isSubset(of: userLines(bench.bytes)), "seed \(seed) line \(line) \(kind)")
                    }
                }
            }
        }
        #expect(refused > 1_000)
    }

    private func damages(_ lines: SourceLines, _ line: Int) -> [(String, [UInt8])] {
        let full = lines.fullRange(line)
        let bytes = lines.bytes
        var results = [
            ("deleted", Array(bytes[..<full.lowerBound] + bytes[full.upperBound...])),
            ("doubled", Array(bytes[..<full.upperBound] + bytes[full.lowerBound...])),
        ]
        let content = lines.range(line)
        if content.count > 4 {
            let middle = content.lowerBound + content.count / 2
            results.append(("cut", Array(bytes[..<middle] + bytes[content.upperBound...])))
            results.append(("indented", Array(bytes[..<content.lowerBound] + [Ascii.space] + bytes[content.lowerBound...])))
        }
        return results
    }

    /// Lines outside anything a marker scan would call a block.
    private func userLines(_ bytes: [UInt8]) -> Set<String> {
        let text = SourceLines(bytes)
        let scan = MarkerScan(text)
        var owned = Set(scan.seals.map(\.line))
        for region in scan.regions { owned.formUnion(region.lines) }
        return Set((0..<text.count).map { $0 + 1 }.filter { !owned.contains($0) && !text.isBlank($0) }.map { text.text($0) })
    }

    @Test func editingOneCellChangesAtMostFourLines() throws {
        for count in [1, 5, 40] {
            let cells = (0..<count).map { "Prose \($0).\n\n```python\nprint \"value \($0)\\n\"\n```\n" }
            let bench = Bench(cells.joined(separator: "\n"))
            bench.run()
            let before = bench.text
            bench.text = before.replacing("print \"value \(count / 2)\\n\"", with: "print \"other\\n\"")
            let edited = bench.text
            #expect(bench.run().status == .done)
            let changed = zip(
                edited.split(separator: "\n", omittingEmptySubsequences: false), bench.text.split(separator: "\n", omittingEmptySubsequences: false)
            )
            .count { $0 != $1 }
            #expect(changed == 4, "marker, output, sum, seal")
        }
    }
}
