import Foundation
import Testing

/// What no program may do to the machine or the user: leak, crash, hang, grow without bound, ignore Ctrl-C.
@Suite("Robustness")
struct RobustnessTests {
    /// Writes `source` to a file of its own and runs it.
    private func run(_ source: Data, timeout: Double = 20, interruptAfter: String? = nil) async throws -> Execution {
        let folder = FileManager.default.temporaryDirectory.appending(path: "qnb-robust-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // A leftover scratch folder harms nothing.
        try source.write(to: folder.appending(path: "program.py"))
        return try await Binary.run("program.py", in: folder, timeout: timeout, interruptAfter: interruptAfter)
    }

    private func run(_ source: String, timeout: Double = 20) async throws -> Execution {
        try await run(Data(source.utf8), timeout: timeout)
    }

    /// Checks that a program ended with an exception reported at `line`, whose last line `accepts`.
    private func expectError(_ execution: Execution, line: Int?, accepts: (String) -> Bool) {
        #expect(execution.end == .exit(1), "\(execution.end)\n\(execution.error.suffix(800))")
        let last = execution.error.split(separator: "\n").last.map(String.init) ?? ""
        #expect(accepts(last), "the last line is: \(last.prefix(300))")
        if let line {
            let place = "program.py\", line \(line)"
            #expect(execution.error.contains(place), "no '\(place)' in:\n\(execution.error.prefix(800))")
        }
    }

    // MARK: - Memory

    private static let benchmarks = LanguageProgram.suite.deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Benchmarks/language")

    private static let benchmarkNames: [String] = {
        // An unreadable folder yields no names; the count is checked in the test itself.
        let files = (try? FileManager.default.contentsOfDirectory(atPath: benchmarks.path)) ?? []
        return files.filter { $0.hasSuffix(".py") }.map { String($0.dropLast(3)) }.sorted()
    }()

    @Test("every object of a benchmark is freed after it", arguments: benchmarkNames)
    func benchmarkFreesItsObjects(name: String) async throws {
        let execution = try await run(
            """
            import gc, sys
            sys.path.insert(0, \(Self.quoted(Self.benchmarks.path)))
            def once():
                __import__("\(name)")
                del sys.modules["\(name)"]
                gc.collect()
                return sys._live_objects()
            warm = once()
            again = once()
            print("leaked:", max(0, again - warm))
            """, timeout: 60)
        #expect(execution.end == .exit(0), "\(execution.error.suffix(800))")
        #expect(execution.output.hasSuffix("leaked: 0\n"), "\(execution.output.suffix(200))")
    }

    @Test("the memory test covers the benchmarks")
    func benchmarksAreFound() {
        #expect(Self.benchmarkNames.count >= 19)
    }

    /// Statements that make garbage no reference count can free.
    private static let cycles: [String: String] = [
        "lists": "a = []; a.append(a)",
        "dicts": "d = {}; d['self'] = d",
        "instances": "n = Node(); n.me = n",
        "two instances": "a, b = Node(), Node(); a.o, b.o = b, a",
        "methods": "n = Node(); n.f = n.method",
        "closures": "def f(): return f",
        "generators": "l = []; g = (x for x in l); l.append(g); next(g)",
        "suspended generators": "g = suspended(); g.send(None); g.send(g)",
        "exceptions": "e = None\n    try: 1 / 0\n    except ZeroDivisionError as x: e = x; e.me = e",
        "classes": "class K: pass\n    K.me = K",
        "iterators": "l = [1]; i = iter(l); l.append(i)",
        "properties": "class P:\n        @property\n        def p(self): return P\n    P().p",
        "tuples": "l = []; t = (l,); l.append(t)",
        "sets": "n = Node(); n.s = {n}",
        "partials": "n = Node(); n.p = functools.partial(print, n)",
        "deques": "n = Node(); n.d = collections.deque([n])",
    ]

    @Test("garbage in cycles is collected", arguments: cycles.keys.sorted())
    func cyclesAreCollected(kind: String) async throws {
        let statement = try #require(Self.cycles[kind])
        let execution = try await run(
            """
            import gc, sys, functools, collections
            class Node:
                def method(self): return self
            def suspended():
                me = yield
                while True: yield me
            def make():
                \(statement)
            def level():
                gc.collect()
                return sys._live_objects()
            for _ in range(10): make()
            start = level()
            for _ in range(1000): make()
            print("leaked:", max(0, level() - start))
            """)
        #expect(execution.end == .exit(0), "\(execution.error.suffix(800))")
        #expect(execution.output == "leaked: 0\n")
    }

    @Test("cycles are collected without being asked")
    func collectionHappensByItself() async throws {
        let execution = try await run(
            """
            class Node: pass
            def peak():
                for line in open("/proc/self/status"):
                    if line.startswith("VmHWM"): return int(line.split()[1])
            def make():
                n = Node(); n.me = n; n.data = list(range(50))
            for _ in range(20000): make()
            before = peak()
            for _ in range(300000): make()
            print("grew by less than 32 MB:", peak() - before < 32000)
            """, timeout: 60)
        #expect(execution.output == "grew by less than 32 MB: True\n", "\(execution.output)\(execution.error.suffix(500))")
    }

    @Test("a list of a million floats takes at most 17 MB")
    func listOfFloats() async throws {
        let execution = try await run(
            """
            def peak():
                for line in open("/proc/self/status"):
                    if line.startswith("VmHWM"): return int(line.split()[1])
            def build(n):
                values = []
                for i in range(n): values.append(i * 0.5)
                return values
            build(1000)
            before = peak()
            values = build(1000000)
            print(peak() - before, len(values), values[-1])
            """)
        let words = execution.output.split(separator: " ")
        let kilobytes = try #require(words.first.flatMap { Int($0) }, "\(execution.error.suffix(500))")
        #expect(kilobytes * 1024 <= 17_000_000, "the peak grew by \(kilobytes) kB")
        #expect(execution.output.hasSuffix(" 1000000 499999.5\n"))
    }

    @Test("a string built piece by piece and dropped does not stay")
    func stringsAreFreed() async throws {
        let execution = try await run(
            """
            def peak():
                for line in open("/proc/self/status"):
                    if line.startswith("VmHWM"): return int(line.split()[1])
            def work():
                s = "x" * 1000000
                return len(s + "y")
            work()
            before = peak()
            for _ in range(300): work()
            print("bounded:", peak() - before < 16000)
            """)
        #expect(execution.output == "bounded: True\n", "\(execution.error.suffix(500))")
    }

    @Test("a linked list of 100,000 nodes is freed without overflowing the stack")
    func linkedList() async throws {
        let execution = try await run(
            """
            import gc, sys
            class Node:
                def __init__(self, next): self.next = next
            def build():
                head = None
                for _ in range(100000): head = Node(head)
                return head
            head = build()  # what is made at first use lives on
            head = None
            gc.collect(); start = sys._live_objects()
            head = build()
            head = None
            gc.collect(); print("leaked:", max(0, sys._live_objects() - start))
            """)
        #expect(execution.end == .exit(0), "\(execution.error.suffix(500))")
        #expect(execution.output == "leaked: 0\n")
    }

    @Test(
        "recursion to the limit raises RecursionError",
        arguments: [
            "def f(n): return f(n + 1)\nf(0)\n",
            "f = lambda: f()\nf()\n",
            "class A:\n    def __init__(self): A()\nA()\n",
            "class A:\n    def __getattr__(self, n): return self.x\nA().y\n",
            "class A:\n    def __eq__(self, o): return [self] == [o]\nA() == A()\n",
            "def g(): yield from g()\nlist(g())\n",
            "def key(x): return sorted([x], key=key)\nkey(1)\n",
            "l = []\nfor _ in range(100000): l = [l]\nprint(l)\n",
            "l = {}\nfor _ in range(100000): l = {1: l}\nrepr(l)\n",
            "import copy\nl = []\nfor _ in range(100000): l = [l]\ncopy.deepcopy(l)\n",
            "import json\nl = []\nfor _ in range(100000): l = [l]\njson.dumps(l)\n",
            "import json\njson.loads('[' * 100000)\n",
        ])
    func recursion(source: String) async throws {
        let execution = try await run(source)
        expectError(execution, line: nil) { $0.hasPrefix("RecursionError: maximum recursion depth exceeded") }
    }

    // MARK: - Bad input

    struct BadInput: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let source: Data
        /// The line the error is reported at; nil where CPython's own place is an accident of its parser.
        let line: Int?
        let last: String

        init(_ description: String, _ source: String, line: Int?, last: String) {
            self.init(description, Data(source.utf8), line: line, last: last)
        }

        init(_ description: String, _ source: Data, line: Int?, last: String) {
            (testDescription, self.source, self.line, self.last) = (description, source, line, last)
        }
    }

    static let badInputs: [BadInput] = [
        BadInput("an unterminated string", "x = 1\ny = 'abc\n", line: 2, last: "SyntaxError: unterminated string literal (detected at line 2)"),
        BadInput(
            "an unterminated triple-quoted string", "x = 1\ny = \"\"\"abc\n\n", line: 2,
            last: "SyntaxError: unterminated triple-quoted string literal (detected at line 3)"),
        BadInput("mixed tabs", "if 1:\n        x = 1\n\ty = 2\n", line: 3, last: "TabError: inconsistent use of tabs and spaces in indentation"),
        BadInput(
            "10,000 nested parentheses", "x = " + nested(10_000, "(", "1", ")") + "\n", line: 1, last: "SyntaxError: too many nested parentheses"),
        BadInput("10,000 open brackets", String(repeating: "[", count: 10_000), line: 1, last: "SyntaxError: too many nested parentheses"),
        BadInput(
            "invalid UTF-8", Data("x = 1\ny = \"".utf8) + [0xFF, 0xFE] + Data("\"\n".utf8), line: nil,
            last: "(SyntaxError: Non-UTF-8 code starting with '.xff' in file .* on line 2)"),
        BadInput(
            "a NUL byte", Data("x = 1\n".utf8) + [0] + Data("y\n".utf8), line: nil,
            last: "(SyntaxError|ValueError): source code (string )?cannot contain null bytes"),
        BadInput("a text of 10**12 characters", "x = 1\ny = \"x\" * 10**12\n", line: 2, last: "MemoryError"),
        BadInput("a list of 10**12 items", "x = 1\ny = [0] * 10**12\n", line: 2, last: "MemoryError"),
        BadInput("10**13 bytes", "x = bytes(10**13)\n", line: 1, last: "MemoryError"),
        BadInput("a text padded to 10**12", "x = 'a'.ljust(10**12)\n", line: 1, last: "MemoryError"),
        BadInput("a formatted width of 10**12", "x = f'{1:1000000000000}'\n", line: 1, last: "(MemoryError|ValueError|OverflowError)"),
        BadInput("a list of 2**63 items", "x = [0] * 2**63\n", line: 1, last: "OverflowError: cannot fit 'int' into an index-sized integer"),
        BadInput("a shift by 10**12", "x = 1\nx << 10**12\n", line: 2, last: "MemoryError"),
        BadInput(
            "10**10**8", "x = 1\ny = 10**10**8\nprint(len(str(y)))\n", line: nil, last: "(MemoryError|OverflowError|ValueError: Exceeds the limit)"),
        BadInput(
            "a factorial of 10**19", "import math\nmath.factorial(10**19)\n", line: 2,
            last: "OverflowError: factorial\\(\\) argument should not exceed"),
    ]

    private static func nested(_ count: Int, _ open: String, _ middle: String, _ close: String) -> String {
        String(repeating: open, count: count) + middle + String(repeating: close, count: count)
    }

    @Test("bad input is an exception with its position", arguments: badInputs)
    func badInput(input: BadInput) async throws {
        let execution = try await run(input.source)
        let literal = input.last.hasPrefix("(")
        let pattern = try literal || input.last.contains("\\") ? Regex(input.last) : Regex(NSRegularExpression.escapedPattern(for: input.last))
        expectError(execution, line: input.line) { $0.prefixMatch(of: pattern) != nil }
    }

    /// Programs whose depth or size CPython itself bounds differently from release to release: they must end, with an
    /// answer or with an exception.
    @Test(
        "deep and large programs end",
        arguments: [
            ("100,000 additions", "print(1" + String(repeating: " + 1", count: 100_000) + ")\n"),
            ("10,000 minus signs", "print(" + String(repeating: "-", count: 10_000) + "1)\n"),
            ("10,000 nots", "print(" + String(repeating: "not ", count: 10_000) + "1)\n"),
            ("10,000 powers", "print(1" + String(repeating: " ** 1", count: 10_000) + ")\n"),
            ("10,000 attributes", "x = 1\nprint(x" + String(repeating: ".real", count: 10_000) + ")\n"),
            ("10,000 lambdas", "f = " + String(repeating: "lambda: ", count: 10_000) + "1\nprint(1)\n"),
            ("10,000 conditionals", "print(" + String(repeating: "1 if 0 else ", count: 10_000) + "1)\n"),
            ("10,000 elifs", "x = 9999\nif x == -1: pass\n" + (0..<10_000).map { "elif x == \($0): print(x)\n" }.joined()),
            (
                "150 nested blocks",
                (0..<150).map { String(repeating: " ", count: $0) + "if 1:\n" }.joined() + String(repeating: " ", count: 150) + "print(1)\n"
            ),
            ("100,000 arguments", "print(len([" + String(repeating: "1,", count: 100_000) + "]))\n"),
            ("70,000 constants", "x = {" + (0..<70_000).map { "\($0):'\($0)'," }.joined() + "}\nprint(len(x))\n"),
            ("100,000 lines", "x = 0\n" + String(repeating: "x += 1\n", count: 100_000) + "print(x)\n"),
            ("5,000 locals", "def f():\n" + (0..<5_000).map { "    v\($0) = \($0)\n" }.joined() + "    return v4999\nprint(f())\n"),
        ])
    func deepPrograms(description: String, source: String) async throws {
        let execution = try await run(source, timeout: 30)
        let ended = execution.end == .exit(0) || execution.end == .exit(1)
        #expect(ended, "\(description): \(execution.end)\n\(execution.error.suffix(500))")
        if execution.end == .exit(1) {
            let last = execution.error.split(separator: "\n").last.map(String.init) ?? ""
            #expect(last.contains(/^(RecursionError|MemoryError|SyntaxError|IndentationError|OverflowError)/), "\(description): \(last.prefix(200))")
        }
    }

    @Test(
        "a line of 50 MB is read",
        arguments: [
            ("x = \"", "a", "\"\nprint(len(x))\n", "50000000\n"),
            ("# ", "c", "\nprint('after')\n", "after\n"),
            ("x = 1", " ", "\nprint(x)\n", "1\n"),
        ])
    func longLine(head: String, filler: String, tail: String, output: String) async throws {
        let execution = try await run(head + String(repeating: filler, count: 50_000_000) + tail, timeout: 30)
        #expect(execution.end == .exit(0), "\(execution.end) \(execution.error.suffix(300))")
        #expect(execution.output == output)
    }

    @Test("an error on a line of 50 MB is shown without the whole line")
    func errorOnLongLine() async throws {
        let execution = try await run("x = \"" + String(repeating: "a", count: 50_000_000) + "\" + 1\n", timeout: 30)
        expectError(execution, line: 1) { $0 == "TypeError: can only concatenate str (not \"int\") to str" }
        #expect(execution.error.utf8.count < 100_000, "\(execution.error.utf8.count) bytes were written")
    }

    // MARK: - Interrupts

    static let interruptible: [String: String] = [
        "a busy loop": "print('ready', flush=True)\nwhile True: pass\n",
        "a loop of calls": "def f(x): return x\nprint('ready', flush=True)\nwhile True: f(1)\n",
        "a comprehension": "print('ready', flush=True)\n[0 for i in range(10**10) if i < 0]\n",
        "a generator": "def g():\n    while True: yield 1\nprint('ready', flush=True)\nfor x in g(): pass\n",
        "a sleep": "import time\nprint('ready', flush=True)\ntime.sleep(60)\n",
        "a handler of Exception": "print('ready', flush=True)\nwhile True:\n    try:\n        x = 1\n    except Exception:\n        pass\n",
        "deep recursion again and again": "def f(n): return n if n == 0 else f(n - 1)\nprint('ready', flush=True)\nwhile True: f(500)\n",
    ]

    @Test("Ctrl-C ends a program within 100 ms", arguments: interruptible.keys.sorted())
    func interrupt(kind: String) async throws {
        let source = try #require(Self.interruptible[kind])
        let execution = try await run(Data(source.utf8), timeout: 10, interruptAfter: "ready")
        #expect(execution.status == 130, "\(execution.end)")
        #expect(execution.error.split(separator: "\n").last == "KeyboardInterrupt", "\(execution.error.suffix(500))")
        #expect(execution.duration < .milliseconds(100), "\(execution.duration)")
    }

    @Test("Ctrl-C can be caught and cleans up")
    func interruptIsAnException() async throws {
        let source = """
            import contextlib
            try:
                with contextlib.ExitStack() as stack:
                    stack.callback(print, "cleaned up")
                    try:
                        print("ready", flush=True)
                        while True: pass
                    finally:
                        print("finally")
            except KeyboardInterrupt as e:
                print("caught", repr(e))
            """
        let execution = try await run(Data(source.utf8), timeout: 10, interruptAfter: "ready")
        #expect(execution.end == .exit(0))
        #expect(execution.output == "ready\nfinally\ncleaned up\ncaught KeyboardInterrupt()\n")
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
