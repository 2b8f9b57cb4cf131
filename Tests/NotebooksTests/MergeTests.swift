import Notebooks
import Testing

/// Edits by the user while a run goes on, and merges of two branches.
@Suite struct MergeTests {
    private static let text =
        "A\n\n```python\nprint \"1\\n\"\n```\n\nB\n\n```python\nrun edit\nprint \"2\\n\"\n```\n\nC\n\n```python\nprint \"3\\n\"\n```\n"

    private func run(_ edit: @escaping (String) -> String) -> (Bench, RunResult) {
        let bench = Bench(Self.text)
        bench.evaluator.actions["edit"] = { bench.text = edit(bench.text) }
        return (bench, bench.run())
    }

    @Test func proseEditedMeanwhileIsKept() throws {
        let (bench, result) = run { $0.replacing("C\n", with: "A new paragraph.\n\nC\n") }
        #expect(result.status == .done)
        #expect(bench.text.contains("A new paragraph."))
        #expect(["1", "2", "3"].allSatisfy { bench.text.contains("```text\n\($0)\n```") })
        #expect(try bench.stale() == [nil, nil, nil])
    }

    @Test func aCellEditedMeanwhileGetsNoOutputAndIsStale() throws {
        let (bench, result) = run { $0.replacing("print \"3\\n\"", with: "print \"drei\\n\"") }
        #expect(result.status == .done)
        #expect(bench.text.contains("print \"drei\\n\"\n```\n"))
        #expect(!bench.text.contains("```text\n3\n```"))
        let stale = try bench.stale()
        #expect(stale[0] == nil && stale[1] == nil && stale[2] != nil)
        #expect(bench.events.contains { if case .merged(let lost) = $0 { lost == ["cell-3"] || lost.isEmpty } else { false } })
    }

    @Test func cellsMovedMeanwhileTakeTheirOutputsAlong() throws {
        let (bench, result) = run { text in
            let first = "```python\nprint \"1\\n\"\n```\n"
            let stripped = text.replacing(/<!-- qnb:out(.|\n)*?<!-- qnb:end.*\n/, with: "").replacing(first, with: "")
            return stripped + "\nNew\n\n" + first
        }
        #expect(result.status == .done)
        let notebook = try bench.notebook()
        #expect(notebook.cells.map { $0.block.map { notebook.payload(of: $0)[1] } } == ["2", "3", "1"])
    }

    @Test func aNotebookBrokenMeanwhileIsLeftAlone() {
        let (bench, result) = run { $0 + "\n```python\nunclosed\n" }
        #expect(result.status == .edited)
        #expect(result.writtenTo == "n.qnb.new")
        #expect(bench.text.hasSuffix("unclosed\n"))
        #expect(bench.files["n.qnb.new"]?.contains("```text\n3\n```") == true)
        #expect(result.messages.first?.contains("n.qnb:") == true)
    }

    @Test func anOutputEditedMeanwhileIsNotOverwritten() throws {
        let (bench, result) = run { $0.replacing("```text\n1\n", with: "```text\nuno\n") }
        #expect(result.status == .edited)
        #expect(bench.text.contains("```text\nuno\n"))
        #expect(bench.text.contains("```text\n3\n```"))
    }

    @Test func touchingTheFileIsNoEdit() {
        let (bench, result) = run { $0 }
        #expect(result.status == .done)
        #expect(!bench.events.contains { if case .merged = $0 { true } else { false } })
    }

    // MARK: Branches

    private func ran(_ text: String) -> String {
        let bench = Bench(text)
        bench.run()
        return bench.text
    }

    @Test func aConflictInTheSealIsResolvedByFix() throws {
        let base = ran(Self.text)
        let lines = base.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let seal = lines[lines.count - 2]
        let conflicted = (lines.dropLast(2) + ["<<<<<<< HEAD", seal, "=======", "<!-- qnb:seal chain=0123456789ab -->", ">>>>>>> other", ""]).joined(
            separator: "\n")
        let bench = Bench(conflicted)
        #expect(bench.run().status == .edited)
        let repair = NotebookRepair(Array(conflicted.utf8), file: "n.qnb")
        #expect(repair.remaining.isEmpty)
        #expect(repair.resolvedConflicts == [lines.count - 1])
        #expect(String(decoding: repair.bytes, as: UTF8.self) == base)
    }

    @Test func aConflictInsideAnOutputIsResolvedAndMarkedStale() throws {
        let base = ran(Self.text)
        let conflicted = base.replacing("```text\n1\n```\n", with: "```text\n<<<<<<< HEAD\n1\n=======\nuno\n>>>>>>> other\n```\n")
        let repair = NotebookRepair(Array(conflicted.utf8), file: "n.qnb")
        #expect(repair.remaining.isEmpty)
        let notebook = try NotebookParser.parse(repair.bytes, file: "n.qnb")
        #expect(notebook.cells.map { $0.block?.marker.isStale } == [true, false, false])
        #expect(String(decoding: repair.bytes, as: UTF8.self).replacing(" stale -->", with: " -->") == base)
    }

    @Test func aConflictInProseOrCodeIsTheUsers() {
        let conflicted = ran(Self.text).replacing(
            "print \"1\\n\"\n", with: "<<<<<<< HEAD\nprint \"1\\n\"\n=======\nprint \"uno\\n\"\n>>>>>>> other\n")
        let repair = NotebookRepair(Array(conflicted.utf8), file: "n.qnb")
        #expect(repair.bytes == Array(conflicted.utf8))
        #expect(repair.remaining.map(\.problem).contains(.conflictMarker))
    }

    @Test func fixDropsMarkersOnly() throws {
        let base = ran(Self.text)
        let damaged = base.replacing("<!-- qnb:end", with: "<!-- qnb:edn", maxReplacements: 1)
        let bench = Bench(damaged)
        let refused = bench.run()
        #expect(refused.status == .edited)
        #expect(refused.messages.contains { $0.contains("there is no marker qnb:edn; did you mean 'qnb:end'?") })
        let repair = NotebookRepair(Array(damaged.utf8), file: "n.qnb")
        #expect(repair.remaining.isEmpty)
        #expect(repair.dropped.count == 2)
        let repaired = String(decoding: repair.bytes, as: UTF8.self)
        let kept = damaged.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("<!-- qnb:") }
        #expect(repaired.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("<!-- qnb:") } == kept)
        bench.files.setBytes(repair.bytes, "n.qnb")
        #expect(bench.run().status == .done)
    }
}
