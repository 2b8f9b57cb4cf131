import Bytecode
import Diagnostics
import Syntax
import Testing

/// Compiled code as bytes: what is read is what was written, and damaged bytes are refused without a trap.
@Suite struct CodeEncodingTests {
    private static let text = """
        "Documentation."
        import os.path as path
        big, real, text, raw = 123456789012345678901234567890, 1.5e300, "h\\u00e9 \\ud800", b"\\x00\\xff"
        pair = (1, (2.5, None), ..., True, frozenset)
        class A(object):
            x: int = 1
            def method(self, a, /, b=2, *rest, c, d=4, **options):
                "Method."
                try:
                    return [i * a for i in rest if i in {1, 2, 3}] + [b, c, d, options]
                except (ValueError, TypeError) as error:
                    raise KeyError from error
                finally:
                    self.x += 1
        def generator(n):
            total = 0
            def add(k):
                nonlocal total
                total += k
            for i in range(n):
                add(i)
                yield total
        match pair:
            case (1, [a, *_]): print(f"{a!r:>10}")
            case _: pass
        """

    private func compiled() throws -> (code: Code, globals: [String], source: SourceText) {
        let source = SourceText(name: "m.py", text: Self.text)
        let globals = GlobalNames()
        return (try compile(source, globals: globals), globals.names, source)
    }

    private func listing(_ code: Code, _ names: [String]) -> String {
        let globals = GlobalNames()
        for name in names { _ = globals.slot(of: name) }
        return Disassembler.text(code, globals: globals)
    }

    @Test func whatIsReadIsWhatWasWritten() throws {
        let (code, globals, source) = try compiled()
        let bytes = CodeEncoder.encode(code, globals: globals)
        let (read, names) = try CodeDecoder.decode(bytes, source: source)
        #expect(names == globals)
        #expect(listing(read, names) == listing(code, globals))
        #expect(read.documentation == "Documentation.")
        #expect(CodeEncoder.encode(read, globals: names) == bytes)
    }

    @Test func aCutIsRefused() throws {
        let (code, globals, source) = try compiled()
        let bytes = CodeEncoder.encode(code, globals: globals)
        for count in 0..<bytes.count {
            #expect(throws: CodeDamage.self) { try CodeDecoder.decode(Array(bytes[..<count]), source: source) }
        }
    }

    @Test func aChangedByteIsReadOrRefused() throws {
        let (code, globals, source) = try compiled()
        let bytes = CodeEncoder.encode(code, globals: globals)
        var refused = 0
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 0xFF
            do { _ = try CodeDecoder.decode(damaged, source: source) } catch { refused += 1 }
        }
        #expect(refused > bytes.count / 10)
    }
}
