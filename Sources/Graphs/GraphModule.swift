import NN
import Tensors

/// A module whose forward runs a graph. It holds the modules the graph names, at their paths, below plain containers.
package final class GraphModule: Module {
    package private(set) var graph: Graph
    /// Calls functions the executor's table does not know: `(node, arguments, keywords)`.
    package var foreignCall: ((Node, [Argument], OrderedTable<Argument>) throws -> Argument)?
    /// Replaces the executor: a converted model runs its integer plan here. Nil result: run the graph.
    package var fastForward: ((GraphModule, [Tensor]) throws(TensorError) -> Tensor?)?

    /// What `fastForward` keeps between calls; not copied.
    package var planCache: AnyObject?

    /// Takes the modules and attributes `graph` names from `root`, sharing them.
    package init(root: Module, graph: Graph, typeName: String? = nil) throws(GraphError) {
        self.graph = graph
        super.init(typeName: typeName ?? root.typeName)
        training = root.training
        do throws(TensorError) {
            for node in graph.nodes where node.opcode == .callModule { try install(try root.submodule(node.target), at: node.target) }
            for node in graph.nodes where node.opcode == .getAttribute { try adopt(node.target, from: root) }
        } catch {
            throw GraphError(error)
        }
        foreignCall = (root as? GraphModule)?.foreignCall
    }

    private init(graph: Graph, typeName: String) {
        self.graph = graph
        super.init(typeName: typeName)
    }

    /// Puts `module` at a dotted path, making containers on the way.
    package func install(_ module: Module, at path: String) throws(TensorError) {
        let parts = path.split(separator: ".").map(String.init)
        guard let last = parts.last else { return }
        try container(parts.dropLast()).addModule(last, module)
    }

    private func container(_ parts: ArraySlice<String>) throws(TensorError) -> Module {
        var parent: Module = self
        for part in parts {
            if let next = parent.child(part) {
                parent = next
            } else {
                let fresh = Module()
                fresh.training = training
                try parent.addModule(part, fresh)
                parent = fresh
            }
        }
        return parent
    }

    private func adopt(_ path: String, from root: Module) throws(TensorError) {
        let parts = path.split(separator: ".").map(String.init)
        guard let last = parts.last else { return }
        let owner = try root.submodule(parts.dropLast().joined(separator: "."))
        let target = try container(parts.dropLast())
        if let parameter = owner.parameter(last) { try target.registerParameter(last, parameter) }
        if let buffer = owner.buffer(last) { try target.registerBuffer(last, buffer, persistent: !owner.nonPersistentBuffers.contains(last)) }
    }

    /// Removes modules the graph no longer names.
    package func deleteUnusedSubmodules() throws(TensorError) {
        var used: Set<String> = []
        for node in graph.nodes where node.opcode == .callModule || node.opcode == .getAttribute {
            var path = ""
            for part in node.target.split(separator: ".") {
                path += path.isEmpty ? String(part) : "." + part
                used.insert(path)
            }
        }
        for (path, _) in namedModules().reversed() where !path.isEmpty && !used.contains(path) {
            let parts = path.split(separator: ".").map(String.init)
            if namedModules().contains(where: { used.contains($0.name) && $0.name.hasPrefix(path + ".") }) { continue }
            if used.contains(where: { path.hasPrefix($0 + ".") }) { continue }
            try submodule(parts.dropLast().joined(separator: ".")).removeEntry(parts[parts.count - 1])
        }
    }

    package override func forward(_ inputs: [Tensor]) throws(TensorError) -> Tensor {
        if let fastForward, let result = try fastForward(self, inputs) { return result }
        do throws(GraphError) {
            let result = try GraphExecutor(self).run(inputs.map(Argument.tensor))
            guard let tensor = result.tensor else { throw GraphError(.type, "the graph's result is not a tensor") }
            return tensor
        } catch {
            throw error.asTensorError
        }
    }

    package override func didLoadState() throws(TensorError) { planCache = nil }

    package override func emptyCopy() throws(TensorError) -> Module {
        do throws(GraphError) {
            let copy = GraphModule(graph: try graph.copy(), typeName: typeName)
            copy.foreignCall = foreignCall
            copy.fastForward = fastForward
            return copy
        } catch {
            throw error.asTensorError
        }
    }
}
