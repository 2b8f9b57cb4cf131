import Notebooks

/// An evaluator whose language is one command per line; a text argument is a JSON string.
///
///     print "text"   err "text"   result "text"   markdown "text"   html "text"   svg "text"   png 3   table 30
///     set x "value"   get x   param bits   seed   tick   raise ShapeError "message"   interrupt   timeout   settle   run NAME
final class ScriptedEvaluator: CellEvaluator {
    private var variables: [String: String] = [:]
    private var session: EvaluationSession?
    private(set) var executed: [String] = []
    /// Grows with every `tick`, also across runs that share the evaluator.
    var ticks = 0
    /// What `run NAME` does.
    var actions: [String: () -> Void] = [:]
    var restorable: Set<String> = []
    private(set) var finishedKeys: [String] = []

    func start(_ session: EvaluationSession) {
        self.session = session
        variables = [:]
    }

    func restore(_ keys: [String]) -> Int { keys.prefix { restorable.contains($0) }.count }
    func didFinish(_ cell: CellSource, key: String) { finishedKeys.append(key) }

    func evaluate(_ cell: CellSource, sink: any OutputSink, control: EvaluationControl) -> CellOutcome {
        executed.append(cell.name)
        for (index, line) in cell.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if control.isInterrupted { return .interrupted(nil) }
            let words = line.split(separator: " ", maxSplits: 2).map(String.init)
            guard let command = words.first, !command.hasPrefix("#") else { continue }
            let argument = words.dropFirst().joined(separator: " ")
            switch command {
            case "interrupt":
                control.interrupt()
                return .interrupted(nil)
            case "timeout": return .timedOut(nil)
            case "raise":
                let place = cell.position(line: index + 1, column: 1)
                let message = text(words.count > 2 ? words[2] : "\"\"")
                let type = words.count > 1 ? words[1] : "Error"
                return .failed(
                    CellError(
                        typeNames: [type, "Exception"], message: message,
                        traceback: "\(cell.file):\(place.line):\(place.column): \(type): \(message)\n  \(place.line) | \(line)", line: place.line,
                        column: place.column))
            default: perform(command, argument, cell, sink)
            }
            if control.isPastDeadline { return .timedOut(nil) }
        }
        return .finished
    }

    private func text(_ json: String) -> String { (try? JSONParser.parse(json))?.string ?? json }

    private func perform(_ command: String, _ argument: String, _ cell: CellSource, _ sink: any OutputSink) {
        switch command {
        case "print": sink.write(text(argument), to: .stdout)
        case "err": sink.write(text(argument), to: .stderr)
        case "result": sink.show(Display(.result, text: text(argument)))
        case "display": sink.show(Display(.display, text: text(argument)))
        case "markdown": sink.show(Display(.result, text: "plain", markdown: text(argument)))
        case "html": sink.show(Display(.display, text: "plain", html: text(argument)))
        case "svg": sink.show(Display(.display, svg: "<svg xmlns=\"http://www.w3.org/2000/svg\"><text>\(text(argument))</text></svg>\n"))
        case "png": sink.show(Display(.display, png: Fixtures.png(Int(argument) ?? 0), alt: "picture \(argument)"))
        case "table":
            let rows = (0..<(Int(argument) ?? 0)).map { ["row \($0)", String($0 * $0)] }
            sink.show(Display(.result, table: Table(header: ["name", "square"], alignments: [.left, .right], rows: rows)))
        case "set":
            let parts = argument.split(separator: " ", maxSplits: 1).map(String.init)
            variables[parts.first ?? ""] = text(parts.count > 1 ? parts[1] : "\"\"")
        case "get": sink.write((variables[argument] ?? "undefined") + "\n", to: .stdout)
        case "param": sink.write((session?.parameters.first { $0.key == argument }?.value.text ?? "undefined") + "\n", to: .stdout)
        case "seed": sink.write("\(cell.seed ?? session?.seed ?? 0)\n", to: .stdout)
        case "tick":
            ticks += 1
            sink.write("tick \(Double(ticks) * 0.001 + 1)\n", to: .stdout)
        case "settle": _ = sink.settle()
        case "run": actions[argument]?()
        default: sink.write("ran \(command) \(argument)\n", to: .stdout)
        }
    }
}

enum Fixtures {
    static func png(_ seed: Int) -> [UInt8] {
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + (0..<40).map { UInt8(truncatingIfNeeded: $0 * 7 + seed) }
    }
}
