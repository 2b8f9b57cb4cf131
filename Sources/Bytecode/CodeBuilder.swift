import Diagnostics

/// Collects the instructions, tables and pending jumps of one code object.
struct CodeBuilder {
    struct PendingHandler {
        let start: Int
        let end: Int
        let target: Label
        let depth: Int
    }

    private struct PendingJump {
        let index: Int
        let label: Label
    }

    private(set) var instructions: [Instruction] = []
    private(set) var ranges: [SourceRange] = []
    private(set) var constants: [CodeConstant] = []
    private(set) var names: [String] = []
    private(set) var cacheNames: [UInt16] = []
    var handlers: [PendingHandler] = []
    private(set) var finishedHandlers: [Code.Handler] = []
    var inlinedScopes: [Code.InlinedScope] = []
    private var constantIndices: [ConstantKey: Int] = [:]
    private var nameIndices: [String: Int] = [:]
    private var jumps: [PendingJump] = []
    /// Targets of the unconditional jumps, by their positions.
    private var unconditional: [Int: Int] = [:]

    var position: Int { instructions.count }

    mutating func append(_ instruction: Instruction, at range: SourceRange) {
        instructions.append(instruction)
        ranges.append(range)
    }

    mutating func append(_ instruction: Instruction, jumpingTo label: Label, at range: SourceRange) {
        jumps.append(PendingJump(index: instructions.count, label: label))
        append(instruction, at: range)
    }

    mutating func constant(_ constant: CodeConstant) -> Int {
        let key = ConstantKey(constant)
        if let index = constantIndices[key] { return index }
        constants.append(constant)
        constantIndices[key] = constants.count - 1
        return constants.count - 1
    }

    mutating func name(_ name: String) -> Int {
        if let index = nameIndices[name] { return index }
        names.append(name)
        nameIndices[name] = names.count - 1
        return names.count - 1
    }

    mutating func cacheSite(_ name: String) -> Int {
        cacheNames.append(UInt16(truncatingIfNeeded: self.name(name)))
        return cacheNames.count - 1
    }

    /// Indices are 16 bits wide; 0xFFFF means "none" in some operands.
    var isWithinLimits: Bool { constants.count < 0xFFFF && names.count < 0xFFFF && cacheNames.count < 0xFFFF }

    // MARK: jumps

    /// Fills in the distances. A conditional jump whose target is out of reach of 16 bits becomes its opposite over a wide
    /// `jump`, which moves everything behind it: repeated until nothing changes.
    mutating func resolveJumps() {
        for jump in jumps where instructions[jump.index].op == .jump { unconditional[jump.index] = jump.label.position }
        var isLong = [Bool](repeating: false, count: jumps.count)
        var growth: [Int: Int] = [:]
        if instructions.count > Int(Int16.max) {
            var hasChanged = true
            while hasChanged {
                hasChanged = false
                let moved = newPositions(growth)
                for (number, jump) in jumps.enumerated() where !isLong[number] && instructions[jump.index].op != .jump {
                    let distance = moved[target(of: jump)] - moved[jump.index] - 1
                    guard Int16(exactly: distance) == nil else { continue }
                    isLong[number] = true
                    hasChanged = true
                    growth[jump.index] = instructions[jump.index].op == .forIter ? 2 : 1
                }
            }
        }
        let moved = newPositions(growth)
        for (number, jump) in jumps.enumerated() where !isLong[number] {
            let distance = moved[target(of: jump)] - moved[jump.index] - 1
            instructions[jump.index].setJumpDistance(distance)
        }
        finishedHandlers = handlers.map {
            guard let target = $0.target.position else { preconditionFailure("a handler that was never placed") }
            return Code.Handler(
                start: Int32(moved[$0.start]), end: Int32(moved[$0.end]), target: Int32(moved[target]), depth: Int32($0.depth))
        }
        if !growth.isEmpty { expand(moved, growth) }
    }

    /// Where a jump ends up: forward jumps to a `jump` go on with it. Backward ones stay, they are safe points.
    private func target(of jump: PendingJump) -> Int {
        guard var position = jump.label.position else { preconditionFailure("a jump to a label that was never placed") }
        while position > jump.index, let next = unconditional[position], next > position { position = next }
        return position
    }

    private func newPositions(_ growth: [Int: Int]) -> [Int] {
        var result: [Int] = []
        result.reserveCapacity(instructions.count + 1)
        var offset = 0
        for index in 0...instructions.count {
            result.append(index + offset)
            offset += growth[index] ?? 0
        }
        return result
    }

    private mutating func expand(_ moved: [Int], _ growth: [Int: Int]) {
        var targets: [Int: Int] = [:]
        for jump in jumps where growth[jump.index] != nil { targets[jump.index] = moved[target(of: jump)] }
        var expanded: [Instruction] = []
        var expandedRanges: [SourceRange] = []
        for (index, instruction) in instructions.enumerated() {
            var instruction = instruction
            let range = ranges[index]
            if let target = targets[index] {
                instruction.setJumpDistance(1)
                if instruction.op == .forIter {
                    expanded.append(instruction)
                    instruction = Instruction(.jump)
                    instruction.wide = 1
                    expandedRanges.append(range)
                } else {
                    instruction.invertCondition()
                }
                expanded.append(instruction)
                instruction = Instruction(.jump)
                instruction.wide = Int32(target - expanded.count - 1)
                expandedRanges.append(range)
            }
            expanded.append(instruction)
            expandedRanges.append(range)
        }
        instructions = expanded
        ranges = expandedRanges
        inlinedScopes = inlinedScopes.map {
            Code.InlinedScope(start: Int32(moved[Int($0.start)]), end: Int32(moved[Int($0.end)]), name: $0.name, range: $0.range)
        }
    }
}

extension Instruction {
    fileprivate mutating func setJumpDistance(_ distance: Int) {
        if op == .jump { wide = Int32(distance) } else { c = UInt16(bitPattern: Int16(truncatingIfNeeded: distance)) }
    }

    /// Makes a conditional jump jump exactly when it did not.
    fileprivate mutating func invertCondition() {
        switch op {
        case .jumpIfTrue: op = .jumpIfFalse
        case .jumpIfFalse: op = .jumpIfTrue
        default: x ^= OperandFlag.negate
        }
    }
}
