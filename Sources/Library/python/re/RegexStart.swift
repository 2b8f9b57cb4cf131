/// Characters a match can begin with: exactly for those below 256, all or none of the others.
struct RegexFirst {
    var words: [UInt64]
    var includesHigh: Bool

    static let none = RegexFirst(words: [0, 0, 0, 0], includesHigh: false)
    static let all = RegexFirst(words: [.max, .max, .max, .max], includesHigh: true)

    private init(words: [UInt64], includesHigh: Bool) {
        self.words = words
        self.includesHigh = includesHigh
    }

    init(_ code: UInt32) {
        self = .none
        if code < 256 { words[Int(code >> 6)] |= 1 << UInt64(code & 63) } else { includesHigh = true }
    }

    init(_ set: RegexSet) { self.init(words: set.table, includesHigh: set.mayIncludeHigh) }

    func removing(_ code: UInt32) -> RegexFirst {
        var result = self
        result.words[Int(code >> 6)] &= ~(1 << UInt64(code & 63))
        return result
    }

    mutating func formUnion(_ other: RegexFirst) {
        for index in 0..<4 { words[index] |= other.words[index] }
        includesHigh = includesHigh || other.includesHigh
    }

    func isDisjoint(from other: RegexFirst) -> Bool {
        (0..<4).allSatisfy { words[$0] & other.words[$0] == 0 } && !(includesHigh && other.includesHigh)
    }
}

/// Where matches can begin: what lets a search skip places.
struct RegexStart {
    /// Matches begin only where the text does.
    private(set) var isAnchored = false
    /// The character every match begins with, when there is one.
    private(set) var character: UInt32?
    /// Membership of characters below 256, when matches begin with one of a set.
    private(set) var table: (UInt64, UInt64, UInt64, UInt64)?
    private(set) var includesHigh = true
    /// The pattern begins with an unbounded run, and the character behind it is none of the run's: where that character
    /// does not follow, no later place inside the run is worth trying.
    private(set) var run: (unit: RegexInstruction.Unit, next: UInt32)?

    init(_ node: RegexNode, _ emitter: RegexEmitter) {
        var first = 0
        while case .save = emitter.code[first] { first += 1 }
        switch emitter.code[first] {
        case .assertion(.textStart): isAnchored = true
        case .one(.character(let code)): character = code
        case .runPossessive(let unit, 1, RegexNode.unbounded):
            var next = first + 1
            while case .save = emitter.code[next] { next += 1 }
            // `settleRuns` made it possessive because the two are disjoint, or the pattern says so itself.
            if case .one(.character(let code)) = emitter.code[next], emitter.characters(unit).isDisjoint(from: RegexFirst(code)) {
                run = (unit, code)
            }
        default: break
        }
        if character == nil, let set = RegexStart.first(node) {
            table = (set.words[0], set.words[1], set.words[2], set.words[3])
            includesHigh = set.includesHigh
        }
    }

    /// What a match can begin with; nil when it may be empty or that is not known.
    static func first(_ node: RegexNode) -> RegexFirst? {
        switch node {
        case .empty, .assertion, .look, .backreference: return nil
        case .character(let code, let ignoresCase, let isASCII):
            if !ignoresCase { return RegexFirst(code) }
            var result = RegexFirst.none
            for variant in RegexCase.variants(code, isASCII: isASCII) { result.formUnion(RegexFirst(variant)) }
            return result
        case .any(let matchesNewline): return matchesNewline ? .all : RegexFirst.all.removing(0x0A)
        case .set(let set): return RegexFirst(set)
        case .sequence(let items): return first(items[...])
        case .alternatives(let branches):
            var result = RegexFirst.none
            for branch in branches {
                guard let set = first(branch) else { return nil }
                result.formUnion(set)
            }
            return result
        case .repeat(let body, let minimum, _, _): return minimum > 0 ? first(body) : nil
        case .group(let body, _), .atomic(let body): return first(body)
        case .conditional(_, let yes, let no):
            guard var result = first(yes), let other = first(no) else { return nil }
            result.formUnion(other)
            return result
        }
    }

    /// Items that may be empty let the next one begin the match.
    private static func first(_ items: ArraySlice<RegexNode>) -> RegexFirst? {
        var result = RegexFirst.none
        for item in items {
            if let set = first(item) {
                result.formUnion(set)
                return result
            }
            switch item {
            case .assertion, .look, .empty: continue
            case .repeat(let body, 0, _, _):
                guard let set = first(body) else { return nil }
                result.formUnion(set)
            default: return nil
            }
        }
        return nil
    }

    /// Whether a pattern can match nothing.
    static func canBeEmpty(_ node: RegexNode) -> Bool {
        switch node {
        case .empty, .assertion, .look, .backreference: true
        case .character, .any, .set: false
        case .sequence(let items): items.allSatisfy(canBeEmpty)
        case .alternatives(let branches): branches.contains(where: canBeEmpty)
        case .repeat(let body, let minimum, _, _): minimum == 0 || canBeEmpty(body)
        case .group(let body, _), .atomic(let body): canBeEmpty(body)
        case .conditional(_, let yes, let no): canBeEmpty(yes) || canBeEmpty(no)
        }
    }
}
