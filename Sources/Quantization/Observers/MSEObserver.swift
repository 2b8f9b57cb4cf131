import Kernels
import NN
import Tensors

/// The shrunk range with the smallest quantisation error: the batch's minimum and maximum times 1 − 0.01·k for k = 0, stride, … ≤ 94.
///
/// Among equal errors the smallest range wins. (The documented tool takes the candidate's index for k when the stride is not 1; here k is k.)
package final class MSEObserver: Observer {
    private let stride: Int

    package init(_ options: ObserverOptions, stride: Int = 1) throws(TensorError) {
        guard stride > 0 else { throw .value("stride must be positive, but got \(stride)") }
        self.stride = stride
        try super.init("MSEObserver", options)
    }

    package override func currentRange(_ x: Tensor) throws(TensorError) -> (low: [Float], high: [Float])? {
        if options.axis >= 0 {
            let rows = try x.rowsAlong(options.axis)
            var result: (low: [Float], high: [Float]) = ([], [])
            for row in 0..<rows.shape[0] {
                guard let (low, high) = try best(try rows.select(0, row)) else { return nil }
                result.low.append(low)
                result.high.append(high)
            }
            return result
        }
        return try best(x).map { ([$0.low], [$0.high]) }
    }

    private func best(_ x: Tensor) throws(TensorError) -> (low: Float, high: Float)? {
        guard let (low, high) = try x.valueRange() else { return nil }
        let factors = Swift.stride(from: 0, through: 94, by: stride).map { Float(1 - 0.01 * Double($0)) }
        let steps = factors.map { step(scale($0 * low, $0 * high)) }
        let chosen = try x.withFloats { count, values in MSEObserver.smallest(steps, count, values) }
        return (factors[chosen] * low, factors[chosen] * high)
    }

    /// The step with the smallest error, the last of equals. In large tensors samples of growing size first rule out steps whose error there is
    /// clearly above the sample's best; the smaller the sample, the wider the margin.
    private static func smallest(_ steps: [QuantizationStep], _ count: Int, _ values: UnsafePointer<Float>) -> Int {
        var candidates = Array(steps.indices)
        func narrow(_ period: Int, _ margin: Double) {
            let sample = Kernels.sampledRuns(count, values, period: period)
            let errors = sample.withUnsafeBufferPointer { buffer in
                buffer.baseAddress.map { Kernels.quantizationErrors(buffer.count, $0, candidates.map { steps[$0] }) } ?? []
            }
            guard let least = errors.min() else { return }
            let near = zip(candidates, errors).filter { $0.1 <= least * margin }.map(\.0)
            // Values that are not finite leave nothing to compare.
            if !near.isEmpty { candidates = near }
        }
        // Few large values decide how much clipping costs, so even the smallest sample takes one value in 65.
        if count >= 1 << 18 {
            narrow(65 * 64, 1.5)
            narrow(17 * 64, 1.1)
        }
        if count >= 1 << 20 { narrow(8 * 64, 1.05) }
        if candidates.count == 1 { return candidates[0] }
        let errors = Kernels.quantizationErrors(count, values, candidates.map { steps[$0] })
        var best = 0
        for k in errors.indices where errors[k] <= errors[best] { best = k }
        return candidates[best]
    }

    package override func emptyCopy() throws(TensorError) -> Module { try MSEObserver(options, stride: stride) }
}
