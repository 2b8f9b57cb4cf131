import Kernels

/// Elements of a storage that are not written down yet: formed from those of other storages, which have the same size and order.
///
/// Convolutions form them on the way, and a rule meeting a form it knows goes on with it; everyone else finds the elements written: the first
/// use of the storage's pointer does it. So normalisation and rectifier behind a convolution cost no passes over memory of their own,
/// however a program calls them, and what stands between them is there for whoever looks.
enum PendingElements {
    case normalized(PendingNormalization)
    case masked(MaskedGradient)
    case gradient(NormalizedGradient)
    case quantized(PendingQuantization)

    /// What the elements are formed from. Nobody may change these before the elements are written.
    var sources: [Storage] {
        switch self {
        case .normalized(let form): [form.source]
        case .masked(let form): [form.gradient.storage, form.result.storage]
        case .gradient(let form): [form.source.storage, form.gradient.storage]
        case .quantized(let form): [form.source]
        }
    }

    func write(to target: UnsafeMutableRawPointer) {
        switch self {
        case .normalized(let form): form.write(to: target)
        case .masked(let form): form.write(to: target)
        case .gradient(let form): form.write(to: target)
        case .quantized(let form): form.write(to: target)
        }
    }
}

/// `clamp(v * scale + shift)` per channel of stored rows.
struct PendingNormalization {
    /// Channels-last.
    let source: Storage
    let state: NormalizationState
    var range: ActivationRange
    let dtype: DType
    let rows: Int

    var rowSource: RowSource { RowSource(source.pointer, .normalized(state.kernel(rows: rows, range))) }

    func clamped(to range: ActivationRange) -> PendingNormalization {
        var result = self
        result.range = range
        return result
    }

    func write(to target: UnsafeMutableRawPointer) {
        Kernels.channelAffine(
            dtype, rows: rows, channels: state.channels, source.pointer, scale: state.scale, shift: state.shift, low: range.low, high: range.high,
            target)
    }
}

/// The gradient behind a clamp that acted on a normalisation's result: `gradient` where that result lies within the bounds, else zero.
struct MaskedGradient {
    /// Both channels-last inside.
    let gradient, result: Tensor
    /// The normalisation whose result was clamped; its own rule needs no mask written down.
    let state: NormalizationState
    let range: ActivationRange

    func write(to target: UnsafeMutableRawPointer) {
        Kernels.binary(
            .insideGradient, gradient.dtype, StridedPlan(contiguous: gradient.count), target, gradient.physicalPointer, result.physicalPointer,
            p: range.low, q: range.high)
    }
}

extension Storage {
    /// The normalisation that would form the elements; nil when they are written or formed otherwise.
    var pendingNormalization: PendingNormalization? {
        if case .normalized(let form)? = pending { return form }
        return nil
    }

    /// How kernels that form rows while they read them find the elements; nil when they are written or formed otherwise.
    var pendingRows: RowSource? {
        switch pending {
        case .normalized(let form)?: form.rowSource
        case .quantized(let form)?: form.rowSource
        case .masked?, .gradient?, nil: nil
        }
    }
}
