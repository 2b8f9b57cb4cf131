#if canImport(Glibc)
    import Glibc
#endif

/// A str under construction: bytes are written straight into a string object, which grows and at the end is cut to size.
///
/// Begins in a 512-byte cell of the heap's free list, so that short results cost no `malloc`.
struct StringBuilder: ~Copyable {
    private let vm: VM
    private var object: StringPointer?
    private(set) var bytes: UnsafeMutablePointer<UInt8>
    private(set) var count = 0
    private var capacity: Int
    private var high: UInt8 = 0

    static let smallCapacity = Heap.largestCell - MemoryLayout<StringObject>.stride

    init(_ vm: VM, capacity: Int = smallCapacity) {
        self.vm = vm
        self.capacity = max(capacity, StringBuilder.smallCapacity)
        let value = Heap.makeString(vm.heap, byteCount: 0, length: 0, isASCII: true, capacity: self.capacity)
        object = value.string
        bytes = value.string.bytes
    }

    deinit {
        if let object { vm.heap.release(Value(tag: Tag.string, pointer: object)) }
    }

    /// Makes room for `extra` more bytes.
    @inline(__always)
    mutating func reserve(_ extra: Int) {
        if count + extra > capacity { grow(count + extra) }
    }

    @inline(never)
    private mutating func grow(_ needed: Int) {
        let wanted = max(needed, capacity + capacity / 2)
        let old = object.unsafelyUnwrapped
        if old.pointee.header.sizeClass == Heap.ownMemory {
            let moved = vm.heap.reallocateLarge(old, MemoryLayout<StringObject>.stride + wanted)
            object = moved.assumingMemoryBound(to: StringObject.self)
            object.unsafelyUnwrapped.pointee.capacity = wanted
        } else {
            let value = Heap.makeString(vm.heap, byteCount: 0, length: 0, isASCII: true, capacity: wanted)
            memcpy(value.string.bytes, bytes, count)
            object = value.string
            vm.heap.release(Value(tag: Tag.string, pointer: old))
        }
        capacity = wanted
        bytes = object.unsafelyUnwrapped.bytes
    }

    /// One ASCII character.
    @inline(__always)
    mutating func append(_ byte: UInt8) {
        reserve(1)
        bytes[count] = byte
        count += 1
    }

    @inline(__always)
    mutating func append(_ source: UnsafePointer<UInt8>, _ length: Int, isASCII: Bool) {
        reserve(length)
        memcpy(bytes + count, source, length)
        count += length
        if !isASCII { high = 0x80 }
    }

    mutating func append(_ source: UnsafeMutablePointer<UInt8>, _ length: Int, isASCII: Bool) {
        append(UnsafePointer(source), length, isASCII: isASCII)
    }

    mutating func append(_ string: StringPointer) {
        append(string.bytes, string.pointee.byteCount, isASCII: string.isASCII)
    }

    mutating func append(ascii source: UnsafeBufferPointer<UInt8>) {
        if let base = source.baseAddress { append(base, source.count, isASCII: true) }
    }

    mutating func append(ascii source: [UInt8]) { source.withUnsafeBufferPointer { append(ascii: $0) } }

    mutating func append(_ text: StaticString) { append(text.utf8Start, text.utf8CodeUnitCount, isASCII: true) }

    /// Text of any characters.
    mutating func append(text: String) {
        var text = text
        text.withUTF8 { source in
            if let base = source.baseAddress { append(base, source.count, isASCII: false) }
        }
    }

    @inline(__always)
    mutating func append(codePoint: UInt32) {
        reserve(4)
        count += UTF8Scalar.encode(codePoint, bytes + count)
        if codePoint >= 0x80 { high = 0x80 }
    }

    mutating func append(codePoint: UInt32, times: Int) {
        if times <= 0 { return }
        reserve(times * UTF8Scalar.width(codePoint))
        if codePoint < 0x80 {
            memset(bytes + count, Int32(codePoint), times)
            count += times
        } else {
            for _ in 0..<times { append(codePoint: codePoint) }
        }
    }

    /// Decimal digits of an int.
    mutating func append(decimal value: Int) {
        reserve(20)
        let magnitude = value.magnitude
        if value < 0 {
            bytes[count] = UInt8(ascii: "-")
            count += 1
        }
        count += VM.decimalCount(magnitude)
        VM.writeDecimal(magnitude, endingAt: bytes + count)
    }

    /// The str, owned by the caller.
    consuming func finish() -> Value {
        let string = object.unsafelyUnwrapped
        let isASCII = high < 0x80
        if count <= 1 || count < capacity - capacity / 8 && string.pointee.header.sizeClass != Heap.ownMemory {
            // The cell goes back to the free list by `deinit`.
            let source = UnsafeBufferPointer(start: UnsafePointer(bytes), count: count)
            return isASCII ? vm.asciiString(source) : vm.string(source)
        }
        var result = string
        object = nil
        if count < capacity - capacity / 8 {
            result = vm.heap.reallocateLarge(string, MemoryLayout<StringObject>.stride + count).assumingMemoryBound(to: StringObject.self)
            result.pointee.capacity = count
        }
        result.pointee.byteCount = count
        if isASCII || UTF8Scalar.isASCII(result.bytes, count) {
            result.pointee.length = count
        } else {
            result.pointee.length = UTF8Scalar.count(result.bytes, count)
            result.pointee.header.flags &= ~HeaderFlag.ascii
        }
        return Value(tag: Tag.string, pointer: result)
    }
}
