/// Completions as a list below the cell: in columns when they are bare words, one a line when they are described.
enum CandidateList {
    private static let limit = 60

    static func text(_ candidates: [Completions.Candidate], width: Int, isColoured: Bool) -> String {
        let shown = candidates.prefix(limit)
        let rest = candidates.count - shown.count
        let more = rest > 0 ? TextStyle.faint.applied(to: "… \(rest) more", isColoured: isColoured) + "\n" : ""
        let widest = shown.map { CellLayout.columns(of: $0.text) }.max() ?? 0
        let notes = Set(shown.map(\.note))
        let isDescribed = notes.count > 1 || notes.first.map { $0.count > 12 } ?? false
        if isDescribed, shown.count <= 20 {
            let lines = shown.map { candidate in
                let padding = String(repeating: " ", count: widest - CellLayout.columns(of: candidate.text) + 2)
                return "  " + candidate.text + (candidate.note.isEmpty ? "" : padding + TextStyle.faint.applied(to: candidate.note, isColoured: isColoured))
            }
            return lines.joined(separator: "\n") + "\n" + more
        }
        let cell = widest + 2
        let columns = max(1, (width - 2) / cell)
        let height = (shown.count + columns - 1) / columns
        var lines: [String] = []
        for row in 0..<height {
            var line = "  "
            for column in 0..<columns where column * height + row < shown.count {
                let text = shown[shown.startIndex + column * height + row].text
                line += text + String(repeating: " ", count: cell - CellLayout.columns(of: text))
            }
            while line.last == " " { line.removeLast() }
            lines.append(line)
        }
        return lines.joined(separator: "\n") + "\n" + more
    }
}
