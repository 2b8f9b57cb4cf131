import Glibc

/// mt19937 with the sampling algorithms of PyTorch's CPU generator, so that a seed gives the same values bit for bit.
package struct MersenneTwister: Sendable {
    package private(set) var seed: UInt64
    private var state: [UInt32]
    private var index: Int
    /// The second half of a Box–Muller pair, waiting for the next scalar normal sample.
    package var cachedNormal: Double?

    package init(seed: UInt64) {
        self.seed = seed
        state = [UInt32](repeating: 0, count: 624)
        state[0] = UInt32(truncatingIfNeeded: seed)
        for j in 1..<624 { state[j] = 1_812_433_253 &* (state[j - 1] ^ (state[j - 1] >> 30)) &+ UInt32(j) }
        index = 624
        cachedNormal = nil
    }

    /// The 624 state words and the position of the next one: what a saved generator state holds.
    package var words: (state: [UInt32], next: Int) { (state, index) }

    package init(seed: UInt64, state: [UInt32], next: Int, cachedNormal: Double?) {
        precondition(state.count == 624 && (0...624).contains(next), "a mt19937 state has 624 words and a position among them")
        self.seed = seed
        self.state = state
        index = next
        self.cachedNormal = cachedNormal
    }

    private mutating func twist() {
        state.withUnsafeMutableBufferPointer { s in
            for k in 0..<624 {
                let y = (s[k] & 0x8000_0000) | (s[k == 623 ? 0 : k + 1] & 0x7FFF_FFFF)
                s[k] = s[k < 227 ? k + 397 : k - 227] ^ (y >> 1) ^ (y & 1 == 0 ? 0 : 0x9908_B0DF)
            }
        }
        index = 0
    }

    package mutating func next32() -> UInt32 {
        if index >= 624 { twist() }
        var y = state[index]
        index += 1
        y ^= y >> 11
        y ^= (y << 7) & 0x9D2C_5680
        y ^= (y << 15) & 0xEFC6_0000
        return y ^ (y >> 18)
    }

    package mutating func next64() -> UInt64 {
        let high = UInt64(next32())
        return high << 32 | UInt64(next32())
    }

    /// Uniform in [0, 1) from 24 bits.
    @inline(__always)
    package mutating func uniformFloat() -> Float { Float(next32() & 0xFF_FFFF) * 0x1p-24 }

    /// Uniform in [0, 1) from 53 bits.
    @inline(__always)
    package mutating func uniformDouble() -> Double { Double(next64() & 0x1F_FFFF_FFFF_FFFF) * 0x1p-53 }

    /// One normal sample by the Box–Muller transform; every second call uses the cached half.
    package mutating func normal(mean: Double, std: Double) -> Double {
        if let cached = cachedNormal {
            cachedNormal = nil
            return cached * std + mean
        }
        let u1 = uniformDouble()
        let u2 = uniformDouble()
        let radius = (-2 * log1p(-u2)).squareRoot()
        let theta = 2 * Double.pi * u1
        cachedNormal = radius * sin(theta)
        return radius * cos(theta) * std + mean
    }

    /// An integer below `range`: 32 random bits where they suffice amply, else 64.
    package mutating func below(_ range: UInt64) -> UInt64 {
        range >= 1 << 28 ? next64() % range : UInt64(next32()) % range
    }
}

extension MersenneTwister {
    /// Fills a contiguous buffer with uniforms in [from, to).
    package mutating func fillUniform(_ p: UnsafeMutablePointer<Float>, _ count: Int, from: Double, to: Double) {
        let (low, high) = (Float(from), Float(to))
        for i in 0..<count { p[i] = low.addingProduct(uniformFloat(), high - low) }
    }

    package mutating func fillUniform(_ p: UnsafeMutablePointer<Double>, _ count: Int, from: Double, to: Double) {
        for i in 0..<count { p[i] = from.addingProduct(uniformDouble(), to - from) }
    }

    /// Fills a contiguous buffer with normals: blocks of 16 uniforms become 16 normals; below 16 elements, one by one.
    package mutating func fillNormal(_ p: UnsafeMutablePointer<Float>, _ count: Int, mean: Double, std: Double) {
        if count < 16 {
            for i in 0..<count { p[i] = Float(normal(mean: mean, std: std)) }
            return
        }
        for i in 0..<count { p[i] = uniformFloat() }
        for i in stride(from: 0, through: count - 16, by: 16) { boxMuller16(p + i, Float(mean), Float(std)) }
        if count % 16 != 0 {
            let tail = p + count - 16
            for i in 0..<16 { tail[i] = uniformFloat() }
            boxMuller16(tail, Float(mean), Float(std))
        }
    }

    package mutating func fillNormal(_ p: UnsafeMutablePointer<Double>, _ count: Int, mean: Double, std: Double) {
        if count < 16 {
            for i in 0..<count { p[i] = normal(mean: mean, std: std) }
            return
        }
        for i in 0..<count { p[i] = uniformDouble() }
        for i in stride(from: 0, through: count - 16, by: 16) { boxMuller16(p + i, mean, std) }
        if count % 16 != 0 {
            let tail = p + count - 16
            for i in 0..<16 { tail[i] = uniformDouble() }
            boxMuller16(tail, mean, std)
        }
    }
}

private func boxMuller16(_ p: UnsafeMutablePointer<Double>, _ mean: Double, _ std: Double) {
    for j in 0..<8 {
        let radius = (-2 * log(1 - p[j])).squareRoot()
        let theta = 2 * Double.pi * p[j + 8]
        p[j] = radius * cos(theta) * std + mean
        p[j + 8] = radius * sin(theta) * std + mean
    }
}

/// The single-precision transform, with the Cephes logarithm, sine and cosine in the order PyTorch's vector code evaluates them.
private func boxMuller16(_ p: UnsafeMutablePointer<Float>, _ mean: Float, _ std: Float) {
    for j in 0..<8 {
        let radius = (-2 * cephesLog(1 - p[j])).squareRoot()
        let theta = Float(2 * Double.pi) * p[j + 8]
        let (s, c) = cephesSineCosine(theta)
        p[j] = mean.addingProduct(radius * c, std)
        p[j + 8] = mean.addingProduct(radius * s, std)
    }
}

@inline(__always)
private func horner(_ y: Float, _ x: Float, _ c: Float) -> Float { c.addingProduct(y, x) }

/// Natural logarithm for x in (0, 1].
private func cephesLog(_ value: Float) -> Float {
    let bits = value.bitPattern
    var e = Float(Int32(bits >> 23) - 0x7F) + 1
    var x = Float(bitPattern: (bits & 0x807F_FFFF) | Float(0.5).bitPattern)
    if x < 0.707106781186547524 {
        e -= 1
        x = (x - 1) + x
    } else {
        x -= 1
    }
    let z = x * x
    var y: Float = 7.0376836292e-2
    y = horner(y, x, -1.1514610310e-1)
    y = horner(y, x, 1.1676998740e-1)
    y = horner(y, x, -1.2420140846e-1)
    y = horner(y, x, 1.4249322787e-1)
    y = horner(y, x, -1.6668057665e-1)
    y = horner(y, x, 2.0000714765e-1)
    y = horner(y, x, -2.4999993993e-1)
    y = horner(y, x, 3.3333331174e-1)
    y = (e * -2.12194440e-4).addingProduct(y * x, z)
    y = y.addingProduct(z, -0.5)
    return (x + y).addingProduct(e, 0.693359375)
}

/// Sine and cosine for x in [0, 2π).
private func cephesSineCosine(_ value: Float) -> (sine: Float, cosine: Float) {
    let octant = (Int32(value * 1.27323954473516) + 1) & ~1
    let y = Float(octant)
    var x = value
    x = x.addingProduct(y, -0.78515625)
    x = x.addingProduct(y, -2.4187564849853515625e-4)
    x = x.addingProduct(y, -3.77489497744594108e-8)
    let z = x * x
    var c: Float = 2.443315711809948e-5
    c = horner(c, z, -1.388731625493765e-3)
    c = horner(c, z, 4.166664568298827e-2)
    c = (-(z * 0.5)).addingProduct(c * z, z)
    c = c + 1
    var s: Float = -1.9515295891e-4
    s = horner(s, z, 8.3321608736e-3)
    s = horner(s, z, -1.6666654611e-1)
    s = x.addingProduct(s * z, x)
    let swapped = octant & 2 != 0
    let sine = swapped ? c : s
    let cosine = swapped ? s : c
    return (octant & 4 != 0 ? -sine : sine, (octant - 2) & 4 == 0 ? -cosine : cosine)
}

extension MersenneTwister {
    /// One exponential sample.
    package mutating func exponential(_ lambda: Double) -> Double { -1 / lambda * log1p(-uniformDouble()) }
}
