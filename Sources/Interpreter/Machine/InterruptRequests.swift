import Synchronization

/// Changes bits of an interrupt flag as one step: signal handlers and other threads set bits while the machine clears some.
package enum InterruptRequests {
    package static let interrupt: Int32 = 1
    package static let collect: Int32 = 2
    package static let timeLimit: Int32 = 4
    /// Asks that buffered output be written out.
    package static let flush: Int32 = 8
    /// The system refused memory: MemoryError is due.
    package static let memory: Int32 = 16

    package static func set(_ bits: Int32, in flag: UnsafeMutablePointer<Int32>) {
        atomic(flag).pointee.bitwiseOr(bits, ordering: .relaxed)
    }

    package static func clear(_ bits: Int32, in flag: UnsafeMutablePointer<Int32>) {
        atomic(flag).pointee.bitwiseAnd(~bits, ordering: .relaxed)
    }

    /// An atomic integer has the layout of the integer.
    private static func atomic(_ flag: UnsafeMutablePointer<Int32>) -> UnsafeMutablePointer<Atomic<Int32>> {
        UnsafeMutableRawPointer(flag).assumingMemoryBound(to: Atomic<Int32>.self)
    }
}
