/// Reductions over the middle dimension of a contiguous `[outer, n, inner]` operand.
package enum Reduction: Sendable, CaseIterable { case sum, product, maximum, minimum, sumOfSquares, sumOfMagnitudes }

/// The operand's extents: reduce `n`, keep `outer` and `inner`.
package struct ReductionExtent: Sendable {
    package var outer, n, inner: Int
    package init(outer: Int, n: Int, inner: Int) {
        self.outer = outer
        self.n = n
        self.inner = inner
    }
}

/// `result[o, i] = reduction over k of source[o, k, i]`. Floating sums accumulate in blocks and then in double precision.
/// For `maximum` and `minimum`, `n` must be positive; NaN wins.
package func reduce(_ reduction: Reduction, _ type: ElementType, _ e: ReductionExtent, _ source: UnsafeRawPointer, _ result: UnsafeMutableRawPointer)
{
    switch type {
    case .bool, .uint8: reduceElements(reduction, e, source.assumingMemoryBound(to: UInt8.self), result.assumingMemoryBound(to: UInt8.self))
    case .int8: reduceElements(reduction, e, source.assumingMemoryBound(to: Int8.self), result.assumingMemoryBound(to: Int8.self))
    case .int16: reduceElements(reduction, e, source.assumingMemoryBound(to: Int16.self), result.assumingMemoryBound(to: Int16.self))
    case .int32: reduceElements(reduction, e, source.assumingMemoryBound(to: Int32.self), result.assumingMemoryBound(to: Int32.self))
    case .int64: reduceElements(reduction, e, source.assumingMemoryBound(to: Int64.self), result.assumingMemoryBound(to: Int64.self))
    case .float32: reduceFloats(reduction, e, source.assumingMemoryBound(to: Float.self), result.assumingMemoryBound(to: Float.self))
    case .float64: reduceFloats(reduction, e, source.assumingMemoryBound(to: Double.self), result.assumingMemoryBound(to: Double.self))
    }
}

private func reduceElements<T: Element>(_ reduction: Reduction, _ e: ReductionExtent, _ x: UnsafePointer<T>, _ y: UnsafeMutablePointer<T>) {
    switch reduction {
    case .sum, .sumOfMagnitudes: fold(e, x, y, T.zeroElement) { T.plus($0, $1) }
    case .sumOfSquares: fold(e, x, y, T.zeroElement) { T.plus($0, T.times($1, $1)) }
    case .product: fold(e, x, y, T.oneElement) { T.times($0, $1) }
    case .maximum: fold(e, x, y, T.lowest) { $1 > $0 || $1.isNotANumber ? $1 : $0 }
    case .minimum: fold(e, x, y, T.highest) { $1 < $0 || $1.isNotANumber ? $1 : $0 }
    }
}

@inline(__always)
private func fold<T>(_ e: ReductionExtent, _ x: UnsafePointer<T>, _ y: UnsafeMutablePointer<T>, _ initial: T, _ f: (T, T) -> T) {
    if e.inner == 1 {
        parallel(e.outer, grain: max(1, 32_768 / max(1, e.n))) { range in
            for o in range {
                let row = x + o * e.n
                var value = initial
                for k in 0..<e.n { value = f(value, row[k]) }
                y[o] = value
            }
        }
        return
    }
    let chunk = 2048
    let chunks = (e.inner + chunk - 1) / chunk
    parallel(e.outer * chunks, grain: max(1, 32_768 / max(1, e.n * min(chunk, e.inner)))) { range in
        for task in range {
            let first = task % chunks * chunk
            let width = min(chunk, e.inner - first)
            let target = y + task / chunks * e.inner + first
            let base = x + task / chunks * e.n * e.inner + first
            for i in 0..<width { target[i] = initial }
            for k in 0..<e.n {
                let row = base + k * e.inner
                for i in 0..<width { target[i] = f(target[i], row[i]) }
            }
        }
    }
}

private func reduceFloats<T: FloatElement>(_ reduction: Reduction, _ e: ReductionExtent, _ x: UnsafePointer<T>, _ y: UnsafeMutablePointer<T>) {
    switch reduction {
    case .sum: sumFloats(e, x, y, { $0 + $1 }, { $0 + $1 })
    case .sumOfSquares: sumFloats(e, x, y, { $0.addingProduct($1, $1) }, { $0 + $1 * $1 })
    case .sumOfMagnitudes: sumFloats(e, x, y, { $0 + $1.replacing(with: -$1, where: $1 .< 0) }, { $0 + $1.magnitude })
    case .product, .maximum, .minimum: reduceElements(reduction, e, x, y)
    }
}

/// Sums in float over short blocks, in double across blocks. The blocks depend on the extents alone.
@inline(__always)
private func sumFloats<T: FloatElement>(
    _ e: ReductionExtent, _ x: UnsafePointer<T>, _ y: UnsafeMutablePointer<T>,
    _ vector: (SIMD16<T>, SIMD16<T>) -> SIMD16<T>, _ scalar: (T, T) -> T
) {
    if e.inner == 1 {
        let block = 65_536
        let blocks = max(1, (e.n + block - 1) / block)
        withScratch(Double.self, e.outer * blocks) { partial in
            parallel(e.outer * blocks, grain: max(1, 32_768 / max(1, min(e.n, block)))) { range in
                for task in range {
                    let first = task % blocks * block
                    partial[task] = sumRow(x + task / blocks * e.n + first, min(block, e.n - first), vector, scalar)
                }
            }
            for o in 0..<e.outer {
                var total = 0.0
                for b in 0..<blocks { total += partial[o * blocks + b] }
                y[o] = T(total)
            }
        }
        return
    }
    sumColumns(e, x, y, scalar)
}

@inline(__always)
private func sumRow<T: FloatElement>(
    _ x: UnsafePointer<T>, _ n: Int, _ vector: (SIMD16<T>, SIMD16<T>) -> SIMD16<T>, _ scalar: (T, T) -> T
) -> Double {
    var total = 0.0
    var i = 0
    while i + 16 <= n {
        let end = min(i + 2048, n - 15)
        var even = SIMD16<T>()
        var odd = SIMD16<T>()
        while i + 16 < end {
            even = vector(even, load16(x + i))
            odd = vector(odd, load16(x + i + 16))
            i += 32
        }
        while i < end {
            even = vector(even, load16(x + i))
            i += 16
        }
        let lanes = even + odd
        for lane in 0..<16 { total += Double(lanes[lane]) }
    }
    var rest: T = 0
    while i < n {
        rest = scalar(rest, x[i])
        i += 1
    }
    return total + Double(rest)
}

@inline(__always)
private func sumColumns<T: FloatElement>(_ e: ReductionExtent, _ x: UnsafePointer<T>, _ y: UnsafeMutablePointer<T>, _ scalar: (T, T) -> T) {
    let chunk = 512
    let chunks = (e.inner + chunk - 1) / chunk
    let block = 4096
    let blocks = max(1, (e.n + block - 1) / block)
    withScratch(Double.self, e.outer * blocks * e.inner) { partial in
        parallel(e.outer * blocks * chunks, grain: max(1, 32_768 / max(1, min(e.n, block) * min(chunk, e.inner)))) { range in
            withScratch(T.self, chunk) { sums in
                for task in range {
                    let first = task % chunks * chunk
                    let width = min(chunk, e.inner - first)
                    let rest = task / chunks
                    let b = rest % blocks
                    let o = rest / blocks
                    let target = partial + (o * blocks + b) * e.inner + first
                    for i in 0..<width { target[i] = 0 }
                    let end = min(e.n, (b + 1) * block)
                    for start in stride(from: b * block, to: end, by: 64) {
                        for i in 0..<width { sums[i] = 0 }
                        for k in start..<min(end, start + 64) {
                            let row = x + (o * e.n + k) * e.inner + first
                            for i in 0..<width { sums[i] = scalar(sums[i], row[i]) }
                        }
                        for i in 0..<width { target[i] += Double(sums[i]) }
                    }
                }
            }
        }
        for o in 0..<e.outer {
            for i in 0..<e.inner {
                var total = 0.0
                for b in 0..<blocks { total += partial[(o * blocks + b) * e.inner + i] }
                y[o * e.inner + i] = T(total)
            }
        }
    }
}

/// `values[o, i]` and `indices[o, i]`: the extreme element and its first position; NaN wins. `n` must be positive.
package func reduceWithIndex(
    largest: Bool, _ type: ElementType, _ e: ReductionExtent, _ source: UnsafeRawPointer,
    values: UnsafeMutableRawPointer, indices: UnsafeMutablePointer<Int64>
) {
    func run<T: Element>(_: T.Type) {
        let x = source.assumingMemoryBound(to: T.self)
        let v = values.assumingMemoryBound(to: T.self)
        parallel(e.outer * e.inner, grain: max(1, 16_384 / max(1, e.n))) { range in
            for task in range {
                let base = x + task / e.inner * e.n * e.inner + task % e.inner
                var best = base[0]
                var at = 0
                for k in 1..<max(1, e.n) {
                    let value = base[k * e.inner]
                    let better = largest ? value > best : value < best
                    if better || (value.isNotANumber && !best.isNotANumber) {
                        best = value
                        at = k
                    }
                }
                v[task] = best
                indices[task] = Int64(at)
            }
        }
    }
    switch type {
    case .bool, .uint8: run(UInt8.self)
    case .int8: run(Int8.self)
    case .int16: run(Int16.self)
    case .int32: run(Int32.self)
    case .int64: run(Int64.self)
    case .float32: run(Float.self)
    case .float64: run(Double.self)
    }
}

/// Mean and sum of squared deviations of `source[o, :, i]`, in two passes and double precision.
package func moments(
    _ type: ElementType, _ e: ReductionExtent, _ source: UnsafeRawPointer, mean: UnsafeMutableRawPointer, deviation: UnsafeMutableRawPointer
) {
    func run<T: FloatElement>(_: T.Type) {
        let x = source.assumingMemoryBound(to: T.self)
        let means = mean.assumingMemoryBound(to: T.self)
        let squares = deviation.assumingMemoryBound(to: T.self)
        parallel(e.outer * e.inner, grain: max(1, 16_384 / max(1, e.n))) { range in
            for task in range {
                let base = x + task / e.inner * e.n * e.inner + task % e.inner
                var total = 0.0
                for k in 0..<e.n { total += Double(base[k * e.inner]) }
                let average = total / Double(e.n)
                var sum = 0.0
                for k in 0..<e.n {
                    let d = Double(base[k * e.inner]) - average
                    sum += d * d
                }
                means[task] = T(average)
                squares[task] = T(sum)
            }
        }
    }
    if type == .float32 { run(Float.self) } else { run(Double.self) }
}

/// Running sums or products along the middle dimension of `[outer, n, inner]`.
package enum Scan: Sendable { case sum, product, maximum, minimum }

/// `result[o, k, i]` combines `source[o, 0...k, i]`; for the extremes, `indices` receives their positions.
package func scan(
    _ scan: Scan, _ type: ElementType, _ e: ReductionExtent, _ source: UnsafeRawPointer, _ result: UnsafeMutableRawPointer,
    indices: UnsafeMutablePointer<Int64>? = nil
) {
    func run<T: Element>(_: T.Type) {
        let x = source.assumingMemoryBound(to: T.self)
        let y = result.assumingMemoryBound(to: T.self)
        parallel(e.outer * e.inner, grain: max(1, 16_384 / max(1, e.n))) { range in
            for task in range where e.n > 0 {
                let base = task / e.inner * e.n * e.inner + task % e.inner
                var value = x[base]
                var running = value.asDouble
                var at: Int64 = 0
                y[base] = value
                indices?[base] = 0
                for k in 1..<max(1, e.n) {
                    let here = base + k * e.inner
                    let element = x[here]
                    switch scan {
                    case .sum where T.isFloating:
                        running += element.asDouble
                        value = T.from(double: running)
                    case .sum: value = T.plus(value, element)
                    case .product: value = T.times(value, element)
                    case .maximum: if element >= value || element.isNotANumber { value = element; at = Int64(k) }
                    case .minimum: if element <= value || element.isNotANumber { value = element; at = Int64(k) }
                    }
                    y[here] = value
                    indices?[here] = at
                }
            }
        }
    }
    switch type {
    case .bool, .uint8: run(UInt8.self)
    case .int8: run(Int8.self)
    case .int16: run(Int16.self)
    case .int32: run(Int32.self)
    case .int64: run(Int64.self)
    case .float32: run(Float.self)
    case .float64: run(Double.self)
    }
}
