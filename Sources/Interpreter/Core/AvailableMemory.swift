#if canImport(Glibc)
    import Glibc
#endif

/// What the system could still give: the kernel's estimate for the machine and the limit of the control group. Linux promises
/// more memory than it has and ends the process that uses it, so large requests ask here first.
enum AvailableMemory {
    /// Requests up to this size, in bytes, are not worth asking the system how much it has.
    private static let unquestioned = 1 << 28

    /// Whether `count` bytes can be had at once: at most half of what is available, and an address range the limits of the
    /// process allow.
    static func grants(_ count: Int) -> Bool {
        return (count <= unquestioned || count <= bytes() / 2) && hasAddresses(count)
    }

    /// Whether the limits of the process leave an address range of that size. Asked by mapping one: the compiler removes an
    /// allocation that is only made to be freed.
    static func hasAddresses(_ count: Int) -> Bool {
        let range = mmap(nil, count, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        guard let range, range != MAP_FAILED else { return false }
        munmap(range, count)
        return true
    }

    /// Bytes, the smaller of both; Int.max where the system does not say.
    private static func bytes() -> Int {
        var available = Int.max
        if let text = read("/proc/meminfo"), let line = number(in: text, after: "MemAvailable:") { available = line * 1024 }
        if let limit = read("/sys/fs/cgroup/memory.max").flatMap({ number(in: $0, after: "") }),
            let used = read("/sys/fs/cgroup/memory.current").flatMap({ number(in: $0, after: "") })
        {
            available = min(available, max(0, limit - used))
        }
        return available
    }

    private static func read(_ path: String) -> [UInt8]? {
        let file = open(path, O_RDONLY)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(file, &buffer, buffer.count)
        return count > 0 ? Array(buffer[..<count]) : nil
    }

    /// The decimal number that follows a word and spaces.
    private static func number(in text: [UInt8], after word: String) -> Int? {
        let wanted = Array(word.utf8)
        guard text.count >= wanted.count else { return nil }
        guard let start = (0...(text.count - wanted.count)).first(where: { text[$0...].starts(with: wanted) }) else { return nil }
        let digits = text[(start + wanted.count)...].drop { $0 == 0x20 }.prefix { (0x30...0x39).contains($0) }
        return Int(String(decoding: digits, as: UTF8.self))
    }
}
