/// Training leaves channels that do nothing: weight decay shrinks their weights to 0, or nothing reads them any more. What is constant is folded into
/// the biases of the layers that read it, and the channels are left out.
extension IntegerGraph {
    /// The same function of the inputs, element for element, without channels between convolutions (or linear layers) that are the same for every
    /// image or that no weight reads. Kept channels are a multiple of 16, as the kernels like them. The graph has been verified.
    package func withoutDeadChannels() -> IntegerGraph {
        let constants = constantChannels()
        let dead = deadChannels(constants)
        if !dead.contains(where: { $0.contains(true) }) { return self }
        var result = self
        for (at, layer) in layers.enumerated() {
            guard let convolution = layer.operation.convolution else { continue }
            let (rows, columns) = (kept(dead[layer.output]), kept(dead[layer.inputs[0]]))
            if rows.count == dead[layer.output].count && columns.count == dead[layer.inputs[0]].count { continue }
            guard let smaller = convolution.keeping(rows, columns, constants[layer.inputs[0]]) else { return self }
            if case .linear = layer.operation {
                result.layers[at].operation = .linear(smaller)
            } else {
                result.layers[at].operation = .convolution(smaller)
            }
        }
        for (id, flags) in dead.enumerated() where flags.contains(true) { result.values[id].shape[1] = kept(flags).count }
        return result
    }

    private func kept(_ dead: [Bool]) -> [Int] { dead.indices.filter { !dead[$0] } }

    private func channels(_ id: Int) -> Int { values[id].shape.count > 1 ? values[id].shape[1] : 0 }

    /// For every value the constant each channel has at all pixels, nil where it has none.
    private func constantChannels() -> [[Int?]] {
        let reference = IntegerReference(march: march)
        var result = values.indices.map { [Int?](repeating: nil, count: channels($0)) }
        for layer in layers {
            guard let c = layer.operation.convolution, isPlain(c, layer) else { continue }
            let operands = result[layer.inputs[0]]
            for o in 0..<c.outChannels {
                guard let sum = c.constantSum(o, operands) else { continue }
                result[layer.output][o] = reference.finish(c, sum, channel: o, residual: nil, values[layer.output].type)
            }
        }
        return result
    }

    /// Whether a layer makes int8 of int8 without a residual, dense or depthwise, and channels are the second dimension.
    private func isPlain(_ c: IntegerConvolution, _ layer: IntegerLayer) -> Bool {
        c.alignment.isEmpty && !c.rescale.isEmpty && (c.groups == 1 || c.isDepthwise)
            && [layer.inputs[0], layer.output].allSatisfy { values[$0].type == .int8 && values[$0].shape.count == c.weightShape.count }
    }

    /// For every value which channels can be left out.
    private func deadChannels(_ constants: [[Int?]]) -> [[Bool]] {
        // Whom producers and readers let go; readers first.
        var isFree = values.indices.map { [Bool](repeating: false, count: channels($0)) }
        var readers = [Int](repeating: 0, count: values.count)
        for layer in layers {
            for id in layer.inputs { readers[id] += 1 }
            if let c = layer.operation.convolution, isPlain(c, layer) {
                isFree[layer.output] = isFree[layer.output].map { _ in true }
            }
        }
        for output in outputs { readers[output.value] = 0 }
        for id in values.indices where readers[id] == 0 { isFree[id] = isFree[id].map { _ in false } }
        for layer in layers.reversed() {
            for (at, id) in layer.inputs.enumerated() {
                let c = layer.operation.convolution
                for channel in isFree[id].indices where isFree[id][channel] {
                    if at == 0, let c, c.groups == 1, values[id].shape.count == c.weightShape.count {
                        isFree[id][channel] = c.folds(channel, constants[id][channel])
                    } else if at == 0, let c, c.isDepthwise {
                        isFree[id][channel] = isFree[layer.output][channel]
                    } else {
                        isFree[id][channel] = false
                    }
                }
            }
        }
        // A depthwise layer has as many channels as its operand.
        var dead = isFree.map { [Bool](repeating: false, count: $0.count) }
        for layer in layers {
            guard let c = layer.operation.convolution else { continue }
            dead[layer.output] = c.isDepthwise ? dead[layer.inputs[0]] : rounded(isFree[layer.output])
        }
        return dead
    }

    /// As many of the free channels that those kept are a multiple of 16.
    private func rounded(_ isFree: [Bool]) -> [Bool] {
        let busy = isFree.count { !$0 }
        var rest = isFree.count - max(16, (busy + 15) / 16 * 16)
        return isFree.map { free in
            if !free || rest <= 0 { return false }
            rest -= 1
            return true
        }
    }
}

extension IntegerOperation {
    /// Of a convolution or linear layer.
    fileprivate var convolution: IntegerConvolution? {
        switch self {
        case .convolution(let c), .linear(let c): c
        default: nil
        }
    }
}

extension IntegerConvolution {
    /// Weights of one input and output channel.
    private var area: Int { weightShape.dropFirst(2).reduce(1, *) }
    private var inputs: Int { weightShape[1] }
    /// Whether every window lies within the image: else a constant operand is not one at the border, where the padding is 0.
    private var seesNoPadding: Bool { padding.allSatisfy { $0 == 0 } }

    private func taps(_ o: Int, _ i: Int) -> ArraySlice<Int8> { weight[(o * inputs + i) * area..<(o * inputs + i + 1) * area] }

    /// The sum of products of channel `o`; nil where it depends on what is not constant.
    fileprivate func constantSum(_ o: Int, _ operands: [Int?]) -> Int? {
        var sum = 0
        for i in 0..<inputs {
            let taps = taps(o, i)
            if taps.allSatisfy({ $0 == 0 }) { continue }
            guard let operand = operands[isDepthwise ? o : i], operand == 0 || seesNoPadding else { return nil }
            sum += operand * taps.reduce(0) { $0 + Int($1) }
        }
        return sum
    }

    /// Whether operand channel `i` can be left out: no weight reads it, or what it adds is the same everywhere.
    fileprivate func folds(_ i: Int, _ constant: Int?) -> Bool {
        if let constant, constant == 0 || seesNoPadding { return true }
        return (0..<outChannels).allSatisfy { taps($0, i).allSatisfy { $0 == 0 } }
    }

    /// With these output and input channels; the constants of the others go to the bias. Nil where one leaves int32.
    fileprivate func keeping(_ rows: [Int], _ columns: [Int], _ constants: [Int?]) -> IntegerConvolution? {
        var result = self
        result.weightShape[0] = rows.count
        result.rescale = rescale.isEmpty ? [] : rows.map { rescale[$0] }
        result.alignment = alignment.isEmpty ? [] : rows.map { alignment[$0] }
        result.weightScales = weightScales.count == outChannels ? rows.map { weightScales[$0] } : weightScales
        if isDepthwise {
            result.groups = rows.count
            result.bias = rows.map { bias[$0] }
            result.weight = rows.flatMap { taps($0, 0) }
            return result
        }
        result.weightShape[1] = columns.count
        result.weight = []
        result.weight.reserveCapacity(rows.count * columns.count * area)
        var left = [Bool](repeating: true, count: inputs)
        for i in columns { left[i] = false }
        let folded = (0..<inputs).filter { left[$0] && constants[$0] != nil && constants[$0] != 0 }
        result.bias = []
        for o in rows {
            for i in columns { result.weight.append(contentsOf: taps(o, i)) }
            var sum = Int(bias[o])
            for i in folded { sum += (constants[i] ?? 0) * taps(o, i).reduce(0) { $0 + Int($1) } }
            guard let exact = Int32(exactly: sum) else { return nil }
            result.bias.append(exact)
        }
        return result
    }
}
