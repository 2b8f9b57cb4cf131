/// A parsed regular expression of the `re` module.
indirect enum RegexNode {
    case empty
    case character(UInt32, ignoresCase: Bool, isASCII: Bool)
    /// `.`; with DOTALL it matches line ends too.
    case any(matchesNewline: Bool)
    case set(RegexSet)
    case sequence([RegexNode])
    case alternatives([RegexNode])
    case `repeat`(RegexNode, minimum: Int, maximum: Int, RepeatMode)
    case group(RegexNode, index: Int)
    case backreference(Int, ignoresCase: Bool)
    case assertion(RegexAssertion)
    /// `(?=…)`, `(?!…)`, `(?<=…)`, `(?<!…)`; `width` characters back for look-behind, nil for look-ahead.
    case look(RegexNode, isNegative: Bool, width: Int?)
    case atomic(RegexNode)
    /// `(?(1)yes|no)`
    case conditional(group: Int, RegexNode, RegexNode)

    enum RepeatMode { case greedy, lazy, possessive }

    /// `maximum` of an unbounded repetition.
    static let unbounded = Int.max
}

enum RegexAssertion {
    case textStart, textEnd, lineStart, lineEnd, endOrLastNewline
    case wordBoundary(isASCII: Bool)
    case notWordBoundary(isASCII: Bool)
}

/// A set of characters: ranges and classes, possibly negated.
struct RegexSet {
    enum Class {
        case digit, notDigit, word, notWord, space, notSpace
    }
    var isNegated = false
    var ranges: [ClosedRange<UInt32>] = []
    var classes: [Class] = []
    var isASCII = false
    var ignoresCase = false
    /// Membership of characters below 256 in four words, filled by `prepare`.
    private(set) var table: [UInt64] = [0, 0, 0, 0]

    /// Computes the table for low characters; call when complete.
    mutating func prepare() {
        table = [0, 0, 0, 0]
        for code in 0..<UInt32(256) where computes(code) { table[Int(code >> 6)] |= 1 << UInt64(code & 63) }
    }

    func contains(_ code: UInt32) -> Bool {
        code < 256 ? table[Int(code >> 6)] >> UInt64(code & 63) & 1 != 0 : computes(code)
    }

    /// The one member of a set like `[.]`.
    var onlyCharacter: UInt32? {
        guard !isNegated, !ignoresCase, classes.isEmpty, ranges.count == 1, ranges[0].count == 1 else { return nil }
        return ranges[0].lowerBound
    }

    /// Whether characters from 256 up can be members.
    var mayIncludeHigh: Bool {
        isNegated || ignoresCase || ranges.contains { $0.upperBound > 255 }
            || classes.contains { kind in
                switch kind {
                case .notDigit, .notWord, .notSpace: true
                case .digit, .word, .space: !isASCII
                }
            }
    }

    private func computes(_ code: UInt32) -> Bool {
        var found = includes(code)
        if !found, ignoresCase {
            found = RegexCase.variants(code, isASCII: isASCII).contains { includes($0) }
        }
        return found != isNegated
    }

    private func includes(_ code: UInt32) -> Bool {
        for range in ranges where range.contains(code) { return true }
        for kind in classes {
            let hit =
                switch kind {
                case .digit: RegexCharacter.isDigit(code, isASCII: isASCII)
                case .notDigit: !RegexCharacter.isDigit(code, isASCII: isASCII)
                case .word: RegexCharacter.isWord(code, isASCII: isASCII)
                case .notWord: !RegexCharacter.isWord(code, isASCII: isASCII)
                case .space: RegexCharacter.isSpace(code, isASCII: isASCII)
                case .notSpace: !RegexCharacter.isSpace(code, isASCII: isASCII)
                }
            if hit { return true }
        }
        return false
    }
}

/// The character classes of `\d`, `\w`, `\s`.
enum RegexCharacter {
    static func isDigit(_ code: UInt32, isASCII: Bool) -> Bool {
        if code < 128 || isASCII { return code >= 0x30 && code <= 0x39 }
        return Unicode.Scalar(code)?.properties.generalCategory == .decimalNumber
    }

    @inline(__always)
    static func isWord(_ code: UInt32, isASCII: Bool) -> Bool {
        if code < 128 {
            return (code >= 0x61 && code <= 0x7A) || (code >= 0x41 && code <= 0x5A) || (code >= 0x30 && code <= 0x39) || code == 0x5F
        }
        if isASCII { return false }
        guard let scalar = Unicode.Scalar(code) else { return false }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber, .letterNumber, .otherNumber:
            return true
        default: return false
        }
    }

    static func isSpace(_ code: UInt32, isASCII: Bool) -> Bool {
        if code < 128 { return code == 0x20 || (code >= 0x09 && code <= 0x0D) || (!isASCII && code >= 0x1C && code <= 0x1F) }
        if isASCII { return false }
        return code == 0x85 || code == 0xA0 || Unicode.Scalar(code)?.properties.isWhitespace == true
    }
}

/// Letters that are equal when case is ignored.
enum RegexCase {
    static func lower(_ code: UInt32) -> UInt32 {
        if code < 128 { return code >= 0x41 && code <= 0x5A ? code + 32 : code }
        // The one letter whose full lower case has two characters.
        if code == 0x130 { return 0x69 }
        guard let scalar = Unicode.Scalar(code) else { return code }
        let mapped = scalar.properties.lowercaseMapping.unicodeScalars
        return mapped.count == 1 ? mapped.first.map { $0.value } ?? code : code
    }

    static func upper(_ code: UInt32) -> UInt32 {
        if code < 128 { return code >= 0x61 && code <= 0x7A ? code - 32 : code }
        guard let scalar = Unicode.Scalar(code) else { return code }
        let mapped = scalar.properties.uppercaseMapping.unicodeScalars
        return mapped.count == 1 ? mapped.first.map { $0.value } ?? code : code
    }

    /// Lower-case letters that share their upper case with another one, and upper-case letters that share their lower case.
    private static let shared: [UInt32] = [
        0x131, 0x17F, 0xB5, 0x345, 0x1FBE, 0x3C2, 0x3D0, 0x3D1, 0x3D5, 0x3D6, 0x3F0, 0x3F1, 0x3F5, 0x1E9B, 0x1C80, 0x1C81, 0x1C82, 0x1C83, 0x1C84,
        0x1C85, 0x1C86, 0x1C87, 0x1C88, 0x130, 0x212A, 0x212B, 0x2126, 0x1E9E,
    ]

    /// Every character that equals `code`, itself included.
    static func variants(_ code: UInt32, isASCII: Bool) -> [UInt32] {
        let (lower, upper) = (lower(code), upper(code))
        if isASCII { return code < 128 ? [code, lower, upper] : [code] }
        var found = [code, lower, upper, RegexCase.lower(upper), RegexCase.upper(lower)]
        let root = RegexCase.upper(lower)
        for other in shared where RegexCase.upper(RegexCase.lower(other)) == root { found.append(other) }
        return found
    }
}
