import Graphs
import NN
import Tensors

/// Merges convolution or linear layers with the batch normalisation, addition and rectifier that follow them.
///
/// before: `conv(x)` → `bn` → `+ residual` → `relu6`, four nodes
/// after:  one `WeightedLayer` called with `(x, residual)`, at the add's path, else at the convolution's; absorbed modules become Identity.
///
/// State: the paths each fused module absorbed, for the propagation of qconfigs. Entry: `run`.
final class Fusion {
    private let module: GraphModule
    private let mode: QATMode
    private var counts: [String: Int] = [:]
    private var shared: [String: WeightedLayer] = [:]
    /// By fused path: the paths of its members, last operation first.
    private(set) var members: [String: [String]] = [:]

    init(_ module: GraphModule, mode: QATMode) {
        self.module = module
        self.mode = mode
    }

    /// What was found from a convolution onwards; nodes in order.
    private struct Match {
        var convolution: Node
        var norm: Node?
        var add: Node?
        var residual: Argument?
        var activation: Node?
        var range = Tensor.ActivationRange.none
        var last: Node { activation ?? add ?? norm ?? convolution }
    }

    func run() throws(QuantizationError) {
        counts = module.graph.callCounts
        do throws(TensorError) {
            for node in module.graph.nodes where node.opcode == .callModule {
                guard module.graph.nodes.contains(where: { $0 === node }) else { continue }
                guard try base(of: node) != nil else { continue }
                try fuse(try match(node))
            }
        } catch {
            throw QuantizationError(error)
        }
    }

    // MARK: Matching

    private func target(_ node: Node) throws(TensorError) -> Module? { node.opcode == .callModule ? try module.submodule(node.target) : nil }

    private func base(of node: Node) throws(TensorError) -> WeightedLayer.Base? {
        switch try target(node) {
        case let convolution as Convolution where convolution.languageForward == nil:
            guard convolution.paddingMode == "zeros", var parameters = Optional(convolution.parameters_) else { return nil }
            if convolution.paddingName == "same" {
                guard convolution.kernel.allSatisfy({ $0 % 2 == 1 }) else { return nil }
                parameters.padding = zip(parameters.dilation, convolution.kernel).map { $0 * ($1 - 1) / 2 }
            }
            return convolution.transposed
                ? .transposed(parameters, dimensions: convolution.dimensions) : .convolution(parameters, dimensions: convolution.dimensions)
        case let linear as Linear where linear.languageForward == nil: return .linear
        default: return nil
        }
    }

    /// The only user of a node, if there is exactly one.
    private func next(_ node: Node) -> Node? { node.users.count == 1 ? node.users[0] : nil }

    private func match(_ convolution: Node) throws(TensorError) -> Match {
        var match = Match(convolution: convolution)
        let isShared = counts[convolution.target, default: 0] > 1
        if let node = next(convolution), let norm = try target(node) as? BatchNorm, try fits(norm, convolution),
            !isShared || counts[node.target] == counts[convolution.target]
        {
            match.norm = node
        }
        if !isShared, let node = next(match.last), let add = try target(node) as? ArithmeticLayer, add.operation == .add || add.operation == .addReLU,
            counts[node.target] == 1,
            let residual = try residual(of: node, branch: match.last)
        {
            match.add = node
            match.residual = residual
            if add.operation == .addReLU { match.range = .relu }
        }
        if match.range == .none, let node = next(match.last), let range = try rectifier(node) {
            if isShared && counts[node.target, default: 1] > counts[convolution.target, default: 1] {
                QuantizationState.warn("\(node.target) is called more often than \(convolution.target): they are not fused")
            } else {
                match.activation = node
                match.range = range
            }
        }
        return match
    }

    private func fits(_ norm: BatchNorm, _ convolution: Node) throws(TensorError) -> Bool {
        guard norm.languageForward == nil, norm.tracksRunningStatistics else { return false }
        switch try target(convolution) {
        case let layer as Convolution: return norm.dimensions == layer.dimensions && norm.channels == layer.outChannels
        case let layer as Linear: return norm.dimensions == 1 && norm.channels == layer.outFeatures
        default: return false
        }
    }

    /// The other operand of an addition; nil where the first operand is a convolution of its own, which then takes the addition.
    private func residual(of add: Node, branch: Node) throws(TensorError) -> Argument? {
        guard add.arguments.count == 2, let first = add.arguments[0].node, let second = add.arguments[1].node, first !== second else { return nil }
        if first === branch { return add.arguments[1] }
        guard second === branch else { return nil }
        var origin = first
        if try target(origin) is BatchNorm, let before = origin.arguments.first?.node { origin = before }
        let firstIsConvolution = try base(of: origin) != nil && counts[origin.target] == 1 && next(first) != nil && next(origin) != nil
        return firstIsConvolution ? nil : add.arguments[0]
    }

    private func rectifier(_ node: Node) throws(TensorError) -> Tensor.ActivationRange? {
        if let module = try target(node) { return (module as? Rectifier).flatMap { $0.languageForward == nil ? $0.range : nil } }
        guard node.opcode == .callFunction || node.opcode == .callMethod else { return nil }
        return ["relu": .relu, "relu6": .relu6][FunctionTable.canonical(node.target)]
    }

    // MARK: Rewriting

    private func fuse(_ match: Match) throws(TensorError) {
        let paths = [match.activation, match.add, match.norm, match.convolution].compactMap { $0 }.filter { $0.opcode == .callModule }.map(\.target)
        let isShared = counts[match.convolution.target, default: 0] > 1
        var path = match.add?.target ?? match.convolution.target
        var fused: WeightedLayer
        let key = paths.joined(separator: "|")
        if isShared, !QuantizationState.duplicatesSharedConvolutions, let known = shared[key] {
            fused = known
        } else {
            fused = try makeLayer(match)
            if isShared {
                if QuantizationState.duplicatesSharedConvolutions, shared[key] != nil { path = uniquePath(path) }
                shared[key] = fused
            }
        }
        let arguments = [match.convolution.arguments[0]] + (match.residual.map { [$0] } ?? [])
        let last = match.last
        let fresh = module.graph.inserting(before: last) { module.graph.create(.callModule, path, arguments) }
        (fresh.scope, fresh.location) = ((match.add ?? match.convolution).scope, last.location)
        last.replaceAllUses(with: fresh)
        do throws(GraphError) {
            for node in [match.activation, match.add, match.norm, match.convolution].compactMap({ $0 }) { try module.graph.erase(node) }
        } catch {
            throw error.asTensorError
        }
        module.graph.rename(fresh, to: path)
        let remaining = module.graph.callCounts
        for member in paths where member != path && remaining[member] == nil { try module.install(Layers.identity(), at: member) }
        try module.install(fused, at: path)
        members[path] = paths
    }

    private func uniquePath(_ path: String) -> String {
        var k = 1
        // A missing module is the free name that is looked for.
        while (try? module.submodule("\(path)_\(k)")) != nil { k += 1 }
        return "\(path)_\(k)"
    }

    private func makeLayer(_ match: Match) throws(TensorError) -> WeightedLayer {
        guard let layer = try target(match.convolution), let base = try base(of: match.convolution), let weight = layer.parameter("weight") else {
            throw .runtime("\(match.convolution.target) has no weight")
        }
        let bias = layer.parameter("bias")
        let norm = try match.norm.flatMap { (node: Node) throws(TensorError) in try target(node) as? BatchNorm }
        let adds = match.add != nil
        let made: WeightedLayer
        if let norm, mode == .fuseBN {
            var axis = 0
            if case .transposed = base { axis = 1 }
            let folded = try norm.folded(weight, bias, channelAxis: axis)
            let trains = weight.requiresGrad
            made = try WeightedLayer(
                base, weight: try .parameter(folded.weight, requiresGrad: trains), bias: try .parameter(folded.bias, requiresGrad: trains),
                addsResidual: adds, range: match.range)
        } else {
            made = try WeightedLayer(base, weight: weight, bias: bias, norm: norm, addsResidual: adds, range: match.range, mode: mode)
        }
        made.train(layer.training)
        return made
    }
}
