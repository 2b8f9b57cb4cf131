import Graphs
import Tensors

/// A mistake in preparing, training or converting a model: the documented exception class and sentence.
package typealias QuantizationError = GraphError

/// Sentences several phases share.
extension GraphError {
    static func assertion(_ message: String) -> GraphError { GraphError(.assertion, message) }
    static func unsupported(_ message: String) -> GraphError { GraphError(.notImplemented, message) }
}

/// A vertex of the module graph; the gradient graph's nodes have the same name and are not used here.
typealias Node = Graphs.Node
