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

    /// Refuses numbers that elements of `dtype` cannot hold. As in PyTorch a negative integer may wrap around to an unsigned one of its magnitude.
    ///
    /// - Parameter typeName: how the message names the dtype; nil for the C++ name.
    package func check(fits dtype: DType, typeName: String? = nil) throws(TensorError) {
        let fits: Bool
        switch (self, dtype) {
        case (.bool, _), (_, .bool), (_, .float64), (.int, .float32), (.int, .int64): fits = true
        case (.int(let value), .uint8): fits = value >= -255 && value <= 255
        case (.int(let value), _): fits = value >= dtype.lowestInteger && value <= dtype.highestInteger
        case (.double(let value), .float32): fits = !value.isFinite || value.magnitude <= Double(Float.greatestFiniteMagnitude)
        case (.double(let value), _): fits = value >= Double(dtype.lowestInteger) && value < Double(dtype.highestInteger) + 1
        }
        if !fits { throw .runtime("value cannot be converted to type \(typeName ?? dtype.nativeScalarName) without overflow") }
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
