/// Prints patterns of `match` statements.
enum PatternPrinter {
    /// A pattern as a whole case.
    static func text(_ pattern: Pattern) -> String {
        switch pattern.node {
        case .capture(let inner?, let name): alternative(inner) + " as " + (name ?? "_")
        case .or(let alternatives): alternatives.map(closed).joined(separator: " | ")
        default: closed(pattern)
        }
    }

    /// What `as` may follow.
    private static func alternative(_ pattern: Pattern) -> String {
        if case .or = pattern.node { return text(pattern) }
        return closed(pattern)
    }

    private static func closed(_ pattern: Pattern) -> String {
        switch pattern.node {
        case .value(let value): return unparse(value)
        case .singleton(let value): return TreeDump.text(of: value)
        case .sequence(let elements): return "[" + elements.map(text).joined(separator: ", ") + "]"
        case .star(let name): return "*" + (name ?? "_")
        case .mapping(let keys, let patterns, let rest):
            var items = zip(keys, patterns).map { "\(unparse($0)): \(text($1))" }
            if let rest { items.append("**" + rest) }
            return "{" + items.joined(separator: ", ") + "}"
        case .class(let type, let positional, let keywords):
            let arguments = positional.map(text) + keywords.map { "\($0.name)=\(text($0.pattern))" }
            return unparse(type) + "(" + arguments.joined(separator: ", ") + ")"
        case .capture(nil, let name): return name ?? "_"
        case .capture, .or: return "(" + text(pattern) + ")"
        }
    }
}
