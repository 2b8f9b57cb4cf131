import NN
import Tensors

/// An argument of a node, or a value while a graph runs: what Python passes to functions, with nodes where results will stand.
package indirect enum Argument {
    case none
    case bool(Bool)
    case int(Int)
    case double(Double)
    case string(String)
    case node(Node)
    case tensor(Tensor)
    case dtype(DType)
    case list([Argument])
    case tuple([Argument])
    case slice(Argument, Argument, Argument)
    case dictionary([(key: String, value: Argument)])
    /// `...` in a subscript
    case ellipsis
    /// An object of the user's language.
    case foreign(AnyObject)

    package var node: Node? { if case .node(let node) = self { node } else { nil } }
    package var tensor: Tensor? { if case .tensor(let tensor) = self { tensor } else { nil } }
    package var isNone: Bool { if case .none = self { true } else { false } }

    package var int: Int? {
        switch self {
        case .int(let value): value
        case .bool(let value): value ? 1 : 0
        default: nil
        }
    }

    package var double: Double? {
        switch self {
        case .double(let value): value
        default: int.map(Double.init)
        }
    }

    package var bool: Bool? {
        switch self {
        case .bool(let value): value
        case .int(let value): value != 0
        default: nil
        }
    }

    package var string: String? { if case .string(let value) = self { value } else { nil } }

    /// The items of a list or tuple.
    package var items: [Argument]? {
        switch self {
        case .list(let items), .tuple(let items): items
        default: nil
        }
    }

    /// The integers of a list or tuple, or of one number.
    package var ints: [Int]? {
        if let value = int { return [value] }
        guard let items else { return nil }
        let values = items.compactMap(\.int)
        return values.count == items.count ? values : nil
    }

    /// The same value with every node inside replaced.
    package func mapNodes(_ transform: (Node) throws(GraphError) -> Argument) throws(GraphError) -> Argument {
        func all(_ items: [Argument]) throws(GraphError) -> [Argument] {
            var result: [Argument] = []
            for item in items { result.append(try item.mapNodes(transform)) }
            return result
        }
        switch self {
        case .node(let node): return try transform(node)
        case .list(let items): return .list(try all(items))
        case .tuple(let items): return .tuple(try all(items))
        case .slice(let a, let b, let c): return .slice(try a.mapNodes(transform), try b.mapNodes(transform), try c.mapNodes(transform))
        case .dictionary(let pairs):
            var result: [(key: String, value: Argument)] = []
            for (key, value) in pairs { result.append((key, try value.mapNodes(transform))) }
            return .dictionary(result)
        case .none, .bool, .int, .double, .string, .tensor, .dtype, .ellipsis, .foreign: return self
        }
    }

    /// Calls `body` with every node inside, in order.
    package func forEachNode(_ body: (Node) -> Void) {
        switch self {
        case .node(let node): body(node)
        case .list(let items), .tuple(let items): for item in items { item.forEachNode(body) }
        case .slice(let a, let b, let c): for item in [a, b, c] { item.forEachNode(body) }
        case .dictionary(let pairs): for pair in pairs { pair.value.forEachNode(body) }
        case .none, .bool, .int, .double, .string, .tensor, .dtype, .ellipsis, .foreign: break
        }
    }

    /// As Python's `repr` writes it; nodes by name.
    package var text: String {
        switch self {
        case .none: "None"
        case .bool(let value): value ? "True" : "False"
        case .int(let value): "\(value)"
        case .double(let value): "\(value)"
        case .string(let value): "'\(value)'"
        case .node(let node): node.name
        case .tensor(let tensor): "tensor(\(bracketed(tensor.shape)))"
        case .dtype(let dtype): "torch.\(dtype.name)"
        case .list(let items): "[" + items.map(\.text).joined(separator: ", ") + "]"
        case .tuple(let items): items.count == 1 ? "(\(items[0].text),)" : "(" + items.map(\.text).joined(separator: ", ") + ")"
        case .slice(let a, let b, let c): "slice(\(a.text), \(b.text), \(c.text))"
        case .dictionary(let pairs): "{" + pairs.map { "'\($0.key)': \($0.value.text)" }.joined(separator: ", ") + "}"
        case .ellipsis: "Ellipsis"
        case .foreign: "<object>"
        }
    }
}
