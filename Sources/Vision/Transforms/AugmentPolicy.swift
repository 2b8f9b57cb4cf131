/// Learned pairs of operations, each with its probability and its magnitude's number (nil: none).
package enum AugmentPolicy: String, Sendable, CaseIterable {
    case imagenet, cifar10, svhn

    package typealias Step = (operation: AugmentOperation, probability: Float, magnitude: Int?)

    package var pairs: [(Step, Step)] {
        switch self {
        case .imagenet: AugmentPolicy.imagenetPairs
        case .cifar10: AugmentPolicy.cifar10Pairs
        case .svhn: AugmentPolicy.svhnPairs
        }
    }

    private static let imagenetPairs: [(Step, Step)] = [
        ((.posterize, 0.4, 8), (.rotate, 0.6, 9)),
        ((.solarize, 0.6, 5), (.autoContrast, 0.6, nil)),
        ((.equalize, 0.8, nil), (.equalize, 0.6, nil)),
        ((.posterize, 0.6, 7), (.posterize, 0.6, 6)),
        ((.equalize, 0.4, nil), (.solarize, 0.2, 4)),
        ((.equalize, 0.4, nil), (.rotate, 0.8, 8)),
        ((.solarize, 0.6, 3), (.equalize, 0.6, nil)),
        ((.posterize, 0.8, 5), (.equalize, 1, nil)),
        ((.rotate, 0.2, 3), (.solarize, 0.6, 8)),
        ((.equalize, 0.6, nil), (.posterize, 0.4, 6)),
        ((.rotate, 0.8, 8), (.color, 0.4, 0)),
        ((.rotate, 0.4, 9), (.equalize, 0.6, nil)),
        ((.equalize, 0, nil), (.equalize, 0.8, nil)),
        ((.invert, 0.6, nil), (.equalize, 1, nil)),
        ((.color, 0.6, 4), (.contrast, 1, 8)),
        ((.rotate, 0.8, 8), (.color, 1, 2)),
        ((.color, 0.8, 8), (.solarize, 0.8, 7)),
        ((.sharpness, 0.4, 7), (.invert, 0.6, nil)),
        ((.shearX, 0.6, 5), (.equalize, 1, nil)),
        ((.color, 0.4, 0), (.equalize, 0.6, nil)),
        ((.equalize, 0.4, nil), (.solarize, 0.2, 4)),
        ((.solarize, 0.6, 5), (.autoContrast, 0.6, nil)),
        ((.invert, 0.6, nil), (.equalize, 1, nil)),
        ((.color, 0.6, 4), (.contrast, 1, 8)),
        ((.equalize, 0.8, nil), (.equalize, 0.6, nil)),
    ]

    private static let cifar10Pairs: [(Step, Step)] = [
        ((.invert, 0.1, nil), (.contrast, 0.2, 6)),
        ((.rotate, 0.7, 2), (.translateX, 0.3, 9)),
        ((.sharpness, 0.8, 1), (.sharpness, 0.9, 3)),
        ((.shearY, 0.5, 8), (.translateY, 0.7, 9)),
        ((.autoContrast, 0.5, nil), (.equalize, 0.9, nil)),
        ((.shearY, 0.2, 7), (.posterize, 0.3, 7)),
        ((.color, 0.4, 3), (.brightness, 0.6, 7)),
        ((.sharpness, 0.3, 9), (.brightness, 0.7, 9)),
        ((.equalize, 0.6, nil), (.equalize, 0.5, nil)),
        ((.contrast, 0.6, 7), (.sharpness, 0.6, 5)),
        ((.color, 0.7, 7), (.translateX, 0.5, 8)),
        ((.equalize, 0.3, nil), (.autoContrast, 0.4, nil)),
        ((.translateY, 0.4, 3), (.sharpness, 0.2, 6)),
        ((.brightness, 0.9, 6), (.color, 0.2, 8)),
        ((.solarize, 0.5, 2), (.invert, 0, nil)),
        ((.equalize, 0.2, nil), (.autoContrast, 0.6, nil)),
        ((.equalize, 0.2, nil), (.equalize, 0.6, nil)),
        ((.color, 0.9, 9), (.equalize, 0.6, nil)),
        ((.autoContrast, 0.8, nil), (.solarize, 0.2, 8)),
        ((.brightness, 0.1, 3), (.color, 0.7, 0)),
        ((.solarize, 0.4, 5), (.autoContrast, 0.9, nil)),
        ((.translateY, 0.9, 9), (.translateY, 0.7, 9)),
        ((.autoContrast, 0.9, nil), (.solarize, 0.8, 3)),
        ((.equalize, 0.8, nil), (.invert, 0.1, nil)),
        ((.translateY, 0.7, 9), (.autoContrast, 0.9, nil)),
    ]

    private static let svhnPairs: [(Step, Step)] = [
        ((.shearX, 0.9, 4), (.invert, 0.2, nil)),
        ((.shearY, 0.9, 8), (.invert, 0.7, nil)),
        ((.equalize, 0.6, nil), (.solarize, 0.6, 6)),
        ((.invert, 0.9, nil), (.equalize, 0.6, nil)),
        ((.equalize, 0.6, nil), (.rotate, 0.9, 3)),
        ((.shearX, 0.9, 4), (.autoContrast, 0.8, nil)),
        ((.shearY, 0.9, 8), (.invert, 0.4, nil)),
        ((.shearY, 0.9, 5), (.solarize, 0.2, 6)),
        ((.invert, 0.9, nil), (.autoContrast, 0.8, nil)),
        ((.equalize, 0.6, nil), (.rotate, 0.9, 3)),
        ((.shearX, 0.9, 4), (.solarize, 0.3, 3)),
        ((.shearY, 0.8, 8), (.invert, 0.7, nil)),
        ((.equalize, 0.9, nil), (.translateY, 0.6, 6)),
        ((.invert, 0.9, nil), (.equalize, 0.6, nil)),
        ((.contrast, 0.3, 3), (.rotate, 0.8, 4)),
        ((.invert, 0.8, nil), (.translateY, 0, 2)),
        ((.shearY, 0.7, 6), (.solarize, 0.4, 8)),
        ((.invert, 0.6, nil), (.rotate, 0.8, 4)),
        ((.shearY, 0.3, 7), (.translateX, 0.9, 3)),
        ((.shearX, 0.1, 6), (.invert, 0.6, nil)),
        ((.solarize, 0.7, 2), (.translateY, 0.6, 7)),
        ((.shearY, 0.8, 4), (.invert, 0.8, nil)),
        ((.shearX, 0.7, 9), (.translateY, 0.8, 3)),
        ((.shearY, 0.8, 5), (.autoContrast, 0.7, nil)),
        ((.shearX, 0.7, 2), (.invert, 0.1, nil)),
    ]
}
