import Kernels

/// A source of random numbers: `torch.Generator` on the CPU.
package final class Generator {
    package var engine = MersenneTwister(seed: 67_280_421_310_721)

    package init() {}
    package init(seed: UInt64) { engine = MersenneTwister(seed: seed) }

    package func manualSeed(_ seed: Int64) { engine = MersenneTwister(seed: UInt64(bitPattern: seed)) }
    package var initialSeed: UInt64 { engine.seed }

    /// The 5056-byte state tensor `torch.get_rng_state` returns: seed, position, words, and the cached normal sample.
    package func state() throws(TensorError) -> Tensor {
        let tensor = try Tensor.zeros([5056], dtype: .uint8)
        let p = tensor.pointer
        let (words, next) = engine.words
        p.storeBytes(of: engine.seed, as: UInt64.self)
        (p + 8).storeBytes(of: Int32(625 - next), as: Int32.self)
        (p + 12).storeBytes(of: 1, as: Int32.self)
        (p + 16).storeBytes(of: UInt64(next == 624 ? 0 : next), as: UInt64.self)
        for (i, word) in words.enumerated() { (p + 24 + i * 8).storeBytes(of: UInt64(word), as: UInt64.self) }
        if let cached = engine.cachedNormal {
            (p + 5016 + 8).storeBytes(of: cached, as: Double.self)
            (p + 5016 + 24).storeBytes(of: 1, as: Int32.self)
        }
        return tensor
    }

    package func setState(_ tensor: Tensor) throws(TensorError) {
        guard tensor.dtype == .uint8 else { throw .type("expected a torch.ByteTensor, but got torch.\(tensor.dtype.typeName)Tensor") }
        guard tensor.count == 5056 else { throw .runtime("RNG state is wrong size") }
        let p = try tensor.contiguous().pointer
        let left = Int(p.load(fromByteOffset: 8, as: Int32.self))
        var words: [UInt32] = []
        for i in 0..<624 { words.append(UInt32(truncatingIfNeeded: p.load(fromByteOffset: 24 + i * 8, as: UInt64.self))) }
        let seeded = p.load(fromByteOffset: 12, as: Int32.self) != 0
        guard seeded, left >= 1, left <= 625 else { throw .runtime("Invalid mt19937 state") }
        let cached = p.load(fromByteOffset: 5016 + 24, as: Int32.self) != 0 ? p.load(fromByteOffset: 5016 + 8, as: Double.self) : nil
        engine = MersenneTwister(
            seed: p.load(as: UInt64.self), state: words, next: left == 1 ? 624 : 625 - left, cachedNormal: cached)
    }
}
