/// Characters by their Unicode names, for `\N{…}`: Unicode 14, as in Python 3.11, without the aliases of control characters.
package enum CharacterNames {
    /// Built at the first `\N{…}`: most programs never spell a character by name.
    private static let table: [String: UInt32] = {
        var table: [String: UInt32] = [:]
        table.reserveCapacity(40_000)
        for range in [UInt32(0x20)...0x33FF, 0x4DC0...0x4DFF, 0xA000...0xABFF, 0xD7B0...0x16FFF, 0x1AFF0...0x1FFFF, 0xE0000...0xE01EF] {
            for code in range {
                guard let properties = Unicode.Scalar(code)?.properties, let age = properties.age, age.major <= 14 else { continue }
                if let name = properties.name { table[name] = code }
                if let alias = properties.nameAlias { table[alias] = code }
            }
        }
        return table
    }()

    /// The code point called `name`, in any letter case.
    package static func codePoint(named name: String) -> UInt32? {
        let name = name.uppercased()
        if let found = table[name] { return found }
        return algorithmic(name)
    }

    /// Names that hold their own code point, and the syllables of Hangul, outside the ranges of the table.
    private static func algorithmic(_ name: String) -> UInt32? {
        if name.hasPrefix("CJK UNIFIED IDEOGRAPH-"), let code = UInt32(name.dropFirst(22), radix: 16) {
            return Unicode.Scalar(code)?.properties.name == name ? code : nil
        }
        guard name.hasPrefix("HANGUL SYLLABLE ") || name.hasPrefix("TANGUT ") || name.hasPrefix("KHITAN ") || name.hasPrefix("NUSHU ") else {
            return nil
        }
        for range in [UInt32(0xAC00)...0xD7A3, 0x17000...0x1AFEF] {
            if let code = range.first(where: { Unicode.Scalar($0)?.properties.name == name }) { return code }
        }
        return nil
    }
}
