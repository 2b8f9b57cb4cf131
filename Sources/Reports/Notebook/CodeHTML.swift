import Diagnostics
import Syntax

/// Source text as HTML, coloured at build time by the language's own lexer.
enum CodeHTML {
    static func highlighted(_ source: String) -> String {
        let text = SourceText(name: "", text: source)
        var html = ""
        html.reserveCapacity(source.utf8.count * 2)
        for token in tokens(of: text) {
            let piece = HTML.content(String(decoding: text.bytes[Int(token.range.start)..<Int(token.range.end)], as: UTF8.self))
            switch token.kind {
            case .keyword: html += "<i class=k>\(piece)</i>"
            case .string: html += "<i class=s>\(piece)</i>"
            case .number: html += "<i class=n>\(piece)</i>"
            case .comment: html += "<i class=c>\(piece)</i>"
            case .definition: html += "<i class=d>\(piece)</i>"
            case .name, .operator, .whitespace, .error: html += piece
            }
        }
        return html
    }

    /// A traceback: its first line and its carets stand out.
    static func traceback(_ lines: [String]) -> String {
        lines.enumerated().map { index, line in
            let content = line.drop { $0 == " " || $0 == "|" }
            if index == 0 { return "<span class=\"first\">\(HTML.content(line))</span>" }
            if !content.isEmpty, content.allSatisfy({ $0 == "^" || $0 == "~" || $0 == " " }) {
                return HTML.content(line.prefix(line.count - content.count)) + "<span class=\"caret\">\(content)</span>"
            }
            return HTML.content(line)
        }.joined(separator: "\n")
    }
}
