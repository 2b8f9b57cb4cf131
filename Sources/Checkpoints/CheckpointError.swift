/// Why a file cannot be read or written, with the file's name.
package struct CheckpointError: Error, CustomStringConvertible {
    package enum Kind: String, Sendable {
        case unpickling = "UnpicklingError", runtime = "RuntimeError", value = "ValueError", notFound = "FileNotFoundError", os = "OSError",
            endOfFile = "EOFError"
    }
    package var kind: Kind
    package var file: String
    package var reason: String

    package init(_ kind: Kind, _ file: String, _ reason: String) {
        self.kind = kind
        self.file = file
        self.reason = reason
    }

    package var message: String { file.isEmpty ? reason : "\(file): \(reason)" }
    package var description: String { "\(kind.rawValue): \(message)" }
}
