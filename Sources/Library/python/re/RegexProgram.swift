/// What the matcher executes.
enum RegexInstruction {
    /// What one character must be.
    enum Unit {
        case character(UInt32)
        case folded(UInt32)
        case any
        case notNewline
        case set(Int)
    }
    case one(Unit)
    /// As many as possible between the bounds, giving back one by one (or never, when possessive).
    case runGreedy(Unit, minimum: Int, maximum: Int)
    case runLazy(Unit, minimum: Int, maximum: Int)
    case runPossessive(Unit, minimum: Int, maximum: Int)
    case split(preferred: Int, other: Int)
    case jump(Int)
    case save(Int)
    case assertion(RegexAssertion)
    case backreference(Int, ignoresCase: Bool)
    /// Counter slots `slot` (iterations) and `slot + 1` (where the last one began).
    case countStart(slot: Int)
    case countLoop(slot: Int, minimum: Int, maximum: Int, isLazy: Bool, exit: Int)
    /// One more iteration of the loop before it.
    case countEnter(slot: Int, body: Int)
    /// Matches the code behind it by itself; continues at `end`.
    case look(isNegative: Bool, width: Int?, end: Int)
    case atomic(end: Int)
    case conditional(group: Int, otherwise: Int)
    case accept
}

/// A compiled pattern.
struct RegexProgram {
    private(set) var code: [RegexInstruction] = []
    private(set) var sets: [RegexSet] = []
    private(set) var counterCount = 0
    let groupCount: Int
    /// The character every match begins with, when there is one.
    private(set) var firstCharacter: UInt32?

    init(_ node: RegexNode, groupCount: Int) {
        self.groupCount = groupCount
        emit(node)
        code.append(.accept)
        if case .one(.character(let code)) = code[0] { firstCharacter = code }
    }

    private mutating func unit(_ node: RegexNode) -> RegexInstruction.Unit? {
        switch node {
        case .character(let code, let ignoresCase): return ignoresCase ? .folded(RegexCase.lower(code)) : .character(code)
        case .any(let matchesNewline): return matchesNewline ? .any : .notNewline
        case .set(let set):
            sets.append(set)
            return .set(sets.count - 1)
        default: return nil
        }
    }

    private mutating func emit(_ node: RegexNode) {
        switch node {
        case .empty: break
        case .character, .any, .set:
            if let unit = unit(node) { code.append(.one(unit)) }
        case .sequence(let items):
            for item in items { emit(item) }
        case .alternatives(let branches): emitAlternatives(branches)
        case .repeat(let body, let minimum, let maximum, let mode): emitRepeat(body, minimum, maximum, mode)
        case .group(let body, let index):
            code.append(.save(2 * index))
            emit(body)
            code.append(.save(2 * index + 1))
        case .backreference(let index, let ignoresCase): code.append(.backreference(index, ignoresCase: ignoresCase))
        case .assertion(let assertion): code.append(.assertion(assertion))
        case .look(let body, let isNegative, let width):
            let start = code.count
            code.append(.accept)
            emit(body)
            code.append(.accept)
            code[start] = .look(isNegative: isNegative, width: width, end: code.count)
        case .atomic(let body):
            let start = code.count
            code.append(.accept)
            emit(body)
            code.append(.accept)
            code[start] = .atomic(end: code.count)
        case .conditional(let group, let yes, let no):
            let start = code.count
            code.append(.accept)
            emit(yes)
            let skip = code.count
            code.append(.accept)
            code[start] = .conditional(group: group, otherwise: code.count)
            emit(no)
            code[skip] = .jump(code.count)
        }
    }

    private mutating func emitAlternatives(_ branches: [RegexNode]) {
        var exits: [Int] = []
        for (index, branch) in branches.enumerated() {
            if index == branches.count - 1 {
                emit(branch)
                break
            }
            let fork = code.count
            code.append(.accept)
            emit(branch)
            exits.append(code.count)
            code.append(.accept)
            code[fork] = .split(preferred: fork + 1, other: code.count)
        }
        for exit in exits { code[exit] = .jump(code.count) }
    }

    private mutating func emitRepeat(_ body: RegexNode, _ minimum: Int, _ maximum: Int, _ mode: RegexNode.RepeatMode) {
        if let unit = unit(body) {
            switch mode {
            case .greedy: code.append(.runGreedy(unit, minimum: minimum, maximum: maximum))
            case .lazy: code.append(.runLazy(unit, minimum: minimum, maximum: maximum))
            case .possessive: code.append(.runPossessive(unit, minimum: minimum, maximum: maximum))
            }
            return
        }
        if mode == .possessive {
            emit(.atomic(.repeat(body, minimum: minimum, maximum: maximum, .greedy)))
            return
        }
        let slot = counterCount
        counterCount += 2
        code.append(.countStart(slot: slot))
        let loop = code.count
        code.append(.accept)
        code.append(.countEnter(slot: slot, body: loop + 2))
        emit(body)
        code.append(.jump(loop))
        code[loop] = .countLoop(slot: slot, minimum: minimum, maximum: maximum, isLazy: mode == .lazy, exit: code.count)
    }
}
