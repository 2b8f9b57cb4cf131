import NN
import Tensors

/// How ranges are found, with the observer's own settings.
package enum ObserverKind: Equatable, Sendable {
    case minMax
    case percentile(Double, bins: Int)
    case mse(stride: Int)
    case kl(bins: Int, interval: Int)
    case mix
    case fixedScale(Double)
    case clip(low: Double, high: Double)
    case clipStd(Double)

    /// The names `get_default_qconfig` accepts, with default settings.
    package static let named: [(name: String, kind: ObserverKind)] = [
        ("min_max", .minMax), ("fixed_scale", .fixedScale(1)), ("clip", .clip(low: -1, high: 1)), ("percentile", .percentile(99.99, bins: 2048)),
        ("clip_std", .clipStd(3)), ("mse", .mse(stride: 1)), ("kl", .kl(bins: 512, interval: 1)), ("mix", .mix),
    ]

    package var name: String {
        switch self {
        case .minMax: "min_max"
        case .percentile: "percentile"
        case .mse: "mse"
        case .kl: "kl"
        case .mix: "mix"
        case .fixedScale: "fixed_scale"
        case .clip: "clip"
        case .clipStd: "clip_std"
        }
    }

    /// Whether ranges per channel are possible.
    package var supportsChannels: Bool {
        switch self {
        case .minMax, .mse, .fixedScale, .clip: true
        case .percentile, .kl, .mix, .clipStd: false
        }
    }
}

/// A recipe for fake quantizers: what a qconfig holds for activations or weights.
package struct FakeQuantizeFactory: Equatable, Sendable {
    package enum Kind: String, CaseIterable, Sendable { case fakeQuantize = "fake_quant", lsq, pact }

    package var kind = Kind.fakeQuantize
    package var observer = ObserverKind.minMax
    package var type = QuantizedType.qint8
    /// -1: per tensor.
    package var axis = -1
    package var averagingConstant = 0.01
    package var quantMinimum: Int?
    package var quantMaximum: Int?
    /// Whether values cut by the range block the gradient.
    package var saturates = true
    /// LSQ: whether the gradient of the scale is normalised.
    package var scalesGradient = false
    /// PACT: the first clipping value.
    package var alpha = 6.0

    package init(
        _ kind: Kind = .fakeQuantize, observer: ObserverKind = .minMax, type: QuantizedType = .qint8, axis: Int = -1, averagingConstant: Double = 0.01
    ) {
        self.kind = kind
        self.observer = observer
        self.type = type
        self.axis = axis
        self.averagingConstant = averagingConstant
    }

    package var minimum: Int { quantMinimum ?? type.minimum }
    package var maximum: Int { quantMaximum ?? type.maximum }

    package func makeObserver() throws(TensorError) -> Observer {
        do throws(QuantizationError) {
            if axis >= 0 && !observer.supportsChannels { throw .assertion("\(observer.name) observer only supports per_tensor_symmetric") }
            let options = try ObserverOptions(
                averagingConstant: averagingConstant, axis: axis, type: type, minimum: quantMinimum, maximum: quantMaximum)
            do throws(TensorError) {
                switch observer {
                case .minMax: return try MinMaxObserver(options)
                case .percentile(let percentile, let bins): return try PercentileObserver(options, percentile: percentile, bins: bins)
                case .mse(let stride): return try MSEObserver(options, stride: stride)
                case .kl(let bins, let interval): return try KLObserver(options, bins: bins, interval: interval)
                case .mix: return try MixObserver(options)
                case .fixedScale(let scale): return try FixedScaleObserver(options, scale: scale)
                case .clip(let low, let high): return try ClipObserver(options, low: low, high: high)
                case .clipStd(let factor): return try ClipStdObserver(options, factor: factor)
                }
            } catch {
                throw QuantizationError(error)
            }
        } catch {
            throw error.asTensorError
        }
    }

    package func make(channels: Int = 1) throws(TensorError) -> FakeQuantize {
        let count = axis >= 0 ? channels : 1
        switch kind {
        case .fakeQuantize: return try FakeQuantize(self, channels: count)
        case .lsq: return try LSQFakeQuantize(self, channels: count)
        case .pact: return try PACTFakeQuantize(self, channels: count)
        }
    }
}
