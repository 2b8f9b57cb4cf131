import Glibc
import Tensors

/// A drawn dataset of CIFAR-10's kind: ten shapes with random place, size, turn, colors, textures and noise, 32×32 pixels in color.
///
/// Everything is integer arithmetic on a small generator, so every machine draws the same bytes. Neither color nor position tells the
/// class: a linear model cannot learn it, a small convolutional network can.
package enum Shapes10 {
    package static let classes = ["circle", "square", "triangle", "ring", "frame", "plus", "star", "crescent", "bars", "bowtie"]

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
            var drawing = Drawing(label, &random)
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

/// Two colors in a pattern.
private struct Texture {
    let first, second: (Int, Int, Int)
    let kind, period, slantX, slantY: Int

    init(_ color: (Int, Int, Int), _ random: inout SplitMix) {
        func vary(_ v: Int) -> Int { max(0, min(255, v + random.within(-28...28))) }
        first = color
        second = (vary(color.0), vary(color.1), vary(color.2))
        kind = random.below(4)
        period = random.within(3...7)
        slantX = random.within(-2...2)
        slantY = random.within(1...2)
    }

    /// The color at a pixel.
    func color(_ x: Int, _ y: Int) -> (Int, Int, Int) {
        switch kind {
        case 0: return first
        case 1: return (x * slantX + y * slantY + 128) / period % 2 == 0 ? first : second
        case 2: return (x / period + y / period) % 2 == 0 ? first : second
        default:
            func mixed(_ a: Int, _ b: Int) -> Int { a + (b - a) * (x + y) / 62 }
            return (mixed(first.0, second.0), mixed(first.1, second.1), mixed(first.2, second.2))
        }
    }
}

/// One image's choices. Lengths are in 1/64 of the shape's radius inside the shape, in 1/4 pixels on the canvas.
private struct Drawing {
    let label: Int
    let centerX, centerY, radius, cosine, sine, noise: Int
    let ground, figure: Texture

    init(_ label: Int, _ random: inout SplitMix) {
        self.label = label
        radius = random.within(34...54)
        centerX = random.within(64 - 18...64 + 18)
        centerY = random.within(64 - 18...64 + 18)
        // Small turns only: a square turned by 45 degrees would be another shape to the eye, and bars keep their direction.
        let angle = Double(random.within(-20...20)) * Double.pi / 180
        cosine = Int((cos(angle) * 1024).rounded())
        sine = Int((sin(angle) * 1024).rounded())
        noise = random.within(4...16)
        var (a, b) = ((0, 0, 0), (0, 0, 0))
        repeat {
            a = (random.below(256), random.below(256), random.below(256))
            b = (random.below(256), random.below(256), random.below(256))
        } while abs(a.0 - b.0) + abs(a.1 - b.1) + abs(a.2 - b.2) < 190
        ground = Texture(a, &random)
        figure = Texture(b, &random)
    }

    /// Writes 32×32 pixels; every pixel is covered by 0 to 4 of its quarters.
    mutating func draw(_ output: UnsafeMutablePointer<UInt8>, _ random: inout SplitMix) {
        var p = output
        for y in 0..<32 {
            for x in 0..<32 {
                let (u, v) = (4 * x - centerX, 4 * y - centerY)
                let upper = (contains(u + 1, v + 1) ? 1 : 0) + (contains(u + 3, v + 1) ? 1 : 0)
                let covered = upper + (contains(u + 1, v + 3) ? 1 : 0) + (contains(u + 3, v + 3) ? 1 : 0)
                let (a, b) = (ground.color(x, y), figure.color(x, y))
                p[0] = shade(a.0, b.0, covered, &random)
                p[1] = shade(a.1, b.1, covered, &random)
                p[2] = shade(a.2, b.2, covered, &random)
                p += 3
            }
        }
    }

    private func shade(_ ground: Int, _ figure: Int, _ covered: Int, _ random: inout SplitMix) -> UInt8 {
        UInt8(max(0, min(255, (ground * (4 - covered) + figure * covered) / 4 + random.within(-noise...noise))))
    }

    /// Whether the shape covers a point given relative to its center, in quarters of a pixel.
    private func contains(_ dx: Int, _ dy: Int) -> Bool {
        // Turned back, and scaled so that the radius is 64.
        let x = (dx * cosine + dy * sine) * 64 / (1024 * radius)
        let y = (dy * cosine - dx * sine) * 64 / (1024 * radius)
        let square = x * x + y * y
        switch label {
        case 0: return square <= 56 * 56
        case 1: return max(abs(x), abs(y)) <= 48
        case 2: return y <= 44 && 2 * abs(x) <= y + 60
        case 3: return square <= 60 * 60 && square >= 32 * 32
        case 4: return max(abs(x), abs(y)) <= 52 && max(abs(x), abs(y)) >= 28
        case 5: return min(abs(x), abs(y)) <= 17 && max(abs(x), abs(y)) <= 58
        case 6: return abs(x) + abs(y) <= 64 && (abs(x) * abs(y) <= 16 * 16)
        case 7: return square <= 58 * 58 && (x - 28) * (x - 28) + y * y > 46 * 46
        case 8: return abs(x) <= 52 && abs(y) <= 56 && (y + 56) / 23 % 2 == 0
        default: return abs(x) <= 56 && abs(y) <= 4 + abs(x) * 3 / 4
        }
    }
}
