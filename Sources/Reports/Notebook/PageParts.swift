/// A notebook's page in pieces.
package struct PageParts {
    package let title: String
    /// The head, then each cell and each run of prose between cells: whole elements, in order.
    package let segments: [String]
    /// The list of contents; empty for none.
    package let contents: String

    package init(title: String, segments: [String], contents: String) {
        self.title = title
        self.segments = segments
        self.contents = contents
    }
}

/// Gathers prose and cells into segments. A call-out that holds cells makes one segment with them.
struct PageSegments {
    private var segments: [String] = []
    private var current = ""
    private var openAsides = 0

    var isEmpty: Bool { segments.isEmpty && current.isEmpty }

    mutating func addProse(_ html: String) {
        if html.hasPrefix("<aside") || html.hasPrefix("</aside") {
            // A container's line is a block of its own and opens or closes one element.
            if html.hasPrefix("</aside") { openAsides -= 1 } else if !html.contains("</aside>") { openAsides += 1 }
        }
        current += html
    }

    mutating func addCell(_ html: String) {
        guard openAsides == 0 else { return current += html }
        flush()
        current = html
        flush()
    }

    /// All segments; a container that was never closed is closed here.
    mutating func finished() -> [String] {
        current += String(repeating: "</aside>\n", count: max(0, openAsides))
        flush()
        return segments
    }

    private mutating func flush() {
        if !current.isEmpty { segments.append(current) }
        current = ""
    }
}
