import Tensors

/// A convolution or linear layer whose operand, residual or result is wider than int8, on the float64 kernels.
///
/// Every product and partial sum is an integer below 2⁵³, which float64 holds exactly: the sums are the reference's in whatever order they
/// are added. What follows them is the reference's own code.
struct IntegerWideLayer {
    private let convolution: IntegerConvolution
    private let reference: IntegerReference

    /// Nil where the reference must do it: other operations, and sums that might leave 2⁵³.
    init?(_ operation: IntegerOperation, input: IntegerValue, reference: IntegerReference) {
        switch operation {
        case .convolution(let convolution), .linear(let convolution): self.convolution = convolution
        default: return nil
        }
        let taps = convolution.weightShape.dropFirst().reduce(1, *)
        let largest = Double(input.type.maximum) + 1
        guard taps > 0, largest * 128 * Double(taps) < 0x1p53 else { return nil }
        self.reference = reference
    }

    func run(_ x: IntegerArray, residual: IntegerArray?, _ result: IntegerValue) throws(TensorError) -> IntegerArray {
        let sums = try sums(x).contiguous()
        let channels = convolution.outChannels
        // Channels of linear layers lie in the last dimension, whatever the rank.
        let volume = convolution.weightShape.count == 2 ? 1 : result.shape.dropFirst(2).reduce(1, *)
        var elements = [Int32](repeating: 0, count: result.count)
        guard sums.count == result.count else {
            throw .runtime("a layer of shape \(bracketed(sums.shape)) stands for one of shape \(bracketed(result.shape))")
        }
        withExtendedLifetime(sums) {
            let source = sums.pointer.assumingMemoryBound(to: Double.self)
            var index = 0
            while index < elements.count {
                for channel in 0..<channels {
                    for _ in 0..<volume {
                        let value = reference.finish(
                            convolution, Int(source[index]), channel: channel, residual: residual.map { Int($0.elements[index]) }, result.type)
                        elements[index] = Int32(truncatingIfNeeded: value)
                        index += 1
                    }
                }
            }
        }
        return IntegerArray(shape: result.shape, type: result.type, elements: elements)
    }

    private func sums(_ x: IntegerArray) throws(TensorError) -> Tensor {
        let c = convolution
        let input = try Tensor.empty(x.shape, dtype: .float64)
        let target = input.pointer.assumingMemoryBound(to: Double.self)
        for (i, element) in x.elements.enumerated() { target[i] = Double(element) }
        let weight = try Tensor.from(c.weight.map(Double.init), c.weightShape, dtype: .float64)
        if c.weightShape.count == 2 { return try input.matmul(try weight.transpose(0, 1)) }
        return try input.conv2d(weight, stride: c.stride, padding: c.padding, dilation: c.dilation, groups: c.groups)
    }
}
