/// Reserved words by their bytes: every one fits eight bytes, so a word is one integer and a look-up is one probe or two.
struct KeywordTable: Sendable {
    static let shared = KeywordTable()
    static let longest = 8

    private let keys: [UInt64]
    private let kinds: [TokenKind]

    private init() {
        var keys = [UInt64](repeating: 0, count: 128)
        var kinds = [TokenKind](repeating: .name, count: 128)
        for (kind, text) in TokenKind.keywordSpellings {
            var word: UInt64 = 0
            for (index, byte) in text.utf8.enumerated() { word |= UInt64(byte) << UInt64(8 * index) }
            var slot = Self.slot(of: word)
            while keys[slot] != 0 { slot = (slot + 1) & 127 }
            keys[slot] = word
            kinds[slot] = kind
        }
        self.keys = keys
        self.kinds = kinds
    }

    /// The kind of a word of at most eight bytes, packed little-endian: a keyword's, or `.name`.
    func kind(of word: UInt64) -> TokenKind {
        var slot = Self.slot(of: word)
        while keys[slot] != 0 {
            if keys[slot] == word { return kinds[slot] }
            slot = (slot + 1) & 127
        }
        return .name
    }

    private static func slot(of word: UInt64) -> Int { Int(truncatingIfNeeded: (word &* 0x9E37_79B9_7F4A_7C15) >> 57) }
}
