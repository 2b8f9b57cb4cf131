#if canImport(Glibc)
    import Glibc
#endif

// A str's bytes are UTF-8, with lone surrogates encoded like any other code point (three bytes). Byte order is code point
// order, and no character's bytes occur inside another's: searching and comparing need no decoding.

extension UnsafeMutablePointer where Pointee == StringObject {
    @inline(__always) package var isASCII: Bool { pointee.header.flags & HeaderFlag.ascii != 0 }
    /// The UTF-8 bytes; valid while the string is held.
    @inline(__always) var buffer: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: bytes, count: pointee.byteCount) }

    /// Hands every code point to `body`, in order.
    @inline(__always)
    package func forEachScalar(_ body: (UInt32) -> Void) {
        var place = 0
        let end = pointee.byteCount
        let bytes = bytes
        while place < end {
            let (code, width) = UTF8Scalar.decode(bytes + place)
            body(code)
            place += width
        }
    }
}

/// One code point in UTF-8.
package enum UTF8Scalar {
    /// The code point at `bytes`, and its width in bytes. The bytes must be well-formed.
    @inline(__always)
    package static func decode(_ bytes: UnsafePointer<UInt8>) -> (code: UInt32, width: Int) {
        let lead = UInt32(bytes[0])
        if lead < 0x80 { return (lead, 1) }
        if lead < 0xE0 { return ((lead & 0x1F) << 6 | UInt32(bytes[1] & 0x3F), 2) }
        if lead < 0xF0 { return ((lead & 0x0F) << 12 | UInt32(bytes[1] & 0x3F) << 6 | UInt32(bytes[2] & 0x3F), 3) }
        return ((lead & 0x07) << 18 | UInt32(bytes[1] & 0x3F) << 12 | UInt32(bytes[2] & 0x3F) << 6 | UInt32(bytes[3] & 0x3F), 4)
    }

    @inline(__always)
    static func decode(_ bytes: UnsafeMutablePointer<UInt8>) -> (code: UInt32, width: Int) { decode(UnsafePointer(bytes)) }

    /// Width in bytes of the code point that begins with `lead`.
    @inline(__always)
    static func width(lead: UInt8) -> Int { lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4 }

    @inline(__always)
    package static func width(_ code: UInt32) -> Int { code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4 }

    /// Writes `code`; returns the width.
    @inline(__always)
    package static func encode(_ code: UInt32, _ out: UnsafeMutablePointer<UInt8>) -> Int {
        if code < 0x80 {
            out[0] = UInt8(truncatingIfNeeded: code)
            return 1
        }
        if code < 0x800 {
            out[0] = UInt8(truncatingIfNeeded: 0xC0 | code >> 6)
            out[1] = UInt8(truncatingIfNeeded: 0x80 | code & 0x3F)
            return 2
        }
        if code < 0x10000 {
            out[0] = UInt8(truncatingIfNeeded: 0xE0 | code >> 12)
            out[1] = UInt8(truncatingIfNeeded: 0x80 | code >> 6 & 0x3F)
            out[2] = UInt8(truncatingIfNeeded: 0x80 | code & 0x3F)
            return 3
        }
        out[0] = UInt8(truncatingIfNeeded: 0xF0 | code >> 18)
        out[1] = UInt8(truncatingIfNeeded: 0x80 | code >> 12 & 0x3F)
        out[2] = UInt8(truncatingIfNeeded: 0x80 | code >> 6 & 0x3F)
        out[3] = UInt8(truncatingIfNeeded: 0x80 | code & 0x3F)
        return 4
    }

    /// Start of the code point that ends just before `place`.
    @inline(__always)
    static func before(_ place: Int, _ bytes: UnsafePointer<UInt8>) -> Int {
        var place = place - 1
        while bytes[place] & 0xC0 == 0x80 { place -= 1 }
        return place
    }

    /// Number of code points in well-formed UTF-8.
    @inline(__always)
    package static func count(_ bytes: UnsafePointer<UInt8>, _ byteCount: Int) -> Int {
        var continuation = 0
        for place in 0..<byteCount { continuation &+= bytes[place] & 0xC0 == 0x80 ? 1 : 0 }
        return byteCount - continuation
    }

    /// Whether all bytes are below 0x80.
    @inline(__always)
    package static func isASCII(_ bytes: UnsafePointer<UInt8>, _ byteCount: Int) -> Bool {
        var high: UInt8 = 0
        for place in 0..<byteCount { high |= bytes[place] }
        return high < 0x80
    }
}

extension VM {
    /// A str of ASCII bytes.
    @inline(__always)
    package func asciiString(_ bytes: UnsafeBufferPointer<UInt8>) -> Value {
        if bytes.count <= 1 { return string(bytes) }
        let value = Heap.makeString(heap, byteCount: bytes.count, length: bytes.count, isASCII: true)
        memcpy(value.string.bytes, bytes.baseAddress.unsafelyUnwrapped, bytes.count)
        return value
    }

    /// A str of `count` bytes at `bytes`, part of `source`, whose being ASCII it shares.
    @inline(__always)
    package func substring(_ source: StringPointer, _ start: Int, _ end: Int) -> Value {
        let count = end - start
        if count <= 1 {
            if count <= 0 { return emptyString.retained() }
            let byte = source.bytes[start]
            if byte < 0x80 { return latinStrings[Int(byte)].retained() }
        }
        if source.isASCII {
            let value = Heap.makeString(heap, byteCount: count, length: count, isASCII: true)
            memcpy(value.string.bytes, source.bytes + start, count)
            return value
        }
        return string(UnsafeBufferPointer(start: source.bytes + start, count: count))
    }

    /// The same for a part that may be long.
    @inline(__always)
    func longSubstring(_ source: StringPointer, _ start: Int, _ end: Int) throws(PythonError) -> Value {
        end - start <= VM.copyPart ? substring(source, start, end) : try copiedInParts(source, start, end)
    }

    @inline(never)
    private func copiedInParts(_ source: StringPointer, _ start: Int, _ end: Int) throws(PythonError) -> Value {
        try checkRoom(end - start, stride: 1)
        let bytes = source.bytes + start
        var (length, isASCII) = (end - start, true)
        if !source.isASCII {
            length = 0
            try inParts(end - start, of: VM.copyPart) { part in
                length += UTF8Scalar.count(bytes + part.lowerBound, part.count)
                isASCII = isASCII && UTF8Scalar.isASCII(bytes + part.lowerBound, part.count)
            }
        }
        return try building(Heap.makeString(heap, byteCount: end - start, length: length, isASCII: isASCII)) { (value) throws(PythonError) in
            try copyBytes(value.string.bytes, bytes, end - start)
        }
    }

    /// A one-character str; surrogates included.
    package func string(codePoint: UInt32) -> Value {
        if codePoint < 256 { return latinStrings[Int(codePoint)].retained() }
        let width = UTF8Scalar.width(codePoint)
        let value = Heap.makeString(heap, byteCount: width, length: 1, isASCII: false)
        _ = UTF8Scalar.encode(codePoint, value.string.bytes)
        return value
    }

    /// Byte offset of the `index`-th code point (0…length).
    @inline(__always)
    package func byteOffset(_ string: StringPointer, _ index: Int) -> Int {
        string.isASCII ? index : scannedOffset(string, index)
    }

    @inline(never)
    private func scannedOffset(_ string: StringPointer, _ index: Int) -> Int {
        if index >= string.pointee.length { return string.pointee.byteCount }
        var place = 0
        var rest = index
        if string.pointee.length > 128 {
            let samples = string.pointee.index ?? makeIndex(string)
            place = samples[index / 64]
            rest = index % 64
        }
        let bytes = string.bytes
        while rest > 0 {
            place += UTF8Scalar.width(lead: bytes[place])
            rest -= 1
        }
        return place
    }

    /// Notes the byte offset of every 64th code point.
    private func makeIndex(_ string: StringPointer) -> UnsafeMutablePointer<Int> {
        let count = string.pointee.length / 64 + 1
        let samples = heap.memory(count * MemoryLayout<Int>.stride).assumingMemoryBound(to: Int.self)
        let bytes = string.bytes
        var seen = 0
        var next = 0
        for place in 0..<string.pointee.byteCount where bytes[place] & 0xC0 != 0x80 {
            if seen == next {
                samples[seen / 64] = place
                next += 64
            }
            seen += 1
        }
        string.pointee.index = samples
        return samples
    }

    /// Index of the code point that begins at byte `offset`.
    func scalarIndex(_ string: StringPointer, _ offset: Int) -> Int {
        if string.isASCII { return offset }
        if offset >= string.pointee.byteCount { return string.pointee.length }
        if string.pointee.length > 128 {
            let samples = string.pointee.index ?? makeIndex(string)
            var (low, high) = (0, (string.pointee.length - 1) / 64)
            while low < high {
                let middle = (low + high + 1) / 2
                if samples[middle] <= offset { low = middle } else { high = middle - 1 }
            }
            return low * 64 + UTF8Scalar.count(string.bytes + samples[low], offset - samples[low])
        }
        return UTF8Scalar.count(string.bytes, offset)
    }
}
