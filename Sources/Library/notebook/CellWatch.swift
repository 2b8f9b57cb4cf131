import Interpreter

#if canImport(Glibc)
    import Glibc
#endif

/// A thread that sets the machine's request flag when time has come: the end of a cell's time limit, output that has waited long enough.
///
/// Requests are repeated until they are withdrawn, so that a program that catches the exception of its time limit meets it again.
final class CellWatch: @unchecked Sendable {
    // Shared with the thread, guarded by `mutex`.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var deadline: Double?
    private var flushTime: Double?
    private var hasExpired = false
    private var isEnded = false
    private var isRunning = false

    private let flag: UnsafeMutablePointer<Int32>
    private static let repetition = 0.25

    /// `flag` must outlive the watch's thread, which `end` stops.
    init(_ vm: VM) {
        flag = vm.interruptFlag
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        pthread_cond_destroy(condition)
        mutex.deallocate()
        condition.deallocate()
    }

    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// Whether the time limit was reached since it was set.
    var isExpired: Bool { locked { hasExpired } }

    /// Starts a time limit; nil ends it.
    func limit(_ seconds: Double?) {
        change {
            deadline = seconds.map { CellWatch.now() + $0 }
            hasExpired = false
        }
        if seconds == nil { InterruptRequests.clear(InterruptRequests.timeLimit, in: flag) }
    }

    func flush(after seconds: Double) {
        change { if flushTime == nil { flushTime = CellWatch.now() + seconds } }
    }

    /// Stops the thread and waits for it.
    func end() {
        pthread_mutex_lock(mutex)
        isEnded = true
        pthread_cond_signal(condition)
        let wasRunning = isRunning
        pthread_mutex_unlock(mutex)
        if wasRunning, let thread { pthread_join(thread, nil) }
        thread = nil
    }

    private var thread: pthread_t?

    private func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }

    private func change(_ body: () -> Void) {
        locked {
            let earliest = self.earliest
            body()
            guard self.earliest != earliest else { return }
            // The thread is made when there is something to wait for.
            if !isRunning { start() } else if self.earliest < earliest { pthread_cond_signal(condition) }
        }
    }

    private var earliest: Double { min(deadline ?? .infinity, flushTime ?? .infinity) }

    private func start() {
        guard earliest < .infinity, !isEnded else { return }
        var made = pthread_t()
        let status = pthread_create(
            &made, nil,
            { context in
                if let context { Unmanaged<CellWatch>.fromOpaque(context).takeUnretainedValue().wait() }
                return nil
            }, Unmanaged.passUnretained(self).toOpaque())
        guard status == 0 else { return }
        isRunning = true
        thread = made
    }

    private func wait() {
        // Signals are for the threads that run programs.
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, nil)
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while !isEnded {
            let next = earliest
            guard next < .infinity else {
                pthread_cond_wait(condition, mutex)
                continue
            }
            let now = CellWatch.now()
            if next > now {
                var until = timespec(tv_sec: Int(next), tv_nsec: Int((next - Double(Int(next))) * 1e9))
                pthread_cond_timedwait(condition, mutex, &until)
                continue
            }
            fire(now)
        }
    }

    private func fire(_ now: Double) {
        if let time = flushTime, time <= now {
            InterruptRequests.set(InterruptRequests.flush, in: flag)
            flushTime = nil
        }
        if let time = deadline, time <= now {
            hasExpired = true
            InterruptRequests.set(InterruptRequests.timeLimit, in: flag)
            deadline = now + Self.repetition
        }
    }
}
