/// What the documented interface keeps for the whole process; the engine is driven by one thread.
package enum QuantizationState {
    /// `set_march`; nil until called.
    nonisolated(unsafe) package static var march: March?
    /// How floats are rounded to integers.
    nonisolated(unsafe) package static var rounding = QuantizationRounding.halfUp
    /// Whether fake quantization acts at all: `set_fake_quantize` switches it off for calibration.
    nonisolated(unsafe) package static var fakeQuantizationEnabled = true
    /// What happens to batch normalisation that follows a convolution.
    nonisolated(unsafe) package static var mode = QATMode.fuseBN
    /// Whether every use of a shared convolution + batch norm pair gets a copy of its own.
    nonisolated(unsafe) package static var duplicatesSharedConvolutions = false
    /// Receives warnings; the language prints them through its logging.
    nonisolated(unsafe) package static var warn: (String) -> Void = { _ in }

    /// The march, or the documented assertion that names who needs it.
    package static func requireMarch(_ caller: String) throws(QuantizationError) -> March {
        guard let march else { throw QuantizationError(.assertion, "march is not set, please call set_march() before \(caller)") }
        return march
    }
}

/// Ties of the rounding to integers: up as the accelerator rounds, or to even as PyTorch does.
package enum QuantizationRounding: String, Sendable { case halfUp = "BPU_ROUND", halfToEven = "HALF_TO_EVEN" }

/// Treatment of batch normalisation in quantization-aware training.
package enum QATMode: String, CaseIterable, Sendable {
    /// Folded into weight and bias when the model is prepared.
    case fuseBN = "fuse_bn"
    /// Kept after the fake-quantised convolution, folded at conversion.
    case withBN = "with_bn"
    /// Folded before fake quantization with running statistics, undone before the normalisation, folded at conversion.
    case withBNReverseFold = "with_bn_reverse_fold"
}
