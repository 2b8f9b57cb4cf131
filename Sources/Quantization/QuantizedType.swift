import Kernels
import Tensors

/// The integer types of quantised tensors, by the plugin's names.
package enum QuantizedType: String, CaseIterable, Sendable {
    case qbool, quint4, qint4, qint8, qint16, qint32, qint64

    package var minimum: Int {
        switch self {
        case .qbool, .quint4: 0
        case .qint4: -8
        case .qint8: -128
        case .qint16: -32768
        case .qint32: Int(Int32.min)
        case .qint64: Int.min
        }
    }
    package var maximum: Int {
        switch self {
        case .qbool: 1
        case .quint4: 15
        case .qint4: 7
        case .qint8: 127
        case .qint16: 32767
        case .qint32: Int(Int32.max)
        case .qint64: Int.max
        }
    }
    package var bits: Int {
        switch self {
        case .qbool: 1
        case .quint4, .qint4: 4
        case .qint8: 8
        case .qint16: 16
        case .qint32: 32
        case .qint64: 64
        }
    }
    /// The dtype that stores it.
    package var storage: DType {
        switch self {
        case .qbool: .bool
        case .quint4, .qint4, .qint8: .int8
        case .qint16: .int16
        case .qint32: .int32
        case .qint64: .int64
        }
    }
    package var integerType: IntegerType? {
        switch self {
        case .qint8: .int8
        case .qint16: .int16
        case .qint32: .int32
        case .qbool, .quint4, .qint4, .qint64: nil
        }
    }
}

extension IntegerType {
    package var quantizedType: QuantizedType {
        switch self {
        case .int8: .qint8
        case .int16: .qint16
        case .int32: .qint32
        }
    }
    package var dtype: DType {
        switch self {
        case .int8: .int8
        case .int16: .int16
        case .int32: .int32
        }
    }
}

/// What makes a tensor a QTensor: attached as its annotation. While training the data are floats already fake-quantised;
/// in converted models they are integers.
package final class QuantizedValues {
    /// One element, or one for each index of `axis`; nil where the layer has no activation quantiser.
    package let scale: Tensor?
    package let type: QuantizedType
    /// -1: one scale for the whole tensor.
    package let axis: Int

    package init(scale: Tensor?, type: QuantizedType, axis: Int = -1) {
        self.scale = scale
        self.type = type
        self.axis = axis
    }
}

extension Tensor {
    /// Scale and type, if this is a QTensor.
    package var quantization: QuantizedValues? { annotation as? QuantizedValues }

    package func quantized(as values: QuantizedValues?) -> Tensor {
        annotation = values
        return self
    }
}
