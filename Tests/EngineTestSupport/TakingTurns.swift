import Synchronization
import Testing

/// The engine's grad mode, default generator and thread count belong to the process: tests that use them run one at a time,
/// across all test targets.
package struct TakingTurns: SuiteTrait, TestTrait, TestScoping {
    private static let taken = Atomic<Bool>(false)

    package var isRecursive: Bool { true }

    package func provideScope(for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void) async throws {
        while TakingTurns.taken.exchange(true, ordering: .acquiring) { try await Task.sleep(for: .milliseconds(1)) }
        defer { TakingTurns.taken.store(false, ordering: .releasing) }
        try await function()
    }
}

extension Trait where Self == TakingTurns {
    package static var takingTurns: TakingTurns { TakingTurns() }
}
