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
        let search = ScaleSearch(factors.map { scale($0 * low, $0 * high) }, low: options.minimum, high: options.maximum, range: (low, high))
        let factor = factors[try x.withFloats { search.best($0, $1) }]
        return (factor * low, factor * high)
    }

    package override func emptyCopy() throws(TensorError) -> Module { try MSEObserver(options, stride: stride) }
}
