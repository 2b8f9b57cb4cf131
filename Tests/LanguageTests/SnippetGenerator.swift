/// Writes small random programs of the language: every one ends, prints what it computed, and depends on nothing but the seed.
///
/// Expressions are built for a wanted kind of value, so that most snippets run to their end; now and then an operand of
/// another kind is put in, so that errors and their messages are compared as well. Sets are only ever printed sorted.
/// Of the functions that `prelude` defines, `bound` keeps assigned values small however often a loop multiplies them,
/// and `mul` multiplies without building a text of gigabytes where a text slipped in for a number.
struct SnippetGenerator {
    enum Kind: CaseIterable {
        case int, float, string, bool, ints, strings, dict, tuple, set
    }

    struct Variable {
        let name: String
        let kind: Kind
    }

    var random: SplitMix64
    var variables: [Variable] = []
    /// Names of functions of this snippet and the number of integer arguments they take.
    var functions: [(name: String, arity: Int)] = []
    private var names = 0

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
    }

    static let prelude = """
        def show(v):
            if isinstance(v, (set, frozenset)): return type(v).__name__ + repr(sorted(v, key=repr))
            if isinstance(v, list): return "[" + ", ".join(map(show, v)) + "]"
            if isinstance(v, tuple): return "(" + ", ".join(map(show, v)) + ")"
            if isinstance(v, dict): return "{" + ", ".join(show(k) + ": " + show(x) for k, x in v.items()) + "}"
            text = repr(v)
            return text if len(text) < 400 else text[:200] + f"...{len(text)}"
        def bound(v):
            if isinstance(v, int) and not -10**60 < v < 10**60: return v % 10**40
            if isinstance(v, (str, list, tuple)) and len(v) > 200: return v[:50]
            return v
        def mul(a, b):
            if isinstance(a, (int, float)) and isinstance(b, (int, float)): return a * b
            return a * (b % 4 if isinstance(b, int) else b)

        """

    /// The lines of one snippet, without the `try` around it.
    mutating func snippet() -> [String] {
        variables = []
        functions = []
        names = 0
        var lines: [String] = []
        for _ in 0..<random.below(3) { lines += define() }
        for _ in 0...random.below(5) + 1 { lines += statement(depth: 0, inLoop: false) }
        lines.append(printAll())
        return lines
    }

    mutating func fresh(_ prefix: String) -> String {
        names += 1
        return "\(prefix)\(names)"
    }

    mutating func pick<Element>(_ choices: [Element]) -> Element {
        choices[random.below(choices.count)]
    }

    mutating func chance(_ percent: Int) -> Bool {
        random.below(100) < percent
    }

    mutating func variable(of kind: Kind) -> String? {
        let fitting = variables.filter { $0.kind == kind }
        return fitting.isEmpty ? nil : pick(fitting).name
    }

    private mutating func printAll() -> String {
        var shown = variables.suffix(6).map { "show(\($0.name))" }
        shown.append("show(\(expression(pick(Kind.allCases), 2)))")
        return "print(\(shown.joined(separator: ", ")))"
    }
}

/// A small generator of random numbers whose stream is the same everywhere.
struct SplitMix64 {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A number in `0..<bound`; 0 for a bound of 0.
    mutating func below(_ bound: Int) -> Int {
        bound <= 0 ? 0 : Int(next() % UInt64(bound))
    }
}
