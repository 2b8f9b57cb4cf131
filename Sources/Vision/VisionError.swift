/// A mistake the user can see: the Python exception class and its sentence.
package struct VisionError: Error, CustomStringConvertible {
    package enum Kind: String, Sendable {
        case value = "ValueError", type = "TypeError", index = "IndexError", os = "OSError", runtime = "RuntimeError", memory = "MemoryError"
        case missingFile = "FileNotFoundError", unidentified = "UnidentifiedImageError", notImplemented = "NotImplementedError"
    }

    package var kind: Kind
    package var message: String

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    package static func value(_ message: String) -> VisionError { VisionError(.value, message) }
    package static func os(_ message: String) -> VisionError { VisionError(.os, message) }

    static let wrongMode = VisionError.value("image has wrong mode")
    static let mismatch = VisionError.value("images do not match")

    package var description: String { "\(kind.rawValue): \(message)" }
}
