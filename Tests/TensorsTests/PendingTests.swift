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
            input: try leaf([7, 16, 15, 16]), expand: try leaf([24, 16, 1, 1], 0.3), depthwise: try leaf([24, 1, 3, 3], 0.4),
            project: try leaf([16, 24, 1, 1], 0.3),
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
            try result.registerHook(
                TensorHook { g in
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

    /// Convolution, normalisation and clamp called one after another, as a program's own forward does, with running statistics.
    private struct Chain {
        var inPlace = false
        /// Copies between the operations: nothing is joined.
        var copies = false
        var training = true
        /// Sees a result: the layer's number, and 0 the convolution's, 1 the normalisation's, 2 the clamp's.
        var look: (Int, Int, Tensor) throws -> Void = { _, _, _ in }
        var means: [Tensor], variances: [Tensor]

        init(_ n: Network) throws {
            means = try n.scales.map { try Tensor.zeros($0.shape, dtype: .float32) }
            variances = try n.scales.map { try Tensor.ones($0.shape, dtype: .float32) }
        }

        func run(_ n: Network, third: ConvolutionParameters = PendingTests.pointwise) throws -> Tensor {
            func apart(_ x: Tensor) throws -> Tensor { copies ? try x.clone() : x }
            var x = n.input
            for (i, (weight, parameters)) in [(n.expand, PendingTests.pointwise), (n.depthwise, PendingTests.channelwise), (n.project, third)]
                .enumerated()
            {
                let convolved = try x.convolution(weight, nil, parameters, dimensions: 2)
                try look(i, 0, convolved)
                let normal = try apart(convolved).batchNorm(
                    runningMean: means[i], runningVariance: variances[i], weight: n.scales[i], bias: n.shifts[i], training: training)
                try look(i, 1, normal)
                x =
                    i == 1
                    ? (inPlace ? try apart(normal).relu_() : try apart(normal).relu())
                    : (inPlace ? try apart(normal).hardtanh_(0, 6) : try apart(normal).relu6())
                try look(i, 2, x)
                x = try apart(x)
            }
            return x
        }
    }

    @Test(arguments: [false, true], [false, true]) func operationsCalledOneAfterAnotherGiveWhatTheyGiveApart(_ inPlace: Bool, _ training: Bool) throws
    {
        let (joined, apart) = (try network(), try network())
        var (first, second) = (try Chain(joined), try Chain(apart))
        (first.inPlace, first.training, second.training, second.copies) = (inPlace, training, training, true)
        // Twice: the second time convolutions gather the statistics themselves.
        for _ in 0..<2 {
            for leaf in [joined, apart].flatMap({ [$0.input, $0.expand, $0.depthwise, $0.project] + $0.scales + $0.shifts }) { leaf.grad = nil }
            let (x, y) = (try first.run(joined), try second.run(apart))
            #expect(try x.doubles() == y.doubles())
            expectClose(try gradients(joined, x), try gradients(apart, y), "in place \(inPlace), training \(training)")
            for i in 0..<3 {
                #expect(try first.means[i].doubles() == second.means[i].doubles())
                #expect(try first.variances[i].doubles() == second.variances[i].doubles())
            }
        }
    }

    @Test func everyResultOfAChainIsThereForWhoeverLooks() throws {
        let (looked, plain, apart) = (try network(), try network(), try network())
        var (seen, expected): ([[Double]], [[Double]]) = ([], [])
        var (first, third) = (try Chain(looked), try Chain(apart))
        first.look = { _, _, x in seen.append(try x.doubles()) }
        third.copies = true
        third.look = { _, _, x in expected.append(try x.doubles()) }
        let (x, y, z) = (try first.run(looked), try Chain(plain).run(plain), try third.run(apart))
        #expect(seen == expected)
        #expect(try x.doubles() == y.doubles())
        #expect(try x.doubles() == z.doubles())
        expectClose(try gradients(looked, x), try gradients(plain, y), "looked at")
    }

    @Test func hooksAndRetainedGradientsInsideAChainAreThoseOfSeparateOperations() throws {
        func observe(_ copies: Bool) throws -> [[Double]] {
            let n = try network()
            var chain = try Chain(n)
            chain.copies = copies
            var (hooked, kept): ([[Double]], [Tensor]) = ([], [])
            chain.look = { _, _, x in
                try x.registerHook(
                    TensorHook { g in
                        hooked.append(try g.doubles())
                        return nil
                    })
                try x.retainGrad()
                kept.append(x)
            }
            let x = try chain.run(n)
            let leaves = try gradients(n, x)
            let retained = try kept.map { try #require($0.grad).doubles() }
            return leaves + hooked + retained
        }
        let (joined, apart) = (try observe(false), try observe(true))
        #expect(joined.count == 10 + 9 + 9)
        expectClose(joined, apart, "observed")
    }

    @Test func aHookInsideAChainReplacesTheGradient() throws {
        func run(_ copies: Bool, _ at: Int) throws -> [[Double]] {
            let n = try network()
            var chain = try Chain(n)
            chain.copies = copies
            chain.look = { layer, step, x in
                if layer == 1 && step == at { try x.registerHook(TensorHook { g in try g.mul(try .wrapped(.double(-2))) }) }
            }
            return try gradients(n, try chain.run(n))
        }
        for at in 0..<3 { expectClose(try run(false, at), try run(true, at), "replaced behind step \(at)") }
    }

    @Test func aConvolutionsResultMayChangeAfterItWasNormalised() throws {
        for change in 0..<3 {
            let n = try network()
            var chain = try Chain(n)
            var first: Tensor?
            chain.look = { layer, step, x in if layer == 0 && step == change { first = x } }
            let x = try chain.run(n)
            let expected = try Chain(try network()).run(try network()).doubles()
            let kept = try #require(first).detach()
            let before = try kept.clone().doubles()
            _ = try kept.mul_(try .wrapped(2))
            #expect(try kept.doubles() == before.map { $0 * 2 })
            #expect(try x.doubles() == expected)
            // The normalisation needs the convolution's result, the clamp its own, as in PyTorch; nobody needs the normalisation's.
            if change == 1 {
                try x.backward(gradient: try x.detach().onesLike())
            } else {
                #expect(throws: TensorError.self) { try x.backward(gradient: try x.detach().onesLike()) }
            }
        }
    }

    @Test func aResultUsedTwiceGetsBothGradients() throws {
        func run(_ copies: Bool) throws -> [[Double]] {
            let n = try network()
            var chain = try Chain(n)
            chain.copies = copies
            var normal: Tensor?
            var convolved: Tensor?
            chain.look = { layer, step, x in
                if layer == 2 && step == 1 { normal = x }
                if layer == 2 && step == 0 { convolved = x }
            }
            let x = try chain.run(n)
            return try gradients(n, try x.add(try #require(normal)).add(try #require(convolved)))
        }
        expectClose(try run(false), try run(true), "used twice")
    }

    @Test func aGraphKeptForASecondTimeGivesTheSameGradients() throws {
        let n = try network()
        let x = try Chain(n).run(n)
        let weight = try x.detach().sin()
        try x.backward(gradient: weight, retainGraph: true)
        let leaves = [n.input, n.expand, n.depthwise, n.project] + n.scales + n.shifts
        let once = try leaves.map { try #require($0.grad).doubles() }
        for leaf in leaves { leaf.grad = nil }
        try x.backward(gradient: weight)
        #expect(try leaves.map { try #require($0.grad).doubles() } == once)
    }

    @Test func aConvolutionWithBiasBeforeANormalisation() throws {
        func run(_ copies: Bool) throws -> [[Double]] {
            EngineState.defaultGenerator.manualSeed(5)
            let leaves = try [[3, 4, 9, 8], [8, 4, 3, 3], [8], [8], [8]].map { try Tensor.randn($0, dtype: .float32) }
            for leaf in leaves { try leaf.setRequiresGrad(true) }
            var y = try leaves[0].conv2d(leaves[1], leaves[2], padding: [1])
            if copies { y = try y.clone() }
            let z = try y.batchNorm(
                runningMean: try .zeros([8]), runningVariance: try .ones([8]), weight: leaves[3], bias: leaves[4], training: false)
            try (copies ? try z.clone() : z).relu().mul(try z.detach().sin()).sum().backward()
            return try leaves.map { try #require($0.grad).doubles() }
        }
        expectClose(try run(false), try run(true), "bias")
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
