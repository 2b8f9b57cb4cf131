import Graphs
import NN
import Tensors

/// `convert_fx`: every quantisation-aware module becomes its integer counterpart.
///
/// Modules that preserve QAT mode, and modules without a qconfig, stay as they are.
package enum Conversion {
    package static func convert(_ model: GraphModule, inPlace: Bool = false) throws(QuantizationError) -> GraphModule {
        let march = try QuantizationState.requireMarch("convert")
        do throws(TensorError) {
            guard let result = inPlace ? model : try model.deepCopy() as? GraphModule else { throw .type("convert_fx needs a GraphModule") }
            let counts = result.graph.callCounts
            for (path, module) in result.namedModules() {
                if counts[path] != nil, !(module is QuantizableLayer), OperationLayer.scaleKeeping.contains(module.typeName), module is FunctionLayer
                {
                    let kept = ScaleKeepingLayer(module, march: march)
                    kept.train(module.training)
                    try result.install(kept, at: path)
                }
                guard let layer = module as? QuantizableLayer, layer.isQuantized, !layer.preservesQATMode else { continue }
                if let quantized = try converted(layer, march) {
                    quantized.train(layer.training)
                    try result.install(quantized, at: path)
                }
            }
            result.fastForward = IntegerPlans.forward
            return result
        } catch {
            throw QuantizationError(error)
        }
    }

    private static func converted(_ layer: QuantizableLayer, _ march: March) throws(TensorError) -> Module? {
        let scale = try activationScale(layer)
        let outType = layer.activationQuantizer?.type.integerType ?? .int32
        switch layer {
        case let stub as QuantStub:
            return try QuantizeLayer(scale: scale ?? Float(stub.scale ?? 1), type: outType == .int32 ? .int8 : outType, march: march)
        case is DeQuantStub: return DequantizeLayer(march: march)
        case let weighted as WeightedLayer: return try converted(weighted, scale, outType, march)
        case let arithmetic as ArithmeticLayer:
            guard let scale, let copy = try arithmetic.emptyCopy() as? ArithmeticLayer else {
                throw .value("FloatFunctional.\(arithmetic.operation?.rawValue ?? "") has no activation quantizer: its result cannot be an integer")
            }
            return try QuantizedArithmeticLayer(copy, outScale: scale, outType: outType, march: march)
        case let operation as OperationLayer: return try QuantizedOperationLayer(operation.inner, outScale: scale, outType: outType, march: march)
        default: return nil
        }
    }

    /// The result's scale; warns where nothing was ever observed.
    private static func activationScale(_ layer: QuantizableLayer) throws(TensorError) -> Float? {
        guard let quantizer = layer.activationQuantizer else { return nil }
        let scales = try quantizer.scales()
        if scales.allSatisfy({ $0 == 1 }), !(quantizer.observer?.hasObserved ?? false) {
            QuantizationState.warn(
                "\(layer.typeName) has not collected any statistics of activations and its scale is 1, please check whether this is intended!")
        }
        guard scales.count == 1 else { throw .value("\(layer.typeName) has an activation scale for each channel, which cannot be converted") }
        guard scales[0] > 0, scales[0].isFinite else { throw .value("\(layer.typeName) has the activation scale \(scales[0])") }
        return scales[0]
    }

    private static func converted(_ layer: WeightedLayer, _ scale: Float?, _ outType: IntegerType, _ march: March) throws(TensorError) -> Module {
        guard var weight = layer.weight?.detach(), let quantizer = layer.weightQuantizer else {
            throw .value("\(layer.typeName) has no weight quantizer: it cannot be converted")
        }
        var scales = try quantizer.scales()
        guard scales.allSatisfy({ $0 > 0 && $0.isFinite }) else {
            throw .value("\(layer.typeName) has a weight scale that is not positive and finite")
        }
        var bias = layer.bias?.detach()
        if let norm = layer.norm {
            (weight, bias) = try norm.folded(weight, bias)
            if layer.mode == .withBN {
                let factor = try norm.foldingFactor().detach().abs().doubles()
                scales = factor.enumerated().map { Float($1) * (scales.count == 1 ? scales[0] : scales[$0]) }
            }
        }
        return try QuantizedWeightedLayer(
            layer.typeName.replacingSuffixes(), base: layer.base, weight: try weight.clone(), bias: try bias?.clone(), weightScales: scales,
            outScale: scale, outType: outType,
            addsResidual: layer.addsResidual, rectifies: layer.range != .none, march: march, description: layer.extraRepr())
    }
}

extension String {
    /// The converted class: normalisation is folded, and ReLU6 is ReLU with the saturation of its scale.
    fileprivate func replacingSuffixes() -> String {
        var text = self
        for (from, to) in [
            ("ReLU62d", "ReLU2d"), ("ReLU61d", "ReLU1d"), ("ReLU63d", "ReLU3d"), ("ReLU6", "ReLU"), ("ConvBN", "Conv"), ("LinearBN", "Linear"),
        ] {
            if let range = text.firstRange(of: from) { text.replaceSubrange(range, with: to) }
        }
        return text
    }
}

/// The integer plans of a converted model, one for each combination of input shapes.
package final class IntegerPlans {
    private var executors: [[[Int]]: IntegerExecutor] = [:]
    private var rejected: Set<[[Int]]> = []
    /// The model's parts when the plans were made.
    private let parts: [Module]
    /// `Module.interceptions` when no part had hooks or methods of the language.
    private var plainAt: Int?

    private init(_ module: GraphModule) { parts = Array(module.modules.dropFirst()) }

    package static func forward(_ module: GraphModule, _ inputs: [Tensor]) throws(TensorError) -> Tensor? {
        guard let march = QuantizationState.march, inputs.allSatisfy({ $0.dtype.isFloatingPoint && $0.quantization == nil }) else { return nil }
        let plans = module.planCache as? IntegerPlans ?? IntegerPlans(module)
        module.planCache = plans
        guard plans.arePartsPlain else { return nil }
        let shapes = inputs.map(\.shape)
        if plans.rejected.contains(shapes) { return nil }
        if plans.executors[shapes] == nil {
            guard let plan = try plan(module, shapes, march) else {
                plans.rejected.insert(shapes)
                return nil
            }
            plans.executors[shapes] = plan
        }
        return try plans.executors[shapes]?.run(inputs).first
    }

    private var arePartsPlain: Bool {
        let present = Module.interceptions
        if plainAt == present { return true }
        if parts.contains(where: { $0.hasHooks || $0.languageForward != nil }) { return false }
        plainAt = present
        return true
    }

    /// Nil for models with parts that stay float (`.notImplemented` says which) or several results: they run node by node.
    private static func plan(_ module: GraphModule, _ shapes: [[Int]], _ march: March) throws(TensorError) -> IntegerExecutor? {
        do throws(QuantizationError) {
            let graph = try IntegerLowering.trace(module, shapes, march: march)
            if graph.outputs.count != 1 { return nil }
            do throws(IntegerGraphError) { return try IntegerExecutor(graph) } catch { throw QuantizationError(.runtime, error.description) }
        } catch {
            if error.kind == .notImplemented { return nil }
            throw error.asTensorError
        }
    }
}
