/// The definition of the integer arithmetic, in plain scalar Swift: every faster implementation and the simulator must equal it on every element.
///
/// Convolutions accumulate exactly, saturate the sum (with bias and residual) to int32 once, rescale per output channel and saturate to the
/// result's type. Shifts round half up or truncate as the march does.
package struct IntegerReference: Sendable {
    package let march: March
    private var rounds: Bool { march.roundsShifts }

    package init(march: March) { self.march = march }

    /// The layer's result. The graph has been verified: shapes and types agree.
    package func run(_ operation: IntegerOperation, _ inputs: [IntegerArray], _ result: IntegerValue) -> IntegerArray {
        let x = inputs[0]
        switch operation {
        case .convolution(let c): return convolution(c, x, inputs.count > 1 ? inputs[1] : nil, result)
        case .linear(let c): return linear(c, x, inputs.count > 1 ? inputs[1] : nil, result)
        case .add(let a): return addition(a, x, inputs[1], result)
        case .multiply(let rescale):
            return made(
                result,
                zip(x.elements, inputs[1].elements).map {
                    rescale.apply(IntegerType.int32.saturated(Int($0) * Int($1)), rounding: rounds, to: result.type)
                })
        case .averagePool(let pool, let rescale): return averagePool(pool, rescale, x, result)
        case .maxPool(let pool): return maxPool(pool, x, result)
        case .concatenate(let axis, let rescales): return concatenate(axis, rescales, inputs, result)
        case .requantize(let rescale): return made(result, x.elements.map { rescale.apply(Int($0), rounding: rounds, to: result.type) })
        case .rectify(let high): return made(result, x.elements.map { min(max(Int($0), 0), high ?? Int.max) })
        case .lookup(let table): return made(result, x.elements.map { Int(table[Int($0) + 128]) })
        case .reshape: return IntegerArray(shape: result.shape, type: result.type, elements: x.elements)
        case .permute(let order): return gathered(x, result) { index in zip(order, index).reduce(0) { $0 + x.strides[$1.0] * $1.1 } }
        case .slice(let axis, let start, let step):
            let strides = x.strides
            return gathered(x, result) { index in
                index.indices.reduce(0) { $0 + strides[$1] * ($1 == axis ? start + index[$1] * step : index[$1]) }
            }
        case .pad(let before, _, let value): return pad(before, value, x, result)
        case .nearestUpsample(let h, let w):
            let strides = x.strides
            return gathered(x, result) { $0[0] * strides[0] + $0[1] * strides[1] + $0[2] / h * strides[2] + $0[3] / w * strides[3] }
        }
    }

    private func made(_ result: IntegerValue, _ values: [Int]) -> IntegerArray {
        IntegerArray(shape: result.shape, type: result.type, elements: values.map { Int32(truncatingIfNeeded: $0) })
    }

    /// Every element of the result taken from the position `source` gives for its index.
    private func gathered(_ x: IntegerArray, _ result: IntegerValue, _ source: ([Int]) -> Int) -> IntegerArray {
        var elements: [Int32] = []
        elements.reserveCapacity(result.count)
        var index = [Int](repeating: 0, count: result.shape.count)
        for _ in 0..<result.count {
            elements.append(x.elements[source(index)])
            for d in stride(from: index.count - 1, through: 0, by: -1) {
                index[d] += 1
                if index[d] < result.shape[d] { break }
                index[d] = 0
            }
        }
        return IntegerArray(shape: result.shape, type: result.type, elements: elements)
    }

    // MARK: Convolution

    /// From the exact sum of products of channel `o` to the result's element.
    func finish(_ c: IntegerConvolution, _ sum: Int, channel o: Int, residual: Int?, _ type: IntegerType) -> Int {
        var accumulator = sum + Int(c.bias[o])
        if let residual, !c.alignment.isEmpty { accumulator += c.alignment[o].apply(residual, rounding: rounds) }
        accumulator = IntegerType.int32.saturated(accumulator)
        var value = c.rescale.isEmpty ? accumulator : c.rescale[o].apply(accumulator, rounding: rounds, to: type)
        if c.rectifies { value = max(value, 0) }
        return value
    }

    private func convolution(_ c: IntegerConvolution, _ x: IntegerArray, _ residual: IntegerArray?, _ result: IntegerValue) -> IntegerArray {
        let (batch, height, width) = (x.shape[0], x.shape[2], x.shape[3])
        let (outChannels, outHeight, outWidth) = (result.shape[1], result.shape[2], result.shape[3])
        let (perGroup, kernelH, kernelW) = (c.weightShape[1], c.weightShape[2], c.weightShape[3])
        let outPerGroup = outChannels / c.groups
        var elements: [Int32] = []
        elements.reserveCapacity(result.count)
        for n in 0..<batch {
            for o in 0..<outChannels {
                let firstChannel = o / outPerGroup * perGroup
                for oy in 0..<outHeight {
                    for ox in 0..<outWidth {
                        var sum = 0
                        for i in 0..<perGroup {
                            for ky in 0..<kernelH {
                                let y = oy * c.stride[0] - c.padding[0] + ky * c.dilation[0]
                                if y < 0 || y >= height { continue }
                                let row = ((n * x.shape[1] + firstChannel + i) * height + y) * width
                                let taps = ((o * perGroup + i) * kernelH + ky) * kernelW
                                for kx in 0..<kernelW {
                                    let column = ox * c.stride[1] - c.padding[1] + kx * c.dilation[1]
                                    if column < 0 || column >= width { continue }
                                    sum += Int(x.elements[row + column]) * Int(c.weight[taps + kx])
                                }
                            }
                        }
                        let other = residual.map { Int($0.elements[elements.count]) }
                        elements.append(Int32(truncatingIfNeeded: finish(c, sum, channel: o, residual: other, result.type)))
                    }
                }
            }
        }
        return IntegerArray(shape: result.shape, type: result.type, elements: elements)
    }

    private func linear(_ c: IntegerConvolution, _ x: IntegerArray, _ residual: IntegerArray?, _ result: IntegerValue) -> IntegerArray {
        let width = c.weightShape[1]
        var elements: [Int32] = []
        elements.reserveCapacity(result.count)
        for row in 0..<(width == 0 ? 0 : x.count / width) {
            for o in 0..<c.outChannels {
                var sum = 0
                for i in 0..<width { sum += Int(x.elements[row * width + i]) * Int(c.weight[o * width + i]) }
                let other = residual.map { Int($0.elements[elements.count]) }
                elements.append(Int32(truncatingIfNeeded: finish(c, sum, channel: o, residual: other, result.type)))
            }
        }
        return IntegerArray(shape: result.shape, type: result.type, elements: elements)
    }

    // MARK: Elementwise

    private func addition(_ a: IntegerAddition, _ x: IntegerArray, _ y: IntegerArray, _ result: IntegerValue) -> IntegerArray {
        made(
            result,
            zip(x.elements, y.elements).map { x, y in
                let sum = IntegerType.int32.saturated(Int(x) * a.multiplierA + Int(y) * a.multiplierB)
                let value = a.rescale.apply(sum, rounding: rounds, to: result.type)
                return a.rectifies ? max(value, 0) : value
            })
    }

    private func concatenate(_ axis: Int, _ rescales: [Rescale?], _ inputs: [IntegerArray], _ result: IntegerValue) -> IntegerArray {
        let outer = result.shape[..<axis].reduce(1, *)
        let inner = result.shape[(axis + 1)...].reduce(1, *)
        var elements: [Int32] = []
        elements.reserveCapacity(result.count)
        for o in 0..<outer {
            for (input, rescale) in zip(inputs, rescales) {
                let run = input.shape[axis] * inner
                for value in input.elements[(o * run)..<((o + 1) * run)] {
                    elements.append(rescale.map { Int32(truncatingIfNeeded: $0.apply(Int(value), rounding: rounds, to: result.type)) } ?? value)
                }
            }
        }
        return IntegerArray(shape: result.shape, type: result.type, elements: elements)
    }

    private func pad(_ before: [Int], _ value: Int, _ x: IntegerArray, _ result: IntegerValue) -> IntegerArray {
        var elements = [Int32](repeating: Int32(truncatingIfNeeded: value), count: result.count)
        let target = IntegerArray(shape: result.shape, type: result.type, elements: []).strides
        var index = [Int](repeating: 0, count: x.shape.count)
        for element in x.elements {
            elements[index.indices.reduce(0) { $0 + (index[$1] + before[$1]) * target[$1] }] = element
            for d in stride(from: index.count - 1, through: 0, by: -1) {
                index[d] += 1
                if index[d] < x.shape[d] { break }
                index[d] = 0
            }
        }
        return IntegerArray(shape: result.shape, type: result.type, elements: elements)
    }

    // MARK: Pooling

    private func averagePool(_ p: IntegerPooling, _ rescale: Rescale?, _ x: IntegerArray, _ result: IntegerValue) -> IntegerArray {
        windows(p, x, result, initial: 0, { $0 + $1 }) { sum in
            let sum = IntegerType.int32.saturated(sum)
            return rescale?.apply(sum, rounding: rounds, to: result.type) ?? sum
        }
    }

    private func maxPool(_ p: IntegerPooling, _ x: IntegerArray, _ result: IntegerValue) -> IntegerArray {
        windows(p, x, result, initial: Int.min, max) { max($0, result.type.minimum) }
    }

    private func windows(
        _ p: IntegerPooling, _ x: IntegerArray, _ result: IntegerValue, initial: Int, _ combine: (Int, Int) -> Int, _ finish: (Int) -> Int
    ) -> IntegerArray {
        let (height, width) = (x.shape[2], x.shape[3])
        var values: [Int] = []
        values.reserveCapacity(result.count)
        for plane in 0..<(x.shape[0] * x.shape[1]) {
            for oy in 0..<result.shape[2] {
                for ox in 0..<result.shape[3] {
                    var total = initial
                    for ky in 0..<p.kernel[0] {
                        let y = oy * p.stride[0] - p.padding[0] + ky * p.dilation[0]
                        if y < 0 || y >= height { continue }
                        for kx in 0..<p.kernel[1] {
                            let column = ox * p.stride[1] - p.padding[1] + kx * p.dilation[1]
                            if column >= 0 && column < width { total = combine(total, Int(x.elements[(plane * height + y) * width + column])) }
                        }
                    }
                    values.append(finish(total))
                }
            }
        }
        return made(result, values)
    }
}
