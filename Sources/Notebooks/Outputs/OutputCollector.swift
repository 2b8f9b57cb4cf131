/// Which of a program's two text streams.
package enum OutputStream: UInt8, Sendable, Equatable {
    case stdout = 0
    case stderr = 1

    var role: OutputItem.TextRole { self == .stdout ? .stdout : .stderr }
}

/// How much of a cell's output is stored in the notebook.
package struct OutputLimits: Sendable, Equatable {
    package var lines = 200
    package var bytes = 32 * 1024
    package var displays = 100
    /// Bytes of the full log kept as an asset.
    package var logBytes = 16 << 20

    package init() {}
}

/// Gathers one cell's outputs in the order they came, in memory bounded by the limits however much is printed.
///
/// While all fits, every line is kept. Once it does not, the first half of the limit stays as the head, the last half as the tail, lines
/// between are counted, and every line goes to the log. A line stands where its first character was written, so a progress bar on stderr stays
/// one line though stdout prints meanwhile.
package final class OutputCollector {
    private final class Line {
        let role: OutputItem.TextRole
        /// Lines of different groups never share a fence.
        let group: Int
        var text = ""
        var bytes = 0
        var place = Place.head
        /// Written to and wiped again, as a progress bar that leaves nothing.
        var isVoid = false

        init(role: OutputItem.TextRole, group: Int) {
            self.role = role
            self.group = group
        }
    }

    private enum Place { case head, tail, dropped }
    /// An output that is one item; an update may change it.
    private final class Shown {
        var item: OutputItem
        init(_ item: OutputItem) { self.item = item }
    }

    private enum Entry { case line(Line), display(Shown) }

    private let limits: OutputLimits
    private let log: (([UInt8]) -> Void)?
    private var head: [Entry] = []
    private var headLines = 0
    private var headBytes = 0
    private var tail: [Entry] = []
    private var tailStart = 0
    private var tailLines = 0
    private var tailBytes = 0
    private var middle: [Entry] = []
    private var hasOverflowed = false
    private var elided = 0
    private var loggedBytes = 0
    private var displayCount = 0
    private var droppedDisplays = 0
    private var groupCount = 0
    private var assemblers: [LineAssembler] = [LineAssembler(), LineAssembler()]
    private var openLines: [Line?] = [nil, nil]
    private var identified: [String: [Shown]] = [:]

    /// `log` takes the bytes of the full log, from the first line on, once output exceeds the limits.
    package init(limits: OutputLimits, log: (([UInt8]) -> Void)? = nil) {
        self.limits = limits
        self.log = log
    }

    package var isEmpty: Bool { head.isEmpty && tail.isEmpty }
    package var exceedsLimits: Bool { hasOverflowed }

    package func write(_ text: String, to stream: OutputStream) {
        let index = Int(stream.rawValue)
        assemblers[index].feed(text) { finished in
            let line = openLines[index] ?? begin(stream.role, group: 0)
            openLines[index] = nil
            line.isVoid = false
            close(line, finished)
        }
        if assemblers[index].isOpen, openLines[index] == nil { openLines[index] = begin(stream.role, group: 0) }
    }

    /// Adds an output; an update replaces the outputs of the same identity where they stand, if there are any.
    package func add(_ resolved: DisplayResolver.Resolved, identity: String? = nil, isUpdate: Bool = false) {
        switch resolved {
        case .text(let role, let text):
            guard let identity, case let lines = LineAssembler.lines(of: text), lines.count <= limits.lines, text.utf8.count <= limits.bytes else {
                return addText(role, text)
            }
            show(.text(role, lines), identity, isUpdate)
        case .item(let item): show(item, identity, isUpdate)
        }
    }

    private func show(_ item: OutputItem, _ identity: String?, _ isUpdate: Bool) {
        if isUpdate, let identity, let present = identified[identity] {
            for shown in present { shown.item = item }
            return
        }
        displayCount += 1
        guard displayCount <= limits.displays else {
            droppedDisplays += 1
            return
        }
        let shown = Shown(item)
        if let identity { identified[identity, default: []].append(shown) }
        if hasOverflowed { tail.append(.display(shown)) } else { head.append(.display(shown)) }
    }

    /// A text that is one output: a result, a traceback.
    package func addText(_ role: OutputItem.TextRole, _ text: String) {
        groupCount += 1
        for line in LineAssembler.lines(of: text) { close(begin(role, group: groupCount), line) }
    }

    /// Closes unfinished lines; to be called once, when the cell has ended.
    package func finish() {
        for index in assemblers.indices {
            if let line = openLines[index] {
                close(line, assemblers[index].current)
                line.isVoid = line.text.isEmpty
            }
            openLines[index] = nil
            assemblers[index] = LineAssembler()
        }
        if droppedDisplays > 0 {
            addText(.display, "… \(PayloadWriter.grouped(droppedDisplays)) more outputs not kept")
            droppedDisplays = 0
        }
    }

    // MARK: Lines

    private func begin(_ role: OutputItem.TextRole, group: Int) -> Line {
        let line = Line(role: role, group: group)
        if hasOverflowed {
            line.place = .tail
            tail.append(.line(line))
            tailLines += 1
            trimTail()
        } else {
            head.append(.line(line))
            headLines += 1
            if headLines > limits.lines { overflow() }
        }
        return line
    }

    private func close(_ line: Line, _ text: String) {
        line.text = text
        line.bytes = text.utf8.count + 1
        if hasOverflowed { appendToLog(text) }
        switch line.place {
        case .head:
            headBytes += line.bytes
            if !hasOverflowed, headBytes > limits.bytes { overflow() }
        case .tail:
            tailBytes += line.bytes
            trimTail()
        case .dropped: break
        }
    }

    /// Splits what is kept into head and tail. Lines that are still open reach the log when they close.
    private func overflow() {
        hasOverflowed = true
        for case .line(let line) in head where line.bytes > 0 { appendToLog(line.text) }
        var lines = 0
        var bytes = 0
        let split = head.firstIndex { entry in
            guard case .line(let line) = entry else { return false }
            lines += 1
            bytes += line.bytes
            return lines > limits.lines / 2 || bytes > limits.bytes / 2
        }
        guard let split else { return }
        tail = Array(head[split...])
        head.removeSubrange(split...)
        for case .line(let line) in tail {
            line.place = .tail
            tailLines += 1
            tailBytes += line.bytes
        }
        trimTail()
    }

    private func trimTail() {
        while tailLines > limits.lines - limits.lines / 2 || tailBytes > limits.bytes / 2, tailLines > 0, tailStart < tail.count {
            if case .line(let line) = tail[tailStart] {
                line.place = .dropped
                tailLines -= 1
                tailBytes -= line.bytes
                elided += 1
            } else {
                middle.append(tail[tailStart])
            }
            tailStart += 1
        }
        if tailStart > 1024, tailStart > tail.count / 2 {
            tail.removeSubrange(..<tailStart)
            tailStart = 0
        }
    }

    private func appendToLog(_ text: String) {
        guard let log, loggedBytes < limits.logBytes else { return }
        loggedBytes += text.utf8.count + 1
        log(Array(text.utf8) + [0x0A])
        if loggedBytes >= limits.logBytes { log(Array("… the log ends here: output beyond \(limits.logBytes >> 20) MB is not kept\n".utf8)) }
    }

    // MARK: Items

    /// What is stored now, open lines as they stand. `logPath` names the log's asset.
    package func items(logPath: String?) -> [OutputItem] {
        for index in assemblers.indices {
            guard let line = openLines[index] else { continue }
            line.text = assemblers[index].current
            line.isVoid = line.text.isEmpty
        }
        var items: [OutputItem] = []
        Self.append(head[...], to: &items)
        if elided > 0 { items.append(.elision(lines: elided, log: logPath)) }
        Self.append(middle[...], to: &items)
        Self.append(tail[tailStart...], to: &items)
        return items
    }

    private static func append(_ entries: ArraySlice<Entry>, to items: inout [OutputItem]) {
        var run: (role: OutputItem.TextRole, group: Int, lines: [String])?
        func flush() {
            if let run { items.append(.text(run.role, run.lines)) }
            run = nil
        }
        for entry in entries {
            switch entry {
            case .display(let shown):
                flush()
                items.append(shown.item)
            case .line(let line):
                if line.isVoid { continue }
                if run?.role != line.role || run?.group != line.group {
                    flush()
                    run = (line.role, line.group, [])
                }
                run?.lines.append(line.text)
            }
        }
        flush()
    }
}
