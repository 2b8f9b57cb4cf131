import Glibc
import Kernels

func arctangent(_ x: Double) -> Double { atan(x) }

/// `steps` single-precision values from `first` to `last`, with PyTorch's rounding.
func linspace(_ first: Float, _ last: Float, _ steps: Int) -> [Double] {
    let step = steps > 1 ? (last - first) / Float(steps - 1) : 0
    return (0..<steps).map { i in
        Double(i < steps / 2 ? first.addingProduct(step, Float(i)) : last.addingProduct(-step, Float(steps - 1 - i)))
    }
}

/// The operations of a policy in torchvision's order, with their magnitudes.
package struct AugmentSpace: Sendable {
    package struct Entry: Sendable {
        package let operation: AugmentOperation
        /// Empty where the operation has no magnitude.
        package let magnitudes: [Double]
        /// Whether a coin decides the sign.
        package let signed: Bool
    }

    package let entries: [Entry]

    private static func posterizeBits(_ bins: Int, cut: Float) -> [Double] {
        (0..<bins).map { 8 - Double((Float($0) / (Float(bins - 1) / cut)).rounded(.toNearestOrEven)) }
    }

    /// `strong` is TrivialAugmentWide's range; the other is RandAugment's and AutoAugment's, whose translations depend on the image size.
    private init(_ bins: Int, width: Int, height: Int, strong: Bool, operations: [AugmentOperation]) {
        let color: Float = strong ? 0.99 : 0.9
        entries = operations.map { operation in
            switch operation {
            case .identity, .autoContrast, .equalize, .invert: Entry(operation: operation, magnitudes: [], signed: false)
            case .shearX, .shearY: Entry(operation: operation, magnitudes: linspace(0, strong ? 0.99 : 0.3, bins), signed: true)
            case .translateX:
                Entry(operation: operation, magnitudes: linspace(0, strong ? 32 : Float(150.0 / 331.0 * Double(width)), bins), signed: true)
            case .translateY:
                Entry(operation: operation, magnitudes: linspace(0, strong ? 32 : Float(150.0 / 331.0 * Double(height)), bins), signed: true)
            case .rotate: Entry(operation: operation, magnitudes: linspace(0, strong ? 135 : 30, bins), signed: true)
            case .brightness, .color, .contrast, .sharpness: Entry(operation: operation, magnitudes: linspace(0, color, bins), signed: true)
            case .posterize: Entry(operation: operation, magnitudes: AugmentSpace.posterizeBits(bins, cut: strong ? 6 : 4), signed: false)
            case .solarize: Entry(operation: operation, magnitudes: linspace(255, 0, bins), signed: false)
            }
        }
    }

    private static let common: [AugmentOperation] = [
        .shearX, .shearY, .translateX, .translateY, .rotate, .brightness, .color, .contrast, .sharpness, .posterize, .solarize, .autoContrast,
        .equalize,
    ]

    package static func randAugment(_ bins: Int, width: Int, height: Int) -> AugmentSpace {
        AugmentSpace(bins, width: width, height: height, strong: false, operations: [.identity] + common)
    }

    package static func autoAugment(_ bins: Int, width: Int, height: Int) -> AugmentSpace {
        AugmentSpace(bins, width: width, height: height, strong: false, operations: common + [.invert])
    }

    package static func trivialAugmentWide(_ bins: Int) -> AugmentSpace {
        AugmentSpace(bins, width: 0, height: 0, strong: true, operations: [.identity] + common)
    }

    package func entry(_ operation: AugmentOperation) -> Entry? { entries.first { $0.operation == operation } }
}
