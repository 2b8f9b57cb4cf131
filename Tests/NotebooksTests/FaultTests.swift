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

    @Test func aKillAtAnyOperationLeavesAFileThatParsesAndHoldsFinishedCells() throws {
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
            let total = operations(undisturbed)
            let final = undisturbed.text
            for count in 1...total {
                let bench = makeBench()
                var finished: [String] = []
                bench.files.arm(.kill(at: count))
                let runner = NotebookRunner(
                    "n.qnb", options: bench.options, evaluator: bench.evaluator,
                    environment: RunEnvironment(files: bench.files, epoch: 1, seconds: { 0 }), control: EvaluationControl(now: { 0 })
                ) { if case .cellFinished(let report) = $0, !bench.files.isDead { finished.append(report.name) } }
                _ = runner.run()
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

    @Test func theNextRunSaysWhatItRecovered() {
        var recoveries = 0
        let total = operations(Bench(Self.text))
        for count in 1...total {
            let bench = Bench(Self.text)
            bench.files.arm(.kill(at: count))
            bench.run()
            bench.files.reboot()
            let hadCells =
                bench.files.bytes("n.qnb-journal").map { JournalRecord.decode($0).contains { if case .begin = $0 { true } else { false } } } ?? false
            bench.run()
            let said = bench.events.contains { if case .recovered = $0 { true } else { false } }
            #expect(said == hadCells, "operation \(count)")
            if said { recoveries += 1 }
        }
        #expect(recoveries > 5)
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
            .error("e"), .capped, .splicing(region: "y"), .end(.done),
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
