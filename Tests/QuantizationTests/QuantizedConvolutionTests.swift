import EngineTestSupport
import Kernels
import Tensors
import Testing

/// Convolution, residual and simulated quantisation as one operation against the same steps one after another.
@Suite(.takingTurns) struct QuantizedConvolutionTests {
    struct Case: CustomTestStringConvertible {
        var input: [Int]
        var out: Int
        var kernel = 1
        var stride = 1
        var groups = 1
        var residual = false
        var range = Tensor.ActivationRange.none
        var testDescription: String { "\(input) → \(out), \(kernel)×\(kernel), groups \(groups), residual \(residual)" }
    }

    static let cases = [
        Case(input: [8, 16, 16, 16], out: 24, range: .relu6), Case(input: [8, 16, 16, 16], out: 16, residual: true),
        Case(input: [2, 12, 4, 4], out: 20, residual: true, range: .relu),
        Case(input: [4, 32, 9, 9], out: 32, kernel: 3, groups: 32, range: .relu6),
        Case(input: [4, 32, 8, 8], out: 32, kernel: 3, stride: 2, groups: 32, residual: true),
        Case(input: [3, 3, 10, 10], out: 16, kernel: 3, stride: 2, range: .relu6),
    ]

    /// Two layers, so that the second reads what the first left pending, and the loss's gradients of everything.
    private func run(_ c: Case, halfToEven: Bool, fused: Bool) throws -> (value: [Double], gradients: [[Double]]) {
        EngineState.defaultGenerator.manualSeed(5)
        func parameter(_ shape: [Int], _ scale: Double) throws -> Tensor { try .parameter(try Tensor.randn(shape).mul(try .wrapped(.double(scale)))) }
        let p = ConvolutionParameters(stride: [c.stride, c.stride], padding: [c.kernel / 2, c.kernel / 2], dilation: [1, 1], groups: c.groups)
        let x = try parameter(c.input, 1)
        let (w, b) = (try parameter([c.out, c.input[1] / c.groups, c.kernel, c.kernel], 1), try parameter([c.out], 0.5))
        let (w2, b2) = (try parameter([8, c.out, 1, 1], 0.3), try parameter([8], 0.1))
        let size = (c.input[2] + 2 * (c.kernel / 2) - c.kernel) / c.stride + 1
        let residual = c.residual ? try parameter([c.input[0], c.out, size, size], 1) : nil
        func layer(_ x: Tensor, _ w: Tensor, _ b: Tensor, _ p: ConvolutionParameters, _ residual: Tensor?, _ range: Tensor.ActivationRange) throws
            -> Tensor
        {
            // A scale that cuts some values on both sides.
            func step(_ low: Float, _ high: Float) -> QuantizationStep {
                var step = QuantizationStep(scale: max(-low, high) * 0.8 / 127.5, low: -128, high: 127, halfToEven: halfToEven)
                (step.clampLow, step.clampHigh) = (Float(range.low), Float(range.high))
                return step
            }
            if fused {
                return try #require(
                    try x.convolutionFakeQuantized(w, b, p, residual: residual) { (low, high) throws(TensorError) in step(low, high) })
            }
            var y = try x.convolution(w, b, p, dimensions: 2)
            if let residual { y = try y.add(residual) }
            let (low, high) = try #require(try y.valueRange())
            return try y.fakeQuantized(step(low, high))
        }
        let first = try layer(x, w, b, p, residual, c.range)
        let second = try layer(first, w2, b2, ConvolutionParameters(stride: [1, 1], padding: [0, 0], dilation: [1, 1]), nil, .none)
        try Autograd.backward([try second.mul(second).sum().add(try first.sum())])
        return (try second.doubles() + first.doubles(), try [x, w, b, w2, b2, residual].compactMap { try $0?.grad?.doubles() })
    }

    @Test(arguments: cases) func theFusedFormGivesTheSameValuesAndGradients(_ c: Case) throws {
        for halfToEven in [false, true] {
            let (seen, expected) = (try run(c, halfToEven: halfToEven, fused: true), try run(c, halfToEven: halfToEven, fused: false))
            #expect(seen.value == expected.value)
            #expect(seen.gradients.count == (c.residual ? 6 : 5))
            for (a, b) in zip(seen.gradients, expected.gradients) {
                let largest = b.map { abs($0) }.max() ?? 0
                #expect(zip(a, b).allSatisfy { abs($0 - $1) <= 1e-5 * largest + 1e-6 })
            }
        }
    }

    @Test func gradientsOfItsGradientsAreThoseOfTheSteps() throws {
        func second(_ fused: Bool) throws -> [Double] {
            EngineState.defaultGenerator.manualSeed(9)
            let x = try Tensor.parameter(try Tensor.randn([2, 4, 3, 3]))
            let w = try Tensor.parameter(try Tensor.randn([6, 4, 1, 1]))
            let p = ConvolutionParameters(stride: [1, 1], padding: [0, 0], dilation: [1, 1])
            let step = QuantizationStep(scale: 0.05, low: -128, high: 127, halfToEven: false)
            let y =
                fused
                ? try #require(try x.convolutionFakeQuantized(w, nil, p, residual: nil) { (_, _) throws(TensorError) in step })
                : try x.convolution(w, nil, p, dimensions: 2).fakeQuantized(step)
            let gradient = try Autograd.grad([try y.mul(y).sum()], [x], createGraph: true)[0]
            let g = try #require(gradient)
            try Autograd.backward([try g.mul(g).sum()])
            return try w.grad?.doubles() ?? []
        }
        let (seen, expected) = (try second(true), try second(false))
        #expect(!seen.isEmpty)
        #expect(close(seen, expected, 1e-3))
    }

    @Test func aResidualOfAnotherShapeIsLeftToTheSteps() throws {
        let x = try Tensor.randn([2, 4, 3, 3])
        let w = try Tensor.randn([6, 4, 1, 1])
        let p = ConvolutionParameters(stride: [1, 1], padding: [0, 0], dilation: [1, 1])
        let result = try x.convolutionFakeQuantized(w, nil, p, residual: try Tensor.randn([6, 1, 1])) { (_, _) throws(TensorError) in
            QuantizationStep(scale: 1, low: -128, high: 127, halfToEven: false)
        }
        #expect(result == nil)
    }
}
