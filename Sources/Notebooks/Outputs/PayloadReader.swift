import Markdown

/// Reads payload lines back into typed outputs; the inverse of `PayloadWriter` on what it wrote. Lines that fit nothing become `unknown`,
/// so that a payload edited by hand still compares and converts.
package struct PayloadReader {
    private let lines: [String]
    private let assetFolder: String
    private var position = 0
    private var items: [OutputItem] = []

    /// `lines` are as stored, escapes included.
    package static func read(_ lines: [String], assetFolder: String) -> [OutputItem] {
        var reader = PayloadReader(lines: lines, assetFolder: assetFolder)
        reader.readAll()
        return reader.items
    }

    private init(lines: [String], assetFolder: String) {
        self.lines = lines
        self.assetFolder = assetFolder
    }

    private mutating func readAll() {
        while position < lines.count {
            if lines[position].isEmpty {
                position += 1
            } else if !readFence(), !readPart(), !readTable(), !readImage(), !readElision() {
                readUnknown()
            }
        }
    }

    private mutating func readFence() -> Bool {
        let first = lines[position]
        guard first.hasPrefix("```"), let fence = FenceLine(ArraySlice(first.utf8)),
            let role = OutputItem.TextRole.allCases.first(where: { $0.info == fence.info })
        else { return false }
        let close = String(repeating: "`", count: fence.length)
        guard let end = lines[(position + 1)...].firstIndex(of: close) else { return false }
        items.append(.text(role, lines[position + 1..<end].map(MarkerEscape.unescape)))
        position = end + 1
        return true
    }

    private mutating func readPart() -> Bool {
        // A line that is no marker simply starts no part.
        guard lines[position].hasPrefix(Marker.prefix), case .partStart(let part)? = try? Marker.parse(lines[position]),
            let end = lines[(position + 1)...].firstIndex(of: Marker.partEnd.text)
        else { return false }
        var body = lines[position + 1..<end]
        if body.first?.isEmpty == true { body = body.dropFirst() }
        if body.last?.isEmpty == true { body = body.dropLast() }
        items.append(part == .html ? .html(Array(body)) : .markdown(Array(body)))
        position = end + 1
        return true
    }

    private mutating func readTable() -> Bool {
        guard lines[position].hasPrefix("|"), let (found, count) = Table.read(lines[position...]) else { return false }
        var table = found
        position += count
        let note = lines[position...].drop { $0.isEmpty }
        if let line = note.first, let (hidden, path) = self.note(line, word: "more row", link: ", all in ") {
            table.hiddenRows = hidden
            table.fullData = path
            position = note.startIndex + 1
        }
        items.append(.table(table))
        return true
    }

    private mutating func readElision() -> Bool {
        guard let (count, path) = note(lines[position], word: "line", link: ", full log ") else { return false }
        items.append(.elision(lines: count, log: path))
        position += 1
        return true
    }

    /// `… 1 234 lines, full log [text](path)`
    private func note(_ line: String, word: String, link: String) -> (Int, String?)? {
        guard line.hasPrefix("… ") else { return nil }
        let rest = line.dropFirst(2)
        let digits = rest.prefix { $0.isNumber || $0 == " " }
        guard let count = Int(digits.replacing(" ", with: "")) else { return nil }
        var tail = rest.dropFirst(digits.count)
        guard tail.hasPrefix(word) else { return nil }
        tail = tail.dropFirst(word.count)
        if tail.hasPrefix("s") { tail = tail.dropFirst() }
        if tail.isEmpty { return (count, nil) }
        guard tail.hasPrefix(link + "["), tail.hasSuffix(")"), let split = tail.ranges(of: "](").last else { return nil }
        let path = LinkText.path(String(tail[split.upperBound...].dropLast()))
        return isAsset(path) ? (count, path) : nil
    }

    /// Only files directly in the notebook's own folder of assets are ever read for a payload.
    private func isAsset(_ path: String) -> Bool {
        guard path.hasPrefix(assetFolder + "/") else { return false }
        let name = path.dropFirst(assetFolder.count + 1)
        return !name.isEmpty && name != "." && name != ".." && !name.contains("/") && !name.contains("\0")
    }

    private mutating func readImage() -> Bool {
        let line = lines[position]
        guard line.hasPrefix("!["), line.hasSuffix(")"), let split = line.ranges(of: "](").last else { return false }
        let path = LinkText.path(String(line[split.upperBound...].dropLast()))
        guard isAsset(path) || path.hasPrefix("data:image/") else { return false }
        let alt = TableText.unescape(String(line[line.index(line.startIndex, offsetBy: 2)..<split.lowerBound]))
        items.append(.image(OutputItem.ImageReference(alt: alt, path: path)))
        position += 1
        return true
    }

    private mutating func readUnknown() {
        let line = MarkerEscape.unescape(lines[position])
        if case .unknown(let before)? = items.last {
            items[items.count - 1] = .unknown(before + [line])
        } else {
            items.append(.unknown([line]))
        }
        position += 1
    }
}
