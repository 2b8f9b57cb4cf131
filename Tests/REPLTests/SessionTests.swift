import Foundation
import Library
import Notebooks
import REPL
import Testing

/// Sessions typed by a script, compared with what the terminal shows.
@Suite(.serialized)
struct SessionTests {
    /// What a session of these cells writes, and its exit status.
    private func transcript(_ cells: [String], history: HistoryFile? = nil, folder: String = ".") -> (text: String, status: Int32) {
        var written = ""
        let terminal = Terminal(isColoured: false) { text, _ in written += text }
        let session = InteractiveSession(
            editor: ScriptedEditor(cells.map { .cell($0) }), evaluator: SessionEvaluator(), terminal: terminal,
            environment: RunEnvironment(files: PosixFileSystem(), epoch: 1, seconds: { 0 }), folder: folder, history: history, clock: { 7 })
        let status = session.run(banner: "")
        return (written, status)
    }

    @Test func valuesAreNumberedAndRemembered() {
        let (text, status) = transcript(["6 * 7", "_ + 1", "x = 5", "x;", "Out[1], In[2]", "print('no line end', end='')", "None"])
        #expect(text == "Out[1]: 42\nOut[2]: 43\nOut[5]: (42, '_ + 1')\nno line end\n")
        #expect(status == 0)
    }

    @Test func aValueOfSeveralLinesBeginsBelowItsPrompt() {
        let (text, _) = transcript(["class M:\n    def __repr__(self): return 'a\\nb'\n", "M()"])
        #expect(text == "Out[2]: \na\nb\n")
    }

    @Test func errorsNameTheCellAndTheSessionGoesOn() {
        let (text, _) = transcript(["def f(x):\n    return x / 0\n", "f(1)", "undefined_name", "1 +", "'on'"])
        #expect(text.contains("In[1]:2:12: ZeroDivisionError: division by zero\n"))
        #expect(text.contains("In[2]:1:1, in <module>"))
        #expect(text.contains("In[3]:1:1: NameError: name 'undefined_name' is not defined"))
        #expect(text.contains("SyntaxError: invalid syntax"))
        #expect(text.hasSuffix("Out[5]: 'on'\n"))
    }

    @Test func leavingHasAStatus() {
        #expect(transcript(["exit"]).status == 0)
        #expect(transcript(["import sys; sys.exit(3)", "print('never')"]) == ("", 3))
        #expect(transcript(["raise SystemExit('why')"]) == ("why\n", 1))
    }

    @Test func largeValuesAreShortenedUntilAskedFor() {
        let (text, _) = transcript(["class M:\n    def __repr__(self): return '\\n'.join(map(str, range(100)))\n", "M()", "%full"])
        #expect(text.contains("39\n… 60 more lines; %full shows all\n0\n1\n"))
        #expect(text.hasSuffix("98\n99\n"))
    }

    @Test func aSavedSessionRunsAndShowsTheSame() throws {
        let folder = NSTemporaryDirectory() + "qnb-session-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let path = folder + "/s.qnb"
        let (text, _) = transcript(["x = 20", "print('out'); x + 1", "1 / 0", "'```'", "%save \(path)", "%save \(path)", "%save -f \(path) 2-3"])
        #expect(text.contains("4 cells written to \(path)\n\(path) exists; %save -f \(path) replaces it\n2 cells written"))
        let (_, _) = transcript(["x = 20", "print('out'); x + 1", "1 / 0", "'```'", "%save -f \(path)"])
        let saved = try String(contentsOfFile: path, encoding: .utf8)
        #expect(saved.contains("```text\nout\n```\n```text {.result}\n21\n```"))
        #expect(saved.contains("#| raises: ZeroDivisionError\n1 / 0"))
        let environment = RunEnvironment(files: PosixFileSystem(), epoch: 1, seconds: { 0 })
        var options = RunOptions()
        options.isFresh = true
        let evaluator = SessionEvaluator()
        let result = NotebookRunner(path, options: options, evaluator: evaluator, environment: environment, control: EvaluationControl(now: { 0 })).run()
        evaluator.finish()
        #expect(result.status == .done)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == saved)
    }

    @Test func commandsSayWhatIsWrong() {
        let (text, _) = transcript(["%save", "%load nothing-there", "%full", "%hist 5", "%save x.qnb"])
        #expect(
            text == """
                %save needs a file name: %save session.qnb
                nothing-there is neither a readable file nor a cell of this session
                no value was shown shortened yet
                '5' names no cells of this session, which are 1 to 0
                there is no cell to save yet

                """)
    }

    @Test func historyIsListedAndSearched() {
        let history = HistoryFile(path: NSTemporaryDirectory() + "qnb-history-\(UUID().uuidString)")
        _ = history.append("old = 'needle'", seconds: 1)
        let (text, _) = transcript(["a = 1", "b = 2\nc = 3", "%hist", "%hist -g needle"], history: history)
        #expect(text == "   1: a = 1\n   2: b = 2\n      c = 3\nold = 'needle'\n")
        #expect(history.load() == ["old = 'needle'", "a = 1", "b = 2\nc = 3", "%hist", "%hist -g needle"])
    }

    @Test(arguments: [
        ("6*7", true), ("if x:", false), ("if x:\n    y", false), ("if x:\n    y\n", true), ("f(", false), ("'''a", false), ("x = ]", true),
        ("%time f(", true), ("def f():\n    return 1\n\n", true), ("x \\", false), ("", true), ("len?", true),
    ])
    func theParserSaysWhenACellIsFinished(_ text: String, _ expected: Bool) {
        #expect(InteractiveSession.isFinished(text) == expected)
    }
}
