import Kernels

/// The element type of a tensor, named as PyTorch names it.
package typealias DType = ElementType

/// Kinds of element types in order of promotion.
package enum DTypeCategory: Int, Comparable, Sendable {
    case boolean, integer, floatingPoint
    package static func < (a: DTypeCategory, b: DTypeCategory) -> Bool { a.rawValue < b.rawValue }
}

extension ElementType {
    /// `float32`, `int64`, …: the name after `torch.`.
    package var name: String {
        switch self {
        case .bool: "bool"
        case .uint8: "uint8"
        case .int8: "int8"
        case .int16: "int16"
        case .int32: "int32"
        case .int64: "int64"
        case .float32: "float32"
        case .float64: "float64"
        }
    }

    /// The name in most messages: `Float`, `Long`, ….
    package var typeName: String {
        switch self {
        case .bool: "Bool"
        case .uint8: "Byte"
        case .int8: "Char"
        case .int16: "Short"
        case .int32: "Int"
        case .int64: "Long"
        case .float32: "Float"
        case .float64: "Double"
        }
    }

    /// The C++ name, which messages of matrix products use: `float`, `long int`, ….
    package var nativeName: String {
        switch self {
        case .bool: "bool"
        case .uint8: "unsigned char"
        case .int8: "signed char"
        case .int16: "short int"
        case .int32: "int"
        case .int64: "long int"
        case .float32: "float"
        case .float64: "double"
        }
    }

    /// The C++ name of one element, which messages about conversions use: `uint8_t`, `int`, `float`, ….
    var nativeScalarName: String {
        switch self {
        case .uint8, .int8, .int16, .int64: name + "_t"
        case .int32: "int"
        case .bool, .float32, .float64: nativeName
        }
    }

    /// The smallest number an integer dtype holds.
    var lowestInteger: Int64 {
        switch self {
        case .int8: Int64(Int8.min)
        case .int16: Int64(Int16.min)
        case .int32: Int64(Int32.min)
        case .int64: .min
        case .bool, .uint8, .float32, .float64: 0
        }
    }

    /// The largest number an integer dtype holds.
    var highestInteger: Int64 {
        switch self {
        case .uint8: Int64(UInt8.max)
        case .int8: Int64(Int8.max)
        case .int16: Int64(Int16.max)
        case .int32: Int64(Int32.max)
        case .int64: .max
        case .bool, .float32, .float64: 1
        }
    }

    package var category: DTypeCategory {
        switch self {
        case .bool: .boolean
        case .uint8, .int8, .int16, .int32, .int64: .integer
        case .float32, .float64: .floatingPoint
        }
    }

    /// The smallest type both convert to, as `torch.promote_types`.
    package func promoted(with other: DType) -> DType {
        if self == other { return self }
        let (low, high) = category <= other.category ? (self, other) : (other, self)
        if low.category < high.category { return high }
        if low == .float64 || high == .float64 { return .float64 }
        if low == .uint8 { return high == .int8 ? .int16 : high }
        if high == .uint8 { return low == .int8 ? .int16 : low }
        return low.size >= high.size ? low : high
    }

    /// Whether a result of this type may be stored in `target`, as `torch.can_cast`.
    package func canCast(to target: DType) -> Bool { category <= target.category && !(category == .integer && target == .bool) }
}

/// What PyTorch keeps process-wide for one user: default dtype, gradient recording, the default generator.
///
/// The engine is driven by one thread at a time; only the pool's workers run beside it, and they touch none of this.
package enum EngineState {
    /// The dtype of floating-point literals and factories.
    nonisolated(unsafe) package static var defaultDType: DType = .float32
    /// Whether operations record gradients.
    nonisolated(unsafe) package static var gradEnabled = true
    /// Whether backward checks every gradient for NaN.
    nonisolated(unsafe) package static var detectAnomaly = false
    /// Called when a node is recorded under anomaly detection; returns the user's stack as text.
    nonisolated(unsafe) package static var captureTraceback: (() -> String)?
    /// The generator of functions that are given none.
    nonisolated(unsafe) package static let defaultGenerator = Generator()
    nonisolated(unsafe) static var nextSequence = 0

    /// Runs `body` with recording on or off.
    package static func withGrad<R>(_ enabled: Bool, _ body: () throws(TensorError) -> R) throws(TensorError) -> R {
        let previous = gradEnabled
        gradEnabled = enabled
        defer { gradEnabled = previous }
        return try body()
    }

    package static func noGrad<R>(_ body: () throws(TensorError) -> R) throws(TensorError) -> R { try withGrad(false, body) }
}
