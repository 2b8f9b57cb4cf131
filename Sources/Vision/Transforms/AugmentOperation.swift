/// One operation of the automatic augmentation policies, by torchvision's name.
package enum AugmentOperation: String, Sendable, CaseIterable {
    case identity = "Identity", shearX = "ShearX", shearY = "ShearY", translateX = "TranslateX", translateY = "TranslateY", rotate = "Rotate"
    case brightness = "Brightness", color = "Color", contrast = "Contrast", sharpness = "Sharpness"
    case posterize = "Posterize", solarize = "Solarize", autoContrast = "AutoContrast", equalize = "Equalize", invert = "Invert"
}

/// How geometric operations look up and fill pixels.
package struct Filling: Sendable {
    package var filter: Resampling
    /// One value for all bands, or one each; nil means zero.
    package var values: [Double]?

    package init(filter: Resampling = .nearest, values: [Double]? = nil) {
        self.filter = filter
        self.values = values
    }

    func ink(_ mode: Mode) throws(VisionError) -> [UInt8] {
        let given = values ?? [0]
        guard given.count == 1 || given.count == mode.bandCount else {
            throw .value(
                "The number of elements in 'fill' does not match the number of channels of the image (\(given.count) != \(mode.bandCount))")
        }
        return try Image.ink(mode, given.count == mode.bandCount ? given : [Double](repeating: given[0], count: mode.bandCount))
    }
}

extension Image {
    /// Applies one operation with torchvision's meaning of its magnitude.
    package func augmented(_ operation: AugmentOperation, _ magnitude: Double, _ filling: Filling) throws(VisionError) -> Image {
        switch operation {
        case .identity: return self
        case .shearX: return try sheared(magnitude, 0, filling)
        case .shearY: return try sheared(0, magnitude, filling)
        case .translateX: return try moved(magnitude.rounded(.towardZero), 0, filling)
        case .translateY: return try moved(0, magnitude.rounded(.towardZero), filling)
        case .rotate: return try rotated(magnitude, filling.filter, fill: filling.ink(mode))
        case .brightness: return try brightened(Float(1 + magnitude))
        case .color: return try colored(Float(1 + magnitude))
        case .contrast: return try contrasted(Float(1 + magnitude))
        case .sharpness: return try sharpened(Float(1 + magnitude))
        case .posterize: return try posterized(Int(max(0, min(99, magnitude))))
        case .solarize: return try solarized(magnitude)
        case .autoContrast: return try autocontrasted()
        case .equalize: return try equalized()
        case .invert: return try inverted()
        }
    }

    private func sheared(_ x: Double, _ y: Double, _ filling: Filling) throws(VisionError) -> Image {
        // Through degrees and back, as torchvision goes: the detour is visible in the last bit.
        func degrees(_ level: Double) -> Double { level == 0 ? 0 : arctangent(level) * (180 / Double.pi) }
        let warp = Warp.inverseAffine(center: (0, 0), angle: 0, translate: (0, 0), scale: 1, shear: (degrees(x), degrees(y)))
        return try transformed(warp, width, height, filling.filter, fill: filling.ink(mode))
    }

    private func moved(_ x: Double, _ y: Double, _ filling: Filling) throws(VisionError) -> Image {
        let warp = Warp.inverseAffine(
            center: (Double(width) * 0.5, Double(height) * 0.5), angle: 0, translate: (x, y), scale: 1, shear: (0, 0))
        return try transformed(warp, width, height, filling.filter, fill: filling.ink(mode))
    }
}
