#if canImport(Glibc)
    import Glibc
#endif

// GNU functions that the Glibc module leaves out: `memmem` is linear also on hostile patterns, which a loop over `memchr` is not.
@_silgen_name("memmem")
private func firstPattern(_ text: UnsafeRawPointer, _ count: Int, _ pattern: UnsafeRawPointer, _ patternCount: Int) -> UnsafeMutableRawPointer?

@_silgen_name("memrchr")
private func lastByte(_ text: UnsafeRawPointer, _ byte: Int32, _ count: Int) -> UnsafeMutableRawPointer?

/// Searching byte sequences: for str (whose UTF-8 needs no decoding) and bytes alike. What takes a machine may be long, and
/// answers interrupts.
enum ByteSearch {
    /// Offset of the first occurrence at or after `start`, −1 when there is none.
    @inline(__always)
    static func first(_ vm: VM, _ text: UnsafeBufferPointer<UInt8>, _ pattern: UnsafeBufferPointer<UInt8>, from start: Int) throws(PythonError) -> Int
    {
        try first(vm, text, pattern, from: start, to: text.count)
    }

    /// Offset of the first occurrence within `start..<end`, −1 when there is none.
    @inline(__always)
    static func first(
        _ vm: VM, _ text: UnsafeBufferPointer<UInt8>, _ pattern: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int
    ) throws(PythonError) -> Int {
        if end - start <= part { return first(text, pattern, from: start, to: end) }
        return try firstInParts(vm, text, pattern, from: start, to: end)
    }

    /// As many bytes are searched within a few milliseconds.
    private static let part = 1 << 24

    /// Searches one part after the other, each for occurrences that begin in it.
    @inline(never)
    private static func firstInParts(
        _ vm: VM, _ text: UnsafeBufferPointer<UInt8>, _ pattern: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int
    ) throws(PythonError) -> Int {
        // Parts as long as the pattern at least: what is read twice is no more than the text.
        let step = max(part, pattern.count)
        var place = start
        while end - place >= pattern.count {
            let last = end - place - pattern.count > step ? place + step + pattern.count : end
            let found = first(text, pattern, from: place, to: last)
            if found >= 0 { return found }
            if last == end { break }
            place += step + 1
            try vm.heed()
        }
        return -1
    }

    /// Offset of the first occurrence within `start..<end`, −1 when there is none.
    @inline(__always)
    static func first(_ text: UnsafeBufferPointer<UInt8>, _ pattern: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) -> Int {
        let room = end - start
        if pattern.count > room { return -1 }
        if pattern.count == 0 { return start }
        let base = text.baseAddress.unsafelyUnwrapped
        let found =
            pattern.count == 1
            ? memchr(base + start, Int32(pattern[0]), room)
            : firstPattern(base + start, room, pattern.baseAddress.unsafelyUnwrapped, pattern.count)
        guard let found else { return -1 }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }

    /// Offset of the last occurrence within `start..<end`, −1 when there is none.
    static func last(
        _ vm: VM, _ text: UnsafeBufferPointer<UInt8>, _ pattern: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int
    ) throws(PythonError) -> Int {
        if pattern.count > end - start { return -1 }
        if pattern.count == 0 { return end }
        let base = text.baseAddress.unsafelyUnwrapped
        let final = pattern[pattern.count - 1]
        // Only where the pattern's last byte stands can it end.
        var limit = end
        while limit - start >= pattern.count {
            let first = start + pattern.count - 1
            let low = limit - first > part ? limit - part : first
            try vm.heed()
            guard let found = lastByte(base + low, Int32(final), limit - low) else {
                if low == first { return -1 }
                limit = low
                continue
            }
            let place = UnsafeRawPointer(found) - UnsafeRawPointer(base)
            let begin = place - pattern.count + 1
            if memcmp(base + begin, pattern.baseAddress.unsafelyUnwrapped, pattern.count - 1) == 0 { return begin }
            limit = place
        }
        return -1
    }

    /// Number of occurrences within `start..<end` that do not overlap; `limit` stops the count. The pattern is not empty.
    static func count(
        _ vm: VM, _ text: UnsafeBufferPointer<UInt8>, _ pattern: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int, limit: Int = .max
    ) throws(PythonError) -> Int {
        if pattern.count == 1, limit == .max {
            guard start < end else { return 0 }
            let (bytes, byte) = (text.baseAddress.unsafelyUnwrapped + start, pattern[0])
            var total = 0
            try vm.inParts(end - start, of: part) { total += count(bytes + $0.lowerBound, $0.count, of: byte) }
            return total
        }
        var total = 0
        var place = start
        while total < limit {
            let found = try first(vm, text, pattern, from: place, to: end)
            if found < 0 { break }
            total += 1
            place = found + pattern.count
            try vm.heed()
        }
        return total
    }

    /// Occurrences of one byte, eight at a time.
    private static func count(_ bytes: UnsafePointer<UInt8>, _ count: Int, of byte: UInt8) -> Int {
        var total = 0
        var place = 0
        let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
        let wanted = UInt64(byte) &* 0x0101_0101_0101_0101
        while place + 8 <= count {
            // The top bit of each byte is clear exactly where the bytes are equal.
            let difference = UnsafeRawPointer(bytes + place).loadUnaligned(as: UInt64.self) ^ wanted
            total &+= (~(((difference & low) &+ low) | difference | low)).nonzeroBitCount
            place += 8
        }
        while place < count {
            if bytes[place] == byte { total += 1 }
            place += 1
        }
        return total
    }

    @inline(__always)
    static func hasPrefix(_ text: UnsafeBufferPointer<UInt8>, _ pattern: UnsafeBufferPointer<UInt8>, at start: Int, end: Int) -> Bool {
        guard pattern.count <= end - start else { return false }
        if pattern.count == 0 { return true }
        return memcmp(text.baseAddress.unsafelyUnwrapped + start, pattern.baseAddress.unsafelyUnwrapped, pattern.count) == 0
    }
}
