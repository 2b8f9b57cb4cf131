import Diagnostics
import Syntax

/// Compiles the body of one code object: a module, function or class.
///
/// Registers are the locals, then a stack of temporaries (`top` is the next free one). Invariants: a temporary is
/// consumed exactly once on every path and undefined afterwards; code that cannot be reached is compiled for its errors
/// but not emitted; `bound` is the set of locals certainly bound at the current place.
final class UnitCompiler {
    let compilation: Compilation
    /// The scope whose frame this code runs in.
    let scope: Scope
    /// `scope`, or the innermost comprehension being compiled in it.
    var current: Scope
    var builder = CodeBuilder()
    let localCount: Int
    private(set) var top: Int
    private var highest: Int
    var bound: RegisterSet
    var isReachable = true
    var blocks: [Block] = []
    var flags: Code.Flags = []
    var documentation: String?

    init(_ compilation: Compilation, scope: Scope) {
        self.compilation = compilation
        self.scope = scope
        current = scope
        localCount = scope.localNames.count
        top = localCount
        highest = localCount
        bound = RegisterSet(0..<scope.parameters.count)
    }

    // MARK: temporaries

    /// Takes `count` temporaries; the first one's number.
    @discardableResult func take(_ count: Int = 1) -> Int {
        let first = top
        top += count
        highest = max(highest, top)
        return first
    }

    /// Gives back the temporaries from `register` on.
    func release(to register: Int) { top = register }

    // MARK: emission

    func operand(_ register: Int) -> UInt16 { UInt16(truncatingIfNeeded: register << 4) }

    func emit(_ op: Opcode, x: UInt8 = 0, a: UInt16 = 0, b: UInt16 = 0, c: UInt16 = 0, at range: SourceRange) {
        guard isReachable else { return }
        let instruction = Instruction(op, x: x, a: a, b: b, c: c)
        if scope.isGenerator, let end = instruction.windowEnd { builder.append(Instruction(.toStack, a: index(end)), at: range) }
        builder.append(instruction, at: range)
    }

    func index(_ value: Int) -> UInt16 { UInt16(truncatingIfNeeded: value) }

    func constant(_ value: CodeConstant) -> UInt16 { index(builder.constant(value)) }

    func name(_ name: String) -> UInt16 { index(builder.name(name)) }

    // MARK: jumps

    /// Emits a jump; operands other than the distance as given.
    func jump(_ op: Opcode, x: UInt8 = 0, a: UInt16 = 0, b: UInt16 = 0, to label: Label, at range: SourceRange) {
        guard isReachable else { return }
        builder.append(Instruction(op, x: x, a: a, b: b), jumpingTo: label, at: range)
        note(label)
    }

    /// Jumps always; what follows is reached only through a label.
    func jump(to label: Label, at range: SourceRange) {
        jump(.jump, to: label, at: range)
        isReachable = false
    }

    private func note(_ label: Label) {
        guard label.position == nil else { return }
        if label.bound == nil { label.bound = bound } else { label.bound?.formIntersection(bound) }
    }

    /// Places a label that jumps before it name.
    func place(_ label: Label) {
        if isReachable { note(label) }
        label.position = builder.position
        isReachable = label.bound != nil
        if let bound = label.bound { self.bound = bound }
    }

    /// Places the head of a loop, whose jumps come later: `bound` must hold on all of them.
    func placeHead(_ label: Label, isReachable: Bool, bound: RegisterSet) {
        label.position = builder.position
        self.isReachable = isReachable
        self.bound = bound
    }

    // MARK: problems

    func problem(_ message: String, at range: SourceRange) -> SyntaxProblem {
        SyntaxProblem(.syntax, message, at: range, in: compilation.source)
    }

    func unsupported(_ message: String, at range: SourceRange) -> SyntaxProblem {
        SyntaxProblem(.unsupported, message, at: range, in: compilation.source)
    }

    /// One level deeper into the source.
    func enter(at range: SourceRange) throws(SyntaxProblem) { try compilation.nesting.enter(at: range, in: compilation.source) }
    func leave() { compilation.nesting.leave() }

    // MARK: result

    /// Registers are addressed by 16-bit byte offsets.
    static let registerLimit = 4095

    func finish(positionalOnly: Int = 0, positional: Int = 0, keywordOnly: Int = 0, firstLine: Int) throws(SyntaxProblem) -> Code {
        guard highest <= UnitCompiler.registerLimit else {
            throw problem("function too large: it needs \(highest) registers, the machine has \(UnitCompiler.registerLimit)", at: scope.range)
        }
        guard builder.isWithinLimits else {
            throw problem("function too large: more than 65535 constants, names or attribute accesses", at: scope.range)
        }
        guard compilation.globals.names.count <= 0xFFFF else { throw problem("too many global names in one module", at: scope.range) }
        builder.resolveJumps()
        if scope.isGenerator { flags.insert(.generator) }
        return Code(
            name: scope.name, qualifiedName: scope.qualifiedName, source: compilation.source, firstLine: firstLine, flags: flags,
            documentation: documentation, instructions: builder.instructions, ranges: builder.ranges, constants: builder.constants,
            names: builder.names, cacheNames: builder.cacheNames, handlers: builder.finishedHandlers,
            inlinedScopes: builder.inlinedScopes, positionalOnlyCount: positionalOnly, positionalCount: positional,
            keywordOnlyCount: keywordOnly, localNames: scope.localNames, freeNames: scope.freeNames,
            cellRegisters: scope.cellRegisters, registerCount: highest)
    }
}

/// Where the value of an expression goes.
enum Destination: Equatable {
    /// A new temporary at `top`.
    case push
    case register(Int)
}

/// A value in a register. A temporary must be consumed, a local is borrowed.
struct Operand {
    let register: Int
    let isTemporary: Bool

    static func temporary(_ register: Int) -> Operand { Operand(register: register, isTemporary: true) }
    static func local(_ register: Int) -> Operand { Operand(register: register, isTemporary: false) }

    /// The flag that makes an instruction consume this operand; none when the result overwrites it.
    func consumed(_ flag: UInt8, unless destination: Int = -1) -> UInt8 { isTemporary && register != destination ? flag : 0 }
}
