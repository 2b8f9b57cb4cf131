/// Element types of a deployed tensor.
package enum IntegerType: String, CaseIterable, Sendable, Codable {
    case int8, int16, int32

    package var minimum: Int { -(1 << (bits - 1)) }
    package var maximum: Int { (1 << (bits - 1)) - 1 }
    package var bits: Int {
        switch self {
        case .int8: 8
        case .int16: 16
        case .int32: 32
        }
    }
    package var byteCount: Int { bits / 8 }

    package func saturated(_ value: Int) -> Int { min(max(value, minimum), maximum) }
}
