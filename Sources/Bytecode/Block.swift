import Diagnostics
import Syntax

/// A stretch of code protected by one handler. It has holes where code that leaves it (a `return` inside a `try`, say) runs
/// clean-ups that it must not protect.
final class Region {
    let handler = Label()
    /// Registers from here on are cleared when the handler is entered.
    let depth: Int
    private(set) var segments: [Range<Int>] = []
    private var start: Int?

    init(depth: Int) { self.depth = depth }

    func open(at position: Int) { start = position }

    func close(at position: Int) {
        if let start, position > start { segments.append(start..<position) }
        start = nil
    }
}

/// What `break`, `continue` and `return` must undo on their way out, innermost last.
enum Block {
    /// `state` is the loop state of a `for`.
    case loop(exit: Label, next: Label, state: Int?)
    case finally([Statement], Region)
    /// The body of a `try … except`.
    case tryExcept(Region)
    /// Inside an `except` clause or the exceptional copy of a `finally`: R[depth] is the exception being handled.
    case handler(depth: Int, Region)
    /// The `as name` of an `except` clause.
    case boundName(String, Region, SourceRange)
    /// R[exit] is the bound `__exit__`.
    case with(exit: Int, Region, SourceRange)
    /// A value that waits to be returned.
    case value(Int)

    /// Leaving it runs code that may see or change variables.
    var runsCode: Bool {
        switch self {
        case .loop, .tryExcept, .handler, .value: false
        case .finally, .boundName, .with: true
        }
    }
}

extension UnitCompiler {
    /// Begins a block. CPython allows 20 of them inside one another.
    func enter(_ block: Block, at range: SourceRange) throws(SyntaxProblem) {
        guard blocks.count < 20 else { throw problem("too many statically nested blocks", at: range) }
        blocks.append(block)
    }

    func open(_ region: Region) { region.open(at: builder.position) }
    func close(_ region: Region) { region.close(at: builder.position) }

    /// Starts the handler of a closed region, with the exception in R[depth]; nothing is reachable when nothing was protected.
    func placeHandler(of region: Region, bound: RegisterSet) {
        for segment in region.segments {
            builder.handlers.append(
                CodeBuilder.PendingHandler(start: segment.lowerBound, end: segment.upperBound, target: region.handler, depth: region.depth))
        }
        placeHead(region.handler, isReachable: !region.segments.isEmpty, bound: bound)
        release(to: region.depth)
        take()
    }

    /// `bound` at the start of a handler: what was bound at the start of its region and is not unbound inside.
    func boundInHandler(of body: [Statement], from start: RegisterSet) -> RegisterSet {
        var result = start
        for register in unboundRegisters(in: body) { result.remove(register) }
        return result
    }

    /// Undoes the blocks from `depth` on, then runs `leave`, which must not fall through. `value` is a temporary that the code
    /// between must leave alone.
    func unwind(
        to depth: Int, keeping value: Int? = nil, at range: SourceRange, then leave: () throws(SyntaxProblem) -> Void
    ) throws(SyntaxProblem) {
        let saved = blocks
        let mark = top
        var closed: [Region] = []
        while blocks.count > depth, let block = blocks.popLast() {
            try undo(block, closing: &closed, keeping: value, at: range)
        }
        try leave()
        release(to: mark)
        blocks = saved
        for region in closed { open(region) }
    }

    private func undo(_ block: Block, closing closed: inout [Region], keeping value: Int?, at range: SourceRange) throws(SyntaxProblem) {
        switch block {
        case .loop(_, _, let state):
            if let state { emit(.clearRange, a: operand(state), b: 3, at: range) }
        case .finally(let body, let region):
            close(region)
            closed.append(region)
            if let value { blocks.append(.value(value)) }
            try compile(body)
            if value != nil { blocks.removeLast() }
        case .tryExcept(let region):
            close(region)
            closed.append(region)
        case .handler(let depth, let region):
            close(region)
            closed.append(region)
            emit(.leaveHandler, a: operand(depth), at: range)
        case .boundName(let name, let region, let nameRange):
            close(region)
            closed.append(region)
            forget(name, at: nameRange)
        case .with(let exit, let region, let withRange):
            close(region)
            closed.append(region)
            callExit(exit, at: withRange)
        case .value(let register): emit(.clear, a: operand(register), at: range)
        }
    }
}
