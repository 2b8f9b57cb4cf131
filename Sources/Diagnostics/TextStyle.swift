/// Whether rendered text carries terminal colours.
package enum TextStyle: Sendable {
    case plain
    case ansi

    /// What a piece of a diagnostic is, and so how it looks.
    package enum Role: Sendable {
        case errorName, caret, gutter, path

        var code: String {
            switch self {
            case .errorName, .caret: "1;31"
            case .gutter: "2"
            case .path: "35"
            }
        }
    }

    package func apply(_ role: Role, to text: String) -> String {
        self == .ansi && !text.isEmpty ? "\u{1B}[\(role.code)m\(text)\u{1B}[0m" : text
    }
}
