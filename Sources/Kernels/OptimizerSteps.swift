/// One step of Adam over `count` elements. `decay` is L2 (`coupled`) or multiplies the parameter first (AdamW).
package struct AdamStep: Sendable {
    package var rate, beta1, beta2, epsilon, decay: Double
    package var coupled: Bool
    package var maximize: Bool
    /// 1 - beta^t for the step being taken.
    package var correction1, correction2: Double

    package init(
        rate: Double, beta1: Double, beta2: Double, epsilon: Double, decay: Double, coupled: Bool, maximize: Bool, correction1: Double,
        correction2: Double
    ) {
        self.rate = rate
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.decay = decay
        self.coupled = coupled
        self.maximize = maximize
        self.correction1 = correction1
        self.correction2 = correction2
    }

    /// Updates parameter, both moments and (for amsgrad) the largest second moment in place.
    package func apply(
        _ type: ElementType, count: Int, parameter: UnsafeMutableRawPointer, gradient: UnsafeRawPointer,
        first: UnsafeMutableRawPointer, second: UnsafeMutableRawPointer, largest: UnsafeMutableRawPointer?
    ) {
        if type == .float32 {
            run(Float.self, count, parameter, gradient, first, second, largest)
        } else {
            run(Double.self, count, parameter, gradient, first, second, largest)
        }
    }

    private func run<T: FloatElement>(
        _: T.Type, _ count: Int, _ parameter: UnsafeMutableRawPointer, _ gradient: UnsafeRawPointer,
        _ first: UnsafeMutableRawPointer, _ second: UnsafeMutableRawPointer, _ largest: UnsafeMutableRawPointer?
    ) {
        let p = parameter.assumingMemoryBound(to: T.self)
        let g = gradient.assumingMemoryBound(to: T.self)
        let m = first.assumingMemoryBound(to: T.self)
        let v = second.assumingMemoryBound(to: T.self)
        let top = largest?.assumingMemoryBound(to: T.self)
        let sign: T = maximize ? -1 : 1
        let l2 = T(coupled ? decay : 0)
        let shrink = T(coupled ? 1 : 1 - rate * decay)
        let (w1, b2, w2) = (T(1 - beta1), T(beta2), T(1 - beta2))
        let size = T(rate / correction1)
        let root = T(correction2.squareRoot())
        let eps = T(epsilon)
        parallel(count, grain: 65_536) { range in
            if let top {
                for i in range {
                    let x = p[i] * shrink
                    let d = (sign * g[i]).addingProduct(l2, x)
                    m[i] = m[i] + w1 * (d - m[i])
                    v[i] = v[i] * b2 + w2 * d * d
                    top[i] = top[i] > v[i] ? top[i] : v[i]
                    p[i] = x - size * (m[i] / (top[i].squareRoot() / root + eps))
                }
            } else {
                let (p, g, m, v) = (p + range.lowerBound, g + range.lowerBound, m + range.lowerBound, v + range.lowerBound)
                for i in 0..<range.count {
                    let x = p[i] * shrink
                    let d = (sign * g[i]).addingProduct(l2, x)
                    let average = m[i] + w1 * (d - m[i])
                    let square = v[i] * b2 + w2 * d * d
                    m[i] = average
                    v[i] = square
                    p[i] = x - size * (average / (square.squareRoot() / root + eps))
                }
            }
        }
    }
}
