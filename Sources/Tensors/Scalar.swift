import Kernels

/// A number of the user's language: the operand of `tensor + 1`, the result of `item()`.
package enum Scalar: Sendable, Equatable, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral {
    case bool(Bool)
    case int(Int64)
    case double(Double)

    package init(integerLiteral value: Int64) { self = .int(value) }
    package init(floatLiteral value: Double) { self = .double(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }

    package var asDouble: Double {
        switch self {
        case .bool(let value): value ? 1 : 0
        case .int(let value): Double(value)
        case .double(let value): value
        }
    }

    /// Truncates toward zero; what does not fit becomes the smallest integer, as C conversions on x86 do.
    package var asInt: Int64 {
        switch self {
        case .bool(let value): value ? 1 : 0
        case .int(let value): value
        case .double(let value): value > -9.3e18 && value < 9.2e18 ? Int64(value) : .min
        }
    }

    package var category: DTypeCategory {
        switch self {
        case .bool: .boolean
        case .int: .integer
        case .double: .floatingPoint
        }
    }

    /// The dtype of a tensor made from this number alone.
    package var dtype: DType {
        switch self {
        case .bool: .bool
        case .int: .int64
        case .double: EngineState.defaultDType
        }
    }
}
