/// Proves the rules the machine relies on: operands are in range, jumps land on instructions, and every register is written
/// before it is read and every temporary consumed exactly once on every path.
///
/// An abstract interpretation over the control flow: each register is in a set of states, joined where paths meet.
package struct Verifier {
    package struct Violation: Error, Sendable, CustomStringConvertible {
        package let code: String
        package let index: Int
        package let message: String
        package var description: String { "\(code) at \(index): \(message)" }
    }

    /// The states a register may be in.
    struct State: OptionSet {
        let rawValue: UInt8
        static let undefined = State(rawValue: 1)
        static let value = State(rawValue: 2)
        static let cell = State(rawValue: 4)
        static let loop = State(rawValue: 8)
    }

    let code: Code
    private var entry: [Int: [State]] = [:]
    private var pending: [Int] = []

    private init(_ code: Code) { self.code = code }

    /// Checks `code` and the functions in it; the first violation of each.
    package static func verify(_ code: Code) -> [Violation] {
        var result: [Violation] = []
        var verifier = Verifier(code)
        do {
            try verifier.checkTables()
            try verifier.run()
        } catch {
            result.append(error)
        }
        for case .code(let inner) in code.constants { result += verify(inner) }
        return result
    }

    func violation(_ index: Int, _ message: String) -> Violation {
        Violation(code: code.qualifiedName, index: index, message: message)
    }

    // MARK: tables

    private func checkTables() throws(Violation) {
        let count = code.instructions.count
        guard code.ranges.count == count, count > 0 else { throw violation(0, "\(code.ranges.count) ranges for \(count) instructions") }
        for handler in code.handlers {
            guard handler.start >= 0, handler.start < handler.end, handler.end <= count, (0..<Int32(count)).contains(handler.target),
                handler.depth >= code.localNames.count, handler.depth < code.registerCount
            else { throw violation(Int(handler.start), "handler out of range: \(handler)") }
        }
        var index = 0
        while index < count {
            let instruction = code.instructions[index]
            let shape = instruction.op.shape
            guard instruction.op != .extra else { throw violation(index, "an extra word without its instruction") }
            if code.flags.contains(.generator), let end = instruction.windowEnd {
                guard index > 0, code.instructions[index - 1] == Instruction(.toStack, a: UInt16(end)) else {
                    throw violation(index, "a call of a generator that has not moved to the stack")
                }
            }
            try checkField(instruction.a, shape.a, index)
            try checkField(instruction.b, shape.b, index)
            try checkField(instruction.c, shape.c, index)
            try checkExtras(shape.extras, after: index)
            index += 1 + shape.extras
        }
    }

    private func checkExtras(_ count: Int, after index: Int) throws(Violation) {
        for offset in 0..<count {
            guard index + 1 + offset < code.instructions.count, code.instructions[index + 1 + offset].op == .extra else {
                throw violation(index, "an extra word is missing")
            }
        }
    }

    private func checkField(_ field: UInt16, _ role: OperandShape.Role, _ index: Int) throws(Violation) {
        let isValid: Bool
        switch role {
        case .none, .count, .immediate, .slot, .builtin, .distance, .wideDistance, .wideImmediate, .special: isValid = true
        case .destination, .source, .taken, .borrowed, .cell, .cleared, .loopState, .window:
            isValid = field & 15 == 0 && Int(field >> 4) < max(code.registerCount, 1)
        case .constant: isValid = Int(field) < code.constants.count
        case .name: isValid = Int(field) < code.names.count
        case .cache: isValid = Int(field) < code.cacheNames.count
        case .free: isValid = Int(field) < code.freeNames.count
        }
        guard isValid else { throw violation(index, "operand \(field) is out of range for \(role)") }
    }

    // MARK: flow

    private mutating func run() throws(Violation) {
        var start = [State](repeating: .undefined, count: code.registerCount)
        for register in 0..<code.parameterCount { start[register] = .value }
        try join(start, into: 0, from: 0)
        let leaders = leaders()
        while let index = pending.popLast() {
            guard let state = entry[index] else { continue }
            try walk(from: index, state, leaders)
        }
    }

    private func leaders() -> Set<Int> {
        var result: Set<Int> = []
        for (index, instruction) in code.instructions.enumerated() {
            if let target = instruction.jumpTarget(at: index) { result.insert(target) }
        }
        for handler in code.handlers { result.insert(Int(handler.target)) }
        return result
    }

    private mutating func walk(from start: Int, _ state: [State], _ leaders: Set<Int>) throws(Violation) {
        var state = state
        var index = start
        while true {
            guard index < code.instructions.count else { throw violation(index, "control runs off the end") }
            if index != start, leaders.contains(index) { return try join(state, into: index, from: index) }
            let instruction = code.instructions[index]
            try joinHandlers(state, at: index, instruction.op)
            let atTarget = try apply(instruction, at: index, to: &state)
            if let target = instruction.jumpTarget(at: index) { try join(atTarget ?? state, into: target, from: index) }
            if instruction.op.isTerminal { return }
            index += 1 + instruction.op.shape.extras
        }
    }

    private mutating func join(_ state: [State], into target: Int, from index: Int) throws(Violation) {
        guard target >= 0, target < code.instructions.count, code.instructions[target].op != .extra else {
            throw violation(index, "a jump to \(target), which is no instruction")
        }
        guard let old = entry[target] else {
            entry[target] = state
            return pending.append(target)
        }
        let joined = zip(old, state).map { $0.union($1) }
        if joined != old {
            entry[target] = joined
            pending.append(target)
        }
    }

    /// What the handlers around an instruction find when it raises. Only the innermost one runs.
    private mutating func joinHandlers(_ state: [State], at index: Int, _ op: Opcode) throws(Violation) {
        switch op {
        case .move, .moveTemp, .clear, .clearRange, .loadConst, .loadInt, .jump, .leaveHandler, .enterHandler, .ret, .returnNone: return
        default: break
        }
        for handler in code.handlers where handler.start <= index && index < handler.end {
            let depth = Int(handler.depth)
            var state = state
            for register in depth..<state.count { state[register] = .undefined }
            state[depth] = .value
            return try join(state, into: Int(handler.target), from: index)
        }
    }
}
