import Markdown

/// Reads a notebook's text. The order is that of rule 4 in Notebook.swift: markers, front matter, masked Markdown, cells, blocks.
package struct NotebookParser {
    private let file: String
    private let text: SourceLines
    private let markers: MarkerScan
    private var damage: [NotebookDiagnostic] = []
    private var content: [NotebookDiagnostic] = []

    /// Complexity: linear in the text. Throws when the tool-owned parts are damaged; content problems stay in the result.
    package static func parse(_ bytes: [UInt8], file: String) throws(NotebookRefusal) -> Notebook {
        var parser = NotebookParser(SourceLines(bytes), file: file)
        return try parser.parse()
    }

    private init(_ text: SourceLines, file: String) {
        self.file = file
        self.text = text
        markers = MarkerScan(text)
    }

    private mutating func parse() throws(NotebookRefusal) -> Notebook {
        for (line, problem) in markers.damage { report(line, problem) }
        let found = FrontMatter.find(in: text, firstMarker: markers.firstMarker)
        if found.isUnclosed { report(1, .frontMatterNeverClosed) }
        for line in ConflictScan.unresolved(in: text) { report(line, .conflictMarker) }

        let tree = MarkdownTree(parsing: masked(frontMatter: found.lines))
        let frontMatter = found.lines.map { FrontMatter.read($0, of: text, file: file, into: &content) } ?? .empty
        var cells = readFences(of: tree, defaults: frontMatter.defaults)
        attachBlocks(to: &cells)
        checkLabels(cells)
        if !damage.isEmpty { throw NotebookRefusal(damage) }
        return Notebook(
            file: file, text: text, frontMatter: frontMatter, cells: cells, seal: markers.seals.first?.seal,
            sealLine: markers.seals.first?.line, cellBreaks: markers.cellBreaks, contentProblems: content)
    }

    private mutating func report(_ line: Int, _ problem: NotebookProblem) {
        damage.append(NotebookDiagnostic(file: file, line: line, problem))
    }

    /// The text with every tool-owned line and the front matter emptied, lines kept in number.
    private func masked(frontMatter: ClosedRange<Int>?) -> [UInt8] {
        var spans = markers.regions.map(\.lines) + markers.strays.map { $0...$0 } + markers.seals.map { $0.line...$0.line }
        if let frontMatter { spans.append(frontMatter) }
        if spans.isEmpty { return text.bytes }
        spans.sort { $0.lowerBound < $1.lowerBound }
        var result: [UInt8] = []
        result.reserveCapacity(text.bytes.count)
        var next = 1
        for span in spans where span.upperBound >= next {
            let first = max(span.lowerBound, next)
            if first > next { result += text.bytes[text.fullRange(next...first - 1)] }
            result += repeatElement(Ascii.newline, count: span.upperBound - first + 1)
            next = span.upperBound + 1
        }
        if next <= text.count { result += text.bytes[text.fullRange(next...text.count)] }
        return result
    }

    // MARK: Cells

    private mutating func readFences(of tree: MarkdownTree, defaults: [CellOption: ScalarValue]) -> [Cell] {
        let markerLines =
            (markers.regions.flatMap { [$0.lines.lowerBound, $0.lines.upperBound] } + markers.strays + markers.seals.map(\.line)
            + markers.cellBreaks).sorted()
        var nextMarker = 0
        var cells: [Cell] = []
        for index in tree.topLevel {
            guard case .codeBlock(let info, _, let fence?) = tree[index].kind else { continue }
            let open = tree[index].range.startLine
            let last = min(max(tree[index].range.endLine, open), text.count)
            let form = Cell.form(ofInfo: info)
            while nextMarker < markerLines.count, markerLines[nextMarker] < open { nextMarker += 1 }
            if nextMarker < markerLines.count, markerLines[nextMarker] <= last {
                report(markerLines[nextMarker], .markerInsideFence(fenceLine: open))
            }
            for line in open + 1..<max(last, open + 1) where opensCell(line, within: fence) {
                report(line, .fenceSwallowsCell(fenceLine: open, isCell: form != nil))
            }
            guard last > open, FenceLine(text[last])?.closes(fence) == true else {
                report(open, .fenceNeverClosed(isCell: form != nil))
                continue
            }
            if let form { cells.append(readCell(cells.count, form, fence, open: open, close: last, defaults: defaults)) }
        }
        return cells
    }

    /// Whether a line inside a fence would open a cell if the fence were not there.
    private func opensCell(_ line: Int, within fence: MarkdownNode.Fence) -> Bool {
        guard let inner = FenceLine(text[line]), inner.character == fence.character, inner.length >= fence.length else { return false }
        return Cell.form(ofInfo: inner.info) != nil
    }

    private mutating func readCell(
        _ index: Int, _ form: Cell.Form, _ fence: MarkdownNode.Fence, open: Int, close: Int, defaults: [CellOption: ScalarValue]
    ) -> Cell {
        var lines: [String] = []
        for line in open + 1..<close {
            if String(validating: text[line], as: UTF8.self) == nil { report(line, .sourceNotUTF8) }
            lines.append(text.text(line))
        }
        let dedented = Dedent(lines, fenceIndent: fence.indent)
        var options = CellOptions(defaults: defaults)
        let optionCount = dedented.lines.prefix { $0.hasPrefix("#|") }.count
        for offset in 0..<optionCount { readOption(dedented, offset, line: open + 1 + offset, into: &options) }
        return Cell(
            index: index, openLine: open, closeLine: close, form: form, fence: fence, source: dedented.lines.joined(separator: "\n"),
            cutColumns: dedented.cuts.allSatisfy { $0 == 0 } ? [] : dedented.cuts, optionLineCount: optionCount, options: options)
    }

    private mutating func readOption(_ source: Dedent, _ offset: Int, line: Int, into options: inout CellOptions) {
        let text = source.lines[offset]
        let cut = source.cuts[offset]
        func problem(_ column: Int, _ problem: NotebookProblem) {
            content.append(NotebookDiagnostic(file: file, line: line, column: column + cut + 1, problem))
        }
        let body = text.dropFirst(2)
        let keyStart = body.firstIndex { $0 != " " && $0 != "\t" } ?? body.endIndex
        let keyColumn = text.distance(from: text.startIndex, to: keyStart)
        guard let colon = body.firstIndex(of: ":"), colon > keyStart else { return problem(keyColumn, .malformedOption(text)) }
        let key = String(body[keyStart..<colon]).trimmingBlanks()
        guard let option = CellOption(rawValue: key) else {
            return problem(keyColumn, .unknownOption(key, suggestion: nearestMatch(to: key, among: CellOption.allCases.map(\.rawValue))))
        }
        let valueStart = body.index(after: colon)
        do {
            let value = try option.accept(try FlowReader.read(String(body[valueStart...])))
            if !options.set(option, value) { problem(keyColumn, .repeatedOption(key)) }
        } catch let failure as FlowReader.Failure {
            let column = text.distance(from: text.startIndex, to: valueStart) + failure.offset
            problem(column, .optionValue(key: key, expected: "a value (\(failure.message))", given: String(body[valueStart...]).trimmingBlanks()))
        } catch let wrong as NotebookProblem {
            problem(keyColumn, wrong)
        } catch {
            preconditionFailure("an option's value fails only in the two ways above: \(error)")
        }
    }

    // MARK: Blocks

    private mutating func attachBlocks(to cells: inout [Cell]) {
        var owner = -1
        for region in markers.regions {
            while owner + 1 < cells.count, cells[owner + 1].openLine < region.lines.lowerBound { owner += 1 }
            guard owner >= 0 else {
                report(region.lines.lowerBound, .blockWithoutCell)
                continue
            }
            if cells[owner].block != nil, cells[owner].block.map({ isBlank(after: $0.lines.upperBound, before: region.lines.lowerBound) }) == true {
                report(region.lines.lowerBound, .secondBlock(cellLine: cells[owner].openLine))
            } else if cells[owner].block != nil || !isBlank(after: cells[owner].closeLine, before: region.lines.lowerBound) {
                report(region.lines.lowerBound, .blockWithoutCell)
            } else {
                cells[owner].block = OutputBlock(lines: region.lines, marker: region.marker, sum: region.sum)
            }
        }
    }

    private func isBlank(after line: Int, before end: Int) -> Bool {
        line < end && (line + 1..<end).allSatisfy { text.isBlank($0) }
    }

    private mutating func checkLabels(_ cells: [Cell]) {
        var lines: [String: Int] = [:]
        for cell in cells {
            guard let label = cell.label else { continue }
            if let first = lines[label] {
                content.append(NotebookDiagnostic(file: file, line: cell.openLine, .repeatedLabel(label, firstLine: first)))
            } else {
                lines[label] = cell.openLine
            }
        }
    }
}

/// A line that could open or close a code fence: up to three blanks, then three or more back-ticks or tildes.
package struct FenceLine {
    package let character: UInt8
    package let length: Int
    package let info: String

    package init?(_ line: ArraySlice<UInt8>) {
        let blanks = line.prefix { $0 == Ascii.space }
        let rest = line.dropFirst(blanks.count)
        guard blanks.count <= 3, let first = rest.first, first == Ascii.backtick || first == Ascii.tilde else { return nil }
        let run = rest.prefix { $0 == first }
        guard run.count >= 3 else { return nil }
        let tail = rest.dropFirst(run.count)
        if first == Ascii.backtick, tail.contains(Ascii.backtick) { return nil }
        character = first
        length = run.count
        info = String(decoding: tail, as: UTF8.self).trimmingBlanks()
    }

    package func closes(_ fence: MarkdownNode.Fence) -> Bool {
        character == fence.character && length >= fence.length && info.isEmpty
    }
}

/// Source lines freed from the fence's own indent and from the blanks all of them share.
private struct Dedent {
    private(set) var lines: [String]
    private(set) var cuts: [Int]

    init(_ raw: [String], fenceIndent: Int) {
        lines = raw
        cuts = Array(repeating: 0, count: raw.count)
        if fenceIndent > 0 {
            for index in raw.indices { cut(index, raw[index].utf8.prefix(fenceIndent).prefix { $0 == Ascii.space }.count) }
        }
        var common: String?
        for line in lines {
            let blanks = line.prefix { $0 == " " || $0 == "\t" }
            if blanks.count == line.count { continue }
            if blanks.isEmpty { return }
            common = common.map { $0.commonPrefix(with: blanks) } ?? String(blanks)
        }
        guard let common, !common.isEmpty else { return }
        for index in lines.indices { cut(index, min(common.count, lines[index].prefix { $0 == " " || $0 == "\t" }.count)) }
    }

    private mutating func cut(_ index: Int, _ count: Int) {
        guard count > 0 else { return }
        lines[index] = String(lines[index].dropFirst(count))
        cuts[index] += count
    }
}

extension String {
    fileprivate func commonPrefix(with other: Substring) -> String {
        String(zip(self, other).prefix { $0 == $1 }.map { $0.0 })
    }
}
