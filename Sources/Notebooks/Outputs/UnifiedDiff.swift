/// A unified diff of two lists of lines with three lines of context.
package enum UnifiedDiff {
    private enum Step { case same(String), removed(String), added(String) }
    private static let context = 3
    /// Above this many cells the longest common subsequence is not sought: all old lines go, all new ones come.
    private static let maximumCells = 4_000_000

    /// Empty when the lines are equal. `firstLine` is the file's line of the first old line.
    package static func text(old: [String], new: [String], oldName: String, newName: String, firstLine: Int = 1) -> String {
        if old == new { return "" }
        let steps = steps(old, new)
        var text = "--- \(oldName)\n+++ \(newName)\n"
        let changed = steps.indices.filter { if case .same = steps[$0] { false } else { true } }
        var hunks: [Range<Int>] = []
        for index in changed {
            let range = max(0, index - context)..<min(steps.count, index + context + 1)
            if let last = hunks.last, last.upperBound >= range.lowerBound {
                hunks[hunks.count - 1] = last.lowerBound..<range.upperBound
            } else {
                hunks.append(range)
            }
        }
        for hunk in hunks { text += hunkText(steps, hunk, firstLine: firstLine) }
        return text
    }

    private static func hunkText(_ steps: [Step], _ hunk: Range<Int>, firstLine: Int) -> String {
        let before = steps[..<hunk.lowerBound]
        let oldStart = before.count { if case .added = $0 { false } else { true } }
        let newStart = before.count { if case .removed = $0 { false } else { true } }
        var body = ""
        var oldCount = 0
        var newCount = 0
        for step in steps[hunk] {
            switch step {
            case .same(let line):
                body += " \(line)\n"
                oldCount += 1
                newCount += 1
            case .removed(let line):
                body += "-\(line)\n"
                oldCount += 1
            case .added(let line):
                body += "+\(line)\n"
                newCount += 1
            }
        }
        func start(_ offset: Int, _ count: Int) -> Int { offset + firstLine - (count == 0 ? 1 : 0) }
        return "@@ -\(start(oldStart, oldCount)),\(oldCount) +\(start(newStart, newCount)),\(newCount) @@\n" + body
    }

    private static func steps(_ old: [String], _ new: [String]) -> [Step] {
        guard (old.count + 1) * (new.count + 1) <= maximumCells else { return old.map { .removed($0) } + new.map { .added($0) } }
        let width = new.count + 1
        var lengths = [Int32](repeating: 0, count: (old.count + 1) * width)
        for i in stride(from: old.count - 1, through: 0, by: -1) {
            for j in stride(from: new.count - 1, through: 0, by: -1) {
                lengths[i * width + j] =
                    old[i] == new[j] ? lengths[(i + 1) * width + j + 1] + 1 : max(lengths[(i + 1) * width + j], lengths[i * width + j + 1])
            }
        }
        var steps: [Step] = []
        var i = 0
        var j = 0
        while i < old.count || j < new.count {
            if i < old.count, j < new.count, old[i] == new[j] {
                steps.append(.same(old[i]))
                i += 1
                j += 1
            } else if j == new.count || (i < old.count && lengths[(i + 1) * width + j] >= lengths[i * width + j + 1]) {
                steps.append(.removed(old[i]))
                i += 1
            } else {
                steps.append(.added(new[j]))
                j += 1
            }
        }
        return steps
    }
}
