import EngineTestSupport
import Kernels
import Tensors
import Testing

/// Results of normalised convolutions are written when somebody looks: looking early, late or never must not show.
@Suite(.takingTurns) struct PendingTests {
    private struct Network {
        let input, expand, depthwise, project: Tensor
        let scales, shifts: [Tensor]
    }

    private static let pointwise = ConvolutionParameters(stride: [1], padding: [0], dilation: [1])
    private static let channelwise = ConvolutionParameters(stride: [1], padding: [1], dilation: [1], groups: 24)

    private func network() throws -> Network {
        EngineState.defaultGenerator.manualSeed(3)
        func leaf(_ sizes: [Int], _ factor: Double = 1) throws -> Tensor {
            let tensor = try Tensor.randn(sizes, dtype: .float32).mul(try .wrapped(.double(factor)))
            try tensor.setRequiresGrad(true)
            return tensor
        }
        return Network(
            input: try leaf([7, 16, 15, 16]), expand: try leaf([24, 16, 1, 1], 0.3), depthwise: try leaf([24, 1, 3, 3], 0.4), project: try leaf([16, 24, 1, 1], 0.3),
            scales: [try leaf([24]), try leaf([24]), try leaf([16])], shifts: [try leaf([24]), try leaf([24]), try leaf([16])])
    }

    /// Expand, depthwise and project as in an inverted residual; `look` sees every intermediate result.
    private func run(_ n: Network, look: (Tensor) throws -> Void = { _ in }) throws -> Tensor {
        var x = n.input
        for (i, (weight, parameters)) in [(n.expand, Self.pointwise), (n.depthwise, Self.channelwise), (n.project, Self.pointwise)].enumerated() {
            x = try x.convolutionBatchNorm(
                weight, nil, parameters, runningMean: nil, runningVariance: nil, scale: n.scales[i], bias: n.shifts[i], training: true, momentum: 0.1,
                epsilon: 1e-5, range: i < 2 ? .relu6 : .none)
            try look(x)
        }
        return x
    }

    /// The same from separate operations.
    private func runApart(_ n: Network) throws -> Tensor {
        var x = n.input
        for (i, (weight, parameters)) in [(n.expand, Self.pointwise), (n.depthwise, Self.channelwise), (n.project, Self.pointwise)].enumerated() {
            x = try x.convolution(weight, nil, parameters, dimensions: 2)
                .batchNorm(runningMean: nil, runningVariance: nil, weight: n.scales[i], bias: n.shifts[i], training: true)
            if i < 2 { x = try x.hardtanh(0, 6) }
        }
        return x
    }

    private func gradients(_ n: Network, _ result: Tensor) throws -> [[Double]] {
        let weight = try Tensor.arange(.int(1), .int(Int64(result.count) + 1), dtype: .float32).sin().view(result.shape)
        try result.backward(gradient: weight)
        return try ([n.input, n.expand, n.depthwise, n.project] + n.scales + n.shifts).map { try #require($0.grad).doubles() }
    }

    private func expectClose(_ actual: [[Double]], _ expected: [[Double]], _ what: String) {
        for (i, (a, e)) in zip(actual, expected).enumerated() {
            let size = e.map(abs).max() ?? 0
            #expect(zip(a, e).allSatisfy { abs($0 - $1) <= 2e-5 * size + 1e-6 }, "\(what): gradient \(i)")
        }
    }

    @Test func joinedAndSeparateOperationsGiveTheSameResults() throws {
        let (joined, apart) = (try network(), try network())
        let (x, y) = (try run(joined), try runApart(apart))
        #expect(try x.doubles() == y.doubles())
        expectClose(try gradients(joined, x), try gradients(apart, y), "joined")
    }

    @Test func lookingAtIntermediateResultsChangesNothing() throws {
        let (looked, plain) = (try network(), try network())
        let x = try run(looked) { _ = try $0.detach().sum().item() }
        let y = try run(plain)
        #expect(try x.doubles() == y.doubles())
        expectClose(try gradients(looked, x), try gradients(plain, y), "looked at")
    }

    @Test func aPendingResultCanBeModifiedAfterItWasUsed() throws {
        let n = try network()
        var first: Tensor?
        let x = try run(n) { if first == nil { first = $0 } }
        let before = try x.doubles()
        let kept = try #require(first).detach()
        let values = try kept.clone().doubles()
        _ = try kept.mul_(try .wrapped(2))
        #expect(try kept.doubles() == values.map { $0 * 2 })
        #expect(try x.doubles() == before)
        #expect(throws: TensorError.self) { try x.backward(gradient: try x.detach().onesLike()) }
    }

    @Test func aHookSeesAndReplacesTheGradientOfAPendingResult() throws {
        let (hooked, scaled) = (try network(), try network())
        var seen: [Double] = []
        var first = true
        let x = try run(hooked) { result in
            guard first else { return }
            first = false
            try result.registerHook(TensorHook { g in
                seen = try g.doubles()
                return try g.mul(try .wrapped(.double(0)))
            })
        }
        _ = try gradients(hooked, x)
        #expect(seen.contains { $0 != 0 })
        #expect(try #require(hooked.expand.grad).doubles().allSatisfy { $0 == 0 })
        let y = try run(scaled)
        _ = try gradients(scaled, y)
        #expect(try #require(hooked.project.grad).doubles() == #require(scaled.project.grad).doubles())
    }

    @Test func threadsDoNotChangeTheBitsOfAStep() throws {
        func step(_ threads: Int) throws -> [[Double]] {
            let before = ThreadPool.shared.threadCount
            ThreadPool.shared.threadCount = threads
            defer { ThreadPool.shared.threadCount = before }
            let n = try network()
            return try gradients(n, try run(n))
        }
        #expect(try step(1) == step(3))
    }
}
