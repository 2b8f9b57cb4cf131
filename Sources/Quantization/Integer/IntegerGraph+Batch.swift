/// Images of a batch do not meet in most graphs, so a batch can be computed part by part.
extension IntegerGraph {
    /// The size of the first dimension of all values, where every layer keeps its elements apart; nil where not.
    package var batch: Int? {
        guard let batch = values.first?.shape.first, values.allSatisfy({ $0.shape.first == batch }) else { return nil }
        return layers.allSatisfy { keepsImagesApart($0.operation) } ? batch : nil
    }

    private func keepsImagesApart(_ operation: IntegerOperation) -> Bool {
        switch operation {
        case .convolution, .linear, .add, .multiply, .averagePool, .maxPool, .requantize, .rectify, .lookup, .reshape, .nearestUpsample: true
        case .concatenate(let axis, _), .slice(let axis, _, _): axis != 0
        case .permute(let order): order.first == 0
        case .pad(let before, let after, _): before.first == 0 && after.first == 0
        }
    }

    /// The same graph for `count` images; `batch` is not nil.
    package func ofImages(_ count: Int) -> IntegerGraph {
        var result = self
        for id in values.indices { result.values[id].shape[0] = count }
        return result
    }
}
