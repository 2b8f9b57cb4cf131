import Graphs
import NN
import Tensors

/// Replaces functions and methods that need state of their own (scales, parameters) by modules.
///
/// before: `add = operator.add(x, features_3_conv_3)` in scope `features.3`
/// after:  `features_3_generated_add_0 = self.features.3_generated_add_0(x, features_3_conv_3)`
///
/// State: none. Entry: `run`.
struct FunctionsToModules {
    let module: GraphModule

    func run() throws(QuantizationError) {
        for node in module.graph.nodes where node.opcode == .callFunction || node.opcode == .callMethod {
            let name = FunctionTable.canonical(node.target)
            do throws(TensorError) {
                var found = try arithmetic(name, node)
                if found == nil { found = try layer(name, node) }
                if let (replacement, operands) = found { try replace(node, name, replacement, operands) }
            } catch {
                throw QuantizationError(error)
            }
        }
        do throws(GraphError) { try module.graph.eliminateDeadCode() } catch { throw error }
    }

    private func replace(_ node: Node, _ name: String, _ replacement: Module, _ operands: [Argument]) throws(TensorError) {
        replacement.train(module.training)
        let path = generatedPath(node.scope, name)
        try module.install(replacement, at: path)
        let fresh = module.graph.inserting(before: node) { module.graph.create(.callModule, path, operands) }
        (fresh.scope, fresh.location) = (node.scope, node.location)
        node.replaceAllUses(with: fresh)
        do throws(GraphError) { try module.graph.erase(node) } catch { throw error.asTensorError }
    }

    /// `"{scope}_generated_{op}_{k}"` with the smallest k not taken.
    private func generatedPath(_ scope: String, _ name: String) -> String {
        var k = 0
        while true {
            let path = "\(scope)_generated_\(name)_\(k)"
            // A missing module is the free name that is looked for.
            if (try? module.submodule(path)) == nil { return path }
            k += 1
        }
    }

    /// Whether the value is a tensor; sizes and what is computed from them are not.
    private func isTensor(_ argument: Argument) -> Bool {
        guard let node = argument.node else { return argument.tensor != nil }
        switch node.opcode {
        case .placeholder, .getAttribute, .callModule: return true
        case .output: return false
        case .callMethod: return !["size", "dim", "numel", "item", "tolist"].contains(node.target)
        case .callFunction:
            if FunctionTable.canonical(node.target) == "getattr" {
                return !["shape", "dtype", "device", "ndim"].contains(node.arguments.last?.string ?? "")
            }
            return node.operands.isEmpty || node.operands.contains { isTensor(.node($0)) }
        }
    }

    // MARK: Arithmetic

    private func arithmetic(_ name: String, _ node: Node) throws(TensorError) -> (Module, [Argument])? {
        switch name {
        case "add", "sub", "mul", "matmul":
            guard node.arguments.count == 2, node.keywords.isEmpty else { return nil }
            let (a, b) = (node.arguments[0], node.arguments[1])
            if isTensor(a), isTensor(b) { return (ArithmeticLayer(ArithmeticLayer.Operation(rawValue: name)), [a, b]) }
            return scalarArithmetic(name, a, b)
        case "div":
            guard node.arguments.count == 2, isTensor(node.arguments[0]), let divisor = node.arguments[1].double, divisor != 0 else { return nil }
            return scalarArithmetic("mul", node.arguments[0], .double(1 / divisor))
        case "cat":
            guard let items = (node.arguments.first ?? node.keywords["tensors"])?.items, items.allSatisfy({ $0.node != nil }) else { return nil }
            let layer = ArithmeticLayer(.cat)
            layer.dims = [node.argument(1, "dim")?.int ?? 0]
            return (layer, [.list(items)])
        case "mean", "sum":
            guard let x = node.arguments.first, isTensor(x) else { return nil }
            let layer = ArithmeticLayer(name == "mean" ? .mean : .sum)
            layer.dims = node.argument(1, "dim")?.ints
            layer.keepsDims = node.argument(2, "keepdim")?.bool ?? false
            return (layer, [x])
        default: return nil
        }
    }

    private func scalarArithmetic(_ name: String, _ a: Argument, _ b: Argument) -> (Module, [Argument])? {
        let (x, number): (Argument, Double)
        if isTensor(a), let value = b.double {
            (x, number) = (a, value)
        } else if isTensor(b), let value = a.double, name != "sub" {
            (x, number) = (b, value)
        } else {
            return nil
        }
        guard name == "add" || name == "mul" || name == "sub" else { return nil }
        let layer = ArithmeticLayer(name == "mul" ? .mulScalar : .addScalar)
        layer.scalar = name == "sub" ? -number : number
        return (layer, [x])
    }

    // MARK: Layers

    private func layer(_ name: String, _ node: Node) throws(TensorError) -> (Module, [Argument])? {
        guard let x = node.arguments.first, isTensor(x) else { return nil }
        func value(_ position: Int, _ keyword: String) -> Argument? { node.argument(position, keyword) }
        switch name {
        case "relu": return (Layers.relu(), [x])
        case "relu6": return (Layers.relu6(), [x])
        case "sigmoid": return (Layers.sigmoid(), [x])
        case "tanh": return (Layers.tanh(), [x])
        case "silu": return (Layers.silu(), [x])
        case "mish": return (Layers.mish(), [x])
        case "hardswish": return (Layers.hardswish(), [x])
        case "hardsigmoid": return (Layers.hardsigmoid(), [x])
        case "gelu": return (try Layers.gelu(approximate: value(1, "approximate")?.string ?? "none"), [x])
        case "leaky_relu": return (Layers.leakyReLU(value(1, "negative_slope")?.double ?? 0.01), [x])
        case "elu": return (Layers.elu(value(1, "alpha")?.double ?? 1), [x])
        case "hardtanh":
            let (low, high) = (value(1, "min_val")?.double ?? -1, value(2, "max_val")?.double ?? 1)
            return (low == 0 && high == 6 ? Layers.relu6() : Layers.hardtanh(low, high), [x])
        case "dropout": return (try Layers.dropout(value(1, "p")?.double ?? 0.5), [x])
        case "adaptive_avg_pool2d":
            guard let size = value(1, "output_size") else { return nil }
            return (Layers.adaptiveAvgPool((size.items ?? [size, size]).map(\.int)), [x])
        case "avg_pool2d", "max_pool2d":
            guard let kernel = value(1, "kernel_size")?.ints else { return nil }
            let (stride, padding) = (value(2, "stride")?.ints ?? [], value(3, "padding")?.ints ?? [0])
            if name == "avg_pool2d" {
                return (Layers.avgPool(.init(kernel: kernel, stride: stride, padding: padding, ceilMode: value(4, "ceil_mode")?.bool ?? false)), [x])
            }
            let p = Tensor.PoolParameters(
                kernel: kernel, stride: stride, padding: padding, dilation: value(4, "dilation")?.ints ?? [1],
                ceilMode: value(5, "ceil_mode")?.bool ?? false)
            return (Layers.maxPool(p), [x])
        case "interpolate":
            let scale = value(2, "scale_factor").flatMap { s in s.double.map { [$0] } ?? s.items.map { $0.compactMap(\.double) } }
            let size = value(1, "size").flatMap { s in s.int.map { [$0, $0] } ?? s.ints }
            guard (size == nil) != (scale == nil) else { return nil }
            return (
                Layers.upsample(
                    size: size, scale: scale, mode: value(3, "mode")?.string ?? "nearest", alignCorners: value(4, "align_corners")?.bool ?? false),
                [x]
            )
        default: return nil
        }
    }
}
