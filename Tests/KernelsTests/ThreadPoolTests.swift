import EngineTestSupport
import Glibc
import Kernels
import Synchronization
import Testing

@Suite(.takingTurns) struct ThreadPoolTests {
    /// Every piece runs once and before `run` returns, with more threads than processors, whether the workers spin or sleep.
    @Test(arguments: [2, 3, 9]) func everyPieceRunsOnce(_ threads: Int) {
        let pool = ThreadPool.shared
        let before = pool.threadCount
        pool.threadCount = threads
        defer { pool.threadCount = before }
        for loop in 0..<6_000 {
            let count = loop % 11
            let seen = Atomic<Int>(0)
            var results = [Int](repeating: 0, count: 11)
            results.withUnsafeMutableBufferPointer { results in
                guard let results = results.baseAddress else { return }
                pool.run(count) { piece in
                    for turn in 0..<(loop % 5) * 40 { results[piece] ^= turn }
                    results[piece] = loop + piece
                    seen.wrappingAdd(1, ordering: .relaxed)
                }
            }
            #expect(seen.load(ordering: .relaxed) == count)
            #expect((0..<count).allSatisfy { results[$0] == loop + $0 })
            // Now and then long enough for the workers to fall asleep.
            if loop % 200 == 0 { usleep(3_000) }
        }
        #expect(!pool.isBusy)
    }

    /// Loops within a loop, and those of another thread, run where they are called.
    @Test func loopsWithinLoopsRunOnTheirThread() {
        let pool = ThreadPool.shared
        let before = pool.threadCount
        pool.threadCount = 3
        defer { pool.threadCount = before }
        let total = Atomic<Int>(0)
        pool.run(5) { _ in
            let thread = pthread_self()
            #expect(pool.isBusy)
            pool.run(4) { _ in
                #expect(pthread_equal(thread, pthread_self()) != 0)
                total.wrappingAdd(1, ordering: .relaxed)
            }
        }
        #expect(total.load(ordering: .relaxed) == 20)
    }

    /// Workers that take pieces are no hindrance, however short the loops.
    @Test func helpIsNoHindrance() {
        let pool = ThreadPool.shared
        let before = pool.threadCount
        pool.threadCount = 2
        defer { pool.threadCount = before }
        while pool.hindersShortLoops() {}
        for _ in 0..<200 {
            let begun = Atomic<Int>(0)
            // Each piece waits for the other, so that the worker comes to have one; not for ever, should a test beside this one have the pool.
            pool.run(2) { _ in
                begun.wrappingAdd(1, ordering: .relaxed)
                for _ in 0..<20_000 where begun.load(ordering: .relaxed) < 2 { sched_yield() }
            }
        }
        #expect(!pool.hindersShortLoops())
    }
}
