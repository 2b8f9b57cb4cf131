import Diagnostics

/// Prints code as text: the source line, then its instructions, operands by name.
///
///     1 | def fib(n):
///     2 |     return n if n < 2 else fib(n - 1) + fib(n - 2)
///         0  jumpLessI.not   n, 2, -> 2
///
/// A temporary that is read without being consumed is written `&t3`. `->` names the instruction a jump goes to, which is
/// marked `>` where it stands.
package struct Disassembler {
    private let code: Code
    private let globals: GlobalNames
    private let targets: Set<Int>

    private init(_ code: Code, _ globals: GlobalNames) {
        self.code = code
        self.globals = globals
        var targets = Set(code.handlers.map { Int($0.target) })
        for (index, instruction) in code.instructions.enumerated() {
            if let target = instruction.jumpTarget(at: index) { targets.insert(target) }
        }
        self.targets = targets
    }

    /// The text of `code` and, after it, of the functions in it.
    package static func text(_ code: Code, globals: GlobalNames) -> String {
        var result = Disassembler(code, globals).text
        for case .code(let inner) in code.constants { result += "\n" + text(inner, globals: globals) }
        return result
    }

    private var text: String {
        var result = header + "\n"
        var line = -1
        for (index, instruction) in code.instructions.enumerated() {
            let lineIndex = code.source.lineIndex(of: code.ranges[index].start)
            if lineIndex != line {
                line = lineIndex
                let number = String(lineIndex + 1 + code.source.lineOffset)
                result += number.padded(to: -5) + " | " + code.source.lineText(at: lineIndex) + "\n"
            }
            let mark = targets.contains(index) ? ">" : " "
            let operands = operandText(instruction, at: index)
            let row = "  \(mark) \(String(index).padded(to: -4))  \(mnemonic(instruction).padded(to: 20)) \(operands)"
            result += row.trimmingEnd + "\n"
        }
        return result + tables
    }

    private var header: String {
        let names = code.localNames
        let parameters = names.prefix(code.parameterCount).joined(separator: ", ")
        var parts = ["\(code.qualifiedName)(\(parameters))"]
        let locals = names.dropFirst(code.parameterCount)
        if !locals.isEmpty { parts.append("locals \(locals.joined(separator: ", "))") }
        if !code.cellRegisters.isEmpty { parts.append("cells \(code.cellRegisters.map { names[$0] }.joined(separator: ", "))") }
        if !code.freeNames.isEmpty { parts.append("free \(code.freeNames.joined(separator: ", "))") }
        if code.flags.contains(.generator) { parts.append("generator") }
        parts.append("\(code.registerCount) registers")
        return parts.joined(separator: "; ")
    }

    private var tables: String {
        var result = ""
        for handler in code.handlers {
            result += "    handler \(handler.start)..<\(handler.end) -> \(handler.target), exception in \(name(Int(handler.depth)))\n"
        }
        for scope in code.inlinedScopes { result += "    inlined \(scope.start)..<\(scope.end) \(scope.name)\n" }
        return result
    }

    // MARK: instructions

    private func mnemonic(_ instruction: Instruction) -> String {
        let op = instruction.op
        var result = "\(op)"
        switch op {
        case .compare: result += "." + CompareSymbols.all[Int(instruction.x & 0x0F)]
        case .formatValue:
            let conversion = Int(instruction.x & 3)
            if conversion > 0 { result += [".", ".str", ".repr", ".ascii"][conversion] }
        case .add, .subtract, .multiply, .matrixMultiply, .trueDivide, .floorDivide, .modulo, .power, .leftShift, .rightShift, .bitAnd,
            .bitOr, .bitXor, .addI, .subtractI, .multiplyI, .floorDivideI, .moduloI, .leftShiftI, .rightShiftI, .bitAndI, .addK,
            .subtractK, .multiplyK, .trueDivideK, .powerK:
            if instruction.x & OperandFlag.inPlace != 0 { result += ".inPlace" }
        default:
            if instruction.jumpTarget(at: 0) != nil, instruction.x & OperandFlag.negate != 0 { result += ".not" }
        }
        return result
    }

    private func name(_ register: Int) -> String {
        register < code.localNames.count ? code.localNames[register] : "t\(register)"
    }

    private func register(_ field: UInt16) -> String { name(Int(field >> 4)) }

    private func operandText(_ instruction: Instruction, at index: Int) -> String {
        if let text = specialText(instruction, at: index) { return text }
        let shape = instruction.op.shape
        var destination = -1
        for (role, field) in [(shape.a, instruction.a), (shape.b, instruction.b), (shape.c, instruction.c)] {
            if case .destination = role { destination = Int(field >> 4) }
        }
        let x = instruction.x
        let fields = [
            text(of: instruction.a, shape.a, x & OperandFlag.consumeA, destination, instruction, at: index),
            text(of: instruction.b, shape.b, x & OperandFlag.consumeB, destination, instruction, at: index),
            text(of: instruction.c, shape.c, x & OperandFlag.consumeC, destination, instruction, at: index),
        ]
        return fields.compactMap { $0 }.joined(separator: ", ")
    }

    private func text(
        of field: UInt16, _ role: OperandShape.Role, _ consume: UInt8, _ destination: Int, _ instruction: Instruction, at index: Int
    ) -> String? {
        switch role {
        case .none, .special: nil
        case .destination, .taken, .cleared, .cell, .loopState, .window: register(field)
        case .source: borrowed(field, isConsumed: consume != 0 || Int(field >> 4) == destination)
        case .borrowed: borrowed(field, isConsumed: false)
        case .count: String(field)
        case .immediate: String(Int16(bitPattern: field))
        case .constant: text(of: code.constants[Int(field)])
        case .name: code.names[Int(field)]
        case .cache: "." + code.names[Int(code.cacheNames[Int(field)])]
        case .slot: globals.names[Int(field)]
        case .builtin: field == 0 ? nil : "built-in"
        case .free: "^" + code.freeNames[Int(field)]
        case .distance, .wideDistance: instruction.jumpTarget(at: index).map { "-> \($0)" }
        case .wideImmediate: String(instruction.wide)
        }
    }

    private func borrowed(_ field: UInt16, isConsumed: Bool) -> String {
        let isTemporary = Int(field >> 4) >= code.localNames.count
        return (isTemporary && !isConsumed ? "&" : "") + register(field)
    }

    private func specialText(_ instruction: Instruction, at index: Int) -> String? {
        let (a, b, c) = (instruction.a, instruction.b, instruction.c)
        let x = instruction.x
        switch instruction.op {
        case .checkLocal, .makeCell, .enterHandler, .leaveHandler, .withExceptArguments: return register(a)
        case .extra: return extraText(instruction, at: index)
        case .formatValue:
            let specification = x & 4 != 0 ? ", " + borrowed(c, isConsumed: x & OperandFlag.consumeC != 0 || a == c) : ""
            return "\(register(a)), \(borrowed(b, isConsumed: x & OperandFlag.consumeB != 0 || a == b))\(specification)"
        case .yieldValue:
            let source = borrowed(a, isConsumed: x & OperandFlag.consumeA != 0)
            return x & 1 != 0 ? "\(register(c)), \(source), from \(register(b))" : "\(register(c)), \(source)"
        case .send: return "\(register(a)), \(register(b)), " + (instruction.jumpTarget(at: index).map { "-> \($0)" } ?? "")
        case .raise:
            let exception = borrowed(a, isConsumed: x & OperandFlag.consumeA != 0)
            switch x & 3 {
            case 0: return ""
            case 1: return exception
            default: return exception + ", from " + borrowed(b, isConsumed: x & OperandFlag.consumeB != 0)
            }
        case .raiseAssert: return x & 1 != 0 ? borrowed(a, isConsumed: x & OperandFlag.consumeA != 0) : ""
        case .importName:
            let names = c == 0xFFFF ? "" : ", " + text(of: code.constants[Int(c)])
            let dots = String(repeating: ".", count: Int(x))
            return "\(register(a)), \(dots)\(text(of: code.constants[Int(b)]))\(names)"
        case .unpackStar:
            return "\(register(a)), \(borrowed(b, isConsumed: x & OperandFlag.consumeB != 0)), \(c) before, \(x & 0x1F) after"
        case .findMethod:
            let method = code.names[Int(code.cacheNames[Int(c)])]
            return b == a + 16 ? "\(register(b)), .\(method)" : "\(name(Int(a >> 4) + 1)), \(borrowed(b, isConsumed: false)), .\(method)"
        case .call, .callSpread, .callKeyword, .callGlobal, .callMethod, .callMethodKeyword:
            return callText(instruction)
        default: return nil
        }
    }

    private func callText(_ instruction: Instruction) -> String {
        var parts = [register(instruction.a)]
        if instruction.op != .callSpread { parts.append("\(instruction.b) argument\(instruction.b == 1 ? "" : "s")") }
        if instruction.op == .call || instruction.op == .callSpread { parts.append("to " + register(instruction.c)) }
        return parts.joined(separator: ", ")
    }

    private func extraText(_ extra: Instruction, at index: Int) -> String {
        var owner = index
        while code.instructions[owner].op == .extra, owner > 0 { owner -= 1 }
        switch code.instructions[owner].op {
        case .loadName: return globals.names[Int(extra.a)] + (extra.b == 0 ? "" : ", built-in")
        case .callGlobal:
            return globals.names[Int(extra.a)] + (extra.b == 0 ? "" : ", built-in") + ", to " + register(extra.c)
        case .callMethod: return "." + code.names[Int(code.cacheNames[Int(extra.b)])] + ", to " + register(extra.c)
        case .callMethodKeyword where index == owner + 1: return "." + code.names[Int(code.cacheNames[Int(extra.b)])]
        case .callKeyword, .callMethodKeyword: return text(of: code.constants[Int(extra.a)]) + ", to " + register(extra.c)
        case .matchClass: return "\(extra.a) positional, \(text(of: code.constants[Int(extra.b)]))"
        default: return ""
        }
    }

    // MARK: constants

    private func text(of constant: CodeConstant) -> String {
        switch constant {
        case .none: "None"
        case .ellipsis: "..."
        case .bool(let value): value ? "True" : "False"
        case .int(let value): String(value)
        case .bigInt(let digits, let radix): radix == 10 ? digits : "\(digits) (base \(radix))"
        case .float(let value): "\(value)"
        case .string(let value): "'" + value.replacing("\\", with: "\\\\").replacing("\n", with: "\\n").replacing("'", with: "\\'") + "'"
        case .surrogateString(let value): "text of \(value.count) bytes with lone surrogates"
        case .bytes(let value): "bytes of \(value.count)"
        case .tuple(let items): "(" + items.map(text(of:)).joined(separator: ", ") + (items.count == 1 ? ",)" : ")")
        case .frozenSet(let items): "{" + items.map(text(of:)).joined(separator: ", ") + "}"
        case .code(let code): "<code \(code.qualifiedName)>"
        }
    }
}

/// How comparisons are written, by raw value.
private enum CompareSymbols {
    static let all = ["<", "<=", "==", "!=", ">", ">=", "in", "not in", "is", "is not"]
}

extension String {
    /// Padded with blanks on the right, or on the left for a negative width.
    fileprivate func padded(to width: Int) -> String {
        let blanks = String(repeating: " ", count: max(0, abs(width) - count))
        return width < 0 ? blanks + self : self + blanks
    }

    fileprivate var trimmingEnd: String {
        var result = self[...]
        while result.last == " " { result.removeLast() }
        return String(result)
    }
}
