import Bytecode

/// One inline-cache site, one cache line. `key` identifies the receiver: its shape for instances (see `key(_:)`), its class's
/// address for natives, its own for modules, its tag for other built-in kinds; 0 matches nothing.
package struct InlineCache {
    package enum Kind: UInt32 {
        case empty
        /// An instance slot at `offset`.
        case slot
        /// `value` is a function or builtin of the class, to be bound.
        case method
        /// Slot `offset` of a module's globals.
        case global
        /// Storing: slot `offset` exists.
        case store
        /// Storing: adds slot `offset`, leading to `next`.
        case add
        /// `value` is the getter of a property.
        case property
        /// `value` is an attribute of the class that needs no binding, while no class changes (see `epoch`).
        case constant
        /// `value` is `list.append`.
        case append
    }

    /// Of instances with this shape, where the attribute is read from a slot or stored in one, or the method is a function: what
    /// the machine's loop does itself, without a look at `kind`.
    @inline(__always) static func key(_ shape: UnsafeMutablePointer<Shape>) -> UInt64 { UInt64(UInt(bitPattern: shape)) }
    /// Of instances with this shape, for all other kinds.
    @inline(__always) static func otherKey(_ shape: UnsafeMutablePointer<Shape>) -> UInt64 { key(shape) | 1 }

    package var key: UInt64
    package var kind: Kind
    package var offset: Int32
    /// Borrowed: the class keeps it alive and class changes empty the caches.
    package var value: Value
    package var next: UnsafeMutablePointer<Shape>?
    package var name: StringPointer
    /// For `constant`: the epoch of the classes in which it was found.
    package var epoch: UInt64
    package var padding: UInt64
}

/// A `Code` made ready to run: constants as values, names interned, caches. Lives as long as the machine.
package struct CodeRecord {
    package var instructions: UnsafeMutablePointer<Instruction>
    package var constants: UnsafeMutablePointer<Value>
    package var caches: UnsafeMutablePointer<InlineCache>
    package var localCount: Int
    package var registerCount: Int
    package var parameterCount: Int
    package var positionalCount: Int
    /// Called with exactly `parameterCount` positional arguments a frame can be pushed at once.
    package var isSimple: Bool
    /// `parameterCount` of simple code, −1 of any other.
    package var exactCount: Int
    package var isGenerator: Bool
    package var handlesExceptions: Bool
    package var instructionCount: Int
    package var names: UnsafeMutablePointer<StringPointer>
    package var localNames: UnsafeMutablePointer<StringPointer>
    package var code: Unmanaged<Code>
    package var handlers: UnsafeMutablePointer<Code.Handler>
    package var handlerCount: Int
    package var cacheCount: Int
    /// Records of nested code, by constant index (nil where the constant is no code).
    package var nested: UnsafeMutablePointer<UnsafeMutablePointer<CodeRecord>?>
}
