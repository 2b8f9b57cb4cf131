/// Completions shown below a cell while one of them is chosen. Any change of the text but its own closes it.
struct CompletionMenu {
    let candidates: [Completions.Candidate]
    /// UTF-8 offset where a candidate goes.
    let start: Int
    private(set) var selected: Int?
    private var text: String
    private var point: Int

    init(_ found: Completions, text: String, point: Int) {
        candidates = found.candidates
        start = found.start
        self.text = text
        self.point = point
    }

    var selectedText: String? { selected.map { candidates[$0].text } }

    /// Whether nothing was typed since.
    func isCurrent(_ text: String, _ point: Int) -> Bool { self.text == text && self.point == point }

    mutating func select(forward: Bool) {
        let count = candidates.count
        selected = selected.map { ($0 + (forward ? 1 : count - 1)) % count } ?? (forward ? 0 : count - 1)
    }

    /// Takes note of the text after a candidate was put in.
    mutating func follow(_ text: String, _ point: Int) {
        self.text = text
        self.point = point
    }
}
