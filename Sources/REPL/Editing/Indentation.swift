/// What Enter and Backspace do to indentation.
package enum Indentation {
    package static let width = 4

    /// The indentation of the line that Enter begins after `text`.
    package static func next(after text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let line = lines.last else { return "" }
        let indent = line.prefix { $0 == " " || $0 == "\t" }
        let statement = code(of: line.dropFirst(indent.count))
        if statement.hasSuffix(":") || statement.hasSuffix("(") || statement.hasSuffix("[") || statement.hasSuffix("{") {
            return indent + String(repeating: " ", count: width)
        }
        let word = statement.prefix { $0.isLetter }
        if ["return", "pass", "break", "continue", "raise"].contains(word),
            statement.count == word.count || statement.dropFirst(word.count).first == " "
        {
            return String(indent.dropLast(min(width, indent.count)))
        }
        return String(indent)
    }

    /// Blanks that Backspace removes at `text`'s end: back to the previous stop in the indentation, one anywhere else.
    package static func removal(before text: String) -> Int {
        let line = text.split(separator: "\n", omittingEmptySubsequences: false).last.map(String.init) ?? ""
        guard !line.isEmpty, line.allSatisfy({ $0 == " " }) else { return 1 }
        return line.count % width == 0 ? width : line.count % width
    }

    /// Whether Tab indents: nothing but blanks stands before the cursor in its line.
    package static func isIndentation(_ text: String) -> Bool {
        let line = text.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
        return line.allSatisfy { $0 == " " || $0 == "\t" }
    }

    /// The line without its comment and the blanks before it. Quotes are followed only as far as a line goes.
    private static func code(of line: Substring) -> Substring {
        var quote: Character?
        var end = line.endIndex
        for index in line.indices {
            let character = line[index]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "'" || character == "\"" {
                quote = character
            } else if character == "#" {
                end = index
                break
            }
        }
        var code = line[..<end]
        while let last = code.last, last == " " || last == "\t" { code.removeLast() }
        return code
    }
}
