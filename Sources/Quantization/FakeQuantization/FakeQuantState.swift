import NN
import Tensors

/// The phases of a prepared model.
package enum FakeQuantState: Int, CaseIterable, Sendable {
    /// Simulated integers with moving statistics; weights train.
    case qat
    /// Floats; statistics are gathered.
    case calibration
    /// Simulated integers; nothing moves.
    case validation
    /// For developers: plain floats.
    case float

    package var name: String {
        switch self {
        case .qat: "QAT"
        case .calibration: "CALIBRATION"
        case .validation: "VALIDATION"
        case .float: "_FLOAT"
        }
    }

    /// The training flag every module must have before; nil: any.
    var requiredTraining: Bool? {
        switch self {
        case .qat: true
        case .calibration, .validation: false
        case .float: nil
        }
    }
}

/// `set_fake_quantize`: the observers' flags stay as they are, except for `.float`, so fixed scales stay fixed.
package func setFakeQuantize(_ model: Module, _ state: FakeQuantState) throws(QuantizationError) {
    for module in model.modules where !(module is Observer) {
        if let required = state.requiredTraining, module.training != required {
            throw .assertion("Call model.\(required ? "train" : "eval")() before set fake quant to \(state.name) mode.")
        }
        guard let quantizer = module as? FakeQuantize else { continue }
        switch state {
        case .qat, .validation: quantizer.setFakeQuantizing(true)
        case .calibration:
            quantizer.setFakeQuantizing(false)
            quantizer.train()
        case .float:
            quantizer.setFakeQuantizing(false)
            quantizer.setObserving(false)
        }
    }
    QuantizationState.fakeQuantizationEnabled = state == .qat || state == .validation
}
