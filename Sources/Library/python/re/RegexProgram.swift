/// What the matcher executes.
enum RegexInstruction {
    /// What one character must be; sets by their index.
    enum Unit {
        case character(UInt32)
        case any
        case notNewline
        case set(Int32)
    }
    case one(Unit)
    /// As many as possible between the bounds, giving back one by one; `next` is the character that must follow, when known.
    case runGreedy(Unit, minimum: Int, maximum: Int, next: UInt32?)
    case runLazy(Unit, minimum: Int, maximum: Int)
    /// Never gives back.
    case runPossessive(Unit, minimum: Int, maximum: Int)
    case split(preferred: Int, other: Int)
    case jump(Int)
    /// Where a group begins (even slots) or ends (odd slots).
    case save(Int)
    case assertion(RegexAssertion)
    case backreference(Int, ignoresCase: Bool)
    /// Counter slots `slot` (iterations) and `slot + 1` (where the last one beyond the minimum began).
    case countStart(slot: Int)
    case countLoop(slot: Int, minimum: Int, maximum: Int, isLazy: Bool, exit: Int)
    /// One more iteration of the loop before it; only those beyond the minimum must not begin where the last one did.
    case countEnter(slot: Int, minimum: Int)
    /// Matches the code behind it by itself, `width` characters back for look-behind; continues at `end`.
    case look(isNegative: Bool, width: Int?, end: Int)
    case atomic(end: Int)
    case conditional(group: Int, otherwise: Int)
    /// End of a look-around or atomic group.
    case finish
    case accept
}

/// A compiled pattern, and the memory its matches work in: no program code runs while a match is being sought, so one
/// set of buffers does.
final class RegexProgram {
    let code: UnsafeMutablePointer<RegexInstruction>
    let sets: [RegexSet]
    /// Four words per set: membership of characters below 256.
    let tables: UnsafeMutablePointer<UInt64>
    let groupCount: Int
    let start: RegexStart
    let work: RegexWork

    init(_ node: RegexNode, groupCount: Int) {
        var emitter = RegexEmitter()
        emitter.emit(node)
        emitter.append(.accept)
        emitter.settleRuns()
        self.groupCount = groupCount
        sets = emitter.sets
        code = .allocate(capacity: emitter.code.count)
        code.initialize(from: emitter.code, count: emitter.code.count)
        tables = .allocate(capacity: max(1, sets.count * 4))
        for (index, set) in sets.enumerated() {
            (tables + 4 * index).initialize(from: set.table, count: 4)
        }
        start = RegexStart(node, emitter)
        work = RegexWork(groups: groupCount, counters: emitter.counterCount)
    }

    deinit {
        code.deallocate()
        tables.deallocate()
    }
}

/// Turns a parsed pattern into instructions.
struct RegexEmitter {
    private(set) var code: [RegexInstruction] = []
    private(set) var sets: [RegexSet] = []
    private(set) var counterCount = 0

    mutating func append(_ instruction: RegexInstruction) { code.append(instruction) }

    private mutating func unit(_ node: RegexNode) -> RegexInstruction.Unit? {
        switch node {
        case .character(let code, let ignoresCase, let isASCII):
            if !ignoresCase { return .character(code) }
            var set = RegexSet()
            for variant in RegexCase.variants(code, isASCII: isASCII) { set.ranges.append(variant...variant) }
            set.prepare()
            return unit(.set(set))
        case .any(let matchesNewline): return matchesNewline ? .any : .notNewline
        case .set(let set):
            if let only = set.onlyCharacter { return .character(only) }
            sets.append(set)
            return .set(Int32(sets.count - 1))
        default: return nil
        }
    }

    mutating func emit(_ node: RegexNode) {
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
            let start = emitIsolated(body)
            code[start] = .look(isNegative: isNegative, width: width, end: code.count)
        case .atomic(let body):
            let start = emitIsolated(body)
            code[start] = .atomic(end: code.count)
        case .conditional(let group, let yes, let no):
            let start = code.count
            code.append(.finish)
            emit(yes)
            let skip = code.count
            code.append(.finish)
            code[start] = .conditional(group: group, otherwise: code.count)
            emit(no)
            code[skip] = .jump(code.count)
        }
    }

    /// Body and `finish` behind a place for the instruction that runs them.
    private mutating func emitIsolated(_ body: RegexNode) -> Int {
        let start = code.count
        code.append(.finish)
        emit(body)
        code.append(.finish)
        return start
    }

    private mutating func emitAlternatives(_ branches: [RegexNode]) {
        var exits: [Int] = []
        for (index, branch) in branches.enumerated() {
            if index == branches.count - 1 {
                emit(branch)
                break
            }
            let fork = code.count
            code.append(.finish)
            emit(branch)
            exits.append(code.count)
            code.append(.finish)
            code[fork] = .split(preferred: fork + 1, other: code.count)
        }
        for exit in exits { code[exit] = .jump(code.count) }
    }

    private mutating func emitRepeat(_ body: RegexNode, _ minimum: Int, _ maximum: Int, _ mode: RegexNode.RepeatMode) {
        if let unit = unit(body) {
            switch mode {
            case .greedy: code.append(.runGreedy(unit, minimum: minimum, maximum: maximum, next: nil))
            case .lazy: code.append(.runLazy(unit, minimum: minimum, maximum: maximum))
            case .possessive: code.append(.runPossessive(unit, minimum: minimum, maximum: maximum))
            }
            return
        }
        if mode == .possessive {
            emit(.atomic(.repeat(body, minimum: minimum, maximum: maximum, .greedy)))
            return
        }
        if maximum == 0 { return }
        let isLazy = mode == .lazy
        if minimum == 0, maximum == 1 {
            let fork = code.count
            code.append(.finish)
            emit(body)
            code[fork] = .split(preferred: isLazy ? code.count : fork + 1, other: isLazy ? fork + 1 : code.count)
            return
        }
        if maximum == RegexNode.unbounded, minimum <= 1, !RegexStart.canBeEmpty(body) { return emitLoop(body, minimum, isLazy) }
        let slot = counterCount
        counterCount += 2
        code.append(.countStart(slot: slot))
        let loop = code.count
        code.append(.finish)
        code.append(.countEnter(slot: slot, minimum: minimum))
        emit(body)
        code.append(.jump(loop))
        code[loop] = .countLoop(slot: slot, minimum: minimum, maximum: maximum, isLazy: isLazy, exit: code.count)
    }

    /// `X*` and `X+` of an X that always consumes something: no counting.
    private mutating func emitLoop(_ body: RegexNode, _ minimum: Int, _ isLazy: Bool) {
        if minimum == 1 {
            let start = code.count
            emit(body)
            let exit = code.count + 1
            code.append(.split(preferred: isLazy ? exit : start, other: isLazy ? start : exit))
            return
        }
        let fork = code.count
        code.append(.finish)
        emit(body)
        code.append(.jump(fork))
        code[fork] = .split(preferred: isLazy ? code.count : fork + 1, other: isLazy ? fork + 1 : code.count)
    }

    // MARK: greedy runs that need not give back

    /// A greedy run gives nothing back when what follows can begin with none of its characters; when a character must
    /// follow, only places before that character are worth trying.
    mutating func settleRuns() {
        for index in code.indices {
            guard case .runGreedy(let unit, let minimum, let maximum, _) = code[index] else { continue }
            var next = index + 1
            while case .save = code[next] { next += 1 }
            switch code[next] {
            case .accept, .finish: code[index] = .runPossessive(unit, minimum: minimum, maximum: maximum)
            case .one(let following), .runGreedy(let following, 1..., _, _), .runPossessive(let following, 1..., _), .runLazy(let following, 1..., _):
                if areDisjoint(unit, following) {
                    code[index] = .runPossessive(unit, minimum: minimum, maximum: maximum)
                } else if case .character(let wanted) = following {
                    code[index] = .runGreedy(unit, minimum: minimum, maximum: maximum, next: wanted)
                }
            default: break
            }
        }
    }

    func characters(_ unit: RegexInstruction.Unit) -> RegexFirst {
        switch unit {
        case .character(let code): RegexFirst(code)
        case .any: .all
        case .notNewline: RegexFirst.all.removing(0x0A)
        case .set(let index): RegexFirst(sets[Int(index)])
        }
    }

    private func areDisjoint(_ a: RegexInstruction.Unit, _ b: RegexInstruction.Unit) -> Bool {
        if case .character(let code) = a, case .set(let index) = b { return !sets[Int(index)].contains(code) }
        if case .set(let index) = a, case .character(let code) = b { return !sets[Int(index)].contains(code) }
        if case .character(let first) = a, case .character(let second) = b { return first != second }
        return characters(a).isDisjoint(from: characters(b))
    }
}
