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
    let text: [UInt32]
    var position = 0
    /// Flags in force here: those of the call, of the pattern's start and of the groups around.
    var flags: Int
    let isBytes: Bool
    var groupCount = 0
    var groupNames: [(name: String, index: Int)] = []
    var openGroups: Set<Int> = []
    /// Characters that closed groups match, where that is fixed.
    var groupWidths: [Int: ClosedRange<Int>] = [:]
    /// A look-behind matches texts of several lengths: refused once the rest is known to be well-formed.
    var hasOpenLookBehind = false
    /// Groups there were when the outermost look-behind began.
    var lookBehindGroups: Int?
    /// Groups that conditions name before they are known to exist.
    var conditions: [(group: Int, position: Int)] = []
    var depth = 0
    /// `(?x)` at the start changes how everything is read: begin again with it.
    var startsOver = false

    static let types = RegexFlag.ascii | RegexFlag.locale | RegexFlag.unicode

    init(_ text: [UInt32], flags: Int, isBytes: Bool) {
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
    mutating func settleFlags() throws(RegexProblem) {
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

    var isASCII: Bool { isBytes || flags & RegexFlag.ascii != 0 }
    var isVerbose: Bool { flags & RegexFlag.verbose != 0 }
    var current: UInt32? { position < text.count ? text[position] : nil }

    func at(_ literal: String) -> Bool {
        var index = position
        for unit in literal.unicodeScalars {
            guard index < text.count, text[index] == unit.value else { return false }
            index += 1
        }
        return true
    }

    mutating func take(_ literal: String) -> Bool {
        guard at(literal) else { return false }
        position += literal.unicodeScalars.count
        return true
    }

    func problem(_ message: String, _ at: Int) -> RegexProblem { RegexProblem(message: message, position: at) }

    func string(_ range: Range<Int>) -> String {
        String(String.UnicodeScalarView(text[range].compactMap { Unicode.Scalar($0) }))
    }

    mutating func alternatives(isWhole: Bool = false) throws(RegexProblem) -> RegexNode {
        depth += 1
        defer { depth -= 1 }
        if depth > 200 { throw problem("pattern nested too deeply", position) }
        var branches = [try sequence(allowsFlags: isWhole)]
        while !startsOver, take("|") { branches.append(try sequence(allowsFlags: false)) }
        return branches.count == 1 ? branches[0] : .alternatives(branches)
    }

    /// `allowsFlags`: the pattern begins here, so flags for all of it may stand before the first item.
    mutating func sequence(allowsFlags: Bool) throws(RegexProblem) -> RegexNode {
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
    mutating func skipsVerbose(_ code: UInt32) -> Bool {
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

    mutating func repetitions(of atom: RegexNode, _ start: Int) throws(RegexProblem) -> RegexNode {
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
    mutating func braces() throws(RegexProblem) -> (minimum: Int, maximum: Int)? {
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

    mutating func digits() -> Int? {
        var value: Int?
        while let code = current, code >= 0x30, code <= 0x39 {
            value = min((value ?? 0) * 10 + Int(code - 0x30), 1 << 40)
            position += 1
        }
        return value
    }
}
