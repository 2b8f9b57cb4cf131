import Markdown

/// The marker lines of a text, paired into blocks, found without parsing Markdown.
package struct MarkerScan: Sendable {
    package struct Region: Sendable, Equatable {
        package let lines: ClosedRange<Int>
        package let marker: OutMarker
        package let sum: String?
    }

    /// Blocks whose two markers match.
    package private(set) var regions: [Region] = []
    package private(set) var seals: [(line: Int, seal: Seal)] = []
    package private(set) var cellBreaks: [Int] = []
    package private(set) var damage: [(line: Int, problem: NotebookProblem)] = []
    /// Marker lines that belong to no matched block, seal or cell break.
    package private(set) var strays: [Int] = []
    package private(set) var firstMarker: Int?

    private var open: (line: Int, marker: OutMarker)?

    package init(_ text: SourceLines) {
        for line in stride(from: 1, through: text.count, by: 1) where Marker.isMarker(text[line]) {
            if firstMarker == nil { firstMarker = line }
            do {
                add(try Marker.parse(text.text(line)), at: line)
            } catch {
                report(line, error)
                strays.append(line)
            }
        }
        if let open { abandon(open.line, .blockNeverEnded) }
    }

    private mutating func report(_ line: Int, _ problem: NotebookProblem) { damage.append((line, problem)) }

    private mutating func abandon(_ line: Int, _ problem: NotebookProblem) {
        report(line, problem)
        strays.append(line)
        open = nil
    }

    private mutating func add(_ marker: Marker, at line: Int) {
        switch marker {
        case .out(let out):
            if let open {
                abandon(open.line, .blockNeverEnded)
                report(line, .blockInsideBlock(openedAt: open.line))
            }
            open = (line, out)
        case .end(let sum):
            guard let opened = open else {
                report(line, .endWithoutBlock)
                strays.append(line)
                return
            }
            regions.append(Region(lines: opened.line...line, marker: opened.marker, sum: sum))
            open = nil
        case .partStart, .partEnd:
            // A payload edited by hand may hold these in disorder: its sum tells. Outside a block they mean nothing.
            if open == nil {
                report(line, .malformedMarker(marker.text))
                strays.append(line)
            }
        case .seal(let seal):
            if let open {
                report(line, .sealInsideBlock(openedAt: open.line))
                abandon(open.line, .blockNeverEnded)
            }
            if let first = seals.first { report(line, .secondSeal(firstLine: first.line)) }
            seals.append((line, seal))
        case .cellBreak:
            if let open { abandon(open.line, .blockNeverEnded) }
            cellBreaks.append(line)
        }
    }
}
