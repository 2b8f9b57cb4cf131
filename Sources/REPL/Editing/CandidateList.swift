/// Completions as rows below a cell: in columns when they are bare words, one a row when they are described.
package enum CandidateList {
    /// Rows that a list takes at most: what was on the screen should stay in view.
    private static let limit = 15

    /// - Parameters:
    ///   - selected: index of the candidate that is marked; the page that holds it is shown.
    ///   - height: rows there are; the last one tells how many candidates are not shown.
    package static func rows(
        _ candidates: [Completions.Candidate], selected: Int? = nil, width: Int, height: Int, isColoured: Bool
    ) -> [String] {
        let widest = candidates.map { CellLayout.columns(of: $0.text) }.max() ?? 0
        let isDescribed = self.isDescribed(candidates)
        let columns = isDescribed ? 1 : max(1, (width - 2) / (widest + 2))
        let room = max(1, min(height, isDescribed ? 2 * limit : limit))
        let isWhole = candidates.count <= room * columns
        let pageSize = (isWhole ? room : max(1, room - 1)) * columns
        let first = (selected ?? 0) / pageSize * pageSize
        let page = candidates[first..<min(first + pageSize, candidates.count)]
        let rowCount = isWhole ? (page.count + columns - 1) / columns : pageSize / columns
        var rows = (0..<rowCount).map { row in
            var text = "  "
            for index in stride(from: first + row, to: page.endIndex, by: rowCount) {
                text += cell(candidates[index], isSelected: index == selected, widest: widest, isColoured: isColoured)
                if isDescribed { text += note(candidates[index].note, room: width - widest - 5, isColoured: isColoured) }
            }
            while text.last == " " { text.removeLast() }
            return text
        }
        if !isWhole { rows.append(TextStyle.faint.applied(to: "  … \(candidates.count - page.count) more", isColoured: isColoured)) }
        return rows
    }

    /// Notes are shown where they tell the candidates apart.
    private static func isDescribed(_ candidates: [Completions.Candidate]) -> Bool {
        let notes = Set(candidates.map(\.note))
        return candidates.count <= 40 && (notes.count > 1 || notes.first.map { $0.count > 12 } ?? false)
    }

    private static func cell(_ candidate: Completions.Candidate, isSelected: Bool, widest: Int, isColoured: Bool) -> String {
        let text = isSelected ? (isColoured ? "\u{1B}[7m\(candidate.text)\u{1B}[0m" : "[\(candidate.text)]") : candidate.text
        let taken = CellLayout.columns(of: candidate.text) + (isSelected && !isColoured ? 2 : 0)
        return text + String(repeating: " ", count: max(0, widest + 2 - taken))
    }

    private static func note(_ note: String, room: Int, isColoured: Bool) -> String {
        guard room > 8, !note.isEmpty else { return "" }
        let cut = note.count > room ? note.prefix(room - 1) + "…" : note
        return TextStyle.faint.applied(to: cut, isColoured: isColoured)
    }
}
