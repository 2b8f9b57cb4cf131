/// Rewrites IPython's additions to the language, line for line, as calls of the language: `%time f()` becomes
/// `get_ipython().run_line_magic('time', 'f()')`. A cell without any stays as it is.
///
/// Only lines that begin a statement count: a `%` that continues an expression, or stands in a string, is Python's.
package struct CellTransform {
    package private(set) var text: String
    /// 0-based lines that were rewritten.
    private(set) var changedLines: Set<Int> = []

    var isChanged: Bool { !changedLines.isEmpty }

    private let firstLine: Int

    /// `firstLine` is the cell's 0-based line that `text` begins with.
    package init(_ text: String, firstLine: Int = 0) {
        self.text = text
        self.firstLine = firstLine
        guard Self.mayHoldCommands(text) else { return }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if let first = Self.cellCommandLine(lines) {
            let body = lines[(first + 1)...].joined(separator: "\n")
            let (name, rest) = Self.split(lines[first].dropFirst(2))
            lines[first] = "get_ipython().run_cell_magic(\(Self.quoted(name)), \(Self.quoted(rest)), \(Self.quoted(body)), \(firstLine + first + 1))"
            lines.removeSubrange((first + 1)...)
            changedLines = [first]
        } else {
            rewriteStatements(&lines)
        }
        if isChanged { self.text = lines.joined(separator: "\n") }
    }

    private static func mayHoldCommands(_ text: String) -> Bool {
        text.utf8.contains { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "!") || $0 == UInt8(ascii: "?") }
    }

    /// The line of a `%%command`: the first that is neither blank nor a comment.
    private static func cellCommandLine(_ lines: [String]) -> Int? {
        guard
            let first = lines.firstIndex(where: { line in
                let start = line.drop { $0 == " " || $0 == "\t" }
                return !start.isEmpty && !start.hasPrefix("#")
            })
        else { return nil }
        return lines[first].hasPrefix("%%") && lines[first].dropFirst(2).first?.isLetter == true ? first : nil
    }

    // MARK: Statements

    private mutating func rewriteStatements(_ lines: inout [String]) {
        var scan = StatementScan()
        for index in lines.indices {
            if scan.isAtStatement, let replacement = Self.rewritten(lines[index], number: firstLine + index) {
                lines[index] = replacement
                changedLines.insert(index)
            }
            scan.read(lines[index])
        }
    }

    private static func rewritten(_ line: String, number: Int) -> String? {
        let indent = String(line.prefix { $0 == " " || $0 == "\t" })
        let statement = trimmed(line.dropFirst(indent.count))
        guard let first = statement.first, first != "#" else { return nil }
        if let call = command(statement, number) { return indent + call }
        if first == "?" || statement.hasSuffix("?"), let call = help(statement) { return indent + call }
        // `name = %command` and `name = !command`
        guard let equals = statement.firstIndex(of: "=") else { return nil }
        let target = trimmed(statement[..<equals])
        let value = trimmed(statement[statement.index(after: equals)...])
        guard !target.isEmpty, target.allSatisfy({ $0.isLetter || $0.isNumber || "_.[]\"', ".contains($0) }), let call = command(value, number) else {
            return nil
        }
        return "\(indent)\(target) = \(call)"
    }

    private static func command(_ statement: String, _ number: Int) -> String? {
        if statement.hasPrefix("!") {
            return "get_ipython().system(\(quoted(String(statement.drop { $0 == "!" }))))"
        }
        guard statement.hasPrefix("%"), statement.dropFirst().first?.isLetter == true else { return nil }
        let (name, rest) = split(statement.dropFirst())
        return "get_ipython().run_line_magic(\(quoted(name)), \(quoted(rest)), \(number))"
    }

    /// `name?`, `name??`, `?name`, `??name`; names with `*` are patterns.
    private static func help(_ statement: String) -> String? {
        let detail = statement.hasPrefix("??") || statement.hasSuffix("??") ? 1 : 0
        let name = trimmed(Substring(String(statement.drop { $0 == "?" }.reversed().drop { $0 == "?" }.reversed())))
        // `?` alone asks for an introduction.
        let isName = !statement.isEmpty && name.allSatisfy { $0.isLetter || $0.isNumber || "_.%*".contains($0) }
        return isName ? "get_ipython().show_help(\(quoted(name)), \(detail))" : nil
    }

    // MARK: Text

    private static func split(_ text: some StringProtocol) -> (name: String, rest: String) {
        let name = text.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
        return (String(name), trimmed(Substring(text.dropFirst(name.count))))
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        var view = Substring(text)
        while let first = view.first, first == " " || first == "\t" { view.removeFirst() }
        while let last = view.last, last == " " || last == "\t" || last == "\r" { view.removeLast() }
        return String(view)
    }

    /// A string literal of the language on one line.
    private static func quoted(_ text: String) -> String {
        var literal = "'"
        for scalar in text.unicodeScalars {
            switch scalar {
            case "'": literal += "\\'"
            case "\\": literal += "\\\\"
            case "\n": literal += "\\n"
            case "\r": literal += "\\r"
            default: literal.unicodeScalars.append(scalar)
            }
        }
        return literal + "'"
    }
}

/// Follows brackets, strings and continuations line by line.
private struct StatementScan {
    private var depth = 0
    /// The quotes that end the triple-quoted string which is open.
    private var openString: [UInt8]?
    private var isContinued = false

    /// Whether the next line begins a statement.
    var isAtStatement: Bool { depth == 0 && openString == nil && !isContinued }

    mutating func read(_ line: String) {
        let bytes = Array(line.utf8)
        isContinued = false
        var index = 0
        while index < bytes.count {
            if let quotes = openString {
                if bytes[index] == UInt8(ascii: "\\") {
                    index += 2
                } else if bytes[index...].starts(with: quotes) {
                    openString = nil
                    index += 3
                } else {
                    index += 1
                }
                continue
            }
            switch bytes[index] {
            case UInt8(ascii: "#"): return
            case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth = max(0, depth - 1)
            case UInt8(ascii: "\\") where index == bytes.count - 1: isContinued = true
            case UInt8(ascii: "'"), UInt8(ascii: "\""):
                let triple = [UInt8](repeating: bytes[index], count: 3)
                if bytes[index...].starts(with: triple) {
                    openString = triple
                    index += 2
                } else {
                    skipString(bytes, &index)
                }
            default: break
            }
            index += 1
        }
    }

    /// Leaves `index` at the closing quote, or behind a line that ends before it.
    private func skipString(_ bytes: [UInt8], _ index: inout Int) {
        let quote = bytes[index]
        index += 1
        while index < bytes.count, bytes[index] != quote { index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1 }
    }
}
