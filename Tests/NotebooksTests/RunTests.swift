import Notebooks
import Testing

/// What a run does to the file, cell by cell.
@Suite struct RunTests {
    private func cell(_ lines: String...) -> String { "```python\n" + lines.map { $0 + "\n" }.joined() + "```\n" }

    @Test func outputsAreWrittenAfterTheirCell() {
        let bench = Bench("# T\n\n" + cell("print \"a\\n\"", "result \"7\"") + "\nend\n")
        let result = bench.run()
        #expect(result.status == .done)
        #expect(result.writtenTo == "n.qnb")
        let lines = bench.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(lines[6].hasPrefix("<!-- qnb:out in="))
        #expect(Array(lines[7...12]) == ["```text", "a", "```", "```text {.result}", "7", "```"])
        #expect(lines[13].hasPrefix("<!-- qnb:end sum="))
        #expect(Array(lines[14...16]) == ["", "end", ""])
        #expect(lines[17].hasPrefix("<!-- qnb:seal chain="))
        #expect(bench.files.names == ["n.qnb", "n.qnb-run.json"])
    }

    @Test func anErrorStopsTheRunAndMarksLaterBlocksStale() throws {
        let bench = Bench(cell("print \"1\\n\"") + cell("print \"2\\n\"") + cell("print \"3\\n\""))
        bench.run()
        bench.text = bench.text.replacing("print \"2\\n\"", with: "raise ValueError \"no\"")
        let result = bench.run()
        #expect(result.status == .failed)
        #expect(result.messages == ["n.qnb:10:1: ValueError: no\n  10 | raise ValueError \"no\""])
        let notebook = try bench.notebook()
        #expect(notebook.cells.map { $0.block?.marker.status } == [.done, .error, .done])
        #expect(notebook.cells.map { $0.block?.marker.isStale } == [false, false, true])
        #expect(notebook.seal?.ran == [1...2])
        #expect(try bench.stale() == [nil, nil, .markedStale])
        #expect(bench.evaluator.executed.suffix(2) == ["cell-1", "cell-2"])
    }

    @Test func raisesMustRaiseTheNamedTypeOrABaseOfIt() {
        #expect(Bench(cell("#| raises: ShapeError", "raise ShapeError \"x\"")).run().status == .done)
        #expect(Bench(cell("#| raises: Exception", "raise ShapeError \"x\"")).run().status == .done)
        #expect(Bench(cell("#| raises: [KeyError, ShapeError]", "raise ShapeError \"x\"")).run().status == .done)
        #expect(Bench(cell("#| raises: KeyError", "raise ShapeError \"x\"")).run().status == .failed)
        let silent = Bench(cell("#| raises: KeyError", "print \"fine\\n\""))
        #expect(silent.run().messages == ["n.qnb:1:1: DidNotRaise: the cell was to raise KeyError, but it finished"])
        #expect(silent.text.contains("```pytb {.error}\nn.qnb:1:1: DidNotRaise"))
    }

    @Test func allowedErrorsGoOn() throws {
        let text = cell("raise ValueError \"no\"") + cell("print \"2\\n\"")
        let bench = Bench(text)
        bench.options.allowsErrors = true
        #expect(bench.run().status == .done)
        #expect(try bench.notebook().cells[1].block != nil)
        let own = Bench(text.replacing("```python\nraise", with: "```python\n#| error: true\nraise"))
        #expect(own.run().status == .done)
        #expect(try own.stale() == [nil, nil])
    }

    @Test func interruptAndTimeoutKeepWhatWasPrinted() throws {
        let interrupted = Bench(cell("print \"half\"", "interrupt") + cell("print \"2\\n\""))
        #expect(interrupted.run().status == .interrupted)
        #expect(interrupted.text.contains("status=interrupted -->\n```text\nhalf\n```\n"))
        #expect(try interrupted.notebook().cells[1].block == nil)
        #expect(try interrupted.stale().first == .incomplete(.interrupted))
        let late = Bench(cell("print \"half\"", "timeout"))
        #expect(late.run().status == .timeout)
        #expect(late.text.contains("status=timeout -->\n```text\nhalf\n"))
    }

    @Test func aSilentInterruptedCellStillSaysSo() {
        let bench = Bench(cell("interrupt"))
        bench.run()
        #expect(bench.text.contains("status=interrupted -->\n<!-- qnb:end sum="))
    }

    @Test(arguments: [
        (nil, "", 99.0, RunStatus.done), (nil, "", 101, .timeout), (20.0, "", 21, .timeout), (20, "#| timeout: 30", 29, .done),
        (nil, "#| timeout: 7", 8, .timeout),
    ])
    func timeLimitsComeFromCellThenCommandThenFrontMatter(_ given: Double?, _ option: String, _ seconds: Double, _ expected: RunStatus) {
        let bench = Bench("---\nexecute:\n  timeout: 100\n---\n\n```python\n\(option)\nrun wait\n```\n")
        bench.options.timeout = given
        bench.evaluator.actions["wait"] = { bench.clock.advance(seconds: seconds) }
        #expect(bench.run().status == expected)
    }

    @Test func evalFalseIsNotRunAndLosesItsOutput() throws {
        let bench = Bench(cell("print \"1\\n\""))
        bench.run()
        bench.text = bench.text.replacing("```python\n", with: "```python\n#| eval: false\n")
        let result = bench.run()
        #expect(result.status == .done)
        #expect(result.cells.isEmpty)
        #expect(try bench.notebook().cells[0].block == nil)
    }

    @Test func parametersAreTypedAndRecorded() throws {
        let text = "---\nparams:\n  bits: 8\n  name: net\n  rate: 1e-3\n---\n\n" + cell("param bits", "param rate")
        let bench = Bench(text)
        bench.options.parameters = [try Parameters.override("bits=4"), try Parameters.override("rate=2")]
        #expect(bench.run().status == .done)
        #expect(bench.text.contains("```text\n4\n2.0\n```"))
        #expect(bench.text.contains(" params={\"bits\":4,\"rate\":2.0} -->"))
        #expect(try bench.stale() == [nil])
        bench.options.parameters = []
        bench.run()
        #expect(bench.text.contains("```text\n8\n0.001\n```"))
        #expect(!bench.text.contains("params={"))
    }

    @Test func wrongParametersAreRefusedWithTheirPlace() throws {
        let bench = Bench("---\nparams:\n  bits: 8\n---\n\n" + cell("param bits"))
        bench.options.parameters = [try Parameters.override("bits=abc")]
        let typed = bench.run()
        #expect(typed.status == .unusable)
        #expect(typed.messages == ["n.qnb:3:3: parameter 'bits' is an int in the front matter, but a str was given"])
        bench.options.parameters = [try Parameters.override("bit=4")]
        #expect(bench.run().messages == ["n.qnb:1:1: the front matter declares no parameter 'bit'; did you mean 'bits'?"])
        bench.options.parameters = [try Parameters.override("epochs=4")]
        #expect(bench.run().messages == ["n.qnb:1:1: the front matter declares no parameter 'epochs'; those it declares are bits"])
        #expect(bench.evaluator.executed.isEmpty)
    }

    @Test func aParameterMayHaveFewValues() throws {
        let bench = Bench("---\nparams:\n  opt: O1\n  bits: 8\nchoices:\n  opt: [O0, O1]\n  bits: [4, 8]\n---\n\n" + cell("param opt"))
        bench.options.parameters = [try Parameters.override("opt=O0"), try Parameters.override("bits=4")]
        #expect(bench.run().status == .done)
        #expect(bench.text.contains("```text\nO0\n```"))
        bench.options.parameters = [try Parameters.override("opt=O9")]
        #expect(bench.run().messages == ["n.qnb:3:3: parameter 'opt' cannot be 'O9'; it is one of O0, O1"])
        for (front, message) in [
            ("params:\n  opt: O2\nchoices:\n  opt: [O0, O1]", "n.qnb:5:3: parameter 'opt' cannot be 'O2'; it is one of O0, O1"),
            ("params:\n  opt: O1\nchoices:\n  otp: [O0, O1]", "n.qnb:5:3: the front matter declares no parameter 'otp'; did you mean 'opt'?"),
            ("params:\n  opt: O1\nchoices:\n  opt: O1", "n.qnb:5:3: option 'choices' takes a list of values, not 'O1'"),
        ] {
            let result = Bench("---\n\(front)\n---\n\n" + cell("param opt")).run()
            #expect(result.status == .unusable)
            #expect(result.messages == [message])
        }
    }

    @Test(arguments: [
        ("#| rasies: X", "n.qnb:2:4: unknown cell option 'rasies'; did you mean 'raises'?"),
        ("#| eval: maybe", "n.qnb:2:4: option 'eval' takes true or false, not 'maybe'"),
        ("#| export", "n.qnb:2:4: an option line must read '#| key: value', not '#| export'"),
        ("#| label: 1x", "n.qnb:2:4: label '1x' must start with a letter, hold only letters, digits, '_' and '-', and not have the form cell-N"),
        ("#| check: rtol=x", "n.qnb:2:4: option 'check' takes exact, rtol=X [atol=Y], ellipsis, shape or skip, not 'rtol=x'"),
        ("#| tags: [a, b", "n.qnb:2:15: option 'tags' takes a value (a list needs ',' or ']' here), not '[a, b'"),
    ]) func wrongOptionsAreRefusedWithTheirPlace(_ option: String, _ message: String) {
        let bench = Bench(cell(option, "print \"x\\n\""))
        let result = bench.run()
        #expect(result.status == .unusable)
        #expect(result.messages == [message])
    }

    @Test func frontMatterErrorsNameLineAndColumn() {
        let bench = Bench("---\ntitle: x\nexecute:\n  evall: true\n---\n\n" + cell("print \"x\\n\""))
        #expect(bench.run().messages == ["n.qnb:4:3: unknown key 'evall' under 'execute'; did you mean 'eval'?"])
        bench.text = "---\na: [1\n---\n\n" + cell("print \"x\\n\"")
        #expect(bench.run().messages.first?.hasPrefix("n.qnb:3:") == true)
    }

    @Test func selectionsReplayWhatComesBefore() throws {
        let text = cell("#| label: a", "set x \"1\"", "print \"a\\n\"") + cell("#| label: b", "get x") + cell("#| label: c", "print \"c\\n\"")
        let bench = Bench(text)
        bench.options.only = ["b"]
        #expect(bench.run().status == .done)
        #expect(bench.evaluator.executed == ["a", "b"])
        let notebook = try bench.notebook()
        #expect(notebook.cells.map { $0.block != nil } == [false, true, false])
        #expect(bench.text.contains("```text\n1\n```"))
        #expect(notebook.seal?.ran == [2...2])
        bench.options.only = ["bb"]
        #expect(bench.run().messages == ["n.qnb: no cell has the label 'bb'; did you mean 'b'?"])
        bench.options.only = []
        bench.options.from = "c"
        bench.options.until = "a"
        #expect(bench.run().status == .unusable)
    }

    @Test func aPartialRunThatChangesNothingChangesNoByte() {
        let bench = Bench(cell("#| label: a", "print \"a\\n\"") + cell("#| label: b", "print \"b\\n\"") + cell("print \"c\\n\""))
        bench.run()
        let before = bench.text
        bench.options.until = "b"
        bench.run()
        #expect(bench.text == before)
    }

    @Test func aPartialRunThatChangesSomethingMarksTheRestStale() throws {
        let bench = Bench(cell("#| label: a", "print \"a\\n\"") + cell("#| label: b", "print \"b\\n\"") + cell("print \"c\\n\""))
        bench.run()
        bench.text = bench.text.replacing("print \"a\\n\"", with: "print \"A\\n\"")
        bench.options.until = "a"
        bench.run()
        #expect(try bench.stale() == [nil, .markedStale, .markedStale])
        #expect(try bench.notebook().seal?.ran == [1...1])
    }

    @Test func aRestoredStateSkipsCellsThatAreUpToDate() throws {
        let bench = Bench(cell("print \"1\\n\"") + cell("print \"2\\n\"") + cell("print \"3\\n\""))
        bench.run()
        bench.evaluator.restorable = Set(bench.evaluator.finishedKeys)
        bench.text = bench.text.replacing("print \"3\\n\"", with: "print \"drei\\n\"")
        bench.run()
        #expect(bench.evaluator.executed.dropFirst(3) == ["cell-3"])
        #expect(try bench.stale() == [nil, nil, nil])
        bench.options.isFresh = true
        bench.run()
        #expect(bench.evaluator.executed.count == 7)
    }

    @Test func imagesTablesAndLogsBecomeAssets() throws {
        let long = (0..<500).map { "print \"line \($0)\\n\"" }
        let bench = Bench(cell("#| label: fig", "#| fig-alt: A curve", "svg \"a\"", "png 3") + cell("table 30") + cell(long.joined(separator: "\n")))
        #expect(bench.run().status == .done)
        #expect(
            bench.files.names == [
                "n.assets/cell-2-1.csv", "n.assets/cell-3.log", "n.assets/fig-1.svg", "n.assets/fig-2.png", "n.qnb", "n.qnb-run.json",
            ])
        #expect(bench.text.contains("![A curve](n.assets/fig-1.svg)\n\n![A curve](n.assets/fig-2.png)\n"))
        #expect(bench.text.contains("\n\n… 10 more rows, all in [n.assets/cell-2-1.csv](n.assets/cell-2-1.csv)\n\n"))
        #expect(bench.text.contains("line 99\n```\n\n… 300 lines, full log [n.assets/cell-3.log](n.assets/cell-3.log)\n\n```text\nline 400\n"))
        #expect(bench.files["n.assets/cell-3.log"]?.split(separator: "\n").count == 500)
        #expect(try bench.stale() == [nil, nil, nil])
        bench.files["n.assets/old.png"] = "left over"
        bench.run()
        #expect(!bench.files.names.contains("n.assets/old.png"))
        bench.files["n.assets/fig-1.svg"] = "edited"
        #expect(bench.run().status == .edited)
        bench.files["n.assets/fig-1.svg"] = nil
        #expect(try bench.stale().first == .assetMissing("n.assets/fig-1.svg"))
        #expect(bench.run().status == .done)
        #expect(bench.files["n.assets/fig-1.svg"] != nil)
    }

    @Test func assetsThatProseNamesAreKept() {
        let bench = Bench("![](n.assets/logo.png)\n\n" + cell("png 1"))
        bench.run()
        bench.files["n.assets/logo.png"] = "mine"
        bench.run()
        #expect(bench.files["n.assets/logo.png"] == "mine")
    }

    @Test func embeddingNeedsNoAssets() {
        let bench = Bench(cell("png 1", "svg \"x\"", "table 30"))
        bench.options.embeds = true
        bench.run()
        #expect(bench.files.names == ["n.qnb", "n.qnb-run.json"])
        #expect(bench.text.contains("](data:image/png;base64,"))
        #expect(bench.text.contains("… 10 more rows\n"))
        let before = bench.text
        bench.run()
        #expect(bench.text == before)
    }

    @Test func anOutputFileLeavesTheNotebookAlone() {
        let text = cell("print \"1\\n\"", "png 1")
        let bench = Bench(text)
        bench.options.output = "out/r.qnb"
        let result = bench.run()
        #expect(result.writtenTo == "out/r.qnb")
        #expect(bench.text == text)
        #expect(bench.files["out/r.qnb"]?.contains("](r.assets/cell-1-1.png)") == true)
        #expect(bench.files.bytes("out/r.assets/cell-1-1.png") == Fixtures.png(1))
    }

    @Test func toleranceKeepsTheStoredBytes() {
        let bench = Bench(cell("#| check: rtol=1e-2", "tick") + cell("print \"x\\n\""))
        bench.run()
        let before = bench.text
        let result = bench.run()
        #expect(bench.text == before)
        #expect(result.cells.map(\.isChanged) == [false, false])
        bench.evaluator.ticks = 500
        bench.run()
        #expect(bench.text.contains("tick 1.501"))
    }

    @Test func dotsWrittenByHandStayUnderEllipsis() {
        let bench = Bench(cell("#| check: ellipsis", "tick"))
        bench.run()
        bench.text = bench.text.replacing("tick 1.001", with: "tick ...")
        #expect(bench.run().status == .done)
        #expect(bench.text.contains("tick ...\n"))
        let settled = bench.text
        #expect(bench.run().status == .done)
        #expect(bench.text == settled)
        #expect(bench.check().status == .done)
    }

    @Test func editedOutputsAreRefusedBeforeAnythingRuns() {
        let bench = Bench(cell("print \"1\\n\""))
        bench.run()
        bench.text = bench.text.replacing("```text\n1\n", with: "```text\none\n")
        let edited = bench.text
        let result = bench.run()
        #expect(result.status == .edited)
        #expect(result.messages.first?.hasPrefix("n.qnb:4:1: this output was edited by hand") == true)
        #expect(bench.evaluator.executed.count == 1)
        #expect(bench.text == edited)
        bench.options.overwritesEdited = true
        #expect(bench.run().status == .done)
        #expect(bench.text.contains("```text\n1\n"))
        bench.options.overwritesEdited = false
        bench.text = bench.text.replacing("```text\n1\n", with: "```text\none\n").replacing(/\ sum=\w+/, with: "")
        #expect(bench.run().status == .done)
        #expect(bench.text.contains("```text\n1\n"))
    }

    @Test func checkShowsADiffAndWritesNothing() {
        let bench = Bench(cell("tick") + cell("print \"x\\n\""))
        bench.run()
        let before = bench.text
        let names = bench.files.names
        let result = bench.check()
        #expect(result.status == .failed)
        #expect(result.differences.map(\.cell) == ["cell-1"])
        #expect(result.differences.first?.diff.hasSuffix("@@ -5,3 +5,3 @@\n ```text\n-tick 1.001\n+tick 1.002\n ```\n") == true)
        #expect(bench.text == before)
        #expect(bench.files.names == names)
    }

    @Test func timingIsRewrittenOnlyWhenItDoubles() {
        let bench = Bench("---\nexecute:\n  timing: true\n---\n\n" + cell("print \"x\\n\"", "run wait"))
        bench.evaluator.actions["wait"] = { bench.clock.advance(seconds: 1) }
        bench.run()
        #expect(bench.text.contains(" t=1.0s -->"))
        bench.evaluator.actions["wait"] = { bench.clock.advance(seconds: 1.8) }
        let before = bench.text
        bench.run()
        #expect(bench.text == before)
        bench.evaluator.actions["wait"] = { bench.clock.advance(seconds: 4) }
        bench.run()
        #expect(bench.text.contains(" t=4.0s -->"))
    }

    @Test func aLongCellIsShownInTheFileWhileItRuns() {
        let bench = Bench(cell("print \"one\\n\"", "run wait", "print \"two\\n\"", "run look", "print \"three\\n\""))
        var seen = ""
        bench.evaluator.actions["wait"] = { bench.clock.advance(seconds: 6) }
        bench.evaluator.actions["look"] = { seen = bench.text }
        bench.run()
        #expect(seen.contains("status=running -->\n```text\none\ntwo\n```\n"))
        #expect(bench.text.contains("-->\n```text\none\ntwo\nthree\n```\n"))
        #expect(!bench.text.contains("running"))
    }

    @Test func aFinishedCellOfALargeNotebookReachesTheFileWhileTheNextOneRuns() throws {
        let prose = String(repeating: "Prose that fills the file.\n", count: 6000) + "\n"
        let bench = Bench(prose + cell("print \"one\\n\"") + "\nThen\n\n" + cell("run first", "run wait", "settle", "run look", "print \"two\\n\""))
        var (first, seen) = ("", "")
        bench.evaluator.actions["first"] = { first = bench.text }
        bench.evaluator.actions["wait"] = { bench.clock.advance(seconds: 2) }
        bench.evaluator.actions["look"] = { seen = bench.text }
        bench.run()
        #expect(!first.contains("```text\none\n```"), "two writes of a large file want time between them")
        #expect(seen.contains("```text\none\n```"))
        #expect(bench.text.contains("```text\ntwo\n```"))
        #expect(try bench.stale() == [nil, nil])
    }

    @Test func aSecondRunIsLockedOut() {
        let bench = Bench(cell("run second"))
        var second: RunResult?
        bench.evaluator.actions["second"] = {
            let environment = RunEnvironment(files: bench.files, epoch: 1, seconds: { 0 })
            second = NotebookRunner(
                "n.qnb", options: RunOptions(), evaluator: ScriptedEvaluator(), environment: environment, control: EvaluationControl(now: { 0 })
            ).run()
        }
        #expect(bench.run().status == .done)
        #expect(second?.status == .inputOutput)
        #expect(second?.messages == ["n.qnb: another run of this notebook is going on"])
    }

    @Test func dependenciesArePartOfTheHash() throws {
        let bench = Bench(cell("#| deps: [d.csv]", "print \"x\\n\""))
        bench.files["d.csv"] = "1,2"
        bench.run()
        #expect(try bench.stale() == [nil])
        bench.files["d.csv"] = "1,3"
        #expect(try bench.stale() == [.sourceChanged])
        bench.files["d.csv"] = nil
        bench.run()
        #expect(bench.warnings == ["n.qnb: dependency 'd.csv' does not exist"])
    }

    @Test func theSealNoticesDeletedReorderedAndMergedCells() throws {
        let a = cell("print \"a\\n\"")
        let b = cell("print \"b\\n\"")
        let bench = Bench(a + "\n" + b)
        bench.run()
        let ran = bench.text
        let parts = ran.split(separator: "```python").map(String.init)
        bench.text =
            "```python" + parts[1].replacing(/<!-- qnb:seal.*/, with: "")
            + ran.suffix(ran.count - (ran.firstRange(of: "<!-- qnb:seal")?.lowerBound.utf16Offset(in: ran) ?? 0))
        #expect(try bench.stale() == [.sealBroken])
        bench.text = ran.replacing(/<!-- qnb:seal.*\n/, with: "")
        #expect(try bench.stale() == [.sealMissing, .sealMissing])
        bench.text = ran + "\nA line after the seal.\n"
        #expect(bench.run().status == .done)
        #expect(bench.text.hasSuffix("A line after the seal.\n\n" + (ran.split(separator: "\n").last ?? "") + "\n"))
    }

    @Test func modeAndByteOrderMarkAndLineEndsStay() {
        let bench = Bench("\u{FEFF}a\r\n\r\n```python\r\nprint \"x\\n\"\r\n```")
        bench.files.setMode(0o640, "n.qnb")
        bench.run()
        #expect(bench.text.hasPrefix("\u{FEFF}a\r\n\r\n```python\r\nprint \"x\\n\"\r\n```\r\n<!-- qnb:out"))
        #expect(!bench.text.replacing("\r\n", with: "").contains("\n"))
        #expect(!bench.text.hasSuffix("\n"))
    }

    @Test func theRunRecordHoldsWhatIsVolatile() throws {
        let bench = Bench(cell("print \"x\\n\"") + cell("raise E \"m\""))
        bench.run()
        let record = try JSONParser.parse(bench.files["n.qnb-run.json"] ?? "")
        #expect(record["exit_status"]?.int == 1)
        #expect(record["cells"]?.array?.map { $0["status"]?.string } == ["done", "error"])
        #expect(record["cells"]?.array?.last?["error"]?.string == "E: m")
    }
}
