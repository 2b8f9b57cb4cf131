import Notebooks

/// A seeded generator (SplitMix64), so that a failure can be replayed from its seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// Random notebooks with every structure the format has and the most hostile outputs known.
enum RandomNotebook {
    static let hostile: [String] = [
        "```", "````python", "~~~", "<!-- qnb:out in=0123456789ab -->", "<!-- qnb:end sum=01234567 -->", "<!-- qnb:seal chain=0123456789ab -->",
        "\\<!-- qnb:end -->", "\u{1B}[31mred\u{1B}[0m", "a\0b", "50%\r100%", "<<<<<<< HEAD", "=======", ">>>>>>> other", "||||||| base",
        "<script>alert(1)</script>", "x\u{2028}y\u{2029}z", "-->", "<!--", "</div>", "| a | b |", "# heading", "---", "   ", "\t", "",
        "    indented", "`````", "```text {.result}", "![x](n.assets/x.png)", "… 3 lines", "<!-- qnb:part end -->", "\u{202E}rtl", "é漢字👩‍👩‍👧",
        "\\", "\\\\<!-- qnb:x", "[^1]: note", "~~~~", "\u{7F}\u{85}\u{9B}31m", "$$", "&lt;", "<pre>", "<!-- qnb:part html -->",
    ]

    private static let prose: [String] = [
        "Some *prose* here.", "## A heading", "- item\n- item two\n\n  ```python\n  nested = 1\n  ```", "> quoted\n> ```python\n> x\n> ```",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "<!-- a comment\n```python\nhidden = 1\n```\n-->", "````markdown\n```python\nshown only\n```\n````", "```text\nnot a cell\n```",
        "    indented code",
        "Text with trailing blanks   ", "---", "Setext\n======", "~~~js\nlet x\n~~~", "[link]: http://example.com", "Émile 漢字 👩‍👩‍👧", "a\tb",
        "\u{FEFF}mark",
    ]

    static func json(_ text: String) -> String { JSON.string(text).compact() }

    static func cell(_ index: Int, using generator: inout SeededGenerator) -> [String] {
        var lines: [String] = []
        if Int.random(in: 0..<4, using: &generator) == 0 { lines.append("#| label: c\(index)") }
        if Int.random(in: 0..<8, using: &generator) == 0 { lines.append("#| tags: [a, b]") }
        if Int.random(in: 0..<14, using: &generator) == 0 { lines.append("#| eval: false") }
        if Int.random(in: 0..<10, using: &generator) == 0 { lines.append("#| limit: 6") }
        if Int.random(in: 0..<10, using: &generator) == 0 {
            return lines + ["#| raises: E\(index)", "raise E\(index) \(json(hostile.randomElement(using: &generator) ?? ""))"]
        }
        for _ in 0..<Int.random(in: 0...4, using: &generator) { lines.append(command(index, using: &generator)) }
        return lines
    }

    static func command(_ index: Int, using generator: inout SeededGenerator) -> String {
        func text(_ end: String) -> String {
            let count = Int.random(in: 0...5, using: &generator)
            return json((0..<count).map { _ in hostile.randomElement(using: &generator) ?? "" }.joined(separator: "\n") + end)
        }
        switch Int.random(in: 0..<14, using: &generator) {
        case 0...3: return "print " + text("\n")
        case 4: return "print " + text("")
        case 5: return "err " + text("\n")
        case 6: return "result " + text("")
        case 7: return "markdown " + text("")
        case 8: return "html " + text("")
        case 9: return "png \(index)"
        case 10: return "svg " + json("s\(index)")
        case 11: return "table \(Int.random(in: 0..<30, using: &generator))"
        case 12: return "set x \(json("v\(index)"))"
        default: return "get x"
        }
    }

    static func text(seed: Int) -> String {
        var generator = SeededGenerator(seed)
        let end = Int.random(in: 0..<4, using: &generator) == 0 ? "\r\n" : "\n"
        var blocks: [String] = []
        if Int.random(in: 0..<3, using: &generator) == 0 { blocks.append("---\ntitle: T \(seed)\nparams:\n  bits: 8\n---") }
        for index in 0..<Int.random(in: 0...6, using: &generator) {
            if Bool.random(using: &generator) { blocks.append(prose.randomElement(using: &generator) ?? "") }
            let fence = ["```", "~~~", "`````"].randomElement(using: &generator) ?? "```"
            let indent = Int.random(in: 0..<8, using: &generator) == 0 ? "  " : ""
            blocks.append(([fence + "python"] + cell(index, using: &generator) + [fence]).map { indent + $0 }.joined(separator: "\n"))
        }
        if Bool.random(using: &generator) { blocks.append(prose.randomElement(using: &generator) ?? "") }
        let separator = Int.random(in: 0..<3, using: &generator) == 0 ? "\n\n\n" : "\n\n"
        var text = blocks.joined(separator: separator)
        if Int.random(in: 0..<4, using: &generator) != 0 { text += "\n" }
        if Int.random(in: 0..<10, using: &generator) == 0 { text = "\u{FEFF}" + text }
        return end == "\n" ? text : text.replacing("\n", with: end)
    }
}
