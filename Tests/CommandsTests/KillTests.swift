import Foundation
import Notebooks
import Testing

/// SIGKILL at random instants of a run: the file always parses and holds every finished cell.
@Suite(.serialized) struct KillTests {
    private static let cellCount = 50

    /// Each cell says in a file beside the notebook that it has begun, before which all cells above it are finished.
    private func notebook() -> String {
        (0..<Self.cellCount).map { index in
            """
            Prose of cell \(index).

            ```python
            #| label: c\(index)
            import time
            with open("progress", "a") as progress: progress.write("\(index)\\n")
            time.sleep(0.0005)
            print("value of \(index)", \(index) ** 2)
            print("```", "<!-- qnb:end sum=00000000 -->")
            ```

            """
        }.joined(separator: "\n")
    }

    @Test func everyFinishedCellSurvivesAKillAtAnyInstant() throws {
        let shell = try Shell()
        let source = notebook()
        try shell.write(source, to: "n.qnb")
        // Follows the machine: the first run may find it busier, or idler, than the rounds do.
        var wholeRun = try measureRun(shell, source)
        var generator = SystemRandomNumberGenerator()
        var killed = 0
        var recovered = 0
        for round in 0..<200 {
            if round % 4 == 0 { try shell.write(source, to: "n.qnb") }
            try? FileManager.default.removeItem(at: shell.work.appending(path: "progress"))  // The first round has none.
            let output = shell.folder.appending(path: "out")
            let process = try shell.start("exec qnb run n.qnb", output: output)
            let delay = Double.random(in: 0...wholeRun * 1.1, using: &generator)
            usleep(UInt32(delay * 1e6))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            guard process.terminationReason == .uncaughtSignal else {
                wholeRun = min(wholeRun, delay)
                continue
            }
            if delay > wholeRun { wholeRun *= 1.05 }
            killed += 1
            if try String(contentsOf: output, encoding: .utf8).contains("recovered") { recovered += 1 }
            try check(shell, source, round)
        }
        #expect(killed > 100, "most rounds must really be killed")
        #expect(recovered > 10)
        let last = try shell.run("qnb run n.qnb --quiet && qnb stale n.qnb")
        #expect(last.status == 0, "\(last.output)")
        try expectOutputs(of: 0..<Self.cellCount, in: try shell.read("n.qnb"), "at the end")
    }

    private func measureRun(_ shell: Shell, _ source: String) throws -> Double {
        let start = ContinuousClock().now
        #expect(try shell.run("qnb run n.qnb --quiet").status == 0)
        let seconds = Double((ContinuousClock().now - start) / .milliseconds(1)) / 1000
        try shell.write(source, to: "n.qnb")
        return seconds
    }

    /// The notebook parses and its prose is whole; recovery puts back every cell that had finished.
    private func check(_ shell: Shell, _ source: String, _ round: Int) throws {
        let text = try shell.read("n.qnb")
        let notebook = try NotebookParser.parse(Array(text.utf8), file: "n.qnb")
        #expect(DocumentImage.stripped(notebook) == Array(source.utf8), "round \(round)")
        guard let progress = try? shell.read("progress") else { return }  // Killed before the first cell.
        let begun = progress.split(separator: "\n").count
        // A cell begins when those before it are finished. What is not in the notebook yet is in the journal.
        try shell.write(text, to: "copy.qnb")
        for name in ["qnb-journal", "qnb-lock"] where shell.exists("n.\(name)") {
            try? FileManager.default.removeItem(at: shell.work.appending(path: "copy.\(name)"))  // From an earlier round.
            try FileManager.default.copyItem(at: shell.work.appending(path: "n.\(name)"), to: shell.work.appending(path: "copy.\(name)"))
        }
        try shell.write("99", to: "progress")
        let recovery = try shell.run("qnb run copy.qnb --until c0 --quiet")
        #expect(recovery.status == 0, "round \(round): \(recovery.output)")
        try expectOutputs(of: 0..<max(0, begun - 1), in: try shell.read("copy.qnb"), "round \(round)")
    }

    private func expectOutputs(of cells: Range<Int>, in text: String, _ what: String) throws {
        let notebook = try NotebookParser.parse(Array(text.utf8), file: "n.qnb")
        for index in cells {
            let outputs = notebook.outputs(of: notebook.cells[index], paths: NotebookPaths("n.qnb"))
            #expect(
                outputs == [.text(.stdout, ["value of \(index) \(index * index)", "``` <!-- qnb:end sum=00000000 -->"])], "\(what), cell \(index)")
        }
    }
}
