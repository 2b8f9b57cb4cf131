// A place of a set's table in 16 bytes: a table of numbers is read without a look at any object, and fits the caches as
// CPython's does. The low bits of `mark` say what `bits` holds, the rest is the key's hash. Hashes of numbers have 61 bits
// and a sign, so they are kept whole; of other objects' the two highest bits are dropped.

extension SetObject.Entry {
    /// The two low bits of `mark`. Those of int and float are their tags.
    private static var kindMask: UInt64 { 3 }
    private static var object: UInt64 { 2 }
    /// None, the bools and the like: `bits` is the tag above the value's lowest bit.
    private static var single: UInt64 { 3 }

    /// Marks with the hash −1, which no key has.
    private static var emptyMark: UInt64 { .max }
    private static var deletedMark: UInt64 { .max - 1 }

    static var empty: SetObject.Entry { SetObject.Entry(mark: emptyMark, bits: .max) }
    static var deleted: SetObject.Entry { SetObject.Entry(mark: deletedMark, bits: 0) }

    @inline(__always) var isEmpty: Bool { mark == SetObject.Entry.emptyMark }
    /// Neither empty nor deleted.
    @inline(__always) var isLive: Bool { mark < SetObject.Entry.deletedMark }
    @inline(__always) var isObject: Bool { isLive && mark & SetObject.Entry.kindMask == SetObject.Entry.object }

    /// Borrows the key.
    @inline(__always)
    init(_ key: Value, hash: Int) {
        var mark = UInt64(bitPattern: Int64(hash)) << 2
        if mark == UInt64.max << 2 { mark -= 4 }
        if key.tag <= Tag.float {
            self.init(mark: mark | key.tag, bits: key.bits)
        } else if key.isHeap {
            self.init(mark: mark | SetObject.Entry.object, bits: key.bits)
        } else {
            self.init(mark: mark | SetObject.Entry.single, bits: key.tag << 1 | key.bits)
        }
    }

    @inline(__always) var hash: Int { Int(Int64(bitPattern: mark) >> 2) }

    /// The key of a live entry, borrowed.
    @inline(__always)
    var key: Value {
        let kind = mark & SetObject.Entry.kindMask
        if kind <= Tag.float { return Value(tag: kind, bits: bits) }
        if kind == SetObject.Entry.single { return Value(tag: bits >> 1, bits: bits & 1) }
        return Value(tag: UInt64(header.pointee.kind), bits: bits)
    }

    /// Meaningful for objects.
    @inline(__always)
    private var header: UnsafeMutablePointer<Header> {
        Value(tag: Tag.firstHeap, bits: bits).header
    }

    /// Adds a reference to the key of a live entry.
    @inline(__always)
    func retainKey() {
        if mark & SetObject.Entry.kindMask == SetObject.Entry.object { header.pointee.references &+= 1 }
    }

    /// The very same key.
    @inline(__always) func isSame(as other: SetObject.Entry) -> Bool { mark == other.mark && bits == other.bits }
    /// The keys have one hash; a deleted or empty place has none.
    @inline(__always) func hasHash(of other: SetObject.Entry) -> Bool { mark ^ other.mark < 4 }
    /// Two ints that are not the same are not equal either.
    @inline(__always) func areInts(with other: SetObject.Entry) -> Bool { (mark | other.mark) & SetObject.Entry.kindMask == 0 }
}
