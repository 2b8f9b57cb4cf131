import Graphs
import Interpreter
import NN
import Tensors

/// What `torch.fx` is in one machine: proxies, graphs and graph modules as objects of the language.
final class GraphBinding {
    unowned let vm: VM
    let torch: TorchBinding
    let modules: ModuleBinding
    /// Root of the language's `Proxy`; its payload is a `ProxyBox`.
    let proxyBase: ClassPointer
    /// `torch.fx.Proxy`, written in the language, once defined.
    var proxyClass: ClassPointer?
    /// Class of every module written in Swift that has no class of its own.
    let layerClass: ClassPointer
    let graphModuleClass: ClassPointer
    let graphClass: ClassPointer
    let nodeClass: ClassPointer
    /// Classes of the language for Swift modules, by type name.
    var namedClasses: [String: ClassPointer] = [:]
    /// The tracers at work, innermost last.
    var tracers: [Tracer] = []

    init(_ vm: VM, _ modules: ModuleBinding, _ root: ClassPointer) {
        self.vm = vm
        self.modules = modules
        torch = vm.torch
        proxyBase = vm.makeBuiltinClass("_ProxyBase", module: "torch.fx.proxy", layout: Tag.native, hasInstanceAttributes: true)
        layerClass = vm.makeBuiltinClass(
            "QuantizableModule", base: root, module: "horizon_plugin_pytorch.nn", layout: Tag.native, hasInstanceAttributes: true)
        graphModuleClass = vm.makeBuiltinClass(
            "GraphModule", base: layerClass, module: "torch.fx.graph_module", layout: Tag.native, hasInstanceAttributes: true)
        graphClass = vm.makeBuiltinClass("Graph", module: "torch.fx.graph", layout: Tag.native, isBase: false)
        nodeClass = vm.makeBuiltinClass("Node", module: "torch.fx.node", layout: Tag.native, isBase: false)
        for type in [proxyBase, layerClass, graphModuleClass, graphClass, nodeClass] { type.info.isShownBare = true }
    }

    // MARK: Errors

    /// The language's exception; `TraceError` is the class `torch.fx.proxy` defines.
    func pythonError(_ error: any Error) -> PythonError {
        if let error = error as? PythonError { return error }
        guard let error = error as? GraphError else { return torch.pythonError(error) }
        if let foreign = error.foreign as? PythonError { return foreign }
        if error.kind == .trace { return traceError(error.message) }
        if error.kind == .key { return vm.keyError(vm.string(error.message)) }
        return vm.error(error.kind.rawValue, error.message)
    }

    private func traceError(_ message: String) -> PythonError {
        do throws(PythonError) {
            let module = try vm.importModule("torch.fx.proxy")
            defer { vm.heap.release(module) }
            let raise = try vm.getAttribute(module, "_raise")
            defer { vm.heap.release(raise) }
            let text = vm.string(message)
            defer { vm.heap.release(text) }
            vm.heap.release(try vm.call(raise, text))
            return vm.valueError(message)
        } catch {
            return error
        }
    }

    /// Runs `body`, giving its errors the language's form.
    func guarded<R>(_ body: () throws -> R) throws(PythonError) -> R {
        do { return try body() } catch { throw pythonError(error) }
    }

    // MARK: Arguments

    func proxy(_ value: Value) -> ProxyBox? {
        guard value.tag == Tag.instance else { return nil }
        return vm.nativeObject(value, as: ProxyBox.self)
    }

    /// Whether a proxy stands in the value, also inside lists, tuples and dicts.
    func containsProxy(_ value: Value) -> Bool {
        if value.tag == Tag.instance { return vm.nativeObject(value, as: ProxyBox.self) != nil }
        switch value.tag {
        case Tag.tuple: return (0..<value.tuple.pointee.count).contains { containsProxy(value.tuple.items[$0]) }
        case Tag.list: return (0..<value.list.pointee.count).contains { containsProxy(value.list.pointee.items[$0]) }
        case Tag.dict: return items(value).contains { containsProxy($0.value) }
        default: return false
        }
    }

    /// Borrowed pairs of a dict, in order.
    func items(_ dict: Value) -> [(key: Value, value: Value)] {
        guard dict.tag == Tag.dict, let entries = dict.dict.pointee.entries else { return [] }
        return (0..<dict.dict.pointee.used).compactMap { entries[$0].key.isUndefined ? nil : (entries[$0].key, entries[$0].value) }
    }

    func argument(_ value: Value) -> Argument {
        if let box = proxy(value) { return .node(box.node) }
        switch value.tag {
        case Tag.int: return .int(value.asInt)
        case Tag.float: return .double(value.asDouble)
        case Tag.bool: return .bool(value.asBool)
        case Tag.string: return .string(vm.text(value))
        case Tag.tuple: return .tuple((0..<value.tuple.pointee.count).map { argument(value.tuple.items[$0]) })
        case Tag.list: return .list((0..<value.list.pointee.count).map { argument(value.list.pointee.items[$0]) })
        case Tag.dict: return .dictionary(items(value).map { (vm.text($0.key), argument($0.value)) })
        case Tag.slice:
            let slice = value.object(as: SliceObject.self).pointee
            return .slice(argument(slice.start), argument(slice.stop), argument(slice.step))
        default: break
        }
        if value.isNone || value.isUndefined { return .none }
        if let tensor = torch.tensor(value) { return constant(tensor) }
        if let dtype = vm.nativeObject(value, as: DTypeBox.self)?.dtype { return .dtype(dtype) }
        let inner = vm.payload(value)
        if inner.tag == Tag.tuple || inner.tag == Tag.list { return argument(inner) }
        return .foreign(Reference(value, vm.heap))
    }

    /// Parameters and buffers of the traced model are fetched by path; other tensors are constants.
    private func constant(_ tensor: Tensor) -> Argument {
        guard let tracer = tracers.last else { return .tensor(tensor) }
        let named = tracer.root.namedParameters() + tracer.root.namedBuffers()
        guard let found = named.first(where: { $0.tensor === tensor }) else { return .tensor(tensor) }
        return .node(tracer.record(.getAttribute, found.name, [], .init()))
    }

    /// Owned by the caller.
    func value(_ argument: Argument) -> Value {
        switch argument {
        case .none: .none
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .double(let value): .float(value)
        case .string(let text): vm.string(text)
        case .node(let node): proxyValue(node)
        case .tensor(let tensor): torch.value(tensor)
        case .dtype(let dtype): torch.dtype(dtype)
        case .list(let items): vm.list(items.map { value($0) })
        case .tuple(let items): vm.tuple(items.map { value($0) })
        case .slice(let a, let b, let c): vm.slice(value(a), value(b), value(c))
        case .dictionary(let pairs): dictionary(pairs)
        case .ellipsis: .none
        case .foreign(let object): (object as? Reference)?.value.retained() ?? .none
        }
    }

    private func dictionary(_ pairs: [(key: String, value: Argument)]) -> Value {
        let dict = vm.dict()
        for (key, item) in pairs {
            let item = value(item)
            vm.dictSet(dict.dict, key, item)
            vm.heap.release(item)
        }
        return dict
    }

    func proxyValue(_ node: Graphs.Node) -> Value {
        vm.instance(of: proxyClass ?? proxyBase, payload: vm.native(ProxyBox(node), proxyBase))
    }

    func keywords(_ dict: Value) -> OrderedTable<Argument> {
        var result = OrderedTable<Argument>()
        for (key, value) in items(dict) { result[vm.text(key)] = argument(value) }
        return result
    }
}

/// What a `Proxy` holds: the node whose result it stands for.
final class ProxyBox {
    let node: Graphs.Node
    init(_ node: Graphs.Node) { self.node = node }
}

/// What a `Node` object of the language holds.
final class NodeBox {
    let node: Graphs.Node
    init(_ node: Graphs.Node) { self.node = node }
}

/// What a `Graph` object of the language holds: the graph, and the module it belongs to for checks.
final class GraphBox {
    let graph: Graph
    let owner: GraphModule?
    init(_ graph: Graph, _ owner: GraphModule?) {
        self.graph = graph
        self.owner = owner
    }
}
