/// Why a file operation failed: the operation, the path and the system's error number.
package struct FileFailure: Error, Sendable, Equatable, CustomStringConvertible {
    package let operation: String
    package let path: String
    package let code: Int32

    package init(_ operation: String, _ path: String, code: Int32) {
        self.operation = operation
        self.path = path
        self.code = code
    }

    package var description: String { "\(path): cannot \(operation): \(SystemError.text(code))" }
}

/// What tells whether a file is still the one that was read.
package struct FileStatus: Sendable, Equatable {
    package let device: UInt64
    package let inode: UInt64
    package let size: Int
    package let modified: Int
    package let modifiedNanoseconds: Int
    package let mode: UInt32
    package let isFolder: Bool

    package init(device: UInt64, inode: UInt64, size: Int, modified: Int, modifiedNanoseconds: Int, mode: UInt32, isFolder: Bool) {
        self.device = device
        self.inode = inode
        self.size = size
        self.modified = modified
        self.modifiedNanoseconds = modifiedNanoseconds
        self.mode = mode
        self.isFolder = isFolder
    }

    /// A file whose permissions deny writing to everyone is read-only, also for the superuser.
    package var isReadOnly: Bool { mode & 0o222 == 0 }
}

/// An open file; only the file system that opened it knows what the number means.
package struct OpenFile: Sendable, Equatable {
    package let descriptor: Int32
    package let path: String

    package init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }
}

/// The operations notebooks need, one system call's meaning each, so that a test can let any of them fail.
package protocol FileSystem: Sendable {
    /// Nil when nothing is there. Follows symbolic links.
    func status(_ path: String) throws(FileFailure) -> FileStatus?
    /// The path with symbolic links resolved; the file must exist.
    func resolve(_ path: String) throws(FileFailure) -> String
    func read(_ path: String) throws(FileFailure) -> [UInt8]
    /// Names in a folder, sorted.
    func list(_ folder: String) throws(FileFailure) -> [String]
    /// Creates or empties a file for writing.
    func create(_ path: String, mode: UInt32) throws(FileFailure) -> OpenFile
    func write(_ bytes: [UInt8], to file: OpenFile) throws(FileFailure)
    /// Cuts a file to no bytes; writing goes on at its start.
    func truncate(_ file: OpenFile) throws(FileFailure)
    func synchronize(_ file: OpenFile) throws(FileFailure)
    func close(_ file: OpenFile)
    func rename(_ path: String, to target: String) throws(FileFailure)
    /// Swaps the files of two names at one instant; false where one is missing or the file system cannot.
    func exchange(_ path: String, with other: String) throws(FileFailure) -> Bool
    func synchronizeFolder(_ path: String) throws(FileFailure)
    func remove(_ path: String) throws(FileFailure)
    func removeFolder(_ path: String) throws(FileFailure)
    /// Succeeds when the folder is there already.
    func makeFolder(_ path: String) throws(FileFailure)
    /// Opens and locks a file against other processes; nil when another one holds it.
    func lock(_ path: String) throws(FileFailure) -> OpenFile?
}

/// What a loss of power may do to a file that has been replaced.
package enum Durability: Sendable {
    /// Nothing: it is on the disk when the call returns.
    case synced
    /// The old file may be back. (File systems write the content before the name when a file is renamed over another.)
    case ordered
    /// The file may be empty: something that is on the disk already can restore it. Costs a fifth of the second.
    case restorable
}

extension FileSystem {
    /// Puts bytes at a path so that at every instant the path holds either the old or the new file, whole.
    ///
    /// Writes a temporary file beside it, syncs, renames, syncs the folder. A failure leaves the old file and no temporary one.
    package func replace(_ path: String, with bytes: [UInt8], mode: UInt32, _ durability: Durability = .synced) throws(FileFailure) {
        let temporary = temporaryPath(for: path)
        let file = try create(temporary, mode: mode)
        do throws(FileFailure) {
            try write(bytes, to: file)
            if durability == .synced { try synchronize(file) }
        } catch {
            close(file)
            discard(temporary)
            throw error
        }
        close(file)
        do throws(FileFailure) {
            // A file renamed over another is written out at once; one that is swapped with another is not.
            let isSwapped = durability == .restorable ? try exchange(temporary, with: path) : false
            if isSwapped {
                discard(temporary)
            } else {
                try rename(temporary, to: path)
            }
        } catch {
            discard(temporary)
            throw error
        }
        if durability == .synced { try synchronizeFolder(folder(of: path)) }
    }

    /// Removes a file whose absence is all that matters: a failure here hides no data, the next run removes it again.
    package func discard(_ path: String) {
        do throws(FileFailure) {
            try remove(path)
        } catch {
            return
        }
    }

    /// `.NAME.qnb-tmp` in the same folder: hidden, and recognisable when a kill leaves it behind.
    package func temporaryPath(for path: String) -> String {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        return folder + "." + path.dropFirst(folder.count) + ".qnb-tmp"
    }

    package func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
