import Graphs
import Interpreter
import NN
import Tensors

/// Symbolic tracing of forward functions written in the language.
extension GraphBinding {
    /// Traces `root` (borrowed) with one placeholder for each parameter name; `leaf` may decide which modules are recorded whole.
    func trace(_ root: Value, _ parameters: [(name: String, value: Argument?)], leaf: Value) throws -> GraphModule {
        guard let module = modules.module(root) else { throw vm.typeError("symbolic_trace() needs an nn.Module, not '\(vm.typeName(root))'") }
        let tracer = Tracer(root: module)
        let standard = tracer.isLeaf
        tracer.isLeaf = { [unowned self] module, path in self.isLeaf(module, path, standard, leaf) }
        tracer.foreignForward = { [unowned self] module, arguments, keywords in try self.runForward(module, arguments, keywords) }
        let library = ModuleSearch.standardLibrary()
        tracer.currentLocation = { [unowned self] in self.userLine(outside: library) }
        tracers.append(tracer)
        let previous = torch.interceptor
        torch.interceptor = makeInterceptor()
        defer {
            tracers.removeLast()
            torch.interceptor = previous
        }
        let inputs = parameters.map { Argument.node(tracer.placeholder($0.name, default: $0.value)) }
        tracer.finish(try runForward(module, inputs, .init()))
        try tracer.graph.eliminateDeadCode()
        try tracer.graph.verify(root: module)
        let result = try GraphModule(root: module, graph: tracer.graph)
        result.foreignCall = { [unowned self] node, arguments, keywords in try self.callForeign(node, arguments, keywords, result) }
        return result
    }

    /// `file:line` of the innermost call that is not the library's own.
    private func userLine(outside library: String?) -> String? {
        for depth in 0..<vm.runningCount {
            guard let line = vm.runningLine(depth)?.line else { return nil }
            if let library, line.file.hasPrefix(library + "/") { continue }
            return "\(line.file):\(line.line)"
        }
        return nil
    }

    private func isLeaf(_ module: Module, _ path: String, _ standard: (Module, String) -> Bool, _ choice: Value) -> Bool {
        if !choice.isNone {
            let (object, name) = (modules.value(module), vm.string(path))
            defer {
                vm.heap.release(object)
                vm.heap.release(name)
            }
            // A rule that fails falls back to the standard one; the forward function then reports the mistake.
            do throws(PythonError) {
                let answer = try vm.call(choice, object, name)
                defer { vm.heap.release(answer) }
                return try vm.isTrue(answer)
            } catch {
                vm.discard(error)
            }
        }
        if module is Sequential || module is ModuleList || module is ModuleDict { return false }
        let object = modules.value(module)
        defer { vm.heap.release(object) }
        let home = vm.typeOf(object).info.module
        if home.hasPrefix("torch.nn.") || home.hasPrefix("horizon_plugin_pytorch.") || home.hasPrefix("torch.ao.") { return true }
        return standard(module, path) && vm.typeOf(object) != modules.moduleClass
    }

    /// Runs the language's forward function on proxies.
    private func runForward(_ module: Module, _ arguments: [Argument], _ keywords: OrderedTable<Argument>) throws -> Argument {
        let object = modules.value(module)
        defer { vm.heap.release(object) }
        let forward = try vm.getAttribute(object, "forward")
        defer { vm.heap.release(forward) }
        let values = arguments.map { value($0) }
        let named = keywords.pairs.map { ($0.key, value($0.value)) }
        defer {
            for value in values + named.map(\.1) { vm.heap.release(value) }
        }
        let result = try vm.call(forward, arguments: values, keywords: named)
        defer { vm.heap.release(result) }
        return argument(result)
    }

    private func makeInterceptor() -> CallInterceptor {
        CallInterceptor(
            function: { [unowned self] home, name, a in
                guard let tracer = self.tracers.last, (0..<a.count).contains(where: { self.containsProxy(a[$0]) }) else { return nil }
                var arguments = (0..<a.count).map { self.argument(a[$0]) }
                while let last = arguments.last, last.isNone, arguments.count > 1 { arguments.removeLast() }
                return self.proxyValue(tracer.record(.callFunction, "\(home).\(name)", arguments, .init()))
            },
            module: { [unowned self] module, object, positional, named in
                guard let tracer = self.tracers.last, self.containsProxy(positional) || self.containsProxy(named) else { return nil }
                let method = self.operationName(module)
                guard method == nil else {
                    throw self.vm.runtimeError("FloatFunctional is not intended to use the 'forward'. Please use the corresponding operation")
                }
                let arguments = self.argument(positional).items ?? []
                return self.value(try tracer.call(module, arguments, self.keywords(named)))
            })
    }

    private func operationName(_ module: Module) -> String? { module.typeName == "FloatFunctional" ? "forward" : nil }

    /// Runs a function or method the executor does not know, in the language.
    private func callForeign(_ node: Graphs.Node, _ arguments: [Argument], _ keywords: OrderedTable<Argument>, _ owner: GraphModule) throws
        -> Argument
    {
        let values = arguments.map { value($0) }
        let named = keywords.pairs.map { ($0.key, value($0.value)) }
        defer {
            for value in values + named.map(\.1) { vm.heap.release(value) }
        }
        let (callable, given) = try target(node, values, owner)
        defer { vm.heap.release(callable) }
        let result = try vm.call(callable, arguments: given, keywords: named)
        defer { vm.heap.release(result) }
        return argument(result)
    }

    /// The callable (owned) and its arguments (borrowed).
    private func target(_ node: Graphs.Node, _ values: [Value], _ owner: GraphModule) throws -> (Value, [Value]) {
        switch node.opcode {
        case .callMethod:
            guard let receiver = values.first else { throw vm.typeError("method '\(node.target)' without an object") }
            return (try vm.getAttribute(receiver, node.target), Array(values.dropFirst()))
        case .callModule: return (modules.value(try owner.submodule(node.target)), values)
        case .callFunction:
            if let reference = node.foreign as? Reference { return (reference.value.retained(), values) }
            let parts = node.target.split(separator: ".").map(String.init)
            let home = parts.count > 1 ? parts.dropLast().joined(separator: ".") : "builtins"
            let module = try vm.importModule(home)
            defer { vm.heap.release(module) }
            return (try vm.getAttribute(module, parts.last ?? node.target), values)
        case .placeholder, .getAttribute, .output: throw vm.runtimeError("node \(node.name) cannot be called")
        }
    }
}
