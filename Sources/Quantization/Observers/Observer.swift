import Kernels
import NN
import Tensors

/// What all observers are made with.
package struct ObserverOptions: Sendable {
    /// Weight of a new batch in the running minimum and maximum; 0 freezes them after the first.
    package var averagingConstant = 0.01
    /// -1: one range for the whole tensor.
    package var axis = -1
    package var type = QuantizedType.qint8
    /// Within the type's range, around 0.
    package var minimum: Int
    package var maximum: Int

    package init(averagingConstant: Double = 0.01, axis: Int = -1, type: QuantizedType = .qint8, minimum: Int? = nil, maximum: Int? = nil)
        throws(QuantizationError)
    {
        self.averagingConstant = averagingConstant
        self.axis = axis
        self.type = type
        self.minimum = minimum ?? type.minimum
        self.maximum = maximum ?? type.maximum
        guard self.minimum < self.maximum else { throw .assertion("qmin must be less than qmax for user-specified quantization range.") }
        guard self.minimum <= 0, self.maximum >= 0 else { throw .assertion("Used-specified quantization range must include 0.") }
        guard self.minimum >= type.minimum, self.maximum <= type.maximum else {
            throw .assertion("quantization range [\(self.minimum), \(self.maximum)] is out of the range of \(type.rawValue)")
        }
    }

    package var halfRange: Double { Double(maximum - minimum) / 2 }
}

/// Watches tensors and derives the scale that quantises them: a running range, updated from each batch's range.
///
/// Subclasses say what range one batch has (`currentRange`). Buffers `min_val` and `max_val` are empty until the first batch.
open class Observer: Module {
    package let options: ObserverOptions

    package init(_ typeName: String, _ options: ObserverOptions) throws(TensorError) {
        self.options = options
        super.init(typeName: typeName)
        try registerBuffer("eps", try .from([1.1920928955078125e-07], [1], dtype: .float32))
        try registerBuffer("min_val", try .empty([0], dtype: .float32))
        try registerBuffer("max_val", try .empty([0], dtype: .float32))
    }

    /// The range of one batch with at least one element; nil leaves the running range alone.
    package func currentRange(_ x: Tensor) throws(TensorError) -> (low: [Float], high: [Float])? { nil }

    /// Changes the running range after an update (Clip).
    package func bounded(_ low: [Float], _ high: [Float]) -> (low: [Float], high: [Float]) { (low, high) }

    package var range: (low: [Float], high: [Float])? {
        get throws(TensorError) {
            guard let low = buffer("min_val"), let high = buffer("max_val"), low.count > 0, low.count == high.count else { return nil }
            return (try low.doubles().map { Float($0) }, try high.doubles().map { Float($0) })
        }
    }

    private func setRange(_ low: [Float], _ high: [Float]) throws(TensorError) {
        buffer("min_val")?.setData(try .from(low.map(Double.init), [low.count], dtype: .float32))
        buffer("max_val")?.setData(try .from(high.map(Double.init), [high.count], dtype: .float32))
    }

    /// Takes a batch into account. `x` may have any shape; tensors without elements are ignored.
    package func observe(_ x: Tensor) throws(TensorError) {
        if x.count == 0 { return }
        guard let current = try EngineState.noGrad({ () throws(TensorError) in try currentRange(x.detach()) }) else { return }
        try update(current)
    }

    /// `m += c · (current − m)` for both ends; the first batch sets them.
    package func update(_ current: (low: [Float], high: [Float])) throws(TensorError) {
        guard let (low, high) = try range, low.count == current.low.count else {
            let (low, high) = bounded(current.low, current.high)
            try setRange(low, high)
            return
        }
        let c = Float(options.averagingConstant)
        let result = bounded(zip(low, current.low).map { $0 + c * ($1 - $0) }, zip(high, current.high).map { $0 + c * ($1 - $0) })
        try setRange(result.low, result.high)
    }

    /// The scale for a range: the larger magnitude over half the number of steps.
    package func scale(_ low: Float, _ high: Float) -> Float {
        let magnitude = max(max(-low, high), 0)
        let scale = max(1.1920928955078125e-07, Float(Double(magnitude) / options.halfRange))
        guard QuantizationState.march?.usesPowerOfTwoScales ?? false else { return scale }
        return Observer.powerOfTwo(scale)
    }

    /// `2^-clamp(floor(-log2 scale), 1, 14)`
    package static func powerOfTwo(_ scale: Float) -> Float {
        var exponent = 1
        var power: Float = 0.5
        while exponent < 14 && power / 2 >= scale {
            power /= 2
            exponent += 1
        }
        return power
    }

    package var hasObserved: Bool { (buffer("min_val")?.count ?? 0) > 0 }

    /// Scales so far; one of 1, with a warning, before the first batch.
    package func scales() throws(TensorError) -> [Float] {
        guard let (low, high) = try range else {
            QuantizationState.warn("must run observer before calling calculate_qparams. Returning default scale and zero point")
            return [1]
        }
        return zip(low, high).map(scale)
    }

    /// As a module the observer passes its input through.
    open override func forward(_ inputs: [Tensor]) throws(TensorError) -> Tensor {
        guard let x = inputs.first else { throw .type("forward() missing 1 required positional argument: 'x_orig'") }
        try observe(x)
        return x
    }

    /// A checkpoint may hold ranges of other sizes.
    open override func willLoad(_ name: String, _ tensor: Tensor, from source: Tensor) throws(TensorError) {
        if name == "min_val" || name == "max_val", tensor.shape != source.shape, source.rank <= 1 {
            tensor.setData(try .empty(source.rank == 0 ? [] : source.shape, dtype: .float32))
        }
    }

    open override func extraRepr() -> String {
        // A repr must not fail; ranges that cannot be read print as empty.
        let text = (try? range).flatMap { $0 }.map { "min_val=\($0.low), max_val=\($0.high)" } ?? "min_val=[], max_val=[]"
        return text
    }
}
