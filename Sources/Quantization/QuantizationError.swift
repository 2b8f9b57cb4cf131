import Graphs
import Tensors

/// A mistake in preparing, training or converting a model: the documented exception class and sentence.
package typealias QuantizationError = GraphError

/// Sentences several phases share.
extension GraphError {
    static func assertion(_ message: String) -> GraphError { GraphError(.assertion, message) }
    static func unsupported(_ message: String) -> GraphError { GraphError(.notImplemented, message) }
}
