import Synchronization

/// Stops a run from outside: a signal handler or another thread sets it, the evaluator and the runner look at it.
package final class EvaluationControl: Sendable {
    private let interrupts = Atomic<Int>(0)
    /// Bits of a `Double` of monotonic seconds; 0 for no deadline.
    private let deadlineBits = Atomic<UInt64>(0)
    private let now: @Sendable () -> Double

    /// `now` gives monotonic seconds, the same as the runner's environment.
    package init(now: @escaping @Sendable () -> Double) { self.now = now }

    /// Safe in a signal handler. Returns how often it was called: at the second time the process should leave at once.
    @discardableResult
    package func interrupt() -> Int { interrupts.add(1, ordering: .sequentiallyConsistent).newValue }

    package var isInterrupted: Bool { interrupts.load(ordering: .relaxed) > 0 }
    package var isPastDeadline: Bool {
        let bits = deadlineBits.load(ordering: .relaxed)
        return bits != 0 && now() >= Double(bitPattern: bits)
    }

    /// Seconds until the deadline, negative behind it; nil without one.
    package var secondsLeft: Double? {
        let bits = deadlineBits.load(ordering: .relaxed)
        return bits == 0 ? nil : Double(bitPattern: bits) - now()
    }

    /// Whether the evaluator must stop now. Reads a clock only while there is a deadline.
    package var shouldStop: Bool { isInterrupted || isPastDeadline }

    package func setDeadline(after seconds: Double?) {
        deadlineBits.store(seconds.map { max(now() + $0, .leastNonzeroMagnitude).bitPattern } ?? 0, ordering: .relaxed)
    }
}
