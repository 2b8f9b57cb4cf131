import Graphs
import NN
import Tensors

/// What `prepare_qat_fx` is asked for besides the model.
package struct PreparationOptions {
    package var mapping: QConfigMapping
    package var mode: QATMode
    /// The qconfig a user set on the module at a path of the original model.
    package var attribute: (String) -> QConfigChoice?

    package init(mapping: QConfigMapping, mode: QATMode = QuantizationState.mode, attribute: @escaping (String) -> QConfigChoice? = { _ in nil }) {
        self.mapping = mapping
        self.mode = mode
        self.attribute = attribute
    }
}

/// Makes a traced float model quantisation-aware. The pipeline: functions to modules, fusion, propagation of qconfigs, attachment.
///
/// The model shares parameters with the original, except those into which batch normalisation was folded.
package enum Preparation {
    package static func prepare(_ model: GraphModule, _ options: PreparationOptions) throws(QuantizationError) -> GraphModule {
        let march = try QuantizationState.requireMarch("prepare_qat")
        if march == .bernoulli && options.mode == .withBNReverseFold {
            throw .assertion("QATMode.WithBNReverseFold is not supported on march \(march.rawValue)")
        }
        try FunctionsToModules(module: model).run()
        let fusion = Fusion(model, mode: options.mode)
        try fusion.run()
        let choices = QConfigPropagation(mapping: options.mapping, attribute: options.attribute, members: fusion.members).run(model)
        try attach(model, choices, march)
        try model.graph.verify(root: model)
        return model
    }

    /// Gives modules the quantizers their qconfig asks for.
    private static func attach(_ model: GraphModule, _ choices: [String: QConfigChoice], _ march: March) throws(QuantizationError) {
        let counts = model.graph.callCounts
        do throws(TensorError) {
            for (path, module) in model.namedModules() where counts[path] != nil {
                guard let qconfig = choices[path]?.qconfig else { continue }
                try check(qconfig, path, march)
                if let layer = module as? QuantizableLayer {
                    if layer is ArithmeticLayer, counts[path, default: 0] > 1 {
                        QuantizationState.warn(
                            "FloatFunctional \(path) is called \(counts[path, default: 0]) times: every use shares one scale. Use one FloatFunctional for each operation\(place(path, model))"
                        )
                    }
                    if !layer.isQuantized { try layer.attach(qconfig) }
                } else if let function = module as? FunctionLayer,
                    OperationLayer.elementwise.contains(function.typeName) || OperationLayer.pools.contains(function.typeName)
                {
                    let layer = OperationLayer(function)
                    layer.train(function.training)
                    try layer.attach(qconfig)
                    try model.install(layer, at: path)
                } else if !OperationLayer.scaleKeeping.contains(module.typeName) {
                    QuantizationState.warn("\(module.typeName) (\(path)) is not supported by quantization and stays float\(place(path, model))")
                }
            }
        } catch {
            throw QuantizationError(error)
        }
    }

    /// " (file:line)" of the last call of a module; nothing where it is not known.
    private static func place(_ path: String, _ model: GraphModule) -> String {
        model.graph.nodes.last { $0.opcode == .callModule && $0.target == path }?.location.map { " (\($0))" } ?? ""
    }

    private static func check(_ qconfig: QConfig, _ path: String, _ march: March) throws(TensorError) {
        if qconfig.activation?.type == .qint16 && !march.supportsInt16 {
            throw .value("the qconfig of \(path) has int16 activations, which march \(march.rawValue) does not support")
        }
        if let weight = qconfig.weight, weight.type != .qint8 {
            throw .value("the qconfig of \(path) has \(weight.type.rawValue) weights; only qint8 is supported")
        }
    }
}
