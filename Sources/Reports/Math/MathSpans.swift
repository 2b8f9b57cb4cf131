/// The formulas of a Markdown text, taken out before Markdown is read: to it `_`, `*` and `\\` inside a formula would be markup.
///
/// As GitHub and pandoc have it: `$…$` with no blank inside its dollars and no digit after the last, `$$…$$` over any number of lines,
/// `` $`…`$ ``, and fences with the info string `math`. Code and `\$` are left alone. Each formula leaves a mark behind, two
/// private characters around its number, that any parser takes for a word; lines keep their numbers.
struct MathSpans {
    struct Span {
        let source: String
        /// The formula without its dollars.
        let formula: String
        let isDisplay: Bool
    }

    private(set) var spans: [Span] = []
    private static let opening: Unicode.Scalar = "\u{10F8F0}"
    private static let closing: Unicode.Scalar = "\u{10F8F1}"

    /// - Parameter code: the lines, from 1, that belong to blocks of code.
    static func extracting(_ lines: [String], code: Set<Int>) -> (lines: [String], spans: MathSpans) {
        var scanner = MathScanner(lines: lines.map(withoutMarks), code: code)
        scanner.scan()
        return (scanner.lines, scanner.spans)
    }

    /// Keeps a formula and returns the mark to leave in its place.
    mutating func mark(_ span: Span) -> String {
        spans.append(span)
        return "\(Self.opening)\(spans.count - 1)\(Self.closing)"
    }

    private static func withoutMarks(_ line: String) -> String {
        guard line.unicodeScalars.contains(where: { $0 == opening || $0 == closing }) else { return line }
        return String(String.UnicodeScalarView(line.unicodeScalars.map { $0 == opening || $0 == closing ? "\u{FFFD}" : $0 }))
    }

    /// Text with each mark replaced by what `shown` makes of its formula.
    private func replaced(_ text: String, _ shown: (Span) -> String) -> String {
        guard !spans.isEmpty, text.unicodeScalars.contains(Self.opening) else { return text }
        var result = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        while let start = rest.firstIndex(of: Self.opening) {
            result += rest[..<start]
            rest = rest[rest.index(after: start)...]
            guard let end = rest.firstIndex(of: Self.closing), let number = Int(String(rest[..<end])), spans.indices.contains(number) else {
                continue
            }
            result += shown(spans[number]).unicodeScalars
            rest = rest[rest.index(after: end)...]
        }
        return String(result + rest)
    }

    /// For places that hold no elements: the source as it was written.
    func restored(_ text: String) -> String { replaced(text, \.source) }

    /// The words of a heading for a list of contents: formulas without their dollars.
    func plain(_ text: String) -> String { replaced(text, \.formula) }

    /// Finished HTML with the formulas drawn. Marks stand only where text may stand.
    func drawn(_ html: String) -> String { replaced(html) { MathML.html($0.formula, isDisplay: $0.isDisplay) } }
}

/// Finds formulas line by line.
private struct MathScanner {
    var lines: [String]
    let code: Set<Int>
    var spans = MathSpans()
    /// A display formula that is open: the line it began on, what stood before it there, its source so far.
    private var display: (line: Int, before: String, source: String)?

    init(lines: [String], code: Set<Int>) {
        self.lines = lines
        self.code = code
    }

    mutating func scan() {
        let original = lines
        for index in lines.indices {
            if code.contains(index + 1) {
                abandon(original)
                continue
            }
            guard display != nil || lines[index].contains("$") else { continue }
            scan(index, original)
        }
        abandon(original)
    }

    /// A display formula that is never closed was none.
    private mutating func abandon(_ original: [String]) {
        guard let open = display else { return }
        display = nil
        for index in open.line..<lines.count where lines[index] != original[index] && index > open.line { lines[index] = original[index] }
        lines[open.line] = original[open.line]
    }

    private mutating func scan(_ index: Int, _ original: [String]) {
        var rest = Substring(lines[index])
        var shown = ""
        if let open = display {
            // A quote's or a list's own marks are no part of the formula.
            let prefix = rest.prefix { $0 == ">" || $0 == " " || $0 == "\t" }
            rest = rest.dropFirst(prefix.count)
            guard let end = Self.end(of: "$$", in: rest) else {
                // An empty line ends a paragraph; a formula with one inside was not meant.
                if rest.isEmpty { return abandon(original) }
                display?.source += "\n" + rest
                lines[index] = prefix.contains(">") ? String(prefix) : ""
                return
            }
            let formula = open.source + "\n" + rest[..<end]
            rest = rest[rest.index(end, offsetBy: 2)...]
            lines[open.line] = open.before + spans.mark(.init(source: "$$\(formula)$$", formula: formula, isDisplay: true))
            display = nil
            shown = String(prefix)
        }
        scanInline(&rest, into: &shown, line: index)
        if display == nil { lines[index] = shown }
    }

    private mutating func scanInline(_ rest: inout Substring, into shown: inout String, line: Int) {
        while let character = rest.first {
            switch character {
            case "\\":
                shown += rest.prefix(2)
                rest = rest.dropFirst(2)
            case "`":
                let ticks = rest.prefix { $0 == "`" }
                rest = rest.dropFirst(ticks.count)
                shown += ticks
                // Code without its end is text.
                guard let end = Self.codeEnd(String(ticks), in: rest) else { continue }
                shown += rest[..<end]
                rest = rest[end...]
            case "$":
                if rest.hasPrefix("$$") {
                    if !takeDisplay(&rest, into: &shown, line: line) { return }
                } else {
                    takeInline(&rest, into: &shown)
                }
            default:
                shown.append(character)
                rest = rest.dropFirst()
            }
        }
    }

    /// False when the formula goes on in the next line.
    private mutating func takeDisplay(_ rest: inout Substring, into shown: inout String, line: Int) -> Bool {
        let inner = rest.dropFirst(2)
        guard let end = Self.end(of: "$$", in: inner) else {
            display = (line, shown, String(inner))
            return false
        }
        let formula = String(inner[..<end])
        rest = inner[inner.index(end, offsetBy: 2)...]
        shown +=
            formula.allSatisfy(\.isWhitespace) ? "$$\(formula)$$" : spans.mark(.init(source: "$$\(formula)$$", formula: formula, isDisplay: true))
        return true
    }

    private mutating func takeInline(_ rest: inout Substring, into shown: inout String) {
        let inner = rest.dropFirst()
        if inner.first == "`", let end = inner.dropFirst().firstIndex(of: "`"), inner[end...].hasPrefix("`$") {
            let formula = String(inner[inner.index(after: inner.startIndex)..<end])
            rest = inner[inner.index(end, offsetBy: 2)...]
            shown += spans.mark(.init(source: "$`\(formula)`$", formula: formula, isDisplay: false))
            return
        }
        guard let first = inner.first, !first.isWhitespace, let end = Self.end(of: "$", in: inner), end > inner.startIndex,
            !inner[inner.index(before: end)].isWhitespace, inner[inner.index(after: end)...].first.map({ !$0.isNumber }) ?? true
        else {
            shown.append("$")
            rest = inner
            return
        }
        let formula = String(inner[..<end])
        guard !formula.contains("`") else {
            // Code begins before the dollar that would end the formula.
            shown.append("$")
            rest = inner
            return
        }
        rest = inner[inner.index(after: end)...]
        shown += spans.mark(.init(source: "$\(formula)$", formula: formula, isDisplay: false))
    }

    /// Where `mark` stands next, outside of backslashes.
    private static func end(of mark: String, in text: Substring) -> Substring.Index? {
        var index = text.startIndex
        while index < text.endIndex {
            if text[index] == "\\" {
                index = text.index(index, offsetBy: 2, limitedBy: text.endIndex) ?? text.endIndex
                continue
            }
            if text[index...].hasPrefix(mark) { return index }
            index = text.index(after: index)
        }
        return nil
    }

    /// After the run of as many back-ticks that ends a span of code.
    private static func codeEnd(_ ticks: String, in text: Substring) -> Substring.Index? {
        var index = text.startIndex
        while let start = text[index...].firstIndex(of: "`") {
            let run = text[start...].prefix { $0 == "`" }
            if run.count == ticks.count { return run.endIndex }
            index = run.endIndex
        }
        return nil
    }
}
