import Graphs
import NN
import Tensors

/// Turns a converted model into an integer graph for given input shapes: what `torch.jit.trace` records.
///
/// State: the graph so far and what each node is. Entry: `trace`.
package struct IntegerLowering {
    private enum Traced {
        /// A float input, by position.
        case input(Int)
        /// A value of the integer graph.
        case integer(Int)
        /// The same as floats, which only the output may use.
        case dequantized(Int)
        case constant(Argument)
        case several([Traced])
    }

    private let module: GraphModule
    private var graph: IntegerGraph
    private let shapes: [[Int]]
    private var quantized: [Int: (scale: Float, value: Int)] = [:]

    private init(_ module: GraphModule, _ shapes: [[Int]], _ march: March) {
        self.module = module
        self.shapes = shapes
        graph = IntegerGraph(name: module.typeName, march: march)
    }

    /// `shapes`: one for each input. Throws for models with float parts between their quantise and dequantise stubs, naming the culprit.
    package static func trace(_ module: GraphModule, _ shapes: [[Int]], march: March) throws(QuantizationError) -> IntegerGraph {
        var lowering = IntegerLowering(module, shapes, march)
        try lowering.run()
        do throws(IntegerGraphError) { try lowering.graph.verify() } catch { throw GraphError(.runtime, error.description) }
        return lowering.graph
    }

    private mutating func run() throws(QuantizationError) {
        var values: [ObjectIdentifier: Traced] = [:]
        var next = 0
        for node in module.graph.nodes {
            do throws(QuantizationError) {
                let traced: Traced
                switch node.opcode {
                case .placeholder:
                    guard next < shapes.count else { throw GraphError(.type, "forward() missing 1 required positional argument: '\(node.target)'") }
                    traced = .input(next)
                    next += 1
                case .output:
                    try finish(try resolve(node.arguments.first ?? .none, values))
                    return
                case .callModule:
                    var operands: [Traced] = []
                    for argument in node.arguments { operands.append(try resolve(argument, values)) }
                    traced = try call(node, operands)
                case .callFunction, .callMethod:
                    var operands: [Traced] = []
                    for argument in node.arguments { operands.append(try resolve(argument, values)) }
                    traced = try function(node, operands)
                case .getAttribute: throw .unsupported("tensor attribute \(node.target) of the model has no integer form")
                }
                values[ObjectIdentifier(node)] = traced
            } catch {
                throw located(error, node)
            }
        }
    }

    private func located(_ error: QuantizationError, _ node: Node) -> QuantizationError {
        guard let location = node.location, !error.message.contains(location) else { return error }
        var result = error
        result.message += " (\(location))"
        return result
    }

    private func resolve(_ argument: Argument, _ values: [ObjectIdentifier: Traced]) throws(QuantizationError) -> Traced {
        if let node = argument.node {
            guard let value = values[ObjectIdentifier(node)] else { throw GraphError(.runtime, "\(node.name) is used before it is defined") }
            return value
        }
        var hasNodes = false
        argument.forEachNode { _ in hasNodes = true }
        guard hasNodes, let items = argument.items else { return .constant(argument) }
        var traced: [Traced] = []
        for item in items { traced.append(try resolve(item, values)) }
        return .several(traced)
    }

    private mutating func finish(_ result: Traced) throws(QuantizationError) {
        switch result {
        case .integer(let id): graph.outputs.append(IntegerOutput(value: id, dequantizes: false))
        case .dequantized(let id): graph.outputs.append(IntegerOutput(value: id, dequantizes: true))
        case .several(let items): for item in items { try finish(item) }
        case .input, .constant: throw .unsupported("an output of the model is not computed from quantised values")
        }
    }

    // MARK: Modules

    private mutating func call(_ node: Node, _ operands: [Traced]) throws(QuantizationError) -> Traced {
        let target: Module
        do throws(TensorError) { target = try module.submodule(node.target) } catch { throw GraphError(error) }
        if let quantize = target as? QuantizeLayer, case .input(let index)? = operands.first { return try input(index, quantize) }
        if target is DequantizeLayer, case .integer(let id)? = operands.first { return .dequantized(id) }
        var ids: [Int] = []
        for operand in operands { ids += try integers(operand, node.target, target.typeName) }
        guard let first = ids.first else { throw .unsupported("\(target.typeName) (\(node.target)) without operands") }
        if target is QuantizeLayer { return .integer(first) }
        if let layer = target as? QuantizedLayer {
            guard let (operation, result) = try layer.lower(ids.map { graph.values[$0] }) else { return .integer(first) }
            return .integer(graph.addLayer(node.target, operation, ids, result))
        }
        throw .unsupported("\(target.typeName) (\(node.target)) stays float in the quantized model and cannot be deployed")
    }

    private mutating func input(_ index: Int, _ layer: QuantizeLayer) throws(QuantizationError) -> Traced {
        do throws(TensorError) {
            let scale = try layer.scale()
            if let known = quantized[index] {
                guard known.scale == scale else { throw .value("input \(index) is quantised with two different scales") }
                return .integer(known.value)
            }
            let value = graph.addInput(IntegerValue(shape: shapes[index], type: layer.type, scales: [scale]), quantizes: true)
            quantized[index] = (scale, value)
            return .integer(value)
        } catch {
            throw GraphError(error)
        }
    }

    private func integers(_ traced: Traced, _ path: String, _ name: String) throws(QuantizationError) -> [Int] {
        switch traced {
        case .integer(let id): return [id]
        case .several(let items):
            var ids: [Int] = []
            for item in items { ids += try integers(item, path, name) }
            return ids
        case .input, .dequantized: throw .unsupported("\(name) (\(path)) gets a float tensor. Is a QuantStub missing before it?")
        case .constant: throw .unsupported("\(name) (\(path)) gets a constant")
        }
    }

    /// Layers that leave the scale alone: nil: not one of them; .some(nil): nothing to do.
    static func scaleKeeping(_ layer: Module, _ x: IntegerValue) throws(QuantizationError) -> (operation: IntegerOperation, result: IntegerValue)?? {
        guard OperationLayer.scaleKeeping.contains(layer.typeName) else { return nil }
        var result = x
        switch layer.typeName {
        case "ReLU": return (.rectify(high: nil), x)
        case "ReLU6":
            let high = x.scales.count == 1 ? QuantizedWeightedLayer.rounded(6 / Double(x.scales[0])) : x.type.maximum
            return (.rectify(high: min(high, x.type.maximum)), x)
        case "Identity", "Dropout", "Dropout2d": return .some(nil)
        default: break
        }
        guard let configuration = (layer as? FunctionLayer)?.configuration else { return nil }
        switch configuration {
        case .flatten(let start, let end):
            result.shape = try IntegerLowering.flattened(x.shape, start, end)
            return (.reshape, try IntegerLowering.reshaped(x, result.shape))
        case .pool(let p, _):
            let window = IntegerLowering.pooling(p)
            result.shape = [x.shape[0], x.shape[1]] + (try IntegerLowering.poolSizes(window, x.shape, ceil: p.ceilMode))
            return (.maxPool(window), result)
        case .upsample(let size, let scale, let mode, _):
            guard mode == "nearest", x.shape.count == 4 else { throw .unsupported("Upsample with mode '\(mode)' has no integer form") }
            let sizes =
                size.map { $0.count == 1 ? [$0[0], $0[0]] : $0 } ?? (scale ?? []).enumerated().map { Int(Double(x.shape[min($0 + 2, 3)]) * $1) }
            let wanted = sizes.count == 1 ? [x.shape[2] * sizes[0] / max(x.shape[2], 1), x.shape[3] * sizes[0] / max(x.shape[2], 1)] : sizes
            guard wanted.count == 2, x.shape[2] > 0, x.shape[3] > 0, wanted[0] % x.shape[2] == 0, wanted[1] % x.shape[3] == 0, wanted[0] > 0,
                wanted[1] > 0
            else {
                throw .unsupported("Upsample has an integer form for whole factors only")
            }
            result.shape = [x.shape[0], x.shape[1]] + wanted
            return (.nearestUpsample(scaleH: wanted[0] / x.shape[2], scaleW: wanted[1] / x.shape[3]), result)
        case .pad(let amounts, let mode, let value):
            guard mode == "constant", x.scales.count == 1, amounts.count % 2 == 0, amounts.count / 2 <= x.shape.count, amounts.allSatisfy({ $0 >= 0 })
            else { throw .unsupported("\(layer.typeName) with these amounts has no integer form") }
            var (before, after) = ([Int](repeating: 0, count: x.shape.count), [Int](repeating: 0, count: x.shape.count))
            for i in 0..<(amounts.count / 2) {
                let d = x.shape.count - 1 - i
                (before[d], after[d]) = (amounts[2 * i], amounts[2 * i + 1])
                result.shape[d] += before[d] + after[d]
            }
            return (.pad(before: before, after: after, value: x.type.saturated(QuantizedWeightedLayer.rounded(value / Double(x.scales[0])))), result)
        case .none, .adaptivePool, .softmax: return nil
        }
    }

    // MARK: Functions

    private mutating func function(_ node: Node, _ operands: [Traced]) throws(QuantizationError) -> Traced {
        let name = FunctionTable.canonical(node.target)
        if name == "getitem", case .several(let items)? = operands.first, case .constant(let index)? = operands.last, let i = index.int {
            guard i < items.count, i >= -items.count else { throw GraphError(.value, "index \(i) is out of range") }
            return items[i < 0 ? i + items.count : i]
        }
        guard let first = operands.first else { throw .unsupported("function '\(name)' has no integer form") }
        let id: Int
        let isFloat: Bool
        switch first {
        case .integer(let value): (id, isFloat) = (value, false)
        case .dequantized(let value): (id, isFloat) = (value, true)
        case .input, .constant, .several: throw .unsupported("function '\(name)' on values that are not quantised cannot be deployed")
        }
        let x = graph.values[id]
        if let constant = try sizes(name, x, operands) { return .constant(constant) }
        guard let (operation, result) = try movement(name, node, x, operands) else { throw .unsupported("function '\(name)' has no integer form") }
        let moved = graph.addLayer(node.scope.isEmpty ? node.name : node.scope + "." + node.name, operation, [id], result)
        return isFloat ? .dequantized(moved) : .integer(moved)
    }

    private func sizes(_ name: String, _ x: IntegerValue, _ operands: [Traced]) throws(QuantizationError) -> Argument? {
        func constant(_ position: Int) -> Argument? {
            if operands.count > position, case .constant(let value) = operands[position] { value } else { nil }
        }
        switch name {
        case "size":
            guard let dim = constant(1)?.int else { return .tuple(x.shape.map(Argument.int)) }
            guard dim >= -x.shape.count, dim < x.shape.count else { throw GraphError(.value, "dimension \(dim) is out of range") }
            return .int(x.shape[dim < 0 ? dim + x.shape.count : dim])
        case "getattr" where constant(1)?.string == "shape": return .tuple(x.shape.map(Argument.int))
        case "dim": return .int(x.shape.count)
        default: return nil
        }
    }

    private func movement(_ name: String, _ node: Node, _ x: IntegerValue, _ operands: [Traced]) throws(QuantizationError) -> (
        operation: IntegerOperation, result: IntegerValue
    )? {
        var constants: [Argument] = []
        for operand in operands.dropFirst() { if case .constant(let value) = operand { constants.append(value) } }
        func value(_ position: Int, _ keyword: String) -> Argument? { position < constants.count ? constants[position] : node.keywords[keyword] }
        switch name {
        case "flatten":
            let shape = try IntegerLowering.flattened(x.shape, value(0, "start_dim")?.int ?? 0, value(1, "end_dim")?.int ?? -1)
            return (.reshape, try IntegerLowering.reshaped(x, shape))
        case "reshape", "view":
            guard var shape = constants.count == 1 ? constants[0].ints : constants.compactMap(\.int), let unknown = Optional(shape.firstIndex(of: -1))
            else { return nil }
            if let unknown {
                let known = shape.enumerated().filter { $0.offset != unknown }.reduce(1) { $0 * $1.element }
                guard known > 0, x.count % known == 0 else { throw GraphError(.runtime, "shape '\(shape)' is invalid for input of size \(x.count)") }
                shape[unknown] = x.count / known
            }
            guard shape.allSatisfy({ $0 >= 0 }), shape.reduce(1, *) == x.count else {
                throw GraphError(.runtime, "shape '\(shape)' is invalid for input of size \(x.count)")
            }
            return (.reshape, try IntegerLowering.reshaped(x, shape))
        case "squeeze":
            let dims = value(0, "dim")?.ints?.map { $0 < 0 ? $0 + x.shape.count : $0 }
            return (
                .reshape, try IntegerLowering.reshaped(x, x.shape.enumerated().filter { $1 != 1 || !(dims?.contains($0) ?? true) }.map(\.element))
            )
        case "unsqueeze":
            guard let dim = value(0, "dim")?.int, dim >= -x.shape.count - 1, dim <= x.shape.count else { return nil }
            var shape = x.shape
            shape.insert(1, at: dim < 0 ? dim + x.shape.count + 1 : dim)
            return (.reshape, try IntegerLowering.reshaped(x, shape))
        case "permute", "transpose":
            guard x.scales.count == 1 else { return nil }
            let given = (constants.count == 1 ? constants[0].ints : constants.compactMap(\.int))?.map { $0 < 0 ? $0 + x.shape.count : $0 }
            guard let given, given.allSatisfy(x.shape.indices.contains) else { return nil }
            var order = given
            if name == "transpose" {
                guard given.count == 2 else { return nil }
                order = Array(x.shape.indices)
                order.swapAt(given[0], given[1])
            }
            guard order.sorted() == Array(x.shape.indices) else { return nil }
            return (.permute(order: order), IntegerValue(shape: order.map { x.shape[$0] }, type: x.type, scales: x.scales))
        default: return nil
        }
    }

    // MARK: Shapes

    static func flattened(_ shape: [Int], _ start: Int, _ end: Int) throws(QuantizationError) -> [Int] {
        let (from, to) = (start < 0 ? start + shape.count : start, end < 0 ? end + shape.count : end)
        guard from >= 0, to < shape.count, from <= to else {
            throw GraphError(.value, "flatten() has invalid args: start_dim cannot come after end_dim")
        }
        return shape[..<from] + [shape[from...to].reduce(1, *)] + shape[(to + 1)...]
    }

    /// Scales per channel survive only where dimension 1 does.
    static func reshaped(_ x: IntegerValue, _ shape: [Int]) throws(QuantizationError) -> IntegerValue {
        guard x.scales.count == 1 || (shape.count > 1 && shape[0] == x.shape[0] && shape[1] == x.shape[1]) else {
            throw .unsupported("values with a scale for each channel cannot be reshaped across channels")
        }
        return IntegerValue(shape: shape, type: x.type, scales: x.scales)
    }

    static func pooling(_ p: Tensor.PoolParameters) -> IntegerPooling {
        func pair(_ values: [Int]) -> [Int] { values.count == 1 ? [values[0], values[0]] : values }
        return IntegerPooling(kernel: pair(p.kernel), stride: pair(p.stride), padding: pair(p.padding), dilation: pair(p.dilation))
    }

    static func poolSizes(_ p: IntegerPooling, _ shape: [Int], ceil: Bool) throws(QuantizationError) -> [Int] {
        guard shape.count == 4 else { throw .unsupported("pooling needs an input of 4 dimensions") }
        guard !ceil else { throw .unsupported("pooling with ceil_mode has no integer form") }
        var sizes: [Int] = []
        for d in 0..<2 {
            let room = shape[d + 2] + 2 * p.padding[d] - (p.dilation[d] * (p.kernel[d] - 1) + 1)
            guard room >= 0, p.stride[d] > 0 else { throw GraphError(.runtime, "pooling window does not fit an input of \(shape[2])x\(shape[3])") }
            sizes.append(room / p.stride[d] + 1)
        }
        return sizes
    }
}
