/// Why a pattern is no regular expression, and where (a character index).
struct RegexProblem: Error {
    /// Which exception says it.
    enum Kind { case pattern, value, overflow }

    let message: String
    let position: Int?
    var kind = Kind.pattern
}

/// Recursive descent over the characters of a pattern.
struct RegexParser {
    private let text: [UInt32]
    private var position = 0
    /// Flags in force here: those of the call, of the pattern's start and of the groups around.
    private(set) var flags: Int
    private let isBytes: Bool
    private(set) var groupCount = 0
    private(set) var groupNames: [(name: String, index: Int)] = []
    private var openGroups: Set<Int> = []
    /// Characters that closed groups match, where that is fixed.
    private var groupWidths: [Int: ClosedRange<Int>] = [:]
    /// A look-behind matches texts of several lengths: refused once the rest is known to be well-formed.
    private var hasOpenLookBehind = false
    /// Groups there were when the outermost look-behind began.
    private var lookBehindGroups: Int?
    /// Groups that conditions name before they are known to exist.
    private var conditions: [(group: Int, position: Int)] = []
    private var depth = 0
    /// `(?x)` at the start changes how everything is read: begin again with it.
    private var startsOver = false

    private static let types = RegexFlag.ascii | RegexFlag.locale | RegexFlag.unicode

    private init(_ text: [UInt32], flags: Int, isBytes: Bool) {
        self.text = text
        self.flags = flags
        self.isBytes = isBytes
    }

    /// A whole pattern; the parser then knows its flags and groups.
    static func parse(_ text: [UInt32], flags: Int, isBytes: Bool) throws(RegexProblem) -> (RegexParser, RegexNode) {
        var parser = RegexParser(text, flags: flags, isBytes: isBytes)
        var node = try parser.alternatives(isWhole: true)
        if parser.startsOver {
            parser = RegexParser(text, flags: flags | RegexFlag.verbose, isBytes: isBytes)
            node = try parser.alternatives(isWhole: true)
        }
        try parser.settleFlags()
        if parser.position < text.count { throw parser.problem("unbalanced parenthesis", parser.position) }
        for (group, position) in parser.conditions where group > parser.groupCount {
            throw parser.problem("invalid group reference \(group)", position)
        }
        if parser.hasOpenLookBehind { throw RegexProblem(message: "look-behind requires fixed-width pattern", position: nil) }
        return (parser, node)
    }

    /// Str patterns are Unicode unless told otherwise.
    private mutating func settleFlags() throws(RegexProblem) {
        func refuse(_ message: String) -> RegexProblem { RegexProblem(message: message, position: 0, kind: .value) }
        if isBytes {
            if flags & RegexFlag.unicode != 0 { throw refuse("cannot use UNICODE flag with a bytes pattern") }
            if flags & RegexFlag.locale != 0, flags & RegexFlag.ascii != 0 { throw refuse("ASCII and LOCALE flags are incompatible") }
            return
        }
        if flags & RegexFlag.locale != 0 { throw refuse("cannot use LOCALE flag with a str pattern") }
        if flags & RegexFlag.ascii == 0 {
            flags |= RegexFlag.unicode
        } else if flags & RegexFlag.unicode != 0 {
            throw refuse("ASCII and UNICODE flags are incompatible")
        }
    }

    private var isASCII: Bool { isBytes || flags & RegexFlag.ascii != 0 }
    private var isVerbose: Bool { flags & RegexFlag.verbose != 0 }
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

    private mutating func alternatives(isWhole: Bool = false) throws(RegexProblem) -> RegexNode {
        depth += 1
        defer { depth -= 1 }
        if depth > 200 { throw problem("pattern nested too deeply", position) }
        var branches = [try sequence(allowsFlags: isWhole)]
        while !startsOver, take("|") { branches.append(try sequence(allowsFlags: false)) }
        return branches.count == 1 ? branches[0] : .alternatives(branches)
    }

    /// `allowsFlags`: the pattern begins here, so flags for all of it may stand before the first item.
    private mutating func sequence(allowsFlags: Bool) throws(RegexProblem) -> RegexNode {
        var items: [RegexNode] = []
        while let code = current, code != 0x7C, code != 0x29 {
            if isVerbose, skipsVerbose(code) { continue }
            let start = position
            guard let atom = try atom(allowsFlags: allowsFlags && items.isEmpty) else {
                if startsOver { return .empty }
                continue
            }
            items.append(try repetitions(of: atom, start))
        }
        if items.count == 1 { return items[0] }
        return items.isEmpty ? .empty : .sequence(items)
    }

    /// White space and comments of verbose patterns.
    private mutating func skipsVerbose(_ code: UInt32) -> Bool {
        if RegexCharacter.isSpace(code, isASCII: true) {
            position += 1
            return true
        }
        guard code == 0x23 else { return false }
        while let next = current {
            position += 1
            if next == 0x0A { break }
        }
        return true
    }

    // MARK: repetition

    private mutating func repetitions(of atom: RegexNode, _ start: Int) throws(RegexProblem) -> RegexNode {
        var node = atom
        var isRepeated = false
        while let code = current {
            let here = position
            var bounds = (minimum: 0, maximum: RegexNode.unbounded)
            switch code {
            case 0x2A: position += 1
            case 0x2B:
                position += 1
                bounds.minimum = 1
            case 0x3F:
                position += 1
                bounds.maximum = 1
            case 0x7B:
                guard let found = try braces() else { return node }
                bounds = found
            default:
                if isVerbose, skipsVerbose(code) { continue }
                return node
            }
            // Messages count from the start of the repetition.
            if isRepeated { throw problem("multiple repeat", here) }
            if case .assertion = atom { throw problem("nothing to repeat", here) }
            var mode = RegexNode.RepeatMode.greedy
            if take("?") { mode = .lazy } else if take("+") { mode = .possessive }
            node = .repeat(atom, minimum: bounds.minimum, maximum: bounds.maximum, mode)
            isRepeated = true
        }
        return node
    }

    /// `{m,n}`; nil (nothing consumed) when the brace is an ordinary character.
    private mutating func braces() throws(RegexProblem) -> (minimum: Int, maximum: Int)? {
        let start = position
        position += 1
        if current == 0x7D {
            position = start
            return nil
        }
        let low = digits()
        var high = low
        if take(",") { high = digits() }
        guard current == 0x7D else {
            position = start
            return nil
        }
        position += 1
        let minimum = low ?? 0
        let maximum = high ?? RegexNode.unbounded
        if minimum >= 4_294_967_295 || (maximum != RegexNode.unbounded && maximum >= 4_294_967_295) {
            throw RegexProblem(message: "the repetition number is too large", position: nil, kind: .overflow)
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

    private mutating func atom(allowsFlags: Bool) throws(RegexProblem) -> RegexNode? {
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

    private func character(_ code: UInt32) -> RegexNode {
        let ignoresCase = flags & RegexFlag.ignoreCase != 0 && RegexCase.variants(code, isASCII: isASCII).contains { $0 != code }
        return .character(code, ignoresCase: ignoresCase, isASCII: isASCII)
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
        try checkLookBehind(index, position)
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
    private mutating func namedCharacter(_ start: Int) throws(RegexProblem) -> UInt32 {
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
    private mutating func setItem(_ set: inout RegexSet, _ setStart: Int) throws(RegexProblem) -> UInt32? {
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

    // MARK: groups

    /// A parenthesis; nil for comments and flags.
    private mutating func group(allowsFlags: Bool) throws(RegexProblem) -> RegexNode? {
        let start = position
        position += 1
        guard take("?") else { return try capture(nil, start) }
        guard let code = current else { throw problem("unexpected end of pattern", position) }
        position += 1
        switch code {
        case 0x50: return try named(start)
        case 0x3A: return try closed(start)
        case 0x23:
            while current != nil, current != 0x29 { position += 1 }
            guard take(")") else { throw problem("missing ), unterminated comment", start) }
            return nil
        case 0x3D, 0x21: return .look(try closed(start), isNegative: code == 0x21, width: nil)
        case 0x3C:
            guard let kind = current else { throw problem("unexpected end of pattern", position) }
            position += 1
            guard kind == 0x3D || kind == 0x21 else { throw problem("unknown extension ?<\(string(position - 1..<position))", start + 1) }
            return try lookBehind(isNegative: kind == 0x21, start)
        case 0x28: return try conditional(start)
        case 0x3E: return .atomic(try closed(start))
        default:
            if RegexParser.flagLetters[code] == nil, code != 0x2D {
                throw problem("unknown extension ?\(string(position - 1..<position))", start + 1)
            }
            position -= 1
            return try inlineFlags(start, allowsFlags: allowsFlags)
        }
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
                throw problem(
                    "redefinition of group name '\(name)' as group \(index); was group \(existing.index)",
                    position - name.unicodeScalars.count - 1)
            }
            groupNames.append((name, index))
        }
        openGroups.insert(index)
        let body = try closed(start)
        openGroups.remove(index)
        groupWidths[index] = RegexParser.width(body, groupWidths)
        return .group(body, index: index)
    }

    private mutating func named(_ start: Int) throws(RegexProblem) -> RegexNode {
        if take("<") {
            let name = try groupName(until: 0x3E, ">")
            try checkName(name, name.unicodeScalars.count + 1)
            return try capture(name, start)
        }
        if take("=") {
            let name = try groupName(until: 0x29, ")")
            let place = position - name.unicodeScalars.count - 1
            try checkName(name, name.unicodeScalars.count + 1)
            guard let group = groupNames.first(where: { $0.name == name }) else { throw problem("unknown group name '\(name)'", place) }
            if openGroups.contains(group.index) { throw problem("cannot refer to an open group", place) }
            try checkLookBehind(group.index, position)
            return .backreference(group.index, ignoresCase: flags & RegexFlag.ignoreCase != 0)
        }
        guard position < text.count else { throw problem("unexpected end of pattern", position) }
        throw problem("unknown extension ?P\(string(position..<position + 1))", start + 1)
    }

    /// The text up to a closing character, which is consumed too.
    private mutating func groupName(until end: UInt32, _ shown: String) throws(RegexProblem) -> String {
        let start = position
        while current != nil, current != end { position += 1 }
        let name = string(start..<position)
        guard current == end else {
            if name.isEmpty { throw problem("missing group name", start) }
            throw problem("missing \(shown), unterminated name", start)
        }
        if name.isEmpty { throw problem("missing group name", start) }
        position += 1
        return name
    }

    private func checkName(_ name: String, _ back: Int) throws(RegexProblem) {
        if !RegexParser.isIdentifier(name) || (isBytes && name.utf8.contains { $0 >= 128 }) {
            throw problem("bad character in group name \(RegexParser.quoted(name))", position - back)
        }
    }

    static func isIdentifier(_ name: String) -> Bool {
        guard let first = name.unicodeScalars.first, RegexCharacter.isWord(first.value, isASCII: false) else { return false }
        return !RegexCharacter.isDigit(first.value, isASCII: false)
            && name.unicodeScalars.allSatisfy { RegexCharacter.isWord($0.value, isASCII: false) }
    }

    /// As `repr` shows short names.
    static func quoted(_ name: String) -> String {
        let quote = name.contains("'") && !name.contains("\"") ? "\"" : "'"
        var result = quote
        for scalar in name.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "'" where quote == "'": result += "\\'"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + quote
    }

    private mutating func conditional(_ start: Int) throws(RegexProblem) -> RegexNode {
        let name = try groupName(until: 0x29, ")")
        let place = position - name.unicodeScalars.count - 1
        let index: Int
        if RegexParser.isIdentifier(name) {
            guard let group = groupNames.first(where: { $0.name == name }) else { throw problem("unknown group name '\(name)'", place) }
            index = group.index
        } else {
            guard let number = Int(name), number >= 0 else {
                throw problem("bad character in group name \(RegexParser.quoted(name))", place)
            }
            if number == 0 { throw problem("bad group number", place) }
            if number >= 2_147_483_647 / 2 { throw problem("invalid group reference \(number)", place) }
            index = number
            conditions.append((number, place))
        }
        try checkLookBehind(index, position)
        let saved = flags
        let yes = try sequence(allowsFlags: false)
        var no = RegexNode.empty
        if take("|") {
            no = try sequence(allowsFlags: false)
            if current == 0x7C { throw problem("conditional backref with more than two branches", position) }
        }
        guard take(")") else { throw problem("missing ), unterminated subpattern", start) }
        flags = saved
        return .conditional(group: index, yes, no)
    }

    private mutating func lookBehind(isNegative: Bool, _ start: Int) throws(RegexProblem) -> RegexNode {
        let saved = lookBehindGroups
        lookBehindGroups = saved ?? groupCount
        let body = try closed(start)
        lookBehindGroups = saved
        let width = RegexParser.width(body, groupWidths)
        if width.lowerBound != width.upperBound { hasOpenLookBehind = true }
        return .look(body, isNegative: isNegative, width: width.lowerBound)
    }

    /// Look-behinds must know the width of what they refer to.
    private func checkLookBehind(_ group: Int, _ place: Int) throws(RegexProblem) {
        guard let known = lookBehindGroups else { return }
        if group > groupCount || openGroups.contains(group) { throw problem("cannot refer to an open group", place) }
        if group > known { throw problem("cannot refer to group defined in the same lookbehind subpattern", place) }
    }

    // MARK: flags

    private static let flagLetters: [UInt32: Int] = [
        0x61: RegexFlag.ascii, 0x69: RegexFlag.ignoreCase, 0x4C: RegexFlag.locale, 0x6D: RegexFlag.multiline, 0x73: RegexFlag.dotAll,
        0x75: RegexFlag.unicode, 0x78: RegexFlag.verbose,
    ]

    private static func isLetter(_ code: UInt32) -> Bool { Unicode.Scalar(code)?.properties.isAlphabetic ?? false }

    /// `(?i)` for the whole pattern, `(?i-m:…)` for a group.
    private mutating func inlineFlags(_ start: Int, allowsFlags: Bool) throws(RegexProblem) -> RegexNode? {
        let on = try flagsToSet()
        let end = text[position - 1]
        if end == 0x29 {
            if !allowsFlags { throw problem("global flags not at the start of the expression", start) }
            if on & RegexFlag.verbose != 0, !isVerbose { startsOver = true }
            flags |= on
            return nil
        }
        let off = end == 0x2D ? try flagsToClear() : 0
        if on & off != 0 { throw problem("bad inline flags: flag turned on and off", position - 1) }
        let saved = flags
        // The kind of text that classes assume is one of three.
        if on & RegexParser.types != 0 { flags &= ~RegexParser.types }
        flags = (flags | on) & ~off
        let node = try closed(start)
        flags = saved
        return node
    }

    /// Letters up to `-`, `:` or `)`, which is consumed.
    private mutating func flagsToSet() throws(RegexProblem) -> Int {
        var on = 0
        while true {
            guard let code = current else { throw problem("missing -, : or )", position) }
            position += 1
            if code == 0x29 || code == 0x2D || code == 0x3A { return on }
            guard let flag = RegexParser.flagLetters[code] else {
                throw problem(RegexParser.isLetter(code) ? "unknown flag" : "missing -, : or )", position - 1)
            }
            if flag == RegexFlag.locale, !isBytes { throw problem("bad inline flags: cannot use 'L' flag with a str pattern", position) }
            if flag == RegexFlag.unicode, isBytes { throw problem("bad inline flags: cannot use 'u' flag with a bytes pattern", position) }
            on |= flag
            if flag & RegexParser.types != 0, on & RegexParser.types != flag {
                throw problem("bad inline flags: flags 'a', 'u' and 'L' are incompatible", position)
            }
        }
    }

    /// Letters up to `:`, which is consumed.
    private mutating func flagsToClear() throws(RegexProblem) -> Int {
        var off = 0
        var missing = "missing flag"
        while true {
            guard let code = current else { throw problem(missing, position) }
            position += 1
            if code == 0x3A, off != 0 { return off }
            guard let flag = RegexParser.flagLetters[code] else {
                throw problem(RegexParser.isLetter(code) ? "unknown flag" : missing, position - 1)
            }
            if flag & RegexParser.types != 0 { throw problem("bad inline flags: cannot turn off flags 'a', 'u' and 'L'", position) }
            off |= flag
            missing = "missing :"
        }
    }

    /// How many characters a pattern matches.
    private static func width(_ node: RegexNode, _ groups: [Int: ClosedRange<Int>]) -> ClosedRange<Int> {
        func joined(_ a: ClosedRange<Int>, _ b: ClosedRange<Int>) -> ClosedRange<Int> {
            min(a.lowerBound, b.lowerBound)...max(a.upperBound, b.upperBound)
        }
        // Far above every text, far below overflow.
        func product(_ a: Int, _ b: Int) -> Int { a == 0 || b == 0 ? 0 : a > widest / b ? widest : a * b }
        switch node {
        case .empty, .assertion, .look: return 0...0
        case .character, .any, .set: return 1...1
        case .sequence(let items):
            return items.reduce(0...0) { total, item in
                let width = width(item, groups)
                return min(widest, total.lowerBound + width.lowerBound)...min(widest, total.upperBound + width.upperBound)
            }
        case .alternatives(let items):
            return items.dropFirst().reduce(width(items[0], groups)) { joined($0, width($1, groups)) }
        case .repeat(let body, let minimum, let maximum, _):
            let width = width(body, groups)
            return product(width.lowerBound, minimum)...product(width.upperBound, maximum)
        case .group(let body, _), .atomic(let body): return width(body, groups)
        case .backreference(let index, _): return groups[index] ?? 0...0
        case .conditional(_, let yes, let no): return joined(width(yes, groups), width(no, groups))
        }
    }

    private static let widest = 4_294_967_295
}
