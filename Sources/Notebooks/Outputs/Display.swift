/// A value an evaluator shows, in every form the value offers; the notebook stores the richest one.
///
/// Order of preference: table, SVG, PNG, Markdown, HTML, text.
package struct Display: Sendable, Equatable {
    package enum Role: Sendable, Equatable {
        /// The value of the cell's last expression.
        case result
        /// Shown by a call such as `display(...)`.
        case display
    }

    package var role: Role
    package var text: String?
    package var table: Table?
    package var markdown: String?
    package var html: String?
    package var svg: String?
    package var png: [UInt8]?
    /// What an image shows, where the cell's `fig-alt` does not say it.
    package var alt: String?
    /// Names the display for later ones: an update takes the place of every display of its identity in the cell.
    package var identity: String?
    package var isUpdate = false

    package init(
        _ role: Role, text: String? = nil, table: Table? = nil, markdown: String? = nil, html: String? = nil, svg: String? = nil,
        png: [UInt8]? = nil, alt: String? = nil
    ) {
        self.role = role
        self.text = text
        self.table = table
        self.markdown = markdown
        self.html = html
        self.svg = svg
        self.png = png
        self.alt = alt
    }

    /// Bytes the value occupies, for the bounds of journal and memory.
    package var size: Int {
        [text, markdown, html, svg].reduce(0) { $0 + ($1?.utf8.count ?? 0) } + (png?.count ?? 0) + (table?.csv.utf8.count ?? 0)
    }
}

/// A file that a cell's outputs refer to, before it is put in place.
package struct PendingAsset: Sendable, Equatable {
    package enum Content: Sendable, Equatable {
        case bytes([UInt8])
        /// A finished temporary file to be moved.
        case file(String)
    }

    /// Relative to the notebook's folder.
    package let path: String
    package let content: Content

    package init(path: String, content: Content) {
        self.path = path
        self.content = content
    }
}

/// Chooses the stored form of a display and names its assets `<folder>/<cell name>-<k>.<extension>`.
package struct DisplayResolver: Sendable {
    package enum Resolved: Sendable, Equatable {
        case text(OutputItem.TextRole, String)
        case item(OutputItem)
    }

    private let cellName: String
    private let folder: String
    private let alt: String?
    private let embeds: Bool
    package private(set) var assets: [PendingAsset] = []

    /// With `embeds`, images become `data:` URIs and no asset is made.
    package init(cellName: String, folder: String, alt: String?, embeds: Bool) {
        self.cellName = cellName
        self.folder = folder
        self.alt = alt
        self.embeds = embeds
    }

    /// Forgets the assets made so far; the next ones get their names.
    package mutating func clear() { assets.removeAll() }

    private static let maximumHTML = 256 * 1024

    package mutating func resolve(_ display: Display) -> Resolved {
        if let table = display.table, !table.header.isEmpty { return .item(.table(store(table))) }
        if let svg = display.svg, let image = storeSVG(svg, display) { return .item(image) }
        if let png = display.png, png.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            return .item(store(png, mediaType: "image/png", extension: "png", display))
        }
        let role: OutputItem.TextRole = display.role == .result ? .result : .display
        if let markdown = display.markdown {
            if let item = RawOutput.markdown(markdown) { return .item(item.map { store($0) }) }
            return .text(role, display.text ?? markdown)
        }
        if let html = display.html, html.utf8.count <= Self.maximumHTML, let item = RawOutput.html(html) { return .item(item) }
        return .text(role, display.text ?? display.html ?? display.svg ?? "")
    }

    private mutating func store(_ given: Table) -> Table {
        let table = given.normalised
        guard table.rows.count > Table.maximumRows else { return table }
        var shown = table
        shown.rows = Array(table.rows.prefix(Table.maximumRows))
        shown.hiddenRows = table.hiddenRows + table.rows.count - Table.maximumRows
        if !embeds { shown.fullData = add(.bytes(Array(table.csv.utf8)), extension: "csv") }
        return shown
    }

    private mutating func storeSVG(_ svg: String, _ display: Display) -> OutputItem? {
        let text = svg.replacing("\r\n", with: "\n")
        let head = text.drop { $0.isWhitespace }
        guard head.hasPrefix("<svg") || head.hasPrefix("<?xml") || head.hasPrefix("<!DOCTYPE svg"), text.contains("<svg") else { return nil }
        return store(Array(text.utf8), mediaType: "image/svg+xml", extension: "svg", display)
    }

    private mutating func store(_ bytes: [UInt8], mediaType: String, extension suffix: String, _ display: Display) -> OutputItem {
        let description = alt ?? display.alt ?? ""
        let text = LineAssembler.lines(of: description).joined(separator: " ")
        if embeds { return .image(OutputItem.ImageReference(alt: text, path: "data:\(mediaType);base64," + Base64.encode(bytes))) }
        return .image(OutputItem.ImageReference(alt: text, path: add(.bytes(bytes), extension: suffix)))
    }

    private mutating func add(_ content: PendingAsset.Content, extension suffix: String) -> String {
        let path = "\(folder)/\(cellName)-\(assets.count + 1).\(suffix)"
        assets.append(PendingAsset(path: path, content: content))
        return path
    }
}

extension Table {
    /// Every cell as the lines a terminal would show, blanks around it cut.
    fileprivate var normalised: Table {
        func clean(_ cell: String) -> String { LineAssembler.lines(of: cell).joined(separator: "\n").trimmingBlanks() }
        return Table(header: header.map(clean), alignments: alignments, rows: rows.map { $0.map(clean) }, hiddenRows: hiddenRows, fullData: fullData)
    }
}

extension OutputItem {
    fileprivate func map(_ change: (Table) -> Table) -> OutputItem { if case .table(let table) = self { .table(change(table)) } else { self } }
}
