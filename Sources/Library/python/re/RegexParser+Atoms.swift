// Characters, escapes and sets.

extension RegexParser {
    mutating func atom(allowsFlags: Bool) throws(RegexProblem) -> RegexNode? {
        guard let code = current else { return .empty }
        let start = position
        switch code {
        case 0x28: return try group(allowsFlags: allowsFlags)
        case 0x5B: return try set()
        case 0x5C: return try escape()
        case 0x2E:
            position += 1
            return .any(matchesNewline: flags & RegexFlag.dotAll != 0)
        case 0x5E:
            position += 1
            return .assertion(flags & RegexFlag.multiline != 0 ? .lineStart : .textStart)
        case 0x24:
            position += 1
            return .assertion(flags & RegexFlag.multiline != 0 ? .lineEnd : .endOrLastNewline)
        case 0x2A, 0x2B, 0x3F: throw problem("nothing to repeat", start)
        case 0x7B:
            if try braces() != nil { throw problem("nothing to repeat", start) }
            position = start + 1
            return character(code)
        default:
            position += 1
            return character(code)
        }
    }

    func character(_ code: UInt32) -> RegexNode {
        let ignoresCase = flags & RegexFlag.ignoreCase != 0 && RegexCase.variants(code, isASCII: isASCII).contains { $0 != code }
        return .character(code, ignoresCase: ignoresCase, isASCII: isASCII)
    }

    func oneClass(_ kind: RegexSet.Class) -> RegexNode {
        var set = RegexSet()
        set.classes = [kind]
        set.isASCII = isASCII
        set.prepare()
        return .set(set)
    }

    static let classLetters: [UInt32: RegexSet.Class] = [
        0x64: .digit, 0x44: .notDigit, 0x77: .word, 0x57: .notWord, 0x73: .space, 0x53: .notSpace,
    ]

    mutating func escape() throws(RegexProblem) -> RegexNode {
        let start = position
        position += 1
        guard let code = current else { throw problem("bad escape (end of pattern)", start) }
        if let kind = RegexParser.classLetters[code] {
            position += 1
            return oneClass(kind)
        }
        switch code {
        case 0x41:
            position += 1
            return .assertion(.textStart)
        case 0x5A:
            position += 1
            return .assertion(.textEnd)
        case 0x62:
            position += 1
            return .assertion(.wordBoundary(isASCII: isASCII))
        case 0x42:
            position += 1
            return .assertion(.notWordBoundary(isASCII: isASCII))
        case 0x31...0x39: return try numberedReference(start)
        default: return character(try escapedCharacter(start, inSet: false))
        }
    }

    mutating func numberedReference(_ start: Int) throws(RegexProblem) -> RegexNode {
        // Three octal digits are a character, anything else a group number of up to two digits.
        if position + 2 < text.count, (0..<3).allSatisfy({ (0x30...0x37).contains(text[position + $0]) }) {
            let value = (0..<3).reduce(UInt32(0)) { $0 * 8 + text[position + $1] - 0x30 }
            if value > 0o377 { throw problem("octal escape value \\\(string(position..<position + 3)) outside of range 0-0o377", start) }
            position += 3
            return character(value)
        }
        var index = Int(text[position] - 0x30)
        position += 1
        if let next = current, next >= 0x30, next <= 0x39 {
            index = index * 10 + Int(next - 0x30)
            position += 1
        }
        if index > groupCount { throw problem("invalid group reference \(index)", start + 1) }
        if openGroups.contains(index) { throw problem("cannot refer to an open group", start) }
        try checkLookBehind(index, position)
        return .backreference(index, ignoresCase: flags & RegexFlag.ignoreCase != 0)
    }

    /// The character an escape stands for; `position` is at the letter behind the backslash.
    mutating func escapedCharacter(_ start: Int, inSet: Bool) throws(RegexProblem) -> UInt32 {
        guard let code = current else { throw problem("bad escape (end of pattern)", start) }
        position += 1
        switch code {
        case 0x61: return 7
        case 0x62 where inSet: return 8
        case 0x66: return 12
        case 0x6E: return 10
        case 0x72: return 13
        case 0x74: return 9
        case 0x76: return 11
        case 0x78: return try hexadecimal(2, start)
        case 0x75 where !isBytes: return try hexadecimal(4, start)
        case 0x55 where !isBytes:
            let value = try hexadecimal(8, start)
            if value > 0x10FFFF { throw problem("bad escape \(string(start..<position))", start) }
            return value
        case 0x4E where !isBytes: return try namedCharacter(start)
        case 0x30...0x37 where inSet || code == 0x30:
            var value = code - 0x30
            var count = 1
            while let next = current, next >= 0x30, next <= 0x37, count < 3 {
                value = value * 8 + next - 0x30
                position += 1
                count += 1
            }
            if value > 0o377 { throw problem("octal escape value \(string(start..<position)) outside of range 0-0o377", start) }
            return value
        default:
            let isLetter = (code >= 0x41 && code <= 0x5A) || (code >= 0x61 && code <= 0x7A) || (code >= 0x30 && code <= 0x39)
            if isLetter { throw problem("bad escape \(string(start..<position))", start) }
            return code
        }
    }

    /// `\\N{…}`
    mutating func namedCharacter(_ start: Int) throws(RegexProblem) -> UInt32 {
        guard take("{") else { throw problem("missing {", position) }
        let from = position
        while current != nil, current != 0x7D { position += 1 }
        guard current != nil else { throw problem("missing }, unterminated name", from) }
        let name = string(from..<position)
        if name.isEmpty { throw problem("missing character name", from) }
        position += 1
        let wanted = name.uppercased()
        for code in 0..<UInt32(0x110000) {
            if let scalar = Unicode.Scalar(code), scalar.properties.name == wanted || scalar.properties.nameAlias == wanted { return code }
        }
        throw problem("undefined character name '\(name)'", start)
    }

    mutating func hexadecimal(_ count: Int, _ start: Int) throws(RegexProblem) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<count {
            guard let code = current, let digit = Unicode.Scalar(code).flatMap({ Character($0).hexDigitValue }) else {
                throw problem("incomplete escape \(string(start..<position))", start)
            }
            value = value &* 16 &+ UInt32(digit)
            position += 1
        }
        return value
    }

    // MARK: sets

    mutating func set() throws(RegexProblem) -> RegexNode {
        let start = position
        position += 1
        var set = RegexSet()
        set.isASCII = isASCII
        set.ignoresCase = flags & RegexFlag.ignoreCase != 0
        if take("^") { set.isNegated = true }
        let first = position
        while true {
            guard let code = current else { throw problem("unterminated character set", start) }
            if code == 0x5D, position != first {
                position += 1
                break
            }
            let itemStart = position
            let low = try setItem(&set, start)
            guard take("-") else {
                if let low { set.ranges.append(low...low) }
                continue
            }
            guard let after = current else { throw problem("unterminated character set", start) }
            if after == 0x5D {
                if let low { set.ranges.append(low...low) }
                set.ranges.append(0x2D...0x2D)
                position += 1
                break
            }
            let high = try setItem(&set, start)
            guard let low, let high, low <= high else { throw problem("bad character range \(string(itemStart..<position))", itemStart) }
            set.ranges.append(low...high)
        }
        set.prepare()
        return .set(set)
    }

    /// One member: its character, or nil when a class was added.
    mutating func setItem(_ set: inout RegexSet, _ setStart: Int) throws(RegexProblem) -> UInt32? {
        guard let code = current else { throw problem("unterminated character set", setStart) }
        let start = position
        position += 1
        guard code == 0x5C else { return code }
        guard let letter = current else { throw problem("bad escape (end of pattern)", start) }
        if let kind = RegexParser.classLetters[letter] {
            position += 1
            set.classes.append(kind)
            return nil
        }
        return try escapedCharacter(start, inSet: true)
    }
}
