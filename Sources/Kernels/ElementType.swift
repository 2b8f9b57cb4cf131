import Glibc

/// The storage type of one tensor element. `bool` occupies one byte holding 0 or 1.
package enum ElementType: UInt8, CaseIterable, Sendable {
    case bool, uint8, int8, int16, int32, int64, float32, float64

    /// Bytes per element.
    package var size: Int {
        switch self {
        case .bool, .uint8, .int8: 1
        case .int16: 2
        case .int32, .float32: 4
        case .int64, .float64: 8
        }
    }

    package var isFloatingPoint: Bool { self == .float32 || self == .float64 }
    package var isSigned: Bool { self != .bool && self != .uint8 }
}

/// An element as the generic kernels see it: convertible through `Int64` or `Double` with C's truncating rules.
protocol Element: Comparable {
    static var isFloating: Bool { get }
    static func from(int: Int64) -> Self
    static func from(double: Double) -> Self
    var asInt: Int64 { get }
    var asDouble: Double { get }
    static var zeroElement: Self { get }
    static var oneElement: Self { get }
    /// Sum and product: wrapping for integers, rounded for floating point.
    static func plus(_ a: Self, _ b: Self) -> Self
    static func times(_ a: Self, _ b: Self) -> Self
    var isNotANumber: Bool { get }
    static var lowest: Self { get }
    static var highest: Self { get }
}

/// What x86 gives for a conversion that does not fit: the smallest integer.
@inline(__always)
func truncatedInt64(_ x: Double) -> Int64 {
    x > -9.3e18 && x < 9.2e18 ? Int64(x) : Int64.min
}

protocol IntegerElement: Element, FixedWidthInteger {}

extension IntegerElement {
    @inline(__always) static var isFloating: Bool { false }
    @inline(__always) static func from(int: Int64) -> Self { Self(truncatingIfNeeded: int) }
    @inline(__always) static func from(double: Double) -> Self { Self(truncatingIfNeeded: truncatedInt64(double)) }
    @inline(__always) var asInt: Int64 { Int64(truncatingIfNeeded: self) }
    @inline(__always) var asDouble: Double { Double(Int64(truncatingIfNeeded: self)) }
    @inline(__always) static var zeroElement: Self { 0 }
    @inline(__always) static var oneElement: Self { 1 }
    @inline(__always) static func plus(_ a: Self, _ b: Self) -> Self { a &+ b }
    @inline(__always) static func times(_ a: Self, _ b: Self) -> Self { a &* b }
    @inline(__always) var isNotANumber: Bool { false }
    @inline(__always) static var lowest: Self { .min }
    @inline(__always) static var highest: Self { .max }
}

extension UInt8: IntegerElement {}
extension Int8: IntegerElement {}
extension Int16: IntegerElement {}
extension Int32: IntegerElement {}
extension Int64: IntegerElement {}

/// Floating-point elements; `fastExp` is accurate to about one unit in the last place and vectorises for `Float`.
protocol FloatElement: Element, BinaryFloatingPoint, SIMDScalar, Codable {
    static func fastExp(_ x: Self) -> Self
}

extension FloatElement {
    @inline(__always) static var isFloating: Bool { true }
    @inline(__always) static func from(int: Int64) -> Self { Self(int) }
    @inline(__always) var asInt: Int64 { truncatedInt64(Double(self)) }
    @inline(__always) static var zeroElement: Self { 0 }
    @inline(__always) static var oneElement: Self { 1 }
    @inline(__always) static func plus(_ a: Self, _ b: Self) -> Self { a + b }
    @inline(__always) static func times(_ a: Self, _ b: Self) -> Self { a * b }
    @inline(__always) var isNotANumber: Bool { self != self }
    @inline(__always) static var lowest: Self { -.infinity }
    @inline(__always) static var highest: Self { .infinity }
}

extension Float: FloatElement {
    @inline(__always) static func from(double: Double) -> Float { Float(double) }
    @inline(__always) var asDouble: Double { Double(self) }

    /// e^x by range reduction to [-ln2/2, ln2/2] and a degree-6 polynomial (Cephes coefficients), free of branches.
    @inline(__always)
    static func fastExp(_ x: Float) -> Float {
        let c = x < -87.336544 ? -87.336544 : (x > 88.72283 ? 88.72283 : x)
        let shifted = Float(12582912).addingProduct(c, 1.44269504)
        let n = shifted - 12582912
        let r = c.addingProduct(n, -0.693359375).addingProduct(n, 2.12194440e-4)
        var p = Float(1.9875691500e-4)
        p = Float(1.3981999507e-3).addingProduct(p, r)
        p = Float(8.3334519073e-3).addingProduct(p, r)
        p = Float(4.1665795894e-2).addingProduct(p, r)
        p = Float(1.6666665459e-1).addingProduct(p, r)
        p = Float(5.0000001201e-1).addingProduct(p, r)
        p = (1 + r).addingProduct(p, r * r)
        // Two half scalings: n = 128 alone would overflow the exponent field.
        let bits = Int32(bitPattern: shifted.bitPattern) &- 0x4B40_0000
        let half = bits >> 1
        let a = Float(bitPattern: UInt32(bitPattern: (half &+ 127) << 23))
        let b = Float(bitPattern: UInt32(bitPattern: (bits &- half &+ 127) << 23))
        let y = p * a * b
        let upper: Float = x > 88.72283 ? .infinity : y
        let lower: Float = x < -103.97208 ? 0 : upper
        return x == x ? lower : x
    }
}

extension Double: FloatElement {
    @inline(__always) static func from(double: Double) -> Double { double }
    @inline(__always) var asDouble: Double { self }
    @inline(__always) static func fastExp(_ x: Double) -> Double { exp(x) }
}
