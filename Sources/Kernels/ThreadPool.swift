import CInt8Kernels
import Glibc
import Synchronization

/// A fixed set of worker threads that execute numbered pieces of one loop at a time.
///
/// Callers cut their work into pieces whose number depends on the problem alone, never on the number of threads;
/// which thread executes which piece is left to chance. So results are the same bits for any thread count.
/// A nested or concurrent `run` executes its pieces on the calling thread.
package final class ThreadPool: @unchecked Sendable {
    package static let shared = ThreadPool()

    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let wake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let done = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let busy = Atomic<Bool>(false)
    /// The number of the present loop, and how many workers may take part in it: none when its pieces are taken.
    private let gate = Atomic<Gate>(Gate(loop: 0, workers: 0))
    private let next = Atomic<Int>(0)
    /// Workers that are at the present loop, or about to see whether they may be.
    private let active = Atomic<Int>(0)
    /// Workers that wait for a signal, and whether the caller does.
    private let sleepers = Atomic<Int>(0)
    private let callerSleeps = Atomic<Bool>(false)
    private let limit = Atomic<Int>(0)
    /// Whether a worker took a piece of the present loop.
    private let helped = Atomic<Bool>(false)
    /// Loops in a row in which none did. Only the caller of a loop changes it.
    private var alone = 0
    /// How many more short loops are better kept on the caller's thread.
    private let hindrance = Atomic<Int>(0)
    private var body: ((Int) -> Void)?
    private var workerCount = 0
    private let requested: Atomic<Int>

    private struct Gate: AtomicRepresentable {
        typealias AtomicRepresentation = UInt64.AtomicRepresentation
        var loop: UInt64
        var workers: Int

        init(loop: UInt64, workers: Int) { (self.loop, self.workers) = (loop, workers) }

        static func encodeAtomicRepresentation(_ value: consuming Gate) -> AtomicRepresentation {
            UInt64.encodeAtomicRepresentation(value.loop << 8 | UInt64(value.workers))
        }

        static func decodeAtomicRepresentation(_ representation: consuming AtomicRepresentation) -> Gate {
            let bits = UInt64.decodeAtomicRepresentation(representation)
            return Gate(loop: bits >> 8, workers: Int(bits & 255))
        }
    }

    /// Loops without help after which workers are not called for short ones: more than there are in the time it takes to wake a worker.
    private static let patienceAlone = 64
    /// For so many short loops.
    private static let caution = 20_000

    private init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(wake, nil)
        pthread_cond_init(done, nil)
        requested = Atomic(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    }

    /// Threads used by a loop, the caller's included.
    package var threadCount: Int {
        get { requested.load(ordering: .relaxed) }
        set { requested.store(max(1, min(newValue, 256)), ordering: .relaxed) }
    }

    /// Whether a loop is being executed: another one would stay on its thread.
    package var isBusy: Bool { busy.load(ordering: .relaxed) }

    /// Asked once for a loop of some microseconds: whether threads would rather hinder it. Where other programs have the processors a worker that is
    /// woken takes the caller's place, finds nothing left to do, and sleeps again.
    package func hindersShortLoops() -> Bool {
        if hindrance.load(ordering: .relaxed) <= 0 { return false }
        hindrance.wrappingSubtract(1, ordering: .relaxed)
        return true
    }

    /// Calls `piece` once for every index below `count`, in any order, and returns when all are done.
    package func run(_ count: Int, _ piece: (Int) -> Void) {
        let threads = min(threadCount, count)
        if threads <= 1 || busy.exchange(true, ordering: .acquiring) {
            for index in 0..<max(count, 0) { piece(index) }
            return
        }
        withoutActuallyEscaping(piece) { escaping in
            start(threads - 1)
            body = escaping
            next.store(0, ordering: .relaxed)
            limit.store(count, ordering: .relaxed)
            helped.store(false, ordering: .relaxed)
            let loop = gate.load(ordering: .relaxed).loop + 1
            // Either we see that a worker sleeps, or it sees the new loop before it does.
            gate.store(Gate(loop: loop, workers: threads - 1), ordering: .sequentiallyConsistent)
            if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
                pthread_mutex_lock(mutex)
                pthread_cond_broadcast(wake)
                pthread_mutex_unlock(mutex)
            }
            _ = work(escaping)
            finish(loop)
            body = nil
            alone = helped.load(ordering: .relaxed) ? 0 : alone + 1
            if alone > ThreadPool.patienceAlone {
                alone = 0
                hindrance.store(ThreadPool.caution, ordering: .relaxed)
            }
        }
        busy.store(false, ordering: .releasing)
    }

    /// Closes the loop, whose pieces are all taken, and waits for the workers that have some. A worker the system has not woken yet
    /// finds the loop closed: nobody waits for it.
    private func finish(_ loop: UInt64) {
        // Either we see that a worker is active, or it sees that the loop is closed.
        gate.store(Gate(loop: loop, workers: 0), ordering: .sequentiallyConsistent)
        var patience = Patience()
        while active.load(ordering: .sequentiallyConsistent) > 0 {
            if patience.lasts() {
                processor_pause()
                continue
            }
            pthread_mutex_lock(mutex)
            callerSleeps.store(true, ordering: .sequentiallyConsistent)
            while active.load(ordering: .sequentiallyConsistent) > 0 { pthread_cond_wait(done, mutex) }
            callerSleeps.store(false, ordering: .relaxed)
            pthread_mutex_unlock(mutex)
        }
    }

    /// The number of pieces done.
    private func work(_ piece: (Int) -> Void) -> Int {
        let count = limit.load(ordering: .relaxed)
        var done = 0
        while true {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
            if index >= count { return done }
            piece(index)
            done += 1
        }
    }

    /// A function of its own, so that the reference to the caller's closure is gone before the caller learns that we are done.
    @inline(never)
    private func takePart() { if let body, work(body) > 0 { helped.store(true, ordering: .relaxed) } }

    private func start(_ needed: Int) {
        while workerCount < needed {
            let context = Unmanaged.passRetained(WorkerStart(pool: self, index: workerCount, seen: gate.load(ordering: .relaxed).loop))
            var thread = pthread_t()
            var attributes = pthread_attr_t()
            pthread_attr_init(&attributes)
            pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
            let status = pthread_create(
                &thread, &attributes,
                { raw in
                    let start = Unmanaged<WorkerStart>.fromOpaque(raw!).takeRetainedValue()
                    start.pool.workerLoop(start.index, start.seen)
                }, context.toOpaque())
            pthread_attr_destroy(&attributes)
            precondition(status == 0, "the system refused to start a worker thread (error \(status))")
            workerCount += 1
        }
    }

    private func workerLoop(_ index: Int, _ seenAtStart: UInt64) -> Never {
        var seen = seenAtStart
        while true {
            awaitLoop(after: seen)
            active.wrappingAdd(1, ordering: .sequentiallyConsistent)
            let present = gate.load(ordering: .sequentiallyConsistent)
            seen = present.loop
            if index < present.workers { takePart() }
            if active.wrappingSubtract(1, ordering: .sequentiallyConsistent).newValue == 0, callerSleeps.load(ordering: .sequentiallyConsistent) {
                pthread_mutex_lock(mutex)
                pthread_cond_signal(done)
                pthread_mutex_unlock(mutex)
            }
        }
    }

    private func awaitLoop(after seen: UInt64) {
        var patience = Patience()
        while patience.lasts() {
            if gate.load(ordering: .acquiring).loop != seen { return }
            processor_pause()
        }
        pthread_mutex_lock(mutex)
        sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
        while gate.load(ordering: .sequentiallyConsistent).loop == seen { pthread_cond_wait(wake, mutex) }
        sleepers.wrappingSubtract(1, ordering: .relaxed)
        pthread_mutex_unlock(mutex)
    }
}

/// How long a thread waits before it goes to sleep: 100 µs, in which the next layer of a net begins. By the clock: a pause of the processor takes 10 to 40 ns.
private struct Patience {
    private static let nanoseconds = 100_000
    private var turns = 0
    private var end = 0

    mutating func lasts() -> Bool {
        turns += 1
        // Most waits are over before the clock is read.
        if turns % 32 != 0 { return true }
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        let now = time.tv_sec * 1_000_000_000 + time.tv_nsec
        if end == 0 { end = now + Patience.nanoseconds }
        return now < end
    }
}

private final class WorkerStart {
    let pool: ThreadPool
    let index: Int
    let seen: UInt64
    init(pool: ThreadPool, index: Int, seen: UInt64) {
        self.pool = pool
        self.index = index
        self.seen = seen
    }
}

/// Elements one thread treats at a time in loops of little work: enough to hide the cost of a piece, few enough to balance.
let elementsPerPiece = 65_536

/// Cuts `0..<count` into pieces of `grain` (the last may be shorter) and runs `body` on each.
///
/// Never inlined: one call per piece costs nothing, and inlining would duplicate every kernel's loops.
@inline(never)
func parallel(_ count: Int, grain: Int, _ body: (Range<Int>) -> Void) {
    if count <= grain {
        if count > 0 { body(0..<count) }
        return
    }
    let pieces = (count + grain - 1) / grain
    ThreadPool.shared.run(pieces) { piece in
        body(piece * grain..<min(count, (piece + 1) * grain))
    }
}
