/// The lines in which two texts differ, as `diff -u` shows them: `-` expected, `+` actual, two lines of context.
struct UnifiedDiff: CustomStringConvertible {
    private enum Line: Equatable {
        case same(String), expected(String), actual(String)
    }

    let description: String

    init(expected: String, actual: String, context: Int = 2) {
        let lines = Self.merge(Self.lines(of: expected), Self.lines(of: actual))
        let changed = lines.indices.filter { if case .same = lines[$0] { false } else { true } }
        var shown: [String] = []
        var last = -1
        for index in changed {
            let start = max(last + 1, index - context)
            if start > last + 1 || last < 0 { shown.append("@@ line \(Self.number(of: start, in: lines)) @@") }
            let stop = min(lines.count - 1, index + context)
            for position in start...max(start, stop) where position > last && position < lines.count {
                shown.append(Self.text(lines[position]))
            }
            last = max(last, stop)
        }
        description = shown.isEmpty ? "the texts differ only in Unicode normal form" : shown.joined(separator: "\n")
    }

    private static func lines(of text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    private static func text(_ line: Line) -> String {
        switch line {
        case .same(let text): " \(text)"
        case .expected(let text): "-\(text)"
        case .actual(let text): "+\(text)"
        }
    }

    /// The number, from 1, that a merged line has in the expected text.
    private static func number(of index: Int, in lines: [Line]) -> Int {
        1 + lines[..<index].count { if case .actual = $0 { false } else { true } }
    }

    private static func merge(_ expected: [String], _ actual: [String]) -> [Line] {
        let difference = actual.difference(from: expected)
        var removed: Set<Int> = []
        var inserted: Set<Int> = []
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        var lines: [Line] = []
        var (left, right) = (0, 0)
        while left < expected.count || right < actual.count {
            if left < expected.count && removed.contains(left) {
                lines.append(.expected(expected[left]))
                left += 1
            } else if right < actual.count && inserted.contains(right) {
                lines.append(.actual(actual[right]))
                right += 1
            } else {
                lines.append(.same(expected[left]))
                left += 1
                right += 1
            }
        }
        return lines
    }
}
