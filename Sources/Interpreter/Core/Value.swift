/// Any value of the language: 16 bytes, trivial to copy; copying does not count references.
///
/// `tag` says what `bits` holds. Tags below `Tag.firstHeap` are immediate; from there on the tag is the object's kind and
/// `bits` its address. Two ints are recognised by `(a.tag | b.tag) == 0`. Who stores a `Value` somewhere that outlives
/// the current expression owns one reference (`retain`), and releases it through the heap.
package struct Value {
    package var tag: UInt64
    package var bits: UInt64

    @inline(__always)
    package init(tag: UInt64, bits: UInt64) {
        self.tag = tag
        self.bits = bits
    }

    @inline(__always)
    package init(tag: UInt64, pointer: UnsafeMutableRawPointer) {
        self.tag = tag
        self.bits = UInt64(UInt(bitPattern: pointer))
    }

    @inline(__always) package static func int(_ value: Int) -> Value { Value(tag: Tag.int, bits: UInt64(bitPattern: Int64(value))) }
    @inline(__always) package static func float(_ value: Double) -> Value { Value(tag: Tag.float, bits: value.bitPattern) }
    @inline(__always) package static func bool(_ value: Bool) -> Value { Value(tag: Tag.bool, bits: value ? 1 : 0) }
    @inline(__always) package static var none: Value { Value(tag: Tag.none, bits: 0) }
    /// An unbound variable, a missing argument, a dead register. Never visible to programs.
    @inline(__always) package static var undefined: Value { Value(tag: Tag.undefined, bits: 0) }
    @inline(__always) package static var ellipsis: Value { Value(tag: Tag.ellipsis, bits: 0) }
    @inline(__always) package static var notImplemented: Value { Value(tag: Tag.notImplemented, bits: 0) }
    @inline(__always) package static var `true`: Value { .bool(true) }
    @inline(__always) package static var `false`: Value { .bool(false) }

    @inline(__always) package var isHeap: Bool { tag >= Tag.firstHeap }
    @inline(__always) package var isUndefined: Bool { tag == Tag.undefined }
    @inline(__always) package var isNone: Bool { tag == Tag.none }
    @inline(__always) package var isInt: Bool { tag == Tag.int }
    @inline(__always) package var isFloat: Bool { tag == Tag.float }
    @inline(__always) package var isBool: Bool { tag == Tag.bool }
    @inline(__always) package var isString: Bool { tag == Tag.string }

    /// Meaningful for `Tag.int` and `Tag.bool`.
    @inline(__always) package var asInt: Int { Int(Int64(bitPattern: bits)) }
    /// Meaningful for `Tag.float`.
    @inline(__always) package var asDouble: Double { Double(bitPattern: bits) }
    /// Meaningful for `Tag.bool`.
    @inline(__always) package var asBool: Bool { bits != 0 }

    /// The object's address; meaningful for heap tags.
    @inline(__always) package var pointer: UnsafeMutableRawPointer {
        UnsafeMutableRawPointer(bitPattern: UInt(bits)).unsafelyUnwrapped
    }

    /// Python's `is`.
    @inline(__always) package func isIdentical(to other: Value) -> Bool { tag == other.tag && bits == other.bits }

    @inline(__always) package var header: UnsafeMutablePointer<Header> { pointer.assumingMemoryBound(to: Header.self) }

    /// Adds a reference. No effect on immediate values.
    @inline(__always) package func retain() {
        if isHeap { header.pointee.references &+= 1 }
    }

    /// Adds a reference and returns the value: for handing out something that stays stored.
    @inline(__always) package func retained() -> Value {
        retain()
        return self
    }
}

/// What `Value.tag` means.
package enum Tag {
    package static let int: UInt64 = 0
    package static let float: UInt64 = 1
    package static let none: UInt64 = 2
    package static let bool: UInt64 = 3
    package static let undefined: UInt64 = 4
    /// Loop state of `for … in range`; only in registers.
    package static let rangeState: UInt64 = 5
    package static let ellipsis: UInt64 = 6
    package static let notImplemented: UInt64 = 7

    package static let firstHeap: UInt64 = 8
    package static let string: UInt64 = 8
    package static let list: UInt64 = 9
    package static let tuple: UInt64 = 10
    package static let dict: UInt64 = 11
    package static let set: UInt64 = 12
    package static let frozenSet: UInt64 = 13
    package static let bytes: UInt64 = 14
    package static let bigInt: UInt64 = 15
    package static let range: UInt64 = 16
    package static let slice: UInt64 = 17
    package static let function: UInt64 = 18
    package static let boundMethod: UInt64 = 19
    /// A function written in Swift.
    package static let builtin: UInt64 = 20
    package static let classObject: UInt64 = 21
    /// Of a class written in the language, or derived from a built-in one (then with a payload).
    package static let instance: UInt64 = 22
    package static let cell: UInt64 = 23
    package static let generator: UInt64 = 24
    package static let module: UInt64 = 25
    package static let iterator: UInt64 = 26
    /// classmethod, staticmethod, property.
    package static let descriptor: UInt64 = 27
    package static let superObject: UInt64 = 28
    /// An object whose state is a Swift object.
    package static let native: UInt64 = 29
    package static let exception: UInt64 = 30
    package static let byteArray: UInt64 = 31
    /// dict.keys(), values(), items(): a live view.
    package static let dictView: UInt64 = 32

    package static let count = 33
}
