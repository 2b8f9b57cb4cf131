/// How the elements of a tensor lie in its storage: sizes, element strides, offset. Pure arithmetic.
package struct Layout: Equatable, Sendable {
    package let sizes: [Int]
    package let strides: [Int]
    package let offset: Int
    package let count: Int
    package let isContiguous: Bool

    package init(sizes: [Int], strides: [Int], offset: Int = 0) {
        self.sizes = sizes
        self.strides = strides
        self.offset = offset
        var count = 1
        for size in sizes { count *= size }
        self.count = count
        var expected = 1
        var contiguous = true
        if count > 0 {
            for d in stride(from: sizes.count - 1, through: 0, by: -1) where sizes[d] != 1 {
                if strides[d] != expected {
                    contiguous = false
                    break
                }
                expected *= sizes[d]
            }
        }
        isContiguous = contiguous
    }

    /// The canonical layout of these sizes: `self` if it is that.
    var atStart: Layout {
        var expected = 1
        for d in stride(from: sizes.count - 1, through: 0, by: -1) {
            if strides[d] != expected { return Layout(contiguous: sizes) }
            expected *= max(sizes[d], 1)
        }
        return offset == 0 ? self : Layout(contiguous: sizes)
    }

    /// Of one element, without dimensions.
    static let scalar = Layout(sizes: [], strides: [])

    package init(contiguous sizes: [Int]) { self.init(sizes: sizes, strides: Layout.contiguousStrides(sizes)) }

    package var rank: Int { sizes.count }

    package static func contiguousStrides(_ sizes: [Int]) -> [Int] {
        var strides = [Int](repeating: 1, count: sizes.count)
        if sizes.count > 1 {
            for d in stride(from: sizes.count - 2, through: 0, by: -1) { strides[d] = strides[d + 1] * max(sizes[d + 1], 1) }
        }
        return strides
    }

    /// Strides of `[batch, channels, spatial…]` whose memory runs `[batch, spatial…, channels]`.
    package static func channelsLastStrides(_ sizes: [Int]) -> [Int] {
        var strides = [Int](repeating: 1, count: sizes.count)
        var step = sizes[1]
        for d in stride(from: sizes.count - 1, through: 2, by: -1) {
            strides[d] = step
            step *= sizes[d]
        }
        strides[0] = step
        return strides
    }

    /// Strides that read this layout as `target`, with 0 along repeated dimensions. `target` must be a broadcast of `sizes`.
    func broadcastStrides(to target: [Int], strides own: [Int]) -> [Int] {
        var result = [Int](repeating: 0, count: target.count)
        let shift = target.count - sizes.count
        for d in 0..<sizes.count where sizes[d] != 1 || target[d + shift] == 1 { result[d + shift] = sizes[d] == 1 ? 0 : own[d] }
        return result
    }

    /// The strides a `view` to `target` sizes would have, or nil where memory does not allow one.
    package func viewStrides(_ target: [Int]) -> [Int]? {
        if count == 0 { return target == sizes ? strides : Layout.contiguousStrides(target) }
        var result = [Int](repeating: 0, count: target.count)
        var t = target.count - 1
        var chunkStride = strides.last ?? 1
        var chunk = 1
        var wanted = 1
        for d in stride(from: sizes.count - 1, through: 0, by: -1) {
            chunk *= sizes[d]
            if d == 0 || (sizes[d - 1] != 1 && strides[d - 1] != chunk * chunkStride) {
                while t >= 0 && (wanted < chunk || target[t] == 1) {
                    result[t] = wanted * chunkStride
                    wanted *= target[t]
                    t -= 1
                }
                if wanted != chunk { return nil }
                if d > 0 {
                    chunkStride = strides[d - 1]
                    chunk = 1
                    wanted = 1
                }
            }
        }
        if sizes.isEmpty { return Layout.contiguousStrides(target) }
        return t < 0 ? result : nil
    }

    /// Whether two positions share memory, as expanded tensors do.
    var overlapsItself: Bool {
        for d in 0..<sizes.count where sizes[d] > 1 && strides[d] == 0 { return true }
        return false
    }

    /// Whether two positions may share memory, as those of sliding windows do: false only where the strides exclude it.
    var mayOverlapItself: Bool {
        var reach = 0
        for d in (0..<sizes.count).filter({ sizes[$0] > 1 }).sorted(by: { strides[$0] < strides[$1] }) {
            if strides[d] <= reach { return true }
            reach += (sizes[d] - 1) * strides[d]
        }
        return false
    }
}

/// The common size of operands under broadcasting.
package func broadcastSizes(_ a: [Int], _ b: [Int]) throws(TensorError) -> [Int] {
    if a == b { return a }
    let rank = max(a.count, b.count)
    var result = [Int](repeating: 1, count: rank)
    // From the last dimension on: that is the one a mistake is reported for.
    for i in (0..<rank).reversed() {
        let x = i < rank - a.count ? 1 : a[i - (rank - a.count)]
        let y = i < rank - b.count ? 1 : b[i - (rank - b.count)]
        if x != y && x != 1 && y != 1 { throw .sizeMismatch(x, y, dimension: i) }
        result[i] = x == 1 ? y : x
    }
    return result
}
