import NN
import Tensors

/// The converted FloatFunctional: addition, product, concatenation, means.
package final class QuantizedArithmeticLayer: QuantizedLayer {
    private let source: ArithmeticLayer
    package let outType: IntegerType

    package init(_ source: ArithmeticLayer, outScale: Float, outType: IntegerType, march: March) throws(TensorError) {
        self.source = source
        self.outType = outType
        super.init("FloatFunctional", march: march)
        try registerBuffer("scale", try .from([Double(outScale)], [1], dtype: .float32))
    }

    package override func lower(_ inputs: [IntegerValue]) throws(QuantizationError) -> (operation: IntegerOperation, result: IntegerValue)? {
        guard let operation = source.operation, let x = inputs.first else { throw .unsupported("FloatFunctional without an operation") }
        guard inputs.allSatisfy({ $0.scales.count == 1 }) else {
            throw .unsupported("FloatFunctional.\(operation.rawValue) on values with a scale for each channel")
        }
        let out = try outScale()
        func made(_ operation: IntegerOperation, _ shape: [Int]) -> (operation: IntegerOperation, result: IntegerValue) {
            (operation, IntegerValue(shape: shape, type: outType, scales: [out]))
        }
        switch operation {
        case .add, .addReLU, .sub:
            try sameShape(inputs, operation)
            return made(.add(addition(x, inputs[1], out, subtracts: operation == .sub, rectifies: operation == .addReLU)), x.shape)
        case .mul:
            try sameShape(inputs, operation)
            return made(
                .multiply(Rescale(factor: Double(x.scales[0]) * Double(inputs[1].scales[0]) / Double(out), from: .int32, to: outType, march: march)),
                x.shape)
        case .cat:
            let rank = x.shape.count
            let axis = source.dims?.first.map { $0 < 0 ? $0 + rank : $0 } ?? 0
            guard axis >= 0, axis < rank, inputs.allSatisfy({ $0.shape.count == rank }) else {
                throw .unsupported("cat along dimension \(axis) of \(rank)-dimensional values")
            }
            var shape = x.shape
            shape[axis] = inputs.reduce(0) { $0 + $1.shape[axis] }
            return made(
                .concatenate(
                    axis: axis,
                    inputs.map {
                        $0.scales[0] == out && $0.type == outType
                            ? nil : Rescale(factor: Double($0.scales[0]) / Double(out), from: $0.type, to: outType, march: march)
                    }), shape)
        case .mulScalar:
            let factor = Double(x.scales[0]) * source.scalar / Double(out)
            return made(.requantize(Rescale(factor: factor, from: x.type, to: outType, march: march)), x.shape)
        case .addScalar:
            guard x.type == .int8, outType == .int8 else { throw .unsupported("adding a number to values of \(x.type.rawValue)") }
            return made(.lookup(table: QuantizedOperationLayer.table(x.scales[0], out) { $0 + source.scalar }), x.shape)
        case .mean, .sum: return try reduction(x, out, mean: operation == .mean)
        case .matmul: throw .unsupported("matmul has no integer form; keep it float with qconfig None")
        }
    }

    private func outScale() throws(QuantizationError) -> Float {
        do throws(TensorError) { return Float(try buffer("scale")?.item().asDouble ?? 1) } catch { throw QuantizationError(error) }
    }

    private func sameShape(_ inputs: [IntegerValue], _ operation: ArithmeticLayer.Operation) throws(QuantizationError) {
        guard inputs.count == 2, inputs[0].shape == inputs[1].shape else {
            throw .unsupported("FloatFunctional.\(operation.rawValue) on operands of different shapes has no integer form")
        }
    }

    /// The operand with the larger scale is shifted, the other multiplied, so that both share `larger / 2^shift`.
    private func addition(_ a: IntegerValue, _ b: IntegerValue, _ out: Float, subtracts: Bool, rectifies: Bool) -> IntegerAddition {
        let (sa, sb) = (Double(a.scales[0]), Double(b.scales[0]))
        let aIsLarger = sa >= sb
        let (large, small) = aIsLarger ? (sa, sb) : (sb, sa)
        var shift = a.type == .int8 && b.type == .int8 ? 23 : 15
        // floor(log2(32767 · larger / smaller)), and no product beyond 24 bits.
        var power = 0
        while power < shift, Double(1 << (power + 1)) <= 32767 * large / small { power += 1 }
        shift = min(shift, power)
        let multiplier = Int(min((small * Double(1 << shift) / large + 0.5).rounded(.down), 32767))
        let sign = subtracts ? -1 : 1
        let rescale = Rescale(factor: large / Double(1 << shift) / Double(out), from: .int32, to: outType, march: march)
        return aIsLarger
            ? IntegerAddition(multiplierA: 1 << shift, multiplierB: sign * multiplier, rescale: rescale, rectifies: rectifies)
            : IntegerAddition(multiplierA: multiplier, multiplierB: sign << shift, rescale: rescale, rectifies: rectifies)
    }

    /// Means and sums over height and width are pools of one window.
    private func reduction(_ x: IntegerValue, _ out: Float, mean: Bool) throws(QuantizationError) -> (
        operation: IntegerOperation, result: IntegerValue
    ) {
        let dims = Set((source.dims ?? []).map { $0 < 0 ? $0 + x.shape.count : $0 })
        guard x.shape.count == 4, dims == [2, 3] else { throw .unsupported("mean and sum have an integer form over height and width only") }
        guard source.keepsDims else { throw .unsupported("mean and sum need keepdim=True to have an integer form; flatten afterwards") }
        let window = x.shape[2] * x.shape[3]
        let factor = Double(x.scales[0]) / (mean ? Double(window) : 1) / Double(out)
        let pool = IntegerPooling(kernel: [x.shape[2], x.shape[3]], stride: [x.shape[2], x.shape[3]])
        return (
            .averagePool(pool, Rescale(factor: factor, from: .int32, to: outType, march: march)),
            IntegerValue(shape: [x.shape[0], x.shape[1], 1, 1], type: outType, scales: [out])
        )
    }

    package override func emptyCopy() throws(TensorError) -> Module {
        guard let copy = try source.emptyCopy() as? ArithmeticLayer else { throw .runtime("\(typeName) cannot be copied") }
        return try QuantizedArithmeticLayer(copy, outScale: Float(try buffer("scale")?.item().asDouble ?? 1), outType: outType, march: march)
    }
}

/// The converted average pool or activation.
package final class QuantizedOperationLayer: QuantizedLayer {
    private let inner: FunctionLayer
    /// int32: sums of average pools as they are.
    package let outType: IntegerType

    package init(_ inner: FunctionLayer, outScale: Float?, outType: IntegerType, march: March) throws(TensorError) {
        self.inner = inner
        self.outType = outType
        super.init(inner.typeName, march: march)
        try registerBuffer("scale", try outScale.map { (s: Float) throws(TensorError) in try Tensor.from([Double(s)], [1], dtype: .float32) })
    }

    /// The 256 results of a function on int8 values.
    static func table(_ scale: Float, _ out: Float, _ function: (Double) -> Double) -> [Int8] {
        (-128...127).map { Int8(clamping: QuantizedWeightedLayer.rounded(function(Double($0) * Double(scale)) / Double(out))) }
    }

    package override func lower(_ inputs: [IntegerValue]) throws(QuantizationError) -> (operation: IntegerOperation, result: IntegerValue)? {
        guard let x = inputs.first, x.scales.count == 1 else { throw .unsupported("\(typeName) on values with a scale for each channel") }
        do throws(TensorError) {
            let out = try buffer("scale").map { (s: Tensor) throws(TensorError) in Float(try s.item().asDouble) }
            if OperationLayer.pools.contains(typeName) {
                do throws(QuantizationError) { return try pool(x, out) } catch { throw error.asTensorError }
            }
            guard let out else { throw TensorError(.notImplemented, "\(typeName) needs a qconfig with activation") }
            guard x.type == .int8, outType == .int8 else {
                throw TensorError(.notImplemented, "\(typeName) on \(x.type.rawValue) values has no integer form; only int8 tables exist")
            }
            let inputs = try Tensor.from((-128...127).map { Double($0) * Double(x.scales[0]) }, [256], dtype: .float32)
            let values = try EngineState.noGrad { () throws(TensorError) in try inner.call([inputs]).doubles() }
            let table = values.map { Int8(clamping: QuantizedWeightedLayer.rounded($0 / Double(out))) }
            return (.lookup(table: table), IntegerValue(shape: x.shape, type: .int8, scales: [out]))
        } catch {
            throw QuantizationError(error)
        }
    }

    private func pool(_ x: IntegerValue, _ out: Float?) throws(QuantizationError) -> (operation: IntegerOperation, result: IntegerValue)? {
        guard x.shape.count == 4 else { throw .unsupported("\(typeName) needs an input of 4 dimensions") }
        let window: IntegerPooling
        var sizes: [Int] = []
        switch inner.configuration {
        case .adaptivePool(let output):
            let wanted = (output.count == 1 ? [output[0], output[0]] : output).enumerated().map { $1 ?? x.shape[$0 + 2] }
            if wanted == Array(x.shape[2...]) { return nil }
            guard wanted.count == 2, zip(wanted, x.shape[2...]).allSatisfy({ $0 > 0 && $1 % $0 == 0 }) else {
                throw .assertion(
                    "\(typeName): the input size \(x.shape[2])x\(x.shape[3]) must be divisible by the output size \(wanted.map(String.init).joined(separator: "x"))"
                )
            }
            let stride = [x.shape[2] / wanted[0], x.shape[3] / wanted[1]]
            window = IntegerPooling(kernel: (0..<2).map { x.shape[$0 + 2] - (wanted[$0] - 1) * stride[$0] }, stride: stride)
            sizes = wanted
        case .pool(let p, let countIncludePad):
            guard countIncludePad || p.padding.allSatisfy({ $0 == 0 }) else { throw .assertion("\(typeName): count_include_pad must be True") }
            window = IntegerLowering.pooling(p)
            sizes = try IntegerLowering.poolSizes(window, x.shape, ceil: p.ceilMode)
        case .none, .upsample, .pad, .flatten, .softmax: throw .unsupported("\(typeName) has no integer form")
        }
        let area = Double(window.kernel[0] * window.kernel[1])
        let shape = [x.shape[0], x.shape[1]] + sizes
        guard let out, outType != .int32 else {
            return (.averagePool(window, nil), IntegerValue(shape: shape, type: .int32, scales: [Float(Double(x.scales[0]) / area)]))
        }
        let rescale = Rescale(factor: Double(x.scales[0]) / area / Double(out), from: .int32, to: outType, march: march)
        return (.averagePool(window, rescale), IntegerValue(shape: shape, type: outType, scales: [out]))
    }

    package override func emptyCopy() throws(TensorError) -> Module {
        guard let copy = try inner.emptyCopy() as? FunctionLayer else { throw .runtime("\(typeName) cannot be copied") }
        return try QuantizedOperationLayer(
            copy, outScale: try buffer("scale").map { (s: Tensor) throws(TensorError) in Float(try s.item().asDouble) }, outType: outType,
            march: march)
    }

    package override func extraRepr() -> String { inner.extraRepr() }
}

/// A layer that leaves the scale alone, in a converted model: on integers it runs as an integer operation, on floats as before.
package final class ScaleKeepingLayer: QuantizedLayer {
    package let inner: Module

    package init(_ inner: Module, march: March) {
        self.inner = inner
        super.init(inner.typeName, march: march)
    }

    package override func lower(_ inputs: [IntegerValue]) throws(QuantizationError) -> (operation: IntegerOperation, result: IntegerValue)? {
        guard let x = inputs.first, let kept = try IntegerLowering.scaleKeeping(inner, x) else {
            throw .unsupported("\(typeName) has no integer form")
        }
        return kept
    }

    package override func forward(_ inputs: [Tensor]) throws(TensorError) -> Tensor {
        guard let x = inputs.first, x.quantization != nil, !x.dtype.isFloatingPoint else {
            inner.training = training
            return try inner.call(inputs)
        }
        return try super.forward(inputs)
    }

    package override func emptyCopy() throws(TensorError) -> Module { ScaleKeepingLayer(try inner.deepCopy(), march: march) }
    package override func extraRepr() -> String { inner.extraRepr() }
}
