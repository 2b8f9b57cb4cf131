/// A mistake the user can see: PyTorch's exception type and sentence.
public struct TensorError: Error, CustomStringConvertible {
    /// The Python exception class.
    package enum Kind: String, Sendable {
        case runtime = "RuntimeError", type = "TypeError", index = "IndexError", value = "ValueError", notImplemented = "NotImplementedError", key =
            "KeyError"
    }

    package var kind: Kind
    package var message: String
    /// An error of the caller's own that passed through a hook or a rule; rethrow it instead of this one.
    package var foreign: (any Error)?

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    static func passing(_ error: any Error) -> TensorError {
        if let error = error as? TensorError { return error }
        var result = TensorError(.runtime, "\(error)")
        result.foreign = error
        return result
    }

    package static func runtime(_ message: String) -> TensorError { TensorError(.runtime, message) }
    package static func type(_ message: String) -> TensorError { TensorError(.type, message) }
    package static func index(_ message: String) -> TensorError { TensorError(.index, message) }
    package static func value(_ message: String) -> TensorError { TensorError(.value, message) }

    public var description: String { "\(kind.rawValue): \(message)" }
}

/// Sentences that several operations share.
extension TensorError {
    static func dimensionOutOfRange(_ dim: Int, rank: Int) -> TensorError {
        let bound = Swift.max(rank, 1)
        return .index("Dimension out of range (expected to be in range of [\(-bound), \(bound - 1)], but got \(dim))")
    }

    static func sizeMismatch(_ a: Int, _ b: Int, dimension: Int) -> TensorError {
        .runtime("The size of tensor a (\(a)) must match the size of tensor b (\(b)) at non-singleton dimension \(dimension)")
    }

    static func notMultipliable(_ operation: String, _ a: [Int], _ b: [Int]) -> TensorError {
        .runtime("\(operation): mat1 and mat2 shapes cannot be multiplied (\(a[0])x\(a[1]) and \(b[0])x\(b[1]))")
    }

    static func negativeSize(_ size: Int, _ sizes: [Int]) -> TensorError {
        .runtime("Trying to create tensor with negative dimension \(size): \(bracketed(sizes))")
    }

    package static func notAMask(_ operation: String, _ dtypeName: String) -> TensorError {
        .runtime("\(operation) only supports boolean masks, but got mask with dtype \(dtypeName)")
    }

    static func invalidShape(_ shape: [Int], count: Int) -> TensorError {
        .runtime("shape '\(bracketed(shape))' is invalid for input of size \(count)")
    }

    static func notImplemented(_ kernel: String, _ dtype: DType) -> TensorError {
        TensorError(.notImplemented, "\"\(kernel)\" not implemented for '\(dtype.typeName)'")
    }

    static func cannotCast(_ from: DType, to: DType) -> TensorError {
        .runtime("result type \(from.typeName) can't be cast to the desired output type \(to.typeName)")
    }
}

/// `[2, 3]`, as messages print sizes.
package func bracketed(_ sizes: [Int]) -> String { "[" + sizes.map(String.init).joined(separator: ", ") + "]" }
