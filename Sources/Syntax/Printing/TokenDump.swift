import Diagnostics

/// The dump behind `--emit=tokens`: one token per line, `line:column-line:column kind text`.
package enum TokenDump {
    package static func dump(_ source: SourceText) -> String {
        var lexer = Lexer(source)
        lexer.run()
        var text = ""
        for token in lexer.tokens {
            let place = "\(self.place(token.start, source))-\(self.place(token.end, source))"
            text += "\(place) \(token.kind)"
            switch token.kind {
            case .name, .number, .unknown, .string: text += " " + StringText.quoted(source.text(of: token.range))
            case .error: text += " " + (lexer.failure?.problem.message ?? "")
            default: break
            }
            text += "\n"
        }
        return text
    }

    private static func place(_ offset: Int32, _ source: SourceText) -> String {
        "\(source.line(of: offset)):\(source.byteColumn(of: offset))"
    }
}
