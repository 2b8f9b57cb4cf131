import Glibc
import Tensors

/// A drawn dataset of CIFAR-10's kind: ten shapes, each in a pattern of its own, with random place, size, turn, colors and noise; 32×32
/// pixels in color.
///
/// Everything is integer arithmetic on a small generator, so every machine draws the same bytes. Outline, pattern and the axis of the tint
/// tell the class, and all survive flips and RandAugment: a MobileNetV2 passes 90 % after four or five epochs. The tint's sign and the
/// pattern's phase are random, so that the mean image of a class is nearly gray: a linear model on pixels stays near 30 %.
package enum Shapes10 {
    package static let classes = ["circle", "square", "triangle", "ring", "frame", "plus", "diamond", "crescent", "brick", "bowtie"]

    /// Training and test images with their labels, `[count, 32, 32, 3]`.
    package static func draw(train: Bool) throws(TensorError) -> (images: Tensor, labels: [Int]) {
        let count = train ? 10_000 : 2_000
        let images = try Tensor.empty([count, 32, 32, 3], dtype: .uint8)
        let pixels = images.pointer.assumingMemoryBound(to: UInt8.self)
        var labels: [Int] = []
        for i in 0..<count {
            var random = SplitMix(seed: UInt64(i) &* 2 &+ (train ? 0 : 1))
            let label = random.below(10)
            labels.append(label)
            let drawing = Drawing(label, &random)
            drawing.draw(pixels + i * 3072, &random)
        }
        return (images, labels)
    }
}

/// A 64-bit generator whose streams for neighbouring seeds are unrelated (Steele, Lea, Flood 2014).
private struct SplitMix {
    private var state: UInt64
    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 0x5851_F42D_4C95_7F2D }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ n: Int) -> Int { Int(next() % UInt64(n)) }
    mutating func within(_ range: ClosedRange<Int>) -> Int { range.lowerBound + below(range.count) }
}

private typealias Color = (Int, Int, Int)

/// One image's choices. Lengths are in quarters of a pixel; inside the outline, in 1/64 of the shape's radius.
private struct Drawing {
    private let label: Int
    private let radius, centerX, centerY, cosine, sine, noise: Int
    /// Length of one repetition of the pattern, and where it starts.
    private let period, phaseX, phaseY: Int
    /// The ground, and the figure's two colors: the ground more and less tinted.
    private let ground, first, second: Color
    /// How much brighter the ground is in one corner than in the middle.
    private let slope: Color

    init(_ label: Int, _ random: inout SplitMix) {
        self.label = label
        radius = random.within(40...56)
        centerX = random.within(64 - 16...64 + 16)
        centerY = random.within(64 - 16...64 + 16)
        // Small turns only: a square turned by 45 degrees would be another shape to the eye.
        let angle = Double(random.within(-20...20)) * Double.pi / 180
        cosine = Int((cos(angle) * 1024).rounded())
        sine = Int((sin(angle) * 1024).rounded())
        noise = random.within(2...10)
        period = random.within(18...26)
        phaseX = random.below(period)
        phaseY = random.below(period)
        // Opposite tints around the ground: over a class, and over a pattern, they cancel.
        let turn = 36 * (label % 5) + random.within(-9...9)
        let strength = random.within(80...120) * (random.below(2) * 2 - 1)
        let base = random.within(80...170)
        let light = random.within(-40...40)
        var tints: [Int] = []
        var grounds: [Int] = []
        for channel in 0..<3 {
            tints.append(strength * tint(turn - 120 * channel) / 256 + light)
            grounds.append(base + random.within(-25...25))
        }
        ground = (grounds[0], grounds[1], grounds[2])
        first = (ground.0 + tints[0], ground.1 + tints[1], ground.2 + tints[2])
        second = (ground.0 - tints[0], ground.1 - tints[1], ground.2 - tints[2])
        slope = (random.within(-40...40), random.within(-40...40), random.within(-40...40))
    }

    /// Writes 32×32 pixels, each the mean of its four quarters.
    func draw(_ output: UnsafeMutablePointer<UInt8>, _ random: inout SplitMix) {
        var p = output
        for y in 0..<32 {
            for x in 0..<32 {
                var sum = (0, 0, 0)
                for quarter in 0..<4 {
                    let color = color(4 * x + 1 + 2 * (quarter & 1), 4 * y + 1 + 2 * (quarter >> 1), light: x + y - 31)
                    sum = (sum.0 + color.0, sum.1 + color.1, sum.2 + color.2)
                }
                p[0] = shade(sum.0 / 4, &random)
                p[1] = shade(sum.1 / 4, &random)
                p[2] = shade(sum.2 / 4, &random)
                p += 3
            }
        }
    }

    private func shade(_ value: Int, _ random: inout SplitMix) -> UInt8 { UInt8(max(0, min(255, value + random.within(-noise...noise)))) }

    /// The color at a point of the canvas; `light` goes from -31 to 31 across the ground.
    private func color(_ x: Int, _ y: Int, light: Int) -> Color {
        let (dx, dy) = (x - centerX, y - centerY)
        let (u, v) = (dx * cosine + dy * sine, dy * cosine - dx * sine)
        if outlineContains(u * 64 / (1024 * radius), v * 64 / (1024 * radius)) { return isMarked(u / 1024, v / 1024) ? second : first }
        return (ground.0 + slope.0 * light / 31, ground.1 + slope.1 * light / 31, ground.2 + slope.2 * light / 31)
    }

    /// Whether the shape covers a point of its own frame, where its radius is 64.
    private func outlineContains(_ x: Int, _ y: Int) -> Bool {
        let (ax, ay, square) = (abs(x), abs(y), x * x + y * y)
        switch label {
        case 0: return square <= 58 * 58
        case 1: return max(ax, ay) <= 50
        case 2: return y <= 46 && 2 * ax <= y + 62
        case 3: return square <= 62 * 62 && square >= 32 * 32
        case 4: return max(ax, ay) <= 54 && max(ax, ay) >= 28
        case 5: return min(ax, ay) <= 19 && max(ax, ay) <= 60
        case 6: return ax + ay <= 66
        case 7: return square <= 62 * 62 && (x - 28) * (x - 28) + y * y > 44 * 44
        case 8: return ax <= 56 && ay <= 36
        default: return ax <= 60 && ay <= 6 + ax * 3 / 4
        }
    }

    /// Whether the pattern shows its second color, in the figure's frame.
    private func isMarked(_ u: Int, _ v: Int) -> Bool {
        let (column, row) = (half(u + phaseX, period), half(v + phaseY, period))
        switch label {
        case 1: return row
        case 2: return column
        case 5: return column != row
        case 6:
            let (x, y) = (2 * remainder(u + phaseX, period) - period, 2 * remainder(v + phaseY, period) - period)
            return x * x + y * y < period * period / 2
        case 8: return half(u + v + phaseX, period * 7 / 5)
        case 9: return half(Int(Double(u * u + v * v).squareRoot()), period)
        default: return false
        }
    }
}

/// The cosine of an angle in degrees, in 1/256.
private func tint(_ degrees: Int) -> Int { Int((cos(Double(degrees) * Double.pi / 180) * 256).rounded()) }

private func remainder(_ value: Int, _ divisor: Int) -> Int { (value % divisor + divisor) % divisor }

/// Whether a point lies in the second half of its repetition.
private func half(_ value: Int, _ period: Int) -> Bool { 2 * remainder(value, period) >= period }
