import Tensors

/// What goes wrong while tracing, checking or running a graph; the sentence is final.
package struct GraphError: Error, CustomStringConvertible {
    /// The Python exception class it becomes.
    package enum Kind: String, Sendable {
        case trace = "TraceError", runtime = "RuntimeError", type = "TypeError", name = "NameError", value = "ValueError"
        case notImplemented = "NotImplementedError", assertion = "AssertionError", key = "KeyError", attribute = "AttributeError"
    }

    package var kind: Kind
    package var message: String
    /// An error of the caller's own that passed through; rethrow it instead of this one.
    package var foreign: (any Error)?

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    package init(_ error: TensorError) {
        kind = Kind(rawValue: error.kind.rawValue) ?? .runtime
        message = error.message
        foreign = error.foreign
    }

    /// Any error as one of this type, kept as `foreign` where it is the caller's own.
    package static func passing(_ error: any Error) -> GraphError {
        if let error = error as? GraphError { return error }
        if let error = error as? TensorError { return GraphError(error) }
        var result = GraphError(.runtime, "\(error)")
        result.foreign = error
        return result
    }

    /// The same error for callers that know only the engine's type.
    package var asTensorError: TensorError {
        var result = TensorError(TensorError.Kind(rawValue: kind.rawValue) ?? .runtime, message)
        result.foreign = foreign ?? (TensorError.Kind(rawValue: kind.rawValue) == nil ? self : nil)
        return result
    }

    package var description: String { "\(kind.rawValue): \(message)" }
}
