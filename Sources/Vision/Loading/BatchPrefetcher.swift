import Glibc
import Kernels

/// Prepares batches of samples on threads of its own while the program does something else.
///
/// A logical worker owns a generator and has at most one batch under way: what it draws depends on its seed and its batches alone, never on
/// the number of real threads. Whoever wants a batch that no thread has begun prepares it itself.
package final class BatchPrefetcher: @unchecked Sendable {
    private enum Work {
        case idle
        case waiting([Int])
        case running
        case done([Sample])
        case failed(VisionError, index: Int)
    }

    private let source: any ImageSource
    private let chain: SampleChain
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    // All below are guarded by the mutex.
    private var works: [Work]
    private var engines: [MersenneTwister]
    private var queue: [Int] = []
    private var isStopped = false
    private var threads: [pthread_t] = []

    /// One worker for each engine; `threads` real threads at most.
    package init(_ source: any ImageSource, _ chain: SampleChain, engines: [MersenneTwister], threads: Int) {
        self.source = source
        self.chain = chain
        self.engines = engines
        works = engines.map { _ in .idle }
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
        for _ in 0..<min(threads, engines.count) {
            let context = Unmanaged.passRetained(ThreadStart(self))
            var thread = pthread_t()
            let status = pthread_create(
                &thread, nil,
                { raw in
                    let start = Unmanaged<ThreadStart>.fromOpaque(raw!).takeRetainedValue()
                    start.prefetcher.work()
                    return nil
                }, context.toOpaque())
            // Without a thread the program itself prepares what it takes.
            if status == 0 { self.threads.append(thread) } else { context.release() }
        }
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    /// Ends the threads and waits for them; batches under way are given up after their present image.
    package func stop() {
        pthread_mutex_lock(mutex)
        isStopped = true
        queue = []
        let ending = threads
        threads = []
        pthread_cond_broadcast(changed)
        pthread_mutex_unlock(mutex)
        for thread in ending { pthread_join(thread, nil) }
    }

    /// Gives an idle worker its next batch.
    package func submit(_ worker: Int, _ indices: [Int]) {
        pthread_mutex_lock(mutex)
        works[worker] = .waiting(indices)
        queue.append(worker)
        pthread_cond_signal(changed)
        pthread_mutex_unlock(mutex)
    }

    /// The worker's batch, in the order of its indices. Calls `poll` some times a second while it waits; its error ends the wait.
    package func take<Failure: Error>(_ worker: Int, poll: () throws(Failure) -> Void) throws(Failure) -> Result<[Sample], VisionError> {
        pthread_mutex_lock(mutex)
        while true {
            switch works[worker] {
            case .idle:
                pthread_mutex_unlock(mutex)
                return .success([])
            case .waiting(let indices):
                queue.removeAll { $0 == worker }
                works[worker] = .running
                pthread_mutex_unlock(mutex)
                prepare(worker, indices)
                pthread_mutex_lock(mutex)
            case .running:
                waitBriefly()
                pthread_mutex_unlock(mutex)
                try poll()
                pthread_mutex_lock(mutex)
            case .done(let samples):
                works[worker] = .idle
                pthread_mutex_unlock(mutex)
                return .success(samples)
            case .failed(let error, _):
                works[worker] = .idle
                pthread_mutex_unlock(mutex)
                return .failure(error)
            }
        }
    }

    /// The generator of a worker; to be touched only while it is idle.
    package func withEngine<R>(_ worker: Int, _ body: (inout MersenneTwister) -> R) -> R {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body(&engines[worker])
    }

    private func waitBriefly() {
        var deadline = timespec()
        clock_gettime(CLOCK_REALTIME, &deadline)
        deadline.tv_nsec += 50_000_000
        if deadline.tv_nsec >= 1_000_000_000 {
            deadline.tv_nsec -= 1_000_000_000
            deadline.tv_sec += 1
        }
        pthread_cond_timedwait(changed, mutex, &deadline)
    }

    private func work() {
        pthread_mutex_lock(mutex)
        while !isStopped {
            guard let worker = queue.first else {
                pthread_cond_wait(changed, mutex)
                continue
            }
            queue.removeFirst()
            guard case .waiting(let indices) = works[worker] else { continue }
            works[worker] = .running
            pthread_mutex_unlock(mutex)
            prepare(worker, indices)
            pthread_mutex_lock(mutex)
        }
        pthread_mutex_unlock(mutex)
    }

    /// Runs a batch on the calling thread.
    private func prepare(_ worker: Int, _ indices: [Int]) {
        var engine = withEngine(worker) { $0 }
        var samples: [Sample] = []
        samples.reserveCapacity(indices.count)
        var outcome: Work = .idle
        var failure: Work?
        for index in indices {
            do throws(VisionError) {
                samples.append(try chain(source.image(at: index), &engine))
            } catch {
                failure = .failed(error, index: index)
                break
            }
            if shouldStop { break }
        }
        outcome = failure ?? .done(samples)
        pthread_mutex_lock(mutex)
        engines[worker] = engine
        works[worker] = outcome
        pthread_cond_broadcast(changed)
        pthread_mutex_unlock(mutex)
    }

    private var shouldStop: Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return isStopped
    }
}

/// Carries the prefetcher into its threads without keeping it alive by more than they need.
private final class ThreadStart {
    let prefetcher: BatchPrefetcher
    init(_ prefetcher: BatchPrefetcher) { self.prefetcher = prefetcher }
}
