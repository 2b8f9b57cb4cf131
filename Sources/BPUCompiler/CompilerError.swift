/// Why a model cannot be compiled.
package enum CompilerError: Error, Equatable, CustomStringConvertible {
    /// Rules of the march that the model breaks; never empty.
    case unsupported([ModelViolation])
    /// Nothing smaller than this piece of work can be formed, and it does not fit on chip.
    case capacity(layer: String, needed: Int, available: Int)
    case options(String)
    /// Our own fault: a pass broke a rule of its result.
    case malformed(pass: String, String)

    package var description: String {
        switch self {
        case .unsupported(let violations): violations.map(\.description).joined(separator: "\n")
        case .capacity(let layer, let needed, let available):
            "\(layer): the smallest tile needs \(needed) bytes of on-chip staging memory, there are \(available)"
        case .options(let what): what
        case .malformed(let pass, let what): "internal error after '\(pass)': \(what)"
        }
    }
}

/// One rule that one layer breaks.
package struct ModelViolation: Error, Equatable, Sendable, CustomStringConvertible {
    package let layer: String
    /// `kernel height 33 is outside 1…31`
    package let text: String

    package init(layer: String, text: String) {
        self.layer = layer
        self.text = text
    }

    package var description: String { "\(layer): \(text)" }
}
