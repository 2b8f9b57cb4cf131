/// What the diagnosing pass already knows about a rule at a token, so that trying alternatives stays linear.
struct Memo {
    enum Rule: Int { case expression, disjunction, bitOr, namedExpression }

    enum Outcome<Node> {
        case mismatch
        case match(Node, end: Int)
    }

    /// Blocks by their first token: nested `try` statements would otherwise be parsed twice per level.
    var blocks: [Int: Outcome<[Statement]>] = [:]
    private var outcomes: [Int: Outcome<Expression>] = [:]

    subscript(rule: Rule, position: Int) -> Outcome<Expression>? {
        get { outcomes[position * 4 + rule.rawValue] }
        set { outcomes[position * 4 + rule.rawValue] = newValue }
    }
}
