import NN
import Tensors

/// Which fake quantizers a module gets. Identity matters only to the language; equality is by contents.
package final class QConfig: Equatable {
    package let activation: FakeQuantizeFactory?
    package let weight: FakeQuantizeFactory?

    package init(activation: FakeQuantizeFactory? = nil, weight: FakeQuantizeFactory? = nil) {
        self.activation = activation
        self.weight = weight
    }

    package static func == (a: QConfig, b: QConfig) -> Bool { a.activation == b.activation && a.weight == b.weight }

    private static let perChannelWeight = FakeQuantizeFactory(axis: 0)
    private static let perChannelLSQWeight: FakeQuantizeFactory = {
        var factory = FakeQuantizeFactory(.lsq, axis: 0, averagingConstant: 1)
        factory.scalesGradient = true
        return factory
    }()

    private static func lsq(_ type: QuantizedType) -> FakeQuantizeFactory {
        var factory = FakeQuantizeFactory(.lsq, type: type, averagingConstant: 1)
        factory.scalesGradient = true
        return factory
    }

    private static func made(_ activation: FakeQuantizeFactory?) -> QConfig { QConfig(activation: activation, weight: perChannelWeight) }

    /// Every documented configuration by name, in the order of the documentation; deprecated names at the end.
    package static func named() -> [(name: String, qconfig: QConfig)] {
        let mse8 = made(.init(observer: .mse(stride: 1)))
        let qat8 = made(.init())
        let calib16 = made(.init(observer: .mse(stride: 1), type: .qint16))
        let qat16 = made(.init(type: .qint16))
        let calibOut = made(nil)
        let qatOut = made(nil)
        return [
            ("default_calib_8bit_fake_quant_qconfig", mse8),
            ("default_qat_8bit_fake_quant_qconfig", qat8),
            ("default_qat_8bit_fixed_act_fake_quant_qconfig", made(.init(averagingConstant: 0))),
            ("default_calib_8bit_weight_16bit_act_fake_quant_qconfig", calib16),
            ("default_qat_8bit_weight_16bit_act_fake_quant_qconfig", qat16),
            ("default_qat_8bit_weight_16bit_fixed_act_fake_quant_qconfig", made(.init(type: .qint16, averagingConstant: 0))),
            ("default_calib_8bit_weight_32bit_out_fake_quant_qconfig", calibOut),
            ("default_qat_8bit_weight_32bit_out_fake_quant_qconfig", qatOut),
            ("default_qat_8bit_lsq_quant_qconfig", QConfig(activation: lsq(.qint8), weight: perChannelLSQWeight)),
            ("default_qat_8bit_weight_16bit_act_lsq_quant_qconfig", QConfig(activation: lsq(.qint16), weight: perChannelLSQWeight)),
            ("default_qat_8bit_pact_quant_qconfig", made(.init(.pact))),
            ("default_qat_8bit_weight_16bit_act_pact_quant_qconfig", made(.init(.pact, type: .qint16))),
            ("per_channel_qat_8bit_fake_quant_qconfig", made(.init(axis: 1))),
            ("default_qat_out_8bit_fake_quant_qconfig", qatOut),
            ("default_calib_out_8bit_fake_quant_qconfig", calibOut),
            ("default_qat_16bit_fake_quant_qconfig", qat16),
            ("default_calib_16bit_fake_quant_qconfig", calib16),
        ]
    }
}

/// A qconfig or the explicit wish for none.
package enum QConfigChoice {
    case use(QConfig)
    case leaveFloat

    package var qconfig: QConfig? { if case .use(let qconfig) = self { qconfig } else { nil } }
}

/// `qconfig_dict`: what modules get by default, by type, by name.
package struct QConfigMapping {
    package var global: QConfigChoice?
    package var byType: [(type: String, choice: QConfigChoice)] = []
    package var byName: [(name: String, choice: QConfigChoice)] = []

    package init(
        global: QConfigChoice? = nil, byType: [(type: String, choice: QConfigChoice)] = [], byName: [(name: String, choice: QConfigChoice)] = []
    ) {
        self.global = global
        self.byType = byType
        self.byName = byName
    }
}
