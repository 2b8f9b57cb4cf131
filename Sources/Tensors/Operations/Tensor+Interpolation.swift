import Kernels

/// Resizing of the spatial dimensions of `[batch, channels, …]`.
extension Tensor {
    /// How `interpolate` reads between elements.
    package enum InterpolationMode: String, Sendable {
        case nearest, linear, bilinear, trilinear, bicubic, area
        case nearestExact = "nearest-exact"

        /// The spatial dimensions the mode is for; nil: any.
        var dimensions: Int? {
            switch self {
            case .nearest, .nearestExact, .area: nil
            case .linear: 1
            case .bilinear, .bicubic: 2
            case .trilinear: 3
            }
        }
    }

    /// Resizes the spatial dimensions to `size`; `scales` given by the user take part in the coordinates.
    package func interpolate(size: [Int], scales: [Double]? = nil, mode: InterpolationMode = .nearest, alignCorners: Bool = false) throws(TensorError)
        -> Tensor
    {
        let dimensions = rank - 2
        guard (1...3).contains(dimensions) else {
            throw TensorError(
                .notImplemented,
                "Input Error: Only 3D, 4D and 5D input Tensors supported (got \(rank)D) for the modes: nearest | linear | bilinear | bicubic | trilinear | area | nearest-exact (got \(mode.rawValue))"
            )
        }
        if let wanted = mode.dimensions, wanted != dimensions {
            throw TensorError(.notImplemented, "Got \(rank)D input, but \(mode.rawValue) mode needs \(wanted + 2)D input")
        }
        let spread = size.count == 1 ? [Int](repeating: size[0], count: dimensions) : size
        guard spread.count == dimensions else {
            throw .value(
                "Input and output must have the same number of spatial dimensions, but got input with spatial dimensions of \(bracketed(Array(shape[2...]))) and output size of \(bracketed(spread)). Please provide input tensor in (N, C, d1, d2, ...,dK) format and output size in (o1, o2, ...,oK) format."
            )
        }
        guard spread.allSatisfy({ $0 > 0 }), count > 0 else {
            throw .runtime(
                "Input and output sizes should be greater than 0, but got input (\(shape[2...].map { "H: \($0)" }.joined(separator: ", "))) output (\(spread.map { "H: \($0)" }.joined(separator: ", ")))"
            )
        }
        if mode == .area { return try adaptiveAvgPool(spread, dimensions: dimensions) }
        let factors: [Double?] =
            scales.map { given in (0..<dimensions).map { given.count == 1 ? given[0] : given[$0] } } ?? [Double?](repeating: nil, count: dimensions)
        if mode == .bicubic { return try bicubic(spread, factors, alignCorners) }
        let tables = (0..<dimensions).map { Tensor.interpolationTable(shape[$0 + 2], spread[$0], factors[$0], mode, alignCorners) }
        let same = InterpolationTable(first: [0], second: [0], weight: [0])
        switch dimensions {
        case 1: return try unsqueeze(2).resized(same, tables[0]).squeeze([2])
        case 2: return try resized(tables[0], tables[1])
        default:
            // Slices first, then depth beside the flattened planes.
            let (n, c, depth) = (shape[0], shape[1], shape[2])
            let slices = try reshape([n, c * depth, shape[3], shape[4]]).resized(tables[1], tables[2])
            let area = spread[1] * spread[2]
            let each = InterpolationTable(first: Array(0..<area), second: Array(0..<area), weight: [Double](repeating: 0, count: area))
            return try slices.reshape([n, c, depth, area]).resized(tables[0], each).reshape([n, c] + spread)
        }
    }

    /// Cubic convolution (a = -0.75) as two products with the matrices of its taps.
    private func bicubic(_ size: [Int], _ scales: [Double?], _ alignCorners: Bool) throws(TensorError) -> Tensor {
        guard dtype.isFloatingPoint else { throw .notImplemented("upsample_bicubic2d", dtype) }
        let rows = try Tensor.cubicMatrix(shape[2], size[0], scales[0], alignCorners, dtype)
        let columns = try Tensor.cubicMatrix(shape[3], size[1], scales[1], alignCorners, dtype)
        return try rows.matmul(try matmul(try columns.transpose(0, 1)))
    }

    /// `[output, input]`: the weight of every input element in every output element; taps beyond the edge read the edge.
    private static func cubicMatrix(_ input: Int, _ output: Int, _ scale: Double?, _ alignCorners: Bool, _ dtype: DType) throws(TensorError) -> Tensor
    {
        let a = -0.75
        func near(_ t: Double) -> Double { ((a + 2) * t - (a + 3)) * t * t + 1 }
        func far(_ t: Double) -> Double { ((a * t - 5 * a) * t + 8 * a) * t - 4 * a }
        var weights = [Double](repeating: 0, count: output * input)
        for o in 0..<output {
            let position =
                if alignCorners {
                    output > 1 ? Double(o) * Double(input - 1) / Double(output - 1) : 0
                } else {
                    (scale.map { 1 / $0 } ?? Double(input) / Double(output)) * (Double(o) + 0.5) - 0.5
                }
            let base = position.rounded(.down)
            let t = position - base
            for (k, weight) in [far(t + 1), near(t), near(1 - t), far(2 - t)].enumerated() {
                weights[o * input + Swift.min(Swift.max(Int(base) + k - 1, 0), input - 1)] += weight
            }
        }
        return try from(weights, [output, input], dtype: dtype)
    }

    private static func interpolationTable(_ input: Int, _ output: Int, _ scale: Double?, _ mode: InterpolationMode, _ alignCorners: Bool)
        -> InterpolationTable
    {
        var table = InterpolationTable(first: [], second: [], weight: [])
        for o in 0..<output {
            if mode == .nearest || mode == .nearestExact {
                let ratio = scale.map { Float(1 / $0) } ?? Float(input) / Float(output)
                let centre: Float = mode == .nearestExact ? 0.5 : 0
                let index = output == input && mode == .nearest ? o : Swift.min(Int(((Float(o) + centre) * ratio).rounded(.down)), input - 1)
                table.first.append(index)
                table.second.append(index)
                table.weight.append(0)
                continue
            }
            let position: Double
            if alignCorners {
                position = output > 1 ? Double(o) * Double(input - 1) / Double(output - 1) : 0
            } else {
                let ratio = scale.map { 1 / $0 } ?? Double(input) / Double(output)
                position = Swift.max(0, ratio * (Double(o) + 0.5) - 0.5)
            }
            let first = Swift.min(Int(position), input - 1)
            table.first.append(first)
            table.second.append(Swift.min(first + 1, input - 1))
            table.weight.append(Swift.min(Swift.max(position - Double(first), 0), 1))
        }
        return table
    }

    fileprivate func resized(_ rows: InterpolationTable, _ columns: InterpolationTable) throws(TensorError) -> Tensor {
        guard dtype.isFloatingPoint else { throw .notImplemented("upsample", dtype) }
        let x = try channelsLastPacked()
        let result = try Tensor.emptyChannelsLast([shape[0], shape[1], rows.first.count, columns.first.count], dtype: dtype)
        Kernels.interpolate(
            dtype, batch: shape[0], height: shape[2], width: shape[3], channels: shape[1], rows: rows, columns: columns, x.physicalPointer,
            result.physicalPointer)
        let own = shape
        return result.recorded([self]) { .upsample(own, rows, columns) }
    }
}

extension Gradient {
    static func upsample(_ sizes: [Int], _ rows: InterpolationTable, _ columns: InterpolationTable) -> Gradient {
        Gradient(.upsample) { gradient in
            let dy = try gradient.channelsLastPacked()
            let result = try Tensor.emptyChannelsLast(sizes, dtype: dy.dtype)
            Kernels.interpolateGradient(
                dy.dtype, batch: sizes[0], height: sizes[2], width: sizes[3], channels: sizes[1], rows: rows, columns: columns,
                gradient: dy.physicalPointer, result.physicalPointer)
            return [result.recorded([gradient]) { .linear(.upsample) { again in try again.resized(rows, columns) } }]
        }
    }
}
