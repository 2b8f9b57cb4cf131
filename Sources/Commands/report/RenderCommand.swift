import ArgumentParser
import Library
import Notebooks
import Reports

#if canImport(Glibc)
    import Glibc
#endif

/// `qnb render FILE…`
struct RenderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render",
        abstract: "Make self-contained HTML reports from notebooks and their stored outputs; executes nothing.",
        discussion: """
            The report of digits.qnb is digits.html beside it. A folder becomes a folder of reports with an index page.
            Outputs that no longer match their source are marked; HTML in the notebook is reduced to an allow-list.

            EXAMPLE
              qnb render digits.qnb
              qnb render notebooks -o build/site
            """)

    @Option(name: [.customShort("o"), .customLong("output")], help: ArgumentHelp("The report, or for several notebooks the folder for them.", valueName: "path"))
    var output: String?

    @Flag(help: "Keep the notebook's own HTML as it is.")
    var trust = false

    @Argument(help: ArgumentHelp("Notebooks, or folders of them.", valueName: "file"))
    var files: [String]

    func run() throws {
        let store = PosixFileSystem()
        var status = RunStatus.done
        var pages: [(title: String, target: String, summary: String)] = []
        var jobs: [(source: String, name: String)] = []
        let isFolder = files.count == 1 && Self.isFolder(files[0])
        for path in files {
            guard Self.isFolder(path) else {
                jobs.append((path, NotebookPaths(path).fileName))
                continue
            }
            do {
                for name in try store.list(path) where CommandLineOrder.isNotebook(name) { jobs.append((path + "/" + name, name)) }
            } catch {
                throw mistake("\(path): \(error)")
            }
        }
        if jobs.isEmpty { throw mistake("\(files.joined(separator: ", ")): no notebook to render") }
        let folder = isFolder || jobs.count > 1 ? output ?? (isFolder ? files[0] : nil) : nil
        if let folder {
            do { try store.makeFolder(folder) } catch { throw mistake("\(folder): \(error)") }
        }
        for job in jobs {
            let name = NotebookPaths(job.source).name + ".html"
            let target = folder.map { $0 + "/" + name } ?? output ?? NotebookPaths(job.source).folder + name
            do throws(RenderFailure) {
                let report = try NotebookReport.make(job.source, trusts: trust, files: store)
                try NotebookReport.write(report.html, to: target, files: store)
                say(report.warnings)
                pages.append((report.title, name, report.summary))
            } catch {
                say([error.message])
                if error.status.rawValue > status.rawValue { status = error.status }
            }
        }
        if isFolder, let folder, !pages.isEmpty {
            do throws(RenderFailure) {
                try NotebookReport.write(IndexPage(title: NotebookPaths(files[0]).fileName, entries: pages).html(digest: PageDigest.base64), to: folder + "/index.html", files: store)
            } catch {
                say([error.message])
                status = error.status
            }
        }
        throw ExitCode(status.rawValue)
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}

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
        var warnings: [String] = []
        var options = ReportOptions(loaded.notebook.frontMatter, file: path, warnings: &warnings)
        options.trusts = trusts
        let folder = loaded.paths.folder
        var page = NotebookPage(
            loaded, staleness: staleness, facts: facts(loaded, files), options: options, digest: PageDigest.base64, image: { image($0, folder: folder, files) })
        let html = page.html()
        let stale = staleness.reasons.filter { $0 != nil }.count
        let count = loaded.notebook.cells.count
        return NotebookReport(
            html: html, title: options.title ?? loaded.notebook.frontMatter.title ?? loaded.paths.name,
            summary: "\(count) cell\(count == 1 ? "" : "s")" + (stale > 0 ? ", \(stale) out of date" : ""), warnings: warnings + page.warnings)
    }

    static func write(_ html: String, to path: String, files: PosixFileSystem) throws(RenderFailure) {
        do throws(FileFailure) {
            try files.replace(path, with: Array(html.utf8), mode: 0o644, isDurable: false)
        } catch {
            throw RenderFailure(status: .inputOutput, message: error.description)
        }
    }

    /// Provenance: what the seal and the record of the last run say. Without a record the page says less, never something else.
    private static func facts(_ loaded: LoadedNotebook, _ files: PosixFileSystem) -> NotebookPage.Facts {
        var facts = NotebookPage.Facts()
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
        if case .number(let text)? = record["seconds"], let seconds = Double(text) { facts.items.append(("total time", NotebookPage.duration(seconds))) }
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

    private static let types = ["svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"]

    /// A local image as a data URI; addresses elsewhere stay links, the page loads nothing.
    private static func image(_ path: String, folder: String, _ files: PosixFileSystem) -> String? {
        guard !path.contains(":"), !path.hasPrefix("/"), !path.split(separator: "/").contains(".."),
            let type = types[path.split(separator: ".").last.map { $0.lowercased() } ?? ""],
            // A missing image shows itself on the page.
            let bytes = try? files.read(folder + path)
        else { return nil }
        return "data:\(type);base64," + Base64.encode(bytes)
    }
}

enum PageDigest {
    /// Base 64 of the SHA-256 of a text.
    static func base64(_ text: String) -> String {
        var hasher = TextHasher()
        hasher.add(text)
        let hex = Array(hasher.hex(digits: 64).utf8)
        let bytes = stride(from: 0, to: hex.count, by: 2).compactMap { UInt8(String(decoding: hex[$0..<$0 + 2], as: UTF8.self), radix: 16) }
        return Base64.encode(bytes)
    }
}
