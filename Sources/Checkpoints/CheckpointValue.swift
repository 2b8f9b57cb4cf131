import Tensors

/// What a checkpoint holds. Containers are objects, so that what was shared when it was saved is shared when it is loaded.
package enum CheckpointValue {
    case none
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case string(String)
    case bytes([UInt8])
    case sequence(CheckpointSequence)
    case dictionary(CheckpointDictionary)
    /// Tensors of one storage share it; a parameter is marked as one.
    case tensor(Tensor)
    case dtype(DType)
    case size([Int])
    case device(String)
}

/// A list, tuple or set.
package final class CheckpointSequence {
    package enum Kind: Sendable { case list, tuple, set }
    package let kind: Kind
    package var items: [CheckpointValue]
    package init(_ kind: Kind, _ items: [CheckpointValue] = []) {
        self.kind = kind
        self.items = items
    }
}

/// A dict or OrderedDict, in order of insertion; string keys are found in constant time.
package final class CheckpointDictionary {
    package let isOrdered: Bool
    package private(set) var pairs: [(key: CheckpointValue, value: CheckpointValue)] = []
    private var positions: [String: Int] = [:]
    /// Attributes of an OrderedDict: a state dict's `_metadata`.
    package var attributes: CheckpointDictionary?

    package init(isOrdered: Bool = false) { self.isOrdered = isOrdered }

    package func set(_ key: CheckpointValue, _ value: CheckpointValue) {
        if case .string(let name) = key {
            if let position = positions[name] {
                pairs[position].value = value
                return
            }
            positions[name] = pairs.count
        }
        pairs.append((key, value))
    }

    package subscript(_ name: String) -> CheckpointValue? { positions[name].map { pairs[$0].value } }
}
