import Markdown

/// Writes a notebook as Jupyter's format 4.5.
///
/// Every output keeps its type; images are inlined; `in`, `sum` and status travel as `metadata.qnb`, so that importing the result gives the
/// notebook back. Where that would not be byte for byte the same (unusual blank lines or fences, CRLF), the original text travels along too.
package struct JupyterExport {
    private let document: ConvertedDocument
    private var warnings: [ConversionWarning] = []
    private var usedIDs: Set<String> = []
    private let paths: NotebookPaths

    package static func json(_ document: ConvertedDocument) -> ConversionResult {
        var export = JupyterExport(document: document, paths: NotebookPaths(document.notebook.file))
        let cells = export.cells()
        let plain = export.bytes(cells, original: nil)
        // Text of our own making reads back; what cannot be read back needs the original.
        let returned = try? JupyterImport.notebook(plain, assetFolder: export.paths.assetFolderName)
        let original = document.notebook.text.bytes
        if let returned, returned.text == original { return ConversionResult(text: plain, warnings: export.warnings) }
        let digest = Fingerprint.digest(returned?.text ?? [])
        return ConversionResult(text: export.bytes(cells, original: (original, digest)), warnings: export.warnings)
    }

    private init(document: ConvertedDocument, paths: NotebookPaths) {
        self.document = document
        self.paths = paths
        for case .cell(let cell, _) in document.parts { if let label = cell.label { usedIDs.insert(label) } }
    }

    private func bytes(_ cells: [JSON], original: (text: [UInt8], digest: String)?) -> [UInt8] {
        var own: [JSON.Member] = []
        if let text = document.frontMatterText { own.append(JSON.Member("front_matter", .string(text))) }
        if let seal = document.notebook.seal { own.append(JSON.Member("seal", .string(Marker.seal(seal).text))) }
        if let original {
            own.append(JSON.Member("imported_digest", .string(original.digest)))
            if let text = String(validating: original.text, as: UTF8.self) {
                own.append(JSON.Member("original_text", .string(text)))
            } else {
                own.append(JSON.Member("original_base64", .string(Base64.encode(original.text))))
            }
        }
        let kernel: [JSON.Member] = [
            JSON.Member("display_name", .string("Python 3")), JSON.Member("language", .string("python")), JSON.Member("name", .string("python3")),
        ]
        let metadata: [JSON.Member] = [
            JSON.Member("kernelspec", .object(kernel)), JSON.Member("language_info", .object([JSON.Member("name", .string("python"))])),
            JSON.Member("qnb", .object(own)),
        ]
        let root = JSON.object([
            JSON.Member("cells", .array(cells)), JSON.Member("metadata", .object(metadata)), JSON.Member("nbformat", .int(4)),
            JSON.Member("nbformat_minor", .int(5)),
        ])
        return Array((root.pretty(sortsKeys: true) + "\n").utf8)
    }

    private mutating func cells() -> [JSON] {
        var proseCount = 0
        return document.parts.map { part in
            switch part {
            case .prose(let lines, _):
                proseCount += 1
                return .object([
                    JSON.Member("cell_type", .string("markdown")), JSON.Member("id", .string(unusedID("text-\(proseCount)"))),
                    JSON.Member("metadata", .object([])), JSON.Member("source", Self.lines(lines)),
                ])
            case .cell(let cell, let items): return code(cell, items)
            }
        }
    }

    private mutating func unusedID(_ wanted: String) -> String {
        var id = wanted
        while !usedIDs.insert(id).inserted { id += "x" }
        return id
    }

    private mutating func code(_ cell: Cell, _ items: [OutputItem]) -> JSON {
        let label = cell.label.flatMap { $0.count <= 64 ? $0 : nil }
        var metadata: [JSON.Member] = []
        let tags = Self.tags(cell.options)
        if !tags.isEmpty { metadata.append(JSON.Member("tags", .array(tags.map { .string($0) }))) }
        if let block = cell.block { metadata.append(JSON.Member("qnb", blockMetadata(block))) }
        let outputs = items.enumerated().map { index, item in output(item, isLast: index == items.count - 1, line: cell.block?.lines.lowerBound ?? 0)
        }
        return .object([
            JSON.Member("cell_type", .string("code")), JSON.Member("execution_count", .null),
            JSON.Member("id", .string(label ?? unusedID(cell.name))),
            JSON.Member("metadata", .object(metadata)), JSON.Member("outputs", .array(outputs)),
            JSON.Member(
                "source", Self.lines(cell.source.isEmpty ? [] : cell.source.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
            ),
        ])
    }

    /// The tags other Jupyter tools know for our options.
    private static func tags(_ options: CellOptions) -> [String] {
        var tags = options.tags
        if options[.echo] == .bool(false) { tags.append("hide-input") }
        if !options.raises.isEmpty || options.allowsError { tags.append("raises-exception") }
        if !options.isEvaluated { tags.append("skip-execution") }
        return tags
    }

    private func blockMetadata(_ block: OutputBlock) -> JSON {
        let payload = block.payloadLines.map { document.notebook.text.text($0) }
        var members: [JSON.Member] = [JSON.Member("payload", .string(JupyterImport.payloadDigest(payload)))]
        if let hash = block.marker.hash { members.append(JSON.Member("in", .string(hash))) }
        if let sum = block.sum { members.append(JSON.Member("sum", .string(sum))) }
        if block.marker.status != .done { members.append(JSON.Member("status", .string(block.marker.status.rawValue))) }
        if block.marker.isStale { members.append(JSON.Member("stale", .bool(true))) }
        if let seconds = block.marker.seconds { members.append(JSON.Member("t", .string(seconds))) }
        return .object(members)
    }

    // MARK: Outputs

    private mutating func output(_ item: OutputItem, isLast: Bool, line: Int) -> JSON {
        switch item {
        case .text(.stdout, let lines), .text(.stderr, let lines):
            let name = if case .text(.stderr, _) = item { "stderr" } else { "stdout" }
            return .object([
                JSON.Member("name", .string(name)), JSON.Member("output_type", .string("stream")),
                JSON.Member("text", Self.lines(lines, isTerminated: true)),
            ])
        case .text(.error, let lines): return Self.error(lines)
        case .text(.result, let lines): return Self.bundle([JSON.Member("text/plain", Self.lines(lines))], isResult: true)
        case .text(.display, let lines): return Self.bundle([JSON.Member("text/plain", Self.lines(lines))])
        case .unknown(let lines): return Self.bundle([JSON.Member("text/plain", Self.lines(lines))], own: [JSON.Member("unknown", .bool(true))])
        case .markdown(let lines):
            return Self.bundle([JSON.Member("text/markdown", Self.lines(lines)), JSON.Member("text/plain", Self.lines(lines))], isResult: isLast)
        case .html(let lines): return Self.bundle([JSON.Member("text/html", Self.lines(lines))])
        case .table(let table): return Self.table(table, isResult: isLast)
        case .image(let image): return self.image(image, line: line)
        case .elision(let count, let log):
            let own = [JSON.Member("elided", .int(count))] + (log.map { [JSON.Member("log", .string($0))] } ?? [])
            return Self.bundle([JSON.Member("text/plain", Self.lines(["… \(PayloadWriter.grouped(count)) lines"]))], own: own)
        }
    }

    private static func bundle(_ data: [JSON.Member], own: [JSON.Member] = [], isResult: Bool = false) -> JSON {
        let metadata: JSON = .object(own.isEmpty ? [] : [JSON.Member("qnb", .object(own))])
        var members = [JSON.Member("data", .object(data)), JSON.Member("metadata", metadata)]
        if isResult { members.append(JSON.Member("execution_count", .null)) }
        members.append(JSON.Member("output_type", .string(isResult ? "execute_result" : "display_data")))
        return .object(members)
    }

    private static func table(_ table: Table, isResult: Bool) -> JSON {
        let markdown = table.markdownLines
        var own: [JSON.Member] = []
        if table.hiddenRows > 0 { own.append(JSON.Member("hidden_rows", .int(table.hiddenRows))) }
        if let path = table.fullData { own.append(JSON.Member("full_data", .string(path))) }
        let data = [
            JSON.Member("text/html", lines(html(table))), JSON.Member("text/markdown", lines(markdown)), JSON.Member("text/plain", lines(markdown)),
        ]
        return bundle(data, own: own, isResult: isResult)
    }

    private static func html(_ table: Table) -> [String] {
        func row(_ cells: [String], _ tag: String) -> String {
            let styles = table.alignments.map { $0 == .right ? " align=\"right\"" : $0 == .center ? " align=\"center\"" : "" }
            return "<tr>" + zip(cells, styles).map { "<\(tag)\($1)>\(escape($0))</\(tag)>" }.joined() + "</tr>"
        }
        return ["<table>", "<thead>", row(table.header, "th"), "</thead>", "<tbody>"] + table.rows.map { row($0, "td") } + ["</tbody>", "</table>"]
    }

    private static func escape(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing("\n", with: "<br>")
    }

    private mutating func image(_ image: OutputItem.ImageReference, line: Int) -> JSON {
        let own = [JSON.Member("file", .string(image.path.hasPrefix("data:") ? "data:" : image.path)), JSON.Member("alt", .string(image.alt))]
        guard let bytes = document.bytes(of: image) else {
            warnings.append(ConversionWarning(line: line, "asset '\(image.path)' is missing; its text stands in for it"))
            return Self.bundle([JSON.Member("text/plain", Self.lines([image.alt]))], own: own)
        }
        let isSVG = image.path.hasSuffix(".svg") || image.path.hasPrefix("data:image/svg+xml")
        let data =
            isSVG
            ? JSON.Member(
                "image/svg+xml",
                Self.text(String(decoding: bytes, as: UTF8.self)))
            : JSON.Member("image/png", .string(Base64.encode(bytes)))
        return Self.bundle([data] + (image.alt.isEmpty ? [] : [JSON.Member("text/plain", Self.lines([image.alt]))]), own: own)
    }

    /// A text cut behind its line ends.
    private static func text(_ text: String) -> JSON {
        let parts = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        return parts.last == "" && parts.count > 1 ? lines(parts.dropLast(), isTerminated: true) : lines(parts)
    }

    /// Name and message are read from the traceback's first line, `place: Type: message`, or its last, as CPython writes it.
    private static func error(_ lines: [String]) -> JSON {
        let head = lines.first.flatMap { nameAndMessage($0, mayBeAlone: false) } ?? lines.last.flatMap { nameAndMessage($0, mayBeAlone: true) }
        return .object([
            JSON.Member("ename", .string(head?.name ?? "Error")), JSON.Member("evalue", .string(head?.message ?? lines.first ?? "")),
            JSON.Member("output_type", .string("error")), JSON.Member("traceback", .array(lines.map { .string($0) })),
        ])
    }

    /// An exception without a message is its name alone: after its place, or on the last line of a traceback (the first, `Traceback`,
    /// names none).
    private static func nameAndMessage(_ line: String, mayBeAlone: Bool) -> (name: String, message: String)? {
        let parts = line.split(separator: ": ", omittingEmptySubsequences: false)
        for (index, part) in parts.dropLast().enumerated()
        where FrontMatter.isName(String(part).replacing(".", with: "_")) && part.first?.isUppercase == true {
            return (String(part), parts[(index + 1)...].joined(separator: ": "))
        }
        guard mayBeAlone || parts.count > 1, let last = parts.last, FrontMatter.isName(String(last).replacing(".", with: "_")),
            last.first?.isUppercase == true
        else { return nil }
        return (String(last), "")
    }

    /// A multi-line text as Jupyter stores it: one string per line, line ends kept.
    private static func lines(_ lines: [String], isTerminated: Bool = false) -> JSON {
        .array(lines.enumerated().map { index, line in .string(index < lines.count - 1 || isTerminated ? line + "\n" : line) })
    }
}
