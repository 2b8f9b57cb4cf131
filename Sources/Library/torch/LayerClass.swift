import Interpreter
import NN
import Tensors

/// One layer written in Swift as a class of the language: its signature, how it is made, and which arguments it shows as attributes.
///
/// Arguments become attributes of the object; setting one later makes the Swift layer take over the new setting.
final class LayerClass {
    struct Definition {
        let name: String
        /// The module PyTorch defines it in, after `torch.nn.modules.`.
        let home: String
        /// Parameters after `self`.
        let signature: String
        /// Arguments spread to a tuple of this many ints when they become attributes.
        var spread: [String: Int] = [:]
        /// Attributes that show another argument while their own is None.
        var fallback: [String: String] = [:]
        /// Arguments that are no attributes.
        var hidden: Set<String> = []
        /// Attributes beyond the arguments.
        var extra: [(String, Value)] = []
        /// Number of inputs forward takes.
        var inputs = ["input"]
        var base: String?
        /// The result of forward when it is not the module's own.
        var forward: ((Module, Call) throws -> Value?)?
        /// Parameters: 0 is the class or the object, then those of `signature`.
        let make: (Call) throws -> Module
    }

    let definition: Definition
    let type: ClassPointer
    private unowned let binding: ModuleBinding
    private let parameters: [String]
    private let settingNames: Set<String>
    private let description: OperationSignature

    init(_ binding: ModuleBinding, _ definition: Definition, base: ClassPointer) {
        self.binding = binding
        self.definition = definition
        let vm = binding.torch.vm
        parameters = definition.signature.split(separator: ",").map {
            String($0.drop { $0 == " " }.split(separator: "=")[0])
        }.filter { !$0.hasPrefix("*") && !$0.isEmpty }
        settingNames = Set(parameters).subtracting(definition.hidden).subtracting(["device", "dtype"])
        description = OperationSignature(definition.name, "self, " + definition.signature, isMethod: true)
        type = vm.makeBuiltinClass(
            definition.name, base: base, module: "torch.nn.modules.\(definition.home)", layout: Tag.native, hasInstanceAttributes: true)
        type.info.isShownBare = true
        let signature = definition.signature.isEmpty ? "" : ", " + definition.signature
        // A class made by a cycle of closures lives as long as the machine.
        let construct = NativeFunction("__init__", "cls" + signature) { [unowned self] (_, a) throws(PythonError) -> Value in try self.construct(a) }
        construct.pythonName = "\(definition.name).__init__"
        type.info.construct = construct
        define(vm, "__init__", "self" + signature) { [unowned self] (_, a) throws(PythonError) -> Value in
            try self.initialize(a)
            return .none
        }
        defineForward(vm)
    }

    private func defineForward(_ vm: VM) {
        let torch = binding.torch
        let inputs = definition.inputs
        let signature = OperationSignature("forward", "self, " + inputs.joined(separator: ", "), isMethod: true)
        let required = inputs.filter { !$0.contains("=") }.count
        define(vm, "forward", "self, " + inputs.joined(separator: ", ")) { [unowned self] (vm, a) throws(PythonError) -> Value in
            guard let module = self.binding.module(a[0]) else { throw vm.typeError("\(self.definition.name) expected, not '\(vm.typeName(a[0]))'") }
            let call = Call(torch: torch, a: a, signature: signature)
            do {
                if let special = try self.definition.forward?(module, call) { return special }
                var tensors: [Tensor] = []
                for i in 1...required {
                    guard let tensor = torch.tensor(a[i]) else {
                        throw vm.typeError(
                            "\(self.functionName)(): argument '\(inputs[i - 1])' (position \(i)) must be Tensor, not \(vm.typeName(a[i]))")
                    }
                    tensors.append(tensor)
                }
                return torch.value(try self.binding.forward(module, tensors))
            } catch {
                throw torch.pythonError(error)
            }
        }
    }

    /// A method that users know as one written in Python.
    private func define(_ vm: VM, _ name: String, _ signature: String, _ body: @escaping NativeBody) {
        let function = NativeFunction(name, signature, body: body)
        function.owner = definition.name
        function.pythonName = "\(definition.name).\(name)"
        vm.defineConstant(type, name, vm.builtin(function))
    }

    /// What PyTorch calls the function behind the layer: `conv2d`, `linear`, ….
    private var functionName: String {
        var text = ""
        for (i, character) in definition.name.enumerated() {
            if character.isUppercase, i > 0, text.last?.isLowercase == true, !definition.name.hasPrefix("Conv") { text.append("_") }
            text.append(contentsOf: character.lowercased())
        }
        return text
    }

    // MARK: making

    private func construct(_ a: Arguments) throws(PythonError) -> Value {
        let module = try made(a)
        let value = binding.wrap(module, a[0].classPointer)
        describe(value, a)
        return value
    }

    private func initialize(_ a: Arguments) throws(PythonError) {
        guard binding.module(a[0]) != nil else { throw binding.torch.vm.typeError("\(definition.name) expected") }
        let module = try made(a)
        module.training = binding.module(a[0])?.training ?? true
        binding.replace(a[0], with: module)
        describe(a[0], a)
    }

    private func made(_ a: Arguments) throws(PythonError) -> Module {
        do {
            let module = try definition.make(Call(torch: binding.torch, a: a, signature: description))
            binding.state(module).isInitialized = true
            return module
        } catch {
            throw binding.torch.pythonError(error)
        }
    }

    /// Shows the arguments as attributes.
    private func describe(_ value: Value, _ a: Arguments) {
        let vm = binding.torch.vm
        for (i, name) in parameters.enumerated() where settingNames.contains(name) && i + 1 < a.count {
            var given = a[i + 1]
            if given.isNone, let other = definition.fallback[name], let place = parameters.firstIndex(of: other) { given = a[place + 1] }
            let shown = spread(name, given)
            vm.setOwnAttribute(value, vm.intern(name), shown)
            vm.heap.release(shown)
        }
        for (name, extra) in definition.extra { vm.setOwnAttribute(value, vm.intern(name), extra) }
    }

    /// Shows the settings of a module that Swift code made.
    func describe(_ value: Value, _ module: Module) {
        for (name, shown) in LayerSettings.of(module, binding.torch) {
            let vm = binding.torch.vm
            vm.setOwnAttribute(value, vm.intern(name), shown)
            vm.heap.release(shown)
        }
        binding.state(module).isInitialized = true
    }

    /// An int argument as the tuple it stands for; owned.
    private func spread(_ name: String, _ value: Value) -> Value {
        guard let count = definition.spread[name] else { return value.retained() }
        let vm = binding.torch.vm
        if value.isInt { return vm.makeTuple(count) { _ in .int(value.asInt) } }
        if vm.payload(value).tag == Tag.list, let items = binding.torch.sequence(value) { return vm.tuple(items.map { $0.retained() }) }
        return value.retained()
    }

    // MARK: changing

    /// Makes the Swift layer follow a changed attribute.
    func settingChanged(_ module: Module, _ object: Value, _ name: String) throws(PythonError) {
        guard settingNames.contains(name) else { return }
        let vm = binding.torch.vm
        let reader = NativeFunction(definition.name, "self, " + definition.signature) { [unowned self] (_, a) throws(PythonError) -> Value in
            module.adoptSettings(of: try self.made(a))
            return .none
        }
        let function = vm.builtin(reader)
        defer { vm.heap.release(function) }
        var keywords: [(String, Value)] = []
        for parameter in parameters where parameter != "device" && parameter != "dtype" {
            if settingNames.contains(parameter) {
                let own = vm.ownAttribute(object, vm.intern(parameter))
                if !own.isUndefined { keywords.append((parameter, own)) }
            } else if parameter == "bias" {
                keywords.append((parameter, .bool(module.parameter("bias") != nil)))
            }
        }
        let generator = EngineState.defaultGenerator.engine
        defer { EngineState.defaultGenerator.engine = generator }
        vm.heap.release(try vm.call(function, arguments: [object], keywords: keywords))
    }
}

extension ModuleBinding {
    /// Follows an attribute that is a setting of a layer written in Swift.
    func settingChanged(_ module: Module, _ object: Value, _ name: String) throws(PythonError) {
        let type = torch.vm.typeOf(object)
        for ancestor in type.info.order where !ancestor.info.isUserClass {
            if let layer = layerClasses[ancestor.info.name], layer.type == ancestor {
                try layer.settingChanged(module, object, name)
                return
            }
            if ancestor == baseClass { return }
        }
    }
}

/// The attributes of layers that Swift code made, for those whose settings programs read.
enum LayerSettings {
    static func of(_ module: Module, _ torch: TorchBinding) -> [(String, Value)] {
        let vm = torch.vm
        func tuple(_ values: [Int]) -> Value { vm.tuple(values.map { .int($0) }) }
        switch module {
        case let layer as Convolution:
            let p = layer.parameters_
            return [
                ("in_channels", .int(layer.inChannels)), ("out_channels", .int(layer.outChannels)), ("kernel_size", tuple(layer.kernel)),
                ("stride", tuple(p.stride)), ("padding", layer.paddingName.map { vm.string($0) } ?? tuple(p.padding)),
                ("dilation", tuple(p.dilation)),
                ("groups", .int(p.groups)), ("output_padding", tuple(p.outputPadding)), ("transposed", .bool(layer.transposed)),
                ("padding_mode", vm.string(layer.paddingMode)),
            ]
        case let layer as Linear: return [("in_features", .int(layer.inFeatures)), ("out_features", .int(layer.outFeatures))]
        case let layer as BatchNorm:
            return [
                ("num_features", .int(layer.channels)), ("eps", .float(layer.epsilon)), ("momentum", layer.momentum.map { .float($0) } ?? .none),
                ("affine", .bool(layer.affine)), ("track_running_stats", .bool(layer.tracksRunningStatistics)),
            ]
        case let layer as Rectifier: return [("inplace", .bool(layer.isInPlace))]
        case let layer as Embedding:
            return [
                ("num_embeddings", .int(layer.count)), ("embedding_dim", .int(layer.width)),
                ("padding_idx", layer.paddingIndex.map { .int($0) } ?? .none),
            ]
        default: return []
        }
    }
}
