/// `strip` and `fix` on files: the text changes are `DocumentImage.stripped` and `NotebookRepair`; here they are read and durably written.
package struct NotebookEdit {
    private let files: any FileSystem

    package init(files: any FileSystem) { self.files = files }

    package enum Failure: Error, Sendable, Equatable {
        case load(LoadedNotebook.Failure)
        case write(FileFailure)
        case busy(String)

        package var status: RunStatus {
            switch self {
            case .load(let failure): failure.status
            case .write, .busy: .inputOutput
            }
        }

        package var messages: [String] {
            switch self {
            case .load(let failure): failure.messages
            case .write(let failure): [failure.description]
            case .busy(let path): ["\(path): a run of this notebook is going on"]
            }
        }
    }

    /// Removes all outputs, the seal and the assets no prose refers to. Returns whether the file changed.
    package func strip(_ path: String) throws(Failure) -> Bool {
        let loaded = try load(path)
        return try locked(loaded.paths) { () throws(Failure) in
            let stripped = DocumentImage.stripped(loaded.notebook)
            let isChanged = stripped != loaded.notebook.text.bytes
            do throws(FileFailure) {
                if isChanged { try write(stripped, to: loaded.paths.file, loaded.status) }
                _ = try AssetStore(loaded.paths, files: files).removeUnreferenced(in: stripped)
            } catch {
                throw .write(error)
            }
            return isChanged
        }
    }

    /// Repairs the file in place as far as that is possible; the result says what is left to the user.
    package func fix(_ path: String) throws(Failure) -> NotebookRepair {
        let paths: NotebookPaths
        do throws(FileFailure) { paths = NotebookPaths(try files.resolve(path)) } catch { throw .load(.file(error)) }
        return try locked(paths) { () throws(Failure) in
            do throws(FileFailure) {
                guard let status = try files.status(paths.file) else { throw FileFailure("read it", path, code: SystemError.missing) }
                let bytes = try files.read(paths.file)
                let repair = NotebookRepair(bytes, file: path)
                if repair.bytes != bytes { try write(repair.bytes, to: paths.file, status) }
                return repair
            } catch {
                throw .write(error)
            }
        }
    }

    private func load(_ path: String) throws(Failure) -> LoadedNotebook {
        do throws(LoadedNotebook.Failure) { return try LoadedNotebook(path, files: files) } catch { throw .load(error) }
    }

    private func write(_ bytes: [UInt8], to path: String, _ status: FileStatus) throws(FileFailure) {
        guard !status.isReadOnly else { throw FileFailure("write it", path, code: SystemError.denied) }
        try files.replace(path, with: bytes, mode: status.mode)
    }

    private func locked<Result>(_ paths: NotebookPaths, _ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        let taken: OpenFile?
        do throws(FileFailure) { taken = try files.lock(paths.lock) } catch { throw .write(error) }
        guard let lock = taken else { throw .busy(paths.file) }
        defer {
            files.discard(paths.lock)
            files.close(lock)
        }
        return try body()
    }
}
