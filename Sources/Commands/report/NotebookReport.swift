import Library
import Notebooks
import Reports

/// Why a report was not made.
struct RenderFailure: Error {
    let status: RunStatus
    let message: String
}

/// The report of one notebook on disk.
struct NotebookReport {
    let html: String
    let title: String
    /// For the index: cells, and what is out of date.
    let summary: String
    let warnings: [String]

    static func make(_ path: String, trusts: Bool, files: PosixFileSystem) throws(RenderFailure) -> NotebookReport {
        let loaded: LoadedNotebook
        do throws(LoadedNotebook.Failure) {
            loaded = try LoadedNotebook(path, files: files)
        } catch {
            throw RenderFailure(status: error.status, message: error.messages.joined(separator: "\n"))
        }
        let staleness = loaded.staleness(files: files, epoch: Release.notebookEpoch)
        let images = NotebookImages(loaded.paths, files: files)
        var warnings: [String] = []
        var page = page(loaded, staleness, file: path, trusts: trusts, files: files, warnings: &warnings, image: images.dataURI)
        let html = page.html()
        let stale = staleness.reasons.filter { $0 != nil }.count
        let count = loaded.notebook.cells.count
        return NotebookReport(
            html: html, title: page.title,
            summary: "\(count) cell\(count == 1 ? "" : "s")" + (stale > 0 ? ", \(stale) out of date" : ""), warnings: warnings + page.warnings)
    }

    /// - Parameter warnings: gets what is wrong with the report's options.
    static func page(
        _ loaded: LoadedNotebook, _ staleness: Staleness, file: String, trusts: Bool, files: PosixFileSystem, warnings: inout [String],
        image: @escaping (String) -> String?
    ) -> NotebookPage {
        var options = ReportOptions(loaded.notebook.frontMatter, file: file, warnings: &warnings)
        options.trusts = trusts
        return NotebookPage(loaded, staleness: staleness, facts: facts(loaded, files), options: options, image: image)
    }

    static func write(_ html: String, to path: String, files: PosixFileSystem) throws(RenderFailure) {
        do throws(FileFailure) {
            try files.replace(path, with: Array(html.utf8), mode: 0o644, .ordered)
        } catch {
            // The temporary file the failure names is none of the user's business.
            throw RenderFailure(status: .inputOutput, message: FileFailure("write it", path, code: error.code).description)
        }
    }

    /// Provenance: what the seal and the record of the last run say. Without a record the page says less, never something else.
    private static func facts(_ loaded: LoadedNotebook, _ files: PosixFileSystem) -> NotebookPage.Facts {
        var facts = NotebookPage.Facts()
        facts.items.append(("source", String(Fingerprint.digest(loaded.notebook.text.bytes).prefix(12))))
        if let seal = loaded.notebook.seal {
            facts.items.append(("run", seal.chain))
            if let seed = seal.seed { facts.items.append(("seed", String(seed))) }
            do throws(NotebookRefusal) {
                for entry in try seal.parameters(in: loaded.notebook) { facts.items.append((entry.key, entry.value.text)) }
            } catch {
                facts.items.append(("parameters", "do not fit the front matter any more"))
            }
        }
        guard let record = record(loaded, files) else { return facts }
        if let engine = record["engine"]?.string { facts.items.append(("engine", engine)) }
        if let processors = record["processors"]?.int { facts.items.append(("processors", String(processors))) }
        if let started = record["started"]?.string { facts.items.append(("started", started)) }
        if case .number(let text)? = record["seconds"], let seconds = Double(text) {
            facts.items.append(("total time", NotebookPage.duration(seconds)))
        }
        for cell in record["cells"]?.array ?? [] {
            if let name = cell["name"]?.string, case .number(let text)? = cell["seconds"] { facts.seconds[name] = Double(text) }
        }
        return facts
    }

    private static func record(_ loaded: LoadedNotebook, _ files: PosixFileSystem) -> JSON? {
        // The record is a by-product of a run: a missing or damaged one costs the page its timings only.
        guard let bytes = try? files.read(loaded.paths.runRecord) else { return nil }
        return try? JSONParser.parse(bytes)
    }
}

/// The images that live beside a notebook, as data URIs: a page carries them, and loads nothing.
struct NotebookImages {
    private let folder: String
    private let root: String?
    private let files: PosixFileSystem

    private static let types = [
        "svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp",
    ]

    init(_ paths: NotebookPaths, files: PosixFileSystem) {
        folder = paths.folder
        self.files = files
        // Without its folder a notebook has no images.
        root = try? files.resolve(paths.openableFolder)
    }

    /// Nil for addresses elsewhere, which stay links, and for what a symbolic link would fetch from outside the folder.
    func dataURI(_ path: String) -> String? {
        guard let place = place(path), let root, let resolved = try? files.resolve(place), resolved.hasPrefix(root == "/" ? root : root + "/"),
            // A missing image shows itself on the page.
            let bytes = try? files.read(resolved)
        else { return nil }
        return Self.dataURI(bytes, path: path)
    }

    /// Where the image would lie; nil for a path that is no image beside the notebook.
    func place(_ path: String) -> String? {
        guard !path.contains(":"), !path.hasPrefix("/"), !path.split(separator: "/").contains(".."), Self.type(path) != nil else { return nil }
        return folder + path
    }

    static func dataURI(_ bytes: [UInt8], path: String) -> String? { type(path).map { "data:\($0);base64," + Base64.encode(bytes) } }

    private static func type(_ path: String) -> String? { types[path.split(separator: ".").last.map { $0.lowercased() } ?? ""] }
}
