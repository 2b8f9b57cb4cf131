import Foundation
import Notebooks
import Testing

/// Ctrl-C, a request to end, limits of the system, an editor that saves meanwhile.
@Suite(.serialized) struct SignalTests {
    private static let slow = """
        ```python
        print("first")
        ```

        ```python
        import time
        print("working", flush=True)
        open("started", "w").close()
        time.sleep(60)
        ```

        ```python
        print("third")
        ```

        """

    /// Runs until the slow cell works, then acts on the process; the output, the status, and how long it took to end.
    private func interrupt(
        _ shell: Shell, _ source: String, options: String = "", _ act: (Process) throws -> Void
    ) throws -> (output: String, status: Int32, seconds: Double) {
        try shell.write(source, to: "n.qnb")
        let output = shell.folder.appending(path: "out")
        let process = try shell.start("exec qnb run n.qnb \(options)", output: output)
        while !shell.exists("started"), process.isRunning { usleep(2_000) }
        let start = ContinuousClock().now
        try act(process)
        process.waitUntilExit()
        let seconds = Double((ContinuousClock().now - start) / .milliseconds(1)) / 1000
        let status = process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
        return (try String(contentsOf: output, encoding: .utf8), status, seconds)
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func oneSignalStopsInGoodOrder(_ signal: Int32) throws {
        let shell = try Shell()
        try shell.write(Self.slow.replacing("60", with: "0"), to: "n.qnb")
        #expect(try shell.run("qnb run n.qnb -q; rm started").status == 0)
        let before = try shell.read("n.qnb")
        let result = try interrupt(shell, before.replacing("sleep(0)", with: "sleep(60)")) { kill($0.processIdentifier, signal) }
        #expect(result.status == 130)
        #expect(result.seconds < 1)
        #expect(result.output.contains("interrupted in cell 'cell-2'"))
        let text = try shell.read("n.qnb")
        #expect(text.contains("status=interrupted"))
        #expect(text.contains("```text\nworking\n```"))
        #expect(text.contains("KeyboardInterrupt"))
        let notebook = try NotebookParser.parse(Array(text.utf8), file: "n.qnb")
        #expect(notebook.cells[0].block?.marker.isStale == false)
        #expect(notebook.cells[2].block?.marker.isStale == true)
        #expect(!shell.exists("n.qnb-journal"))
        #expect(!shell.exists("n.qnb-lock"))
    }

    @Test func theSecondSignalLeavesAtOnceAndTheNextRunRecovers() throws {
        let shell = try Shell()
        let stubborn = Self.slow.replacing(
            "time.sleep(60)", with: "while True:\n    try:\n        time.sleep(60)\n    except KeyboardInterrupt:\n        pass")
        let result = try interrupt(shell, stubborn) { process in
            kill(process.processIdentifier, SIGINT)
            usleep(200_000)
            kill(process.processIdentifier, SIGINT)
        }
        #expect(result.status == 130)
        #expect(result.seconds < 1)
        let next = try shell.run("qnb run n.qnb --until cell-1")
        #expect(next.status == 0)
        #expect(next.output.contains("recovered from a run that was killed: what cell cell-2 had printed"))
        #expect(try shell.read("n.qnb").contains("```text\nworking\n```"))
    }

    @Test func aCellThatHandlesTheInterruptIsDoneAndTheRunStops() throws {
        let shell = try Shell()
        let handling = Self.slow.replacing("time.sleep(60)", with: "try:\n    time.sleep(60)\nexcept KeyboardInterrupt:\n    print(\"stopped\")")
        let result = try interrupt(shell, handling) { kill($0.processIdentifier, SIGINT) }
        #expect(result.status == 130)
        let text = try shell.read("n.qnb")
        #expect(text.contains("working\nstopped\n"))
        #expect(!text.contains("status=interrupted"))
        #expect(!text.contains("```text\nthird"))
    }

    @Test func whatTheUserSavesMeanwhileIsKept() throws {
        let shell = try Shell()
        let short = Self.slow.replacing("time.sleep(60)", with: "while not os.path.exists(\"go\"): time.sleep(0.01)").replacing(
            "import time", with: "import time, os")
        let result = try interrupt(shell, short) { _ in
            let text = try shell.read("n.qnb")
            try shell.write("New prose.\n\n" + text.replacing("\"third\"", with: "\"changed\""), to: "n.qnb")
            try shell.write("", to: "go")
        }
        #expect(result.status == 0, "\(result.output)")
        #expect(result.output.contains("was saved by someone else meanwhile"))
        let text = try shell.read("n.qnb")
        #expect(text.hasPrefix("New prose.\n"))
        #expect(text.contains("```text\nfirst\n```"))
        #expect(text.contains("```text\nworking\n```"))
        #expect(!text.contains("```text\nthird"))
        #expect(try shell.run("qnb stale n.qnb").status == 1)
        #expect(try shell.run("qnb run n.qnb -q && qnb stale n.qnb").status == 0)
    }

    @Test func aFullDiskLosesNothingThatWasThere() throws {
        let shell = try Shell()
        let source = "```python\nprint(\"x\" * 3000)\n```\n\n```python\nprint(\"y\" * 3000)\n```\n"
        try shell.write(source, to: "n.qnb")
        // A limit on file sizes stands in for a disk without room.
        let result = try shell.run("ulimit -f 4; qnb run n.qnb -q")
        #expect(result.status == 74, "\(result.output)")
        #expect(result.output.contains("File too large"))
        let text = try shell.read("n.qnb")
        let notebook = try NotebookParser.parse(Array(text.utf8), file: "n.qnb")
        #expect(DocumentImage.stripped(notebook) == Array(source.utf8))
        #expect(try shell.run("qnb run n.qnb -q && qnb stale n.qnb").status == 0)
    }

    @Test func aTimeLimitEndsAtOnceInLoopsSleepsAndLibraries() throws {
        let shell = try Shell()
        for body in [
            "while True: pass", "import time; time.sleep(60)", "x = [i for i in range(10**12) if i < 0]", "'a' in iter(int, 1)",
            "import re; re.match('(a*)*b', 'a' * 40)",
        ] {
            try shell.write("```python\n\(body)\n```\n", to: "n.qnb")
            let start = ContinuousClock().now
            let result = try shell.run("qnb run n.qnb -q --timeout 0.2")
            #expect(result.status == 124, "\(body): \(result.output)")
            #expect(ContinuousClock().now - start < .seconds(3), "\(body)")
            #expect(try shell.read("n.qnb").contains("status=timeout"))
        }
    }
}
