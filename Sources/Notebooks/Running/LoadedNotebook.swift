/// A notebook read from disk with what every command needs to know about it.
package struct LoadedNotebook: Sendable {
    package let notebook: Notebook
    package let paths: NotebookPaths
    /// The file as it was when read.
    package let status: FileStatus
    /// Present hashes of the cells.
    package let hashes: [String]
    package let missingDependencies: [String]

    package enum Failure: Error, Sendable, Equatable {
        case file(FileFailure)
        case refused(NotebookRefusal)

        package var status: RunStatus {
            switch self {
            case .file: .unusable
            case .refused(let refusal): refusal.isDamage ? .edited : .unusable
            }
        }

        package var messages: [String] {
            switch self {
            case .file(let failure): [failure.description]
            case .refused(let refusal): refusal.messages
            }
        }
    }

    /// Reads and parses. Damage is thrown; content problems stay in `notebook.contentProblems`.
    package init(_ path: String, files: any FileSystem) throws(Failure) {
        do {
            let resolved = try files.resolve(path)
            guard let status = try files.status(resolved) else { throw FileFailure("read it", path, code: SystemError.missing) }
            let bytes = try files.read(resolved)
            try self.init(bytes: bytes, status: status, paths: NotebookPaths(resolved), name: path, files: files)
        } catch let failure as FileFailure {
            throw .file(failure)
        } catch let refusal as NotebookRefusal {
            throw .refused(refusal)
        } catch {
            preconditionFailure("reading a notebook fails only in the two ways above: \(error)")
        }
    }

    package init(bytes: [UInt8], status: FileStatus, paths: NotebookPaths, name: String, files: any FileSystem) throws(NotebookRefusal) {
        notebook = try NotebookParser.parse(bytes, file: name)
        self.paths = paths
        self.status = status
        let digests = DependencyDigests(files: files, paths: paths)
        hashes = notebook.cells.map { Fingerprint.cell($0, dependency: digests.digest) }
        missingDependencies = digests.missing.sorted()
    }

    package func staleness(files: any FileSystem, epoch: Int) -> Staleness {
        Staleness(notebook, hashes: hashes, paths: paths, files: files, epoch: epoch)
    }
}
