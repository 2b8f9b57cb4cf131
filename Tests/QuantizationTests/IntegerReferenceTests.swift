import Quantization
import Testing

@Suite struct IntegerReferenceTests {
    private let bayes = IntegerReference(march: .bayes)

    private func array(_ shape: [Int], _ elements: [Int32], _ type: IntegerType = .int8) -> IntegerArray {
        IntegerArray(shape: shape, type: type, elements: elements)
    }

    @Test func aConvolutionSumsAddsItsBiasAndRescales() {
        // Window sums of 1…9 with a 2×2 kernel of ones: 12 16 24 28; plus 4, halved.
        let c = IntegerConvolution(
            weight: [1, 1, 1, 1], weightShape: [1, 1, 2, 2], bias: [4], weightScales: [1],
            rescale: [Rescale(factor: 0.5, from: .int32, to: .int8, march: .bayes)])
        let y = bayes.run(
            .convolution(c), [array([1, 1, 3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9])], IntegerValue(shape: [1, 1, 2, 2], type: .int8, scales: [1]))
        #expect(y.elements == [8, 10, 14, 16])
    }

    @Test func aResidualIsAddedAtTheAccumulatorsScaleBeforeRescaling() {
        // 3·2 = 6; residual 5 at four times the scale: 20; 26 / 2 = 13; negative sums are cut by the rectifier.
        let c = IntegerConvolution(
            weight: [2], weightShape: [1, 1, 1, 1], bias: [0], weightScales: [1],
            rescale: [Rescale(factor: 0.5, from: .int32, to: .int8, march: .bayes)],
            alignment: [Alignment(factor: 4)], rectifies: true)
        let y = bayes.run(
            .convolution(c), [array([1, 1, 1, 2], [3, 3]), array([1, 1, 1, 2], [5, -9])], IntegerValue(shape: [1, 1, 1, 2], type: .int8, scales: [1]))
        #expect(y.elements == [13, 0])
    }

    @Test func withoutRescaleTheAccumulatorIsTheResult() {
        let c = IntegerConvolution(weight: [100, -100], weightShape: [2, 1], bias: [7, 0], weightScales: [1, 1])
        let y = bayes.run(.linear(c), [array([2, 1], [100, -128])], IntegerValue(shape: [2, 2], type: .int32, scales: [1, 1]))
        #expect(y.elements == [10007, -10000, -12793, 12800])
    }

    @Test func poolsCountPaddingInAveragesAndIgnoreItInMaxima() {
        let x = array([1, 1, 2, 2], [-4, -8, -12, -16])
        let pool = IntegerPooling(kernel: [2, 2], stride: [2, 2], padding: [1, 1])
        let value = IntegerValue(shape: [1, 1, 2, 2], type: .int8, scales: [1])
        #expect(
            bayes.run(.averagePool(pool, Rescale(factor: 0.25, from: .int32, to: .int8, march: .bayes)), [x], value).elements == [-1, -2, -3, -4])
        #expect(bayes.run(.maxPool(pool), [x], value).elements == [-4, -8, -12, -16])
    }

    @Test func movementsOfElements() {
        let x = array([1, 2, 1, 2], [1, 2, 3, 4])
        #expect(
            bayes.run(.permute(order: [0, 3, 2, 1]), [x], IntegerValue(shape: [1, 2, 1, 2], type: .int8, scales: [1])).elements == [1, 3, 2, 4])
        #expect(bayes.run(.slice(axis: 1, start: 1, step: 1), [x], IntegerValue(shape: [1, 1, 1, 2], type: .int8, scales: [1])).elements == [3, 4])
        #expect(
            bayes.run(.nearestUpsample(scaleH: 1, scaleW: 2), [x], IntegerValue(shape: [1, 2, 1, 4], type: .int8, scales: [1])).elements == [
                1, 1, 2, 2, 3, 3, 4, 4,
            ])
        let padded = bayes.run(
            .pad(before: [0, 0, 0, 1], after: [0, 0, 0, 0], value: 9), [x], IntegerValue(shape: [1, 2, 1, 3], type: .int8, scales: [1]))
        #expect(padded.elements == [9, 1, 2, 9, 3, 4])
    }

    @Test func verificationNamesTheLayerAtFault() {
        var graph = IntegerGraph(name: "m", march: .bayes)
        let x = graph.addInput(IntegerValue(shape: [1, 2, 4, 4], type: .int8, scales: [1]), quantizes: false)
        let c = IntegerConvolution(weight: [1], weightShape: [1, 1, 1, 1], bias: [0], weightScales: [1])
        let y = graph.addLayer("head.0", .convolution(c), [x], IntegerValue(shape: [1, 1, 4, 4], type: .int32, scales: [1]))
        graph.outputs = [IntegerOutput(value: y, dequantizes: true)]
        #expect(graph.layers[0].name == "_head_0_hz_conv2d")
        #expect(throws: IntegerGraphError(layer: "_head_0_hz_conv2d", "its shapes do not fit")) { try graph.verify() }
    }
}
