/// Any value of the language: 16 bytes, trivial to copy; copying does not count references.
///
/// `tag` says what `bits` holds. Tags below `Tag.firstHeap` are immediate; from there on the tag is the object's kind and
/// `bits` its address. Two ints are recognised by `(a.tag | b.tag) == 0`. Who stores a `Value` somewhere that outlives
/// the current expression owns one reference (`retain`), and releases it through the heap.
///
/// Public, as other types here with members for hot code, because the compiler inlines across modules only members of
/// public types.
public struct Value: Sendable {
    public var tag: UInt64
    public var bits: UInt64

    @inlinable @inline(__always)
    public init(tag: UInt64, bits: UInt64) {
        self.tag = tag
        self.bits = bits
    }

    @inlinable @inline(__always)
    public init(tag: UInt64, pointer: UnsafeMutableRawPointer) {
        self.tag = tag
        self.bits = UInt64(UInt(bitPattern: pointer))
    }

    @inlinable @inline(__always) public static func int(_ value: Int) -> Value { Value(tag: Tag.int, bits: UInt64(bitPattern: Int64(value))) }
    @inlinable @inline(__always) public static func float(_ value: Double) -> Value { Value(tag: Tag.float, bits: value.bitPattern) }
    @inlinable @inline(__always) public static func bool(_ value: Bool) -> Value { Value(tag: Tag.bool, bits: value ? 1 : 0) }
    @inlinable @inline(__always) public static var none: Value { Value(tag: Tag.none, bits: 0) }
    /// An unbound variable, a missing argument, a dead register. Never visible to programs.
    @inlinable @inline(__always) public static var undefined: Value { Value(tag: Tag.undefined, bits: 0) }
    @inlinable @inline(__always) public static var ellipsis: Value { Value(tag: Tag.ellipsis, bits: 0) }
    @inlinable @inline(__always) public static var notImplemented: Value { Value(tag: Tag.notImplemented, bits: 0) }
    @inlinable @inline(__always) public static var `true`: Value { .bool(true) }
    @inlinable @inline(__always) public static var `false`: Value { .bool(false) }

    @inlinable @inline(__always) public var isHeap: Bool { tag >= Tag.firstHeap }
    @inlinable @inline(__always) public var isUndefined: Bool { tag == Tag.undefined }
    @inlinable @inline(__always) public var isNone: Bool { tag == Tag.none }
    @inlinable @inline(__always) public var isInt: Bool { tag == Tag.int }
    @inlinable @inline(__always) public var isFloat: Bool { tag == Tag.float }
    @inlinable @inline(__always) public var isBool: Bool { tag == Tag.bool }
    @inlinable @inline(__always) public var isString: Bool { tag == Tag.string }

    /// Meaningful for `Tag.int` and `Tag.bool`.
    @inlinable @inline(__always) public var asInt: Int { Int(Int64(bitPattern: bits)) }
    /// Meaningful for `Tag.float`.
    @inlinable @inline(__always) public var asDouble: Double { Double(bitPattern: bits) }
    /// Meaningful for `Tag.bool`.
    @inlinable @inline(__always) public var asBool: Bool { bits != 0 }

    /// The object's address; meaningful for heap tags.
    @inlinable @inline(__always) public var pointer: UnsafeMutableRawPointer {
        UnsafeMutableRawPointer(bitPattern: UInt(bits)).unsafelyUnwrapped
    }

    /// Python's `is`.
    @inlinable @inline(__always) public func isIdentical(to other: Value) -> Bool { tag == other.tag && bits == other.bits }

    @inlinable @inline(__always) public var header: UnsafeMutablePointer<Header> { pointer.assumingMemoryBound(to: Header.self) }

    /// Adds a reference. No effect on immediate values.
    @inlinable @inline(__always) public func retain() {
        if isHeap { header.pointee.references &+= 1 }
    }

    /// Adds a reference and returns the value: for handing out something that stays stored.
    @inlinable @inline(__always) public func retained() -> Value {
        retain()
        return self
    }
}

/// What `Value.tag` means. Computed, so that natives in other modules compile constants in.
public enum Tag {
    @inlinable @inline(__always) public static var int: UInt64 { 0 }
    @inlinable @inline(__always) public static var float: UInt64 { 1 }
    @inlinable @inline(__always) public static var none: UInt64 { 2 }
    @inlinable @inline(__always) public static var bool: UInt64 { 3 }
    @inlinable @inline(__always) public static var undefined: UInt64 { 4 }
    /// Loop state of `for … in range`; only in registers.
    @inlinable @inline(__always) public static var rangeState: UInt64 { 5 }
    @inlinable @inline(__always) public static var ellipsis: UInt64 { 6 }
    @inlinable @inline(__always) public static var notImplemented: UInt64 { 7 }

    @inlinable @inline(__always) public static var firstHeap: UInt64 { 8 }
    @inlinable @inline(__always) public static var string: UInt64 { 8 }
    @inlinable @inline(__always) public static var list: UInt64 { 9 }
    @inlinable @inline(__always) public static var tuple: UInt64 { 10 }
    @inlinable @inline(__always) public static var dict: UInt64 { 11 }
    @inlinable @inline(__always) public static var set: UInt64 { 12 }
    @inlinable @inline(__always) public static var frozenSet: UInt64 { 13 }
    @inlinable @inline(__always) public static var bytes: UInt64 { 14 }
    @inlinable @inline(__always) public static var bigInt: UInt64 { 15 }
    @inlinable @inline(__always) public static var range: UInt64 { 16 }
    @inlinable @inline(__always) public static var slice: UInt64 { 17 }
    @inlinable @inline(__always) public static var function: UInt64 { 18 }
    @inlinable @inline(__always) public static var boundMethod: UInt64 { 19 }
    /// A function written in Swift.
    @inlinable @inline(__always) public static var builtin: UInt64 { 20 }
    @inlinable @inline(__always) public static var classObject: UInt64 { 21 }
    /// Of a class written in the language, or derived from a built-in one (then with a payload).
    @inlinable @inline(__always) public static var instance: UInt64 { 22 }
    @inlinable @inline(__always) public static var cell: UInt64 { 23 }
    @inlinable @inline(__always) public static var generator: UInt64 { 24 }
    @inlinable @inline(__always) public static var module: UInt64 { 25 }
    @inlinable @inline(__always) public static var iterator: UInt64 { 26 }
    /// classmethod, staticmethod, property.
    @inlinable @inline(__always) public static var descriptor: UInt64 { 27 }
    @inlinable @inline(__always) public static var superObject: UInt64 { 28 }
    /// An object whose state is a Swift object.
    @inlinable @inline(__always) public static var native: UInt64 { 29 }
    @inlinable @inline(__always) public static var exception: UInt64 { 30 }
    @inlinable @inline(__always) public static var byteArray: UInt64 { 31 }
    /// dict.keys(), values(), items(): a live view.
    @inlinable @inline(__always) public static var dictView: UInt64 { 32 }

    @inlinable @inline(__always) public static var count: Int { 33 }
}
