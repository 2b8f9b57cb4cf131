import NN
import Tensors

/// A module that training with simulated quantisation knows: it may carry fake quantizers, given by its qconfig.
///
/// Without a qconfig it computes in floats; `attach` makes it quantisation-aware in place, parameters and their names staying what they are.
open class QuantizableLayer: Module {
    package private(set) var qconfig: QConfig?
    /// Whether conversion leaves this module as it is: `set_preserve_qat_mode`.
    package var preservesQATMode = false

    /// The quantizer of the result; nil where results stay as they are.
    package var activationQuantizer: FakeQuantize? { child("activation_post_process") as? FakeQuantize }
    package var weightQuantizer: FakeQuantize? { child("weight_fake_quant") as? FakeQuantize }

    /// Output channels of the weight; nil without one.
    package var weightChannels: Int? { nil }

    package func attach(_ qconfig: QConfig) throws(TensorError) {
        self.qconfig = qconfig
        if let channels = weightChannels, let weight = qconfig.weight { try addModule("weight_fake_quant", try weight.make(channels: channels)) }
        if let activation = qconfig.activation { try addModule("activation_post_process", try activation.make()) }
        children.forEach { $0.train(training) }
    }

    /// Copies what `emptyCopy` must carry besides parameters and children.
    package func carrying(_ source: QuantizableLayer) -> Self {
        qconfig = source.qconfig
        preservesQATMode = source.preservesQATMode
        return self
    }

    package var isQuantized: Bool { qconfig != nil }
}
