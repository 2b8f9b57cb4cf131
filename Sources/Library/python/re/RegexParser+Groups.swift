// Groups, look-arounds, conditions and flags.

extension RegexParser {
    /// A parenthesis; nil for comments and flags.
    mutating func group(allowsFlags: Bool) throws(RegexProblem) -> RegexNode? {
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

    mutating func closed(_ start: Int) throws(RegexProblem) -> RegexNode {
        let saved = flags
        let node = try alternatives()
        guard take(")") else { throw problem("missing ), unterminated subpattern", start) }
        flags = saved
        return node
    }

    mutating func capture(_ name: String?, _ start: Int) throws(RegexProblem) -> RegexNode {
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

    mutating func named(_ start: Int) throws(RegexProblem) -> RegexNode {
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
    mutating func groupName(until end: UInt32, _ shown: String) throws(RegexProblem) -> String {
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

    func checkName(_ name: String, _ back: Int) throws(RegexProblem) {
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

    mutating func conditional(_ start: Int) throws(RegexProblem) -> RegexNode {
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

    mutating func lookBehind(isNegative: Bool, _ start: Int) throws(RegexProblem) -> RegexNode {
        let saved = lookBehindGroups
        lookBehindGroups = saved ?? groupCount
        let body = try closed(start)
        lookBehindGroups = saved
        let width = RegexParser.width(body, groupWidths)
        if width.lowerBound != width.upperBound { hasOpenLookBehind = true }
        return .look(body, isNegative: isNegative, width: width.lowerBound)
    }

    /// Look-behinds must know the width of what they refer to.
    func checkLookBehind(_ group: Int, _ place: Int) throws(RegexProblem) {
        guard let known = lookBehindGroups else { return }
        if group > groupCount || openGroups.contains(group) { throw problem("cannot refer to an open group", place) }
        if group > known { throw problem("cannot refer to group defined in the same lookbehind subpattern", place) }
    }

    // MARK: flags

    static let flagLetters: [UInt32: Int] = [
        0x61: RegexFlag.ascii, 0x69: RegexFlag.ignoreCase, 0x4C: RegexFlag.locale, 0x6D: RegexFlag.multiline, 0x73: RegexFlag.dotAll,
        0x75: RegexFlag.unicode, 0x78: RegexFlag.verbose,
    ]

    static func isLetter(_ code: UInt32) -> Bool { Unicode.Scalar(code)?.properties.isAlphabetic ?? false }

    /// `(?i)` for the whole pattern, `(?i-m:…)` for a group.
    mutating func inlineFlags(_ start: Int, allowsFlags: Bool) throws(RegexProblem) -> RegexNode? {
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
    mutating func flagsToSet() throws(RegexProblem) -> Int {
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
    mutating func flagsToClear() throws(RegexProblem) -> Int {
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
    static func width(_ node: RegexNode, _ groups: [Int: ClosedRange<Int>]) -> ClosedRange<Int> {
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

    static let widest = 4_294_967_295
}
