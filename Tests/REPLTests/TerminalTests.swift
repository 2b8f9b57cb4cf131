import Foundation
import Testing

/// Sessions of the real binary on a pseudo-terminal: what a user sees after typing.
@Suite(.serialized)
struct TerminalTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "qnb-terminal-\(UUID().uuidString)").resolvingSymlinksInPath()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    /// A session that has shown its first prompt.
    private func session(
        _ arguments: [String] = [], columns: Int = 80, height: Int = 24, environment: [String: String] = [:]
    ) throws -> PseudoTerminal {
        let terminal = try PseudoTerminal(arguments, folder: folder, columns: columns, height: height, environment: environment)
        try terminal.expectPrompt(1)
        return terminal
    }

    private func leave(_ terminal: PseudoTerminal) throws {
        terminal.type("\u{04}")
        #expect(try terminal.finish() == 0)
        #expect(terminal.screen.unknown.isEmpty)
    }

    // MARK: Typing

    @Test func aTypedExpressionIsAnswered() throws {
        let terminal = try session()
        try terminal.run("6*7", then: 2)
        #expect(terminal.screen.all.suffix(3) == ["In [1]: 6*7", "Out[1]: 42", "In [2]:"])
        #expect(terminal.screen.hasColors)
        try leave(terminal)
    }

    @Test func aBlockIndentsItselfAndEndsWithABlankLine() throws {
        let terminal = try session()
        terminal.type("def twice(x):\rif x:\rreturn x * 2\rreturn 0\r\r")
        try terminal.expectPrompt(2)
        #expect(
            terminal.screen.all.suffix(6) == [
                "In [1]: def twice(x):", "   ...:     if x:", "   ...:         return x * 2", "   ...:     return 0", "   ...:", "In [2]:",
            ])
        try terminal.run("twice(21)", then: 3)
        #expect(terminal.screen.all.contains("Out[2]: 42"))
        try leave(terminal)
    }

    @Test func anyLineOfACellCanBeEdited() throws {
        let terminal = try session()
        terminal.type("for i in range(2):\rprint(i * 10)")
        try terminal.expectRow("   ...:     print(i * 10)")
        // Up to the first line, its end, back over `):` and the 2.
        terminal.type("\u{1B}[A\u{05}\u{1B}[D\u{1B}[D\u{7F}4")
        try terminal.expectRow("In [1]: for i in range(4):")
        terminal.type("\u{1B}[B\u{05}\r\r")
        try terminal.expectPrompt(2)
        #expect(terminal.screen.all.filter { ["0", "10", "20", "30"].contains($0) }.count == 4)
        // The whole cell comes back from the history, and Home and Ctrl-K stay within its line.
        terminal.type("\u{1B}[A")
        try terminal.expect("recalled cell") { $0.all.filter { $0.hasSuffix("print(i * 10)") }.count == 2 }
        terminal.type("\u{1B}[H\u{0B}    print('new', i)\r\r")
        try terminal.expectPrompt(3)
        #expect(terminal.screen.all.contains("new 3"))
        try leave(terminal)
    }

    @Test func twoHundredPastedLinesAreOneCell() throws {
        let terminal = try session()
        var lines = ["class Many:"]
        for index in 0..<66 { lines += ["    def m\(index)(self):", "        return \(index)", ""] }
        lines.append("    last = 'tab\\there'")
        terminal.type("\u{1B}[200~" + lines.joined(separator: "\n") + "\u{1B}[201~")
        try terminal.expect("end of the pasted text") { $0.rows.contains { $0.hasSuffix("last = 'tab\\there'") } }
        terminal.type("\r\r")
        try terminal.expectPrompt(2)
        try terminal.run("Many().m65(), Many().m0(), Many.last", then: 3)
        #expect(terminal.screen.all.contains("Out[2]: (65, 0, 'tab\\there')"))
        try terminal.run("len(In[1].splitlines())", then: 4)
        #expect(terminal.screen.all.contains("Out[3]: \(lines.count)"))
        try leave(terminal)
    }

    @Test func ctrlCDropsWhatIsTypedAndCtrlDLeaves() throws {
        let terminal = try session()
        terminal.type("def unfinished(:\rmore")
        try terminal.expect("the line") { $0.rows[$0.row].contains("more") || $0.all.contains { $0.contains("SyntaxError") } }
        terminal.type("\u{03}")
        try terminal.expect("prompt") { $0.rows[$0.row].hasPrefix("In [") && !$0.rows[$0.row].contains("more") }
        terminal.type("\u{04}")
        #expect(try terminal.finish() == 0)
    }

    // MARK: Completion

    @Test func attributesOfModulesAreCompleted() throws {
        let terminal = try session()
        try terminal.run("import torch", then: 2)
        terminal.type("torch.nn.Con\t")
        try terminal.expect("list") { screen in screen.rows.contains { $0.contains("Conv2d") } }
        for name in ["ConstantPad1d", "Conv1d", "ConvTranspose3d"] { #expect(terminal.screen.rows.contains { $0.contains(name) }) }
        // Typing on closes the list; one candidate is put in.
        terminal.type("vT")
        try terminal.expect("closed list") { screen in !screen.rows.contains { $0.contains("ConstantPad1d") } }
        terminal.type("\t")
        try terminal.expectRow("In [2]: torch.nn.ConvTranspose")
        // Tab goes through the list, Shift-Tab back.
        terminal.type("\t")
        try terminal.expectRow("In [2]: torch.nn.ConvTranspose1d")
        terminal.type("\t")
        try terminal.expectRow("In [2]: torch.nn.ConvTranspose2d")
        terminal.type("\u{1B}[Z")
        try terminal.expectRow("In [2]: torch.nn.ConvTranspose1d")
        terminal.type(".__name__\r")
        try terminal.expectRow("Out[2]: 'ConvTranspose1d'")
        try terminal.expectPrompt(3)
        #expect(!terminal.screen.rows.contains { $0.contains("ConvTranspose3d") })
        try leave(terminal)
    }

    @Test func parametersKeysModelsAndPathsAreCompleted() throws {
        try Data("42".utf8).write(to: folder.appending(path: "numbers-of-today.txt"))
        let terminal = try session(columns: 100)
        try terminal.run("import torch", then: 2)
        try terminal.run("def train(model, epoch_count=1, learning_rate=0.1): return epoch_count\r", then: 3)
        // Right behind the bracket: what the function takes.
        terminal.type("train(\t")
        try terminal.expect("parameters") { screen in
            screen.rows.contains("  epoch_count=    default 1") && screen.rows.contains("  learning_rate=  default 0.1")
                && !screen.rows.contains { $0.contains("abs") }
        }
        terminal.type("None, epo\t4)\r")
        try terminal.expectRow("Out[3]: 4")
        try terminal.expectPrompt(4)
        terminal.type("torch.nn.Conv2d(3, 8, ker\t3).wei\u{7F}\u{7F}\u{7F}kernel_size\r")
        try terminal.expectRow("Out[4]: (3, 3)")
        try terminal.expectPrompt(5)
        try terminal.run("net = torch.nn.Sequential(torch.nn.Linear(2, 3))", then: 6)
        terminal.type("net[0].wei\t.shape\r")
        try terminal.expectRow("Out[6]: torch.Size([3, 2])")
        try terminal.expectPrompt(7)
        try terminal.run("settings = {'momentum': 0.9, 'milestones': [3]}", then: 8)
        terminal.type("settings['mo\t']\r")
        try terminal.expectRow("Out[8]: 0.9")
        try terminal.expectPrompt(9)
        terminal.type("open('numb\t').read()\r")
        try terminal.expectRow("Out[9]: '42'")
        try terminal.expectPrompt(10)
        terminal.type("from torch.nn import functi\t\r")
        try terminal.expectPrompt(11)
        terminal.type("%lsm\t\r")
        try terminal.expectRow("%%timeit")
        try leave(terminal)
    }

    // MARK: History

    @Test func historyGoesOnInTheNextSession() throws {
        let first = try session()
        try first.run("earlier = 'first session'", then: 2)
        first.type("if earlier:\rprint('block')\r\r")
        try first.expectPrompt(3)
        try leave(first)
        let second = try session()
        second.type("\u{1B}[A")
        try second.expectRow("   ...:     print('block')")
        second.type("\u{1B}[A\u{1B}[A")
        try second.expectRow("In [1]: earlier = 'first session'")
        second.type("\u{03}")
        try second.expectPrompt(1)
        // What is typed chooses among the entries.
        second.type("earl\u{1B}[A\r")
        try second.expectPrompt(2)
        second.type("\u{12}first")
        try second.expect("search") { $0.rows.contains { $0.contains("earlier = 'first session'") && $0.contains("reverse-i-search") } }
        second.type("\r")
        try second.expectPrompt(3)
        try leave(second)
    }

    @Test func historySurvivesAKill() throws {
        let first = try session()
        try first.run("precious = 1", then: 2)
        first.send(SIGKILL)
        #expect(try first.finish() == 128 + SIGKILL)
        let second = try session()
        second.type("\u{1B}[A")
        try second.expectRow("In [1]: precious = 1")
        second.type("\u{03}")
        try second.expectPrompt(1)
        try leave(second)
    }

    @Test func aFullDiskCostsTheHistoryOnly() throws {
        let terminal = try session(environment: ["QNB_HISTORY": "/dev/full"])
        try terminal.run("1 + 1", then: 2)
        try terminal.run("2 + 2", then: 3)
        #expect(terminal.screen.all.filter { $0.contains("history cannot be written to /dev/full") }.count == 1)
        #expect(terminal.screen.all.contains("Out[2]: 4"))
        terminal.type("\u{1B}[A\u{1B}[A\r")
        try terminal.expectPrompt(4)
        #expect(terminal.screen.all.contains("Out[3]: 2"))
        try leave(terminal)
    }

    @Test func aHistoryThatMayNotGrowKeepsWholeCells() throws {
        // 2,000 of the 2,048 bytes that a file may have are taken.
        let url = folder.appending(path: "history")
        try Data((String(repeating: "1\tx = 0123456789\n", count: 117) + "1\tlast_one = 1\n").utf8).write(to: url)
        let before = try Data(contentsOf: url)
        let terminal = try PseudoTerminal(["-c", "ulimit -f 2; exec '\(try PseudoTerminal.binary().path)'"], executable: "/bin/bash", folder: folder)
        try terminal.expectPrompt(1)
        try terminal.run("long = '" + String(repeating: "y", count: 60) + "'", then: 2)
        #expect(terminal.screen.all.contains { $0.hasPrefix("history cannot be written to ") })
        #expect(try Data(contentsOf: url) == before)
        try terminal.run("len(long)", then: 3)
        #expect(terminal.screen.all.contains("Out[2]: 60"))
        try leave(terminal)
    }

    @Test func sessionsThatRunAtOnceShareTheHistory() throws {
        let first = try session()
        let second = try session()
        try first.run("from_first = 1", then: 2)
        try second.run("from_second = 2", then: 2)
        try leave(first)
        try leave(second)
        let text = try String(contentsOf: folder.appending(path: "history"), encoding: .utf8)
        #expect(text.contains("\tfrom_first = 1\n") && text.contains("\tfrom_second = 2\n"))
    }

    // MARK: Evaluation

    @Test func ctrlCStopsALongTrainingLoopOnly() throws {
        let terminal = try session()
        try terminal.run("import torch", then: 2)
        try terminal.run("net = torch.nn.Linear(64, 64); best = torch.optim.SGD(net.parameters(), lr=0.01)", then: 3)
        terminal.type(
            "for step in range(10**9):\rif step == 3: print('under way')\rloss = net(torch.randn(32, 64)).pow(2).mean()\rbest.zero_grad()\rloss.backward()\rbest.step()\r\r"
        )
        try terminal.expectRow("under way")
        let start = Date.now
        terminal.type("\u{03}")
        try terminal.expect("KeyboardInterrupt") { screen in screen.all.contains { $0.contains("KeyboardInterrupt") } }
        try terminal.expectPrompt(4)
        #expect(Date.now.timeIntervalSince(start) < 5)
        #expect(!terminal.screen.all.contains { $0.hasPrefix("^CIn[") })
        try terminal.run("step > 2, tuple(loss.shape)", then: 5)
        #expect(terminal.screen.all.contains("Out[4]: (True, ())"))
        try leave(terminal)
    }

    @Test func errorsPointAtTheirPlace() throws {
        let terminal = try session()
        try terminal.run("rate = 1 + None", then: 2)
        #expect(
            terminal.screen.all.suffix(4) == [
                "In[1]:1:8: TypeError: unsupported operand type(s) for +: 'int' and 'NoneType'", "  1 | rate = 1 + None", "    |        ^~~~~~~~",
                "In [2]:",
            ])
        try terminal.run("rte", then: 3)
        #expect(terminal.screen.all.contains { $0.contains("NameError: name 'rte' is not defined") })
        try leave(terminal)
    }

    @Test func theDebuggerLooksAtTheLastError() throws {
        let terminal = try session()
        terminal.type("def inner(values):\rtotal = sum(values)\rreturn total / 0\r\r")
        try terminal.expectPrompt(2)
        try terminal.run("inner([1, 2])", then: 3)
        terminal.type("%debug\r")
        try terminal.expect("debugger") { $0.rows[$0.row].hasPrefix("debug>") }
        #expect(terminal.screen.all.contains { $0.hasPrefix("> In[1]:3, in inner") })
        #expect(terminal.screen.all.contains("----> 3     return total / 0"))
        terminal.type("tot\t * 2\r")
        try terminal.expectRow("6")
        terminal.type("q\r")
        try terminal.expectPrompt(3)
        try leave(terminal)
    }

    // MARK: Screens

    @Test func aResizeKeepsOnePictureOfTheCell() throws {
        let terminal = try session(columns: 80)
        let text = "message = '" + String(repeating: "0123456789", count: 6) + "'"
        terminal.type(text)
        try terminal.expectRow("In [1]: " + text)
        try terminal.resize(columns: 40, height: 24)
        try terminal.expect("wrapped cell") { $0.rows.contains(String(("In [1]: " + text).prefix(40))) }
        #expect(terminal.screen.rows.filter { $0.hasPrefix("In [1]:") }.count == 1)
        #expect(terminal.screen.rows.contains(String(("In [1]: " + text).dropFirst(40))))
        try terminal.resize(columns: 100, height: 30)
        try terminal.expectRow("In [1]: " + text)
        #expect(terminal.screen.rows.filter { $0.hasPrefix("In [1]:") }.count == 1)
        terminal.type(" + 'end'\r")
        try terminal.expectPrompt(2)
        try terminal.run("message[-5:]", then: 3)
        #expect(terminal.screen.all.contains("Out[2]: '89end'"))
        try leave(terminal)
    }

    @Test func wideAndCombinedCharactersStandWhereTheyBelong() throws {
        let terminal = try session(columns: 40)
        terminal.type("größe = '日本e\u{301}👍語'")
        try terminal.expect("cursor behind the text") { $0.column == 8 + 9 + 2 + 2 + 1 + 2 + 2 + 1 }
        // Back over the quote and 語, which is two columns wide.
        terminal.type("\u{1B}[D\u{1B}[D")
        try terminal.expect("cursor on 語") { $0.column == 8 + 9 + 2 + 2 + 1 + 2 }
        terminal.type("漢")
        try terminal.expectRow("In [1]: größe = '日本e\u{301}👍漢語'")
        terminal.type("\r")
        try terminal.expectPrompt(2)
        try terminal.run("größe, len(größe)", then: 3)
        #expect(terminal.screen.all.contains("Out[2]: ('日本e\u{301}👍漢語', 7)"))
        // A character that does not fit the row's last column goes to the next row.
        terminal.type("'" + String(repeating: "語", count: 20))
        try terminal.expect("wrapped text") { $0.rows.contains("In [3]: '" + String(repeating: "語", count: 15)) && $0.rows.contains("語語語語語") }
        terminal.type("\u{03}")
        try terminal.expectPrompt(3)
        try leave(terminal)
    }

    @Test func progressIsShownWhileItIsMade() throws {
        let terminal = try session()
        terminal.type("import time; from tqdm import tqdm\rfor _ in tqdm(range(40), desc='work'): time.sleep(0.05)\r\r")
        try terminal.expect("a bar under way") { screen in screen.rows.contains { $0.hasPrefix("work:") && !$0.contains("100%") && $0.contains("%") }
        }
        try terminal.expectPrompt(3)
        #expect(terminal.screen.all.filter { $0.hasPrefix("work:") }.count == 1)
        #expect(terminal.screen.all.contains { $0.hasPrefix("work: 100%") })
        try leave(terminal)
    }

    @Test func noColorMeansNone() throws {
        let terminal = try session(environment: ["NO_COLOR": "1"])
        terminal.type("def f(): return 1/0\r\r")
        try terminal.expectPrompt(2)
        try terminal.run("f()", then: 3)
        #expect(terminal.screen.all.contains { $0.contains("ZeroDivisionError: division by zero") })
        #expect(!terminal.screen.hasColors)
        try leave(terminal)
    }

    @Test func aDumbTerminalGetsTextOnly() throws {
        let terminal = try session(environment: ["TERM": "dumb"])
        terminal.type("for i in range(2):\r    print('line', i)\r\r")
        try terminal.expectPrompt(2)
        try terminal.run("1 / 0", then: 3)
        #expect(terminal.screen.all.contains("line 1"))
        #expect(!terminal.screen.hasControlSequences)
        terminal.type("\u{03}")
        try terminal.expect("a new prompt after Ctrl-C") { screen in
            screen.rows[screen.row].hasPrefix("In [3]:") && !screen.rows[screen.row].contains("^C") && screen.all.contains { $0.contains("^C") }
        }
        terminal.type("'still there'\r")
        try terminal.expectRow("Out[3]: 'still there'")
        terminal.type("\u{04}")
        #expect(try terminal.finish() == 0)
    }

    @Test func withoutATerminalTheInputIsAProgram() throws {
        let process = Process()
        process.executableURL = try PseudoTerminal.binary()
        process.arguments = ["repl"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data("x = 6\nx * 7\nprint(x * 7)\n".utf8))
        try input.fileHandleForWriting.close()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        #expect(text == "42\n")
        #expect(process.terminationStatus == 0)
    }

    @Test func aProgramIsRunBeforeTheFirstPrompt() throws {
        try Data("import sys\nvalues = [1, 2]\nprint(__name__, len(sys.argv))\n".utf8).write(to: folder.appending(path: "p.py"))
        let terminal = try PseudoTerminal(["-i", "p.py"], folder: folder)
        try terminal.expectPrompt(2)
        #expect(terminal.screen.all.contains("__main__ 1"))
        try terminal.run("values", then: 3)
        #expect(terminal.screen.all.contains("Out[2]: [1, 2]"))
        try leave(terminal)
    }

    @Test func aFileIsRunBeforeTheFirstPrompt() throws {
        try Data("# T\n\n```python\n#| label: data\nvalues = [1, 2]\n```\n\n```python\nprint(sum(values))\n```\n".utf8).write(
            to: folder.appending(path: "n.qnb"))
        let terminal = try PseudoTerminal(["repl", "n.qnb"], folder: folder)
        try terminal.expectPrompt(3)
        #expect(terminal.screen.all.contains("3"))
        terminal.type("%load da\t\r")
        try terminal.expect("loaded cell") { $0.rows[$0.row].hasSuffix("values = [1, 2]") }
        terminal.type("\u{03}")
        try terminal.expectPrompt(3)
        try leave(terminal)
    }
}
