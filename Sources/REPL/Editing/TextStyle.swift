/// Looks in a terminal's own sixteen colours, so that they suit its theme.
package enum TextStyle: String, Sendable, CaseIterable {
    case plain, keyword, string, number, comment, definition, error, prompt, continuation, resultPrompt, faint, strong

    /// The terminal's "select graphic rendition" parameters.
    package var code: String {
        switch self {
        case .plain: "0"
        case .keyword: "35"
        case .string: "32"
        case .number: "36"
        case .comment, .faint: "90"
        case .definition: "1;34"
        case .error: "31"
        case .prompt: "1;32"
        case .continuation: "32"
        case .resultPrompt: "1;31"
        case .strong: "1"
        }
    }

    package func applied(to text: String, isColoured: Bool) -> String {
        isColoured && self != .plain && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
