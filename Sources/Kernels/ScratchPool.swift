import Glibc

/// Temporary buffers kept between calls: fresh pages cost more than the kernels that would use them.
final class ScratchPool: @unchecked Sendable {
    static let shared = ScratchPool()
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private var free: [(pointer: UnsafeMutableRawPointer, bytes: Int)] = []

    private init() { pthread_mutex_init(mutex, nil) }

    fileprivate func take(_ bytes: Int) -> (pointer: UnsafeMutableRawPointer, bytes: Int) {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        var best = -1
        for (index, buffer) in free.enumerated() where buffer.bytes >= bytes && (best < 0 || buffer.bytes < free[best].bytes) { best = index }
        if best >= 0 && free[best].bytes <= max(4 * bytes, 65_536) { return free.remove(at: best) }
        if free.count > 128 {
            let evicted = free.removeFirst()
            Glibc.free(evicted.pointer)
        }
        let rounded = (max(bytes, 4096) + 4095) / 4096 * 4096
        return (UnsafeMutableRawPointer.allocate(byteCount: rounded, alignment: 64), rounded)
    }

    fileprivate func giveBack(_ buffer: (pointer: UnsafeMutableRawPointer, bytes: Int)) {
        pthread_mutex_lock(mutex)
        free.append(buffer)
        pthread_mutex_unlock(mutex)
    }
}

/// Calls `body` with an uninitialised, 64-byte aligned buffer of `count` elements.
@inline(__always)
func withScratch<T, R>(_ type: T.Type, _ count: Int, _ body: (UnsafeMutablePointer<T>) -> R) -> R {
    let buffer = ScratchPool.shared.take(max(1, count) * MemoryLayout<T>.stride)
    defer { ScratchPool.shared.giveBack(buffer) }
    return body(buffer.pointer.bindMemory(to: T.self, capacity: count))
}

@inline(__always)
func loadVector<V: SIMD>(_: V.Type, _ p: UnsafePointer<V.Scalar>) -> V { UnsafeRawPointer(p).loadUnaligned(as: V.self) }
@inline(__always)
func load16<T>(_ p: UnsafePointer<T>) -> SIMD16<T> { UnsafeRawPointer(p).loadUnaligned(as: SIMD16<T>.self) }
@inline(__always)
func load16<T>(_ p: UnsafeMutablePointer<T>) -> SIMD16<T> { UnsafeRawPointer(p).loadUnaligned(as: SIMD16<T>.self) }
@inline(__always)
func load8<T>(_ p: UnsafePointer<T>) -> SIMD8<T> { UnsafeRawPointer(p).loadUnaligned(as: SIMD8<T>.self) }
@inline(__always)
func store<V>(_ v: V, _ p: UnsafeMutableRawPointer) { p.storeBytes(of: v, as: V.self) }
