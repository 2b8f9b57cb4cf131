import Graphs
import Interpreter
import NN
import Quantization
import Tensors

/// Declares `_quantization`: what `horizon_plugin_pytorch` gets from Swift. Policy and names are written in the language.
func registerQuantization(_ vm: VM) {
    vm.registerNativeModule("_quantization") { (vm, module) throws(PythonError) -> Void in
        let binding = try vm.graphs
        binding.defineState(module)
        binding.defineMaking(module)
        binding.defineFlow(module)
        binding.defineInspection(module)
        binding.defineTracing(module)
    }
}

extension GraphBinding {
    fileprivate func swiftModule(_ value: Value) throws(PythonError) -> Module {
        guard let module = modules.module(value) else { throw vm.typeError("an nn.Module is needed, not '\(vm.typeName(value))'") }
        return module
    }

    func graphModule(_ value: Value, _ caller: String) throws(PythonError) -> GraphModule {
        guard let module = modules.module(value) as? GraphModule else {
            throw vm.valueError("input model of \(caller) must be a GraphModule, but got \(vm.typeName(value))")
        }
        return module
    }

    // MARK: Process state

    fileprivate func defineState(_ module: NativeModule) {
        module.function("set_march", "march, /") { (vm, a) throws(PythonError) -> Value in
            if a[0].isNone {
                QuantizationState.march = nil
            } else {
                guard let march = March(rawValue: try vm.strText(a[0])) else {
                    throw vm.valueError(
                        "unknown march '\(try vm.strText(a[0]))', expected one of \(March.allCases.map(\.rawValue).joined(separator: ", "))")
                }
                QuantizationState.march = march
            }
            return .none
        }
        module.function("get_march", "") { (vm, _) throws(PythonError) -> Value in QuantizationState.march.map { vm.string($0.rawValue) } ?? .none }
        module.function("set_rounding", "name, /") { (vm, a) throws(PythonError) -> Value in
            guard let rounding = QuantizationRounding(rawValue: vm.text(a[0])) else { throw vm.valueError("unknown rounding '\(vm.text(a[0]))'") }
            QuantizationState.rounding = rounding
            return .none
        }
        module.function("get_rounding", "") { (vm, _) throws(PythonError) -> Value in vm.string(QuantizationState.rounding.rawValue) }
        module.function("set_qat_mode", "mode, /") { (vm, a) throws(PythonError) -> Value in
            guard let mode = QATMode(rawValue: vm.text(a[0])) else { throw vm.error("AssertionError", "unsupported qat mode '\(vm.text(a[0]))'") }
            QuantizationState.mode = mode
            return .none
        }
        module.function("get_qat_mode", "") { (vm, _) throws(PythonError) -> Value in vm.string(QuantizationState.mode.rawValue) }
        module.function("set_duplicate_shared", "flag, /") { (vm, a) throws(PythonError) -> Value in
            QuantizationState.duplicatesSharedConvolutions = try vm.isTrue(a[0])
            return .none
        }
        module.function("set_warn", "function, /") { (vm, a) throws(PythonError) -> Value in
            let function = Reference(a[0], vm.heap)
            QuantizationState.warn = { [weak vm] message in
                guard let vm else { return }
                let text = vm.string(message)
                defer { vm.heap.release(text) }
                // A warning that cannot be shown must not stop what it is about.
                do throws(PythonError) { vm.heap.release(try vm.call(function.value, text)) } catch { vm.discard(error) }
            }
            return .none
        }
        module.function("set_fake_quantize_enabled", "flag, /") { (vm, a) throws(PythonError) -> Value in
            QuantizationState.fakeQuantizationEnabled = try vm.isTrue(a[0])
            return .none
        }
    }

    // MARK: Making modules

    fileprivate func defineMaking(_ module: NativeModule) {
        let binding = self
        module.function("set_class", "name, type, /") { (vm, a) throws(PythonError) -> Value in
            guard a[1].tag == Tag.classObject else { throw vm.typeError("a class is needed") }
            binding.namedClasses[vm.text(a[0])] = a[1].retained().classPointer
            return .none
        }
        module.function("make", "self, kind, setting=None, /") { (vm, a) throws(PythonError) -> Value in
            let training = try binding.swiftModule(a[0]).training
            let made: Module = try binding.guarded { () throws -> Module in
                switch vm.text(a[1]) {
                case "QuantStub": try QuantStub(scale: a[2].isNone ? nil : try vm.real(a[2]))
                case "DeQuantStub": DeQuantStub()
                case "FloatFunctional": ArithmeticLayer()
                case "FakeQuantize": try (try vm.fakeQuantizeFactory(a[2]) ?? FakeQuantizeFactory()).make()
                case "Observer": try (try vm.fakeQuantizeFactory(a[2]) ?? FakeQuantizeFactory()).makeObserver()
                case let other: throw vm.valueError("unknown module '\(other)'")
                }
            }
            made.training = training
            binding.modules.replace(a[0], with: made)
            binding.modules.state(made).isInitialized = true
            return .none
        }
        module.function("named_qconfigs", "") { (vm, _) throws(PythonError) -> Value in
            vm.list(QConfig.named().map { vm.tuple([vm.string($0.name), vm.recipe($0.qconfig.activation), vm.recipe($0.qconfig.weight)]) })
        }
        module.function("call_operation", "module, operation, args, kwargs, /") { (vm, a) throws(PythonError) -> Value in
            let functional = try binding.swiftModule(a[0])
            return try binding.guarded { try binding.callOperation(functional, vm.text(a[1]), a[2], a[3]) }
        }
        module.function("observe", "observer, tensor, /") { (vm, a) throws(PythonError) -> Value in
            guard let observer = try binding.swiftModule(a[0]) as? Observer, let tensor = vm.tensor(a[1]) else {
                throw vm.typeError("an observer and a tensor are needed")
            }
            return try binding.guarded {
                try observer.observe(tensor)
                return .none
            }
        }
        module.function("scales", "module, /") { (vm, a) throws(PythonError) -> Value in
            let source = try binding.swiftModule(a[0])
            return try binding.guarded {
                let scales = try (source as? Observer)?.scales() ?? (source as? FakeQuantize)?.scales() ?? []
                return vm.tensorValue(try .from(scales.map(Double.init), [scales.count], dtype: .float32))
            }
        }
        module.function("set_flags", "module, fake_quantizing=None, observing=None, /") { (vm, a) throws(PythonError) -> Value in
            guard let quantizer = try binding.swiftModule(a[0]) as? FakeQuantize else { throw vm.typeError("a FakeQuantize is needed") }
            if !a[1].isNone { quantizer.setFakeQuantizing(try vm.isTrue(a[1])) }
            if !a[2].isNone { quantizer.setObserving(try vm.isTrue(a[2])) }
            return .none
        }
        module.function("set_scales", "module, scale, /") { (vm, a) throws(PythonError) -> Value in
            guard let quantizer = try binding.swiftModule(a[0]) as? FakeQuantize, let scale = vm.tensor(a[1]) else {
                throw vm.typeError("a FakeQuantize and a tensor are needed")
            }
            return try binding.guarded {
                try quantizer.setScales(try scale.doubles().map { Float($0) })
                return .none
            }
        }
        module.function("set_preserve_qat_mode", "module, flag, /") { (vm, a) throws(PythonError) -> Value in
            let flag = try vm.isTrue(a[1])
            for part in try binding.swiftModule(a[0]).modules { (part as? QuantizableLayer)?.preservesQATMode = flag }
            return .none
        }
    }

    // MARK: Prepare, calibrate, convert

    fileprivate func defineFlow(_ module: NativeModule) {
        let binding = self
        module.function("prepare", "graph_module, global_choice, by_type, by_name, attribute, /") { (vm, a) throws(PythonError) -> Value in
            let model = try binding.graphModule(a[0], "prepare_qat_fx")
            var mapping = QConfigMapping()
            if a[1].tag == Tag.tuple, a[1].tuple.pointee.count == 1 { mapping.global = try vm.qconfigChoice(a[1].tuple.items[0]) }
            func pairs(_ value: Value) throws(PythonError) -> [(String, QConfigChoice)] {
                let items = try vm.collect(value)
                defer { for item in items { vm.heap.release(item) } }
                var result: [(String, QConfigChoice)] = []
                for item in items where item.tag == Tag.tuple && item.tuple.pointee.count == 2 {
                    result.append((vm.text(item.tuple.items[0]), try vm.qconfigChoice(item.tuple.items[1])))
                }
                return result
            }
            mapping.byType = try pairs(a[2]).map { (type: $0.0, choice: $0.1) }
            mapping.byName = try pairs(a[3]).map { (name: $0.0, choice: $0.1) }
            let attributes = try pairs(a[4])
            let known = Dictionary(attributes, uniquingKeysWith: { first, _ in first })
            return try binding.guarded {
                let prepared = try Preparation.prepare(model, PreparationOptions(mapping: mapping) { known[$0] })
                return binding.modules.value(prepared)
            }
        }
        module.function("convert", "graph_module, inplace=False, /") { (vm, a) throws(PythonError) -> Value in
            let model = try binding.graphModule(a[0], "convert_fx")
            return try binding.guarded { binding.modules.value(try Conversion.convert(model, inPlace: try vm.isTrue(a[1]))) }
        }
        module.function("set_fake_quantize", "model, state, /") { (vm, a) throws(PythonError) -> Value in
            let model = try binding.swiftModule(a[0])
            guard let state = FakeQuantState(rawValue: try vm.index(a[1])) else { throw vm.valueError("unknown FakeQuantState") }
            return try binding.guarded {
                try setFakeQuantize(model, state)
                return .none
            }
        }
    }

    // MARK: Looking inside

    fileprivate func defineInspection(_ module: NativeModule) {
        let binding = self
        // `[(node name, module path or "", class name, tensor as floats, scale or None)]` of one forward pass.
        module.function("feature_maps", "graph_module, args, /") { (vm, a) throws(PythonError) -> Value in
            let model = try binding.graphModule(a[0], "featuremap_similarity")
            let arguments = binding.argument(a[1]).items ?? []
            return try binding.guarded {
                var rows: [Value] = []
                _ = try GraphExecutor(model).run(arguments) { (node: Graphs.Node, result: Argument) throws(GraphError) in
                    guard let tensor = result.tensor, node.opcode != .placeholder else { return }
                    do throws(TensorError) {
                        let isModule = node.opcode == .callModule
                        let name = isModule ? try model.submodule(node.target).typeName : node.target
                        let floats =
                            if let values = tensor.quantization, !tensor.dtype.isFloatingPoint { try tensor.dequantized(values) } else {
                                tensor.detach()
                            }
                        let scale = tensor.quantization?.scale.map { binding.torch.value($0) } ?? Value.none
                        rows.append(
                            vm.tuple([
                                vm.string(node.name), vm.string(isModule ? node.target : ""), vm.string(name), binding.torch.value(floats), scale,
                            ]))
                    } catch {
                        throw GraphError(error)
                    }
                }
                return vm.list(rows)
            }
        }
        // `(activation dtype or None, weight dtype or None, observer names…)` of each quantisable module.
        module.function("describe", "model, /") { (vm, a) throws(PythonError) -> Value in
            let model = try binding.swiftModule(a[0])
            return vm.list(
                model.namedModules().compactMap { path, module in
                    guard let layer = module as? QuantizableLayer else { return nil }
                    let activation = layer.activationQuantizer
                    return vm.tuple([
                        vm.string(path), vm.string(layer.typeName), .bool(layer.isQuantized), activation.map { vm.string($0.type.rawValue) } ?? .none,
                        layer.weightQuantizer.map { vm.string($0.type.rawValue) } ?? .none,
                        activation.map { vm.string($0.factory.observer.name) } ?? .none,
                        .bool(activation.map { !$0.isObserving } ?? false),
                    ])
                })
        }
        module.function("quantization", "tensor, /") { (vm, a) throws(PythonError) -> Value in
            guard let tensor = vm.tensor(a[0]), let values = tensor.quantization else { return .none }
            return vm.tuple([values.scale.map { binding.torch.value($0) } ?? .none, vm.string(values.type.rawValue), .int(values.axis)])
        }
        module.function("dequantize", "tensor, /") { (vm, a) throws(PythonError) -> Value in
            guard let tensor = vm.tensor(a[0]) else { throw vm.typeError("a tensor is needed") }
            return try binding.guarded {
                guard let values = tensor.quantization, !tensor.dtype.isFloatingPoint else { return vm.tensorValue(try tensor.view(tensor.shape)) }
                return vm.tensorValue(try tensor.dequantized(values))
            }
        }
    }

    // MARK: Integer graphs

    fileprivate func defineTracing(_ module: NativeModule) {
        let binding = self
        let type = module.nativeClass("IntegerGraph")
        func graph(_ vm: VM, _ value: Value) throws(PythonError) -> IntegerExecutor {
            guard let executor = vm.nativeObject(value, as: IntegerExecutor.self) else { throw vm.typeError("an IntegerGraph is needed") }
            return executor
        }
        module.function("trace", "graph_module, shapes, /") { (vm, a) throws(PythonError) -> Value in
            let model = try binding.graphModule(a[0], "torch.jit.trace")
            let shapes = (binding.argument(a[1]).items ?? []).map { $0.ints ?? [] }
            return try binding.guarded {
                let traced = try IntegerLowering.trace(model, shapes, march: try QuantizationState.requireMarch("trace"))
                return vm.native(try IntegerExecutor(traced), type)
            }
        }
        vm.define(type, "run", "self, args, /") { (vm, a) throws(PythonError) -> Value in
            let executor = try graph(vm, a[0])
            let tensors = (binding.argument(a[1]).items ?? []).compactMap(\.tensor)
            return try binding.guarded {
                let results = try executor.run(tensors)
                return results.count == 1 ? binding.torch.value(results[0]) : vm.tuple(results.map { binding.torch.value($0) })
            }
        }
        vm.defineProperty(type, "name") { (vm, value) throws(PythonError) -> Value in vm.string(try graph(vm, value).graph.name) }
        vm.defineProperty(type, "march") { (vm, value) throws(PythonError) -> Value in vm.string(try graph(vm, value).graph.march.rawValue) }
        vm.defineProperty(type, "layers") { (vm, value) throws(PythonError) -> Value in
            vm.list(try graph(vm, value).graph.layers.map { vm.tuple([vm.string($0.name), vm.string($0.operation.keyword)]) })
        }
        vm.define(type, "encode", "self, /") { (vm, a) throws(PythonError) -> Value in
            let executor = try graph(vm, a[0])
            return try binding.guarded { vm.bytes(try IntegerArchive.encode(executor.graph)) }
        }
        module.function("decode", "data, /") { (vm, a) throws(PythonError) -> Value in
            let bytes = Array(try vm.bytesLike(a[0]))
            return try binding.guarded { vm.native(try IntegerExecutor(try IntegerArchive.decode(bytes)), type) }
        }
    }
}
