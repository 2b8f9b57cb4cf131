#if canImport(Glibc)
    import Glibc
#endif

/// The strings that names are compared by: one object for each content, found by the hash the strings keep anyway.
///
/// An open-addressed table of raw pointers, at most half full. Not a Swift dictionary: making the thousand names of a
/// starting machine, its hashing took a twentieth of the start.
struct InternTable {
    private var slots: UnsafeMutablePointer<StringPointer?>
    private var mask: Int
    private var count = 0

    init() {
        mask = 4095
        slots = .allocate(capacity: mask + 1)
        slots.initialize(repeating: nil, count: mask + 1)
    }

    func deallocate() { slots.deallocate() }

    /// The string with this content and hash, nil when there is none.
    @inline(__always)
    func find(_ bytes: UnsafePointer<UInt8>, _ byteCount: Int, hash: Int) -> StringPointer? {
        var slot = hash & mask
        while let candidate = slots[slot] {
            if candidate.pointee.hash == hash, candidate.pointee.byteCount == byteCount, memcmp(candidate.bytes, bytes, byteCount) == 0 {
                return candidate
            }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// Adds a string whose content is not there yet and whose hash is known.
    mutating func insert(_ string: StringPointer) {
        if count * 2 > mask { grow() }
        place(string)
        count += 1
    }

    private func place(_ string: StringPointer) {
        var slot = string.pointee.hash & mask
        while slots[slot] != nil { slot = (slot + 1) & mask }
        slots[slot] = string
    }

    private mutating func grow() {
        let old = slots
        let oldMask = mask
        mask = oldMask * 2 + 1
        slots = .allocate(capacity: mask + 1)
        slots.initialize(repeating: nil, count: mask + 1)
        for slot in 0...oldMask {
            if let string = old[slot] { place(string) }
        }
        old.deallocate()
    }
}
