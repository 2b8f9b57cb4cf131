import Diagnostics
import Testing

@Suite struct CodeFrameTests {
    private let source = SourceText(name: "digits.qnb", text: "import torch\nnet(zeros(3))\n\nx = (1 +\n     y)\n", lineOffset: 39)

    private func range(of text: String, in source: SourceText) -> SourceRange {
        let all = String(decoding: source.bytes, as: UTF8.self)
        guard let found = all.firstRange(of: text) else { return SourceRange(0, 0) }
        let start = all[..<found.lowerBound].utf8.count
        return SourceRange(start, start + text.utf8.count)
    }

    @Test func aLineIsNumberedAsInItsFile() {
        let frame = CodeFrame(range(of: "net(zeros(3))", in: source), in: source)
        #expect(frame.rendered() == "  41 | net(zeros(3))\n     | ^~~~~~~~~~~~~")
    }

    @Test func contextSurroundsTheLine() {
        let frame = CodeFrame(range(of: "zeros", in: source), in: source, context: 1)
        #expect(frame.rendered() == "  40 | import torch\n  41 | net(zeros(3))\n     |     ^~~~~\n  42 |")
    }

    @Test func everyLineOfARangeIsMarked() {
        let frame = CodeFrame(range(of: "(1 +\n     y)", in: source), in: source)
        #expect(frame.rendered() == "  43 | x = (1 +\n     |     ^~~~\n  44 |      y)\n     |      ~~")
    }

    @Test func marksStandUnderWideCharactersAndTabs() {
        let wide = SourceText(name: "x", text: "中文 = 変数 + y")
        #expect(CodeFrame(range(of: "変数", in: wide), in: wide).rendered() == "  1 | 中文 = 変数 + y\n    |        ^~~~")
        let tabs = SourceText(name: "x", text: "\tx\ty")
        #expect(CodeFrame(range(of: "y", in: tabs), in: tabs).rendered() == "  1 | \tx\ty\n    | \t \t^")
    }

    @Test func emptyAndOutlyingRangesStillHaveAFrame() {
        let empty = SourceText(name: "x", text: "")
        #expect(CodeFrame(SourceRange(0, 0), in: empty).rendered() == "  1 |\n    | ^")
        let short = SourceText(name: "x", text: "ab")
        #expect(CodeFrame(SourceRange(50, 60), in: short).rendered() == "  1 | ab\n    |   ^")
    }

    @Test func coloursAreOptional() {
        let frame = CodeFrame(range(of: "net", in: source), in: source)
        #expect(frame.rendered(.ansi) == "\u{1B}[2m  41 |\u{1B}[0m net(zeros(3))\n\u{1B}[2m     |\u{1B}[0m \u{1B}[1;31m^~~\u{1B}[0m")
    }

    // MARK: - Traceback lines

    @Test func tracebackLinesMarkPartOfALine() {
        let source = SourceText(name: "x", text: "def f():\n    return a.x + b[0]\n")
        #expect(TracebackLine(range(of: "a.x", in: source), in: source).rendered() == "    return a.x + b[0]\n           ^^^\n")
        let sum = TracebackLine(range(of: "a.x + b[0]", in: source), in: source, anchor: range(of: "+", in: source))
        #expect(sum.rendered() == "    return a.x + b[0]\n           ~~~~^~~~~~\n")
    }

    @Test func aWholeLineNeedsNoMarks() {
        let source = SourceText(name: "x", text: "    f(x)   \n")
        #expect(TracebackLine(range(of: "f(x)", in: source), in: source).rendered() == "    f(x)\n")
        let sum = SourceText(name: "x", text: "a + b\n")
        let marked = TracebackLine(range(of: "a + b", in: sum), in: sum, anchor: range(of: "+", in: sum))
        #expect(marked.rendered() == "    a + b\n    ~~^~~\n")
    }

    @Test func aRangeOfSeveralLinesIsMarkedOnItsFirst() {
        let source = SourceText(name: "x", text: "y = f(a,\n      b)\n")
        #expect(TracebackLine(range(of: "f(a,\n      b)", in: source), in: source).rendered() == "    y = f(a,\n        ^^^^\n")
    }

    @Test func aMissingLineHasNoText() {
        let source = SourceText(name: "x", text: "")
        #expect(TracebackLine(SourceRange(0, 0), in: source).rendered() == "")
    }
}
