/// Why a pattern is no regular expression, and where (a character index).
struct RegexProblem: Error {
    let message: String
    let position: Int
}

/// Flags of the `re` module.
enum RegexFlag {
    static let template = 1
    static let ignoreCase = 2
    static let locale = 4
    static let multiline = 8
    static let dotAll = 16
    static let unicode = 32
    static let verbose = 64
    static let debug = 128
    static let ascii = 256
}

/// Recursive descent over the characters of a pattern.
struct RegexParser {
    private let text: [UInt32]
    private var position = 0
    private(set) var flags: Int
    private let isBytes: Bool
    private(set) var groupCount = 0
    private(set) var groupNames: [(name: String, index: Int)] = []
    private var openGroups: Set<Int> = []
    private var depth = 0

    init(_ text: [UInt32], flags: Int, isBytes: Bool) {
        self.text = text
        self.flags = flags
        self.isBytes = isBytes
    }

    private var isASCII: Bool { isBytes || flags & RegexFlag.ascii != 0 }
    private func scalar(_ character: Unicode.Scalar) -> UInt32 { character.value }
    private var current: UInt32? { position < text.count ? text[position] : nil }

    private func at(_ literal: String) -> Bool {
        var index = position
        for unit in literal.unicodeScalars {
            guard index < text.count, text[index] == unit.value else { return false }
            index += 1
        }
        return true
    }

    private mutating func take(_ literal: String) -> Bool {
        guard at(literal) else { return false }
        position += literal.unicodeScalars.count
        return true
    }

    private func problem(_ message: String, _ at: Int) -> RegexProblem { RegexProblem(message: message, position: at) }

    private func string(_ range: Range<Int>) -> String {
        String(String.UnicodeScalarView(text[range].compactMap { Unicode.Scalar($0) }))
    }

    /// The whole pattern.
    mutating func parse() throws(RegexProblem) -> RegexNode {
        let node = try alternatives()
        if position < text.count { throw problem("unbalanced parenthesis", position) }
        return node
    }

    private mutating func alternatives() throws(RegexProblem) -> RegexNode {
        depth += 1
        defer { depth -= 1 }
        if depth > 200 { throw problem("pattern nested too deeply", position) }
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .alternatives(branches)
    }

    private mutating func sequence() throws(RegexProblem) -> RegexNode {
        var items: [RegexNode] = []
        while let code = current, code != 0x7C, code != 0x29 {
            if flags & RegexFlag.verbose != 0 {
                if RegexCharacter.isSpace(code, isASCII: true) {
                    position += 1
                    continue
                }
                if code == 0x23 {
                    while let next = current, next != 0x0A { position += 1; _ = next }
                    continue
                }
            }
            let start = position
            guard let atom = try atom() else { continue }
            items.append(try repetitions(of: atom, start))
        }
        if items.count == 1 { return items[0] }
        return items.isEmpty ? .empty : .sequence(items)
    }

    // MARK: repetition

    private mutating func repetitions(of atom: RegexNode, _ start: Int) throws(RegexProblem) -> RegexNode {
        var node = atom
        var isRepeated = false
        while let code = current {
            let here = position
            var minimum = 0
            var maximum = RegexNode.unbounded
            switch code {
            case 0x2A: position += 1
            case 0x2B:
                position += 1
                minimum = 1
            case 0x3F:
                position += 1
                maximum = 1
            case 0x7B:
                guard let bounds = try braces() else { return node }
                (minimum, maximum) = bounds
            default: return node
            }
            if isRepeated { throw problem("multiple repeat", here) }
            if case .assertion = atom, case .assertion(.wordBoundary) = atom {} else if case .assertion = atom {
                throw problem("nothing to repeat", here)
            }
            var mode = RegexNode.RepeatMode.greedy
            if take("?") { mode = .lazy } else if take("+") { mode = .possessive }
            node = .repeat(atom, minimum: minimum, maximum: maximum, mode)
            isRepeated = true
        }
        return node
    }

    /// `{m,n}`; nil (nothing consumed) when the brace is an ordinary character.
    private mutating func braces() throws(RegexProblem) -> (Int, Int)? {
        let start = position
        position += 1
        func fail() -> (Int, Int)? { nil }
        let low = digits()
        var high = low
        var hasComma = false
        if take(",") {
            hasComma = true
            high = digits()
        }
        guard current == 0x7D, low != nil || hasComma else {
            position = start
            return nil
        }
        position += 1
        let minimum = low ?? 0
        let maximum = hasComma ? high ?? RegexNode.unbounded : minimum
        if minimum > 4_294_967_294 || (maximum != RegexNode.unbounded && maximum > 4_294_967_294) {
            throw problem("the repetition number is too large", start)
        }
        if maximum < minimum { throw problem("min repeat greater than max repeat", start + 1) }
        return (minimum, maximum)
    }

    private mutating func digits() -> Int? {
        var value: Int?
        while let code = current, code >= 0x30, code <= 0x39 {
            value = min((value ?? 0) * 10 + Int(code - 0x30), 1 << 40)
            position += 1
        }
        return value
    }

    // MARK: atoms

    private mutating func atom() throws(RegexProblem) -> RegexNode? {
        guard let code = current else { return .empty }
        let start = position
        switch code {
        case 0x28: return try group()
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
            let saved = position
            if try braces() != nil { throw problem("nothing to repeat", start) }
            position = saved + 1
            return character(code)
        default:
            position += 1
            return character(code)
        }
    }

    private func character(_ code: UInt32) -> RegexNode {
        let ignoresCase = flags & RegexFlag.ignoreCase != 0 && (!isASCII || code < 128) && RegexCase.variants(code, isASCII: isASCII).contains { $0 != code }
        return .character(code, ignoresCase: ignoresCase)
    }

    private func oneClass(_ kind: RegexSet.Class) -> RegexNode {
        var set = RegexSet()
        set.classes = [kind]
        set.isASCII = isASCII
        set.prepare()
        return .set(set)
    }

    private static let classLetters: [UInt32: RegexSet.Class] = [
        0x64: .digit, 0x44: .notDigit, 0x77: .word, 0x57: .notWord, 0x73: .space, 0x53: .notSpace,
    ]

    private mutating func escape() throws(RegexProblem) -> RegexNode {
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

    private mutating func numberedReference(_ start: Int) throws(RegexProblem) -> RegexNode {
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
        return .backreference(index, ignoresCase: flags & RegexFlag.ignoreCase != 0)
    }

    /// The character an escape stands for; `position` is at the letter behind the backslash.
    private mutating func escapedCharacter(_ start: Int, inSet: Bool) throws(RegexProblem) -> UInt32 {
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
        case 0x30...0x37:
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

    private mutating func hexadecimal(_ count: Int, _ start: Int) throws(RegexProblem) -> UInt32 {
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

    private mutating func set() throws(RegexProblem) -> RegexNode {
        let start = position
        position += 1
        var set = RegexSet()
        set.isASCII = isASCII
        set.ignoresCase = flags & RegexFlag.ignoreCase != 0
        if take("^") { set.isNegated = true }
        var isFirst = true
        while true {
            guard let code = current else { throw problem("unterminated character set", start) }
            if code == 0x5D, !isFirst {
                position += 1
                break
            }
            isFirst = false
            let itemStart = position
            let low = try setItem(&set)
            guard current == 0x2D, position + 1 < text.count, text[position + 1] != 0x5D else {
                if current == 0x2D, position + 1 >= text.count { throw problem("unterminated character set", start) }
                if let low { set.ranges.append(low...low) }
                continue
            }
            position += 1
            let high = try setItem(&set)
            guard let low, let high else { throw problem("bad character range \(string(itemStart..<position))", itemStart) }
            if high < low { throw problem("bad character range \(string(itemStart..<position))", itemStart) }
            set.ranges.append(low...high)
        }
        set.prepare()
        return .set(set)
    }

    /// One member: its character, or nil when a class was added.
    private mutating func setItem(_ set: inout RegexSet) throws(RegexProblem) -> UInt32? {
        guard let code = current else { throw problem("unterminated character set", position) }
        let start = position
        position += 1
        guard code == 0x5C else { return code }
        guard let letter = current else { throw problem("unterminated character set", start) }
        if let kind = RegexParser.classLetters[letter] {
            position += 1
            set.classes.append(kind)
            return nil
        }
        return try escapedCharacter(start, inSet: true)
    }

    // MARK: groups

    private mutating func group() throws(RegexProblem) -> RegexNode? {
        let start = position
        position += 1
        guard take("?") else { return try capture(nil, start) }
        if take(":") { return try closed(start) }
        if take("P") { return try named(start) }
        if take("#") {
            while let code = current, code != 0x29 { position += 1; _ = code }
            guard take(")") else { throw problem("missing ), unterminated comment", start) }
            return nil
        }
        if take("=") { return .look(try closed(start), isNegative: false, width: nil) }
        if take("!") { return .look(try closed(start), isNegative: true, width: nil) }
        if take(">") { return .atomic(try closed(start)) }
        if take("<=") { return try lookBehind(isNegative: false, start) }
        if take("<!") { return try lookBehind(isNegative: true, start) }
        if take("(") { return try conditional(start) }
        if at("<") {
            position += 1
            guard let code = current else { throw problem("unexpected end of pattern", position) }
            throw problem("unknown extension ?<\(string(position..<position + 1))", start + 1 + (code == 0 ? 0 : 0))
        }
        return try inlineFlags(start)
    }

    private mutating func closed(_ start: Int) throws(RegexProblem) -> RegexNode {
        let saved = flags
        let node = try alternatives()
        guard take(")") else { throw problem("missing ), unterminated subpattern", start) }
        flags = saved
        return node
    }

    private mutating func capture(_ name: String?, _ start: Int) throws(RegexProblem) -> RegexNode {
        groupCount += 1
        let index = groupCount
        if let name {
            if let existing = groupNames.first(where: { $0.name == name }) {
                throw problem("redefinition of group name '\(name)' as group \(index); was group \(existing.index)", start + 4)
            }
            groupNames.append((name, index))
        }
        openGroups.insert(index)
        let body = try closed(start)
        openGroups.remove(index)
        return .group(body, index: index)
    }

    private mutating func named(_ start: Int) throws(RegexProblem) -> RegexNode {
        if take("<") {
            let name = try groupName(until: 0x3E, ">")
            return try capture(name, start)
        }
        if take("=") {
            let at = position
            let name = try groupName(until: 0x29, ")")
            guard let group = groupNames.first(where: { $0.name == name }) else { throw problem("unknown group name '\(name)'", at) }
            if openGroups.contains(group.index) { throw problem("cannot refer to an open group", at) }
            return .backreference(group.index, ignoresCase: flags & RegexFlag.ignoreCase != 0)
        }
        guard position < text.count else { throw problem("unexpected end of pattern", position) }
        throw problem("unknown extension ?P\(string(position..<position + 1))", start + 1)
    }

    private mutating func groupName(until end: UInt32, _ shown: String) throws(RegexProblem) -> String {
        let start = position
        while let code = current, code != end { position += 1; _ = code }
        guard current == end else {
            if start == position { throw problem("missing group name", start) }
            throw problem("missing \(shown), unterminated name", start)
        }
        let name = string(start..<position)
        position += 1
        if name.isEmpty { throw problem("missing group name", start) }
        let scalars = Array(name.unicodeScalars)
        let isIdentifier =
            (RegexCharacter.isWord(scalars[0].value, isASCII: false) && !RegexCharacter.isDigit(scalars[0].value, isASCII: false))
            && scalars.allSatisfy { RegexCharacter.isWord($0.value, isASCII: false) }
        if !isIdentifier { throw problem("bad character in group name '\(name)'", start) }
        return name
    }

    private mutating func conditional(_ start: Int) throws(RegexProblem) -> RegexNode {
        let at = position
        while let code = current, code != 0x29 { position += 1; _ = code }
        guard current != nil else { throw problem("missing ), unterminated name", at) }
        let name = string(at..<position)
        position += 1
        let index: Int
        if let number = Int(name) {
            index = number
            if number == 0 { throw problem("bad group number", at) }
            if number > groupCount { throw problem("invalid group reference \(number)", at) }
        } else {
            guard let group = groupNames.first(where: { $0.name == name }) else { throw problem("unknown group name '\(name)'", at) }
            index = group.index
        }
        let yes = try sequence()
        var no = RegexNode.empty
        if take("|") {
            no = try sequence()
            if current == 0x7C { throw problem("conditional backref with more than two branches", position) }
        }
        guard take(")") else { throw problem("missing ), unterminated subpattern", start) }
        return .conditional(group: index, yes, no)
    }

    private mutating func lookBehind(isNegative: Bool, _ start: Int) throws(RegexProblem) -> RegexNode {
        let body = try closed(start)
        guard let width = RegexParser.fixedWidth(body) else { throw problem("look-behind requires fixed-width pattern", start) }
        return .look(body, isNegative: isNegative, width: width)
    }

    private mutating func inlineFlags(_ start: Int) throws(RegexProblem) -> RegexNode? {
        let letters: [UInt32: Int] = [
            0x61: RegexFlag.ascii, 0x69: RegexFlag.ignoreCase, 0x4C: RegexFlag.locale, 0x6D: RegexFlag.multiline, 0x73: RegexFlag.dotAll,
            0x75: RegexFlag.unicode, 0x78: RegexFlag.verbose,
        ]
        var on = 0
        var off = 0
        var isOff = false
        while true {
            guard let code = current else { throw problem("missing -, : or )", position) }
            position += 1
            if let flag = letters[code] {
                if isOff { off |= flag } else { on |= flag }
                continue
            }
            switch code {
            case 0x2D where !isOff: isOff = true
            case 0x29 where !isOff:
                if start != 0 { throw problem("global flags not at the start of the expression", start) }
                flags |= on
                return nil
            case 0x3A:
                let saved = flags
                flags = (flags | on) & ~off
                if on & RegexFlag.unicode != 0 { flags &= ~RegexFlag.ascii }
                let node = try closed(start)
                flags = saved
                return node
            default:
                if on == 0, off == 0, !isOff { throw problem("unknown extension ?\(string(position - 1..<position))", start + 1) }
                throw problem("unknown flag", position - 1)
            }
        }
    }

    /// How many characters a pattern matches, when that is always the same.
    static func fixedWidth(_ node: RegexNode) -> Int? {
        switch node {
        case .empty, .assertion, .look: return 0
        case .character, .any, .set: return 1
        case .sequence(let items):
            var total = 0
            for item in items {
                guard let width = fixedWidth(item) else { return nil }
                total += width
            }
            return total
        case .alternatives(let items):
            let widths = items.map { fixedWidth($0) }
            guard let first = widths.first ?? nil, widths.allSatisfy({ $0 == first }) else { return nil }
            return first
        case .repeat(let body, let minimum, let maximum, _):
            guard minimum == maximum, let width = fixedWidth(body) else { return nil }
            return width * minimum
        case .group(let body, _), .atomic(let body): return fixedWidth(body)
        case .backreference: return nil
        case .conditional(_, let yes, let no):
            guard let width = fixedWidth(yes), fixedWidth(no) == width else { return nil }
            return width
        }
    }
}
