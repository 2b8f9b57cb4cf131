/// A violated invariant of an integer graph.
package struct IntegerGraphError: Error, CustomStringConvertible, Equatable {
    /// The layer's name, or "" where the whole graph is at fault.
    package var layer: String
    package var reason: String

    package init(layer: String = "", _ reason: String) {
        self.layer = layer
        self.reason = reason
    }

    package var description: String { layer.isEmpty ? reason : "\(layer): \(reason)" }
}

extension IntegerGraph {
    /// Throws at the first violation of the graph's invariants. After it, execution cannot fail.
    package func verify() throws(IntegerGraphError) {
        for (id, value) in values.enumerated() {
            guard value.shape.allSatisfy({ $0 >= 0 && $0 < 1 << 31 }), value.shape.count <= 8 else {
                throw IntegerGraphError("value \(id) has shape \(value.shape)")
            }
            var count = 1
            for size in value.shape {
                count *= max(size, 1)
                if count >= 1 << 31 { throw IntegerGraphError("value \(id) has more than 2^31 elements") }
            }
            let channels = value.shape.count > 1 ? value.shape[1] : 1
            guard value.scales.count == 1 || value.scales.count == channels else {
                throw IntegerGraphError("value \(id) has \(value.scales.count) scales for shape \(value.shape)")
            }
            guard value.scales.allSatisfy({ $0 > 0 && $0.isFinite }) else {
                throw IntegerGraphError("value \(id) has a scale that is not positive and finite")
            }
        }
        var defined = [Bool](repeating: false, count: values.count)
        for input in inputs {
            guard values.indices.contains(input.value), !defined[input.value] else {
                throw IntegerGraphError("input \(input.name) has no value of its own")
            }
            defined[input.value] = true
        }
        var names: Set<String> = []
        for layer in layers {
            guard names.insert(layer.name).inserted else { throw IntegerGraphError(layer: layer.name, "the name is used twice") }
            guard !layer.inputs.isEmpty, layer.inputs.allSatisfy({ values.indices.contains($0) && defined[$0] }) else {
                throw IntegerGraphError(layer: layer.name, "an operand is not defined before its use")
            }
            guard values.indices.contains(layer.output), !defined[layer.output] else {
                throw IntegerGraphError(layer: layer.name, "its result is defined twice or missing")
            }
            defined[layer.output] = true
            if let reason = violation(layer, layer.inputs.map { values[$0] }, values[layer.output]) {
                throw IntegerGraphError(layer: layer.name, reason)
            }
        }
        guard !outputs.isEmpty, outputs.allSatisfy({ values.indices.contains($0.value) && defined[$0.value] }) else {
            throw IntegerGraphError("an output is not defined")
        }
    }

    private func violation(_ layer: IntegerLayer, _ inputs: [IntegerValue], _ result: IntegerValue) -> String? {
        let x = inputs[0]
        switch layer.operation {
        case .convolution(let c): return violation(c, inputs, result, spatial: true)
        case .linear(let c): return violation(c, inputs, result, spatial: false)
        case .add(let a):
            if inputs.count != 2 || inputs[1].shape != x.shape || result.shape != x.shape { return "its operands have different shapes" }
            return bad(a.multiplierA) || bad(a.multiplierB) ? "a multiplier does not fit 24 bits" : violation(a.rescale)
        case .multiply(let rescale):
            return inputs.count != 2 || inputs[1].shape != x.shape || result.shape != x.shape
                ? "its operands have different shapes" : violation(rescale)
        case .averagePool(let pool, let rescale): return violation(pool, x, result) ?? rescale.flatMap(violation)
        case .maxPool(let pool): return result.type != x.type ? "it changes the type" : violation(pool, x, result)
        case .concatenate(let axis, let rescales):
            guard rescales.count == inputs.count, axis >= 0, axis < result.shape.count else { return "its axis or rescales do not fit" }
            for input in inputs {
                if input.shape.count != result.shape.count { return "its operands have different ranks" }
                for d in result.shape.indices where d != axis && input.shape[d] != result.shape[d] { return "its operands have different shapes" }
            }
            return inputs.reduce(0) { $0 + $1.shape[axis] } != result.shape[axis]
                ? "its operands do not fill the result" : rescales.compactMap { $0.flatMap(violation) }.first
        case .requantize(let rescale): return result.shape != x.shape ? "it changes the shape" : violation(rescale)
        case .rectify: return result.shape != x.shape || result.type != x.type ? "it changes the shape or type" : nil
        case .lookup(let table):
            return table.count != 256 || x.type != .int8 || result.type != .int8 || result.shape != x.shape
                ? "its table or operand does not fit" : nil
        case .reshape: return result.count != x.count || result.type != x.type ? "it changes the number or type of elements" : nil
        case .permute(let order):
            return order.sorted() != Array(x.shape.indices) || result.shape != order.map { x.shape[$0] } || result.type != x.type
                ? "its order does not fit" : nil
        case .slice(let axis, let start, let step):
            guard axis >= 0, axis < x.shape.count, result.shape.count == x.shape.count, start >= 0, step > 0, result.type == x.type else {
                return "its bounds do not fit"
            }
            for d in x.shape.indices where d != axis && x.shape[d] != result.shape[d] { return "its bounds do not fit" }
            return result.shape[axis] > 0 && start + (result.shape[axis] - 1) * step >= x.shape[axis] ? "it reads beyond the operand" : nil
        case .pad(let before, let after, let value):
            guard before.count == x.shape.count, after.count == x.shape.count, (before + after).allSatisfy({ $0 >= 0 }), result.type == x.type else {
                return "its amounts do not fit"
            }
            if value < x.type.minimum || value > x.type.maximum { return "its value does not fit the type" }
            return x.shape.indices.contains { x.shape[$0] + before[$0] + after[$0] != result.shape[$0] }
                ? "its amounts do not give the result's shape" : nil
        case .nearestUpsample(let h, let w):
            return x.shape.count != 4 || h < 1 || w < 1 || result.type != x.type
                || result.shape != [x.shape[0], x.shape[1], x.shape[2] * h, x.shape[3] * w] ? "its factors do not fit" : nil
        }
    }

    private func bad(_ multiplier: Int) -> Bool { abs(multiplier) >= 1 << 24 }

    private func violation(_ rescale: Rescale) -> String? {
        (-32768...32767).contains(rescale.multiplier) && (0...31).contains(rescale.preShift) && (0...31).contains(rescale.postShift)
            ? nil : "a rescale parameter is out of range"
    }

    private func violation(_ p: IntegerPooling, _ x: IntegerValue, _ result: IntegerValue) -> String? {
        guard x.shape.count == 4, result.shape.count == 4, x.shape[0] == result.shape[0], x.shape[1] == result.shape[1] else {
            return "its operand is not a feature map"
        }
        guard [p.kernel, p.stride, p.padding, p.dilation].allSatisfy({ $0.count == 2 }), (p.kernel + p.stride + p.dilation).allSatisfy({ $0 > 0 }),
            p.padding.allSatisfy({ $0 >= 0 })
        else {
            return "its window does not fit"
        }
        return nil
    }

    private func violation(_ c: IntegerConvolution, _ inputs: [IntegerValue], _ result: IntegerValue, spatial: Bool) -> String? {
        let x = inputs[0]
        guard c.weightShape.count == (spatial ? 4 : 2), c.weightShape.allSatisfy({ $0 > 0 && $0 < 1 << 24 }),
            c.weight.count == c.weightShape.reduce(1, *)
        else { return "its weight has \(c.weight.count) elements for shape \(c.weightShape)" }
        let out = c.outChannels
        guard c.bias.count == out, c.weightScales.count == out, c.rescale.isEmpty || c.rescale.count == out else {
            return "its parameters do not match \(out) output channels"
        }
        guard c.alignment.count == (inputs.count > 1 ? out : 0) else { return "its residual parameters do not match" }
        if inputs.count > 1 && inputs[1].shape != result.shape { return "its residual has another shape" }
        if c.rescale.isEmpty && result.type != .int32 { return "it has no rescale to \(result.type)" }
        if let reason = c.rescale.compactMap(violation).first { return reason }
        if c.alignment.contains(where: { !(0...32767).contains($0.multiplier) || !(-31...31).contains($0.shift) }) {
            return "a residual parameter is out of range"
        }
        guard spatial else {
            return x.shape.isEmpty || x.shape.last != c.weightShape[1] || result.shape != x.shape.dropLast() + [out] ? "its shapes do not fit" : nil
        }
        guard [c.stride, c.padding, c.dilation].allSatisfy({ $0.count == 2 }), (c.stride + c.dilation).allSatisfy({ $0 > 0 }),
            c.padding.allSatisfy({ $0 >= 0 }), c.groups > 0, out % c.groups == 0
        else {
            return "its stride, padding, dilation or groups do not fit"
        }
        guard x.shape.count == 4, result.shape.count == 4, x.shape[1] == c.weightShape[1] * c.groups, result.shape[0] == x.shape[0],
            result.shape[1] == out
        else { return "its shapes do not fit" }
        for d in 0..<2 {
            let reach = c.dilation[d] * (c.weightShape[d + 2] - 1) + 1
            let room = x.shape[d + 2] + 2 * c.padding[d] - reach
            if room < 0 || result.shape[d + 2] != room / c.stride[d] + 1 { return "its window does not give the result's size" }
        }
        return nil
    }
}
