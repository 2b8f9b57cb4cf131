import Diagnostics
import Syntax
import Testing

/// Damaged programs: whatever happens to a text, the parser answers, its places lie inside the text, and highlighting covers it.
@Suite struct FuzzTests {
    /// SplitMix64: the same damage on every run.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    private static let pieces: [String] = [
        "(", ")", "[", "]", "{", "}", ":", ",", "=", "==", ":=", "+", "*", "**", "\\", "\n", "\t", "    ", "'", "\"", "'''", "f'{", "}'", "#", "\0",
        "é", "\u{2028}", "\r", "if ", "else", "for ", " in ", "lambda ", "def f(", "class ", "try:", "except", "match ", "case ", "not ", "await ",
        "async ",
        "1_", "0x", "1e", ".5", "...", "->", "@", "!", "$", "yield ", "return ", "import ", "from ", "as ", "with ", "del ", "\u{FEFF}",
    ]

    @Test func damagedProgramsNeverCrash() throws {
        var generator = Generator(state: 20_240_611)
        var seeds = try Fixture("trees.txt").cases.map(\.text) + (try Fixture("errors.txt").cases.map(\.text))
        seeds += PythonLibrary.sources(limit: 12).map { String(decoding: $0.bytes.prefix(1_500), as: UTF8.self) }
        for round in 0..<4_000 {
            guard let seed = seeds.randomElement(using: &generator) else { return }
            var bytes = Array(seed.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &generator) { Self.damage(&bytes, &generator) }
            // Only valid UTF-8 reaches the lexer; decoding is SourceText's part.
            let source = SourceText(name: "round \(round)", text: String(decoding: bytes, as: UTF8.self))
            check(source)
        }
    }

    private static func damage(_ bytes: inout [UInt8], _ generator: inout Generator) {
        let position = Int.random(in: 0...bytes.count, using: &generator)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0:
            bytes.removeSubrange(position..<min(bytes.count, position + Int.random(in: 1...8, using: &generator)))
        case 1: bytes.removeLast(bytes.count - position)
        case 2 where !bytes.isEmpty:
            let from = Int.random(in: 0..<bytes.count, using: &generator)
            let slice = bytes[from..<min(bytes.count, from + 12)]
            bytes.insert(contentsOf: Array(slice), at: position)
        default:
            if let piece = pieces.randomElement(using: &generator) { bytes.insert(contentsOf: Array(piece.utf8), at: position) }
        }
    }

    private func check(_ source: SourceText) {
        let end = Int32(source.bytes.count) + 2
        do {
            let module = try parse(module: source)
            for statement in module.body {
                #expect(statement.range.start >= 0 && statement.range.start <= statement.range.end && statement.range.end <= end)
            }
        } catch {
            #expect(error.range.start >= 0 && error.range.start <= error.range.end && error.range.end <= end, "\(source.name)")
            #expect(!error.rendered().isEmpty)
            #expect(!CodeFrame(error.range, in: error.source, context: 1).rendered().isEmpty)
        }
        var cursor: Int32 = 0
        for token in tokens(of: source) {
            #expect(token.range.start == cursor && token.range.end > cursor, "\(source.name)")
            cursor = token.range.end
        }
        #expect(Int(cursor) == source.bytes.count, "\(source.name)")
    }
}
