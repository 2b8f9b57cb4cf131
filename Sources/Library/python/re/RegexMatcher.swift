/// Backtracking search over characters of one width: bytes for ASCII text and bytes objects, scalars otherwise.
/// Recursion happens only for look-around and atomic groups, so depth is bounded by the pattern.
struct RegexMatcher<Character: FixedWidthInteger & UnsignedInteger> {
    private enum Memory {
        case branch(pc: Int, position: Int)
        /// A greedy run that may give back characters down to `least`.
        case run(pc: Int, least: Int, position: Int)
        /// A lazy run that may take one more, up to `most`.
        case grow(instruction: Int, position: Int, most: Int)
        case group(slot: Int, old: Int)
        case counter(slot: Int, old: Int)
    }

    private let program: RegexProgram
    private let text: UnsafeBufferPointer<Character>
    /// Matches neither begin before nor end behind these.
    private let start: Int
    private let end: Int
    /// The match must end at `end`.
    private let mustReachEnd: Bool
    private(set) var groups: [Int]
    private var counters: [Int]
    private var memory: [Memory] = []
    private let interrupt: UnsafeMutablePointer<Int32>
    private var steps = 0
    /// Ctrl-C came in the middle.
    private(set) var wasInterrupted = false

    init(
        _ program: RegexProgram, _ text: UnsafeBufferPointer<Character>, start: Int, end: Int, mustReachEnd: Bool, interrupt: UnsafeMutablePointer<Int32>
    ) {
        self.program = program
        self.text = text
        self.start = start
        self.end = end
        self.mustReachEnd = mustReachEnd
        self.interrupt = interrupt
        groups = [Int](repeating: -1, count: 2 * (program.groupCount + 1))
        counters = [Int](repeating: 0, count: program.counterCount)
    }

    /// Finds the first match that begins at or behind `from`; groups 0 … hold its spans.
    mutating func search(from: Int) -> Bool {
        var position = from
        while position <= end {
            if let first = program.firstCharacter {
                while position < end, UInt32(truncatingIfNeeded: text[position]) != first { position += 1 }
                if position == end { return false }
            }
            if match(at: position) { return true }
            if wasInterrupted { return false }
            position += 1
        }
        return false
    }

    /// Matches at exactly this position.
    mutating func match(at position: Int) -> Bool {
        for index in groups.indices { groups[index] = -1 }
        memory.removeAll(keepingCapacity: true)
        guard let last = run(0, position, mustReachEnd: mustReachEnd) else { return false }
        groups[0] = position
        groups[1] = last
        return true
    }

    @inline(__always)
    private func holds(_ unit: RegexInstruction.Unit, _ position: Int) -> Bool {
        let code = UInt32(truncatingIfNeeded: text[position])
        switch unit {
        case .character(let wanted): return code == wanted
        case .folded(let wanted): return code == wanted || RegexCase.lower(code) == wanted
        case .any: return true
        case .notNewline: return code != 0x0A
        case .set(let index): return program.sets[index].contains(code)
        }
    }

    /// How far a run of matching characters reaches.
    @inline(__always)
    private func extent(_ unit: RegexInstruction.Unit, _ position: Int, _ maximum: Int) -> Int {
        let limit = maximum > end - position ? end : position + maximum
        var index = position
        switch unit {
        case .any: return limit
        case .notNewline: while index < limit, text[index] != 0x0A { index += 1 }
        case .character(let wanted): while index < limit, UInt32(truncatingIfNeeded: text[index]) == wanted { index += 1 }
        case .set(let number):
            let set = program.sets[number]
            while index < limit, set.contains(UInt32(truncatingIfNeeded: text[index])) { index += 1 }
        case .folded: while index < limit, holds(unit, index) { index += 1 }
        }
        return index
    }

    /// Executes from `pc`; the end of the match, or nil.
    private mutating func run(_ entry: Int, _ from: Int, mustReachEnd: Bool) -> Int? {
        let floor = memory.count
        var pc = entry
        var position = from
        while true {
            steps &+= 1
            if steps & 0xFFFF == 0, interrupt.pointee & 1 != 0 {
                wasInterrupted = true
                return nil
            }
            var failed = false
            switch program.code[pc] {
            case .one(let unit):
                if position < end, holds(unit, position) {
                    position += 1
                    pc += 1
                } else {
                    failed = true
                }
            case .runGreedy(let unit, let minimum, let maximum):
                let reach = extent(unit, position, maximum)
                if reach - position < minimum {
                    failed = true
                } else {
                    if reach > position + minimum { memory.append(.run(pc: pc + 1, least: position + minimum, position: reach)) }
                    position = reach
                    pc += 1
                }
            case .runPossessive(let unit, let minimum, let maximum):
                let reach = extent(unit, position, maximum)
                if reach - position < minimum {
                    failed = true
                } else {
                    position = reach
                    pc += 1
                }
            case .runLazy(let unit, let minimum, let maximum):
                let reach = extent(unit, position, minimum)
                if reach - position < minimum {
                    failed = true
                } else {
                    let most = maximum == RegexNode.unbounded ? end : min(end, position + maximum)
                    if reach < most { memory.append(.grow(instruction: pc, position: reach, most: most)) }
                    position = reach
                    pc += 1
                }
            case .split(let preferred, let other):
                memory.append(.branch(pc: other, position: position))
                pc = preferred
            case .jump(let target): pc = target
            case .save(let slot):
                memory.append(.group(slot: slot, old: groups[slot]))
                groups[slot] = position
                pc += 1
            case .assertion(let assertion):
                if holds(assertion, position) { pc += 1 } else { failed = true }
            case .backreference(let index, let ignoresCase):
                if let reach = reference(index, ignoresCase, position) {
                    position = reach
                    pc += 1
                } else {
                    failed = true
                }
            case .countStart(let slot):
                set(slot, 0)
                set(slot + 1, -1)
                pc += 1
            case .countLoop(let slot, let minimum, let maximum, let isLazy, let exit):
                let count = counters[slot]
                if count < minimum {
                    pc += 1
                } else if count >= maximum || (count > 0 && counters[slot + 1] == position) {
                    pc = exit
                } else if isLazy {
                    memory.append(.branch(pc: pc + 1, position: position))
                    pc = exit
                } else {
                    memory.append(.branch(pc: exit, position: position))
                    pc += 1
                }
            case .countEnter(let slot, let body):
                set(slot, counters[slot] + 1)
                set(slot + 1, position)
                pc = body
            case .look(let isNegative, let width, let target):
                let origin = width.map { position - $0 } ?? position
                let matched = origin >= start && attempt(pc + 1, origin, keepsGroups: !isNegative)
                if wasInterrupted { return nil }
                if matched != isNegative { pc = target } else { failed = true }
            case .atomic(let target):
                if let reach = isolated(pc + 1, position) {
                    position = reach
                    pc = target
                } else {
                    if wasInterrupted { return nil }
                    failed = true
                }
            case .conditional(let group, let otherwise):
                pc = groups[2 * group + 1] >= 0 ? pc + 1 : otherwise
            case .accept:
                if mustReachEnd, position != end { failed = true } else { return position }
            }
            if failed {
                guard let resumed = backtrack(floor) else { return nil }
                (pc, position) = resumed
            }
        }
    }

    private mutating func set(_ slot: Int, _ value: Int) {
        memory.append(.counter(slot: slot, old: counters[slot]))
        counters[slot] = value
    }

    /// Undoes up to the last choice and takes its other way; nil when none is left above `floor`.
    @inline(__always)
    private mutating func backtrack(_ floor: Int) -> (Int, Int)? {
        while memory.count > floor {
            switch memory.removeLast() {
            case .branch(let pc, let position): return (pc, position)
            case .run(let pc, let least, let position):
                let shorter = position - 1
                if shorter > least { memory.append(.run(pc: pc, least: least, position: shorter)) }
                return (pc, shorter)
            case .grow(let instruction, let position, let most):
                guard case .runLazy(let unit, _, _) = program.code[instruction], holds(unit, position) else { continue }
                if position + 1 < most { memory.append(.grow(instruction: instruction, position: position + 1, most: most)) }
                return (instruction + 1, position + 1)
            case .group(let slot, let old): groups[slot] = old
            case .counter(let slot, let old): counters[slot] = old
            }
        }
        return nil
    }

    /// Matches a sub-pattern without keeping its choices; its groups and counters can still be undone.
    private mutating func isolated(_ pc: Int, _ position: Int) -> Int? {
        let floor = memory.count
        guard let reach = run(pc, position, mustReachEnd: false) else { return nil }
        var kept: [Memory] = []
        for item in memory[floor...] {
            switch item {
            case .group, .counter: kept.append(item)
            default: break
            }
        }
        memory.removeSubrange(floor...)
        memory.append(contentsOf: kept)
        return reach
    }

    private mutating func attempt(_ pc: Int, _ position: Int, keepsGroups: Bool) -> Bool {
        if keepsGroups { return isolated(pc, position) != nil }
        let savedGroups = groups
        let savedCounters = counters
        let floor = memory.count
        let matched = run(pc, position, mustReachEnd: false) != nil
        memory.removeSubrange(floor...)
        groups = savedGroups
        counters = savedCounters
        return matched
    }

    private func reference(_ index: Int, _ ignoresCase: Bool, _ position: Int) -> Int? {
        let from = groups[2 * index]
        let to = groups[2 * index + 1]
        guard from >= 0, to >= from, position + (to - from) <= end else { return nil }
        for offset in 0..<(to - from) {
            let a = UInt32(truncatingIfNeeded: text[from + offset])
            let b = UInt32(truncatingIfNeeded: text[position + offset])
            if a != b, !ignoresCase || !RegexCase.equal(a, b) { return nil }
        }
        return position + (to - from)
    }

    private func isWord(_ position: Int, _ isASCII: Bool) -> Bool {
        guard position >= start, position < end else { return false }
        return RegexCharacter.isWord(UInt32(truncatingIfNeeded: text[position]), isASCII: isASCII)
    }

    private func holds(_ assertion: RegexAssertion, _ position: Int) -> Bool {
        switch assertion {
        case .textStart: position == start
        case .textEnd: position == end
        case .lineStart: position == start || text[position - 1] == 0x0A
        case .lineEnd: position == end || text[position] == 0x0A
        case .endOrLastNewline: position == end || (position == end - 1 && text[position] == 0x0A)
        case .wordBoundary(let isASCII): isWord(position - 1, isASCII) != isWord(position, isASCII)
        case .notWordBoundary(let isASCII): start != end && isWord(position - 1, isASCII) == isWord(position, isASCII)
        }
    }
}
