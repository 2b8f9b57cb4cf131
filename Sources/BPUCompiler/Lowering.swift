import BPU
import Quantization

/// Pass 1, legalise: a traced model becomes steps over storages.
///
///     conv → flatten → linear          _c_hz_conv2d; _c_hz_conv2d_torch_native (copy NHWC → NCHW); _l_hz_linear_torch_native
///
/// Chooses a layout for every map: rank 4 is `raw` where layers compute on it, others are `native`; a copy step is inserted where two
/// meet, and reshapes become views. Images are converted by a step of their own, reported with the layer that reads it.
struct Lowering {
    private let graph: IntegerGraph
    private let options: CompilerOptions
    private var list: StepList
    private var operands: [Operand?]
    /// The report row that produced each storage.
    private var rowOfStorage: [Int: Int] = [:]
    private var nameOfStorage: [Int: String] = [:]

    static func run(_ graph: IntegerGraph, options: CompilerOptions) throws(CompilerError) -> StepList {
        let frames = graph.inputs.first.flatMap { graph.values[$0.value].shape.first } ?? 1
        var lowering = Lowering(
            graph: graph, options: options, list: StepList(frames: frames), operands: Array(repeating: nil, count: graph.values.count))
        try lowering.lowerInputs()
        for layer in graph.layers { try lowering.lower(layer) }
        try lowering.lowerOutputs()
        try lowering.list.verify(after: "legalise")
        return lowering.list
    }

    private func element(_ value: Int) -> Element {
        switch graph.values[value].type {
        case .int8: .int8
        case .int16: .int16
        case .int32: .int32
        }
    }

    private func operand(_ value: Int) throws(CompilerError) -> Operand {
        guard let operand = operands[value] else { throw .malformed(pass: "trace", "value \(value) is read before it is computed") }
        return operand
    }

    private mutating func storage(_ geometry: MapGeometry, home: Storage.Home = .workspace) -> Operand {
        list.storages.append(Storage(frameBytes: geometry.frameBytes, home: home))
        return Operand(storage: list.storages.count - 1, geometry: geometry)
    }

    private mutating func row(_ name: String, operations: Int = 0) -> Int {
        list.rows.append(ProgramLayer(name: name, operations: operations))
        return list.rows.count - 1
    }

    /// Appends a step that writes a new map of this geometry.
    private mutating func append(
        _ name: String, row: Int, _ operation: StepOperation, _ inputs: [Operand], _ geometry: MapGeometry, home: Storage.Home = .workspace,
        low: Int? = nil,
        high: Int? = nil
    ) -> Operand {
        let output = storage(geometry, home: home)
        list.steps.append(
            Step(
                row: row, name: name, operation: operation, inputs: inputs, output: output, low: max(low ?? Int.min, geometry.element.minimum),
                high: min(high ?? Int.max, geometry.element.maximum)))
        (rowOfStorage[output.storage], nameOfStorage[output.storage]) = (row, name)
        return output
    }

    // MARK: inputs and outputs

    private mutating func lowerInputs() throws(CompilerError) {
        for (k, input) in graph.inputs.enumerated() {
            let value = graph.values[input.value]
            guard options.source(k) != .ddr else {
                operands[input.value] = storage(
                    MapGeometry(shape: value.shape, element: element(input.value), layout: options.layout(k)), home: .input(k))
                nameOfStorage[list.storages.count - 1] = "_" + input.name
                continue
            }
            let (height, width) = (value.shape[2], value.shape[3])
            let stride = (width + 15) / 16 * 16
            let planes = storage(MapGeometry(channels: 1, height: height * 3 / 2, width: stride, element: .int8, layout: .native), home: .input(k))
            let name = graph.layers.first { $0.inputs.contains(input.value) }?.name ?? "_" + input.name
            // The reader's row comes first in the report; it is found again by name.
            let shared = graph.layers.first?.name == name ? row(name) : row("_" + input.name + "_hz_image")
            operands[input.value] = append(
                name, row: shared, .image(lumaStride: stride), [planes],
                MapGeometry(channels: 3, height: height, width: width, element: .int8, layout: .raw))
        }
    }

    private mutating func lowerOutputs() throws(CompilerError) {
        var taken: Set<Int> = []
        for (k, output) in graph.outputs.enumerated() {
            let value = graph.values[output.value]
            let wanted = MapGeometry(shape: value.shape, element: element(output.value), layout: options.outputLayout)
            let found = try operand(output.value)
            if list.storages[found.storage].home == .workspace, isSame(found.geometry, wanted), taken.insert(found.storage).inserted {
                list.storages[found.storage].home = .output(k)
                continue
            }
            _ = copy(found, to: wanted, home: .output(k))
        }
    }

    /// Whether two geometries put every element at the same address.
    private func isSame(_ a: MapGeometry, _ b: MapGeometry) -> Bool {
        if a == b { return true }
        let flat = a.element == b.element && a.frameBytes == b.frameBytes
        return flat && a.layout == .native && b.layout == .native
    }

    /// A step that changes the layout, named after the layer it follows.
    private mutating func copy(_ from: Operand, to geometry: MapGeometry, home: Storage.Home = .workspace) -> Operand {
        let producer = nameOfStorage[from.storage] ?? "_input"
        let base = geometry.layout == .native ? producer + "_torch_native" : producer + "_hz_transpose"
        var name = base
        var k = 0
        while list.rows.contains(where: { $0.name == name }) {
            k += 1
            name = base + "_\(k)"
        }
        let result = append(name, row: row(name), .copy, [from], geometry, home: home)
        list.steps[list.steps.count - 1].chargesLoadsToProducer = rowOfStorage[from.storage] != nil
        return result
    }

    // MARK: layouts

    /// The value with channels innermost; other ranks than 4 as one pixel.
    private mutating func channelsLast(_ value: Int) throws(CompilerError) -> Operand {
        let found = try operand(value)
        guard found.geometry.layout == .native, graph.values[value].shape.count == 4 else { return found }
        let geometry = found.geometry
        if geometry.height * geometry.width == 1 { return found }
        let result = copy(found, to: MapGeometry(shape: graph.values[value].shape, element: geometry.element, layout: .raw))
        operands[value] = result
        return result
    }

    /// The value in PyTorch's order.
    private mutating func native(_ value: Int) throws(CompilerError) -> Operand {
        let found = try operand(value)
        if found.geometry.layout == .native { return found }
        return copy(found, to: MapGeometry(shape: graph.values[value].shape, element: found.geometry.element, layout: .native))
    }

    private func result(_ layer: IntegerLayer) -> MapGeometry {
        MapGeometry(shape: graph.values[layer.output].shape, element: element(layer.output), layout: .raw)
    }

    /// A native map of any rank as one row of pixels with the last dimension as channels.
    private func pixels(_ operand: Operand, channels: Int) -> Operand {
        let geometry = operand.geometry
        let count = geometry.frameBytes / geometry.element.byteCount
        return Operand(
            storage: operand.storage,
            geometry: MapGeometry(channels: channels, height: 1, width: count / max(channels, 1), element: geometry.element, layout: .packed))
    }

    // MARK: layers

    private mutating func layerRow(_ layer: IntegerLayer) -> Int {
        let operations = 2 * graph.multiplyAccumulates(layer)
        if let shared = list.rows.firstIndex(where: { $0.name == layer.name }) {
            list.rows[shared].operations = operations
            return shared
        }
        return row(layer.name, operations: operations)
    }

    private mutating func lower(_ layer: IntegerLayer) throws(CompilerError) {
        if case .reshape = layer.operation {
            let from = try native(layer.inputs[0])
            let shape = graph.values[layer.output].shape
            operands[layer.output] = Operand(
                storage: from.storage, geometry: MapGeometry(shape: shape, element: from.geometry.element, layout: .native))
            return
        }
        let geometry = result(layer)
        let inputs = try operandsFor(layer)
        let row = layerRow(layer)
        let readsInput = layer.inputs.contains { value in graph.inputs.contains { $0.value == value } }
        operands[layer.output] = try append(layer, row, inputs, geometry)
        if readsInput { list.steps[list.steps.count - 1].chargesStoresToConsumer = true }
    }

    private mutating func operandsFor(_ layer: IntegerLayer) throws(CompilerError) -> [Operand] {
        var operands: [Operand] = []
        for value in layer.inputs {
            if case .linear = layer.operation { operands.append(try native(value)) } else { operands.append(try channelsLast(value)) }
        }
        return operands
    }

    private mutating func append(_ layer: IntegerLayer, _ row: Int, _ inputs: [Operand], _ geometry: MapGeometry) throws(CompilerError) -> Operand {
        let name = layer.name
        switch layer.operation {
        case .convolution(let body): return append(name, row: row, .convolution(body), inputs, geometry, low: body.rectifies ? 0 : nil)
        case .linear(var body):
            body.weightShape += [1, 1]
            let shape = graph.values[layer.output].shape
            let target = MapGeometry(shape: shape, element: geometry.element, layout: .native)
            let output = append(
                name, row: row, .convolution(body),
                inputs.enumerated().map { pixels($1, channels: $0 == 0 ? body.weightShape[1] : body.weightShape[0]) },
                pixels(Operand(storage: 0, geometry: target), channels: body.weightShape[0]).geometry, low: body.rectifies ? 0 : nil)
            return Operand(storage: output.storage, geometry: target)
        case .add(let body): return append(name, row: row, .add(body), inputs, geometry, low: body.rectifies ? 0 : nil)
        case .multiply(let rescale): return append(name, row: row, .multiply(rescale), inputs, geometry)
        case .maxPool(let body): return append(name, row: row, .maxPool(body), inputs, geometry)
        case .averagePool(let body, let rescale): return append(name, row: row, .averagePool(body, rescale), inputs, geometry)
        case .requantize(let rescale): return append(name, row: row, .rescale(rescale), inputs, geometry)
        case .rectify(let high): return append(name, row: row, .copy, inputs, geometry, low: 0, high: high)
        case .lookup(let table): return append(name, row: row, .lookup(table), inputs, geometry)
        case .concatenate, .permute, .slice, .pad, .nearestUpsample:
            let boxes = try boxMoves(layer, inputs, geometry)
            return append(
                name, row: row, .boxes(boxes, rowRepeat: BoxMoves.rowRepeat(layer.operation, rank: graph.values[layer.output].shape.count)), inputs,
                geometry)
        case .reshape: throw .malformed(pass: "legalise", "a reshape is no step")
        }
    }

    private func boxMoves(_ layer: IntegerLayer, _ inputs: [Operand], _ geometry: MapGeometry) throws(CompilerError) -> [BoxMove] {
        let shapes = layer.inputs.map { graph.values[$0].shape }
        return try BoxMoves.make(layer, shapes: shapes, inputs: inputs.map(\.geometry), shape: graph.values[layer.output].shape, output: geometry)
    }
}
