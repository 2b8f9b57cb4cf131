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
    /// Where the cells given back so far stand in the notebook, by their numbers in the session.
    private var places: [Int: CellSource] = [:]

    init(_ cells: [RecordedCell]) { self.cells = cells }

    func start(_ session: EvaluationSession) {}

    func evaluate(_ cell: CellSource, sink: any OutputSink, control: EvaluationControl) -> CellOutcome {
        guard cells.indices.contains(cell.index) else { return .finished }
        places[cells[cell.index].number] = cell
        for event in cells[cell.index].events {
            switch event {
            case .text(let text, let stream): sink.write(text, to: stream)
            case .display(let display): sink.show(display)
            }
        }
        guard case .failed(let error) = cells[cell.index].outcome else { return cells[cell.index].outcome }
        return .failed(relocated(error))
    }

    /// The error with the places `In[3]:2:5` of its report as places in the notebook.
    private func relocated(_ error: CellError) -> CellError {
        var shift = 0
        let lines = error.traceback.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
            let indent = line.prefix { $0 == " " }
            let content = line.dropFirst(indent.count)
            if content.hasPrefix("In["), let close = content.firstIndex(of: "]"),
                let number = Int(content[content.index(content.startIndex, offsetBy: 3)..<close]),
                let place = places[number]
            {
                let rest = content[close...].dropFirst(2)
                let digits = rest.prefix { $0.isNumber }
                guard let row = Int(digits) else { return String(line) }
                let optionLines = place.text.hasPrefix("#| raises:") ? 1 : 0
                shift = place.firstLine - 1 + optionLines
                let name = place.file.split(separator: "/").last.map(String.init) ?? place.file
                return "\(indent)\(name):\(row + shift)\(rest.dropFirst(digits.count))"
            }
            // A code frame's line: its number stands right-aligned before the bar.
            let digits = content.prefix { $0.isNumber }
            guard let row = Int(digits), content.dropFirst(digits.count).hasPrefix(" | ") else { return String(line) }
            return "\(indent)\(row + shift)\(content.dropFirst(digits.count))"
        }
        return CellError(
            typeNames: error.typeNames, message: error.message, traceback: Self.aligned(lines).joined(separator: "\n"), line: error.line + shift,
            column: error.column)
    }

    /// Bars of a code frame under one another, after its numbers may have become wider.
    private static func aligned(_ lines: [String]) -> [String] {
        var result = lines
        for index in result.indices {
            let content = result[index].drop { $0 == " " }
            let digits = content.prefix { $0.isNumber }
            guard !digits.isEmpty, content.dropFirst(digits.count).hasPrefix(" | ") else { continue }
            let column = result[index].count - content.count + digits.count + 1
            if index + 1 < result.count, let bar = result[index + 1].firstIndex(of: "|"), result[index + 1][..<bar].allSatisfy({ $0 == " " }) {
                result[index + 1] = String(repeating: " ", count: column) + result[index + 1][bar...]
            }
        }
        return result
    }
}
