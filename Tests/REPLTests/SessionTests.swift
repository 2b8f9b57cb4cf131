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
        let result = NotebookRunner(path, options: options, evaluator: evaluator, environment: environment, control: EvaluationControl(now: { 0 }))
            .run()
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

    @Test func timedExpressionsKeepTheirValue() {
        let (text, _) = transcript(["def f(): print('run'); return 6 * 7\n", "x = %time f()", "x", "%time f()", "%time y = 5;", "y", "%time f();"])
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines.filter { $0.hasPrefix("CPU times: user ") && $0.contains(", sys: ") && $0.contains(", total: ") }.count == 4)
        #expect(lines.filter { $0.hasPrefix("Wall time: ") }.count == 4)
        #expect(lines.filter { $0.hasPrefix("Out[") } == ["Out[3]: 42", "Out[4]: 42", "Out[6]: 5"])
        #expect(lines.prefix(1) == ["run"])
        #expect(lines.firstIndex(of: "Out[4]: 42") == lines.firstIndex(of: "Out[3]: 42").map { $0 + 4 })
    }

    @Test func loopsAreTimed() {
        let (text, _) = transcript(["%timeit -n 3 -r 2 sum([1, 2])", "%%timeit -n2 -r1 a = 1\na + 1"])
        #expect(text.contains(" per loop (mean ± std. dev. of 2 runs, 3 loops each)"))
        #expect(text.contains("of 1 run, 2 loops each"))
    }

    @Test func aProfileCountsEveryCall() throws {
        let program = """
            def fib(n):
                return n if n < 2 else fib(n - 1) + fib(n - 2)
            def squares(n):
                for i in range(n): yield i * i
            class Point:
                def __init__(self, x): self.x = x
                def __len__(self): return self.x
            def work():
                return fib(10), sum(squares(5)), sorted([3, 1], key=lambda v: -v), len(Point(3)), abs(-2)

            """
        let (text, _) = transcript([
            program, "%prun -s calls work()", "rows = %prun -q -r work()", "'fib' in rows[0][0] or len(rows)", "fib(10), work()[1]",
        ])
        func calls(_ label: String) throws -> String {
            let line = try #require(text.split(separator: "\n").first { $0.hasSuffix(label) }, "no \(label) in\n\(text)")
            return line.split(separator: " ").first.map(String.init) ?? ""
        }
        #expect(try calls("In[1]:1(fib)") == "177/1")
        #expect(try calls("In[1]:3(squares)") == "6")
        #expect(try calls("In[1]:6(__init__)") == "1")
        #expect(try calls("In[1]:7(__len__)") == "1")
        #expect(try calls("(<lambda>)") == "2")
        #expect(try calls("In[1]:8(work)") == "1")
        #expect(try calls("(<module>)") == "1")
        #expect(try calls("{built-in method builtins.sorted}") == "1")
        #expect(try calls("{built-in method builtins.abs}") == "1")
        #expect(text.contains(" function calls (") && text.contains(" primitive calls) in "))
        #expect(text.contains("   Ordered by: call count\n"))
        // Afterwards everything runs as before.
        #expect(text.hasSuffix("Out[5]: (55, 30)\n"))
    }

    @Test func aProfileSurvivesErrorsAndDeepRecursion() {
        let (text, _) = transcript([
            "def down(n): return down(n + 1)\n", "%prun down(0)", "%prun -l 2 [1 for _ in map(str, range(3))]", "%prun -s size 1",
            "class Bad:\n    def __init__(self): return 1\n", "%prun Bad()", "6 * 7",
        ])
        #expect(text.contains("RecursionError: maximum recursion depth exceeded"))
        #expect(text.contains("due to restriction <2>") || text.contains("   Ordered by: internal time"))
        #expect(text.contains("UsageError: %prun sorts by tottime, cumtime, calls or name, not size"))
        #expect(text.contains("__init__() should return None"))
        #expect(text.hasSuffix("Out[7]: 42\n"))
    }

    @Test func filesAreRunLoadedAndEdited() throws {
        let folder = NSTemporaryDirectory() + "qnb-session-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try "import sys\nprint(sys.argv[1:], __name__)\nmade = 7\n".write(toFile: folder + "/program.py", atomically: true, encoding: .utf8)
        try "#!/bin/sh\nsed -i 's/old/new/' \"$1\"\n".write(toFile: folder + "/editor", atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder + "/editor")
        setenv("VISUAL", folder + "/editor", 1)
        defer { unsetenv("VISUAL") }
        let (text, _) = transcript(
            ["%cd \(folder)", "%run program.py a b", "made", "word = 'old'", "%edit 4", "word", "%pwd", "%cd -", "%run"], folder: "/tmp")
        #expect(text.contains("['a', 'b'] __main__\n"))
        #expect(text.contains("Out[3]: 7\n"))
        #expect(text.contains("Out[6]: 'new'\n"))
        #expect(text.contains("Out[7]: '\(folder)'\n"))
        #expect(text.contains("UsageError: %run takes a file"))
    }

    @Test func namesAreListedAndForgotten() {
        let (text, _) = transcript(["a = 1; b = 'text'; c = [1, 2]", "%who str", "names = %who_ls", "names", "%reset", "%who", "%mem"])
        #expect(text.contains("b\nOut[4]: ['a', 'b', 'c']\nInteractive namespace is empty.\n"))
        #expect(text.contains("in use: ") && text.contains("peak: "))
    }

    @Test(arguments: [
        ("6*7", true), ("if x:", false), ("if x:\n    y", false), ("if x:\n    y\n", true), ("f(", false), ("'''a", false), ("x = ]", true),
        ("%time f(", true), ("def f():\n    return 1\n\n", true), ("x \\", false), ("", true), ("len?", true),
    ])
    func theParserSaysWhenACellIsFinished(_ text: String, _ expected: Bool) {
        #expect(InteractiveSession.isFinished(text) == expected)
    }
}
