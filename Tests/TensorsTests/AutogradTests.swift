import EngineTestSupport
import Tensors
import Testing

@Suite(.takingTurns) struct AutogradTests {
    private func leaf(_ values: [Double], _ sizes: [Int]) throws -> Tensor {
        let t = try Tensor.from(values, sizes)
        try t.setRequiresGrad(true)
        return t
    }

    private func message(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch { return (error as? TensorError)?.message }
    }

    @Test func gradientsAccumulateUntilCleared() throws {
        let x = try leaf([1, 2], [2])
        try x.mul(x).sum().backward()
        try x.mul(x).sum().backward()
        #expect(try x.grad?.doubles() == [4, 8])
    }

    @Test func aSecondBackwardNeedsRetainGraph() throws {
        let x = try leaf([1, 2], [2])
        let y = try x.mul(x).sum()
        try y.backward(retainGraph: true)
        try y.backward()
        #expect(message { try y.backward() }?.hasPrefix("Trying to backward through the graph a second time") == true)
    }

    @Test func modifyingASavedTensorIsFound() throws {
        let x = try leaf([1, 2], [2])
        let y = try x.exp()
        _ = try y.add_(try .wrapped(1))
        let text = message { try y.sum().backward() }
        #expect(
            text?.hasPrefix(
                "one of the variables needed for gradient computation has been modified by an inplace operation: [torch.FloatTensor [2]], which is output 0 of"
            ) == true)
    }

    @Test func aLeafThatRequiresGradCannotBeWritten() throws {
        let x = try leaf([1, 2], [2])
        #expect(message { _ = try x.add_(try .wrapped(1)) } == "a leaf Variable that requires grad is being used in an in-place operation.")
        #expect(message { _ = try x.select(0, 0).zero_() } == "a view of a leaf Variable that requires grad is being used in an in-place operation.")
        try EngineState.noGrad { () throws(TensorError) in _ = try x.add_(try .wrapped(1)) }
        #expect(try x.doubles() == [2, 3])
    }

    @Test func hooksSeeAndReplaceGradients() throws {
        let x = try leaf([1, 2], [2])
        let y = try x.mul(try .wrapped(2))
        try y.registerHook(TensorHook { g in try g.mul(try .wrapped(10)) })
        try y.retainGrad()
        try y.sum().backward()
        #expect(try x.grad?.doubles() == [20, 20])
        #expect(try y.grad?.doubles() == [10, 10])
    }

    @Test func gradOfGradOfACube() throws {
        let x = try leaf([2], [1])
        let first = try Autograd.grad([try x.mul(x).mul(x)], [x], createGraph: true)[0]
        let second = try Autograd.grad([try #require(first)], [x])[0]
        #expect(try second?.doubles() == [12])
    }

    @Test func aChainOfAHundredThousandOperationsNeedsNoStack() throws {
        let x = try leaf([0], [1])
        var y = x
        for _ in 0..<100_000 { y = try y.add(try .wrapped(1)) }
        try y.backward()
        #expect(try x.grad?.doubles() == [1])
    }

    @Test func viewsShareMemoryWithConvolutionResults() throws {
        let image = try Tensor.arange(0.0, 48.0).view([1, 3, 4, 4])
        let weight = try Tensor.eye(3).view([3, 3, 1, 1])
        let y = try image.conv2d(weight)
        #expect(y.strides == [48, 16, 4, 1])
        let flat = try y.view([48])
        _ = try y.select(1, 0).zero_()
        #expect(try flat.doubles()[..<16].allSatisfy { $0 == 0 })
        #expect(try flat.doubles()[16] == 16)
    }

    @Test func anomalyDetectionNamesTheFunction() throws {
        EngineState.detectAnomaly = true
        defer { EngineState.detectAnomaly = false }
        let x = try leaf([-1], [1])
        let y = try x.sqrt()
        #expect(message { try y.backward() }?.hasPrefix("Function 'SqrtBackward0' returned nan values in its 0th output.") == true)
    }
}
