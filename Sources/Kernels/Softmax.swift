import Glibc

/// Softmax, or its logarithm, over the middle dimension of a contiguous `[outer, n, inner]` operand.
package func softmax(logarithm: Bool, _ type: ElementType, _ e: ReductionExtent, _ source: UnsafeRawPointer, _ result: UnsafeMutableRawPointer) {
    func run<T: FloatElement>(_: T.Type) {
        let x = source.assumingMemoryBound(to: T.self)
        let y = result.assumingMemoryBound(to: T.self)
        parallel(e.outer * e.inner, grain: max(1, 8_192 / max(1, e.n))) { range in
            for task in range {
                let base = task / e.inner * e.n * e.inner + task % e.inner
                softmaxRow(x + base, y + base, e.n, e.inner, logarithm)
            }
        }
    }
    if type == .float32 { run(Float.self) } else { run(Double.self) }
}

@inline(__always)
private func softmaxRow<T: FloatElement>(_ x: UnsafePointer<T>, _ y: UnsafeMutablePointer<T>, _ n: Int, _ step: Int, _ logarithm: Bool) {
    if n == 0 { return }
    var top = x[0]
    for k in 1..<n { top = x[k * step] > top ? x[k * step] : top }
    if step == 1 {
        for k in 0..<n { y[k] = T.fastExp(x[k] - top) }
    } else {
        for k in 0..<n { y[k * step] = T.fastExp(x[k * step] - top) }
    }
    var total = 0.0
    for k in 0..<n { total += Double(y[k * step]) }
    if logarithm {
        let shift = T(Glibc.log(total))
        for k in 0..<n { y[k * step] = x[k * step] - top - shift }
    } else {
        let factor = T(1 / total)
        for k in 0..<n { y[k * step] *= factor }
    }
}

/// Gradient of `softmax` from its result `y` and the result's gradient: y (g - Σ g y), or g - e^y Σ g for the logarithm.
package func softmaxGradient(
    logarithm: Bool, _ type: ElementType, _ e: ReductionExtent, gradient: UnsafeRawPointer, output: UnsafeRawPointer,
    _ result: UnsafeMutableRawPointer
) {
    func run<T: FloatElement>(_: T.Type) {
        let g = gradient.assumingMemoryBound(to: T.self)
        let y = output.assumingMemoryBound(to: T.self)
        let r = result.assumingMemoryBound(to: T.self)
        parallel(e.outer * e.inner, grain: max(1, 8_192 / max(1, e.n))) { range in
            for task in range {
                let base = task / e.inner * e.n * e.inner + task % e.inner
                var total = 0.0
                if logarithm {
                    for k in 0..<e.n { total += Double(g[base + k * e.inner]) }
                    let sum = T(total)
                    for k in 0..<e.n {
                        let i = base + k * e.inner
                        r[i] = g[i] - T.fastExp(y[i]) * sum
                    }
                } else {
                    for k in 0..<e.n { total += Double(g[base + k * e.inner] * y[base + k * e.inner]) }
                    let sum = T(total)
                    for k in 0..<e.n {
                        let i = base + k * e.inner
                        r[i] = y[i] * (g[i] - sum)
                    }
                }
            }
        }
    }
    if type == .float32 { run(Float.self) } else { run(Double.self) }
}

/// Normalises each row of `[rows, n]` to mean 0 and variance 1: `result`, and per row the mean and 1/√(variance + epsilon).
package func normalizeRows(
    _ type: ElementType, rows: Int, n: Int, epsilon: Double, _ source: UnsafeRawPointer, _ result: UnsafeMutableRawPointer,
    mean: UnsafeMutableRawPointer, inverse: UnsafeMutableRawPointer
) {
    func run<T: FloatElement>(_: T.Type) {
        parallel(rows, grain: max(1, 8_192 / max(1, n))) { range in
            for row in range {
                let x = source.assumingMemoryBound(to: T.self) + row * n
                let y = result.assumingMemoryBound(to: T.self) + row * n
                var total = 0.0
                for k in 0..<n { total += Double(x[k]) }
                let average = total / Double(n)
                var squares = 0.0
                for k in 0..<n { squares += (Double(x[k]) - average) * (Double(x[k]) - average) }
                let factor = 1 / (squares / Double(n) + epsilon).squareRoot()
                mean.assumingMemoryBound(to: T.self)[row] = T(average)
                inverse.assumingMemoryBound(to: T.self)[row] = T(factor)
                let (m, f) = (T(average), T(factor))
                for k in 0..<n { y[k] = (x[k] - m) * f }
            }
        }
    }
    if type == .float32 { run(Float.self) } else { run(Double.self) }
}

/// Gradient of `normalizeRows` from its normalised result: inverse (g - mean(g) - y mean(g y)).
package func normalizeRowsGradient(
    _ type: ElementType, rows: Int, n: Int, gradient: UnsafeRawPointer, normalized: UnsafeRawPointer, inverse: UnsafeRawPointer,
    _ result: UnsafeMutableRawPointer
) {
    func run<T: FloatElement>(_: T.Type) {
        parallel(rows, grain: max(1, 8_192 / max(1, n))) { range in
            for row in range {
                let g = gradient.assumingMemoryBound(to: T.self) + row * n
                let y = normalized.assumingMemoryBound(to: T.self) + row * n
                let r = result.assumingMemoryBound(to: T.self) + row * n
                var sum = 0.0
                var product = 0.0
                for k in 0..<n {
                    sum += Double(g[k])
                    product += Double(g[k]) * Double(y[k])
                }
                let (a, b) = (T(sum / Double(n)), T(product / Double(n)))
                let f = inverse.assumingMemoryBound(to: T.self)[row]
                for k in 0..<n { r[k] = f * (g[k] - a - y[k] * b) }
            }
        }
    }
    if type == .float32 { run(Float.self) } else { run(Double.self) }
}
