import Kernels
import NN
import Tensors

/// Learned step size quantisation: the scale is a parameter, initialised from the first batch.
package final class LSQFakeQuantize: FakeQuantize {
    override func registerScale(_ scale: Tensor) throws(TensorError) { try registerParameter("scale", try .parameter(scale)) }

    private var isInitialised = false

    /// The observer speaks once.
    override func takeScales(from observer: Observer) throws(TensorError) {
        if isInitialised { return }
        try super.takeScales(from: observer)
        isInitialised = true
        setObserving(false)
    }

    override func rounded(_ x: Tensor, _ range: Tensor.ActivationRange, reusing: Bool) throws(TensorError) -> Tensor {
        guard let parameter = scaleTensor else { return x }
        let x = try x.clamped(to: range)
        let axis = factory.axis
        let (low, high) = (Double(factory.minimum), Double(factory.maximum))
        var shape = [Int](repeating: 1, count: x.rank)
        if axis >= 0 { shape[axis] = parameter.count }
        let count = Double(x.count) / Double(max(parameter.count, 1))
        let gradientScale = factory.scalesGradient ? 1 / (count * high).squareRoot() : 1
        let halfToEven = QuantizationState.rounding == .halfToEven
        let clamped = try parameter.detach().abs().clamp(min: .double(1.1920928955078125e-07))
        let scale = parameter.count == 1 ? clamped : try clamped.view(shape)
        let scaled = try x.detach().div(scale)
        let rounded = halfToEven ? try scaled.round() : try scaled.add(try .wrapped(0.5)).floor()
        let cut = try rounded.clamp(min: .double(low), max: .double(high))
        let result = try cut.mul(scale)
        return result.recordingCustom([x, parameter]) {
            .custom("LSQFakeQuantizeBackward", saved: []) { gradient, _ in
                let inside = try rounded.ge(try .wrapped(.double(low))).mul(try rounded.le(try .wrapped(.double(high))))
                // Inside: round(v) − v; outside: the bound itself.
                let slope = try cut.sub(try scaled.mul(inside))
                var own = try gradient.mul(slope)
                own = axis < 0 || parameter.count == 1 ? try own.sum().view([1]) : try own.sum(dim: (0..<x.rank).filter { $0 != axis })
                return [try gradient.mul(inside), try own.mul(try .wrapped(.double(gradientScale))).reshape(parameter.shape)]
            }
        }
    }

    package override func emptyCopy() throws(TensorError) -> Module {
        let copy = try LSQFakeQuantize(factory, channels: channels)
        copy.isInitialised = isInitialised
        return copyFlags(to: copy)
    }

    package override func didLoadState() throws(TensorError) {
        try super.didLoadState()
        isInitialised = !isObserving || (observer?.hasObserved ?? false)
    }
}

/// Parameterised clipping: values are cut at a learnt `alpha`, which gives the scale.
package final class PACTFakeQuantize: FakeQuantize {
    package override init(_ factory: FakeQuantizeFactory, channels: Int = 1) throws(TensorError) {
        try super.init(factory, channels: channels)
        try registerParameter("alpha", try .parameter(try .from([factory.alpha], [1], dtype: .float32)))
    }

    override func takeScales(from observer: Observer) throws(TensorError) {}

    override func rounded(_ x: Tensor, _ range: Tensor.ActivationRange, reusing: Bool) throws(TensorError) -> Tensor {
        guard let alpha = parameter("alpha") else { return x }
        let x = try x.clamped(to: range)
        var lowest = try x.detach().valueRange()?.low ?? 0
        if let range = try observer?.range { lowest = range.low.min() ?? 0 }
        let low = lowest >= 0 ? try Tensor.zeros([1], dtype: .float32) : try alpha.neg()
        let cut = try x.maximum(low).minimum(alpha)
        let bound = Float(try alpha.item().asDouble)
        try setScales([max(1.1920928955078125e-07, abs(bound) / (Float(factory.maximum - factory.minimum) / 2))])
        return try cut.fakeQuantized(step(try scales()[0]))
    }

    package override func emptyCopy() throws(TensorError) -> Module { try copyFlags(to: PACTFakeQuantize(factory, channels: channels)) }
}
