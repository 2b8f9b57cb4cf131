/// What the diagnosing pass already knows about a rule at a token, so that trying alternatives stays linear.
struct Memo {
    enum Rule: Int { case expression, disjunction, bitOr, arguments, starTarget, namedExpression, block, simpleStatement }

    enum Outcome {
        case mismatch
        case match(Expression, end: Int)
    }

    /// Blocks by their first token: nested `try` statements would otherwise be parsed twice per level.
    var blocks: [Int: (body: [Statement], end: Int)] = [:]
    private var outcomes: [Int: Outcome] = [:]

    subscript(rule: Rule, position: Int) -> Outcome? {
        get { outcomes[position * 8 + rule.rawValue] }
        set { outcomes[position * 8 + rule.rawValue] = newValue }
    }
}
