/// Writes the notebook, noticing when someone else has saved it since it was read.
package final class NotebookStore {
    package enum Outcome: Sendable, Equatable {
        case saved
        /// The file now holds these bytes of the user's.
        case changedMeanwhile([UInt8], FileStatus)
        case failed(FileFailure)
    }

    package let path: String
    private let files: any FileSystem
    private let mode: UInt32
    /// Nil while the target is not ours yet: an output file that the first save creates or replaces.
    private var known: FileStatus?
    private var knownBytes: [UInt8]
    /// What the file holds even after a loss of power.
    package private(set) var durableBytes: [UInt8]
    private let isInPlace: Bool

    /// `known` is the file as read, for a notebook written in place.
    package init(_ path: String, files: any FileSystem, mode: UInt32, known: FileStatus?, bytes: [UInt8]) {
        self.path = path
        self.files = files
        self.mode = mode
        self.known = known
        knownBytes = bytes
        durableBytes = bytes
        isInPlace = known != nil
    }

    package var savedBytes: [UInt8] { knownBytes }

    /// Whether the disk may still hold an older file, or none.
    package private(set) var isAhead = false

    /// - Parameter isDurable: whether the file is on the disk when this returns; if not, a crash of the machine can lose it, and `durableBytes` must be on the disk
    ///   elsewhere.
    package func save(_ bytes: [UInt8], isDurable: Bool) -> Outcome {
        do throws(FileFailure) {
            if let known {
                guard let now = try files.status(path) else { throw FileFailure("write it", path, code: SystemError.missing) }
                guard !now.isReadOnly else { throw FileFailure("write it", path, code: SystemError.denied) }
                if now != known {
                    let found = try files.read(path)
                    if found != knownBytes { return .changedMeanwhile(found, now) }
                }
            }
            try files.replace(path, with: bytes, mode: mode, isDurable ? .synced : .restorable)
            knownBytes = bytes
            if isDurable { durableBytes = bytes }
            isAhead = !isDurable
            known = try files.status(path)
            return .saved
        } catch {
            return .failed(error)
        }
    }

    /// Takes the user's version as the new base.
    package func accept(_ bytes: [UInt8], _ status: FileStatus) {
        knownBytes = bytes
        known = status
    }
}
