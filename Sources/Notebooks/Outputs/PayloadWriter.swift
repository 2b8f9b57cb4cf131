import Markdown

/// Writes typed outputs as the payload lines of a block.
///
/// Text stands in a fence one tick longer than its longest run of back-ticks. A blank line separates two outputs unless both are fences;
/// tables have a blank line on either side. Every line is escaped so that it can be no marker.
package enum PayloadWriter {
    package static func lines(_ items: [OutputItem]) -> [String] {
        var lines: [String] = []
        var previous: OutputItem?
        for item in items {
            if let previous, !(previous.isFenced && item.isFenced), lines.last?.isEmpty == false, !item.startsBlank { lines.append("") }
            append(item, to: &lines)
            previous = item
        }
        return lines
    }

    private static func append(_ item: OutputItem, to lines: inout [String]) {
        switch item {
        case .text(let role, let text):
            let fence = String(repeating: "`", count: max(3, longestRun(of: Ascii.backtick, in: text) + 1))
            lines.append(fence + role.info)
            for line in text { lines.append(MarkerEscape.escape(line)) }
            lines.append(fence)
        case .table(let table):
            if lines.last?.isEmpty != true { lines.append("") }
            lines += table.markdownLines
            lines.append("")
            if let note = hiddenRowsNote(table) {
                lines.append(note)
                lines.append("")
            }
        case .image(let image): lines.append("![\(LinkText.escape(image.alt))](\(LinkText.destination(image.path)))")
        case .markdown(let text): appendPart(.markdown, text, to: &lines)
        case .html(let text): appendPart(.html, text, to: &lines)
        case .elision(let count, let log): lines.append(elisionNote(count, log))
        case .unknown(let text): lines += text.map(MarkerEscape.escape)
        }
    }

    /// A blank line keeps the raw text from being read as part of the comment's HTML block.
    private static func appendPart(_ part: Marker.RawPart, _ text: [String], to lines: inout [String]) {
        lines.append(Marker.partStart(part).text)
        lines.append("")
        lines += text
        lines.append("")
        lines.append(Marker.partEnd.text)
    }

    package static func longestRun(of byte: UInt8, in lines: [String]) -> Int {
        var longest = 0
        for line in lines {
            var run = 0
            for current in line.utf8 {
                run = current == byte ? run + 1 : 0
                if run > longest { longest = run }
            }
        }
        return longest
    }

    private static func hiddenRowsNote(_ table: Table) -> String? {
        guard table.hiddenRows > 0 else { return nil }
        let start = "… \(grouped(table.hiddenRows)) more row\(table.hiddenRows == 1 ? "" : "s")"
        return start + (table.fullData.map { ", all in [\(LinkText.escape($0))](\(LinkText.destination($0)))" } ?? "")
    }

    private static func elisionNote(_ count: Int, _ log: String?) -> String {
        "… \(grouped(count)) line\(count == 1 ? "" : "s")" + (log.map { ", full log [\(LinkText.escape($0))](\(LinkText.destination($0)))" } ?? "")
    }

    /// `1 234 567`
    package static func grouped(_ number: Int) -> String {
        var text = ""
        for (index, digit) in String(number).reversed().enumerated() {
            if index > 0, index % 3 == 0 { text.append(" ") }
            text.append(digit)
        }
        return String(text.reversed())
    }
}

extension OutputItem {
    fileprivate var isFenced: Bool { if case .text = self { true } else { false } }
    fileprivate var startsBlank: Bool { if case .table = self { true } else { false } }
}

/// Link texts and destinations of assets; both read back exactly.
package enum LinkText {
    package static func escape(_ text: String) -> String {
        var result = ""
        for character in text {
            if character.isNewline {
                result += " "
            } else {
                if "\\[]`*_<&".contains(character) { result += "\\" }
                result.append(character)
            }
        }
        return result
    }

    /// Percent-encodes what would end or change a link destination.
    package static func destination(_ path: String) -> String {
        var result: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in path.utf8 {
            if byte <= 0x20 || byte == 0x7F || "%()<>\\\"`*_[]|&#?".utf8.contains(byte) && byte != UInt8(ascii: "_") {
                result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            } else {
                result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    package static func path(_ destination: String) -> String {
        var result: [UInt8] = []
        var bytes = Substring(destination).utf8
        while let byte = bytes.popFirst() {
            if byte == UInt8(ascii: "%"), bytes.count >= 2, let code = UInt8(String(decoding: bytes.prefix(2), as: UTF8.self), radix: 16) {
                result.append(code)
                bytes = bytes.dropFirst(2)
            } else {
                result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
