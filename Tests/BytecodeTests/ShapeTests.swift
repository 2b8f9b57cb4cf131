import Bytecode
import Testing

/// Properties of the code that do not need a whole disassembly to state.
@Suite struct ShapeTests {
    @Test func constantsFold() throws {
        let expressions: [(String, CodeConstant)] = [
            ("1 + 2 * 3", .int(7)), ("-7 // 2", .int(-4)), ("-7 % 3", .int(2)), ("7 % -3", .int(-2)), ("2 ** 10", .int(1024)),
            ("1 << 40", .int(1 << 40)), ("-1 >> 70", .int(-1)), ("~5", .int(-6)), ("1 / 4", .float(0.25)), ("1.5 - 1", .float(0.5)),
            ("'a' + 'b'", .string("ab")), ("'-' * 3", .string("---")), ("3 * 'ab'", .string("ababab")), ("not 0", .bool(true)),
        ]
        for (text, expected) in expressions {
            let code = try Program("x = [\(text), y]\n").code
            let first = try #require(code.instructions.first)
            let folded: CodeConstant = first.op == .loadInt ? .int(Int(first.wide)) : code.constants[Int(first.b)]
            #expect("\(folded)" == "\(expected)", "\(text)")
        }
    }

    @Test(arguments: [
        "1 // 0", "1 % 0", "1 / 0", "1.0 / 0", "2 ** -1", "1 << -1", "1 >> -1", "9223372036854775807 + 1", "1 << 63", "'a' * 5000", "'a' + 1",
        "-'a'", "2 ** 1000",
    ])
    func whatMayFailOrGrowIsLeftToTheMachine(_ text: String) throws {
        let code = try Program("x = \(text)\n").code
        #expect(code.instructions.count > 3, "\(text) was folded")
    }

    @Test func constantsOfDifferentTypesStayApart() throws {
        let code = try Program("f(1000000000000, 1000000000000.0, 'a', b'a', 0.0, -0.0, (1, True), (True, 1))\n").code
        #expect(code.constants.count == 8)
    }

    @Test func deadCodeIsNotEmitted() throws {
        let code = try Program("def f():\n    return 1\n    g()\n    while h(): pass\n").function("f")
        #expect(code.instructions.map(\.op) == [.loadInt, .ret])
    }

    @Test func conditionsOnConstantsVanish() throws {
        let code = try Program("def f():\n    if __debug__: g()\n    if 0: h()\n    while True: k()\n").function("f")
        #expect(code.count(.jumpIfTrue) + code.count(.jumpIfFalse) == 0)
        #expect(code.instructions.last?.op == .jump)
    }

    @Test func certainlyBoundLocalsAreNotChecked() throws {
        let source = """
            def f(c):
                if c: x = 1
                else: x = 2
                for i in c:
                    try: y = g()
                    except E as e: y = e
                    x = x + y + i
                while (z := g()): x = x + z
                with g() as w: h(w)
                return x
            """
        #expect(try Program(source).function("f").count(.checkLocal) == 0)
    }

    @Test(arguments: [
        "if c: x = 1\n    return x", "for x in c: pass\n    return x", "x = 1\n    del x\n    return x",
        "try: x = g()\n    except E: pass\n    return x", "while c:\n        h(x)\n        x = 1",
        "x = 1\n    for i in c:\n        h(x)\n        del x",
        "try: g()\n    except E as e: pass\n    return e", "with c: x = 1\n    return x", "c and (x := 1)\n    return x",
    ])
    func possiblyUnboundLocalsAreChecked(_ body: String) throws {
        #expect(try Program("def f(c):\n    \(body)\n").function("f").count(.checkLocal) >= 1)
    }

    @Test func functionsInFinallyAreCompiledOnce() throws {
        let source = "def f():\n    try: return h()\n    finally: g(lambda: 0)\n"
        let code = try Program(source).function("f")
        #expect(code.count(.makeFunction) == 2)
        #expect(code.constants.count { if case .code = $0 { true } else { false } } == 1)
    }

    @Test func onlyTheLastExpressionOfACellIsDisplayed() throws {
        #expect(try Program("1\nx\nx + 1\n", mode: .notebookCell).code.count(.display) == 1)
        #expect(try Program("x\ny = 1\n", mode: .notebookCell).code.count(.display) == 0)
        #expect(try Program("x\nfor i in x: i\ndef f(): x\n", mode: .interactive).code.count(.display) == 2)
        #expect(try Program("x\n", mode: .module).code.count(.display) == 0)
    }

    @Test func positionsAreThoseOfCPython() throws {
        let source = "def f(x):\n    return (x\n            .a(1)\n            .b)\n"
        let code = try Program(source).function("f")
        let texts = zip(code.instructions, code.ranges).filter { [.callMethod, .extra, .getAttr].contains($0.0.op) }
            .map { "\($0.0.op) \(code.source.line(of: $0.1.start)) \(code.source.text(of: $0.1))" }
        #expect(texts == ["callMethod 3 a", "extra 3 a(1)", "getAttr 4 b"])
    }

    @Test func qualifiedNamesAreThoseOfCPython() throws {
        let source = """
            class A:
                def m(self):
                    def inner(): return [lambda: 0 for x in y]
                    class B:
                        def n(self): global g
                def k(self):
                    global g
                    def g(): pass
            """
        let program = try Program(source)
        #expect(try program.function("m").qualifiedName == "A.m")
        #expect(try program.function("inner").qualifiedName == "A.m.<locals>.inner")
        #expect(try program.function("<lambda>").qualifiedName == "A.m.<locals>.inner.<locals>.<listcomp>.<locals>.<lambda>")
        #expect(try program.function("n").qualifiedName == "A.m.<locals>.B.n")
        #expect(try program.function("g").qualifiedName == "g")
    }

    @Test func parametersAreLaidOutInOrder() throws {
        let code = try Program("def f(a, /, b, *args, c, d=1, **kw): pass\n").function("f")
        #expect(code.localNames == ["a", "b", "c", "d", "args", "kw"])
        #expect(code.positionalOnlyCount == 1 && code.positionalCount == 2 && code.keywordOnlyCount == 2 && code.parameterCount == 6)
        #expect(code.flags == [.variadic, .keywordVariadic])
    }

    @Test func privateNamesAreMangled() throws {
        let source = "class _C:\n    def m(self, __a): return self.__x + __a + __y + self.__z__\n"
        let code = try Program(source).function("m")
        #expect(code.localNames == ["self", "_C__a"])
        #expect(code.names == ["_C__x", "__z__"])
    }

    @Test func aModuleMayBindWhatIsOtherwiseRefused() throws {
        _ = try Program("from re import compile\nx = compile('a')\n")
        _ = try Program("def eval(x): return x\neval('1')\n")
        _ = try Program("model.eval()\nf = eval\n")
    }
}
