import Kernels
import NN
import Tensors

/// The converted convolution or linear layer. It keeps float weight, bias and scales, and derives the integers when it is lowered.
package final class QuantizedWeightedLayer: QuantizedLayer {
    package let base: WeightedLayer.Base
    package let addsResidual: Bool
    package let rectifies: Bool
    /// int32: the accumulator itself is the result.
    package let outType: IntegerType
    private let description_: String

    package init(
        _ typeName: String, base: WeightedLayer.Base, weight: Tensor, bias: Tensor?, weightScales: [Float], outScale: Float?, outType: IntegerType,
        addsResidual: Bool, rectifies: Bool,
        march: March, description: String
    ) throws(TensorError) {
        self.base = base
        self.addsResidual = addsResidual
        self.rectifies = rectifies
        self.outType = outType
        description_ = description
        super.init(typeName, march: march)
        try registerBuffer("weight", weight)
        try registerBuffer("bias", bias)
        try registerBuffer("weight_scale", try .from(weightScales.map(Double.init), [weightScales.count], dtype: .float32))
        try registerBuffer("out_scale", try outScale.map { (s: Float) throws(TensorError) in try Tensor.from([Double(s)], [1], dtype: .float32) })
    }

    package override func lower(_ inputs: [IntegerValue]) throws(QuantizationError) -> (operation: IntegerOperation, result: IntegerValue)? {
        do throws(TensorError) { return try lowered(inputs) } catch { throw QuantizationError(error) }
    }

    private func lowered(_ inputs: [IntegerValue]) throws(TensorError) -> (operation: IntegerOperation, result: IntegerValue) {
        guard let x = inputs.first, inputs.count == (addsResidual ? 2 : 1), x.scales.count == 1, let weight = buffer("weight") else {
            throw .value("\(typeName) needs \(addsResidual ? 2 : 1) quantised inputs with one scale each")
        }
        let scales = try buffer("weight_scale")?.doubles().map { Float($0) } ?? [1]
        let channels = weight.shape[0]
        let bias = try buffer("bias")?.doubles() ?? [Double](repeating: 0, count: channels)
        let weightScales = roomy(scales.count == channels ? scales : [Float](repeating: scales[0], count: channels), bias, inputs)
        let accumulator = weightScales.map { $0 * x.scales[0] }
        var c = IntegerConvolution(
            weight: try integers(weight, weightScales), weightShape: weight.shape,
            bias: zip(bias, accumulator).map { Int32(clamping: QuantizedWeightedLayer.rounded($0 / Double($1))) }, weightScales: weightScales,
            rectifies: rectifies)
        var outScales = accumulator
        if outType != .int32 {
            let out = Float(try buffer("out_scale")?.item().asDouble ?? 1)
            outScales = [out]
            c.rescale = accumulator.map { Rescale(factor: Double($0) / Double(out), from: .int32, to: outType, march: march) }
        }
        if addsResidual {
            guard inputs[1].scales.count == 1 else { throw .value("the residual of \(typeName) has a scale for each channel") }
            c.alignment = accumulator.map { Alignment(factor: Double(inputs[1].scales[0]) / Double($0)) }
        }
        switch base {
        case .linear:
            return (
                .linear(c),
                IntegerValue(
                    shape: x.shape.dropLast() + [channels], type: outType,
                    scales: outScales.count == 1 || x.shape.count == 2 ? outScales : try uniform(outScales))
            )
        case .convolution(let p, 2):
            guard x.shape.count == 4 else { throw .value("\(typeName) needs an input of 4 dimensions, but got \(x.shape.count)") }
            (c.groups, c.stride, c.padding, c.dilation) = (p.groups, p.stride, p.padding, p.dilation)
            let probe = try Tensor.empty([0] + x.shape.dropFirst(), dtype: .int8)
            let sizes = try probe.convolutionSizes(weight.shape, p)
            return (.convolution(c), IntegerValue(shape: [x.shape[0]] + sizes.dropFirst(), type: outType, scales: outScales))
        case .convolution(_, let dimensions), .transposed(_, let dimensions):
            throw TensorError(
                .notImplemented,
                "\(typeName) of \(dimensions) dimensions has no integer form; keep it float with qconfig None, or set_preserve_qat_mode")
        }
    }

    /// Weight scales raised where bias and residual would not fit the accumulator.
    ///
    /// Training with weight decay leaves channels whose weights are all but 0. Their scale is the smallest there is, and at that scale a bias
    /// or residual of ordinary size is beyond 32 bits: saturation would cut it. Half the accumulator's range is theirs; what coarser weights
    /// lose is far below the output's step.
    private func roomy(_ scales: [Float], _ bias: [Double], _ inputs: [IntegerValue]) -> [Float] {
        let residual = addsResidual ? inputs.last.map { Double($0.scales[0]) * -Double($0.type.minimum) } ?? 0 : 0
        let step = Double(inputs[0].scales[0]) * Double(1 << 30)
        return zip(scales, bias).map { scale, bias in
            let needed = (abs(bias) + residual) / step
            return needed.isFinite ? max(scale, Float(needed).nextUp) : scale
        }
    }

    /// Scales per channel lie along dimension 1, which linear layers over more dimensions do not have.
    private func uniform(_ scales: [Float]) throws(TensorError) -> [Float] {
        guard let first = scales.first, scales.allSatisfy({ $0 == first }) else {
            throw TensorError(.notImplemented, "\(typeName) with 32-bit output and per-channel weights needs an input of 2 dimensions")
        }
        return [first]
    }

    private func integers(_ weight: Tensor, _ scales: [Float]) throws(TensorError) -> [Int8] {
        let rows = try weight.detach().to(.float32).contiguous()
        let width = scales.isEmpty ? 0 : rows.count / scales.count
        let source = rows.pointer.assumingMemoryBound(to: Float.self)
        return [Int8](unsafeUninitializedCapacity: rows.count) { target, count in
            for (row, scale) in scales.enumerated() where width > 0 {
                Kernels.quantize(width, source + row * width, target.baseAddress! + row * width, IntegerExecutor.step(scale, .int8))
            }
            count = rows.count
        }
    }

    /// Half up, as the accelerator rounds; out of range and NaN become a bound.
    static func rounded(_ value: Double) -> Int {
        guard value.isFinite else { return value > 0 ? Int(Int32.max) : Int(Int32.min) }
        return Int(min(max((value + 0.5).rounded(.down), -9e15), 9e15))
    }

    package override func emptyCopy() throws(TensorError) -> Module {
        guard let weight = buffer("weight") else { throw .runtime("\(typeName) has lost its weight") }
        return try QuantizedWeightedLayer(
            typeName, base: base, weight: weight, bias: buffer("bias"), weightScales: try buffer("weight_scale")?.doubles().map { Float($0) } ?? [1],
            outScale: try buffer("out_scale").map { (s: Tensor) throws(TensorError) in Float(try s.item().asDouble) }, outType: outType,
            addsResidual: addsResidual,
            rectifies: rectifies, march: march, description: description_)
    }

    package override func extraRepr() -> String { description_ + ", out_dtype=\(outType.quantizedType.rawValue)" }
}
