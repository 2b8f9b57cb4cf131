import Diagnostics
import Testing

@Suite struct SourceTextTests {
    private func text(_ bytes: [UInt8]) throws -> String {
        String(decoding: try SourceText(name: "x.py", fileContents: bytes).bytes, as: UTF8.self)
    }

    private func message(_ bytes: [UInt8]) -> String? {
        do {
            _ = try SourceText(name: "x.py", fileContents: bytes)
            return nil
        } catch {
            return error.message
        }
    }

    @Test func marksAndLineEndsAreNotText() throws {
        #expect(try text([0xEF, 0xBB, 0xBF] + Array("a\r\nb\rc\n".utf8)) == "a\nb\nc\n")
    }

    @Test func encodingCommentsAreObeyed() throws {
        #expect(try text(Array("# -*- coding: latin-1 -*-\nx = '".utf8) + [0xE9, 0x27]) == "# -*- coding: latin-1 -*-\nx = 'é'")
        #expect(try text(Array("#!/bin/sh\n# vim: set fileencoding=ISO-8859-1 :\n".utf8) + [0xE9]).hasSuffix("é"))
        #expect(try text(Array("# coding: utf-8\né".utf8)).hasSuffix("é"))
        #expect(try text(Array("x = 1\n# coding: foo\n".utf8)) == "x = 1\n# coding: foo\n")
    }

    @Test func whatIsNoTextIsRefused() {
        #expect(message(Array("# coding: foo\n".utf8)) == "encoding problem: foo")
        #expect(message([0xEF, 0xBB, 0xBF] + Array("# coding: latin-1\n".utf8)) == "encoding problem: latin-1 with BOM")
        #expect(message(Array("# coding: ascii\n".utf8) + [0xE9]) == "encoding problem: ascii")
        #expect(
            message(Array("x = 1\ny = '".utf8) + [0xFF, 0x27])
                == "Non-UTF-8 code starting with '\\xff' in file x.py on line 2, but no encoding declared; "
                + "see https://peps.python.org/pep-0263/ for details")
    }

    @Test func offsetsBecomeLinesAndColumns() {
        let source = SourceText(name: "x", text: "ab\ncé f\n", lineOffset: 10)
        #expect(source.line(of: 0) == 11)
        #expect(source.line(of: 3) == 12)
        #expect(source.byteColumn(of: 7) == 4)
        #expect(source.lineText(at: 1) == "cé f")
        #expect(source.lineText(at: 9) == "")
        let problem = SyntaxProblem(.syntax, "m", at: SourceRange(7, 8), in: source)
        #expect((problem.line, problem.column, problem.endColumn) == (12, 4, 5))
    }

    @Test func reportsAreColouredOnRequest() {
        let source = SourceText(name: "x.py", text: "f(a b)\n")
        let problem = SyntaxProblem(.syntax, "invalid syntax", at: SourceRange(2, 5), in: source)
        #expect(problem.rendered() == "  File \"x.py\", line 1\n    f(a b)\n      ^^^\nSyntaxError: invalid syntax")
        #expect(
            problem.rendered(.ansi)
                == "  File \u{1B}[35m\"x.py\"\u{1B}[0m, line 1\n    f(a b)\n      \u{1B}[1;31m^^^\u{1B}[0m\n\u{1B}[1;31mSyntaxError\u{1B}[0m: invalid syntax"
        )
    }

    @Test func widthsAreTerminalColumns() {
        #expect(DisplayWidth.of("abc") == 3)
        #expect(DisplayWidth.of("中文") == 4)
        #expect(DisplayWidth.of("é") == 1)
        #expect(DisplayWidth.of("e\u{301}") == 1)
        #expect(DisplayWidth.of("😀") == 2)
        #expect(DisplayWidth.of("ｱ") == 1)
    }
}
