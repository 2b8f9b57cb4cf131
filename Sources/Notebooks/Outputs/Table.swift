import Markdown

/// A table as an evaluator hands it over and as a block stores it.
package struct Table: Sendable, Equatable {
    package var header: [String]
    package var alignments: [MarkdownNode.Alignment]
    /// Each row has as many cells as the header.
    package var rows: [[String]]
    /// Rows that exist but are not in `rows`.
    package var hiddenRows: Int
    /// The asset with all rows as CSV, relative to the notebook's folder.
    package var fullData: String?

    /// Rows a block shows at most.
    package static let maximumRows = 20

    /// Rows are cut or padded to the header's width.
    package init(
        header: [String], alignments: [MarkdownNode.Alignment] = [], rows: [[String]], hiddenRows: Int = 0, fullData: String? = nil
    ) {
        self.header = header
        self.alignments = header.indices.map { $0 < alignments.count ? alignments[$0] : .none }
        self.rows = rows.map { row in header.indices.map { $0 < row.count ? row[$0] : "" } }
        self.hiddenRows = hiddenRows
        self.fullData = fullData
    }

    /// RFC 4180 text of header and rows.
    package var csv: String {
        var text = ""
        for row in [header] + rows { text += row.map(Self.csvField).joined(separator: ",") + "\n" }
        return text
    }

    private static func csvField(_ field: String) -> String {
        guard field.unicodeScalars.contains(where: { "\",\n\r".unicodeScalars.contains($0) }) else { return field }
        return "\"" + field.replacing("\"", with: "\"\"") + "\""
    }

    /// The pipe table's lines, columns padded to one width where they are short.
    package var markdownLines: [String] {
        let cells = ([header] + rows).map { $0.map(TableText.escape) }
        let widths = header.indices.map { column in
            min(max(3, cells.map { TableText.width($0[column]) }.max() ?? 3), TableText.maximumPadding)
        }
        var lines = cells.map { row in
            "| " + header.indices.map { pad(row[$0], to: widths[$0], alignments[$0]) }.joined(separator: " | ") + " |"
        }
        let rule = header.indices.map { column in
            let dashes = String(repeating: "-", count: widths[column])
            switch alignments[column] {
            case .none: return "-\(dashes)-"
            case .left: return ":\(dashes)-"
            case .right: return "-\(dashes):"
            case .center: return ":\(dashes):"
            }
        }
        lines.insert("|" + rule.joined(separator: "|") + "|", at: 1)
        return lines
    }

    private func pad(_ text: String, to width: Int, _ alignment: MarkdownNode.Alignment) -> String {
        let missing = max(0, width - TableText.width(text))
        switch alignment {
        case .right: return String(repeating: " ", count: missing) + text
        case .center: return String(repeating: " ", count: missing / 2) + text + String(repeating: " ", count: missing - missing / 2)
        case .none, .left: return text + String(repeating: " ", count: missing)
        }
    }

    /// Reads the pipe table that starts at `lines.first`; nil when those lines are none. `count` is the lines used.
    package static func read(_ lines: ArraySlice<String>) -> (table: Table, count: Int)? {
        let body = lines.prefix { $0.hasPrefix("|") && $0.hasSuffix("|") && $0.count >= 2 }
        guard body.count >= 2, let header = body.first, let alignments = alignments(body[body.startIndex + 1]) else { return nil }
        let names = TableText.cells(header)
        guard names.count == alignments.count else { return nil }
        let rows = body.dropFirst(2).map(TableText.cells)
        return (Table(header: names, alignments: alignments, rows: rows), body.count)
    }

    private static func alignments(_ rule: String) -> [MarkdownNode.Alignment]? {
        var result: [MarkdownNode.Alignment] = []
        for part in rule.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false) {
            let dashes = String(part).trimmingBlanks()
            let inner = dashes.drop { $0 == ":" }.prefix { $0 == "-" }
            guard !inner.isEmpty, dashes.allSatisfy({ $0 == "-" || $0 == ":" }), dashes.count <= inner.count + 2 else { return nil }
            switch (dashes.hasPrefix(":"), dashes.hasSuffix(":")) {
            case (true, true): result.append(.center)
            case (true, false): result.append(.left)
            case (false, true): result.append(.right)
            case (false, false): result.append(.none)
            }
        }
        return result
    }
}

/// How text stands in a cell of a pipe table: markup characters escaped, line ends as `<br>`.
package enum TableText {
    static let maximumPadding = 60
    private static let lineBreak = "<br>"

    /// Only what would be read as markup is escaped; `_` inside a word is not.
    package static func escape(_ text: String) -> String {
        let characters = Array(text.trimmingBlanks())
        var result = ""
        for (index, character) in characters.enumerated() {
            switch character {
            case "\\", "`", "*", "[", "]", "<", "|", "~", "&", "$": result += "\\" + String(character)
            case "_":
                let isInside = index > 0 && index + 1 < characters.count && isWord(characters[index - 1]) && isWord(characters[index + 1])
                result += isInside ? "_" : "\\_"
            case "\n", "\r\n", "\r": result += lineBreak
            default: result.append(character)
            }
        }
        return result
    }

    private static func isWord(_ character: Character) -> Bool { character.isLetter || character.isNumber }

    package static func unescape(_ text: String) -> String {
        var result = ""
        var characters = Substring(text)
        while let character = characters.first {
            if characters.hasPrefix(lineBreak) {
                result += "\n"
                characters = characters.dropFirst(lineBreak.count)
            } else if character == "\\", let next = characters.dropFirst().first, next.asciiValue.map(Ascii.isPunctuation) == true {
                result.append(next)
                characters = characters.dropFirst(2)
            } else {
                result.append(character)
                characters = characters.dropFirst()
            }
        }
        return result
    }

    /// The cells of a row line that starts and ends with `|`.
    static func cells(_ line: String) -> [String] { sources(line).map(unescape) }

    /// Whether the cells of a row line are text alone: no code, emphasis, links or other markup.
    static func isPlain(_ line: String) -> Bool { sources(line).allSatisfy { escape(unescape($0)) == $0 } }

    /// The cells as they are written.
    private static func sources(_ line: String) -> [String] {
        var cells: [String] = []
        var cell = ""
        var isEscaped = false
        for character in line.dropFirst() {
            if character == "|", !isEscaped {
                cells.append(cell.trimmingBlanks())
                cell = ""
            } else {
                cell.append(character)
            }
            isEscaped = character == "\\" && !isEscaped
        }
        return cells
    }

    /// Columns in a fixed-width font: wide East Asian characters and emoji take two.
    package static func width(_ text: String) -> Int {
        text.reduce(0) { $0 + (isWide($1) ? 2 : 1) }
    }

    private static func isWide(_ character: Character) -> Bool {
        guard let code = character.unicodeScalars.first?.value, code >= 0x1100 else { return false }
        return (0x1100...0x115F).contains(code) || (0x2E80...0xA4CF).contains(code) || (0xAC00...0xD7A3).contains(code)
            || (0xF900...0xFAFF).contains(code) || (0xFE30...0xFE6F).contains(code) || (0xFF00...0xFF60).contains(code)
            || (0x1F300...0x1FAFF).contains(code) || (0x20000...0x3FFFD).contains(code)
    }
}
