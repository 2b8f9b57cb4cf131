import Diagnostics
import Syntax
import Testing

/// Printing a tree and parsing the text gives the tree again.
@Suite struct SourcePrinterTests {
    @Test func fixturesSurvivePrinting() throws {
        for entry in try Fixture("trees.txt").cases { try expectRoundTrip(SourceText(name: "trees.txt:\(entry.line)", text: entry.text)) }
    }

    @Test func realSourcesSurvivePrinting() throws {
        let sources = PythonLibrary.sources(limit: 60)
        for source in sources where (try? parse(module: source)) != nil { try expectRoundTrip(source) }
    }

    private func expectRoundTrip(_ source: SourceText) throws {
        let module = try parse(module: source)
        let printed = SourceText(name: source.name, text: unparse(module))
        let again = try parse(module: printed)
        #expect(TreeDump.dump(again, showsRanges: false) == TreeDump.dump(module, showsRanges: false), "\(source.name)")
    }

    @Test(arguments: [
        "a + b * (c + d) ** -e",
        "(a, b) if not (c and d or e) else (lambda x, *y, z=1: x)(*p, **q)",
        "f'{x!r:>{width}}' + f\"{d['k']}\" + 'it\\'s'",
        "[x async_ for_ in_]",
        "(yield)",
        "a[1:2, ..., b:=3]",
        "f\"\"\"{'''a'''}{\"b\"}\"\"\"",
    ])
    func expressionsSurvivePrinting(text: String) throws {
        let source = SourceText(name: "x.py", text: text)
        guard (try? parse(module: source)) != nil else { return }
        try expectRoundTrip(source)
    }

    @Test func parenthesesAreMinimal() throws {
        let module = try parse(module: SourceText(name: "x.py", text: "x = ((a) + (b * c)) - (d - e)\nreturn_ = (a, b)\n"))
        #expect(unparse(module) == "x = a + b * c - (d - e)\nreturn_ = a, b\n")
    }
}
