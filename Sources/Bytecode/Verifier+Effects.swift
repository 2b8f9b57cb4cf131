/// What each instruction does to the states of registers.
extension Verifier {
    private func register(_ field: UInt16) -> Int { Int(field >> 4) }

    private func name(_ register: Int) -> String {
        register < code.localNames.count ? code.localNames[register] : "t\(register)"
    }

    private func isTemporary(_ register: Int) -> Bool { register >= code.localNames.count }

    private func read(_ register: Int, _ state: [State], at index: Int) throws(Violation) {
        guard register < state.count else { throw violation(index, "register \(register) is out of range") }
        guard state[register] == .value else {
            throw violation(index, "\(code.instructions[index].op) reads \(name(register)), which is \(state[register].words)")
        }
    }

    private func take(_ register: Int, _ state: inout [State], at index: Int) throws(Violation) {
        guard register < state.count else { throw violation(index, "register \(register) is out of range") }
        guard state[register] == .value || state[register] == .cell else {
            throw violation(index, "\(code.instructions[index].op) takes \(name(register)), which is \(state[register].words)")
        }
        guard isTemporary(register) else { throw violation(index, "\(code.instructions[index].op) consumes local \(name(register))") }
        state[register] = .undefined
    }

    private func takeRange(_ first: Int, _ count: Int, _ state: inout [State], at index: Int) throws(Violation) {
        for offset in 0..<count { try take(first + offset, &state, at: index) }
    }

    /// A result overwrites nothing that is still owed: a temporary must be undefined by now.
    private func write(_ register: Int, _ state: inout [State], at index: Int, as new: State = .value) throws(Violation) {
        guard register < state.count else { throw violation(index, "register \(register) is out of range") }
        let old = state[register]
        if isTemporary(register), old != .undefined {
            throw violation(index, "\(code.instructions[index].op) overwrites \(name(register)), which is \(old.words)")
        }
        if old.contains(.cell), new != .cell { throw violation(index, "\(code.instructions[index].op) overwrites the cell \(name(register))") }
        state[register] = new
    }

    /// Applies the instruction at `index`; the state at its jump target when that differs from the one behind it.
    func apply(_ instruction: Instruction, at index: Int, to state: inout [State]) throws(Violation) -> [State]? {
        let (a, b, c) = (register(instruction.a), register(instruction.b), register(instruction.c))
        let x = instruction.x
        func extra(_ offset: Int) -> Instruction { code.instructions[index + offset] }
        switch instruction.op {
        case .clear: state[a] = .undefined
        case .clearRange:
            guard a + Int(instruction.b) <= state.count else { throw violation(index, "clearRange beyond the frame") }
            for offset in 0..<Int(instruction.b) { state[a + offset] = .undefined }
        case .checkLocal:
            guard !state[a].contains(.cell) else { throw violation(index, "checkLocal of the cell \(name(a))") }
            state[a] = .value
        case .makeCell:
            guard !state[a].contains(.cell) else { throw violation(index, "\(name(a)) is a cell already") }
            state[a] = .cell
        case .move:
            guard state[b] == .value || state[b] == .cell else { throw violation(index, "move reads \(name(b)), which is \(state[b].words)") }
            try write(a, &state, at: index, as: state[b])
        case .getIter: try getIter(instruction, &state, at: index)
        case .forIter:
            for offset in 0..<3 where state[a + offset] != .loop {
                throw violation(index, "forIter finds no loop state in \(name(a + offset))")
            }
            var body = state
            try write(b, &body, at: index)
            for offset in 0..<3 { state[a + offset] = .undefined }
            return body
        case .unpack, .unpackStar: try unpack(instruction, &state, at: index)
        case .buildList, .buildTuple, .buildSet, .buildString: try build(a, b, Int(instruction.c), &state, at: index)
        case .buildDict: try build(a, b, 2 * Int(instruction.c), &state, at: index)
        case .buildSlice: try build(a, b, 3, &state, at: index)
        case .makeFunction: try build(a, c, (x & 15).nonzeroBitCount, &state, at: index)
        case .formatValue:
            if x & 4 != 0 { try source(c, x & OperandFlag.consumeC, a, &state, at: index) }
            try source(b, x & OperandFlag.consumeB, a, &state, at: index)
            try write(a, &state, at: index)
        case .call: try call(a, 1 + Int(instruction.b), result: c, &state, at: index)
        case .callKeyword: try call(a, 1 + Int(instruction.b), result: register(extra(1).c), &state, at: index)
        case .callSpread:
            try takeRange(a, 2, &state, at: index)
            if state[a + 2] != .undefined { try take(a + 2, &state, at: index) }
            try write(c, &state, at: index)
        case .findMethod:
            guard state[a] == .undefined else { throw violation(index, "the window of findMethod is not free") }
            try read(b, state, at: index)
            if b != a + 1 { try write(a + 1, &state, at: index) }
        case .callGlobal, .callMethod, .callMethodKeyword:
            guard state[a] == .undefined else { throw violation(index, "the window of \(instruction.op) is not free") }
            let count = Int(instruction.b) + (instruction.op == .callGlobal ? 0 : 1)
            let result = register(extra(instruction.op == .callMethodKeyword ? 2 : 1).c)
            try call(a + 1, count, result: result, &state, at: index)
        case .ret:
            try returned(a, x, &state, at: index)
        case .returnNone: try requireClean(state, at: index)
        case .yieldValue:
            try source(a, x & OperandFlag.consumeA, -1, &state, at: index)
            if x & 1 != 0 { try read(b, state, at: index) }
            for register in (x & 1 != 0 ? b + 1 : b)..<state.count where state[register] != .undefined {
                throw violation(index, "register \(register) is alive above the frame that waits")
            }
            try write(c, &state, at: index)
        case .send:
            try read(a, state, at: index)
            try read(b, state, at: index)
            var done = state
            done[a] = .undefined
            return done
        default: return try applyRare(instruction, at: index, to: &state)
        }
        return nil
    }

    private func applyRare(_ instruction: Instruction, at index: Int, to state: inout [State]) throws(Violation) -> [State]? {
        let (a, b) = (register(instruction.a), register(instruction.b))
        let x = instruction.x
        switch instruction.op {
        case .raise:
            if x & 3 > 0 { try source(a, x & OperandFlag.consumeA, -1, &state, at: index) }
            if x & 3 == 2 { try source(b, x & OperandFlag.consumeB, -1, &state, at: index) }
        case .raiseAssert: if x & 1 != 0 { try source(a, x & OperandFlag.consumeA, -1, &state, at: index) }
        case .enterHandler:
            try read(a, state, at: index)
            try write(a + 1, &state, at: index)
        case .leaveHandler:
            try read(a + 1, state, at: index)
            state[a] = .undefined
            state[a + 1] = .undefined
        case .withEnter:
            try source(b, x & OperandFlag.consumeB, -1, &state, at: index)
            try write(a, &state, at: index)
            try write(a + 1, &state, at: index)
        case .withExceptArguments:
            try read(a, state, at: index)
            try read(a + 1, state, at: index)
            for offset in 3...6 { try write(a + offset, &state, at: index) }
        default: try applyShape(instruction, at: index, to: &state)
        }
        return nil
    }

    /// Instructions whose table entry says it all.
    private func applyShape(_ instruction: Instruction, at index: Int, to state: inout [State]) throws(Violation) {
        let shape = instruction.op.shape
        let fields: [(OperandShape.Role, UInt16, UInt8)] = [
            (shape.a, instruction.a, instruction.x & OperandFlag.consumeA),
            (shape.b, instruction.b, instruction.x & OperandFlag.consumeB),
            (shape.c, instruction.c, instruction.x & OperandFlag.consumeC),
        ]
        let destinations = fields.compactMap { if case .destination = $0.0 { register($0.1) } else { nil } }
        for (role, field, consume) in fields {
            switch role {
            case .source: try source(register(field), consume, destinations.first ?? -1, &state, at: index)
            case .taken: try take(register(field), &state, at: index)
            case .borrowed: try read(register(field), state, at: index)
            case .cell:
                guard state[register(field)] == .cell else { throw violation(index, "\(name(register(field))) is not certainly a cell") }
            default: break
            }
        }
        for destination in destinations {
            try write(destination, &state, at: index, as: instruction.op == .loadFreeCell ? .cell : .value)
        }
    }

    /// An operand that is consumed by its flag, or by being overwritten by the result.
    private func source(_ register: Int, _ consume: UInt8, _ destination: Int, _ state: inout [State], at index: Int) throws(Violation) {
        if consume != 0 { return try take(register, &state, at: index) }
        try read(register, state, at: index)
        if register == destination, isTemporary(register) { state[register] = .undefined }
    }

    private func getIter(_ instruction: Instruction, _ state: inout [State], at index: Int) throws(Violation) {
        let (a, b) = (register(instruction.a), register(instruction.b))
        guard a + 2 < state.count, isTemporary(a) else { throw violation(index, "no room for a loop state") }
        try source(b, instruction.x & OperandFlag.consumeB, a, &state, at: index)
        for offset in 0..<3 { try write(a + offset, &state, at: index, as: .loop) }
    }

    private func unpack(_ instruction: Instruction, _ state: inout [State], at index: Int) throws(Violation) {
        let (a, b) = (register(instruction.a), register(instruction.b))
        try source(b, instruction.x & OperandFlag.consumeB, -1, &state, at: index)
        let count = Int(instruction.c) + (instruction.op == .unpackStar ? 1 + Int(instruction.x & 0x1F) : 0)
        for offset in 0..<count { try write(a + offset, &state, at: index) }
    }

    private func build(_ result: Int, _ first: Int, _ count: Int, _ state: inout [State], at index: Int) throws(Violation) {
        try takeRange(first, count, &state, at: index)
        try write(result, &state, at: index)
    }

    private func call(_ first: Int, _ count: Int, result: Int, _ state: inout [State], at index: Int) throws(Violation) {
        try takeRange(first, count, &state, at: index)
        try write(result, &state, at: index)
    }

    private func returned(_ register: Int, _ x: UInt8, _ state: inout [State], at index: Int) throws(Violation) {
        if x & OperandFlag.consumeA != 0 {
            try take(register, &state, at: index)
        } else {
            guard state[register] == .value || state[register] == .cell else {
                throw violation(index, "ret reads \(name(register)), which is \(state[register].words)")
            }
        }
        try requireClean(state, at: index)
    }

    private func requireClean(_ state: [State], at index: Int) throws(Violation) {
        for register in code.localNames.count..<max(state.count, code.localNames.count) where state[register] != .undefined {
            throw violation(index, "\(name(register)) is \(state[register].words) on return")
        }
    }
}

extension Verifier.State {
    fileprivate var words: String {
        let parts: [(Verifier.State, String)] = [
            (.undefined, "undefined"), (.value, "a value"), (.cell, "a cell"), (.loop, "a loop state"),
        ]
        return parts.filter { contains($0.0) }.map(\.1).joined(separator: " or ")
    }
}
