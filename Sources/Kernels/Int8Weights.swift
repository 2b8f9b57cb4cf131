import CInt8Kernels

/// Weights in the kernels' order, with what the kernels know of them beforehand.
package final class Int8Weights: @unchecked Sendable {
    let packed: UnsafeMutablePointer<Int8>
    private let steps: UnsafeMutablePointer<UInt16>?
    private let twos: UnsafeMutablePointer<UInt16>?
    private let offset: UnsafeMutablePointer<Int32>
    private let crossed: UnsafeMutablePointer<Int16>?
    private let neighbours: UnsafeMutablePointer<Int32>?
    private let columns: UnsafeMutablePointer<Int8>?
    private let windows: UnsafeMutableRawPointer?
    /// Depth of a row, a multiple of 4; taps rounded up for depthwise weights.
    package let depth: Int
    package let channels: Int

    var view: int8_weights {
        int8_weights(
            packed: packed, steps: steps, twos: twos, offset: offset, crossed: crossed, neighbours: neighbours, columns: columns, windows: windows)
    }

    /// What the weights will multiply.
    package enum Use: Sendable {
        /// Rows with negative values, or without.
        case signedRows, unsignedRows
        /// The pixels of each channel under depthwise windows: 3 × 3 ones without dilation along the row, this far apart, or others.
        case narrowWindows(stride: Int, unsigned: Bool), windows
    }

    /// `weight`: `channels` rows of `width` values each, as convolution rows or depthwise taps.
    package init(_ weight: [Int8], channels: Int, width: Int, for use: Use) {
        self.channels = channels
        depth = (width + 3) / 4 * 4
        let groups = (channels + 15) / 16
        packed = .allocate(capacity: max(groups * depth * 16, 1))
        packed.initialize(repeating: 0, count: groups * depth * 16)
        offset = .allocate(capacity: max(groups * 16, 1))
        offset.initialize(repeating: 0, count: groups * 16)
        for c in 0..<channels {
            for k in 0..<width {
                packed[(c / 16) * depth * 16 + (k / 4) * 64 + (c % 16) * 4 + k % 4] = weight[c * width + k]
                offset[c] &+= 128 &* Int32(weight[c * width + k])
            }
        }
        let count = depth / 4
        if case .unsignedRows = use, int8KernelLevel == .avx2, count <= Int(UInt16.max) {
            let order = UnsafeMutablePointer<UInt16>.allocate(capacity: max(groups * count, 1))
            let pairs = UnsafeMutablePointer<UInt16>.allocate(capacity: max(groups, 1))
            for group in 0..<groups {
                pairs[group] = UInt16(truncatingIfNeeded: Int8Weights.paired(packed + group * depth * 16, count, order + group * count))
            }
            (steps, twos) = (order, pairs)
        } else {
            (steps, twos) = (nil, nil)
        }
        if case .signedRows = use, depth >= Int8Weights.leastCrossedDepth, int8KernelLevel == .avx2 {
            let words = UnsafeMutablePointer<Int16>.allocate(capacity: groups * depth * 16)
            let sums = UnsafeMutablePointer<Int32>.allocate(capacity: groups * 16)
            Int8Weights.cross(packed, groups, depth, words, sums)
            (crossed, neighbours) = (words, sums)
        } else {
            (crossed, neighbours) = (nil, nil)
        }
        if case .narrowWindows(let stride, _) = use, stride <= 2, int8KernelLevel == .avx512VNNI {
            columns = Int8Weights.columns(weight, channels: channels)
        } else {
            columns = nil
        }
        if case .narrowWindows(let stride, unsigned: true) = use, stride <= 2, groups >= 2, int8KernelLevel == .avx2 || int8KernelLevel == .avxVNNI {
            let memory = UnsafeMutableRawPointer.allocate(byteCount: int8_windows_size(Int32(groups * 16)), alignment: 32)
            int8_arrange_windows(packed, Int32(groups * 16), Int32(stride), memory)
            windows = memory
        } else {
            windows = nil
        }
    }

    deinit {
        packed.deallocate()
        steps?.deallocate()
        twos?.deallocate()
        offset.deallocate()
        crossed?.deallocate()
        neighbours?.deallocate()
        columns?.deallocate()
        windows?.deallocate()
    }

    // MARK: Sums in 16 bits

    /// Puts those steps of one group of columns first of which two may be added: each with the first of the next ones it fits. Returns how many twos.
    private static func paired(_ packed: UnsafePointer<Int8>, _ count: Int, _ steps: UnsafeMutablePointer<UInt16>) -> Int {
        let sums = (0..<count).map { PairSums(packed + $0 * 64) }
        var isTaken = [Bool](repeating: false, count: count)
        var twos: [Int] = []
        var singles: [Int] = []
        for step in 0..<count where !isTaken[step] {
            let partner = (step + 1..<max(step + 1, min(count, step + 32))).first { !isTaken[$0] && (sums[step] + sums[$0]).fit }
            guard let partner else {
                singles.append(step)
                continue
            }
            isTaken[partner] = true
            twos += [step, partner]
        }
        for (at, step) in (twos + singles).enumerated() { steps[at] = UInt16(truncatingIfNeeded: step) }
        return twos.count / 2
    }

    /// For 16 columns and both pairs of 4 taps the sums of the positive and of the negative weights.
    private struct PairSums {
        var positive, negative: SIMD32<Int16>

        init(_ weights: UnsafePointer<Int8>) {
            (positive, negative) = (.zero, .zero)
            for pair in 0..<32 {
                let (a, b) = (Int16(weights[2 * pair]), Int16(weights[2 * pair + 1]))
                positive[pair] = max(a, 0) + max(b, 0)
                negative[pair] = max(-a, 0) + max(-b, 0)
            }
        }

        static func + (a: PairSums, b: PairSums) -> PairSums {
            var sum = a
            sum.positive &+= b.positive
            sum.negative &+= b.negative
            return sum
        }

        /// Whether their products by 0...127 fit 16 bits.
        var fit: Bool { positive.max() <= 258 && negative.max() <= 258 }
    }

    // MARK: Columns of windows

    /// The order of `int8_weights.columns`, of `weight` with 9 taps for each channel.
    private static func columns(_ weight: [Int8], channels: Int) -> UnsafeMutablePointer<Int8> {
        let blocks = (channels + 63) / 64
        let memory = UnsafeMutableRawPointer.allocate(byteCount: max(blocks * 768, 1), alignment: 64).bindMemory(
            to: Int8.self, capacity: blocks * 768)
        memory.initialize(repeating: 0, count: blocks * 768)
        for block in 0..<blocks {
            let left = channels - 64 * block
            for place in 0..<192 {
                let (column, fourth, lane, within) = (place / 64, place / 16 % 4, place / 4 % 4, place % 4)
                let channel = (left <= 32 ? lane % 2 : lane) * 16 + fourth * 4 + within
                if channel >= left { continue }
                for row in 0..<3 { memory[block * 768 + place * 4 + row] = weight[(block * 64 + channel) * 9 + row * 3 + column] }
            }
        }
        return memory
    }

    // MARK: Half the multiplications

    /// Shallower products have too few multiplications to save.
    private static let leastCrossedDepth = 32

    /// Widens the weights of every 4 taps, those at odd places first, and sums minus the products of neighbours.
    private static func cross(
        _ packed: UnsafePointer<Int8>, _ groups: Int, _ depth: Int, _ words: UnsafeMutablePointer<Int16>, _ sums: UnsafeMutablePointer<Int32>
    ) {
        sums.initialize(repeating: 0, count: groups * 16)
        // 8 columns by 4 taps at a time.
        for block in 0..<groups * depth / 2 {
            let (from, to) = (packed + block * 32, words + block * 32)
            let column = block / (depth / 2) * 16 + block % 2 * 8
            for c in 0..<8 {
                let (first, second, third, fourth) = (Int16(from[4 * c]), Int16(from[4 * c + 1]), Int16(from[4 * c + 2]), Int16(from[4 * c + 3]))
                (to[2 * c], to[2 * c + 1], to[2 * c + 16], to[2 * c + 17]) = (second, fourth, first, third)
                sums[column + c] &-= Int32(first) * Int32(second) + Int32(third) * Int32(fourth)
            }
        }
    }
}
