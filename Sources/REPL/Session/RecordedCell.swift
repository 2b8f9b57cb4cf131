import Notebooks

/// A cell that was run, with what it printed and how it ended.
struct RecordedCell {
    enum Event {
        case text(String, OutputStream)
        case display(Display)
    }

    let number: Int
    let text: String
    private(set) var events: [Event] = []
    var outcome = CellOutcome.finished
    private var size = 0
    /// Bytes of output kept; a notebook would not store more either.
    private static let limit = 4 << 20

    init(number: Int, text: String) {
        self.number = number
        self.text = text
    }

    mutating func add(_ event: Event) {
        switch event {
        case .text(let text, let stream):
            size += text.utf8.count
            guard size <= Self.limit else { return }
            if case .text(let before, stream)? = events.last {
                events[events.count - 1] = .text(before + text, stream)
                return
            }
        case .display(let display):
            size += display.size
            guard size <= Self.limit else { return }
        }
        events.append(event)
    }

    mutating func clear() {
        events = []
        size = 0
    }
}

/// Gives recorded outputs back, so that a saved session is written by the same code as a run.
final class ReplayEvaluator: CellEvaluator {
    private let cells: [RecordedCell]

    init(_ cells: [RecordedCell]) { self.cells = cells }

    func start(_ session: EvaluationSession) {}

    func evaluate(_ cell: CellSource, sink: any OutputSink, control: EvaluationControl) -> CellOutcome {
        guard cells.indices.contains(cell.index) else { return .finished }
        for event in cells[cell.index].events {
            switch event {
            case .text(let text, let stream): sink.write(text, to: stream)
            case .display(let display): sink.show(display)
            }
        }
        return cells[cell.index].outcome
    }
}
