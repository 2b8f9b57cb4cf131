import Notebooks
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// A line at the bottom of the terminal with the cell, the time it has taken and the last line the program printed; a thread keeps the clock going.
final class LiveProgress: ProgressDisplay, @unchecked Sendable {
    private struct State {
        var cells = 0
        var cell: CellReport?
        var start = 0.0
        var lastLine = ""
        var assembler = LineAssembler()
        var isShown = false
        var isEnded = false
        var failures = 0
    }

    private let file: String
    private let state = Mutex(State())
    private let thread = Mutex<pthread_t?>(nil)
    private static let interval: UInt32 = 100_000

    init(file: String) { self.file = file }

    func show(_ event: RunEvent) {
        switch event {
        case .started(let cells, _, _):
            state.withLock { $0.cells = cells }
            startClock()
        case .cellStarted(let report):
            state.withLock {
                $0.cell = report
                $0.start = MachineFacts.seconds()
                $0.lastLine = ""
                $0.assembler = LineAssembler()
            }
        case .output(_, _, let text):
            state.withLock { state in
                var last: String?
                state.assembler.feed(text) { last = $0 }
                let line = state.assembler.isOpen ? state.assembler.current : last ?? ""
                if !line.isEmpty { state.lastLine = line }
            }
        case .cellFinished(let report):
            state.withLock { state in
                state.cell = nil
                if report.status != .done { draw("\(file): \(report.name): \(Duration.outcome(report))\n", &state) }
            }
        case .recovered, .merged, .warning: break
        }
        if case .started(_, let replayed, let restored) = event, replayed.isEmpty, restored == 0 { return }
        if let text = liveNote(event) { state.withLock { draw(text + "\n", &$0) } }
    }

    private func liveNote(_ event: RunEvent) -> String? {
        switch event {
        case .recovered, .started, .merged, .warning: noteText(event, file: file)
        case .cellStarted, .output, .cellFinished: nil
        }
    }

    func finish() {
        state.withLock { state in
            state.isEnded = true
            draw("", &state)
        }
        if let running = thread.withLock({ $0 }) { pthread_join(running, nil) }
        thread.withLock { $0 = nil }
    }

    private func startClock() {
        thread.withLock { thread in
            guard thread == nil else { return }
            var made = pthread_t()
            let status = pthread_create(
                &made, nil,
                { context in
                    if let context { Unmanaged<LiveProgress>.fromOpaque(context).takeUnretainedValue().tick() }
                    return nil
                }, Unmanaged.passUnretained(self).toOpaque())
            if status == 0 { thread = made }
        }
    }

    private func tick() {
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, nil)
        while true {
            usleep(Self.interval)
            let isEnded = state.withLock { state in
                if !state.isEnded, let cell = state.cell { draw(status(cell, state), &state, staysOpen: true) }
                return state.isEnded
            }
            if isEnded { return }
        }
    }

    private func status(_ cell: CellReport, _ state: State) -> String {
        let elapsed = Duration.text(MachineFacts.seconds() - state.start)
        let head = "[\(cell.index + 1)/\(state.cells)] \(cell.name) \(elapsed)"
        return state.lastLine.isEmpty ? head : head + "  " + state.lastLine.replacing("\t", with: " ")
    }

    /// Replaces the live line by `text`, which stays when it ends its line. Called with the lock held.
    private func draw(_ text: String, _ state: inout State, staysOpen: Bool = false) {
        guard state.isShown || !text.isEmpty else { return }
        var shown = text
        if staysOpen { shown = Self.cut(text, to: Self.terminalWidth() - 1) }
        FileStream.standardError("\r\u{1B}[2K" + shown)
        state.isShown = staysOpen
    }

    private static func cut(_ text: String, to width: Int) -> String {
        var used = 0
        var result = ""
        for character in text {
            used += TableText.width(String(character))
            if used > width { return result }
            result.append(character)
        }
        return result
    }

    private static func terminalWidth() -> Int {
        var size = winsize()
        guard ioctl(2, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 10 else { return 80 }
        return Int(size.ws_col)
    }
}
