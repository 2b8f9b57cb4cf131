import NN
import Tensors

/// A module of this side whose forward can be traced: it applies the tracer's operations to nodes instead of tensors.
package protocol TraceableModule: Module {
    func trace(_ tracer: Tracer, _ inputs: [Argument]) throws(GraphError) -> Argument
}

/// Records a forward function as a graph: leaf modules become one node, others are entered with their path as the scope.
package final class Tracer {
    package let graph = Graph()
    package let root: Module
    package private(set) var scope = ""
    /// Whether a module is recorded as one node. The default: everything but containers, traceable modules and modules of the language.
    package var isLeaf: (Module, String) -> Bool = { module, _ in
        !(module is Sequential || module is ModuleList || module is ModuleDict || module is TraceableModule || module.languageForward != nil)
    }
    /// Runs the forward function of a module written in the language.
    package var foreignForward: ((Module, [Argument], OrderedTable<Argument>) throws -> Argument)?
    /// Where the user's code is, for nodes and messages.
    package var currentLocation: (() -> String?)?
    private var paths: [ObjectIdentifier: String] = [:]

    package init(root: Module) {
        self.root = root
        for (name, module) in root.namedModules() { paths[ObjectIdentifier(module)] = name }
    }

    /// Traces the whole root, called with one placeholder for each name.
    package func trace(_ parameters: [String]) throws(GraphError) -> Graph {
        let inputs = parameters.map { Argument.node(placeholder($0)) }
        finish(try enter(root, inputs, .init()))
        return graph
    }

    @discardableResult
    package func placeholder(_ name: String, default value: Argument? = nil) -> Node {
        let node = record(.placeholder, name, [], .init())
        node.defaultValue = value
        return node
    }

    package func finish(_ result: Argument) { record(.output, "output", [result], .init()) }

    @discardableResult
    package func record(_ opcode: Opcode, _ target: String, _ arguments: [Argument], _ keywords: OrderedTable<Argument>, foreign: AnyObject? = nil)
        -> Node
    {
        let name = opcode == .callFunction ? target.split(separator: ".").last.map(String.init) ?? target : target
        let node = graph.create(opcode, target, arguments, keywords, name: name)
        node.scope = scope
        node.foreign = foreign
        node.location = currentLocation?()
        return node
    }

    package func function(_ target: String, _ arguments: [Argument], _ keywords: OrderedTable<Argument> = .init()) -> Argument {
        .node(record(.callFunction, target, arguments, keywords))
    }

    /// A module called inside the traced forward.
    package func call(_ module: Module, _ arguments: [Argument], _ keywords: OrderedTable<Argument> = .init()) throws(GraphError) -> Argument {
        guard let path = paths[ObjectIdentifier(module)] else {
            throw GraphError(.name, "module is not installed as a submodule")
        }
        if isLeaf(module, path) { return .node(record(.callModule, path, arguments, keywords)) }
        let previous = scope
        scope = path
        defer { scope = previous }
        return try enter(module, arguments, keywords)
    }

    private func enter(_ module: Module, _ arguments: [Argument], _ keywords: OrderedTable<Argument>) throws(GraphError) -> Argument {
        if let traceable = module as? TraceableModule { return try traceable.trace(self, arguments) }
        if module is Sequential, module.languageForward == nil {
            var value = arguments
            for child in module.children { value = [try call(child, value)] }
            return value.first ?? .none
        }
        guard let foreignForward else { throw GraphError(.trace, "module \(module.typeName) cannot be traced") }
        do { return try foreignForward(module, arguments, keywords) } catch { throw GraphError.passing(error) }
    }

    /// `torch.fx.symbolic_trace` of a module of this side.
    package static func symbolicTrace(_ root: Module, parameters: [String] = ["x"]) throws(GraphError) -> GraphModule {
        let tracer = Tracer(root: root)
        return try GraphModule(root: root, graph: try tracer.trace(parameters))
    }
}
