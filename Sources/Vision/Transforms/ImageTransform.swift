import Glibc
import Kernels

/// One step of a transform chain on images: torchvision's transform of that name, drawing from the generator in torchvision's order.
package indirect enum ImageTransform: Sendable {
    case horizontalFlip(probability: Double)
    case verticalFlip(probability: Double)
    /// `padding` is left, top, right, bottom.
    case pad([Int], Padding)
    case randomCrop(height: Int, width: Int, padding: [Int]?, padIfNeeded: Bool, Padding)
    case centerCrop(height: Int, width: Int)
    /// `height` nil: the shorter edge becomes `width`, the longer at most `limit`.
    case resize(height: Int?, width: Int, limit: Int?, Resampling)
    case randomResizedCrop(height: Int, width: Int, scale: (Double, Double), ratio: (Double, Double), Resampling)
    case rotation(degrees: (Double, Double), expand: Bool, center: (x: Double, y: Double)?, Filling)
    case affine(RandomAffine)
    case perspective(distortion: Double, probability: Double, Filling)
    /// Ranges of factors; nil leaves a property alone.
    case colorJitter(brightness: (Double, Double)?, contrast: (Double, Double)?, saturation: (Double, Double)?, hue: (Double, Double)?)
    case grayscale(channels: Int)
    case randomGrayscale(probability: Double)
    case operation(AugmentOperation, magnitude: Double, probability: Double)
    case randAugment(count: Int, magnitude: Int, bins: Int, Filling)
    case autoAugment(AugmentPolicy, Filling)
    case trivialAugmentWide(bins: Int, Filling)
    case apply([ImageTransform], probability: Double)

    package func callAsFunction(_ image: Image, _ random: inout MersenneTwister) throws(VisionError) -> Image {
        switch self {
        case .horizontalFlip(let p): return Double(random.uniformFloat()) < Double(Float(p)) ? try image.transposed(.flipLeftRight) : image
        case .verticalFlip(let p): return Double(random.uniformFloat()) < Double(Float(p)) ? try image.transposed(.flipTopBottom) : image
        case .pad(let border, let padding): return try image.padded(border, padding)
        case .randomCrop(let height, let width, let border, let padIfNeeded, let padding):
            return try image.randomlyCropped(height, width, border, padIfNeeded, padding, &random)
        case .centerCrop(let height, let width): return try image.centerCropped(height, width)
        case .resize(let height, let width, let limit, let filter): return try image.resized(height: height, width: width, limit: limit, filter)
        case .randomResizedCrop(let height, let width, let scale, let ratio, let filter):
            let box = image.randomBox(scale: scale, ratio: ratio, &random)
            return try image.cropped(box.left, box.top, box.left + box.width, box.top + box.height).resized(width, height, filter)
        case .rotation(let degrees, let expand, let center, let filling):
            let angle = random.uniform(degrees.0, degrees.1)
            return try image.rotated(angle, filling.filter, expand: expand, center: center, fill: filling.ink(image.mode))
        case .affine(let affine): return try affine(image, &random)
        case .perspective(let distortion, let p, let filling): return try image.randomPerspective(distortion, p, filling, &random)
        case .colorJitter(let brightness, let contrast, let saturation, let hue):
            return try image.jittered([brightness, contrast, saturation, hue], &random)
        case .grayscale(let channels): return try image.grayscaled(channels)
        case .randomGrayscale(let p):
            return Double(random.uniformFloat()) < Double(Float(p)) ? try image.grayscaled(image.mode.bandCount) : image
        case .operation(let operation, let magnitude, let p):
            return Double(random.uniformFloat()) < p ? try image.augmented(operation, magnitude, Filling()) : image
        case .randAugment(let count, let magnitude, let bins, let filling):
            return try image.randAugmented(count, magnitude, bins, filling, &random)
        case .autoAugment(let policy, let filling): return try image.autoAugmented(policy, filling, &random)
        case .trivialAugmentWide(let bins, let filling): return try image.triviallyAugmented(bins, filling, &random)
        case .apply(let steps, let p):
            if Float(p) < random.uniformFloat() { return image }
            var current = image
            for step in steps { current = try step(current, &random) }
            return current
        }
    }
}

extension MersenneTwister {
    /// `torch.empty(1).uniform_(low, high).item()`.
    package mutating func uniform(_ low: Double, _ high: Double) -> Double {
        let (from, to) = (Float(low), Float(high))
        return Double(from.addingProduct(uniformFloat(), to - from))
    }

    /// `torch.randint(low, high, (1,)).item()`.
    package mutating func integer(_ low: Int, _ high: Int) -> Int { low + Int(below(UInt64(high - low))) }

    /// `torch.randperm(n)`.
    mutating func permutation(_ n: Int) -> [Int] {
        var order = Array(0..<n)
        if n > 1 { for i in 0..<n - 1 { order.swapAt(i, i + Int(next32() % UInt32(n - i))) } }
        return order
    }
}
