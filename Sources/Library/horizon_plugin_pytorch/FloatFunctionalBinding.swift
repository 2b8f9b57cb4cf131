import Graphs
import Interpreter
import NN
import Quantization
import Tensors

/// FloatFunctional's operations: recorded while a forward function is traced, computed otherwise.
extension GraphBinding {
    func callOperation(_ module: Module, _ name: String, _ positional: Value, _ named: Value) throws -> Value {
        guard let operation = ArithmeticLayer.Operation(rawValue: name) else { throw vm.attributeError("FloatFunctional has no operation '\(name)'") }
        let arguments = argument(positional).items ?? []
        let keywords = keywords(named)
        let tracing = !tracers.isEmpty && containsProxy(positional)
        guard let layer = module as? ArithmeticLayer else {
            return value(.tensor(try module.call(arguments.flatMap { $0.items ?? [$0] }.compactMap(\.tensor))))
        }
        let operands = try configure(layer, operation, arguments, keywords, fixes: tracing)
        if tracing, let tracer = tracers.last { return value(try tracer.call(layer, operands)) }
        return torch.value(try layer.apply(operation, operands.flatMap { $0.items ?? [$0] }.compactMap(\.tensor)))
    }

    /// Takes the numbers an operation is made with; returns its operands.
    private func configure(
        _ layer: ArithmeticLayer, _ operation: ArithmeticLayer.Operation, _ arguments: [Argument], _ keywords: OrderedTable<Argument>, fixes: Bool
    ) throws -> [Argument] {
        if fixes {
            if let known = layer.operation, known != operation {
                throw vm.runtimeError(
                    "FloatFunctional is used for both '\(known.rawValue)' and '\(operation.rawValue)'. Use one FloatFunctional for each operation")
            }
            layer.operation = operation
        }
        func given(_ position: Int, _ name: String) -> Argument? { position < arguments.count ? arguments[position] : keywords[name] }
        switch operation {
        case .add, .sub, .mul, .matmul, .addReLU: return [arguments.first ?? keywords["x"] ?? .none, given(1, "y") ?? .none]
        case .addScalar, .mulScalar:
            layer.scalar = given(1, "y")?.double ?? 0
            return Array(arguments.prefix(1))
        case .cat:
            layer.dims = [given(1, "dim")?.int ?? 0]
            return Array(arguments.prefix(1))
        case .mean, .sum:
            layer.dims = given(1, "dim")?.ints
            layer.keepsDims = given(2, "keepdim")?.bool ?? false
            return Array(arguments.prefix(1))
        }
    }
}
