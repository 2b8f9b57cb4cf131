import Notebooks

#if canImport(Glibc)
    import Glibc
#endif

/// Tells a person on standard error how a run goes on.
protocol ProgressDisplay: AnyObject {
    func show(_ event: RunEvent)
    func finish()
}

func makeProgressDisplay(_ style: ExecutionStyle, file: String, verb: String) -> any ProgressDisplay {
    if style.isQuiet || style.progress == .none { return SilentProgress() }
    let isTerminal = isatty(2) == 1 && getenv("TERM").map { String(cString: $0) != "dumb" } ?? false
    return style.progress == .auto && isTerminal ? LiveProgress(file: file) : PlainProgress(file: file, verb: verb)
}

/// What every style says about unusual events; nil for the usual ones.
func noteText(_ event: RunEvent, file: String) -> String? {
    switch event {
    case .recovered(let finished, let unfinished):
        var parts: [String] = []
        if !finished.isEmpty { parts.append("finished cell\(finished.count == 1 ? "" : "s") \(finished.joined(separator: ", "))") }
        if let unfinished { parts.append("what cell \(unfinished) had printed") }
        return "\(file): recovered from a run that was killed: \(parts.joined(separator: "; "))"
    case .started(_, let replayed, let restored):
        var parts: [String] = []
        if restored > 0 { parts.append("the state after \(restored) cell\(restored == 1 ? "" : "s") is restored") }
        if !replayed.isEmpty { parts.append("running for their state only: \(replayed.joined(separator: ", "))") }
        return parts.isEmpty ? nil : "\(file): " + parts.joined(separator: "; ")
    case .merged(let lost):
        let tail = lost.isEmpty ? "" : "; changed cells got no output: \(lost.joined(separator: ", "))"
        return "\(file): was saved by someone else meanwhile; results went into the new text\(tail)"
    case .warning(let text): return "warning: " + text
    case .cellStarted, .output, .cellFinished: return nil
    }
}

/// Only what a person has to know.
final class SilentProgress: ProgressDisplay {
    func show(_ event: RunEvent) {
        if case .recovered = event, let text = noteText(event, file: "qnb") { say([text]) }
        if case .warning(let text) = event { say(["warning: " + text]) }
    }

    func finish() {}
}

/// One line per finished cell: `digits.qnb: 3/12 train: done in 12.3 s`.
final class PlainProgress: ProgressDisplay {
    private let file: String
    private let verb: String
    private var cells = 0

    init(file: String, verb: String) {
        self.file = file
        self.verb = verb
    }

    func show(_ event: RunEvent) {
        if let text = noteText(event, file: file) { say([text]) }
        switch event {
        case .started(let cells, _, _): self.cells = cells
        case .cellFinished(let report):
            say(["\(file): \(report.index + 1)/\(cells) \(report.name): \(Duration.outcome(report)) in \(Duration.text(report.seconds))"])
        case .recovered, .cellStarted, .output, .merged, .warning: return
        }
    }

    func finish() {}
}

enum Duration {
    /// `4 ms`, `2.1 s`, `3 min 20 s`
    static func text(_ seconds: Double) -> String {
        if seconds < 0.9995 { return "\(Int((max(seconds, 0) * 1000).rounded())) ms" }
        if seconds < 59.95 {
            let tenths = Int((seconds * 10).rounded())
            return "\(tenths / 10).\(tenths % 10) s"
        }
        let whole = Int(min(seconds, 1e9).rounded())
        return whole < 3600 ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole % 3600 / 60) min"
    }

    static func outcome(_ report: CellReport) -> String {
        switch report.status {
        case .done: report.isReplay ? "replayed" : "done"
        case .error: "raised \(report.error?.typeName ?? "an exception")"
        case .interrupted: "interrupted"
        case .timeout: "over its time limit"
        case .running: "running"
        }
    }
}
