import Interpreter
import Library
import Notebooks

/// Looks at what an error left, with the commands of Python's `pdb`: up and down the calls, their source, their variables.
final class Debugger {
    private let postMortem: PostMortem
    private let editor: any LineEditor
    private let evaluator: SessionEvaluator
    private let terminal: Terminal
    private let completer: SessionCompleter?
    private let listing: SourceListing
    private var index: Int
    /// The first line that `list` shows next; nil around the place of the error.
    private var nextLine: Int?
    private var lastCommand = ""

    init(_ postMortem: PostMortem, editor: any LineEditor, evaluator: SessionEvaluator, terminal: Terminal, completer: SessionCompleter?) {
        self.postMortem = postMortem
        self.editor = editor
        self.evaluator = evaluator
        self.terminal = terminal
        self.completer = completer
        listing = SourceListing(isColoured: terminal.isColoured)
        index = postMortem.calls.count - 1
    }

    private var call: PostMortem.Call { postMortem.calls[index] }

    // MARK: Loop

    /// Reads commands until the user leaves.
    func run() {
        defer { completer?.innerNames = [] }
        say(terminal.styled(postMortem.headline, .error))
        showPlace()
        while true {
            completer?.innerNames = evaluator.variables(of: call)
            switch editor.readCell(EditorPrompt("debug> "), initialText: "", support: support) {
            case .end: return
            case .interrupted: continue
            case .cell(let text):
                let line = text.trimmingPrefix { $0 == " " }
                if !line.isEmpty {
                    editor.remember(String(line))
                    lastCommand = String(line)
                }
                if !perform(lastCommand) { return }
            }
        }
    }

    private var support: EditingSupport {
        EditingSupport(
            isFinished: { _ in true },
            completions: { [weak self] text, offset in self?.completions(text, offset) ?? Completions(start: offset, []) },
            highlight: InteractiveSession.highlight)
    }

    private func completions(_ text: String, _ offset: Int) -> Completions {
        let found = completer?.completions(text, utf8Offset: offset) ?? Completions(start: offset, [])
        guard found.start == 0, offset > 0 else { return found }
        let typed = String(decoding: text.utf8.prefix(offset), as: UTF8.self)
        let commands = Self.commands.compactMap { command in
            command.names.last.flatMap { $0.hasPrefix(typed) ? Completions.Candidate($0, note: command.help) : nil }
        }
        return Completions(start: 0, commands + found.candidates)
    }

    // MARK: Commands

    private struct Command {
        /// From the shortest to the full name.
        let names: [String]
        let help: String
        /// False leaves the debugger.
        let perform: @Sendable (Debugger, String) -> Bool

        init(_ names: String..., help: String, perform: @escaping @Sendable (Debugger, String) -> Bool) {
            self.names = names
            self.help = help
            self.perform = perform
        }
    }

    private static let commands: [Command] = [
        Command("w", "bt", "where", help: "the calls that led to the error") { debugger, _ in debugger.showCalls() },
        Command("u", "up", help: "to the call that made this one; up N goes further") { debugger, count in debugger.move(-(Int(count) ?? 1)) },
        Command("d", "down", help: "to the call that this one made") { debugger, count in debugger.move(Int(count) ?? 1) },
        Command("l", "list", help: "the source around; again for more; list 10 or list 10,20 for those lines") { debugger, range in
            debugger.list(range)
        },
        Command("ll", "longlist", help: "the source of the whole function") { debugger, _ in debugger.listFunction() },
        Command("a", "args", help: "the function's arguments") { debugger, _ in debugger.showVariables(ofArguments: true) },
        Command("locals", help: "all variables of the call") { debugger, _ in debugger.showVariables(ofArguments: false) },
        Command("p", help: "the value of an expression") { debugger, text in debugger.evaluate(text, .plain) },
        Command("pp", help: "the same, laid out") { debugger, text in debugger.evaluate(text, .pretty) },
        Command("whatis", help: "the class of a value") { debugger, text in debugger.evaluate(text, .typeName) },
        Command("h", "?", "help", help: "this list") { debugger, _ in debugger.showHelp() },
        Command("q", "exit", "quit", help: "back to the session") { _, _ in false },
    ]

    /// Runs a line; false leaves. What is no command is run in the call.
    private func perform(_ line: String) -> Bool {
        if line.hasPrefix("!") { return evaluate(String(line.dropFirst().drop { $0 == " " }), .pretty) }
        let name = line.prefix { $0.isLetter || $0 == "?" }
        let rest = line.dropFirst(name.count)
        let argument = rest.drop { $0 == " " }
        // `d = 3` and `l.append(1)` speak of variables.
        let isCommand = rest.isEmpty || (rest.first == " " && !["=", "."].contains(argument.first))
        guard isCommand, let command = Self.commands.first(where: { $0.names.contains(String(name)) }) else { return evaluate(line, .pretty) }
        return command.perform(self, String(argument))
    }

    private func showHelp() -> Bool {
        for command in Self.commands {
            let names = command.names.joined(separator: " ")
            say("  " + names + String(repeating: " ", count: max(1, 14 - names.count)) + command.help)
        }
        say("  Anything else is run in the call: an expression shows its value, x = 1 changes a variable; !d where a name is a command.")
        return true
    }

    private func move(_ distance: Int) -> Bool {
        let target = min(max(0, index + distance), postMortem.calls.count - 1)
        if target == index {
            say(terminal.styled(distance < 0 ? "*** Oldest frame" : "*** Newest frame", .error))
        } else {
            index = target
            nextLine = nil
            showPlace()
        }
        return true
    }

    private func showCalls() -> Bool {
        for (position, call) in postMortem.calls.enumerated() {
            say(heading(call, isCurrent: position == index))
            say("    " + listing.line(call.line, of: call.source))
        }
        return true
    }

    // MARK: Source

    private func heading(_ call: PostMortem.Call, isCurrent: Bool) -> String {
        (isCurrent ? terminal.styled("> ", .prompt) : "  ") + "\(call.file):\(call.line + call.source.lineOffset)"
            + terminal.styled(", in \(call.function)", .faint)
    }

    private func showPlace() {
        say(heading(call, isCurrent: true))
        show(call.line - 2...call.line + 2)
        nextLine = nil
    }

    private func list(_ range: String) -> Bool {
        let numbers = range.split { $0 == "," || $0 == " " }.map { Int($0) }
        if range == "." {
            show(call.line - 5...call.line + 5)
        } else if let first = numbers.first.flatMap({ $0 }) {
            let last = numbers.count > 1 ? numbers[1] ?? first : first + 10
            // As in pdb, a second number below the first is a count.
            show(first...(last < first ? first + max(0, last) : last))
        } else {
            let first = nextLine ?? call.line - 5
            guard first <= call.source.lineStarts.count else {
                say("[EOF]")
                return true
            }
            show(first...first + 10)
        }
        return true
    }

    private func listFunction() -> Bool {
        show(call.lines)
        return true
    }

    private func show(_ lines: ClosedRange<Int>) {
        for line in listing.lines(lines, of: call.source, current: call.line) { say(line) }
        nextLine = lines.upperBound + 1
    }

    // MARK: Values

    private func showVariables(ofArguments: Bool) -> Bool {
        let wanted = ofArguments ? Set(call.arguments) : nil
        let names = evaluator.variables(of: call).map(\.name).filter { wanted?.contains($0) ?? true }
        if names.isEmpty { say(ofArguments ? "no arguments" : "no variables but the module's") }
        for name in names {
            let (value, problem) = evaluator.evaluate(name, in: call, form: .plain, sink: DebuggerSink(terminal))
            say("\(name) = \(Self.shortened(value ?? "*** \(problem ?? "")"))")
        }
        return true
    }

    private static func shortened(_ text: String) -> String {
        let line = text.split(separator: "\n", maxSplits: 1).first.map(String.init) ?? ""
        return line.count > 200 ? line.prefix(200) + "…" : line.utf8.count < text.utf8.count ? line + " …" : line
    }

    private func evaluate(_ text: String, _ form: ValueForm) -> Bool {
        guard !text.isEmpty else {
            say(terminal.styled("*** an expression is missing", .error))
            return true
        }
        let (value, problem) = evaluator.evaluate(text, in: call, form: form, sink: DebuggerSink(terminal))
        if let problem { say(terminal.styled("*** \(problem)", .error)) }
        if let value { say(ResultText.shortened(value).text) }
        return true
    }

    private func say(_ text: String) { terminal.write(text + "\n", false) }
}

/// Output of what the debugger runs, straight to the terminal.
private final class DebuggerSink: OutputSink {
    private let terminal: Terminal

    init(_ terminal: Terminal) { self.terminal = terminal }

    func write(_ text: String, to stream: OutputStream) { terminal.write(text, stream == .stderr) }
    func show(_ display: Display) { terminal.write((display.text ?? display.markdown ?? "<display>") + "\n", false) }
    func clear() {}
}
