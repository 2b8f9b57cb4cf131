import Notebooks

/// Which of some files changed since the last look. Looks are a system call per file, cheap enough for ten a second, and work on every
/// file system and however an editor saves.
struct FileWatch {
    private var seen: [String: FileStatus?] = [:]
    private let files: PosixFileSystem

    /// Microseconds between two looks.
    static let interval: UInt32 = 100_000

    init(files: PosixFileSystem) { self.files = files }

    /// The files that are not as they were at the last look at them; a file seen for the first time is not among them.
    mutating func changes(in paths: some Sequence<String>) -> [String] {
        var changed: [String] = []
        for path in paths {
            // A file that cannot be looked at is as good as absent until it can.
            let status = (try? files.status(path)) ?? nil
            if let before = seen.updateValue(status, forKey: path), before != status { changed.append(path) }
        }
        return changed
    }
}
