import Diagnostics
import Syntax
import Testing

@Suite struct TreeTests {
    /// Kinds, data, structure and places of every node are those of CPython's `ast`.
    @Test func treesAreCPythons() throws {
        let cases = try Fixture("trees.txt").cases
        #expect(cases.count >= 45)
        for entry in cases {
            let module = try parse(module: SourceText(name: "x.py", text: entry.text))
            let dump = TreeDump.dump(module).trimmingSuffix("\n")
            #expect(dump == entry.expected, "trees.txt:\(entry.line)\n\(entry.text)")
        }
    }

    @Test func debugFieldsKeepTheirText() throws {
        let module = try parse(module: SourceText(name: "x.py", text: "f'{a = }{b=!s}{c=:5}'"))
        let dump = TreeDump.dump(module, showsRanges: false)
        #expect(dump.contains("(replacement !r \"a = \""))
        #expect(dump.contains("(replacement !s \"b=\""))
        #expect(dump.contains("(replacement \"c=\"\n        (name c)\n        (format"))
    }

    @Test func carriageReturnsEndLines() throws {
        let plain = try parse(module: SourceText(name: "x.py", text: "if a:\n    b\n'''c\nd'''\n"))
        let windows = try parse(module: SourceText(name: "x.py", text: "if a:\r\n    b\r\n'''c\r\nd'''\r\n"))
        #expect(TreeDump.dump(plain, showsRanges: false) == TreeDump.dump(windows, showsRanges: false))
    }

    @Test func aRepeatedKeywordIsOnlyReportedWhenTheRestParses() {
        let problem = #expect(throws: SyntaxProblem.self) {
            try parse(module: SourceText(name: "x.py", text: "f(a=1, a=2)\nx = = 1\n"))
        }
        #expect(problem?.message == "invalid syntax")
        #expect(problem?.line == 2)
    }

    @Test func tokensAreDumpedWithTheirPlaces() {
        let dump = TokenDump.dump(SourceText(name: "x.py", text: "if x:\n    y += 'z'  # c\n"))
        #expect(
            dump == """
                1:0-1:2 ifKeyword
                1:3-1:4 name "x"
                1:4-1:5 colon
                1:5-1:5 newline
                2:0-2:4 indent
                2:4-2:5 name "y"
                2:6-2:8 plusEqual
                2:9-2:12 string "'z'"
                2:14-2:17 newline
                3:0-3:0 dedent
                3:0-3:0 endMarker

                """)
    }
}

extension String {
    func trimmingSuffix(_ suffix: Character) -> String {
        var text = self[...]
        while text.last == suffix { text = text.dropLast() }
        return String(text)
    }
}
