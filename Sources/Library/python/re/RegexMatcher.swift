import Interpreter

/// One thing to undo or to try again.
struct RegexMemory {
    enum Kind: UInt32 {
        /// Go on at `pc`, at position `a`.
        case branch
        /// A greedy run that may give back characters from `b` down to `a`; `pc` is its instruction.
        case run
        /// A lazy run that may take one more at `a`, up to `b`; `pc` is its instruction.
        case grow
        /// Group slot `a` was `b`; the last closed group was `pc`.
        case group
        /// Counter `a` was `b`.
        case counter
    }
    var kind: Kind
    var pc: Int32
    var a: Int
    var b: Int
}

/// The buffers of a pattern's matches.
final class RegexWork {
    /// Start and end of every group, the whole match first; −1 for unset.
    let groups: UnsafeMutablePointer<Int>
    let groupSlots: Int
    let counters: UnsafeMutablePointer<Int>
    let counterCount: Int
    fileprivate(set) var memory: UnsafeMutablePointer<RegexMemory>
    fileprivate(set) var capacity = 64
    /// Number of the group that closed last, 0 for none.
    fileprivate(set) var lastGroup = 0

    init(groups: Int, counters: Int) {
        groupSlots = 2 * (groups + 1)
        self.groups = .allocate(capacity: groupSlots)
        self.groups.initialize(repeating: -1, count: groupSlots)
        counterCount = counters
        self.counters = .allocate(capacity: max(1, counters))
        self.counters.initialize(repeating: 0, count: max(1, counters))
        memory = .allocate(capacity: capacity)
    }

    deinit {
        groups.deallocate()
        counters.deallocate()
        memory.deallocate()
    }

    @inline(never)
    fileprivate func grow(_ count: Int) {
        let larger = UnsafeMutablePointer<RegexMemory>.allocate(capacity: capacity * 2)
        larger.moveInitialize(from: memory, count: count)
        memory.deallocate()
        memory = larger
        capacity *= 2
    }

    /// After a large match: not to hold on to its memory.
    fileprivate func shrink() {
        guard capacity > 1 << 16 else { return }
        memory.deallocate()
        capacity = 64
        memory = .allocate(capacity: capacity)
    }
}

/// Backtracking search over characters of one width: bytes for ASCII text and bytes objects, scalars otherwise.
/// Recursion happens only for look-around and atomic groups, so depth is bounded by the pattern.
struct RegexMatcher<Character: FixedWidthInteger & UnsignedInteger> {
    enum Failure { case none, interrupted, tooLarge }

    /// Choices remembered at once: 24 bytes each.
    private static var largestMemory: Int { 1 << 28 }

    private let program: RegexProgram
    private let code: UnsafeMutablePointer<RegexInstruction>
    private let tables: UnsafeMutablePointer<UInt64>
    private let work: RegexWork
    private let groups: UnsafeMutablePointer<Int>
    private let text: UnsafePointer<Character>
    /// Matches do not reach behind it.
    private let end: Int
    private let mustReachEnd: Bool
    private var memory: UnsafeMutablePointer<RegexMemory>
    private var count = 0
    private let interrupt: UnsafeMutablePointer<Int32>
    private var steps = 0
    /// A match may not end here: after an empty match the next one must advance.
    private var forbiddenEnd = -1
    private(set) var failure = Failure.none

    init(_ program: RegexProgram, _ text: UnsafePointer<Character>, end: Int, mustReachEnd: Bool, interrupt: UnsafeMutablePointer<Int32>) {
        self.program = program
        code = program.code
        tables = program.tables
        work = program.work
        groups = program.work.groups
        memory = program.work.memory
        self.text = text
        self.end = end
        self.mustReachEnd = mustReachEnd
        self.interrupt = interrupt
    }

    /// Finds the first match that begins at or behind `from`; with `mustAdvance` it is not the empty one at `from`.
    mutating func search(from: Int, mustAdvance: Bool) -> Bool {
        let start = program.start
        if start.isAnchored { return from == 0 && match(at: 0, mustAdvance: mustAdvance) }
        var position = from
        if mustAdvance {
            // Only the first place is forbidden to match emptily.
            if match(at: position, mustAdvance: true) { return true }
            if failure != .none { return false }
            position += 1
        }
        while position <= end {
            if let character = start.character {
                while position < end, UInt32(truncatingIfNeeded: text[position]) != character { position += 1 }
                if position >= end { return false }
            } else if let table = start.table {
                position = skip(position, table, start.includesHigh)
                if position >= end { return false }
            }
            if let run = start.run {
                let reach = extent(run.unit, position, Int.max)
                if reach >= end { return false }
                if UInt32(truncatingIfNeeded: text[reach]) != run.next {
                    position = reach + 1
                    continue
                }
            }
            if match(at: position, mustAdvance: false) { return true }
            if failure != .none { return false }
            position += 1
        }
        return false
    }

    /// The next place whose character is in the table, or the end.
    @inline(__always)
    private func skip(_ from: Int, _ table: (UInt64, UInt64, UInt64, UInt64), _ includesHigh: Bool) -> Int {
        var position = from
        while position < end {
            let code = UInt32(truncatingIfNeeded: text[position])
            let word = code < 64 ? table.0 : code < 128 ? table.1 : code < 192 ? table.2 : code < 256 ? table.3 : includesHigh ? .max : 0
            if word >> UInt64(code & 63) & 1 != 0 { return position }
            position += 1
        }
        return position
    }

    /// Matches at exactly this position.
    mutating func match(at position: Int, mustAdvance: Bool) -> Bool {
        for index in 0..<work.groupSlots { groups[index] = -1 }
        work.lastGroup = 0
        count = 0
        forbiddenEnd = mustAdvance ? position : -1
        let last = run(0, position)
        work.shrink()
        memory = work.memory
        guard let last else { return false }
        groups[0] = position
        groups[1] = last
        return true
    }

    @inline(__always)
    private func isMember(_ set: Int32, _ code: UInt32) -> Bool {
        if code < 256 { return tables[Int(set) &* 4 &+ Int(code >> 6)] >> UInt64(code & 63) & 1 != 0 }
        return program.sets[Int(set)].contains(code)
    }

    @inline(__always)
    private func holds(_ unit: RegexInstruction.Unit, _ position: Int) -> Bool {
        let code = UInt32(truncatingIfNeeded: text[position])
        switch unit {
        case .character(let wanted): return code == wanted
        case .any: return true
        case .notNewline: return code != 0x0A
        case .set(let index): return isMember(index, code)
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
        case .set(let set): while index < limit, isMember(set, UInt32(truncatingIfNeeded: text[index])) { index += 1 }
        }
        return index
    }

    @inline(__always)
    private mutating func remember(_ kind: RegexMemory.Kind, pc: Int, _ a: Int, _ b: Int) {
        if count == work.capacity {
            if count >= Self.largestMemory {
                failure = .tooLarge
                return
            }
            work.grow(count)
            memory = work.memory
        }
        memory[count] = RegexMemory(kind: kind, pc: Int32(truncatingIfNeeded: pc), a: a, b: b)
        count += 1
    }

    /// Executes from `entry`; the end of the match, or nil.
    private mutating func run(_ entry: Int, _ from: Int) -> Int? {
        let floor = count
        var pc = entry
        var position = from
        while true {
            var failed = false
            switch code[pc] {
            case .one(let unit):
                if position < end, holds(unit, position) {
                    position += 1
                    pc += 1
                } else {
                    failed = true
                }
            case .runGreedy(let unit, let minimum, let maximum, let next):
                let reach = extent(unit, position, maximum)
                if reach - position < minimum {
                    failed = true
                } else if reach == position + minimum {
                    position = reach
                    pc += 1
                } else if let next {
                    if let place = lastPlace(of: next, from: reach, downTo: position + minimum) {
                        if place > position + minimum { remember(.run, pc: pc, position + minimum, place - 1) }
                        position = place
                        pc += 1
                    } else {
                        failed = true
                    }
                } else {
                    remember(.run, pc: pc, position + minimum, reach - 1)
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
                    let most = maximum > end - position ? end : position + maximum
                    if reach < most { remember(.grow, pc: pc, reach, most) }
                    position = reach
                    pc += 1
                }
            case .split(let preferred, let other):
                if case .one(let unit) = code[preferred], position >= end || !holds(unit, position) {
                    pc = other
                } else {
                    remember(.branch, pc: other, position, 0)
                    pc = preferred
                }
            case .jump(let target):
                pc = target
                if isStopped() { return nil }
            case .save(let slot):
                remember(.group, pc: work.lastGroup, slot, groups[slot])
                groups[slot] = position
                if slot & 1 != 0 { work.lastGroup = slot >> 1 }
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
                let iterations = work.counters[slot]
                if iterations < minimum {
                    pc += 1
                } else if iterations >= maximum || work.counters[slot + 1] == position {
                    pc = exit
                } else if isLazy {
                    remember(.branch, pc: pc + 1, position, 0)
                    pc = exit
                } else {
                    remember(.branch, pc: exit, position, 0)
                    pc += 1
                }
            case .countEnter(let slot, let minimum):
                if work.counters[slot] >= minimum { set(slot + 1, position) }
                set(slot, work.counters[slot] + 1)
                pc += 1
            case .look(let isNegative, let width, let target):
                let origin = width.map { position - $0 } ?? position
                let matched = origin >= 0 && attempt(pc + 1, origin, keepsGroups: !isNegative)
                if failure != .none { return nil }
                if matched != isNegative { pc = target } else { failed = true }
            case .atomic(let target):
                if let reach = isolated(pc + 1, position) {
                    position = reach
                    pc = target
                } else {
                    failed = true
                }
            case .conditional(let group, let otherwise):
                pc = groups[2 * group + 1] >= 0 ? pc + 1 : otherwise
            case .finish: return position
            case .accept:
                if (mustReachEnd && position != end) || position == forbiddenEnd { failed = true } else { return position }
            }
            if failed {
                if isStopped() { return nil }
                guard backtrack(floor, &pc, &position) else { return nil }
            }
        }
    }

    /// Looks at the interrupt flag now and then.
    @inline(__always)
    private mutating func isStopped() -> Bool {
        steps &+= 1
        if steps & 0xFFFF == 0, interrupt.pointee & (InterruptRequests.interrupt | InterruptRequests.timeLimit) != 0 { failure = .interrupted }
        return failure != .none
    }

    /// The last place at or before `from` where `character` follows.
    @inline(__always)
    private func lastPlace(of character: UInt32, from: Int, downTo least: Int) -> Int? {
        var place = from
        if place == end { place -= 1 }
        while place >= least, UInt32(truncatingIfNeeded: text[place]) != character { place -= 1 }
        return place >= least ? place : nil
    }

    private mutating func set(_ slot: Int, _ value: Int) {
        remember(.counter, pc: 0, slot, work.counters[slot])
        work.counters[slot] = value
    }

    /// Undoes up to the last choice and takes its other way; false when none is left above `floor`.
    @inline(__always)
    private mutating func backtrack(_ floor: Int, _ pc: inout Int, _ position: inout Int) -> Bool {
        while count > floor {
            count -= 1
            let item = memory + count
            switch item.pointee.kind {
            case .branch:
                pc = Int(item.pointee.pc)
                position = item.pointee.a
                return true
            case .run:
                pc = Int(item.pointee.pc)
                guard case .runGreedy(_, _, _, let next) = code[pc] else { continue }
                var place = item.pointee.b
                if let next {
                    guard let found = lastPlace(of: next, from: place, downTo: item.pointee.a) else { continue }
                    place = found
                }
                if place > item.pointee.a {
                    item.pointee.b = place - 1
                    count += 1
                }
                pc += 1
                position = place
                return true
            case .grow:
                pc = Int(item.pointee.pc)
                guard case .runLazy(let unit, _, _) = code[pc], holds(unit, item.pointee.a) else { continue }
                item.pointee.a += 1
                position = item.pointee.a
                if position < item.pointee.b { count += 1 }
                pc += 1
                return true
            case .group:
                groups[item.pointee.a] = item.pointee.b
                work.lastGroup = Int(item.pointee.pc)
            case .counter: work.counters[item.pointee.a] = item.pointee.b
            }
        }
        return false
    }

    /// Matches a sub-pattern without keeping its choices; its groups and counters can still be undone.
    private mutating func isolated(_ pc: Int, _ position: Int) -> Int? {
        let floor = count
        guard let reach = run(pc, position) else { return nil }
        var kept = floor
        for index in floor..<count where memory[index].kind == .group || memory[index].kind == .counter {
            memory[kept] = memory[index]
            kept += 1
        }
        count = kept
        return reach
    }

    private mutating func attempt(_ pc: Int, _ position: Int, keepsGroups: Bool) -> Bool {
        if keepsGroups { return isolated(pc, position) != nil }
        let floor = count
        guard isolated(pc, position) != nil else { return false }
        // The look-around fails as a whole: what it set is undone.
        while count > floor {
            count -= 1
            let item = memory[count]
            if item.kind == .group {
                groups[item.a] = item.b
                work.lastGroup = Int(item.pc)
            } else {
                work.counters[item.a] = item.b
            }
        }
        return true
    }

    private func reference(_ index: Int, _ ignoresCase: Bool, _ position: Int) -> Int? {
        let from = groups[2 * index]
        let to = groups[2 * index + 1]
        guard from >= 0, to >= from, position + (to - from) <= end else { return nil }
        for offset in 0..<(to - from) {
            let a = UInt32(truncatingIfNeeded: text[from + offset])
            let b = UInt32(truncatingIfNeeded: text[position + offset])
            if a != b, !ignoresCase || RegexCase.lower(a) != RegexCase.lower(b) { return nil }
        }
        return position + (to - from)
    }

    private func isWord(_ position: Int, _ isASCII: Bool) -> Bool {
        guard position >= 0, position < end else { return false }
        return RegexCharacter.isWord(UInt32(truncatingIfNeeded: text[position]), isASCII: isASCII)
    }

    private func holds(_ assertion: RegexAssertion, _ position: Int) -> Bool {
        switch assertion {
        case .textStart: position == 0
        case .textEnd: position == end
        case .lineStart: position == 0 || text[position - 1] == 0x0A
        case .lineEnd: position == end || text[position] == 0x0A
        case .endOrLastNewline: position == end || (position == end - 1 && text[position] == 0x0A)
        case .wordBoundary(let isASCII): isWord(position - 1, isASCII) != isWord(position, isASCII)
        case .notWordBoundary(let isASCII): end != 0 && isWord(position - 1, isASCII) == isWord(position, isASCII)
        }
    }
}
