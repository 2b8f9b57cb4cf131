import Notebooks
import Testing

/// Kills and failing disks at every single operation of a run.
@Suite struct FaultTests {
    private static let text = """
        Prose at the start.

        ```python
        print "one\\n"
        png 1
        ```

        Prose between.

        ```python
        #| label: two
        print "two\\n"
        table 25
        ```

        ```python
        print "three\\n"
        result "3"
        ```

        Prose at the end.

        """

    /// Operations of an undisturbed run.
    private func operations(_ bench: Bench) -> Int {
        bench.files.arm(.none)
        bench.run()
        return bench.files.operations
    }

    private func prose(_ text: String) -> Bool {
        ["Prose at the start.", "Prose between.", "Prose at the end."].allSatisfy(text.contains)
    }

    /// Runs until the armed fault strikes; the names of the cells that had finished before. `pace` is the seconds between two looks at the
    /// clock: at 0 the disk has just been synced whenever a cell ends, at 1 that is long ago.
    private func runToFault(_ bench: Bench, pace: Double) -> [String] {
        var finished: [String] = []
        let clock = Bench.Clock(step: Int(pace * 1e6))
        let environment = RunEnvironment(files: bench.files, epoch: 1, seconds: { clock.now })
        let runner = NotebookRunner(
            "n.qnb", options: bench.options, evaluator: bench.evaluator, environment: environment, control: EvaluationControl(now: { 0 })
        ) { if case .cellFinished(let report) = $0, !bench.files.isDead { finished.append(report.name) } }
        _ = runner.run()
        return finished
    }

    @Test(arguments: [0.0, 1.0]) func aKillAtAnyOperationLeavesAFileThatParsesAndHoldsFinishedCells(_ pace: Double) throws {
        for isRerun in [false, true] {
            func makeBench() -> Bench {
                let bench = Bench(Self.text)
                if isRerun {
                    bench.run()
                    bench.text = bench.text.replacing("print \"one\\n\"\npng 1", with: "print \"eins\\n\"\npng 2").replacing(
                        "print \"two\\n\"", with: "print \"zwei\\n\"")
                    bench.evaluator.ticks = 0
                }
                return bench
            }
            let undisturbed = makeBench()
            undisturbed.files.arm(.none)
            _ = runToFault(undisturbed, pace: pace)
            let total = undisturbed.files.operations
            let final = undisturbed.text
            for count in 1...total {
                let bench = makeBench()
                bench.files.arm(.kill(at: count))
                let finished = runToFault(bench, pace: pace)
                #expect(bench.files.isDead, "operation \(count)")
                bench.files.reboot()

                let notebook = try NotebookParser.parse(bench.bytes, file: "n.qnb")
                #expect(prose(bench.text), "operation \(count)")
                for name in finished {
                    #expect(notebook.cells.first { $0.name == name }?.block?.marker.status == .done, "operation \(count): \(name) is not on disk")
                }
                let result = bench.run()
                #expect(result.status == .done, "operation \(count): \(result.messages)")
                #expect(bench.text == final, "operation \(count)")
                #expect(
                    !bench.files.names.contains { $0.contains("qnb-tmp") || $0.hasSuffix("-journal") || $0.hasSuffix("-lock") },
                    "operation \(count): \(bench.files.names)")
            }
        }
    }

    @Test(arguments: [0.0, 1.0], [false, true]) func aLossOfPowerAtAnyOperationLosesNoFinishedCell(_ pace: Double, oldNames: Bool) throws {
        let undisturbed = Bench(Self.text)
        undisturbed.files.arm(.none)
        _ = runToFault(undisturbed, pace: pace)
        var restored = 0
        for count in 1...undisturbed.files.operations {
            let bench = Bench(Self.text)
            bench.files.arm(.kill(at: count))
            let finished = runToFault(bench, pace: pace)
            bench.files.losePower(oldNames: oldNames)
            if bench.bytes.isEmpty { restored += 1 }
            // Only the recovery is looked at: the run that follows it is refused.
            bench.options.only = ["nothing"]
            #expect(bench.run().status == .unusable)
            #expect(prose(bench.text), "operation \(count)")
            let notebook = try bench.notebook()
            for name in finished {
                let cell = try #require(notebook.cells.first { $0.name == name })
                #expect(cell.block?.marker.status == .done, "operation \(count): \(name) is lost")
            }
            bench.options.only = []
            bench.run()
            #expect(bench.text == undisturbed.text, "operation \(count)")
        }
        #expect(oldNames || pace > 0 || restored > 3, "an empty notebook is what the journal is for")
    }

    @Test func theNextRunSaysWhatItRecovered() throws {
        var recoveries = 0
        let total = operations(Bench(Self.text))
        for count in 1...total {
            let bench = Bench(Self.text)
            bench.files.arm(.kill(at: count))
            bench.run()
            bench.files.reboot()
            let isMissing = try lacksJournaledCell(bench)
            bench.run()
            let said = bench.events.contains { if case .recovered = $0 { true } else { false } }
            #expect(said == isMissing, "operation \(count)")
            if said { recoveries += 1 }
        }
        #expect(recoveries > 5)
    }

    /// Whether the journal tells of a cell that had not ended, or whose outputs are not in the notebook.
    private func lacksJournaledCell(_ bench: Bench) throws -> Bool {
        let cells = try bench.notebook().cells
        var open: Int?
        for record in bench.files.bytes("n.qnb-journal").map(JournalRecord.decode) ?? [] {
            switch record {
            case .begin(let ordinal, _, _, _): open = ordinal
            case .end where open.map { cells[$0].block?.marker.status == .done } ?? false: open = nil
            default: continue
            }
        }
        return open != nil
    }

    @Test func aJournalKeepsTheIdentityOfADisplay() {
        var display = Display(.display, text: "t", html: "<b>t</b>")
        display.identity = "progress"
        display.isUpdate = true
        #expect(JournalRecord.decode(JournalRecord.display(display).encoded) == [.display(display)])
    }

    @Test func aJournalCutAtAnyByteIsReadUpToThere() {
        let records: [JournalRecord] = [
            .run(file: "n.qnb"), .begin(ordinal: 2, hash: "0123456789ab", label: "two", region: "x"), .chunk(.stdout, "héllo\n"), .chunk(.stderr, ""),
            .display(
                Display(
                    .result, text: "t", table: Table(header: ["a", "b"], alignments: [.left, .right], rows: [["1", "2"]]), svg: "<svg/>",
                    png: [1, 2, 3])),
            .error("e"), .capped, .splicing(region: "y"), .end(.done), .base([1, 0, 200]),
        ]
        let encoded = records.map(\.encoded)
        let bytes = encoded.flatMap { $0 }
        #expect(JournalRecord.decode(bytes) == records)
        var ends: [Int] = [0]
        for record in encoded { ends.append((ends.last ?? 0) + record.count) }
        for cut in 0...bytes.count {
            let whole = ends.lastIndex { $0 <= cut } ?? 0
            #expect(JournalRecord.decode(Array(bytes[..<cut])) == Array(records[..<whole]), "cut at \(cut)")
        }
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 0x40
            #expect(JournalRecord.decode(damaged).count < records.count)
        }
    }

    @Test(arguments: [SystemError.noSpace, SystemError.inputOutput]) func aFailingOperationLosesNothing(_ code: Int32) throws {
        let total = operations(Bench(Self.text))
        for isLasting in [false, true] {
            for count in 1...total {
                let bench = Bench(Self.text)
                bench.files.arm(isLasting ? .failFrom(count, code: code) : .fail(at: count, code: code))
                let result = bench.run()
                bench.files.arm(.none)
                _ = try NotebookParser.parse(bench.bytes, file: "n.qnb")
                #expect(prose(bench.text), "operation \(count)")
                #expect([.done, .inputOutput].contains(result.status), "operation \(count)")
                if result.status == .done {
                    #expect(bench.text.contains("```text\nthree\n```"), "operation \(count): \(result.status)")
                } else {
                    #expect(!result.messages.isEmpty)
                    if let place = result.writtenTo { #expect(bench.files[place]?.contains("```text\nthree\n```") == true) }
                }
                bench.options.overwritesEdited = true
                #expect(bench.run().status == .done, "operation \(count): the disk is well again")
                #expect(try bench.stale().allSatisfy { $0 == nil })
            }
        }
    }

    @Test func aReadOnlyNotebookGetsItsResultsBesideIt() {
        let bench = Bench(Self.text)
        bench.files.setMode(0o444, "n.qnb")
        let result = bench.run()
        #expect(result.status == .inputOutput)
        #expect(result.writtenTo == "n.qnb.new")
        #expect(bench.text == Self.text)
        #expect(bench.files["n.qnb.new"]?.contains("```text\nthree\n```") == true)
        #expect(result.messages.last?.hasSuffix("the results are in n.qnb.new") == true)
    }

    @Test func aVanishedNotebookIsNotCreatedAnew() {
        let bench = Bench(Self.text.replacing("print \"two\\n\"", with: "run vanish"))
        bench.evaluator.actions["vanish"] = { bench.files["n.qnb"] = nil }
        let result = bench.run()
        #expect(result.status == .inputOutput)
        #expect(bench.files["n.qnb"] == nil)
        #expect(bench.files["n.qnb.new"]?.contains("```text\nthree\n```") == true)
    }

    @Test func outputPrintedBeforeAKillIsRecovered() throws {
        let bench = Bench("```python\nprint \"before\\n\"\nrun die\nprint \"after\\n\"\n```\n")
        bench.evaluator.actions["die"] = { bench.files.arm(.kill(at: 1)) }
        bench.run()
        bench.files.reboot()
        bench.evaluator.actions["die"] = {}
        bench.text += "\n"
        // Only the recovery is looked at: the run that follows it is refused.
        bench.options.only = ["nothing"]
        #expect(bench.run().status == .unusable)
        #expect(bench.text.contains("status=interrupted -->\n```text\nbefore\n```\n"))
        guard case .recovered(let finished, let unfinished)? = bench.events.first else {
            Issue.record("nothing was recovered")
            return
        }
        #expect(finished.isEmpty)
        #expect(unfinished == "cell-1")
    }
}
