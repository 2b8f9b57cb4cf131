import BPU
import Quantization

/// Checks a traced model against the limits of a march and the rules of quantization, without compiling it.
package struct ModelChecker {
    private let graph: IntegerGraph
    private let march: MarchDescription
    private let options: CompilerOptions
    private var violations: [ModelViolation] = []

    /// Every violation, in the order of the layers; empty where the model is supported.
    /// - Parameter checksParameters: whether to look at scales and rescaling parameters too.
    package static func check(_ graph: IntegerGraph, march: MarchDescription, options: CompilerOptions, checksParameters: Bool = true)
        -> [ModelViolation]
    {
        var checker = ModelChecker(graph: graph, march: march, options: options)
        checker.checkInputs()
        checker.checkBatch()
        for layer in graph.layers { checker.check(layer) }
        if checksParameters { checker.checkParameters() }
        return checker.violations
    }

    private init(graph: IntegerGraph, march: MarchDescription, options: CompilerOptions) {
        self.graph = graph
        self.march = march
        self.options = options
    }

    private mutating func report(_ layer: String, _ text: String) { violations.append(ModelViolation(layer: layer, text: text)) }

    private mutating func limit(_ layer: IntegerLayer, _ what: String, _ value: Int, _ range: ClosedRange<Int>) {
        if !range.contains(value) { report(layer.name, "\(what) \(value) is outside \(range.lowerBound)…\(range.upperBound) (\(march.name))") }
    }

    private mutating func checkInputs() {
        if graph.inputs.isEmpty { report(graph.name, "the model has no inputs") }
        if graph.march.rawValue != march.name { report(graph.name, "the model was quantized for \(graph.march.rawValue), not for \(march.name)") }
        if options.sources.count != 1, options.sources.count != graph.inputs.count {
            report(graph.name, "\(options.sources.count) input sources for \(graph.inputs.count) inputs")
        }
        for (k, input) in graph.inputs.enumerated() where options.source(k) != .ddr {
            let value = graph.values[input.value]
            let source = options.source(k).rawValue
            guard value.shape.count == 4, value.shape[1] == 3 else {
                report(input.name, "a \(source) input has 3 channels and rank 4, this one has the shape \(value.shape)")
                continue
            }
            if value.type != .int8 { report(input.name, "a \(source) input is int8, this one is \(value.type.rawValue)") }
            if value.shape[2] % 2 != 0 { report(input.name, "a \(source) input has an even height, this one has \(value.shape[2])") }
            if value.shape[3] % 2 != 0 { report(input.name, "a \(source) input has an even width, this one has \(value.shape[3])") }
            if value.scales != [1.0 / 128] {
                report(
                    input.name, "a \(source) input has scale 1/128 = 0.0078125, this one has \(value.scales.map { "\($0)" }.joined(separator: ", "))")
            }
        }
    }

    private mutating func checkBatch() {
        guard let first = graph.inputs.first, let batch = graph.values[first.value].shape.first else { return }
        for layer in graph.layers {
            let shape = graph.values[layer.output].shape
            if shape.first != batch { report(layer.name, "the batch dimension changes from \(batch) to \(shape.first ?? 0)") }
            if shape.count > 6 { report(layer.name, "rank \(shape.count) is above 6") }
        }
        for input in graph.inputs where graph.values[input.value].shape.first != batch { report(input.name, "inputs have different batch sizes") }
        if !march.limits.batch.contains(batch) {
            report(graph.name, "batch \(batch) is outside \(march.limits.batch.lowerBound)…\(march.limits.batch.upperBound)")
        }
    }

    private mutating func check(_ layer: IntegerLayer) {
        let output = graph.values[layer.output]
        let inputs = layer.inputs.map { graph.values[$0] }
        for extent in output.shape.dropFirst() { limit(layer, "dimension", extent, march.limits.dimension) }
        for value in inputs + [output] where value.type == .int16 && !march.supportsInt16 {
            report(layer.name, "int16 is not supported (\(march.name))")
            break
        }
        switch layer.operation {
        case .convolution(let body): checkConvolution(layer, body, inputs, output)
        case .linear(let body):
            guard let features = march.limits.linearFeatures else { return report(layer.name, "linear layers are not supported (\(march.name))") }
            limit(layer, "input features", body.weightShape[1], features)
            limit(layer, "output features", body.weightShape[0], features)
            if inputs.first?.type == .int32 { report(layer.name, "its input is int32; int8 or int16 is needed") }
        case .add, .multiply:
            if output.shape.count == 4 { limit(layer, "channels", output.shape[1], march.limits.elementwiseChannels) }
            if inputs.contains(where: { $0.type == .int32 }) { report(layer.name, "its operands are int32; int8 or int16 is needed") }
        case .averagePool(let body, _):
            requireRank4(layer, inputs)
            for (k, name) in ["height", "width"].enumerated() {
                limit(layer, "kernel \(name)", body.kernel[k], march.limits.averageKernel)
                limit(layer, "stride \(name)", body.stride[k], march.limits.averageStride)
                limit(layer, "padding \(name)", body.padding[k], march.limits.averagePadding)
            }
        case .maxPool(let body):
            requireRank4(layer, inputs)
            for (k, name) in ["height", "width"].enumerated() {
                limit(layer, "kernel \(name)", body.kernel[k], march.limits.maxKernel)
                limit(layer, "stride \(name)", body.stride[k], march.limits.maxStride)
                limit(layer, "padding \(name)", body.padding[k], march.limits.maxPadding)
            }
        case .concatenate(let axis, _):
            limit(layer, "number of inputs", inputs.count, march.limits.concatenated)
            if axis == 0 { report(layer.name, "concatenation along the batch is not supported") }
        case .lookup:
            if !march.limits.hasLookup { report(layer.name, "table look-ups are not supported (\(march.name))") }
        case .permute(let order):
            if order.first != 0 { report(layer.name, "a transpose of the batch dimension is not supported") }
        case .slice(let axis, _, _):
            if axis == 0 { report(layer.name, "slices of the batch are not supported") }
        case .pad(let before, let after, _):
            if before.first != 0 || after.first != 0 { report(layer.name, "padding of the batch is not supported") }
        case .requantize, .rectify, .reshape, .nearestUpsample: break
        }
    }

    private mutating func requireRank4(_ layer: IntegerLayer, _ inputs: [IntegerValue]) {
        if let shape = inputs.first?.shape, shape.count != 4 { report(layer.name, "its input has rank \(shape.count); 4 is needed") }
    }

    private mutating func checkConvolution(_ layer: IntegerLayer, _ body: IntegerConvolution, _ inputs: [IntegerValue], _ output: IntegerValue) {
        requireRank4(layer, inputs)
        guard body.weightShape.count == 4 else { return report(layer.name, "its weight has rank \(body.weightShape.count); 4 is needed") }
        let limits = march.limits
        limit(layer, "input channels", body.weightShape[1] * body.groups, limits.channels)
        let isOutput = graph.outputs.contains { $0.value == layer.output }
        limit(layer, "output channels", body.weightShape[0], isOutput ? limits.outputChannels : limits.channels)
        for (k, name) in ["height", "width"].enumerated() {
            limit(layer, "kernel \(name)", body.weightShape[2 + k], limits.kernel)
            limit(layer, "padding \(name)", body.padding[k], limits.padding)
            limit(layer, "dilation \(name)", body.dilation[k], limits.dilation)
            limit(layer, "stride \(name)", body.stride[k], 1...1024)
            if body.dilation[k] != 1, body.stride[k] != 1 {
                report(layer.name, "stride \(name) \(body.stride[k]) with dilation \(body.dilation[k]); dilated convolutions have stride 1")
            }
            if layer.inputs.count > 1 { limit(layer, "stride \(name) of a convolution with residual", body.stride[k], limits.residualStride) }
        }
        limit(layer, "weights per output", body.weightShape.dropFirst().reduce(1, *), limits.weightsPerOutput)
        if inputs.first?.type == .int32 { report(layer.name, "its input is int32; int8 or int16 is needed") }
    }

    /// Scales are finite and positive, multipliers have 16 bits.
    private mutating func checkParameters() {
        for layer in graph.layers {
            let value = graph.values[layer.output]
            if let scale = value.scales.first(where: { !($0 > 0 && $0.isFinite) }) { report(layer.name, "scale \(scale) is not positive and finite") }
            if case .convolution(let body) = layer.operation, let rescale = body.rescale.first(where: { !isUsable($0) }) {
                report(
                    layer.name, "multiplier \(rescale.multiplier) with shifts \(rescale.preShift), \(rescale.postShift) does not fit 16 bits and 0…31"
                )
            }
        }
    }

    private func isUsable(_ rescale: Rescale) -> Bool {
        (-32768...32767).contains(rescale.multiplier) && (0...31).contains(rescale.preShift) && (0...31).contains(rescale.postShift)
    }
}
