import NN
import Tensors

/// What the executor knows of functions and methods by their canonical name. A nil result means "not with these arguments".
package enum FunctionTable {
    package typealias Implementation = @Sendable ([Argument], OrderedTable<Argument>) throws(TensorError) -> Argument?

    /// The last part of a dotted name, in-place and alternative spellings unified: `operator.iadd` → `add`.
    package static func canonical(_ target: String) -> String {
        let last = target.split(separator: ".").last.map(String.init) ?? target
        return aliases[last] ?? last
    }

    private static let aliases = [
        "iadd": "add", "isub": "sub", "imul": "mul", "truediv": "div", "itruediv": "div", "subtract": "sub", "multiply": "mul", "divide": "div",
        "concat": "cat",
        "concatenate": "cat", "relu_": "relu", "relu6_": "relu6", "add_": "add", "sub_": "sub", "mul_": "mul", "div_": "div", "imatmul": "matmul",
        "sigmoid_": "sigmoid",
        "tanh_": "tanh", "negative": "neg",
    ]

    package static func implementation(_ target: String) -> Implementation? { functions[canonical(target)] }

    private static let functions: [String: Implementation] = arithmetic.merging(shapes) { a, _ in a }.merging(layers) { a, _ in a }

    /// The operand as a tensor; numbers become wrapped numbers, which do not widen dtypes.
    private static func operand(_ argument: Argument?) throws(TensorError) -> Tensor? {
        switch argument {
        case .tensor(let tensor): tensor
        case .int(let value): try .wrapped(.int(Int64(value)))
        case .double(let value): try .wrapped(.double(value))
        case .bool(let value): try .wrapped(.bool(value))
        default: nil
        }
    }

    private static func binary(_ f: @escaping @Sendable (Tensor, Tensor) throws(TensorError) -> Tensor) -> Implementation {
        { (a: [Argument], k: OrderedTable<Argument>) throws(TensorError) -> Argument? in
            guard a.count == 2, k.isEmpty, a[0].tensor != nil || a[1].tensor != nil, let x = try operand(a[0]), let y = try operand(a[1]) else {
                return nil
            }
            return .tensor(try f(x, y))
        }
    }

    private static func unary(_ f: @escaping @Sendable (Tensor) throws(TensorError) -> Tensor) -> Implementation {
        { (a: [Argument], k: OrderedTable<Argument>) throws(TensorError) -> Argument? in
            guard a.count == 1, let x = a[0].tensor, k.pairs.allSatisfy({ $0.key == "inplace" }) else { return nil }
            return .tensor(try f(x))
        }
    }

    private static let add = binary { (x: Tensor, y: Tensor) throws(TensorError) in try x.add(y) }
    private static let sub = binary { (x: Tensor, y: Tensor) throws(TensorError) in try x.sub(y) }
    private static let mul = binary { (x: Tensor, y: Tensor) throws(TensorError) in try x.mul(y) }
    private static let div = binary { (x: Tensor, y: Tensor) throws(TensorError) in try x.div(y) }
    private static let matmul = binary { (x: Tensor, y: Tensor) throws(TensorError) in try x.matmul(y) }

    private static let arithmetic: [String: Implementation] = [
        "add": add, "sub": sub, "mul": mul, "div": div, "matmul": matmul,
        "neg": unary { (x: Tensor) throws(TensorError) in try x.neg() },
        "abs": unary { (x: Tensor) throws(TensorError) in try x.abs() },
        "exp": unary { (x: Tensor) throws(TensorError) in try x.exp() },
        "sqrt": unary { (x: Tensor) throws(TensorError) in try x.sqrt() },
        "relu": unary { (x: Tensor) throws(TensorError) in try x.relu() },
        "relu6": unary { (x: Tensor) throws(TensorError) in try x.relu6() },
        "sigmoid": unary { (x: Tensor) throws(TensorError) in try x.sigmoid() },
        "tanh": unary { (x: Tensor) throws(TensorError) in try x.tanh() },
        "silu": unary { (x: Tensor) throws(TensorError) in try x.silu() },
        "getitem": { (a: [Argument], _: OrderedTable<Argument>) throws(TensorError) -> Argument? in
            guard a.count == 2, let items = a[0].items, let i = a[1].int, i >= -items.count, i < items.count else { return nil }
            return items[i < 0 ? i + items.count : i]
        },
    ]

    private static let shapes: [String: Implementation] = [
        "flatten": { (a: [Argument], k: OrderedTable<Argument>) throws(TensorError) -> Argument? in
            guard let x = a.first?.tensor else { return nil }
            let start = (a.count > 1 ? a[1] : k["start_dim"])?.int ?? 0
            let end = (a.count > 2 ? a[2] : k["end_dim"])?.int ?? -1
            return .tensor(try x.flatten(start, end).annotated(like: x))
        },
        "reshape": reshape, "view": reshape,
        "permute": { (a: [Argument], k: OrderedTable<Argument>) throws(TensorError) -> Argument? in
            guard let x = a.first?.tensor, let order = sizes(a, k, "dims") else { return nil }
            return .tensor(try x.permute(order).annotated(like: x))
        },
        "squeeze": { (a: [Argument], k: OrderedTable<Argument>) throws(TensorError) -> Argument? in
            guard let x = a.first?.tensor else { return nil }
            return .tensor(try x.squeeze((a.count > 1 ? a[1] : k["dim"])?.ints).annotated(like: x))
        },
        "unsqueeze": { (a: [Argument], k: OrderedTable<Argument>) throws(TensorError) -> Argument? in
            guard let x = a.first?.tensor, let dim = (a.count > 1 ? a[1] : k["dim"])?.int else { return nil }
            return .tensor(try x.unsqueeze(dim).annotated(like: x))
        },
        "cat": { (a: [Argument], k: OrderedTable<Argument>) throws(TensorError) -> Argument? in
            guard let items = (a.first ?? k["tensors"])?.items, items.allSatisfy({ $0.tensor != nil }) else { return nil }
            return .tensor(try .cat(items.compactMap(\.tensor), dim: (a.count > 1 ? a[1] : k["dim"])?.int ?? 0))
        },
        "size": { (a: [Argument], _: OrderedTable<Argument>) throws(TensorError) -> Argument? in
            guard let x = a.first?.tensor else { return nil }
            if a.count > 1, let dim = a[1].int { return .int(try x.size(dim)) }
            return .tuple(x.shape.map(Argument.int))
        },
    ]

    private static let reshape: Implementation = { (a: [Argument], k: OrderedTable<Argument>) throws(TensorError) -> Argument? in
        guard let x = a.first?.tensor, let shape = sizes(a, k, "shape") else { return nil }
        return .tensor(try x.reshape(shape).annotated(like: x))
    }

    /// Sizes given one by one, as a tuple, or by keyword.
    private static func sizes(_ a: [Argument], _ k: OrderedTable<Argument>, _ keyword: String) -> [Int]? {
        if a.count == 2 { return a[1].ints }
        if a.count > 2 {
            let values = a.dropFirst().compactMap(\.int)
            return values.count == a.count - 1 ? values : nil
        }
        return k[keyword]?.ints
    }

    private static let layers: [String: Implementation] = [
        "adaptive_avg_pool2d": { (a: [Argument], k: OrderedTable<Argument>) throws(TensorError) -> Argument? in
            guard let x = a.first?.tensor, let size = (a.count > 1 ? a[1] : k["output_size"]) else { return nil }
            let sizes = (size.items ?? [size, size]).map(\.int)
            return .tensor(try x.adaptiveAvgPool(sizes))
        }
    ]
}

extension Tensor {
    /// This tensor with what is known of `other`'s values: movements of elements keep it.
    package func annotated(like other: Tensor) -> Tensor {
        if let annotation = other.annotation { self.annotation = annotation }
        return self
    }
}
