import Kernels
import NN
import Tensors

/// Simulates quantisation: observes what passes (when told to), keeps the scale, and rounds values to it with straight-through gradients.
///
/// State as documented: buffers `scale`, `zero_point`, `fake_quant_enabled`, `observer_enabled`, and the observer below
/// `activation_post_process`. The flags rule; loading a checkpoint sets them.
package class FakeQuantize: Module {
    package let factory: FakeQuantizeFactory
    package let channels: Int
    package private(set) var isFakeQuantizing = true
    package private(set) var isObserving = true

    package init(_ factory: FakeQuantizeFactory, channels: Int = 1) throws(TensorError) {
        self.factory = factory
        self.channels = channels
        super.init(typeName: "FakeQuantize")
        try registerBuffer("fake_quant_enabled", try .ones([1], dtype: .uint8))
        try registerBuffer("observer_enabled", try .ones([1], dtype: .uint8))
        try registerScale(try .ones([channels], dtype: .float32))
        try registerBuffer("zero_point", try .zeros([channels], dtype: .int64))
        let observer = try factory.makeObserver()
        try addModule("activation_post_process", observer)
        if observer is FixedScaleObserver {
            try setScales(try observer.scales())
            setObserving(false)
        }
    }

    /// LSQ makes the scale a parameter.
    func registerScale(_ scale: Tensor) throws(TensorError) { try registerBuffer("scale", scale) }

    package var observer: Observer? { child("activation_post_process") as? Observer }
    var scaleTensor: Tensor? { buffer("scale") ?? parameter("scale") }
    package var type: QuantizedType { factory.type }

    package func scales() throws(TensorError) -> [Float] { try scaleTensor?.doubles().map { Float($0) } ?? [1] }

    package func setScales(_ values: [Float]) throws(TensorError) {
        try scaleTensor?.setData(.from(values.map(Double.init), [values.count], dtype: .float32))
    }

    // MARK: Flags

    private func write(_ name: String, _ value: Bool) {
        buffer(name)?.pointer.storeBytes(of: value ? 1 : 0, as: UInt8.self)
    }

    package func setFakeQuantizing(_ value: Bool) {
        isFakeQuantizing = value
        write("fake_quant_enabled", value)
    }

    package func setObserving(_ value: Bool) {
        isObserving = value
        write("observer_enabled", value)
    }

    // MARK: Forward

    package final override func forward(_ inputs: [Tensor]) throws(TensorError) -> Tensor {
        guard let x = inputs.first else { throw .type("forward() missing 1 required positional argument: 'x'") }
        return try apply(x, .none)
    }

    /// Clamps to `range` (a fused activation), observes, rounds. `reusing`: the caller gives up x's memory.
    package func apply(_ x: Tensor, _ range: Tensor.ActivationRange, reusing: Bool = false) throws(TensorError) -> Tensor {
        var value = x
        var range = range
        if isObserving && training {
            if range != .none, observer is MinMaxObserver, factory.axis < 0 {
                try observeClamped(x, range)
            } else {
                value = try x.clamped(to: range)
                range = .none
                try observer?.observe(value)
            }
            if let observer { try takeScales(from: observer) }
        }
        guard isFakeQuantizing && QuantizationState.fakeQuantizationEnabled else {
            return try value.clamped(to: range).aliased().quantized(as: values)
        }
        return try rounded(value, range, reusing: reusing && value === x).quantized(as: values)
    }

    /// Whether `apply` needs no more of a tensor than its smallest and largest element, and rounds it with one scale.
    var needsRangeOnly: Bool {
        isFakeQuantizing && QuantizationState.fakeQuantizationEnabled && factory.kind == .fakeQuantize && factory.axis < 0
            && (!(isObserving && training) || observer is MinMaxObserver)
    }

    /// What `apply` would do to a tensor with this range: observes it and tells how its elements are rounded.
    func stepObserving(_ low: Float, _ high: Float, _ range: Tensor.ActivationRange) throws(TensorError) -> QuantizationStep {
        if isObserving && training {
            try observe(low, high, range)
            if let observer { try takeScales(from: observer) }
        }
        return clampedStep(try scales()[0], range)
    }

    private func clampedStep(_ scale: Float, _ range: Tensor.ActivationRange) -> QuantizationStep {
        var step = self.step(scale)
        (step.clampLow, step.clampHigh) = (Float(range.low), Float(range.high))
        return step
    }

    func takeScales(from observer: Observer) throws(TensorError) { try setScales(try observer.scales()) }

    private func observeClamped(_ x: Tensor, _ range: Tensor.ActivationRange) throws(TensorError) {
        guard let (low, high) = try x.valueRange() else { return }
        try observe(low, high, range)
    }

    private func observe(_ low: Float, _ high: Float, _ range: Tensor.ActivationRange) throws(TensorError) {
        func cut(_ value: Float) -> Float { min(max(value, Float(range.low)), Float(range.high)) }
        try observer?.update(([cut(low)], [cut(high)]))
    }

    package var values: QuantizedValues { QuantizedValues(scale: scaleTensor?.detach(), type: type, axis: factory.axis) }

    func step(_ scale: Float) -> QuantizationStep {
        var step = QuantizationStep(scale: scale, low: factory.minimum, high: factory.maximum, halfToEven: QuantizationState.rounding == .halfToEven)
        step.saturates = factory.saturates
        return step
    }

    func rounded(_ x: Tensor, _ range: Tensor.ActivationRange, reusing: Bool) throws(TensorError) -> Tensor {
        let scales = try self.scales()
        if factory.axis >= 0, scales.count > 1 {
            let clamped = try x.clamped(to: range)
            if factory.axis == 0 { return try clamped.fakeQuantizedRows(scales, step(1)) }
            return try clamped.transpose(0, factory.axis).fakeQuantizedRows(scales, step(1)).transpose(0, factory.axis)
        }
        return try x.fakeQuantized(clampedStep(scales[0], range), reusing: reusing)
    }

    // MARK: Copying and loading

    package override func emptyCopy() throws(TensorError) -> Module { try copyFlags(to: FakeQuantize(factory, channels: channels)) }

    final func copyFlags(to copy: FakeQuantize) -> FakeQuantize {
        (copy.isFakeQuantizing, copy.isObserving) = (isFakeQuantizing, isObserving)
        return copy
    }

    package override func willLoad(_ name: String, _ tensor: Tensor, from source: Tensor) throws(TensorError) {
        if name == "scale" || name == "zero_point", tensor.shape != source.shape, source.rank == 1 {
            tensor.setData(try .empty(source.shape, dtype: tensor.dtype))
        }
    }

    package override func didLoadState() throws(TensorError) {
        if let flag = buffer("fake_quant_enabled"), flag.count == 1 { isFakeQuantizing = try flag.item().asInt != 0 }
        if let flag = buffer("observer_enabled"), flag.count == 1 { isObserving = try flag.item().asInt != 0 }
    }

    package override func extraRepr() -> String {
        func text(_ tensor: Tensor?) -> String {
            // A repr must not fail: what cannot be printed shows its size.
            tensor.map { (try? TensorPrinter.repr($0.detach())) ?? "tensor of \($0.count)" } ?? "None"
        }
        return "fake_quant_enabled=\(isFakeQuantizing ? "True" : "False"), observer_enabled=\(isObserving ? "True" : "False"),"
            + "            quant_min=\(factory.minimum), quant_max=\(factory.maximum), dtype=\(type.rawValue), qscheme=\(factory.axis >= 0 ? "torch.per_channel_symmetric" : "torch.per_tensor_symmetric"), ch_axis=\(factory.axis),"
            + "         scale=\(text(scaleTensor)), zero_point=\(text(buffer("zero_point")))"
    }
}

extension Tensor {
    /// Within the bounds of an activation; itself where there are none.
    func clamped(to range: ActivationRange) throws(TensorError) -> Tensor {
        if range == .none { return self }
        return range.high == .infinity ? try relu() : try hardtanh(range.low, range.high)
    }

    /// The same tensor as an object of its own, in the graph, so that it can be annotated.
    func aliased() throws(TensorError) -> Tensor { try view(shape) }
}
