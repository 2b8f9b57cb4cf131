/// The file formats a notebook converts from and to.
package enum NotebookFormat: String, Sendable, Equatable, CaseIterable {
    case qnb, ipynb, py, qmd, livemd

    /// Told by the file name; `.qnb.md` and `.md` are notebooks.
    package init?(path: String) {
        let name = path.lowercased()
        if name.hasSuffix(".md") {
            self = .qnb
        } else if let dot = name.lastIndex(of: "."), let format = NotebookFormat(rawValue: String(name[name.index(after: dot)...])) {
            self = format
        } else {
            return nil
        }
    }
}

/// Something that did not survive a conversion, with the line of the input it stood on (0 when there is none).
package struct ConversionWarning: Sendable, Equatable {
    package let line: Int
    package let message: String

    package init(line: Int, _ message: String) {
        self.line = line
        self.message = message
    }
}

/// A converted text, the files to put beside it, and what was lost.
package struct ConversionResult: Sendable {
    package var text: [UInt8]
    /// Paths relative to the output's folder.
    package var assets: [PendingAsset]
    package var warnings: [ConversionWarning]

    package init(text: [UInt8], assets: [PendingAsset] = [], warnings: [ConversionWarning] = []) {
        self.text = text
        self.assets = assets
        self.warnings = warnings
    }
}

package struct ConversionOptions: Sendable, Equatable {
    /// Keeps outputs where the target format has no place of its own for them.
    package var keepsOutputs = false

    package init() {}
}

package enum ConversionFailure: Error, Sendable, Equatable, CustomStringConvertible {
    case unknownFormat(String)
    case notNeeded(NotebookFormat)
    case json(JSONParser.Failure)
    case notJupyter(String)
    case refused(NotebookRefusal)
    case file(FileFailure)

    package var description: String {
        switch self {
        case .unknownFormat(let path): "\(path): its name does not tell its format; known are .qnb, .ipynb, .py, .qmd and .livemd"
        case .notNeeded(let format): "both files are .\(format.rawValue): nothing to convert"
        case .json(let failure): "\(failure)"
        case .notJupyter(let reason): "not a Jupyter notebook: \(reason)"
        case .refused(let refusal): refusal.messages.joined(separator: "\n")
        case .file(let failure): failure.description
        }
    }
}

/// Converts by way of the notebook format: any input is first read into a notebook's text, any output is written from one. Nothing is executed.
package struct NotebookConverter {
    private let files: any FileSystem
    private let options: ConversionOptions

    package init(files: any FileSystem, options: ConversionOptions = ConversionOptions()) {
        self.files = files
        self.options = options
    }

    /// Converts a file into another, whose name tells the format. Assets go beside the output.
    package func convert(_ input: String, to output: String) throws(ConversionFailure) -> [ConversionWarning] {
        let result = try result(input, output: output)
        do throws(FileFailure) {
            if !result.assets.isEmpty { try AssetStore(NotebookPaths(output), files: files).store(result.assets, .ordered) }
            try files.replace(output, with: result.text, mode: 0o644)
        } catch {
            throw .file(error)
        }
        return result.warnings
    }

    /// The same without writing anything.
    package func result(_ input: String, output: String) throws(ConversionFailure) -> ConversionResult {
        guard let source = NotebookFormat(path: input) else { throw .unknownFormat(input) }
        guard let target = NotebookFormat(path: output) else { throw .unknownFormat(output) }
        guard source != target else { throw .notNeeded(source) }
        let bytes: [UInt8]
        do throws(FileFailure) { bytes = try files.read(input) } catch { throw .file(error) }
        var imported = try read(bytes, as: source, from: NotebookPaths(input), to: NotebookPaths(output), file: input)
        if target == .qnb { return imported }
        let notebook: Notebook
        do throws(NotebookRefusal) { notebook = try NotebookParser.parse(imported.text, file: input) } catch { throw .refused(error) }
        var result = write(notebook, as: target, pending: imported.assets, from: NotebookPaths(input), to: NotebookPaths(output))
        if target != .ipynb { result.assets = imported.assets + result.assets }
        imported.warnings += result.warnings
        result.warnings = imported.warnings
        return result
    }

    private func read(
        _ bytes: [UInt8], as format: NotebookFormat, from input: NotebookPaths, to output: NotebookPaths, file: String
    ) throws(ConversionFailure) -> ConversionResult {
        switch format {
        case .qnb: return ConversionResult(text: bytes)
        case .ipynb: return try JupyterImport.notebook(bytes, assetFolder: output.assetFolderName)
        case .py: return PercentScript.notebook(bytes)
        case .qmd: return QuartoDocument.notebook(bytes, file: file)
        case .livemd: return Livebook.notebook(bytes, file: file)
        }
    }

    private func write(
        _ notebook: Notebook, as format: NotebookFormat, pending: [PendingAsset], from input: NotebookPaths, to output: NotebookPaths
    ) -> ConversionResult {
        let isImported = input.assetFolderName != output.assetFolderName && !pending.isEmpty
        let document = ConvertedDocument(notebook, paths: isImported ? output : input) { path in
            if let asset = pending.first(where: { $0.path == path }), case .bytes(let bytes) = asset.content { return bytes }
            do throws(FileFailure) { return try files.read(input.resolve(path)) } catch { return nil }
        }
        switch format {
        case .qnb: return ConversionResult(text: notebook.text.bytes)
        case .ipynb: return JupyterExport.json(document)
        case .py: return PercentScript.script(document, withOutputs: options.keepsOutputs)
        case .qmd: return QuartoDocument.text(document, keepsOutputs: options.keepsOutputs)
        case .livemd: return Livebook.text(document)
        }
    }
}
