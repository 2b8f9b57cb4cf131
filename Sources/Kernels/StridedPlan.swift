/// The loop nest of an elementwise operation over up to four operands: sizes and element strides, operand 0 the result.
///
/// Dimensions are ordered so that the last has the result's smallest stride, and neighbours that every operand crosses
/// evenly are merged: a contiguous operation becomes one long row.
package struct StridedPlan {
    /// The dimensions around the innermost one.
    private var outerSizes: [Int] = []
    private var outerStrides: [SIMD4<Int>] = []
    private var innerSize = 1
    private(set) var innerStrides = SIMD4<Int>(repeating: 1)
    package let count: Int

    /// All operands contiguous and of the same sizes, except for operand `repeated`, a single element.
    package init(contiguous count: Int, repeated: Int? = nil) {
        self.count = count
        innerSize = count
        if let repeated { innerStrides[repeated] = 0 }
    }

    /// `sizes` and, per operand, one stride for each size (0 where the operand is broadcast).
    package init(sizes: [Int], strides operands: [[Int]]) {
        count = sizes.reduce(1, *)
        var dims: [(size: Int, strides: SIMD4<Int>)] = []
        for d in 0..<sizes.count where sizes[d] != 1 {
            var s = SIMD4<Int>()
            for k in 0..<operands.count { s[k] = operands[k][d] }
            dims.append((sizes[d], s))
        }
        // Insertion sort: stable, and the order is almost always right already.
        if dims.count > 1 {
            for i in 1..<dims.count {
                var j = i
                while j > 0, StridedPlan.before(dims[j].strides, dims[j - 1].strides) {
                    dims.swapAt(j, j - 1)
                    j -= 1
                }
            }
        }
        for (i, dim) in dims.enumerated() {
            if i > 0 && innerStrides == dim.strides &* SIMD4(repeating: dim.size) {
                innerSize *= dim.size
            } else {
                if i > 0 {
                    outerSizes.append(innerSize)
                    outerStrides.append(innerStrides)
                }
                innerSize = dim.size
            }
            innerStrides = dim.strides
        }
    }

    private static func before(_ a: SIMD4<Int>, _ b: SIMD4<Int>) -> Bool {
        for k in 0..<4 where a[k] != b[k] && a[k] != 0 && b[k] != 0 { return abs(a[k]) > abs(b[k]) }
        return false
    }

    /// Calls `row(offsets, count)` for each stretch along the innermost dimension, cut into pieces of fixed size.
    @inline(never)
    func forEachRow(grain: Int = 32_768, _ row: (SIMD4<Int>, Int) -> Void) {
        if count == 0 { return }
        let (sizes, strides, inner, step) = (outerSizes, outerStrides, innerSize, innerStrides)
        let last = sizes.count
        if last == 0 {
            if inner <= grain { return row(SIMD4(), inner) }
            parallel(inner, grain: grain) { range in
                row(step &* SIMD4(repeating: range.lowerBound), range.count)
            }
            return
        }
        let rows = count / inner
        parallel(rows, grain: max(1, grain / inner)) { range in
            var position = [Int](repeating: 0, count: last)
            var offsets = SIMD4<Int>()
            var rest = range.lowerBound
            for d in stride(from: last - 1, through: 0, by: -1) {
                position[d] = rest % sizes[d]
                rest /= sizes[d]
                offsets &+= strides[d] &* SIMD4(repeating: position[d])
            }
            for _ in range {
                row(offsets, inner)
                var d = last - 1
                while d >= 0 {
                    position[d] += 1
                    offsets &+= strides[d]
                    if position[d] < sizes[d] { break }
                    offsets &-= strides[d] &* SIMD4(repeating: sizes[d])
                    position[d] = 0
                    d -= 1
                }
            }
        }
    }
}
