import BPU

/// The accelerator's scalar arithmetic.
enum Arithmetic {
    /// Arithmetic right shift; half rounds up on marches that round.
    @inline(__always)
    static func shift(_ value: Int, _ count: Int, _ rounds: Bool) -> Int {
        count == 0 ? value : rounds ? (value + 1 << (count - 1)) >> count : value >> count
    }

    @inline(__always)
    static func clamp(_ value: Int, _ low: Int, _ high: Int) -> Int { min(max(value, low), high) }

    @inline(__always)
    static func saturate32(_ value: Int) -> Int { clamp(value, -0x8000_0000, 0x7FFF_FFFF) }

    /// `rsh(sat16(rsh(value, pre)) · multiplier, post)`
    @inline(__always)
    static func rescale(_ value: Int, _ multiplier: Int, _ pre: Int, _ post: Int, _ rounds: Bool) -> Int {
        shift(clamp(shift(value, pre, rounds), -32768, 32767) * multiplier, post, rounds)
    }
}

/// A channel's constants, decoded from its record.
struct ChannelRecord {
    var bias: Int
    var multiplier: Int
    var preShift: Int
    var postShift: Int
    var alignMultiplier: Int
    var alignShift: Int

    init(_ memory: ByteMemory, _ address: Int, hasResidual: Bool) {
        bias = memory.read(address, 4)
        multiplier = memory.read(address + 4, 2)
        preShift = Int(memory.bytes[address + 6]) & 31
        postShift = Int(memory.bytes[address + 7]) & 31
        alignMultiplier = hasResidual ? memory.read(address + 8, 2) : 0
        alignShift = hasResidual ? Arithmetic.clamp(memory.read(address + 10, 1), -31, 31) : 0
    }

    /// The residual at the accumulator's scale, saturated to int32.
    @inline(__always)
    func align(_ value: Int, _ rounds: Bool) -> Int {
        let product = value * alignMultiplier
        return Arithmetic.saturate32(alignShift >= 0 ? Arithmetic.shift(product, alignShift, rounds) : product << -alignShift)
    }
}

/// Types of stored elements that convolutions multiply, with the widest accumulator their longest filter needs.
protocol ConvolutionOperand: FixedWidthInteger, Sendable {
    /// Σ a·b over `count` elements, exact.
    static func dot(_ a: UnsafePointer<Self>, _ b: UnsafePointer<Int8>, _ count: Int) -> Int
}

extension Int8: ConvolutionOperand {
    @inline(__always)
    static func dot(_ a: UnsafePointer<Int8>, _ b: UnsafePointer<Int8>, _ count: Int) -> Int {
        // 2^16 products of at most 2^14 are exact in 32 bits.
        var sum: Int32 = 0
        var wide = 0
        var done = 0
        while done < count {
            let end = Swift.min(count, done + 65_536)
            for k in done..<end { sum &+= Int32(a[k]) &* Int32(b[k]) }
            wide += Int(sum)
            sum = 0
            done = end
        }
        return wide
    }
}

extension Int16: ConvolutionOperand {
    @inline(__always)
    static func dot(_ a: UnsafePointer<Int16>, _ b: UnsafePointer<Int8>, _ count: Int) -> Int {
        var sum = 0
        for k in 0..<count { sum &+= Int(a[k]) &* Int(b[k]) }
        return sum
    }
}
