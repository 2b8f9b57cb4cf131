/// A parsed regular expression of the `re` module.
indirect enum RegexNode {
    case empty
    case character(UInt32, ignoresCase: Bool)
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
    /// Membership of characters below 256, filled by `prepare`.
    private(set) var low: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    /// Computes the table for low characters; call when complete.
    mutating func prepare() {
        var words: [UInt64] = [0, 0, 0, 0]
        for code in 0..<UInt32(256) where computes(code) { words[Int(code >> 6)] |= 1 << UInt64(code & 63) }
        low = (words[0], words[1], words[2], words[3])
    }

    @inline(__always)
    func contains(_ code: UInt32) -> Bool {
        if code < 256 {
            let word =
                switch code >> 6 {
                case 0: low.0
                case 1: low.1
                case 2: low.2
                default: low.3
                }
            return word >> UInt64(code & 63) & 1 != 0
        }
        return computes(code)
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

    static func variants(_ code: UInt32, isASCII: Bool) -> [UInt32] {
        if isASCII, code >= 128 { return [] }
        var found = [lower(code), upper(code)]
        // The two letters whose lower case differs from what they fold to.
        if !isASCII {
            if code == 0x17F || code == 0x73 || code == 0x53 { found += [0x17F, 0x73, 0x53] }
            if code == 0x212A || code == 0x6B || code == 0x4B { found += [0x212A, 0x6B, 0x4B] }
        }
        return found
    }

    @inline(__always)
    static func equal(_ a: UInt32, _ b: UInt32) -> Bool { a == b || lower(a) == lower(b) }
}
