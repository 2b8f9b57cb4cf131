import Diagnostics
import Interpreter
import Library
import Notebooks
import Syntax

/// The read–evaluate–print loop: cells from an editor, evaluated as a notebook's are, shown on a terminal.
package final class InteractiveSession {
    let terminal: Terminal
    let environment: RunEnvironment
    let folder: String
    private let editor: any LineEditor
    private let evaluator: SessionEvaluator
    private let history: HistoryFile?
    private let clock: () -> Int
    private var completer: SessionCompleter?
    private var hasWarnedAboutHistory = false

    /// Everything that was run, oldest first.
    var cells: [RecordedCell] = []
    /// The last value that was shown shortened.
    var wholeResult: String?
    /// What the next prompt already holds.
    var initialText = ""
    /// Cells of the notebook that was opened, by label, for `%load`.
    package var labelledCells: [(label: String, text: String)] = []
    /// Whether the debugger starts after every error.
    var debugsErrors = false
    private var exitStatus: Int32?

    /// - Parameters:
    ///   - evaluator: makes the session of the language; started here.
    ///   - folder: where relative paths start.
    ///   - history: nil records nothing.
    ///   - clock: seconds since 1970.
    package init(
        editor: any LineEditor, evaluator: SessionEvaluator, terminal: Terminal, environment: RunEnvironment, folder: String, history: HistoryFile?,
        clock: @escaping () -> Int
    ) {
        self.editor = editor
        self.evaluator = evaluator
        self.terminal = terminal
        self.environment = environment
        self.folder = folder
        self.history = history
        self.clock = clock
    }

    // MARK: Loop

    /// Reads and runs cells until the user leaves; returns the exit status.
    package func run(banner: String) -> Int32 {
        evaluator.start(EvaluationSession(file: "<session>", folder: folder, parameters: [], seed: nil))
        defer { evaluator.finish() }
        evaluator.becomeInteractive(commands: SessionCommands.described)
        if let (vm, main, search) = evaluator.machine { completer = SessionCompleter(vm: vm, main: main, search: search) }
        completer?.labels = labelledCells.map(\.label)
        if let history { editor.remember(earlier: history.load) }
        if !banner.isEmpty { terminal.write(banner, false) }
        for (label, text) in startupCells { runCell(text, label: label) }
        while exitStatus == nil {
            let text = initialText
            initialText = ""
            switch editor.readCell(.cell(cells.count + 1), initialText: text, support: support) {
            case .interrupted: continue
            case .end: return 0
            case .cell(let text): accept(text)
            }
        }
        return exitStatus ?? 0
    }

    /// Cells to run before the first prompt.
    package var startupCells: [(label: String, text: String)] = []

    private var support: EditingSupport {
        EditingSupport(
            isFinished: InteractiveSession.isFinished,
            completions: { [weak self] text, offset in self?.completer?.completions(text, utf8Offset: offset) ?? Completions(start: offset, []) },
            highlight: InteractiveSession.highlight)
    }

    private func accept(_ text: String) {
        let cell = Self.trimmed(text)
        guard !cell.isEmpty else { return }
        remember(text.hasPrefix(" ") ? " " + cell : cell)
        if cell == "exit" || cell == "quit" {
            exitStatus = 0
            return
        }
        if let command = SessionCommands(cell) {
            do {
                try command.perform(in: self)
            } catch {
                terminal.write(terminal.styled("\(error.message)\n", .error), true)
            }
            return
        }
        runCell(cell, label: nil)
    }

    /// Looks at the calls that the last error left; false when there is none.
    func debug() -> Bool {
        guard let postMortem = evaluator.postMortem() else { return false }
        editor.withSeparateHistory { Debugger(postMortem, editor: editor, evaluator: evaluator, terminal: terminal, completer: completer).run() }
        return true
    }

    /// The cells of all sessions; without a history file, those of this one.
    func allHistory() -> [String] { history?.load() ?? cells.map(\.text) }

    private func remember(_ cell: String) {
        guard !cell.hasPrefix(" ") else { return }
        editor.remember(cell)
        guard let history, !history.append(cell, seconds: clock()), !hasWarnedAboutHistory else { return }
        hasWarnedAboutHistory = true
        terminal.write(terminal.styled("history cannot be written to \(history.path); this session goes on without it\n", .faint), true)
    }

    /// Evaluates one cell and shows what comes of it.
    func runCell(_ text: String, label: String?) {
        let number = cells.count + 1
        let name = label ?? "In[\(number)]"
        let sink = TerminalSink(terminal, cell: RecordedCell(number: number, text: text), number: number)
        let source = CellSource(file: name, index: number - 1, name: name, text: text, firstLine: 1, cutColumns: [], seed: nil)
        let outcome = evaluator.evaluate(source, sink: sink, control: EvaluationControl(now: environment.seconds))
        sink.startLine()
        var record = sink.record
        record.outcome = outcome
        cells.append(record)
        if let whole = sink.wholeResult { wholeResult = whole }
        guard let error = outcome.error else { return }
        if error.typeNames.contains("SystemExit") {
            exitStatus = Int32(error.message) ?? (error.message.isEmpty || error.message == "None" ? 0 : 1)
            if exitStatus == 1, !error.message.isEmpty { terminal.write(error.message + "\n", true) }
            cells.removeLast()
            return
        }
        // The terminal has shown `^C` where the cursor was.
        if error.typeNames.first == "KeyboardInterrupt" { terminal.write("\n", true) }
        terminal.write(TracebackPainter.painted(error.traceback, isColoured: terminal.isColoured) + "\n", true)
        if debugsErrors, label == nil { _ = debug() }
    }

    // MARK: Text

    /// Whether Enter runs a cell: `%` and `!` lines end at once, the rest when the parser says so.
    package static func isFinished(_ text: String) -> Bool {
        let first = text.drop { $0 == " " || $0 == "\n" }
        if first.hasPrefix("%%") { return text.hasSuffix("\n\n") }
        if first.hasPrefix("%") || first.hasPrefix("!") || first.hasPrefix("?") || first.hasSuffix("?") { return !text.contains("\n") }
        switch interactiveCompleteness(of: SourceText(name: "", text: text)) {
        case .complete, .invalid: return true
        // A block ends with a blank line; what stands between blocks of pasted text does not end it.
        case .openBlock: return text.hasSuffix("\n") || lastLineIsBlank(text)
        case .incomplete: return false
        }
    }

    private static func lastLineIsBlank(_ text: String) -> Bool {
        guard let line = text.split(separator: "\n", omittingEmptySubsequences: false).last, text.contains("\n") else { return false }
        return line.allSatisfy { $0 == " " || $0 == "\t" }
    }

    package static func highlight(_ text: String) -> [StyledRange] {
        tokens(of: SourceText(name: "", text: text)).map { token in
            let style: TextStyle =
                switch token.kind {
                case .keyword: .keyword
                case .string: .string
                case .number: .number
                case .comment: .comment
                case .definition: .definition
                case .error: .error
                case .name, .operator, .whitespace: .plain
                }
            return StyledRange(Int(token.range.start)..<Int(token.range.end), style)
        }
    }

    private static func trimmed(_ text: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        func isBlank(_ line: Substring) -> Bool { line.allSatisfy { $0 == " " || $0 == "\t" || $0 == "\r" } }
        while let last = lines.last, isBlank(last) { lines.removeLast() }
        while let first = lines.first, isBlank(first) { lines.removeFirst() }
        // Text pasted from inside a block keeps its shape without its indentation.
        let indent = lines.filter { !isBlank($0) }.map { $0.prefix { $0 == " " }.count }.min() ?? 0
        return lines.map { $0.dropFirst(min(indent, $0.prefix { $0 == " " }.count)) }.joined(separator: "\n")
    }
}
