/// The generator MT19937 of Matsumoto and Nishimura, seeded as CPython does.
final class MersenneTwister {
    static let size = 624
    private static let middle = 397
    /// The words, then the index of the next one: `random.getstate()`.
    private let state: UnsafeMutablePointer<UInt32>
    private(set) var index = MersenneTwister.size

    init() {
        state = .allocate(capacity: MersenneTwister.size)
        state.initialize(repeating: 0, count: MersenneTwister.size)
        seed([0])
    }

    deinit { state.deallocate() }

    var words: UnsafeBufferPointer<UInt32> { UnsafeBufferPointer(start: state, count: MersenneTwister.size) }

    /// Continues from a saved state.
    func restore(_ words: [UInt32], index: Int) {
        for (place, word) in words.enumerated() { state[place] = word }
        self.index = index
    }

    private func start(_ seed: UInt32) {
        state[0] = seed
        for place in 1..<MersenneTwister.size {
            let previous = state[place - 1]
            state[place] = 1_812_433_253 &* (previous ^ previous >> 30) &+ UInt32(place)
        }
        index = MersenneTwister.size
    }

    /// Seeds with a number given as 32-bit words, the lowest first (at least one).
    func seed(_ key: [UInt32]) {
        let size = MersenneTwister.size
        start(19_650_218)
        var place = 1
        var digit = 0
        for _ in 0..<max(size, key.count) {
            let previous = state[place - 1]
            state[place] = (state[place] ^ (previous ^ previous >> 30) &* 1_664_525) &+ key[digit] &+ UInt32(digit)
            place += 1
            digit += 1
            if place >= size {
                state[0] = state[size - 1]
                place = 1
            }
            if digit >= key.count { digit = 0 }
        }
        for _ in 0..<(size - 1) {
            let previous = state[place - 1]
            state[place] = (state[place] ^ (previous ^ previous >> 30) &* 1_566_083_941) &- UInt32(place)
            place += 1
            if place >= size {
                state[0] = state[size - 1]
                place = 1
            }
        }
        state[0] = 0x8000_0000
    }

    private func refill() {
        let size = MersenneTwister.size
        for place in 0..<size {
            let mixed = state[place] & 0x8000_0000 | state[(place + 1) % size] & 0x7FFF_FFFF
            state[place] = state[(place + MersenneTwister.middle) % size] ^ mixed >> 1 ^ (mixed & 1 != 0 ? 0x9908_B0DF : 0)
        }
        index = 0
    }

    /// 32 random bits.
    @inline(__always)
    func next() -> UInt32 {
        if index >= MersenneTwister.size { refill() }
        var word = state[index]
        index += 1
        word ^= word >> 11
        word ^= word << 7 & 0x9D2C_5680
        word ^= word << 15 & 0xEFC6_0000
        return word ^ word >> 18
    }

    /// A number in [0, 1) with 53 random bits.
    @inline(__always)
    func nextDouble() -> Double {
        let high = next() >> 5
        let low = next() >> 6
        return (Double(high) * 67_108_864 + Double(low)) * (1 / 9_007_199_254_740_992)
    }

    /// `count` random bits, 1…64.
    @inline(__always)
    func nextBits(_ count: Int) -> UInt64 {
        if count <= 32 { return UInt64(next() >> UInt32(32 - count)) }
        let low = UInt64(next())
        return low | UInt64(next() >> UInt32(64 - count)) << 32
    }
}
