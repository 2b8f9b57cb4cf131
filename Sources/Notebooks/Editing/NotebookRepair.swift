import Markdown

/// Repairs what `run` refuses, touching tool-owned lines only: conflicts that lie wholly inside outputs or the seal are resolved to our side
/// and marked stale; markers that fit nowhere are dropped, their payload stays as text. Prose and code are never changed.
package struct NotebookRepair: Sendable {
    package let bytes: [UInt8]
    /// Original lines of dropped markers, with their text.
    package let dropped: [Dropped]
    /// Original lines on which resolved conflicts began.
    package let resolvedConflicts: [Int]
    /// What only the user can mend.
    package let remaining: [NotebookDiagnostic]

    package struct Dropped: Sendable, Equatable {
        package let line: Int
        package let text: String
    }

    private struct Line {
        let number: Int
        var bytes: ArraySlice<UInt8>
        var isResolved = false
    }

    package init(_ bytes: [UInt8], file: String) {
        let text = SourceLines(bytes)
        var lines = (0..<text.count).map { Line(number: $0 + 1, bytes: bytes[text.fullRange($0 + 1)]) }
        resolvedConflicts = Self.resolveConflicts(&lines, in: text)
        var dropped: [Dropped] = []
        var remaining: [NotebookDiagnostic] = []
        while true {
            let joined = Self.join(lines)
            do throws(NotebookRefusal) {
                _ = try NotebookParser.parse(joined, file: file)
                remaining = []
                break
            } catch {
                let culprits = Self.droppable(error.diagnostics, in: SourceLines(joined))
                if culprits.isEmpty {
                    remaining = error.diagnostics.map {
                        NotebookDiagnostic(file: file, line: lines[$0.line - 1].number, column: $0.column, $0.problem)
                    }
                    break
                }
                for line in culprits.sorted(by: >) {
                    let removed = lines.remove(at: line - 1)
                    dropped.append(Dropped(line: removed.number, text: Self.shown(removed.bytes)))
                }
            }
        }
        Self.markStale(&lines)
        self.bytes = Self.join(lines)
        self.dropped = dropped.sorted { $0.line < $1.line }
        self.remaining = remaining
    }

    private static func join(_ lines: [Line]) -> [UInt8] { lines.reduce(into: []) { $0 += $1.bytes } }

    private static func shown(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self).trimmingCharacters { $0.isNewline }
    }

    /// Marker lines whose removal ends the reported damage.
    private static func droppable(_ problems: [NotebookDiagnostic], in text: SourceLines) -> Set<Int> {
        let scan = MarkerScan(text)
        var lines = Set(scan.strays)
        for seal in scan.seals.dropFirst() { lines.insert(seal.line) }
        guard lines.isEmpty else { return lines }
        for problem in problems {
            switch problem.problem {
            case .blockWithoutCell, .secondBlock:
                guard let region = scan.regions.first(where: { $0.lines.lowerBound == problem.line }) else { continue }
                lines.formUnion([region.lines.lowerBound, region.lines.upperBound])
            default: continue
            }
        }
        return lines
    }

    // MARK: Conflicts

    private static func resolveConflicts(_ lines: inout [Line], in text: SourceLines) -> [Int] {
        let hunks = ConflictScan.hunks(in: text)
        if hunks.isEmpty { return [] }
        let ours = side(hunks, of: text) { $0.start + 1..<($0.base ?? $0.middle) }
        let theirs = side(hunks, of: text) { $0.middle + 1..<$0.end }
        let oursOwned = ownedLines(ours.text)
        let theirsOwned = ownedLines(theirs.text)
        var removed: Set<Int> = []
        var resolved: [Int] = []
        for (index, hunk) in hunks.enumerated()
        where ours.spans[index].allSatisfy(oursOwned.contains) && theirs.spans[index].allSatisfy(theirsOwned.contains) {
            resolved.append(hunk.start)
            removed.insert(hunk.start)
            removed.formUnion((hunk.base ?? hunk.middle)...hunk.end)
            for line in hunk.start + 1..<(hunk.base ?? hunk.middle) { lines[line - 1].isResolved = true }
        }
        lines.removeAll { removed.contains($0.number) }
        return resolved
    }

    /// The text with one side of every conflict, and where each side's lines lie in it.
    private static func side(_ hunks: [ConflictScan.Hunk], of text: SourceLines, _ lines: (ConflictScan.Hunk) -> Range<Int>) -> (
        text: SourceLines, spans: [Range<Int>]
    ) {
        var bytes: [UInt8] = []
        var spans: [Range<Int>] = []
        var next = 1
        var count = 0
        func add(_ range: Range<Int>) {
            guard !range.isEmpty else { return }
            bytes += text.bytes[text.fullRange(range.lowerBound...range.upperBound - 1)]
            count += range.count
        }
        for hunk in hunks {
            add(next..<hunk.start)
            let chosen = lines(hunk)
            spans.append(count + 1..<count + 1 + chosen.count)
            add(chosen)
            next = hunk.end + 1
        }
        add(next..<text.count + 1)
        return (SourceLines(bytes), spans)
    }

    /// Lines of blocks, seals, and the blank lines between a block and its surroundings, which belong to nobody.
    private static func ownedLines(_ text: SourceLines) -> Set<Int> {
        let scan = MarkerScan(text)
        var owned = Set(scan.seals.map(\.line))
        for region in scan.regions { owned.formUnion(region.lines) }
        for line in stride(from: 1, through: text.count, by: 1) where text.isBlank(line) { owned.insert(line) }
        return owned
    }

    private static func markStale(_ lines: inout [Line]) {
        var open: Int?
        var isAffected = false
        for index in lines.indices {
            let line = lines[index].bytes
            guard Marker.isMarker(line) else {
                isAffected = isAffected || lines[index].isResolved
                continue
            }
            switch try? Marker.parse(shown(line)) {
            case .out:
                open = index
                isAffected = lines[index].isResolved
            case .end:
                if isAffected || lines[index].isResolved, let open { setStale(&lines[open]) }
                open = nil
                isAffected = false
            default: isAffected = isAffected || lines[index].isResolved
            }
        }
    }

    private static func setStale(_ line: inout Line) {
        let text = shown(line.bytes)
        guard case .out(var marker)? = try? Marker.parse(text) else { return }
        marker.isStale = true
        line.bytes = ArraySlice(Array(Marker.out(marker).text.utf8) + line.bytes.suffix(while: { $0 == Ascii.newline || $0 == Ascii.carriageReturn }))
    }
}

extension String {
    fileprivate func trimmingCharacters(_ isCut: (Character) -> Bool) -> String {
        var text = Substring(self)
        while let last = text.last, isCut(last) { text.removeLast() }
        return String(text)
    }
}

extension ArraySlice {
    fileprivate func suffix(while belongs: (Element) -> Bool) -> ArraySlice {
        var start = endIndex
        while start > startIndex, belongs(self[start - 1]) { start -= 1 }
        return self[start...]
    }
}
