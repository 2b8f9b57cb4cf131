import Notebooks

/// What a notebook's front matter says about its report, under `report:`.
package struct ReportOptions: Sendable, Equatable {
    package var title: String?
    package var author: String?
    package var hasContents = true
    package var foldsCode = false
    package var hidesCode = false
    /// Nil follows the reader's system.
    package var theme: Theme?
    /// Raw HTML of the notebook passes unchanged.
    package var trusts = false

    package enum Theme: String, Sendable { case light, dark }

    package init() {}

    /// Reads `title`, `author`, `toc`, `fold`, `hide-code`, `theme`; an unknown key is a warning with its place.
    package init(_ frontMatter: FrontMatter, file: String, warnings: inout [String]) {
        guard let report = frontMatter.report else { return }
        for entry in report.entries {
            switch (entry.key, entry.node.value) {
            case ("title", let value): title = value.text
            case ("author", let value): author = value.text
            case ("toc", .bool(let value)): hasContents = value
            case ("fold", .bool(let value)): foldsCode = value
            case ("hide-code", .bool(let value)): hidesCode = value
            case ("theme", .string("light")): theme = .light
            case ("theme", .string("dark")): theme = .dark
            case ("theme", .string("auto")): theme = nil
            case ("theme", _): warnings.append("\(file):\(entry.line):\(entry.column): 'theme' is auto, light or dark")
            case ("toc", _), ("fold", _), ("hide-code", _): warnings.append("\(file):\(entry.line):\(entry.column): '\(entry.key)' is true or false")
            default:
                warnings.append(
                    "\(file):\(entry.line):\(entry.column): unknown key '\(entry.key)' under 'report'; known: author, fold, hide-code, theme, title, toc"
                )
            }
        }
    }
}
