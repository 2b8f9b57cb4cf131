/// One stored output of a cell, typed as the format writes it.
package enum OutputItem: Sendable, Equatable {
    case text(TextRole, [String])
    case table(Table)
    case image(ImageReference)
    /// Raw Markdown that is known to end where it ends.
    case markdown([String])
    /// Sanitised HTML.
    case html([String])
    /// Lines left out of the middle of long output; `log` is the asset with all of them.
    case elision(lines: Int, log: String?)
    /// Payload lines that fit nothing above: only in blocks edited by hand.
    case unknown([String])

    package enum TextRole: String, Sendable, Equatable, CaseIterable {
        case stdout, stderr, result, display, error

        /// The info string of the role's fence.
        package var info: String {
            switch self {
            case .stdout: "text"
            case .error: "pytb {.error}"
            case .stderr, .result, .display: "text {.\(rawValue)}"
            }
        }
    }

    package struct ImageReference: Sendable, Equatable {
        package let alt: String
        /// Relative to the notebook's folder, or a `data:` URI when embedded.
        package let path: String

        package init(alt: String, path: String) {
            self.alt = alt
            self.path = path
        }
    }

    /// Assets the item refers to, relative to the notebook's folder.
    package var assetPath: String? {
        switch self {
        case .image(let image): image.path.hasPrefix("data:") ? nil : image.path
        case .table(let table): table.fullData
        case .elision(_, let log): log
        case .text, .markdown, .html, .unknown: nil
        }
    }
}
