import Diagnostics
import Syntax

/// Checks what a pattern binds: each name once, and the same names in every alternative.
struct PatternNames {
    private let source: SourceText
    /// The pattern entered last, where CPython shows these problems.
    private var range: SourceRange

    private init(_ source: SourceText, _ range: SourceRange) {
        self.source = source
        self.range = range
    }

    /// The names that `pattern` binds.
    @discardableResult static func check(_ pattern: Pattern, in source: SourceText) throws(SyntaxProblem) -> Set<String> {
        var checker = PatternNames(source, pattern.range)
        var names: Set<String> = []
        try checker.collect(pattern, into: &names)
        return names
    }

    private func problem(_ message: String) -> SyntaxProblem { SyntaxProblem(.syntax, message, at: range, in: source) }

    private func add(_ name: String, to names: inout Set<String>) throws(SyntaxProblem) {
        guard names.insert(name).inserted else { throw problem("multiple assignments to name '\(name)' in pattern") }
    }

    private mutating func collect(_ pattern: Pattern, into names: inout Set<String>) throws(SyntaxProblem) {
        range = pattern.range
        switch pattern.node {
        case .value, .singleton: break
        case .sequence(let items): for item in items { try collect(item, into: &names) }
        case .star(let name): if let name { try add(name, to: &names) }
        case .mapping(_, let patterns, let rest):
            for item in patterns { try collect(item, into: &names) }
            if let rest { try add(rest, to: &names) }
        case .class(_, let positional, let keywords):
            for item in positional { try collect(item, into: &names) }
            for item in keywords { try collect(item.pattern, into: &names) }
        case .capture(let inner, let name):
            if let inner { try collect(inner, into: &names) }
            if let name { try add(name, to: &names) }
        case .or(let alternatives): try collect(alternatives, into: &names)
        }
    }

    private mutating func collect(_ alternatives: [Pattern], into names: inout Set<String>) throws(SyntaxProblem) {
        var first: Set<String>?
        for (index, alternative) in alternatives.enumerated() {
            var own: Set<String> = []
            try collect(alternative, into: &own)
            if index < alternatives.count - 1, let culprit = alternative.irrefutableReason {
                throw SyntaxProblem(.syntax, "\(culprit.text) makes remaining patterns unreachable", at: culprit.range, in: source)
            }
            if let first, first != own { throw problem("alternative patterns bind different names") }
            first = own
        }
        for name in first ?? [] { try add(name, to: &names) }
    }
}
