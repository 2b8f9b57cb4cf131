import Graphs
import Interpreter
import NN
import Quantization
import Tensors

/// Declares `_fx`: the native part of `torch.fx`.
func registerFX(_ vm: VM) {
    vm.registerNativeModule("_fx") { (vm, module) throws(PythonError) -> Void in
        let binding = try vm.graphs
        binding.defineClasses(module)
        module.function("_set_proxy_class", "type, /") { (vm, a) throws(PythonError) -> Value in
            guard a[0].tag == Tag.classObject else { throw vm.typeError("a class is needed") }
            binding.proxyClass = a[0].retained().classPointer
            return .none
        }
        module.function("record", "op, target, args, kwargs, function=None, /") { (vm, a) throws(PythonError) -> Value in
            guard let tracer = binding.tracers.last, let opcode = Opcode(rawValue: vm.text(a[0])) else {
                throw vm.runtimeError("no tracing is under way: a Proxy outlived it")
            }
            let arguments = binding.argument(a[2]).items ?? []
            let foreign = a[4].isNone ? nil : Reference(a[4], vm.heap)
            return binding.proxyValue(tracer.record(opcode, vm.text(a[1]), arguments, binding.keywords(a[3]), foreign: foreign))
        }
        module.function("is_tracing", "") { (_, _) throws(PythonError) -> Value in .bool(!binding.tracers.isEmpty) }
        // Called for FloatFunctional: the module's node with the operation it performs.
        module.function("call_operation", "module, operation, args, kwargs, /") { (vm, a) throws(PythonError) -> Value in
            guard let functional = vm.module(a[0]) else { throw vm.typeError("a module is needed") }
            return try binding.guarded { try binding.callOperation(functional, vm.text(a[1]), a[2], a[3]) }
        }
        module.function("trace", "root, names, defaults, is_leaf=None, /") { (vm, a) throws(PythonError) -> Value in
            let names = try vm.collect(a[1])
            let defaults = try vm.collect(a[2])
            defer { for value in names + defaults { vm.heap.release(value) } }
            let parameters = zip(names, defaults).map { (name: vm.text($0), value: $1.tag == Tag.tuple ? binding.argument($1).items?.first : nil) }
            return try binding.guarded { binding.modules.value(try binding.trace(a[0], parameters, leaf: a[3])) }
        }
    }
}

extension VM {
    /// The binding of graphs in this machine, made when first needed; `torch.nn` is loaded for it.
    var graphs: GraphBinding {
        get throws(PythonError) {
            let key = ObjectIdentifier(GraphBinding.self)
            if let known = attachments[key] { return unsafeDowncast(known, to: GraphBinding.self) }
            heap.release(try importModule("torch.nn"))
            guard let modules = torch.modules, let root = modules.moduleClass else { throw runtimeError("torch.nn is not available") }
            let fresh = GraphBinding(self, modules, root)
            attachments[key] = fresh
            modules.classes = { [unowned fresh] module in fresh.classPointer(module) }
            return fresh
        }
    }
}

extension GraphBinding {
    /// The class of a module that is no layer of `torch.nn`.
    func classPointer(_ module: Module) -> ClassPointer? {
        if module is GraphModule { return graphModuleClass }
        if let named = namedClasses[module.typeName] { return named }
        return module is QuantizableLayer || module is QuantizedLayer || module is Observer || module is FakeQuantize ? layerClass : nil
    }

    // MARK: Classes

    func defineClasses(_ module: NativeModule) {
        defineLayer()
        defineGraphModule()
        defineGraph()
        defineNode()
        for type in [proxyBase, layerClass, graphModuleClass, graphClass, nodeClass] { module.set(type.info.name, type.value.retained()) }
        vm.defineProperty(proxyBase, "node") { [unowned self] (vm, value) throws(PythonError) -> Value in
            guard let box = self.proxy(value) else { throw vm.typeError("a Proxy is needed") }
            return vm.native(NodeBox(box.node), self.nodeClass)
        }
    }

    private func defineLayer() {
        let binding = self
        vm.define(layerClass, "forward", "self, /, *args, **kwargs") { (vm, a) throws(PythonError) -> Value in
            guard let module = vm.module(a[0]) else { throw vm.typeError("a module is needed") }
            return try binding.guarded {
                let arguments = (binding.argument(a[1]).items ?? []) + binding.keywords(a[2]).pairs.map(\.value)
                if let graphModule = module as? GraphModule { return binding.value(try binding.run(graphModule, arguments)) }
                var tensors: [Tensor] = []
                for argument in arguments {
                    guard let tensor = argument.tensor else { throw vm.typeError("\(module.typeName) needs tensors, not \(argument.text)") }
                    tensors.append(tensor)
                }
                return binding.torch.value(try binding.modules.forward(module, tensors))
            }
        }
        vm.define(layerClass, "_get_name", "self, /") { (vm, a) throws(PythonError) -> Value in vm.string(vm.module(a[0])?.typeName ?? "") }
    }

    /// Graph modules take any arguments and may return several tensors.
    func run(_ module: GraphModule, _ arguments: [Argument]) throws -> Argument {
        let tensors = arguments.compactMap(\.tensor)
        if tensors.count == arguments.count, let fast = module.fastForward, let result = try fast(module, tensors) { return .tensor(result) }
        return try GraphExecutor(module).run(arguments)
    }

    private func graphModule(_ vm: VM, _ value: Value) throws(PythonError) -> GraphModule {
        guard let module = vm.module(value) as? GraphModule else { throw vm.typeError("a GraphModule is needed, not '\(vm.typeName(value))'") }
        return module
    }

    private func defineGraphModule() {
        let binding = self
        graphModuleClass.info.construct = NativeFunction("GraphModule", "cls, root, graph, class_name='GraphModule'") {
            (vm, a) throws(PythonError) -> Value in
            guard let root = vm.module(a[1]), let box = vm.nativeObject(a[2], as: GraphBox.self) else {
                throw vm.typeError("GraphModule(root, graph) needs a module and a Graph")
            }
            return try binding.guarded {
                let made = try GraphModule(root: root, graph: box.graph, typeName: a[3].isString ? vm.text(a[3]) : nil)
                made.foreignCall = made.foreignCall ?? box.owner?.foreignCall
                return binding.modules.value(made)
            }
        }
        vm.defineProperty(graphModuleClass, "graph") { (vm, value) throws(PythonError) -> Value in
            let module = try binding.graphModule(vm, value)
            return vm.native(GraphBox(module.graph, module), binding.graphClass)
        }
        vm.defineProperty(graphModuleClass, "code") { (vm, value) throws(PythonError) -> Value in
            vm.string("\n\n\n" + (try binding.graphModule(vm, value)).graph.code)
        }
        vm.define(graphModuleClass, "recompile", "self, /") { (vm, a) throws(PythonError) -> Value in
            let module = try binding.graphModule(vm, a[0])
            return try binding.guarded {
                try module.graph.verify(root: module)
                return .none
            }
        }
        vm.define(graphModuleClass, "delete_all_unused_submodules", "self, /") { (vm, a) throws(PythonError) -> Value in
            let module = try binding.graphModule(vm, a[0])
            return try binding.guarded {
                try module.deleteUnusedSubmodules()
                return .none
            }
        }
        vm.define(graphModuleClass, "_readable", "self, /") { (vm, a) throws(PythonError) -> Value in
            let module = try binding.graphModule(vm, a[0])
            let body = module.graph.code.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "    \($0)" }.joined(
                separator: "\n")
            return vm.string("class \(module.typeName)(torch.nn.Module):\n\(body)")
        }
    }

    private func defineGraph() {
        let binding = self
        func graph(_ vm: VM, _ value: Value) throws(PythonError) -> GraphBox {
            guard let box = vm.nativeObject(value, as: GraphBox.self) else { throw vm.typeError("a Graph is needed") }
            return box
        }
        vm.defineProperty(graphClass, "nodes") { (vm, value) throws(PythonError) -> Value in
            vm.list(try graph(vm, value).graph.nodes.map { vm.native(NodeBox($0), binding.nodeClass) })
        }
        vm.define(graphClass, "__str__", "self, /") { (vm, a) throws(PythonError) -> Value in vm.string(try graph(vm, a[0]).graph.listing) }
        vm.define(graphClass, "_table", "self, /") { (vm, a) throws(PythonError) -> Value in vm.string(try graph(vm, a[0]).graph.table) }
        vm.define(graphClass, "print_tabular", "self, /") { (vm, a) throws(PythonError) -> Value in
            let text = vm.string(try graph(vm, a[0]).graph.table)
            defer { vm.heap.release(text) }
            return try vm.callBuiltin("print", text)
        }
        vm.define(graphClass, "lint", "self, /") { (vm, a) throws(PythonError) -> Value in
            let box = try graph(vm, a[0])
            return try binding.guarded {
                try box.graph.verify(root: box.owner)
                return .none
            }
        }
        vm.define(graphClass, "eliminate_dead_code", "self, /") { (vm, a) throws(PythonError) -> Value in
            let box = try graph(vm, a[0])
            return try binding.guarded { .bool(try box.graph.eliminateDeadCode()) }
        }
        vm.define(graphClass, "erase_node", "self, node, /") { (vm, a) throws(PythonError) -> Value in
            let box = try graph(vm, a[0])
            guard let node = vm.nativeObject(a[1], as: NodeBox.self)?.node else { throw vm.typeError("a Node is needed") }
            return try binding.guarded {
                try box.graph.erase(node)
                return .none
            }
        }
        vm.define(graphClass, "_create", "self, before, op, target, args, kwargs, /") { (vm, a) throws(PythonError) -> Value in
            let box = try graph(vm, a[0])
            guard let opcode = Opcode(rawValue: vm.text(a[2])) else { throw vm.error("AssertionError", "unknown opcode '\(vm.text(a[2]))'") }
            let arguments = binding.nodeArguments(a[4]).items ?? []
            var keywords = OrderedTable<Argument>()
            for (key, value) in binding.items(a[5]) { keywords[vm.text(key)] = binding.nodeArguments(value) }
            let target = vm.text(a[3])
            let make = {
                box.graph.create(
                    opcode, target, arguments, keywords, name: opcode == .callFunction ? target.split(separator: ".").last.map(String.init) : nil)
            }
            let node = vm.nativeObject(a[1], as: NodeBox.self).map { box.graph.inserting(before: $0.node, make) } ?? make()
            return vm.native(NodeBox(node), binding.nodeClass)
        }
    }

    /// Arguments in which nodes stand as Node objects.
    func nodeArguments(_ value: Value) -> Argument {
        if let box = vm.nativeObject(value, as: NodeBox.self) { return .node(box.node) }
        switch value.tag {
        case Tag.tuple: return .tuple((0..<value.tuple.pointee.count).map { nodeArguments(value.tuple.items[$0]) })
        case Tag.list: return .list((0..<value.list.pointee.count).map { nodeArguments(value.list.pointee.items[$0]) })
        default: return argument(value)
        }
    }

    /// The reverse; owned.
    private func nodeValue(_ argument: Argument) -> Value {
        switch argument {
        case .node(let node): vm.native(NodeBox(node), nodeClass)
        case .tuple(let items): vm.tuple(items.map { nodeValue($0) })
        case .list(let items): vm.list(items.map { nodeValue($0) })
        default: value(argument)
        }
    }

    private func defineNode() {
        let binding = self
        func node(_ vm: VM, _ value: Value) throws(PythonError) -> Graphs.Node {
            guard let box = vm.nativeObject(value, as: NodeBox.self) else { throw vm.typeError("a Node is needed") }
            return box.node
        }
        vm.defineProperty(nodeClass, "op") { (vm, value) throws(PythonError) -> Value in vm.string(try node(vm, value).opcode.rawValue) }
        vm.defineProperty(nodeClass, "name") { (vm, value) throws(PythonError) -> Value in vm.string(try node(vm, value).name) }
        vm.defineProperty(nodeClass, "target") { (vm, value) throws(PythonError) -> Value in vm.string(try node(vm, value).target) }
        vm.defineProperty(nodeClass, "scope") { (vm, value) throws(PythonError) -> Value in vm.string(try node(vm, value).scope) }
        vm.defineProperty(nodeClass, "args") { (vm, value) throws(PythonError) -> Value in binding.nodeValue(.tuple(try node(vm, value).arguments)) }
        vm.defineProperty(nodeClass, "kwargs") { (vm, value) throws(PythonError) -> Value in
            let dict = vm.dict()
            for (key, item) in try node(vm, value).keywords.pairs {
                let item = binding.nodeValue(item)
                vm.dictSet(dict.dict, key, item)
                vm.heap.release(item)
            }
            return dict
        }
        vm.defineProperty(nodeClass, "users") { (vm, value) throws(PythonError) -> Value in
            vm.list(try node(vm, value).users.map { vm.native(NodeBox($0), binding.nodeClass) })
        }
        vm.defineProperty(nodeClass, "all_input_nodes") { (vm, value) throws(PythonError) -> Value in
            vm.list(try node(vm, value).operands.map { vm.native(NodeBox($0), binding.nodeClass) })
        }
        vm.define(nodeClass, "replace_all_uses_with", "self, other, /") { (vm, a) throws(PythonError) -> Value in
            try node(vm, a[0]).replaceAllUses(with: try node(vm, a[1]))
            return .none
        }
        vm.define(nodeClass, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in vm.string(try node(vm, a[0]).name) }
        vm.define(nodeClass, "__eq__", "self, other, /") { (vm, a) throws(PythonError) -> Value in
            guard let other = vm.nativeObject(a[1], as: NodeBox.self) else { return .notImplemented }
            return .bool(try node(vm, a[0]) === other.node)
        }
        vm.define(nodeClass, "__hash__", "self, /") { (vm, a) throws(PythonError) -> Value in
            .int(ObjectIdentifier(try node(vm, a[0])).hashValue >> 4)
        }
    }
}
