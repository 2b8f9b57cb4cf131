#if canImport(Glibc)
    import Glibc
#endif

// Memory outside the cells: items of lists, tables of dicts and sets, contents of bytes. Running out of it is an exception of
// the program, not the end of the process: what the system refuses is asked for once more after the heap has given up its
// reserve, and the machine raises MemoryError at its next safe point. Requests that the reserve may not cover are checked
// before they are made (`VM.checkRoom`).

extension Heap {
    /// Address space that is kept back, in bytes: more than any request that is not checked beforehand. It is never touched.
    static let reserveSize = 96 << 20
    /// Requests up to this size need no check.
    static let uncheckedBytes = 32 << 20

    /// Memory of at least one byte.
    package func memory(_ bytes: Int) -> UnsafeMutableRawPointer {
        if reserve == nil { keepReserve() }
        if let memory = malloc(max(1, bytes)) { return memory }
        return insist(bytes) { malloc(bytes) }
    }

    /// The memory grown or shrunk; it may move.
    func resized(_ memory: UnsafeMutableRawPointer?, _ bytes: Int) -> UnsafeMutableRawPointer {
        if reserve == nil { keepReserve() }
        if let memory = realloc(memory, max(1, bytes)) { return memory }
        return insist(bytes) { realloc(memory, bytes) }
    }

    /// The memory grown to `bytes`, or to `least` bytes when that is all there is.
    func resized(_ memory: UnsafeMutableRawPointer?, _ bytes: Int, least: Int) -> (memory: UnsafeMutableRawPointer, bytes: Int) {
        if reserve == nil { keepReserve() }
        if let memory = realloc(memory, bytes) { return (memory, bytes) }
        return (insist(least) { realloc(memory, least) }, least)
    }

    /// Asks again for what the system has refused, with the reserve given up, and has MemoryError raised.
    @inline(never)
    func insist(_ bytes: Int, _ request: () -> UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer {
        noteExhaustion()
        guard let memory = request() else { preconditionFailure("out of memory: \(bytes) bytes, and none in reserve") }
        return memory
    }

    /// Whether the program is to be interrupted: long work that can stop half-way does so, and a safe point raises the exception.
    @inline(__always) var mustHurry: Bool { requestFlag.pointee & (InterruptRequests.interrupt | InterruptRequests.timeLimit) != 0 }

    /// Gives up the reserve and has MemoryError raised at the next safe point.
    func noteExhaustion() {
        InterruptRequests.set(InterruptRequests.memory, in: requestFlag)
        guard let given = reserve else { return }
        munmap(given, Heap.reserveSize)
        reserve = nil
    }

    /// Keeps address space back, unless what is left then would not do for the handler of a MemoryError.
    func keepReserve() {
        guard reserve == nil else { return }
        let space = mmap(nil, Heap.reserveSize, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        guard let kept = space, kept != MAP_FAILED else { return }
        if AvailableMemory.hasAddresses(Heap.uncheckedBytes) { reserve = kept } else { munmap(kept, Heap.reserveSize) }
    }
}
