import Markdown

/// Reads Jupyter notebooks of format 4.
///
/// Dropped: execution counts, time stamps, kernel and cell ids, output metadata, widgets. Images become assets, ANSI colours go, HTML is
/// replaced by the output's plain text or else sanitised. Outputs not written by us carry no `in`: they count as unverified until a run.
package struct JupyterImport {
    private let assetFolder: String
    private var composer: NotebookComposer
    private var assets: [PendingAsset] = []
    private var labels: Set<String> = []
    private var cellCount = 0
    private var attachmentCount = 0

    package static func notebook(_ bytes: [UInt8], assetFolder: String) throws(ConversionFailure) -> ConversionResult {
        let root: JSON
        do throws(JSONParser.Failure) { root = try JSONParser.parse(bytes) } catch { throw .json(error) }
        let cells = try self.cells(root)
        let own = root["metadata"]?["qnb"]
        var rest = cells[...]
        var frontMatter = own?["front_matter"]?.string
        if frontMatter == nil, let first = rest.first, let text = rawFrontMatter(first) {
            frontMatter = text
            rest = rest.dropFirst()
        }
        var reader = JupyterImport(assetFolder: assetFolder, composer: NotebookComposer(frontMatter: frontMatter))
        reader.checkLanguage(root["metadata"])
        for cell in rest { reader.add(cell) }
        var text = reader.composer.text
        if let seal = own?["seal"]?.string, case .seal? = try? Marker.parse(seal), !text.isEmpty { text += "\n" + seal + "\n" }
        let composed = Array(text.utf8)
        return ConversionResult(text: original(own, for: composed) ?? composed, assets: reader.assets, warnings: reader.composer.warnings)
    }

    private init(assetFolder: String, composer: NotebookComposer) {
        self.assetFolder = assetFolder
        self.composer = composer
    }

    /// Identifies a payload's text, so that outputs changed in Jupyter are noticed.
    package static func payloadDigest(_ lines: [String]) -> String {
        String(Fingerprint.digest(Array(lines.joined(separator: "\n").utf8)).prefix(12))
    }

    private static func cells(_ root: JSON) throws(ConversionFailure) -> [JSON] {
        guard root.members != nil else { throw .notJupyter("the file holds no JSON object") }
        guard let version = root["nbformat"]?.int else { throw .notJupyter("'nbformat' is missing") }
        guard version == 4 else { throw .notJupyter("format \(version) is not read; open and save it with Jupyter first") }
        guard let cells = root["cells"]?.array else { throw .notJupyter("'cells' is missing") }
        return cells
    }

    /// The text a notebook had before we exported it, if nobody has touched it since.
    private static func original(_ own: JSON?, for composed: [UInt8]) -> [UInt8]? {
        guard own?["imported_digest"]?.string == Fingerprint.digest(composed) else { return nil }
        if let text = own?["original_text"]?.string { return Array(text.utf8) }
        return own?["original_base64"]?.string.flatMap { Base64.decode($0) }
    }

    private static func rawFrontMatter(_ cell: JSON) -> String? {
        guard cell["cell_type"]?.string == "raw" else { return nil }
        let lines = text(cell["source"]).split(separator: "\n", omittingEmptySubsequences: false).map(String.init).droppingTrailingBlankLines()
        guard lines.count >= 3, lines.first == "---", lines.last == "---" else { return nil }
        return lines.dropFirst().dropLast().joined(separator: "\n")
    }

    private mutating func checkLanguage(_ metadata: JSON?) {
        let language = metadata?["kernelspec"]?["language"]?.string ?? metadata?["language_info"]?["name"]?.string ?? "python"
        if language.lowercased() != "python" {
            composer.warn(0, "the notebook's language is \(language); its cells are taken as python all the same")
        }
    }

    /// Jupyter's multi-line text: one string or a list of them.
    private static func text(_ json: JSON?) -> String {
        if let text = json?.string { return text }
        return json?.array?.compactMap(\.string).joined() ?? ""
    }

    private static func lines(_ text: String) -> [String] {
        let unified = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
        var lines = unified.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    private mutating func add(_ cell: JSON) {
        let source = Self.lines(Self.text(cell["source"]))
        switch cell["cell_type"]?.string {
        case "markdown": composer.addProse(withAttachments(cell, source), line: 0, isSeparate: true)
        case "code": addCode(cell, source)
        case "raw":
            composer.warn(0, "a raw cell became a code fence")
            composer.addProse(["~~~~~text"] + source + ["~~~~~"], line: 0, isSeparate: true)
        case let other: composer.warn(0, "a cell of the unknown type '\(other ?? "")' was dropped")
        }
    }

    private mutating func withAttachments(_ cell: JSON, _ source: [String]) -> [String] {
        var lines = source
        for attachment in cell["attachments"]?.members ?? [] {
            let types = ["image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/svg+xml": "svg"]
            guard let (type, data) = attachment.value.members?.first.map({ ($0.name, Self.text($0.value)) }), let suffix = types[type],
                let bytes = type == "image/svg+xml" ? Array(data.utf8) : Base64.decode(data)
            else {
                composer.warn(0, "attachment '\(attachment.name)' is no image and was dropped")
                continue
            }
            attachmentCount += 1
            let path = "\(assetFolder)/attachment-\(attachmentCount).\(suffix)"
            assets.append(PendingAsset(path: path, content: .bytes(bytes)))
            lines = lines.map { $0.replacing("attachment:" + attachment.name, with: LinkText.destination(path)) }
        }
        return lines
    }

    // MARK: Code cells

    private mutating func addCode(_ cell: JSON, _ rawSource: [String]) {
        cellCount += 1
        let own = cell["metadata"]?["qnb"]
        var source = rawSource
        if own == nil { source = Self.optionLines(cell["metadata"], source) + source }
        source = composer.checkedOptions(source, line: 0, labels: &labels)
        let name = Self.label(source) ?? "cell-\(cellCount)"
        let outputs = cell["outputs"]?.array ?? []
        let items = own != nil ? outputs.flatMap { ownItems($0, name: name) } : foreignItems(outputs, name: name)
        composer.addCell(source, block: items.isEmpty && own?["payload"] == nil ? [] : block(items, own), line: 0)
    }

    private static func label(_ source: [String]) -> String? {
        source.first { $0.hasPrefix("#| label:") }.map { String($0.dropFirst(9)).trimmingBlanks() }
    }

    /// Options for the tags of other tools.
    private static func optionLines(_ metadata: JSON?, _ source: [String]) -> [String] {
        var tags = metadata?["tags"]?.array?.compactMap(\.string) ?? []
        var lines: [String] = []
        for (tag, line) in [("skip-execution", "#| eval: false"), ("hide-input", "#| echo: false"), ("raises-exception", "#| error: true")]
        where tags.contains(tag) {
            tags.removeAll { $0 == tag }
            lines.append(line)
        }
        if !tags.isEmpty { lines.append("#| tags: " + JSON.array(tags.map { .string($0) }).compact().replacing("\",\"", with: "\", \"")) }
        let present = source.prefix { $0.hasPrefix("#|") }.map { $0.prefix { $0 != ":" } }
        return lines.filter { line in !present.contains(line.prefix { $0 != ":" }) }
    }

    private mutating func block(_ items: [OutputItem], _ own: JSON?) -> [String] {
        let payload = PayloadWriter.lines(items)
        var marker = OutMarker(hash: nil)
        marker.status = own?["status"]?.string.flatMap { CellStatus(rawValue: $0) } ?? .done
        var sum: String?
        if let own, own["payload"]?.string == Self.payloadDigest(payload) {
            marker.hash = own["in"]?.string
            marker.isStale = own["stale"] == .bool(true)
            marker.seconds = own["t"]?.string
            sum = own["sum"]?.string
        } else {
            if own == nil, items.contains(where: { if case .text(.error, _) = $0 { true } else { false } }) { marker.status = .error }
            let pending = assets
            sum = Fingerprint.sum(
                payload: payload,
                assets: items.compactMap(\.assetPath).map { path in
                    if case .bytes(let bytes)? = pending.first(where: { $0.path == path })?.content { return (path, bytes) }
                    return (path, [])
                })
        }
        let out = Marker.out(marker).text
        // Markers that do not read back (a file edited by hand) are written in their plainest form.
        let open = (try? Marker.parse(out)) == nil ? Marker.out(OutMarker(hash: nil)).text : out
        let end = Marker.end(sum: sum).text
        return [open] + payload + [(try? Marker.parse(end)) == nil ? Marker.end(sum: nil).text : end]
    }

    /// Outputs of our own exporter, item by item.
    private mutating func ownItems(_ output: JSON, name: String) -> [OutputItem] {
        let own = output["metadata"]?["qnb"]
        let data = output["data"]
        if let count = own?["elided"]?.int { return [.elision(lines: count, log: own?["log"]?.string)] }
        if own?["unknown"] == .bool(true) {
            return [.unknown(Self.text(data?["text/plain"]).split(separator: "\n", omittingEmptySubsequences: false).map(String.init))]
        }
        if let file = own?["file"]?.string, let image = ownImage(file, own?["alt"]?.string ?? "", data) { return [image] }
        if let html = data?["text/html"], data?["text/markdown"] == nil, let item = RawOutput.html(Self.text(html)) {
            // Sanitised once already: the stored lines are kept as they are if sanitising them again agrees.
            let lines = Self.text(html).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            return [
                lines.first == "<div>" && lines.last == "</div>"
                    && RawOutput.html(lines.dropFirst().dropLast().joined(separator: "\n")) == .html(lines) ? .html(lines) : item
            ]
        }
        var items = foreignItems([output], name: name)
        if case .table(var table)? = items.first {
            table.hiddenRows = own?["hidden_rows"]?.int ?? 0
            table.fullData = own?["full_data"]?.string
            items[0] = .table(table)
        }
        return items
    }

    private mutating func ownImage(_ file: String, _ alt: String, _ data: JSON?) -> OutputItem? {
        let isSVG = data?["image/svg+xml"] != nil
        let bytes = isSVG ? Array(Self.text(data?["image/svg+xml"]).utf8) : Base64.decode(Self.text(data?["image/png"]))
        guard let bytes, !bytes.isEmpty || isSVG else {
            // An image that was missing at export stays a reference.
            return file.hasPrefix(assetFolder + "/") ? .image(OutputItem.ImageReference(alt: alt, path: file)) : nil
        }
        if file == "data:" {
            return .image(OutputItem.ImageReference(alt: alt, path: "data:\(isSVG ? "image/svg+xml" : "image/png");base64," + Base64.encode(bytes)))
        }
        var name = String(file.split(separator: "/").last ?? "")
        if name.isEmpty || name.hasPrefix(".") || name.contains("\0") { name = "image-\(assets.count + 1).\(isSVG ? "svg" : "png")" }
        let path = "\(assetFolder)/\(name)"
        assets.append(PendingAsset(path: path, content: .bytes(bytes)))
        return .image(OutputItem.ImageReference(alt: alt, path: path))
    }

    private mutating func foreignItems(_ outputs: [JSON], name: String) -> [OutputItem] {
        var log: [UInt8] = []
        let collector = OutputCollector(limits: OutputLimits(), log: { log += $0 })
        var resolver = DisplayResolver(cellName: name, folder: assetFolder, alt: nil, embeds: false)
        for output in outputs {
            switch output["output_type"]?.string {
            case "stream": collector.write(Self.text(output["text"]), to: output["name"]?.string == "stderr" ? .stderr : .stdout)
            case "error":
                let traceback = output["traceback"]?.array?.compactMap(\.string).joined(separator: "\n") ?? ""
                let head = "\(output["ename"]?.string ?? "Error"): \(output["evalue"]?.string ?? "")"
                collector.addText(.error, traceback.isEmpty ? head : traceback)
            case "execute_result", "display_data":
                if let display = display(output) { collector.add(resolver.resolve(display)) }
            case let other: composer.warn(0, "cell '\(name)': an output of the unknown type '\(other ?? "")' was dropped")
            }
        }
        collector.finish()
        assets += resolver.assets
        let logPath = log.isEmpty ? nil : "\(assetFolder)/\(name).log"
        if let logPath { assets.append(PendingAsset(path: logPath, content: .bytes(log))) }
        return collector.items(logPath: logPath)
    }

    private mutating func display(_ output: JSON) -> Display? {
        guard let data = output["data"]?.members else { return nil }
        func value(_ type: String) -> String? { data.first { $0.name == type }.map { Self.text($0.value) } }
        var display = Display(output["output_type"]?.string == "execute_result" ? .result : .display, text: value("text/plain"))
        display.svg = value("image/svg+xml")
        display.png = value("image/png").flatMap { Base64.decode($0) }
        display.alt = display.svg != nil || display.png != nil ? display.text.map(Self.alt) : nil
        display.markdown = value("text/markdown") ?? value("text/latex")
        if display.text == nil { display.html = value("text/html") }
        let isKnown = display.text != nil || display.svg != nil || display.png != nil || display.markdown != nil || display.html != nil
        if !isKnown {
            composer.warn(0, "an output of type \(data.map(\.name).joined(separator: ", ")) was dropped")
            return nil
        }
        return display
    }

    /// `<Figure size 640x480 with 1 Axes>` describes nothing; its class name is all that helps.
    private static func alt(_ text: String) -> String { text.hasPrefix("<") ? String(text.dropFirst().prefix { $0.isLetter }) : text }
}
