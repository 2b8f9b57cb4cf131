import Diagnostics

/// What CPython's compiler refuses in the patterns of one case, once they have parsed.
struct PatternChecker {
    struct Finding {
        let message: String
        let range: SourceRange
    }

    private(set) var finding: Finding?
    private var names: Set<String> = []
    /// CPython's compiler is still at the last pattern it entered when it finds an error of a whole alternative.
    private var lastVisited: SourceRange?

    /// The first thing wrong with the patterns of a `match` statement; nil when nothing is.
    static func firstFinding(in cases: [MatchCase]) -> Finding? {
        for (index, matchCase) in cases.enumerated() {
            var checker = PatternChecker()
            checker.check(matchCase.pattern)
            if let finding = checker.finding { return finding }
            if index < cases.count - 1, matchCase.guard == nil, let finding = unreachable(after: matchCase.pattern) { return finding }
        }
        return nil
    }

    /// A pattern that always matches leaves nothing to those behind it.
    private static func unreachable(after pattern: Pattern) -> Finding? {
        guard case .capture(nil, let name) = pattern.node else { return nil }
        let what = name.map { "name capture '\($0)'" } ?? "wildcard"
        return Finding(message: "\(what) makes remaining patterns unreachable", range: pattern.range)
    }

    private mutating func report(_ message: String, at range: SourceRange) {
        if finding == nil { finding = Finding(message: message, range: range) }
    }

    private mutating func check(_ pattern: Pattern) {
        lastVisited = pattern.range
        switch pattern.node {
        case .value, .singleton: break
        case .star(let name): bind(name, at: pattern.range)
        case .capture(let inner, let name):
            if let inner { check(inner) }
            bind(name, at: inner?.range ?? pattern.range)
        case .sequence(let elements):
            let stars = elements.count { if case .star = $0.node { true } else { false } }
            if stars > 1 { report("multiple starred names in sequence pattern", at: pattern.range) }
            for element in elements { check(element) }
        case .mapping(let keys, let patterns, let rest):
            checkKeys(keys, at: pattern.range)
            for pattern in patterns { check(pattern) }
            bind(rest, at: lastVisited ?? pattern.range)
        case .class(_, let positional, let keywords):
            checkAttributes(keywords)
            for pattern in positional { check(pattern) }
            for keyword in keywords { check(keyword.pattern) }
        case .or(let alternatives): checkAlternatives(alternatives, at: pattern.range)
        }
    }

    private mutating func bind(_ name: String?, at range: SourceRange) {
        guard let name else { return }
        if !names.insert(name).inserted { report("multiple assignments to name '\(name)' in pattern", at: range) }
    }

    private mutating func checkKeys(_ keys: [Expression], at range: SourceRange) {
        var seen: Set<Constant> = []
        for key in keys {
            guard case .constant(let value) = key.node else { continue }
            if !seen.insert(value).inserted {
                report("mapping pattern checks duplicate key (\(Self.representation(of: value)))", at: range)
            }
        }
    }

    private static func representation(of value: Constant) -> String {
        if case .string(let text) = value, !text.contains("'"), !text.contains("\\") { return "'\(text)'" }
        return TreeDump.text(of: value)
    }

    private mutating func checkAttributes(_ keywords: [(name: String, pattern: Pattern)]) {
        var seen: Set<String> = []
        for keyword in keywords where !seen.insert(keyword.name).inserted {
            report("attribute name repeated in class pattern: \(keyword.name)", at: keyword.pattern.range)
        }
    }

    /// Every alternative binds the same names, and only the last may match everything.
    private mutating func checkAlternatives(_ alternatives: [Pattern], at range: SourceRange) {
        let before = names
        var bound: Set<String>?
        for (index, alternative) in alternatives.enumerated() {
            names = before
            if index < alternatives.count - 1, let refused = Self.unreachable(after: alternative) {
                report(refused.message, at: refused.range)
            }
            check(alternative)
            if let bound, bound != names { report("alternative patterns bind different names", at: lastVisited ?? range) }
            bound = names
        }
    }
}
