import Glibc

/// Memory for storages, kept between uses in size classes: fresh pages are the hidden cost of large activations.
///
/// Blocks are 64-byte aligned; large ones ask for huge pages. Size classes grow by quarters of a power of two.
package final class Allocator: @unchecked Sendable {
    package static let shared = Allocator()
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private var free = [[UnsafeMutableRawPointer]](repeating: [], count: 256)
    /// Bytes handed out, their maximum so far, and bytes kept for reuse.
    package private(set) var usedBytes = 0
    package private(set) var peakBytes = 0
    private var cachedBytes = 0
    private let cacheLimit = 4 << 30

    private init() { pthread_mutex_init(mutex, nil) }

    /// The size class of a request: its index and the bytes its blocks have.
    static func sizeClass(_ bytes: Int) -> (index: Int, size: Int) {
        if bytes <= 256 {
            let lines = max(1, (bytes + 63) / 64)
            return (lines - 1, lines * 64)
        }
        // 2^power < bytes <= 2^(power + 1), in quarters of 2^power.
        let power = Int.bitWidth - 1 - (bytes - 1).leadingZeroBitCount
        let shift = power - 2
        let quarters = (bytes + (1 << shift) - 1) >> shift
        return (4 * (power - 8) + quarters, quarters << shift)
    }

    /// Nil when the system has no such amount of memory.
    func allocate(_ bytes: Int) -> UnsafeMutableRawPointer? {
        let (index, size) = Allocator.sizeClass(bytes)
        pthread_mutex_lock(mutex)
        usedBytes += size
        peakBytes = max(peakBytes, usedBytes)
        if let block = free[index].popLast() {
            cachedBytes -= size
            pthread_mutex_unlock(mutex)
            return block
        }
        pthread_mutex_unlock(mutex)
        var pointer: UnsafeMutableRawPointer?
        let large = size >= 4 << 20
        if posix_memalign(&pointer, large ? 2 << 20 : 64, size) != 0 { return nil }
        if large { madvise(pointer, size, Int32(MADV_HUGEPAGE)) }
        return pointer
    }

    func release(_ pointer: UnsafeMutableRawPointer, _ bytes: Int) {
        let (index, size) = Allocator.sizeClass(bytes)
        pthread_mutex_lock(mutex)
        usedBytes -= size
        let keep = cachedBytes + size <= cacheLimit
        if keep {
            free[index].append(pointer)
            cachedBytes += size
        }
        pthread_mutex_unlock(mutex)
        if !keep { Glibc.free(pointer) }
    }

    /// Starts a new measurement of the peak at the present use.
    package func resetPeak() { peakBytes = usedBytes }
}
