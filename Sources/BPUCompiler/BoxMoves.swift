import BPU
import Quantization

/// Concatenation, transposition, slicing, padding and repetition as moves of strided boxes.
enum BoxMoves {
    /// One move for each position of the dimensions before the last three would be too many for a program beyond this.
    private static let mostMoves = 4096

    static func make(_ layer: IntegerLayer, shapes: [[Int]], inputs: [MapGeometry], shape: [Int], output: MapGeometry) throws(CompilerError)
        -> [BoxMove]
    {
        let target = strides(shape, output)
        let source = strides(shapes[0], inputs[0])
        switch layer.operation {
        case .concatenate(let axis, let rescales):
            var moves: [BoxMove] = []
            var offset = 0
            for (k, input) in shapes.enumerated() {
                moves += try boxes(
                    layer, k, extents: Array(input.dropFirst()), strides(input, inputs[k]), 0, target, offset * target[axis - 1], rescale: rescales[k]
                )
                offset += input[axis]
            }
            return moves
        case .permute(let order):
            return try boxes(layer, 0, extents: Array(shape.dropFirst()), order.dropFirst().map { source[$0 - 1] }, 0, target, 0)
        case .slice(let axis, let start, let step):
            var strided = source
            strided[axis - 1] *= step
            return try boxes(layer, 0, extents: Array(shape.dropFirst()), strided, start * source[axis - 1], target, 0)
        case .pad(let before, _, let value):
            let offset = zip(before.dropFirst(), target).reduce(0) { $0 + $1.0 * $1.1 }
            var moves = try boxes(layer, nil, extents: Array(shape.dropFirst()), target, 0, target, 0)
            for k in moves.indices { moves[k].value = value }
            return moves + (try boxes(layer, 0, extents: Array(shapes[0].dropFirst()), source, 0, target, offset))
        case .nearestUpsample(let scaleH, let scaleW):
            var moves: [BoxMove] = []
            let stretched = [target[0], target[1] * scaleH, target[2] * scaleW]
            for row in 0..<scaleH {
                for column in 0..<scaleW {
                    moves += try boxes(layer, 0, extents: Array(shapes[0].dropFirst()), source, 0, stretched, row * target[1] + column * target[2])
                }
            }
            return moves
        case .convolution, .linear, .add, .multiply, .averagePool, .maxPool, .requantize, .rectify, .lookup, .reshape:
            throw .malformed(pass: "legalise", "\(layer.name) is not a move")
        }
    }

    /// How many output rows one row of every input makes, in order; nil where rows are reordered or joined. A fill counts as made of its row.
    static func rowRepeat(_ operation: IntegerOperation, rank: Int) -> Int? {
        guard rank == 4 else { return nil }
        switch operation {
        case .concatenate(let axis, _), .slice(let axis, _, _): return axis == 2 ? nil : 1
        case .permute(let order): return order[2] == 2 ? 1 : nil
        case .pad(let before, let after, _): return before[2] + after[2] == 0 ? 1 : nil
        case .nearestUpsample(let scaleH, _): return scaleH
        case .convolution, .linear, .add, .multiply, .averagePool, .maxPool, .requantize, .rectify, .lookup, .reshape: return nil
        }
    }

    /// Byte distance between neighbours along every dimension after the batch.
    private static func strides(_ shape: [Int], _ geometry: MapGeometry) -> [Int] {
        if shape.count == 4 { return [geometry.channelStride, geometry.rowStride, geometry.columnStride] }
        var strides = [Int](repeating: geometry.element.byteCount, count: shape.count - 1)
        for d in stride(from: strides.count - 2, through: 0, by: -1) { strides[d] = strides[d + 1] * shape[d + 2] }
        return strides
    }

    private static func boxes(
        _ layer: IntegerLayer, _ input: Int?, extents: [Int], _ source: [Int], _ sourceOffset: Int, _ target: [Int], _ targetOffset: Int,
        rescale: Rescale? = nil
    ) throws(CompilerError) -> [BoxMove] {
        let padding = max(0, 3 - extents.count)
        let inner = Array(repeating: 1, count: padding) + extents.suffix(3)
        let outer = extents.dropLast(3)
        let count = outer.reduce(1, *)
        guard count <= mostMoves else {
            throw .unsupported([ModelViolation(layer: layer.name, text: "needs \(count) moves, more than \(mostMoves)")])
        }
        func last3(_ strides: [Int]) -> [Int] { Array(repeating: 0, count: padding) + strides.suffix(3) }
        var moves: [BoxMove] = []
        for position in 0..<count {
            var rest = position
            var (from, to) = (sourceOffset, targetOffset)
            for d in outer.indices.reversed() {
                from += rest % outer[d] * source[d]
                to += rest % outer[d] * target[d]
                rest /= outer[d]
            }
            moves.append(
                BoxMove(
                    input: input, rescale: rescale, extents: inner, sourceOffset: from, sourceStrides: last3(source), targetOffset: to,
                    targetStrides: last3(target)))
        }
        return moves
    }
}
