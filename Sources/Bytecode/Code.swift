import Diagnostics

/// A compiled function, class body, module or cell. Immutable once the compiler has finished it.
package final class Code: Sendable {
    package struct Flags: OptionSet, Sendable {
        package let rawValue: UInt16
        package init(rawValue: UInt16) { self.rawValue = rawValue }
        package static let generator = Flags(rawValue: 1)
        package static let variadic = Flags(rawValue: 2)
        package static let keywordVariadic = Flags(rawValue: 4)
        package static let classBody = Flags(rawValue: 8)
        package static let module = Flags(rawValue: 16)
        /// Holds an `except`, `finally` or `with`: the exception being handled must be kept apart per generator.
        package static let handlesExceptions = Flags(rawValue: 32)
    }

    /// What to do with an exception raised at start ≤ pc < end: clear registers ≥ depth, put it in R[depth], go to handler.
    /// Entries are ordered innermost first.
    package struct Handler: Sendable {
        package var start: Int32
        package var end: Int32
        package var target: Int32
        /// Register index (not scaled).
        package var depth: Int32

        package init(start: Int32, end: Int32, target: Int32, depth: Int32) {
            self.start = start
            self.end = end
            self.target = target
            self.depth = depth
        }
    }

    /// Instructions of a comprehension compiled in place, which tracebacks show as a frame of its own.
    package struct InlinedScope: Sendable {
        package var start: Int32
        package var end: Int32
        /// `<listcomp>`, `<setcomp>`, `<dictcomp>`
        package var name: String
        /// The comprehension, shown in the enclosing frame's line.
        package var range: SourceRange

        package init(start: Int32, end: Int32, name: String, range: SourceRange) {
            self.start = start
            self.end = end
            self.name = name
            self.range = range
        }
    }

    package let name: String
    package let qualifiedName: String
    package let source: SourceText
    /// 1-based, line offset of the source included.
    package let firstLine: Int
    package let flags: Flags
    package let documentation: String?
    package let instructions: [Instruction]
    /// One per instruction.
    package let ranges: [SourceRange]
    package let constants: [CodeConstant]
    package let names: [String]
    /// For each inline-cache site, the index of its attribute in `names`.
    package let cacheNames: [UInt16]
    package let handlers: [Handler]
    package let inlinedScopes: [InlinedScope]
    /// Parameters are the first locals: positional-only, positional, keyword-only, `*args`, `**kwargs`.
    package let positionalOnlyCount: Int
    /// Positional-only ones included.
    package let positionalCount: Int
    package let keywordOnlyCount: Int
    /// Names of R[0] …; hidden ones (comprehension variables) under their own names too.
    package let localNames: [String]
    /// Names of F[0] …
    package let freeNames: [String]
    /// Register indices of locals that hold cells (for `locals()` and messages).
    package let cellRegisters: [Int]
    /// Locals and temporaries, including the argument windows of calls.
    package let registerCount: Int

    package init(
        name: String, qualifiedName: String, source: SourceText, firstLine: Int, flags: Flags, documentation: String?,
        instructions: [Instruction], ranges: [SourceRange], constants: [CodeConstant], names: [String], cacheNames: [UInt16],
        handlers: [Handler], inlinedScopes: [InlinedScope], positionalOnlyCount: Int, positionalCount: Int, keywordOnlyCount: Int,
        localNames: [String], freeNames: [String], cellRegisters: [Int], registerCount: Int
    ) {
        self.name = name
        self.qualifiedName = qualifiedName
        self.source = source
        self.firstLine = firstLine
        self.flags = flags
        self.documentation = documentation
        self.instructions = instructions
        self.ranges = ranges
        self.constants = constants
        self.names = names
        self.cacheNames = cacheNames
        self.handlers = handlers
        self.inlinedScopes = inlinedScopes
        self.positionalOnlyCount = positionalOnlyCount
        self.positionalCount = positionalCount
        self.keywordOnlyCount = keywordOnlyCount
        self.localNames = localNames
        self.freeNames = freeNames
        self.cellRegisters = cellRegisters
        self.registerCount = registerCount
    }

    /// All parameters, `*args` and `**kwargs` included.
    package var parameterCount: Int {
        positionalCount + keywordOnlyCount + (flags.contains(.variadic) ? 1 : 0) + (flags.contains(.keywordVariadic) ? 1 : 0)
    }
}

package enum CodeConstant: Sendable {
    case none, ellipsis
    case bool(Bool)
    case int(Int)
    case bigInt(digits: String, radix: Int)
    case float(Double)
    case string(String)
    /// A str with lone surrogates: UTF-8, surrogates encoded like any other code point.
    case surrogateString([UInt8])
    case bytes([UInt8])
    case tuple([CodeConstant])
    /// `x in {1, 2}` with constant members.
    case frozenSet([CodeConstant])
    case code(Code)
}
