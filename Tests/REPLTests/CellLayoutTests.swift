import REPL
import Testing

struct CellLayoutTests {
    private func layout(_ text: String, cursor: Int? = nil, width: Int = 20, styles: [StyledRange] = [], isColoured: Bool = false) -> CellLayout {
        CellLayout(
            prompt: "In [1]: ", continuation: "   ...: ", text: text, cursor: cursor ?? text.utf8.count, styles: styles, width: width,
            isColoured: isColoured)
    }

    @Test func laterLinesStandBehindTheContinuationPrompt() {
        let layout = layout("if x:\n    y", width: 40)
        #expect(layout.rows == ["In [1]: if x:", "   ...:     y"])
        #expect((layout.cursorRow, layout.cursorColumn) == (1, 13))
    }

    @Test func longLinesWrapAtTheWidth() {
        let layout = layout("abcdefghijklmnop")
        #expect(layout.rows == ["In [1]: abcdefghijkl", "mnop"])
        #expect((layout.cursorRow, layout.cursorColumn) == (1, 4))
    }

    @Test func aFullRowPutsTheCursorOnTheNext() {
        let layout = layout("abcdefghijkl")
        #expect(layout.rows == ["In [1]: abcdefghijkl", ""])
        #expect((layout.cursorRow, layout.cursorColumn) == (1, 0))
    }

    @Test func wideCharactersTakeTwoColumnsAndDoNotSplit() {
        let layout = layout("日本語日本語日本語", width: 19)
        #expect(layout.rows == ["In [1]: 日本語日本", "語日本語"])
        #expect(CellLayout.columns(of: "e\u{301}👍🏽漢x") == 1 + 2 + 2 + 1)
    }

    @Test func theCursorIsCountedInBytesAndShownInColumns() {
        let layout = layout("äöü", cursor: 4)
        #expect((layout.cursorRow, layout.cursorColumn) == (0, 10))
    }

    @Test func controlCharactersAreSpelled() {
        #expect(layout("a\u{1B}b").rows == ["In [1]: a^[b"])
    }

    @Test func coloursOpenAndCloseInEachRow() {
        let layout = layout("def f", width: 40, styles: [StyledRange(0..<3, .keyword)], isColoured: true)
        #expect(layout.rows == ["\u{1B}[1;32mIn [1]: \u{1B}[0m\u{1B}[35mdef\u{1B}[0m f"])
    }
}

struct IndentationTests {
    @Test(arguments: [
        ("if x:", "    "), ("    for i in y:  # why", "        "), ("x = f(", "    "), ("    return 1", ""), ("    pass", ""),
        ("    x = 'a:'", "    "),
        ("    returned = 2", "    "), ("s = '#:'", ""), ("", ""), ("        raise X", "    "),
    ])
    func enterContinuesTheBlock(_ text: String, _ expected: String) {
        #expect(Indentation.next(after: "first\n" + text) == expected)
    }

    @Test(arguments: [("    ", 4), ("      ", 2), ("x   ", 1), ("", 1), ("a\n        ", 4)])
    func backspaceGoesBackToTheStop(_ text: String, _ count: Int) {
        #expect(Indentation.removal(before: text) == count)
    }
}
